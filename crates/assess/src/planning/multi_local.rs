// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Better plans from near ones: first within the limits, then as good as single and double exchanges make them, then shaken
//! and improved again (iterated local search; Lourenço, Martin and Stützle 2003).

use super::multi::MultiProblem;
use super::numbers::Numbers;

/// Exchanges of two that may be looked at before only single ones are tried: large problems are not worth all of them.
pub(super) const PAIRS: u64 = 60_000_000;

/// How often the best plan is shaken at the root.
const ROUNDS: usize = 400;

/// Shakes a plan, improves it again, and goes on from the better one.
pub(super) fn shaken(
    problem: &MultiProblem,
    mut best: (i64, Vec<usize>),
    numbers: &mut Numbers,
    pairs: &mut u64,
) -> (i64, Vec<usize>) {
    for _ in 0..ROUNDS {
        let mut other = best.1.clone();
        for _ in 0..2 + numbers.below(4) {
            let group = numbers.below(other.len() as u64) as usize;
            other[group] = numbers.below(problem.groups[group].len() as u64) as usize;
        }
        if let Some(found) = improved(problem, other, pairs)
            && found.0 >= best.0
        {
            best = found;
        }
    }
    best
}

/// Repairs a choice and improves it; `None` when it cannot be brought within the limits.
pub(super) fn improved(problem: &MultiProblem, mut chosen: Vec<usize>, pairs: &mut u64) -> Option<(i64, Vec<usize>)> {
    let mut left = problem.capacities.clone();
    for (items, at) in problem.groups.iter().zip(&chosen) {
        left.iter_mut().zip(&items[*at].uses).for_each(|(left, used)| *left -= used);
    }
    while excess(problem, &left) > 0.0 {
        let (group, item) = best_repair(problem, &chosen, &left)?;
        exchange(problem, &mut chosen, &mut left, group, item);
    }
    while exchange_one(problem, &mut chosen, &mut left) || exchange_two(problem, &mut chosen, &mut left, pairs) {}
    problem.value(&chosen).map(|value| (value, chosen))
}

/// How far the limits are exceeded, as a sum of shares.
fn excess(problem: &MultiProblem, left: &[i64]) -> f64 {
    let over = left.iter().zip(&problem.capacities);
    over.map(|(left, capacity)| if *left < 0 { -*left as f64 / (*capacity).max(1) as f64 } else { 0.0 }).sum()
}

/// What is left after one exchange.
fn after(problem: &MultiProblem, chosen: &[usize], left: &[i64], group: usize, item: usize) -> Vec<i64> {
    let (old, new) = (&problem.groups[group][chosen[group]].uses, &problem.groups[group][item].uses);
    left.iter().zip(old).zip(new).map(|((left, old), new)| left + old - new).collect()
}

fn exchange(problem: &MultiProblem, chosen: &mut [usize], left: &mut Vec<i64>, group: usize, item: usize) {
    *left = after(problem, chosen, left, group, item);
    chosen[group] = item;
}

/// The exchange that takes away most excess for the value it loses; `None` when none takes any away.
fn best_repair(problem: &MultiProblem, chosen: &[usize], left: &[i64]) -> Option<(usize, usize)> {
    let now = excess(problem, left);
    let mut best: Option<(f64, usize, usize)> = None;
    for (group, items) in problem.groups.iter().enumerate() {
        for (item, other) in items.iter().enumerate() {
            let relief = now - excess(problem, &after(problem, chosen, left, group, item));
            if relief <= 1e-12 {
                continue;
            }
            let loss = (items[chosen[group]].value - other.value) as f64;
            let score = if loss <= 0.0 { f64::INFINITY } else { relief / loss };
            if best.is_none_or(|(known, _, _)| score > known) {
                best = Some((score, group, item));
            }
        }
    }
    best.map(|(_, group, item)| (group, item))
}

/// The best single exchange that raises the value within the limits; false when there is none.
fn exchange_one(problem: &MultiProblem, chosen: &mut [usize], left: &mut Vec<i64>) -> bool {
    let mut best: Option<(i64, usize, usize)> = None;
    for (group, items) in problem.groups.iter().enumerate() {
        for (item, other) in items.iter().enumerate() {
            let rise = other.value - items[chosen[group]].value;
            let is_better = rise > best.map_or(0, |(known, _, _)| known);
            if is_better && after(problem, chosen, left, group, item).iter().all(|left| *left >= 0) {
                best = Some((rise, group, item));
            }
        }
    }
    let Some((_, group, item)) = best else { return false };
    exchange(problem, chosen, left, group, item);
    true
}

/// The first pair of exchanges in two groups that raises the value within the limits; false when there is none.
fn exchange_two(problem: &MultiProblem, chosen: &mut [usize], left: &mut Vec<i64>, pairs: &mut u64) -> bool {
    for (first, items) in problem.groups.iter().enumerate() {
        for (item, other) in items.iter().enumerate() {
            let fall = items[chosen[first]].value - other.value;
            let between = after(problem, chosen, left, first, item);
            for (second, others) in problem.groups.iter().enumerate().skip(first + 1) {
                if *pairs == 0 {
                    return false;
                }
                *pairs = pairs.saturating_sub(others.len() as u64);
                let now = others[chosen[second]].value;
                let found = others.iter().enumerate().find(|(at, another)| {
                    another.value - now > fall
                        && after(problem, chosen, &between, second, *at).iter().all(|left| *left >= 0)
                });
                if let Some((at, _)) = found {
                    exchange(problem, chosen, left, first, item);
                    exchange(problem, chosen, left, second, at);
                    return true;
                }
            }
        }
    }
    false
}
