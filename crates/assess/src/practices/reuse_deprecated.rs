// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! No text in `LICENSES` has a name that SPDX gave up.

use underpin_model::practices::{FaultCode, Pack, TreeFacts};

use super::{Judgement, Practice, reuse};

/// The practice.
pub const REUSE_DEPRECATED: Practice =
    Practice { id: "reuse-deprecated", pack: Pack::Reuse, rule: "deprecated licence", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    reuse(facts, &[FaultCode::DeprecatedLicence])
}
