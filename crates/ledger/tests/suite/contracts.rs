// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Contracts with suppliers: append-only, seen with the system, decided by who decides there, delivered by who hands in there; their keys
//! are good for delivering alone, and end with the contract.

use underpin_ledger::{LedgerError, NewMailKey};
use underpin_model::contracts::{ContractChange, ContractId, ContractTerms};
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::{AgencyId, Classification};
use underpin_model::rounds::{KeyMatter, KeyPurpose};
use underpin_model::{DocumentId, Timestamp, Viewer};

use crate::access::{analyst, government};
use crate::fixture::{NOW, Store, code, on_both};

fn terms(system: &str) -> ContractTerms {
    ContractTerms {
        reference: "2026-114".to_owned(),
        supplier: "Supplier".to_owned(),
        product: "Portal".to_owned(),
        system: system.into(),
        rulebook: "bsi-2.1.0".to_owned(),
        ends: Timestamp(9_000),
    }
}

fn member(role: Role, reach: Reach) -> Viewer {
    Viewer::Member {
        grants: vec![Grant { role, reach }],
        clearance: Classification::Internal,
        compartments: Vec::new(),
    }
}

fn of_agency(role: Role, agency: &str) -> Viewer {
    member(role, Reach::Agency(agency.into()))
}

async fn seen(store: &Store, viewer: Viewer, at: i64) -> Vec<i64> {
    let found = store.ledger.reader(viewer, NOW).contracts(Timestamp(at)).await.expect("contracts");
    found.iter().map(|contract| contract.id.0).collect()
}

async fn open(store: &Store, viewer: Viewer, system: &str) -> Result<ContractId, LedgerError> {
    store.ledger.writer("ada", viewer).open_contract(Timestamp(200), terms(system)).await
}

async fn change(store: &Store, viewer: Viewer, id: i64, what: ContractChange) -> Result<i64, LedgerError> {
    store.ledger.writer("ada", viewer).change_contract(Timestamp(300), ContractId(id), what).await
}

fn waive(until: i64) -> ContractChange {
    ContractChange::Waive { rule: "archive".to_owned(), reason: "agreed".to_owned(), until: Timestamp(until) }
}

fn withdraw(reason: &str) -> ContractChange {
    ContractChange::Withdraw { reason: reason.to_owned() }
}

on_both! {
    async fn contracts_are_seen_with_their_system(store) {
        government(store).await;
        for system in ["open", "hidden", "patrol", "clinic"] {
            open(store, Viewer::Operator, system).await.expect("written down");
        }
        for (viewer, expected) in [
            (Viewer::Operator, vec![1, 2, 3, 4]),
            (Viewer::Stranger, vec![]),
            (analyst(Classification::Secret), vec![1, 2, 3, 4]),
            (analyst(Classification::Internal), vec![1, 4]),
            (of_agency(Role::Reader, "interior"), vec![1]),
            (of_agency(Role::Contributor, "health"), vec![4]),
            (member(Role::Contributor, Reach::System("clinic".into())), vec![4]),
            (of_agency(Role::Administrator, "health"), vec![]),
        ] {
            assert_eq!(seen(store, viewer.clone(), 1_000).await, expected, "{viewer:?}");
        }
        assert_eq!(seen(store, Viewer::Operator, 150).await, Vec::<i64>::new(), "not before it was written down");
    }

    async fn who_decides_writes_and_who_hands_in_delivers(store) {
        government(store).await;
        for (viewer, system, expected) in [
            (of_agency(Role::Owner, "health"), "clinic", ""),
            (of_agency(Role::Contributor, "health"), "clinic", "not-allowed"),
            (of_agency(Role::Owner, "health"), "open", "unknown-system"),
            (of_agency(Role::Owner, "health"), "no-such", "unknown-system"),
            (of_agency(Role::Owner, "interior"), "hidden", "unknown-system"),
            (Viewer::Stranger, "clinic", "not-allowed"),
        ] {
            let found = open(store, viewer.clone(), system).await;
            assert_eq!(found.map_or_else(|error| error.code(), |_| ""), expected, "{viewer:?} {system}");
        }
        let deliver = ContractChange::Deliver { document: DocumentId(4) };
        let contributor = of_agency(Role::Contributor, "health");
        assert_eq!(code(change(store, contributor.clone(), 1, withdraw("over")).await), "not-allowed");
        assert_eq!(code(change(store, of_agency(Role::Reader, "health"), 1, deliver.clone()).await), "not-allowed");
        assert_eq!(code(change(store, of_agency(Role::Owner, "interior"), 1, deliver.clone()).await), "unknown-contract");
        let revision = change(store, contributor.clone(), 1, deliver.clone()).await.expect("delivered");
        assert_eq!(change(store, contributor, 1, deliver).await.expect("once"), revision, "a delivery is told once");
    }

    async fn what_happened_is_told_as_of_any_moment_and_checked_against_the_chain(store) {
        government(store).await;
        let writer = store.writer();
        let id = writer.open_contract(Timestamp(200), terms("open")).await.expect("written down");
        for (at, what) in [
            (300, ContractChange::Deliver { document: DocumentId(1) }),
            (400, waive(5_000)),
            (500, ContractChange::Note { text: "seen together".to_owned() }),
            (600, withdraw("over")),
        ] {
            writer.change_contract(Timestamp(at), id, what).await.expect("noted");
        }
        assert_eq!(code(writer.change_contract(Timestamp(700), id, withdraw("again")).await), "invalid-contract");
        let reader = store.reader();
        for (at, expected) in [(250, (0, 0, 0, false)), (450, (1, 1, 0, false)), (650, (1, 1, 1, true))] {
            let found = reader.contracts(Timestamp(at)).await.expect("contracts").remove(0);
            let told = (found.deliveries.len(), found.waivers.len(), found.notes.len(), found.withdrawn.is_some());
            assert_eq!(told, expected, "{at}");
        }
        assert_eq!(reader.compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE contract_event SET actor = 'eve' WHERE moment = 400").await;
        assert_eq!(reader.compare_with_audit().await.expect("compared"), ["contract S1 is not what the audit chain says"]);
    }

    async fn what_contradicts_itself_is_refused(store) {
        government(store).await;
        for (wrong, expected) in [
            (ContractTerms { ends: Timestamp(200), ..terms("open") }, "invalid-contract"),
            (ContractTerms { supplier: " ".to_owned(), ..terms("open") }, "invalid-contract"),
            (ContractTerms { product: "a\nb".to_owned(), ..terms("open") }, "invalid-contract"),
            (ContractTerms { reference: "x".repeat(301), ..terms("open") }, "too-long"),
        ] {
            assert_eq!(code(store.writer().open_contract(Timestamp(200), wrong).await), expected);
        }
        open(store, Viewer::Operator, "open").await.expect("written down");
        assert_eq!(told(&store.ledger).await, ["S1 0"]);
        for (wrong, expected) in [
            (waive(300), "invalid-contract"),
            (withdraw(" "), "empty-reason"),
            (ContractChange::Note { text: "x".repeat(4_001) }, "too-long"),
        ] {
            assert_eq!(code(change(store, Viewer::Operator, 1, wrong).await), expected);
        }
    }

    async fn nothing_is_delivered_from_the_agreed_day_on(store) {
        government(store).await;
        let writer = store.writer();
        let id = writer.open_contract(Timestamp(200), terms("open")).await.expect("written down");
        let deliver = |document| ContractChange::Deliver { document: DocumentId(document) };
        writer.change_contract(Timestamp(8_999), id, deliver(1)).await.expect("in time");
        assert_eq!(code(writer.change_contract(Timestamp(9_000), id, deliver(2)).await), "invalid-contract");
        let note = ContractChange::Note { text: "it came by mail, too late".to_owned() };
        writer.change_contract(Timestamp(9_500), id, note).await.expect("a remark is always good");
        let found = store.reader().contracts(Timestamp(10_000)).await.expect("contracts").remove(0);
        assert_eq!((found.deliveries.len(), found.notes.len()), (1, 1));
    }

    async fn keys_of_a_contract_are_good_for_delivering_alone_and_end_with_it(store) {
        government(store).await;
        let id = open(store, Viewer::Operator, "open").await.expect("written down");
        let door = store.ledger.door();
        let (agency, keys) = (AgencyId::from("interior"), [NewMailKey { digest: [7; 32], purpose: KeyPurpose::Delivery, uses: 2 }]);
        let by = (Timestamp(200), "ada", Timestamp(900));
        door.make_mail_keys(by, (&KeyMatter::Contract(id), &agency, ""), &keys).await.expect("made");
        for (purpose, expected) in [(KeyPurpose::Delivery, true), (KeyPurpose::Upload, false), (KeyPurpose::Answer, false)] {
            let found = door.mail_key(&[7; 32], purpose, Timestamp(300)).await.expect("read");
            assert_eq!(found.map(|key| key.matter), expected.then_some(KeyMatter::Contract(id)), "{purpose:?}");
        }
        let none = underpin_model::incidents::TaskId(0);
        assert_eq!(door.end_keys_of(underpin_ledger::LetterAbout::Task(none)).await.expect("ended"), 0, "of a task alone");
        let trail = format!("{:?}", store.reader().audit(50, None).await.expect("a trail"));
        assert!(trail.contains("contract S1") && trail.contains("make-links") && !trail.contains("0707070707"), "{trail}");
        assert_eq!(door.end_keys_of_contract(id).await.expect("ended"), 1);
        assert_eq!(door.mail_key(&[7; 32], KeyPurpose::Delivery, Timestamp(300)).await.expect("read"), None);
    }

    async fn the_trail_of_a_contract_is_for_who_audits_its_system(store) {
        government(store).await;
        open(store, Viewer::Operator, "hidden").await.expect("written down");
        open(store, Viewer::Operator, "clinic").await.expect("written down");
        for (agency, subject, expected) in
            [("health", "contract S2", 1), ("health", "contract S1", 0), ("interior", "contract S1", 0), ("interior", "contract S2", 0)]
        {
            let reader = store.ledger.reader(of_agency(Role::Auditor, agency), NOW);
            let found = reader.trail(10, None, Some(subject)).await.expect("a trail");
            assert_eq!(found.entries.len(), expected, "{agency} {subject}");
        }
    }
}

/// One contract, for the fixture.
pub async fn some(store: &Store) {
    let id = store.writer().open_contract(Timestamp(960), terms("register")).await.expect("written down");
    let note = ContractChange::Note { text: "seen together".to_owned() };
    store.writer().change_contract(Timestamp(970), id, note).await.expect("noted");
}

/// The same, read.
pub async fn told(ledger: &underpin_ledger::Ledger) -> Vec<String> {
    let found = ledger.operator_reader().contracts(Timestamp(1_000)).await.expect("contracts");
    found.into_iter().map(|one| format!("{} {}", one.id, one.notes.len())).collect()
}
