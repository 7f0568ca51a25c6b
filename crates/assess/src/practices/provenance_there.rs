// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Each file of a release has a provenance.

use underpin_model::practices::{Pack, TreeFacts};
use underpin_model::proofs::BuildLevel;

use super::provenance::at_least;
use super::{Judgement, Practice};

/// The practice.
pub const PROVENANCE_THERE: Practice =
    Practice { id: "provenance-there", pack: Pack::Slsa, rule: "Build L1", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    at_least(facts, BuildLevel::One)
}
