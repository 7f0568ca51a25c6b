// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! An approval belongs to what a draft was made from, too: what has changed since makes it an old one. Keys are revoked and documents
//! signed again without a word of them changing.

use serde_json::json;
use underpin_ledger::{Approval, Basis, NewDecision, NewOwnAdvisory, NewPublication, OwnAdvisory};
use underpin_model::people::Role;
use underpin_model::publications::PublicationKind;
use underpin_model::registry::Classification;
use underpin_model::watch::{DecisionId, Place, Status, Tlp};
use underpin_model::{Timestamp, Viewer};

use crate::access::government;
use crate::fixture::{Store, code, on_both};
use crate::publications::{approve, as_role, new, public, yes};

const CSAF: PublicationKind = PublicationKind::Csaf;

fn advisory(summary: &str, tlp: Tlp, classification: Classification) -> NewOwnAdvisory {
    let body = json!({ "id": "NCA-1", "summary": summary }).to_string();
    NewOwnAdvisory { id: "NCA-1".to_owned(), body, tlp, classification, ..NewOwnAdvisory::default() }
}

async fn read(store: &Store) -> OwnAdvisory {
    store.reader().own_advisories(Timestamp(9_000)).await.expect("advisories").pop().expect("one")
}

fn resting(name: &str, basis: Vec<Basis>) -> NewPublication {
    NewPublication { rests_on: vec!["NCA-1".to_owned()], basis: Some(basis), ..new(name, "text") }
}

async fn decided(store: &Store, at: i64, expires: Option<i64>) -> DecisionId {
    let decision = NewDecision {
        vulnerability: "CVE-2026-1".to_owned(),
        package: "pkg:npm/a".to_owned(),
        place: Place::Government,
        status: Status::Affected,
        justification: None,
        reason: "It is reachable.".to_owned(),
        action: String::new(),
        agency: None,
        origin: String::new(),
        valid_from: None,
        review: None,
        expires: expires.map(Timestamp),
        needs_approval: false,
    };
    store.writer().decide(Timestamp(at), vec![decision]).await.expect("decided")[0]
}

async fn of_decision(store: &Store, id: DecisionId) -> Basis {
    let all = store.reader().decisions(Timestamp(9_000)).await.expect("decisions");
    Basis::of_decision(all.iter().find(|one| one.id == id).expect("the decision"))
}

on_both! {
    async fn an_advisory_that_was_changed_marked_anew_or_taken_back_makes_its_drafts_old(store) {
        government(store).await;
        let (ada, ben) = (as_role(store, "ada", Role::Officer), as_role(store, "ben", Role::Officer));
        let first = || advisory("One.", Tlp::Clear, Classification::Internal);
        store.writer().publish_own_advisory(Timestamp(150), first()).await.expect("published");
        let basis = Basis::of_advisory(&read(store).await, true);
        let changes = [
            Some(advisory("Two.", Tlp::Clear, Classification::Internal)),
            Some(advisory("Two.", Tlp::Green, Classification::Internal)),
            Some(advisory("Two.", Tlp::Clear, Classification::Public)),
            None,
        ];
        let mut at = 200;
        for change in changes {
            store.writer().publish_own_advisory(Timestamp(at), first()).await.expect("published");
            let basis = Basis::of_advisory(&read(store).await, true);
            let digest = ada.draft_publication(Timestamp(at + 1), resting("A-1", vec![basis.clone()])).await.expect("drafted");
            match change.clone() {
                Some(change) => store.writer().publish_own_advisory(Timestamp(at + 2), change).await.expect("changed"),
                None => store.writer().withdraw_own_advisory(Timestamp(at + 2), "NCA-1", "Wrong.").await.expect("taken back"),
            };
            assert_eq!(code(approve(&ben, at + 3, "A-1", &digest).await), "publication-outdated", "{change:?}");
            let again = ada.draft_publication(Timestamp(at + 4), resting("A-2", vec![basis])).await;
            assert_eq!(code(again), "publication-outdated", "{change:?}");
            at += 10;
        }
        assert_eq!(public(store).await, []);
        assert_eq!(store.reader().publication_keys().await.expect("keys"), [], "nothing was signed");
        // A later version with the same words is another version.
        store.writer().publish_own_advisory(Timestamp(at), first()).await.expect("published");
        assert_eq!(code(ada.draft_publication(Timestamp(at), resting("A-2", vec![basis])).await), "publication-outdated");
        let basis = Basis::of_advisory(&read(store).await, true);
        let digest = ada.draft_publication(Timestamp(at + 1), resting("A-1", vec![basis])).await.expect("drafted");
        approve(&ben, at + 2, "A-1", &digest).await.expect("approved");
        assert_eq!(public(store).await.len(), 1);
    }

    async fn a_decision_that_was_taken_back_or_has_ended_makes_its_drafts_old(store) {
        government(store).await;
        let (ada, ben) = (as_role(store, "ada", Role::Officer), as_role(store, "ben", Role::Officer));
        let (kept, taken, ending) =
            (decided(store, 150, None).await, decided(store, 151, None).await, decided(store, 152, Some(400)).await);
        let draft = async |name: &str, id| {
            let basis = vec![of_decision(store, id).await];
            let draft = NewPublication { basis: Some(basis), ..new(name, "text") };
            ada.draft_publication(Timestamp(200), draft).await.expect("drafted")
        };
        let (first, second, third) = (draft("V-1", kept).await, draft("V-2", taken).await, draft("V-3", ending).await);
        store.writer().withdraw_decision(Timestamp(250), taken, "Wrong.").await.expect("taken back");
        approve(&ben, 300, "V-1", &first).await.expect("approved");
        assert_eq!(code(approve(&ben, 300, "V-2", &second).await), "publication-outdated");
        assert_eq!(code(approve(&ben, 400, "V-3", &third).await), "publication-outdated");
        approve(&ben, 399, "V-3", &third).await.expect("it holds until then");
    }

    async fn a_draft_from_before_its_basis_was_kept_is_drafted_anew(store) {
        government(store).await;
        let (ada, ben) = (as_role(store, "ada", Role::Officer), as_role(store, "ben", Role::Officer));
        let old = NewPublication { basis: None, ..resting("A-1", Vec::new()) };
        let digest = ada.draft_publication(Timestamp(200), old).await.expect("drafted");
        assert_eq!(code(approve(&ben, 210, "A-1", &digest).await), "publication-outdated");
        let digest = ada.draft_publication(Timestamp(220), resting("A-1", Vec::new())).await.expect("drafted");
        approve(&ben, 230, "A-1", &digest).await.expect("a withdrawal rests on nothing");
    }

    async fn a_key_is_revoked_once_and_what_it_signed_is_signed_again_to_the_letter(store) {
        government(store).await;
        let (ada, ben) = (as_role(store, "ada", Role::Officer), as_role(store, "ben", Role::Officer));
        let digest = ada.draft_publication(Timestamp(200), new("A-1", "one")).await.expect("drafted");
        approve(&ben, 210, "A-1", &digest).await.expect("approved");
        let revoke = |at, key: &'static str| ben.revoke_publication_key(Timestamp(at), key, "a key, revoked".to_owned());
        assert_eq!(code(revoke(220, "CD34").await), "invalid-publication");
        revoke(230, "AB12").await.expect("revoked");
        assert_eq!(code(revoke(240, "AB12").await), "invalid-publication");
        let refused = as_role(store, "cy", Role::Analyst).revoke_publication_key(Timestamp(240), "AB12", "x".to_owned()).await;
        assert_eq!(code(refused), "not-allowed");
        let again = |digest: &str| Approval {
            published: "signed again".to_owned(), key: Some(("CD34".to_owned(), "another key".to_owned())), ..yes(digest)
        };
        let sign = async |name: &'static str, digest: &str| ben.sign_publication_again(Timestamp(250), (CSAF, name), again(digest)).await;
        assert_eq!(code(sign("A-1", "00").await), "unknown-publication");
        assert_eq!(code(sign("A-2", &digest).await), "unknown-publication");
        sign("A-1", &digest).await.expect("signed");
        let out = store.ledger.reader(Viewer::Stranger, Timestamp(900)).published().await.expect("a list");
        assert_eq!((out[0].published.as_str(), out[0].draft.content.as_str()), ("signed again", "one"));
        assert_eq!(out[0].ended, Some(("ben".to_owned(), Timestamp(210))), "the approval stands");
        let keys = store.reader().publication_keys().await.expect("keys");
        let told: Vec<_> = keys.iter().map(|key| (key.fingerprint.as_str(), key.armoured.as_str(), key.revoked)).collect();
        assert_eq!(told, [("AB12", "a key, revoked", Some(Timestamp(230))), ("CD34", "another key", None)]);
        // The signed security.txt lies beside them and is no publication.
        assert_eq!(store.reader().signed_security_text().await.expect("none"), None);
        for (at, body) in [(260, r#"{"plain":"one"}"#), (270, r#"{"plain":"two"}"#)] {
            let key = ("CD34", "another key".to_owned());
            ben.keep_security_text(Timestamp(at), body.to_owned(), key).await.expect("kept");
        }
        let cy = as_role(store, "cy", Role::Analyst);
        let refused = cy.keep_security_text(Timestamp(280), "{}".to_owned(), ("CD34", "x".to_owned())).await;
        assert_eq!(code(refused), "not-allowed");
        assert_eq!(store.reader().signed_security_text().await.expect("one").as_deref(), Some(r#"{"plain":"two"}"#));
        assert_eq!(store.reader().publications().await.expect("a list").len(), 1);
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
    }
}
