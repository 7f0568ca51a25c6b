// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Cases of disclosure: in a compartment always, append-only, told as of any moment, checked against the chain.

use underpin_ledger::{Follows, LedgerError, NewDisclosure, NewDisclosureEvent};
use underpin_model::engagement::{DisclosureAct, DisclosureId, StatedContact};
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};

use crate::access::government;
use crate::fixture::{NOW, Store, code, on_both};

fn new(title: &str, compartment: &str) -> NewDisclosure {
    NewDisclosure {
        project: "github.com/log/log".to_owned(),
        title: title.to_owned(),
        compartment: compartment.to_owned(),
    }
}

/// Nothing twice; an embargo ends where the public knows.
fn follows() -> Follows<'static> {
    Box::new(|record, event| match record.events.iter().any(|other| other.what == event.what) {
        true => Err("it has happened already".to_owned()),
        false if event.what == DisclosureAct::PublicAware => Ok(vec![DisclosureAct::EmbargoTerminate]),
        false => Ok(Vec::new()),
    })
}

async fn note(
    store: &Store,
    viewer: Viewer,
    at: i64,
    id: DisclosureId,
    what: DisclosureAct,
) -> Result<i64, LedgerError> {
    let new = NewDisclosureEvent { what, until: None, note: " seen ".to_owned() };
    store.ledger.writer("ada", viewer).note_disclosure(Timestamp(at), id, new, follows()).await
}

fn member(role: Role, reach: Reach, compartments: &[&str]) -> Viewer {
    Viewer::Member {
        grants: vec![Grant { role, reach }],
        clearance: Classification::Internal,
        compartments: compartments.iter().map(|name| (*name).to_owned()).collect(),
    }
}

on_both! {
    async fn what_happened_is_told_as_of_any_moment(store) {
        government(store).await;
        let writer = store.writer();
        let id = writer.open_disclosure(Timestamp(100), new("The lamp", "lantern")).await.expect("opened");
        note(store, Viewer::Operator, 200, id, DisclosureAct::VendorAware).await.expect("noted");
        note(store, Viewer::Operator, 300, id, DisclosureAct::PublicAware).await.expect("noted");
        assert_eq!(code(note(store, Viewer::Operator, 310, id, DisclosureAct::PublicAware).await), "invalid-disclosure");
        let nothing = DisclosureId(id.0 + 1);
        assert_eq!(code(note(store, Viewer::Operator, 310, nothing, DisclosureAct::FixReady).await), "unknown-disclosure");
        for (at, expected) in [
            (90, vec![]),
            (150, vec![""]),
            (250, vec!["vendor-aware"]),
            (350, vec!["vendor-aware public-aware embargo-terminate!"]),
        ] {
            let seen = store.reader().disclosures(Timestamp(at)).await.expect("cases");
            let told: Vec<String> = seen.iter().map(|record| {
                let word = |event: &underpin_model::engagement::DisclosureEvent| {
                    format!("{}{}", event.what.as_str(), if event.is_by_itself { "!" } else { "" })
                };
                record.events.iter().map(word).collect::<Vec<_>>().join(" ")
            }).collect();
            assert_eq!(told, expected, "{at}");
        }
        let record = store.reader().disclosures(NOW).await.expect("cases").remove(0);
        assert_eq!((record.events[0].note.as_str(), record.events[0].actor.as_str()), ("seen", "ada"));
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE disclosure_event SET moment = 1 WHERE position = 1").await;
        let expected = format!("disclosure {id} is not what the audit chain says");
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), [expected]);
    }

    async fn how_a_project_is_approached_in_a_case_is_for_its_compartment(store) {
        government(store).await;
        let everywhere = |role, compartments| member(role, Reach::Government, compartments);
        let writer = store.writer();
        let id = writer.open_disclosure(Timestamp(100), new("The lamp", "lantern")).await.expect("opened");
        note(store, Viewer::Operator, 150, id, DisclosureAct::VendorAware).await.expect("noted");
        let door = |address: &str| StatedContact { private_report: Some(address.to_owned()), ..StatedContact::default() };
        for (viewer, expected) in [
            (everywhere(Role::Analyst, &["lantern"]), ""),
            (everywhere(Role::Analyst, &["other"]), "unknown-disclosure"),
            (member(Role::Owner, Reach::Agency("police".into()), &["lantern"]), "not-allowed"),
        ] {
            let writer = store.ledger.writer("ada", viewer.clone());
            let result = writer.note_case_contact(Timestamp(200), id, door("https://lamp.example/door")).await;
            assert_eq!(if result.is_ok() { "" } else { code(result) }, expected, "{viewer:?}");
        }
        note(store, Viewer::Operator, 250, id, DisclosureAct::FixReady).await.expect("noted after it");
        for (contact, expected) in [
            (StatedContact::default(), "invalid-disclosure"),
            (StatedContact { is_opted_out: Some(true), ..StatedContact::default() }, "invalid-disclosure"),
            (door(" "), "invalid-disclosure"),
            (door("a\nb"), "invalid-disclosure"),
            (door(&"x".repeat(2_001)), "too-long"),
        ] {
            assert_eq!(code(writer.note_case_contact(Timestamp(300), id, contact).await), expected);
        }
        let seen = store.reader().disclosures(Timestamp(190)).await.expect("cases").remove(0);
        assert_eq!((seen.events.len(), seen.contacts.len()), (1, 0), "as of a moment before");
        let seen = store.reader().disclosures(NOW).await.expect("cases").remove(0);
        assert_eq!((seen.events.len(), seen.contacts.len(), seen.contacts[0].actor.as_str()), (2, 1, "ada"));
        let trail = format!("{:?}", store.reader().audit(50, None).await.expect("a trail"));
        assert!(!trail.contains("lamp.example"), "{trail}");
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
    }

    async fn who_is_not_let_in_learns_nothing(store) {
        government(store).await;
        let everywhere = |role, compartments| member(role, Reach::Government, compartments);
        for (viewer, expected) in [
            (everywhere(Role::Analyst, &[]), "not-allowed"),
            (everywhere(Role::Owner, &["lantern"]), "not-allowed"),
            (Viewer::Stranger, "not-allowed"),
        ] {
            let writer = store.ledger.writer("carl", viewer.clone());
            assert_eq!(code(writer.open_disclosure(NOW, new("The lamp", "lantern")).await), expected, "{viewer:?}");
        }
        let ada = store.ledger.writer("ada", everywhere(Role::Analyst, &["lantern"]));
        let id = ada.open_disclosure(Timestamp(100), new("The lamp", "lantern")).await.expect("opened");
        let other = ada.open_disclosure(Timestamp(110), new("The wick", "lantern")).await.expect("opened");
        assert!(id.0 > 100_000_000 && other.0 > 100_000_000 && other.0 != id.0 + 1, "{id} {other}: numbers follow on nothing");
        for (viewer, seen, noted) in [
            (everywhere(Role::Analyst, &["lantern"]), 2, ""),
            (everywhere(Role::Analyst, &["other"]), 0, "unknown-disclosure"),
            (everywhere(Role::Auditor, &[]), 0, "unknown-disclosure"),
            (everywhere(Role::Administrator, &["lantern"]), 0, "unknown-disclosure"),
            (member(Role::Owner, Reach::Agency("police".into()), &["lantern"]), 2, "not-allowed"),
            (Viewer::Stranger, 0, "not-allowed"),
        ] {
            let records = store.ledger.reader(viewer.clone(), NOW).disclosures(NOW).await.expect("cases");
            assert_eq!(records.len(), seen, "{viewer:?}");
            let result = note(store, viewer.clone(), 200, id, DisclosureAct::VendorAware).await;
            assert_eq!(if result.is_ok() { "" } else { code(result) }, noted, "{viewer:?}");
        }
        for (title, compartment) in [("", "lantern"), ("The lamp", ""), (" x", "lantern"), ("a\nb", "lantern")] {
            let refused = store.writer().open_disclosure(NOW, new(title, compartment)).await;
            assert_eq!(code(refused), "invalid-disclosure", "{title:?} {compartment:?}");
        }
        let trail = format!("{:?}", store.reader().audit(50, None).await.expect("a trail"));
        for word in ["lamp", "wick", "lantern", "log/log", "vendor"] {
            assert!(!trail.contains(word), "{word}: {trail}");
        }
        let entries = store.ledger.reader(everywhere(Role::Auditor, &["other"]), NOW).trail(100, None, None).await;
        assert!(entries.expect("a trail").entries.iter().all(|entry| !entry.subject.starts_with("disclosure")));
    }
}

/// What version 12 added: a way to the project that is for the compartment alone.
pub async fn contact(store: &Store) {
    let door =
        StatedContact { private_report: Some("https://zlib.example/door".to_owned()), ..StatedContact::default() };
    let id = store.reader().disclosures(NOW).await.expect("cases")[0].id;
    store.writer().note_case_contact(Timestamp(986), id, door).await.expect("noted");
}

/// What schema 10 added: a case with two events.
pub async fn some(store: &Store) {
    let id = store.writer().open_disclosure(Timestamp(970), new("The lamp", "lantern")).await.expect("opened");
    for (at, what) in [(980, DisclosureAct::VendorAware), (990, DisclosureAct::FixReady)] {
        note(store, Viewer::Operator, at, id, what).await.expect("noted");
    }
}
