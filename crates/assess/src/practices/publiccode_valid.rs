// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The publiccode.yml keeps every rule of its standard that can be judged without network.

use underpin_model::practices::{Obstacle, Pack, TreeFacts};

use super::{Judgement, Practice};

/// The practice.
pub const PUBLICCODE_VALID: Practice =
    Practice { id: "publiccode-valid", pack: Pack::Publiccode, rule: "schema", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    match &facts.publiccode {
        None => Judgement::not_assessed(Obstacle::NoFile),
        Some(found) => Judgement::without(found.faults.clone()),
    }
}
