// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Segments: swapped in one step or not at all, collected only when nobody needs them.

use underpin_ledger::{NewSegment, SegmentRecord};
use underpin_model::Timestamp;

use crate::fixture::{Store, code, on_both};

pub fn segment(path: &str) -> NewSegment {
    NewSegment {
        table: "occurrence".to_owned(),
        path: path.to_owned(),
        rows: 3,
        bytes: 4,
        schema_version: 1,
        order: String::new(),
    }
}

pub async fn live(store: &Store, revision: i64) -> Vec<SegmentRecord> {
    store.reader().snapshot_at(revision, Timestamp(1_000)).await.expect("a snapshot").segments
}

pub async fn dead(store: &Store, before: i64) -> Vec<String> {
    let dead = store.reader().dead_segments(Timestamp(before)).await.expect("a list");
    dead.into_iter().map(|segment| segment.path).collect()
}

on_both! {
    async fn a_swap_is_seen_from_its_revision_on(store) {
        let writer = store.writer();
        writer.swap_segments(Timestamp(100), &[], vec![segment("a"), segment("b")]).await.expect("added");
        let before = live(store, 1).await;
        let ids: Vec<i64> = before.iter().map(|one| one.id).collect();
        assert_eq!(writer.swap_segments(Timestamp(200), &ids, vec![segment("ab")]).await.expect("swapped"), 2);
        let paths = |all: Vec<SegmentRecord>| all.into_iter().map(|one| one.path).collect::<Vec<_>>();
        assert_eq!(paths(live(store, 2).await), ["ab"]);
        let reopened = live(store, 1).await;
        assert_eq!(reopened.iter().map(|one| one.live_until).collect::<Vec<_>>(), [Some(2), Some(2)]);
        assert_eq!(paths(reopened), ["a", "b"], "an old snapshot reopens after compaction");
        let expected = SegmentRecord { id: ids[0], table: "occurrence".to_owned(), path: "a".to_owned(), rows: 3,
            bytes: 4, schema_version: 1, order: String::new(), live_from: 1, live_until: None, created: Timestamp(100) };
        assert_eq!(before[0], expected);
    }

    async fn a_lost_race_changes_nothing(store) {
        let writer = store.writer();
        writer.swap_segments(Timestamp(100), &[], vec![segment("a"), segment("b")]).await.expect("added");
        let ids: Vec<i64> = live(store, 1).await.iter().map(|one| one.id).collect();
        writer.swap_segments(Timestamp(200), &ids[..1], vec![segment("c")]).await.expect("swapped");
        let error = writer.swap_segments(Timestamp(201), &ids, vec![segment("d")]).await.expect_err("too late");
        assert_eq!((error.code(), error.to_string()), ("segment-gone", format!("segment {} is no longer live", ids[0])));
        assert_eq!(code(writer.swap_segments(Timestamp(202), &[99], vec![]).await), "segment-gone");
        assert_eq!(live(store, 9).await.iter().map(|one| one.path.clone()).collect::<Vec<_>>(), ["b", "c"]);
        assert_eq!(writer.swap_segments(Timestamp(203), &[], vec![]).await.expect("nothing"), 2);
    }

    async fn garbage_waits_for_its_time_and_for_readers(store) {
        let writer = store.writer();
        writer.swap_segments(Timestamp(100), &[], vec![segment("a")]).await.expect("added");
        let id = live(store, 1).await[0].id;
        assert_eq!(code(writer.forget_segment(Timestamp(150), id).await), "segment-live");
        writer.swap_segments(Timestamp(200), &[id], vec![segment("b")]).await.expect("swapped");
        assert_eq!(dead(store, 200).await, Vec::<String>::new());
        assert_eq!(dead(store, 201).await, ["a"]);
        let lease = store.reader().lease(1, Timestamp(5_000)).await.expect("a lease");
        assert_eq!(dead(store, 4_999).await, Vec::<String>::new());
        assert_eq!(code(writer.forget_segment(Timestamp(4_999), id).await), "segment-live");
        assert_eq!(dead(store, 5_000).await, ["a"], "the lease ran out");
        store.reader().release(lease).await.expect("released");
        assert_eq!(dead(store, 201).await, ["a"]);
        writer.forget_segment(Timestamp(300), id).await.expect("forgotten");
        assert_eq!(dead(store, 5_000).await, Vec::<String>::new());
        assert_eq!(code(writer.forget_segment(Timestamp(301), id).await), "segment-gone");
    }
}
