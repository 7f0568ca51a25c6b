// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every licence expression keeps the grammar of SPDX.

use underpin_model::practices::{FaultCode, Pack, TreeFacts};

use super::{Judgement, Practice, reuse};

/// The practice.
pub const REUSE_EXPRESSIONS: Practice =
    Practice { id: "reuse-expressions", pack: Pack::Reuse, rule: "invalid expression", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    reuse(facts, &[FaultCode::BadExpression])
}
