// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Half of the commits of the last six months rest on at least two people.

use underpin_model::practices::{FaultCode, Obstacle, Pack, TreeFacts};

use super::opencode::{history, told, unless_later};
use super::{Judgement, Practice};

/// People that are asked for.
const LEAST: u64 = 2;

/// The practice.
pub const OPENCODE_BUS_FACTOR: Practice =
    Practice { id: "opencode-bus-factor", pack: Pack::OpenCode, rule: "maintenance level 3", version: 2, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    history(facts, |history| match history.half_made_by {
        None => Judgement::not_assessed(history.commits.missing.unwrap_or(Obstacle::NeedsHistory)),
        Some(people) => unless_later(history, told(people >= LEAST, FaultCode::HalfMadeBy, &people.to_string())),
    })
}
