// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Matches where they are used, after decisions: tens of millions of findings without writing one down.
//!
//! A *finding* is a system, a package version that it uses and a vulnerability of that version. Nothing about it is stored.
//! [`Estate`] holds the uses (in both directions) and the matches (in both directions) as plain arrays; everything else of
//! a finding belongs to one of the three alone, to the class of the use ([`PlaceClass`]) or to a few exceptions
//! ([`Statuses`]). So a question is answered in one pass over the arrays: the filter of the vulnerabilities and versions
//! picks matches, the filter of the systems picks uses, and a version with `m` matches and `n` uses counts `m × n` findings
//! without a look at each. An order is an order of groups (a vulnerability, a version, a system, a level of priority):
//! their sums lead to any page, and only the rows of that page are written out.
//!
//! A viewer's systems are a set that stands before every count: nothing of another system enters any total.
//!
//! Numbers are order: whoever builds an estate numbers agencies, systems, package versions and vulnerabilities in the order in which
//! people expect them in a list. Ties end there, so two pages never overlap.

mod artefacts;
mod bits;
mod columns;
mod count;
mod deadlines;
mod decided;
mod estate;
mod groups;
mod judge;
mod place;
mod plan;
mod priorities;
mod query;
mod rows;
mod rows_of;
mod status;
mod texts;

#[cfg(test)]
mod chance;
#[cfg(test)]
mod decided_chance;
#[cfg(test)]
mod decided_effects;
#[cfg(test)]
mod decided_tests;
#[cfg(test)]
mod effects;
#[cfg(test)]
mod tests;

pub use artefacts::Artefacts;
pub use bits::Bits;
pub use count::{Counted, Engine};
pub use deadlines::{Day, Deadlines};
pub use decided::{Decided, Ignored, Rules, Said, Voice, Why, Within};
pub use estate::{Estate, Flags, InvalidEstate, MatchFacts, Parts, SystemFacts, Use, VersionFacts, VulnerabilityFacts};
pub use judge::{Origin, Reopened, Story};
pub use place::PlaceClass;
pub use priorities::Priorities;
pub use query::{Filter, Finding, Key, Order, Page, Start, Totals, Viewer};
pub use rows::Stream;
pub use rows_of::Rows;
pub use status::{FindingStatus, Statuses};
pub use texts::Texts;
