// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A publiccode.yml lies at the root of the repository.

use underpin_model::practices::{Pack, Topic, TreeFacts};

use super::{Judgement, Practice, file_with_text};

/// The practice.
pub const PUBLICCODE_THERE: Practice =
    Practice { id: "publiccode-there", pack: Pack::Publiccode, rule: "the file", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    file_with_text(facts, Topic::Publiccode)
}
