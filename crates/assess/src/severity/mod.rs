// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How bad, how likely, how urgent: CVSS, SSVC, EPSS, and one priority that a person can follow.
//!
//! - [`cvss`]: what a vector comes to; [`words`]: what the words of a scale mean; [`choice`]: whose word counts.
//! - [`knowledge`]: exploitation, likelihood and CVE facts of all vulnerabilities, compiled into one small block.
//! - [`priority`]: level and score of a finding from a part of the vulnerability and a part of the place;
//!   [`tables`] holds its numbers, [`sql`] writes the same as SQL; [`deadline`]: until when it should be done.

pub mod block;
pub mod choice;
pub mod compile;
pub mod cvss;
pub mod deadline;
pub mod knowledge;
pub mod priority;
pub mod sql;
pub mod tables;
pub mod words;

pub use choice::{Choice, Given, Voice, choose};
pub use compile::KnowledgeCompiler;
pub use cvss::{Evaluated, System};
pub use deadline::{DeadlineRule, DeadlineRules};
pub use knowledge::{ExploitedList, Knowledge, Known, Listing, Odds, Rated};
pub use priority::{PlaceFacts, Priority, PriorityLevel, Standing, Urgency, VulnerabilityFacts, priority};
pub use words::Rating;

#[cfg(test)]
mod cvss_tests;
#[cfg(test)]
mod knowledge_tests;
#[cfg(test)]
mod priority_tests;
