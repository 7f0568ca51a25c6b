// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Self-assessments: append-only, said by who hands in for the agency, seen as how practices stand is seen.

use underpin_ledger::{LedgerError, LookedAt, RepositoryChange};
use underpin_model::catalogue::Visibility;
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::Classification;
use underpin_model::self_assessment::{AboutRequirement, SelfAnswer, SelfAssessment};
use underpin_model::{Timestamp, Viewer};

use crate::access::government;
use crate::fixture::{NOW, Store, on_both};

const FORMS: &str = "git.norvania.example/interior/forms";

fn about(requirement: &str) -> AboutRequirement {
    AboutRequirement {
        standard: "public-code".to_owned(),
        version: "0.8.0".to_owned(),
        requirement: requirement.to_owned(),
    }
}

fn said(answer: SelfAnswer, reason: &str) -> SelfAssessment {
    SelfAssessment { answer, reason: reason.to_owned(), evidence: Some("https://git.example/a".to_owned()) }
}

async fn note(
    store: &Store,
    viewer: Viewer,
    at: i64,
    requirement: &str,
    said: SelfAssessment,
) -> Result<i64, LedgerError> {
    let writer = store.ledger.writer("ada", viewer);
    writer.note_self_assessments(Timestamp(at), (&"interior".into(), FORMS), vec![(about(requirement), said)]).await
}

fn of(role: Role, agency: &str) -> Viewer {
    let grants = vec![Grant { role, reach: Reach::Agency(agency.into()) }];
    Viewer::Member { grants, clearance: Classification::Internal, compartments: Vec::new() }
}

async fn seen(store: &Store, viewer: Viewer, at: i64) -> Vec<String> {
    let reader = store.ledger.reader(viewer, NOW);
    let found = reader.self_assessments(None, Timestamp(at)).await.expect("self-assessments");
    let told = |one: underpin_ledger::SelfAssessmentRecord| {
        let evidence = one.said.evidence.map_or("", |_| " shown");
        format!("{} {} {}{evidence}", one.about.requirement, one.said.answer.as_str(), one.said.reason)
    };
    found.into_iter().map(told).collect()
}

async fn forms(store: &Store, visibility: Visibility) {
    let look = LookedAt {
        agency: "interior".into(),
        address: FORMS.to_owned(),
        visibility: Some(visibility),
        declared: underpin_model::catalogue::Declared::default(),
        look: None,
        ..LookedAt::default()
    };
    let writer = store.ledger.writer("ada", Viewer::Operator);
    writer.take_repositories(Timestamp(90), vec![look]).await.expect("taken");
}

async fn change(store: &Store, at: i64, wanted: RepositoryChange) {
    let writer = store.ledger.writer("ada", Viewer::Operator);
    writer.change_repository(Timestamp(at), (&"interior".into(), FORMS), wanted).await.expect("changed");
}

/// One answer, for the fixture.
pub async fn some(store: &Store) {
    note(store, Viewer::Operator, 960, "code-in-the-open-1", said(SelfAnswer::Met, "all is there"))
        .await
        .expect("noted");
}

/// The same, read.
pub async fn told(ledger: &underpin_ledger::Ledger) -> Vec<String> {
    let found = ledger.operator_reader().self_assessments(None, Timestamp(1_000)).await.expect("self-assessments");
    found.into_iter().map(|one| format!("{} {}", one.about.requirement, one.said.answer.as_str())).collect()
}

on_both! {
    async fn answers_are_kept_and_the_newest_counts(store) {
        government(store).await;
        forms(store, Visibility::Internal).await;
        note(store, Viewer::Operator, 100, "reuse-1", said(SelfAnswer::Met, "two use it")).await.expect("noted");
        note(store, Viewer::Operator, 110, "open-1", said(SelfAnswer::NotMet, "not yet")).await.expect("noted");
        note(store, Viewer::Operator, 200, "reuse-1", said(SelfAnswer::DoNotKnow, "")).await.expect("noted");
        let revision = store.reader().revision().await.expect("a revision");
        let again = note(store, Viewer::Operator, 210, "open-1", said(SelfAnswer::NotMet, "not yet")).await;
        assert!(again.expect("noted") > revision, "who looked again said it again");
        let then = ["reuse-1 met two use it shown", "open-1 not-met not yet shown"];
        assert_eq!(seen(store, Viewer::Operator, 150).await, then);
        let now = ["reuse-1 do-not-know  shown", "open-1 not-met not yet shown"];
        assert_eq!(seen(store, Viewer::Operator, 300).await, now);
        assert_eq!(store.reader().compare_with_audit().await.expect("compared"), Vec::<String>::new());
        store.tamper("UPDATE self_assessment SET requirement = 'open-2' WHERE number = 2").await;
        let wrong = store.reader().compare_with_audit().await.expect("compared");
        let told = |requirement: &str| {
            format!("self-assessment interior {FORMS} public-code 0.8.0 {requirement} is not what the audit chain says")
        };
        assert_eq!(wrong, [told("open-1"), told("open-2")]);
    }

    async fn they_are_seen_as_practices_are(store) {
        government(store).await;
        forms(store, Visibility::Public).await;
        note(store, Viewer::Operator, 100, "open-1", said(SelfAnswer::Met, "inner words")).await.expect("noted");
        let (own, other) = (of(Role::Reader, "interior"), of(Role::Reader, "health"));
        let whole = ["open-1 met inner words shown"];
        assert_eq!(seen(store, own.clone(), 150).await, whole);
        assert_eq!(seen(store, other.clone(), 150).await, Vec::<String>::new(), "nothing is published");
        change(store, 200, RepositoryChange::PublishScorecard(true)).await;
        assert_eq!(seen(store, other.clone(), 250).await, ["open-1 met "], "without reason and evidence");
        assert_eq!(seen(store, other.clone(), 150).await, Vec::<String>::new(), "not for the time before");
        assert_eq!(seen(store, of(Role::Administrator, "health"), 250).await, ["open-1 met "]);
        assert_eq!(seen(store, Viewer::Stranger, 250).await, Vec::<String>::new());
        change(store, 300, RepositoryChange::PublishScorecard(false)).await;
        assert_eq!(seen(store, other.clone(), 250).await, Vec::<String>::new(), "the right is that of today");
        change(store, 310, RepositoryChange::PublishScorecard(true)).await;
        change(store, 320, RepositoryChange::Show(Visibility::Internal)).await;
        assert_eq!(seen(store, other, 310).await, Vec::<String>::new(), "what was closed is closed for the past");
        change(store, 330, RepositoryChange::TakeOut).await;
        assert_eq!(seen(store, own.clone(), 340).await, Vec::<String>::new());
        assert_eq!(seen(store, own, 150).await, whole);
    }

    async fn who_hands_in_for_the_agency_says_it(store) {
        government(store).await;
        forms(store, Visibility::Public).await;
        for (viewer, expected) in [
            (of(Role::Contributor, "interior"), ""),
            (of(Role::Owner, "interior"), ""),
            (of(Role::Reader, "interior"), "not-allowed"),
            (of(Role::Auditor, "interior"), "not-allowed"),
            (of(Role::Contributor, "health"), "unknown-agency"),
            (Viewer::Stranger, "not-allowed"),
            (Viewer::Operator, ""),
        ] {
            let found = note(store, viewer.clone(), 100, "open-1", said(SelfAnswer::Met, "why")).await;
            assert_eq!(found.map_or_else(|error| error.code(), |_| ""), expected, "{viewer:?}");
        }
        for (requirement, wrong, expected) in [
            ("open-1", said(SelfAnswer::Met, " "), "invalid-self-assessment"),
            ("open-1", said(SelfAnswer::DoesNotApply, ""), "invalid-self-assessment"),
            ("open-1", said(SelfAnswer::Met, "a\u{7}b"), "invalid-self-assessment"),
            ("Open 1", said(SelfAnswer::Met, "why"), "invalid-self-assessment"),
            ("open-1", SelfAssessment { evidence: Some("javascript:a".to_owned()), ..said(SelfAnswer::Met, "a") }, "invalid-self-assessment"),
            ("open-1", SelfAssessment { evidence: Some("https://a b".to_owned()), ..said(SelfAnswer::Met, "a") }, "invalid-self-assessment"),
            ("open-1", said(SelfAnswer::Met, &"x".repeat(2_001)), "too-long"),
        ] {
            let found = note(store, Viewer::Operator, 110, requirement, wrong).await;
            assert_eq!(found.map_or_else(|error| error.code(), |_| ""), expected);
        }
        let writer = store.ledger.writer("ada", Viewer::Operator);
        let interior = "interior".into();
        let nowhere = writer.note_self_assessments(Timestamp(120), (&interior, "git.example/none"), Vec::new());
        assert_eq!(nowhere.await.map_err(|error| error.code()), Err("unknown-repository"));
    }

    async fn its_trail_belongs_to_the_agency(store) {
        government(store).await;
        forms(store, Visibility::Public).await;
        note(store, Viewer::Operator, 100, "open-1", said(SelfAnswer::Met, "inner words")).await.expect("noted");
        for (viewer, expected) in [(of(Role::Auditor, "interior"), 1), (of(Role::Auditor, "health"), 0)] {
            let trail = store.ledger.reader(viewer.clone(), NOW).trail(1_000, None, None).await.expect("the trail");
            let about = trail.entries.iter().filter(|entry| entry.subject.starts_with("self-assessment"));
            assert_eq!(about.count(), expected, "{viewer:?}");
        }
    }
}
