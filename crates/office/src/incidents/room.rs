// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is to be seen of an incident: for a list, and for its room.

use serde::Serialize;
use serde_json::Value;
use underpin_model::incidents::{Incident, IncidentDeadline, StandingReason, Step, SystemStanding, TaskId};
use underpin_model::{Coverage, Timestamp};

use super::tasks::TaskRow;
use crate::house::Overview;
use crate::watch::freshness::Freshness;

/// An incident in a list. Tasks are those that the viewer may see.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct IncidentRow {
    /// Number, as `I12`.
    pub number: String,
    /// The incident.
    #[serde(flatten)]
    pub incident: Incident,
    /// Tasks.
    pub tasks: u64,
    /// Those that nobody has acknowledged.
    pub unacknowledged: u64,
    /// Those that are neither done nor cannot be done, by the word of those who do them.
    pub open: u64,
    /// Open ones whose day has passed.
    pub overdue: u64,
}

/// Systems by how they stand: active ones that the viewer may see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Counts {
    /// Still hit.
    pub hit: u64,
    /// Were hit, and newer evidence shows that they are not any more.
    pub fixed: u64,
    /// Hit by the evidence, closed by a decision or an accepted reason.
    pub accepted: u64,
    /// Shown not to be hit.
    pub not_hit: u64,
    /// Evidence cannot show it.
    pub blind: u64,
    /// Evidence is too old.
    pub stale: u64,
    /// No evidence, or it cannot be told.
    pub unknown: u64,
}

impl Counts {
    /// Counts one system.
    pub fn count(&mut self, standing: SystemStanding) {
        *match standing {
            SystemStanding::Hit => &mut self.hit,
            SystemStanding::Fixed => &mut self.fixed,
            SystemStanding::Accepted => &mut self.accepted,
            SystemStanding::NotHit => &mut self.not_hit,
            SystemStanding::Blind => &mut self.blind,
            SystemStanding::Stale => &mut self.stale,
            SystemStanding::Unknown => &mut self.unknown,
        } += 1;
    }

    /// Systems of which nothing can be told.
    pub fn in_the_dark(&self) -> u64 {
        self.blind + self.stale + self.unknown
    }

    /// All of them.
    pub fn systems(&self) -> u64 {
        self.hit + self.fixed + self.accepted + self.not_hit + self.in_the_dark()
    }
}

/// The document that proves a fix, or that answers a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Proof {
    /// The document, as `D12`.
    pub document: String,
    /// When we learned it.
    pub learned: Timestamp,
}

/// A system and how it stands.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "IncidentSystem")]
pub struct SystemRow {
    /// The agency at the top of the tree that it belongs to, as far as is in sight.
    pub ministry: String,
    /// Its agency.
    pub agency: String,
    /// Name of that.
    pub agency_name: String,
    /// The system.
    pub system: String,
    /// Its name.
    pub system_name: String,
    /// How it stands.
    pub standing: SystemStanding,
    /// Why.
    pub reason: StandingReason,
    /// The package versions or files that hit it, or that could not be decided.
    pub packages: Vec<String>,
    /// Documents that say so.
    pub documents: Vec<String>,
    /// Where it is fixed: the newest document that shows so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// Who runs it.
    pub operator: String,
    /// Functional mailbox or page.
    pub contact: String,
    /// The task to fix it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix_task: Option<TaskId>,
    /// The task to tell about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_task: Option<TaskId>,
}

/// A ministry with everything below it.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct MinistryRow {
    /// The agency at the top of the tree, as far as is in sight.
    pub agency: String,
    /// Its name.
    pub name: String,
    /// Its systems.
    #[serde(flatten)]
    pub counts: Counts,
    /// Tasks at its places.
    pub tasks: u64,
    /// Those that were acknowledged.
    pub acknowledged: u64,
    /// Those that are settled: done by evidence, or for an accepted reason.
    pub settled: u64,
}

/// How many systems were hit at a moment, as it was known then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct BurnPoint {
    /// When.
    pub at: Timestamp,
    /// Systems hit.
    pub hit: u64,
    /// Systems of which nothing could be told.
    pub in_the_dark: u64,
    /// Tasks that were not acknowledged.
    pub unacknowledged: u64,
}

/// How exposure falls, worked out from documents and decisions as of each moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct BurnDown {
    /// Points, in order; the first is when it was opened, the last is the moment asked for.
    pub points: Vec<BurnPoint>,
    /// By when nothing should be hit any more.
    pub target: Option<Timestamp>,
    /// Whether it falls at least as fast as the straight line from the highest point to none at the target.
    pub is_on_track: Option<bool>,
    /// True when there were more changes than moments that are looked at.
    pub is_cut: bool,
}

/// A step with its condition.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct StepRow {
    /// Which.
    pub step: Step,
    /// Whether it is the one that people work at.
    pub is_current: bool,
    /// What must be so before it is over: a stable word, and a text key `step-condition-…` of it.
    pub condition: &'static str,
    /// Whether it is so.
    pub is_met: bool,
    /// How many are still open.
    pub open: u64,
    /// … of how many.
    pub total: u64,
    /// Who set this step last.
    pub by: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// What they said.
    pub note: String,
}

/// A deadline that runs.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct DeadlineRow {
    /// The deadline.
    #[serde(flatten)]
    pub deadline: IncidentDeadline,
    /// Its day has passed, and it is not met.
    pub is_overdue: bool,
}

/// Something that happened.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct TimelineRow {
    /// When.
    pub at: Timestamp,
    /// Who; empty where nobody in particular.
    pub actor: String,
    /// What, a stable word: an action of the audit chain (`open-incident`, `set-task`, …), `document` or `advisory`.
    pub action: String,
    /// To what: `incident I1`, `task T7`, `document D12`, an advisory.
    pub subject: String,
    /// The system or agency it is about, where there is one.
    pub place: String,
    /// What it became, as the audit chain holds it.
    pub after: Option<Value>,
    /// The entry of the audit chain.
    pub sequence: Option<i64>,
}

/// A part of a drill, and when it was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct StopwatchRow {
    /// Which: `found` (the first list of systems), `notified` (every task has somebody who knows of it), `first-acknowledged`,
    /// `all-answered`, `fixed` (by word or evidence), `verified` (by evidence, or a reason that was accepted).
    pub name: &'static str,
    /// When; `None` while it is not reached.
    pub at: Option<Timestamp>,
    /// How long since the start, in milliseconds.
    pub milliseconds: Option<u64>,
    /// Reached after the target, or not reached although it has passed.
    pub is_late: bool,
}

/// How long something took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct LapRow {
    /// What: `first-list`, `closed`, or what else somebody kept.
    pub name: String,
    /// How long since it was opened, in milliseconds.
    pub milliseconds: u64,
    /// By a stopwatch, or from the record.
    pub is_measured: bool,
}

/// The room of an incident.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct IncidentRoom {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Number, as `I12`.
    pub number: String,
    /// The incident.
    pub incident: Incident,
    /// The command that asks its question again: arguments after `underpin`.
    pub command: String,
    /// Systems by how they stand.
    pub counts: Counts,
    /// Agencies with systems that are hit.
    pub agencies: u64,
    /// How much of the government that covers.
    pub coverage: Coverage,
    /// Systems: those that are hit first, then those of which nothing can be told.
    pub systems: Vec<SystemRow>,
    /// The same by ministry.
    pub ministries: Vec<MinistryRow>,
    /// How exposure falls.
    pub burn_down: BurnDown,
    /// Steps.
    pub steps: Vec<StepRow>,
    /// Tasks.
    pub tasks: Vec<TaskRow>,
    /// Systems that are hit or in the dark and have no task yet: `refresh` makes them.
    pub without_task: u64,
    /// What happened, the newest first.
    pub timeline: Vec<TimelineRow>,
    /// Deadlines that run, and dated steps of reporting clocks that bind.
    pub deadlines: Vec<DeadlineRow>,
    /// How long parts took.
    pub laps: Vec<LapRow>,
    /// When each part of a drill was reached; empty for what is no drill.
    pub stopwatch: Vec<StopwatchRow>,
    /// Lists of exploited vulnerabilities that have it.
    pub exploited: Vec<&'static str>,
    /// How old the knowledge is.
    pub freshness: Freshness,
}
