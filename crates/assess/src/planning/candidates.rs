// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is believed of a project and of what could be done for it: the input of plans, as means and as draws.

use underpin_model::limits::bounds;

use super::bundles::{Bundle, BundleOption, bundles, evaluate};
use super::loss::{ByCause, Exposed};
use super::numbers::Numbers;
use super::priors::Prior;

/// A project that may be supported.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Weighted systems that depend on it.
    pub exposure: Prior,
    /// Incidents a year by cause.
    pub incidents: ByCause<Prior>,
    /// Days that one lasts, by cause.
    pub days: ByCause<Prior>,
    /// What could be done.
    pub options: Vec<CandidateOption>,
    /// Options that may come together: bit `n` for the n-th option, one number a combination.
    pub allowed: Vec<u32>,
}

/// What could be done for a project.
#[derive(Clone, Debug, PartialEq)]
pub struct CandidateOption {
    /// What it costs, in cents.
    pub cost_cents: i64,
    /// The share of each cause that it takes away.
    pub effects: ByCause<Prior>,
}

/// A candidate with one value for everything.
#[derive(Clone, Debug, PartialEq)]
pub struct Valued {
    /// What is exposed.
    pub exposed: Exposed,
    /// What could be done.
    pub options: Vec<BundleOption>,
}

impl Candidate {
    /// The expected value of everything.
    pub fn mean(&self) -> Valued {
        let mean = |priors: &ByCause<Prior>| priors.map(|prior| prior.mean);
        self.valued(mean(&self.incidents), mean(&self.days), self.exposure.mean, &mut |effect| effect.mean)
    }

    /// One draw of everything.
    pub fn draw(&self, numbers: &mut Numbers) -> Valued {
        let incidents = self.incidents.map(|prior| prior.amount(numbers));
        let days = self.days.map(|prior| prior.amount(numbers));
        let exposure = self.exposure.amount(numbers);
        self.valued(incidents, days, exposure, &mut |effect| effect.share(numbers))
    }

    fn valued(
        &self,
        incidents: ByCause<f64>,
        days: ByCause<f64>,
        exposure: f64,
        share: &mut dyn FnMut(&Prior) -> f64,
    ) -> Valued {
        let options = self.options.iter().map(|option| {
            let effects = std::array::from_fn(|cause| share(&option.effects[cause]));
            BundleOption { cost_cents: option.cost_cents, effects }
        });
        Valued { options: options.collect(), exposed: Exposed { exposure, incidents, days } }
    }

    /// Every bundle that may be chosen, with these values, also those that another one beats: it may keep a rule better.
    pub fn every_bundle(&self, valued: &Valued) -> Vec<Bundle> {
        self.allowed.iter().filter_map(|members| evaluate(&valued.exposed, &valued.options, *members)).collect()
    }

    /// The bundles that are worth a look under one budget, with these values.
    pub fn bundles(&self, valued: &Valued) -> Vec<Bundle> {
        bundles(&valued.exposed, &valued.options, self.allowed.iter().copied())
    }
}

/// Every combination of so many options, as [`Candidate::allowed`] wants it; at most [`bounds::BUNDLE_MEMBERS`] at once.
pub fn combinations(options: usize) -> impl Iterator<Item = u32> {
    let options = options.min(bounds::BUNDLE_OPTIONS);
    (1..1_u32 << options).filter(|members| members.count_ones() as usize <= bounds::BUNDLE_MEMBERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_scatter_around_the_mean() {
        let wide = |mean: f64| Prior { mean, low: mean / 2.0, high: mean * 1.7 };
        let candidate = Candidate {
            exposure: wide(40.0),
            incidents: [wide(0.5), Prior::NOTHING, wide(0.1)],
            days: [wide(20.0), Prior::NOTHING, Prior::sure(90.0)],
            options: vec![CandidateOption { cost_cents: 7, effects: [wide(0.3), Prior::NOTHING, Prior::sure(0.5)] }],
            allowed: combinations(1).collect(),
        };
        let gain = |valued: &Valued| candidate.bundles(valued)[0].gain;
        let expected = 40.0 * (0.5 * 20.0 * 0.3 + 0.1 * 90.0 * 0.5);
        assert!((gain(&candidate.mean()) - expected).abs() < 1e-9);
        let mut numbers = Numbers::new(5);
        let draws: Vec<f64> = (0..20_000).map(|_| gain(&candidate.draw(&mut numbers))).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        assert!((mean - expected).abs() < 0.03 * expected, "{mean} is not {expected}");
        assert!(draws.iter().any(|draw| *draw > 1.5 * expected) && draws.iter().any(|draw| *draw < 0.6 * expected));
    }

    #[test]
    fn combinations_are_all_and_small() {
        assert_eq!(combinations(0).count(), 0);
        assert_eq!(combinations(2).collect::<Vec<_>>(), [0b01, 0b10, 0b11]);
        assert_eq!(combinations(12).count(), 12 + 66 + 220 + 495);
        assert_eq!(combinations(40).count(), combinations(12).count());
    }
}
