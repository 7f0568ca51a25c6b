// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is said before help begins: indicators, horizon, helped projects, and those that they are compared with, frozen by a digest.
//!
//! Indicators are signals of clones, taken by code and never written by hand. Who is compared with whom is settled here, too: matching
//! after the fact could be chosen by its result. A registration is never changed; a second one of the same name is refused.

use serde::{Deserialize, Serialize};
use underpin_assess::engagement::outcome::{Indicator, Registration};
use underpin_model::Timestamp;
use underpin_model::engagement::TextDigest;
use underpin_model::signals::{ProjectSignals, Reading, SignalCode, Value};

/// Signals that may be indicators, and whether more of one is better.
pub const INDICATORS: &[(SignalCode, bool)] = &[
    (SignalCode::Absence12Months, true),
    (SignalCode::Absence24Months, true),
    (SignalCode::Elephant12Months, true),
    (SignalCode::TruckFactor, true),
    (SignalCode::DaysSinceHumanCommit, false),
    (SignalCode::HumanCommits12Months, true),
    (SignalCode::Contributors12Months, true),
    (SignalCode::SignedCommits12Months, true),
    (SignalCode::Reviewed12Months, true),
    (SignalCode::Releases, true),
    (SignalCode::ReleaseGapCurrent, false),
    (SignalCode::ReleaseGapRatio, false),
    (SignalCode::SignedTags, true),
];
/// What projects are compared by, all before the help begins: systems of the government that use it, size, age, activity. Counts
/// enter by the logarithm of one more than them, so that the largest do not rule.
pub const COVARIATES: [&str; 4] = ["systems", "files", "years", "commits"];

/// An indicator, and what could be seen of it at least.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FrozenIndicator {
    /// The signal.
    pub code: SignalCode,
    /// Whether more of it is better.
    pub more_is_better: bool,
    /// The least effect that would be seen in four of five cases; not known where too few changes of the past are.
    pub least_visible: Option<f64>,
    /// Changes of the past that this rests on.
    pub past_changes: u32,
}

/// A project before the help begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FrozenProject {
    /// Its key.
    pub project: String,
    /// When its clone was looked at.
    pub looked: Timestamp,
    /// What it is compared by, in the order of the covariates.
    pub covariates: Vec<f64>,
    /// The indicators, in their order.
    pub before: Vec<Option<f64>>,
}

/// A helped project and those that it is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FrozenSet {
    /// The helped one.
    pub helped: FrozenProject,
    /// The others, the nearest first.
    pub compared: Vec<FrozenProject>,
}

/// A registration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FrozenOutcome {
    /// What the office calls it.
    pub name: String,
    /// The promises that it is about, as `K3`.
    pub commitments: Vec<String>,
    /// When it was said.
    pub registered: Timestamp,
    /// When the help begins.
    pub begins: Timestamp,
    /// Months after that at which is compared.
    pub months: u32,
    /// How many neighbours each helped project gets.
    pub neighbours: u32,
    /// What is looked at.
    pub indicators: Vec<FrozenIndicator>,
    /// What projects are compared by.
    pub covariates: Vec<String>,
    /// Who is compared with whom.
    pub sets: Vec<FrozenSet>,
    /// Helped projects that are compared with nobody: a covariate is not known, or nobody is near enough.
    pub left_out: Vec<String>,
    /// For each covariate, by how many standard deviations the helped ones lie above those they are compared with.
    pub imbalance: Vec<Option<f64>>,
    /// The digest of what was said in words: indicators, horizon, helped projects, covariates.
    pub said: TextDigest,
    /// The digest of all of it, with every number.
    pub digest: TextDigest,
}

impl FrozenOutcome {
    /// When is compared.
    pub fn horizon(&self) -> Timestamp {
        self.begins.months_later(i32::try_from(self.months).unwrap_or(i32::MAX))
    }

    /// Every helped project, compared or not.
    pub fn helped(&self) -> Vec<String> {
        let mut helped: Vec<String> = self.sets.iter().map(|set| set.helped.project.clone()).collect();
        helped.extend(self.left_out.iter().cloned());
        helped.sort();
        helped
    }

    /// What was said in words.
    pub fn registration(&self) -> Registration {
        let indicator = |one: &FrozenIndicator| Indicator {
            name: one.code.as_str().to_owned(),
            unit: one.code.unit().as_str().to_owned(),
            more_is_better: one.more_is_better,
        };
        Registration {
            indicators: self.indicators.iter().map(indicator).collect(),
            begins: self.begins,
            months: self.months,
            helped: self.helped(),
            covariates: self.covariates.clone(),
            neighbours: self.neighbours,
        }
    }

    /// The digest of everything that is frozen. Numbers count to six decimals, so that writing and reading back changes nothing.
    pub fn sealed(&self) -> TextDigest {
        let number = |value: Option<f64>| value.map_or_else(|| "unknown".to_owned(), |value| format!("{value:.6}"));
        let project = |one: &FrozenProject| {
            let covariates: Vec<String> = one.covariates.iter().map(|value| number(Some(*value))).collect();
            let before: Vec<String> = one.before.iter().map(|value| number(*value)).collect();
            format!(
                "{}:{} {} [{}] [{}]\n",
                one.project.len(),
                one.project,
                one.looked,
                covariates.join(" "),
                before.join(" ")
            )
        };
        let mut text =
            format!("{}\n{}:{}\n{}\n", self.registration().digest(), self.name.len(), self.name, self.registered);
        text.push_str(&format!("{}\n", self.commitments.join(" ")));
        for one in &self.indicators {
            text.push_str(&format!("{} {} {}\n", one.code.as_str(), number(one.least_visible), one.past_changes));
        }
        for set in &self.sets {
            text.push_str(&format!("set\n{}", project(&set.helped)));
            text.extend(set.compared.iter().map(project));
        }
        text.extend(self.imbalance.iter().map(|value| format!("{}\n", number(*value))));
        TextDigest::of(&text)
    }

    /// Whether it is what was frozen.
    pub fn is_whole(&self) -> bool {
        self.registration().digest() == self.said && self.sealed() == self.digest
    }
}

/// The value of an indicator.
pub fn value_of(signals: &ProjectSignals, code: SignalCode) -> Option<f64> {
    match signals.reading(code).and_then(Reading::value)? {
        Value::Number(number) => Some(number as f64),
        Value::Fraction { part, whole } if whole > 0 => Some(part as f64 / whole as f64),
        _ => None,
    }
}

/// What a project is compared by; a covariate that is not known is none.
pub fn covariates_of(signals: &ProjectSignals, systems: Option<u32>) -> Vec<Option<f64>> {
    let count = |code| value_of(signals, code).map(f64::ln_1p);
    vec![
        systems.map(|systems| f64::from(systems).ln_1p()),
        count(SignalCode::FilesAtTip),
        (!signals.years.is_empty()).then_some(signals.years.len() as f64),
        count(SignalCode::HumanCommits12Months),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frozen() -> FrozenOutcome {
        let project = |name: &str, before: f64| FrozenProject {
            project: name.to_owned(),
            looked: Timestamp(0),
            covariates: vec![0.1, 0.2, 3.0, 1.0 / 3.0],
            before: vec![Some(before)],
        };
        let mut made = FrozenOutcome {
            name: "first".to_owned(),
            commitments: vec!["K1".to_owned()],
            registered: Timestamp(0),
            begins: Timestamp(5),
            months: 12,
            neighbours: 1,
            indicators: vec![FrozenIndicator {
                code: SignalCode::Contributors12Months,
                more_is_better: true,
                least_visible: Some(1.0 / 7.0),
                past_changes: 9,
            }],
            covariates: COVARIATES.map(str::to_owned).to_vec(),
            sets: vec![FrozenSet { helped: project("a", 1.0), compared: vec![project("b", 2.0)] }],
            left_out: vec!["c".to_owned()],
            imbalance: vec![Some(0.1), None, None, None],
            said: TextDigest::of(""),
            digest: TextDigest::of(""),
        };
        made.said = made.registration().digest();
        made.digest = made.sealed();
        made
    }

    #[test]
    fn whatever_is_changed_is_seen() {
        let good = frozen();
        assert!(good.is_whole());
        let back: FrozenOutcome = serde_json::from_str(&serde_json::to_string(&good).expect("JSON")).expect("reads");
        assert!(back.is_whole(), "writing and reading back changes nothing");
        let changes: [fn(&mut FrozenOutcome); 12] = [
            |one| one.months = 6,
            |one| one.begins = Timestamp(6),
            |one| one.name.push('x'),
            |one| one.commitments.push("K2".to_owned()),
            |one| one.indicators[0].more_is_better = false,
            |one| one.indicators[0].least_visible = Some(0.5),
            |one| one.sets[0].compared[0].project = "d".to_owned(),
            |one| one.sets[0].helped.before[0] = Some(0.0),
            |one| one.sets[0].helped.before[0] = None,
            |one| one.sets[0].compared[0].covariates[3] = 0.3334,
            |one| one.left_out.clear(),
            |one| one.imbalance[0] = None,
        ];
        for (number, change) in changes.iter().enumerate() {
            let mut other = good.clone();
            change(&mut other);
            assert!(!other.is_whole(), "change {number}");
        }
    }
}
