// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The contact budget: how many conversations the government may open with a project.
//!
//! `1 + floor(active maintainers / 3)` within 30 days; 1 where nobody is paid. What is not known is read in favour of the project:
//! unknown pay counts as volunteers, an unknown number of maintainers as none. Taking part stands outside. Reminders and replies belong
//! to the conversation that they are about.
//!
//! **One purse.** All conversations of the government with a project spend from one purse: per 60 days twice the contacts of 30. One
//! contact of it is always held back for disclosures: reports of vulnerabilities, and conversations of cases that are not public. So
//! the others may open as many as the purse of 30 days holds, and within 60 days one less than the purse of 60 (of volunteers: one in 60
//! days). Disclosures are never refused; as long as there is one of them within 60 days, the project hears no more than the purse holds.
//!
//! What is held back is held back whether or not there is a case, and whether or not one was spent. Else the budget of the others
//! would tell that there is one: with no case and with one, they get the same answer on the same day. Who is let into a case sees what it
//! spent.

use underpin_model::Timestamp;
use underpin_model::engagement::{Contact, ProjectFacts, RequestKind};

/// Days over which contacts are counted.
pub const BUDGET_DAYS: i64 = 30;
/// Days within which one contact is held back for disclosures.
pub const HELD_BACK_DAYS: i64 = 2 * BUDGET_DAYS;
/// Contacts that are held back within these days.
pub const HELD_BACK: u32 = 1;

/// What is left of a budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// Conversations that may be opened within 30 days, when nothing is held back.
    pub contacts: u32,
    /// Of these, opened by others than disclosures.
    pub used: u32,
    /// Conversations that others than disclosures opened within 60 days.
    pub used_long: u32,
    /// Conversations of disclosures that were opened within 60 days, as far as one knows of them.
    pub disclosures: u32,
    /// When one more that is no disclosure may be opened; `None` for now.
    pub free_from: Option<Timestamp>,
}

/// How many conversations may be opened within 30 days.
pub fn allowed_contacts(facts: &ProjectFacts) -> u32 {
    match facts.is_run_by_volunteers {
        Some(false) => 1 + facts.active_maintainers.unwrap_or(0) / 3,
        Some(true) | None => 1,
    }
}

/// How many of them others than disclosures may open within 60 days.
pub fn allowed_within_long(facts: &ProjectFacts) -> u32 {
    (2 * allowed_contacts(facts)).saturating_sub(HELD_BACK)
}

/// Whether a kind of words is bound by the budget outside a case.
pub fn is_counted(kind: RequestKind) -> bool {
    !kind.is_taking_part() && !kind.follows() && kind != RequestKind::VulnerabilityReport
}

/// Whether a contact spends what is held back: a report, or whatever opened a conversation of a case.
pub fn is_disclosure(contact: &Contact) -> bool {
    contact.is_of_case || contact.kind == RequestKind::VulnerabilityReport
}

/// What is left at a moment. A contact counts from its moment until exactly 30 or 60 days later.
pub fn budget(facts: &ProjectFacts, contacts: &[Contact], now: Timestamp) -> Budget {
    let own = || contacts.iter().filter(|contact| contact.project == facts.project);
    let public: Vec<Timestamp> =
        own().filter(|contact| !contact.is_of_case && is_counted(contact.kind)).map(|contact| contact.at).collect();
    let disclosed: Vec<Timestamp> = own().filter(|contact| is_disclosure(contact)).map(|contact| contact.at).collect();
    let (allowed, allowed_long) = (allowed_contacts(facts), allowed_within_long(facts));
    let short = counting(&public, BUDGET_DAYS, now);
    let long = counting(&public, HELD_BACK_DAYS, now);
    let free_from = free_again(&short, allowed, BUDGET_DAYS).max(free_again(&long, allowed_long, HELD_BACK_DAYS));
    let count = |ends: &[Timestamp]| u32::try_from(ends.len()).unwrap_or(u32::MAX);
    let disclosures = count(&counting(&disclosed, HELD_BACK_DAYS, now));
    Budget { contacts: allowed, used: count(&short), used_long: count(&long), disclosures, free_from }
}

fn after(at: Timestamp, days: i64) -> Timestamp {
    Timestamp(at.0.saturating_add(days * Timestamp::DAY_US))
}

/// The moments that count within these days before now, in their order.
fn counting(moments: &[Timestamp], days: i64, now: Timestamp) -> Vec<Timestamp> {
    let mut found: Vec<Timestamp> = moments.iter().copied().filter(|at| *at <= now && after(*at, days) > now).collect();
    found.sort_unstable();
    found
}

/// When fewer than the allowed ones count: as soon as the one at this place no longer does.
fn free_again(counting: &[Timestamp], allowed: u32, days: i64) -> Option<Timestamp> {
    let last_to_leave = counting.len().checked_sub(allowed as usize)?;
    counting.get(last_to_leave).map(|at| after(*at, days))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn contact(day: i64, kind: RequestKind) -> Contact {
        Contact {
            project: "github.com/a/b".to_owned(),
            at: Timestamp(day * Timestamp::DAY_US),
            kind,
            is_of_case: false,
        }
    }

    fn of_case(day: i64, kind: RequestKind) -> Contact {
        Contact { is_of_case: true, ..contact(day, kind) }
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
        for (volunteers, maintainers, expected, long) in [
            (Some(false), Some(0), 1, 1),
            (Some(false), Some(2), 1, 1),
            (Some(false), Some(3), 2, 3),
            (Some(false), Some(11), 4, 7),
            (Some(false), None, 1, 1),
            (Some(true), Some(30), 1, 1),
            (None, Some(30), 1, 1),
            (None, None, 1, 1),
        ] {
            let facts = project(volunteers, maintainers);
            let found = (allowed_contacts(&facts), allowed_within_long(&facts));
            assert_eq!(found, (expected, long), "{volunteers:?} {maintainers:?}");
        }
    }

    #[test]
    fn a_contact_counts_for_thirty_days_and_one_in_sixty_is_held_back() {
        let facts = project(Some(true), None);
        let at = |day: i64| Timestamp(day * Timestamp::DAY_US);
        let contacts = [contact(0, RequestKind::Ask), contact(3, RequestKind::VulnerabilityReport)];
        for (day, used, used_long, disclosures, free_from) in [
            (0, 1, 1, 0, Some(60)),
            (29, 1, 1, 1, Some(60)),
            (30, 0, 1, 1, Some(60)),
            (60, 0, 0, 1, None),
            (63, 0, 0, 0, None),
            (-1, 0, 0, 0, None),
        ] {
            let free_from = free_from.map(at);
            let expected = Budget { contacts: 1, used, used_long, disclosures, free_from };
            assert_eq!(budget(&facts, &contacts, at(day)), expected, "{day}");
        }
        let stranger = Contact { project: "github.com/c/d".to_owned(), ..contact(0, RequestKind::Ask) };
        assert_eq!(budget(&facts, &[stranger], at(1)).used, 0);
        // Three maintainers: two in 30 days, and three in 60.
        let facts = project(Some(false), Some(3));
        let contacts = [0, 1, 31].map(|day| contact(day, RequestKind::Ask));
        assert_eq!(budget(&facts, &contacts[..2], at(2)).free_from, Some(at(30)));
        assert_eq!(budget(&facts, &contacts, at(32)).free_from, Some(at(60)));
    }

    proptest! {
        /// The moment that is named is the first at which one more is allowed, found day by day.
        #[test]
        fn the_moment_is_the_first(days in proptest::collection::vec(0_i64..90, 0..12), now in 0_i64..90, maintainers in 0_u32..9) {
            let facts = project(Some(false), Some(maintainers));
            let contacts: Vec<Contact> = days.iter().filter(|day| **day <= now).map(|day| contact(*day, RequestKind::Thanks)).collect();
            let used = |day: i64, within: i64| contacts.iter().filter(|contact| {
                let age = day - contact.at.0 / Timestamp::DAY_US;
                (0..within).contains(&age)
            }).count() as u32;
            let (short, long) = (1 + maintainers / 3, 1 + 2 * (maintainers / 3));
            let first = (now..).find(|day| used(*day, BUDGET_DAYS) < short && used(*day, HELD_BACK_DAYS) < long).expect("some day");
            let free_from = (first > now).then_some(Timestamp(first * Timestamp::DAY_US));
            let found = budget(&facts, &contacts, Timestamp(now * Timestamp::DAY_US));
            let expected = Budget { contacts: short, used: used(now, BUDGET_DAYS), used_long: used(now, HELD_BACK_DAYS), disclosures: 0, free_from };
            prop_assert_eq!(found, expected);
        }

        /// Cases and reports change nothing for the others, and with one of them in 60 days the purse is never overdrawn.
        #[test]
        fn one_purse_for_all(wishes in proptest::collection::vec(0_i64..240, 0..40), case in 0_i64..240, maintainers in 0_u32..9) {
            let facts = project(Some(false), Some(maintainers));
            let mut wishes = wishes;
            wishes.sort_unstable();
            let secret = [of_case(case, RequestKind::Ask), of_case(case + HELD_BACK_DAYS, RequestKind::VulnerabilityReport)];
            let mut opened: Vec<Contact> = Vec::new();
            for day in wishes {
                let now = Timestamp(day * Timestamp::DAY_US);
                let with: Vec<Contact> = opened.iter().chain(&secret).cloned().collect();
                let (found, twin) = (budget(&facts, &with, now), budget(&facts, &opened, now));
                prop_assert_eq!(Budget { disclosures: 0, ..found }, twin, "who is not let in sees the same");
                if found.free_from.is_none() {
                    opened.push(contact(day, RequestKind::Ask));
                }
            }
            let all: Vec<i64> = opened.iter().chain(&secret).map(|one| one.at.0 / Timestamp::DAY_US).collect();
            for first in &all {
                let within = all.iter().filter(|day| (*first..*first + HELD_BACK_DAYS).contains(*day)).count();
                prop_assert!(within <= 2 * allowed_contacts(&facts) as usize, "{} within 60 days", within);
            }
        }
    }
}
