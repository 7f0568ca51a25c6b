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

    async fn a_changed_entry_shows(store) {
        some_writes(store).await;
        store.tamper("UPDATE audit SET actor = 'somebody' WHERE sequence = 2").await;
        let check = store.reader().verify_audit().await.expect("a check");
        assert_eq!(check, AuditCheck { entries: 1, first_broken: Some(2) });
        let faults = store.reader().integrity_check().await.expect("a check");
        assert_eq!(faults, ["the audit chain is broken at entry 2"]);
    }

    async fn a_missing_entry_shows(store) {
        some_writes(store).await;
        store.tamper("DELETE FROM audit WHERE sequence = 3").await;
        let check = store.reader().verify_audit().await.expect("a check");
        assert_eq!(check, AuditCheck { entries: 2, first_broken: Some(3) });
    }

    async fn a_missing_end_shows(store) {
        some_writes(store).await;
        store.tamper("DELETE FROM audit WHERE sequence = 4").await;
        let check = store.reader().verify_audit().await.expect("a check");
        assert_eq!(check, AuditCheck { entries: 3, first_broken: Some(4) });
    }

    async fn an_empty_chain_is_sound(store) {
        let check = store.reader().verify_audit().await.expect("a check");
        assert_eq!(check, AuditCheck { entries: 0, first_broken: None });
    }
}
