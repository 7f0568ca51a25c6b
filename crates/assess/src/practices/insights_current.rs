// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The SECURITY-INSIGHTS file is of version 2.

use underpin_model::practices::{Fault, Obstacle, Pack, TreeFacts};

use super::{Judgement, Practice};

/// The practice.
pub const INSIGHTS_CURRENT: Practice =
    Practice { id: "insights-current", pack: Pack::SecurityInsights, rule: "schema-version", version: 2, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    match &facts.security_insights {
        None => Judgement::not_assessed(Obstacle::NoFile),
        Some(found) if !found.warnings.is_empty() => Judgement::without(found.warnings.clone()),
        // Without a version that is known nobody can say which it is.
        Some(found) if found.faults.iter().any(hides_version) => Judgement::not_assessed(Obstacle::NotUnderstood),
        Some(_) => Judgement::without(Vec::new()),
    }
}

fn hides_version(fault: &Fault) -> bool {
    matches!(fault.detail.as_str(), "" | "header" | "header.schema-version")
}
