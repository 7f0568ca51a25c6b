// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Batches: documents in, the same documents out; the same bytes twice are one document.

use std::sync::{Arc, Mutex};

use underpin_ledger::{Announced, Announcer, Batch, Committed, DocumentKey, EvidenceState, NewSegment};
use underpin_model::{DocumentId, DocumentRecord, DocumentState, Timestamp};

use crate::fixture::{batch, binding, code, document, hash, located, on_both, put_agency, put_system};

on_both! {
    async fn documents_come_back_as_they_were_given(store) {
        let first = store.reserve(2).await;
        let full = DocumentRecord {
            companions: vec![("go.sum".to_owned(), hash(91)), ("a-role".to_owned(), hash(90))],
            container: Some(hash(92)),
            path: "estate.zip!a\u{FFFD}b/bom.json".to_owned(),
            state: DocumentState::Quarantined,
            reason: "unreadable: truncated".to_owned(),
            created: None,
            types: vec![],
            uploader: Some("a".into()),
            ..document(first, 1, 100)
        };
        let plain = document(first + 1, 2, 101);
        let mut given = full.clone();
        given.path = "estate.zip!a\0b/bom.json".to_owned();
        let segment = NewSegment { table: "occurrence".to_owned(), path: "segments/1".to_owned(), rows: 5, bytes: 6,
            schema_version: 1, order: "package".to_owned() };
        let batch = Batch { registry: vec![put_agency("a", None), put_system("s", "a")], segments: vec![segment],
            ..batch(vec![given, plain.clone()], vec![binding(first + 1, "s", 100)]) };
        let committed = store.writer().commit_batch(Timestamp(105), batch.clone()).await.expect("a valid batch");
        let accepted = vec![DocumentId(first), DocumentId(first + 1)];
        assert_eq!(committed, Committed { revision: 1, accepted, conflicts: vec![] });
        let snapshot = store.reader().snapshot(Timestamp(105)).await.expect("a snapshot");
        assert_eq!(snapshot.documents, [full.clone(), plain.clone()]);
        assert_eq!(snapshot.bindings, [binding(first + 1, "s", 100)]);
        assert_eq!(snapshot.segments.len(), 1);
        assert_eq!(snapshot.segments[0].live_from, 1);
        let learned = store.reader().snapshot(Timestamp(100)).await.expect("a snapshot");
        assert_eq!(learned.documents, std::slice::from_ref(&full), "the other was learned later");
        let location = store.reader().evidence_location(hash(91)).await.expect("an answer");
        assert_eq!(location, Some(located(hash(91), "packs/one")));
        let known = store.writer().known_documents().await.expect("keys");
        assert_eq!(known.get(&DocumentKey::of_document(&full)), Some(&DocumentId(first)));
        assert_eq!(known.get(&DocumentKey::of(&hash(2), &[])), Some(&DocumentId(first + 1)));
        let known = store.writer().known_evidence().await.expect("keys");
        assert_eq!(known.len(), 4);
        assert_eq!(known.get(&hash(90)), Some(&EvidenceState::Stored));
    }

    async fn numbers_are_given_by_the_newest_dictionary_or_not_at_all(store) {
        let first = store.reserve(3).await;
        let dictionary = |path: &str| NewSegment { table: "package_version".to_owned(), ..crate::segments::segment(path) };
        let of = |id: i64, path: &str, newest: Option<i64>| Batch {
            segments: vec![dictionary(path)],
            dictionary: newest,
            ..batch(vec![document(id, id.unsigned_abs(), 100)], vec![])
        };
        let writer = store.writer();
        let newest = async || {
            let found = store.reader().dictionary_segments().await.expect("segments");
            found.iter().map(|segment| segment.id).max().unwrap_or_default()
        };
        let before = newest().await;
        writer.commit_batch(Timestamp(100), of(first, "one", Some(before))).await.expect("nobody else brought any");
        let late = of(first + 1, "two", Some(before));
        assert_eq!(code(writer.commit_batch(Timestamp(100), late.clone()).await), "dictionary-moved");
        assert_eq!(store.reader().snapshot(Timestamp(100)).await.expect("a snapshot").documents.len(), 1);
        let again = Batch { dictionary: Some(newest().await), ..late };
        writer.commit_batch(Timestamp(100), again).await.expect("it was looked at");
        writer.commit_batch(Timestamp(100), of(first + 2, "three", None)).await.expect("whoever gives no numbers");
        assert_eq!(store.reader().dictionary_segments().await.expect("segments").len(), 3);
    }

    async fn a_batch_is_announced_before_it_is_seen_with_what_it_does(store) {
        store.put(50, vec![put_agency("a", None), put_system("s", "a"), put_system("t", "a")]).await;
        let heard: Arc<Mutex<Vec<Announced>>> = Arc::default();
        let listener = Arc::clone(&heard);
        let announcer = Announcer(Arc::new(move |announced| listener.lock().expect("no panic").push(announced)));
        let writer = store.writer().announcing(announcer);
        let first = store.reserve(3).await;
        for (at, documents, bindings, only_adds) in [
            (100, vec![document(first, 1, 100)], vec![binding(first, "s", 100)], true),
            (101, vec![document(first + 1, 2, 101)], vec![], true),
            // It was bound already: others see it, too.
            (102, vec![], vec![binding(first, "t", 102)], true),
            // It was about nothing, so whoever handed it in saw it.
            (103, vec![document(first + 2, 3, 103)], vec![binding(first + 1, "t", 103)], false),
        ] {
            let committed = writer.commit_batch(Timestamp(at), batch(documents, bindings)).await.expect("a valid batch");
            let expected = Announced::Coming { revision: committed.revision, only_adds };
            assert_eq!(heard.lock().expect("no panic").drain(..).collect::<Vec<_>>(), [expected], "at {at}");
        }
        // What changes nothing is not announced.
        writer.commit_batch(Timestamp(104), batch(vec![], vec![])).await.expect("nothing");
        assert!(heard.lock().expect("no panic").is_empty());
    }

    async fn the_same_bytes_again_only_bind(store) {
        store.put(50, vec![put_agency("a", None), put_system("s", "a"), put_system("t", "a")]).await;
        let first = store.reserve(1).await;
        store.add(100, vec![document(first, 1, 100)], vec![binding(first, "s", 100)]).await;
        let again = store.reserve(1).await;
        assert!(again > first);
        let same = store.add(200, vec![document(again, 1, 200)], vec![binding(again, "s", 200)]).await;
        let conflicts = vec![(DocumentId(again), DocumentId(first))];
        assert_eq!(same, Committed { revision: 2, accepted: vec![], conflicts: conflicts.clone() }, "changes nothing");
        let more = store.add(300, vec![document(again, 1, 300)], vec![binding(again, "t", 300)]).await;
        assert_eq!(more, Committed { revision: 3, accepted: vec![], conflicts });
        let snapshot = store.reader().snapshot(Timestamp(300)).await.expect("a snapshot");
        assert_eq!(snapshot.documents, [document(first, 1, 100)]);
        assert_eq!(snapshot.bindings, [binding(first, "s", 100), binding(first, "t", 300)]);
    }

    async fn twice_in_one_batch_is_once(store) {
        let first = store.reserve(2).await;
        let committed = store.add(100, vec![document(first, 1, 100), document(first + 1, 1, 100)], vec![]).await;
        assert_eq!(committed.accepted, [DocumentId(first)]);
        assert_eq!(committed.conflicts, [(DocumentId(first + 1), DocumentId(first))]);
    }

    async fn other_companions_make_another_document(store) {
        let first = store.reserve(3).await;
        let with = |id: i64, companions: &[(&str, u64)]| DocumentRecord {
            companions: companions.iter().map(|(role, number)| ((*role).to_owned(), hash(*number))).collect(),
            ..document(id, 1, 100)
        };
        let committed = store.add(100, vec![
            with(first, &[("a", 8), ("b", 9)]),
            with(first + 1, &[("b", 9), ("a", 8)]),
            with(first + 2, &[("a", 9), ("b", 8)]),
        ], vec![]).await;
        assert_eq!(committed.accepted, [DocumentId(first), DocumentId(first + 2)], "their order does not matter");
    }

    async fn faulty_batches_leave_nothing(store) {
        store.put(50, vec![put_agency("a", None), put_system("s", "a")]).await;
        let first = store.reserve(3).await;
        store.add(60, vec![document(first, 1, 60)], vec![]).await;
        let one = |document: DocumentRecord| batch(vec![document], vec![]);
        let bound = |to: &str, id: i64| batch(vec![document(first + 1, 2, 100)], vec![binding(id, to, 100)]);
        let mut elsewhere = binding(first + 1, "s", 100);
        elsewhere.deployment = Some("nowhere".into());
        let purged = DocumentRecord { state: DocumentState::Purged, ..document(first + 1, 2, 100) };
        let foreign = DocumentRecord { uploader: Some("nobody".into()), ..document(first + 1, 2, 100) };
        let cases = [
            (one(document(first + 3, 2, 100)), "not-reserved"),
            (one(document(0, 2, 100)), "not-reserved"),
            (one(document(first, 2, 100)), "number-taken"),
            (batch(vec![document(first + 1, 2, 100), document(first + 1, 3, 100)], vec![]), "number-taken"),
            (one(purged), "purge-only"),
            (one(foreign), "unknown-agency"),
            (Batch { evidence: vec![], ..one(document(first + 1, 2, 100)) }, "unknown-evidence"),
            (bound("nowhere", first + 1), "unknown-system"),
            (bound("s", first + 2), "unknown-document"),
            (batch(vec![document(first + 1, 2, 100)], vec![elsewhere]), "unknown-deployment"),
            (Batch { registry: vec![put_system("t", "nobody")], ..one(document(first + 1, 2, 100)) }, "unknown-agency"),
        ];
        for (batch, expected) in cases {
            assert_eq!(code(store.writer().commit_batch(Timestamp(100), batch).await), expected);
        }
        assert_eq!(store.reader().revision().await.expect("a revision"), 2);
        assert_eq!(store.reader().snapshot(Timestamp(500)).await.expect("a snapshot").documents.len(), 1);
        assert_eq!(store.writer().known_evidence().await.expect("keys").len(), 1);
        let good = one(document(first + 1, 2, 100));
        assert!(store.writer().commit_batch(Timestamp(100), good).await.is_ok());
    }
}
