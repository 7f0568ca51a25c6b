// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Somebody reacts to an issue within seven days, on average of the last three months.

use underpin_model::practices::{FaultCode, Obstacle, Pack, TreeFacts};

use super::opencode::{forge, told};
use super::{Judgement, Practice};

/// Fewer seconds than these.
const SECONDS: u64 = 7 * DAY;
const DAY: u64 = 86_400;

/// The practice.
pub const OPENCODE_ISSUE_REACTION: Practice = Practice {
    id: "opencode-issue-reaction",
    pack: Pack::OpenCode,
    rule: "maintenance and security level 1",
    version: 1,
    judge,
};

fn judge(facts: &TreeFacts) -> Judgement {
    forge(facts, |forge| match (forge.issues, forge.reaction_seconds) {
        (Some(0), _) => Judgement::not_assessed(Obstacle::NothingThere),
        (_, None) => Judgement::not_assessed(Obstacle::NeedsForge),
        (_, Some(seconds)) => told(seconds < SECONDS, FaultCode::ReactionDays, &seconds.div_ceil(DAY).to_string()),
    })
}
