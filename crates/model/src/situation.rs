// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The situation of an incident, in facts: what a minister must know at a moment, for one viewer. Sentences are made of it elsewhere.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::incidents::{IncidentDeadline, IncidentId, Scope, Step};
use crate::registry::Classification;
use crate::watch::Tlp;

/// A number with the question that gives it again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "ToldCount")]
pub struct Told {
    /// The number.
    pub count: u64,
    /// The command that gives it again: arguments after `underpin`.
    pub command: String,
    /// The page that shows its rows: path and query.
    pub address: String,
}

/// A ministry (an agency at the top of the tree, as far as is in sight) and how many of its systems are hit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct MinistryHit {
    /// Identifier of the agency.
    pub agency: String,
    /// Its name.
    pub name: String,
    /// Systems still hit.
    pub hit: Told,
}

/// What happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NextKind {
    /// Tasks wait for somebody to acknowledge them.
    Acknowledge,
    /// Systems of which nothing can be told are asked for evidence.
    Ask,
    /// Systems are mended.
    Mend,
    /// New evidence must prove it.
    Prove,
    /// Somebody must agree to close it.
    Agree,
    /// Nothing is open any more: it can be closed.
    Close,
    /// What was learned is written down.
    Learn,
}

/// A next step, how much of it is open, and by when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NextStep {
    /// What.
    pub kind: NextKind,
    /// How many tasks or systems.
    pub open: Told,
    /// The last of their days, where one is set.
    pub due: Option<Timestamp>,
    /// How many of them are late.
    pub overdue: u64,
}

/// The facts. Counts are of active systems that the viewer may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Situation {
    /// Number.
    pub incident: IncidentId,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub scope: Scope,
    /// Only an exercise.
    pub is_drill: bool,
    /// What is practised.
    pub drill_of: Option<String>,
    /// How far it may be passed on.
    pub tlp: Tlp,
    /// Who may know of it.
    pub classification: Classification,
    /// Snapshot that the numbers are of.
    pub snapshot: i64,
    /// The moment they are of.
    pub as_of: Timestamp,
    /// When it was opened.
    pub opened: Timestamp,
    /// When it was closed.
    pub closed: Option<Timestamp>,
    /// Where the work stands.
    pub step: Step,
    /// By when nothing should be hit any more.
    pub target: Option<Timestamp>,
    /// Whether the exposure falls as fast as the target asks; `None` without a target, or where nothing can be told yet.
    pub is_on_track: Option<bool>,
    /// All active systems that the viewer may see.
    pub systems: u64,
    /// Still hit.
    pub hit: Told,
    /// Agencies that own these.
    pub agencies: u64,
    /// Were hit, and newer evidence shows that they are not any more.
    pub fixed: Told,
    /// Hit by the evidence, closed by a decision or an accepted reason.
    pub accepted: Told,
    /// Shown not to be hit.
    pub not_hit: Told,
    /// Evidence cannot show it.
    pub blind: Told,
    /// Evidence is too old.
    pub stale: Told,
    /// No evidence, or it cannot be told.
    pub unknown: Told,
    /// Systems that agencies declared as a number only: nothing can be told of them at all.
    pub declared: u64,
    /// Lists of exploited vulnerabilities that have it.
    pub exploited: Vec<String>,
    /// Ministries with systems still hit, most first.
    pub ministries: Vec<MinistryHit>,
    /// What happens next, in order.
    pub next: Vec<NextStep>,
    /// Deadlines that a person confirmed, and that are not met.
    pub deadlines: Vec<IncidentDeadline>,
    /// Days since the oldest feed of knowledge was looked at; `None` without any.
    pub knowledge_days: Option<u64>,
}

impl Situation {
    /// Systems of which nothing can be told.
    pub fn in_the_dark(&self) -> u64 {
        self.blind.count + self.stale.count + self.unknown.count
    }
}
