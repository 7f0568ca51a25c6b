// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Giving rights: within the own reach, to others, and never to oneself.

use underpin_ledger::{Admitter, Invitation, NewPerson, Rights};
use underpin_model::Timestamp;
use underpin_model::people::{Grant, PersonId, Reach, Role};
use underpin_model::registry::Classification;

use crate::access::government;
use crate::fixture::{NOW, Store, code, on_both};

fn of(role: Role, reach: Reach) -> Rights {
    Rights {
        grants: vec![Grant { role, reach }],
        clearance: Classification::Restricted,
        compartments: vec!["mint".to_owned()],
    }
}

fn agency(id: &str) -> Reach {
    Reach::Agency(id.into())
}

async fn account(store: &Store, number: u8, login: &str, rights: &Rights) -> PersonId {
    let digest = [number; 32];
    let Rights { grants, clearance, compartments } = rights.clone();
    let invitation = Invitation { digest, grants, clearance, compartments, ends: Timestamp(9_000) };
    let door = store.ledger.door();
    door.invite(Timestamp(300), "registrar", &invitation).await.expect("invited");
    let new = NewPerson { login: login.to_owned(), name: login.to_owned(), password: String::new() };
    door.accept(Timestamp(301), &digest, &new).await.expect("made").expect("a good link")
}

const WHEN: (Timestamp, Timestamp) = (Timestamp(400), NOW);

on_both! {
    async fn rights_are_given_within_reach_and_never_to_oneself(store) {
        government(store).await;
        let door = store.ledger.door();
        let root = account(store, 1, "root", &of(Role::Administrator, Reach::Government)).await;
        let inner = account(store, 2, "inner", &of(Role::Administrator, agency("interior"))).await;
        let tess = account(store, 3, "tess", &of(Role::Reader, agency("police"))).await;
        let eve = account(store, 4, "eve", &of(Role::Reader, agency("health"))).await;
        let all = account(store, 5, "all", &of(Role::Analyst, Reach::Government)).await;
        let by = |who| Admitter::Person(who);
        for (who, login, rights, expected) in [
            (root, "root", of(Role::Analyst, Reach::Government), Err("own-account")),
            (root, "ROOT", of(Role::Administrator, agency("health")), Err("own-account")),
            (inner, "inner", of(Role::Owner, agency("police")), Err("own-account")),
            // Below the own reach, and one system of it, whatever its classification.
            (inner, "tess", of(Role::Owner, agency("police")), Ok(Some(tess))),
            (inner, "tess", of(Role::Owner, Reach::System("hidden".into())), Ok(Some(tess))),
            // Beyond it, or not there: the same.
            (inner, "tess", of(Role::Owner, agency("health")), Err("not-allowed")),
            (inner, "tess", of(Role::Owner, agency("nobody")), Err("not-allowed")),
            (inner, "tess", of(Role::Owner, Reach::System("clinic".into())), Err("not-allowed")),
            (inner, "tess", of(Role::Reader, Reach::Government), Err("not-allowed")),
            // Accounts beyond look like none.
            (inner, "eve", of(Role::Reader, agency("police")), Ok(None)),
            (inner, "all", of(Role::Reader, agency("police")), Ok(None)),
            (inner, "none", of(Role::Reader, agency("police")), Ok(None)),
            (root, "eve", of(Role::Reader, agency("police")), Ok(Some(eve))),
            (root, "all", of(Role::Auditor, Reach::Government), Ok(Some(all))),
            // Who only reads or decides admits nobody.
            (all, "tess", of(Role::Reader, agency("police")), Err("not-allowed")),
            (tess, "eve", of(Role::Reader, agency("police")), Err("not-allowed")),
        ] {
            let done = door.set_rights(WHEN, &by(who), login, (&rights, "moved")).await;
            assert_eq!(done.map_err(|error| error.code()), expected, "{login} by {who:?}: {rights:?}");
        }
        let now = door.account("tess").await.expect("asked").expect("an account").person;
        assert_eq!((now.grants, now.compartments), (of(Role::Owner, Reach::System("hidden".into())).grants, vec!["mint".to_owned()]));
        let listed = |by| async move {
            let people = store.ledger.door().admitted(&by, NOW).await.expect("people");
            people.into_iter().map(|one| one.person.login).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(listed(by(inner)).await, "inner tess eve");
        assert_eq!(listed(Admitter::Operator("root".to_owned())).await, "root inner tess eve all");
        assert_eq!(code(door.admitted(&by(tess), NOW).await), "not-allowed");
        assert_eq!(code(door.dismiss(WHEN, &by(inner), "inner", "done").await), "own-account");
        assert_eq!(code(door.dismiss(WHEN, &by(inner), "tess", " ").await), "empty-reason");
        assert_eq!(door.dismiss(WHEN, &by(inner), "all", "done").await.expect("asked"), None);
        assert_eq!(door.dismiss(WHEN, &by(inner), "tess", "done").await.expect("ended"), Some(tess));
        // An account that has ended gives nothing.
        door.dismiss(WHEN, &by(root), "inner", "done").await.expect("ended");
        assert_eq!(code(door.admitted(&by(inner), NOW).await), "not-allowed");
        let entries = store.reader().audit_of(&format!("person {}", tess.0)).await.expect("entries");
        let told: Vec<_> = entries.iter().map(|entry| (entry.actor.as_str(), entry.action.as_str())).collect();
        assert_eq!(told, [("tess", "make-account"), ("inner", "set-rights"), ("inner", "set-rights"), ("inner", "end-account")]);
    }
}
