// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What an office knows of projects that it may support: a TOML file with a table `[[project]]` for each, and a table `[[funding]]` for
//! each payment or promise of somebody else. What is left out is not known, and each table says where its facts are from.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};
use underpin_model::interventions::{HarmCause, InterventionCode};
use underpin_model::project_class::NameKind;
use underpin_model::{Money, Timestamp};

/// What is known of a project. Written as JSON it is read back from that.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct KnownProject {
    /// Its key, its repository, or a package of it.
    pub project: String,
    /// Where the facts are from, and when they were looked at.
    pub source: String,
    /// It said that it wants such help.
    pub consents: Option<bool>,
    /// It agreed that the public reads what is promised to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_be_named: Option<bool>,
    /// It can take money, itself or through a fiscal host.
    pub can_receive_money: Option<bool>,
    /// Somebody has time to sort reports.
    pub has_triage_capacity: Option<bool>,
    /// It was audited lately.
    pub was_audited: Option<bool>,
    /// It takes contributions from outside.
    pub takes_contributions: Option<bool>,
    /// Hours a year that its people have.
    pub maintainer_hours: Option<u32>,
    /// Hours of these that were promised to the office already.
    #[serde(default)]
    pub promised_hours: u32,
    /// Instruments that somebody pays for already; an empty list says that nobody does.
    #[serde(default, deserialize_with = "words")]
    pub funded: Option<Vec<InterventionCode>>,
    /// Money is set aside to go on, or to end slowly.
    pub has_continuity_reserve: Option<bool>,
    /// There is something that the systems could use instead.
    pub has_alternative: Option<bool>,
    /// Nobody maintains it any more.
    pub is_unmaintained: Option<bool>,
    /// A foundation carries it.
    pub has_foundation: Option<bool>,
    /// Its forge calls it archived, or its makers call it deprecated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_archived: Option<bool>,
    /// Other projects that serve the same purpose: keys, repositories or packages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
    /// Incidents a year by cause: expected, low and high (80 of 100 cases lie between).
    #[serde(default, deserialize_with = "keyed")]
    pub incidents: BTreeMap<HarmCause, [f64; 3]>,
    /// Days one lasts, in the same form.
    #[serde(default, deserialize_with = "keyed")]
    pub days: BTreeMap<HarmCause, [f64; 3]>,
    /// What was really offered, in euro, by instrument.
    #[serde(default, deserialize_with = "prices", serialize_with = "in_euro")]
    pub prices: BTreeMap<InterventionCode, Money>,
}

/// That somebody else pays for a project, or promised to.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct KnownFunding {
    /// The project: its key, its repository, or a package of it.
    pub project: String,
    /// Where that is said, and when it was looked at.
    pub source: String,
    /// Who pays.
    pub funder: String,
    /// For what, as the word of an instrument, where it is said.
    #[serde(default, deserialize_with = "maybe_word")]
    pub activity: Option<InterventionCode>,
    /// From which day on.
    #[serde(default, deserialize_with = "day", skip_serializing_if = "Option::is_none", serialize_with = "as_day")]
    pub from: Option<Timestamp>,
    /// Until which day; not that day itself.
    #[serde(default, deserialize_with = "day", skip_serializing_if = "Option::is_none", serialize_with = "as_day")]
    pub until: Option<Timestamp>,
    /// How much, in whole euro.
    #[serde(default, deserialize_with = "euro", skip_serializing_if = "Option::is_none", serialize_with = "as_euro")]
    pub amount: Option<Money>,
}

/// Another name of a project: an address that it had before, or a fork or mirror that stands for it.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct KnownName {
    /// The project: its key, its repository, or a package of it.
    pub project: String,
    /// Where that is said, and when it was looked at.
    pub source: String,
    /// The other name: a repository, a home page or a package.
    pub other: String,
    /// Why there is another one.
    #[serde(default, deserialize_with = "plain_word")]
    pub kind: NameKind,
    /// How sure that is, in percent.
    #[serde(default = "sure", deserialize_with = "percent")]
    pub confidence_percent: u8,
    /// Since which day.
    #[serde(default, deserialize_with = "day", skip_serializing_if = "Option::is_none", serialize_with = "as_day")]
    pub since: Option<Timestamp>,
}

/// A file about projects.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectFile {
    /// What is known of projects.
    #[serde(default, rename = "project")]
    pub projects: Vec<KnownProject>,
    /// Who else pays.
    #[serde(default, rename = "funding")]
    pub fundings: Vec<KnownFunding>,
    /// Other names of projects.
    #[serde(default, rename = "name")]
    pub names: Vec<KnownName>,
}

fn word<W: FromStr<Err = String>, E: serde::de::Error>(text: &str) -> Result<W, E> {
    text.parse().map_err(E::custom)
}

fn plain_word<'de, W: FromStr<Err = String>, D: serde::Deserializer<'de>>(input: D) -> Result<W, D::Error> {
    word(&String::deserialize(input)?)
}

fn sure() -> u8 {
    100
}

fn percent<'de, D: serde::Deserializer<'de>>(input: D) -> Result<u8, D::Error> {
    let percent = u8::deserialize(input)?;
    let is_good = (1..=100).contains(&percent);
    is_good.then_some(percent).ok_or_else(|| serde::de::Error::custom("confidence_percent: from 1 to 100"))
}

fn words<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Option<Vec<InterventionCode>>, D::Error> {
    let texts: Option<Vec<String>> = Option::deserialize(input)?;
    texts.map(|texts| texts.iter().map(|text| word(text)).collect()).transpose()
}

fn keyed<'de, D: serde::Deserializer<'de>>(input: D) -> Result<BTreeMap<HarmCause, [f64; 3]>, D::Error> {
    let texts: BTreeMap<String, [f64; 3]> = BTreeMap::deserialize(input)?;
    texts.into_iter().map(|(text, prior)| Ok((word(&text)?, ordered(&text, prior)?))).collect()
}

/// A belief whose three numbers make sense.
fn ordered<E: serde::de::Error>(name: &str, [mean, low, high]: [f64; 3]) -> Result<[f64; 3], E> {
    let is_good = low >= 0.0 && low <= mean && mean <= high && high.is_finite();
    is_good
        .then_some([mean, low, high])
        .ok_or_else(|| E::custom(format!("{name}: write [expected, low, high], none below 0")))
}

fn maybe_word<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Option<InterventionCode>, D::Error> {
    let text: Option<String> = Option::deserialize(input)?;
    text.map(|text| word(&text)).transpose()
}

/// A day: a date of TOML, or a text such as `2026-03-01`.
fn day<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Option<Timestamp>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Day {
        Date(toml::value::Datetime),
        Text(String),
    }
    let read = |text: String| {
        let moment = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.clone() };
        moment.parse().map_err(|_| serde::de::Error::custom(format!("{text:?} is no day, such as 2026-03-01")))
    };
    Option::deserialize(input)?
        .map(|day| match day {
            Day::Date(date) => read(date.to_string()),
            Day::Text(text) => read(text),
        })
        .transpose()
}

fn as_day<S: Serializer>(at: &Option<Timestamp>, output: S) -> Result<S::Ok, S::Error> {
    output.collect_str(&at.unwrap_or_default().date())
}

fn euro<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Option<Money>, D::Error> {
    let whole: Option<i64> = Option::deserialize(input)?;
    let fault = || serde::de::Error::custom("amount: whole euro, above 0");
    whole.map(|euro| Money::from_euro(euro).filter(|money| money.cents() > 0).ok_or_else(fault)).transpose()
}

fn as_euro<S: Serializer>(amount: &Option<Money>, output: S) -> Result<S::Ok, S::Error> {
    output.serialize_i64(amount.map_or(0, |money| money.cents() / 100))
}

fn in_euro<S: Serializer>(prices: &BTreeMap<InterventionCode, Money>, output: S) -> Result<S::Ok, S::Error> {
    output.collect_map(prices.iter().map(|(code, price)| (code.as_str(), price.cents() / 100)))
}

fn prices<'de, D: serde::Deserializer<'de>>(input: D) -> Result<BTreeMap<InterventionCode, Money>, D::Error> {
    let whole: BTreeMap<String, i64> = BTreeMap::deserialize(input)?;
    let price = |(text, euro): (String, i64)| {
        let money = Money::from_euro(euro).filter(|money| money.cents() > 0);
        Ok((
            word(&text)?,
            money.ok_or_else(|| serde::de::Error::custom(format!("{text}: a price in whole euro, above 0")))?,
        ))
    };
    whole.into_iter().map(price).collect()
}

/// Reads the file.
///
/// # Errors
/// What is wrong, with the line; and a table that names no source.
pub fn read(text: &str) -> Result<ProjectFile, String> {
    let file: ProjectFile = toml::from_str(text).map_err(|error| error.to_string())?;
    let is_empty = |text: &str| text.trim().is_empty();
    if let Some(at) = file.projects.iter().position(|one| is_empty(&one.project) || is_empty(&one.source)) {
        return Err(format!("table {} of [[project]] names no project or no source", at + 1));
    }
    let nameless = |one: &KnownFunding| is_empty(&one.project) || is_empty(&one.source) || is_empty(&one.funder);
    if let Some(at) = file.fundings.iter().position(nameless) {
        return Err(format!("table {} of [[funding]] names no project, no funder or no source", at + 1));
    }
    let unsaid = |one: &KnownName| is_empty(&one.project) || is_empty(&one.source) || is_empty(&one.other);
    match file.names.iter().position(unsaid) {
        Some(at) => Err(format!("table {} of [[name]] names no project, no other name or no source", at + 1)),
        None => Ok(file),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        [[project]]
        project = "github.com/o/a"
        source = "asked, 2026-03-01"
        consents = true
        maintainer_hours = 800
        funded = ["audit"]
        is_archived = false
        alternatives = ["github.com/o/b", "pkg:npm/c"]
        incidents.bug = [0.4, 0.1, 1.0]
        prices.fuzzing = 40000

        [[project]]
        project = "pkg:npm/b"
        source = "its README, 2026-03-02"
        funded = []
    "#;

    #[test]
    fn what_is_left_out_is_not_known() {
        let [first, second] = &read(GOOD).expect("reads").projects[..] else { panic!("two projects") };
        assert_eq!((first.consents, first.was_audited, first.maintainer_hours), (Some(true), None, Some(800)));
        assert_eq!(first.funded, Some(vec![InterventionCode::Audit]));
        assert_eq!(first.incidents, BTreeMap::from([(HarmCause::Bug, [0.4, 0.1, 1.0])]));
        assert_eq!((first.is_archived, first.alternatives.len()), (Some(false), 2));
        assert_eq!((second.is_archived, second.alternatives.len()), (None, 0));
        assert_eq!(first.prices[&InterventionCode::Fuzzing].cents(), 4_000_000);
        assert_eq!((second.funded.as_deref(), second.consents), (Some(&[][..]), None));
        assert_eq!(read(""), Ok(ProjectFile::default()));
    }

    #[test]
    fn faults_are_told_with_their_place() {
        let with = |line: &str| format!("[[project]]\nproject = \"a\"\nsource = \"b\"\n{line}\n");
        for (text, expected) in [
            (with("consent = true"), "unknown field `consent`"),
            (with("funded = [\"gift\"]"), "gift"),
            (with("incidents.bug = [0.4, 0.5, 1.0]"), "write [expected, low, high]"),
            (with("incidents.bug = [nan, 0.5, 1.0]"), "write [expected, low, high]"),
            (with("prices.audit = 0"), "a price in whole euro"),
            (with("consents = \"yes\""), "line 4"),
            ("[[project]]\nproject = \"a\"\n".to_owned(), "missing field `source`"),
            ("[[funding]]\nproject = \"a\"\nsource = \"b\"\n".to_owned(), "missing field `funder`"),
            ("[[name]]\nproject = \"a\"\nsource = \"b\"\nother = \" \"\n".to_owned(), "table 1 of [[name]]"),
            ("[[name]]\nproject = \"a\"\nsource = \"b\"\nother = \"c\"\nkind = \"twin\"\n".to_owned(), "twin"),
            (
                "[[name]]\nproject = \"a\"\nsource = \"b\"\nother = \"c\"\nconfidence_percent = 0\n".to_owned(),
                "from 1 to 100",
            ),
            ("[[funding]]\nproject = \"a\"\nsource = \"b\"\nfunder = \"\"\n".to_owned(), "table 1 of [[funding]]"),
            ("[[funding]]\nproject = \"a\"\nsource = \"b\"\nfunder = \"c\"\nfrom = \"May\"\n".to_owned(), "no day"),
            ("[[funding]]\nproject = \"a\"\nsource = \"b\"\nfunder = \"c\"\namount = -1\n".to_owned(), "whole euro"),
            (
                "[[project]]\nproject = \"a\"\nsource = \" \"\n".to_owned(),
                "table 1 of [[project]] names no project or no source",
            ),
        ] {
            let fault = read(&text).expect_err("is refused");
            assert!(fault.contains(expected), "{text}: {fault}");
        }
    }

    #[test]
    fn another_name_has_a_kind_and_a_day() {
        let text = "[[name]]\nproject = \"github.com/new/a\"\nother = \"github.com/old/a\"\nsource = \"its page\"\n";
        let [plain] = &read(text).expect("reads").names[..] else { panic!("one") };
        assert_eq!((plain.kind, plain.confidence_percent, plain.since), (NameKind::Rename, 100, None));
        let more = format!("{text}kind = \"fork\"\nconfidence_percent = 80\nsince = 2025-06-01\n");
        let [known] = &read(&more).expect("reads").names[..] else { panic!("one") };
        assert_eq!((known.kind, known.confidence_percent), (NameKind::Fork, 80));
        for known in [plain, known] {
            let json = serde_json::to_value(known).expect("JSON");
            assert_eq!(serde_json::from_value::<KnownName>(json).expect("read back"), *known);
        }
    }

    #[test]
    fn what_is_written_down_is_read_back() {
        let file = read(&format!(
            "{GOOD}\n[[funding]]\nproject = \"a\"\nsource = \"its page\"\nfunder = \"Osteria\"\nactivity = \"audit\"\nfrom = 2026-01-01\n\
             until = \"2026-07-01\"\namount = 120000\n"
        ))
        .expect("reads");
        let bare = KnownProject { project: "b".to_owned(), source: "c".to_owned(), ..KnownProject::default() };
        for known in file.projects.iter().chain([&bare]) {
            let json = serde_json::to_value(known).expect("JSON");
            assert_eq!(serde_json::from_value::<KnownProject>(json).expect("read back"), *known);
        }
        let [funding] = &file.fundings[..] else { panic!("one") };
        assert_eq!(funding.from.expect("a day").date(), "2026-01-01");
        assert_eq!(funding.amount.map(Money::cents), Some(12_000_000));
        let json = serde_json::to_value(funding).expect("JSON");
        assert_eq!(serde_json::from_value::<KnownFunding>(json).expect("read back"), *funding);
        let bare = KnownFunding { activity: None, from: None, until: None, amount: None, ..funding.clone() };
        let json = serde_json::to_value(&bare).expect("JSON");
        assert_eq!(serde_json::from_value::<KnownFunding>(json).expect("read back"), bare);
    }
}
