// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The audit chain: it says everything, and shows when somebody touched it.

use underpin_ledger::AuditCheck;
use underpin_model::{DocumentState, Timestamp, Viewer};

use crate::fixture::{Store, document, on_both, put_agency, put_system};

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

    async fn an_empty_chain_is_sound(store) {
        let check = store.reader().verify_audit().await.expect("a check");
        assert_eq!(check, AuditCheck { entries: 0, first_broken: None });
    }
}
