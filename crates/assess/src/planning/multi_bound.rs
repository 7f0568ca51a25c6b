// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Prices for resources: what a plan with several limits can be worth at most.
//!
//! With a price on every resource the groups no longer compete: each takes the item that is worth most after paying, and
//! `Σ_r price_r · capacity_r + Σ_i max_j (value_ij − price · use_ij)` is above every plan (Lagrangian relaxation). Prices are
//! improved step by step along what is over- or underused. Uses are counted in shares of the capacity.

use super::multi::MultiProblem;

/// The problem in floating point, ready to be priced.
pub(super) struct Priced {
    /// Values by group and item.
    pub values: Vec<Vec<f64>>,
    /// Uses by group and item, as shares of the capacity, resource by resource.
    shares: Vec<Vec<f64>>,
    /// Number of resources.
    resources: usize,
}

/// Items that are still to be considered, by group.
pub(super) type Active = Vec<Vec<u32>>;

/// Prices, and what they say.
#[derive(Clone, Debug)]
pub(super) struct Prices {
    /// Price of each resource.
    pub prices: Vec<f64>,
    /// No plan is worth more.
    pub bound: f64,
    /// For each group and active item, in their order: how much worse it is than the best one after paying.
    pub gaps: Vec<Vec<f64>>,
    /// For each group and active item: how often it was the best one lately, from 0 to 1.
    pub weights: Vec<Vec<f64>>,
}

impl Priced {
    pub(super) fn new(problem: &MultiProblem) -> Self {
        let share = |used: i64, capacity: i64| if capacity > 0 { used as f64 / capacity as f64 } else { 0.0 };
        let shares = problem.groups.iter().map(|items| {
            let of = |uses: &[i64]| -> Vec<f64> {
                uses.iter().zip(&problem.capacities).map(|(used, capacity)| share(*used, *capacity)).collect()
            };
            items.iter().flat_map(|item| of(&item.uses)).collect()
        });
        let values = problem.groups.iter().map(|items| items.iter().map(|item| item.value as f64).collect());
        Self { values: values.collect(), shares: shares.collect(), resources: problem.capacities.len() }
    }

    fn shares(&self, group: usize, item: u32) -> &[f64] {
        let start = item as usize * self.resources;
        &self.shares[group][start..start + self.resources]
    }

    /// What an item is worth after paying for what it uses.
    fn net(&self, group: usize, item: u32, prices: &[f64]) -> f64 {
        let paid: f64 = self.shares(group, item).iter().zip(prices).map(|(share, price)| share * price).sum();
        self.values[group][item as usize] - paid
    }

    /// Improves prices by so many steps, aiming at a value that is known to be possible. `meet` is shown the choice of each
    /// step: positions among the active items.
    pub(super) fn improve(
        &self,
        active: &Active,
        from: &[f64],
        steps: usize,
        target: f64,
        mut meet: impl FnMut(&[usize]),
    ) -> Prices {
        let mut prices = from.to_vec();
        let mut best = (f64::INFINITY, prices.clone());
        let mut weights: Vec<Vec<f64>> = active.iter().map(|items| vec![0.0; items.len()]).collect();
        let (mut scale, mut stuck) = (1.0, 0);
        let mut direction = vec![0.0; self.resources];
        let mut choice = vec![0; active.len()];
        for step in 0..=steps {
            let bound = self.choose(active, &prices, &mut choice);
            meet(&choice);
            let share = if step == 0 { 1.0 } else { 0.15 };
            for (weights, chosen) in weights.iter_mut().zip(&choice) {
                weights.iter_mut().for_each(|weight| *weight *= 1.0 - share);
                weights[*chosen] += share;
            }
            if bound < best.0 - 1e-9 * (1.0 + bound.abs()) {
                stuck = 0;
                best = (bound, prices.clone());
            } else {
                stuck += 1;
                if stuck >= 5 {
                    (scale, stuck) = (scale * 0.6, 0);
                    prices.clone_from(&best.1);
                }
            }
            if best.0 <= target || step == steps {
                break;
            }
            self.move_on(active, &choice, &mut direction, &mut prices, scale * (bound - target));
        }
        self.judged(active, best.0, best.1, weights)
    }

    /// The best item of each group after paying, and what all that is worth at most.
    fn choose(&self, active: &Active, prices: &[f64], choice: &mut [usize]) -> f64 {
        let mut bound: f64 = prices.iter().sum();
        for (group, items) in active.iter().enumerate() {
            let mut best = f64::NEG_INFINITY;
            for (at, item) in items.iter().enumerate() {
                let net = self.net(group, *item, prices);
                if net > best {
                    (best, choice[group]) = (net, at);
                }
            }
            bound += best;
        }
        bound
    }

    /// One step: what is overused becomes dearer, what is left over cheaper.
    fn move_on(&self, active: &Active, choice: &[usize], direction: &mut [f64], prices: &mut [f64], distance: f64) {
        let mut left = vec![1.0; self.resources];
        for (group, chosen) in choice.iter().enumerate() {
            let shares = self.shares(group, active[group][*chosen]);
            left.iter_mut().zip(shares).for_each(|(left, share)| *left -= share);
        }
        direction.iter_mut().zip(&left).for_each(|(before, now)| *before = 0.7 * now + 0.3 * *before);
        let length: f64 = direction.iter().map(|part| part * part).sum();
        if length > 0.0 {
            let moved = prices.iter_mut().zip(direction.iter());
            moved.for_each(|(price, part)| *price = (*price - distance / length * part).max(0.0));
        }
    }

    fn judged(&self, active: &Active, bound: f64, prices: Vec<f64>, weights: Vec<Vec<f64>>) -> Prices {
        let gaps = active.iter().enumerate().map(|(group, items)| {
            let nets: Vec<f64> = items.iter().map(|item| self.net(group, *item, &prices)).collect();
            let best = nets.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            nets.into_iter().map(|net| best - net).collect()
        });
        let gaps = gaps.collect();
        Prices { prices, bound, gaps, weights }
    }
}
