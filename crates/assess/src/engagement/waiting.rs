// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How long half of the cases take, where some are not over: silence of a project, the way of a patch to the project.
//!
//! The estimator of Kaplan and Meier (1958), *Nonparametric estimation from incomplete observations*: a wait that goes on counts as long as it
//! lasts; it is neither left out, which would flatter, nor taken for its end.

/// A wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// How long it lasts or lasted.
    pub days: i64,
    /// Whether what was waited for has come.
    pub is_over: bool,
}

/// The median of waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MedianWait {
    /// Nobody waited.
    Unknown,
    /// Half of the waits are over within so many days.
    Days(i64),
    /// Fewer than half are over; half of them last at least so many days.
    AtLeast(i64),
}

/// The median of waits.
pub fn median_wait(waits: impl IntoIterator<Item = Wait>) -> MedianWait {
    let mut waits: Vec<Wait> = waits.into_iter().collect();
    // Of equal days, those that are over come first: who waits still was there when they ended.
    waits.sort_by_key(|wait| (wait.days, !wait.is_over));
    let mut lasting = 1.0_f64;
    for (at, wait) in waits.iter().enumerate() {
        let waiting = (waits.len() - at) as f64;
        if wait.is_over {
            lasting *= (waiting - 1.0) / waiting;
        }
        // Products of fractions miss an exact half by the last bit.
        if lasting <= 0.5 + 1e-9 {
            return MedianWait::Days(wait.days);
        }
    }
    waits.last().map_or(MedianWait::Unknown, |wait| MedianWait::AtLeast(wait.days))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn median(waits: &[(i64, bool)]) -> MedianWait {
        median_wait(waits.iter().map(|(days, is_over)| Wait { days: *days, is_over: *is_over }))
    }

    #[test]
    fn what_goes_on_is_at_least_what_it_is() {
        for (waits, expected) in [
            (vec![], MedianWait::Unknown),
            (vec![(5, false)], MedianWait::AtLeast(5)),
            (vec![(5, true)], MedianWait::Days(5)),
            (vec![(1, true), (9, true)], MedianWait::Days(1)),
            (vec![(1, true), (9, true), (30, true)], MedianWait::Days(9)),
            (vec![(1, true), (40, false), (50, false)], MedianWait::AtLeast(50)),
            (vec![(1, true), (2, true), (40, false), (50, false)], MedianWait::Days(2)),
            // Who left on day 3 may have come on day 4 or never: one of the two that are left comes on day 10.
            (vec![(3, false), (10, true), (20, true)], MedianWait::Days(10)),
            (vec![(3, false), (10, true), (20, true), (30, true)], MedianWait::Days(20)),
        ] {
            assert_eq!(median(&waits), expected, "{waits:?}");
        }
    }

    /// The 21 patients with 6-mercaptopurine of Freireich et al. (1963), the example of the textbooks: the median is 23 weeks.
    #[test]
    fn the_example_of_the_textbooks() {
        let over = [6, 6, 6, 7, 10, 13, 16, 22, 23].map(|weeks| (weeks, true));
        let on = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map(|weeks| (weeks, false));
        let waits: Vec<(i64, bool)> = over.into_iter().chain(on).collect();
        assert_eq!(median(&waits), MedianWait::Days(23));
    }

    proptest! {
        /// Where every wait is over, it is the plain lower median.
        #[test]
        fn without_open_waits_it_is_the_median(mut days in proptest::collection::vec(0_i64..90, 1..40)) {
            let found = median(&days.iter().map(|days| (*days, true)).collect::<Vec<_>>());
            days.sort_unstable();
            prop_assert_eq!(found, MedianWait::Days(days[(days.len() - 1) / 2]));
        }

        /// A wait that goes on never makes the median shorter than one that is over after as many days.
        #[test]
        fn an_open_wait_is_no_end(waits in proptest::collection::vec((0_i64..90, any::<bool>()), 1..30), at in any::<prop::sample::Index>()) {
            let days = |median: MedianWait| match median {
                MedianWait::Unknown => -1,
                MedianWait::Days(days) => days,
                MedianWait::AtLeast(_) => i64::MAX,
            };
            let at = at.index(waits.len());
            let (mut open, mut over) = (waits.clone(), waits);
            open[at].1 = false;
            over[at].1 = true;
            prop_assert!(days(median(&open)) >= days(median(&over)));
        }
    }
}
