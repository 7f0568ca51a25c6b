// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A rulebook: a folder with `book.toml`, a TOML file for each rule, and documents that the rules are tried on.
//!
//! ```toml
//! # book.toml
//! id = "house-2026"                  # stable, as the folder is called
//! version = 1                        # grows when a rule changes; may be left out
//! inherits = "bsi-2.1.0"             # the book that it rests on, shipped or a folder beside it; may be left out
//! standing = "policy"                # law, draft, guidance or policy
//! confirmed = "primary"              # whether the text itself was read: primary, secondary, background
//! valid_from = 2026-01-01
//! source = { name = "Office policy 3", address = "https://ospo.example.gov/policy/3" }
//! title = { en = "Bills of materials that we take", de = "Stücklisten, die wir annehmen" }
//! ```
//!
//! ```toml
//! # a rule
//! id = "component-name"
//! version = 1
//! demand = "must"                    # must, if-there (must, where it exists) or may
//! subject = "component"              # document or component; see `house_rule` for system, agency, package, project, repository
//! clause = "2.1"
//! sql = "SELECT document, component, 'not-met' AS outcome, 'name' AS fact FROM sbom_component WHERE name IS NULL"
//! title = { en = "Each component has a name", de = "Jede Komponente hat einen Namen" }
//! text = { en = "…", de = "…" }
//! remedy = { en = "…", de = "…" }
//!
//! [[fact]]                           # taking it away, or making it wrong, fails this rule and no other
//! document = "good.cdx.json"
//! at = "/components/0/name"
//!
//! [[case]]
//! document = "good.cdx.json"
//! set = { at = "/components/0/name", to = "" }
//! expect = "not-met"
//! ```
//!
//! A rule without a case that fails does not load: nobody could know that it judges anything.

use serde::Deserialize;
use underpin_model::practices::Outcome;
use underpin_model::rules::{Confirmed, Demand, Standing, Subject};

use crate::house_rule::{self, HouseCase, Reason};

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BothLanguages {
    /// English.
    pub en: String,
    /// German.
    pub de: String,
}

fn first_version() -> u32 {
    1
}

/// Where a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What the text is called.
    pub name: String,
    /// Where it can be read.
    pub address: String,
}

/// `book.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// Stable, as the folder is called.
    pub id: String,
    /// Grows when a rule of it changes; a signed bundle of the book carries it.
    #[serde(default = "first_version")]
    pub version: u32,
    /// The book that it rests on: all rules of that one hold, and may be tightened, never loosened.
    pub inherits: Option<String>,
    /// What the text is, as law goes.
    pub standing: Standing,
    /// Whether the text itself was read.
    pub confirmed: Confirmed,
    /// From when it holds.
    pub valid_from: toml::value::Datetime,
    /// Until when; open where it is not told.
    pub valid_until: Option<toml::value::Datetime>,
    /// Where it comes from.
    pub source: Source,
    /// What it is called.
    pub title: BothLanguages,
    /// What is to be known of it: what is open, what was read how.
    pub note: Option<BothLanguages>,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable within its book, as the file is called.
    pub id: String,
    /// Grows when the judgement changes.
    pub version: u16,
    /// How strongly the text asks.
    pub demand: Demand,
    /// What is judged.
    pub subject: Subject,
    /// Where in the text.
    pub clause: String,
    /// What names those that do not keep it.
    pub sql: String,
    /// Queries of the rules of this name in the books that its book rests on; what any of them names is not kept. Each is asked by itself,
    /// so that no text of an heir can reach into another.
    #[serde(skip)]
    pub rests_on: Vec<String>,
    /// Where it comes from, when that is another text than the book's.
    pub source: Option<Source>,
    /// What that text is, as law goes, when it is another one.
    pub standing: Option<Standing>,
    /// Whether that text was read, when it is another one.
    pub confirmed: Option<Confirmed>,
    /// From when it holds, when that differs from the book.
    pub valid_from: Option<toml::value::Datetime>,
    /// Until when (that day is the first without it), when that differs from the book.
    pub valid_until: Option<toml::value::Datetime>,
    /// Feeds that it rests on; for rules over the house.
    #[serde(default)]
    pub feeds: Vec<String>,
    /// Whether a system has to be known by its inventory before it can keep the rule; unless said otherwise, it has.
    pub inventory: Option<bool>,
    /// Whom it asks about, as a query of `subject` and `agency`, where the usual population does not fit.
    pub population: Option<String>,
    /// What is to be known of this rule: what data cannot show.
    pub note: Option<BothLanguages>,
    /// What it asks, in one line.
    pub title: BothLanguages,
    /// What it asks, in plain words.
    pub text: BothLanguages,
    /// How to mend what does not keep it.
    pub remedy: BothLanguages,
    /// Reasons that its query gives; for rules over the house.
    #[serde(default, rename = "reason")]
    pub reasons: Vec<Reason>,
    /// Small houses that it is tried on.
    #[serde(default, rename = "house")]
    pub houses: Vec<HouseCase>,
    /// Facts that it rests on, by documents.
    #[serde(default, rename = "fact")]
    pub facts: Vec<FactPlace>,
    /// Cases of its own.
    #[serde(default, rename = "case")]
    pub cases: Vec<Case>,
}

/// A fact in a document that keeps all rules of the book.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactPlace {
    /// The document, in the folder `documents`.
    pub document: String,
    /// JSON pointer to it.
    pub at: String,
    /// Other rules of the book that the same place shows.
    #[serde(default)]
    pub also: Vec<String>,
}

/// A document, changed or not, and what the rule says of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The document, in the folder `documents`.
    pub document: String,
    /// What is taken away, a JSON pointer.
    pub remove: Option<String>,
    /// What is put in its place.
    pub set: Option<Change>,
    /// What the rule says then.
    pub expect: Outcome,
}

/// A change of a document.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// JSON pointer.
    pub at: String,
    /// The new value.
    pub to: serde_json::Value,
}

/// Why a file of a rulebook is refused: file, and what is wrong in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {detail}")]
pub struct Refused {
    /// The file.
    pub file: String,
    /// What is wrong, with line and column where the format says so.
    pub detail: String,
}

/// Reads `book.toml`.
///
/// # Errors
/// What is wrong in it, with its place.
pub fn book(file: &str, text: &str) -> Result<Book, Refused> {
    toml::from_str(text).map_err(|error| refused(file, error.to_string()))
}

/// Reads a part of a rulebook that is kept elsewhere.
///
/// # Errors
/// What is wrong in it, with its place.
pub fn parsed<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, Refused> {
    toml::from_str(text).map_err(|error| refused(file, error.to_string()))
}

/// Reads a rule.
///
/// # Errors
/// What is wrong in it, with its place; a rule without a case that fails or without one that is kept is refused.
pub fn rule(file: &str, text: &str) -> Result<Rule, Refused> {
    let rule: Rule = toml::from_str(text).map_err(|error| refused(file, error.to_string()))?;
    let name = file.rsplit('/').next().and_then(|name| name.strip_suffix(".toml")).unwrap_or_default();
    if rule.id != name {
        return Err(refused(file, format!("the rule is called {:?} and its file {name:?}", rule.id)));
    }
    if rule.subject.is_of_the_house() {
        return house_rule::fault(&rule).map_or(Ok(rule), |fault| Err(refused(file, fault)));
    }
    if let Some(field) = rule.field_of_the_house() {
        return Err(refused(file, format!("{field} belongs to rules over the house, not over bills of materials")));
    }
    let fails = |case: &&Case| case.expect == Outcome::NotMet;
    if rule.cases.iter().find(fails).is_none() {
        return Err(refused(
            file,
            "it has no case with expect = \"not-met\"; without one nobody knows that it judges anything",
        ));
    }
    if !rule.cases.iter().any(|case| case.expect == Outcome::Met) {
        return Err(refused(
            file,
            "it has no case with expect = \"met\"; without one nobody knows that it can be kept",
        ));
    }
    Ok(rule)
}

impl Rule {
    /// All queries of it: those it rests on, and its own.
    pub fn queries(&self) -> impl Iterator<Item = &String> {
        self.rests_on.iter().chain(std::iter::once(&self.sql))
    }

    fn field_of_the_house(&self) -> Option<&'static str> {
        let fields = [
            ("feeds", !self.feeds.is_empty()),
            ("inventory", self.inventory.is_some()),
            ("population", self.population.is_some()),
            ("[[reason]]", !self.reasons.is_empty()),
            ("[[house]]", !self.houses.is_empty()),
        ];
        fields.into_iter().find_map(|(field, is_there)| is_there.then_some(field))
    }
}

fn refused(file: &str, detail: impl Into<String>) -> Refused {
    Refused { file: file.to_owned(), detail: detail.into().trim_end().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = r#"
id = "component-name"
version = 1
demand = "must"
subject = "component"
clause = "2.1"
sql = "SELECT 1"
title = { en = "a", de = "b" }
text = { en = "a", de = "b" }
remedy = { en = "a", de = "b" }
[[case]]
document = "good.cdx.json"
expect = "met"
[[case]]
document = "good.cdx.json"
set = { at = "/components/0/name", to = "" }
expect = "not-met"
"#;

    #[test]
    fn rules_are_read() {
        let rule = rule("book/component-name.toml", RULE).unwrap();
        assert_eq!((rule.id.as_str(), rule.demand, rule.cases.len()), ("component-name", Demand::Must, 2));
    }

    #[test]
    fn rules_that_nobody_can_trust_do_not_load() {
        let without =
            |from: &str, to: &str| rule("book/component-name.toml", &RULE.replace(from, to)).unwrap_err().detail;
        assert!(without("expect = \"not-met\"", "expect = \"met\"").contains("no case with expect = \"not-met\""));
        assert!(without("expect = \"met\"", "expect = \"not-met\"").contains("no case with expect = \"met\""));
        assert!(without("id = \"component-name\"", "id = \"other\"").contains("its file \"component-name\""));
        assert!(without("demand = \"must\"", "demand = \"perhaps\"").contains("line 4"));
        assert!(without("clause = \"2.1\"", "").contains("clause"));
        assert!(without("version = 1", "version = 1\nsurprise = 2").contains("surprise"));
    }
}
