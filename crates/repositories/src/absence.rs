// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Contributor absence factor and elephant factor.
//!
//! The contributor absence factor of CHAOSS is the smallest number of people who together made at least half of the
//! contributions; the elephant factor is the same over organisations. Low means that much rests on few. A contribution is a
//! commit that is no merge and not by a program.

/// The smallest number of contributors who hold at least half of all contributions; `None` when there are none.
pub fn absence_factor(contributions: impl IntoIterator<Item = u64>) -> Option<u64> {
    let mut sorted: Vec<u64> = contributions.into_iter().filter(|count| *count > 0).collect();
    sorted.sort_unstable_by(|left, right| right.cmp(left));
    let whole: u128 = sorted.iter().map(|count| u128::from(*count)).sum();
    let mut held: u128 = 0;
    for (people, count) in (1..).zip(sorted) {
        held += u128::from(count);
        if held * 2 >= whole {
            return Some(people);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_example_of_chaoss_and_edges() {
        let table: [(&[u64], Option<u64>); 7] = [
            (&[1000, 433, 343, 332, 202, 90, 42, 33], Some(2)),
            (&[], None),
            (&[0, 0], None),
            (&[1], Some(1)),
            (&[5, 5], Some(1)),
            (&[1, 1, 1], Some(2)),
            (&[u64::MAX, u64::MAX, u64::MAX], Some(2)),
        ];
        for (contributions, expected) in table {
            assert_eq!(absence_factor(contributions.iter().copied()), expected, "{contributions:?}");
        }
    }

    proptest! {
        #[test]
        fn no_smaller_group_holds_half(counts in prop::collection::vec(0..50_u64, 0..9)) {
            let whole: u64 = counts.iter().sum();
            // Every group of contributors, as bits.
            let smallest = (0..1_u32 << counts.len())
                .filter(|group| {
                    let held: u64 = (0..counts.len()).filter(|at| group >> at & 1 == 1).map(|at| counts[at]).sum();
                    whole > 0 && held * 2 >= whole
                })
                .map(|group| u64::from(group.count_ones()))
                .min();
            prop_assert_eq!(absence_factor(counts.iter().copied()), smallest);
        }
    }
}
