// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The gamma distribution: what is believed of a rate after so many events in so many years.

/// Halvings of the interval in which a quantile is looked for.
const HALVINGS: usize = 80;
/// Terms of a sum, after which it has settled or never will.
const TERMS: usize = 20_000;
/// Coefficients of Lanczos' approximation, for g = 7.
const LANCZOS: [f64; 9] = [
    0.999_999_999_999_809_9,
    676.520_368_121_885_1,
    -1_259.139_216_722_402_8,
    771.323_428_777_653_1,
    -176.615_029_162_140_6,
    12.507_343_278_686_905,
    -0.138_571_095_265_720_12,
    9.984_369_578_019_572e-6,
    1.505_632_735_149_311_6e-7,
];

/// The natural logarithm of the gamma function, for numbers above 0 (Lanczos 1964).
pub fn log_gamma(value: f64) -> f64 {
    if value < 0.5 {
        // Reflection: Γ(x)·Γ(1−x) = π / sin(πx).
        return (std::f64::consts::PI / (std::f64::consts::PI * value).sin()).ln() - log_gamma(1.0 - value);
    }
    let value = value - 1.0;
    let sum: f64 = LANCZOS[1..].iter().zip(1..).map(|(part, place)| part / (value + f64::from(place))).sum();
    let base = value + 7.5;
    0.5 * std::f64::consts::TAU.ln() + (value + 0.5) * base.ln() - base + (LANCZOS[0] + sum).ln()
}

/// How likely a draw with that shape and scale 1 is at most `value`: the regularised incomplete gamma function (DLMF 8.11.4).
pub fn at_most(shape: f64, value: f64) -> f64 {
    if value <= 0.0 {
        return 0.0;
    }
    // The series converges everywhere; far in the tail nothing is left to sum up.
    if value > shape + 40.0 * (1.0 + shape.sqrt()) {
        return 1.0;
    }
    let mut term = 1.0 / shape;
    let mut sum = term;
    for place in 1..TERMS {
        term *= value / (shape + place as f64);
        sum += term;
        if term < sum * 1e-15 {
            break;
        }
    }
    (sum * (shape * value.ln() - value - log_gamma(shape)).exp()).min(1.0)
}

/// The value that a share of all draws with that shape and scale 1 is below; `share` lies between 0 and 1.
pub fn quantile(shape: f64, share: f64) -> f64 {
    let (mut low, mut high) = (0.0, shape + 40.0 * (1.0 + shape.sqrt()));
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if at_most(shape, middle) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::numbers::Numbers;

    #[test]
    fn values_are_those_of_the_tables() {
        // Γ(5) = 24, Γ(1/2) = √π.
        assert!((log_gamma(5.0) - 24.0_f64.ln()).abs() < 1e-12);
        assert!((log_gamma(0.5) - std::f64::consts::PI.sqrt().ln()).abs() < 1e-12);
        assert!((log_gamma(0.1) - 9.513_507_698_668_732_f64.ln()).abs() < 1e-12);
        // The exponential distribution, and the table of chi-squared: twice a gamma of half its degrees.
        assert!((at_most(1.0, 2.0) - (1.0 - (-2.0_f64).exp())).abs() < 1e-13);
        for (degrees, share, expected) in
            [(1.0, 0.9, 2.705_543), (2.0, 0.1, 0.210_721), (10.0, 0.9, 15.987_179), (100.0, 0.1, 82.358_136)]
        {
            assert!((2.0 * quantile(degrees / 2.0, share) - expected).abs() < 1e-5, "{degrees} {share}");
        }
    }

    #[test]
    fn draws_lie_where_the_quantiles_say() {
        let mut numbers = Numbers::new(11);
        for shape in [0.75, 2.0, 9.0] {
            let below = quantile(shape, 0.3);
            let found = (0..40_000).filter(|_| numbers.gamma(shape) <= below).count();
            assert!((11_600..12_400).contains(&found), "{found} of 40000 for {shape}");
        }
    }
}
