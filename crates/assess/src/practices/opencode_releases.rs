// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! At least one release or tag was made in the last six months.

use underpin_model::practices::{FaultCode, Pack, TreeFacts};

use super::opencode::{at_least, history};
use super::{Judgement, Practice};

/// Tags that are asked for.
const LEAST: u64 = 1;

/// The practice.
pub const OPENCODE_RELEASES: Practice =
    Practice { id: "opencode-releases", pack: Pack::OpenCode, rule: "maintenance level 2", version: 2, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    history(facts, |history| at_least(history.tags, LEAST, FaultCode::TagsOfHalfYear))
}
