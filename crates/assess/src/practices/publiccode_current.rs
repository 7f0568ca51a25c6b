// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The publiccode.yml is of the newest version and holds nothing that is on its way out.

use underpin_model::practices::{Obstacle, Pack, TreeFacts};

use super::{Judgement, Practice};

/// The practice.
pub const PUBLICCODE_CURRENT: Practice =
    Practice { id: "publiccode-current", pack: Pack::Publiccode, rule: "deprecations", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    match &facts.publiccode {
        None => Judgement::not_assessed(Obstacle::NoFile),
        // Of a file that cannot be read nothing is known; the practice before says why.
        Some(found) if !found.faults.is_empty() && found.warnings.is_empty() => {
            Judgement::not_assessed(Obstacle::NotUnderstood)
        }
        Some(found) => Judgement::without(found.warnings.clone()),
    }
}
