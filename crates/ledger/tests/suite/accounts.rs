// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Accounts after they were made: an end, a new password, sessions.

use underpin_ledger::{Digest, Invitation, NewPerson, Sitting};
use underpin_model::Timestamp;
use underpin_model::people::{Grant, PersonId, Reach, Role};
use underpin_model::registry::Classification;

use crate::fixture::{Store, on_both};

/// Long ago: no session has ended by its age.
const NEVER: (Timestamp, Timestamp) = (Timestamp(0), Timestamp(0));

pub async fn account(store: &Store, at: i64, login: &str) -> PersonId {
    let digest: Digest = [u8::try_from(at).expect("a small number"); 32];
    let grants = vec![Grant { role: Role::Reader, reach: Reach::Government }];
    let ends = Timestamp(9_000);
    let invitation = Invitation { digest, grants, clearance: Classification::Internal, compartments: Vec::new(), ends };
    let door = store.ledger.door();
    door.invite(Timestamp(at), "registrar", &invitation).await.expect("invited");
    let new = NewPerson { login: login.to_owned(), name: format!("The {login}"), password: "first".to_owned() };
    door.accept(Timestamp(at), &digest, &new).await.expect("made").expect("a good link")
}

async fn sits(store: &Store, at: i64, who: PersonId, key: u8) {
    store.ledger.door().begin_session(Timestamp(at), (who, false), &[key; 32], "token", NEVER).await.expect("begun");
}

async fn sittings(store: &Store, who: PersonId, own: u8, since: (i64, i64)) -> Vec<Sitting> {
    let since = (Timestamp(since.0), Timestamp(since.1));
    store.ledger.door().sittings(who, &[own; 32], since).await.expect("sessions")
}

on_both! {
    async fn an_account_ends_with_its_sessions_and_keeps_its_login(store) {
        let door = store.ledger.door();
        let (ada, bob) = (account(store, 100, "Ada").await, account(store, 110, "bob").await);
        sits(store, 120, ada, 1).await;
        sits(store, 121, bob, 2).await;
        let reason = "left the office";
        assert_eq!(door.end_account(Timestamp(130), "registrar", " aDA ", reason).await.expect("ended"), Some(ada));
        assert_eq!(door.end_account(Timestamp(140), "registrar", "ada", reason).await.expect("asked"), None);
        assert_eq!(door.end_account(Timestamp(140), "registrar", "eve", reason).await.expect("asked"), None);
        assert!(door.account("ada").await.expect("asked").is_none());
        assert!(door.session(&[1; 32]).await.expect("asked").is_none());
        assert!(door.session(&[2; 32]).await.expect("asked").is_some(), "others stay");
        let listed = door.people().await.expect("people");
        let told: Vec<_> =
            listed.iter().map(|one| (one.person.login.as_str(), one.made.0, one.ended.map(|at| at.0))).collect();
        assert_eq!(told, [("Ada", 100, Some(130)), ("bob", 110, None)]);
        let again = NewPerson { login: "ADA".to_owned(), name: "Another".to_owned(), password: String::new() };
        let invitation = Invitation { digest: [9; 32], grants: Vec::new(), clearance: Classification::Public, compartments: Vec::new(),
            ends: Timestamp(9_000) };
        door.invite(Timestamp(150), "registrar", &invitation).await.expect("invited");
        assert_eq!(door.accept(Timestamp(151), &[9; 32], &again).await.map_err(|error| error.code()).err(), Some("taken-login"));
        assert_eq!(store.reader().integrity_check().await.expect("a check"), Vec::<String>::new());
    }

    async fn a_new_password_leaves_one_session(store) {
        let door = store.ledger.door();
        let (ada, bob) = (account(store, 100, "ada").await, account(store, 110, "bob").await);
        for (at, key) in [(120, 1), (121, 2), (122, 3)] {
            sits(store, at, ada, key).await;
        }
        sits(store, 123, bob, 4).await;
        let person = door.account("ada").await.expect("asked").expect("an account").person;
        door.set_password(Timestamp(130), &person, "second", &[2; 32]).await.expect("set");
        assert_eq!(door.account("ada").await.expect("asked").expect("an account").password, "second");
        assert_eq!(door.account("bob").await.expect("asked").expect("an account").password, "first");
        let own = Sitting { began: Timestamp(121), used: Timestamp(121), is_own: true };
        assert_eq!(sittings(store, ada, 2, (0, 0)).await, [own]);
        assert_eq!(sittings(store, bob, 2, (0, 0)).await.len(), 1);
    }

    async fn whoever_gets_other_rights_signs_in_anew(store) {
        let door = store.ledger.door();
        let (ada, bob) = (account(store, 100, "ada").await, account(store, 110, "bob").await);
        sits(store, 120, ada, 1).await;
        sits(store, 121, bob, 2).await;
        let changed = format!("UPDATE person SET grants = '[]', revision = revision + 1 WHERE number = {}", ada.0);
        store.tamper(&changed).await;
        assert!(door.session(&[1; 32]).await.expect("asked").is_none());
        assert!(door.session(&[2; 32]).await.expect("asked").is_some(), "others stay");
        assert_eq!(sittings(store, ada, 1, (0, 0)).await, []);
        sits(store, 130, ada, 3).await;
        assert!(door.session(&[3; 32]).await.expect("asked").is_some(), "a new one counts");
        let person = door.account("ada").await.expect("asked").expect("an account").person;
        door.set_password(Timestamp(140), &person, "second", &[3; 32]).await.expect("set");
        assert!(door.session(&[3; 32]).await.expect("asked").is_some(), "who changes the password stays");
    }

    async fn sessions_are_told_and_ended_by_their_person(store) {
        let door = store.ledger.door();
        let (ada, bob) = (account(store, 100, "ada").await, account(store, 110, "bob").await);
        for (at, who, key) in [(120, ada, 1), (121, ada, 2), (122, bob, 3), (123, ada, 4)] {
            sits(store, at, who, key).await;
        }
        door.use_session(&[1; 32], Timestamp(200)).await.expect("used");
        let row = |began: i64, used: i64, is_own| Sitting { began: Timestamp(began), used: Timestamp(used), is_own };
        let all = [row(120, 200, true), row(123, 123, false), row(121, 121, false)];
        assert_eq!(sittings(store, ada, 1, (0, 0)).await, all);
        assert_eq!(sittings(store, ada, 1, (122, 0)).await, all[..2], "the others were not used for long");
        assert_eq!(sittings(store, ada, 1, (0, 123)).await, all[1..2], "the others began long ago");
        door.end_other_sessions(ada, &[1; 32]).await.expect("ended");
        assert_eq!(sittings(store, ada, 1, (0, 0)).await, all[..1]);
        assert!(door.session(&[3; 32]).await.expect("asked").is_some());
    }
}
