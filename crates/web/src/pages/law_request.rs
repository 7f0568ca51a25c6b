// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/law/requests/{id}`: what did an authority ask, and what was said about it since? Forms write down an answer or a remark.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde_json::json;
use underpin_model::Timestamp;
use underpin_model::law::AuthorityEvent;
use underpin_model::people::Act;
use underpin_model::registry::AgencyId;
use underpin_model::watch::Place as Where;
use underpin_office::law::clocks::document_evidence;
use underpin_office::law::requests::{EventRow, RequestRow};
use underpin_office::{Desk, OfficeError};

use super::incident_view::{author, may_at};
use super::law_requests::{FieldFaults, REFUSALS, happened_at, level, plain};
use super::{Answer, html, number};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::forms::{Faults, Sent, Told};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::{Person, pairs};

/// What was said, as rows of a file.
const ROWS: Rows = Rows { name: "request-of-an-authority", list: "events", fields: &["said", "actor", "event"] };
/// What can have been done, with the sentence that says so.
const DONE: [(&str, &str); 3] =
    [("noted", "requests-done-noted"), ("answered", "requests-done-answered"), ("remarked", "requests-done-remarked")];

#[derive(Template)]
#[template(path = "law_request.html")]
struct Page {
    frame: Frame,
    row: RequestRow,
    done: &'static str,
    sent: Sent,
    faults: Faults,
    refusal: Told,
    may_lead: bool,
    is_past: bool,
}

impl Page {
    fn level(&self) -> &'static str {
        level(self.row.state)
    }

    /// What happened, in words.
    fn happened(&self, event: &EventRow) -> String {
        let key = match &event.event {
            AuthorityEvent::Asked { .. } => "requests-asked",
            AuthorityEvent::Answered { .. } => "requests-answered",
            AuthorityEvent::Remark { .. } => "requests-remarked",
        };
        self.frame.t(key)
    }

    /// When it happened: a remark, when it was said.
    fn at(&self, event: &EventRow) -> Timestamp {
        match &event.event {
            AuthorityEvent::Asked { at, .. } | AuthorityEvent::Answered { at, .. } => *at,
            AuthorityEvent::Remark { .. } => event.said,
        }
    }

    /// The words of people.
    fn words<'e>(&self, event: &'e EventRow) -> &'e str {
        match &event.event {
            AuthorityEvent::Asked { about, .. } => about,
            AuthorityEvent::Answered { with, .. } => with,
            AuthorityEvent::Remark { text } => text,
        }
    }

    /// What was handed over, each with its digest.
    fn handed_over(&self, event: &EventRow) -> Vec<(String, String)> {
        match &event.event {
            AuthorityEvent::Answered { evidence, .. } => {
                evidence.iter().map(|one| (one.name.clone(), one.sha256.clone())).collect()
            }
            _ => Vec::new(),
        }
    }

    fn value(&self, act: &str, field: &str) -> &str {
        if self.sent.is("act", act) { self.sent.one(field) } else { "" }
    }
}

/// A number that is written as it is in addresses; another way to write it is no address.
fn request_number(text: &str) -> Result<i64, WebError> {
    let request: i64 = number(text)?;
    if request.to_string() == text { Ok(request) } else { Err(WebError::not_found()) }
}

/// What is out of sight looks like what is not there.
fn hidden(error: OfficeError) -> WebError {
    if error.code == "unknown-authority-request" { WebError::not_found() } else { error.into() }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>) -> Answer {
    let request = request_number(&id)?;
    shown(&house, &person, request, (Sent::default(), &[], Told::default()), StatusCode::OK).await
}

/// Writes down an answer or a remark.
pub async fn note(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>, sent: Sent) -> Answer {
    let request = request_number(&id)?;
    person.check(sent.one("form_token"))?;
    let bad = StatusCode::UNPROCESSABLE_ENTITY;
    let author = author(&house, &person).await?;
    let seat = house.seat(&person.visitor.viewer(), None).await?;
    // What is not within sight is not there, whatever else the form says.
    house.house.authority_request(&seat.desk, request).await.map_err(hidden)?;
    let (done, event) = match said(&sent, &seat.desk, author.at) {
        Ok(said) => said,
        Err(faults) => return shown(&house, &person, request, (sent, &faults, Told::default()), bad).await,
    };
    match house.house.note_authority_event(&author, request, event).await {
        Ok(()) => Ok(Redirect::to(&format!("/law/requests/{request}?done={done}")).into_response()),
        Err(error) if REFUSALS.contains(&error.code) => {
            let told = Told::by_the_office(&error);
            shown(&house, &person, request, (sent, &[], told), bad).await
        }
        Err(error) => Err(hidden(error)),
    }
}

/// What a form says happened, with the word of what was done.
fn said(sent: &Sent, desk: &Desk, now: Timestamp) -> Result<(&'static str, AuthorityEvent), FieldFaults> {
    if !sent.is("act", "answer") {
        let text = plain(sent.one("text"));
        return match text.is_empty() {
            true => Err(vec![("text", "requests-fault-empty")]),
            false => Ok(("remarked", AuthorityEvent::Remark { text })),
        };
    }
    let mut faults: FieldFaults = Vec::new();
    let with = plain(sent.one("with"));
    if with.is_empty() {
        faults.push(("with", "requests-fault-empty"));
    }
    let at = happened_at(sent, now).map_err(|key| faults.push(("at", key))).unwrap_or(now);
    let names = sent.one("evidence").split([' ', ',', ';']).filter(|name| !name.is_empty());
    let evidence = names.map(|name| document_evidence(desk, name)).collect::<underpin_office::Result<Vec<_>>>();
    let evidence = evidence.map_err(|_| faults.push(("evidence", "reporting-fault-evidence"))).unwrap_or_default();
    match faults.is_empty() {
        true => Ok(("answered", AuthorityEvent::Answered { at, with, evidence })),
        false => Err(faults),
    }
}

async fn shown(
    house: &WebHouse,
    person: &Person,
    request: i64,
    (sent, faults, refusal): (Sent, &[(&str, &str)], Told),
    status: StatusCode,
) -> Answer {
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let seat = house.seat(&viewer, visitor.as_of).await?;
    let row = house.house.authority_request(&seat.desk, request).await.map_err(hidden)?;
    let overview = seat.desk.overview();
    if let Some(format) = exports::wanted(visitor)? {
        let mut answer = json!(row);
        answer["snapshot"] = json!(overview.snapshot);
        answer["as_of"] = json!(overview.as_of);
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Incidents);
    frame.path = format!("/law/requests/{request}");
    frame.kept.retain(|(name, _)| name != "done");
    frame.here.clone_from(&frame.path);
    frame.title = frame.say("request-title", "authority", &row.authority);
    for (key, address) in [("clocks", "/clocks"), ("requests", "/law/requests")] {
        let words = frame.t(key);
        frame.crumb(words, address);
    }
    frame.answers(overview.as_of, exports::BOTH);
    let told = pairs(&visitor.uri).into_iter().find(|(name, _)| name == "done").map(|(_, word)| word);
    let done = DONE.iter().find(|(word, _)| told.as_deref() == Some(*word)).map_or("", |(_, key)| *key);
    let place = row.agency.clone().map_or(Where::Government, |agency| Where::Agency(AgencyId(agency)));
    let is_past = visitor.as_of.is_some();
    let may_lead = !is_past && may_at(&seat.desk, &viewer, Act::Lead, &place);
    let faults = Faults::told(&frame, faults);
    let page = Page { frame, row, done, sent, faults, refusal, may_lead, is_past };
    Ok((status, html(&page)?).into_response())
}
