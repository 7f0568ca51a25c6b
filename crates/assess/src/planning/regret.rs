// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How much a plan loses when its parameters are wrong, beside how others share money out.
//!
//! The truth is drawn from what is believed. The plan is made with a belief that is distorted ([`Distortion`]); then it is judged
//! by the truth. *Regret* is what is missing to the plan that somebody would make who knew the truth: 0 is perfect, 1 is
//! nothing avoided. The baselines do not look at rates and effects, so only a wrong exposure harms them. They are judged twice:
//! generously ([`generous_gain`]: what they give buys the best bundles, and parts of bundles) and strictly ([`strict_gain`]:
//! whole bundles, as plans must). The planner is shown with the belief as it is, and *shrunk*: half of what rates differ
//! from their geometric mean is taken for noise (James and Stein 1961 for the idea). That costs where beliefs are good, and saves
//! where rates say nothing: the table shows both, and a person decides how far to trust the rates.

use super::bundles::Bundle;
use super::candidates::Valued;
use super::exact::{Choice, PlanError, exact};
use super::loss::ByCause;
use super::numbers::Numbers;
use super::planted::World;
use super::policies::{Policy, Recipient, generous_gain, strict_gain};
use super::stability::gain;

/// How the belief differs from the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distortion {
    /// Not at all: somebody knows everything.
    Nothing,
    /// The plan knows means only; the truth is a draw.
    MeansOnly,
    /// Rates and effects are off by a factor, lognormal with a standard deviation of 1, on top.
    NoisyParameters,
    /// Half of the instruments are thought twice as good, the other half half as good, everywhere.
    BiasedEffects,
    /// A third of the projects are thought to have a quarter of their systems, as if inventories were missing.
    MissingInventories,
    /// Rates of the projects are exchanged at random: they say nothing.
    ShuffledRates,
}

impl Distortion {
    /// All, from harmless to bad.
    pub const ALL: [Self; 6] = [
        Self::Nothing,
        Self::MeansOnly,
        Self::NoisyParameters,
        Self::BiasedEffects,
        Self::MissingInventories,
        Self::ShuffledRates,
    ];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nothing => "truth known",
            Self::MeansOnly => "means only",
            Self::NoisyParameters => "noisy rates and effects",
            Self::BiasedEffects => "biased effects",
            Self::MissingInventories => "missing inventories",
            Self::ShuffledRates => "shuffled rates",
        }
    }

    /// The belief about each project when this is the truth.
    fn belief(self, world: &World, truth: &[Valued], numbers: &mut Numbers) -> Vec<Valued> {
        if self == Self::Nothing {
            return truth.to_vec();
        }
        let mut belief: Vec<Valued> = world.candidates.iter().map(|candidate| candidate.mean()).collect();
        match self {
            Self::Nothing | Self::MeansOnly => {}
            Self::NoisyParameters => belief.iter_mut().for_each(|valued| noisy(valued, numbers)),
            Self::BiasedEffects => belief.iter_mut().for_each(|valued| {
                for (at, option) in valued.options.iter_mut().enumerate() {
                    let factor = if at % 2 == 0 { 2.0 } else { 0.5 };
                    option.effects = option.effects.map(|effect| (effect * factor).min(0.95));
                }
            }),
            Self::MissingInventories => {
                belief.iter_mut().filter(|_| numbers.below(3) == 0).for_each(|valued| valued.exposed.exposure *= 0.25);
            }
            Self::ShuffledRates => {
                for at in (1..belief.len()).rev() {
                    let other = numbers.below(at as u64 + 1) as usize;
                    let (rates, days) = (belief[at].exposed.incidents, belief[at].exposed.days);
                    belief[at].exposed.incidents = belief[other].exposed.incidents;
                    belief[at].exposed.days = belief[other].exposed.days;
                    belief[other].exposed.incidents = rates;
                    belief[other].exposed.days = days;
                }
            }
        }
        belief
    }
}

fn noisy(valued: &mut Valued, numbers: &mut Numbers) {
    valued.exposed.incidents = valued.exposed.incidents.map(|rate| rate * numbers.normal().exp());
    for option in &mut valued.options {
        option.effects = option.effects.map(|effect| (effect * numbers.normal().exp()).min(0.95));
    }
}

/// A line of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct RegretRow {
    /// How the belief was wrong.
    pub distortion: Distortion,
    /// Whose plan.
    pub policy: String,
    /// Mean regret over the draws, from 0 to 1; of policies by the generous reading.
    pub mean: f64,
    /// One draw in ten has more regret.
    pub bad: f64,
    /// Mean regret by the strict reading.
    pub strict: f64,
}

/// Regrets of one policy: generous and strict, draw by draw.
#[derive(Default)]
struct Regrets {
    generous: Vec<f64>,
    strict: Vec<f64>,
}

impl Regrets {
    fn enter(&mut self, best: f64, generous: f64, strict: f64) {
        let regret = |value: f64| if best > 0.0 { (1.0 - value / best).max(0.0) } else { 0.0 };
        self.generous.push(regret(generous));
        self.strict.push(regret(strict));
    }

    fn row(mut self, distortion: Distortion, policy: String) -> RegretRow {
        let mean = |regrets: &[f64]| regrets.iter().sum::<f64>() / regrets.len().max(1) as f64;
        let (generous, strict) = (mean(&self.generous), mean(&self.strict));
        self.generous.sort_by(f64::total_cmp);
        let bad = self.generous.get(self.generous.len() * 9 / 10).copied().unwrap_or(0.0);
        RegretRow { distortion, policy, mean: generous, bad, strict }
    }
}

/// The regret of our plan and of each policy, for every distortion.
///
/// # Errors
/// When the planner refuses budget or unit.
pub fn regret_table(
    world: &World,
    policies: &[Policy],
    budget_cents: i64,
    unit_cents: i64,
    draws: usize,
    seed: u64,
) -> Result<Vec<RegretRow>, PlanError> {
    let mut rows = Vec::new();
    for distortion in Distortion::ALL {
        // Streams of their own, so that every distortion meets the same truths.
        let (mut truths, mut chance) = (Numbers::new(seed), Numbers::new(!seed));
        let mut regrets: Vec<Regrets> = (0..policies.len() + 2).map(|_| Regrets::default()).collect();
        for _ in 0..draws {
            let truth: Vec<Valued> = world.candidates.iter().map(|candidate| candidate.draw(&mut truths)).collect();
            let belief = distortion.belief(world, &truth, &mut chance);
            let best = judged(&truth, &plan(world, &truth, budget_cents, unit_cents)?);
            for (regrets, belief) in regrets.iter_mut().zip([&belief, &shrunk(&belief)]) {
                let value = judged(&truth, &plan(world, belief, budget_cents, unit_cents)?);
                regrets.enter(best, value, value);
            }
            let bundles = bundles(world, &truth);
            let recipients = believed(world, &belief);
            for (regrets, policy) in regrets[2..].iter_mut().zip(policies) {
                let shares = policy.share_out(&recipients, &world.stacks, budget_cents, &mut chance);
                let sum = |gain: fn(&[Bundle], i64) -> f64| {
                    bundles.iter().zip(&shares).map(|(bundles, cents)| gain(bundles, *cents)).sum()
                };
                regrets.enter(best, sum(generous_gain), sum(strict_gain));
            }
        }
        let ours = ["this planner", "this planner, shrunk"].map(str::to_owned).into_iter();
        let names = ours.chain(policies.iter().map(|policy| policy.name()));
        rows.extend(names.zip(regrets).map(|(policy, regrets)| regrets.row(distortion, policy)));
    }
    Ok(rows)
}

/// The belief with half of what rates differ from their geometric mean taken away, cause by cause.
fn shrunk(belief: &[Valued]) -> Vec<Valued> {
    let mean: ByCause<f64> = std::array::from_fn(|cause| {
        let rates: Vec<f64> =
            belief.iter().map(|valued| valued.exposed.incidents[cause]).filter(|rate| *rate > 0.0).collect();
        (rates.iter().map(|rate| rate.ln()).sum::<f64>() / rates.len().max(1) as f64).exp()
    });
    let mut shrunk = belief.to_vec();
    for valued in &mut shrunk {
        let rates = valued.exposed.incidents.iter_mut().zip(mean);
        rates.for_each(|(rate, mean)| *rate = (*rate * mean).sqrt());
    }
    shrunk
}

fn bundles(world: &World, valued: &[Valued]) -> Vec<Vec<Bundle>> {
    world.candidates.iter().zip(valued).map(|(candidate, valued)| candidate.bundles(valued)).collect()
}

/// The options of each project in the best plan under these values, bit `n` for the n-th one.
fn plan(world: &World, valued: &[Valued], budget_cents: i64, unit_cents: i64) -> Result<Vec<u32>, PlanError> {
    let bundles = bundles(world, valued);
    let choices: Vec<Vec<Choice>> =
        bundles.iter().map(|bundles| bundles.iter().map(Bundle::choice).collect()).collect();
    let chosen = exact(&choices, budget_cents, unit_cents)?.chosen;
    Ok(bundles.iter().zip(chosen).map(|(bundles, at)| at.map_or(0, |at| bundles[at].members)).collect())
}

/// What a plan avoids in truth.
fn judged(truth: &[Valued], plan: &[u32]) -> f64 {
    truth.iter().zip(plan).map(|(valued, members)| gain(valued, *members)).sum()
}

/// What the formulas see: dependence as it is believed.
fn believed(world: &World, belief: &[Valued]) -> Vec<Recipient> {
    let with = |(recipient, valued): (&Recipient, &Valued)| Recipient {
        dependence: valued.exposed.exposure,
        ..recipient.clone()
    };
    world.recipients.iter().zip(belief).map(with).collect()
}

#[cfg(test)]
mod tests {
    use super::super::planted::{UNIT_CENTS, world};
    use super::*;

    #[test]
    fn who_knows_the_truth_regrets_nothing_and_wrong_beliefs_cost() {
        let world = world(&mut Numbers::new(11), 25);
        let policies = [Policy::EqualSplit, Policy::TopByDependence(5), Policy::Random(5)];
        let table = regret_table(&world, &policies, 600 * UNIT_CENTS, UNIT_CENTS, 12, 3).expect("a table");
        assert_eq!(table.len(), Distortion::ALL.len() * 5);
        assert!(
            table.iter().all(|row| 0.0 <= row.mean && row.mean <= row.strict && row.strict <= 1.0 && row.bad <= 1.0)
        );
        let mean = |distortion, policy: &str| {
            let found = table.iter().find(|row| row.distortion == distortion && row.policy == policy);
            found.expect("a line").mean
        };
        assert_eq!(mean(Distortion::Nothing, "this planner"), 0.0);
        for distortion in [Distortion::MeansOnly, Distortion::NoisyParameters, Distortion::ShuffledRates] {
            assert!(mean(distortion, "this planner") > 0.0, "{distortion:?}");
        }
        assert!(mean(Distortion::MeansOnly, "this planner") < mean(Distortion::ShuffledRates, "this planner"));
        assert!(mean(Distortion::MeansOnly, "this planner") < mean(Distortion::MeansOnly, "random 5"));
        let shuffled = |policy| mean(Distortion::ShuffledRates, policy);
        assert!(shuffled("this planner, shrunk") < shuffled("this planner"));
        // Only dependence reaches the baselines: wrong rates change nothing for them.
        let equal = |distortion| mean(distortion, "equal split");
        assert!(Distortion::ALL.iter().all(|distortion| equal(*distortion) == equal(Distortion::Nothing)));
        assert!(equal(Distortion::Nothing) > 0.0);
    }
}
