// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Until when a package or platform is supported.
//!
//! [`products`] finds the product of a package or of a release of a distribution, [`cycle`] the release cycle of a version,
//! [`support`] says how it is supported at a date. What cannot be told stays unknown: it is never "supported", never "ended".

pub mod facts;
pub mod products;
mod spelling;

pub use products::{Found, Products};

use underpin_model::Timestamp;
use underpin_model::watch::{Lifecycle, Release, Until};

/// How something is supported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Nobody says.
    #[default]
    Unknown,
    /// Faults and security flaws are fixed.
    Supported,
    /// Only security flaws are fixed.
    SecurityOnly,
    /// Security flaws are fixed for those who pay, or by volunteers.
    ExtendedOnly,
    /// Nothing is fixed any more.
    Ended,
}

impl State {
    /// All states.
    pub const ALL: [Self; 5] = [Self::Unknown, Self::Supported, Self::SecurityOnly, Self::ExtendedOnly, Self::Ended];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Supported => "supported",
            Self::SecurityOnly => "security-only",
            Self::ExtendedOnly => "extended-only",
            Self::Ended => "ended",
        }
    }
}

/// How a release cycle is supported at a date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Support {
    /// How.
    pub state: State,
    /// The last day on which security flaws are fixed for everybody: the end of life. For what has ended, when that was.
    pub end_of_life: Option<Timestamp>,
    /// The last day of extended support, where there is one with an end.
    pub extended_until: Option<Timestamp>,
}

impl Support {
    /// The day with which the fixes end that still come: of extended support where only that is left. `None` when it has ended,
    /// or no end is known.
    pub fn ends(&self) -> Option<Timestamp> {
        match self.state {
            State::Supported | State::SecurityOnly => self.end_of_life,
            State::ExtendedOnly => self.extended_until,
            State::Ended | State::Unknown => None,
        }
    }

    /// Whether it ends within so many days from a date on. `None` where its state is not known.
    pub fn ends_within(&self, at: Timestamp, days: u32) -> Option<bool> {
        let last = at.0.saturating_add(i64::from(days).saturating_mul(Timestamp::DAY_US));
        (self.state != State::Unknown).then(|| self.ends().is_some_and(|end| end.0 <= last))
    }
}

/// Whether a support is over at a date; `None` when that is not stated. The last day still counts.
fn is_over(until: Until, at: Timestamp) -> Option<bool> {
    match until {
        Until::Unknown => None,
        Until::Open => Some(false),
        Until::Over => Some(true),
        Until::Date(last) => Some(at.0 >= last.0.saturating_add(Timestamp::DAY_US)),
    }
}

fn date(until: Until) -> Option<Timestamp> {
    match until {
        Until::Date(date) => Some(date),
        _ => None,
    }
}

/// How a release cycle is supported at a date.
pub fn support(release: &Release<'_>, at: Timestamp) -> Support {
    let is_over = |until| is_over(until, at);
    let state =
        match (is_over(release.security_support), is_over(release.active_support), is_over(release.extended_support)) {
            (Some(false), Some(true), _) => State::SecurityOnly,
            (Some(false), _, _) => State::Supported,
            (Some(true), _, Some(false)) => State::ExtendedOnly,
            (Some(true), _, _) => State::Ended,
            // Without an end of life the other dates still tell: whoever fixes faults also fixes flaws.
            (None, Some(false), _) => State::Supported,
            (None, Some(true), Some(false)) => State::ExtendedOnly,
            (None, _, Some(true)) => State::Ended,
            (None, _, _) => State::Unknown,
        };
    Support { state, end_of_life: date(release.security_support), extended_until: date(release.extended_support) }
}

/// The release cycle of a version: the longest one that the version begins with, whole numbers only (`3.11.4` is of `3.11`, not
/// of `3.1`). A name of a cycle counts too (`bookworm`). `None` when there is none, no version, or the version does not tell:
/// 4.9.16 may be of `4.9` or of `4.9-lts`.
pub fn cycle<'l, 'a>(lifecycle: &'l Lifecycle<'a>, version: &str) -> Option<&'l Release<'a>> {
    let version = spelling::version(version);
    let begins = |release: &&Release<'_>| spelling::begins_with(&version, &release.cycle);
    let longest = lifecycle.releases.iter().filter(begins).max_by_key(|release| release.cycle.len());
    let Some(longest) = longest else {
        return lifecycle.releases.iter().find(|release| spelling::is_codename(&version, &release.codename));
    };
    let is_variant = |other: &Release<'_>| spelling::is_variant(&other.cycle, &longest.cycle);
    let is_named = version.eq_ignore_ascii_case(&longest.cycle);
    (is_named || !lifecycle.releases.iter().any(is_variant)).then_some(longest)
}

#[cfg(test)]
mod tests;
