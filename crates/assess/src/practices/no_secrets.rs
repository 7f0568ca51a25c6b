// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! No file of any commit holds a secret.

use underpin_model::practices::{Obstacle, Pack, TreeFacts};

use super::{Judgement, Practice};

/// The practice.
pub const NO_SECRETS: Practice = Practice { id: "no-secrets", pack: Pack::Secrets, rule: "CWE-540", version: 2, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    match &facts.secrets {
        None => Judgement::not_assessed(Obstacle::NeedsHistory),
        Some(secrets) => match secrets.missing {
            Some(why) if secrets.sure.is_empty() => Judgement::not_assessed(why),
            _ => Judgement::without(secrets.sure.clone()),
        },
    }
}
