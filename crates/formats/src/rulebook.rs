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
//! waiver = { en = "…", de = "…" }    # on which conditions somebody may be let off; a rule can have its own. It changes no verdict.
//!                                    # Of rules over the house, granted_by = "office" or "agency" lets waivers be kept as records, and
//!                                    # most_days = 90 says how long one holds at most
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
use underpin_model::limits::bounds::{WAIVER_DAYS, WAIVER_RULE_DAYS};
use underpin_model::practices::Outcome;
use underpin_model::rules::{Confirmed, Demand, Standing, Subject};
use underpin_model::waivers::Granter;

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

/// On which conditions somebody may be let off a rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaiverConditions {
    /// The conditions, in English.
    pub en: String,
    /// The same in German.
    pub de: String,
    /// Who grants a waiver that is kept as a record; where nobody is named, none is.
    pub granted_by: Option<Granter>,
    /// How many days one holds at most, when that differs from the house.
    pub most_days: Option<i64>,
}

impl WaiverConditions {
    /// The conditions in words.
    pub fn words(&self) -> BothLanguages {
        BothLanguages { en: self.en.clone(), de: self.de.clone() }
    }

    /// How many days a waiver holds at most.
    pub fn longest_days(&self) -> i64 {
        self.most_days.unwrap_or(WAIVER_DAYS)
    }

    fn fault(&self) -> Option<String> {
        let days = self.most_days?;
        if self.granted_by.is_none() {
            return Some(
                "waiver: most_days says how long a waiver holds, and nobody grants one: granted_by".to_owned(),
            );
        }
        let fits = (1..=WAIVER_RULE_DAYS).contains(&days);
        (!fits).then(|| format!("waiver: most_days is between 1 and {WAIVER_RULE_DAYS}"))
    }
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
    /// On which conditions somebody may be let off a rule of it, and by whom. It changes no verdict.
    pub waiver: Option<WaiverConditions>,
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
    /// The book that it was taken over from, which alone can let somebody off it.
    #[serde(skip)]
    pub of_book: Option<String>,
    /// Where it comes from, when that is another text than the book's. In a file, this and the next four are for rules over the house.
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
    /// On which conditions somebody may be let off this rule, when they are others than the book's.
    pub waiver: Option<WaiverConditions>,
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
    let book: Book = toml::from_str(text).map_err(|error| refused(file, error.to_string()))?;
    let fault = book.waiver.as_ref().and_then(WaiverConditions::fault);
    fault.map_or(Ok(book), |fault| Err(refused(file, fault)))
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
    if let Some(fault) = rule.waiver.as_ref().and_then(WaiverConditions::fault) {
        return Err(refused(file, fault));
    }
    if rule.subject.is_of_the_house() {
        return house_rule::fault(&rule).map_or(Ok(rule), |fault| Err(refused(file, fault)));
    }
    if let Some(field) = rule.field_of_the_house() {
        return Err(refused(file, format!("{field} belongs to rules over the house, not over bills of materials")));
    }
    if let Some(field) = rule.field_of_the_book() {
        let detail = format!(
            "{field} is told of the whole book here: of bills of materials every clause has the text of its book"
        );
        return Err(refused(file, detail));
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
    /// On which conditions somebody may be let off it: its own, else those of its book. Those of a book that only took it over do not
    /// count.
    pub fn waiver_in<'r>(&'r self, book: &'r Book) -> Option<&'r WaiverConditions> {
        self.waiver.as_ref().or_else(|| book.waiver.as_ref().filter(|_| self.of_book.is_none()))
    }

    /// The book that it comes from, which is its own one unless that took it over.
    pub fn home<'r>(&'r self, book: &'r Book) -> &'r str {
        self.of_book.as_deref().unwrap_or(&book.id)
    }

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

    /// A field that no verdict about a document shows by its clause: said of one rule it would be lost.
    fn field_of_the_book(&self) -> Option<&'static str> {
        let fields = [
            ("source", self.source.is_some()),
            ("standing", self.standing.is_some()),
            ("confirmed", self.confirmed.is_some()),
            ("valid_from", self.valid_from.is_some()),
            ("valid_until", self.valid_until.is_some()),
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
        for field in [
            "standing = \"draft\"",
            "confirmed = \"background\"",
            "valid_from = 2026-01-01",
            "valid_until = 2026-01-01",
            "source = { name = \"a\", address = \"https://gov.example\" }",
        ] {
            let detail = without("version = 1", &format!("version = 1\n{field}"));
            assert!(detail.contains("told of the whole book"), "{field}: {detail}");
        }
    }

    #[test]
    fn conditions_of_a_waiver_are_those_of_the_rule_or_else_of_its_book() {
        let text = r#"
id = "own"
standing = "policy"
confirmed = "primary"
valid_from = 2026-01-01
source = { name = "a", address = "https://gov.example" }
title = { en = "a", de = "b" }
waiver = { en = "of the book", de = "des Buchs" }
"#;
        let whole = book("own/book.toml", text).unwrap();
        let plain = rule("book/component-name.toml", RULE).unwrap();
        assert_eq!(plain.waiver_in(&whole).map(|words| words.en.as_str()), Some("of the book"));
        let own = RULE.replace("version = 1", "version = 1\nwaiver = { en = \"of the rule\", de = \"der Regel\" }");
        let own = rule("book/component-name.toml", &own).unwrap();
        assert_eq!(own.waiver_in(&whole).map(|words| words.en.as_str()), Some("of the rule"));
        let taken_over = Rule { of_book: Some("other".to_owned()), ..plain.clone() };
        assert_eq!(taken_over.waiver_in(&whole), None, "an heir's conditions are for its own rules");
        assert_eq!((taken_over.home(&whole), plain.home(&whole)), ("other", "own"));
        assert_eq!(plain.waiver_in(&Book { waiver: None, ..whole }), None);
    }

    #[test]
    fn how_long_a_waiver_holds_is_bounded_and_needs_somebody_who_grants_it() {
        let read = |more: &str| {
            let waiver = format!("version = 1\nwaiver = {{ en = \"a\", de = \"b\"{more} }}");
            rule("book/component-name.toml", &RULE.replace("version = 1", &waiver))
        };
        let days = |more: &str| {
            let waiver = read(more).unwrap().waiver.unwrap();
            (waiver.granted_by.map(Granter::as_str), waiver.longest_days())
        };
        assert_eq!(days(""), (None, 366));
        assert_eq!(days(", granted_by = \"agency\""), (Some("agency"), 366));
        assert_eq!(days(", granted_by = \"office\", most_days = 90"), (Some("office"), 90));
        for (more, expected) in [
            (", most_days = 90", "nobody grants"),
            (", granted_by = \"office\", most_days = 0", "between 1"),
            (", granted_by = \"office\", most_days = 4000", "between 1"),
            (", granted_by = \"project\"", "granted_by"),
        ] {
            assert!(read(more).unwrap_err().detail.contains(expected), "{more}");
        }
    }
}
