// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What must hold for every history: ten thousand random ones each, around leap days, month ends and the days on which clocks are
//! put on and back.

use std::sync::LazyLock;

use proptest::prelude::*;
use underpin_model::Timestamp;
use underpin_model::clocks::{Clock, ClockEvent, Happened, Obliged, ReportStep, StepState};

use super::oracle::{self, ZONES, number_of};
use super::period::{Calendar, Period};
use super::rules::{Start, rule};
use super::{ClockStanding, Outlook, judge};

const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;

/// Days on which mistakes show: summer time begins and ends, February ends, a month of 31 days ends, a year ends.
const SHARP: [oracle::Day; 12] = [
    (2026, 10, 25),
    (2027, 3, 28),
    (2027, 10, 31),
    (2028, 2, 28),
    (2028, 2, 29),
    (2028, 3, 26),
    (2027, 1, 31),
    (2028, 1, 31),
    (2026, 12, 31),
    (2032, 2, 29),
    (2029, 3, 31),
    (2036, 1, 30),
];

const HOLIDAYS: [oracle::Day; 6] =
    [(2026, 12, 25), (2026, 12, 26), (2027, 1, 1), (2028, 2, 28), (2028, 2, 29), (2028, 4, 14)];

static CALENDARS: LazyLock<Vec<Calendar>> = LazyLock::new(|| {
    let days: Vec<String> = HOLIDAYS.iter().map(|(year, month, day)| format!("{year}-{month:02}-{day:02}")).collect();
    let of = |zone: &oracle::NaiveZone| {
        Calendar::new(zone.name).unwrap().with_holidays(days.iter().map(String::as_str)).unwrap()
    };
    ZONES.iter().map(of).collect()
});

fn moment() -> impl Strategy<Value = i64> {
    let sharp = (0..SHARP.len(), -2..3_i64).prop_map(|(day, shift)| number_of(SHARP[day]) + shift);
    let any = number_of((2026, 9, 13))..number_of((2040, 1, 1));
    let time = prop_oneof![0..DAY_US, (0..48_i64).prop_map(|half| half * HOUR_US / 2), Just(DAY_US - 1), Just(0)];
    (prop_oneof![sharp, any], time).prop_map(|(day, time)| day * DAY_US + time)
}

fn period() -> impl Strategy<Value = Period> {
    prop_oneof![
        (1..200_u16).prop_map(Period::Hours),
        (1..40_u16).prop_map(Period::Days),
        (1..14_u16).prop_map(Period::Months),
        (1..30_u16).prop_map(Period::WorkingDays),
    ]
}

fn one_of<T: Copy + std::fmt::Debug>(values: &'static [T]) -> impl Strategy<Value = T> {
    (0..values.len()).prop_map(|number| values[number])
}

fn happened() -> impl Strategy<Value = Happened> {
    prop_oneof![
        1 => one_of(Obliged::ALL).prop_map(Happened::RoleConfirmed),
        1 => one_of(Obliged::ALL).prop_map(Happened::RoleDenied),
        2 => Just(Happened::BecameAware),
        2 => Just(Happened::MeasureAvailable),
        5 => one_of(ReportStep::ALL).prop_map(|step| Happened::HandedIn { step, proofs: Vec::new() }),
        1 => one_of(ReportStep::ALL).prop_map(Happened::AlreadyProvided),
        2 => prop::option::of(moment()).prop_map(|by| Happened::IntermediateRequested(by.map(Timestamp))),
        2 => Just(Happened::StillOngoing),
        2 => Just(Happened::HandlingEnded),
        1 => moment().prop_map(|day| Happened::DueStated(Timestamp(day))),
        1 => Just(Happened::Withdrawn),
    ]
}

/// A history of which most is told well: the role and the moment of awareness stand first, numbers are rarely used twice.
fn history(clock: Clock) -> impl Strategy<Value = Vec<ClockEvent>> {
    let event = (happened(), -DAY_US..70 * DAY_US, prop::option::weighted(0.2, 1..12_u64), prop::bool::weighted(0.03));
    (moment(), prop::collection::vec(event, 0..9), prop::bool::weighted(0.9)).prop_map(move |(start, told, usual)| {
        let plain = |number, happened| ClockEvent { said: None, number, at: Timestamp(start), amends: None, happened };
        let mut events = Vec::new();
        if usual {
            events.push(plain(1, Happened::RoleConfirmed(rule(clock).binds[0])));
            events.push(plain(2, Happened::BecameAware));
        }
        for (happened, later, amends, twice) in told {
            let number = events.len() as u64 + u64::from(!twice);
            events.push(ClockEvent { said: None, number, at: Timestamp(start + later), amends, happened });
        }
        events
    })
}

fn clock() -> impl Strategy<Value = Clock> {
    one_of(Clock::ALL)
}

fn clock_history() -> impl Strategy<Value = (Clock, Vec<ClockEvent>)> {
    clock().prop_flat_map(|clock| (Just(clock), history(clock)))
}

fn standing(clock: Clock, events: &[ClockEvent], now: i64, zone: usize) -> ClockStanding {
    look(clock, events, now, zone, None)
}

fn look(clock: Clock, events: &[ClockEvent], now: i64, zone: usize, assumed: Option<i64>) -> ClockStanding {
    let outlook = Outlook {
        calendar: &CALENDARS[zone],
        country: None,
        now: Timestamp(now),
        soon_us: 6 * HOUR_US,
        assumed_aware: assumed.map(Timestamp),
        is_bound_named: true,
    };
    judge(rule(clock), events, &outlook)
}

/// A moment after all events.
fn after(events: &[ClockEvent]) -> i64 {
    events.iter().map(|event| event.at.0).max().unwrap_or_default() + 1
}

fn days_after(start: i64) -> impl Strategy<Value = i64> {
    (0..120 * DAY_US).prop_map(move |later| start + later)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn periods_end_where_stepping_days_ends(period in period(), event in moment(), zone in 0..ZONES.len()) {
        let end = CALENDARS[zone].end(period, Timestamp(event)).unwrap();
        prop_assert_eq!(end.at.0, oracle::end(ZONES[zone], &HOLIDAYS, period, event));
        prop_assert!(end.at.0 >= event);
        prop_assert!(end.uncounted_until.is_none_or(|until| until >= end.at && until.0 < end.at.0 + HOUR_US));
    }

    #[test]
    fn a_later_event_never_ends_earlier(
        period in period(), event in moment(), later in prop_oneof![0..3 * HOUR_US, 0..40 * DAY_US], zone in 0..ZONES.len(),
    ) {
        let end = |event| CALENDARS[zone].end(period, Timestamp(event)).unwrap();
        let (first, second) = (end(event), end(event + later));
        prop_assert!(first.at <= second.at);
        prop_assert!(first.uncounted_until <= second.uncounted_until);
    }

    #[test]
    fn nothing_is_due_before_it_started(
        ((clock, events), zone, later) in (clock_history(), 0..ZONES.len(), 0..90 * DAY_US),
    ) {
        for step in standing(clock, &events, after(&events) + later, zone).steps {
            if let (Some(started), Some(due)) = (step.started, step.due) {
                prop_assert!(due >= started, "{:?}", step);
            }
        }
    }

    #[test]
    fn the_order_of_telling_makes_no_difference(
        ((clock, events), told, now) in clock_history().prop_flat_map(|(clock, events)| {
            let start = after(&events) - 60 * DAY_US;
            ((Just(clock), Just(events.clone())), Just(events).prop_shuffle(), days_after(start))
        }),
    ) {
        prop_assert_eq!(standing(clock, &events, now, 0), standing(clock, &told, now, 0));
    }

    #[test]
    fn every_event_stays_in_the_history_once((clock, events) in clock_history()) {
        let history = standing(clock, &events, after(&events), 0).history;
        let mut kept: Vec<&ClockEvent> = history.in_force.iter().collect();
        kept.extend(history.amended.iter().map(|(event, _)| event));
        kept.extend(history.unusable.iter().map(|(event, _)| event));
        let mut told: Vec<&ClockEvent> = Vec::new();
        for event in &events {
            if !told.contains(&event) {
                told.push(event);
            }
        }
        prop_assert_eq!(kept.len(), told.len());
        prop_assert!(told.iter().all(|event| kept.contains(event)));
    }

    #[test]
    fn the_last_moment_is_in_time_and_the_next_is_late(
        ((clock, events), zone) in (clock_history(), 0..ZONES.len()),
    ) {
        let open = [StepState::Running, StepState::DueSoon, StepState::Late];
        let number = events.iter().map(|event| event.number).max().unwrap_or_default() + 1;
        for step in standing(clock, &events, after(&events), zone).steps {
            let (Some(due), true) = (step.due, open.contains(&step.state)) else { continue };
            if step.step == ReportStep::Intermediate {
                continue;
            }
            let handed_in = |at: i64| {
                let happened = Happened::HandedIn { step: step.step, proofs: Vec::new() };
                let mut events = events.clone();
                events.push(ClockEvent { said: None, number, at: Timestamp(at), amends: None, happened });
                let after = after(&events).max(at);
                let steps = standing(clock, &events, after, zone).steps;
                steps.into_iter().find(|own| own.step == step.step).unwrap()
            };
            prop_assert_eq!(handed_in(due.0).state, StepState::DoneInTime);
            prop_assert_eq!(handed_in(due.0 + 1).state, StepState::DoneLate);
        }
    }

    #[test]
    fn without_a_stated_awareness_no_report_is_met(
        ((clock, mut events), assumed) in (clock_history(), prop::option::of(moment())),
    ) {
        events.retain(|event| event.happened != Happened::BecameAware);
        for step in look(clock, &events, after(&events), 0, assumed).steps {
            let own = rule(clock).step(step.step).unwrap();
            let needs_awareness = !matches!(own.start, Start::Request | Start::StatedDay);
            prop_assert!(!needs_awareness || !matches!(step.state, StepState::DoneInTime | StepState::DoneLate));
        }
    }

    #[test]
    fn time_never_makes_a_late_step_run_again(
        ((clock, events), first, later, zone) in clock_history().prop_flat_map(|(clock, events)| {
            let start = after(&events) - 70 * DAY_US;
            ((Just(clock), Just(events)), days_after(start), 0..60 * DAY_US, 0..ZONES.len())
        }),
    ) {
        let (before, then) = (standing(clock, &events, first, zone), standing(clock, &events, first + later, zone));
        let late = before.steps.iter().filter(|step| step.state == StepState::Late);
        for step in late {
            let same = then.steps.iter().find(|own| own.step == step.step && own.occurrence == step.occurrence).unwrap();
            let over = [StepState::Late, StepState::DoneLate, StepState::DoneInTime, StepState::DoesNotApply];
            prop_assert!(over.contains(&same.state), "{:?} became {:?}", step, same);
            // A second stated day may only come earlier.
            prop_assert!(same.due <= step.due);
        }
    }

    #[test]
    fn hours_are_the_same_everywhere(
        ((clock, events), now) in clock_history().prop_flat_map(|(clock, events)| {
            let start = after(&events) - 70 * DAY_US;
            ((Just(clock), Just(events)), days_after(start))
        }),
    ) {
        let hours = |zone| {
            let mut steps = standing(clock, &events, now, zone).steps;
            steps.retain(|step| {
                let own = rule(clock).step(step.step).unwrap();
                own.start == Start::Aware || own.start == Start::Request
            });
            steps
        };
        for zone in 1..ZONES.len() {
            prop_assert_eq!(hours(0), hours(zone));
        }
    }
}
