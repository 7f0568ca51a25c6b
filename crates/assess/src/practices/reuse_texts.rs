// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The text of every licence that is named lies in `LICENSES`.

use underpin_model::practices::{FaultCode, Pack, TreeFacts};

use super::{Judgement, Practice, reuse};

/// The practice.
pub const REUSE_TEXTS: Practice =
    Practice { id: "reuse-texts", pack: Pack::Reuse, rule: "missing licence text", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    reuse(facts, &[FaultCode::LicenceTextMissing])
}
