// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How sure each item of a plan is.
//!
//! Parameters are drawn from what is believed; each draw is planned anew. The share of draws in which a project is funded is its
//! stability: an item that is in most plans is right under most beliefs. The same draws give the range of what the proposed plan
//! avoids. [`marginal_values`] says what is lost when one item is forbidden and its money goes to the next best.

use serde::Serialize;

use super::bundles::evaluate;
use super::candidates::{Candidate, Valued};
use super::exact::Choice;
use super::numbers::Numbers;
use super::priors::range;

/// How sure one project of a plan is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ItemStability {
    /// Share of the draws in which the project is funded at all, from 0 to 1.
    pub funded: f64,
    /// For each of its options, the share of the draws in which it is chosen.
    pub options: Vec<f64>,
    /// What the proposed bundle avoids: one in ten draws is below, one in ten above. `None` where nothing is proposed.
    pub gain: Option<(f64, f64)>,
}

/// How sure a plan is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Stability {
    /// By project.
    pub items: Vec<ItemStability>,
    /// What the proposed plan avoids in all: one in ten draws is below, one in ten above. `None` without draws.
    pub gain: Option<(f64, f64)>,
    /// Draws made.
    pub draws: usize,
}

/// Draws parameters so often and plans anew with `planner`, which gives the options chosen for each project.
///
/// Options are bits: bit `n` for the n-th one, 0 for nothing. `proposed` has those of the proposed plan.
///
/// # Errors
/// When the planner fails.
pub fn stability<E>(
    candidates: &[Candidate],
    proposed: &[u32],
    draws: usize,
    seed: u64,
    planner: impl Fn(&[Valued]) -> Result<Vec<u32>, E>,
) -> Result<Stability, E> {
    let mut numbers = Numbers::new(seed);
    let mut items: Vec<ItemStability> = candidates
        .iter()
        .map(|candidate| ItemStability { options: vec![0.0; candidate.options.len()], ..ItemStability::default() })
        .collect();
    let mut gains: Vec<Vec<f64>> = vec![Vec::with_capacity(draws); candidates.len()];
    for _ in 0..draws {
        let drawn: Vec<Valued> = candidates.iter().map(|candidate| candidate.draw(&mut numbers)).collect();
        for (item, members) in items.iter_mut().zip(planner(&drawn)?).filter(|(_, members)| *members != 0) {
            item.funded += 1.0;
            let options = item.options.iter_mut().enumerate().filter(|(at, _)| members >> at & 1 == 1);
            options.for_each(|(_, count)| *count += 1.0);
        }
        for ((gains, valued), members) in gains.iter_mut().zip(&drawn).zip(proposed) {
            gains.push(gain(valued, *members));
        }
    }
    let totals: Vec<f64> = (0..draws).map(|draw| gains.iter().filter_map(|gains| gains.get(draw)).sum()).collect();
    for ((item, gains), members) in items.iter_mut().zip(&gains).zip(proposed) {
        item.funded /= draws.max(1) as f64;
        item.options.iter_mut().for_each(|count| *count /= draws.max(1) as f64);
        item.gain = if *members == 0 { None } else { range(gains) };
    }
    Ok(Stability { items, gain: range(&totals), draws })
}

/// What these options avoid, with these values.
pub fn gain(valued: &Valued, members: u32) -> f64 {
    evaluate(&valued.exposed, &valued.options, members).map_or(0.0, |bundle| bundle.gain)
}

/// What is lost without each item: the value of the plan less that of the best plan in which the project gets nothing. `None`
/// for projects that are not in the plan.
///
/// # Errors
/// When the planner, which gives the value of the best plan, fails.
pub fn marginal_values<E>(
    components: &[Vec<Choice>],
    chosen: &[Option<usize>],
    value: f64,
    planner: impl Fn(&[Vec<Choice>]) -> Result<f64, E>,
) -> Result<Vec<Option<f64>>, E> {
    let mut without = components.to_vec();
    let mut values = Vec::with_capacity(components.len());
    for (at, bundle) in chosen.iter().enumerate() {
        if bundle.is_none() {
            values.push(None);
            continue;
        }
        let taken = std::mem::take(&mut without[at]);
        values.push(Some((value - planner(&without)?).max(0.0)));
        without[at] = taken;
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::super::candidates::{CandidateOption, combinations};
    use super::super::exact::{PlanError, exact};
    use super::super::priors::Prior;
    use super::*;

    fn candidate(exposure: Prior, cost_cents: i64) -> Candidate {
        let once = [Prior::sure(1.0), Prior::NOTHING, Prior::NOTHING];
        let options = vec![CandidateOption { cost_cents, effects: [Prior::sure(0.5), Prior::NOTHING, Prior::NOTHING] }];
        Candidate { exposure, incidents: once, days: once, options, allowed: combinations(1).collect() }
    }

    /// Every project has one option, so that its one bundle is bit 0.
    fn planner(budget: i64) -> impl Fn(&[Valued]) -> Result<Vec<u32>, PlanError> {
        move |valued| {
            let one =
                |valued: &Valued| vec![Choice { cost_cents: valued.options[0].cost_cents, gain: gain(valued, 1) }];
            let plan = exact(&valued.iter().map(one).collect::<Vec<_>>(), budget, 1)?;
            Ok(plan.chosen.iter().map(|bundle| u32::from(bundle.is_some())).collect())
        }
    }

    #[test]
    fn what_is_better_for_sure_is_always_in_the_plan() {
        let close = Prior { mean: 10.0, low: 6.0, high: 15.0 };
        let sure = [candidate(Prior::sure(100.0), 5), candidate(close, 5), candidate(close, 5)];
        let found = stability(&sure, &[1, 1, 0], 400, 9, planner(10)).expect("plans");
        assert_eq!((found.draws, found.items[0].funded, found.items[0].gain), (400, 1.0, Some((50.0, 50.0))));
        assert_eq!(found.items[0].options, [found.items[0].funded]);
        // Two equal ones share the second place.
        let (second, third) = (found.items[1].funded, found.items[2].funded);
        assert!((second + third - 1.0).abs() < 1e-9 && (0.4..0.6).contains(&second), "{second} and {third}");
        let (low, high) = found.items[1].gain.expect("a range");
        assert!((2.5..3.5).contains(&low) && (6.5..8.5).contains(&high), "{low} to {high}");
        assert_eq!(found.items[2].gain, None);
        let (low, high) = found.gain.expect("a range");
        assert!((52.0..54.0).contains(&low) && (56.0..59.0).contains(&high), "{low} to {high}");
        assert_eq!(found, stability(&sure, &[1, 1, 0], 400, 9, planner(10)).expect("plans"));
    }

    #[test]
    fn without_draws_nothing_is_said() {
        let found = stability(&[candidate(Prior::sure(1.0), 5)], &[1], 0, 9, planner(10)).expect("plans");
        assert_eq!((found.gain, found.items[0].gain, found.items[0].funded), (None, None, 0.0));
    }

    #[test]
    fn an_item_is_worth_what_the_next_best_does_not_give() {
        let choice = |cost_cents, gain| vec![Choice { cost_cents, gain }];
        let components = [choice(5, 50.0), choice(5, 9.0), choice(5, 8.0)];
        let best = |components: &[Vec<Choice>]| exact(components, 10, 1).map(|plan| plan.value);
        let plan = exact(&components, 10, 1).expect("a plan");
        let values = marginal_values(&components, &plan.chosen, plan.value, best).expect("plans");
        assert_eq!(values, [Some(42.0), Some(1.0), None]);
    }
}
