// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Expected harm of many projects, with ranges, and how often each is among the first.
//!
//! The mean is exact: dependence, rates and days are taken as independent, so it is the product of their means, cause by cause, and
//! the causes add up to it. Ranges and places come from draws, the same ones for the same seed.

use super::rates::Rate;
use crate::planning::loss::{ByCause, CAUSES, Exposed};
use crate::planning::numbers::Numbers;
use crate::planning::priors::{Prior, range};

/// What is believed of one project.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Believed {
    /// Weighted systems that depend on it.
    pub exposure: Prior,
    /// Incidents a year by cause.
    pub incidents: ByCause<Rate>,
    /// Days one lasts, by cause.
    pub days: ByCause<Prior>,
}

/// What follows for one project. Harm is in points of dependence times days, a year.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Expected {
    /// Expected harm.
    pub mean: f64,
    /// One draw in ten is below.
    pub low: f64,
    /// One in ten is above.
    pub high: f64,
    /// The share of the draws in which it is among the first.
    pub first_share: f64,
    /// What the mean is made of, by cause; the sum of them.
    pub parts: ByCause<f64>,
}

impl Believed {
    fn mean(&self) -> Exposed {
        Exposed {
            exposure: self.exposure.mean,
            incidents: self.incidents.map(|rate| rate.mean()),
            days: self.days.map(|days| days.mean),
        }
    }

    fn draw(&self, numbers: &mut Numbers) -> f64 {
        let exposure = self.exposure.amount(numbers);
        let causes = (0..CAUSES).map(|cause| self.incidents[cause].draw(numbers) * self.days[cause].amount(numbers));
        exposure * causes.sum::<f64>()
    }
}

/// Expected harm of each project, in their order; `first` places count as first. What draws as much as the last of them counts too.
pub fn expected(projects: &[Believed], first: usize, draws: usize, seed: u64) -> Vec<Expected> {
    let drawn: Vec<Vec<f64>> = projects
        .iter()
        .enumerate()
        .map(|(place, project)| {
            // A stream for each project: others beside it change nothing of its range.
            let mut numbers = Numbers::new(seed.wrapping_add(place as u64));
            numbers = Numbers::new(numbers.bits());
            (0..draws).map(|_| project.draw(&mut numbers)).collect()
        })
        .collect();
    let mut among_first = vec![0_usize; projects.len()];
    for draw in 0..draws {
        let mut values: Vec<f64> = drawn.iter().map(|own| own[draw]).collect();
        values.sort_by(|a, b| b.total_cmp(a));
        let Some(last) = first.checked_sub(1).and_then(|last| values.get(last).or(values.last())) else { continue };
        for (count, own) in among_first.iter_mut().zip(&drawn) {
            *count += usize::from(own[draw] >= *last);
        }
    }
    let of = |((project, own), count): ((&Believed, &Vec<f64>), usize)| {
        let parts = project.mean().losses();
        let mean = parts.iter().sum();
        let (low, high) = range(own).unwrap_or((mean, mean));
        let share = if draws == 0 { 0.0 } else { count as f64 / draws as f64 };
        Expected { mean, low: low.min(mean), high: high.max(mean), first_share: share, parts }
    };
    projects.iter().zip(&drawn).zip(among_first).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::super::gamma::{at_most, quantile};
    use super::super::rates::{Known, rates};
    use super::*;

    const DRAWS: usize = 20_000;

    fn sure(exposure: f64, events: f64, years: f64, days: f64) -> Believed {
        let none = Rate::Told(Prior::NOTHING);
        Believed {
            exposure: Prior::sure(exposure),
            incidents: [Rate::Gamma { events, years }, none, none],
            days: [Prior::sure(days), Prior::NOTHING, Prior::NOTHING],
        }
    }

    #[test]
    fn one_cause_gives_the_range_of_its_rate() {
        let [found] = expected(&[sure(10.0, 2.0, 4.0, 6.0)], 1, DRAWS, 5)[..] else { panic!("one") };
        assert_eq!((found.mean, found.parts, found.first_share), (30.0, [30.0, 0.0, 0.0], 1.0));
        for (end, share) in [(found.low, 0.1), (found.high, 0.9)] {
            let exact = 10.0 * 6.0 * quantile(2.0, share) / 4.0;
            assert!((end - exact).abs() < 0.04 * exact, "{end} is not {exact}");
        }
    }

    #[test]
    fn who_is_first_is_as_likely_as_an_integral_says() {
        let (one, other) = (sure(4.0, 3.0, 1.0, 1.0), sure(9.0, 0.75, 1.0, 1.0));
        // P(4·G3 > 9·G0.75), summed up over narrow strips of the first.
        let strips = 40_000;
        let chance: f64 = (0..strips)
            .map(|strip| {
                let [low, high] = [strip, strip + 1].map(|at| 30.0 * f64::from(at) / f64::from(strips));
                (at_most(3.0, high) - at_most(3.0, low)) * at_most(0.75, f64::midpoint(low, high) * 4.0 / 9.0)
            })
            .sum();
        let found = expected(&[one, other], 1, DRAWS, 9);
        assert!((found[0].first_share - chance).abs() < 0.015, "{} is not {chance}", found[0].first_share);
        assert!((found[0].first_share + found[1].first_share - 1.0).abs() < 1e-12);
    }

    /// The formula again, draw by draw with loops alone, over the same streams.
    fn naive(projects: &[Believed], first: usize, draws: usize, seed: u64) -> Vec<(f64, f64, f64, f64)> {
        let mut all: Vec<Vec<f64>> = Vec::new();
        for (place, project) in projects.iter().enumerate() {
            let first_bits = Numbers::new(seed + place as u64).bits();
            let mut numbers = Numbers::new(first_bits);
            let mut own = Vec::new();
            for _ in 0..draws {
                let exposure = project.exposure.amount(&mut numbers);
                let mut sum = 0.0;
                for cause in 0..CAUSES {
                    let incidents = project.incidents[cause].draw(&mut numbers);
                    sum += incidents * project.days[cause].amount(&mut numbers);
                }
                own.push(exposure * sum);
            }
            all.push(own);
        }
        let mut found = Vec::new();
        for (own, project) in all.iter().zip(projects) {
            let better = |draw: usize| all.iter().filter(|other| other[draw] > own[draw]).count();
            let among = (0..draws).filter(|draw| better(*draw) < first).count() as f64 / draws as f64;
            let mut sorted = own.clone();
            sorted.sort_by(f64::total_cmp);
            let mut mean = 0.0;
            for cause in 0..CAUSES {
                mean += project.exposure.mean * project.incidents[cause].mean() * project.days[cause].mean;
            }
            let at = |tenth: usize| sorted[((draws - 1) * tenth + 5) / 10];
            found.push((mean, at(1).min(mean), at(9).max(mean), among));
        }
        found
    }

    #[test]
    fn answers_are_those_of_a_naive_reading() {
        let mut numbers = Numbers::new(3);
        let projects: Vec<Believed> = (0..12)
            .map(|_| {
                let likely = numbers.between(1.0, 50.0);
                let published = (numbers.below(2) > 0).then(|| numbers.below(9));
                let rates = rates(&Known { published, ..Known::default() });
                let exposure = Prior { mean: likely, low: likely / 2.0, high: likely * 1.5 };
                Believed { exposure, incidents: rates.incidents, days: rates.days }
            })
            .collect();
        let found = expected(&projects, 4, 500, 77);
        for (found, naive) in found.iter().zip(naive(&projects, 4, 500, 77)) {
            assert!((found.mean - naive.0).abs() < 1e-9 * naive.0);
            assert!((found.parts.iter().sum::<f64>() - found.mean).abs() < 1e-9 * found.mean);
            assert_eq!((found.low, found.high, found.first_share), (naive.1, naive.2, naive.3));
        }
        assert!((found.iter().map(|one| one.first_share).sum::<f64>() - 4.0).abs() < 1e-9, "four places a draw");
        assert_eq!(expected(&projects, 4, 500, 77), found, "the same seed gives the same answer");
        assert_eq!(expected(&[], 4, 500, 77), []);
    }

    #[test]
    fn a_wide_dependence_widens_the_risk() {
        let narrow = sure(10.0, 5.0, 1.0, 1.0);
        let wide = Believed { exposure: Prior { mean: 10.0, low: 4.0, high: 20.0 }, ..narrow };
        let found = expected(&[narrow, wide], 1, DRAWS, 5);
        assert!(found[1].high - found[1].low > 1.2 * (found[0].high - found[0].low), "{found:?}");
    }
}
