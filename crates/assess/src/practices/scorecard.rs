// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The checks of OpenSSF Scorecard that a clone can decide (https://github.com/ossf/scorecard/blob/main/docs/checks.md).
//!
//! Scorecard gives each check a number from 0 to 10; here a check is met when nothing speaks against it, and nothing is added up. Checks
//! about people, reviews and settings need the forge.

use std::collections::BTreeSet;

use underpin_model::practices::{Fault, FaultCode, Obstacle, Outcome, Pack, Topic, TreeFacts};

use super::forge_judged;
use super::shown::{
    absent, actions, builds, declares, free_licence, met, needs_forge, needs_network, open, pipelines_without, signed,
    spoken, tests_before_merge, without_programs,
};
use super::{Judgement, Practice, file_with_text};
use underpin_model::build_facts::Theme;

const fn row(id: &'static str, rule: &'static str, judge: fn(&TreeFacts) -> Judgement) -> Practice {
    Practice { id, pack: Pack::Scorecard, rule, version: 2, judge }
}

/// A check whose judgement changed once.
const fn second(id: &'static str, rule: &'static str, judge: fn(&TreeFacts) -> Judgement) -> Practice {
    Practice { id, pack: Pack::Scorecard, rule, version: 2, judge }
}

/// Every check.
pub const SCORECARD: &[Practice] = &[
    row("scorecard-binary-artifacts", "Binary-Artifacts", without_programs),
    second("scorecard-branch-protection", "Branch-Protection", forge_judged::branch_protection),
    row("scorecard-ci-tests", "CI-Tests", tests_before_merge),
    row("scorecard-best-practices-badge", "CII-Best-Practices", needs_network),
    second("scorecard-code-review", "Code-Review", forge_judged::all_reviewed),
    row("scorecard-contributors", "Contributors", needs_forge),
    row("scorecard-dangerous-workflow", "Dangerous-Workflow", dangerous_workflow),
    row("scorecard-dependency-update-tool", "Dependency-Update-Tool", update_tool),
    row("scorecard-fuzzing", "Fuzzing", fuzzing),
    row("scorecard-licence", "License", licence),
    second("scorecard-maintained", "Maintained", forge_judged::maintained),
    row("scorecard-packaging", "Packaging", packaging),
    row("scorecard-pinned-dependencies", "Pinned-Dependencies", pinned),
    row("scorecard-sast", "SAST", analysis),
    row("scorecard-sbom", "SBOM", bill),
    row("scorecard-security-policy", "Security-Policy", security_policy),
    second("scorecard-signed-releases", "Signed-Releases", forge_judged::signed_releases),
    row("scorecard-token-permissions", "Token-Permissions", token_permissions),
    row("scorecard-vulnerabilities", "Vulnerabilities", needs_network),
    row("scorecard-webhooks", "Webhooks", needs_forge),
];

/// No code or words of outsiders run with the rights of the repository.
fn dangerous_workflow(facts: &TreeFacts) -> Judgement {
    pipelines_without(facts, &[FaultCode::UntrustedInput, FaultCode::UntrustedCheckout])
}

/// A program that renews dependencies is set up in the files.
fn update_tool(facts: &TreeFacts) -> Judgement {
    builds(facts, |seen| {
        // Where only something else speaks of such a program, it may be set up on the forge.
        let (perhaps, places): (Vec<Fault>, Vec<Fault>) =
            seen.signs_of(&[FaultCode::UpdateTool]).into_iter().partition(|sign| sign.detail == "perhaps");
        match (places.is_empty(), perhaps.is_empty()) {
            (false, _) => met(places),
            (true, false) => open(Obstacle::NeedsForge, perhaps),
            (true, true) => absent(),
        }
    })
}

/// The files show fuzzing, or tests of properties. Registers of others (OSS-Fuzz) are not asked.
fn fuzzing(facts: &TreeFacts) -> Judgement {
    signed(facts, &[FaultCode::RunsFuzzing], Obstacle::NeedsNetwork)
}

/// A licence stands where it is looked for, and it is open or free.
fn licence(facts: &TreeFacts) -> Judgement {
    let file = file_with_text(facts, Topic::Licence);
    if file.outcome == Outcome::NotMet { file } else { free_licence(facts) }
}

/// A pipeline publishes a package or an image.
fn packaging(facts: &TreeFacts) -> Judgement {
    signed(facts, &[FaultCode::Publishes], Obstacle::NeedsNetwork)
}

/// All that builds and pipelines fetch is named by a digest. Names with variables are left open.
fn pinned(facts: &TreeFacts) -> Judgement {
    builds(facts, |seen| {
        let faults = seen.faults_of(&[
            FaultCode::UnpinnedAction,
            FaultCode::UnpinnedImage,
            FaultCode::UnpinnedInstall,
            FaultCode::DownloadRun,
        ]);
        let is_image = |sign: &Fault| sign.code == FaultCode::Declared && sign.detail == "image-build";
        let built = seen.signs.iter().filter(|sign| sign.code == FaultCode::Pipeline || is_image(sign));
        let built: Vec<Fault> = built.cloned().collect();
        let paths: BTreeSet<&str> = built.iter().map(|place| place.path.as_str()).collect();
        let is_left = |place: &Fault| match place.code {
            FaultCode::UnpinnedImage | FaultCode::UnpinnedInstall | FaultCode::DownloadRun => true,
            FaultCode::NotFollowed | FaultCode::Empty => false,
            _ => paths.contains(place.path.as_str()),
        };
        // Of some systems only a part of the commands is read.
        let is_partly = |place: &Fault| {
            place.code == FaultCode::Pipeline && !place.detail.ends_with("-actions") && place.detail != "gitlab"
        };
        let left = seen.undecided.iter().filter(|place| is_left(place));
        let left: Vec<Fault> = left.chain(built.iter().filter(|place| is_partly(place))).cloned().collect();
        match (faults.is_empty(), left.is_empty()) {
            (false, _) => Judgement::without(faults),
            (true, false) => open(Obstacle::NotUnderstood, left),
            (true, true) if built.is_empty() => Judgement::not_assessed(Obstacle::NoFile),
            (true, true) => met(built),
        }
    })
}

/// A pipeline looks for faults of security in the source. Programs of the forge that do it leave no file.
fn analysis(facts: &TreeFacts) -> Judgement {
    signed(facts, &[FaultCode::RunsAnalysis], Obstacle::NeedsForge)
}

/// A bill of materials lies in the tree, or a pipeline writes one. Releases may have one instead.
fn bill(facts: &TreeFacts) -> Judgement {
    signed(facts, &[FaultCode::Bill], Obstacle::NeedsForge)
}

/// A security policy with a way to report.
fn security_policy(facts: &TreeFacts) -> Judgement {
    let file = file_with_text(facts, Topic::SecurityPolicy);
    let Some((path, true)) = facts.find(Topic::SecurityPolicy) else { return file };
    let spoken = spoken(facts, &[Theme::Contact], Obstacle::NeedsPerson);
    if spoken.outcome == Outcome::Met || !spoken.places.is_empty() {
        spoken
    } else {
        Judgement::without(vec![Fault::of_file(path, FaultCode::NoContact)])
    }
}

/// Every workflow says at its top, or in every job, what its token may do, and gives no rights to write at the top.
fn token_permissions(facts: &TreeFacts) -> Judgement {
    builds(facts, |seen| {
        let github: Vec<Fault> = actions(seen).into_iter().filter(|sign| sign.detail == "github-actions").collect();
        let faults = seen.faults_of(&[FaultCode::NoPermissions, FaultCode::WritePermission]);
        match (github.is_empty(), faults.is_empty()) {
            (true, _) => Judgement::not_assessed(Obstacle::NoFile),
            (false, false) => Judgement::without(faults),
            (false, true) => {
                let silent: Vec<Fault> = github.iter().filter(|sign| !declares(seen, sign)).cloned().collect();
                if silent.is_empty() { met(github) } else { open(Obstacle::NotUnderstood, silent) }
            }
        }
    })
}
