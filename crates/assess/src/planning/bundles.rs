// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What can be done together for one component: every combination of its options that may be, without those that another one
//! beats.
//!
//! With `n` options there are at most `2^n` bundles, and fewer where not many may come together. One that costs as much as another and avoids no more is left out (Pareto
//! pruning); an exact planner never needs it. Effects multiply, so a bundle is worth less than the sum of its options.

use super::exact::Choice;
use super::loss::{ByCause, Exposed};

/// One option for a component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BundleOption {
    /// What it costs, in cents.
    pub cost_cents: i64,
    /// The share of each cause that it takes away.
    pub effects: ByCause<f64>,
}

/// Some of the options together.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    /// Bit `n`: whether the n-th option is in it.
    pub members: u32,
    /// What it costs, in cents.
    pub cost_cents: i64,
    /// Incident-system-days a year that it avoids.
    pub gain: f64,
}

impl Bundle {
    /// Numbers of its options.
    pub fn options(&self) -> impl Iterator<Item = usize> + use<> {
        let members = self.members;
        (0..u32::BITS as usize).filter(move |at| members >> at & 1 == 1)
    }

    /// As the planners take it.
    pub fn choice(&self) -> Choice {
        Choice { cost_cents: self.cost_cents, gain: self.gain }
    }
}

/// The bundles worth a look, by rising cost and gain; the empty one is not among them.
///
/// `allowed` names the combinations that may be chosen: bit `n` for the n-th option. What is not named is forbidden (refusals,
/// exclusions, order, capacity, caps); [`combinations`](super::candidates::combinations) are all of them.
pub fn bundles(component: &Exposed, options: &[BundleOption], allowed: impl IntoIterator<Item = u32>) -> Vec<Bundle> {
    pareto(allowed.into_iter().filter_map(|members| evaluate(component, options, members)))
}

/// One bundle, evaluated; `None` when its cost does not fit or is negative.
pub fn evaluate(component: &Exposed, options: &[BundleOption], members: u32) -> Option<Bundle> {
    let losses = component.losses();
    let (mut left, mut cost_cents) = (losses, 0_i64);
    for option in options.iter().enumerate().filter(|(at, _)| members >> at & 1 == 1).map(|(_, option)| option) {
        cost_cents = cost_cents.checked_add(option.cost_cents)?;
        left.iter_mut().zip(option.effects).for_each(|(left, effect)| *left *= 1.0 - effect);
    }
    let gain = losses.iter().sum::<f64>() - left.iter().sum::<f64>();
    (cost_cents >= 0).then_some(Bundle { members, cost_cents, gain })
}

/// Only those that nothing beats: what costs more must avoid more. Of equals the one with fewer options stays.
fn pareto(bundles: impl Iterator<Item = Bundle>) -> Vec<Bundle> {
    let mut sorted: Vec<Bundle> = bundles.filter(|bundle| bundle.gain > 0.0).collect();
    sorted.sort_by(|first, second| {
        let by_cost = first.cost_cents.cmp(&second.cost_cents).then(second.gain.total_cmp(&first.gain));
        by_cost
            .then(first.members.count_ones().cmp(&second.members.count_ones()))
            .then(first.members.cmp(&second.members))
    });
    let mut kept: Vec<Bundle> = Vec::new();
    for bundle in sorted {
        if kept.last().is_none_or(|best| bundle.gain > best.gain) {
            kept.push(bundle);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::candidates::combinations;
    use super::*;

    fn component() -> Exposed {
        Exposed { exposure: 10.0, incidents: [1.0, 1.0, 0.0], days: [10.0, 10.0, 0.0] }
    }

    fn option(cost_cents: i64, bug: f64, takeover: f64) -> BundleOption {
        BundleOption { cost_cents, effects: [bug, takeover, 0.0] }
    }

    #[test]
    fn what_another_beats_is_left_out() {
        let options = [option(10, 0.5, 0.0), option(10, 0.2, 0.0), option(30, 0.0, 0.5)];
        let found = bundles(&component(), &options, combinations(3));
        let shown: Vec<(u32, i64, f64)> =
            found.iter().map(|bundle| (bundle.members, bundle.cost_cents, bundle.gain)).collect();
        assert_eq!(shown, [(0b001, 10, 50.0), (0b011, 20, 60.0), (0b101, 40, 100.0), (0b111, 50, 110.0)]);
        assert_eq!(found[2].options().collect::<Vec<_>>(), [0, 2]);
    }

    #[test]
    fn what_may_not_come_together_does_not() {
        let options = [option(10, 0.5, 0.0), option(30, 0.0, 0.5)];
        let alone = bundles(&component(), &options, [0b01, 0b10]);
        assert_eq!(alone.iter().map(|bundle| bundle.members).collect::<Vec<_>>(), [0b01]);
        assert!(bundles(&component(), &options, []).is_empty());
        assert!(bundles(&component(), &[], combinations(0)).is_empty());
        assert!(bundles(&component(), &[option(10, 0.0, 0.0)], combinations(1)).is_empty());
    }

    proptest! {
        #[test]
        fn for_every_budget_the_best_bundle_is_kept(
            options in prop::collection::vec((1_i64..40, prop::array::uniform3(0.0..1.0f64)), 0..6),
            forbidden in any::<u32>(),
            budget in 0_i64..150,
        ) {
            let options: Vec<BundleOption> =
                options.into_iter().map(|(cost_cents, effects)| BundleOption { cost_cents, effects }).collect();
            let may = |members: u32| forbidden >> (members % 31) & 1 == 0;
            let kept = bundles(&component(), &options, (1..1_u32 << options.len()).filter(|members| may(*members)));
            let best = |all: &mut dyn Iterator<Item = Bundle>| {
                all.filter(|bundle| bundle.cost_cents <= budget).map(|bundle| bundle.gain).fold(0.0, f64::max)
            };
            let every = (1..1_u32 << options.len()).filter(|members| may(*members));
            let every = best(&mut every.filter_map(|members| evaluate(&component(), &options, members)));
            prop_assert_eq!(best(&mut kept.iter().cloned()), every);
            prop_assert!(kept.windows(2).all(|pair| pair[0].cost_cents < pair[1].cost_cents && pair[0].gain < pair[1].gain));
        }
    }
}
