// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Until when a product is supported (endoflife.date).

use crate::Timestamp;
use crate::gap::Gaps;
use crate::inventory::Text;

/// A product and its release cycles.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lifecycle<'a> {
    /// Name in the source (`python`, `rhel`).
    pub id: Text<'a>,
    /// Title.
    pub title: Text<'a>,
    /// Kind (`lang`, `os`, `framework`, `db`, …).
    pub category: Text<'a>,
    /// Identifiers: kind (`purl`, `cpe`, `repology`) and value.
    pub identifiers: Vec<(Text<'a>, Text<'a>)>,
    /// Link to the producer's policy.
    pub policy: Text<'a>,
    /// Release cycles, newest first.
    pub releases: Vec<Release<'a>>,
    /// What was missing or wrong.
    pub gaps: Gaps,
}

/// A release cycle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Release<'a> {
    /// Cycle (`3.11`, `8`).
    pub cycle: Text<'a>,
    /// Name of the cycle (`bullseye`).
    pub codename: Text<'a>,
    /// Long-term support.
    pub is_long_term: Option<bool>,
    /// When it came out.
    pub released: Option<Timestamp>,
    /// Until when it gets more than security fixes.
    pub active_support: Until,
    /// Until when it gets security fixes: its end of life.
    pub security_support: Until,
    /// Until when security fixes can be bought.
    pub extended_support: Until,
    /// Newest version of the cycle.
    pub latest: Text<'a>,
    /// When that came out.
    pub latest_released: Option<Timestamp>,
}

/// The end of a support. Unknown is a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Until {
    /// Not stated.
    #[default]
    Unknown,
    /// No end is known: it is supported.
    Open,
    /// It is over; since when is not stated.
    Over,
    /// The last day.
    Date(Timestamp),
}
