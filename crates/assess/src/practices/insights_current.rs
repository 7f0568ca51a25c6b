// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The SECURITY-INSIGHTS file is of version 2.

use underpin_model::practices::{Obstacle, Pack, TreeFacts};

use super::{Judgement, Practice};

/// The practice.
pub const INSIGHTS_CURRENT: Practice =
    Practice { id: "insights-current", pack: Pack::SecurityInsights, rule: "schema-version", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    match &facts.security_insights {
        None => Judgement::not_assessed(Obstacle::NoFile),
        Some(found) => Judgement::without(found.warnings.clone()),
    }
}
