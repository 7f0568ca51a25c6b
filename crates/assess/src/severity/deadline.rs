// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Until when a finding should be dealt with, by the office's own rules. Dates that others set (CISA's list, which binds agencies
//! of the United States only: BOD 22-01, of which others write that BOD 26-04 replaced it on 10 June 2026; neither text was opened) are
//! shown as theirs and never mixed in.
//!
//! The clock runs from the first day on which anybody could know: the day on which the first source published the vulnerability, or
//! the day on which a list of exploited vulnerabilities first had it, if that is later: it is urgent since then. It does not run from
//! the day on which a system began to use the package: whoever installs what is known to be flawed is late from the first day.

use underpin_model::Timestamp;
use underpin_model::registry::Exposure;

use super::priority::PriorityLevel;

/// A rule: all its conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineRule {
    /// What the rule is called where it is shown; must not be empty.
    pub name: String,
    /// Days from the first day on which anybody could know.
    pub days: u32,
    /// Lowest level of priority: `act-now`, `soon`, `planned`, `watch`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<PriorityLevel>,
    /// True for those on a list of exploited vulnerabilities only.
    #[serde(default)]
    pub exploited: bool,
    /// Who can reach the system; empty for no condition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exposure: Vec<Exposure>,
}

/// The office's rules. The first one that fits counts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct DeadlineRules(pub Vec<DeadlineRule>);

impl Default for DeadlineRules {
    fn default() -> Self {
        let level = |name: &str, priority, days| DeadlineRule {
            name: name.to_owned(),
            days,
            priority: Some(priority),
            ..DeadlineRule::default()
        };
        Self(vec![
            DeadlineRule {
                name: "exploited and reachable from the internet".to_owned(),
                days: 3,
                exploited: true,
                exposure: vec![Exposure::Internet],
                ..DeadlineRule::default()
            },
            level("act now", PriorityLevel::ActNow, 14),
            level("soon", PriorityLevel::Soon, 30),
            level("planned", PriorityLevel::Planned, 90),
        ])
    }
}

/// When a vulnerability could be known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// When the first source published it.
    pub published: Option<Timestamp>,
    /// Whether a list of exploited vulnerabilities has it.
    pub is_exploited: bool,
    /// When the first of those lists had it, where a list says so.
    pub listed: Option<Timestamp>,
}

impl DeadlineRules {
    /// The first rule that fits, by its number.
    pub fn fitting(&self, level: PriorityLevel, is_exploited: bool, exposure: Exposure) -> Option<usize> {
        self.0.iter().position(|rule| {
            rule.priority.is_none_or(|least| level >= least)
                && (is_exploited || !rule.exploited)
                && (rule.exposure.is_empty() || rule.exposure.contains(&exposure))
        })
    }

    /// The deadline: the rule's number and the last day on which it is kept, in days since 1970-01-01. `None` where no rule fits or
    /// nobody says when the vulnerability became known.
    pub fn due(&self, level: PriorityLevel, known: Known, exposure: Exposure) -> Option<(usize, u16)> {
        let number = self.fitting(level, known.is_exploited, exposure)?;
        let rule = self.0.get(number)?;
        let start = known.published.max(known.listed)?;
        let day = start.0.div_euclid(Timestamp::DAY_US).checked_add(i64::from(rule.days))?;
        // The last number stands for no day.
        u16::try_from(day.max(0)).ok().filter(|day| *day < u16::MAX).map(|day| (number, day))
    }

    /// What is wrong with the rules, in words.
    ///
    /// # Errors
    /// The first rule without a name, or the first name that is there twice.
    pub fn check(&self) -> Result<(), String> {
        for (number, rule) in self.0.iter().enumerate() {
            if rule.name.trim().is_empty() {
                return Err(format!("rule {} has no name", number + 1));
            }
            if self.0.iter().take(number).any(|other| other.name == rule.name) {
                return Err(format!("two rules are called {:?}", rule.name));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_fits_counts_from_the_first_day_anybody_could_know() {
        use PriorityLevel::{ActNow, Planned, Soon, Watch};
        let day = |text: &str| text.parse::<Timestamp>().expect("a valid date");
        let published = Some(day("2021-12-10T09:30:00Z"));
        let plain = Known { published, ..Known::default() };
        let listed = |listed| Known { published, is_exploited: true, listed };
        let cases = [
            (ActNow, plain, Exposure::Internet, Some((1, "2021-12-24"))),
            (ActNow, listed(Some(day("2021-12-12"))), Exposure::Internet, Some((0, "2021-12-15"))),
            // Listed before the first advisory of ours, or without a date: from publication.
            (ActNow, listed(Some(day("2021-12-01"))), Exposure::Internet, Some((0, "2021-12-13"))),
            (Planned, listed(None), Exposure::Internet, Some((0, "2021-12-13"))),
            (Soon, listed(Some(day("2022-03-01"))), Exposure::Internal, Some((2, "2022-03-31"))),
            (Planned, plain, Exposure::Unknown, Some((3, "2022-03-10"))),
            (Watch, plain, Exposure::Internet, None),
            (ActNow, Known::default(), Exposure::Internet, None),
        ];
        let rules = DeadlineRules::default();
        for (level, known, exposure, expected) in cases {
            let expected = expected.map(|(rule, due)| (rule, (day(due).0 / Timestamp::DAY_US) as u16));
            assert_eq!(rules.due(level, known, exposure), expected, "{level:?} {known:?} {exposure:?}");
        }
    }

    #[test]
    fn absurd_dates_and_rules_are_no_deadlines() {
        let rule = |name: &str, days| DeadlineRule { name: name.to_owned(), days, ..DeadlineRule::default() };
        let at = |moment| Known { published: Some(moment), ..Known::default() };
        let due = |days, moment| {
            DeadlineRules(vec![rule("all", days)]).due(PriorityLevel::Watch, at(moment), Exposure::Unknown)
        };
        assert_eq!(due(1, Timestamp::MAX), None);
        assert_eq!(due(u32::MAX, Timestamp(0)), None);
        assert_eq!(due(u32::from(u16::MAX), Timestamp(0)), None);
        assert_eq!(due(2, Timestamp(-9 * Timestamp::DAY_US)), Some((0, 0)));
        assert_eq!(DeadlineRules::default().check(), Ok(()));
        for wrong in [vec![rule(" ", 1)], vec![rule("a", 1), rule("a", 2)]] {
            assert!(DeadlineRules(wrong).check().is_err());
        }
    }
}
