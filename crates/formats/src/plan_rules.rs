// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rules of the house for a plan, beside its budget: a TOML file with the hours that the office has, the most for each year, and a table
//! `[[rule]]` for each line of the budget, floor or cap.
//!
//! ```toml
//! office_hours = 400               # of the office's own people
//! years = [600000, 400000]         # at most in the first and in the second year, in euro
//!
//! [[rule]]
//! name = "grants"
//! at_most = 300000                 # or at_least, in euro
//! instruments = ["fellowship"]     # or ecosystems, agencies, projects
//! ```

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer};
use underpin_model::Money;
use underpin_model::interventions::InterventionCode;

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRules {
    /// Hours that the office has.
    pub office_hours: Option<u32>,
    /// The most in each year, the first year first.
    #[serde(default, deserialize_with = "amounts")]
    pub years: Vec<Money>,
    /// Lines, floors and caps.
    #[serde(default, rename = "rule")]
    pub rules: Vec<PlanRule>,
}

/// A line, a floor or a cap: what counts is told in one of the four lists.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRule {
    /// What it is called.
    pub name: String,
    /// No more than that.
    #[serde(default, deserialize_with = "amount")]
    pub at_most: Option<Money>,
    /// No less than that.
    #[serde(default, deserialize_with = "amount")]
    pub at_least: Option<Money>,
    /// Money for these instruments counts.
    #[serde(default, deserialize_with = "instruments")]
    pub instruments: Vec<InterventionCode>,
    /// Money for projects with packages of these types counts, as `npm`.
    #[serde(default)]
    pub ecosystems: Vec<String>,
    /// Money for projects that systems of these agencies use, or of agencies below them, counts.
    #[serde(default)]
    pub agencies: Vec<String>,
    /// Money for these projects counts: keys, repositories or packages.
    #[serde(default)]
    pub projects: Vec<String>,
}

impl PlanRules {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn money<E: serde::de::Error>(euro: i64) -> Result<Money, E> {
    let fault = || E::custom(format!("{euro}: write whole euro, 0 or more"));
    Money::from_euro(euro).filter(|money| money.cents() >= 0).ok_or_else(fault)
}

fn amount<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Money>, D::Error> {
    Option::<i64>::deserialize(input)?.map(money).transpose()
}

fn amounts<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<Money>, D::Error> {
    Vec::<i64>::deserialize(input)?.into_iter().map(money).collect()
}

fn instruments<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<InterventionCode>, D::Error> {
    let words = Vec::<String>::deserialize(input)?;
    words.iter().map(|word| word.parse().map_err(serde::de::Error::custom)).collect()
}

/// Reads the file.
///
/// # Errors
/// What is wrong, with the line; and a rule without a name of its own, without one bound, or without one list of what counts.
pub fn read(text: &str) -> Result<PlanRules, String> {
    let file: PlanRules = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut names = BTreeSet::new();
    for (at, rule) in file.rules.iter().enumerate() {
        let place = format!("table {} of [[rule]]", at + 1);
        if rule.name.trim().is_empty() || !names.insert(rule.name.trim()) {
            return Err(format!("{place} needs a name of its own"));
        }
        if rule.at_most.is_some() == rule.at_least.is_some() {
            return Err(format!("{place} needs either at_most or at_least"));
        }
        let lists = [&rule.ecosystems, &rule.agencies, &rule.projects];
        let told = lists.iter().filter(|list| !list.is_empty()).count() + usize::from(!rule.instruments.is_empty());
        if told != 1 {
            return Err(format!(
                "{place} needs one list of what counts: instruments, ecosystems, agencies or projects"
            ));
        }
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read() {
        let read = read(
            "office_hours = 400\nyears = [600000, 0]\n[[rule]]\nname = \"grants\"\nat_most = 300000\ninstruments = \
             [\"fellowship\"]\n[[rule]]\nname = \"npm\"\nat_least = 50000\necosystems = [\"npm\"]\n",
        )
        .expect("rules");
        assert_eq!((read.office_hours, read.years.len(), read.rules.len()), (Some(400), 2, 2));
        assert_eq!(read.rules[0].instruments, [InterventionCode::Fellowship]);
        assert_eq!(read.rules[1].at_least, Money::from_euro(50_000));
        assert!(!read.is_empty() && super::read("").expect("nothing").is_empty());
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (text, expected) in [
            ("[[rule]]\nname = \" \"\nat_most = 1\nagencies = [\"a\"]", "table 1 of [[rule]] needs a name"),
            ("[[rule]]\nname = \"a\"\nagencies = [\"a\"]", "either at_most or at_least"),
            ("[[rule]]\nname = \"a\"\nat_most = 1\nat_least = 1\nagencies = [\"a\"]", "either at_most or at_least"),
            ("[[rule]]\nname = \"a\"\nat_most = 1", "one list of what counts"),
            ("[[rule]]\nname = \"a\"\nat_most = 1\nagencies = [\"a\"]\nprojects = [\"p\"]", "one list of what counts"),
            ("[[rule]]\nname = \"a\"\nat_most = -1\nagencies = [\"a\"]", "0 or more"),
            ("[[rule]]\nname = \"a\"\nat_most = 1\ninstruments = [\"gift\"]", "gift"),
            ("hours = 1", "unknown field"),
        ] {
            let fault = read(text).expect_err(text);
            assert!(fault.contains(expected), "{text}: {fault}");
        }
    }
}
