// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A file says how to report a vulnerability.

use underpin_model::practices::{Pack, Topic, TreeFacts};

use super::{Judgement, Practice, file_with_text};

/// The practice.
pub const OPENCODE_SECURITY_POLICY: Practice =
    Practice { id: "opencode-security-policy", pack: Pack::OpenCode, rule: "security level 1", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    file_with_text(facts, Topic::SecurityPolicy)
}
