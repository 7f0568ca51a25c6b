// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the forge says reaches every standard that asks for it, and its silence is told apart from not having been asked.

use underpin_model::build_facts::BuildFacts;
use underpin_model::proofs::BuildLevel;
use underpin_model::repository_facts::{
    ForgeFacts, PartOf, ReleaseFacts, ReleasedFile, SignatureFacts, SignatureState, SignedThing,
};

use super::*;

fn judged(id: &str, forge: Option<ForgeFacts>) -> Judgement {
    let facts = TreeFacts { forge, ..TreeFacts::default() };
    all().find(|practice| practice.id == id).expect(id).judged(&facts)
}

/// Sets one answer of a forge.
type Change = fn(&mut ForgeFacts);

#[test]
fn answers_of_the_forge_reach_all_standards() {
    let table: [(&str, Change, Outcome); 22] = [
        ("osps-no-direct-commits", |one| one.by_proposals = Some(true), Outcome::Met),
        ("osps-no-direct-commits", |one| one.by_proposals = Some(false), Outcome::NotMet),
        ("osps-no-direct-commits", |one| one.protected_branch = Some(true), Outcome::NotAssessed),
        ("osps-no-deletion", |one| one.branch_kept = Some(true), Outcome::Met),
        ("osps-no-deletion", |one| one.branch_kept = Some(false), Outcome::NotMet),
        ("osps-approval", |one| one.review_required = Some(true), Outcome::Met),
        ("osps-approval", |one| one.review_required = Some(false), Outcome::NotMet),
        ("osps-public-source", |one| one.is_public = Some(true), Outcome::Met),
        ("osps-public-history", |one| one.is_public = Some(false), Outcome::NotMet),
        ("osps-public-discussion", |one| (one.is_public, one.has_issues) = (Some(true), Some(true)), Outcome::Met),
        (
            "osps-public-discussion",
            |one| (one.is_public, one.has_issues) = (Some(true), Some(false)),
            Outcome::NotAssessed,
        ),
        ("public-tracker", |one| (one.is_public, one.has_issues) = (Some(true), Some(true)), Outcome::Met),
        ("osps-second-factor", |one| one.second_factor = Some(true), Outcome::Met),
        ("osps-second-factor", |one| one.second_factor = Some(false), Outcome::NotAssessed),
        ("osps-private-reporting", |one| one.private_reports = Some(true), Outcome::Met),
        ("scorecard-code-review", |one| one.reviewed = Some(PartOf { part: 2, whole: 2 }), Outcome::Met),
        ("scorecard-code-review", |one| one.reviewed = Some(PartOf { part: 1, whole: 2 }), Outcome::NotMet),
        ("reviews", |one| one.reviewed = Some(PartOf { part: 1, whole: 2 }), Outcome::NotMet),
        ("reviews", |one| one.reviewed = Some(PartOf::default()), Outcome::NotAssessed),
        ("scorecard-branch-protection", |one| one.protected_branch = Some(false), Outcome::NotMet),
        ("scorecard-branch-protection", |one| one.protected_branch = Some(true), Outcome::NotAssessed),
        ("scorecard-maintained", |one| one.archived = Some(true), Outcome::NotMet),
    ];
    for (id, change, expected) in table {
        let mut forge = ForgeFacts::default();
        change(&mut forge);
        assert_eq!(judged(id, Some(forge.clone())).outcome, expected, "{id}: {forge:?}");
    }
    let whole = ForgeFacts {
        protected_branch: Some(true),
        branch_kept: Some(true),
        review_required: Some(true),
        ..ForgeFacts::default()
    };
    assert_eq!(judged("scorecard-branch-protection", Some(whole)).outcome, Outcome::Met);
}

#[test]
fn releases_are_signed_where_their_files_show_it_and_tags_are_a_hint() {
    let file = |level| ReleasedFile { name: "a.zip".to_owned(), level, is_claimed: true };
    let with = |levels: &[BuildLevel], tags: &[SignatureState]| TreeFacts {
        releases: Some(ReleaseFacts { files: levels.iter().map(|level| file(*level)).collect(), ..Default::default() }),
        signatures: Some(SignatureFacts {
            tags: tags.iter().map(|state| SignedThing { name: "refs/tags/v1".to_owned(), state: *state }).collect(),
            ..Default::default()
        }),
        ..TreeFacts::default()
    };
    for id in ["osps-signed-releases", "scorecard-signed-releases"] {
        let practice = all().find(|practice| practice.id == id).expect(id);
        for (levels, tags, outcome, places) in [
            (&[BuildLevel::Two, BuildLevel::Three][..], &[][..], Outcome::Met, 2),
            (&[BuildLevel::Two, BuildLevel::One], &[], Outcome::NotAssessed, 0),
            (&[], &[SignatureState::Verified, SignatureState::Unsigned], Outcome::NotAssessed, 1),
            (&[], &[], Outcome::NotAssessed, 0),
        ] {
            let judged = practice.judged(&with(levels, tags));
            assert_eq!((judged.outcome, judged.places.len()), (outcome, places), "{id} {levels:?} {tags:?}");
        }
    }
}

#[test]
fn a_pipeline_that_is_there_is_seen_and_one_elsewhere_is_not_denied() {
    let practice = all().find(|practice| practice.id == "pipeline-there").expect("the practice");
    let mut builds = BuildFacts::default();
    let none = TreeFacts { builds: Some(builds.clone()), ..TreeFacts::default() };
    assert_eq!(practice.judged(&none).outcome, Outcome::NotAssessed);
    builds.sign(Fault::of_file(".gitlab-ci.yml", FaultCode::Pipeline).about("gitlab-ci"));
    let some = TreeFacts { builds: Some(builds), ..TreeFacts::default() };
    assert_eq!(practice.judged(&some).outcome, Outcome::Met);
}

#[test]
fn not_asked_and_not_told_are_two_reasons() {
    for practice in all() {
        let (unasked, silent) = (judged(practice.id, None), judged(practice.id, Some(ForgeFacts::default())));
        assert_ne!(unasked.obstacle, Some(Obstacle::ForgeSilent), "{}", practice.id);
        assert_ne!(silent.obstacle, Some(Obstacle::NeedsForge), "{}", practice.id);
        assert_eq!(unasked.outcome, silent.outcome, "silence proves nothing: {}", practice.id);
    }
    assert_eq!(judged("osps-approval", None).obstacle, Some(Obstacle::NeedsForge));
    assert_eq!(judged("osps-approval", Some(ForgeFacts::default())).obstacle, Some(Obstacle::ForgeSilent));
    assert_eq!(judged("osps-public-source", None).obstacle, Some(Obstacle::NeedsNetwork));
    assert_eq!(judged("opencode-protected-branch", Some(ForgeFacts::default())).obstacle, Some(Obstacle::ForgeSilent));
}
