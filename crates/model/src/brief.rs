// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What stands on the page for whoever decides on a plan for support: facts, each with what it can be checked by; no certificate of
//! the arithmetic, which would look like one of the assumptions.

use serde::Serialize;

use crate::Timestamp;
use crate::interventions::{FirstStep, InterventionCode, RefusalReason};

/// The facts of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlanBrief {
    /// As of when.
    pub as_of: Timestamp,
    /// The budget, in cents.
    pub budget_cents: i64,
    /// What the plan costs, in cents.
    pub cost_cents: i64,
    /// What is paid for, the dearest first.
    pub items: Vec<BriefItem>,
    /// Systems that rest on one of the projects that are helped, each once.
    pub systems: u64,
    /// Agencies of these systems.
    pub agencies: u64,
    /// Parts of 100 of the expected harm that are taken away; `None` where none is expected.
    pub avoided_percent: Option<u64>,
    /// What agencies pay together: promises that hold or wait.
    pub pooled: Vec<BriefPool>,
    /// Where somebody else pays, too.
    pub doubled: Vec<BriefDouble>,
    /// What may not be done where the project is known; one line for each project and reason.
    pub refused: Vec<BriefRefusal>,
    /// Projects that nobody has asked.
    pub unasked: u64,
    /// Systems of which nothing is known.
    pub unknown_systems: u64,
    /// The command that gives the plan with every part of it.
    pub command: String,
}

/// Something that is paid for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BriefItem {
    /// The project.
    pub project: String,
    /// What is done.
    pub interventions: Vec<InterventionCode>,
    /// What it costs, in cents.
    pub cost_cents: i64,
    /// Systems that rest on it.
    pub systems: u64,
}

/// What agencies pay together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BriefPool {
    /// Number of the promise.
    pub number: String,
    /// The project.
    pub project: String,
    /// What is done.
    pub activity: InterventionCode,
    /// How many pay.
    pub agencies: u64,
    /// What they pay together, in cents.
    pub amount_cents: i64,
}

/// Somebody else who pays for the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BriefDouble {
    /// Number of the own promise.
    pub number: String,
    /// The project.
    pub project: String,
    /// What is done.
    pub activity: InterventionCode,
    /// Who pays.
    pub funder: String,
}

/// Something that may not be done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct BriefRefusal {
    /// The project.
    pub project: String,
    /// What.
    pub intervention: InterventionCode,
    /// Why.
    pub reason: RefusalReason,
    /// What comes first.
    pub first: FirstStep,
}
