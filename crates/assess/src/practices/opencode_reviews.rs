// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! At least three of four changes merged in the last six months were reviewed.

use underpin_model::practices::{FaultCode, Obstacle, Pack, TreeFacts};

use super::opencode::{forge, share};
use super::{Judgement, Practice};

/// Changes of a hundred that have to be reviewed.
const LEAST_PERCENT: u64 = 75;

/// The practice.
pub const OPENCODE_REVIEWS: Practice =
    Practice { id: "opencode-reviews", pack: Pack::OpenCode, rule: "security level 2", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    forge(facts, |forge| match forge.reviewed {
        None => Judgement::not_assessed(Obstacle::NeedsForge),
        Some(reviewed) if reviewed.whole == 0 => Judgement::not_assessed(Obstacle::NothingThere),
        Some(reviewed) => share(reviewed.part, reviewed.whole, LEAST_PERCENT, FaultCode::ReviewedOfHalfYear),
    })
}
