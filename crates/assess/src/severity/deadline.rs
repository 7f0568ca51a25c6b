// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Until when something should be done: the office's own rule, and dates that others set, shown as theirs.

use underpin_model::Timestamp;

use super::knowledge::{ExploitedList, Listing};
use super::priority::PriorityLevel;

/// Days by level, from when the finding was first known. `None` sets no deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeadlineRule {
    /// For `act-now`.
    pub act_now_days: Option<u32>,
    /// For `soon`.
    pub soon_days: Option<u32>,
    /// For `planned`.
    pub planned_days: Option<u32>,
    /// For `watch`.
    pub watch_days: Option<u32>,
}

impl Default for DeadlineRule {
    fn default() -> Self {
        Self { act_now_days: Some(3), soon_days: Some(14), planned_days: Some(90), watch_days: None }
    }
}

/// Who sets a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DeadlineSource {
    /// The office's own rule.
    Office,
    /// CISA's list, which binds agencies of the United States only (BOD 22-01).
    Kev,
}

impl DeadlineSource {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Kev => "kev",
        }
    }

    /// Whether it binds those whom the office cares for.
    pub fn is_binding(self) -> bool {
        self == Self::Office
    }
}

/// A deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// Who sets it.
    pub source: DeadlineSource,
    /// Until when.
    pub due: Timestamp,
}

impl Deadline {
    /// Whether it is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.due < now
    }
}

impl DeadlineRule {
    /// Days for a level.
    pub fn days(&self, level: PriorityLevel) -> Option<u32> {
        match level {
            PriorityLevel::ActNow => self.act_now_days,
            PriorityLevel::Soon => self.soon_days,
            PriorityLevel::Planned => self.planned_days,
            PriorityLevel::Watch => self.watch_days,
        }
    }

    /// The office's deadline for a finding first known at a moment.
    pub fn due(&self, level: PriorityLevel, first_known: Timestamp) -> Option<Timestamp> {
        let days = self.days(level)?;
        Some(Timestamp(first_known.0.saturating_add(i64::from(days).saturating_mul(Timestamp::DAY_US))))
    }

    /// All deadlines of a finding, the office's first. Of several dates of a list the earliest.
    pub fn deadlines<'k>(
        &self,
        level: PriorityLevel,
        first_known: Timestamp,
        listings: impl IntoIterator<Item = Listing<'k>>,
    ) -> Vec<Deadline> {
        let own = self.due(level, first_known).map(|due| Deadline { source: DeadlineSource::Office, due });
        let listed = listings.into_iter().filter(|listing| listing.list == ExploitedList::Kev);
        let listed = listed.filter_map(|listing| listing.due).min();
        own.into_iter().chain(listed.map(|due| Deadline { source: DeadlineSource::Kev, due })).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_rule_and_dates_of_others() {
        let day = |text: &str| text.parse::<Timestamp>().expect("a valid date");
        let listing = |list, due: &str| Listing {
            list,
            added: None,
            due: Some(day(due)),
            ransomware: None,
            name: "",
            product: "",
            action: "",
        };
        let listings = [
            listing(ExploitedList::Kev, "2021-12-24"),
            listing(ExploitedList::Kev, "2022-01-10"),
            listing(ExploitedList::Euvd, "2021-12-11"),
        ];
        let rule = DeadlineRule::default();
        let found = rule.deadlines(PriorityLevel::ActNow, day("2021-12-10"), listings);
        let expected = [(DeadlineSource::Office, "2021-12-13"), (DeadlineSource::Kev, "2021-12-24")];
        assert_eq!(found, expected.map(|(source, due)| Deadline { source, due: day(due) }));
        assert!(found[0].source.is_binding() && !found[1].source.is_binding());
        assert!(!found[0].is_over(day("2021-12-13")) && found[0].is_over(day("2021-12-14")));
        assert_eq!(rule.deadlines(PriorityLevel::Watch, day("2021-12-10"), []), []);
        assert_eq!(rule.due(PriorityLevel::Planned, Timestamp::MAX), Some(Timestamp::MAX));
    }
}
