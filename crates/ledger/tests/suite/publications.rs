// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Publications: two people, by digest, and nothing that is not approved and open reaches everybody.

use serde_json::json;
use underpin_ledger::{Approval, LedgerError, NewOwnAdvisory, NewPublication, Writer};
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::publications::{PublicationKind, PublicationState};
use underpin_model::registry::Classification;
use underpin_model::watch::Tlp;
use underpin_model::{Timestamp, Viewer};

use crate::access::{government, of};
use crate::fixture::{Store, code, on_both};

const CSAF: PublicationKind = PublicationKind::Csaf;

pub fn new(name: &str, content: &str) -> NewPublication {
    NewPublication {
        kind: CSAF,
        name: name.to_owned(),
        tlp: Tlp::Clear,
        content: content.to_owned(),
        ..NewPublication::default()
    }
}

fn member(role: Role) -> Viewer {
    Viewer::Member {
        grants: vec![Grant { role, reach: Reach::Government }],
        clearance: Classification::Internal,
        compartments: Vec::new(),
    }
}

pub fn as_role(store: &Store, name: &str, role: Role) -> Writer {
    store.ledger.writer(name, member(role))
}

pub fn yes(digest: &str) -> Approval {
    let key = Some(("AB12".to_owned(), "a key".to_owned()));
    Approval { digest: digest.to_owned(), published: "signed".to_owned(), key }
}

pub async fn public(store: &Store) -> Vec<(String, String)> {
    let found = store.ledger.reader(Viewer::Stranger, Timestamp(900)).published().await.expect("a list");
    found.into_iter().map(|one| (one.draft.name, one.draft.content)).collect()
}

fn pair(name: &str, content: &str) -> (String, String) {
    (name.to_owned(), content.to_owned())
}

pub async fn approve(writer: &Writer, at: i64, name: &str, digest: &str) -> Result<i64, LedgerError> {
    writer.approve_publication(Timestamp(at), (CSAF, name), yes(digest)).await
}

/// One that is out, and a draft that waits, for the fixture.
pub async fn some(store: &Store) {
    let writer = store.ledger.writer("ada", Viewer::Operator);
    for (at, name) in [(960, "NCA-2026-1"), (970, "NCA-2026-2")] {
        writer.draft_publication(Timestamp(at), new(name, "{}")).await.expect("drafted");
    }
    let drafts = store.ledger.operator_reader().publications().await.expect("drafts");
    let first = drafts.iter().find(|one| one.draft.name == "NCA-2026-1").expect("a draft");
    let other = store.ledger.writer("bea", Viewer::Operator);
    approve(&other, 980, "NCA-2026-1", &first.digest).await.expect("approved");
}

/// The same, read.
pub async fn told(ledger: &underpin_ledger::Ledger) -> (Vec<String>, usize) {
    let out = ledger.reader(Viewer::Stranger, Timestamp(1_000)).published().await.expect("a list");
    let all = ledger.operator_reader().publications().await.expect("a list");
    (out.into_iter().map(|one| one.draft.name).collect(), all.len())
}

on_both! {
    async fn what_everybody_reads_was_approved_by_a_second_person_as_it_was_read(store) {
        government(store).await;
        let (ada, ben) = (as_role(store, "ada", Role::Officer), as_role(store, "ben", Role::Officer));
        let first = ada.draft_publication(Timestamp(200), new("A-1", "one")).await.expect("drafted");
        assert_eq!(first.len(), 64);
        assert_eq!(ada.draft_publication(Timestamp(201), new("A-1", "one")).await.expect("the same"), first);
        assert_eq!(public(store).await, []);
        assert_eq!(code(approve(&as_role(store, "ADA", Role::Officer), 210, "A-1", &first).await), "same-publisher");
        assert_eq!(code(approve(&as_role(store, "cy", Role::Analyst), 210, "A-1", &first).await), "not-allowed");
        assert_eq!(code(approve(&as_role(store, "cy", Role::Reader), 210, "A-1", &first).await), "unknown-publication");
        assert_eq!(code(approve(&ben, 210, "A-2", &first).await), "unknown-publication");
        let second = ada.draft_publication(Timestamp(220), new("A-1", "two")).await.expect("drafted");
        assert_eq!(code(approve(&ben, 230, "A-1", &first).await), "publication-changed");
        approve(&ben, 240, "A-1", &second).await.expect("approved");
        assert_eq!(code(approve(&ben, 241, "A-1", &second).await), "unknown-publication");
        assert_eq!(public(store).await, [pair("A-1", "two")]);
        // The next version waits while the last one is read.
        let third = ben.draft_publication(Timestamp(250), new("A-1", "three")).await.expect("drafted");
        assert_eq!(public(store).await, [pair("A-1", "two")]);
        approve(&ada, 260, "A-1", &third).await.expect("approved");
        assert_eq!(public(store).await, [pair("A-1", "three")]);
        let states: Vec<_> = store.reader().publications().await.expect("a list").iter().map(|one| one.state).collect();
        assert_eq!(states, [PublicationState::Replaced, PublicationState::Approved, PublicationState::Approved]);
        let keys = store.reader().publication_keys().await.expect("keys");
        assert_eq!(keys.iter().map(|key| (key.fingerprint.as_str(), key.since.0)).collect::<Vec<_>>(), [("AB12", 240)]);
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE publication SET body = '{\"published\":\"forged\"}' WHERE moment = 260").await;
        let told = store.reader().compare_with_audit().await.expect("compared");
        assert_eq!(told, ["publication csaf A-1 is not what the audit chain says"]);
    }

    async fn a_draft_is_taken_back_with_a_reason_and_stays_in_the_register(store) {
        government(store).await;
        let (ada, ben) = (as_role(store, "ada", Role::Analyst), as_role(store, "ben", Role::Officer));
        let digest = ada.draft_publication(Timestamp(200), new("A-1", "one")).await.expect("drafted");
        let take = |reason: &'static str| {
            let ada = ada.clone();
            async move { ada.take_back_publication(Timestamp(210), (CSAF, "A-1"), reason).await }
        };
        assert_eq!(code(take(" ").await), "empty-reason");
        take("A wrong package.").await.expect("taken back");
        assert_eq!(code(approve(&ben, 220, "A-1", &digest).await), "unknown-publication");
        let found = store.reader().publications().await.expect("a list").remove(0);
        assert_eq!((found.state, found.reason.as_str()), (PublicationState::TakenBack, "A wrong package."));
        assert_eq!(found.ended, Some(("ada".to_owned(), Timestamp(210))));
        assert_eq!(public(store).await, []);
        // The same words may be drafted again.
        let again = ada.draft_publication(Timestamp(230), new("A-1", "one")).await.expect("drafted");
        approve(&ben, 240, "A-1", &again).await.expect("approved");
        assert_eq!(public(store).await, [pair("A-1", "one")]);
    }

    async fn what_is_not_clear_or_rests_on_what_is_hidden_reaches_nobody_else(store) {
        government(store).await;
        let operator = store.ledger.writer("op", Viewer::Operator);
        let record = json!({ "id": "X-1" }).to_string();
        let secret = NewOwnAdvisory {
            id: "X-1".to_owned(), body: record, tlp: Tlp::Red, audience: vec!["health".into()], ..NewOwnAdvisory::default()
        };
        operator.publish_own_advisory(Timestamp(150), secret).await.expect("published");
        let hidden = NewPublication { rests_on: vec!["x-1".to_owned()], ..new("B-1", "secret") };
        let red = NewPublication { tlp: Tlp::Red, ..new("B-2", "red") };
        let (ada, ben) = (as_role(store, "ada", Role::Officer), as_role(store, "ben", Role::Officer));
        for draft in [&hidden, &red] {
            assert_eq!(code(ada.draft_publication(Timestamp(200), draft.clone()).await), "not-allowed");
        }
        let of_hidden = operator.draft_publication(Timestamp(200), hidden).await.expect("drafted");
        operator.draft_publication(Timestamp(200), red).await.expect("drafted");
        assert_eq!(code(approve(&ben, 210, "B-1", &of_hidden).await), "unknown-publication");
        assert_eq!(code(ada.draft_publication(Timestamp(210), new("B-1", "mine")).await), "not-allowed");
        let amber = NewPublication { tlp: Tlp::Amber, ..new("B-3", "amber") };
        let digest = ada.draft_publication(Timestamp(220), amber).await.expect("drafted");
        approve(&ben, 230, "B-3", &digest).await.expect("approved");
        assert_eq!(public(store).await, [], "what is approved and amber is handed on by hand");
        let seen = |viewer: Viewer| {
            let reader = store.ledger.reader(viewer, Timestamp(900));
            async move { reader.publications().await.expect("a list").into_iter().map(|one| one.draft.name).collect::<Vec<_>>() }
        };
        assert_eq!(seen(Viewer::Operator).await, ["B-1", "B-2", "B-3"]);
        for role in [Role::Officer, Role::Analyst, Role::Auditor] {
            assert_eq!(seen(member(role)).await, ["B-3"], "{role:?}");
        }
        let nobody: [Viewer; 5] = [
            member(Role::Reader), member(Role::Owner), member(Role::Administrator), of(&["health"], Classification::Secret),
            Viewer::Stranger,
        ];
        for viewer in nobody {
            assert_eq!(seen(viewer.clone()).await, Vec::<String>::new(), "{viewer:?}");
        }
        // Amber may become clear; clear never becomes amber.
        let clear = ada.draft_publication(Timestamp(240), new("B-3", "clear")).await.expect("drafted");
        approve(&ben, 250, "B-3", &clear).await.expect("approved");
        assert_eq!(public(store).await, [pair("B-3", "clear")]);
        let back = NewPublication { tlp: Tlp::Green, ..new("B-3", "green") };
        assert_eq!(code(ada.draft_publication(Timestamp(260), back).await), "invalid-publication");
    }

    async fn what_makes_no_sense_is_not_drafted(store) {
        government(store).await;
        let ada = as_role(store, "ada", Role::Analyst);
        for (draft, expected) in [
            (new("", "x"), "invalid-publication"),
            (new("a\nb", "x"), "invalid-publication"),
            (new("a", " "), "invalid-publication"),
            (new(&"a".repeat(201), "x"), "too-long"),
        ] {
            assert_eq!(code(ada.draft_publication(Timestamp(200), draft).await), expected);
        }
        for role in [Role::Reader, Role::Contributor, Role::Owner, Role::Auditor, Role::Administrator] {
            let writer = as_role(store, "bo", role);
            assert_eq!(code(writer.draft_publication(Timestamp(200), new("a", "x")).await), "not-allowed", "{role:?}");
            assert_eq!(code(writer.note_publication_key(Timestamp(200), "AB", "x".to_owned()).await), "not-allowed");
        }
        assert_eq!(code(as_role(store, "bo", Role::Officer).note_publication_key(Timestamp(200), "x y", "x".to_owned()).await), "invalid-publication");
    }

    async fn the_register_of_the_past_obeys_the_right_of_today(store) {
        government(store).await;
        let (ada, ben) = (as_role(store, "ada", Role::Officer), as_role(store, "ben", Role::Officer));
        let digest = ada.draft_publication(Timestamp(200), new("A-1", "one")).await.expect("drafted");
        approve(&ben, 210, "A-1", &digest).await.expect("approved");
        ada.draft_publication(Timestamp(220), new("A-1", "two")).await.expect("drafted");
        let resting = NewPublication { rests_on: vec!["X-1".to_owned()], ..new("A-2", "three") };
        ada.draft_publication(Timestamp(230), resting).await.expect("drafted");
        let seen = async |viewer: Viewer, at: i64| {
            let found = store.ledger.reader(viewer, Timestamp(900)).publications_as_of(Timestamp(at)).await.expect("a list");
            found.into_iter().map(|one| (one.draft.content, one.state)).collect::<Vec<_>>()
        };
        let (draft, approved) = (PublicationState::Draft, PublicationState::Approved);
        let one = |word: &str, state| (word.to_owned(), state);
        assert_eq!(seen(member(Role::Officer), 199).await, []);
        assert_eq!(seen(member(Role::Officer), 205).await, [one("one", draft)]);
        assert_eq!(seen(member(Role::Officer), 215).await, [one("one", approved)]);
        assert_eq!(seen(member(Role::Officer), 235).await, [one("one", approved), one("two", draft), one("three", draft)]);
        let secret = NewOwnAdvisory {
            id: "X-1".to_owned(), body: json!({ "id": "X-1" }).to_string(), tlp: Tlp::Red, audience: vec!["health".into()],
            ..NewOwnAdvisory::default()
        };
        let operator = store.ledger.writer("op", Viewer::Operator);
        operator.publish_own_advisory(Timestamp(300), secret).await.expect("published");
        assert_eq!(seen(member(Role::Officer), 235).await, [one("one", approved), one("two", draft)], "closed since");
        assert_eq!(seen(member(Role::Reader), 235).await, []);
    }
}
