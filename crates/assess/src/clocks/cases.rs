// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The clocks on single histories, as an office would live through them.

use underpin_model::Timestamp;
use underpin_model::clocks::{Clock, ClockCaution, ClockEvent, ClosingProof, EventFault, Happened, Obliged};
use underpin_model::clocks::{ReportStep, StepReason, StepState};

use super::period::{Calendar, Period};
use super::rules::{CLOCKS, rule};
use super::{ClockStanding, Outlook, StepStanding, judge};
use crate::law_sources::source;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Events in the order in which they were recorded: when, and what.
fn told(events: &[(&str, Happened)]) -> Vec<ClockEvent> {
    let numbered = events.iter().zip(1..);
    numbered
        .map(|((when, what), number)| ClockEvent {
            said: None,
            number,
            at: at(when),
            amends: None,
            happened: what.clone(),
        })
        .collect()
}

fn handed_in(step: ReportStep) -> Happened {
    Happened::HandedIn { step, proofs: Vec::new() }
}

fn read(clock: Clock, events: &[ClockEvent], now: &str) -> ClockStanding {
    read_in(clock, events, now, "Europe/Berlin", Some("DE"))
}

fn read_in(clock: Clock, events: &[ClockEvent], now: &str, zone: &str, country: Option<&str>) -> ClockStanding {
    let calendar = Calendar::new(zone).unwrap().with_holidays(["2026-12-25", "2026-12-26"]).unwrap();
    let outlook = Outlook {
        calendar: &calendar,
        country,
        now: at(now),
        soon_us: 6 * 3_600_000_000,
        assumed_aware: None,
        is_bound_named: true,
    };
    judge(rule(clock), events, &outlook)
}

fn step(standing: &ClockStanding, step: ReportStep) -> &StepStanding {
    standing.steps.iter().find(|own| own.step == step).unwrap()
}

fn due(standing: &ClockStanding, wanted: ReportStep) -> String {
    step(standing, wanted).due.map(|due| due.to_string()).unwrap_or_default()
}

fn states(standing: &ClockStanding) -> Vec<(ReportStep, StepState, StepReason)> {
    standing.steps.iter().map(|step| (step.step, step.state, step.reason)).collect()
}

const MAKER: Happened = Happened::RoleConfirmed(Obliged::Manufacturer);
const AWARE: Happened = Happened::BecameAware;

#[test]
fn an_exploited_vulnerability_from_the_first_hour_to_the_final_report() {
    use {ReportStep::*, StepReason::*, StepState::*};
    let clock = Clock::CraExploitedVulnerability;
    let mut events = told(&[("2026-11-20T17:20:00Z", AWARE), ("2026-11-20T18:00:00Z", MAKER)]);
    let first = read(clock, &events, "2026-11-20T19:00:00Z");
    assert_eq!(due(&first, EarlyWarning), "2026-11-21T17:20:00Z");
    assert_eq!(due(&first, Notification), "2026-11-23T17:20:00Z");
    let expected = [
        (EarlyWarning, Running, PeriodRuns),
        (Notification, Running, PeriodRuns),
        (Intermediate, NotDueYet, NotRequested),
        (Final, NotDueYet, WaitsForMeasure),
        (InformUsers, Running, NoLimitInLaw),
    ];
    assert_eq!(states(&first), expected);
    assert_eq!(step(&read(clock, &events, "2026-11-21T12:00:00Z"), EarlyWarning).state, DueSoon);
    let late = read(clock, &events, "2026-11-21T17:50:00Z");
    assert_eq!((step(&late, EarlyWarning).state, step(&late, EarlyWarning).reason), (Late, WithinUncountedHour));
    let later = read(clock, &events, "2026-11-21T18:20:00Z");
    assert_eq!((step(&later, EarlyWarning).state, step(&later, EarlyWarning).reason), (Late, PeriodOver));
    let rest = [
        ("2026-11-21T17:20:00Z", handed_in(EarlyWarning)),
        ("2026-11-23T17:20:01Z", handed_in(Notification)),
        ("2026-12-12T09:00:00Z", Happened::MeasureAvailable),
    ];
    for (number, (when, happened)) in (3..).zip(rest) {
        events.push(ClockEvent { said: None, number, at: at(when), amends: None, happened });
    }
    let last = read(clock, &events, "2026-12-13T00:00:00Z");
    assert_eq!(step(&last, EarlyWarning).state, DoneInTime);
    assert_eq!(step(&last, Notification).state, DoneLate);
    // 14 days end on Saturday 26 December, a holiday; Monday is the next working day, and it ends at midnight in Berlin.
    assert_eq!(due(&last, Final), "2026-12-28T22:59:59.999999Z");
    assert!(step(&last, Final).moved);
}

#[test]
fn nobody_is_bound_before_a_person_says_so_and_the_date_is_told_all_the_same() {
    let clock = Clock::CraSevereIncident;
    let events = told(&[("2026-11-20T10:00:00Z", AWARE)]);
    let open = read(clock, &events, "2026-11-25T10:00:00Z");
    for step in &open.steps {
        assert_eq!((step.state, step.reason), (StepState::NotStarted, StepReason::RoleNotConfirmed));
    }
    assert_eq!(due(&open, ReportStep::EarlyWarning), "2026-11-21T10:00:00Z");
    let other = told(&[
        ("2026-11-20T10:00:00Z", AWARE),
        ("2026-11-20T11:00:00Z", Happened::RoleConfirmed(Obliged::ImportantEntity)),
    ]);
    assert_eq!(
        read(clock, &other, "2026-11-25T10:00:00Z").steps,
        open.steps,
        "a role under another law starts nothing"
    );
    let mut denied = events.clone();
    for (number, role) in (2..).zip(rule(clock).binds) {
        let happened = Happened::RoleDenied(*role);
        denied.push(ClockEvent { said: None, number, at: at("2026-11-20T12:00:00Z"), amends: None, happened });
        let expected = if number == 3 { StepState::DoesNotApply } else { StepState::NotStarted };
        let standing = read(clock, &denied, "2026-11-25T10:00:00Z");
        assert!(standing.steps.iter().all(|step| step.state == expected));
    }
    denied.push(ClockEvent { said: None, number: 4, at: at("2026-11-20T13:00:00Z"), amends: None, happened: MAKER });
    let both = read(clock, &denied, "2026-11-25T10:00:00Z");
    assert!(both.cautions.contains(&ClockCaution::RoleContradicted));
    assert_eq!(
        step(&both, ReportStep::EarlyWarning).state,
        StepState::Late,
        "a clock that stands still is the worse mistake"
    );
}

#[test]
fn a_severe_incident_has_a_month_from_the_notification_to_the_end_of_february() {
    let clock = Clock::CraSevereIncident;
    for (notified, expected) in [
        ("2028-01-31T12:00:00Z", "2028-02-29T22:59:59.999999Z"),
        // The 28th of February 2027 is a Sunday.
        ("2027-01-31T12:00:00Z", "2027-03-01T22:59:59.999999Z"),
        // In Berlin it is already the first of March; in UTC it is not.
        ("2027-02-28T23:30:00Z", "2027-04-01T21:59:59.999999Z"),
    ] {
        let aware = "2027-01-30T00:00:00Z".min(notified);
        let events = told(&[(aware, AWARE), (aware, MAKER), (notified, handed_in(ReportStep::Notification))]);
        let standing = read(clock, &events, notified);
        assert_eq!(due(&standing, ReportStep::Final), expected, "{notified}");
    }
    let events = told(&[("2027-01-30T00:00:00Z", AWARE), ("2027-01-30T00:00:00Z", MAKER)]);
    let waits = read(clock, &events, "2029-01-01");
    assert_eq!(step(&waits, ReportStep::Final).reason, StepReason::WaitsForNotification);
}

#[test]
fn the_law_counts_from_its_first_day_for_products_of_before_too() {
    let clock = Clock::CraExploitedVulnerability;
    let on = |aware: &str, zone: &str| {
        let events = told(&[(aware, AWARE), (aware, MAKER)]);
        step(&read_in(clock, &events, "2026-09-12T06:00:00Z", zone, None), ReportStep::EarlyWarning).reason
    };
    assert_eq!(on("2026-09-10T21:59:59Z", "Europe/Berlin"), StepReason::AwareBeforeLaw);
    assert_eq!(on("2026-09-10T22:00:00Z", "Europe/Berlin"), StepReason::PeriodOver);
    assert_eq!(on("2026-09-10T23:59:59Z", "Atlantic/Azores"), StepReason::AwareBeforeLaw);
    assert_eq!(
        on("2026-09-11T00:00:00Z", "Atlantic/Azores"),
        StepReason::PeriodOver,
        "summer time: the Azores are at UTC"
    );
    let clock = Clock::Nis2SignificantIncident;
    let events = told(&[("2025-11-01", AWARE), ("2025-11-01", Happened::RoleConfirmed(Obliged::ImportantEntity))]);
    let german = read_in(clock, &events, "2025-11-01T01:00:00Z", "Europe/Berlin", Some("DE"));
    assert_eq!(german.steps[0].reason, StepReason::AwareBeforeLaw);
    let other = read_in(clock, &events, "2025-11-01T01:00:00Z", "Europe/Lisbon", Some("PT"));
    assert_eq!(other.steps[0].state, StepState::Running);
    assert!(other.cautions.contains(&ClockCaution::NationalLawUnknown));
}

#[test]
fn an_incident_that_goes_on_has_a_progress_report_and_a_month_after_its_end() {
    use {ReportStep::*, StepReason::*, StepState::*};
    let clock = Clock::Nis2SignificantIncident;
    let mut events = told(&[
        ("2026-03-02T08:00:00Z", AWARE),
        ("2026-03-02T08:00:00Z", Happened::RoleConfirmed(Obliged::EssentialEntity)),
        ("2026-03-03T08:00:00Z", handed_in(Notification)),
        ("2026-04-01T08:00:00Z", Happened::StillOngoing),
    ]);
    let ongoing = read(clock, &events, "2026-04-02T08:00:00Z");
    // Good Friday is no holiday in this calendar.
    assert_eq!(due(&ongoing, Progress), "2026-04-03T21:59:59.999999Z");
    assert_eq!(step(&ongoing, Final).reason, WaitsForHandlingEnd);
    events.push(ClockEvent {
        said: None,
        number: 5,
        at: at("2026-05-20T10:00:00Z"),
        amends: None,
        happened: Happened::HandlingEnded,
    });
    let ended = read(clock, &events, "2026-05-21T00:00:00Z");
    assert_eq!((step(&ended, Progress).state, due(&ended, Final).as_str()), (Late, "2026-06-22T21:59:59.999999Z"));
    // Said only after the month was over, it does not bring the time back.
    events.truncate(3);
    events.push(ClockEvent {
        said: None,
        number: 4,
        at: at("2026-04-04T08:00:00Z"),
        amends: None,
        happened: Happened::StillOngoing,
    });
    let late = read(clock, &events, "2026-04-05T08:00:00Z");
    assert_eq!((step(&late, Final).state, step(&late, Progress).reason), (Late, NotOngoing));
    let trust = told(&[
        ("2026-03-02T08:00:00Z", AWARE),
        ("2026-03-02T08:00:00Z", Happened::RoleConfirmed(Obliged::TrustServiceProvider)),
    ]);
    assert_eq!(
        due(&read(Clock::Nis2TrustService, &trust, "2026-03-02T09:00:00Z"), Notification),
        "2026-03-03T08:00:00Z"
    );
}

#[test]
fn under_the_cyber_resilience_act_no_going_on_moves_the_final_report() {
    let clock = Clock::CraSevereIncident;
    let mut events = told(&[
        ("2026-11-20T10:00:00Z", AWARE),
        ("2026-11-20T10:00:00Z", MAKER),
        ("2026-11-21T10:00:00Z", handed_in(ReportStep::Notification)),
    ]);
    let before = read(clock, &events, "2027-02-01");
    for (number, happened) in [(4, Happened::StillOngoing), (5, Happened::HandlingEnded)] {
        events.push(ClockEvent { said: None, number, at: at("2026-11-22"), amends: None, happened });
    }
    let after = read(clock, &events, "2027-02-01");
    assert_eq!(before.steps, after.steps);
    assert_eq!(step(&after, ReportStep::Final).state, StepState::Late);
    let faults: Vec<_> = after.history.unusable.iter().map(|(event, fault)| (event.number, *fault)).collect();
    assert_eq!(faults, [(4, EventFault::NotInThisClock), (5, EventFault::NotInThisClock)]);
}

#[test]
fn going_on_counts_from_when_it_was_said_and_not_from_a_day_put_back() {
    let clock = Clock::Nis2SignificantIncident;
    let mut events = told(&[
        ("2026-03-02T08:00:00Z", AWARE),
        ("2026-03-02T08:00:00Z", Happened::RoleConfirmed(Obliged::EssentialEntity)),
        ("2026-03-03T08:00:00Z", handed_in(ReportStep::Notification)),
        ("2026-03-20T08:00:00Z", Happened::StillOngoing),
    ]);
    for (said, expected) in
        [("2026-03-20T08:00:00Z", StepReason::WaitsForHandlingEnd), ("2026-04-10T08:00:00Z", StepReason::PeriodOver)]
    {
        events[3].said = Some(at(said));
        assert_eq!(step(&read(clock, &events, "2026-04-11"), ReportStep::Final).reason, expected, "{said}");
    }
}

#[test]
fn what_was_handed_in_is_not_met_while_nobody_knows_since_when_or_by_whom() {
    let unknown = (StepState::Running, StepReason::TimelinessUnknown);
    let calendar = Calendar::new("Europe/Berlin").unwrap();
    let look = |clock, events: &[ClockEvent], assumed: Option<&str>, is_bound_named| {
        let assumed_aware = assumed.map(at);
        let now = at("2026-11-24");
        let outlook = Outlook { calendar: &calendar, country: None, now, soon_us: 0, assumed_aware, is_bound_named };
        judge(rule(clock), events, &outlook)
    };
    let clock = Clock::CraExploitedVulnerability;
    let mut events = told(&[
        ("2026-11-20T12:00:00Z", MAKER),
        ("2026-11-20T13:00:00Z", handed_in(ReportStep::EarlyWarning)),
        ("2026-11-20T13:00:00Z", handed_in(ReportStep::Final)),
    ]);
    for assumed in [None, Some("2026-11-20T11:00:00Z")] {
        let standing = look(clock, &events, assumed, true);
        for own in [ReportStep::EarlyWarning, ReportStep::Final] {
            let own = step(&standing, own);
            assert_eq!(((own.state, own.reason), own.handed_in.is_some()), (unknown, true), "{assumed:?}");
        }
        assert_eq!(standing.cautions.contains(&ClockCaution::AwarenessAssumed), assumed.is_some());
        let open = step(&standing, ReportStep::Notification);
        // With the role confirmed the date stays, and it is passed.
        let expected = if assumed.is_some() { StepState::Late } else { StepState::NotStarted };
        assert_eq!((open.state, open.due.is_some()), (expected, assumed.is_some()));
    }
    events.extend(told(&[("2026-11-20T10:00:00Z", AWARE)]).into_iter().map(|own| ClockEvent { number: 4, ..own }));
    let named = look(clock, &events, None, true);
    assert_eq!(step(&named, ReportStep::EarlyWarning).state, StepState::DoneInTime);
    let nobody = look(clock, &events, None, false);
    let own = step(&nobody, ReportStep::EarlyWarning);
    assert_eq!((own.state, own.reason), (StepState::Running, StepReason::BoundNotNamed));
    assert!(nobody.cautions.contains(&ClockCaution::BoundNotNamed));
    // The brother among stated dates: mended before anybody stated a day.
    let role = Happened::RoleConfirmed(Obliged::FederalCivilianAgency);
    let kev = told(&[("2026-05-01", role), ("2026-05-02", handed_in(ReportStep::Remediation))]);
    let own = look(Clock::KevDueDate, &kev, None, true);
    assert_eq!((own.steps[0].state, own.steps[0].reason), unknown);
}

#[test]
fn each_request_of_an_authority_is_answered_by_the_next_report() {
    let by = |text: &str| Happened::IntermediateRequested(Some(at(text)));
    let events = told(&[
        ("2026-11-01T00:00:00Z", AWARE),
        ("2026-11-01T00:00:00Z", MAKER),
        ("2026-11-02T00:00:00Z", by("2026-11-04T12:00:00Z")),
        ("2026-11-05T00:00:00Z", handed_in(ReportStep::Intermediate)),
        ("2026-11-06T00:00:00Z", Happened::IntermediateRequested(None)),
        ("2026-11-07T00:00:00Z", by("2026-11-08T00:00:00Z")),
    ]);
    let standing = read(Clock::CraSevereIncident, &events, "2026-11-07T12:00:00Z");
    let found: Vec<_> = standing.steps.iter().filter(|step| step.step == ReportStep::Intermediate).collect();
    let states: Vec<_> = found.iter().map(|step| (step.occurrence, step.state, step.reason)).collect();
    let expected = [
        (1, StepState::DoneLate, StepReason::PeriodOver),
        (2, StepState::Running, StepReason::NoLimitInLaw),
        (3, StepState::Running, StepReason::PeriodRuns),
    ];
    assert_eq!(states, expected);
}

#[test]
fn corrections_count_and_nothing_is_lost() {
    let mut events = told(&[("2026-11-20T10:00:00Z", AWARE), ("2026-11-20T11:00:00Z", MAKER)]);
    let clock = Clock::CraExploitedVulnerability;
    let amend = |number, amends, when: &str, happened| ClockEvent {
        said: None,
        number,
        at: at(when),
        amends: Some(amends),
        happened,
    };
    events.push(amend(3, 1, "2026-11-20T08:00:00Z", AWARE));
    let corrected = read(clock, &events, "2026-11-20T12:00:00Z");
    assert_eq!(due(&corrected, ReportStep::EarlyWarning), "2026-11-21T08:00:00Z");
    assert_eq!(corrected.history.amended.iter().map(|(event, by)| (event.number, *by)).collect::<Vec<_>>(), [(1, 3)]);
    events.push(amend(4, 3, "2026-11-20T12:00:00Z", Happened::Withdrawn));
    let back = read(clock, &events, "2026-11-20T12:00:00Z");
    assert_eq!(
        due(&back, ReportStep::EarlyWarning),
        "2026-11-21T10:00:00Z",
        "a withdrawn correction brings the first word back"
    );
    for (event, fault) in [
        (amend(9, 7, "2026-11-20T12:00:00Z", AWARE), EventFault::AmendsUnknown),
        (amend(5, 5, "2026-11-20T12:00:00Z", AWARE), EventFault::AmendsLater),
        (amend(2, 1, "2026-11-20T12:00:00Z", AWARE), EventFault::NumberTwice),
        (ClockEvent { amends: None, ..amend(5, 1, "2026-11-20", Happened::Withdrawn) }, EventFault::WithdrawsNothing),
        (
            ClockEvent { amends: None, ..amend(5, 1, "2026-11-20", handed_in(ReportStep::Progress)) },
            EventFault::StepNotInClock,
        ),
        (
            ClockEvent {
                amends: None,
                ..amend(5, 1, "2026-11-20", Happened::AlreadyProvided(ReportStep::EarlyWarning))
            },
            EventFault::CannotBeCovered,
        ),
    ] {
        let standing = read(clock, &[events.clone(), vec![event.clone()]].concat(), "2026-11-20T12:00:00Z");
        assert!(standing.history.unusable.contains(&(event, fault)), "{fault:?}");
        assert!(standing.cautions.contains(&ClockCaution::EventsUnusable));
    }
}

#[test]
fn what_was_provided_before_closes_a_step_where_the_law_says_so() {
    let events = told(&[
        ("2026-11-20T10:00:00Z", AWARE),
        ("2026-11-20T10:00:00Z", MAKER),
        ("2026-11-20T12:00:00Z", Happened::AlreadyProvided(ReportStep::Notification)),
        (
            "2026-11-20T12:00:00Z",
            Happened::HandedIn { step: ReportStep::EarlyWarning, proofs: vec![ClosingProof::Receipt] },
        ),
    ]);
    let standing = read(Clock::CraSevereIncident, &events, "2026-11-20T13:00:00Z");
    let notified = step(&standing, ReportStep::Notification);
    assert_eq!((notified.state, notified.reason), (StepState::DoneInTime, StepReason::AlreadyProvided));
    assert_eq!(due(&standing, ReportStep::Final), "2026-12-21T22:59:59.999999Z", "the 20th of December is a Sunday");
    let missing = [ClosingProof::MomentOfAwareness, ClosingProof::TextSent];
    assert_eq!(step(&standing, ReportStep::EarlyWarning).missing_proofs, missing);
}

#[test]
fn a_stated_date_ends_with_its_day_and_says_that_the_zone_is_open() {
    let day = Happened::DueStated(at("2021-12-24"));
    let events = told(&[("2021-12-10", day), ("2021-12-10", Happened::RoleConfirmed(Obliged::FederalCivilianAgency))]);
    let clock = Clock::KevDueDate;
    for (zone, expected) in
        [("America/New_York", "2021-12-25T04:59:59.999999Z"), ("UTC", "2021-12-24T23:59:59.999999Z")]
    {
        let standing = read_in(clock, &events, "2021-12-20", zone, None);
        assert_eq!(due(&standing, ReportStep::Remediation), expected, "{zone}");
        assert_eq!(standing.cautions, [ClockCaution::ZoneNotStated]);
    }
    let today = read_in(clock, &events, "2026-11-27", "UTC", None);
    assert_eq!(today.steps[0].state, StepState::Late);
    assert!(today.cautions.contains(&ClockCaution::LawReplaced));
}

#[test]
fn stewards_are_told_what_is_open() {
    let role = Happened::RoleConfirmed(Obliged::StewardInDevelopment);
    let events = told(&[("2026-11-20T10:00:00Z", AWARE), ("2026-11-20T10:00:00Z", role)]);
    let standing = read(Clock::CraExploitedVulnerability, &events, "2026-11-20T13:00:00Z");
    assert_eq!(step(&standing, ReportStep::EarlyWarning).state, StepState::Running);
    assert_eq!(step(&standing, ReportStep::InformUsers).reason, StepReason::NotForThisRole);
    for caution in [ClockCaution::StewardPeriodsByAnalogy, ClockCaution::StewardRoutingOpen] {
        assert!(standing.cautions.contains(&caution));
    }
    let incident = read(Clock::CraSevereIncident, &events, "2026-11-20T13:00:00Z");
    assert_eq!(incident.steps[0].reason, StepReason::RoleNotConfirmed, "only where its own systems are hit");
}

#[test]
fn days_that_are_short_long_or_begin_at_one_end_at_midnight() {
    for (zone, event, expected) in [
        // 29 March 2026: 23 hours in Berlin. The 14 days end on a Tuesday.
        ("Europe/Berlin", "2026-03-16T23:30:00Z", "2026-03-31T21:59:59.999999Z"),
        // 26 March 2028 begins at 01:00 on the Azores: midnight is left out. It is a Sunday.
        ("Atlantic/Azores", "2028-03-12T12:00:00Z", "2028-03-27T23:59:59.999999Z"),
        // 25 October 2026 has 25 hours there, and midnight twice.
        ("Atlantic/Azores", "2026-10-11T12:00:00Z", "2026-10-27T00:59:59.999999Z"),
    ] {
        let end = Calendar::new(zone).unwrap().end(Period::Days(14), at(event)).unwrap();
        assert_eq!(end.at.to_string(), expected, "{zone} {event}");
    }
    assert!(Calendar::new("Europe/Atlantis").is_err());
    assert!(Calendar::new("UTC").unwrap().with_holidays(["25.12.2026"]).is_err());
    let utc = Calendar::new("UTC").unwrap();
    for extreme in [Timestamp::MIN, Timestamp::MAX] {
        for period in [Period::Hours(24), Period::Days(14), Period::Months(1), Period::WorkingDays(5)] {
            assert_eq!(utc.end(period, extreme), None, "{period:?}");
        }
    }
}

#[test]
fn every_clock_names_its_texts_and_has_each_step_once() {
    assert_eq!(CLOCKS.len(), Clock::ALL.len());
    for clock in Clock::ALL {
        let own = CLOCKS.iter().filter(|rule| rule.clock == *clock).count();
        assert_eq!(own, 1, "{clock:?} stands in the list once");
        let rule = rule(*clock);
        let mut keys = rule.law.to_vec();
        keys.extend(rule.steps.iter().map(|step| step.law));
        keys.extend([rule.valid_from.1]);
        keys.extend(rule.replaced.map(|(_, key)| key));
        for key in keys {
            assert!(source(key).is_some(), "{key}");
        }
        assert!(!rule.binds.is_empty());
        for (number, step) in rule.steps.iter().enumerate() {
            assert!(!rule.steps[..number].iter().any(|other| other.step == step.step), "{:?} twice", step.step);
            assert!(!step.proofs.is_empty());
        }
    }
}
