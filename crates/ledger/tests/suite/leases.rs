// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Leases: which revisions keep which segments.

use underpin_model::Timestamp;

use crate::fixture::on_both;
use crate::segments::{dead, live, segment};

on_both! {
    async fn only_leases_of_revisions_that_need_it_count(store) {
        let writer = store.writer();
        writer.set_setting(Timestamp(90), "before", Some("anything")).await.expect("revision 1");
        writer.swap_segments(Timestamp(100), &[], vec![segment("a")]).await.expect("revision 2");
        writer.set_setting(Timestamp(110), "between", Some("anything")).await.expect("revision 3");
        let id = live(store, 3).await[0].id;
        writer.swap_segments(Timestamp(120), &[id], vec![]).await.expect("revision 4");
        for (revision, needed) in [(1, false), (2, true), (3, true), (4, false), (5, false)] {
            let lease = store.reader().lease(revision, Timestamp(9_000)).await.expect("a lease");
            assert_eq!(dead(store, 200).await.is_empty(), needed, "a lease of revision {revision}");
            store.reader().release(lease).await.expect("released");
            store.reader().release(lease).await.expect("released twice does no harm");
        }
        assert_eq!(store.reader().revision().await.expect("a revision"), 4, "a lease is no decision");
    }
}
