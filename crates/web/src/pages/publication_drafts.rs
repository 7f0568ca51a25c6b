// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/publications/drafts`: what waits for a second person before everybody reads it? The words are shown to the letter, and the approval
//! belongs to the digest of exactly these.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_model::people::Act;
use underpin_model::watch::Place as Where;
use underpin_office::publish::{PublicationKind, PublicationRow, PublicationState, PublishNotice};
use underpin_render::text;

use super::incident_view::{author, may_at};
use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

const ROWS: Rows = Rows {
    name: "publication-drafts",
    list: "rows",
    fields: &[
        "kind",
        "name",
        "version",
        "state",
        "tlp",
        "withdraws",
        "title",
        "summary",
        "author",
        "drafted",
        "ended_by",
        "ended",
        "digest",
    ],
};

/// What was done a moment ago.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: String,
}

/// What a form says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Entered {
    form_token: String,
    kind: String,
    name: String,
    digest: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "publication_drafts.html")]
struct Page {
    frame: Frame,
    headline: String,
    done: &'static str,
    fault: &'static str,
    notices: Vec<String>,
    waiting: Vec<PublicationRow>,
    ended: Vec<PublicationRow>,
    may_approve: bool,
    may_lead: bool,
    own: String,
}

impl Page {
    fn is_own(&self, row: &PublicationRow) -> bool {
        row.author.eq_ignore_ascii_case(&self.own)
    }

    fn tlp(&self, row: &PublicationRow) -> String {
        format!("TLP:{}", row.tlp.to_uppercase())
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Query(asked): Query<Asked>) -> Answer {
    let done = match asked.done.as_str() {
        "approved" => "publications-done-approved",
        "withdrawn" => "publications-done-withdrawn",
        _ => "",
    };
    shown(&house, &person, (done, "")).await
}

/// Approves a draft that somebody else wrote.
pub async fn approve(State(house): State<Arc<WebHouse>>, person: Person, Form(entered): Form<Entered>) -> Answer {
    person.check(&entered.form_token)?;
    let of = (kind(&entered)?, entered.name.as_str());
    let done = house.house.approve_publication(&author(&house, &person).await?, of, &entered.digest).await;
    ended(&house, &person, done.map(|_| "approved")).await
}

/// Takes a draft back, or drafts that what was published is withdrawn.
pub async fn withdraw(State(house): State<Arc<WebHouse>>, person: Person, Form(entered): Form<Entered>) -> Answer {
    person.check(&entered.form_token)?;
    let of = (kind(&entered)?, entered.name.as_str());
    let done = house.house.withdraw_publication(&author(&house, &person).await?, of, &entered.reason).await;
    ended(&house, &person, done.map(|_| "withdrawn")).await
}

fn kind(entered: &Entered) -> Result<PublicationKind, WebError> {
    entered.kind.parse().map_err(|_| WebError::not_found())
}

/// Back to the list, or the list with what went wrong.
async fn ended(house: &WebHouse, person: &Person, done: underpin_office::Result<&str>) -> Answer {
    let error = match done {
        Ok(done) => return Ok(Redirect::to(&format!("/publications/drafts?done={done}")).into_response()),
        Err(error) => error,
    };
    let (status, fault) = match error.code {
        "same-publisher" => (StatusCode::FORBIDDEN, "fault-same-publisher"),
        "publication-changed" => (StatusCode::CONFLICT, "fault-publication-changed"),
        "publication-outdated" => (StatusCode::CONFLICT, "fault-publication-outdated"),
        "marked-stricter" => (StatusCode::CONFLICT, "fault-publication-stricter"),
        "no-key" | "bad-key" => (StatusCode::CONFLICT, "fault-publication-key"),
        "empty-reason" => (StatusCode::UNPROCESSABLE_ENTITY, "fault-publication-reason"),
        _ => return Err(error.into()),
    };
    let page = shown(house, person, ("", fault)).await?;
    Ok((status, page).into_response())
}

async fn shown(house: &WebHouse, person: &Person, (done, fault): (&'static str, &'static str)) -> Answer {
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let seat = house.seat(&viewer, visitor.as_of).await?;
    let answer = house.house.publications(&seat.desk).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Nowhere);
    frame.path = "/publications/drafts".to_owned();
    let moment = visitor.as_of.map(|at| ("as-of".to_owned(), at.to_string()));
    frame.here = exports::with_pairs(&frame.path, moment.as_slice());
    frame.title = frame.t("publications-drafts");
    if house.house.settings.publish.serve {
        let words = frame.t("publications");
        frame.crumb(words, "/publications");
    }
    frame.answers(answer.overview.as_of, exports::BOTH);
    let notices = answer.notices.iter().map(|notice| noticed(&frame, notice)).collect();
    // What waited then is nothing to act on now.
    let may = |act| visitor.as_of.is_none() && may_at(&seat.desk, &viewer, act, &Where::Government);
    let (may_approve, may_lead) = (may(Act::Approve), may(Act::Lead));
    let (waiting, ended): (Vec<_>, Vec<_>) =
        answer.rows.into_iter().partition(|row| row.state == PublicationState::Draft);
    let headline = match waiting.len() {
        0 => frame.t("publications-drafts-none"),
        count => frame.n("publications-drafts-headline", &(count as u64)),
    };
    let own = author(house, person).await?.actor;
    html(&Page { frame, headline, done, fault, notices, waiting, ended, may_approve, may_lead, own })
}

/// What somebody has to look at, in words.
fn noticed(frame: &Frame, notice: &PublishNotice) -> String {
    let day = notice.day.map(|day| frame.day(&day)).unwrap_or_default();
    let key = format!("publications-notice-{}", notice.code);
    text(frame.language, &key, &[("day", day.as_str().into()), ("about", notice.about.as_str().into())])
}
