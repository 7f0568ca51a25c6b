// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The burden meter: what the government asked of a project, and what it gave, by month.
//!
//! Everything that may be unknown is so: minutes that nobody estimated are counted as unknown beside the sum of the known ones; a ratio
//! without anything asked is none; silence that has not ended yet is no number but "at least".

use std::collections::BTreeMap;

use underpin_model::Timestamp;
use underpin_model::engagement::Conversation;

use super::waiting::{MedianWait, Wait, median_wait};

/// Something that was asked or given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Words that opened a conversation; minutes that an answer takes, where estimated.
    Asked {
        /// Minutes.
        minutes: Option<u32>,
    },
    /// A request that joined an open conversation and cost the project nothing.
    Merged,
    /// A reminder.
    Reminded,
    /// A reply to what the project said; minutes that it asks for, where its author said so.
    Replied {
        /// Minutes.
        minutes: Option<u32>,
    },
    /// A patch that was offered ready to be looked at.
    Patch,
    /// Money that was paid.
    Money {
        /// In cents.
        cents: i64,
    },
    /// Work on what the project wanted done; minutes where they were written down.
    Work {
        /// Minutes.
        minutes: Option<u32>,
    },
    /// Thanks.
    Thanks,
}

/// An act towards a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// To whom.
    pub project: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub act: Act,
}

/// Minutes, as far as they are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Minutes {
    /// Sum of the known ones.
    pub known: u64,
    /// How many acts say nothing about theirs.
    pub unknown_acts: u32,
}

impl Minutes {
    fn add(&mut self, minutes: Option<u32>) {
        match minutes {
            Some(minutes) => self.known += u64::from(minutes),
            None => self.unknown_acts += 1,
        }
    }

    /// The sum; `None` where an act says nothing.
    pub fn total(self) -> Option<u64> {
        (self.unknown_acts == 0).then_some(self.known)
    }
}

/// Asked against given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Burden {
    /// Conversations that were opened.
    pub requests: u32,
    /// Requests that joined an open conversation.
    pub merged: u32,
    /// Reminders.
    pub reminders: u32,
    /// Replies to what the project said. They are read, but they are no asking.
    pub replies: u32,
    /// Time that answers take.
    pub asked_minutes: Minutes,
    /// Patches.
    pub patches: u32,
    /// Times that money was paid.
    pub payments: u32,
    /// How much, in cents.
    pub paid_cents: i64,
    /// Times that work was done.
    pub works: u32,
    /// Time that it took.
    pub given_minutes: Minutes,
    /// Times that thanks were said.
    pub thanks: u32,
}

impl Burden {
    fn add(&mut self, act: Act) {
        match act {
            Act::Asked { minutes } => {
                self.requests += 1;
                self.asked_minutes.add(minutes);
            }
            Act::Merged => self.merged += 1,
            Act::Reminded => self.reminders += 1,
            Act::Replied { minutes } => {
                self.replies += 1;
                // A reply asks for nothing unless it says so.
                self.asked_minutes.known += u64::from(minutes.unwrap_or_default());
            }
            Act::Patch => self.patches += 1,
            Act::Money { cents } => {
                self.payments += 1;
                self.paid_cents = self.paid_cents.saturating_add(cents);
            }
            Act::Work { minutes } => {
                self.works += 1;
                self.given_minutes.add(minutes);
            }
            Act::Thanks => self.thanks += 1,
        }
    }

    /// Acts of giving (patches, payments, work; thanks are no work) for each act of asking (requests and reminders). `None` where
    /// nothing was asked. The office wants three.
    pub fn given_for_each_asked(&self) -> Option<f64> {
        let asked = self.requests + self.reminders;
        (asked > 0).then(|| f64::from(self.patches + self.payments + self.works) / f64::from(asked))
    }

    /// Minutes of work given for each minute asked. `None` where nothing was asked or a part is unknown.
    pub fn minutes_for_each_minute(&self) -> Option<f64> {
        let (asked, given) = (self.asked_minutes.total()?, self.given_minutes.total()?);
        (asked > 0).then(|| given as f64 / asked as f64)
    }

    /// The share of requests that the gate kept from the project by merging. `None` where nobody wanted anything.
    pub fn suppressed_share(&self) -> Option<f64> {
        let wanted = self.requests + self.merged;
        (wanted > 0).then(|| f64::from(self.merged) / f64::from(wanted))
    }
}

/// Burden by project and month (`2026-11`, UTC). Months without an act are absent, which is "nothing noted".
pub fn by_month(entries: &[Entry]) -> BTreeMap<(String, String), Burden> {
    let mut months: BTreeMap<(String, String), Burden> = BTreeMap::new();
    for entry in entries {
        let month = entry.at.date().chars().take(7).collect();
        months.entry((entry.project.clone(), month)).or_default().add(entry.act);
    }
    months
}

/// The median wait for an answer. A wait runs from our first words since the project spoke last to its next words; one that goes on, or
/// that we ended, counts as long as it lasted.
pub fn median_silence(conversations: &[Conversation], now: Timestamp) -> MedianWait {
    median_wait(conversations.iter().flat_map(|one| waits(one, now)))
}

/// Waits of a conversation; over with an answer.
fn waits(conversation: &Conversation, now: Timestamp) -> Vec<Wait> {
    let mut messages: Vec<_> = conversation.messages.iter().filter(|message| message.at <= now).collect();
    messages.sort_by_key(|message| message.at);
    let (mut waits, mut since) = (Vec::new(), None);
    for message in messages {
        match (message.is_theirs, since) {
            (true, Some(start)) => {
                waits.push(Wait { days: message.at.days_since(start), is_over: true });
                since = None;
            }
            (false, None) => since = Some(message.at),
            _ => {}
        }
    }
    let end = conversation.ended.map_or(now, |(at, _)| at.min(now));
    waits.extend(since.map(|start| Wait { days: end.days_since(start), is_over: false }));
    waits
}

#[cfg(test)]
mod tests {
    use underpin_model::engagement::{ConversationEnd, Message};

    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp(day * Timestamp::DAY_US)
    }

    fn entry(project: &str, date: &str, act: Act) -> Entry {
        Entry { project: project.to_owned(), at: date.parse().expect("a date"), act }
    }

    #[test]
    fn asked_against_given() {
        let entries = [
            entry("a", "2026-11-01", Act::Asked { minutes: Some(30) }),
            entry("a", "2026-11-08T23:59:59Z", Act::Reminded),
            entry("a", "2026-11-08T23:59:59Z", Act::Replied { minutes: None }),
            entry("a", "2026-11-08T23:59:59Z", Act::Replied { minutes: Some(5) }),
            entry("a", "2026-11-09", Act::Merged),
            entry("a", "2026-11-10", Act::Merged),
            entry("a", "2026-11-11", Act::Merged),
            entry("a", "2026-11-12", Act::Patch),
            entry("a", "2026-11-12", Act::Money { cents: 500_000 }),
            entry("a", "2026-11-13", Act::Work { minutes: Some(90) }),
            entry("a", "2026-12-01", Act::Thanks),
            entry("b", "2026-11-01", Act::Asked { minutes: None }),
        ];
        let months = by_month(&entries);
        let of = |project: &str, month: &str| months[&(project.to_owned(), month.to_owned())];
        let november = of("a", "2026-11");
        let expected = Burden {
            requests: 1,
            merged: 3,
            reminders: 1,
            replies: 2,
            asked_minutes: Minutes { known: 35, unknown_acts: 0 },
            patches: 1,
            payments: 1,
            paid_cents: 500_000,
            works: 1,
            given_minutes: Minutes { known: 90, unknown_acts: 0 },
            thanks: 0,
        };
        assert_eq!(november, expected);
        assert_eq!(november.given_for_each_asked(), Some(1.5));
        assert_eq!(november.minutes_for_each_minute(), Some(90.0 / 35.0));
        assert_eq!(november.suppressed_share(), Some(0.75));
        let december = of("a", "2026-12");
        assert_eq!((december.given_for_each_asked(), december.suppressed_share()), (None, None));
        let other = of("b", "2026-11");
        assert_eq!((other.asked_minutes.total(), other.minutes_for_each_minute()), (None, None));
        assert_eq!(other.given_for_each_asked(), Some(0.0));
        assert_eq!(months.len(), 3);
    }

    /// `s` we said something, `r` we reminded, `a` the project answered; each with its day.
    fn conversation(story: &[(char, i64)], ended: Option<i64>) -> Conversation {
        let message =
            |(who, day): &(char, i64)| Message { at: at(*day), is_theirs: *who == 'a', is_reminder: *who == 'r' };
        let ended = ended.map(|day| (at(day), ConversationEnd::Silent));
        Conversation { messages: story.iter().map(message).collect(), ended, ..Conversation::default() }
    }

    #[test]
    fn silence_lasts_until_the_project_speaks() {
        for (conversations, day, expected) in [
            (vec![], 100, MedianWait::Unknown),
            (vec![conversation(&[], None)], 100, MedianWait::Unknown),
            (vec![conversation(&[('s', 0)], None)], 100, MedianWait::AtLeast(100)),
            (vec![conversation(&[('s', 0), ('r', 7)], Some(49))], 100, MedianWait::AtLeast(49)),
            // A reminder does not begin a new wait.
            (vec![conversation(&[('s', 0), ('r', 7), ('a', 9)], None)], 100, MedianWait::Days(9)),
            // Later answers are not known yet.
            (vec![conversation(&[('s', 0), ('a', 9)], None)], 5, MedianWait::AtLeast(5)),
            // Two waits of one conversation: 2 and 30 days; and the project may speak first.
            (vec![conversation(&[('a', 0), ('s', 1), ('a', 3), ('s', 10), ('a', 40)], None)], 100, MedianWait::Days(2)),
        ] {
            assert_eq!(median_silence(&conversations, at(day)), expected, "{conversations:?}");
        }
    }
}
