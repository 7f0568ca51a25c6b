// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The sentences of an incident room: worked out from the numbers that stand below them.

use crate::{Argument, Language, text};

/// Agencies that a sentence names at most.
const NAMED_AGENCIES: usize = 3;

/// What an incident stands at, in numbers of systems and tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Systems that are exposed.
    pub open: u64,
    /// Systems that were exposed and are not any more: fixed, or accepted with a reason.
    pub settled: u64,
    /// Systems of which it is not known: nothing, old documents, or such that cannot show it.
    pub unclear: u64,
    /// Agencies by how many of their systems are exposed, the most first.
    pub agencies: Vec<(String, u64)>,
    /// Tasks that are not done and that nobody does.
    pub unassigned: u64,
    /// Tasks that are not done and whose day has passed.
    pub late: u64,
    /// Whether the incident is closed.
    pub is_closed: bool,
}

/// The headline of an incident.
pub fn headline(language: Language, title: &str, standing: &Standing) -> String {
    let total = standing.open + standing.settled;
    let key = match (standing.is_closed, standing.open, total) {
        (_, _, 0) if standing.unclear > 0 => "room-nobody-known",
        (_, _, 0) => "room-nobody",
        (true, 0, _) => "room-closed",
        (true, ..) => "room-closed-open",
        (false, 0, _) => "room-done",
        (false, ..) => "room-open",
    };
    text(language, key, &[("open", standing.open.into()), ("total", total.into()), ("title", title.into())])
}

/// What else must be known at once: who holds most of what is left, what is not known, what nobody does, what is late.
pub fn lede(language: Language, standing: &Standing) -> String {
    let say = |key, arguments: &[(&str, Argument<'_>)]| text(language, key, arguments);
    let mut sentences = Vec::new();
    let names = most(standing);
    if !names.is_empty() {
        sentences.push(say("room-most", &[("names", (&names.join(", ")).into())]));
    }
    if standing.unclear > 0 {
        sentences.push(say("room-unknown", &[("count", standing.unclear.into())]));
    }
    if !standing.is_closed {
        for (key, count) in [("room-unassigned", standing.unassigned), ("room-late", standing.late)] {
            if count > 0 {
                sentences.push(say(key, &[("count", count.into())]));
            }
        }
    }
    sentences.join(" ")
}

/// The agencies that together hold more than half of what is exposed; none where that takes more than a few, or all of them.
fn most(standing: &Standing) -> Vec<&str> {
    let mut sum = 0;
    for (position, (_, count)) in standing.agencies.iter().enumerate().take(NAMED_AGENCIES) {
        sum += count;
        if sum * 2 > standing.open {
            let named = standing.agencies.iter().take(position + 1);
            return match position + 1 < standing.agencies.len() {
                true => named.map(|(name, _)| name.as_str()).collect(),
                false => Vec::new(),
            };
        }
    }
    Vec::new()
}

/// A span of time in the largest unit that fits: minutes, hours, days. The sign does not count.
pub fn span(language: Language, microseconds: i64) -> String {
    const MINUTE: u64 = 60_000_000;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let length = microseconds.unsigned_abs();
    let (key, count) = match length {
        // Two days and more are counted in days: until then an hour matters.
        length if length >= 2 * DAY => ("span-days", length / DAY),
        length if length >= HOUR => ("span-hours", length / HOUR),
        length => ("span-minutes", length / MINUTE),
    };
    text(language, key, &[("count", count.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(open: u64, settled: u64, unclear: u64, is_closed: bool) -> Standing {
        Standing { open, settled, unclear, is_closed, ..Standing::default() }
    }

    #[test]
    fn headlines_follow_from_their_numbers() {
        for (given, expected) in [
            (standing(0, 0, 0, false), "No system is exposed to Log4Shell"),
            (standing(0, 0, 3, false), "No system is known to be exposed to Log4Shell"),
            (standing(1, 0, 0, false), "1 of one system is still exposed to Log4Shell"),
            (standing(1, 4, 2, false), "1 of 5 systems is still exposed to Log4Shell"),
            (standing(93, 150, 0, false), "93 of 243 systems are still exposed to Log4Shell"),
            (standing(0, 1, 0, false), "The one system that was hit is out of danger: Log4Shell"),
            (standing(0, 7, 2, false), "All 7 systems that were hit are out of danger: Log4Shell"),
            (standing(0, 7, 0, true), "Closed: none of 7 systems is exposed to Log4Shell any more"),
            (standing(2, 7, 0, true), "Closed, with 2 systems still exposed to Log4Shell"),
            (standing(0, 0, 0, true), "No system is exposed to Log4Shell"),
        ] {
            assert_eq!(headline(Language::English, "Log4Shell", &given), expected, "{given:?}");
        }
    }

    #[test]
    fn the_few_that_hold_most_are_named() {
        let agencies = |counts: &[u64]| -> Vec<(String, u64)> {
            counts.iter().enumerate().map(|(position, count)| (format!("A{position}"), *count)).collect()
        };
        for (counts, expected) in [
            (vec![6, 3, 1], vec!["A0"]),
            (vec![4, 3, 3], vec!["A0", "A1"]),
            // Half is not most; all of them say nothing.
            (vec![5, 5], vec![]),
            (vec![9], vec![]),
            (vec![1; 10], vec![]),
            (vec![], vec![]),
        ] {
            let given = Standing { open: counts.iter().sum(), agencies: agencies(&counts), ..Standing::default() };
            assert_eq!(most(&given), expected, "{counts:?}");
        }
    }

    #[test]
    fn the_lede_says_what_is_missing_and_nothing_else() {
        assert_eq!(lede(Language::English, &standing(3, 1, 0, false)), "");
        let given = Standing {
            unassigned: 2,
            late: 1,
            agencies: vec![("Tax".to_owned(), 3), ("Police".to_owned(), 1)],
            ..standing(4, 0, 5, false)
        };
        assert_eq!(
            lede(Language::English, &given),
            "Most of what is left is at Tax. Of 5 systems it is not known yet. 2 tasks have nobody who does it. One task is late."
        );
        let closed = Standing { is_closed: true, ..given };
        assert!(!lede(Language::English, &closed).contains("tasks have"));
    }

    #[test]
    fn spans_have_one_unit() {
        for (minutes, expected) in
            [(0, "0 minutes"), (59, "59 minutes"), (-61, "1 hour"), (47 * 60 + 59, "47 hours"), (48 * 60, "2 days")]
        {
            assert_eq!(span(Language::English, minutes * 60_000_000), expected, "{minutes}");
        }
    }
}
