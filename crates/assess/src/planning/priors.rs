// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is believed before anything is measured: a mean and the range that holds the truth in 80 of 100 cases.
//!
//! Shares (how much of a harm an instrument takes away) are drawn from a Beta distribution, positive amounts (incidents a
//! year, days) from a lognormal one. Both are matched to the mean; their width comes from the range, read as 2 × 1.2816
//! standard deviations. That is wide on purpose: what is known about the effect of support is little.

use serde::Serialize;

use super::numbers::Numbers;

/// Standard deviations between the ends of an 80 % range of a normal distribution.
const DEVIATIONS: f64 = 2.563_103;

/// A belief.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Prior {
    /// Expected value.
    pub mean: f64,
    /// One in ten is below.
    pub low: f64,
    /// One in ten is above.
    pub high: f64,
}

impl Prior {
    /// A value that is known for sure.
    pub const fn sure(value: f64) -> Self {
        Self { mean: value, low: value, high: value }
    }

    /// Nothing at all.
    pub const NOTHING: Self = Self::sure(0.0);

    /// A draw of a share, from the Beta distribution of that mean and width.
    pub fn share(&self, numbers: &mut Numbers) -> f64 {
        let mean = self.mean.clamp(0.0, 1.0);
        let deviation = (self.high - self.low) / DEVIATIONS;
        let spread = mean * (1.0 - mean);
        if deviation <= 0.0 || spread <= 0.0 {
            return mean;
        }
        // Beta(m·n, (1−m)·n) has the variance m(1−m)/(n+1). Less than one observation's worth would be bimodal.
        let observations = (spread / (deviation * deviation) - 1.0).max(1.0);
        let (hit, miss) = (numbers.gamma(mean * observations), numbers.gamma((1.0 - mean) * observations));
        if hit + miss > 0.0 { hit / (hit + miss) } else { mean }
    }

    /// A draw of a positive amount, from the lognormal distribution of that mean and range.
    pub fn amount(&self, numbers: &mut Numbers) -> f64 {
        if self.mean <= 0.0 || self.high <= self.low || self.low <= 0.0 {
            return self.mean.max(0.0);
        }
        let deviation = (self.high / self.low).ln() / DEVIATIONS;
        self.mean * (deviation * numbers.normal() - deviation * deviation / 2.0).exp()
    }
}

/// The range that holds 80 of 100 of the values; `None` without values.
pub fn range(values: &[f64]) -> Option<(f64, f64)> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let at = |tenths: usize| sorted[(last * tenths + 5) / 10];
    Some((at(1), at(9)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_have_the_mean_and_the_range_of_the_belief() {
        let mut numbers = Numbers::new(3);
        for prior in [
            Prior { mean: 0.25, low: 0.1, high: 0.45 },
            Prior { mean: 0.5, low: 0.3, high: 0.7 },
            Prior { mean: 0.05, low: 0.01, high: 0.1 },
        ] {
            let draws: Vec<f64> = (0..20_000).map(|_| prior.share(&mut numbers)).collect();
            assert!(draws.iter().all(|share| (0.0..=1.0).contains(share)));
            let mean = draws.iter().sum::<f64>() / draws.len() as f64;
            assert!((mean - prior.mean).abs() < 0.01, "{mean} for {prior:?}");
            let inside = draws.iter().filter(|share| (prior.low..=prior.high).contains(*share)).count();
            assert!((14_500..=17_500).contains(&inside), "{inside} of 20000 inside {prior:?}");
        }
        let rate = Prior { mean: 2.0, low: 0.8, high: 3.6 };
        let draws: Vec<f64> = (0..20_000).map(|_| rate.amount(&mut numbers)).collect();
        assert!(draws.iter().all(|amount| *amount > 0.0));
        assert!((draws.iter().sum::<f64>() / 20_000.0 - 2.0).abs() < 0.05);
    }

    #[test]
    fn what_is_sure_does_not_vary() {
        let mut numbers = Numbers::new(3);
        assert_eq!(Prior::sure(0.4).share(&mut numbers), 0.4);
        assert_eq!(Prior::sure(7.0).amount(&mut numbers), 7.0);
        assert_eq!(Prior::NOTHING.amount(&mut numbers), 0.0);
        assert_eq!(Prior::sure(1.0).share(&mut numbers), 1.0);
    }

    #[test]
    fn ranges_leave_a_tenth_on_each_side() {
        let values: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        assert_eq!(range(&values), Some((10.0, 90.0)));
        assert_eq!(range(&[4.0]), Some((4.0, 4.0)));
        assert_eq!(range(&[]), None);
    }
}
