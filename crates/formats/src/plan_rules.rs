// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rules of the house for a plan, beside its budget: a TOML file with the hours that the office has, the most for each year, and a table
//! `[[rule]]` for each line of the budget, floor or cap.
//!
//! ```toml
//! office_hours = 400               # of the office's own people
//! own_skills = true                # and no more of a skill than the register of skills has left
//! years = [600000, 400000]         # at most in the first and in the second year, in euro
//!
//! [[rule]]
//! name = "grants"
//! at_most = 300000                 # or at_least, in euro
//! instruments = ["fellowship"]     # or ecosystems, agencies, projects
//! ```

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer};
use toml::Value;
use underpin_model::Money;
use underpin_model::interventions::InterventionCode;
use underpin_model::limits::bounds;

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRules {
    /// Hours that the office has.
    pub office_hours: Option<u32>,
    /// Whether the hours in the register of the office's own skills bound the plan, skill by skill.
    #[serde(default)]
    pub own_skills: bool,
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

    /// Whether every rule makes sense by itself.
    ///
    /// # Errors
    /// A rule without a name of its own, without one bound, or without one list of what counts; too many rules.
    pub fn check(&self) -> Result<(), String> {
        if self.rules.len() > bounds::PLAN_RULES || self.years.len() > bounds::PLAN_YEARS {
            return Err(format!("more than {} rules or {} years", bounds::PLAN_RULES, bounds::PLAN_YEARS));
        }
        let mut names = BTreeSet::new();
        for (at, rule) in self.rules.iter().enumerate() {
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
        Ok(())
    }
}

impl PlanRule {
    /// The rule in one line, as [`one`] reads it: `{ name = "grants", at_most = 300000, instruments = ["fellowship"] }`.
    pub fn line(&self) -> String {
        let list = |words: &[String]| Value::from(words.to_vec());
        let bounds = [("at_most", self.at_most), ("at_least", self.at_least)];
        let bounds = bounds.into_iter().filter_map(|(key, amount)| Some((key, Value::from(amount?.cents() / 100))));
        let instruments: Vec<String> = self.instruments.iter().map(|code| code.as_str().to_owned()).collect();
        let lists = [
            ("instruments", &instruments),
            ("ecosystems", &self.ecosystems),
            ("agencies", &self.agencies),
            ("projects", &self.projects),
        ];
        let lists = lists.into_iter().filter(|(_, words)| !words.is_empty()).map(|(key, words)| (key, list(words)));
        let parts = std::iter::once(("name", Value::from(self.name.as_str()))).chain(bounds).chain(lists);
        let parts: Vec<String> = parts.map(|(key, value)| format!("{key} = {value}")).collect();
        format!("{{ {} }}", parts.join(", "))
    }
}

/// Reads one rule in one line, as [`PlanRule::line`] writes it.
///
/// # Errors
/// What is wrong.
pub fn one(line: &str) -> Result<PlanRule, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Lone {
        rule: PlanRule,
    }
    toml::from_str::<Lone>(&format!("rule = {line}")).map(|lone| lone.rule).map_err(|error| error.to_string())
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
    file.check()?;
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
    fn a_rule_in_one_line_is_the_same_rule() {
        let file = read(
            "[[rule]]\nname = 'what \"we\" promised\\'\nat_most = 0\nagencies = [\"justice\", \"health\"]\n[[rule]]\nname = \
             \"b\"\nat_least = 7\ninstruments = [\"audit\"]",
        )
        .expect("rules");
        assert_eq!(file.rules[1].line(), "{ name = \"b\", at_least = 7, instruments = [\"audit\"] }");
        for rule in file.rules {
            assert_eq!(one(&rule.line()), Ok(rule));
        }
        let more = "{ name = \"b\" }\n[[rule]]";
        assert!(one(more).is_err() && one("").is_err());
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
            (&format!("years = {:?}", [1; 40]), "years"),
        ] {
            let fault = read(text).expect_err(text);
            assert!(fault.contains(expected), "{text}: {fault}");
        }
    }
}
