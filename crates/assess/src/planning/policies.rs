// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How others share money out: the baselines that a plan is held against.
//!
//! - *Equal split*: the same for everybody.
//! - *Top by dependence*: the same for each of the `k` that most systems depend on.
//! - *StackAid*: the pot is split evenly over stacks, each evenly over its direct dependencies; each of these passes on up to a
//!   half to its own dependencies, evenly, none of them more than a twentieth (StackAid's published rules).
//! - *ecosyste.ms*: shares by `0.2·repositories + 0.2·packages + 0.2·downloads`, each relative to the largest; at most a tenth
//!   of the pot for one, whole euro, nothing below 50; what is left goes to the best of those without, the minimum each
//!   (ecosyste.ms Funds).
//! - *Random*: a random order, the same for the first `k`.

use underpin_model::limits::bounds;

use super::bundles::Bundle;
use super::numbers::Numbers;

/// What the formulas look at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recipient {
    /// Weighted systems that depend on it, as far as it is known.
    pub dependence: f64,
    /// Repositories that depend on it, anywhere.
    pub repositories: f64,
    /// Packages that depend on it, anywhere.
    pub packages: f64,
    /// Downloads, anywhere.
    pub downloads: f64,
    /// What it depends on itself: numbers of other recipients.
    pub depends_on: Vec<usize>,
}

/// A way to share money out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// The same for everybody.
    EqualSplit,
    /// The same for each of so many that most depend on.
    TopByDependence(usize),
    /// Down the dependency tree.
    StackAid,
    /// By use anywhere.
    EcosystemsFund,
    /// The same for each of so many drawn by lot.
    Random(usize),
}

impl Policy {
    /// What it is called.
    pub fn name(self) -> String {
        match self {
            Self::EqualSplit => "equal split".to_owned(),
            Self::TopByDependence(count) => format!("top {count} by dependence"),
            Self::StackAid => "StackAid formula".to_owned(),
            Self::EcosystemsFund => "ecosyste.ms formula".to_owned(),
            Self::Random(count) => format!("random {count}"),
        }
    }

    /// What each recipient gets, in cents; together never more than the pot. `stacks` are the direct dependencies of each
    /// system.
    pub fn share_out(
        self,
        recipients: &[Recipient],
        stacks: &[Vec<usize>],
        pot_cents: i64,
        numbers: &mut Numbers,
    ) -> Vec<i64> {
        let mut order: Vec<usize> = (0..recipients.len()).collect();
        match self {
            Self::EqualSplit => same_for(&order, recipients.len(), pot_cents),
            Self::TopByDependence(count) => {
                order.sort_by(|first, second| recipients[*second].dependence.total_cmp(&recipients[*first].dependence));
                order.truncate(count);
                same_for(&order, recipients.len(), pot_cents)
            }
            Self::StackAid => stackaid(recipients, stacks, pot_cents),
            Self::EcosystemsFund => ecosystems_fund(recipients, pot_cents),
            Self::Random(count) => {
                for at in (1..order.len()).rev() {
                    order.swap(at, numbers.below(at as u64 + 1) as usize);
                }
                order.truncate(count);
                same_for(&order, recipients.len(), pot_cents)
            }
        }
    }
}

fn same_for(chosen: &[usize], recipients: usize, pot_cents: i64) -> Vec<i64> {
    let mut shares = vec![0; recipients];
    chosen.iter().for_each(|at| shares[*at] = pot_cents / chosen.len() as i64);
    shares
}

fn stackaid(recipients: &[Recipient], stacks: &[Vec<usize>], pot_cents: i64) -> Vec<i64> {
    let mut shares = vec![0; recipients.len()];
    let mut arriving = vec![0; recipients.len()];
    let funded: Vec<&Vec<usize>> = stacks.iter().filter(|direct| !direct.is_empty()).collect();
    for direct in &funded {
        let each = pot_cents / funded.len() as i64 / direct.len() as i64;
        direct.iter().for_each(|at| give(&mut arriving, *at, each));
    }
    // What is passed on halves with each step, so circles end; what is still under way then stays where it is.
    for depth in 0..=bounds::FUNDING_DEPTH {
        let mut passed = vec![0; recipients.len()];
        for (at, recipient) in recipients.iter().enumerate().filter(|(at, _)| arriving[*at] > 0) {
            let (cents, children) = (arriving[at], recipient.depends_on.len() as i64);
            let is_end = children == 0 || depth == bounds::FUNDING_DEPTH;
            let each = if is_end { 0 } else { (cents / 2 / children).min(cents / 20) };
            shares[at] += cents - each * children;
            recipient.depends_on.iter().for_each(|child| give(&mut passed, *child, each));
        }
        arriving = passed;
    }
    shares
}

fn give(arriving: &mut [i64], at: usize, cents: i64) {
    if let Some(arriving) = arriving.get_mut(at) {
        *arriving += cents;
    }
}

fn ecosystems_fund(recipients: &[Recipient], pot_cents: i64) -> Vec<i64> {
    const MINIMUM_CENTS: i64 = 50_00;
    let largest = |of: fn(&Recipient) -> f64| recipients.iter().map(of).fold(0.0, f64::max);
    let parts: [fn(&Recipient) -> f64; 3] = [|one| one.repositories, |one| one.packages, |one| one.downloads];
    let largest = parts.map(largest);
    let score = |one: &Recipient| -> f64 {
        let relative = parts.iter().zip(largest).map(|(part, most)| if most > 0.0 { part(one) / most } else { 0.0 });
        relative.map(|part| 0.2 * part).sum()
    };
    let scores: Vec<f64> = recipients.iter().map(score).collect();
    let total: f64 = scores.iter().sum();
    if total <= 0.0 {
        return vec![0; recipients.len()];
    }
    let share = |score: &f64| {
        let cents = (pot_cents as f64 * score / total).min(pot_cents as f64 / 10.0) as i64 / 100 * 100;
        if cents < MINIMUM_CENTS { 0 } else { cents }
    };
    let mut shares: Vec<i64> = scores.iter().map(share).collect();
    let mut left = pot_cents - shares.iter().sum::<i64>();
    let mut unfunded: Vec<usize> = (0..recipients.len()).filter(|at| shares[*at] == 0 && scores[*at] > 0.0).collect();
    unfunded.sort_by(|first, second| scores[*second].total_cmp(&scores[*first]));
    for at in unfunded {
        if left < MINIMUM_CENTS {
            break;
        }
        shares[at] = MINIMUM_CENTS;
        left -= MINIMUM_CENTS;
    }
    shares
}

/// What an amount avoids at a project, by the most favourable reading: it buys the best bundles, and parts of bundles in
/// proportion (the concave envelope). So no baseline loses merely because its amounts do not match a price.
pub fn generous_gain(bundles: &[Bundle], cents: i64) -> f64 {
    let mut hull: Vec<(f64, f64)> = vec![(0.0, 0.0)];
    for bundle in bundles {
        let point = (bundle.cost_cents as f64, bundle.gain);
        // A point under the line between its neighbours is no part of the envelope.
        while let [.., before, last] = hull[..] {
            if (last.1 - before.1) * (point.0 - before.0) > (point.1 - before.1) * (last.0 - before.0) {
                break;
            }
            hull.pop();
        }
        hull.push(point);
    }
    let cents = cents as f64;
    let after = hull.partition_point(|(cost, _)| *cost <= cents);
    match (hull.get(after.wrapping_sub(1)), hull.get(after)) {
        (Some((low, gain)), Some((high, more))) => gain + (more - gain) * (cents - low) / (high - low),
        (Some((_, gain)), None) => *gain,
        _ => 0.0,
    }
}

/// What an amount avoids at a project, by the strict reading: it buys the best bundle that it pays for whole.
pub fn strict_gain(bundles: &[Bundle], cents: i64) -> f64 {
    bundles.iter().filter(|bundle| bundle.cost_cents <= cents).map(|bundle| bundle.gain).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn used(repositories: f64, packages: f64, downloads: f64) -> Recipient {
        Recipient { repositories, packages, downloads, ..Recipient::default() }
    }

    fn shares(policy: Policy, recipients: &[Recipient], stacks: &[Vec<usize>], pot_cents: i64) -> Vec<i64> {
        policy.share_out(recipients, stacks, pot_cents, &mut Numbers::new(1))
    }

    #[test]
    fn equal_and_top() {
        let with = |dependence| Recipient { dependence, ..Recipient::default() };
        let three = [with(1.0), with(9.0), with(5.0)];
        assert_eq!(shares(Policy::EqualSplit, &three, &[], 100), [33, 33, 33]);
        assert_eq!(shares(Policy::TopByDependence(2), &three, &[], 100), [0, 50, 50]);
        assert_eq!(shares(Policy::TopByDependence(9), &three, &[], 99), [33, 33, 33]);
        let drawn = shares(Policy::Random(1), &three, &[], 100);
        assert_eq!(drawn.iter().sum::<i64>(), 100);
        assert!(shares(Policy::EqualSplit, &[], &[], 100).is_empty());
    }

    #[test]
    fn stackaid_passes_on_a_half_at_most_and_a_twentieth_to_each() {
        let with = |depends_on: &[usize]| Recipient { depends_on: depends_on.to_vec(), ..Recipient::default() };
        // One direct dependency with one child: the child gets a twentieth.
        assert_eq!(shares(Policy::StackAid, &[with(&[1]), with(&[])], &[vec![0]], 10_000), [9_500, 500]);
        // With twenty children a half is passed on, a fortieth to each.
        let mut many: Vec<Recipient> = vec![with(&(1..=20).collect::<Vec<_>>())];
        many.extend((0..20).map(|_| with(&[])));
        let found = shares(Policy::StackAid, &many, &[vec![0], vec![]], 10_000);
        assert_eq!((found[0], found[1], found[20]), (5_000, 250, 250));
        // Circles end, and nothing is lost.
        let circle = shares(Policy::StackAid, &[with(&[1]), with(&[0])], &[vec![0]], 1_000_000);
        assert_eq!(circle.iter().sum::<i64>(), 1_000_000);
        // Two stacks: half of the pot each.
        assert_eq!(shares(Policy::StackAid, &[with(&[]), with(&[])], &[vec![0], vec![0, 1]], 100), [75, 25]);
    }

    #[test]
    fn the_fund_caps_rounds_and_hands_out_what_is_left() {
        // Eleven equal ones: a tenth is more than a share, so each gets its share in whole euro.
        let equal: Vec<Recipient> = (0..11).map(|_| used(5.0, 5.0, 5.0)).collect();
        assert_eq!(shares(Policy::EcosystemsFund, &equal, &[], 100_000), vec![9_000; 11]);
        // One giant: capped at a tenth; the small ones are below the minimum and get it from what is left, the best first.
        let uneven = [used(1.0, 1.0, 1.0), used(100.0, 100.0, 100.0), used(2.0, 2.0, 2.0), used(0.0, 0.0, 0.0)];
        assert_eq!(shares(Policy::EcosystemsFund, &uneven, &[], 100_000), [5_000, 10_000, 5_000, 0]);
        // A pot so small that the cap is below the minimum: the two best get the minimum, then nothing is left.
        assert_eq!(shares(Policy::EcosystemsFund, &uneven, &[], 11_000), [0, 5_000, 5_000, 0]);
        assert_eq!(shares(Policy::EcosystemsFund, &[used(0.0, 0.0, 0.0)], &[], 11_000), [0]);
    }

    #[test]
    fn a_part_of_a_bundle_is_worth_its_part() {
        let bundle = |cost_cents, gain| Bundle { members: 1, cost_cents, gain };
        let bundles = [bundle(10, 10.0), bundle(20, 11.0), bundle(30, 25.0)];
        for (cents, gain) in [(0, 0.0), (5, 5.0), (10, 10.0), (20, 17.5), (30, 25.0), (90, 25.0)] {
            assert_eq!(generous_gain(&bundles, cents), gain, "{cents}");
        }
        for (cents, gain) in [(0, 0.0), (9, 0.0), (10, 10.0), (20, 11.0), (29, 11.0), (90, 25.0)] {
            assert_eq!(strict_gain(&bundles, cents), gain, "{cents}");
        }
        assert_eq!(generous_gain(&[], 10), 0.0);
    }

    proptest! {
        #[test]
        fn nobody_gets_more_than_there_is(
            rows in prop::collection::vec(
                (0.0..9.0f64, 0.0..9.0f64, 0.0..9.0f64, prop::collection::vec(0_usize..12, 0..5)), 1..12),
            stacks in prop::collection::vec(prop::collection::vec(0_usize..12, 0..4), 0..5),
            pot in 0_i64..10_000_000,
        ) {
            let recipients: Vec<Recipient> = rows
                .into_iter()
                .map(|(repositories, packages, downloads, depends_on)| Recipient {
                    dependence: downloads, depends_on, ..used(repositories, packages, downloads)
                })
                .collect();
            let policies = [Policy::EqualSplit, Policy::TopByDependence(3), Policy::StackAid, Policy::EcosystemsFund,
                Policy::Random(4)];
            for policy in policies {
                let shares = shares(policy, &recipients, &stacks, pot);
                prop_assert_eq!(shares.len(), recipients.len());
                prop_assert!(shares.iter().all(|share| *share >= 0));
                prop_assert!(shares.iter().sum::<i64>() <= pot, "{}", policy.name());
            }
        }

        #[test]
        fn the_envelope_is_above_every_bundle_and_concave(
            points in prop::collection::btree_map(1_i64..100, 0.1..50.0f64, 1..9), at in 0_i64..110,
        ) {
            let (mut best, mut bundles) = (0.0, Vec::new());
            for (cost_cents, gain) in points {
                if gain > best {
                    best = gain;
                    bundles.push(Bundle { members: 1, cost_cents, gain });
                }
            }
            for bundle in &bundles {
                prop_assert!(generous_gain(&bundles, bundle.cost_cents) >= bundle.gain - 1e-9);
            }
            let gain = |cents| generous_gain(&bundles, cents);
            prop_assert!(gain(at + 1) * 2.0 + 1e-9 >= gain(at) + gain(at + 2));
        }
    }
}
