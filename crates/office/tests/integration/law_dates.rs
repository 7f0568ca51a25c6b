// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Dates that people state by a letter, and the clock that runs in the demo country.

use underpin_model::Viewer;
use underpin_model::clocks::{Clock, Happened, Obliged, ReportStep, StatedClockEvent, StepState};
use underpin_model::incidents::IncidentId;
use underpin_model::law_routing::RouteQuestion;
use underpin_office::House;
use underpin_office::law::requests::RequestState;
use underpin_office::law::{ClockRow, DraftOf};

use crate::documents::{author, day};
use crate::law::{at, event, opened, step, tell};
use crate::watch::place;

#[tokio::test]
async fn norvania_has_a_clock_with_one_step_met_one_due_and_one_late() {
    use StepState::{DoneInTime, DueSoon, Late, NotDueYet, Running};
    let folder = tempfile::tempdir().expect("a folder");
    let house = House::open(underpin_office::Settings::embedded(folder.path().join("data"))).await.expect("opens");
    underpin_office::demo::build(&house, "test", &underpin_office::intake::Silent).await.expect("builds");
    let desk = house.desk(Viewer::Operator, day(underpin_office::demo::CLOCK)).await.expect("a desk");
    let found = house.clocks(&desk).await.expect("clocks");
    let of = |own: Clock| found.rows.iter().find(|row| row.clock == own).expect("it runs");
    let row = of(Clock::Nis2SignificantIncident);
    assert_eq!((row.state, row.roles.as_slice()), (StepState::Late, &[Obliged::EssentialEntity][..]));
    let states: Vec<StepState> = row.steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [DoneInTime, DueSoon, Late, NotDueYet, NotDueYet]);
    assert_eq!(step(row, ReportStep::Notification).due, Some(at("2026-03-02T11:00:00Z")));
    assert!(step(row, ReportStep::EarlyWarning).missing_proofs.is_empty());
    assert!(row.history.iter().any(|event| !event.stated.evidence.is_empty()), "a document shows it");
    let dated = step(of(Clock::KevDueDate), ReportStep::Remediation);
    let stated = dated.stated.as_ref().expect("by a letter");
    assert_eq!((dated.state, stated.actor.as_str(), stated.day), (Running, "jonas.vell", at("2026-03-05")));
    assert!(stated.source.contains("letter NIRT 2026-17"), "{stated:?}");
    let id: IncidentId = row.incident.parse().expect("a number");
    let watched = house.watch(&desk).await.expect("watches");
    let room = house.incident(&desk, &watched, id).await.expect("a room");
    assert!(!room.incident.is_drill && room.counts.hit == 1, "{:?}", room.counts);
    let wanted = DraftOf { clock: row.clock, step: ReportStep::Notification, whom: row.whom.clone() };
    let draft = house.report_draft(&desk, &watched, id, wanted).await.expect("a draft");
    assert!(draft.unknown().count() > 0 && draft.questions.contains(&RouteQuestion::NationalBody));
    let requests = house.authority_requests(&desk).await.expect("the log");
    let states: Vec<RequestState> = requests.rows.iter().map(|row| row.state).collect();
    assert_eq!(states, [RequestState::Open, RequestState::Answered]);
}

#[tokio::test]
async fn of_several_dates_by_word_the_earliest_counts_and_says_whose_it_is() {
    let place = place().await;
    let id = opened(&place).await;
    let house = &place.house;
    let own = Clock::KevDueDate;
    let due = |day: &str, source: &str| StatedClockEvent {
        source: source.to_owned(),
        ..event("2026-11-21T09:00:00Z", Happened::DueStated(at(day)))
    };
    tell(house, "2026-11-21T09:00:00Z", id, own, event("2026-11-21", Happened::RoleConfirmed(Obliged::OwnPolicy)))
        .await;
    tell(house, "2026-11-21T09:30:00Z", id, own, due("2026-12-09", "Letter 2")).await;
    let first = tell(house, "2026-11-21T10:00:00Z", id, own, due("2026-12-04", "Letter 1")).await;
    let stated = |clocks: Vec<ClockRow>| {
        let row = clocks.into_iter().find(|row| row.clock == own).expect("it runs");
        step(&row, ReportStep::Remediation).clone()
    };
    let desk = house.desk(Viewer::Operator, day("2026-11-22")).await.expect("a desk");
    let found = stated(house.incident_clocks(&desk, id).await.expect("clocks").clocks);
    let word = found.stated.as_ref().expect("by word");
    assert_eq!((word.source.as_str(), word.event, word.day), ("Letter 1", first, at("2026-12-04")));
    assert_eq!(found.due.map(|due| due.date()).as_deref(), Some("2026-12-04"));
    let withdrawn = StatedClockEvent { amends: Some(first), ..event("2026-11-23", Happened::Withdrawn) };
    tell(house, "2026-11-23T10:00:00Z", id, own, withdrawn).await;
    let desk = house.desk(Viewer::Operator, day("2026-11-24")).await.expect("a desk");
    let found = stated(house.incident_clocks(&desk, id).await.expect("clocks").clocks);
    assert_eq!(found.stated.map(|word| word.source).as_deref(), Some("Letter 2"), "what was withdrawn sets nothing");
    let unsourced = due("2026-12-01", "");
    let refused = house.tell_clock(&author("clerk", "2026-11-24"), (id, own), unsourced).await;
    assert_eq!(refused.expect_err("from nowhere").code, "invalid-clock-event");
}
