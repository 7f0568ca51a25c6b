// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The continuity reserve: what must be set aside so that no support of several years ends in a cliff.
//!
//! A support pays a monthly rate until its end. When nobody decides to go on, it shall not stop from one month to the next: it *runs
//! out* over some months, each paying one equal step less than the one before. And if the budget of later years is not voted yet, the
//! promised months themselves are not secure. So the reserve of a support at a moment is
//!
//! - the promised months that no voted budget covers, and
//! - the months of running out: of rate `m` over `n` months the sum of `m·(n−k)/n` for `k = 1 … n−1`, each rounded up to a cent.
//!
//! With the reserve, nobody who is supported loses more than an `n`-th of the rate (and a cent) from one month to the next; with one
//! cent less somebody may. A support that was shorter than a year and a day needs none: it was never meant to be lived on.

use underpin_model::Timestamp;

/// Months after which a support is one of several years.
pub const SEVERAL_YEARS_MONTHS: u32 = 12;

/// A support with a monthly rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Support {
    /// Canonical address of the project's repository.
    pub project: String,
    /// The first month begins here.
    pub from: Timestamp,
    /// Months that are promised.
    pub months: u32,
    /// What each pays, in cents.
    pub monthly_cents: i64,
    /// Months, from the first, that voted budgets cover.
    pub voted_months: u32,
    /// Whether somebody decided that it goes on after its end, and voted for that: then it does not run out.
    pub goes_on: bool,
}

/// The reserve of a support, or of several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reserve {
    /// For promised months that no voted budget covers.
    pub promised_cents: i64,
    /// For running out.
    pub run_out_cents: i64,
}

impl Reserve {
    /// Both together.
    pub fn total_cents(self) -> i64 {
        self.promised_cents.saturating_add(self.run_out_cents)
    }
}

/// What each month of running out pays, in cents.
pub fn run_out(monthly_cents: i64, months: u32) -> Vec<i64> {
    let rate = i128::from(monthly_cents.max(0));
    let steps = i128::from(months);
    let step = |left: i128| i64::try_from((rate * left + steps - 1) / steps).unwrap_or(i64::MAX);
    (1..i128::from(months)).map(|month| step(steps - month)).collect()
}

/// The reserve of a support at a moment, where running out takes so many months.
pub fn reserve(support: &Support, run_out_months: u32, now: Timestamp) -> Reserve {
    if support.months <= SEVERAL_YEARS_MONTHS {
        return Reserve::default();
    }
    let begins = |month: u32| support.from.months_later(i32::try_from(month).unwrap_or(i32::MAX));
    // Months that have begun are paid, or lost to everybody.
    let unvoted = (support.voted_months..support.months).filter(|month| begins(*month) > now).count() as i64;
    let promised_cents = unvoted.saturating_mul(support.monthly_cents.max(0));
    // The months of running out follow the promised ones; those that have begun need no reserve any more.
    let months = run_out(support.monthly_cents, run_out_months).into_iter().zip(support.months..);
    let coming = months.filter(|(_, month)| !support.goes_on && begins(*month) > now);
    let run_out_cents = coming.fold(0_i64, |sum, (cents, _)| sum.saturating_add(cents));
    Reserve { promised_cents, run_out_cents }
}

/// The reserve of all supports together.
pub fn reserve_of_all(supports: &[Support], run_out_months: u32, now: Timestamp) -> Reserve {
    let reserves = supports.iter().map(|support| reserve(support, run_out_months, now));
    reserves.fold(Reserve::default(), |sum, one| Reserve {
        promised_cents: sum.promised_cents.saturating_add(one.promised_cents),
        run_out_cents: sum.run_out_cents.saturating_add(one.run_out_cents),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn support(months: u32, voted_months: u32, monthly_cents: i64) -> Support {
        let from = "2026-01-01".parse().expect("a date");
        Support { project: "github.com/a/b".to_owned(), from, months, monthly_cents, voted_months, goes_on: false }
    }

    fn day(text: &str) -> Timestamp {
        text.parse().expect("a date")
    }

    #[test]
    fn running_out_goes_down_in_equal_steps() {
        assert_eq!(run_out(600_000, 6), [500_000, 400_000, 300_000, 200_000, 100_000]);
        assert_eq!(run_out(100, 3), [67, 34]);
        assert!(run_out(100, 1).is_empty());
        assert!(run_out(100, 0).is_empty());
        assert_eq!(run_out(-5, 3), [0, 0]);
    }

    #[test]
    fn what_must_be_set_aside() {
        let both = |promised_cents: i64, run_out_cents: i64| Reserve { promised_cents, run_out_cents };
        for (support, now, expected) in [
            (support(12, 12, 600_000), "2026-06-15", both(0, 0)),
            (support(36, 36, 600_000), "2026-06-15", both(0, 1_500_000)),
            (support(36, 12, 600_000), "2026-06-15", both(24 * 600_000, 1_500_000)),
            // In June 2027 the months from July 2027 on are still to come: 18 of the promised ones.
            (support(36, 12, 600_000), "2027-06-15", both(18 * 600_000, 1_500_000)),
            // The promised time ended with 2028: two months of running out have begun by 15 February 2029.
            (support(36, 36, 600_000), "2029-02-15", both(0, 600_000)),
            (support(36, 36, 600_000), "2030-01-01", both(0, 0)),
            (Support { goes_on: true, ..support(36, 36, 600_000) }, "2026-06-15", both(0, 0)),
        ] {
            assert_eq!(reserve(&support, 6, day(now)), expected, "{support:?} {now}");
        }
        let all = [support(36, 36, 600_000), support(24, 12, 100_000)];
        assert_eq!(reserve_of_all(&all, 6, day("2026-06-15")), both(1_200_000, 1_750_002));
    }

    /// Pays month by month out of voted budgets and then out of what was set aside; says whether somebody fell off a cliff.
    fn falls(support: &Support, run_out_months: u32, mut set_aside_cents: i64) -> bool {
        let step = support.monthly_cents / i64::from(run_out_months) + 1;
        let (mut before, mut planned) = (support.monthly_cents, support.monthly_cents);
        for month in 0..support.months + run_out_months {
            if month >= support.months {
                planned = (support.monthly_cents * i64::from(run_out_months - 1 - (month - support.months))
                    + i64::from(run_out_months)
                    - 1)
                    / i64::from(run_out_months);
            }
            let is_voted = month < support.voted_months;
            let paid = if is_voted { planned } else { planned.min(set_aside_cents) };
            set_aside_cents -= if is_voted { 0 } else { paid };
            if before - paid > step || paid < planned {
                return true;
            }
            before = paid;
        }
        false
    }

    proptest! {
        /// With the reserve nobody falls, with one cent less somebody does: it is exactly enough.
        #[test]
        fn the_reserve_is_exactly_enough(months in 13_u32..40, voted in 0_u32..40, monthly in 1_i64..2_000_000, run_out_months in 1_u32..13) {
            let support = support(months, voted.min(months), monthly);
            let before_it_begins = day("2025-12-31");
            let total = reserve(&support, run_out_months, before_it_begins).total_cents();
            prop_assert!(!falls(&support, run_out_months, total));
            prop_assert!(total == 0 || falls(&support, run_out_months, total - 1));
        }
    }
}
