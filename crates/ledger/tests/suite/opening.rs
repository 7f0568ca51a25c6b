// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Opening: what is there, what is not, and what belongs to a newer version.

use underpin_ledger::{Ledger, Location};
use underpin_model::{Limits, Timestamp};

use crate::fixture::{NOW, Store, code, on_both, put_agency};

on_both! {
    async fn opening_again_finds_everything(store) {
        store.put(100, vec![put_agency("a", None)]).await;
        let again = Ledger::open(&store.location, &Limits::default()).await.expect("opens again");
        let reader = again.operator_reader();
        assert_eq!(reader.snapshot(Timestamp(100)).await.expect("a snapshot").agencies.len(), 1);
        again.close().await;
    }

    async fn a_newer_schema_is_refused(store) {
        store.tamper("INSERT INTO schema_version VALUES (999)").await;
        store.tamper("UPDATE schema_reach SET oldest = 999").await;
        let error = Ledger::open(&store.location, &Limits::default()).await.expect_err("too new");
        assert_eq!(error.code(), "newer-schema");
        assert!(error.to_string().contains("999"), "{error}");
    }

    async fn many_open_at_once(store) {
        store.tamper("DROP TABLE schema_version").await;
        for table in tables().iter().rev() {
            store.tamper(&format!("DROP TABLE IF EXISTS {table}")).await;
        }
        let limits = Limits::default();
        let opened = futures_of(8, || Ledger::open(&store.location, &limits)).await;
        for ledger in opened {
            let ledger = ledger.expect("one migrates, the others wait");
            assert_eq!(ledger.reader(underpin_model::Viewer::Operator, NOW).revision().await.expect("a revision"), 0);
            ledger.close().await;
        }
    }
}

/// Every table that the migrations make, in their order.
fn tables() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("migrations").map(|file| file.expect("a file").path()).collect();
    files.sort();
    let made = |text: String| {
        let lines = text.lines().filter_map(|line| line.strip_prefix("CREATE TABLE "));
        lines.filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect::<Vec<_>>()
    };
    files.into_iter().flat_map(|file| made(std::fs::read_to_string(file).expect("a text"))).collect()
}

/// The file is made, turned to its journal and migrated by whoever comes first; nobody is told to come again.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_begin_and_end_a_file_at_once() {
    for round in 0..20 {
        let folder = tempfile::tempdir().expect("a folder");
        let location = Location::Sqlite(folder.path().join("ledger.sqlite"));
        let comers: Vec<_> = (0..8)
            .map(|number| {
                let location = location.clone();
                tokio::spawn(async move {
                    let ledger = Ledger::open(&location, &Limits::default()).await?;
                    let writer = ledger.writer("comer", underpin_model::Viewer::Operator);
                    let agency = put_agency(&format!("a{number}"), None);
                    let done = writer.apply_registry(Timestamp(100), vec![agency]).await;
                    let seen = ledger.operator_reader().snapshot(Timestamp(100)).await;
                    ledger.close().await;
                    done.and(seen).map(|snapshot| snapshot.agencies.len())
                })
            })
            .collect();
        for comer in comers {
            let seen = comer.await.expect("no panic");
            assert!(seen.as_ref().is_ok_and(|agencies| *agencies > 0), "round {round}: {seen:?}");
        }
    }
}

async fn futures_of<F: Future>(count: usize, make: impl Fn() -> F) -> Vec<F::Output> {
    futures::future::join_all((0..count).map(|_| make())).await
}

#[tokio::test]
async fn sqlite_keeps_what_it_acknowledged() {
    let store = Store::sqlite().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(store.address());
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("the file opens");
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&pool).await.expect("a mode");
    assert_eq!(mode, "wal");
    let loose: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%STRICT' AND name NOT LIKE 'sqlite_%'",
    )
    .fetch_all(&pool)
    .await
    .expect("a list");
    assert_eq!(loose, Vec::<String>::new(), "every table is strict");
    pool.close().await;
}

#[tokio::test]
async fn what_cannot_be_opened_is_said_without_the_password() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "no database, but long enough to be taken for one".repeat(40)).expect("written");
    let below = Location::Sqlite(file.join("ledger.sqlite"));
    assert_eq!(code(Ledger::open(&below, &Limits::default()).await), "ledger-unreachable");
    let damaged = Ledger::open(&Location::Sqlite(file), &Limits::default()).await.expect_err("no database");
    assert_eq!(damaged.code(), "ledger-damaged");
    let limits = Limits { lock_timeout_ms: 2_000, ..Limits::default() };
    for url in ["postgres://user:secret@127.0.0.1:1/none", "postgres://user:secret@127.0.0.1:port/none"] {
        let location: Location = url.parse().expect("a location");
        let error = Ledger::open(&location, &limits).await.expect_err("nobody there");
        assert_eq!(error.code(), "ledger-unreachable", "{error}");
        assert!(!format!("{error} {error:?} {location:?}").contains("secret"), "{error:?}");
    }
}
