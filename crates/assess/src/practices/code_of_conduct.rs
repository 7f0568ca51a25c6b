// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A code of conduct stands in the repository. The standard recommends it and does not ask for it.

use underpin_model::practices::{Pack, Topic, TreeFacts};

use super::{Judgement, Practice, file_with_text};

/// The practice.
pub const CODE_OF_CONDUCT: Practice =
    Practice { id: "code-of-conduct", pack: Pack::Files, rule: "welcome-contributors", version: 1, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    file_with_text(facts, Topic::CodeOfConduct)
}
