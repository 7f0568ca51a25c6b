// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! CVE records (version 5) with what CISA adds to them: severity, SSVC and CPE names.

use crate::Timestamp;
use crate::gap::Gaps;
use crate::inventory::Text;
use crate::words::words;

use super::{Affected, Severity};

/// A CVE record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CveRecord<'a> {
    /// `CVE-…`.
    pub id: Text<'a>,
    /// True when the number was rejected: it names no flaw.
    pub is_rejected: bool,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
    /// Who assigned it.
    pub assigner: Text<'a>,
    /// Title, or the first sentence of the description.
    pub title: Text<'a>,
    /// Description in English.
    pub description: Text<'a>,
    /// Severities, each with who gave it.
    pub severities: Vec<Severity<'a>>,
    /// Kinds of weakness (`CWE-79`).
    pub weaknesses: Vec<Text<'a>>,
    /// What CISA's stakeholder-specific categorisation says.
    pub ssvc: Option<Ssvc>,
    /// Products by CPE name: any of these configurations.
    pub configurations: Vec<Configuration<'a>>,
    /// Packages by their package URL (`packageURL`, version 5.2 of the schema on), with versions; without ecosystem and name.
    pub packages: Vec<Affected<'a>>,
    /// Links.
    pub references: Vec<Text<'a>>,
    /// What was missing or wrong.
    pub gaps: Gaps,
}

/// SSVC decision points, as of a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ssvc {
    /// Whether it is exploited.
    pub exploitation: Exploitation,
    /// Whether an attack can be automated.
    pub automatable: Option<bool>,
    /// True for total, false for partial technical impact.
    pub total_impact: Option<bool>,
    /// When that was judged.
    pub judged: Option<Timestamp>,
}

words!(
    /// How far exploitation is known.
    Exploitation { #[default] Unknown "unknown", None "none", Poc "poc", Active "active", }
);

/// Products that must come together: one of `vulnerable`, running on one of each of `beside`, and on none of `without`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration<'a> {
    /// CPE names with versions.
    pub vulnerable: Vec<CpeMatch<'a>>,
    /// What it must run on or with.
    pub beside: Vec<AnyOf<'a>>,
    /// What it must not run on or with.
    pub without: Vec<CpeMatch<'a>>,
}

/// Names of which one is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnyOf<'a> {
    /// CPE names with versions. One that is empty stands for what cannot be known.
    pub names: Vec<CpeMatch<'a>>,
}

/// A CPE name, with the versions that are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CpeMatch<'a> {
    /// The name (CPE 2.3 formatted string).
    pub name: Text<'a>,
    /// First version, with it.
    pub from_including: Text<'a>,
    /// First version, without it.
    pub from_excluding: Text<'a>,
    /// Last version, with it.
    pub to_including: Text<'a>,
    /// Last version, without it.
    pub to_excluding: Text<'a>,
}
