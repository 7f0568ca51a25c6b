// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The code.json keeps the schema of version 2.0.

use underpin_model::practices::{Obstacle, Pack, TreeFacts};

use super::{Judgement, Practice};

/// The practice.
pub const CODE_JSON_VALID: Practice =
    Practice { id: "code-json-valid", pack: Pack::CodeJson, rule: "schema", version: 2, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    match &facts.code_json {
        None => Judgement::not_assessed(Obstacle::NoFile),
        Some(found) => Judgement::without(found.faults.clone()),
    }
}
