// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Draws from distributions over the stream of [`crate::chance`]: the same for the same seed, on every machine.

/// A stream of numbers from a seed.
#[derive(Clone, Debug)]
pub struct Numbers(u64);

impl Numbers {
    /// The stream of that seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        crate::chance::step(&mut self.0)
    }

    /// A whole number below `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(end)) >> 64) as u64
    }

    /// A number above 0 and below 1.
    pub fn unit(&mut self) -> f64 {
        ((self.bits() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// A number between two others.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A draw from the standard normal distribution (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// A draw from the gamma distribution with that shape and scale 1 (Marsaglia and Tsang 2000).
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let lift = self.unit().powf(1.0 / shape);
            return self.gamma(shape + 1.0) * lift;
        }
        let offset = shape - 1.0 / 3.0;
        let spread = 1.0 / (9.0 * offset).sqrt();
        loop {
            let normal = self.normal();
            let cube = (1.0 + spread * normal).powi(3);
            if cube > 0.0 && self.unit().ln() < 0.5 * normal * normal + offset * (1.0 - cube + cube.ln()) {
                return offset * cube;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(draw: impl FnMut() -> f64) -> (f64, f64) {
        let draws: Vec<f64> = std::iter::repeat_with(draw).take(40_000).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        (mean, draws.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / draws.len() as f64)
    }

    #[test]
    fn the_stream_is_that_of_the_paper() {
        // The first outputs of SplitMix64 for seed 1234567, as its reference implementation prints them.
        let mut numbers = Numbers::new(1_234_567);
        assert_eq!([numbers.bits(), numbers.bits()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn distributions_have_their_moments() {
        let mut numbers = Numbers::new(1);
        let near = |(mean, variance): (f64, f64), (wanted_mean, wanted_variance): (f64, f64)| {
            assert!((mean - wanted_mean).abs() < 0.03 * (1.0 + wanted_mean), "{mean} is not {wanted_mean}");
            let difference = (variance - wanted_variance).abs();
            assert!(difference < 0.06 * (1.0 + wanted_variance), "{variance} is not {wanted_variance}");
        };
        near(moments(|| numbers.unit()), (0.5, 1.0 / 12.0));
        near(moments(|| numbers.normal()), (0.0, 1.0));
        near(moments(|| numbers.gamma(0.5)), (0.5, 0.5));
        near(moments(|| numbers.gamma(6.0)), (6.0, 6.0));
        near(moments(|| numbers.below(10) as f64), (4.5, 8.25));
        assert_eq!(numbers.below(0), 0);
    }
}
