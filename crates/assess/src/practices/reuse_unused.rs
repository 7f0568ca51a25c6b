// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every text in `LICENSES` is named by a file.

use underpin_model::practices::{FaultCode, Pack, TreeFacts};

use super::{Judgement, Practice, reuse};

/// The practice.
pub const REUSE_UNUSED: Practice =
    Practice { id: "reuse-unused", pack: Pack::Reuse, rule: "unused licence", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    reuse(facts, &[FaultCode::LicenceUnused])
}
