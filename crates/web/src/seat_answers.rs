// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a seat keeps of what was asked of it.

use std::collections::BTreeMap;

use underpin_model::brief::PlanBrief;
use underpin_model::registry::AgencyId;
use underpin_office::coordinator::evidence::EvidenceKind;
use underpin_office::supporter::plan::PlanAnswer;
use underpin_office::watch::changes::ChangesAnswer;
use underpin_office::watch::exposure_weeks::OpenFindings;
use underpin_office::watch::tallies::BySeverity;

/// Findings by the word of their severity: due later or never, soon, and overdue.
pub type ByDue = BTreeMap<&'static str, [u64; 3]>;

/// By agency: its systems, and how many of them have each kind of evidence, in the order of [`EvidenceKind::ALL`].
pub type KindsByAgency = BTreeMap<String, (u64, [u64; EvidenceKind::ALL.len()])>;

/// What is open and due.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Open findings that need action now, by agency.
    pub urgent_by_agency: BTreeMap<String, u64>,
    /// Findings whose deadline has passed.
    pub overdue: u64,
    /// Open findings, by position of the system.
    pub open_by_system: BTreeMap<u32, u64>,
    /// Open findings by severity, of agencies.
    pub open_by_agency: BTreeMap<AgencyId, BySeverity>,
    /// How much is open; absent where nothing is known yet.
    pub open: Option<OpenFindings>,
}

/// A plan, with what stands on the page for whoever decides.
pub struct Planned {
    /// The plan.
    pub answer: PlanAnswer,
    /// The page.
    pub brief: PlanBrief,
}

/// What a page shows of what changed.
pub struct Changed {
    /// The changes.
    pub answer: ChangesAnswer,
    /// Open findings by severity, then.
    pub then: BySeverity,
    /// Now.
    pub now: BySeverity,
}
