// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Formulas of others for a project, from what is kept of it. Nothing is decided by them, and what they miss is named.

use serde::Serialize;
use underpin_assess::comparison::census::{CensusInputs, census_points};
use underpin_assess::comparison::criticality_score::{INPUTS, criticality_score};
use underpin_model::limits::bounds::SIGNAL_YEARS;
use underpin_model::signals::{ProjectSignals, Reading, SignalCode};

use super::evidence::ProjectEvidence;

/// Inputs of the census that no evidence here tells.
const CENSUS_MISSING: [&str; 3] = ["popularity", "language", "exposure"];
/// Months of a year, and days of a month as that formula counts them.
const MONTHS: u64 = 12;
const MONTH_DAYS: f64 = 30.0;
/// Weeks of a year.
const WEEKS: f64 = 52.0;

/// What formulas of others say.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Comparison {
    /// The OpenSSF Criticality Score, from 0 to 1; `None` where none of its inputs is known.
    pub criticality_score: Option<f64>,
    /// What was known of its inputs.
    pub criticality_parts: Vec<ScorePart>,
    /// Its inputs that are not known: they drop out of both sums.
    pub criticality_missing: Vec<&'static str>,
    /// Points of the Census of 2015, as far as they can be known.
    pub census: CensusSoFar,
}

/// An input of the score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ScorePart {
    /// Its name in the formula.
    pub input: &'static str,
    /// Its value.
    pub value: f64,
    /// What it adds to the score.
    pub adds: f64,
}

/// Points of the census.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct CensusSoFar {
    /// Points that can be known, added up.
    pub points: u32,
    /// For no home page or repository.
    pub website: u32,
    /// For vulnerabilities since 2010; `None` where no feed speaks of the packages.
    pub cves: Option<u32>,
    /// For few contributors in 12 months; the formula has points for not knowing them.
    pub contributors: u32,
    /// Inputs that are not known here.
    pub missing: [&'static str; 3],
}

/// What formulas of others say of a project.
pub fn compare(project: &str, evidence: &ProjectEvidence) -> Comparison {
    let signals = evidence.look.as_ref().map(|look| &look.signals);
    let score = criticality_score(&inputs(signals));
    let part = |(input, value, adds): &(underpin_assess::comparison::criticality_score::ScoreInput, f64, f64)| {
        ScorePart { input: input.name, value: *value, adds: *adds }
    };
    let contributors =
        signals.and_then(|signals| signals.reading(SignalCode::Contributors12Months)).and_then(Reading::number);
    let known = CensusInputs {
        has_home_page: !project.starts_with("pkg:"),
        cves: evidence.published_since_2010.unwrap_or(0),
        contributors,
        ..CensusInputs::default()
    };
    let points = census_points(&known);
    Comparison {
        criticality_score: score.score,
        criticality_parts: score.parts.iter().map(part).collect(),
        criticality_missing: score.missing,
        census: CensusSoFar {
            points: points.index(),
            website: points.website,
            cves: evidence.published_since_2010.map(|_| points.cves),
            contributors: points.contributors,
            missing: CENSUS_MISSING,
        },
    }
}

/// Inputs of the score that a clone tells: its age to a year (never more than it is), the last commit, and commits a week.
fn inputs(signals: Option<&ProjectSignals>) -> [Option<f64>; INPUTS.len()] {
    let known = |name: &str| -> Option<f64> {
        let signals = signals?;
        match name {
            "created_since" => {
                let years = signals.years.len() as u64;
                let is_whole = signals.years.last().is_some_and(|year| !year.is_cut) || years as usize == SIGNAL_YEARS;
                is_whole.then_some((years.saturating_sub(1) * MONTHS) as f64)
            }
            "updated_since" => {
                let days = signals.reading(SignalCode::DaysSinceHumanCommit).and_then(Reading::number)?;
                Some(days as f64 / MONTH_DAYS)
            }
            "commit_frequency" => {
                let year = signals.years.first().filter(|year| !year.is_cut)?;
                Some((year.human_commits + year.bot_commits) as f64 / WEEKS)
            }
            _ => None,
        }
    };
    INPUTS.map(|input| known(input.name))
}

#[cfg(test)]
mod tests {
    use underpin_model::Timestamp;
    use underpin_model::signals::{Signal, Source, Value, Year};

    use super::*;

    #[test]
    fn what_a_clone_tells_enters_and_the_rest_is_missing() {
        let year = |number: i64, is_cut| Year {
            from: Timestamp(number),
            until: Timestamp(number),
            human_commits: 100,
            bot_commits: 4,
            contributors: 3,
            is_cut,
        };
        let quiet = Signal {
            code: SignalCode::DaysSinceHumanCommit,
            reading: Reading::Known(Value::Number(60)),
            source: Source::FileNames,
            caveats: Vec::new(),
            as_of: Timestamp(0),
        };
        let mut signals = ProjectSignals {
            as_of: Timestamp(0),
            tip: None,
            signals: vec![quiet],
            years: vec![year(3, false), year(2, false), year(1, false)],
            community: Default::default(),
        };
        let known: Vec<Option<f64>> = inputs(Some(&signals)).to_vec();
        assert_eq!(known[..5], [Some(24.0), Some(2.0), None, None, Some(2.0)]);
        assert_eq!(known[5..], [None; 5]);
        signals.years = vec![year(1, true)];
        assert_eq!(inputs(Some(&signals))[..5], [None, Some(2.0), None, None, None], "a cut history has no age");
        assert_eq!(inputs(None), [None; 10]);
    }
}
