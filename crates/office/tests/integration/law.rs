// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reporting clocks on real incidents: nothing runs before a person says so, dates are those of a naive count, drafts name what is not
//! known, and nobody learns of clocks of incidents out of sight. Roles and the log of requests beside them.

use underpin_model::authority_reports::Fact;
use underpin_model::clocks::{
    Clock, ClockCaution, ClockEvidence, ClosingProof, Happened, Obliged, ReportStep, StatedClockEvent, StepReason,
    StepState,
};
use underpin_model::incidents::IncidentId;
use underpin_model::law::AuthorityEvent;
use underpin_model::law_roles::{LawRole, RoleAnswer, RoleFact, RoleLaw, RoleSubject, StatedFact};
use underpin_model::law_routing::{Recipient, ReportField, RouteQuestion};
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};
use underpin_office::House;
use underpin_office::law::requests::RequestState;
use underpin_office::law::{ClockRow, DraftOf, LawSettings, StepRow};

use crate::documents::{Place, author, day};
use crate::incidents::{about, advised, package, room, vulnerability};
use crate::watch::place;

const CRA: Clock = Clock::CraExploitedVulnerability;
const HOUR_US: i64 = 3_600_000_000;

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

pub fn event(when: &str, happened: Happened) -> StatedClockEvent {
    StatedClockEvent {
        at: at(when),
        amends: None,
        happened,
        whom: None,
        note: String::new(),
        source: String::new(),
        evidence: Vec::new(),
    }
}

/// The same, said of somebody.
fn of(whom: &str, when: &str, happened: Happened) -> StatedClockEvent {
    StatedClockEvent { whom: Some(whom.parse().expect("whom")), ..event(when, happened) }
}

pub async fn tell(house: &House, said: &str, id: IncidentId, clock: Clock, event: StatedClockEvent) -> u64 {
    let mut author = author("clerk", "2026-11-20");
    author.at = at(said);
    house.tell_clock(&author, (id, clock), event).await.expect("told")
}

async fn clock(place: &Place, id: IncidentId, clock: Clock, now: &str) -> ClockRow {
    let desk = place.house.desk(Viewer::Operator, at(now)).await.expect("a desk");
    let all = place.house.incident_clocks(&desk, id).await.expect("clocks");
    all.clocks.into_iter().find(|row| row.clock == clock).expect("the clock")
}

pub fn step(row: &ClockRow, step: ReportStep) -> &StepRow {
    row.step(step).expect("the step")
}

pub async fn opened(place: &Place) -> IncidentId {
    advised(place).await;
    place.house.open_incident(&author("clerk", "2026-11-20"), about(vulnerability())).await.expect("opened")
}

#[tokio::test]
async fn nothing_runs_before_a_person_says_so_and_corrections_count_at_once() {
    let place = place().await;
    let id = opened(&place).await;
    let house = &place.house;
    let fresh = clock(&place, id, CRA, "2026-11-25T00:00:00Z").await;
    assert!(!fresh.is_begun && fresh.history.is_empty() && fresh.next_due.is_none());
    assert_eq!(
        (fresh.state, step(&fresh, ReportStep::EarlyWarning).reason),
        (StepState::NotStarted, StepReason::RoleNotConfirmed)
    );
    assert_eq!(step(&fresh, ReportStep::EarlyWarning).due, Some(at("2026-11-21T00:00:00Z")), "as if it began then");
    assert!(room(&place, id, "2026-11-25").await.deadlines.is_empty(), "what nobody confirmed is no deadline");

    let aware =
        tell(house, "2026-11-20T18:00:00Z", id, CRA, event("2026-11-20T17:20:00Z", Happened::BecameAware)).await;
    let open = clock(&place, id, CRA, "2026-11-22T00:00:00Z").await;
    assert_eq!((open.state, open.is_begun), (StepState::NotStarted, true), "still nobody is bound");
    tell(
        house,
        "2026-11-20T18:10:00Z",
        id,
        CRA,
        event("2026-11-20T18:10:00Z", Happened::RoleConfirmed(Obliged::Manufacturer)),
    )
    .await;
    let runs = clock(&place, id, CRA, "2026-11-20T19:00:00Z").await;
    assert_eq!((runs.state, runs.next_step), (StepState::Running, Some(ReportStep::EarlyWarning)));
    assert_eq!(runs.next_due, Some(at("2026-11-21T17:20:00Z")));
    assert_eq!(clock(&place, id, CRA, "2026-11-21T12:00:00Z").await.state, StepState::DueSoon);
    assert_eq!(clock(&place, id, CRA, "2026-11-21T19:00:00Z").await.state, StepState::Late);

    // The moment was wrong; both words stay, and the dates move.
    let mended = StatedClockEvent { amends: Some(aware), ..event("2026-11-20T15:00:00Z", Happened::BecameAware) };
    tell(house, "2026-11-20T20:00:00Z", id, CRA, mended).await;
    let moved = clock(&place, id, CRA, "2026-11-20T21:00:00Z").await;
    assert_eq!(moved.next_due, Some(at("2026-11-21T15:00:00Z")));
    let standings: Vec<_> =
        moved.history.iter().map(|own| (own.number, own.standing.as_str(), own.amended_by)).collect();
    assert_eq!(
        standings,
        [(aware, "amended", Some(aware + 2)), (aware + 1, "in-force", None), (aware + 2, "in-force", None)]
    );
    let then = clock(&place, id, CRA, "2026-11-20T19:00:00Z").await;
    assert_eq!(then.next_due, Some(at("2026-11-21T17:20:00Z")), "an earlier moment knows the earlier word");

    let handed = Happened::HandedIn { step: ReportStep::EarlyWarning, proofs: vec![ClosingProof::Receipt] };
    tell(house, "2026-11-21T16:00:00Z", id, CRA, event("2026-11-21T15:00:01Z", handed)).await;
    let late = clock(&place, id, CRA, "2026-11-21T17:00:00Z").await;
    let early = step(&late, ReportStep::EarlyWarning);
    assert_eq!(early.state, StepState::DoneLate, "a second late is late");
    assert_eq!(early.missing_proofs, [ClosingProof::MomentOfAwareness, ClosingProof::TextSent]);
    assert_eq!((late.state, late.next_step), (StepState::Running, Some(ReportStep::Notification)));
    let deadlines = room(&place, id, "2026-11-22").await.deadlines;
    let told: Vec<_> =
        deadlines.iter().map(|row| (row.deadline.name.as_str(), row.deadline.met.is_some(), row.is_overdue)).collect();
    assert_eq!(
        told,
        [
            ("cra-exploited-vulnerability/early-warning", true, false),
            ("cra-exploited-vulnerability/notification", false, false)
        ]
    );
}

#[tokio::test]
async fn one_report_closes_a_step_for_nobody_else_and_for_nobody_in_particular() {
    let place = place().await;
    let id = opened(&place).await;
    let house = &place.house;
    let nis2 = Clock::Nis2SignificantIncident;
    let said = "2026-11-20T20:00:00Z";
    let role = || Happened::RoleConfirmed(Obliged::EssentialEntity);
    let sent = || Happened::HandedIn { step: ReportStep::EarlyWarning, proofs: Vec::new() };
    for told in [
        of("agency tax", "2026-11-20T10:00:00Z", role()),
        of("agency tax", "2026-11-20T10:00:00Z", Happened::BecameAware),
        of("agency tax", "2026-11-20T12:00:00Z", sent()),
        of("system portal", "2026-11-20T10:00:00Z", role()),
        of("system portal", "2026-11-20T11:00:00Z", sent()),
        event("2026-11-20T10:00:00Z", role()),
        event("2026-11-20T10:00:00Z", Happened::BecameAware),
        event("2026-11-20T12:00:00Z", sent()),
    ] {
        tell(house, said, id, nis2, told).await;
    }
    let desk = house.desk(Viewer::Operator, at("2026-11-20T21:00:00Z")).await.expect("a desk");
    let found = house.clocks(&desk).await.expect("clocks").rows;
    let of_whom = |whom: &str| {
        let row = found.iter().find(|row| row.whom.as_ref().map(ToString::to_string).unwrap_or_default() == whom);
        let own = step(row.expect(whom), ReportStep::EarlyWarning);
        (own.state, own.reason)
    };
    assert_eq!(found.len(), 3);
    assert_eq!(of_whom("agency tax"), (StepState::DoneInTime, StepReason::HandedIn));
    assert_eq!(of_whom("system portal"), (StepState::Running, StepReason::TimelinessUnknown));
    assert_eq!(of_whom(""), (StepState::Running, StepReason::BoundNotNamed));
    // With the role confirmed and nothing known of awareness, dates stay.
    let portal =
        found.iter().find(|row| row.whom_name.is_some() && row.cautions.contains(&ClockCaution::AwarenessAssumed));
    let portal = portal.expect("the one without awareness");
    assert_eq!(portal.next_step, Some(ReportStep::Notification));
    assert!(portal.next_due.is_some());
    let met = room(&place, id, "2026-11-22").await.deadlines.into_iter().filter(|row| row.deadline.met.is_some());
    assert_eq!(met.count(), 1, "only the report of the one that is named and was aware");
}

#[tokio::test]
async fn a_document_out_of_sight_is_named_nowhere() {
    let place = place().await;
    let id = opened(&place).await;
    let house = &place.house;
    // D999 is for nobody here, as a document above somebody's clearance is for them.
    let evidence = |name: &str| ClockEvidence { name: name.to_owned(), sha256: "a".repeat(64) };
    let shown = vec![evidence("document D999"), evidence("document D1"), evidence("receipt.pdf")];
    let told = StatedClockEvent { evidence: shown.clone(), ..event("2026-11-20T12:00:00Z", Happened::BecameAware) };
    tell(house, "2026-11-20T20:00:00Z", id, CRA, told).await;
    let own = clock(&place, id, CRA, "2026-11-22").await;
    let names: Vec<_> = own.history[0].stated.evidence.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["document", "document D1", "receipt.pdf"]);
    assert_eq!(own.history[0].stated.evidence[0].sha256, "", "nor is its digest");
    let desk = house.desk(Viewer::Operator, day("2026-11-22")).await.expect("a desk");
    let watched = house.watch(&desk).await.expect("watches");
    let draft = house.report_draft(&desk, &watched, id, (CRA, ReportStep::EarlyWarning)).await.expect("a draft");
    assert!(draft.evidence.iter().all(|one| one.name != "document D999"), "{:?}", draft.evidence);
    let timeline = format!("{:?}", room(&place, id, "2026-11-22").await.timeline);
    assert!(timeline.contains("became-aware") && !timeline.contains("D999"), "{timeline}");
    let asked = AuthorityEvent::Asked {
        authority: "Market surveillance".to_owned(),
        about: "the policy".to_owned(),
        at: day("2026-11-01"),
        agency: None,
        reference: String::new(),
        due: None,
    };
    let request = house.note_authority_request(&author("clerk", "2026-11-02"), asked).await.expect("noted");
    let answered = AuthorityEvent::Answered { at: day("2026-11-12"), with: "it".to_owned(), evidence: shown };
    house.note_authority_event(&author("clerk", "2026-11-12"), request, answered).await.expect("noted");
    let desk = house.desk(Viewer::Operator, day("2026-11-22")).await.expect("a desk");
    let log = format!("{:?}", house.authority_requests(&desk).await.expect("requests").rows);
    assert!(log.contains("receipt.pdf") && !log.contains("D999"), "{log}");
}

#[tokio::test]
async fn the_draft_of_a_second_intermediate_report_has_its_own_date() {
    let place = place().await;
    let id = opened(&place).await;
    let house = &place.house;
    let by = |text: &str| Happened::IntermediateRequested(Some(at(text)));
    let sent = Happened::HandedIn { step: ReportStep::Intermediate, proofs: Vec::new() };
    for told in [
        of("agency tax", "2026-11-20T10:00:00Z", Happened::RoleConfirmed(Obliged::Manufacturer)),
        of("agency tax", "2026-11-20T11:00:00Z", by("2026-11-21T12:00:00Z")),
        of("agency tax", "2026-11-20T12:00:00Z", sent),
        of("agency tax", "2026-11-20T13:00:00Z", by("2026-11-23T12:00:00Z")),
    ] {
        tell(house, "2026-11-20T20:00:00Z", id, CRA, told).await;
    }
    let desk = house.desk(Viewer::Operator, day("2026-11-22")).await.expect("a desk");
    let watched = house.watch(&desk).await.expect("watches");
    let draft = house.report_draft(&desk, &watched, id, (CRA, ReportStep::Intermediate)).await.expect("a draft");
    assert_eq!(draft.due, Some(at("2026-11-23T12:00:00Z")));
}

#[tokio::test]
async fn what_a_clock_does_not_know_is_refused_and_not_passed_over() {
    let place = place().await;
    let id = opened(&place).await;
    let drill = place.house.open_drill(&author("clerk", "2026-11-20"), "xz").await;
    assert_eq!(drill.expect_err("no source knows it").code, "not-found");
    for (own, happened) in [
        (CRA, Happened::RoleConfirmed(Obliged::EssentialEntity)),
        (CRA, Happened::HandedIn { step: ReportStep::Progress, proofs: Vec::new() }),
        (CRA, Happened::AlreadyProvided(ReportStep::EarlyWarning)),
        (CRA, Happened::DueStated(at("2026-12-01"))),
        (CRA, Happened::StillOngoing),
        (CRA, Happened::HandlingEnded),
        (Clock::CraSevereIncident, Happened::StillOngoing),
        (Clock::Nis2SignificantIncident, Happened::MeasureAvailable),
        (Clock::KevDueDate, Happened::IntermediateRequested(None)),
        (Clock::KevDueDate, Happened::RoleConfirmed(Obliged::Manufacturer)),
        (CRA, Happened::Withdrawn),
    ] {
        let told = place
            .house
            .tell_clock(&author("clerk", "2026-11-21"), (id, own), event("2026-11-20", happened.clone()))
            .await;
        assert_eq!(told.expect_err("refused").code, "invalid-clock-event", "{happened:?}");
    }
    assert!(
        place
            .house
            .clocks(&place.house.desk(Viewer::Operator, day("2026-11-22")).await.expect("a desk"))
            .await
            .expect("clocks")
            .rows
            .is_empty()
    );
}

/// Days from 1970 to a day of the years around 2026, counted one by one.
fn naive_days(year: i64, month: usize, day: i64) -> i64 {
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = |year| [31, if is_leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let years: i64 = (1970..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum();
    years + lengths(year)[..month - 1].iter().sum::<i64>() + day - 1
}

/// The last microsecond of a day in Berlin in winter, one hour ahead of UTC; moved past weekends.
fn naive_end(mut days: i64) -> Timestamp {
    // The first of January 1970 was a Thursday.
    while matches!((days + 4) % 7, 0 | 6) {
        days += 1;
    }
    Timestamp((days + 1) * 24 * HOUR_US - HOUR_US - 1)
}

#[tokio::test]
async fn dates_are_those_of_a_naive_count_in_the_zone_of_the_house() {
    let place = place().await;
    let id = opened(&place).await;
    let law = LawSettings {
        time_zone: Some("Europe/Berlin".to_owned()),
        country: Some("DE".to_owned()),
        ..LawSettings::default()
    };
    let settings = underpin_office::Settings { law, ..place.settings.clone() };
    let house = House::open(settings).await.expect("opens");
    let clocks = [CRA, Clock::CraSevereIncident, Clock::Nis2SignificantIncident];
    let aware = at("2026-11-27T22:30:00Z");
    for (own, role) in clocks.into_iter().zip([Obliged::Manufacturer, Obliged::Manufacturer, Obliged::ImportantEntity])
    {
        tell(&house, "2026-12-20T00:00:00Z", id, own, event("2026-11-27T22:30:00Z", Happened::BecameAware)).await;
        tell(&house, "2026-12-20T00:00:00Z", id, own, event("2026-11-27T23:00:00Z", Happened::RoleConfirmed(role)))
            .await;
        let sent = Happened::HandedIn { step: ReportStep::Notification, proofs: Vec::new() };
        tell(&house, "2026-12-20T00:00:00Z", id, own, event("2026-11-29T23:30:00Z", sent)).await;
    }
    tell(&house, "2026-12-20T00:00:00Z", id, CRA, event("2026-12-02T12:00:00Z", Happened::MeasureAvailable)).await;
    let desk = house.desk(Viewer::Operator, at("2026-12-20T01:00:00Z")).await.expect("a desk");
    let found = house.clocks(&desk).await.expect("clocks");
    assert_eq!((found.rows.len(), found.place.time_zone.as_str(), found.place.is_zone_set), (3, "Europe/Berlin", true));
    for row in &found.rows {
        assert_eq!(step(row, ReportStep::EarlyWarning).due, Some(Timestamp(aware.0 + 24 * HOUR_US)));
        assert_eq!(step(row, ReportStep::Notification).due, Some(Timestamp(aware.0 + 72 * HOUR_US)));
        let last = match row.clock {
            // 14 days after the second of December.
            Clock::CraExploitedVulnerability => naive_end(naive_days(2026, 12, 16)),
            // A month after the notification, which in Berlin fell on the thirtieth of November.
            _ => naive_end(naive_days(2026, 12, 30)),
        };
        assert_eq!(step(row, ReportStep::Final).due, Some(last), "{}", row.clock.as_str());
        assert!(row.cautions.contains(&ClockCaution::NoHolidaysGiven));
    }
    let nis2 = found.rows.iter().find(|row| row.clock == Clock::Nis2SignificantIncident).expect("it runs");
    assert_eq!((nis2.route.recipients.as_slice(), nis2.route.country.as_deref()), (&[Recipient::Bsi][..], Some("DE")));
    assert_eq!(nis2.route.questions, [RouteQuestion::ExcludedArea], "whether it is exempted is asked");
    let states: Vec<StepState> = found.rows.iter().map(|row| row.state).collect();
    assert_eq!(states[0], StepState::Late, "the most pressing comes first: {states:?}");
}

#[tokio::test]
async fn a_draft_names_what_it_knows_what_it_does_not_and_what_shows_it() {
    let place = place().await;
    let id = opened(&place).await;
    let house = &place.house;
    let desk = house.desk(Viewer::Operator, day("2026-11-22")).await.expect("a desk");
    let watched = house.watch(&desk).await.expect("watches");
    let draft = house.report_draft(&desk, &watched, id, (CRA, ReportStep::EarlyWarning)).await.expect("a draft");
    let facts =
        |field: ReportField| draft.fields.iter().find(|own| own.field == field).expect("the field").facts.clone();
    let text = |text: &str| Fact::Text { text: text.to_owned() };
    assert!(facts(ReportField::VulnerabilityName).contains(&text("CVE-2026-0001")));
    let product = facts(ReportField::Product);
    assert!(
        matches!(product.as_slice(), [Fact::Contains { package }] if package.contains("pad-left")),
        "a package of others is no product: {product:?}"
    );
    let unknown: Vec<ReportField> = draft.unknown().map(|own| own.field).collect();
    assert_eq!(unknown, [ReportField::Product, ReportField::MemberStates]);
    assert_eq!(
        (draft.roles.len(), draft.due, draft.aware, draft.country.as_deref()),
        (0, None, None, None),
        "nobody said so"
    );
    assert_eq!(draft.questions, [RouteQuestion::MainEstablishment]);
    let documents: Vec<_> = draft.evidence.iter().filter(|one| one.name.starts_with("document D")).collect();
    assert!(!documents.is_empty() && documents.iter().all(|one| one.sha256.len() == 64), "{:?}", draft.evidence);
    let last = house.report_draft(&desk, &watched, id, (CRA, ReportStep::Final)).await.expect("a draft");
    let impact = last.fields.iter().find(|own| own.field == ReportField::Impact).expect("the field");
    let told =
        matches!(impact.facts.as_slice(), [Fact::Systems { hit: 1, agencies: 1, .. }, Fact::Tasks { settled: 0, .. }]);
    assert!(told, "{:?}", impact.facts);
    assert!(!impact.is_known(), "what is counted is no impact");
    // The own product is the product once a person confirmed the role for it.
    let whom = Some(RoleSubject::Product { agency: "tax".into(), name: "forms".to_owned() });
    let role = Happened::RoleConfirmed(Obliged::Manufacturer);
    let own = StatedClockEvent { whom: whom.clone(), ..event("2026-11-20", role) };
    tell(house, "2026-11-21T00:00:00Z", id, CRA, own).await;
    let later = house.desk(Viewer::Operator, day("2026-11-22")).await.expect("a desk");
    let watched_later = house.watch(&later).await.expect("watches");
    let wanted = DraftOf { clock: CRA, step: ReportStep::EarlyWarning, whom };
    let named = house.report_draft(&later, &watched_later, id, wanted).await.expect("a draft");
    let product = named.fields.iter().find(|own| own.field == ReportField::Product).expect("the field");
    assert_eq!(product.facts.first(), Some(&text("forms")));
    assert!(product.is_known() && product.facts.len() == 2 && named.whom.is_some());
    assert_eq!((named.due, named.aware), (None, None), "a date by an assumption is no date of a report");
    let nobody = DraftOf { clock: CRA, step: ReportStep::Final, whom: Some(RoleSubject::Agency("tax".into())) };
    let none = house.report_draft(&later, &watched_later, id, nobody).await;
    assert_eq!(none.expect_err("nobody said anything of it").code, "not-found");
    let none = house.report_draft(&desk, &watched, id, (Clock::KevDueDate, ReportStep::Remediation)).await;
    assert_eq!(none.expect_err("it is no report").code, "usage");
    let none = house.report_draft(&desk, &watched, id, (CRA, ReportStep::Progress)).await;
    assert_eq!(none.expect_err("no such step").code, "not-found");
}

#[tokio::test]
async fn who_does_not_see_the_incident_learns_of_no_clock() {
    let place = place().await;
    let id = opened(&place).await;
    let house = &place.house;
    tell(house, "2026-11-20T20:00:00Z", id, CRA, event("2026-11-20T12:00:00Z", Happened::BecameAware)).await;
    let agency = Viewer::Agency { agencies: vec!["none".into()], clearance: Classification::Secret };
    for viewer in [agency, Viewer::Stranger] {
        let desk = house.desk(viewer.clone(), day("2026-11-22")).await.expect("a desk");
        assert_eq!(house.incident_clocks(&desk, id).await.expect_err("out of sight").code, "not-found");
        assert!(house.clocks(&desk).await.expect("clocks").rows.is_empty());
        let mut author = author("eve", "2026-11-22");
        author.viewer = viewer.clone();
        let told = house.tell_clock(&author, (id, CRA), event("2026-11-20", Happened::BecameAware)).await;
        assert!(matches!(told.expect_err("refused").code, "not-found" | "not-allowed"), "{viewer:?}");
    }
}

#[tokio::test]
async fn a_role_follows_from_answers_and_a_later_one_erases_none() {
    let place = place().await;
    let house = &place.house;
    let clerk = author("clerk", "2026-11-20");
    let said = |fact, holds| StatedFact { fact, holds: Some(holds), source: "the contract".to_owned() };
    let subject = RoleSubject::Product { agency: "tax".into(), name: "forms".to_owned() };
    let of = (&subject, RoleLaw::Cra);
    house.state_role(&clerk, of, vec![said(RoleFact::OutsideProductScope, false)], "", None).await.expect("said");
    let own = vec![said(RoleFact::OutsideProductScope, false), said(RoleFact::OwnUseOnly, true)];
    house.state_role(&author("chief", "2026-11-21"), of, own, "looked again", None).await.expect("said");
    let desk = house.desk(Viewer::Operator, day("2026-11-22")).await.expect("a desk");
    let rows = house.law_roles(&desk).await.expect("roles").rows;
    let [row] = rows.as_slice() else { panic!("one subject: {rows:?}") };
    assert_eq!((row.outcome.answer, row.outcome.role, row.earlier), (RoleAnswer::Decided, Some(LawRole::OwnUse), 1));
    assert_eq!((row.actor.as_str(), row.note.as_str(), row.differs), ("chief", "looked again", false));
    let history = house.law_role_history(&desk, of).await.expect("a history");
    let answers: Vec<_> = history.iter().map(|row| (row.actor.as_str(), row.outcome.answer)).collect();
    assert_eq!(answers, [("chief", RoleAnswer::Decided), ("clerk", RoleAnswer::NotDecided)]);
    let next = history[1].outcome.next.as_ref().expect("a question");
    assert_eq!((next.fact, next.if_yes.as_slice()), (RoleFact::OwnUseOnly, &["own-use"][..]));
}

#[tokio::test]
async fn the_pack_of_a_steward_invents_nothing() {
    let place = place().await;
    let house = &place.house;
    let desk = house.desk(Viewer::Operator, day("2026-11-22")).await.expect("a desk");
    let empty = house.steward_facts(&desk, None).await.expect("facts");
    assert_eq!((empty.missing().count(), empty.parts.len(), empty.author.as_str()), (9, 9, ""));
    let asked = AuthorityEvent::Asked {
        authority: "Market surveillance".to_owned(),
        about: "the policy".to_owned(),
        at: day("2026-11-01"),
        agency: None,
        reference: String::new(),
        due: Some(day("2026-11-10")),
    };
    let request = house.note_authority_request(&author("clerk", "2026-11-02"), asked).await.expect("noted");
    let desk = house.desk(Viewer::Operator, day("2026-11-22")).await.expect("a desk");
    assert_eq!(house.authority_requests(&desk).await.expect("requests").rows[0].state, RequestState::Late);
    let answered =
        AuthorityEvent::Answered { at: day("2026-11-12"), with: "the document".to_owned(), evidence: Vec::new() };
    house.note_authority_event(&author("clerk", "2026-11-12"), request, answered).await.expect("noted");
    let desk = house.desk(Viewer::Operator, day("2026-11-22")).await.expect("a desk");
    assert_eq!(house.authority_requests(&desk).await.expect("requests").rows[0].state, RequestState::AnsweredLate);
    let folder = place.folder.path().join("pack");
    let written = house.steward_pack(&desk, &folder, Some("market  SURVEILLANCE")).await.expect("written");
    let names: Vec<&str> = written.iter().map(|file| file.name.as_str()).collect();
    let expected = [
        "steward-pack.de.md",
        "steward-pack.de.pdf",
        "steward-pack.en.md",
        "steward-pack.en.pdf",
        "steward-pack.json",
        "SHA256SUMS",
    ];
    assert_eq!(names, expected);
    let text = std::fs::read_to_string(folder.join("steward-pack.en.md")).expect("a file");
    assert!(text.contains("8 of 9 elements are missing") && text.contains("Market surveillance"), "{text}");
    // What one authority asked is not for another one.
    for (authority, expected) in [(None, (0, 8)), (Some("Elsewhere"), (0, 9))] {
        let facts = house.steward_facts(&desk, authority).await.expect("facts");
        assert_eq!((facts.requests.len(), facts.missing().count()), expected, "{authority:?}");
    }
    assert_eq!(house.steward_pack(&desk, &folder, None).await.expect_err("it is there").code, "exists");
    let reader = Viewer::Agency { agencies: vec!["tax".into()], clearance: Classification::Secret };
    let desk = house.desk(reader, day("2026-11-22")).await.expect("a desk");
    assert_eq!(house.steward_facts(&desk, None).await.expect_err("not for all").code, "not-allowed");
}

#[tokio::test]
async fn an_incident_about_a_package_has_drafts_too() {
    let place = place().await;
    let id = place.house.open_incident(&author("clerk", "2026-11-20"), about(package())).await.expect("opened");
    let desk = place.house.desk(Viewer::Operator, day("2026-11-22")).await.expect("a desk");
    let watched = place.house.watch(&desk).await.expect("watches");
    let of = (Clock::CraSevereIncident, ReportStep::EarlyWarning);
    let draft = place.house.report_draft(&desk, &watched, id, of).await.expect("a draft");
    let unknown: Vec<ReportField> = draft.unknown().map(|own| own.field).collect();
    assert_eq!(unknown, [ReportField::Product, ReportField::Malicious, ReportField::MemberStates]);
}
