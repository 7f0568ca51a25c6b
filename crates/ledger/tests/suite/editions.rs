// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Editions of feeds: whole or not at all, none lost, and answered as of any moment.

use underpin_ledger::{
    Attempt, Edition, EditionBatch, EditionCounts, FEED_RECORDS, FeedState, NewEdition, NewSegment, PackRecord, Rebuilt,
};
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};

use crate::access::{analyst, of};
use crate::fixture::{NOW, Store, code, document, hash, located, on_both, put_agency};
use crate::segments::segment;

const COUNTS: EditionCounts = EditionCounts { added: 4, changed: 3, removed: 2, refused: 1 };

pub fn new(number: i64, feed: &str, expected: Option<i64>) -> NewEdition {
    NewEdition {
        number,
        feed: feed.to_owned(),
        expected,
        stated: Some(Timestamp(number * 10)),
        origin: format!("https://clerk:secret@example.org/{feed}.zip"),
        counts: COUNTS,
        fingerprint: format!("print-{number}"),
        evidence: vec![hash(number.unsigned_abs() + 1_000)],
        validators: format!(r#"{{"etag":"{number}"}}"#),
        looked: None,
    }
}

pub fn records(path: &str) -> NewSegment {
    NewSegment { table: FEED_RECORDS.to_owned(), order: "feed".to_owned(), ..segment(path) }
}

/// Editions with their evidence in one pack, and a segment, named after the first.
pub fn batch_of(editions: Vec<NewEdition>) -> EditionBatch {
    let name = format!("packs/feeds-{}", editions[0].number);
    let evidence = editions.iter().flat_map(|edition| &edition.evidence).map(|id| located(*id, &name)).collect();
    let segments = vec![records(&format!("feeds/{}", editions[0].number))];
    EditionBatch {
        packs: vec![PackRecord { name, bytes: 1_000 }],
        evidence,
        segments,
        editions,
        ..EditionBatch::default()
    }
}

/// The same as the ledger tells it.
fn told(number: i64, feed: &str, learned: i64, revision: i64) -> Edition {
    Edition {
        number,
        feed: feed.to_owned(),
        learned: Timestamp(learned),
        stated: Some(Timestamp(number * 10)),
        origin: format!("https://example.org/{feed}.zip"),
        counts: COUNTS,
        fingerprint: format!("print-{number}"),
        revision,
    }
}

async fn commit(store: &Store, at: i64, editions: Vec<NewEdition>) -> i64 {
    store.writer().commit_edition(Timestamp(at), batch_of(editions)).await.expect("committed")
}

async fn faults(store: &Store) -> Vec<String> {
    store.reader().integrity_check().await.expect("a check")
}

on_both! {
    async fn editions_are_told_as_of_any_moment_and_revision(store) {
        assert_eq!(store.writer().reserve_editions(3).await.expect("numbers"), 1);
        assert_eq!(commit(store, 100, vec![new(1, "osv/PyPI", None), new(2, "kev", None)]).await, 1);
        assert_eq!(commit(store, 200, vec![new(3, "osv/PyPI", Some(1))]).await, 2);
        let all = [told(1, "osv/PyPI", 100, 1), told(2, "kev", 100, 1), told(3, "osv/PyPI", 200, 2)];
        let reader = store.reader();
        for (revision, as_of, expected) in [
            (i64::MAX, 99, &all[..0]), (i64::MAX, 100, &all[..2]), (i64::MAX, 199, &all[..2]), (i64::MAX, 200, &all[..]),
            (0, 200, &all[..0]), (1, 200, &all[..2]), (2, 200, &all[..]), (2, 100, &all[..2]),
        ] {
            let found = reader.editions_at(revision, Timestamp(as_of)).await.expect("editions");
            assert_eq!(found, expected, "revision {revision} as of {as_of}");
        }
        assert_eq!(reader.evidence_of_edition(3).await.expect("hashes"), [hash(1_003)]);
        let snapshot = reader.snapshot(Timestamp(200)).await.expect("a snapshot");
        let paths: Vec<_> = snapshot.segments.iter().map(|one| (one.path.as_str(), one.is_of_feeds())).collect();
        assert_eq!(paths, [("feeds/1", true), ("feeds/3", true)]);
        assert_eq!((snapshot.documents.len(), snapshot.revision), (0, 2));
        let entries = reader.audit_of("feed osv/PyPI").await.expect("entries");
        assert_eq!(entries.iter().map(|one| (one.revision, one.action.as_str())).collect::<Vec<_>>(), [(1, "sync"), (2, "sync")]);
        assert_eq!(faults(store).await, Vec::<String>::new());
    }

    async fn a_clock_that_went_back_does_not_part_an_edition_from_the_one_it_builds_on(store) {
        store.writer().reserve_editions(2).await.expect("numbers");
        commit(store, 500, vec![new(1, "kev", None)]).await;
        commit(store, 300, vec![new(2, "kev", Some(1))]).await;
        let reader = store.reader();
        assert_eq!(reader.editions(Timestamp(499)).await.expect("editions"), []);
        let both = [told(1, "kev", 500, 1), told(2, "kev", 500, 2)];
        assert_eq!(reader.editions(Timestamp(500)).await.expect("editions"), both);
        assert_eq!(faults(store).await, Vec::<String>::new());
    }

    async fn no_update_is_lost_and_what_is_refused_leaves_nothing(store) {
        let writer = store.writer();
        writer.reserve_editions(6).await.expect("numbers");
        commit(store, 100, vec![new(2, "kev", None)]).await;
        let foreign = |batch: EditionBatch| EditionBatch { segments: vec![segment("o")], ..batch };
        let bare = |batch: EditionBatch| EditionBatch { evidence: vec![], packs: vec![], ..batch };
        for (batch, expected) in [
            (batch_of(vec![new(3, "kev", None)]), "edition-moved"),
            (batch_of(vec![new(3, "kev", Some(1))]), "edition-moved"),
            (batch_of(vec![new(3, "epss", Some(2))]), "edition-moved"),
            // A number that was reserved before the newest edition's.
            (batch_of(vec![new(1, "kev", Some(2))]), "edition-moved"),
            // The first of the two would do.
            (batch_of(vec![new(3, "epss", None), new(4, "kev", None)]), "edition-moved"),
            (batch_of(vec![new(3, "epss", None), new(4, "epss", None)]), "edition-moved"),
            (EditionBatch { segments: vec![], ..batch_of(vec![new(2, "epss", None)]) }, "edition-not-reserved"),
            (batch_of(vec![new(0, "epss", None)]), "edition-not-reserved"),
            (batch_of(vec![new(7, "epss", None)]), "edition-not-reserved"),
            (batch_of(vec![new(3, "", None)]), "invalid-feed"),
            (batch_of(vec![new(3, "a\nb", None)]), "invalid-feed"),
            (batch_of(vec![new(3, &"a".repeat(2_000), None)]), "too-long"),
            (bare(batch_of(vec![new(3, "epss", None)])), "unknown-evidence"),
            (foreign(batch_of(vec![new(3, "epss", None)])), "not-allowed"),
        ] {
            let what = format!("{:?}", batch.editions);
            assert_eq!(code(writer.commit_edition(Timestamp(200), batch).await), expected, "{what}");
        }
        let reader = store.reader();
        assert_eq!(reader.editions(NOW).await.expect("editions"), [told(2, "kev", 100, 1)]);
        assert_eq!(reader.feed_states().await.expect("states").len(), 1);
        assert_eq!(reader.snapshot(NOW).await.expect("a snapshot").segments.len(), 1);
        assert_eq!((reader.revision().await.expect("it"), writer.known_evidence().await.expect("keys").len()), (1, 1));
        assert_eq!(reader.packs().await.expect("packs").len(), 1);
        // Two editions of one feed, each made for the one before it; evidence that is there already.
        let again = NewEdition { evidence: vec![hash(1_002)], ..new(4, "kev", Some(3)) };
        assert_eq!(commit(store, 300, vec![new(3, "kev", Some(2)), again]).await, 2);
        assert_eq!(faults(store).await, Vec::<String>::new());
    }

    async fn writers_at_once_take_turns_and_one_wins(store) {
        store.writer().reserve_editions(8).await.expect("numbers");
        let tasks: Vec<_> = (1..=8).map(|number| {
            let writer = store.ledger.writer(&format!("sync-{number}"), Viewer::Operator);
            tokio::spawn(async move { writer.commit_edition(Timestamp(100), batch_of(vec![new(number, "kev", None)])).await })
        }).collect();
        let mut won = 0;
        for task in tasks {
            match task.await.expect("it ends") {
                Ok(_) => won += 1,
                Err(error) => assert_eq!(error.code(), "edition-moved"),
            }
        }
        assert_eq!((won, store.reader().editions(NOW).await.expect("editions").len()), (1, 1));
    }

    async fn attempts_are_noted_without_history(store) {
        let writer = store.writer();
        writer.reserve_editions(1).await.expect("numbers");
        let failed = Attempt { feed: "kev".to_owned(), succeeded: false, outcome: "timed-out".to_owned(),
            detail: "no answer within 30 s".to_owned(), ..Attempt::default() };
        writer.note_attempt(Timestamp(50), &failed).await.expect("noted");
        let state = |attempted: i64, succeeded: Option<i64>, outcome: &str, detail: &str, validators: &str| FeedState {
            feed: "kev".to_owned(), attempted: Timestamp(attempted), succeeded: succeeded.map(Timestamp),
            outcome: outcome.to_owned(), detail: detail.to_owned(), validators: validators.to_owned() };
        let reader = store.reader();
        let now = async || reader.feed_states().await.expect("states");
        assert_eq!(now().await, [state(50, None, "timed-out", "no answer within 30 s", "")]);
        commit(store, 100, vec![new(1, "kev", None)]).await;
        assert_eq!(now().await, [state(100, Some(100), "new-edition", "", r#"{"etag":"1"}"#)]);
        writer.note_attempt(Timestamp(150), &failed).await.expect("noted");
        assert_eq!(now().await, [state(150, Some(100), "timed-out", "no answer within 30 s", r#"{"etag":"1"}"#)]);
        let unchanged = Attempt { succeeded: true, outcome: "unchanged".to_owned(), detail: String::new(),
            validators: Some("{}".to_owned()), ..failed.clone() };
        writer.note_attempt(Timestamp(200), &unchanged).await.expect("noted");
        assert_eq!(now().await, [state(200, Some(200), "unchanged", "", "{}")]);
        assert_eq!(code(writer.note_attempt(Timestamp(1), &Attempt { feed: " ".to_owned(), ..failed }).await), "invalid-feed");
        assert_eq!(reader.revision().await.expect("it"), 1, "attempts are no changes");
        // Over an air gap somebody else looked, before; what is kept about that comes with it or not at all.
        let looked = Attempt { looked: Some(Timestamp(120)), validators: None, ..unchanged.clone() };
        let bridge = |attempt: &Attempt| EditionBatch { attempts: vec![attempt.clone()],
            settings: vec![("bridge".to_owned(), "7".to_owned())], ..EditionBatch::default() };
        let nameless = Attempt { feed: " ".to_owned(), ..looked.clone() };
        assert_eq!(code(writer.commit_edition(Timestamp(240), bridge(&nameless)).await), "invalid-feed");
        assert_eq!(reader.setting("bridge").await.expect("it"), None);
        writer.commit_edition(Timestamp(250), bridge(&looked)).await.expect("committed");
        assert_eq!(now().await, [state(250, Some(120), "unchanged", "", "{}")]);
        assert_eq!(reader.setting("bridge").await.expect("it"), Some("7".to_owned()));
        assert_eq!(faults(store).await, Vec::<String>::new());
    }

    async fn only_the_operator_syncs_and_everybody_known_reads(store) {
        store.put(50, vec![put_agency("a", None)]).await;
        store.writer().reserve_editions(2).await.expect("numbers");
        commit(store, 100, vec![new(1, "kev", None)]).await;
        for (viewer, sees) in [
            (Viewer::Stranger, 0), (of(&["a"], Classification::Public), 1), (of(&[], Classification::Public), 1),
            (analyst(Classification::Secret), 1), (Viewer::Operator, 1),
        ] {
            let reader = store.ledger.reader(viewer.clone(), NOW);
            assert_eq!(reader.editions(NOW).await.expect("editions").len(), sees, "{viewer:?}");
            assert_eq!(reader.feed_states().await.expect("states").len(), sees, "{viewer:?}");
            assert_eq!(reader.evidence_of_edition(1).await.expect("hashes").len(), sees, "{viewer:?}");
            let located = reader.evidence_location(hash(1_001)).await.expect("an answer");
            assert_eq!(usize::from(located.is_some()), sees, "{viewer:?}");
            if viewer == Viewer::Operator {
                continue;
            }
            let writer = store.ledger.writer("somebody", viewer.clone());
            let batch = batch_of(vec![new(2, "kev", Some(1))]);
            assert_eq!(code(writer.commit_edition(Timestamp(200), batch).await), "not-allowed", "{viewer:?}");
            assert_eq!(code(writer.reserve_editions(1).await), "not-allowed", "{viewer:?}");
            assert_eq!(code(writer.note_attempt(NOW, &Attempt::default()).await), "not-allowed", "{viewer:?}");
        }
    }

    async fn a_rebuild_and_a_purge_leave_what_feeds_said(store) {
        let writer = store.writer();
        writer.swap_segments(Timestamp(50), &[], vec![segment("facts")]).await.expect("added");
        writer.reserve_editions(1).await.expect("a number");
        let id = store.reserve(1).await;
        commit(store, 100, vec![new(1, "kev", None)]).await;
        let live = store.reader().snapshot(NOW).await.expect("a snapshot").segments;
        let remove = live.iter().map(|one| one.id).collect();
        let rebuilt = Rebuilt { read_at: i64::MAX, remove, add: vec![segment("facts-anew")], ..Rebuilt::default() };
        writer.commit_rebuild(Timestamp(200), rebuilt).await.expect("swapped");
        let live = store.reader().snapshot(NOW).await.expect("a snapshot").segments;
        assert_eq!(live.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["feeds/1", "facts-anew"]);
        assert_eq!(code(writer.request_purge(Timestamp(300), hash(1_001), "why").await), "evidence-of-feed");
        // The same bytes come in as a document, too: still needed. And the other way round.
        store.add(400, vec![document(id, 1, 400)], vec![]).await;
        let purge = writer.request_purge(Timestamp(500), hash(1), "why").await.expect("requested");
        let next = writer.reserve_editions(1).await.expect("a number");
        let same = NewEdition { evidence: vec![hash(1)], ..new(next, "kev", Some(1)) };
        commit(store, 600, vec![same]).await;
        let auditor = store.ledger.writer("auditor", Viewer::Operator);
        assert_eq!(code(auditor.approve_purge(Timestamp(700), purge).await), "evidence-of-feed");
        assert_eq!(faults(store).await, Vec::<String>::new());
    }

    async fn editions_changed_past_the_ledger_show(store) {
        store.writer().reserve_editions(2).await.expect("numbers");
        commit(store, 100, vec![new(1, "kev", None), new(2, "epss", None)]).await;
        for (statement, back, expected) in [
            ("UPDATE edition SET fingerprint = 'x' WHERE number = 1",
                "UPDATE edition SET fingerprint = 'print-1' WHERE number = 1", "edition 1 of feed kev"),
            ("UPDATE edition SET learned = 1 WHERE number = 2", "UPDATE edition SET learned = 100 WHERE number = 2",
                "edition 2 of feed epss"),
            ("UPDATE edition SET stated = NULL WHERE number = 2", "UPDATE edition SET stated = 20 WHERE number = 2",
                "edition 2 of feed epss"),
            ("UPDATE edition SET revision = 0 WHERE number = 2", "UPDATE edition SET revision = 1 WHERE number = 2",
                "edition 2 of feed epss"),
            ("CREATE TABLE kept AS SELECT * FROM edition_evidence WHERE edition = 1",
                "DROP TABLE kept", ""),
        ] {
            store.tamper(statement).await;
            let found = store.reader().compare_with_audit().await.expect("a comparison");
            let expected = (!expected.is_empty()).then(|| format!("{expected} is not what the audit chain says"));
            assert_eq!(found, expected.as_slice(), "{statement}");
            store.tamper(back).await;
        }
        store.tamper("DELETE FROM edition_evidence WHERE edition = 1").await;
        let found = store.reader().compare_with_audit().await.expect("a comparison");
        assert_eq!(found, ["edition 1 of feed kev is not what the audit chain says"]);
        store.tamper("DELETE FROM edition WHERE number = 1").await;
        let found = store.reader().compare_with_audit().await.expect("a comparison");
        assert_eq!(found, ["edition 1 of feed kev is not what the audit chain says"]);
        store.tamper("UPDATE counter SET next = 2 WHERE name = 'edition'").await;
        let found = faults(store).await;
        assert_eq!(found[0], "an edition's number was never given out: 2");
    }
}
