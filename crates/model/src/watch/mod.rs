// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Watching: what sources say about vulnerabilities, exploitation, support and malice, and what follows for a package version.
//!
//! *Advisory*: one source's record. *Vulnerability*: advisories joined by alias. *Match*: a vulnerability and a package version,
//! with the reason. *Finding*: a match where it is used, after decisions.

pub mod advisory;
pub mod cve;
pub mod decision;
pub mod end_of_life;
pub mod exploitation;
mod owned;
pub mod source;
pub mod statement;
pub mod verdict;

pub use advisory::{Advisory, Affected, AffectedStatus, Event, Import, NativeRange, Range, RangeKind, Severity};
pub use cve::CveRecord;
pub use decision::{Decision, DecisionId, Place};
pub use end_of_life::{Lifecycle, Release, Until};
pub use exploitation::{Exploited, Likelihood};
pub use source::{SOURCES, Source};
pub use statement::{Justification, Statement, StatementDocument, Status, Target, Thing, Tlp};
pub use verdict::{Reason, Verdict};
