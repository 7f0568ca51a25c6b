// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Did it help? Differences in differences against projects that were not helped, said in advance and reported whatever comes out.
//!
//! 1. *Before*: indicators, horizon and the least effect that can be seen are written down and frozen by a digest
//!    ([`Registration`], [`least_visible_effect`]). An indicator that is not in it is never evaluated.
//! 2. *Compare*: each helped project with its neighbours ([`comparison`](super::comparison)).
//! 3. *After*: the estimate is the mean over the sets of (change of the helped one − mean change of its neighbours).
//! 4. *How sure*: if the help did nothing, each member of a set could as well have been the helped one. So the roles are dealt anew
//!    within every set, many times, from a seed: the share of deals that are at least as extreme is `p` (with the deal that
//!    happened counted in, so that `p` is never too small). The interval holds every effect that is not rejected after it is taken
//!    off the helped ones again.
//! 5. *Say it*: an interval around 0 is reported as "no effect seen" together with what could have been seen. Where fewer than 20 deals
//!    exist, 5 % cannot be reached, and the answer is that nothing can be known.
//!
//! This is observation, no experiment: who is helped is chosen. Indicators are never conditions of payment.
//!
//! Sources: Angrist and Pischke 2009, *Mostly Harmless Econometrics*, chapter 5; Rosenbaum 2002, *Observational Studies*, chapter 2
//! (randomisation within matched sets, intervals by inversion); Phipson and Smyth 2010 (`p` is never zero); Bloom 1995, *Minimum
//! detectable effects*.

use underpin_model::Timestamp;
use underpin_model::engagement::TextDigest;

use crate::chance::Chance;

/// An indicator as it was frozen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Indicator {
    /// Its name: `median_days_to_fix`.
    pub name: String,
    /// Unit of its values.
    pub unit: String,
    /// Whether more of it is better.
    pub more_is_better: bool,
}

/// What was said before the help began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// What is looked at.
    pub indicators: Vec<Indicator>,
    /// When the help begins.
    pub begins: Timestamp,
    /// Months after that at which is compared.
    pub months: u32,
    /// Canonical addresses of the helped projects.
    pub helped: Vec<String>,
    /// Names of the covariates by which neighbours are found.
    pub covariates: Vec<String>,
    /// How many neighbours each helped project gets.
    pub neighbours: u32,
}

impl Registration {
    /// The digest of all that was said. The order of lists does not matter; every word, number and date does.
    pub fn digest(&self) -> TextDigest {
        let sorted = |texts: Vec<String>| {
            let mut texts = texts;
            texts.sort();
            texts
        };
        // A length before each text: no two registrations have the same words.
        let framed = |texts: Vec<String>| -> String {
            sorted(texts).iter().map(|text| format!("{}:{text}\n", text.len())).collect()
        };
        let indicator = |one: &Indicator| {
            format!("{}:{}|{}:{}|{}", one.name.len(), one.name, one.unit.len(), one.unit, one.more_is_better)
        };
        TextDigest::of(&format!(
            "begins {}\nmonths {}\nneighbours {}\nindicators\n{}helped\n{}covariates\n{}",
            self.begins,
            self.months,
            self.neighbours,
            framed(self.indicators.iter().map(indicator).collect()),
            framed(self.helped.clone()),
            framed(self.covariates.clone()),
        ))
    }

    /// The indicator of that name, where this still is what was frozen.
    ///
    /// # Errors
    /// Changed since, or not said in advance.
    pub fn frozen(&self, digest: TextDigest, name: &str) -> Result<&Indicator, NotSaidBefore> {
        if self.digest() != digest {
            return Err(NotSaidBefore::Changed);
        }
        self.indicators.iter().find(|indicator| indicator.name == name).ok_or(NotSaidBefore::NoSuchIndicator)
    }
}

/// Why an outcome is not evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSaidBefore {
    /// The registration is not the one that was frozen.
    #[error("what was said in advance has been changed since")]
    Changed,
    /// The indicator was not said in advance.
    #[error("this indicator was not said in advance")]
    NoSuchIndicator,
}

/// A set: the change of an indicator (after minus before) in the helped project and in its neighbours.
#[derive(Clone, Debug, PartialEq)]
pub struct SetChange {
    /// Of the helped project.
    pub helped: f64,
    /// Of its neighbours: at least one.
    pub neighbours: Vec<f64>,
}

impl SetChange {
    /// From values before and after; `None` where a value is unknown, because a set with a gap would compare unlike things.
    pub fn of(helped: (Option<f64>, Option<f64>), neighbours: &[(Option<f64>, Option<f64>)]) -> Option<Self> {
        let change =
            |(before, after): (Option<f64>, Option<f64>)| Some(after? - before?).filter(|change| change.is_finite());
        let neighbours: Option<Vec<f64>> = neighbours.iter().map(|one| change(*one)).collect();
        let neighbours = neighbours.filter(|all| !all.is_empty())?;
        Some(Self { helped: change(helped)?, neighbours })
    }

    /// What the set says about the effect if the member at this place was the helped one: 0 is the one that was.
    fn line(&self, place: usize) -> Line {
        let number = self.neighbours.len() as f64;
        let sum: f64 = self.helped + self.neighbours.iter().sum::<f64>();
        let own = if place == 0 { self.helped } else { self.neighbours[place - 1] };
        Line { at_zero: own - (sum - own) / number, slope: if place == 0 { -1.0 } else { 1.0 / number } }
    }
}

/// The mean difference of a deal as a function of the effect that is taken off those who really were helped: a straight line.
#[derive(Clone, Copy, Debug)]
struct Line {
    at_zero: f64,
    slope: f64,
}

impl Line {
    /// The mean over the sets, where the member at this place of each was the helped one.
    fn of(sets: &[SetChange], place: impl Fn(usize) -> usize) -> Self {
        let lines = sets.iter().enumerate().map(|(at, set)| set.line(place(at)));
        let add = |sum: Self, one: Self| Self { at_zero: sum.at_zero + one.at_zero, slope: sum.slope + one.slope };
        let sum = lines.fold(Self { at_zero: 0.0, slope: 0.0 }, add);
        let number = sets.len() as f64;
        Self { at_zero: sum.at_zero / number, slope: sum.slope / number }
    }

    fn extremity(self, effect: f64) -> f64 {
        (self.at_zero + self.slope * effect).abs()
    }
}

/// What can be said about an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Too few sets: by no means could anything be seen.
    Unknown,
    /// The interval leaves 0 out.
    Seen,
    /// The interval holds 0: a null, and reported as one.
    NotSeen,
}

/// The outcome of an indicator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The estimate in the unit of the indicator; `None` without sets.
    pub estimate: Option<f64>,
    /// The interval of 95 %, where there are deals enough to have one.
    pub interval: Option<(f64, f64)>,
    /// Share of deals at least as extreme, where there are enough.
    pub p: Option<f64>,
    /// What can be said.
    pub effect: Effect,
    /// Sets that were compared.
    pub sets: usize,
}

/// The share of false alarms that is accepted.
pub const ALARM_SHARE: f64 = 0.05;

/// Evaluates the sets with so many deals (999 are usual), drawn from a seed. The same seed gives the same outcome.
pub fn evaluate(sets: &[SetChange], deals: usize, seed: u64) -> Outcome {
    let happened = Line::of(sets, |_| 0);
    let estimate = (!sets.is_empty()).then_some(happened.at_zero);
    let possible = sets.iter().fold(1.0_f64, |product, set| product * (set.neighbours.len() + 1) as f64);
    let Some(estimate) = estimate.filter(|_| possible >= 1.0 / ALARM_SHARE && deals as f64 + 1.0 >= 1.0 / ALARM_SHARE)
    else {
        return Outcome { estimate, interval: None, p: None, effect: Effect::Unknown, sets: sets.len() };
    };
    let mut chance = Chance(seed);
    let dealt: Vec<Line> = (0..deals)
        .map(|_| {
            let places: Vec<usize> = sets.iter().map(|set| chance.below(set.neighbours.len() + 1)).collect();
            Line::of(sets, |at| places[at])
        })
        .collect();
    let p = p_value(happened, &dealt, 0.0);
    let interval = interval(sets, happened, &dealt);
    let effect = if p <= ALARM_SHARE { Effect::Seen } else { Effect::NotSeen };
    Outcome { estimate: Some(estimate), interval, p: Some(p), effect, sets: sets.len() }
}

/// Share of deals that are at least as extreme as what happened, if the effect were this one.
fn p_value(happened: Line, dealt: &[Line], effect: f64) -> f64 {
    // The same sum in another order may differ in its last bits.
    let bound = happened.extremity(effect) * (1.0 - 1e-12);
    let extreme = dealt.iter().filter(|deal| deal.extremity(effect) >= bound).count();
    (extreme + 1) as f64 / (dealt.len() + 1) as f64
}

/// The effects that are not rejected: between the ends that halving finds on both sides of the estimate. `None` where no effect, however
/// far away, is rejected.
fn interval(sets: &[SetChange], happened: Line, dealt: &[Line]) -> Option<(f64, f64)> {
    let values = sets.iter().flat_map(|set| set.neighbours.iter().copied().chain([set.helped]));
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    let reach = (high - low).max(f64::MIN_POSITIVE) * 64.0;
    let end = |direction: f64| {
        let is_held = |distance: f64| p_value(happened, dealt, happened.at_zero + direction * distance) > ALARM_SHARE;
        if is_held(reach) {
            return None;
        }
        let (mut inside, mut outside) = (0.0, reach);
        for _ in 0..48 {
            let middle = (inside + outside) / 2.0;
            if is_held(middle) { inside = middle } else { outside = middle }
        }
        Some(happened.at_zero + direction * outside)
    };
    Some((end(-1.0)?, end(1.0)?))
}

/// The least effect that would be seen in four of five cases (5 % false alarms, two-sided), to be said in advance: Bloom's
/// `(1.96 + 0.84)·σ·sqrt((1 + 1/k)/n)` for `n` sets of `k` neighbours. `past_changes` are changes of the indicator over an equally long
/// time before, in the pool: `σ` is their standard deviation. `None` for fewer than two of them, or without sets.
pub fn least_visible_effect(past_changes: &[f64], sets: usize, neighbours: usize) -> Option<f64> {
    if past_changes.len() < 2 || sets == 0 || neighbours == 0 {
        return None;
    }
    let number = past_changes.len() as f64;
    let mean = past_changes.iter().sum::<f64>() / number;
    let variance = past_changes.iter().map(|change| (change - mean).powi(2)).sum::<f64>() / (number - 1.0);
    Some((1.96 + 0.84) * (variance * (1.0 + 1.0 / neighbours as f64) / sets as f64).sqrt())
}
