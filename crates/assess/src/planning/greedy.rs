// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A good plan where instruments reach several components, with a certificate of how good.
//!
//! The action that avoids most for its cost is taken first, again and again (ratio greedy), and the best single action is held
//! against the result. For a monotone submodular gain under one budget the better of the two reaches at least 0.405 of the best
//! (Tang, Tang, Lim, Han, Li and Yuan 2021; Kulik, Schwartz and Shachnai 2021). Starting from every pair of actions it reaches
//! `1 − 1/e` (Kulik et al.; with triples Sviridenko 2004): [`Seeds::Pairs`], for small plans. Marginal gains only fall, so
//! most need not be worked out anew (lazy evaluation, Minoux 1978).
//!
//! The certificate is far better as a rule: for any set `S`, the best plan avoids at most `Gain(S)` plus the best fractional
//! choice within the budget by the marginal gains after `S`. The smallest of these over all steps is the bound.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::loss::{LossModel, State};

/// What the search starts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seeds {
    /// Nothing.
    #[default]
    Empty,
    /// Every action alone, too.
    Singles,
    /// Every pair of actions, too. The work grows with the square of their number.
    Pairs,
}

/// A plan with its certificate.
#[derive(Clone, Debug, PartialEq)]
pub struct GreedyPlan {
    /// Numbers of the actions, in the order in which they were taken.
    pub chosen: Vec<usize>,
    /// What they cost, in cents.
    pub cost_cents: i64,
    /// What they avoid.
    pub value: f64,
    /// No plan within the budget avoids more than that.
    pub bound: f64,
}

impl GreedyPlan {
    /// The share of the best possible plan that this one surely reaches, from 0 to 1.
    pub fn certificate(&self) -> f64 {
        if self.bound > 0.0 { (self.value / self.bound).min(1.0) } else { 1.0 }
    }
}

/// A plan within the budget. Actions with a negative cost are not taken.
pub fn greedy(model: &LossModel, budget_cents: i64, seeds: Seeds) -> GreedyPlan {
    let affordable: Vec<usize> =
        (0..model.actions.len()).filter(|at| (0..=budget_cents).contains(&model.actions[*at].cost_cents)).collect();
    let mut best = run(model, &affordable, budget_cents, &[]);
    let mut starts: Vec<Vec<usize>> = affordable.iter().map(|action| vec![*action]).collect();
    if seeds == Seeds::Pairs {
        let pairs = affordable
            .iter()
            .enumerate()
            .flat_map(|(at, first)| affordable[at + 1..].iter().map(move |second| vec![*first, *second]));
        starts.extend(pairs.filter(|pair| model.cost_cents(pair) <= budget_cents));
    }
    for start in starts {
        // Without seeds a single action stands for itself.
        let other = match seeds {
            Seeds::Empty => alone(model, &start),
            Seeds::Singles | Seeds::Pairs => run(model, &affordable, budget_cents, &start),
        };
        let bound = best.bound.min(other.bound);
        best = GreedyPlan { bound, ..if other.value > best.value { other } else { best } };
    }
    best.bound = best.bound.max(best.value);
    best
}

fn alone(model: &LossModel, chosen: &[usize]) -> GreedyPlan {
    let (cost_cents, value) = (model.cost_cents(chosen), model.gain(chosen));
    GreedyPlan { chosen: chosen.to_vec(), cost_cents, value, bound: f64::INFINITY }
}

/// An action with the ratio that it had when it was looked at last.
struct Offer {
    ratio: f64,
    action: usize,
    /// How many actions were taken then.
    seen: usize,
}

impl PartialEq for Offer {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Offer {}

impl PartialOrd for Offer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Offer {
    /// The better ratio first; of equals the one that was named first.
    fn cmp(&self, other: &Self) -> Ordering {
        self.ratio.total_cmp(&other.ratio).then(other.action.cmp(&self.action))
    }
}

/// Ratio greedy after what is taken already.
fn run(model: &LossModel, affordable: &[usize], budget_cents: i64, start: &[usize]) -> GreedyPlan {
    let mut state = State::new(model);
    let mut plan = GreedyPlan { chosen: start.to_vec(), cost_cents: 0, value: 0.0, bound: f64::INFINITY };
    plan.cost_cents = model.cost_cents(start);
    plan.value = start.iter().map(|action| state.take(*action)).sum();
    plan.bound = bound_after(model, affordable, budget_cents, &state, plan.value);
    let offer = |state: &State<'_>, action: usize, seen: usize| Offer {
        ratio: ratio(state.marginal(action), model.actions[action].cost_cents),
        action,
        seen,
    };
    let mut offers: BinaryHeap<Offer> =
        affordable.iter().map(|action| offer(&state, *action, plan.chosen.len())).collect();
    while let Some(top) = offers.pop() {
        let cost_cents = model.actions[top.action].cost_cents;
        // What does not fit now never will: the rest of the budget only falls.
        if cost_cents > budget_cents - plan.cost_cents || top.ratio <= 0.0 {
            continue;
        }
        if top.seen < plan.chosen.len() {
            offers.push(offer(&state, top.action, plan.chosen.len()));
            continue;
        }
        plan.value += state.take(top.action);
        plan.cost_cents += cost_cents;
        plan.chosen.push(top.action);
        plan.bound = plan.bound.min(bound_after(model, affordable, budget_cents, &state, plan.value));
    }
    plan
}

/// Gain for a cent; what is free comes first.
fn ratio(gain: f64, cost_cents: i64) -> f64 {
    if gain <= 0.0 {
        0.0
    } else if cost_cents == 0 {
        f64::INFINITY
    } else {
        gain / cost_cents as f64
    }
}

/// What no plan exceeds, seen from a set that is worth `value`: the fractional knapsack of what the others would still add.
fn bound_after(model: &LossModel, affordable: &[usize], budget_cents: i64, state: &State<'_>, value: f64) -> f64 {
    let mut offers: Vec<(f64, i64)> = affordable
        .iter()
        .map(|action| (state.marginal(*action), model.actions[*action].cost_cents))
        .filter(|(gain, _)| *gain > 0.0)
        .collect();
    offers.sort_by(|first, second| ratio(second.0, second.1).total_cmp(&ratio(first.0, first.1)));
    let (mut bound, mut left) = (value, budget_cents);
    for (gain, cost_cents) in offers {
        if cost_cents > left {
            return bound + gain * left as f64 / cost_cents as f64;
        }
        bound += gain;
        left -= cost_cents;
    }
    bound
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::loss::tests::models;
    use super::super::loss::{Action, Exposed};
    use super::*;

    fn brute_force(model: &LossModel, budget_cents: i64) -> f64 {
        let sets = (0_u32..1 << model.actions.len())
            .map(|bits| (0..model.actions.len()).filter(|at| bits >> at & 1 == 1).collect::<Vec<usize>>());
        sets.filter(|set| model.cost_cents(set) <= budget_cents).map(|set| model.gain(&set)).fold(0.0, f64::max)
    }

    /// One exposed thing for each action, so that gains simply add.
    fn separate(offers: &[(i64, f64)]) -> LossModel {
        let exposed = |gain| Exposed { exposure: gain, incidents: [1.0, 0.0, 0.0], days: [1.0, 0.0, 0.0] };
        let action = |(at, cost_cents)| Action { cost_cents, reaches: vec![(at, [1.0, 0.0, 0.0])] };
        LossModel {
            components: offers.iter().map(|(_, gain)| exposed(*gain)).collect(),
            actions: offers.iter().map(|(cost, _)| *cost).enumerate().map(action).collect(),
        }
    }

    #[test]
    fn the_best_single_action_saves_greedy() {
        // The small one has the better ratio, and then the large one no longer fits.
        let model = separate(&[(1, 2.0), (10, 10.0)]);
        let plan = greedy(&model, 10, Seeds::Empty);
        assert_eq!((plan.chosen.as_slice(), plan.cost_cents, plan.value), (&[1][..], 10, 10.0));
        assert!((plan.bound - 11.0).abs() < 1e-12 && (plan.certificate() - 10.0 / 11.0).abs() < 1e-12);
    }

    #[test]
    fn pairs_find_what_greedy_misses() {
        let model = separate(&[(6, 7.0), (5, 5.0), (5, 5.0)]);
        assert_eq!(greedy(&model, 10, Seeds::Empty).value, 7.0);
        assert_eq!(greedy(&model, 10, Seeds::Pairs).value, 10.0);
    }

    #[test]
    fn nothing_to_do_is_done_perfectly() {
        let plan = greedy(&LossModel::default(), 10, Seeds::Pairs);
        assert_eq!(plan, GreedyPlan { chosen: Vec::new(), cost_cents: 0, value: 0.0, bound: 0.0 });
        assert_eq!(plan.certificate(), 1.0);
        assert!(greedy(&separate(&[(-1, 5.0)]), 10, Seeds::Empty).chosen.is_empty());
    }

    proptest! {
        #[test]
        fn the_certificate_is_kept(model in models(8), budget in 0_i64..150) {
            let best = brute_force(&model, budget);
            let scale = 1e-9 * (1.0 + best);
            let mut before = 0.0;
            for seeds in [Seeds::Empty, Seeds::Singles, Seeds::Pairs] {
                let plan = greedy(&model, budget, seeds);
                prop_assert!(plan.cost_cents <= budget && plan.cost_cents == model.cost_cents(&plan.chosen));
                prop_assert!((plan.value - model.gain(&plan.chosen)).abs() <= scale);
                prop_assert!(best <= plan.bound + scale, "best {best} above bound {}", plan.bound);
                prop_assert!(plan.value + scale >= plan.certificate() * best);
                prop_assert!(plan.value + scale >= 0.405 * best, "{} of {best}", plan.value);
                prop_assert!(plan.value + scale >= before, "more seeds are never worse");
                before = plan.value;
            }
            prop_assert!(before + scale >= (1.0 - (-1.0_f64).exp()) * best);
        }
    }
}
