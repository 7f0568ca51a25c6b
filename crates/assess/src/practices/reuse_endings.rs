// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every text in `LICENSES` has an ending such as `.txt`.

use underpin_model::practices::{FaultCode, Pack, TreeFacts};

use super::{Judgement, Practice, reuse};

/// The practice.
pub const REUSE_ENDINGS: Practice =
    Practice { id: "reuse-endings", pack: Pack::Reuse, rule: "licence without extension", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    reuse(facts, &[FaultCode::LicenceWithoutEnding])
}
