// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A file says what changed from release to release.

use underpin_model::practices::{Pack, Topic, TreeFacts};

use super::{Judgement, Practice, file_with_text};

/// The practice.
pub const CHANGELOG: Practice =
    Practice { id: "changelog", pack: Pack::Files, rule: "document-codebase-maturity", version: 2, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    file_with_text(facts, Topic::Changelog)
}
