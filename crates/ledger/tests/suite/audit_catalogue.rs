// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whatever is changed past the ledger in documents, bindings, purges, settings and the log of reads is found.

use underpin_ledger::{PackRecord, PackSwap, PurgeWork, ReadNote, ReadsCheck};
use underpin_model::{DocumentId, DocumentRecord, Timestamp, Viewer};

use crate::fixture::{Store, binding, document, hash, located, on_both, put_agency, put_system};

const TABLES: [&str; 6] = ["document", "binding", "evidence", "companion", "purge", "setting"];

fn note(at: i64, subject: &str) -> ReadNote {
    let (actor, kind) = ("ada".to_owned(), "export".to_owned());
    ReadNote { at: Timestamp(at), actor, kind, subject: subject.to_owned(), rows: 7 }
}

/// Batches, bindings of their own and their ends, a purge, and settings.
async fn some_writes(store: &Store) {
    store.put(50, vec![put_agency("a", None), put_system("s", "a"), put_system("t", "a")]).await;
    let first = store.reserve(3).await;
    let with = DocumentRecord { companions: vec![("go.sum".to_owned(), hash(9))], ..document(first + 1, 2, 100) };
    let bindings = vec![binding(first, "s", 100), binding(first + 1, "t", 100)];
    store.add(100, vec![document(first, 1, 100), with], bindings).await;
    store.add(110, vec![document(first + 2, 3, 110)], vec![binding(first + 2, "s", 110)]).await;
    let (writer, other) = (store.writer(), store.ledger.writer("auditor", Viewer::Operator));
    writer.bind(Timestamp(120), binding(first, "t", 120)).await.expect("bound");
    writer.unbind(Timestamp(130), DocumentId(first), &"s".into(), None).await.expect("unbound");
    writer.set_setting(Timestamp(140), "region", Some("north")).await.expect("set");
    writer.set_setting(Timestamp(141), "region", Some("south")).await.expect("set");
    writer.set_setting(Timestamp(142), "old", Some("x")).await.expect("set");
    writer.set_setting(Timestamp(143), "old", None).await.expect("taken away");
    let purge = writer.request_purge(Timestamp(150), hash(3), "a private key").await.expect("requested");
    other.approve_purge(Timestamp(151), purge).await.expect("approved");
    let new = PackRecord { name: "packs/two".to_owned(), bytes: 500 };
    let moved = [1, 2, 9].into_iter().map(|number| located(hash(number), "packs/two")).collect();
    let packs = vec![PackSwap { old: "packs/one".to_owned(), new: Some(new), moved }];
    writer.execute_purge(Timestamp(152), purge, PurgeWork { packs, ..PurgeWork::default() }).await.expect("purged");
    writer.request_purge(Timestamp(160), hash(2), "a name").await.expect("requested");
}

on_both! {
    async fn what_is_changed_past_the_ledger_shows(store) {
        some_writes(store).await;
        let compare = async || store.reader().compare_with_audit().await.expect("a comparison");
        assert_eq!(compare().await, Vec::<String>::new());
        for (statement, first) in [
            ("UPDATE binding SET system = 't' WHERE document = 3", "bindings of revision 3 "),
            ("UPDATE binding SET bound_from = 99 WHERE document = 2", "bindings of revision 2 "),
            ("UPDATE binding SET origin = 'rule' WHERE document = 1 AND system = 't'", "bindings of revision 4 "),
            ("UPDATE binding SET bound_until = 131 WHERE bound_until = 130", "bindings of revision 5 "),
            ("DELETE FROM binding WHERE revision_until = 5", "bindings of revision 2 "),
            ("DELETE FROM binding WHERE bound_until = 130", "bindings of revision 5 "),
            ("INSERT INTO binding VALUES (2, 's', '', 'command', 100, 9223372036854775807, 4, 9223372036854775807)",
                "bindings of revision 4 "),
            ("UPDATE document SET path = 'another' WHERE id = 2", "documents of revision 2 "),
            ("UPDATE document SET uploader = 'a' WHERE id = 1", "documents of revision 2 "),
            ("UPDATE document SET learned = 1 WHERE id = 1", "documents of revision 2 "),
            ("DELETE FROM document WHERE id = 2", "documents of revision 2 "),
            ("UPDATE document SET evidence = (SELECT evidence FROM document AS other WHERE other.id = 1) WHERE id = 2",
                "document D2 is another one"),
            ("DELETE FROM companion", "document D2 is another one"),
            ("DELETE FROM evidence WHERE id = (SELECT evidence FROM document WHERE id = 1)",
                "an original of document D1 is not there"),
            ("UPDATE evidence SET purged = 0", "whether evidence "),
            ("UPDATE evidence SET purged = 1", "whether evidence "),
            ("UPDATE purge SET reason = 'nothing' WHERE id = 2", "purge 2 is not"),
            ("UPDATE purge SET approved_by = 'registrar' WHERE id = 1", "purge 1 is not"),
            ("UPDATE purge SET approved_by = 'auditor', approved = 161 WHERE id = 2", "purge 2 is not"),
            ("UPDATE purge SET executed = NULL WHERE id = 1", "purge 1 is not"),
            ("DELETE FROM purge WHERE id = 2", "purge 2 is not"),
            ("UPDATE setting SET body = 'north' WHERE name = 'region'", "setting region is not"),
            ("DELETE FROM setting WHERE name = 'region'", "setting region is not"),
            ("INSERT INTO setting VALUES ('old', 'x')", "setting old is not"),
            ("INSERT INTO setting VALUES ('new', 'x')", "setting new is not"),
        ] {
            for table in TABLES {
                store.tamper(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
            }
            if !store.address().starts_with("postgres") || !statement.starts_with("DELETE FROM") {
                store.tamper(statement).await;
                let found = compare().await;
                assert!(found.iter().any(|one| one.starts_with(first)), "{statement}: {found:?}");
                assert!(store.reader().verify_audit().await.expect("a check").first_broken.is_none());
            }
            back(store).await;
            assert_eq!(compare().await, Vec::<String>::new(), "{statement}");
        }
    }

    async fn notes_of_reading_stand_in_the_chain(store) {
        let (door, reader) = (store.ledger.door(), store.ledger.operator_reader());
        let day = Timestamp::DAY_US;
        door.note_reads(&[note(10, "a"), note(20, "b"), note(day + 10, "c"), note(day + 20, "d")]).await.expect("noted");
        door.note_reads(&[note(day + 30, "e")]).await.expect("noted");
        let stretches: Vec<_> = reader.audit_of("log of reads").await.expect("entries").into_iter().map(|entry| {
            let after: serde_json::Value = serde_json::from_str(&entry.after.unwrap_or_default()).expect("JSON");
            (entry.action, entry.revision, after["first"].as_i64(), after["last"].as_i64())
        }).collect();
        let seal = |first, last| ("seal-reads".to_owned(), 0, Some(first), Some(last));
        assert_eq!(stretches, [seal(1, 2), seal(3, 4), seal(5, 5)], "a day each, and no new revision");
        let check = reader.verify_audit().await.expect("a check");
        assert_eq!((check.entries, check.first_broken), (3, None));
        let sound = ReadsCheck { sound: 5, ..ReadsCheck::default() };
        assert_eq!(reader.check_reads().await.expect("checked"), sound);
        for (statement, expected) in [
            ("UPDATE read_note SET actor = 'eve' WHERE number = 3",
                &["the notes 3 to 4 of the log of reads are not what the audit chain says"][..]),
            ("UPDATE read_note SET read_rows = 0 WHERE number = 5",
                &["the notes 5 to 5 of the log of reads are not what the audit chain says"]),
            ("DELETE FROM read_note WHERE number = 1", &["the log of reads has 4 notes, and should have 5",
                "of the notes 1 to 2 of the log of reads 1 are missing, and no rule took them"]),
            ("DELETE FROM read_note", &["the log of reads has 0 notes, and should have 5",
                "of the notes 1 to 2 of the log of reads 2 are missing, and no rule took them",
                "of the notes 3 to 4 of the log of reads 2 are missing, and no rule took them",
                "of the notes 5 to 5 of the log of reads 1 are missing, and no rule took them"]),
            ("INSERT INTO read_note SELECT 6, moment, actor, kind, subject, read_rows FROM read_note WHERE number = 5",
                &["the log of reads has 6 notes, and should have 5",
                "the audit chain does not tell of note 6 of the log of reads"]),
            // The counter is set back, so that numbers would look whole.
            ("UPDATE counter SET next = 5 WHERE name = 'read_note'", &[]),
        ] {
            store.tamper("CREATE TABLE kept_read_note AS SELECT * FROM read_note").await;
            store.tamper(statement).await;
            assert_eq!(reader.compare_with_audit().await.expect("compared"), expected, "{statement}");
            for statement in ["DELETE FROM read_note", "INSERT INTO read_note SELECT * FROM kept_read_note",
                "DROP TABLE kept_read_note", "UPDATE counter SET next = 6 WHERE name = 'read_note'"] {
                store.tamper(statement).await;
            }
            assert_eq!(reader.compare_with_audit().await.expect("compared"), Vec::<String>::new());
        }
    }

    async fn notes_that_a_rule_took_are_told_from_missing_ones(store) {
        let (door, reader) = (store.ledger.door(), store.ledger.operator_reader());
        let day = Timestamp::DAY_US;
        door.note_reads(&[note(10, "a"), note(20, "b"), note(day + 10, "c"), note(day + 20, "d")]).await.expect("noted");
        // The rule never takes a part of what stands in the chain as one.
        assert_eq!(door.forget_reads(Timestamp(2 * day), Timestamp(20)).await.expect("looked"), 0);
        assert_eq!(door.forget_reads(Timestamp(2 * day), Timestamp(day)).await.expect("gone"), 2);
        let told = ReadsCheck { sound: 2, gone_by_rule: 2, ..ReadsCheck::default() };
        assert_eq!(reader.check_reads().await.expect("checked"), told);
        store.tamper("DELETE FROM read_note WHERE number = 4").await;
        let check = reader.check_reads().await.expect("checked");
        assert_eq!((check.sound, check.gone_by_rule, check.differences.len()), (0, 2, 2), "{check:?}");
        // Notes from before the chain told of them are only counted.
        store.tamper("DELETE FROM read_note").await;
        store.tamper("DELETE FROM audit").await;
        store.tamper("UPDATE counter SET next = 3 WHERE name = 'read_note'").await;
        for number in [1, 2] {
            store.tamper(&format!("INSERT INTO read_note VALUES ({number}, 1, 'ada', 'sql', 'list sql', 0)")).await;
        }
        let check = reader.check_reads().await.expect("checked");
        assert_eq!(check, ReadsCheck { unsealed: 2, ..ReadsCheck::default() });
    }
}

/// Undoes what was changed past the ledger.
async fn back(store: &Store) {
    // Originals go last and come first: rows of other tables point at them.
    for table in ["companion", "binding", "purge", "setting"] {
        store.tamper(&format!("DELETE FROM {table}")).await;
    }
    let is_postgres = store.address().starts_with("postgres");
    if is_postgres {
        for column in ["path", "uploader", "learned", "evidence"] {
            let sql = format!(
                "UPDATE document SET {column} = kept.{column} FROM kept_document AS kept WHERE kept.id = document.id"
            );
            store.tamper(&sql).await;
        }
        store
            .tamper("UPDATE evidence SET purged = kept.purged FROM kept_evidence AS kept WHERE kept.id = evidence.id")
            .await;
    } else {
        for table in ["document", "evidence"] {
            store.tamper(&format!("DELETE FROM {table}")).await;
            store.tamper(&format!("INSERT INTO {table} SELECT * FROM kept_{table}")).await;
        }
    }
    for table in ["companion", "binding", "purge", "setting"] {
        store.tamper(&format!("INSERT INTO {table} SELECT * FROM kept_{table}")).await;
    }
    for table in TABLES {
        store.tamper(&format!("DROP TABLE kept_{table}")).await;
    }
}
