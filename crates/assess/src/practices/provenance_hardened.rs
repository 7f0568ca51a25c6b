// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The builder of each file of a release keeps builds apart from each other.

use underpin_model::practices::{Pack, TreeFacts};
use underpin_model::proofs::BuildLevel;

use super::provenance::at_least;
use super::{Judgement, Practice};

/// The practice.
pub const PROVENANCE_HARDENED: Practice =
    Practice { id: "provenance-hardened", pack: Pack::Slsa, rule: "Build L3", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    at_least(facts, BuildLevel::Three)
}
