// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A file says what this is and how to begin.

use underpin_model::practices::{Pack, Topic, TreeFacts};

use super::{Judgement, Practice, file_with_text};

/// The practice.
pub const README: Practice = Practice { id: "readme", pack: Pack::Files, rule: "document-the-code", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    file_with_text(facts, Topic::Readme)
}
