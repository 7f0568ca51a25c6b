// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How practices are judged by what pipelines, build files and documents show.

use std::collections::BTreeSet;

use underpin_model::build_facts::{BuildFacts, Theme};
use underpin_model::practices::{Fault, FaultCode, Obstacle, Outcome, TreeFacts};

use super::Judgement;

/// Met, with the places that show it.
pub(super) fn met(places: Vec<Fault>) -> Judgement {
    Judgement { outcome: Outcome::Met, obstacle: None, places }
}

/// Not met, because nothing of the kind is there.
pub(super) fn absent() -> Judgement {
    Judgement { outcome: Outcome::NotMet, obstacle: None, places: vec![Fault::of_file("", FaultCode::NotThere)] }
}

/// Nobody can say, and these places are a hint.
pub(super) fn open(obstacle: Obstacle, places: Vec<Fault>) -> Judgement {
    Judgement { places, ..Judgement::not_assessed(obstacle) }
}

/// Only the forge could tell.
pub(super) fn needs_forge(_: &TreeFacts) -> Judgement {
    Judgement::not_assessed(Obstacle::NeedsForge)
}

/// Only a person could tell.
pub(super) fn needs_person(_: &TreeFacts) -> Judgement {
    Judgement::not_assessed(Obstacle::NeedsPerson)
}

/// Only the network could tell.
pub(super) fn needs_network(_: &TreeFacts) -> Judgement {
    Judgement::not_assessed(Obstacle::NeedsNetwork)
}

/// Judges what was looked at; where nobody looked, nobody can say.
pub(super) fn builds(facts: &TreeFacts, judge: impl Fn(&BuildFacts) -> Judgement) -> Judgement {
    facts.builds.as_ref().map_or_else(|| Judgement::not_assessed(Obstacle::NoFile), judge)
}

/// Met where a document speaks about a theme. Elsewhere somebody else may know, because documents may lie elsewhere.
pub(super) fn spoken(facts: &TreeFacts, themes: &[Theme], otherwise: Obstacle) -> Judgement {
    builds(facts, |seen| {
        let places: Vec<Fault> = themes.iter().flat_map(|theme| seen.about(*theme)).collect();
        let perhaps: Vec<Fault> = themes.iter().flat_map(|theme| seen.perhaps_about(*theme)).collect();
        match (places.is_empty(), perhaps.is_empty()) {
            (false, _) => met(places),
            (true, false) => open(Obstacle::NeedsPerson, perhaps),
            (true, true) => Judgement::not_assessed(otherwise),
        }
    })
}

/// Met where there is a sign. Elsewhere somebody else may know.
pub(super) fn signed(facts: &TreeFacts, codes: &[FaultCode], otherwise: Obstacle) -> Judgement {
    builds(facts, |seen| {
        let places = seen.signs_of(codes);
        if places.is_empty() { Judgement::not_assessed(otherwise) } else { met(places) }
    })
}

/// What one of the codes shows is not met. Without pipelines there is nothing to judge, and what was not understood is no proof.
pub(super) fn pipelines_without(facts: &TreeFacts, codes: &[FaultCode]) -> Judgement {
    builds(facts, |seen| {
        let faults = seen.faults_of(codes);
        if !faults.is_empty() {
            return Judgement::without(faults);
        }
        let pipelines = seen.signs_of(&[FaultCode::Pipeline]);
        if pipelines.is_empty() {
            return Judgement::not_assessed(Obstacle::NoFile);
        }
        // Of other systems only the commands are read.
        let others: Vec<Fault> = pipelines.iter().filter(|pipeline| !is_actions(pipeline)).cloned().collect();
        if !others.is_empty() {
            return open(Obstacle::NotUnderstood, others);
        }
        let paths: BTreeSet<&str> = pipelines.iter().map(|pipeline| pipeline.path.as_str()).collect();
        let is_fetched = |fault: &Fault| {
            matches!(fault.code, FaultCode::UnpinnedImage | FaultCode::UnpinnedInstall | FaultCode::DownloadRun)
        };
        // What is fetched, and what a token may do, other practices judge.
        let is_pipeline =
            |fault: &&Fault| paths.contains(fault.path.as_str()) && !is_fetched(fault) && fault.detail != "permissions";
        let broken: Vec<Fault> = seen.undecided.iter().filter(is_pipeline).cloned().collect();
        if broken.is_empty() { met(pipelines) } else { open(Obstacle::NotUnderstood, broken) }
    })
}

/// The pipelines whose parts are understood: workflows of GitHub, Forgejo and Gitea.
pub(super) fn actions(seen: &BuildFacts) -> Vec<Fault> {
    seen.signs.iter().filter(|sign| is_actions(sign)).cloned().collect()
}

fn is_actions(sign: &Fault) -> bool {
    sign.code == FaultCode::Pipeline && sign.detail.ends_with("-actions")
}

/// Whether a workflow says what its token may do, as far as it was understood.
pub(super) fn declares(seen: &BuildFacts, pipeline: &Fault) -> bool {
    let mut declared =
        seen.signs.iter().filter(|sign| sign.code == FaultCode::Declared && sign.detail == "permissions");
    declared.any(|sign| sign.path == pipeline.path)
}

/// Programs in the tree, without the wrapper of Gradle where a pipeline holds it against the known ones.
pub(super) fn programs(seen: &BuildFacts) -> Vec<Fault> {
    let is_wrapper_checked =
        seen.signs.iter().any(|sign| sign.code == FaultCode::Declared && sign.detail == "gradle-wrapper");
    let is_checked = |fault: &Fault| is_wrapper_checked && fault.path.ends_with("gradle-wrapper.jar");
    seen.faults_of(&[FaultCode::ProgramFile]).into_iter().filter(|fault| !is_checked(fault)).collect()
}

/// Met without programs. A file that was not read may be one.
pub(super) fn without_programs(facts: &TreeFacts) -> Judgement {
    builds(facts, |seen| {
        let found = programs(seen);
        let unread: Vec<Fault> = seen
            .undecided
            .iter()
            .filter(|fault| matches!(fault.code, FaultCode::BeyondLimits | FaultCode::Unreadable))
            .cloned()
            .collect();
        match (found.is_empty(), unread.is_empty()) {
            (false, _) => Judgement::without(found),
            (true, false) => open(Obstacle::BeyondLimits, unread),
            (true, true) => met(Vec::new()),
        }
    })
}

/// Met where tests run before a proposal is taken. Other pipelines, or other files that a pipeline calls, may do it unseen.
pub(super) fn tests_before_merge(facts: &TreeFacts) -> Judgement {
    builds(facts, |seen| {
        let tests = seen.signs_of(&[FaultCode::TestsProposals]);
        if !tests.is_empty() {
            return met(tests);
        }
        let others = seen.signs_of(&[FaultCode::RunsTests]);
        let pipelines = seen.signs_of(&[FaultCode::Pipeline]);
        if pipelines.is_empty() {
            return Judgement::not_assessed(Obstacle::NeedsForge);
        }
        open(Obstacle::NeedsPerson, if others.is_empty() { pipelines } else { others })
    })
}

/// Met where all licences at the root are open or free; without one there, those of the folder of licences. A text that is not known may
/// be one, too, or forbid what the others allow: a person has to read it.
pub(super) fn free_licence(facts: &TreeFacts) -> Judgement {
    builds(facts, |seen| {
        let is_root = |place: &Fault| !place.path.contains('/');
        let all = seen.signs_of(&[FaultCode::FreeLicence]);
        let unknown: Vec<Fault> =
            seen.undecided.iter().filter(|place| place.code == FaultCode::UnknownLicence).cloned().collect();
        let has_root = all.iter().chain(&unknown).any(is_root);
        let counts = |place: &Fault| !has_root || is_root(place);
        let known: Vec<Fault> = all.into_iter().filter(|place| counts(place)).collect();
        let unknown: Vec<Fault> = unknown.into_iter().filter(|place| counts(place)).collect();
        match (known.is_empty(), unknown.is_empty()) {
            (false, true) => met(known),
            _ => open(Obstacle::NeedsPerson, unknown),
        }
    })
}
