// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The default branch takes no forced push.

use underpin_model::practices::{FaultCode, Obstacle, Pack, TreeFacts};

use super::opencode::{forge, told};
use super::{Judgement, Practice};

/// The practice.
pub const OPENCODE_PROTECTED_BRANCH: Practice =
    Practice { id: "opencode-protected-branch", pack: Pack::OpenCode, rule: "security level 1", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    forge(facts, |forge| match forge.protected_branch {
        None => Judgement::not_assessed(Obstacle::NeedsForge),
        Some(true) => told(true, FaultCode::BranchProtected, ""),
        Some(false) => told(false, FaultCode::BranchOpen, ""),
    })
}
