// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Roles under the law: append-only, seen with the system or the agency, said by who decides there.

use underpin_ledger::LedgerError;
use underpin_model::law_roles::{LawRole, RoleAnswer, RoleFact, RoleLaw, RoleSubject, StatedFact, StatedRole};
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};

use crate::access::government;
use crate::fixture::{NOW, Store, code, on_both};

fn stated(note: &str) -> StatedRole {
    let fact = StatedFact { fact: RoleFact::OwnUseOnly, holds: Some(true), source: "the contract".to_owned() };
    StatedRole { facts: vec![fact], answer: RoleAnswer::Decided, role: Some(LawRole::OwnUse), note: note.to_owned() }
}

fn system(id: &str) -> RoleSubject {
    RoleSubject::System(id.into())
}

fn product(name: &str) -> RoleSubject {
    RoleSubject::Product { agency: "interior".into(), name: name.to_owned() }
}

async fn note(
    store: &Store,
    viewer: Viewer,
    at: i64,
    about: &RoleSubject,
    said: StatedRole,
) -> Result<i64, LedgerError> {
    store.ledger.writer("ada", viewer).note_law_role(Timestamp(at), (about, RoleLaw::Cra), said, None).await
}

async fn seen(store: &Store, viewer: Viewer, at: i64) -> Vec<(RoleSubject, String)> {
    let found = store.ledger.reader(viewer, NOW).law_roles(Timestamp(at)).await.expect("roles");
    found.into_iter().map(|record| (record.subject, record.stated.note)).collect()
}

fn of(role: Role, agency: &str) -> Viewer {
    let grants = vec![Grant { role, reach: Reach::Agency(agency.into()) }];
    Viewer::Member { grants, clearance: Classification::Internal, compartments: Vec::new() }
}

/// One line, for the fixture.
pub async fn some(store: &Store) {
    let agency = RoleSubject::Agency("utilities".into());
    note(store, Viewer::Operator, 970, &agency, stated("all is there")).await.expect("noted");
}

/// The same, read.
pub async fn told(ledger: &underpin_ledger::Ledger) -> Vec<String> {
    let found = ledger.operator_reader().law_roles(Timestamp(1_000)).await.expect("roles");
    found.into_iter().map(|record| record.stated.note).collect()
}

on_both! {
    async fn a_later_answer_erases_none(store) {
        government(store).await;
        note(store, Viewer::Operator, 100, &product("forms"), stated("first")).await.expect("noted");
        note(store, Viewer::Operator, 200, &product("forms"), stated("second")).await.expect("noted");
        let told = |note: &str| (product("forms"), note.to_owned());
        assert_eq!(seen(store, Viewer::Operator, 150).await, [told("first")]);
        assert_eq!(seen(store, Viewer::Operator, 999).await, [told("first"), told("second")]);
        let found = store.reader().law_roles(NOW).await.expect("roles");
        assert_eq!((found[1].stated.clone(), found[1].actor.as_str(), found[1].moment), (stated("second"), "ada", Timestamp(200)));
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE law_role SET actor = 'eve' WHERE number = 1").await;
        let wrong = store.reader().compare_with_audit().await.expect("compared");
        assert_eq!(wrong, ["law-role product interior forms is not what the audit chain says"]);
    }

    async fn answers_that_rest_on_an_older_list_drop_nothing(store) {
        government(store).await;
        let about = product("forms");
        let said = |at, read_at| {
            let writer = store.ledger.writer("ada", Viewer::Operator);
            let about = about.clone();
            async move { writer.note_law_role(Timestamp(at), (&about, RoleLaw::Cra), stated("said"), Some(read_at)).await }
        };
        let first = said(100, 0).await.expect("the first");
        assert_eq!(code(said(110, 0).await), "law-role-changed", "two began at once");
        let second = said(120, first).await.expect("the second");
        assert_eq!(code(said(130, first).await), "law-role-changed");
        said(140, second).await.expect("after a look");
        note(store, Viewer::Operator, 150, &product("other"), stated("apart")).await.expect("noted");
        assert_eq!(seen(store, Viewer::Operator, 999).await.len(), 4);
    }

    async fn roles_are_seen_and_said_where_the_viewer_decides(store) {
        government(store).await;
        for about in [product("forms"), RoleSubject::Agency("interior".into()), system("open")] {
            note(store, Viewer::Operator, 100, &about, stated("said")).await.expect("noted");
        }
        let here = store.ledger.reader(of(Role::Reader, "interior"), NOW).law_roles(NOW).await.expect("roles");
        assert!(here.iter().any(|record| record.subject == product("forms")), "{here:?}");
        assert_eq!(seen(store, Viewer::Stranger, 999).await, []);
        assert_eq!(seen(store, of(Role::Administrator, "interior"), 999).await, []);
        let elsewhere = seen(store, of(Role::Officer, "health"), 999).await;
        assert!(!elsewhere.iter().any(|(about, _)| *about == product("forms")), "{elsewhere:?}");
        for (viewer, expected) in [
            (of(Role::Owner, "interior"), ""),
            (of(Role::Contributor, "interior"), "not-allowed"),
            (of(Role::Auditor, "interior"), "not-allowed"),
            (of(Role::Officer, "health"), "unknown-agency"),
            (Viewer::Stranger, "not-allowed"),
        ] {
            let found = note(store, viewer.clone(), 110, &product("forms"), stated("why")).await;
            assert_eq!(found.map_or_else(|error| error.code(), |_| ""), expected, "{viewer:?}");
        }
    }

    async fn what_is_no_answer_is_refused(store) {
        government(store).await;
        let twice = StatedRole { facts: [stated("").facts, stated("").facts].concat(), ..stated("") };
        let loud = StatedFact { source: "a\nb".to_owned(), ..stated("").facts[0].clone() };
        for (about, wrong, expected) in [
            (product("My Product"), stated(""), "invalid-law-role"),
            (product("forms"), StatedRole { facts: Vec::new(), ..stated("") }, "invalid-law-role"),
            (product("forms"), twice, "invalid-law-role"),
            (product("forms"), StatedRole { facts: vec![loud], ..stated("") }, "invalid-law-role"),
            (product("forms"), stated("a\u{7}"), "invalid-law-role"),
            (product("forms"), stated(&"x".repeat(4_001)), "too-long"),
            (system("none"), stated(""), "unknown-system"),
            (RoleSubject::Agency("none".into()), stated(""), "unknown-agency"),
        ] {
            assert_eq!(code(note(store, Viewer::Operator, 110, &about, wrong).await), expected, "{about:?}");
        }
    }

    async fn its_trail_belongs_to_the_agency(store) {
        government(store).await;
        note(store, Viewer::Operator, 100, &product("forms"), stated("inner words")).await.expect("noted");
        for (viewer, expected) in [(of(Role::Auditor, "interior"), 1), (of(Role::Auditor, "health"), 0)] {
            let trail = store.ledger.reader(viewer.clone(), NOW).trail(1_000, None, None).await.expect("the trail");
            let about = trail.entries.iter().filter(|entry| entry.subject.starts_with("law-role"));
            assert_eq!(about.count(), expected, "{viewer:?}");
        }
    }
}
