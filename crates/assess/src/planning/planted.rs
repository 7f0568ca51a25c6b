// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Made-up instances: some whose best plan is known because it was planted, and a world to compare policies in.
//!
//! [`planted`] needs no solver to know the optimum. A price is chosen, and in every component the planted bundle is the one that
//! is worth most after paying that price. With the costs of all planted bundles as budget, no plan can be worth more
//! (Lagrangian duality; Everett 1963). An exact planner must find that value.

use super::candidates::{Candidate, CandidateOption, combinations};
use super::catalogue::INTERVENTIONS;
use super::exact::Choice;
use super::loss::{Action, Exposed, LossModel};
use super::numbers::Numbers;
use super::policies::Recipient;
use super::priors::Prior;

/// A thousand euro, in cents: costs are whole multiples of it.
pub const UNIT_CENTS: i64 = 100_000;

/// An instance with a planted best plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Planted {
    /// Bundles by component.
    pub components: Vec<Vec<Choice>>,
    /// The budget, in cents.
    pub budget_cents: i64,
    /// What the best plan avoids.
    pub optimum: f64,
    /// The best plan.
    pub chosen: Vec<Option<usize>>,
}

/// An instance of so many components with so many bundles each.
pub fn planted(numbers: &mut Numbers, components: usize, bundles: usize) -> Planted {
    let price = numbers.between(0.5, 2.0);
    let mut made = Planted { components: Vec::new(), budget_cents: 0, optimum: 0.0, chosen: Vec::new() };
    for _ in 0..components {
        let best = if numbers.below(3) == 0 { None } else { Some(numbers.below(bundles as u64) as usize) };
        // What the planted bundle is worth after paying; doing nothing is worth 0.
        let surplus = best.map_or(0.0, |_| numbers.between(0.1, 20.0));
        let mut choices = Vec::with_capacity(bundles);
        for at in 0..bundles {
            let units = 1 + numbers.below(80) as i64;
            let net = if best == Some(at) { surplus } else { surplus - numbers.between(0.01, 30.0) };
            let choice = Choice { cost_cents: units * UNIT_CENTS, gain: (price * units as f64 + net).max(0.0) };
            if best == Some(at) {
                made.budget_cents += choice.cost_cents;
                made.optimum += choice.gain;
            }
            choices.push(choice);
        }
        made.components.push(choices);
        made.chosen.push(best);
    }
    made
}

/// A loss model of so many components with so many actions each, each action for one component.
pub fn drawn(numbers: &mut Numbers, components: usize, actions: usize) -> LossModel {
    let mut model = LossModel::default();
    for at in 0..components {
        let exposure = 10.0 * numbers.normal().exp();
        let incidents = std::array::from_fn(|_| numbers.between(0.0, 1.0));
        model.components.push(Exposed {
            exposure,
            incidents,
            days: std::array::from_fn(|_| numbers.between(1.0, 60.0)),
        });
        for _ in 0..actions {
            let effects = std::array::from_fn(|_| if numbers.below(2) == 0 { 0.0 } else { numbers.between(0.0, 0.6) });
            let cost_cents = (5 + numbers.below(120) as i64) * UNIT_CENTS;
            model.actions.push(Action { cost_cents, reaches: vec![(at, effects)] });
        }
    }
    model
}

/// A made-up country's projects: what is believed of them, and what the formulas of others look at.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// What is believed.
    pub candidates: Vec<Candidate>,
    /// What the formulas look at.
    pub recipients: Vec<Recipient>,
    /// Direct dependencies of each system.
    pub stacks: Vec<Vec<usize>>,
}

/// A world of so many projects. Few have most systems; use elsewhere goes along with use here, but not closely; how fragile a
/// project is has nothing to do with either.
pub fn world(numbers: &mut Numbers, projects: usize) -> World {
    let mut world = World { candidates: Vec::new(), recipients: Vec::new(), stacks: Vec::new() };
    for at in 0..projects {
        let dependence = 20.0 * (1.2 * numbers.normal()).exp();
        let mut elsewhere = || dependence.powf(0.6) * numbers.normal().exp();
        let (repositories, packages, downloads) = (elsewhere(), elsewhere(), elsewhere());
        let depends_on =
            (0..numbers.below(4)).filter_map(|_| at.checked_sub(1 + numbers.below(at as u64 + 1) as usize));
        let depends_on = depends_on.collect();
        world.recipients.push(Recipient { dependence, repositories, packages, downloads, depends_on });
        world.candidates.push(candidate(numbers, dependence));
    }
    for _ in 0..projects {
        world.stacks.push((0..1 + numbers.below(12)).map(|_| by_dependence(numbers, &world.recipients)).collect());
    }
    world
}

/// One that more systems depend on comes up more often.
fn by_dependence(numbers: &mut Numbers, recipients: &[Recipient]) -> usize {
    let total: f64 = recipients.iter().map(|recipient| recipient.dependence).sum();
    let mut left = numbers.unit() * total;
    let found = recipients.iter().position(|recipient| {
        left -= recipient.dependence;
        left <= 0.0
    });
    found.unwrap_or(0)
}

fn candidate(numbers: &mut Numbers, dependence: f64) -> Candidate {
    let mut wide = |scale: f64, spread: f64| {
        let mean = scale * (spread * numbers.normal()).exp();
        Prior { mean, low: mean / 3.0, high: mean * 2.5 }
    };
    let incidents = [wide(0.6, 0.8), wide(0.02, 0.8), wide(0.1, 1.2)];
    let days = [wide(20.0, 0.5), wide(60.0, 0.4), wide(120.0, 0.5)];
    let exposure = Prior { mean: dependence, low: dependence * 0.8, high: dependence * 1.25 };
    let mut options = Vec::new();
    while options.len() < 5 {
        // The last two instruments leave the project; they exclude the others.
        let one = &INTERVENTIONS[numbers.below(INTERVENTIONS.len() as u64 - 2) as usize];
        let (low, high) = (one.cost.low.cents() / UNIT_CENTS, one.cost.high.cents() / UNIT_CENTS);
        let units = (low + one.cost.likely.cents() / UNIT_CENTS + numbers.below((high - low) as u64 / 2) as i64) / 2;
        let effects = one.effects.map(|effect| effect.share);
        options.push(CandidateOption { cost_cents: units.max(1) * UNIT_CENTS, effects });
    }
    Candidate { exposure, incidents, days, allowed: combinations(options.len()).collect(), options }
}

/// The bundles of each component of a model whose actions reach one component each, every combination of them.
pub fn choices(model: &LossModel) -> Vec<Vec<Choice>> {
    let of = |at: usize| {
        let own: Vec<usize> = (0..model.actions.len())
            .filter(|action| model.actions[*action].reaches.first().is_some_and(|(reached, _)| *reached == at))
            .collect();
        let bundle = |bits: u32| {
            let chosen: Vec<usize> =
                own.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1).map(|(_, action)| *action).collect();
            Choice { cost_cents: model.cost_cents(&chosen), gain: model.gain(&chosen) }
        };
        (1..1_u32 << own.len()).map(bundle).collect()
    };
    (0..model.components.len()).map(of).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::exact::exact;
    use super::super::exact::tests::brute_force;
    use super::super::greedy::{Seeds, greedy};
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_was_planted_is_the_best(seed in any::<u64>(), components in 0_usize..6, bundles in 1_usize..4) {
            let instance = planted(&mut Numbers::new(seed), components, bundles);
            let best = brute_force(&instance.components, instance.budget_cents);
            prop_assert!((best - instance.optimum).abs() < 1e-9, "{best} is not {}", instance.optimum);
        }

        #[test]
        fn the_exact_planner_finds_what_was_planted(seed in any::<u64>(), components in 0_usize..30) {
            let instance = planted(&mut Numbers::new(seed), components, 6);
            let plan = exact(&instance.components, instance.budget_cents, UNIT_CENTS).expect("a plan");
            prop_assert!((plan.value - instance.optimum).abs() < 1e-9 * (1.0 + instance.optimum));
            prop_assert_eq!(plan.chosen, instance.chosen);
        }

        #[test]
        fn greedy_keeps_its_certificate_against_the_exact_plan(seed in any::<u64>(), budget in 50_i64..600) {
            let model = drawn(&mut Numbers::new(seed), 8, 4);
            let budget = budget * UNIT_CENTS;
            let best = exact(&choices(&model), budget, UNIT_CENTS).expect("a plan").value;
            let plan = greedy(&model, budget, Seeds::Empty);
            prop_assert!(plan.value <= best * (1.0 + 1e-9) && best <= plan.bound * (1.0 + 1e-9));
            prop_assert!(plan.value >= plan.certificate() * best * (1.0 - 1e-9));
        }
    }

    #[test]
    fn a_world_is_the_same_for_the_same_seed() {
        let (first, again) = (world(&mut Numbers::new(4), 20), world(&mut Numbers::new(4), 20));
        assert_eq!(first, again);
        assert_eq!((first.candidates.len(), first.recipients.len(), first.stacks.len()), (20, 20, 20));
        assert!(first.recipients.iter().enumerate().all(|(at, one)| one.depends_on.iter().all(|child| *child < at)));
        assert_ne!(first, world(&mut Numbers::new(5), 20));
    }
}
