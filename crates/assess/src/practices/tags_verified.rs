// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The signature of every tag of a release of the last twelve months is of a pinned key.

use underpin_model::practices::{Pack, TreeFacts};

use super::signatures::{Asks, judged};
use super::{Judgement, Practice};

/// The practice.
pub const TAGS_VERIFIED: Practice =
    Practice { id: "tags-verified", pack: Pack::Signatures, rule: "verified tags", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    judged(facts, |signatures| &signatures.tags, Asks::Verified)
}
