// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Totals for somebody who may not see their parts: withheld or rounded, by rule.
//!
//! A total is a number over parts (systems) out of the reader's sight, in a place (a ministry). The rule:
//!
//! 1. *Too few to hide among*: a total over fewer than [`bounds::SAFE_TOTAL_PARTS`] parts is withheld, whatever it is.
//! 2. *No part by subtraction*: what is withheld beside a sum must together have that many parts, too; else the smallest total that is
//!    shown is withheld as well. So nobody gets a withheld number by taking the others from the sum.
//! 3. *No part by waiting or comparing*: what is shown is rounded to a multiple of [`bounds::SAFE_TOTAL_STEP`], down or up by a secret
//!    offset that belongs to the question and the place. Of all offsets exactly one lets a single part change what is shown; so of two
//!    totals that differ by one part, one who sees both learns nothing in all cases but one of [`bounds::SAFE_TOTAL_STEP`], and no total
//!    lies further from the truth than that step.
//!
//! Sources: Hundepool et al., *Statistical Disclosure Control* (2012), chapters 4 and 5: threshold rule, secondary suppression, random
//! rounding; Fellegi (1972) on random rounding.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use underpin_model::limits::bounds::{SAFE_TOTAL_PARTS, SAFE_TOTAL_STEP};

/// A total over parts out of sight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// How many parts are out of sight.
    pub parts: u64,
    /// The number over them: at most one for each part.
    pub value: u64,
    /// Secret number of question and place, from [`offset_key`].
    pub key: u64,
}

/// What is shown of a total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SafeTotal {
    /// Nothing is out of sight.
    Nothing,
    /// About so many.
    About(u64),
    /// Not shown: it would tell of single parts.
    Withheld,
}

/// Totals of places that do not overlap, and the sum of all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rollup {
    /// In the order of the places.
    pub places: Vec<SafeTotal>,
    /// Of all.
    pub sum: SafeTotal,
}

/// One total by itself.
pub fn safe_total(hidden: &Hidden) -> SafeTotal {
    match hidden.parts {
        0 => SafeTotal::Nothing,
        parts if parts < SAFE_TOTAL_PARTS => SafeTotal::Withheld,
        _ => SafeTotal::About(rounded(hidden.value, hidden.key)),
    }
}

/// Totals of places that do not overlap, shown beside their sum. `key` belongs to the sum.
pub fn safe_rollup(places: &[Hidden], key: u64) -> Rollup {
    let sum = Hidden {
        parts: places.iter().map(|place| place.parts).sum(),
        value: places.iter().map(|place| place.value).sum(),
        key,
    };
    let sum = safe_total(&sum);
    let mut shown: Vec<SafeTotal> = places.iter().map(safe_total).collect();
    let withheld = |shown: &[SafeTotal]| -> u64 {
        let hidden = shown.iter().zip(places).filter(|(total, _)| **total == SafeTotal::Withheld);
        hidden.map(|(_, place)| place.parts).sum()
    };
    while sum != SafeTotal::Withheld && (1..SAFE_TOTAL_PARTS).contains(&withheld(&shown)) {
        let seen = (0..shown.len()).filter(|at| matches!(shown[*at], SafeTotal::About(_)));
        match seen.min_by_key(|at| places[*at].parts) {
            Some(at) => shown[at] = SafeTotal::Withheld,
            None => break,
        }
    }
    Rollup { places: shown, sum }
}

/// To a multiple of the step, so that each value is rounded down or up by its distance on average over all offsets.
pub(crate) fn rounded(value: u64, key: u64) -> u64 {
    (value + key % SAFE_TOTAL_STEP) / SAFE_TOTAL_STEP * SAFE_TOTAL_STEP
}

/// The secret number of a question about a place: SHA-256 over a secret of the house, the question and the place, cut off. Many
/// roundings of one house can be seen together, so nobody may work the secret out from them.
pub fn offset_key(secret: &[u8], question: &str, place: &str) -> u64 {
    let mut hash = Sha256::new();
    for part in [secret, question.as_bytes(), place.as_bytes()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn few_parts_are_withheld_whatever_the_number() {
        for (parts, value, key, expected) in [
            (0, 0, 3, SafeTotal::Nothing),
            (1, 0, 0, SafeTotal::Withheld),
            (1, 1, 9, SafeTotal::Withheld),
            (9, 9, 9, SafeTotal::Withheld),
            (10, 0, 9, SafeTotal::About(0)),
            (10, 1, 9, SafeTotal::About(10)),
            (10, 1, 8, SafeTotal::About(0)),
            (40, 37, 2, SafeTotal::About(30)),
            (40, 37, 3, SafeTotal::About(40)),
        ] {
            assert_eq!(safe_total(&Hidden { parts, value, key }), expected, "{parts} {value} {key}");
        }
    }

    #[test]
    fn one_part_changes_what_is_shown_under_one_offset_of_all() {
        for value in 0..200 {
            let shown = |value: u64, key: u64| rounded(value, key);
            let changes = (0..SAFE_TOTAL_STEP).filter(|key| shown(value, *key) != shown(value + 1, *key)).count();
            assert_eq!(changes, 1, "{value}");
            let sum: u64 = (0..SAFE_TOTAL_STEP).map(|key| shown(value, key)).sum();
            assert_eq!(sum, value * SAFE_TOTAL_STEP, "right on average");
        }
    }

    #[test]
    fn offsets_are_spread_evenly_over_questions_and_places() {
        let mut counts = [0_u32; SAFE_TOTAL_STEP as usize];
        for number in 0..10_000 {
            let (question, place) = (format!("hit I{}", number / 100), format!("ministry-{}", number % 100));
            let key = offset_key(b"a secret", &question, &place);
            counts[usize::try_from(key % SAFE_TOTAL_STEP).expect("small")] += 1;
        }
        // Ten classes of 1,000 each; the square root of 900 is 30, and five times that is by chance never seen.
        assert!(counts.iter().all(|count| count.abs_diff(1_000) < 150), "{counts:?}");
        assert_ne!(offset_key(b"a", "b", "c"), offset_key(b"", "ab", "c"), "parts do not run into each other");
    }

    fn places() -> impl Strategy<Value = Vec<Hidden>> {
        let place = (0_u64..40, 0_u64..=40, any::<u64>());
        let place = place.prop_map(|(parts, value, key)| Hidden { parts, value: value.min(parts), key });
        proptest::collection::vec(place, 0..12)
    }

    proptest! {
        /// Whoever subtracts what is shown from the sum is left with nothing, or with as many parts as are enough to hide among.
        #[test]
        fn what_is_withheld_hides_among_enough(places in places(), key in any::<u64>()) {
            let rollup = safe_rollup(&places, key);
            prop_assert_eq!(rollup.places.len(), places.len());
            let left: u64 = places.iter().zip(&rollup.places).filter(|(_, shown)| **shown == SafeTotal::Withheld).map(|(place, _)| place.parts).sum();
            let is_whole = rollup.sum == SafeTotal::Withheld || left == 0 || left >= SAFE_TOTAL_PARTS;
            prop_assert!(is_whole, "{} parts are left of {:?}", left, rollup);
            for (place, shown) in places.iter().zip(&rollup.places) {
                match shown {
                    SafeTotal::Nothing => prop_assert_eq!(place.parts, 0),
                    SafeTotal::Withheld => prop_assert!(place.parts > 0),
                    SafeTotal::About(number) => {
                        prop_assert!(place.parts >= SAFE_TOTAL_PARTS);
                        prop_assert!(number.abs_diff(place.value) < SAFE_TOTAL_STEP);
                        prop_assert_eq!(number % SAFE_TOTAL_STEP, 0);
                    }
                }
            }
        }

        /// Two pictures that differ by one part of one place: whether a total is shown never depends on the numbers, and what is shown
        /// differs only where the secret offset of that place or of the sum is the one of ten.
        #[test]
        fn one_part_more_or_less_tells_nothing(places in places(), key in any::<u64>(), at in any::<prop::sample::Index>()) {
            prop_assume!(!places.is_empty());
            let at = at.index(places.len());
            prop_assume!(places[at].value < places[at].parts);
            let mut other = places.clone();
            other[at].value += 1;
            let (one, two) = (safe_rollup(&places, key), safe_rollup(&other, key));
            let is_shown = |total: &SafeTotal| matches!(total, SafeTotal::About(_));
            prop_assert!(one.places.iter().map(is_shown).eq(two.places.iter().map(is_shown)));
            prop_assert_eq!(is_shown(&one.sum), is_shown(&two.sum));
            let sum: u64 = places.iter().map(|place| place.value).sum();
            let tips = |value: u64, key: u64| (value + 1 + key % SAFE_TOTAL_STEP).is_multiple_of(SAFE_TOTAL_STEP);
            for (number, (a, b)) in one.places.iter().zip(&two.places).enumerate() {
                prop_assert!(a == b || (number == at && tips(places[at].value, places[at].key)));
            }
            prop_assert!(one.sum == two.sum || tips(sum, key));
        }
    }
}
