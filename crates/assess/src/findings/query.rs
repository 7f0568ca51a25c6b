// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Questions about findings, and answers.

use underpin_model::Timestamp;
use underpin_model::inventory::Scope;
use underpin_model::registry::{Exposure, ProtectionNeed};
use underpin_model::watch::Reason;

use super::bits::Bits;
use super::deadlines::Day;
use super::estate::{Flags, MatchFacts};
use super::place::PlaceClass;
use super::status::FindingStatus;

/// What whoever asks may see. Nothing else has any influence on an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Viewer {
    /// Systems.
    pub systems: Bits,
    /// Vulnerabilities that must not be shown to them (advisories for other eyes); empty for none.
    pub withheld: Bits,
}

/// Which findings are meant: all conditions must hold. An empty list of words is no condition; an empty set of numbers fits
/// nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// States.
    pub statuses: Vec<FindingStatus>,
    /// Lowest severity; unknown severities do not reach it.
    pub severity_at_least: Option<f32>,
    /// Severities as words, by the caller's numbers.
    pub words: Vec<u8>,
    /// Lowest probability of exploitation; unknown ones do not reach it.
    pub epss_at_least: Option<f32>,
    /// At least one of these flags.
    pub any_flag: Flags,
    /// None of these flags.
    pub no_flag: Flags,
    /// Agencies that own the system (those below them must be named, too).
    pub agencies: Option<Vec<u32>>,
    /// Systems.
    pub systems: Option<Vec<u32>>,
    /// Exposures of the system.
    pub exposures: Vec<Exposure>,
    /// Protection needs of the system.
    pub needs: Vec<ProtectionNeed>,
    /// Direct, transitive or not known to be either.
    pub direct: Vec<Option<bool>>,
    /// What the package version is used for.
    pub scopes: Vec<Scope>,
    /// Words that the purl contains.
    pub package_text: String,
    /// Package versions.
    pub versions: Option<Vec<u32>>,
    /// Ecosystems, by the caller's numbers.
    pub ecosystems: Option<Vec<u16>>,
    /// Words that the text of the vulnerability contains.
    pub vulnerability_text: String,
    /// Vulnerabilities.
    pub vulnerabilities: Option<Vec<u32>>,
    /// First known at that time or later.
    pub first_known_since: Option<Timestamp>,
    /// First known before that time.
    pub first_known_until: Option<Timestamp>,
    /// Whether a version without the vulnerability is known.
    pub fixable: Option<bool>,
    /// Why it is thought to be affected.
    pub reasons: Vec<Reason>,
    /// How sure, in percent.
    pub confidence_at_least: u8,
    /// Lowest priority.
    pub priority_at_least: Option<u16>,
    /// Due on that day or later; what has no deadline is not.
    pub due_since: Option<Day>,
    /// Due before that day; what has no deadline is not.
    pub due_before: Option<Day>,
}

/// What comes first. Equals stand in the order of their numbers: vulnerability, package version, system; where the order is one
/// of packages or priorities, package version, vulnerability, system; where it is one of systems, package version, vulnerability.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Order {
    /// By what.
    pub by: Key,
    /// True for the highest first. Unknown is always last.
    pub descending: bool,
}

/// What an order looks at first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Key {
    /// Priority.
    #[default]
    Priority,
    /// Severity.
    Severity,
    /// Probability of exploitation.
    Epss,
    /// When it was first known.
    FirstKnown,
    /// Number of the vulnerability, which stands for its name.
    Name,
    /// Number of the package version, which stands for its name and version.
    Package,
    /// Number of the system, which stands for its name.
    System,
    /// Number of the agency that owns the system, then of the system.
    Agency,
    /// Until when it should be dealt with.
    Due,
}

impl Key {
    /// All keys.
    pub const ALL: [Self; 9] = [
        Self::Priority,
        Self::Severity,
        Self::Epss,
        Self::FirstKnown,
        Self::Name,
        Self::Package,
        Self::System,
        Self::Agency,
        Self::Due,
    ];
}

/// A part of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it begins.
    pub start: Start,
    /// How many rows at most.
    pub rows: usize,
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// After so many rows.
    Offset(u64),
    /// After that finding; it must be one of the answer.
    After {
        /// Number of the system.
        system: u32,
        /// Number of the package version.
        version: u32,
        /// Number of the vulnerability.
        vulnerability: u32,
    },
}

/// A finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Number of the system.
    pub system: u32,
    /// Number of the package version.
    pub version: u32,
    /// Number of the vulnerability.
    pub vulnerability: u32,
    /// Number of the match of version and vulnerability, for its story.
    pub found: u32,
    /// What is known about the match.
    pub facts: MatchFacts,
    /// What matters about its place.
    pub class: PlaceClass,
    /// How urgent; higher is more urgent.
    pub priority: u16,
    /// Until when it should be dealt with.
    pub due: Option<Day>,
    /// State.
    pub status: FindingStatus,
}

impl Finding {
    /// The start of the page after it.
    pub fn after(&self) -> Start {
        Start::After { system: self.system, version: self.version, vulnerability: self.vulnerability }
    }
}

/// Exact numbers of an answer, whatever page is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Findings.
    pub findings: u64,
    /// Findings by state, in the order of [`FindingStatus::ALL`], where the filter's states are left out of account.
    pub by_status: [u64; 5],
    /// Systems with a finding.
    pub systems: u32,
    /// Agencies that own such a system.
    pub agencies: u32,
    /// Vulnerabilities with a finding.
    pub vulnerabilities: u32,
    /// Package versions with a finding.
    pub versions: u32,
}
