// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! At least five commits were made in the last six months.

use underpin_model::practices::{FaultCode, Pack, TreeFacts};

use super::opencode::{at_least, history};
use super::{Judgement, Practice};

/// Commits that are asked for.
const LEAST: u64 = 5;

/// The practice.
pub const OPENCODE_COMMITS: Practice =
    Practice { id: "opencode-commits", pack: Pack::OpenCode, rule: "maintenance level 1", version: 2, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    history(facts, |history| at_least(history.commits, LEAST, FaultCode::CommitsOfHalfYear))
}
