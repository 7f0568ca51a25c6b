// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The OpenSSF Criticality Score after the algorithm of Rob Pike: a weighted mean of signals, each on a logarithmic scale.
//!
//! Source: ossf/criticality_score, `config/scorer/original_pike.yml` and the package `scorer/algorithm` (2025-04). For each input that
//! is present: the value is held between its bounds, counted from the lower one (or from the upper one where less is better), and
//! scaled to `ln(1+v) / ln(1+upper−lower)`. Inputs that are missing drop out of both sums, so the score can rise when less is known.

/// An input of the score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoreInput {
    /// Its name there.
    pub name: &'static str,
    /// What it weighs.
    pub weight: f64,
    /// The upper bound; the lower one is 0 for all.
    pub upper: f64,
    /// Whether less is better.
    pub is_smaller_better: bool,
}

/// The inputs with their weights and bounds.
pub const INPUTS: [ScoreInput; 10] = {
    const fn input(name: &'static str, weight: f64, upper: f64) -> ScoreInput {
        ScoreInput { name, weight, upper, is_smaller_better: false }
    }
    [
        input("created_since", 1.0, 120.0),
        ScoreInput { name: "updated_since", weight: 1.0, upper: 120.0, is_smaller_better: true },
        input("contributor_count", 2.0, 5_000.0),
        input("org_count", 1.0, 10.0),
        input("commit_frequency", 1.0, 1_000.0),
        input("recent_release_count", 0.5, 26.0),
        input("updated_issues_count", 0.5, 5_000.0),
        input("closed_issues_count", 0.5, 5_000.0),
        input("issue_comment_frequency", 1.0, 15.0),
        input("github_mention_count", 2.0, 500_000.0),
    ]
};

/// The score of a project.
#[derive(Clone, Debug, PartialEq)]
pub struct CriticalityScore {
    /// From 0 to 1; `None` where no input is known.
    pub score: Option<f64>,
    /// What was known: the input, its value, and what it adds to the score.
    pub parts: Vec<(ScoreInput, f64, f64)>,
    /// Inputs that are not known.
    pub missing: Vec<&'static str>,
}

impl ScoreInput {
    /// The value between 0 and 1.
    pub fn scaled(&self, value: f64) -> f64 {
        let held = value.clamp(0.0, self.upper);
        let counted = if self.is_smaller_better { self.upper - held } else { held };
        counted.ln_1p() / self.upper.ln_1p()
    }
}

/// The score from what is known: a value for each of [`INPUTS`], in their order.
pub fn criticality_score(values: &[Option<f64>; INPUTS.len()]) -> CriticalityScore {
    let known = || INPUTS.iter().zip(values).filter_map(|(input, value)| Some((input, (*value)?)));
    let weights: f64 = known().map(|(input, _)| input.weight).sum();
    let parts: Vec<_> =
        known().map(|(input, value)| (*input, value, input.weight * input.scaled(value) / weights)).collect();
    let missing = INPUTS.iter().zip(values).filter(|(_, value)| value.is_none()).map(|(input, _)| input.name);
    CriticalityScore {
        score: (weights > 0.0).then(|| parts.iter().map(|(_, _, part)| part).sum()),
        missing: missing.collect(),
        parts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The formula of the older program in Python: ln(1+min(x, T)) / ln(1+T), weighted.
    fn naive(values: &[Option<f64>; 10]) -> Option<f64> {
        let weights = [1.0, 1.0, 2.0, 1.0, 1.0, 0.5, 0.5, 0.5, 1.0, 2.0];
        let uppers = [120.0, 120.0, 5_000.0, 10.0, 1_000.0, 26.0, 5_000.0, 5_000.0, 15.0, 500_000.0_f64];
        let (mut sum, mut total) = (0.0, 0.0);
        for place in 0..10 {
            let Some(value) = values[place] else { continue };
            let value = if place == 1 { uppers[1] - value.min(uppers[1]) } else { value.min(uppers[place]) };
            sum += weights[place] * (1.0 + value).ln() / (1.0 + uppers[place]).ln();
            total += weights[place];
        }
        (total > 0.0).then(|| sum / total)
    }

    #[test]
    fn everything_at_its_bound_gives_one_and_nothing_gives_none() {
        let best = std::array::from_fn(|place| Some(if place == 1 { 0.0 } else { 2.0 * INPUTS[place].upper }));
        assert!((criticality_score(&best).score.expect("a score") - 1.0).abs() < 1e-12);
        let worst = std::array::from_fn(|place| Some(if place == 1 { 500.0 } else { 0.0 }));
        assert_eq!(criticality_score(&worst).score, Some(0.0));
        let nothing = criticality_score(&[None; 10]);
        assert_eq!((nothing.score, nothing.missing.len()), (None, 10));
    }

    #[test]
    fn scores_equal_the_formula_and_their_parts_add_up() {
        let mut numbers = crate::planning::numbers::Numbers::new(4);
        for _ in 0..200 {
            let values = std::array::from_fn(|place| {
                (numbers.below(3) > 0).then(|| (numbers.between(0.0, 1.2 * INPUTS[place].upper)).round())
            });
            let found = criticality_score(&values);
            match (found.score, naive(&values)) {
                (Some(score), Some(naive)) => {
                    assert!((score - naive).abs() < 1e-12);
                    assert!((score - found.parts.iter().map(|(_, _, part)| part).sum::<f64>()).abs() < 1e-12);
                }
                (score, naive) => assert_eq!(score, naive),
            }
            assert_eq!(found.parts.len() + found.missing.len(), 10);
        }
    }

    #[test]
    fn less_known_can_score_higher() {
        let mut values = [None; 10];
        values[0] = Some(120.0);
        values[2] = Some(1.0);
        let both = criticality_score(&values).score.expect("a score");
        values[2] = None;
        let one = criticality_score(&values).score.expect("a score");
        assert!(one > 2.0 * both, "{one} against {both}: that is why it decides nothing here");
    }
}
