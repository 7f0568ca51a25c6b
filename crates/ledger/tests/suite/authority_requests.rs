// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The log of requests of authorities: append-only, seen by who leads or audits there, written by who leads.

use underpin_model::clocks::ClockEvidence;
use underpin_model::law::AuthorityEvent;
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};

use crate::access::government;
use crate::fixture::{NOW, Store, code, on_both};

fn asked(authority: &str, agency: Option<&str>) -> AuthorityEvent {
    AuthorityEvent::Asked {
        authority: authority.to_owned(),
        about: "the policy".to_owned(),
        at: Timestamp(90),
        agency: agency.map(Into::into),
        reference: "A-1".to_owned(),
        due: Some(Timestamp(500)),
    }
}

fn answered() -> AuthorityEvent {
    let evidence = vec![ClockEvidence { name: "policy.pdf".to_owned(), sha256: String::new() }];
    AuthorityEvent::Answered { at: Timestamp(95), with: "the policy document".to_owned(), evidence }
}

fn member(role: Role, reach: Reach) -> Viewer {
    let grants = vec![Grant { role, reach }];
    Viewer::Member { grants, clearance: Classification::Internal, compartments: Vec::new() }
}

async fn seen(store: &Store, viewer: Viewer) -> Vec<(i64, usize)> {
    let found = store.ledger.reader(viewer, NOW).authority_requests(NOW).await.expect("requests");
    found.into_iter().map(|record| (record.request, record.events.len())).collect()
}

/// One request, for the fixture.
pub async fn some(store: &Store) {
    let writer = store.writer();
    let request = writer.note_authority_request(Timestamp(975), asked("Agency of markets", None)).await.expect("noted");
    writer.note_authority_event(Timestamp(976), request, answered()).await.expect("noted");
}

/// The same, read: how much happened to each.
pub async fn told(ledger: &underpin_ledger::Ledger) -> Vec<usize> {
    let found = ledger.operator_reader().authority_requests(Timestamp(1_000)).await.expect("requests");
    found.into_iter().map(|record| record.events.len()).collect()
}

on_both! {
    async fn a_request_keeps_all_that_happened_to_it(store) {
        government(store).await;
        let writer = store.writer();
        let first = writer.note_authority_request(Timestamp(100), asked("one", None)).await.expect("noted");
        let second = writer.note_authority_request(Timestamp(101), asked("two", Some("interior"))).await.expect("noted");
        writer.note_authority_event(Timestamp(110), first, answered()).await.expect("noted");
        let remark = AuthorityEvent::Remark { text: "it was by mail".to_owned() };
        writer.note_authority_event(Timestamp(120), first, remark).await.expect("noted");
        let found = store.reader().authority_requests(Timestamp(110)).await.expect("requests");
        assert_eq!(found.iter().map(|one| (one.request, one.events.len())).collect::<Vec<_>>(), [(first, 2), (second, 1)]);
        assert_eq!(seen(store, Viewer::Operator).await, [(first, 3), (second, 1)]);
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE authority_request SET moment = 1 WHERE number = 1").await;
        let wrong = store.reader().compare_with_audit().await.expect("compared");
        assert_eq!(wrong, ["authority-request 1 is not what the audit chain says"]);
    }

    async fn who_leads_writes_and_who_leads_or_audits_sees(store) {
        government(store).await;
        let writer = store.writer();
        let office = writer.note_authority_request(Timestamp(100), asked("one", None)).await.expect("noted");
        let own = writer.note_authority_request(Timestamp(101), asked("two", Some("interior"))).await.expect("noted");
        let interior = || Reach::Agency("interior".into());
        for (viewer, sees, writes) in [
            (member(Role::Officer, Reach::Government), vec![office, own], ["", ""]),
            (member(Role::Auditor, Reach::Government), vec![office, own], ["not-allowed", "not-allowed"]),
            (member(Role::Officer, interior()), vec![own], ["unknown-authority-request", ""]),
            (member(Role::Owner, interior()), vec![], ["unknown-authority-request"; 2]),
            (member(Role::Reader, Reach::Government), vec![], ["unknown-authority-request"; 2]),
            (Viewer::Stranger, vec![], ["not-allowed"; 2]),
        ] {
            let found: Vec<i64> = seen(store, viewer.clone()).await.into_iter().map(|(request, _)| request).collect();
            assert_eq!(found, sees, "{viewer:?}");
            for (request, expected) in [office, own].into_iter().zip(writes) {
                let writer = store.ledger.writer("ada", viewer.clone());
                let said = writer.note_authority_event(Timestamp(110), request, answered()).await;
                assert_eq!(said.map_or_else(|error| error.code(), |_| ""), expected, "{viewer:?} {request}");
            }
        }
    }

    async fn what_says_nothing_is_refused(store) {
        government(store).await;
        let writer = store.writer();
        let late = AuthorityEvent::Answered { at: Timestamp(101), with: "a".to_owned(), evidence: Vec::new() };
        let empty = AuthorityEvent::Remark { text: " ".to_owned() };
        let long = AuthorityEvent::Remark { text: "x".repeat(4_001) };
        for (event, expected) in [
            (asked(" ", None), "invalid-authority-request"),
            (asked("a\nb", None), "invalid-authority-request"),
            (asked(&"x".repeat(501), None), "too-long"),
            (asked("a", Some("none")), "unknown-agency"),
            (answered(), "invalid-authority-request"),
        ] {
            assert_eq!(code(writer.note_authority_request(Timestamp(100), event).await), expected);
        }
        let request = writer.note_authority_request(Timestamp(100), asked("a", None)).await.expect("noted");
        for (event, expected) in [
            (late, "invalid-authority-request"),
            (empty, "invalid-authority-request"),
            (long, "too-long"),
            (asked("a", None), "invalid-authority-request"),
        ] {
            assert_eq!(code(writer.note_authority_event(Timestamp(100), request, event).await), expected);
        }
        assert_eq!(code(writer.note_authority_event(Timestamp(100), 99, answered()).await), "unknown-authority-request");
    }
}
