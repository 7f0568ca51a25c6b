// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Two versions beside each other on one ledger, as in an upgrade server by server.

use std::time::Duration;

use underpin_ledger::{Ledger, SCHEMA_VERSION};
use underpin_model::{Limits, Timestamp, Viewer};

use crate::fixture::{Store, batch, code, document, on_both};

/// A ledger as it was before the newest migrations, opened by a program of that time.
async fn older(store: &Store, known: i64) -> Ledger {
    for table in ["schema_reach", "job"] {
        store.tamper(&format!("DROP TABLE {table}")).await;
    }
    store.tamper("DELETE FROM counter WHERE name = 'job'").await;
    store.tamper(&format!("DELETE FROM schema_version WHERE version > {known}")).await;
    Ledger::open_knowing(&store.location, &Limits::default(), known).await.expect("opens")
}

/// The schema before the one that this program brings.
const BEFORE: i64 = SCHEMA_VERSION - 1;

async fn hand_in(ledger: &Ledger, times: u64, own: u64) -> u64 {
    let writer = ledger.writer("server", Viewer::Operator);
    for round in 0..times {
        let id = writer.reserve_documents(1).await.expect("a number").0;
        let batch = batch(vec![document(id, own + round, 100)], vec![]);
        writer.commit_batch(Timestamp(100), batch).await.expect("taken in");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    times
}

on_both! {
    async fn an_older_program_goes_on_beside_a_newer_one(store) {
        let older = older(store, BEFORE).await;
        hand_in(&older, 3, 1_000).await;
        let upgrade = async {
            tokio::time::sleep(Duration::from_millis(30)).await;
            let newer = Ledger::open(&store.location, &Limits::default()).await.expect("migrates while the other one works");
            newer.jobs(&Viewer::Operator).expect("may").keep_up("collect", 60).await.expect("uses what is new");
            let count = hand_in(&newer, 20, 2_000).await;
            newer.close().await;
            count
        };
        let (before, after) = tokio::join!(hand_in(&older, 30, 3_000), upgrade);
        let reader = store.reader();
        let documents = reader.snapshot(Timestamp(100)).await.expect("a snapshot").documents.len() as u64;
        assert_eq!(documents, 3 + before + after);
        let check = reader.verify_audit().await.expect("walked");
        assert_eq!(check.first_broken, None, "the chain is one chain");
        assert_eq!(reader.integrity_check().await.expect("a check"), Vec::<String>::new());
        older.close().await;
    }

    async fn a_program_of_before_says_that_it_is_too_old_where_it_is(store) {
        store.tamper(&format!("UPDATE schema_reach SET oldest = {BEFORE}")).await;
        let early = Ledger::open_knowing(&store.location, &Limits::default(), BEFORE - 1).await.expect_err("too old");
        assert_eq!(early.code(), "newer-schema");
        let good = Ledger::open_knowing(&store.location, &Limits::default(), BEFORE).await.expect("what was added is no harm");
        hand_in(&good, 1, 1).await;
        good.close().await;
    }

    async fn a_running_program_stops_writing_when_the_schema_leaves_it_behind(store) {
        hand_in(&store.ledger, 1, 1).await;
        store.tamper(&format!("INSERT INTO schema_version VALUES ({})", SCHEMA_VERSION + 1)).await;
        hand_in(&store.ledger, 1, 2).await;
        let again = Ledger::open(&store.location, &Limits::default()).await.expect("an addition is no harm");
        again.close().await;
        store.tamper(&format!("UPDATE schema_reach SET oldest = {}", SCHEMA_VERSION + 1)).await;
        let write = store.writer().set_setting(Timestamp(200), "x", Some("y")).await;
        assert_eq!(code(write), "newer-schema");
        assert_eq!(store.reader().snapshot(Timestamp(100)).await.expect("reads on").documents.len(), 2);
        let error = Ledger::open(&store.location, &Limits::default()).await.expect_err("left behind");
        let said = format!("schema {}, this one knows {SCHEMA_VERSION}", SCHEMA_VERSION + 1);
        assert!(error.to_string().contains(&said), "{error}");
    }

    async fn readers_do_not_wait_for_a_migration(store) {
        let older = older(store, BEFORE).await;
        let reading = async {
            let mut reads = 0;
            for _ in 0..20 {
                older.operator_reader().revision().await.expect("reads");
                older.operator_reader().snapshot(Timestamp(100)).await.expect("reads");
                reads += 1;
            }
            reads
        };
        let limits = Limits::default();
        let open = async || Ledger::open(&store.location, &limits).await;
        let (reads, a, b, c) = tokio::join!(reading, open(), open(), open());
        assert_eq!(reads, 20);
        for ledger in [a, b, c] {
            ledger.expect("one migrates, the others find it done").close().await;
        }
        older.close().await;
    }
}
