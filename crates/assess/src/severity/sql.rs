// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The priority as SQL text, made from the same tables as the function, in plain `CASE` that SQLite, PostgreSQL and DataFusion
//! understand. A test of the office (`watch_sql`) has DataFusion evaluate these texts for every combination of inputs
//! ([`super::priority::PlaceFacts`]: 5 × 4 × 3 × 6; ranks: 6 × 4 tiers), and compares with [`super::Standing::of`] and
//! [`super::priority::level_and_score`].

use std::fmt::Write as _;

use super::priority::PriorityLevel;
use super::tables::{self, TIER};

/// Words of `Exposure` in the order of [`tables::STANDING`].
const EXPOSURES: [&str; 5] = ["isolated", "internal", "unknown", "partners", "internet"];
/// Words of `ProtectionNeed` in the order of [`tables::STANDING`].
const NEEDS: [&str; 4] = ["normal", "unknown", "high", "very-high"];
/// Words of `Scope` in the order of [`tables::SCOPE`].
const SCOPES: [&str; 6] = ["unknown", "runtime", "development", "test", "build", "optional"];

/// Level (`watch`, `planned`, `soon`, `act-now`) from expressions for the two ranks.
pub fn level(urgency_rank: &str, standing_rank: &str) -> String {
    levels(urgency_rank, standing_rank, |level| format!("'{}'", level.as_str()))
}

/// Score from expressions for the two ranks.
pub fn score(urgency_rank: &str, standing_rank: &str) -> String {
    let level = levels(urgency_rank, standing_rank, |level| (level as u16 * TIER).to_string());
    format!("({level} + {urgency_rank} % {TIER} + {standing_rank} % {TIER})")
}

fn levels(urgency_rank: &str, standing_rank: &str, value: impl Fn(PriorityLevel) -> String) -> String {
    let mut text = format!("CASE {urgency_rank} / {TIER}");
    for (urgency, row) in tables::LEVEL.iter().enumerate() {
        // Writing to a text cannot fail.
        let _ = write!(text, " WHEN {urgency} THEN CASE {standing_rank} / {TIER}");
        for (standing, level) in row.iter().enumerate() {
            let _ = write!(text, " WHEN {standing} THEN {}", value(*level));
        }
        text.push_str(" END");
    }
    text.push_str(" END");
    text
}

/// Rank of a place from expressions: exposure and protection need as words, whether it is direct (true, false or null), scope
/// as word.
pub fn standing_rank(exposure: &str, need: &str, direct: &str, scope: &str) -> String {
    let mut tier = "CASE".to_owned();
    for most in 0..=3_u8 {
        let scopes = SCOPES.iter().zip(&tables::SCOPE).filter(|(_, (_, own))| *own == most).map(|(word, _)| word);
        let scopes: Vec<String> = scopes.map(|word| format!("'{word}'")).collect();
        if !scopes.is_empty() {
            let _ =
                write!(tier, " WHEN {scope} IN ({}) THEN {}", scopes.join(", "), standing_tier(exposure, need, most));
        }
    }
    let _ = write!(tier, " ELSE {} END", standing_tier(exposure, need, 3));
    let points = [
        words(exposure, EXPOSURES.iter().zip(tables::EXPOSURE.map(|(_, points)| points))),
        words(need, NEEDS.iter().zip(tables::NEED.map(|(_, points)| points))),
        format!(
            "CASE WHEN {direct} IS NULL THEN {} WHEN {direct} THEN {} ELSE {} END",
            tables::DIRECT[1].1,
            tables::DIRECT[2].1,
            tables::DIRECT[0].1
        ),
        words(scope, SCOPES.iter().zip(tables::SCOPE.map(|((_, points), _)| points))),
    ];
    format!("({tier} * {TIER} + {})", points.join(" + "))
}

/// Tier by exposure and need, at most `most`. A word nobody knows counts as `unknown`.
fn standing_tier(exposure: &str, need: &str, most: u8) -> String {
    let row = |row: [u8; 4]| words(need, NEEDS.iter().zip(row.map(|tier| tier.min(most))));
    if most == 0 {
        return "0".to_owned();
    }
    let mut text = format!("CASE {exposure}");
    for (word, tiers) in EXPOSURES.iter().zip(tables::STANDING).filter(|(word, _)| **word != "unknown") {
        let _ = write!(text, " WHEN '{word}' THEN {}", row(tiers));
    }
    let _ = write!(text, " ELSE {} END", row(tables::STANDING[2]));
    text
}

/// A `CASE` of words; what is none of them counts as `unknown`.
fn words<'w, T: std::fmt::Display>(value: &str, rows: impl Iterator<Item = (&'w &'w str, T)>) -> String {
    let (mut text, mut otherwise) = (format!("CASE {value}"), "0".to_owned());
    for (word, number) in rows {
        if *word == "unknown" {
            otherwise = number.to_string();
        } else {
            let _ = write!(text, " WHEN '{word}' THEN {number}");
        }
    }
    let _ = write!(text, " ELSE {otherwise} END");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use underpin_model::inventory::Scope;
    use underpin_model::registry::{Exposure, ProtectionNeed};

    #[test]
    fn words_are_those_of_the_model() {
        assert!(Exposure::ALL.iter().all(|word| EXPOSURES.contains(&word.as_str())));
        assert!(ProtectionNeed::ALL.iter().all(|word| NEEDS.contains(&word.as_str())));
        assert_eq!(Scope::ALL.map(Scope::as_str), SCOPES);
    }

    #[test]
    fn text_of_a_level() {
        let text = level("u", "s");
        assert!(text.starts_with("CASE u / 2000 WHEN 0 THEN CASE s / 2000 WHEN 0 THEN 'watch' WHEN 1"), "{text}");
        assert_eq!(text.matches("'act-now'").count(), 8);
        assert_eq!(
            words("x", NEEDS.iter().zip([1, 2, 3, 4])),
            "CASE x WHEN 'normal' THEN 1 WHEN 'high' THEN 3 WHEN 'very-high' THEN 4 ELSE 2 END"
        );
        let rank = standing_rank("e", "n", "d", "s");
        assert_eq!(rank.matches("CASE").count(), rank.matches("END").count());
    }
}
