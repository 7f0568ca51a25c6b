// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where a system stands towards a question: known, blind, stale or unknown. This makes a "no" honest.

use underpin_model::Timestamp;
use underpin_model::coverage::CoverageState;

/// One current document of a system, as far as coverage looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// When it was made (else learned).
    pub made: Timestamp,
    /// Whether it states any component at all.
    pub states_components: bool,
    /// For each wanted type, bit `n`: whether it can show the n-th one. At most 64 types are told apart.
    pub can_show: u64,
}

/// The state of one system.
///
/// `wanted` has a bit for each wanted type. Known needs fresh evidence for every wanted type, because a "no" about one
/// of them would otherwise be a guess; blind means that some wanted type cannot be shown by any document, however old.
/// With no wanted type any document that states components will do.
pub fn classify(
    evidence: impl IntoIterator<Item = Evidence>,
    wanted: u64,
    now: Timestamp,
    stale_days: u64,
) -> CoverageState {
    let (mut shown, mut shown_freshly) = (None, None);
    for document in evidence.into_iter().filter(|document| document.states_components) {
        let add = |types: Option<u64>| Some(types.unwrap_or(0) | document.can_show);
        shown = add(shown);
        if is_fresh(document.made, now, stale_days) {
            shown_freshly = add(shown_freshly);
        }
    }
    let covers = |types: Option<u64>| types.is_some_and(|types| types & wanted == wanted);
    match shown {
        None => CoverageState::Unknown,
        _ if covers(shown_freshly) => CoverageState::Known,
        _ if covers(shown) => CoverageState::Stale,
        _ => CoverageState::Blind,
    }
}

/// Whether evidence of that time still counts as fresh.
pub fn is_fresh(made: Timestamp, now: Timestamp, stale_days: u64) -> bool {
    now.days_since(made) <= i64::try_from(stale_days).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(age_days: i64, can_show: u64) -> Evidence {
        Evidence { made: Timestamp(-age_days * Timestamp::DAY_US), states_components: true, can_show }
    }

    #[test]
    fn the_four_states() {
        let empty = Evidence { states_components: false, ..document(0, u64::MAX) };
        for (evidence, wanted, expected) in [
            (vec![], 0b1, CoverageState::Unknown),
            (vec![empty], 0b1, CoverageState::Unknown),
            (vec![document(1, 0b1)], 0b1, CoverageState::Known),
            (vec![document(90, 0b1)], 0b1, CoverageState::Known),
            (vec![document(91, 0b1)], 0b1, CoverageState::Stale),
            (vec![document(1, 0b10)], 0b1, CoverageState::Blind),
            (vec![document(1, 0b10), document(200, 0b1)], 0b1, CoverageState::Stale),
            (vec![document(1, 0b10), document(1, 0b1)], 0b11, CoverageState::Known),
            (vec![document(1, 0b10)], 0b11, CoverageState::Blind),
            (vec![document(1, 0)], 0, CoverageState::Known),
            (vec![document(100, 0)], 0, CoverageState::Stale),
        ] {
            assert_eq!(
                classify(evidence.iter().copied(), wanted, Timestamp(0), 90),
                expected,
                "{evidence:?} {wanted:b}"
            );
        }
    }
}
