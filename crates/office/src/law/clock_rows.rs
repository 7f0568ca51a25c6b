// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is to be seen of reporting clocks.

use serde::Serialize;
use underpin_model::Timestamp;
use underpin_model::clocks::{
    Clock, ClockCaution, ClosingProof, EventFault, Obliged, ReportStep, StatedClockEvent, StepReason, StepState,
};
use underpin_model::law::Citation;
use underpin_model::law_roles::RoleSubject;
use underpin_model::law_routing::{Channel, Recipient, ReportBody, RouteQuestion, RouteReason};

use crate::house::Overview;

/// Where periods are counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct CountingPlace {
    /// The time zone in which days end.
    pub time_zone: String,
    /// Whether somebody set it; else days end by UTC, which may be later than at the place where reports are handed in.
    pub is_zone_set: bool,
    /// Holidays that are known.
    pub holidays: usize,
    /// The state to which is reported, where it is known.
    pub country: Option<String>,
}

/// A due date by the word of a person: no list and no law of this house sets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "StatedDueDate")]
pub struct StatedDue {
    /// The day that was stated, at its beginning in UTC.
    pub day: Timestamp,
    /// From where it is known; empty for what was told before a source was asked for.
    pub source: String,
    /// Who said it.
    pub actor: String,
    /// When it was said.
    pub said: Timestamp,
    /// The event that says it.
    pub event: u64,
}

/// A step of a clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "ClockStepRow")]
pub struct StepRow {
    /// The step.
    pub step: ReportStep,
    /// From 1; above it for further requests of an intermediate report.
    pub occurrence: u16,
    /// Where it stands.
    pub state: StepState,
    /// Why.
    pub reason: StepReason,
    /// What started it.
    pub started: Option<Timestamp>,
    /// The last moment that is in time.
    pub due: Option<Timestamp>,
    /// For hours: the last moment when the hour in which the event fell is left out.
    pub uncounted_until: Option<Timestamp>,
    /// Whether the last day was no working day, so that it is due later.
    pub moved: bool,
    /// By whose word it is due then, where neither law nor list says so: of several the earliest day counts.
    pub stated: Option<StatedDue>,
    /// When it was handed in, or provided before.
    pub handed_in: Option<Timestamp>,
    /// What is not at hand to show it.
    pub missing_proofs: Vec<ClosingProof>,
    /// The text that asks for it.
    pub law: Citation,
}

/// Whether an event counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EventStanding {
    /// It counts.
    InForce,
    /// A later event corrected or withdrew it, or it only withdraws.
    Amended,
    /// It cannot be used.
    Unusable,
}

impl EventStanding {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InForce => "in-force",
            Self::Amended => "amended",
            Self::Unusable => "unusable",
        }
    }
}

/// An event of a clock, as it was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "ClockEventRow")]
pub struct EventRow {
    /// Its number, by which a correction names it.
    pub number: u64,
    /// What was stated.
    #[serde(flatten)]
    pub stated: StatedClockEvent,
    /// Who said it.
    pub actor: String,
    /// When it was said.
    pub said: Timestamp,
    /// Whether it counts.
    pub standing: EventStanding,
    /// The event that corrected or withdrew it.
    pub amended_by: Option<u64>,
    /// Why it cannot be used.
    pub fault: Option<EventFault>,
}

/// Where reports of a clock go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "ClockRoute")]
pub struct RouteRow {
    /// The state whose body receives them; `None` where it is not known.
    pub country: Option<String>,
    /// Who receives them.
    pub recipients: Vec<Recipient>,
    /// The body that the office entered for them; `None` where it entered none.
    pub body: Option<ReportBody>,
    /// By what. A person does it.
    #[schemars(with = "String")]
    pub channel: Channel,
    /// Why there.
    pub reason: RouteReason,
    /// What a person has to find out first.
    pub questions: Vec<RouteQuestion>,
    /// The texts that say so.
    pub law: Vec<Citation>,
}

/// What took the place of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ReplacedBy {
    /// The day.
    pub day: String,
    /// The text.
    pub law: Citation,
}

/// A reporting clock of an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ClockRow {
    /// Number of the incident, as `I12`.
    pub incident: String,
    /// What the incident is called.
    pub title: String,
    /// Whether the incident is closed; its clocks run on.
    pub is_closed: bool,
    /// The clock.
    pub clock: Clock,
    /// Whose it is: an agency, a system or an own product; `None` while nobody is named, and then nothing is met.
    pub whom: Option<RoleSubject>,
    /// The name of that, for people.
    pub whom_name: Option<String>,
    /// Where it stands: as its most pressing step.
    pub state: StepState,
    /// The step that is due next.
    pub next_step: Option<ReportStep>,
    /// When that is.
    pub next_due: Option<Timestamp>,
    /// The roles that it binds.
    pub binds: Vec<Obliged>,
    /// Those that a person confirmed.
    pub roles: Vec<Obliged>,
    /// The texts that bind them.
    pub law: Vec<Citation>,
    /// The first day on which becoming aware starts it.
    pub valid_from: String,
    /// The day from which another text is said to have taken its place, and that text.
    pub replaced: Option<ReplacedBy>,
    /// Whether anybody said anything about it.
    pub is_begun: bool,
    /// The steps, in the order of the law. While nobody said when awareness began: as if that was when the incident was opened.
    pub steps: Vec<StepRow>,
    /// What to know before relying on it.
    pub cautions: Vec<ClockCaution>,
    /// Where reports go.
    pub route: RouteRow,
    /// All that was said, by number.
    pub history: Vec<EventRow>,
}

impl ClockRow {
    /// The step, the first of several.
    pub fn step(&self, step: ReportStep) -> Option<&StepRow> {
        self.steps.iter().find(|own| own.step == step)
    }

    /// By what a page finds it: each clock and whose it is stands there once.
    pub fn anchor(&self) -> String {
        let clock = self.clock.as_str();
        self.whom.as_ref().map_or_else(|| clock.to_owned(), |whom| format!("{clock} {whom}").replace(' ', "-"))
    }

    /// The step as a report is written for it: the first that was not handed in, else the last.
    pub fn current_step(&self, step: ReportStep) -> Option<&StepRow> {
        let own = || self.steps.iter().filter(|own| own.step == step);
        own().find(|own| own.handed_in.is_none()).or_else(|| own().next_back())
    }
}

/// The clocks of an incident.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct IncidentClocks {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Number of the incident, as `I12`.
    pub number: String,
    /// What it is called.
    pub title: String,
    /// Whether it is a drill: it binds nobody, and no clock runs.
    pub is_drill: bool,
    /// Where periods are counted.
    pub place: CountingPlace,
    /// All clocks, those that run first; one row for each whose it is.
    pub clocks: Vec<ClockRow>,
}

/// The clocks that run, over all incidents within sight.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ClocksAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Where periods are counted.
    pub place: CountingPlace,
    /// One row a clock and whose it is, the most pressing first.
    pub rows: Vec<ClockRow>,
}

impl ClocksAnswer {
    /// How many stand so.
    pub fn count(&self, state: StepState) -> u64 {
        self.rows.iter().filter(|row| row.state == state).count() as u64
    }
}
