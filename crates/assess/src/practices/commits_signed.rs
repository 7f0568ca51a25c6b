// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every commit of the last twelve months is signed.

use underpin_model::practices::{Pack, TreeFacts};

use super::signatures::{Asks, judged};
use super::{Judgement, Practice};

/// The practice.
pub const COMMITS_SIGNED: Practice =
    Practice { id: "commits-signed", pack: Pack::Signatures, rule: "signed commits", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    judged(facts, |signatures| &signatures.commits, Asks::Signed)
}
