// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The reporting clocks of incidents. People say what happened; where each step stands is worked out at every reading, so that a
//! correction counts at once and nothing can be late or met by a word of the past.
//!
//! Whether somebody is bound is for a person to say. Until somebody states when whoever is bound became aware, a clock
//! tells by when each step would be due if that was when the incident was opened: the law does not wait for the office to make up its
//! mind. Nothing is met by that assumption, nor while nobody says who is bound: one report does not close a step for everybody.

use std::path::Path;

use underpin_assess::clocks::routing::{Route, route};
use underpin_assess::clocks::rules::Start;
use underpin_assess::clocks::{CLOCKS, Calendar, ClockRule, ClockStanding, Outlook, StepStanding, judge, rule};
use underpin_ledger::ClockEventRecord;
use underpin_model::clocks::{
    Clock, ClockEvent, ClockEvidence, Happened, Obliged, StatedClockEvent, StepReason, StepState,
};
use underpin_model::incidents::{Incident, IncidentId};
use underpin_model::law_roles::RoleSubject;
use underpin_model::law_routing::{Recipient, ReportBody};

pub use super::clock_rows::{
    ClockRow, ClocksAnswer, CountingPlace, EventRow, EventStanding, IncidentClocks, ReplacedBy, RouteRow, StatedDue,
    StepRow,
};
use super::drafts::{digest, document};
pub use super::histories::whom_of;
use super::histories::{histories, seen_evidence};
use super::roles::subject_name;
use super::{citation, citations};
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

impl House {
    /// The clocks of an incident, each with its steps, its history, and where its reports go.
    ///
    /// # Errors
    /// `not-found` for an incident that is not there or out of sight; when the ledger cannot be read.
    pub async fn incident_clocks(&self, desk: &Desk, id: IncidentId) -> Result<IncidentClocks> {
        let incident = self.seen_incident(desk, id).await?;
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let events = reader.clock_events(Some(id), desk.snapshot.at).await?;
        let calendar = self.settings.law.calendar()?;
        let mut clocks: Vec<ClockRow> = match incident.is_drill {
            true => Vec::new(),
            false => CLOCKS
                .iter()
                .flat_map(|rule| histories(of_clock(&events, rule.clock)).into_iter().map(move |own| (rule, own)))
                .map(|(rule, own)| self.clock_row(desk, (&incident, rule), own, &calendar))
                .collect(),
        };
        clocks.sort_by_key(|row| (!row.is_begun, pressing(row)));
        Ok(IncidentClocks {
            overview: desk.overview(),
            number: id.to_string(),
            title: incident.title,
            is_drill: incident.is_drill,
            place: self.counting_place(),
            clocks,
        })
    }

    /// The clocks about which somebody said something, over all incidents within sight, the most pressing first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn clocks(&self, desk: &Desk) -> Result<ClocksAnswer> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let events = reader.clock_events(None, desk.snapshot.at).await?;
        let incidents = reader.incidents(desk.snapshot.at).await?;
        let calendar = self.settings.law.calendar()?;
        let mut rows = Vec::new();
        for incident in &incidents {
            for rule in CLOCKS {
                let of = events.iter().filter(|record| record.incident == incident.id && record.clock == rule.clock);
                let own: Vec<&ClockEventRecord> = of.collect();
                if own.is_empty() {
                    continue;
                }
                for own in histories(own) {
                    rows.push(self.clock_row(desk, (incident, rule), own, &calendar));
                }
            }
        }
        rows.sort_by_key(pressing);
        Ok(ClocksAnswer { overview: desk.overview(), place: self.counting_place(), rows })
    }

    /// Writes down what somebody says happened to a clock. Returns the number of the event.
    ///
    /// # Errors
    /// `invalid-clock-event` for what this clock does not know or what cannot have happened; `not-found` for an incident that is not
    /// there or out of sight; `not-allowed`; what the ledger says.
    pub async fn tell_clock(
        &self,
        author: &Author,
        (id, clock): (IncidentId, Clock),
        stated: StatedClockEvent,
    ) -> Result<u64> {
        fits(rule(clock), &stated.happened)?;
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.note_clock_event(author.at, (id, clock), stated).await.map_err(crate::incidents::hidden)
    }

    /// The same for several events that are said together: all are written down, or none.
    ///
    /// # Errors
    /// As [`Self::tell_clock`].
    pub async fn tell_clocks(
        &self,
        author: &Author,
        (id, clock): (IncidentId, Clock),
        all: Vec<StatedClockEvent>,
    ) -> Result<Vec<u64>> {
        all.iter().try_for_each(|stated| fits(rule(clock), &stated.happened))?;
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.note_clock_events(author.at, (id, clock), all).await.map_err(crate::incidents::hidden)
    }

    fn counting_place(&self) -> CountingPlace {
        let law = &self.settings.law;
        CountingPlace {
            time_zone: law.time_zone.clone().unwrap_or_else(|| "UTC".to_owned()),
            is_zone_set: law.time_zone.is_some(),
            holidays: law.holidays.len(),
            country: law.country.clone(),
        }
    }

    fn clock_row(
        &self,
        desk: &Desk,
        (incident, rule): (&Incident, &'static ClockRule),
        (whom, records): (Option<RoleSubject>, Vec<&ClockEventRecord>),
        calendar: &Calendar,
    ) -> ClockRow {
        let now = desk.snapshot.at;
        let law = &self.settings.law;
        let events: Vec<ClockEvent> = records.iter().map(|record| record.event()).collect();
        let is_begun = !events.is_empty();
        let outlook = Outlook {
            calendar,
            country: law.country.as_deref(),
            now,
            soon_us: law.soon_us(),
            assumed_aware: Some(incident.opened),
            is_bound_named: whom.is_some(),
        };
        let standing = judge(rule, &events, &outlook);
        let steward = [Obliged::StewardInDevelopment, Obliged::StewardInfrastructure];
        let is_steward = standing.roles.iter().any(|role| steward.contains(role));
        let next = next_step(&standing.steps);
        ClockRow {
            incident: incident.id.to_string(),
            title: incident.title.clone(),
            is_closed: incident.closed.is_some(),
            clock: rule.clock,
            whom_name: whom.as_ref().map(|whom| subject_name(desk, whom)),
            whom,
            state: overall(&standing.steps),
            next_step: next.map(|step| step.step),
            next_due: next.and_then(|step| step.due),
            binds: rule.binds.to_vec(),
            roles: standing.roles.clone(),
            law: citations(rule.law.iter().copied()),
            valid_from: rule.valid_from.0.to_owned(),
            replaced: rule.replaced.map(|(day, key)| ReplacedBy { day: day.to_owned(), law: citation(key) }),
            is_begun,
            steps: standing
                .steps
                .iter()
                .map(|step| step_row(step, stated_due(rule, step, &records, &standing)))
                .collect(),
            cautions: standing.cautions.clone(),
            route: route_row(route(rule.clock, &law.whereabouts(is_steward)), law.body.as_ref()),
            history: history(desk, &records, &standing),
        }
    }
}

fn of_clock(events: &[ClockEventRecord], clock: Clock) -> Vec<&ClockEventRecord> {
    events.iter().filter(|record| record.clock == clock).collect()
}

/// Refuses what the clock would pass over: nobody is to believe that it counts.
fn fits(rule: &ClockRule, happened: &Happened) -> Result<()> {
    let refused = |why: String| Err(OfficeError::new("invalid-clock-event", why));
    let words = |all: Vec<&'static str>| all.join(", ");
    let name = rule.clock.as_str();
    match happened {
        Happened::RoleConfirmed(role) | Happened::RoleDenied(role) if !rule.binds.contains(role) => {
            let known = words(rule.binds.iter().map(|role| role.as_str()).collect());
            refused(format!("the clock {name} does not bind the role {}; it binds: {known}", role.as_str()))
        }
        Happened::HandedIn { step, .. } if rule.step(*step).is_none() => {
            let known = words(rule.steps.iter().map(|step| step.step.as_str()).collect());
            refused(format!("the clock {name} has no step {}; its steps are: {known}", step.as_str()))
        }
        Happened::AlreadyProvided(step) if !rule.step(*step).is_some_and(|step| step.coverable) => {
            refused(format!("the step {} of the clock {name} is not closed by what was provided before", step.as_str()))
        }
        Happened::DueStated(_) if rule.clock != Clock::KevDueDate => {
            refused(format!("the law sets the dates of the clock {name}; nobody states them"))
        }
        other if !rule.knows(other) => {
            let word = happened_word(other);
            refused(format!("{word} means nothing to the clock {name}: no date of it depends on that"))
        }
        _ => Ok(()),
    }
}

/// Where a clock stands: as its most pressing step. Done only when nothing waits but for what may never come.
fn overall(steps: &[StepStanding]) -> StepState {
    let may_never_come = |step: &&StepStanding| {
        !(step.state == StepState::NotDueYet
            && matches!(step.reason, StepReason::NotRequested | StepReason::NotOngoing))
    };
    let rank = |state: StepState| RANKS.iter().position(|own| *own == state);
    let states = steps.iter().filter(may_never_come).map(|step| step.state);
    states.min_by_key(|state| rank(*state)).unwrap_or(StepState::NotStarted)
}

/// States of a clock, the most pressing first.
const RANKS: [StepState; 8] = [
    StepState::Late,
    StepState::DueSoon,
    StepState::Running,
    StepState::NotDueYet,
    StepState::NotStarted,
    StepState::DoneLate,
    StepState::DoneInTime,
    StepState::DoesNotApply,
];

/// The open step that is due first.
fn next_step(steps: &[StepStanding]) -> Option<&StepStanding> {
    let open = |step: &&StepStanding| matches!(step.state, StepState::Late | StepState::DueSoon | StepState::Running);
    let waits = |step: &&StepStanding| step.due.is_some() && step.handed_in.is_none();
    steps.iter().filter(open).filter(waits).min_by_key(|step| step.due)
}

/// What orders clocks: state, then the next date.
fn pressing(row: &ClockRow) -> (Option<usize>, i64, String, Clock) {
    let rank = RANKS.iter().position(|state| *state == row.state);
    (rank, row.next_due.map_or(i64::MAX, |due| due.0), row.incident.clone(), row.clock)
}

/// By whose word a step is due, where that alone sets its day.
fn stated_due(
    rule: &ClockRule,
    step: &StepStanding,
    records: &[&ClockEventRecord],
    standing: &ClockStanding,
) -> Option<StatedDue> {
    rule.step(step.step).filter(|of| of.start == Start::StatedDay && step.due.is_some())?;
    let stated = standing.history.in_force.iter().filter_map(|event| match event.happened {
        Happened::DueStated(day) => Some((day, event.number)),
        _ => None,
    });
    let (day, event) = stated.min()?;
    let record = records.iter().find(|record| record.number == event)?;
    let (source, actor) = (record.stated.source.clone(), record.actor.clone());
    Some(StatedDue { day, source, actor, said: record.moment, event })
}

fn step_row(step: &StepStanding, stated: Option<StatedDue>) -> StepRow {
    StepRow {
        step: step.step,
        occurrence: step.occurrence,
        state: step.state,
        reason: step.reason,
        started: step.started,
        due: step.due,
        uncounted_until: step.uncounted_until,
        moved: step.moved,
        stated,
        handed_in: step.handed_in,
        missing_proofs: step.missing_proofs.clone(),
        law: citation(step.law),
    }
}

fn route_row(route: Route, entered: Option<&ReportBody>) -> RouteRow {
    let body = entered.filter(|_| route.recipients.contains(&Recipient::EnteredBody)).cloned();
    RouteRow {
        country: route.country,
        recipients: route.recipients,
        body,
        channel: route.channel,
        reason: route.reason,
        questions: route.questions,
        law: citations(route.law.iter().copied()),
    }
}

/// Everything that was said, with whether it counts.
fn history(desk: &Desk, records: &[&ClockEventRecord], standing: &ClockStanding) -> Vec<EventRow> {
    let settled = &standing.history;
    let row = |record: &&ClockEventRecord| {
        let number = record.number;
        let amended = settled.amended.iter().find(|(event, _)| event.number == number).map(|(_, by)| *by);
        let fault = settled.unusable.iter().find(|(event, _)| event.number == number).map(|(_, fault)| *fault);
        let standing = match (amended, fault) {
            (_, Some(_)) => EventStanding::Unusable,
            (Some(_), None) => EventStanding::Amended,
            (None, None) => EventStanding::InForce,
        };
        EventRow {
            number,
            stated: StatedClockEvent {
                evidence: seen_evidence(desk, &record.stated.evidence),
                ..record.stated.clone()
            },
            actor: record.actor.clone(),
            said: record.moment,
            standing,
            amended_by: amended.filter(|by| *by != number),
            fault,
        }
    };
    records.iter().map(row).collect()
}

/// The word of an event.
pub fn happened_word(happened: &Happened) -> &'static str {
    match happened {
        Happened::RoleConfirmed(_) => "role-confirmed",
        Happened::RoleDenied(_) => "role-denied",
        Happened::BecameAware => "became-aware",
        Happened::MeasureAvailable => "measure-available",
        Happened::HandedIn { .. } => "handed-in",
        Happened::AlreadyProvided(_) => "already-provided",
        Happened::IntermediateRequested(_) => "intermediate-requested",
        Happened::StillOngoing => "still-ongoing",
        Happened::HandlingEnded => "handling-ended",
        Happened::DueStated(_) => "due-stated",
        Happened::Withdrawn => "withdrawn",
    }
}

/// Whether a name is that of a document of the house, as `D12`.
pub fn is_document_name(name: &str) -> bool {
    name.strip_prefix(['D', 'd']).is_some_and(|rest| rest.parse::<i64>().is_ok())
}

/// A document of the house as evidence.
///
/// # Errors
/// `unknown-document` for what is not there or out of sight.
pub fn document_evidence(desk: &Desk, name: &str) -> Result<ClockEvidence> {
    let found = Some(name).filter(|name| is_document_name(name)).and_then(|name| document(desk, name));
    found.ok_or_else(|| {
        OfficeError::new("unknown-document", format!("there is no document {name}"))
            .hint("name it as D12; `underpin documents` lists those that you may see")
    })
}

/// A file of whoever runs the program as evidence: its name and digest are kept, and not its bytes.
///
/// # Errors
/// When it cannot be read.
pub fn file_evidence(path: &Path) -> Result<ClockEvidence> {
    let bytes = std::fs::read(path).map_err(|error| OfficeError::file(path, &error))?;
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    Ok(ClockEvidence { name, sha256: digest(&bytes) })
}

#[cfg(test)]
mod tests {
    use underpin_model::clocks::ReportStep;

    use super::*;

    fn step(state: StepState, reason: StepReason) -> StepStanding {
        StepStanding {
            step: ReportStep::Final,
            occurrence: 1,
            state,
            reason,
            started: None,
            due: None,
            uncounted_until: None,
            moved: false,
            handed_in: None,
            missing_proofs: Vec::new(),
            law: "cra-14-1",
        }
    }

    #[test]
    fn a_clock_is_done_only_when_nothing_waits_that_must_come() {
        use {StepReason::*, StepState::*};
        for (steps, expected) in [
            (vec![step(DoneInTime, HandedIn), step(NotDueYet, NotRequested)], DoneInTime),
            (vec![step(DoneInTime, HandedIn), step(NotDueYet, WaitsForMeasure)], NotDueYet),
            (vec![step(DoneInTime, HandedIn), step(Running, NoLimitInLaw)], Running),
            (vec![step(DoneInTime, HandedIn), step(DoneLate, PeriodOver)], DoneLate),
            (vec![step(DoneInTime, HandedIn), step(Late, PeriodOver), step(DueSoon, PeriodRuns)], Late),
            (vec![step(NotStarted, RoleNotConfirmed), step(NotDueYet, NotRequested)], NotStarted),
            (vec![step(DoesNotApply, RoleDenied)], DoesNotApply),
        ] {
            assert_eq!(overall(&steps), expected);
        }
    }

    #[test]
    fn every_state_has_a_rank_and_every_text_is_cited() {
        assert!(StepState::ALL.iter().all(|state| RANKS.contains(state)));
        for rule in CLOCKS {
            let keys = rule.law.iter().copied().chain(rule.steps.iter().map(|step| step.law));
            assert!(citations(keys).iter().all(|text| !text.title.is_empty()));
        }
    }
}
