// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Answers about a role from a file.

use std::collections::BTreeMap;

use serde::Deserialize;
use underpin_model::law_roles::{RoleFact, StatedFact};
use underpin_model::limits::bounds::ROLE_FACTS;
use underpin_office::law::roles::holds_of;
use underpin_office::{OfficeError, Result};

/// A file of answers: `[answers]` with yes (`true`), no (`false`) or `"unknown"` by fact, `[sources]` with where each comes from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswersFile {
    answers: BTreeMap<String, toml::Value>,
    #[serde(default)]
    sources: BTreeMap<String, String>,
}

/// Reads a file of answers.
///
/// # Errors
/// `invalid-answers` with what is wrong: a fact that there is not, an answer that is none, a source of what is not answered.
pub fn answers_of(text: &str) -> Result<Vec<StatedFact>> {
    let invalid = |why: String| {
        OfficeError::new("invalid-answers", why)
            .hint("[answers] has a line a fact: free-software = true, price = false, large = \"unknown\"")
    };
    let file: AnswersFile = toml::from_str(text).map_err(|error| invalid(error.message().trim().to_owned()))?;
    if file.answers.len() > ROLE_FACTS {
        return Err(invalid(format!("there are more than {ROLE_FACTS} answers")));
    }
    if let Some(name) = file.sources.keys().find(|name| !file.answers.contains_key(*name)) {
        return Err(invalid(format!("{name} has a source and no answer")));
    }
    let mut facts = Vec::new();
    for (name, value) in &file.answers {
        let fact = name.parse::<RoleFact>().map_err(&invalid)?;
        let holds = match value {
            toml::Value::Boolean(holds) => Some(*holds),
            toml::Value::String(word) => holds_of(word).map_err(&invalid)?,
            _ => return Err(invalid(format!("{name} is true, false or \"unknown\""))),
        };
        let source = file.sources.get(name).cloned().unwrap_or_default();
        facts.push(StatedFact { fact, holds, source });
    }
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_answers_is_read_whole_or_refused() {
        let read = answers_of("[answers]\nprice = false\nlarge = \"unknown\"\n[sources]\nprice = \"its page\"\n");
        let expected = [
            StatedFact { fact: RoleFact::Large, holds: None, source: String::new() },
            StatedFact { fact: RoleFact::Price, holds: Some(false), source: "its page".to_owned() },
        ];
        assert_eq!(read.expect("answers"), expected);
        for wrong in [
            "[answers]\nprise = true\n",
            "[answers]\nprice = 1\n",
            "[answers]\nprice = \"perhaps\"\n",
            "[answers]\n[sources]\nprice = \"a\"\n",
            "price = true\n",
            "[answers]\nprice = true\nprice = false\n",
        ] {
            assert_eq!(answers_of(wrong).expect_err(wrong).code, "invalid-answers");
        }
    }
}
