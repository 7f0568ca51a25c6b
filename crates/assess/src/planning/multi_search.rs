// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The search for the best plan with several limits: depth first, with prices as bound.

use super::multi::{MultiError, MultiPlan, MultiProblem};
use super::multi_bound::{Active, Priced, Prices};
use super::multi_local::{PAIRS, improved, shaken};
use super::numbers::Numbers;

/// Steps by which prices are improved at the root, and at every other node.
const STEPS: (usize, usize) = (600, 20);

/// One in so many inner nodes is worth the work of making a plan of what its prices suggest.
const PLANS: u64 = 32;

struct Search<'a> {
    problem: &'a MultiProblem,
    priced: Priced,
    best: Option<(i64, Vec<usize>)>,
    nodes: u64,
    most_nodes: u64,
    /// Exchanges of two that may still be looked at.
    pairs: u64,
    /// The highest bound of what was not looked at.
    open: Option<i64>,
}

/// The best plan found in so many nodes.
pub(super) fn search(problem: &MultiProblem, most_nodes: u64) -> Result<MultiPlan, MultiError> {
    let priced = Priced::new(problem);
    let mut search = Search { problem, priced, best: None, nodes: 0, most_nodes, pairs: PAIRS, open: None };
    let mut active: Active = problem.groups.iter().map(|items| (0..items.len() as u32).collect()).collect();
    if fits(problem, &mut active) {
        let prices = search.price(&active, &vec![0.0; problem.capacities.len()], true).prices;
        if !active.is_empty() {
            let (best, pairs) = (search.best.take(), &mut search.pairs);
            search.best = best.map(|best| shaken(problem, best, &mut Numbers::new(0), pairs));
        }
        search.node(active, &prices, true);
    }
    match (search.best, search.open) {
        (Some((value, chosen)), open) => {
            let bound = open.map_or(value, |open| open.max(value));
            Ok(MultiPlan { chosen, value, bound, nodes: search.nodes })
        }
        (None, Some(_)) => Err(MultiError::NotFound(most_nodes)),
        (None, None) => Err(MultiError::Infeasible),
    }
}

impl Search<'_> {
    fn node(&mut self, mut active: Active, from: &[f64], is_root: bool) {
        if !fits(self.problem, &mut active) {
            return;
        }
        self.nodes += 1;
        let mut from = from.to_vec();
        let prices = loop {
            let prices = self.price(&active, &from, is_root);
            let bound = whole(prices.bound);
            if self.best.as_ref().is_some_and(|(value, _)| bound <= *value) {
                return;
            }
            if self.nodes > self.most_nodes {
                self.open = self.open.max(Some(bound));
                return;
            }
            let struck = self.strike(&mut active, &prices);
            if struck == 0 {
                break prices;
            }
            if !fits(self.problem, &mut active) {
                return;
            }
            from = prices.prices;
        };
        let Some(group) = widest(&active, &prices) else {
            let chosen: Vec<usize> = active.iter().map(|items| items[0] as usize).collect();
            return self.offer(chosen);
        };
        let mut order: Vec<usize> = (0..active[group].len()).collect();
        order.sort_by(|first, second| prices.gaps[group][*first].total_cmp(&prices.gaps[group][*second]));
        for at in order {
            let mut child = active.clone();
            child[group] = vec![active[group][at]];
            self.node(child, &prices.prices, false);
        }
    }

    /// Prices for a node; what the steps suggest becomes plans.
    fn price(&mut self, active: &Active, from: &[f64], is_root: bool) -> Prices {
        let Self { problem, priced, best, nodes, pairs, .. } = self;
        let target = best.as_ref().map(|(value, _)| *value as f64);
        // Nothing is known yet: any finite aim makes the first steps long enough.
        let target = target.unwrap_or_else(|| cheapest(problem, active) as f64);
        let mut seen = 0_u32;
        let meet = |choice: &[usize]| {
            seen += 1;
            if !is_root && (seen > 1 || !nodes.is_multiple_of(PLANS)) {
                return;
            }
            let chosen: Vec<usize> = choice.iter().zip(active).map(|(at, items)| items[*at] as usize).collect();
            if let Some((value, chosen)) = improved(problem, chosen, pairs)
                && best.as_ref().is_none_or(|(known, _)| value > *known)
            {
                *best = Some((value, chosen));
            }
        };
        priced.improve(active, from, if is_root { STEPS.0 } else { STEPS.1 }, target, meet)
    }

    /// Strikes out items with which no plan is better than the best one known, and says how many.
    fn strike(&self, active: &mut Active, prices: &Prices) -> usize {
        let Some((value, _)) = &self.best else { return 0 };
        let mut struck = 0;
        for (items, gaps) in active.iter_mut().zip(&prices.gaps) {
            let before = items.len();
            let mut gaps = gaps.iter();
            items.retain(|_| gaps.next().is_none_or(|gap| whole(prices.bound - gap) > *value));
            struck += before - items.len();
        }
        struck
    }

    fn offer(&mut self, chosen: Vec<usize>) {
        let Some(value) = self.problem.value(&chosen) else { return };
        if self.best.as_ref().is_none_or(|(known, _)| value > *known) {
            self.best = Some((value, chosen));
        }
    }
}

/// The whole number that a bound allows; a little above, since it was worked out in floating point.
fn whole(bound: f64) -> i64 {
    (bound + 1e-6 + bound.abs() * 1e-11).floor() as i64
}

/// The sum of the least values.
fn cheapest(problem: &MultiProblem, active: &Active) -> i64 {
    let least = problem
        .groups
        .iter()
        .zip(active)
        .map(|(items, active)| active.iter().map(|item| items[*item as usize].value).min().unwrap_or(0));
    least.sum()
}

/// The group to branch on: the one about which the prices are least sure. `None` when all is decided.
fn widest(active: &Active, prices: &Prices) -> Option<usize> {
    let doubt = |group: usize| 1.0 - prices.weights[group].iter().copied().fold(0.0, f64::max);
    let open = (0..active.len()).filter(|group| active[*group].len() > 1);
    open.max_by(|first, second| doubt(*first).total_cmp(&doubt(*second)).then(second.cmp(first)))
}

/// Strikes out items that use too much even beside the least that all others use; false when a group has none left.
fn fits(problem: &MultiProblem, active: &mut Active) -> bool {
    loop {
        let mut least = Vec::with_capacity(active.len());
        let mut left = problem.capacities.clone();
        for (items, active) in problem.groups.iter().zip(active.iter()) {
            if active.is_empty() {
                return false;
            }
            let of =
                |resource: usize| active.iter().map(|item| items[*item as usize].uses[resource]).min().unwrap_or(0);
            let group: Vec<i64> = (0..left.len()).map(of).collect();
            left.iter_mut().zip(&group).for_each(|(left, used)| *left -= used);
            least.push(group);
        }
        if left.iter().any(|left| *left < 0) {
            return false;
        }
        let before: usize = active.iter().map(Vec::len).sum();
        for ((items, active), least) in problem.groups.iter().zip(active.iter_mut()).zip(&least) {
            active.retain(|item| {
                let uses = &items[*item as usize].uses;
                uses.iter().zip(least).zip(&left).all(|((used, least), left)| used - least <= *left)
            });
        }
        if active.iter().map(Vec::len).sum::<usize>() == before {
            return true;
        }
    }
}
