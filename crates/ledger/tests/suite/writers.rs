// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writers take turns, readers never wait.

use std::time::Duration;

use futures::future::join_all;
use underpin_ledger::Ledger;
use underpin_model::{Limits, Timestamp, Viewer};

use crate::fixture::{Store, batch, binding, code, document, on_both, put_agency, put_system};

/// Somebody else who is in the middle of a write, until it is dropped.
enum Other {
    Sqlite(#[expect(dead_code, reason = "held, not read")] sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(#[expect(dead_code, reason = "held, not read")] sqlx::Transaction<'static, sqlx::Postgres>),
}

async fn somebody_writes(store: &Store) -> Other {
    let change = "UPDATE registry SET owner = 'half-way'";
    let address = store.address();
    if address.starts_with("postgres") {
        let pool = sqlx::PgPool::connect(&address).await.expect("the server answers");
        let mut transaction = pool.begin().await.expect("a transaction");
        let lock = "UPDATE ledger_state SET revision = revision";
        sqlx::query(lock).execute(&mut *transaction).await.expect("its turn");
        sqlx::query(change).execute(&mut *transaction).await.expect("half a change");
        return Other::Postgres(transaction);
    }
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&address);
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("the file opens");
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await.expect("its turn");
    sqlx::query(change).execute(&mut *transaction).await.expect("half a change");
    Other::Sqlite(transaction)
}

on_both! {
    async fn readers_do_not_wait_for_a_writer_nor_see_half_of_it(store) {
        store.put(100, vec![put_agency("a", None), put_system("s", "a")]).await;
        let other = somebody_writes(store).await;
        let read = async {
            let reader = store.ledger.operator_reader();
            let snapshot = reader.snapshot(Timestamp(100)).await.expect("a snapshot");
            assert_eq!(snapshot.systems[0].agency.0, "a");
            assert_eq!(reader.revision().await.expect("a revision"), 1);
            // Opening does not wait either.
            Ledger::open(&store.location, &Limits::default()).await.expect("opens").close().await;
        };
        tokio::time::timeout(Duration::from_secs(20), read).await.expect("readers are not blocked");
        drop(other);
    }

    async fn a_writer_waits_for_its_turn_and_then_gives_up(store) {
        store.put(100, vec![put_agency("a", None)]).await;
        let limits = Limits { lock_timeout_ms: 300, ..Limits::default() };
        let impatient = Ledger::open(&store.location, &limits).await.expect("opens");
        let writer = impatient.writer("second", Viewer::Operator);
        let other = somebody_writes(store).await;
        assert_eq!(code(writer.apply_registry(Timestamp(200), vec![put_agency("b", None)]).await), "ledger-busy");
        drop(other);
        let change = tokio::time::timeout(Duration::from_secs(20), async {
            // The rollback of the other travels to its database in the background.
            loop {
                match writer.apply_registry(Timestamp(200), vec![put_agency("b", None)]).await {
                    Ok(revision) => break revision,
                    Err(error) => assert_eq!(error.code(), "ledger-busy"),
                }
            }
        });
        assert_eq!(change.await.expect("its turn came"), 2);
        impatient.close().await;
    }

    async fn writers_of_two_handles_queue_without_losing_anything(store) {
        store.put(50, vec![put_agency("a", None), put_system("s", "a")]).await;
        let second = Ledger::open(&store.location, &Limits::default()).await.expect("opens");
        let write = async |ledger: &Ledger, round: u64| {
            let writer = ledger.writer("intake", Viewer::Operator);
            let first = writer.reserve_documents(3).await.expect("numbers").0;
            // Evidence 1000 + round is the same for both handles.
            let documents = vec![document(first, 1_000 + round, 60), document(first + 1, first.unsigned_abs(), 60)];
            let bindings = vec![binding(first, "s", 60)];
            writer.commit_batch(Timestamp(60), batch(documents, bindings)).await.expect("committed")
        };
        let both = (0..10).flat_map(|round| [write(&store.ledger, round), write(&second, round)]);
        let committed = join_all(both).await;
        let snapshot = store.reader().snapshot(Timestamp(60)).await.expect("a snapshot");
        assert_eq!(snapshot.documents.len(), 30, "20 of their own, 10 shared");
        assert_eq!(snapshot.bindings.len(), 10);
        let mut revisions: Vec<i64> = committed.iter().map(|committed| committed.revision).collect();
        revisions.sort_unstable();
        assert_eq!(revisions, (2..22).collect::<Vec<_>>(), "each had its own revision");
        assert_eq!(committed.iter().map(|committed| committed.conflicts.len()).sum::<usize>(), 10);
        let check = store.reader().verify_audit().await.expect("a check");
        assert_eq!((check.entries, check.first_broken), (22, None));
        assert_eq!(store.reader().integrity_check().await.expect("a check"), Vec::<String>::new());
        second.close().await;
    }
}
