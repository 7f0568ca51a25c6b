// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What everybody may be told of how widely something is used.
//!
//! Three rules together. Whoever knows all systems of the government but one must not learn what that one uses.
//!
//! 1. *Threshold*: what is told of is used by at least [`OPEN_DATA_SYSTEMS`] systems, after rounding.
//! 2. *Dominance*: without the agency that uses it most it would still come to [`SAFE_TOTAL_STEP`] systems, after rounding; so no table
//!    of the government is that of one agency.
//! 3. *Rounding* to multiples of [`SAFE_TOTAL_STEP`] by secret offsets, before both thresholds and for the number that is shown. One
//!    system more or less changes what is told under at most 19 of the 100 pairs of offsets, and nobody knows the offsets.
//!
//! Time is coarse, too: an edition is the state at the beginning of a quarter (or another part of a year), and comes out only after a delay. So nothing told here is
//! a picture of today.
//!
//! Sources: Hundepool et al., *Statistical Disclosure Control* (2012), chapters 4 and 5: threshold and dominance rule, random rounding.

use underpin_model::Timestamp;
use underpin_model::limits::bounds::{OPEN_DATA_EDITIONS, OPEN_DATA_SYSTEMS, SAFE_TOTAL_STEP};

use crate::totals::rounded;

/// What is told: about how many systems, or nothing at all.
///
/// `systems` use it, `most_in_an_agency` of them in the agency that uses it most; `key` is a secret number of the thing.
pub fn shown(systems: u64, most_in_an_agency: u64, key: u64) -> Option<u64> {
    let told = rounded(systems, key);
    let without_most = rounded(systems.saturating_sub(most_in_an_agency), key / SAFE_TOTAL_STEP);
    (told >= OPEN_DATA_SYSTEMS && without_most >= SAFE_TOTAL_STEP).then_some(told)
}

/// Moments of which may be told at a moment, the newest first: the beginnings of every so many months of a year that lie the delay in
/// days behind, and not before `since`.
pub fn editions(now: Timestamp, (every_months, delay_days): (u32, u32), since: Timestamp) -> Vec<Timestamp> {
    let latest = Timestamp(now.0.saturating_sub(i64::from(delay_days).saturating_mul(Timestamp::DAY_US)));
    // Other steps would part years unevenly.
    let months = [1, 2, 3, 4, 6, 12_i32].into_iter().find(|step| step.unsigned_abs() >= every_months).unwrap_or(12);
    let Some(mut at) = beginning(latest, months) else { return Vec::new() };
    let mut found = Vec::new();
    while at >= since && found.len() < OPEN_DATA_EDITIONS {
        found.push(at);
        at = at.months_later(-months);
    }
    found
}

/// The beginning of the part of a year, so many months long, in which a moment lies.
fn beginning(moment: Timestamp, months: i32) -> Option<Timestamp> {
    let date = moment.date();
    let (year, month) = (date.get(..4)?, date.get(5..7)?.parse::<i32>().ok()?);
    format!("{year}-{:02}-01", (month - 1) / months * months + 1).parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn few_systems_or_one_large_agency_are_not_told_of() {
        for (systems, most, key, expected) in [
            (0, 0, 99, None),
            (10, 1, 99, None),
            (11, 1, 99, Some(20)),
            (11, 1, 98, None),
            (20, 1, 0, Some(20)),
            (19, 1, 0, None),
            (20, 10, 0, Some(20)),
            (20, 11, 0, None),
            (20, 11, 10, Some(20)),
            (400, 400, 99, None),
            (400, 399, 99, Some(400)),
            (400, 399, 89, None),
        ] {
            assert_eq!(shown(systems, most, key), expected, "{systems} {most} {key}");
        }
    }

    #[test]
    fn an_edition_is_a_quarter_that_lies_the_delay_behind() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let told = |now: &str, delay: u32, since: &str| -> Vec<String> {
            editions(at(now), (3, delay), at(since)).into_iter().map(Timestamp::date).collect()
        };
        let monthly = editions(at("2026-03-02"), (1, 1), at("2026-01-15")).into_iter().map(Timestamp::date);
        assert_eq!(monthly.collect::<Vec<_>>(), ["2026-03-01", "2026-02-01"]);
        let yearly = editions(at("2026-03-02"), (99, 1), at("2024-06-01")).into_iter().map(Timestamp::date);
        assert_eq!(yearly.collect::<Vec<_>>(), ["2026-01-01", "2025-01-01"]);
        assert_eq!(told("2026-03-02T09:00:00Z", 60, "2025-06-30"), ["2026-01-01", "2025-10-01", "2025-07-01"]);
        assert_eq!(told("2026-03-02T09:00:00Z", 61, "2025-06-30"), ["2025-10-01", "2025-07-01"]);
        assert_eq!(told("2026-04-01", 0, "2026-02-01"), ["2026-04-01"]);
        assert_eq!(told("2026-03-31T23:59:59Z", 0, "2026-02-01"), Vec::<String>::new());
        assert_eq!(told("2026-03-02", 60, "1990-01-01").len(), OPEN_DATA_EDITIONS);
    }

    proptest! {
        /// Who knows all systems but one sees a difference by that one under few of the offsets, wherever its agency stands.
        #[test]
        fn one_system_is_seen_under_few_offsets(others in 0_u64..300, most in 0_u64..300, own in 0_u64..300) {
            let (most, own) = (most.min(others), own.min(others));
            let most = most.max(own);
            // The last system belongs to an agency of which `own` others are known.
            let with = |key| shown(others + 1, most.max(own + 1), key);
            let without = |key| shown(others, most, key);
            let seen = (0..100).filter(|key| with(*key) != without(*key)).count();
            prop_assert!(seen <= 19, "{} of 100", seen);
        }

        /// What is told lies near the truth, and is never of less than a threshold.
        #[test]
        fn what_is_told_is_nearly_true(systems in 0_u64..1_000, most in 0_u64..1_000, key in any::<u64>()) {
            if let Some(told) = shown(systems, most.min(systems), key) {
                prop_assert!(told.abs_diff(systems) < SAFE_TOTAL_STEP && told >= OPEN_DATA_SYSTEMS);
                prop_assert!(systems > OPEN_DATA_SYSTEMS - SAFE_TOTAL_STEP && systems > most.min(systems));
            }
        }
    }
}
