// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! No file of any commit holds what may be a secret; whether it is one, a person has to say.

use underpin_model::practices::{Obstacle, Pack, TreeFacts};

use super::{Judgement, Practice};

/// The practice.
pub const NO_LIKELY_SECRETS: Practice =
    Practice { id: "no-likely-secrets", pack: Pack::Secrets, rule: "CWE-798", version: 2, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    match &facts.secrets {
        None => Judgement::not_assessed(Obstacle::NeedsHistory),
        Some(secrets) if !secrets.hints.is_empty() => {
            Judgement { places: secrets.hints.clone(), ..Judgement::not_assessed(Obstacle::NeedsPerson) }
        }
        Some(secrets) => secrets.missing.map_or(Judgement::without(Vec::new()), Judgement::not_assessed),
    }
}
