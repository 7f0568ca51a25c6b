// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where the steps of a clock stand at a moment.

use underpin_model::Timestamp;
use underpin_model::clocks::{
    ClockCaution, ClockEvent, ClosingProof, EventFault, Happened, Obliged, ReportStep, StepReason, StepState,
};

use super::history::{Settled, settle};
use super::known::Known;
use super::period::{Calendar, End};
use super::rules::{ClockRule, NATIONAL_STARTS, Start, StepRule};

/// The place and the moment from which a clock is read.
#[derive(Clone, Copy, Debug)]
pub struct Outlook<'a> {
    /// Zone and holidays of the place where reports are handed in.
    pub calendar: &'a Calendar,
    /// The country, as `DE`, where a directive binds through its law.
    pub country: Option<&'a str>,
    /// The moment.
    pub now: Timestamp,
    /// How long before its end a step is due soon, in microseconds.
    pub soon_us: i64,
    /// As if whoever is bound had become aware then, until somebody states it. Dates are told by it, and nothing is met by it.
    pub assumed_aware: Option<Timestamp>,
    /// Whether the history is that of one who is named. Of nobody in particular nothing is met: several may be bound.
    pub is_bound_named: bool,
}

/// Where a step stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct StepStanding {
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
    /// The last moment that is in time. Told before the role is confirmed, too: the law's clock does not wait for that.
    pub due: Option<Timestamp>,
    /// For hours: the last moment when the hour in which the event fell is left out.
    pub uncounted_until: Option<Timestamp>,
    /// Whether the last day was no working day, so that it is due later.
    pub moved: bool,
    /// When it was handed in, or provided before.
    pub handed_in: Option<Timestamp>,
    /// What is not at hand to show it.
    pub missing_proofs: Vec<ClosingProof>,
    /// The key of the text that asks for it.
    pub law: &'static str,
}

/// Where a clock stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ClockStanding {
    /// The bound roles that a person confirmed.
    pub roles: Vec<Obliged>,
    /// The steps, in the order of the law.
    pub steps: Vec<StepStanding>,
    /// What to know before relying on it.
    pub cautions: Vec<ClockCaution>,
    /// The whole history: what counts, what was amended, what cannot be used.
    pub history: Settled,
}

/// Judges a clock by a history.
pub fn judge(rule: &'static ClockRule, events: &[ClockEvent], outlook: &Outlook<'_>) -> ClockStanding {
    let mut history = settle(events);
    set_foreign_apart(rule, &mut history);
    let mut known = Known::of(rule, &history.in_force, outlook.now);
    known.assume(outlook.assumed_aware);
    let gate = gate(rule, &known, outlook);
    let mut steps = Vec::new();
    for step in rule.steps {
        steps.extend(step_standings(step, &known, gate, outlook));
    }
    let cautions = cautions(rule, &known, &history, outlook);
    ClockStanding { roles: known.roles, steps, cautions, history }
}

/// Events about steps that this clock does not have, or that cannot be closed so.
fn set_foreign_apart(rule: &ClockRule, history: &mut Settled) {
    for event in std::mem::take(&mut history.in_force) {
        let fault = match &event.happened {
            Happened::HandedIn { step, .. } if rule.step(*step).is_none() => Some(EventFault::StepNotInClock),
            Happened::AlreadyProvided(step) => match rule.step(*step) {
                None => Some(EventFault::StepNotInClock),
                Some(step) if !step.coverable => Some(EventFault::CannotBeCovered),
                Some(_) => None,
            },
            other => (!rule.knows(other)).then_some(EventFault::NotInThisClock),
        };
        match fault {
            Some(fault) => history.unusable.push((event, fault)),
            None => history.in_force.push(event),
        }
    }
}

/// What holds for all steps alike: `None` when the clock may run.
fn gate(rule: &ClockRule, known: &Known, outlook: &Outlook<'_>) -> Option<(StepState, StepReason)> {
    if known.all_denied {
        return Some((StepState::DoesNotApply, StepReason::RoleDenied));
    }
    // An assumption rules nothing out for who is bound.
    let aware = known.aware.or(known.assumed.filter(|_| known.roles.is_empty()));
    if aware.is_some_and(|aware| law_starts(rule, outlook).is_some_and(|start| aware < start)) {
        return Some((StepState::DoesNotApply, StepReason::AwareBeforeLaw));
    }
    known.roles.is_empty().then_some((StepState::NotStarted, StepReason::RoleNotConfirmed))
}

fn law_starts(rule: &ClockRule, outlook: &Outlook<'_>) -> Option<Timestamp> {
    let national = national_start(rule, outlook).map(|(_, day, _)| *day);
    outlook.calendar.first_moment(national.unwrap_or(rule.valid_from.0))
}

fn national_start(
    rule: &ClockRule,
    outlook: &Outlook<'_>,
) -> Option<&'static (&'static str, &'static str, &'static str)> {
    let by_directive = rule.cautions.contains(&ClockCaution::NationalLawDecides);
    NATIONAL_STARTS.iter().find(|(country, ..)| by_directive && Some(*country) == outlook.country)
}

fn step_standings(
    rule: &'static StepRule,
    known: &Known,
    gate: Option<(StepState, StepReason)>,
    outlook: &Outlook<'_>,
) -> Vec<StepStanding> {
    let blank = StepStanding {
        step: rule.step,
        occurrence: 1,
        state: StepState::NotStarted,
        reason: StepReason::NotAware,
        started: None,
        due: None,
        uncounted_until: None,
        moved: false,
        handed_in: None,
        missing_proofs: Vec::new(),
        law: rule.law,
    };
    let mut standings = match rule.start {
        Start::Request => requests(known, outlook, &blank),
        _ => vec![single(rule, known, outlook, blank)],
    };
    let other_role = !rule.only.is_empty() && !known.roles.iter().any(|role| rule.only.contains(role));
    let gate = gate.or(other_role.then_some((StepState::DoesNotApply, StepReason::NotForThisRole)));
    for standing in &mut standings {
        if standing.state == StepState::DoneInTime && !outlook.is_bound_named {
            (standing.state, standing.reason) = (StepState::Running, StepReason::BoundNotNamed);
        }
        if let Some((state, reason)) = gate {
            (standing.state, standing.reason) = (state, reason);
        }
        if standing.handed_in.is_some() {
            standing.missing_proofs = known.missing_proofs(rule);
        }
    }
    standings
}

/// A step that there is once.
fn single(rule: &StepRule, known: &Known, outlook: &Outlook<'_>, blank: StepStanding) -> StepStanding {
    let begun = begin(rule, known, outlook.calendar);
    let closed = known.closed(rule.step);
    let mut standing = StepStanding { handed_in: closed.map(|(at, _)| at), ..blank };
    let end = match begun {
        Begun::Waits(reason) => {
            (standing.state, standing.reason) = match (closed, reason) {
                (Some(_), StepReason::WaitsForDate) => TIMELINESS_UNKNOWN,
                (Some(_), _) if known.aware.is_none() => TIMELINESS_UNKNOWN,
                (Some((_, how)), _) => (StepState::DoneInTime, before_start(how)),
                (None, StepReason::NotAware) => (StepState::NotStarted, reason),
                (None, _) => (StepState::NotDueYet, reason),
            };
            return standing;
        }
        Begun::Since(start, end) => {
            standing.started = start;
            end
        }
    };
    if let Some(end) = end {
        standing.due = Some(end.at);
        standing.uncounted_until = end.uncounted_until;
        standing.moved = end.moved;
    }
    (standing.state, standing.reason) = match closed {
        Some(_) if known.aware.is_none() && rule.start != Start::StatedDay => TIMELINESS_UNKNOWN,
        // The end lies beyond the calendar.
        Some(_) if end.is_none() && (rule.period.is_some() || rule.start == Start::StatedDay) => TIMELINESS_UNKNOWN,
        Some((at, how)) => closed_state(at, how, end),
        None if rule.period.is_none() && rule.start != Start::StatedDay => {
            (StepState::Running, StepReason::NoLimitInLaw)
        }
        None => open_state(end, outlook),
    };
    standing
}

/// One standing for each request; a blank one when there was none.
fn requests(known: &Known, outlook: &Outlook<'_>, blank: &StepStanding) -> Vec<StepStanding> {
    let none = StepStanding { state: StepState::NotDueYet, reason: StepReason::NotRequested, ..blank.clone() };
    if known.requests.is_empty() {
        return vec![none];
    }
    let mut answers = known.handed_in_at(ReportStep::Intermediate).into_iter().peekable();
    let mut standings = Vec::new();
    for (number, &(asked, by)) in known.requests.iter().enumerate() {
        while answers.next_if(|answer| *answer < asked).is_some() {}
        let answer = answers.next();
        let end = by.map(|by| End { at: by.max(asked), uncounted_until: None, moved: false });
        let (state, reason) = match answer {
            Some(at) => closed_state(at, StepReason::HandedIn, end),
            None if by.is_none() => (StepState::Running, StepReason::NoLimitInLaw),
            None => open_state(end, outlook),
        };
        let due = end.map(|end| end.at);
        let occurrence = u16::try_from(number + 1).unwrap_or(u16::MAX);
        let started = Some(asked);
        standings.push(StepStanding { occurrence, state, reason, started, due, handed_in: answer, ..none.clone() });
    }
    standings
}

/// Whether a step has begun: since when and until when, or what it waits for.
enum Begun {
    Waits(StepReason),
    Since(Option<Timestamp>, Option<End>),
}

fn begin(rule: &StepRule, known: &Known, calendar: &Calendar) -> Begun {
    if rule.start == Start::StatedDay {
        let Some(day) = known.stated.first() else { return Begun::Waits(StepReason::WaitsForDate) };
        let end = calendar.end_of_stated_day(*day);
        return Begun::Since(None, end.map(|at| End { at, uncounted_until: None, moved: false }));
    }
    let Some(aware) = known.aware.or(known.assumed) else { return Begun::Waits(StepReason::NotAware) };
    let since = |start: Timestamp| {
        let start = start.max(aware);
        Begun::Since(Some(start), rule.period.and_then(|period| calendar.end(period, start)))
    };
    match rule.start {
        Start::Measure => known.measure.map_or(Begun::Waits(StepReason::WaitsForMeasure), since),
        Start::Notification => known
            .closed(ReportStep::Notification)
            .map_or(Begun::Waits(StepReason::WaitsForNotification), |(notified, _)| since(notified)),
        Start::NotificationOrHandling | Start::OngoingAtEnd => {
            let Some((notified, _)) = known.closed(ReportStep::Notification) else {
                return Begun::Waits(StepReason::WaitsForNotification);
            };
            let first = since(notified);
            let ongoing = match &first {
                Begun::Since(_, Some(end)) => known.is_ongoing_at(end.at),
                _ => false,
            };
            match (rule.start, ongoing) {
                (Start::OngoingAtEnd, false) => Begun::Waits(StepReason::NotOngoing),
                (Start::OngoingAtEnd, true) | (_, false) => first,
                (_, true) => known.handling_end.map_or(Begun::Waits(StepReason::WaitsForHandlingEnd), since),
            }
        }
        _ => since(aware),
    }
}

/// It was handed in, and nobody can say whether in time: that is never met.
const TIMELINESS_UNKNOWN: (StepState, StepReason) = (StepState::Running, StepReason::TimelinessUnknown);

fn before_start(how: StepReason) -> StepReason {
    if how == StepReason::HandedIn { StepReason::HandedInBeforeStart } else { how }
}

fn closed_state(at: Timestamp, how: StepReason, end: Option<End>) -> (StepState, StepReason) {
    match end {
        Some(end) if at > end.at => (StepState::DoneLate, overdue(at, end)),
        _ => (StepState::DoneInTime, how),
    }
}

fn open_state(end: Option<End>, outlook: &Outlook<'_>) -> (StepState, StepReason) {
    match end {
        None => (StepState::NotDueYet, StepReason::BeyondCalendar),
        Some(end) if outlook.now > end.at => (StepState::Late, overdue(outlook.now, end)),
        Some(end) if end.at.0.saturating_sub(outlook.now.0) <= outlook.soon_us => {
            (StepState::DueSoon, StepReason::PeriodRuns)
        }
        Some(_) => (StepState::Running, StepReason::PeriodRuns),
    }
}

fn overdue(moment: Timestamp, end: End) -> StepReason {
    match end.uncounted_until {
        Some(until) if moment <= until => StepReason::WithinUncountedHour,
        _ => StepReason::PeriodOver,
    }
}

fn cautions(rule: &ClockRule, known: &Known, history: &Settled, outlook: &Outlook<'_>) -> Vec<ClockCaution> {
    let steward = [Obliged::StewardInDevelopment, Obliged::StewardInfrastructure];
    let by_steward = known.roles.iter().any(|role| steward.contains(role));
    let by_directive = rule.cautions.contains(&ClockCaution::NationalLawDecides);
    let replaced = rule.replaced.and_then(|(day, _)| outlook.calendar.first_moment(day));
    let counts_days = rule.steps.iter().any(|step| matches!(step.period, Some(period) if period.is_in_days()));
    let mut all = rule.cautions.to_vec();
    let mut add = |holds: bool, caution| {
        if holds {
            all.push(caution);
        }
    };
    add(by_steward, ClockCaution::StewardPeriodsByAnalogy);
    add(by_steward, ClockCaution::StewardRoutingOpen);
    add(by_directive && national_start(rule, outlook).is_none(), ClockCaution::NationalLawUnknown);
    add(replaced.is_some_and(|day| outlook.now >= day), ClockCaution::LawReplaced);
    add(known.contradicted, ClockCaution::RoleContradicted);
    let early = |aware| known.measure.is_some_and(|measure| measure < aware);
    add(known.aware.is_some_and(early), ClockCaution::MeasureBeforeAwareness);
    add(known.stated.len() > 1, ClockCaution::SeveralDates);
    add(counts_days && outlook.calendar.has_no_holidays(), ClockCaution::NoHolidaysGiven);
    add(known.in_future, ClockCaution::EventsInTheFuture);
    add(!history.unusable.is_empty(), ClockCaution::EventsUnusable);
    let counts_awareness = rule.steps.iter().any(|step| !matches!(step.start, Start::StatedDay | Start::Request));
    add(known.assumed.is_some() && counts_awareness, ClockCaution::AwarenessAssumed);
    add(!outlook.is_bound_named && !known.roles.is_empty(), ClockCaution::BoundNotNamed);
    all
}
