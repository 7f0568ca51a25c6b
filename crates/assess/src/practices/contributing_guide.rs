// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A file says how to contribute.

use underpin_model::practices::{Pack, Topic, TreeFacts};

use super::{Judgement, Practice, file_with_text};

/// The practice.
pub const CONTRIBUTING_GUIDE: Practice =
    Practice { id: "contributing-guide", pack: Pack::Files, rule: "welcome-contributors", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    file_with_text(facts, Topic::Contributing)
}
