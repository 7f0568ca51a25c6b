// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The published examples with what the definitions make of each: whoever relies on a role can see on what it was tried.

use serde::Serialize;
use underpin_assess::law_roles::Verdict;
use underpin_assess::law_roles::published::EXAMPLES;
use underpin_model::law::Citation;
use underpin_model::law_roles::RoleFact;

use super::citation;
use crate::error::{OfficeError, Result};

/// An example with its source and the answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ExampleRow {
    /// What it is about, in plain English.
    pub about: String,
    /// Words of the verdicts that the source leaves.
    pub says: Vec<&'static str>,
    /// Words of those that the definitions leave.
    pub found: Vec<&'static str>,
    /// Whether both say the same.
    pub agrees: bool,
    /// What holds in it.
    pub holds: Vec<RoleFact>,
    /// Where it stands.
    pub source: Citation,
}

/// The word of a verdict: a role, or the question for a lawyer.
pub(crate) fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Role(role) => role.as_str(),
        Verdict::Lawyer(question) => question.as_str(),
    }
}

/// All of them.
///
/// # Errors
/// Never: a test reads the definitions.
pub fn examples() -> Result<Vec<ExampleRow>> {
    let row = |example: &underpin_assess::law_roles::published::PublishedExample| {
        let found = example.found().map_err(|error| OfficeError::new("definition-invalid", error.to_string()))?;
        let found: Vec<&'static str> = found.possible.iter().map(|one| verdict_word(one.verdict)).collect();
        let says: Vec<&'static str> = example.says.verdicts().into_iter().map(verdict_word).collect();
        let holds = example.facts().into_iter().filter(|own| own.holds == Some(true)).map(|own| own.fact);
        Ok(ExampleRow {
            about: example.about.to_owned(),
            agrees: says == found,
            holds: holds.collect(),
            source: citation(example.source),
            says,
            found,
        })
    };
    EXAMPLES.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_agrees_with_its_source() {
        let all = examples().expect("examples");
        assert!(all.len() >= 40);
        let differing: Vec<&str> = all.iter().filter(|row| !row.agrees).map(|row| row.about.as_str()).collect();
        assert_eq!(differing, Vec::<&str>::new());
        assert!(all.iter().all(|row| row.source.link.starts_with("https://") && !row.holds.is_empty()));
    }
}
