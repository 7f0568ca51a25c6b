// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What an authority may be told of how a government leans on a package: over all systems, and by class of systems.
//!
//! Each number goes through the rule of open data (`open_data.rs`), and through one more: it is told only where it comes to the
//! [`DEPENDENCY_THRESHOLD`] and one step of rounding. Rounding adds less than a step, so what is told is surely above the threshold. A
//! class that is not told may have no system, or some: nobody learns which. Whoever takes the told classes from the sum is left with a
//! range that is wider than the threshold, because each number may be wrong by almost a step in both directions.
//!
//! Source: Regulation (EU) 2024/2847 (Cyber Resilience Act), Article 13(25) and recital 22, which ask for anonymised and aggregated
//! information; the rule is ours.

use underpin_model::limits::bounds::{DEPENDENCY_THRESHOLD, SAFE_TOTAL_STEP};

use crate::open_data::shown;

/// How widely something is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Width {
    /// Systems.
    pub systems: u64,
    /// Of the agency that uses it most.
    pub most_in_an_agency: u64,
}

/// What is told of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// About how many systems.
    pub systems: u64,
    /// About how many of each class; none where that is not told.
    pub classes: Vec<Option<u64>>,
}

/// What is told of a package, or nothing. `key` gives the secret number of the sum (`None`) and of each class.
pub fn told(all: Width, classes: &[Width], key: impl Fn(Option<usize>) -> u64) -> Option<Told> {
    let systems = cell(all, key(None))?;
    let classes = classes.iter().enumerate().map(|(at, width)| cell(*width, key(Some(at)))).collect();
    Some(Told { systems, classes })
}

fn cell(width: Width, key: u64) -> Option<u64> {
    let told = shown(width.systems, width.most_in_an_agency, key)?;
    (told >= DEPENDENCY_THRESHOLD + SAFE_TOTAL_STEP).then_some(told)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn width() -> impl Strategy<Value = Width> {
        (0_u64..120, 0_u64..120).prop_map(|(systems, most)| Width { systems, most_in_an_agency: most.min(systems) })
    }

    /// Classes that do not overlap, and their sum; one agency may have systems in all of them.
    fn row() -> impl Strategy<Value = (Width, Vec<Width>)> {
        proptest::collection::vec(width(), 1..6).prop_map(|classes| {
            let sum = |of: fn(&Width) -> u64| classes.iter().map(of).sum();
            let all =
                Width { systems: sum(|width| width.systems), most_in_an_agency: sum(|width| width.most_in_an_agency) };
            (all, classes)
        })
    }

    fn keys(all: u64, class: u64) -> impl Fn(Option<usize>) -> u64 {
        move |at| at.map_or(all, |at| class.wrapping_add(at as u64 * 37))
    }

    /// The true numbers that can lie behind a told one, without knowing any offset.
    fn range(told: u64) -> (i64, i64) {
        let (told, step) = (i64::try_from(told).unwrap(), i64::try_from(SAFE_TOTAL_STEP).unwrap());
        (told - step + 1, told + step - 1)
    }

    proptest! {
        #[test]
        fn no_number_is_at_the_threshold_or_below_and_each_is_right_within_rounding(
            (all, classes) in row(), one in any::<u64>(), two in any::<u64>(),
        ) {
            let Some(found) = told(all, &classes, keys(one, two)) else { return Ok(()) };
            let cells = std::iter::once((all, Some(found.systems))).chain(classes.iter().copied().zip(found.classes));
            for (width, told) in cells {
                let Some(told) = told else { continue };
                prop_assert!(width.systems > DEPENDENCY_THRESHOLD);
                prop_assert!(width.systems > width.most_in_an_agency, "one agency alone is never told of");
                prop_assert!(told.abs_diff(width.systems) < SAFE_TOTAL_STEP);
            }
        }

        /// The attack by subtraction: the range that is left for what is not told is wider than the threshold, and holds zero or is no
        /// nearer to the truth than rounding.
        #[test]
        fn subtraction_leaves_a_range_wider_than_the_threshold(
            (all, classes) in row(), one in any::<u64>(), two in any::<u64>(),
        ) {
            let Some(found) = told(all, &classes, keys(one, two)) else { return Ok(()) };
            if found.classes.iter().all(Option::is_some) {
                return Ok(());
            }
            let (mut least, mut most) = range(found.systems);
            for seen in found.classes.iter().flatten() {
                let (low, high) = range(*seen);
                (least, most) = (least - high, most - low);
            }
            let hidden: u64 = classes.iter().zip(&found.classes).filter(|(_, told)| told.is_none()).map(|(width, _)| width.systems).sum();
            prop_assert!((least..=most).contains(&i64::try_from(hidden).unwrap()));
            prop_assert!(most - least > i64::try_from(DEPENDENCY_THRESHOLD).unwrap(), "{least} to {most}");
        }
    }

    /// The attack by differencing: whoever knows all systems but one, and has an export with it and one without it, sees a difference in
    /// the row of a package under at most 35 of 100 pairs of secret numbers: 19 for the sum, and 19 of the others for the class.
    #[test]
    fn one_system_more_is_seen_under_few_offsets() {
        let mut worst = 0;
        for (others, most, rest) in
            [(0, 0, 0), (9, 1, 40), (10, 9, 0), (19, 3, 11), (20, 11, 20), (29, 20, 1), (30, 29, 200), (47, 46, 5)]
        {
            let row = |more: u64| {
                let class = Width { systems: others + more, most_in_an_agency: most + more };
                let other = Width { systems: rest, most_in_an_agency: rest / 2 };
                let all = Width {
                    systems: class.systems + other.systems,
                    most_in_an_agency: class.most_in_an_agency.max(other.most_in_an_agency),
                };
                (all, [class, other])
            };
            let (without, with) = (row(0), row(1));
            let pairs = (0..100).flat_map(|one| (0..100).map(move |two| (one, two)));
            let seen = pairs
                .filter(|(one, two)| {
                    told(without.0, &without.1, keys(*one, *two)) != told(with.0, &with.1, keys(*one, *two))
                })
                .count();
            worst = worst.max(seen);
        }
        assert!(worst <= 3_439, "{worst} of 10,000");
    }
}
