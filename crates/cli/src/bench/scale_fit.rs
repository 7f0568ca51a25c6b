// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Simple curves through few sizes, by least squares of what is off in percent: so a small size counts as much as a large one.

/// Off by so much in percent, a curve still fits as well as the best one.
const AS_GOOD_PERCENT: f64 = 10.0;
/// Sizes that a curve needs, so that something is left over to judge it by.
const SIZES: usize = 3;

/// How something grows with the number of uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Not at all.
    Constant,
    /// With the logarithm.
    Logarithmic,
    /// With the number.
    Linear,
    /// With the number times its logarithm.
    Linearithmic,
}

impl Shape {
    const ALL: [Self; 4] = [Self::Constant, Self::Logarithmic, Self::Linear, Self::Linearithmic];

    fn grown(self, uses: f64) -> f64 {
        match self {
            Self::Constant => 0.0,
            Self::Logarithmic => uses.max(2.0).log2(),
            Self::Linear => uses,
            Self::Linearithmic => uses * uses.max(2.0).log2(),
        }
    }
}

/// A curve a + b·f(n).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// Its shape.
    pub shape: Shape,
    /// What is there without any use.
    pub a: f64,
    /// What each use brings.
    pub b: f64,
}

/// The curve that fits best, and those that fit nearly as well.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The best one.
    pub curve: Curve,
    /// What it is off at each size, in percent of what was measured.
    pub residuals_percent: Vec<f64>,
    /// The others that come near enough.
    others: Vec<Curve>,
}

/// What is expected at a size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// By the best curve.
    pub value: f64,
    /// By the lowest one, less what the best is off at most.
    pub low: f64,
    /// By the highest one, and what the best is off at most.
    pub high: f64,
}

impl Curve {
    /// What the curve has at a size.
    pub fn at(&self, uses: u64) -> f64 {
        (self.a + self.b * self.shape.grown(uses as f64)).max(0.0)
    }

    /// By least squares, each point weighted by one over its square. `None` when it cannot be told or would fall with size.
    fn of(shape: Shape, points: &[(u64, f64)]) -> Option<Self> {
        let (mut w, mut wx, mut wy, mut wxx, mut wxy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (uses, value) in points {
            let (x, weight) = (shape.grown(*uses as f64), 1.0 / (value * value));
            w += weight;
            wx += weight * x;
            wy += weight * value;
            wxx += weight * x * x;
            wxy += weight * x * value;
        }
        if shape == Shape::Constant {
            return Some(Self { shape, a: wy / w, b: 0.0 }).filter(|curve| curve.a.is_finite());
        }
        let determinant = w * wxx - wx * wx;
        let b = (w * wxy - wx * wy) / determinant;
        let a = (wy - b * wx) / w;
        // Nothing is less than nothing: then the curve begins there.
        let (a, b) = if a < 0.0 { (0.0, wxy / wxx) } else { (a, b) };
        Some(Self { shape, a, b }).filter(|curve| curve.a.is_finite() && curve.b.is_finite() && curve.b > 0.0)
    }

    fn residuals(&self, points: &[(u64, f64)]) -> Vec<f64> {
        points.iter().map(|(uses, value)| (self.at(*uses) - value) / value * 100.0).collect()
    }
}

/// What is off at most, whichever way.
fn most(residuals: &[f64]) -> f64 {
    residuals.iter().fold(0.0, |most, residual| residual.abs().max(most))
}

impl Fit {
    /// Fits; `None` with fewer than three sizes, or where something took nothing.
    pub fn of(points: &[(u64, f64)]) -> Option<Self> {
        let mut sizes: Vec<u64> = points.iter().map(|(uses, _)| *uses).collect();
        sizes.sort_unstable();
        sizes.dedup();
        if sizes.len() < SIZES || points.iter().any(|(_, value)| *value <= 0.0) {
            return None;
        }
        let squares = |curve: &Curve| curve.residuals(points).iter().map(|one| one * one).sum::<f64>();
        let mut curves: Vec<Curve> = Shape::ALL.into_iter().filter_map(|shape| Curve::of(shape, points)).collect();
        curves.sort_by(|one, other| squares(one).total_cmp(&squares(other)));
        let best = *curves.first()?;
        let residuals_percent = best.residuals(points);
        let enough = (most(&residuals_percent) * 2.0).max(AS_GOOD_PERCENT);
        let others = curves.into_iter().skip(1).filter(|curve| most(&curve.residuals(points)) <= enough).collect();
        Some(Self { curve: best, residuals_percent, others })
    }

    /// What is expected at a size.
    pub fn at(&self, uses: u64) -> Expected {
        let value = self.curve.at(uses);
        let all = || std::iter::once(value).chain(self.others.iter().map(|curve| curve.at(uses)));
        let off = most(&self.residuals_percent) / 100.0;
        Expected {
            value,
            low: all().fold(value, f64::min) * (1.0 - off).max(0.0),
            high: all().fold(value, f64::max) * (1.0 + off),
        }
    }

    /// The most uses for which no curve that fits is beyond a bound; `None` when none ever is.
    pub fn uses_within(&self, bound: f64) -> Option<u64> {
        let (mut fits, mut exceeds) = (0_u64, 1_u64 << 50);
        if self.at(exceeds).high <= bound {
            return None;
        }
        while exceeds - fits > 1 {
            let middle = fits + (exceeds - fits) / 2;
            if self.at(middle).high <= bound { fits = middle } else { exceeds = middle }
        }
        Some(fits)
    }

    /// The curve, as people write it; n is the number of uses.
    pub fn formula(&self) -> String {
        let Curve { shape, a, b } = self.curve;
        match shape {
            Shape::Constant => format!("{a:.3e}"),
            Shape::Logarithmic => format!("{a:.3e} + {b:.3e}·log₂ n"),
            Shape::Linear => format!("{a:.3e} + {b:.3e}·n"),
            Shape::Linearithmic => format!("{a:.3e} + {b:.3e}·n·log₂ n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [u64; 3] = [1_500_000, 15_000_000, 150_000_000];

    fn points(of: impl Fn(f64) -> f64) -> Vec<(u64, f64)> {
        SIZES.iter().map(|uses| (*uses, of(*uses as f64))).collect()
    }

    #[test]
    fn the_shape_that_made_the_points_is_found() {
        for (made, shape) in [
            (points(|_| 7.0), Shape::Constant),
            (points(|n| 3.0 + 2.0 * n.log2()), Shape::Logarithmic),
            (points(|n| 5e7 + 36.0 * n), Shape::Linear),
            (points(|n| 100.0 + 2e-6 * n * n.log2()), Shape::Linearithmic),
        ] {
            let fit = Fit::of(&made).expect("fits");
            assert_eq!(fit.curve.shape, shape, "{fit:?}");
            assert!(most(&fit.residuals_percent) < 0.01, "{fit:?}");
            let expected = fit.at(1_000_000_000);
            assert!(expected.low <= expected.value && expected.value <= expected.high);
        }
    }

    #[test]
    fn what_cannot_be_judged_gets_no_curve() {
        assert_eq!(Fit::of(&[]), None);
        assert_eq!(Fit::of(&points(|n| n)[..2]), None);
        assert_eq!(Fit::of(&[(5, 1.0), (5, 2.0), (5, 3.0)]), None);
        assert_eq!(Fit::of(&[(1, 0.0), (2, 1.0), (3, 2.0)]), None);
        // What falls with size is taken as constant, with all that it is off.
        let fit = Fit::of(&[(10, 4.0), (100, 3.0), (1_000, 2.0)]).expect("fits");
        assert_eq!(fit.curve.shape, Shape::Constant);
        assert!(fit.at(1_000_000).high > 3.0);
    }

    #[test]
    fn what_fits_in_a_bound_is_the_largest_that_does() {
        let fit = Fit::of(&points(|n| 1e9 + 100.0 * n)).expect("fits");
        let uses = fit.uses_within(64e9).expect("a bound");
        assert!(fit.at(uses).high <= 64e9 && fit.at(uses + 1).high > 64e9, "{uses}");
        assert_eq!(Fit::of(&points(|_| 5.0)).expect("fits").uses_within(6.0), None);
        assert_eq!(fit.uses_within(1.0), Some(0));
    }

    #[test]
    fn curves_stay_numbers() {
        let values = [0.001, 0.7, 1.0, 3.5, 99.0, 1e3, 4.2e6, 1e9, 7e12, 1e15];
        for first in values {
            for (second, third) in values.into_iter().flat_map(|one| values.map(|other| (one, other))) {
                let made: Vec<(u64, f64)> = SIZES.into_iter().zip([first, second, third]).collect();
                let fit = Fit::of(&made).expect("fits");
                let expected = fit.at(1_000_000_000);
                assert!(expected.low >= 0.0 && expected.low <= expected.value, "{made:?}: {expected:?}");
                assert!(expected.value <= expected.high && expected.high.is_finite(), "{made:?}: {expected:?}");
                assert_eq!(fit.residuals_percent.len(), 3);
            }
        }
    }
}
