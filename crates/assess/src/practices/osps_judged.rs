// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Requirements of the OSPS Baseline that the files of a repository can show, or hint at.

use underpin_model::build_facts::Theme;
use underpin_model::practices::{Fault, FaultCode, Obstacle, Outcome, Topic, TreeFacts};

use crate::practices::shown::{
    absent, actions, builds, declares, met, open, pipelines_without, programs, signed, spoken, without_programs,
};
use crate::practices::{Judgement, file_with_text};

/// Every workflow says itself what its token may do. Where one does not, a setting of the forge decides.
pub(super) fn default_permissions(facts: &TreeFacts) -> Judgement {
    builds(facts, |seen| {
        let silent = seen.faults_of(&[FaultCode::NoPermissions]);
        let github: Vec<Fault> = actions(seen).into_iter().filter(|sign| sign.detail == "github-actions").collect();
        // Rights to everything at the top are what each job has that says nothing.
        let (all, some): (Vec<Fault>, Vec<Fault>) = seen
            .faults_of(&[FaultCode::WritePermission])
            .into_iter()
            .filter(|fault| fault.detail.starts_with("permissions"))
            .partition(|fault| fault.detail == "permissions: write-all");
        if !all.is_empty() {
            return Judgement::without(all);
        }
        if !silent.is_empty() || github.is_empty() {
            return open(Obstacle::NeedsForge, silent);
        }
        if !some.is_empty() {
            return open(Obstacle::NeedsPerson, some);
        }
        let declared = seen.signs_of(&[FaultCode::Declared]);
        if github.iter().all(|pipeline| declares(seen, pipeline)) {
            met(declared.clone())
        } else {
            open(Obstacle::NotUnderstood, seen.undecided.clone())
        }
    })
}

/// No workflow gives all jobs, or one job all, rights to write. Whether each right is needed only a person knows.
pub(super) fn job_permissions(facts: &TreeFacts) -> Judgement {
    builds(facts, |seen| {
        let faults = seen.faults_of(&[FaultCode::WritePermission]);
        if faults.is_empty() { Judgement::not_assessed(Obstacle::NeedsPerson) } else { Judgement::without(faults) }
    })
}

/// No words of outsiders become part of a script.
pub(super) fn untrusted_input(facts: &TreeFacts) -> Judgement {
    pipelines_without(facts, &[FaultCode::UntrustedInput])
}

/// No code of outsiders is fetched where there are rights and secrets.
pub(super) fn untrusted_code(facts: &TreeFacts) -> Judgement {
    pipelines_without(facts, &[FaultCode::UntrustedCheckout])
}

/// No words that people with rights type become part of a script.
pub(super) fn collaborator_input(facts: &TreeFacts) -> Judgement {
    pipelines_without(facts, &[FaultCode::CollaboratorInput, FaultCode::UntrustedInput])
}

/// Releases have tags with a version each; the forge may have releases without.
pub(super) fn release_version(facts: &TreeFacts) -> Judgement {
    match facts.marks {
        Some(history) if history.has_release_tag => met(Vec::new()),
        _ => Judgement::not_assessed(Obstacle::NeedsForge),
    }
}

/// The newest commits are all signed off. Agreements that the forge asks for leave no mark in commits.
pub(super) fn contributor_assertion(facts: &TreeFacts) -> Judgement {
    match facts.marks {
        Some(history) if history.commits > 0 && history.commits == history.signed_off => met(Vec::new()),
        _ => Judgement::not_assessed(Obstacle::NeedsForge),
    }
}

/// A file tells what changed; the forge may have it with each release instead.
pub(super) fn release_notes(facts: &TreeFacts) -> Judgement {
    there(facts, Topic::Changelog, Obstacle::NeedsForge)
}

/// Dependencies are listed for a package manager.
pub(super) fn dependency_tools(facts: &TreeFacts) -> Judgement {
    signed(facts, &[FaultCode::Manifest, FaultCode::Lockfile], Obstacle::NeedsPerson)
}

/// A secret in a file shows that nothing keeps them out. Without one a person has to say what does.
pub(super) fn no_secrets(facts: &TreeFacts) -> Judgement {
    match &facts.secrets {
        Some(found) if !found.sure.is_empty() => Judgement::without(found.sure.clone()),
        Some(found) => open(Obstacle::NeedsPerson, found.hints.clone()),
        None => Judgement::not_assessed(Obstacle::NeedsPerson),
    }
}

/// A document speaks about how secrets are kept.
pub(super) fn secrets_policy(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Secrets], Obstacle::NeedsPerson)
}

/// A guide or a part of a document says how to use it.
pub(super) fn user_guide(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Usage], Obstacle::NeedsPerson)
}

/// A form or a part of a document says how to report a defect.
pub(super) fn defect_guide(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Defects], Obstacle::NeedsPerson)
}

/// A document speaks about how a release is verified.
pub(super) fn verify_release(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Verification], Obstacle::NeedsPerson)
}

/// A document shows how to verify who made a release.
pub(super) fn verify_author(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Author], Obstacle::NeedsPerson)
}

/// A document says which releases are supported.
pub(super) fn support_scope(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Support], Obstacle::NeedsPerson)
}

/// A document says which versions get no more updates.
pub(super) fn support_end(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::SupportEnd], Obstacle::NeedsPerson)
}

/// A document says how dependencies are chosen and followed.
pub(super) fn dependency_description(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Dependencies], Obstacle::NeedsPerson)
}

/// A document says how to build it.
pub(super) fn build_guide(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Building], Obstacle::NeedsPerson)
}

/// A file lists who may do what.
pub(super) fn members(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Members], Obstacle::NeedsPerson)
}

/// A document says which roles there are.
pub(super) fn roles(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Roles], Obstacle::NeedsPerson)
}

/// A file or a part of a document says how to contribute.
pub(super) fn contribution_process(facts: &TreeFacts) -> Judgement {
    let file = file_with_text(facts, Topic::Contributing);
    if file.outcome == Outcome::Met {
        file
    } else {
        or_absent(spoken(facts, &[Theme::Contribution], Obstacle::NeedsPerson))
    }
}

/// The guide for contributors says what a contribution must keep.
pub(super) fn contribution_guide(facts: &TreeFacts) -> Judgement {
    if facts.find(Topic::Contributing).is_none() {
        return or_absent(spoken(facts, &[Theme::Acceptance], Obstacle::NeedsPerson));
    }
    spoken(facts, &[Theme::Acceptance, Theme::TestPolicy], Obstacle::NeedsPerson)
}

/// A licence stands where it is looked for.
pub(super) fn licence_file(facts: &TreeFacts) -> Judgement {
    file_with_text(facts, Topic::Licence)
}

/// Releases of the source have the licence that the source has.
pub(super) fn licence_in_releases(facts: &TreeFacts) -> Judgement {
    there(facts, Topic::Licence, Obstacle::NeedsForge)
}

/// Direct dependencies are listed.
pub(super) fn dependency_list(facts: &TreeFacts) -> Judgement {
    signed(facts, &[FaultCode::Manifest], Obstacle::NoFile)
}

/// No program, and nothing else that nobody can review. What only looks like it a person has to look at.
pub(super) fn no_opaque_files(facts: &TreeFacts) -> Judgement {
    builds(facts, |seen| {
        let opaque = seen.faults_of(&[FaultCode::OpaqueFile]);
        if programs(seen).is_empty() && !opaque.is_empty() {
            return open(Obstacle::NeedsPerson, opaque);
        }
        without_programs(facts)
    })
}

/// A document says how tests are run.
pub(super) fn tests_documented(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Testing], Obstacle::NeedsPerson)
}

/// The guide for contributors asks for tests with a change.
pub(super) fn test_policy(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::TestPolicy], Obstacle::NeedsPerson)
}

/// A document says how it is built up.
pub(super) fn design(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Design], Obstacle::NeedsPerson)
}

/// A document or a description for programs tells its interfaces.
pub(super) fn interfaces(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Interfaces], Obstacle::NeedsPerson)
}

/// An assessment of its security lies in the repository.
pub(super) fn security_assessment(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Assessment], Obstacle::NeedsPerson)
}

/// A model of threats lies in the repository.
pub(super) fn threat_model(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Threats], Obstacle::NeedsPerson)
}

/// A file says how reports are handled, and when an answer comes.
pub(super) fn disclosure_policy(facts: &TreeFacts) -> Judgement {
    let Some((path, _)) = facts.find(Topic::SecurityPolicy) else {
        return or_absent(spoken(facts, &[Theme::ResponseTime], Obstacle::NeedsPerson));
    };
    let spoken = spoken(facts, &[Theme::ResponseTime], Obstacle::NeedsPerson);
    if spoken.outcome == Outcome::Met || !spoken.places.is_empty() { spoken } else { lacks(path, FaultCode::NoTime) }
}

/// A document says whom to tell about a vulnerability.
pub(super) fn security_contacts(facts: &TreeFacts) -> Judgement {
    channel(facts, Theme::Contact)
}

/// A document names a way to report that not everybody reads.
pub(super) fn private_reporting(facts: &TreeFacts) -> Judgement {
    channel(facts, Theme::PrivateChannel)
}

fn channel(facts: &TreeFacts, theme: Theme) -> Judgement {
    let spoken = spoken(facts, &[theme], Obstacle::NeedsPerson);
    if spoken.outcome == Outcome::Met {
        return spoken;
    }
    let is_silent = spoken.places.is_empty();
    // A security.txt that keeps its rules has a way to report.
    let is_good = facts.security_txt.as_ref().is_some_and(|found| found.faults.is_empty());
    match (facts.find(Topic::SecurityTxt), facts.find(Topic::SecurityPolicy)) {
        (Some((path, _)), _) if is_good => met(vec![Fault::of_file(path, FaultCode::Found)]),
        _ if !is_silent => spoken,
        (_, Some((path, _))) => pointed(facts, theme).unwrap_or_else(|| lacks(path, FaultCode::NoContact)),
        _ => or_absent(spoken),
    }
}

/// A policy that only points elsewhere may name the channel there.
fn pointed(facts: &TreeFacts, theme: Theme) -> Option<Judgement> {
    let places = facts.builds.as_ref()?.about(Theme::Contact);
    (theme == Theme::PrivateChannel && !places.is_empty()).then(|| open(Obstacle::NeedsPerson, places))
}

/// Known vulnerabilities are told in the files; the forge may have them instead.
pub(super) fn published_vulnerabilities(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Advisories], Obstacle::NeedsForge)
}

/// A VEX document lies in the repository; releases may have one instead.
pub(super) fn exploitability(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Exploitability], Obstacle::NeedsForge)
}

/// A pipeline checks dependencies; whether it can stop a change only the forge knows.
pub(super) fn dependency_checks(facts: &TreeFacts) -> Judgement {
    builds(facts, |seen| open(Obstacle::NeedsForge, seen.signs_of(&[FaultCode::ChecksDependencies])))
}

/// A pipeline analyses the source; whether it can stop a change only the forge knows.
pub(super) fn analysis_checks(facts: &TreeFacts) -> Judgement {
    builds(facts, |seen| open(Obstacle::NeedsForge, seen.signs_of(&[FaultCode::RunsAnalysis])))
}

fn there(facts: &TreeFacts, topic: Topic, otherwise: Obstacle) -> Judgement {
    match facts.find(topic) {
        Some((path, true)) => met(vec![Fault::of_file(path, FaultCode::Found)]),
        _ => Judgement::not_assessed(otherwise),
    }
}

/// Not met where nobody else is named who could tell and all was looked at.
fn or_absent(judgement: Judgement) -> Judgement {
    let is_silent = judgement.obstacle == Some(Obstacle::NeedsPerson) && judgement.places.is_empty();
    if is_silent { absent() } else { judgement }
}

fn lacks(path: &str, code: FaultCode) -> Judgement {
    Judgement::without(vec![Fault::of_file(path, code)])
}
