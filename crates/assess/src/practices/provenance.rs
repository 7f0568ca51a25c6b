// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the levels of SLSA's build track have in common.

use underpin_model::practices::{Fault, FaultCode, Obstacle, Outcome, TreeFacts};
use underpin_model::proofs::BuildLevel;
use underpin_model::repository_facts::ReleasedFile;

use super::Judgement;

/// Met when attestations show this level for every file of the release. Without pinned keys and named builders only the first level can
/// be shown; a file without any attestation breaks every level.
pub(super) fn at_least(facts: &TreeFacts, level: BuildLevel) -> Judgement {
    let Some(releases) = &facts.releases else { return Judgement::not_assessed(Obstacle::NeedsReleases) };
    if releases.files.is_empty() {
        return Judgement::not_assessed(Obstacle::NothingThere);
    }
    let place = |file: &ReleasedFile| {
        let code = match file.level {
            BuildLevel::None => FaultCode::NoProvenance,
            BuildLevel::One => FaultCode::ProvenanceOnly,
            BuildLevel::Two => FaultCode::ProvenanceSigned,
            BuildLevel::Three => FaultCode::ProvenanceHardened,
        };
        Fault::of_file(&file.name, code)
    };
    let bare: Vec<Fault> = releases.files.iter().filter(|file| !file.is_claimed).map(place).collect();
    if !bare.is_empty() {
        return Judgement::without(bare);
    }
    let missing = match level {
        BuildLevel::None | BuildLevel::One => None,
        _ if !releases.has_keys => Some(Obstacle::NeedsKeys),
        BuildLevel::Two if !releases.has_builders => Some(Obstacle::NeedsBuilders),
        BuildLevel::Three if !releases.has_hardened => Some(Obstacle::NeedsBuilders),
        BuildLevel::Two | BuildLevel::Three => None,
    };
    if let Some(obstacle) = missing {
        return Judgement::not_assessed(obstacle);
    }
    let below: Vec<Fault> = releases.files.iter().filter(|file| file.level < level).map(place).collect();
    if below.is_empty() {
        return Judgement { outcome: Outcome::Met, obstacle: None, places: releases.files.iter().map(place).collect() };
    }
    Judgement::without(below)
}
