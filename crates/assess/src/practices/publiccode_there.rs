// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A publiccode.yml lies at the root of the repository, under this very name: other endings and capital letters are not looked for.

use underpin_model::practices::{Fault, FaultCode, Pack, Topic, TreeFacts};

use super::{Judgement, Practice, file_with_text};

/// The practice.
pub const PUBLICCODE_THERE: Practice =
    Practice { id: "publiccode-there", pack: Pack::Publiccode, rule: "the file", version: 2, judge };

/// The name that the standard gives.
const NAME: &str = "publiccode.yml";

fn judge(facts: &TreeFacts) -> Judgement {
    match facts.find(Topic::Publiccode) {
        Some((path, _)) if path != NAME => {
            Judgement::without(vec![Fault::of_file(path, FaultCode::WrongName).about(NAME)])
        }
        _ => file_with_text(facts, Topic::Publiccode),
    }
}
