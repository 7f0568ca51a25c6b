// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is known of projects and promised to them: kept as of any moment, by two people, seen by who may rank for the government.

use serde_json::json;
use underpin_ledger::{CommitmentChange, NewCommitment};
use underpin_model::engagement::{CommitmentId, Milestone, Share};
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};

use crate::access::{analyst, government, of};
use crate::fixture::{NOW, Store, code, on_both};

pub fn promise() -> NewCommitment {
    let milestone = |title: &str, due| Milestone {
        title: title.to_owned(),
        due: Timestamp(due),
        payment_cents: 50_000,
        evidence: None,
    };
    NewCommitment {
        project: "github.com/madler/zlib".to_owned(),
        activity: "audit".to_owned(),
        from: Timestamp(100),
        until: Timestamp(1_000),
        milestones: vec![milestone("The report", 500), milestone("The fixes", 1_000)],
        reason: "Every ministry rests on it; a service contract.".to_owned(),
        shares: Vec::new(),
    }
}

fn member(role: Role, reach: Reach) -> Viewer {
    Viewer::Member {
        grants: vec![Grant { role, reach }],
        clearance: Classification::Internal,
        compartments: Vec::new(),
    }
}

fn show(milestone: usize, at: i64) -> CommitmentChange {
    CommitmentChange::Show { milestone, address: "https://zlib.example/report".to_owned(), at: Timestamp(at) }
}

on_both! {
    async fn a_promise_needs_two_people_and_is_paid_when_its_work_is_there(store) {
        government(store).await;
        let writer = |name: &str| store.ledger.writer(name, member(Role::Officer, Reach::Government));
        let (ada, ben) = (writer("ada"), writer("ben"));
        let id = ada.propose_commitment(Timestamp(200), promise()).await.expect("proposed");
        assert_eq!(id, CommitmentId(1));
        let pay = |milestone, amount_cents| CommitmentChange::Pay { milestone, amount_cents };
        for (who, what, expected) in [
            (&ada, show(0, 210), "invalid-commitment"),
            (&ada, CommitmentChange::Approve, "same-approver"),
        ] {
            assert_eq!(code(who.change_commitment(Timestamp(210), id, what).await), expected);
        }
        ben.change_commitment(Timestamp(220), id, CommitmentChange::Approve).await.expect("approved");
        for (what, expected) in [
            (CommitmentChange::Approve, "invalid-commitment"),
            (pay(0, 50_000), "invalid-commitment"),
            (show(2, 300), "invalid-commitment"),
            (CommitmentChange::Show { milestone: 0, address: "a letter".to_owned(), at: Timestamp(1) }, "invalid-commitment"),
            (CommitmentChange::Withdraw { reason: " ".to_owned() }, "empty-reason"),
        ] {
            assert_eq!(code(ada.change_commitment(Timestamp(230), id, what.clone()).await), expected, "{what:?}");
        }
        ada.change_commitment(Timestamp(300), id, show(0, 290)).await.expect("shown");
        assert_eq!(code(ada.change_commitment(Timestamp(310), id, pay(0, 50_001)).await), "invalid-commitment");
        ada.change_commitment(Timestamp(320), id, pay(0, 30_000)).await.expect("paid");
        assert_eq!(code(ada.change_commitment(Timestamp(330), id, pay(0, 20_001)).await), "invalid-commitment");
        ada.change_commitment(Timestamp(340), id, pay(0, 20_000)).await.expect("paid");
        let reason = "The project has another sponsor.".to_owned();
        ada.change_commitment(Timestamp(400), id, CommitmentChange::Withdraw { reason }).await.expect("withdrawn");
        assert_eq!(code(ada.change_commitment(Timestamp(410), id, show(1, 405)).await), "invalid-commitment");
        let reader = store.reader();
        for (at, approved, shown, paid, withdrawn) in [
            (205, None, false, 0, false),
            (250, Some(("ben".to_owned(), Timestamp(220))), false, 0, false),
            (325, Some(("ben".to_owned(), Timestamp(220))), true, 30_000, false),
            (450, Some(("ben".to_owned(), Timestamp(220))), true, 50_000, true),
        ] {
            let record = reader.commitments(Timestamp(at)).await.expect("a list").remove(0);
            let sum: i64 = record.payments.iter().map(|one| one.amount_cents).sum();
            let is_shown = record.commitment.milestones[0].evidence.is_some();
            let is_withdrawn = record.commitment.withdrawn.is_some();
            assert_eq!((record.approved, is_shown, sum, is_withdrawn), (approved, shown, paid, withdrawn), "{at}");
        }
        assert!(reader.commitments(Timestamp(150)).await.expect("a list").is_empty());
        assert_eq!(reader.compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE commitment_event SET body = '{\"event\":\"approve\"}' WHERE moment = 320").await;
        assert_eq!(reader.compare_with_audit().await.expect("compared"), ["commitment K1 is not what the audit chain says"]);
    }

    async fn what_makes_no_sense_is_not_promised(store) {
        government(store).await;
        let ada = store.ledger.writer("ada", analyst(Classification::Internal));
        let share = |agency: &str, amount_cents| Share { agency: agency.into(), amount_cents };
        type Change = fn(&mut NewCommitment);
        let cases: [(Change, &str); 5] = [
            (|one| one.milestones.clear(), "invalid-commitment"),
            (|one| one.reason.clear(), "invalid-commitment"),
            (|one| one.project = "a\nb".to_owned(), "invalid-project"),
            (|one| one.until = Timestamp(50), "invalid-commitment"),
            (|one| one.reason = "x".repeat(30_000), "too-long"),
        ];
        for (place, (change, expected)) in cases.into_iter().enumerate() {
            let mut new = promise();
            change(&mut new);
            assert_eq!(code(ada.propose_commitment(Timestamp(200), new).await), expected, "{place}");
        }
        for (shares, expected) in [
            (vec![share("health", 99_999)], "invalid-commitment"),
            (vec![share("health", 100_000), share("interior", 0)], "invalid-commitment"),
            (vec![share("nobody", 100_000)], "unknown-agency"),
        ] {
            let new = NewCommitment { shares, ..promise() };
            assert_eq!(code(ada.propose_commitment(Timestamp(200), new).await), expected);
        }
        let pooled = NewCommitment { shares: vec![share("health", 40_000), share("interior", 60_000)], ..promise() };
        assert_eq!(ada.propose_commitment(Timestamp(200), pooled.clone()).await.expect("proposed"), CommitmentId(1));
        let kept = store.reader().commitments(NOW).await.expect("a list").remove(0);
        assert_eq!((kept.shares, kept.proposed_by.as_str()), (pooled.shares, "ada"));
    }

    async fn what_the_government_leans_on_is_for_who_ranks(store) {
        government(store).await;
        let at = Timestamp(200);
        let facts = json!({ "consents": true });
        let note = |viewer: Viewer| {
            let (writer, facts) = (store.ledger.writer("somebody", viewer), facts.clone());
            async move { writer.note_project(at, "github.com/madler/zlib", "facts", facts).await }
        };
        let propose = |viewer: Viewer| {
            let writer = store.ledger.writer("somebody", viewer);
            async move { writer.propose_commitment(at, promise()).await }
        };
        let everywhere = |role| member(role, Reach::Government);
        let of_one = member(Role::Officer, Reach::Agency("health".into()));
        for viewer in [
            everywhere(Role::Reader), everywhere(Role::Owner), everywhere(Role::Auditor), everywhere(Role::Administrator),
            of_one.clone(), of(&["health"], Classification::Secret), Viewer::Stranger,
        ] {
            assert_eq!(code(note(viewer.clone()).await), "not-allowed", "{viewer:?}");
            assert_eq!(code(propose(viewer.clone()).await), "not-allowed", "{viewer:?}");
        }
        let first = note(everywhere(Role::Analyst)).await.expect("noted");
        assert_eq!(note(everywhere(Role::Officer)).await.expect("noted"), first, "the same is not noted twice");
        let id = propose(everywhere(Role::Analyst)).await.expect("proposed");
        for (viewer, sees) in [
            (everywhere(Role::Analyst), true), (everywhere(Role::Officer), true), (everywhere(Role::Auditor), true),
            (everywhere(Role::Owner), false), (everywhere(Role::Administrator), false), (of_one.clone(), false),
            (of(&["health"], Classification::Secret), false), (Viewer::Stranger, false),
        ] {
            let reader = store.ledger.reader(viewer.clone(), NOW);
            let records = reader.project_records("facts", None, NOW).await.expect("a list").len();
            let promises = reader.commitments(NOW).await.expect("a list").len();
            assert_eq!((records, promises), (usize::from(sees), usize::from(sees)), "{viewer:?}");
        }
        let change = |viewer: Viewer| {
            let writer = store.ledger.writer("other", viewer);
            async move { writer.change_commitment(at, id, CommitmentChange::Approve).await }
        };
        assert_eq!(code(change(of_one).await), "unknown-commitment");
        assert_eq!(code(change(everywhere(Role::Analyst)).await), "not-allowed");
        assert_eq!(code(change(everywhere(Role::Auditor)).await), "not-allowed");
        assert!(change(everywhere(Role::Officer)).await.is_ok());
        let reader = store.reader();
        assert_eq!(reader.compare_with_audit().await.expect("compared"), Vec::<String>::new());
        let newer = json!({ "consents": false });
        store.writer().note_project(Timestamp(300), "github.com/madler/zlib", "facts", newer.clone()).await.expect("noted");
        let bodies = |at| {
            let reader = store.reader();
            async move {
                let found = reader.project_records("facts", Some("github.com/madler/zlib"), Timestamp(at)).await;
                found.expect("a list").into_iter().map(|record| record.body).collect::<Vec<_>>()
            }
        };
        assert_eq!(bodies(250).await, std::slice::from_ref(&facts));
        assert_eq!(bodies(350).await, [facts, newer]);
        assert!(store.reader().project_records("contact", None, NOW).await.expect("a list").is_empty());
    }
}

/// What schema 9 added, beside conversations.
pub async fn some(store: &Store) {
    let writer = store.writer();
    writer
        .note_project(Timestamp(940), "github.com/madler/zlib", "facts", json!({ "consents": true }))
        .await
        .expect("noted");
    writer.propose_commitment(Timestamp(950), promise()).await.expect("proposed");
}
