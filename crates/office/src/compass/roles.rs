// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `roles`: the role planner. Which roles and measures are active, planned, retired; what led there, who was heard, what changed by it;
//! what each role rests on, and what comes next.

use std::collections::BTreeSet;

use serde::Serialize;
use underpin_ledger::{ConsultationRecord, RoleStepRecord};
use underpin_model::compass::{
    ConsultationState, HeardGroup, MEASURES, OfficeRole, RoleState, RoleStep, RoleSwitch, Switched, inactive,
    measures_of, switched,
};
use underpin_model::{Timestamp, Viewer};

use super::prerequisites::{Prerequisite, prerequisites};
use crate::coordinator::Author;
use crate::error::Result;
use crate::house::{Desk, House, Overview};

/// The answer of `roles`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct RolesAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Each role, and how it stands.
    pub roles: Vec<RoleRow>,
    /// Each measure in each stage, and how it stands.
    pub rows: Vec<MeasureRow>,
    /// What was switched when, and what led there; the newest first.
    pub steps: Vec<RoleStepRow>,
}

/// A role.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct RoleRow {
    /// Which.
    pub role: OfficeRole,
    /// How it stands.
    #[serde(flatten)]
    pub standing: SwitchStanding,
    /// Measures of it that are active, of those there are.
    pub active_measures: u64,
    /// How many there are.
    pub measures: u64,
    /// What it rests on.
    pub prerequisites: Vec<Prerequisite>,
    /// How many measures were active when: a line for each day on which something changed.
    pub maturity: Vec<MaturityRow>,
    /// The next sensible step, as a word.
    pub next: &'static str,
    /// What that step is about: a prerequisite or a consultation; none where the word says it all.
    pub next_about: Option<String>,
}

/// How something stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct SwitchStanding {
    /// The state.
    pub state: RoleState,
    /// Since when; `None` where nobody ever said anything.
    pub since: Option<Timestamp>,
    /// Whether nobody ever said anything: then it counts as active.
    pub is_assumed: bool,
    /// Number of the step that it follows from.
    pub step: Option<i64>,
    /// The state that is to come.
    pub coming: Option<RoleState>,
    /// When that begins.
    pub coming_from: Option<Timestamp>,
}

/// A measure in a stage of the life of software.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct MeasureRow {
    /// The role it belongs to.
    pub role: OfficeRole,
    /// The measure, by its word.
    pub measure: &'static str,
    /// The stage.
    pub stage: &'static str,
    /// How it stands.
    #[serde(flatten)]
    pub standing: SwitchStanding,
    /// Whether that was said of the role or of the measure as a whole.
    pub is_inherited: bool,
}

/// How far a role was, from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct MaturityRow {
    /// From when on.
    pub from: Timestamp,
    /// Measures that were active then.
    pub active_measures: u64,
}

/// A step, and what led there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RoleStepRow {
    /// Number.
    pub number: i64,
    /// What was switched how, and why.
    #[serde(flatten)]
    pub step: RoleStep,
    /// What was switched, in words for a machine.
    pub about: String,
    /// The consultation that led there, as `U3`.
    pub by_consultation: Option<String>,
    /// Comments that it had.
    pub comments: Option<usize>,
    /// Who was heard besides, by kind.
    pub heard: Vec<HeardGroup>,
    /// What changed by it.
    pub changed: Option<String>,
    /// Who took the step.
    pub actor: String,
    /// When it was written down.
    pub written: Timestamp,
}

/// Roles that are not active at a moment, by all steps.
pub fn inactive_by(steps: &[RoleStep], at: Timestamp) -> Vec<OfficeRole> {
    inactive(steps, at)
}

/// How something stands at a moment, by all steps.
pub fn state_by(steps: &[RoleStep], switch: &RoleSwitch, at: Timestamp) -> RoleState {
    switched(steps, switch, at).state
}

impl House {
    /// All steps of roles up to now. What is on screen follows from them, the same for everybody.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn role_steps(&self, now: Timestamp) -> Result<Vec<RoleStep>> {
        let steps = self.ledger.reader(Viewer::Operator, now).role_steps(now).await?;
        Ok(steps.into_iter().map(|one| one.step).collect())
    }

    /// The role planner, as of the moment of the desk.
    ///
    /// # Errors
    /// When the ledger cannot be read, or a segment is missing or damaged.
    pub async fn roles(&self, desk: &Desk) -> Result<RolesAnswer> {
        let overview = desk.overview();
        let records = self.ledger.reader(desk.viewer.clone(), desk.now).role_steps(overview.as_of).await?;
        let known = self.compass_facts(desk).await?;
        let steps: Vec<RoleStep> = records.iter().map(|one| one.step.clone()).collect();
        let needed = prerequisites(known);
        let planner = Planner { records: &records, steps: &steps, at: overview.as_of };
        let roles = OfficeRole::ALL.iter().map(|role| planner.role(*role, &needed, &known.consultations));
        let rows = MEASURES.iter().flat_map(|measure| {
            measure.stages.iter().map(|stage| {
                let switch =
                    RoleSwitch { role: measure.role, measure: Some(measure.code.to_owned()), stage: Some(*stage) };
                let found = switched(&steps, &switch, overview.as_of);
                MeasureRow {
                    role: measure.role,
                    measure: measure.code,
                    stage: stage.as_str(),
                    standing: planner.standing(&found),
                    is_inherited: found.is_inherited,
                }
            })
        });
        Ok(RolesAnswer {
            roles: roles.collect(),
            rows: rows.collect(),
            steps: records.iter().rev().map(|one| step_row(one, &known.consultations)).collect(),
            overview,
        })
    }

    /// Takes a step; its number.
    ///
    /// # Errors
    /// `consultation-needed` where nobody was heard and no exception is stated; what the ledger says.
    pub async fn take_role_step(&self, author: &Author, step: &RoleStep) -> Result<i64> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        Ok(writer.take_role_step(author.at, step).await?)
    }
}

struct Planner<'r> {
    records: &'r [RoleStepRecord],
    steps: &'r [RoleStep],
    at: Timestamp,
}

impl Planner<'_> {
    fn standing(&self, found: &Switched) -> SwitchStanding {
        let coming = found.next.map(|place| &self.steps[place]);
        SwitchStanding {
            state: found.state,
            since: found.step.map(|place| self.steps[place].from),
            is_assumed: found.step.is_none(),
            step: found.step.map(|place| self.records[place].number),
            coming: coming.map(|step| step.state),
            coming_from: coming.map(|step| step.from),
        }
    }

    fn active_measures(&self, role: OfficeRole, at: Timestamp) -> u64 {
        let is_active = |code: &str| {
            let switch = RoleSwitch { role, measure: Some(code.to_owned()), stage: None };
            switched(self.steps, &switch, at).state == RoleState::Active
        };
        measures_of(role).filter(|one| is_active(one.code)).count() as u64
    }

    fn role(&self, role: OfficeRole, needed: &[Prerequisite], consultations: &[ConsultationRecord]) -> RoleRow {
        let standing = self.standing(&switched(self.steps, &RoleSwitch::of(role), self.at));
        let own: Vec<Prerequisite> = needed.iter().filter(|one| one.role == role).copied().collect();
        // Several steps of a day are one change.
        let own_steps = self.steps.iter().filter(|step| step.switch.role == role && step.from <= self.at);
        let days: BTreeSet<Timestamp> = own_steps.map(|step| step.from).collect();
        let maturity = days
            .into_iter()
            .map(|from| MaturityRow { from, active_measures: self.active_measures(role, from) })
            .collect();
        let (next, next_about) = next_step(role, &standing, &own, (consultations, self.at));
        RoleRow {
            role,
            active_measures: self.active_measures(role, self.at),
            measures: measures_of(role).count() as u64,
            prerequisites: own,
            maturity,
            next,
            next_about,
            standing,
        }
    }
}

/// Words of the next step.
pub const NEXT_STEPS: &[&str] =
    &["answer", "wait", "begin", "meet", "find-out", "consult", "say-so", "keep-it-up", "nothing"];

/// The next sensible step of a role: what is owed to people first, then what is missing.
fn next_step(
    role: OfficeRole,
    standing: &SwitchStanding,
    needed: &[Prerequisite],
    (consultations, at): (&[ConsultationRecord], Timestamp),
) -> (&'static str, Option<String>) {
    let of_role = || consultations.iter().rev().filter(|one| one.consultation.about.role == role);
    let in_state = |state| of_role().find(|one| one.state(at) == state).map(|one| one.id.to_string());
    if let Some(id) = in_state(ConsultationState::Over) {
        return ("answer", Some(id));
    }
    if let Some(id) = in_state(ConsultationState::Open).or_else(|| in_state(ConsultationState::Planned)) {
        return ("wait", Some(id));
    }
    let first = |outcome: &str| needed.iter().find(|one| one.outcome == outcome).map(|one| one.code.to_owned());
    match standing.state {
        RoleState::Retired => ("nothing", None),
        RoleState::Planned | RoleState::Active => match (first("not-met"), first("unknown")) {
            (Some(code), _) => ("meet", Some(code)),
            (None, Some(code)) => ("find-out", Some(code)),
            (None, None) if standing.is_assumed => ("say-so", None),
            (None, None) if standing.state == RoleState::Active => ("keep-it-up", None),
            (None, None) => {
                let closed = of_role().find(|one| {
                    one.closed.is_some()
                        && one.consultation.proposed == RoleState::Active
                        && one.consultation.about == RoleSwitch::of(role)
                });
                closed.map_or(("consult", None), |one| ("begin", Some(one.id.to_string())))
            }
        },
    }
}

fn step_row(record: &RoleStepRecord, consultations: &[ConsultationRecord]) -> RoleStepRow {
    let led = record.step.consultation.and_then(|id| consultations.iter().find(|one| one.id == id));
    let closing = led.and_then(|one| one.closed.as_ref()).map(|done| done.what.clone());
    RoleStepRow {
        number: record.number,
        about: record.step.switch.to_string(),
        by_consultation: record.step.consultation.map(|id| id.to_string()),
        comments: led.map(|one| one.comments.len()),
        heard: closing.as_ref().map(|one| one.heard.clone()).unwrap_or_default(),
        changed: closing.map(|one| one.changed),
        step: record.step.clone(),
        actor: record.actor.clone(),
        written: record.moment,
    }
}
