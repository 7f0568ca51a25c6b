// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A licence stands in the repository: a file at its root, or the folder `LICENSES`.

use underpin_model::practices::{Pack, Topic, TreeFacts};

use super::{Judgement, Practice, file_with_text};

/// The practice.
pub const LICENCE_FILE: Practice =
    Practice { id: "licence-file", pack: Pack::Files, rule: "publish-with-an-open-license", version: 2, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    file_with_text(facts, Topic::Licence)
}
