// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every covered file and every declaration (`REUSE.toml`, `.reuse/dep5`) can be read.

use underpin_model::practices::{FaultCode, Pack, TreeFacts};

use super::{Judgement, Practice, reuse};

/// The practice.
pub const REUSE_READABLE: Practice =
    Practice { id: "reuse-readable", pack: Pack::Reuse, rule: "read errors", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    reuse(facts, &[FaultCode::Unreadable, FaultCode::MalformedToml, FaultCode::Dep5AndToml])
}
