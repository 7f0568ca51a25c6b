// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Practices that a forge tells about, where it was asked and answers. What it leaves open stays open.

use underpin_model::practices::{Fault, FaultCode, Obstacle, Outcome, TreeFacts};
use underpin_model::proofs::BuildLevel;
use underpin_model::repository_facts::{ForgeFacts, PartOf, ReleasedFile, SignatureState, SignedThing};

use super::Judgement;
use super::opencode::{forge, share};
use super::osps_judged;
use super::shown::needs_network;

/// Met or not, as the forge says; otherwise it does not tell.
fn said(answer: Option<bool>, yes: FaultCode, no: FaultCode) -> Judgement {
    let place = |code| vec![Fault::of_file("", code)];
    match answer {
        Some(true) => Judgement { outcome: Outcome::Met, obstacle: None, places: place(yes) },
        Some(false) => Judgement { outcome: Outcome::NotMet, obstacle: None, places: place(no) },
        None => Judgement::not_assessed(Obstacle::NeedsForge),
    }
}

/// Met where the forge says so; its "no" leaves another way open that only a person knows.
fn said_yes(answer: Option<bool>, yes: FaultCode) -> Judgement {
    match answer {
        Some(false) => Judgement::not_assessed(Obstacle::NeedsPerson),
        answer => said(answer, yes, yes),
    }
}

/// Members of the organisation need a second factor. Where the organisation does not ask for it, the forge may.
pub(super) fn second_factor(facts: &TreeFacts) -> Judgement {
    forge(facts, |forge| said_yes(forge.second_factor, FaultCode::ForgeSecondFactor))
}

/// The main branch is changed by proposals alone.
pub(super) fn no_direct_commits(facts: &TreeFacts) -> Judgement {
    forge(facts, |forge| said(forge.by_proposals, FaultCode::ForgeProposals, FaultCode::ForgeDirect))
}

/// The main branch cannot be deleted.
pub(super) fn no_deletion(facts: &TreeFacts) -> Judgement {
    forge(facts, |forge| said(forge.branch_kept, FaultCode::ForgeKept, FaultCode::ForgeDeletable))
}

/// Somebody else has to approve a change of the main branch.
pub(super) fn approval(facts: &TreeFacts) -> Judgement {
    forge(facts, |forge| said(forge.review_required, FaultCode::ForgeApproval, FaultCode::ForgeNoApproval))
}

/// Everybody may read it where it lies. Without the forge only the network could tell.
pub(super) fn public_source(facts: &TreeFacts) -> Judgement {
    if facts.forge.is_none() {
        return needs_network(facts);
    }
    forge(facts, |forge| said(forge.is_public, FaultCode::ForgePublic, FaultCode::ForgeClosed))
}

/// A public repository with a place for issues. Elsewhere it may be talked about in other places.
pub(super) fn public_discussion(facts: &TreeFacts) -> Judgement {
    forge(facts, |forge| said_yes(tracker(forge), FaultCode::ForgeTracker))
}

fn tracker(forge: &ForgeFacts) -> Option<bool> {
    match (forge.is_public, forge.has_issues) {
        (Some(is_public), Some(has_issues)) => Some(is_public && has_issues),
        (Some(false), None) | (None, Some(false)) => Some(false),
        _ => None,
    }
}

/// The files name a closed way to report, or the forge has one.
pub(super) fn private_reporting(facts: &TreeFacts) -> Judgement {
    let of_files = osps_judged::private_reporting(facts);
    match facts.forge.as_ref().and_then(|forge| forge.private_reports) {
        Some(true) if of_files.outcome != Outcome::Met => {
            said(Some(true), FaultCode::ForgePrivateReports, FaultCode::ForgePrivateReports)
        }
        _ => of_files,
    }
}

/// The main branch takes no forced push, is not deleted, and needs the approval of somebody else.
pub(super) fn branch_protection(facts: &TreeFacts) -> Judgement {
    forge(facts, |forge| {
        let parts = [
            said(forge.protected_branch, FaultCode::BranchProtected, FaultCode::BranchOpen),
            no_deletion(facts),
            approval(facts),
        ];
        let with = |outcome| parts.iter().filter(move |part| part.outcome == outcome);
        let places = |outcome| with(outcome).flat_map(|part| part.places.clone()).collect::<Vec<_>>();
        if with(Outcome::NotMet).next().is_some() {
            Judgement::without(places(Outcome::NotMet))
        } else if with(Outcome::NotAssessed).next().is_some() {
            Judgement { places: places(Outcome::Met), ..Judgement::not_assessed(Obstacle::NeedsForge) }
        } else {
            Judgement { places: places(Outcome::Met), ..Judgement::without(Vec::new()) }
        }
    })
}

/// Every change that was merged in the last six months was reviewed by somebody else.
pub(super) fn all_reviewed(facts: &TreeFacts) -> Judgement {
    forge(facts, |forge| match forge.reviewed {
        None => Judgement::not_assessed(Obstacle::NeedsForge),
        Some(PartOf { whole: 0, .. }) => Judgement::not_assessed(Obstacle::NothingThere),
        Some(PartOf { part, whole }) => share(part, whole, 100, FaultCode::ReviewedOfHalfYear),
    })
}

/// Every file of the release that was given has a signed provenance. Without one, signed tags of releases are a hint: what lies with a
/// release only the forge knows.
pub(super) fn signed_releases(facts: &TreeFacts) -> Judgement {
    let files = facts.releases.as_ref().map(|releases| releases.files.as_slice()).unwrap_or_default();
    if !files.is_empty() && files.iter().all(|file| file.level >= BuildLevel::Two) {
        let place = |file: &ReleasedFile| Fault::of_file(&file.name, FaultCode::ProvenanceSigned);
        return Judgement { places: files.iter().map(place).collect(), ..Judgement::without(Vec::new()) };
    }
    let tags = facts.signatures.as_ref().map(|signatures| signatures.tags.as_slice()).unwrap_or_default();
    let hint = |tag: &SignedThing| {
        let code = match tag.state {
            SignatureState::Verified => FaultCode::SignedVerified,
            SignatureState::UnknownKey => FaultCode::SignedUnknownKey,
            SignatureState::Unsigned | SignatureState::Broken => return None,
        };
        Some(Fault::of_file(&tag.name, code))
    };
    let places = tags.iter().filter_map(hint).collect();
    Judgement { places, ..Judgement::not_assessed(Obstacle::NeedsForge) }
}

/// An archived repository is not looked after. Otherwise how busy it is no single number says.
pub(super) fn maintained(facts: &TreeFacts) -> Judgement {
    forge(facts, |forge| match forge.archived {
        Some(true) => said(Some(false), FaultCode::ForgeArchived, FaultCode::ForgeArchived),
        _ => Judgement::not_assessed(Obstacle::NeedsForge),
    })
}
