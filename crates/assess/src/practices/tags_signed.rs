// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every tag of a release of the last twelve months is signed.

use underpin_model::practices::{Pack, TreeFacts};

use super::signatures::{Asks, judged};
use super::{Judgement, Practice};

/// The practice.
pub const TAGS_SIGNED: Practice =
    Practice { id: "tags-signed", pack: Pack::Signatures, rule: "signed tags", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    judged(facts, |signatures| &signatures.tags, Asks::Signed)
}
