// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The provenance of each file of a release is signed by the builder that was named.

use underpin_model::practices::{Pack, TreeFacts};
use underpin_model::proofs::BuildLevel;

use super::provenance::at_least;
use super::{Judgement, Practice};

/// The practice.
pub const PROVENANCE_AUTHENTIC: Practice =
    Practice { id: "provenance-authentic", pack: Pack::Slsa, rule: "Build L2", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    at_least(facts, BuildLevel::Two)
}
