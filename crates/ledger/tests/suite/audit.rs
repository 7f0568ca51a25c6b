// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The audit chain: it says everything, and shows when somebody touched it.

use underpin_ledger::{AuditCheck, RegistryChange};
use underpin_model::registry::Classification;
use underpin_model::{DocumentState, Timestamp, Viewer};

use crate::fixture::{Store, document, on_both, put_agency, put_system, system};

async fn some_writes(store: &Store) {
    store.put(100, vec![put_agency("a", None), put_system("s", "a")]).await;
    let id = store.reserve(1).await;
    store.add(200, vec![document(id, 1, 200)], vec![crate::fixture::binding(id, "s", 200)]).await;
    let auditor = store.ledger.writer("auditor", Viewer::Operator);
    let id = underpin_model::DocumentId(id);
    auditor.set_state(Timestamp(300), id, DocumentState::Retracted, "mix-up").await.expect("retracted");
}

on_both! {
    async fn every_write_says_who_what_before_and_after(store) {
        some_writes(store).await;
        let chain = store.reader().audit(10, None).await.expect("the chain");
        let told: Vec<_> = chain
            .iter()
            .rev()
            .map(|entry| (entry.sequence, entry.revision, entry.at.0, entry.actor.as_str(), entry.action.as_str(), entry.subject.as_str()))
            .collect();
        assert_eq!(told, [
            (1, 1, 100, "registrar", "put", "agency a"),
            (2, 1, 100, "registrar", "put", "system s"),
            (3, 2, 200, "registrar", "add", "batch"),
            (4, 3, 300, "auditor", "set-state", "document D1"),
        ]);
        let last = &chain[0];
        assert_eq!(last.before.as_deref(), Some(r#"{"reason":"","state":"accepted"}"#));
        assert_eq!(last.after.as_deref(), Some(r#"{"reason":"mix-up","state":"retracted"}"#));
        assert_eq!(last.previous, chain[1].hash);
        let page = store.reader().audit(2, Some(4)).await.expect("a page");
        assert_eq!(page.iter().map(|entry| entry.sequence).collect::<Vec<_>>(), [3, 2]);
        assert_eq!(store.reader().audit_of("system s").await.expect("its entries").len(), 1);
        let check = store.reader().verify_audit().await.expect("a check");
        assert_eq!(check, AuditCheck { entries: 4, first_broken: None });
    }

    async fn whatever_is_done_to_the_chain_shows(store) {
        some_writes(store).await;
        let copy = "revision, moment, actor, action, subject, before_value, after_value, previous, hash FROM audit";
        let cases: [(&[&str], u64, i64); 13] = [
            (&["UPDATE audit SET actor = 'somebody' WHERE sequence = 2"], 1, 2),
            (&["UPDATE audit SET moment = moment + 1 WHERE sequence = 1"], 0, 1),
            (&["UPDATE audit SET after_value = NULL WHERE sequence = 4"], 3, 4),
            (&["UPDATE audit SET before_value = '' WHERE sequence = 1"], 0, 1),
            (&["UPDATE audit SET hash = previous WHERE sequence = 3"], 2, 3),
            // Two entries change places.
            (&["UPDATE audit SET sequence = 9 WHERE sequence = 2", "UPDATE audit SET sequence = 2 WHERE sequence = 3",
                "UPDATE audit SET sequence = 3 WHERE sequence = 9"], 1, 2),
            (&["DELETE FROM audit WHERE sequence = 1"], 0, 1),
            (&["DELETE FROM audit WHERE sequence = 3"], 2, 3),
            (&["DELETE FROM audit WHERE sequence = 4"], 3, 4),
            (&["DELETE FROM audit"], 0, 1),
            (&["INSERT INTO audit SELECT 0, {} WHERE sequence = 1"], 0, 1),
            (&["INSERT INTO audit SELECT 5, {} WHERE sequence = 4"], 4, 5),
            // The end is cut off, and the state row says so.
            (&["DELETE FROM audit WHERE sequence = 4", "UPDATE ledger_state SET audit_sequence = 3, revision = 2, \
                audit_hash = (SELECT hash FROM audit WHERE sequence = 3)"], 3, 4),
        ];
        for (statements, entries, broken) in cases {
            store.tamper("CREATE TABLE kept AS SELECT * FROM audit").await;
            store.tamper("CREATE TABLE kept_state AS SELECT * FROM ledger_state").await;
            for statement in statements {
                store.tamper(&statement.replace("{}", copy)).await;
            }
            let check = store.reader().verify_audit().await.expect("a check");
            assert_eq!(check, AuditCheck { entries, first_broken: Some(broken) }, "{statements:?}");
            let faults = store.reader().integrity_check().await.expect("a check");
            assert_eq!(faults, [format!("the audit chain is broken at entry {broken}")], "{statements:?}");
            for statement in ["DELETE FROM audit", "INSERT INTO audit SELECT * FROM kept", "DELETE FROM ledger_state",
                "INSERT INTO ledger_state SELECT * FROM kept_state", "DROP TABLE kept", "DROP TABLE kept_state"] {
                store.tamper(statement).await;
            }
            assert_eq!(store.reader().verify_audit().await.expect("a check").first_broken, None);
        }
    }

    async fn decisions_changed_past_the_ledger_show(store) {
        some_writes(store).await;
        let later = RegistryChange::PutSystem(system("s", "a", Classification::Secret)).valid_from(Timestamp(900));
        store.put(400, vec![later]).await;
        store.put(500, vec![RegistryChange::EndSystem("s".into())]).await;
        let many = (0..1_200).map(|number| put_system(&format!("many-{number}"), "a")).collect();
        store.put(600, many).await;
        store.put(700, vec![RegistryChange::EndSystem("many-7".into()), put_agency("b", Some("a"))]).await;
        let next = store.reserve(1).await;
        store.add(800, vec![document(next, 2, 800)], vec![]).await;
        let compare = async || store.reader().compare_with_audit().await.expect("a comparison");
        assert_eq!(compare().await, Vec::<String>::new());
        for (statement, first) in [
            ("UPDATE registry SET secrecy = 0 WHERE id = 's'", "a row of system s contradicts itself"),
            ("UPDATE registry SET owner = 'b' WHERE id = 'many-3'", "a row of system many-3 contradicts itself"),
            ("UPDATE registry SET body = REPLACE(body, '\"S\"', '\"X\"') WHERE id = 's'",
                "system s of revision 1 is not what the audit chain says"),
            ("UPDATE registry SET body = REPLACE(body, 'MANY-3\"', 'MINE\"') WHERE id = 'many-3'",
                "the registry of revision 6 is not what the audit chain says"),
            ("UPDATE registry SET valid_from = 899 WHERE valid_from = 900", "system s is two things at once at revision 4"),
            ("UPDATE registry SET valid_from = 901 WHERE valid_from = 900",
                "system s of revision 4 is not what the audit chain says"),
            ("UPDATE registry SET recorded_from = 1 WHERE id = 'b'", "agency b was not changed then, at revision 7"),
            ("UPDATE registry SET revision_until = 9223372036854775807 WHERE id = 'many-7' AND \
                valid_until = 9223372036854775807", "system many-7"),
            ("DELETE FROM registry WHERE id = 'b'", "agency b of revision 7 is not what the audit chain says"),
            ("DELETE FROM registry WHERE id = 'many-9'", "the registry of revision 6 is not what the audit chain says"),
            ("UPDATE document SET state = 'accepted' WHERE id = 1",
                "the state of document D1 is not what the audit chain says"),
            ("UPDATE document SET reason = 'another' WHERE id = 1",
                "the state of document D1 is not what the audit chain says"),
            ("UPDATE document SET state = 'retracted' WHERE id = 2",
                "the state of document D2 is not what the audit chain says"),
        ] {
            for table in ["registry", "document"] {
                store.tamper(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
            }
            store.tamper(statement).await;
            let found = compare().await;
            assert!(found.iter().any(|one| one.starts_with(first)), "{statement}: {found:?}");
            assert!(store.reader().verify_audit().await.expect("a check").first_broken.is_none());
            store.tamper("DELETE FROM registry").await;
            store.tamper("INSERT INTO registry SELECT * FROM kept_registry").await;
            let back = "UPDATE document SET state = (SELECT state FROM kept_document AS kept WHERE kept.id = document.id), \
                        reason = (SELECT reason FROM kept_document AS kept WHERE kept.id = document.id)";
            store.tamper(back).await;
            for table in ["registry", "document"] {
                store.tamper(&format!("DROP TABLE kept_{table}")).await;
            }
            assert_eq!(compare().await, Vec::<String>::new(), "{statement}");
        }
    }

    async fn an_empty_chain_is_sound(store) {
        let check = store.reader().verify_audit().await.expect("a check");
        assert_eq!(check, AuditCheck { entries: 0, first_broken: None });
    }
}
