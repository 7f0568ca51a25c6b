// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/incidents/{id}/clocks`: which law asks whom to report this, until when, and what was reported? Each clock with its steps, where
//! reports go and what was said; forms to confirm that one binds and to say what happened. `/incidents/{id}/clocks/{clock}/{step}`: a
//! report as text to copy.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use underpin_model::authority_reports::ReportDraft;
use underpin_model::clocks::{Clock, ClosingProof, Happened, Obliged, ReportStep, StatedClockEvent, StepState};
use underpin_model::incidents::IncidentId;
use underpin_model::people::Act;
use underpin_office::law::clocks::{EventRow, ReplacedBy, StatedDue, document_evidence, happened_word, whom_of};
use underpin_office::law::{ClockRow, DraftOf, IncidentClocks, StepRow};
use underpin_office::{Desk, OfficeError};
use underpin_render::{authority_report, text};

use super::clocks::{self, level, roles};
use super::incident_room::mark;
use super::incident_view::{Notice, author, may_at, moment, titled, told};
use super::{Answer, html, number};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::reads;
use crate::visitor::{Person, pairs};

/// Clocks as rows of a file.
const ROWS: Rows = Rows {
    name: "incident-clocks",
    list: "clocks",
    fields: &[
        "incident",
        "title",
        "clock",
        "whom_name",
        "state",
        "next_step",
        "next_due",
        "roles",
        "is_begun",
        "route.country",
    ],
};
/// Fields of a draft as rows of a file.
const FIELDS: Rows = Rows {
    name: "report-draft",
    list: "fields",
    fields: &["field", "where_available", "facts", "law.place", "law.title"],
};
/// What can be told of a clock here; roles have a form of their own.
const EVENTS: [&str; 9] = [
    "became-aware",
    "handed-in",
    "measure-available",
    "already-provided",
    "intermediate-requested",
    "still-ongoing",
    "handling-ended",
    "due-stated",
    "withdrawn",
];

#[derive(Template)]
#[template(path = "incident_clocks.html")]
struct Page {
    frame: Frame,
    notice: Notice,
    answer: IncidentClocks,
    may_lead: bool,
    is_past: bool,
    sent: Sent,
}

impl Page {
    fn level(&self, state: &StepState) -> &'static str {
        level(*state)
    }

    fn roles(&self, row: &ClockRow) -> String {
        roles(&self.frame, row)
    }

    fn begun(&self) -> Vec<&ClockRow> {
        self.answer.clocks.iter().filter(|row| row.is_begun).collect()
    }

    fn others(&self) -> Vec<&ClockRow> {
        self.answer.clocks.iter().filter(|row| !row.is_begun).collect()
    }

    /// Whom a clock binds, in words.
    fn binds(&self, row: &ClockRow) -> String {
        row.binds.iter().map(|role| self.frame.word("law-obliged", role.as_str())).collect::<Vec<_>>().join("; ")
    }

    /// The dates of a clock that nobody began.
    fn dates(&self, row: &ClockRow) -> Vec<(String, underpin_model::Timestamp)> {
        let dated = row.steps.iter().filter_map(|step| Some((step, step.due?)));
        dated.map(|(step, due)| (self.frame.word("law-step", step.step.as_str()), due)).collect()
    }

    fn happened(&self, event: &EventRow) -> String {
        let said = self.frame.word("law-happened", happened_word(&event.stated.happened));
        match &event.stated.happened {
            Happened::RoleConfirmed(role) | Happened::RoleDenied(role) => {
                format!("{said}: {}", self.frame.word("law-obliged", role.as_str()))
            }
            Happened::HandedIn { step, .. } | Happened::AlreadyProvided(step) => {
                format!("{said}: {}", self.frame.word("law-step", step.as_str()))
            }
            Happened::IntermediateRequested(Some(by)) | Happened::DueStated(by) => {
                format!("{said}: {}", self.frame.minute(by))
            }
            _ => said,
        }
    }

    /// Which proofs are not at hand.
    fn missing(&self, step: &StepRow) -> String {
        let words = step.missing_proofs.iter().map(|proof| self.frame.word("law-proof", proof.as_str()));
        self.frame.say("reporting-proof-missing", "proofs", &words.collect::<Vec<_>>().join(", "))
    }

    /// Who said that it is due then, and from where they know.
    fn stated(&self, stated: &StatedDue) -> String {
        let day = self.frame.day(&stated.said);
        let words = [("actor", (&stated.actor).into()), ("day", (&day).into()), ("source", (&stated.source).into())];
        let key = if stated.source.is_empty() { "reporting-stated-without" } else { "reporting-stated" };
        text(self.frame.language, key, &words)
    }

    /// From which day another text counts, as that is said.
    fn replaced(&self, replaced: &ReplacedBy) -> String {
        let day = format!("{}T00:00:00Z", replaced.day).parse::<underpin_model::Timestamp>();
        let day = day.map(|day| self.frame.day(&day));
        self.frame.say("reporting-replaced", "day", day.as_deref().unwrap_or(&replaced.day))
    }

    /// The source of an event, in words.
    fn source_of(&self, event: &EventRow) -> String {
        self.frame.say("reporting-source-is", "source", &event.stated.source)
    }

    /// Which event corrected or withdrew another one.
    fn amended(&self, by: &u64) -> String {
        self.frame.say("reporting-amended", "event", &by.to_string())
    }

    /// The page of the draft of a step; nothing for what is no report.
    fn draft(&self, row: &ClockRow, step: &StepRow) -> Option<String> {
        clocks::draft(row, step.step)
    }

    fn is_chosen(&self, field: &str, value: &str) -> bool {
        self.sent.is(field, value)
    }

    fn value(&self, field: &str) -> &str {
        self.sent.one(field)
    }

    fn events(&self) -> &'static [&'static str] {
        &EVENTS
    }

    fn steps(&self) -> &'static [ReportStep] {
        ReportStep::ALL
    }

    fn all_proofs(&self) -> &'static [ClosingProof] {
        ClosingProof::ALL
    }

    fn has_proof(&self, proof: &ClosingProof) -> bool {
        self.sent.all("proof").any(|own| own == proof.as_str())
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>) -> Answer {
    let id = number(&id)?;
    let asked = Sent(pairs(&person.visitor.uri));
    shown(&house, &person, id, Notice::done(asked.one("done")), Sent::default()).await
}

async fn shown(house: &WebHouse, person: &Person, id: IncidentId, notice: Notice, sent: Sent) -> Answer {
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let seat = house.seat(&viewer, visitor.as_of).await?;
    let answer = house.house.incident_clocks(&seat.desk, id).await?;
    let rows = seat.incidents(&house.house).await?;
    let incident = rows.iter().find(|row| row.incident.id == id).map(|row| &row.incident);
    let noted = incident.and_then(mark);
    if let Some(format) = exports::wanted(visitor)? {
        return reads::marked(exports::give(format, &answer, ROWS), noted);
    }
    let mut frame = Frame::new(visitor, Place::Incidents);
    frame.here = format!("/incidents/{id}/clocks");
    let title = titled(&frame, &answer.title, answer.is_drill);
    frame.title = frame.say("incident-clocks-about", "title", &title);
    let all = frame.t("nav-incidents");
    frame.crumb(all, "/incidents");
    frame.crumb(title, format!("/incidents/{id}"));
    frame.answers(answer.overview.as_of, exports::BOTH);
    let is_past = !frame.chosen_day.is_empty();
    let leads = incident.is_some_and(|incident| may_at(&seat.desk, &viewer, Act::Lead, &incident.place));
    let may_lead = !is_past && leads && !answer.is_drill;
    let status = if notice.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page { frame, notice, answer, may_lead, is_past, sent };
    reads::marked(Ok((status, html(&page)?).into_response()), noted)
}

/// Says what happened: a role that was confirmed or denied, or an event.
pub async fn tell(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>, sent: Sent) -> Answer {
    let id = number(&id)?;
    person.check(sent.one("form_token"))?;
    let author = author(&house, &person).await?;
    let seat = house.seat(&person.visitor.viewer(), None).await?;
    // What is not within sight is not there, whatever else the form says.
    house.house.incident_clocks(&seat.desk, id).await?;
    let stated = match stated(&sent, &seat.desk, author.at) {
        Ok(stated) => stated,
        Err((field, key)) => {
            let fault = Frame::new(&person.visitor, Place::Incidents).t(key);
            return shown(&house, &person, id, Notice::fault(field, fault), sent).await;
        }
    };
    let (clock, events) = stated;
    if let Err(error) = house.house.tell_clocks(&author, (id, clock), events).await {
        return not_told(&house, &person, id, sent, error).await;
    }
    Ok(Redirect::to(&format!("/incidents/{id}/clocks?done=told")).into_response())
}

async fn not_told(house: &WebHouse, person: &Person, id: IncidentId, sent: Sent, error: OfficeError) -> Answer {
    let is_confirm = sent.is("act", "confirm");
    if matches!(error.code, "unknown-agency" | "unknown-system") {
        let fault = Frame::new(&person.visitor, Place::Incidents).t("reporting-fault-whom");
        let field = if is_confirm { "whom-confirm" } else { "whom-tell" };
        return shown(house, person, id, Notice::fault(field, fault), sent).await;
    }
    let field = if is_confirm { "role" } else { "event" };
    let fault = told(person.visitor.language, &error).ok_or_else(|| WebError::from(error))?;
    shown(house, person, id, Notice::fault(field, fault), sent).await
}

type Fault = (&'static str, &'static str);

/// What a form says, or the field at fault and the key of what is wrong with it.
fn stated(sent: &Sent, desk: &Desk, now: underpin_model::Timestamp) -> Result<(Clock, Vec<StatedClockEvent>), Fault> {
    match sent.one("act") {
        "confirm" => confirmation(sent, now),
        _ => event(sent, desk, now).map(|(clock, event)| (clock, vec![event])),
    }
}

fn confirmation(sent: &Sent, now: underpin_model::Timestamp) -> Result<(Clock, Vec<StatedClockEvent>), Fault> {
    let (clock, role) = sent.one("role").split_once(' ').ok_or(("role", "reporting-fault-role"))?;
    let clock: Clock = clock.parse().map_err(|_| ("role", "reporting-fault-role"))?;
    let role: Obliged = role.parse().map_err(|_| ("role", "reporting-fault-role"))?;
    let happened = match sent.one("binds") {
        "yes" => Happened::RoleConfirmed(role),
        "no" => Happened::RoleDenied(role),
        _ => return Err(("binds-yes", "reporting-fault-binds")),
    };
    let aware = moment(sent.one("aware")).map_err(|()| ("aware", "reporting-fault-moment"))?;
    let whom = whom_of(sent.one("whom")).map_err(|_| ("whom-confirm", "reporting-fault-whom"))?;
    let plain = |at, happened| StatedClockEvent {
        at,
        amends: None,
        happened,
        whom: whom.clone(),
        note: String::new(),
        source: String::new(),
        evidence: Vec::new(),
    };
    let note = sent.one("note").replace("\r\n", "\n");
    let mut events = vec![StatedClockEvent { note, ..plain(now, happened.clone()) }];
    if let (Some(at), Happened::RoleConfirmed(_)) = (aware, happened) {
        if at > now {
            return Err(("aware", "reporting-fault-future"));
        }
        events.push(plain(at, Happened::BecameAware));
    }
    Ok((clock, events))
}

fn event(sent: &Sent, desk: &Desk, now: underpin_model::Timestamp) -> Result<(Clock, StatedClockEvent), Fault> {
    let clock: Clock = sent.one("clock").parse().map_err(|_| ("clock", "reporting-fault-clock"))?;
    let step = || sent.one("step").parse::<ReportStep>().map_err(|_| ("step", "reporting-fault-step"));
    let by = moment(sent.one("by")).map_err(|()| ("by", "reporting-fault-moment"))?;
    let source = sent.one("source").to_owned();
    let happened = match sent.one("event") {
        "became-aware" => Happened::BecameAware,
        "handed-in" => {
            let proofs = sent.all("proof").filter_map(|proof| proof.parse().ok()).collect();
            Happened::HandedIn { step: step()?, proofs }
        }
        "measure-available" => Happened::MeasureAvailable,
        "already-provided" => Happened::AlreadyProvided(step()?),
        "intermediate-requested" => Happened::IntermediateRequested(by),
        "still-ongoing" => Happened::StillOngoing,
        "handling-ended" => Happened::HandlingEnded,
        "due-stated" if source.is_empty() => return Err(("source", "reporting-fault-source")),
        "due-stated" => Happened::DueStated(by.ok_or(("by", "reporting-fault-by"))?),
        "withdrawn" => Happened::Withdrawn,
        _ => return Err(("event", "reporting-fault-event")),
    };
    let at = moment(sent.one("at")).map_err(|()| ("at", "reporting-fault-moment"))?.unwrap_or(now);
    if at > now {
        return Err(("at", "reporting-fault-future"));
    }
    let amends = match sent.one("amends") {
        "" => None,
        text => Some(text.parse().map_err(|_| ("amends", "reporting-fault-amends"))?),
    };
    let names = sent.one("evidence").split([' ', ',', ';']).filter(|name| !name.is_empty());
    let evidence = names.map(|name| document_evidence(desk, name)).collect::<underpin_office::Result<Vec<_>>>();
    let evidence = evidence.map_err(|_| ("evidence", "reporting-fault-evidence"))?;
    let whom = whom_of(sent.one("whom")).map_err(|_| ("whom-tell", "reporting-fault-whom"))?;
    let note = sent.one("note").replace("\r\n", "\n");
    Ok((clock, StatedClockEvent { at, amends, happened, whom, note, source, evidence }))
}

/// Letters of a line of a draft on a wide page.
const LINE_LETTERS: usize = 100;

/// Lines that a text takes on a wide page, so that it is seen whole.
fn lines(text: &str) -> usize {
    text.lines().map(|line| line.chars().count().div_ceil(LINE_LETTERS).max(1)).sum::<usize>() + 1
}

#[derive(Template)]
#[template(path = "report_draft.html")]
struct DraftPage {
    frame: Frame,
    draft: ReportDraft,
    headline: String,
    /// The text to copy, and how many lines it takes where they are not broken.
    text: String,
    lines: usize,
    unknown: Vec<String>,
    questions: Vec<String>,
}

/// The draft of a report.
pub async fn draft(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path((id, clock, step)): Path<(String, String, String)>,
) -> Answer {
    let id: IncidentId = number(&id)?;
    // One address each: another way to write a word is no address.
    let clock = Clock::ALL.iter().find(|own| own.as_str() == clock).copied().ok_or_else(WebError::not_found)?;
    let step = ReportStep::ALL.iter().find(|own| own.as_str() == step).copied().ok_or_else(WebError::not_found)?;
    let visitor = &person.visitor;
    let whom = whom_of(Sent(pairs(&visitor.uri)).one("whom")).map_err(|_| WebError::not_found())?;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let room = seat.room(&house.house, id).await?;
    let watched = house.watched(&seat).await?;
    let found = house.house.draft_in_room(&seat.desk, watched, &room, DraftOf { clock, step, whom }).await;
    // A step that is no report has no page.
    let draft = found.map_err(|error| if error.code == "usage" { WebError::not_found() } else { error.into() })?;
    let noted = mark(&room.incident);
    if let Some(format) = exports::wanted(visitor)? {
        return reads::marked(exports::give(format, &draft, FIELDS), noted);
    }
    let mut frame = Frame::new(visitor, Place::Incidents);
    let language = frame.language;
    let headline =
        format!("{}: {}", authority_report::step_name(language, step), authority_report::clock_name(language, clock));
    frame.title.clone_from(&headline);
    let (all, clocks) = (frame.t("nav-incidents"), frame.t("clocks"));
    frame.crumb(all, "/incidents");
    frame.crumb(draft.title.clone(), format!("/incidents/{id}"));
    frame.crumb(clocks, format!("/incidents/{id}/clocks"));
    frame.answers(draft.as_of, exports::BOTH);
    let text = authority_report::draft(language, &draft);
    let page = html(&DraftPage {
        lines: lines(&text),
        text,
        unknown: draft.unknown().map(|field| authority_report::field_name(language, field)).collect(),
        questions: draft.questions.iter().map(|own| frame.word("law-find", own.as_str())).collect(),
        frame,
        headline,
        draft,
    });
    reads::marked(page, noted)
}
