// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The SECURITY-INSIGHTS file keeps the schema of version 2.

use underpin_model::practices::{FaultCode, Obstacle, Pack, TreeFacts};

use super::{Judgement, Practice};

/// The practice.
pub const INSIGHTS_VALID: Practice =
    Practice { id: "insights-valid", pack: Pack::SecurityInsights, rule: "schema", version: 2, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    match &facts.security_insights {
        None => Judgement::not_assessed(Obstacle::NoFile),
        // A file of version 1 is judged by no schema here.
        Some(found) if found.faults.iter().any(|fault| fault.code == FaultCode::UnsupportedVersion) => {
            Judgement { places: found.faults.clone(), ..Judgement::not_assessed(Obstacle::NotUnderstood) }
        }
        Some(found) if found.faults.is_empty() && !found.warnings.is_empty() => {
            Judgement::not_assessed(Obstacle::NotUnderstood)
        }
        Some(found) => Judgement::without(found.faults.clone()),
    }
}
