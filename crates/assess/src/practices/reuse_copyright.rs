// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every covered file says who holds its copyright.

use underpin_model::practices::{FaultCode, Pack, TreeFacts};

use super::{Judgement, Practice, reuse};

/// The practice.
pub const REUSE_COPYRIGHT: Practice =
    Practice { id: "reuse-copyright", pack: Pack::Reuse, rule: "missing copyright", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    reuse(facts, &[FaultCode::NoCopyright])
}
