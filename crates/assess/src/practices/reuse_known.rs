// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every text in `LICENSES` has the name of a licence of SPDX, or one that begins with `LicenseRef-`; no two share one.

use underpin_model::practices::{FaultCode, Pack, TreeFacts};

use super::{Judgement, Practice, reuse};

/// The practice.
pub const REUSE_KNOWN: Practice =
    Practice { id: "reuse-known", pack: Pack::Reuse, rule: "bad licence", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    reuse(facts, &[FaultCode::UnknownLicence, FaultCode::Twice])
}
