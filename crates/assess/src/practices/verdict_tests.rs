// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is not followed, not known or not plain is never met.

use underpin_model::build_facts::{BuildFacts, Theme};
use underpin_model::repository_facts::SecretFacts;

use super::*;

fn judged(id: &str, change: impl FnOnce(&mut BuildFacts)) -> (Outcome, Option<Obstacle>) {
    let mut builds = BuildFacts::default();
    change(&mut builds);
    let facts = TreeFacts {
        builds: Some(builds),
        named: vec![(Topic::Licence, "LICENSE".to_owned(), true)],
        ..TreeFacts::default()
    };
    let found = all().find(|practice| practice.id == id).expect(id).judged(&facts);
    (found.outcome, found.obstacle)
}

fn place(path: &str, code: FaultCode, detail: &str) -> Fault {
    Fault::of_file(path, code).about(detail)
}

const MET: (Outcome, Option<Obstacle>) = (Outcome::Met, None);
const NOT_MET: (Outcome, Option<Obstacle>) = (Outcome::NotMet, None);

fn open(obstacle: Obstacle) -> (Outcome, Option<Obstacle>) {
    (Outcome::NotAssessed, Some(obstacle))
}

#[test]
fn pipelines_that_are_not_understood_are_no_proof() {
    let workflow = || place("a.yml", FaultCode::Pipeline, "github-actions");
    let id = "osps-untrusted-input";
    assert_eq!(judged(id, |facts| facts.sign(workflow())), MET);
    let beside = |facts: &mut BuildFacts| {
        facts.sign(workflow());
        facts.sign(place(".gitlab-ci.yml", FaultCode::Pipeline, "gitlab"));
    };
    assert_eq!(judged(id, beside), open(Obstacle::NotUnderstood));
    let alone = |facts: &mut BuildFacts| facts.sign(place(".gitlab-ci.yml", FaultCode::Pipeline, "gitlab"));
    assert_eq!(judged(id, alone), open(Obstacle::NotUnderstood), "the file is there");
    let unfollowed = |facts: &mut BuildFacts| {
        facts.sign(workflow());
        facts.open(place("a.yml", FaultCode::NotFollowed, ""));
    };
    assert_eq!(judged(id, unfollowed), open(Obstacle::NotUnderstood));
}

#[test]
fn all_rights_by_default_are_not_the_lowest() {
    let with = |detail: &'static str| {
        judged("osps-default-permissions", move |facts| {
            facts.sign(place("a.yml", FaultCode::Pipeline, "github-actions"));
            facts.sign(place("a.yml", FaultCode::Declared, "permissions"));
            if !detail.is_empty() {
                facts.fault(place("a.yml", FaultCode::WritePermission, detail));
            }
        })
    };
    assert_eq!(with(""), MET);
    assert_eq!(with("permissions: write-all"), NOT_MET);
    assert_eq!(with("permissions"), open(Obstacle::NeedsPerson));
    assert_eq!(with("write-all"), MET, "one job is no default");
}

#[test]
fn the_licence_at_the_root_decides() {
    let with = |places: &'static [(&'static str, bool)]| {
        judged("osps-free-licence", move |facts| {
            for (path, is_known) in places {
                match is_known {
                    true => facts.sign(place(path, FaultCode::FreeLicence, "MIT")),
                    false => facts.open(place(path, FaultCode::UnknownLicence, "")),
                }
            }
        })
    };
    assert_eq!(with(&[("LICENSE", true)]), MET);
    assert_eq!(with(&[("LICENSE", true), ("LICENSES/own.txt", false)]), MET);
    assert_eq!(with(&[("LICENSE-MIT", true), ("LICENSE-APACHE", true)]), MET);
    assert_eq!(with(&[("LICENSES/MIT.txt", true)]), MET);
    for places in [
        &[("LICENSE", false), ("LICENSES/OFL-1.1.txt", true)][..],
        &[("LICENSE", true), ("COPYING", false)],
        &[("LICENSES/MIT.txt", true), ("LICENSES/own.txt", false)],
        &[("LICENSE", false)],
        &[],
    ] {
        assert_eq!(with(places), open(Obstacle::NeedsPerson), "{places:?}");
    }
}

#[test]
fn what_is_fetched_counts_for_every_kind_of_build() {
    let id = "scorecard-pinned-dependencies";
    let image = |facts: &mut BuildFacts| facts.sign(place("Dockerfile", FaultCode::Declared, "image-build"));
    let gitlab = |facts: &mut BuildFacts| facts.sign(place(".gitlab-ci.yml", FaultCode::Pipeline, "gitlab"));
    assert_eq!((judged(id, image), judged(id, gitlab)), (MET, MET));
    assert_eq!(judged(id, |_| ()), open(Obstacle::NoFile));
    let jenkins = |facts: &mut BuildFacts| facts.sign(place("Jenkinsfile", FaultCode::Pipeline, "jenkins"));
    assert_eq!(judged(id, jenkins), open(Obstacle::NotUnderstood), "only a part of the commands is read");
    let perhaps = |facts: &mut BuildFacts| {
        image(facts);
        facts.open(place("Makefile", FaultCode::UnpinnedInstall, "npx"));
    };
    assert_eq!(judged(id, perhaps), open(Obstacle::NotUnderstood));
}

#[test]
fn documents_that_a_person_has_to_read_are_not_met() {
    let with = |code| judged("osps-design", move |facts| facts.theme(Theme::Design, Fault::of_file("a.md", code)));
    assert_eq!(with(FaultCode::Found), MET);
    assert_eq!(with(FaultCode::NotFollowed), open(Obstacle::NeedsPerson));
    let both = |facts: &mut BuildFacts| {
        facts.theme(Theme::Design, Fault::of_file("a.md", FaultCode::NotFollowed));
        facts.theme(Theme::Design, Fault::of_file("a.md", FaultCode::Found));
    };
    assert_eq!(judged("osps-design", both), MET, "one plain place is enough");
    let perhaps = |facts: &mut BuildFacts| facts.sign(place("package.json", FaultCode::UpdateTool, "perhaps"));
    assert_eq!(judged("scorecard-dependency-update-tool", perhaps), open(Obstacle::NeedsForge));
}

#[test]
fn a_secret_that_was_found_is_told_by_every_standard() {
    let with = |secrets: SecretFacts| {
        let facts = TreeFacts { secrets: Some(secrets), ..TreeFacts::default() };
        let outcome = |id: &str| all().find(|practice| practice.id == id).expect(id).judged(&facts).outcome;
        (outcome("no-secrets"), outcome("osps-no-secrets"))
    };
    let sure = vec![Fault::of_file("a", FaultCode::SecretGitlab)];
    assert_eq!(with(SecretFacts { sure, ..SecretFacts::default() }), (Outcome::NotMet, Outcome::NotMet));
    assert_eq!(with(SecretFacts::default()), (Outcome::Met, Outcome::NotAssessed), "what keeps them out is not seen");
}
