// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The signature of every commit of the last twelve months is of a pinned key.

use underpin_model::practices::{Pack, TreeFacts};

use super::signatures::{Asks, judged};
use super::{Judgement, Practice};

/// The practice.
pub const COMMITS_VERIFIED: Practice =
    Practice { id: "commits-verified", pack: Pack::Signatures, rule: "verified commits", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    judged(facts, |signatures| &signatures.commits, Asks::Verified)
}
