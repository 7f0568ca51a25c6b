// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Backup, soundness and settings.

use underpin_ledger::{Ledger, Location};
use underpin_model::{Limits, Timestamp, Viewer};

use crate::fixture::{NOW, Store, binding, code, document, on_both, put_agency, put_system};

on_both! {
    async fn settings_are_kept_and_forgotten(store) {
        let (reader, writer) = (store.reader(), store.writer());
        assert_eq!(reader.setting("tool.x").await.expect("an answer"), None);
        assert_eq!(writer.set_setting(Timestamp(1), "tool.x", Some("maven")).await.expect("kept"), 1);
        assert_eq!(writer.set_setting(Timestamp(2), "tool.x", Some("maven")).await.expect("the same"), 1);
        assert_eq!(writer.set_setting(Timestamp(3), "tool.x", Some("npm")).await.expect("kept"), 2);
        assert_eq!(reader.setting("tool.x").await.expect("an answer").as_deref(), Some("npm"));
        assert_eq!(writer.set_setting(Timestamp(4), "tool.x", None).await.expect("forgotten"), 3);
        assert_eq!(reader.setting("tool.x").await.expect("an answer"), None);
    }

    async fn unsound_ledgers_are_found_out(store) {
        store.put(50, vec![put_agency("a", None), put_system("s", "a")]).await;
        let id = store.reserve(1).await;
        store.add(60, vec![document(id, 1, 60)], vec![binding(id, "s", 60)]).await;
        assert_eq!(store.reader().integrity_check().await.expect("a check"), Vec::<String>::new());
        store.tamper("UPDATE evidence SET pack = 'packs/lost'").await;
        store.tamper("UPDATE binding SET system = 'ghost'").await;
        store.tamper("UPDATE counter SET next = 1 WHERE name = 'document'").await;
        store.tamper("UPDATE document SET state = 'purged'").await;
        store.tamper("UPDATE registry SET owner = 'nobody' WHERE kind = 'system'").await;
        let faults = store.reader().integrity_check().await.expect("a check");
        assert_eq!(faults, [
            "evidence lies in a pack that does not count: packs/lost",
            "a binding leads to a system that never was: ghost",
            "a document's number was never given out: 1",
            "a system belongs to an agency that is not there: s",
            "a document is purged although its evidence is not: 1",
            "a row of system s contradicts itself",
            "system s of revision 1 is not what the audit chain says",
            "the state of document D1 is not what the audit chain says",
            "bindings of revision 2 are not what the audit chain says",
        ]);
    }
}

#[tokio::test]
async fn a_backup_is_a_whole_ledger_taken_while_others_write() {
    let store = Store::sqlite().await;
    store.put(50, vec![put_agency("a", None), put_system("s", "a")]).await;
    let copy = store.folder().join("copy.sqlite");
    // A writer is in the middle of something.
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(store.address());
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("the file opens");
    let other = pool.begin_with("BEGIN IMMEDIATE").await.expect("its turn");
    store.reader().backup_to(&copy).await.expect("a copy");
    drop(other);
    pool.close().await;
    assert_eq!(code(store.reader().backup_to(&copy).await), "backup-exists");
    assert_eq!(code(store.ledger.reader(Viewer::Stranger, NOW).backup_to(&copy).await), "not-allowed");
    let restored = Ledger::open(&Location::Sqlite(copy), &Limits::default()).await.expect("the copy opens");
    let reader = restored.operator_reader();
    assert_eq!(reader.integrity_check().await.expect("a check"), Vec::<String>::new());
    let same = store.reader().snapshot(Timestamp(60)).await.expect("a snapshot");
    assert_eq!(reader.snapshot(Timestamp(60)).await.expect("a snapshot"), same);
}

#[tokio::test]
async fn postgres_says_how_it_is_backed_up() {
    if let Some(store) = Store::postgres().await {
        let error = store.reader().backup_to(&store.folder().join("copy")).await.expect_err("unsupported");
        assert_eq!(error.code(), "unsupported");
        assert!(error.to_string().contains("pg_dump"));
        store.finish().await;
    }
}
