// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What an office knows of projects that it may support: a TOML file with a table `[[project]]` for each. What is left out is not
//! known, and each table says where its facts are from.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Deserialize;
use underpin_model::Money;
use underpin_model::interventions::{HarmCause, InterventionCode};

/// What is known of a project.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownProject {
    /// Its key, its repository, or a package of it.
    pub project: String,
    /// Where the facts are from, and when they were looked at.
    pub source: String,
    /// It said that it wants such help.
    pub consents: Option<bool>,
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
    /// Incidents a year by cause: expected, low and high (80 of 100 cases lie between).
    #[serde(default, deserialize_with = "keyed")]
    pub incidents: BTreeMap<HarmCause, [f64; 3]>,
    /// Days one lasts, in the same form.
    #[serde(default, deserialize_with = "keyed")]
    pub days: BTreeMap<HarmCause, [f64; 3]>,
    /// What was really offered, in euro, by instrument.
    #[serde(default, deserialize_with = "prices")]
    pub prices: BTreeMap<InterventionCode, Money>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    project: Vec<KnownProject>,
}

fn word<W: FromStr<Err = String>, E: serde::de::Error>(text: &str) -> Result<W, E> {
    text.parse().map_err(E::custom)
}

fn words<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Option<Vec<InterventionCode>>, D::Error> {
    let texts: Vec<String> = Vec::deserialize(input)?;
    texts.iter().map(|text| word(text)).collect::<Result<_, _>>().map(Some)
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
pub fn read(text: &str) -> Result<Vec<KnownProject>, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let nameless = |known: &&KnownProject| known.project.trim().is_empty() || known.source.trim().is_empty();
    match file.project.iter().position(|known| nameless(&known)) {
        Some(number) => Err(format!("table {} of [[project]] names no project or no source", number + 1)),
        None => Ok(file.project),
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
        incidents.bug = [0.4, 0.1, 1.0]
        prices.fuzzing = 40000

        [[project]]
        project = "pkg:npm/b"
        source = "its README, 2026-03-02"
        funded = []
    "#;

    #[test]
    fn what_is_left_out_is_not_known() {
        let [first, second] = &read(GOOD).expect("reads")[..] else { panic!("two projects") };
        assert_eq!((first.consents, first.was_audited, first.maintainer_hours), (Some(true), None, Some(800)));
        assert_eq!(first.funded, Some(vec![InterventionCode::Audit]));
        assert_eq!(first.incidents, BTreeMap::from([(HarmCause::Bug, [0.4, 0.1, 1.0])]));
        assert_eq!(first.prices[&InterventionCode::Fuzzing].cents(), 4_000_000);
        assert_eq!((second.funded.as_deref(), second.consents), (Some(&[][..]), None));
        assert_eq!(read(""), Ok(Vec::new()));
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
            (
                "[[project]]\nproject = \"a\"\nsource = \" \"\n".to_owned(),
                "table 1 of [[project]] names no project or no source",
            ),
        ] {
            let fault = read(&text).expect_err("is refused");
            assert!(fault.contains(expected), "{text}: {fault}");
        }
    }
}
