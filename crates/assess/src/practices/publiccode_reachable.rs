// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the publiccode.yml points at answers: addresses, videos, entries of registers. Only the network could tell.

use underpin_model::practices::{Obstacle, Outcome, Pack, TreeFacts};

use super::{Judgement, Practice};

/// The practice.
pub const PUBLICCODE_REACHABLE: Practice =
    Practice { id: "publiccode-reachable", pack: Pack::Publiccode, rule: "addresses", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    match &facts.publiccode {
        None => Judgement::not_assessed(Obstacle::NoFile),
        Some(found) if found.undecided.is_empty() => Judgement::not_assessed(Obstacle::NotUnderstood),
        Some(found) => Judgement {
            outcome: Outcome::NotAssessed,
            obstacle: Some(Obstacle::NeedsNetwork),
            places: found.undecided.clone(),
        },
    }
}
