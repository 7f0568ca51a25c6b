// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which projects a helped project is compared with: those nearest to it before the help began.
//!
//! Covariates (users, size, age, activity, all as of `t0`) are standardised over all projects, so that each counts by its own spread.
//! The distance is the Euclidean one. Pairs are taken in the order of their distance, and no project of the pool is used twice: else the
//! sets would not be independent, and the test in [`outcome`](super::outcome) counts on that. A project with an unknown covariate
//! is compared with nobody; it is named, not guessed.
//!
//! Source: Stuart 2010, *Matching methods for causal inference: a review and a look forward* (greedy nearest neighbours, balance by
//! standardised differences).

/// A project with its covariates, in an order that all share.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Canonical address of the repository.
    pub project: String,
    /// Values; `None` where unknown.
    pub covariates: Vec<Option<f64>>,
}

/// A helped project and those it is compared with, by their places in the lists that were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchedSet {
    /// Place among the helped ones.
    pub helped: usize,
    /// Places in the pool, nearest first: as many as were asked for.
    pub compared: Vec<usize>,
}

/// What matching led to.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The sets, in the order of the helped projects.
    pub sets: Vec<MatchedSet>,
    /// Helped projects without a set: an unknown covariate, or nobody near enough was left.
    pub left_out: Vec<usize>,
    /// For each covariate, by how many standard deviations the helped ones lie above those they are compared with on average. Beyond
    /// 0.1 in either direction the two are not alike (Stuart 2010 has 0.25 as the bound of the tolerable). `None` without sets.
    pub imbalance: Vec<Option<f64>>,
}

/// Finds `count` projects of the pool for each helped one, none further away than `caliper` standard deviations. A helped project
/// that does not get all of them gets none.
pub fn compare_with(helped: &[Profile], pool: &[Profile], count: usize, caliper: f64) -> Comparison {
    let width = helped.iter().chain(pool).map(|profile| profile.covariates.len()).max().unwrap_or(0);
    let spreads: Vec<f64> = (0..width).map(|at| spread(helped.iter().chain(pool), at)).collect();
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (one, profile) in helped.iter().enumerate() {
        for (other, candidate) in pool.iter().enumerate().filter(|(_, other)| other.project != profile.project) {
            let distance = distance(profile, candidate, &spreads).filter(|distance| *distance <= caliper);
            pairs.extend(distance.map(|distance| (distance, one, other)));
        }
    }
    // Ties by place, so that the answer does not depend on chance.
    pairs.sort_by(|one, two| one.0.total_cmp(&two.0).then_with(|| (one.1, one.2).cmp(&(two.1, two.2))));
    let mut compared: Vec<Vec<usize>> = vec![Vec::new(); helped.len()];
    let mut is_taken = vec![false; pool.len()];
    for (_, one, other) in pairs {
        if !is_taken[other] && compared[one].len() < count {
            is_taken[other] = true;
            compared[one].push(other);
        }
    }
    let (full, rest): (Vec<_>, Vec<_>) =
        compared.into_iter().enumerate().partition(|(_, compared)| count > 0 && compared.len() == count);
    let sets: Vec<MatchedSet> = full.into_iter().map(|(helped, compared)| MatchedSet { helped, compared }).collect();
    let imbalance = (0..width).map(|at| imbalance(helped, pool, &sets, at, spreads[at])).collect();
    Comparison { sets, left_out: rest.into_iter().map(|(place, _)| place).collect(), imbalance }
}

fn known(profile: &Profile, at: usize) -> Option<f64> {
    profile.covariates.get(at).copied().flatten().filter(|value| value.is_finite())
}

/// Standard deviation of a covariate over all who have it; 1 where all are the same, so that nothing is divided by 0.
fn spread<'a>(profiles: impl Iterator<Item = &'a Profile>, at: usize) -> f64 {
    let values: Vec<f64> = profiles.filter_map(|profile| known(profile, at)).collect();
    let number = values.len() as f64;
    let mean = values.iter().sum::<f64>() / number;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (number - 1.0);
    if variance.is_finite() && variance > 0.0 { variance.sqrt() } else { 1.0 }
}

/// The distance of two projects; `None` where either has an unknown covariate.
fn distance(one: &Profile, other: &Profile, spreads: &[f64]) -> Option<f64> {
    let parts =
        spreads.iter().enumerate().map(|(at, spread)| Some(((known(one, at)? - known(other, at)?) / spread).powi(2)));
    parts.sum::<Option<f64>>().map(f64::sqrt)
}

fn imbalance(helped: &[Profile], pool: &[Profile], sets: &[MatchedSet], at: usize, spread: f64) -> Option<f64> {
    let differences = sets.iter().map(|set| {
        let others: Option<f64> = set.compared.iter().map(|other| known(&pool[*other], at)).sum();
        Some(known(&helped[set.helped], at)? - others? / set.compared.len() as f64)
    });
    let sum: f64 = differences.sum::<Option<f64>>()?;
    (!sets.is_empty()).then(|| sum / sets.len() as f64 / spread)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn profile(project: &str, covariates: &[Option<f64>]) -> Profile {
        Profile { project: project.to_owned(), covariates: covariates.to_vec() }
    }

    fn line(name: &str, values: &[f64]) -> Vec<Profile> {
        values.iter().enumerate().map(|(at, value)| profile(&format!("{name}{at}"), &[Some(*value)])).collect()
    }

    #[test]
    fn the_nearest_are_taken_and_none_twice() {
        let (helped, pool) = (line("h", &[10.0, 11.0]), line("p", &[10.4, 30.0, 12.0, 11.1]));
        let found = compare_with(&helped, &pool, 1, f64::INFINITY);
        let set = |helped: usize, compared: &[usize]| MatchedSet { helped, compared: compared.to_vec() };
        assert_eq!(found.sets, [set(0, &[0]), set(1, &[3])]);
        let found = compare_with(&helped, &pool, 2, f64::INFINITY);
        assert_eq!(found.sets, [set(0, &[0, 1]), set(1, &[3, 2])]);
        // The standard deviation of the six is 7.96: 20 away is out of reach.
        let found = compare_with(&helped, &pool, 2, 1.0);
        assert_eq!((found.sets, found.left_out), (vec![set(1, &[3, 2])], vec![0]));
    }

    #[test]
    fn the_unknown_is_compared_with_nobody() {
        let helped = [profile("a", &[Some(1.0), None]), profile("b", &[Some(1.0), Some(2.0)])];
        let pool =
            [profile("c", &[Some(1.0)]), profile("b", &[Some(1.0), Some(2.0)]), profile("d", &[Some(5.0), Some(5.0)])];
        let found = compare_with(&helped, &pool, 1, f64::INFINITY);
        assert_eq!(found.sets, [MatchedSet { helped: 1, compared: vec![2] }], "not with itself, and not with a gap");
        assert_eq!(found.left_out, [0]);
        assert_eq!(compare_with(&[], &[], 1, 1.0), Comparison { sets: vec![], left_out: vec![], imbalance: vec![] });
    }

    #[test]
    fn units_do_not_matter_and_imbalance_is_in_spreads() {
        let helped = [profile("h", &[Some(1.0), Some(1_000.0)])];
        let pool = [profile("p", &[Some(1.2), Some(9_000.0)]), profile("q", &[Some(2.0), Some(1_100.0)])];
        let scaled = |profiles: &[Profile]| -> Vec<Profile> {
            let scale =
                |one: &Profile| profile(&one.project, &[one.covariates[0].map(|x| 1e6 * x - 3.0), one.covariates[1]]);
            profiles.iter().map(scale).collect()
        };
        let plain = compare_with(&helped, &pool, 1, f64::INFINITY);
        assert_eq!(plain.sets, compare_with(&scaled(&helped), &scaled(&pool), 1, f64::INFINITY).sets);
        let balanced = compare_with(&line("h", &[0.0, 4.0]), &line("p", &[0.0, 4.0]), 1, 9.0);
        assert_eq!(balanced.imbalance, [Some(0.0)]);
        // Deviation of 1, 1, 3, 3 is 1.1547; all helped lie 2 above.
        let apart = compare_with(&line("h", &[3.0, 3.0]), &line("p", &[1.0, 1.0]), 1, 9.0);
        assert!(apart.imbalance[0].is_some_and(|value| (value - 2.0 / 1.154_700_5).abs() < 1e-6), "{apart:?}");
    }

    proptest! {
        /// With one neighbour, no pair outside would be nearer than the pairs of both who could have it: the matching is stable.
        #[test]
        fn no_pair_would_rather_be_together(helped in proptest::collection::vec(-9.0_f64..9.0, 0..8), pool in proptest::collection::vec(-9.0_f64..9.0, 0..12)) {
            let found = compare_with(&line("h", &helped), &line("p", &pool), 1, f64::INFINITY);
            prop_assert_eq!(found.sets.len(), helped.len().min(pool.len()));
            let partner_of_pool = |other: usize| found.sets.iter().find(|set| set.compared == [other]).map(|set| set.helped);
            let partner_of_helped = |one: usize| found.sets.iter().find(|set| set.helped == one).map(|set| set.compared[0]);
            for one in 0..helped.len() {
                for other in 0..pool.len() {
                    let far = |a: Option<f64>| a.unwrap_or(f64::INFINITY);
                    let wished = (helped[one] - pool[other]).abs();
                    let mine = far(partner_of_helped(one).map(|at| (helped[one] - pool[at]).abs()));
                    let theirs = far(partner_of_pool(other).map(|at| (helped[at] - pool[other]).abs()));
                    prop_assert!(wished >= mine.min(theirs) - 1e-9);
                }
            }
        }
    }
}
