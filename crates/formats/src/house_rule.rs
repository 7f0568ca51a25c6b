// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The parts of a rule that is asked of the house: of systems, agencies, packages, projects and own repositories.
//!
//! ```toml
//! subject = "system"
//! feeds = ["osv", "kev"]             # what is watched that it rests on; without it, it may not read what is watched
//! inventory = true                   # for systems, unless said otherwise: whoever's inventory is not known keeps nothing; for agencies
//!                                    # where the rule reads what inventories show. Without it, it may not read what is watched either
//! population = "SELECT system AS subject, agency FROM system WHERE status = 'active'"   # where the usual one does not fit
//! sql = "SELECT system AS subject, 'not-met' AS outcome, 'listed' AS reason, package AS detail, us_due AS due FROM finding WHERE …"
//!
//! [[reason]]                         # every reason that the query gives
//! id = "listed"
//! work = "package"                   # record, document, package, platform, licence or publication
//! bearer = "agency"                  # agency, vendor or office; there is no word for a project, on purpose
//! text = { en = "…", de = "…" }
//! remedy = { en = "…", de = "…" }
//!
//! [[house]]                          # a small house, and what the rule says of it
//! at = "2026-06-01"
//! met = ["portal"]
//! not_met = ["archive"]
//! not_assessed = ["register"]
//! [house.tables]
//! system = [{ system = "portal", agency = "tax", status = "active" }]
//! ```
//!
//! `detail` begins with what has to be worked on (a purl, an address); after `; ` comes what else is to be said of it.
//! A row whose `due` is the day asked about, or later, is none yet: until then the rule is kept. Rows without one count at once.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use underpin_model::Timestamp;
use underpin_model::rules::{Bearer, Subject, Work};

use crate::rulebook::{BothLanguages, Rule};

/// Tables of what is watched: a rule that reads one has to say on which feeds it rests.
const WATCHED: [&str; 8] =
    ["finding", "finding_stored", "match", "vulnerability", "exploited", "end_of_life", "unwatched", "decision"];

/// Tables of what advisories say. Of what they cannot speak of, systems and their agencies are told and nothing smaller: a rule about
/// anything else could not tell "nothing found" from "nothing looked at".
const OF_ADVISORIES: [&str; 7] =
    ["finding", "finding_stored", "match", "vulnerability", "exploited", "unwatched", "decision"];

/// Why a rule is not kept, and what that means for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// As the query says it.
    pub id: String,
    /// What has to be done.
    #[serde(default)]
    pub work: Work,
    /// By whom.
    #[serde(default)]
    pub bearer: Bearer,
    /// Whether anything can be done at all today; a rule that asks for what nobody can do should say so before it binds.
    #[serde(default = "yes")]
    pub can_be_mended: bool,
    /// Why, in a sentence.
    pub text: BothLanguages,
    /// What mends it.
    pub remedy: BothLanguages,
}

/// A cell of a case. A day in a column of time is written as a text.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum CaseCell {
    /// True or false.
    Boolean(bool),
    /// Without fraction.
    Integer(i64),
    /// With fraction.
    Number(f64),
    /// Text, or a day.
    Text(String),
}

/// A row of a case, by its columns; what it does not name is not known.
pub type CaseRow = BTreeMap<String, CaseCell>;

/// A small house, and what the rule says of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseCase {
    /// The day on which it is asked.
    pub at: String,
    /// Those that keep the rule.
    #[serde(default)]
    pub met: Vec<String>,
    /// Those that do not.
    #[serde(default)]
    pub not_met: Vec<String>,
    /// Those that nobody can tell about.
    #[serde(default)]
    pub not_assessed: Vec<String>,
    /// The rows of each table; the others are empty.
    #[serde(default)]
    pub tables: BTreeMap<String, Vec<CaseRow>>,
}

fn yes() -> bool {
    true
}

/// Subjects that a rule can be about, each with who they are when the rule does not say.
pub fn usual_population(subject: Subject) -> Option<&'static str> {
    Some(match subject {
        Subject::Document | Subject::Component => return None,
        Subject::System => "SELECT system AS subject, agency FROM system WHERE status = 'active'",
        Subject::Agency => "SELECT agency AS subject, agency FROM agency",
        Subject::Package => "SELECT DISTINCT purl AS subject, agency FROM use",
        Subject::Project => "SELECT project AS subject, CAST(NULL AS VARCHAR) AS agency FROM project_dependence",
        Subject::Repository => "SELECT address AS subject, agency FROM own_repository",
    })
}

/// What is wrong with a rule over the house, in words.
pub(crate) fn fault(rule: &Rule) -> Option<String> {
    if !rule.cases.is_empty() || !rule.facts.is_empty() {
        return Some("a rule over the house is tried on [[house]], not on documents".to_owned());
    }
    if let Some(fault) = fault_of_sources(rule) {
        return Some(fault);
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = rule.reasons.iter().find(|reason| !seen.insert(reason.id.as_str())) {
        return Some(format!("the reason {:?} is there twice", twice.id));
    }
    if rule.reasons.is_empty() {
        return Some("it gives no [[reason]]".to_owned());
    }
    if let Some(case) = rule.houses.iter().find(|case| case.at.parse::<Timestamp>().is_err()) {
        return Some(format!("{:?} is no day", case.at));
    }
    let without = |of: fn(&HouseCase) -> &[String]| rule.houses.iter().all(|case| of(case).is_empty());
    for (word, is_missing) in [
        ("not_met", without(|case| &case.not_met)),
        ("met", without(|case| &case.met)),
        ("not_assessed", without(|case| &case.not_assessed)),
    ] {
        if is_missing {
            return Some(format!("no [[house]] of it has {word}: each of the three has to be shown"));
        }
    }
    None
}

/// What is wrong with what it reads, whichever of its queries does.
fn fault_of_sources(rule: &Rule) -> Option<String> {
    let mut read = words(&rule.sql);
    read.extend(rule.population.as_deref().map(words).unwrap_or_default());
    let reads = |tables: &[&'static str]| tables.iter().copied().find(|table| read.contains(*table));
    let watched = reads(&WATCHED)?;
    if rule.feeds.is_empty() {
        return Some(format!("it reads {watched} and does not say on which feeds it rests: feeds = [\"osv\"]"));
    }
    if rule.inventory == Some(false) {
        return Some(format!(
            "it reads {watched}, which shows only what inventories show: inventory = false does not fit"
        ));
    }
    let is_told = matches!(rule.subject, Subject::System | Subject::Agency);
    let table = reads(&OF_ADVISORIES).filter(|_| !is_told)?;
    Some(format!("it reads {table}: of what no advisory can speak of, only systems and agencies are told"))
}

/// The words of a query, in lower case.
fn words(sql: &str) -> BTreeSet<String> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    sql.split(|letter| !is_word(letter)).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use crate::rulebook::rule;

    const RULE: &str = r#"
id = "named"
version = 1
demand = "must"
subject = "system"
clause = "1"
sql = "SELECT system AS subject, 'not-met' AS outcome, 'nameless' AS reason, NULL AS detail, NULL AS due FROM system"
title = { en = "a", de = "b" }
text = { en = "a", de = "b" }
remedy = { en = "a", de = "b" }
[[reason]]
id = "nameless"
text = { en = "a", de = "b" }
remedy = { en = "a", de = "b" }
[[house]]
at = "2026-06-01"
met = ["a"]
not_met = ["b"]
not_assessed = ["c"]
[house.tables]
system = [{ system = "a", status = "active", weight = 1.5, rank = 7, is_new = true }]
"#;

    #[test]
    fn rules_over_the_house_are_read_with_their_cases() {
        let rule = rule("own/named.toml", RULE).unwrap();
        assert!(rule.inventory.is_none() && rule.feeds.is_empty());
        let row = &rule.houses[0].tables["system"][0];
        assert_eq!(row["rank"], super::CaseCell::Integer(7));
        assert_eq!((&row["is_new"], &row["weight"]), (&super::CaseCell::Boolean(true), &super::CaseCell::Number(1.5)));
    }

    #[test]
    fn rules_that_nobody_can_trust_do_not_load() {
        for (from, to, expected) in [
            ("met = [\"a\"]\nnot_met", "not_met", "has met"),
            ("not_met = [\"b\"]", "", "has not_met"),
            ("not_assessed = [\"c\"]", "", "has not_assessed"),
            ("FROM system\"", "FROM system, finding\"", "reads finding"),
            ("FROM system\"", "FROM END_OF_LIFE\"", "reads end_of_life"),
            ("FROM system\"", "FROM system\"\npopulation = \"SELECT system FROM finding\"", "reads finding"),
            (
                "FROM system\"",
                "FROM system, finding\"\nfeeds = [\"osv\"]\ninventory = false",
                "inventory = false does not fit",
            ),
            (
                "subject = \"system\"",
                "subject = \"package\"\nfeeds = [\"osv\"]\npopulation = \"SELECT package AS subject, agency FROM finding\"",
                "only systems and agencies",
            ),
            ("id = \"nameless\"", "id = \"nameless\"\nbearer = \"project\"", "bearer"),
            ("at = \"2026-06-01\"", "at = \"soon\"", "is no day"),
            ("[[house]]", "[[case]]\ndocument = \"a\"\nexpect = \"met\"\n[[house]]", "not on documents"),
            (
                "[[house]]",
                "[[reason]]\nid = \"nameless\"\ntext = { en = \"a\", de = \"b\" }\nremedy = { en = \"a\", de = \"b\" }\n[[house]]",
                "twice",
            ),
            ("subject = \"system\"", "subject = \"document\"", "belongs to rules over the house"),
        ] {
            assert!(RULE.contains(from), "{from}");
            let detail = rule("own/named.toml", &RULE.replace(from, to)).unwrap_err().detail;
            assert!(detail.contains(expected), "{from}: {detail}");
        }
    }
}
