// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The fate of documents, now and as it was.

use underpin_ledger::{DocumentFacts, NewSegment, Rebuilt, StateChange};
use underpin_model::{DocumentId, DocumentState, Timestamp};

use crate::fixture::{Store, code, document, on_both};

async fn state(store: &Store, at: i64) -> (DocumentState, i64, String) {
    let snapshot = store.reader().snapshot(Timestamp(at)).await.expect("a snapshot");
    let document = snapshot.documents.into_iter().next().expect("the document");
    (document.state, document.state_since.0, document.reason)
}

on_both! {
    async fn a_document_retracted_later_was_accepted_then(store) {
        let id = DocumentId(store.reserve(1).await);
        store.add(100, vec![document(id.0, 1, 100)], vec![]).await;
        let writer = store.writer();
        let retracted = writer.set_state(Timestamp(200), id, DocumentState::Retracted, "wrong-system: a mix-up").await;
        assert_eq!(retracted.expect("retracted"), 2);
        let again = writer.set_state(Timestamp(250), id, DocumentState::Retracted, "wrong-system: a mix-up").await;
        assert_eq!(again.expect("nothing to do"), 2);
        writer.set_state(Timestamp(300), id, DocumentState::Accepted, "").await.expect("accepted again");
        let accepted = |since| (DocumentState::Accepted, since, String::new());
        let retracted = (DocumentState::Retracted, 200, "wrong-system: a mix-up".to_owned());
        for (at, expected) in [(100, accepted(100)), (199, accepted(100)), (200, retracted.clone()),
            (299, retracted.clone()), (300, accepted(300))]
        {
            assert_eq!(state(store, at).await, expected, "as of {at}");
        }
        let earlier = store.reader().snapshot_at(2, Timestamp(400)).await.expect("a snapshot");
        assert_eq!(earlier.documents[0].state, DocumentState::Retracted);
        let earlier = store.reader().snapshot_at(1, Timestamp(400)).await.expect("a snapshot");
        assert_eq!(earlier.documents[0].state, DocumentState::Accepted);
    }

    async fn what_cannot_be(store) {
        let id = DocumentId(store.reserve(1).await);
        store.add(100, vec![document(id.0, 1, 100)], vec![]).await;
        for (id, state, reason, expected) in [
            (id, DocumentState::Purged, "because", "purge-only"),
            (id, DocumentState::Retracted, "  ", "empty-reason"),
            (DocumentId(id.0 + 1), DocumentState::Retracted, "because", "unknown-document"),
        ] {
            assert_eq!(code(store.writer().set_state(Timestamp(200), id, state, reason).await), expected);
        }
    }

    async fn reading_again_replaces_facts_states_and_segments_at_once(store) {
        let id = DocumentId(store.reserve(1).await);
        let mut unread = document(id.0, 1, 100);
        unread.state = DocumentState::Quarantined;
        unread.reason = "unreadable: for now".to_owned();
        store.add(100, vec![unread.clone()], vec![]).await;
        let segment = |path: &str| NewSegment { path: path.to_owned(), ..NewSegment::default() };
        store.writer().swap_segments(Timestamp(110), &[], vec![segment("old")]).await.expect("added");
        let old = store.reader().snapshot(Timestamp(110)).await.expect("a snapshot").segments[0].id;
        let facts = DocumentFacts {
            document: id,
            format: "spdx-json".to_owned(),
            reader_version: 2,
            subject: "register".to_owned(),
            subject_digest: "sha256:00".to_owned(),
            tool: "b-tool".to_owned(),
            created: Some(Timestamp(5)),
            occurrences: 99,
            gaps: 0,
            types: vec!["cargo".to_owned()],
        };
        let accepted = StateChange { document: id, state: DocumentState::Accepted, reason: String::new() };
        let rebuilt = Rebuilt {
            read_at: 2,
            facts: vec![facts],
            states: vec![accepted],
            remove: vec![old],
            add: vec![segment("new")],
        };
        let revision = store.writer().commit_rebuild(Timestamp(200), rebuilt.clone()).await.expect("read again");
        assert_eq!(revision, 3);
        let snapshot = store.reader().snapshot(Timestamp(200)).await.expect("a snapshot");
        let mut expected = document(id.0, 1, 100);
        (expected.format, expected.reader_version) = ("spdx-json".to_owned(), 2);
        (expected.subject, expected.subject_digest) = ("register".to_owned(), "sha256:00".to_owned());
        (expected.tool, expected.created) = ("b-tool".to_owned(), Some(Timestamp(5)));
        (expected.occurrences, expected.gaps, expected.types) = (99, 0, vec!["cargo".to_owned()]);
        expected.state_since = Timestamp(200);
        assert_eq!(snapshot.documents, [expected]);
        assert_eq!(snapshot.segments.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["new"]);
        assert_eq!(state(store, 150).await, (DocumentState::Quarantined, 100, "unreadable: for now".to_owned()));
        // Somebody has read it meanwhile; and the old segment is gone: the same again is refused as a whole.
        assert_eq!(code(store.writer().commit_rebuild(Timestamp(300), rebuilt.clone()).await), "document-moved");
        let again = Rebuilt { read_at: 3, ..rebuilt };
        assert_eq!(code(store.writer().commit_rebuild(Timestamp(300), again).await), "segment-gone");
    }

    async fn of_two_who_read_again_at_once_one_counts(store) {
        let id = DocumentId(store.reserve(1).await);
        let unread = underpin_model::DocumentRecord {
            state: DocumentState::Quarantined,
            reason: "unreadable: for now".to_owned(),
            ..document(id.0, 1, 100)
        };
        store.add(100, vec![unread], vec![]).await;
        let read_at = store.reader().revision().await.expect("a revision");
        let read = async |path: &str| {
            let accepted = StateChange { document: id, state: DocumentState::Accepted, reason: String::new() };
            let add = vec![NewSegment { path: path.to_owned(), ..NewSegment::default() }];
            let rebuilt = Rebuilt { read_at, states: vec![accepted], add, ..Rebuilt::default() };
            store.writer().commit_rebuild(Timestamp(200), rebuilt).await
        };
        let (one, two) = tokio::join!(read("one"), read("two"));
        let refused: Vec<_> = [one, two].into_iter().filter_map(Result::err).map(|error| error.code()).collect();
        assert_eq!(refused, ["document-moved"]);
        assert_eq!(store.reader().snapshot(Timestamp(300)).await.expect("a snapshot").segments.len(), 1);
    }
}
