// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Purge: four eyes, a tombstone, and nothing left of what was said.

use underpin_ledger::{Batch, PackRecord, PackSwap, PurgeState, PurgeWork};
use underpin_model::{DocumentId, DocumentRecord, DocumentState, Timestamp, Viewer};

use crate::fixture::{Store, batch, code, document, hash, located, on_both};

async fn two_in_a_pack(store: &Store) -> (DocumentId, DocumentId) {
    let first = store.reserve(2).await;
    let with = DocumentRecord { companions: vec![("go.sum".to_owned(), hash(3))], ..document(first, 1, 100) };
    store.add(100, vec![with, document(first + 1, 2, 100)], vec![]).await;
    (DocumentId(first), DocumentId(first + 1))
}

/// The new pack takes over everything but evidence 3.
fn without_the_third() -> PurgeWork {
    let new = PackRecord { name: "packs/two".to_owned(), bytes: 500 };
    let moved = [1, 2].into_iter().map(|number| located(hash(number), "packs/two")).collect();
    let swap = PackSwap { old: "packs/one".to_owned(), new: Some(new), moved };
    PurgeWork { packs: vec![swap], ..PurgeWork::default() }
}

on_both! {
    async fn two_people_remove_evidence_for_all_times(store) {
        let (with, other) = two_in_a_pack(store).await;
        let (one, two) = (store.writer(), store.ledger.writer("auditor", Viewer::Operator));
        let id = one.request_purge(Timestamp(200), hash(3), "a private key").await.expect("requested");
        assert_eq!(code(two.execute_purge(Timestamp(201), id, without_the_third()).await), "purge-not-approved");
        assert_eq!(code(one.approve_purge(Timestamp(202), id).await), "same-actor");
        let disguised = store.ledger.writer(" Registrar ", Viewer::Operator);
        assert_eq!(code(disguised.approve_purge(Timestamp(202), id).await), "same-actor");
        two.approve_purge(Timestamp(203), id).await.expect("approved");
        assert_eq!(code(two.approve_purge(Timestamp(204), id).await), "purge-settled");
        let documents = one.execute_purge(Timestamp(205), id, without_the_third()).await.expect("carried out");
        assert_eq!(documents, [with]);
        assert_eq!(code(one.execute_purge(Timestamp(206), id, PurgeWork::default()).await), "purge-settled");

        for at in [100, 205] {
            let snapshot = store.reader().snapshot(Timestamp(at)).await.expect("a snapshot");
            let tomb = snapshot.documents.iter().find(|document| document.id == with).expect("the tombstone");
            assert_eq!(tomb.state, DocumentState::Purged, "purged is purged at any time");
            assert_eq!(tomb.reason, "purged: a private key");
            assert_eq!(tomb.subject, snapshot.tombstones.name("a-tool", "portal"));
            assert_ne!(tomb.subject, snapshot.tombstones.name("b-tool", "portal"));
            assert_eq!((tomb.tool.as_str(), tomb.occurrences, tomb.types.len()), ("", 0, 0));
            let other = snapshot.documents.iter().find(|document| document.id == other).expect("the other");
            assert_eq!(other.state, DocumentState::Accepted);
        }
        let tomb = store.reader().evidence_location(hash(3)).await.expect("an answer").expect("a tombstone");
        assert_eq!((tomb.purged, tomb.pack.as_str(), tomb.packed_bytes), (true, "", 0));
        let kept = store.reader().evidence_location(hash(1)).await.expect("an answer");
        assert_eq!(kept, Some(located(hash(1), "packs/two")));
        let dead = store.reader().dead_packs(Timestamp(206)).await.expect("a list");
        assert_eq!(dead.iter().map(|pack| pack.name.as_str()).collect::<Vec<_>>(), ["packs/one"]);
        one.forget_pack(Timestamp(207), "packs/one").await.expect("forgotten");
        let purge = &store.reader().purges().await.expect("a list")[0];
        assert_eq!(purge.state(), PurgeState::Executed);
        assert_eq!((purge.requested_by.as_str(), purge.approved_by.as_deref()), ("registrar", Some("auditor")));
        assert_eq!(code(one.set_state(Timestamp(208), with, DocumentState::Accepted, "").await), "document-purged");
        assert_eq!(code(one.request_purge(Timestamp(208), hash(3), "again").await), "already-purged");
        assert_eq!(store.reader().integrity_check().await.expect("a check"), Vec::<String>::new());

        // The same bytes do not come back: neither to the known document, nor beside another one.
        let next = store.reserve(1).await;
        let again = DocumentRecord { companions: vec![("go.sum".to_owned(), hash(3))], ..document(next, 1, 300) };
        let beside = DocumentRecord { evidence: hash(5), ..again.clone() };
        for document in [&again, &beside] {
            let batch = batch(vec![document.clone()], vec![]);
            assert_eq!(code(one.commit_batch(Timestamp(300), batch).await), "already-purged");
        }
        let without_bytes = Batch { evidence: vec![], ..batch(vec![again], vec![]) };
        let committed = one.commit_batch(Timestamp(300), without_bytes).await.expect("known");
        assert_eq!(committed.conflicts, [(DocumentId(next), with)]);
    }

    async fn what_a_tombstone_keeps_cannot_be_guessed(store) {
        two_in_a_pack(store).await;
        let before = store.reader().snapshot(Timestamp(200)).await.expect("a snapshot").tombstones;
        assert_eq!(before.name("a-tool", "portal"), "", "nothing was purged");
        let (one, two) = (store.writer(), store.ledger.writer("auditor", Viewer::Operator));
        for (number, work) in [(3, without_the_third()), (2, PurgeWork::default())] {
            let id = one.request_purge(Timestamp(200), hash(number), "a name").await.expect("requested");
            two.approve_purge(Timestamp(203), id).await.expect("approved");
            one.execute_purge(Timestamp(205), id, work).await.expect("carried out");
        }
        let snapshot = store.reader().snapshot(Timestamp(300)).await.expect("a snapshot");
        let names: Vec<_> = snapshot.documents.iter().map(|document| document.subject.as_str()).collect();
        let expected = snapshot.tombstones.name("a-tool", "portal");
        assert_eq!(names, [expected.as_str(); 2], "one secret for all");
        let other = Store::sqlite().await;
        two_in_a_pack(&other).await;
        let (one, two) = (other.writer(), other.ledger.writer("auditor", Viewer::Operator));
        let id = one.request_purge(Timestamp(200), hash(3), "a name").await.expect("requested");
        two.approve_purge(Timestamp(203), id).await.expect("approved");
        one.execute_purge(Timestamp(205), id, without_the_third()).await.expect("carried out");
        let elsewhere = other.reader().snapshot(Timestamp(300)).await.expect("a snapshot");
        assert_ne!(elsewhere.documents[0].subject, names[0], "each ledger has its own");
        assert_eq!(format!("{:?}", elsewhere.tombstones), "TombstoneSecret(…)");
        let chain = store.reader().audit(100, None).await.expect("the chain");
        assert!(chain.iter().all(|entry| !format!("{entry:?}").contains("tombstone-secret")));
        let (nobody, nothing) = (snapshot.tombstones.name("", "portal"), snapshot.tombstones.name("a-tool", " "));
        assert_eq!((nobody, nothing), (String::new(), String::new()));
        other.finish().await;
    }

    async fn a_pack_never_loses_what_it_holds(store) {
        two_in_a_pack(store).await;
        let writer = store.writer();
        let swap = |old: &str, moved: &[u64]| PackSwap {
            old: old.to_owned(),
            new: Some(PackRecord { name: "packs/two".to_owned(), bytes: 1 }),
            moved: moved.iter().map(|number| located(hash(*number), "packs/two")).collect(),
        };
        let error = writer.swap_pack(Timestamp(200), swap("packs/one", &[1, 2])).await.expect_err("incomplete");
        assert_eq!(error.code(), "pack-incomplete");
        assert!(error.to_string().contains(&hash(3).to_string()));
        assert_eq!(code(writer.swap_pack(Timestamp(200), swap("packs/none", &[1, 2, 3])).await), "pack-gone");
        writer.swap_pack(Timestamp(200), swap("packs/one", &[1, 2, 3])).await.expect("swapped");
        assert_eq!(code(writer.swap_pack(Timestamp(201), swap("packs/one", &[1, 2, 3])).await), "pack-gone");
        assert_eq!(code(writer.forget_pack(Timestamp(201), "packs/two").await), "pack-live");
        let names: Vec<_> = store.reader().packs().await.expect("a list").into_iter().map(|pack| pack.name).collect();
        assert_eq!(names, ["packs/two"]);
        let packs: Vec<_> = store.reader().all_evidence().await.expect("a list").into_iter().map(|one| one.pack).collect();
        assert_eq!(packs, ["packs/two"; 3]);
    }

    async fn requests_need_a_reason_and_evidence(store) {
        two_in_a_pack(store).await;
        assert_eq!(code(store.writer().request_purge(Timestamp(200), hash(1), " ").await), "empty-reason");
        assert_eq!(code(store.writer().request_purge(Timestamp(200), hash(9), "why").await), "unknown-evidence");
        assert_eq!(code(store.writer().approve_purge(Timestamp(200), 1).await), "unknown-purge");
    }
}
