// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The contact budget: how many conversations the government may open with a project within 30 days.
//!
//! `1 + floor(active maintainers / 3)`; 1 where nobody is paid. What is not known is read in favour of the project: unknown pay counts
//! as volunteers, an unknown number of maintainers as none. Vulnerability reports and taking part stand outside. Reminders belong to
//! the conversation that they are about.

use underpin_model::Timestamp;
use underpin_model::engagement::{Contact, ProjectFacts, RequestKind};

/// Days over which contacts are counted.
pub const BUDGET_DAYS: i64 = 30;

/// What is left of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Conversations that may be opened within the days.
    pub contacts: u32,
    /// Of these, opened already.
    pub used: u32,
    /// When one more may be opened; `None` for now.
    pub free_from: Option<Timestamp>,
}

/// How many conversations may be opened within the days.
pub fn allowed_contacts(facts: &ProjectFacts) -> u32 {
    match facts.is_run_by_volunteers {
        Some(false) => 1 + facts.active_maintainers.unwrap_or(0) / 3,
        Some(true) | None => 1,
    }
}

/// Whether a kind of words is counted.
pub fn is_counted(kind: RequestKind) -> bool {
    !kind.is_taking_part() && !matches!(kind, RequestKind::VulnerabilityReport | RequestKind::Reminder)
}

/// What is left at a moment. A contact counts from its moment until exactly 30 days later.
pub fn budget(facts: &ProjectFacts, contacts: &[Contact], now: Timestamp) -> Budget {
    let ends = |at: Timestamp| Timestamp(at.0.saturating_add(BUDGET_DAYS * Timestamp::DAY_US));
    let counted = contacts.iter().filter(|contact| contact.project == facts.project && is_counted(contact.kind));
    let mut counting: Vec<Timestamp> =
        counted.filter(|contact| contact.at <= now && ends(contact.at) > now).map(|contact| contact.at).collect();
    counting.sort_unstable();
    let allowed = allowed_contacts(facts);
    // As soon as the contact at this place no longer counts, fewer than the allowed ones are left.
    let last_to_leave = counting.len().checked_sub(allowed as usize);
    let free_from = last_to_leave.and_then(|at| counting.get(at)).map(|at| ends(*at));
    Budget { contacts: allowed, used: u32::try_from(counting.len()).unwrap_or(u32::MAX), free_from }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn contact(day: i64, kind: RequestKind) -> Contact {
        Contact { project: "github.com/a/b".to_owned(), at: Timestamp(day * Timestamp::DAY_US), kind }
    }

    fn project(volunteers: Option<bool>, maintainers: Option<u32>) -> ProjectFacts {
        ProjectFacts {
            project: "github.com/a/b".to_owned(),
            is_run_by_volunteers: volunteers,
            active_maintainers: maintainers,
            ..ProjectFacts::default()
        }
    }

    #[test]
    fn capacity_decides_and_the_unknown_is_read_for_the_project() {
        for (volunteers, maintainers, expected) in [
            (Some(false), Some(0), 1),
            (Some(false), Some(2), 1),
            (Some(false), Some(3), 2),
            (Some(false), Some(11), 4),
            (Some(false), None, 1),
            (Some(true), Some(30), 1),
            (None, Some(30), 1),
            (None, None, 1),
        ] {
            assert_eq!(allowed_contacts(&project(volunteers, maintainers)), expected, "{volunteers:?} {maintainers:?}");
        }
    }

    #[test]
    fn a_contact_counts_for_thirty_days() {
        let facts = project(Some(true), None);
        let at = |day: i64| Timestamp(day * Timestamp::DAY_US);
        let contacts = [contact(0, RequestKind::Ask), contact(3, RequestKind::VulnerabilityReport)];
        for (day, used, free_from) in [(0, 1, Some(30)), (29, 1, Some(30)), (30, 0, None), (-1, 0, None)] {
            let expected = Budget { contacts: 1, used, free_from: free_from.map(at) };
            assert_eq!(budget(&facts, &contacts, at(day)), expected, "{day}");
        }
        let stranger = Contact { project: "github.com/c/d".to_owned(), ..contact(0, RequestKind::Ask) };
        assert_eq!(budget(&facts, &[stranger], at(1)).used, 0);
    }

    proptest! {
        /// The moment that is named is the first at which one more is allowed, found day by day.
        #[test]
        fn the_moment_is_the_first(days in proptest::collection::vec(0_i64..60, 0..12), now in 0_i64..60, maintainers in 0_u32..9) {
            let facts = project(Some(false), Some(maintainers));
            let contacts: Vec<Contact> = days.iter().filter(|day| **day <= now).map(|day| contact(*day, RequestKind::Thanks)).collect();
            let used = |day: i64| contacts.iter().filter(|contact| {
                let age = day - contact.at.0 / Timestamp::DAY_US;
                (0..BUDGET_DAYS).contains(&age)
            }).count() as u32;
            let first = (now..).find(|day| used(*day) < 1 + maintainers / 3).expect("some day");
            let expected = (first > now).then_some(Timestamp(first * Timestamp::DAY_US));
            let found = budget(&facts, &contacts, Timestamp(now * Timestamp::DAY_US));
            prop_assert_eq!(found, Budget { contacts: 1 + maintainers / 3, used: used(now), free_from: expected });
        }
    }
}
