// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tokens of programs: what is left of their person's rights, and how they end.

use underpin_ledger::{Digest, Invitation, NewPerson, NewToken};
use underpin_model::Timestamp;
use underpin_model::people::{Grant, Person, PersonId, Reach, Role, Scope};
use underpin_model::registry::{AgencyId, Classification, SystemId};

use crate::fixture::{Store, on_both, put_agency, put_system};

const ENDS: Timestamp = Timestamp(5_000);

fn of(role: Role, reach: Reach) -> Grant {
    Grant { role, reach }
}

fn at_agency(id: &str) -> Reach {
    Reach::Agency(AgencyId(id.to_owned()))
}

fn at_system(id: &str) -> Reach {
    Reach::System(SystemId(id.to_owned()))
}

async fn person(store: &Store, at: i64, login: &str, grants: Vec<Grant>) -> PersonId {
    let digest: Digest = [u8::try_from(at).expect("a small number"); 32];
    let invitation = Invitation {
        digest,
        grants,
        clearance: Classification::Internal,
        compartments: Vec::new(),
        ends: Timestamp(9_000),
    };
    let door = store.ledger.door();
    door.invite(Timestamp(at), "registrar", &invitation).await.expect("invited");
    let new = NewPerson { login: login.to_owned(), name: login.to_owned(), password: "first".to_owned() };
    door.accept(Timestamp(at), &digest, &new).await.expect("made").expect("a good link")
}

async fn make(store: &Store, owner: PersonId, key: u8, scopes: &[Scope], reach: Option<Reach>) -> i64 {
    let new = NewToken { name: format!("ci-{key}"), digest: [key; 32], scopes: scopes.to_vec(), reach, ends: ENDS };
    let made = store.ledger.door().make_token(Timestamp(200), "ada", owner, &new).await.expect("made");
    made.expect("an account")
}

async fn left(store: &Store, key: u8) -> Option<Vec<Grant>> {
    let bearing = store.ledger.door().bearing(&[key; 32], Timestamp(1_000)).await.expect("asked");
    bearing.map(|bearing| bearing.person.grants)
}

/// treasury with tax below it, and health; a system each.
async fn country(store: &Store) {
    let agencies = vec![put_agency("treasury", None), put_agency("tax", Some("treasury")), put_agency("health", None)];
    store.put(10, agencies).await;
    store.put(11, vec![put_system("filing", "tax"), put_system("wards", "health")]).await;
}

on_both! {
    async fn a_token_does_what_its_person_its_scopes_and_its_reach_allow(store) {
        country(store).await;
        let owner = |reach| of(Role::Owner, reach);
        let wide = person(store, 100, "ada", vec![owner(Reach::Government), of(Role::Administrator, Reach::Government)]).await;
        let ministry = person(store, 101, "bob", vec![owner(at_agency("treasury")), of(Role::Reader, at_agency("health"))]).await;
        let single = person(store, 102, "cem", vec![owner(at_system("filing"))]).await;
        let (read, hand_in, work) = (&[Scope::Read][..], &[Scope::HandIn][..], &[Scope::Work][..]);
        let cases = [
            (wide, work, None, vec![owner(Reach::Government)]),
            (wide, read, None, vec![of(Role::Reader, Reach::Government)]),
            (wide, hand_in, Some(at_agency("tax")), vec![of(Role::Contributor, at_agency("tax"))]),
            (wide, work, Some(at_system("filing")), vec![owner(at_system("filing"))]),
            (ministry, work, Some(at_agency("tax")), vec![owner(at_agency("tax"))]),
            (ministry, work, Some(at_agency("health")), vec![of(Role::Reader, at_agency("health"))]),
            (ministry, hand_in, None, vec![of(Role::Contributor, at_agency("treasury"))]),
            (ministry, hand_in, Some(at_system("filing")), vec![of(Role::Contributor, at_system("filing"))]),
            (ministry, hand_in, Some(at_system("wards")), vec![]),
            (ministry, read, Some(at_agency("nowhere")), vec![]),
            (single, work, Some(at_agency("treasury")), vec![owner(at_system("filing"))]),
            (single, work, Some(at_agency("health")), vec![]),
            (single, work, Some(at_system("filing")), vec![owner(at_system("filing"))]),
            (single, work, Some(at_system("wards")), vec![]),
        ];
        for (key, (who, scopes, reach, expected)) in (1..).zip(cases) {
            make(store, who, key, scopes, reach.clone()).await;
            assert_eq!(left(store, key).await, Some(expected), "{who:?} {scopes:?} {reach:?}");
        }
    }

    async fn a_token_of_a_wider_reach_than_its_person_stays_within_the_person(store) {
        country(store).await;
        let tax = person(store, 100, "ada", vec![of(Role::Owner, at_agency("tax"))]).await;
        make(store, tax, 1, &[Scope::Work], Some(at_agency("treasury"))).await;
        assert_eq!(left(store, 1).await, Some(vec![of(Role::Owner, at_agency("tax"))]));
    }

    async fn a_token_ends_by_time_by_hand_and_with_its_account(store) {
        let door = store.ledger.door();
        let ada = person(store, 100, "ada", vec![of(Role::Reader, Reach::Government)]).await;
        let bob = person(store, 101, "bob", vec![of(Role::Reader, Reach::Government)]).await;
        let first = make(store, ada, 1, &[Scope::Read], None).await;
        make(store, ada, 2, &[Scope::Read], None).await;
        let good = async |key: u8, at: i64| door.bearing(&[key; 32], Timestamp(at)).await.expect("asked").is_some();
        assert!(good(1, 4_999).await && !good(1, 5_000).await, "until its end");
        assert!(!good(9, 1_000).await, "an unknown one");
        assert!(!door.end_token(Timestamp(300), "bob", bob, first).await.expect("asked"), "somebody else's");
        assert!(door.end_token(Timestamp(300), "ada", ada, first).await.expect("ended"));
        assert!(!door.end_token(Timestamp(301), "ada", ada, first).await.expect("asked"), "once");
        assert!(!good(1, 1_000).await && good(2, 1_000).await);
        door.use_token(first + 1, Timestamp(400)).await.expect("used");
        let told: Vec<_> = door.tokens(Some(ada)).await.expect("listed").into_iter()
            .map(|token| (token.login, token.name, token.used.map(|at| at.0), token.ended.map(|at| at.0))).collect();
        let row = |name: &str, used, ended| ("ada".to_owned(), name.to_owned(), used, ended);
        assert_eq!(told, [row("ci-1", None, Some(300)), row("ci-2", Some(400), None)]);
        assert_eq!(door.tokens(Some(bob)).await.expect("listed"), []);
        door.end_account(Timestamp(500), "registrar", "ada", "gone").await.expect("ended");
        assert!(!good(2, 1_000).await);
        let new = NewToken { name: "late".to_owned(), digest: [7; 32], scopes: vec![Scope::Read], reach: None, ends: ENDS };
        assert_eq!(door.make_token(Timestamp(600), "ada", ada, &new).await.expect("asked"), None);
    }

    async fn names_are_not_given_twice_and_the_chain_tells_no_secret(store) {
        let door = store.ledger.door();
        let ada = person(store, 100, "ada", vec![of(Role::Reader, Reach::Government)]).await;
        let number = make(store, ada, 1, &[Scope::Read], None).await;
        door.end_token(Timestamp(300), "ada", ada, number).await.expect("ended");
        let again = NewToken { name: "ci-1".to_owned(), digest: [2; 32], scopes: vec![], reach: None, ends: ENDS };
        let refused = door.make_token(Timestamp(400), "ada", ada, &again).await.expect_err("refused");
        assert_eq!(refused.code(), "taken-token");
        let service = Person { id: PersonId(0), compartments: Vec::new(), login: "Build".to_owned(), name: "Build farm".to_owned(),
            grants: vec![of(Role::Contributor, Reach::Government)], clearance: Classification::Internal };
        let build = door.make_service(Timestamp(500), "operator", &service).await.expect("made");
        assert_eq!(door.account(" build").await.expect("asked").expect("an account").password, "");
        assert_eq!(door.make_service(Timestamp(501), "operator", &service).await.expect_err("taken").code(), "taken-login");
        make(store, build, 3, &[Scope::HandIn], None).await;
        let entries = store.reader().audit(100, None).await.expect("the chain");
        let actions: Vec<&str> = entries.iter().rev().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions[2..], ["make-token", "end-token", "make-account", "make-token"]);
        let digest = [3_u8; 32].iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert!(!format!("{entries:?}").contains(&digest));
        assert_eq!(store.reader().integrity_check().await.expect("a check"), Vec::<String>::new());
    }
}
