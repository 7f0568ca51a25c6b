// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/disclosures`: which vulnerabilities that are not public do we help to mend? Only for who is let into each.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form as Sent, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_model::people::Act;
use underpin_model::watch::Place as Where;
use underpin_office::supporter::NewDisclosure;
use underpin_office::supporter::disclosures::{DisclosureRow, DisclosuresAnswer};
use underpin_render::text;

use super::engagement_view::{self, refusal};
use super::incident_view::{Notice, author, may_at};
use super::{Answer, html};
use crate::exports::{self, Rows};
use crate::frame::Frame;
use crate::house::WebHouse;
use crate::visitor::Person;

/// Cases as rows of a file.
const ROWS: Rows = Rows {
    name: "disclosures",
    list: "rows",
    fields: &[
        "disclosure",
        "project",
        "title",
        "case",
        "embargo",
        "until",
        "is_embargoed",
        "report",
        "opened_by",
        "opened",
    ],
};

/// A case to open, as the form says it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    form_token: String,
    project: String,
    title: String,
    compartment: String,
}

#[derive(Template)]
#[template(path = "disclosures.html")]
struct Page {
    frame: Frame,
    notice: Notice,
    headline: String,
    answer: DisclosuresAnswer,
    form: Form,
    may_open: bool,
    /// Compartments that the reader is let into.
    compartments: Vec<String>,
}

impl Page {
    fn embargo(&self, row: &DisclosureRow) -> String {
        embargo(&self.frame, row)
    }
}

/// How an embargo stands, with its day.
pub fn embargo(frame: &Frame, row: &DisclosureRow) -> String {
    let words = frame.word("embargo", row.embargo.as_str());
    match row.until {
        Some(until) => format!("{words} ({})", frame.say("disclosure-until", "day", &frame.day(&until))),
        None => words,
    }
}

/// Whether the reader leads for the whole government, in the present.
pub fn leads(person: &Person, desk: &underpin_office::Desk) -> bool {
    let viewer = person.visitor.viewer();
    person.visitor.as_of.is_none() && may_at(desk, &viewer, Act::Lead, &Where::Government)
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    shown(&house, &person, Form::default(), Notice::default()).await
}

/// Opens a case.
pub async fn open(State(house): State<Arc<WebHouse>>, person: Person, Sent(form): Sent<Form>) -> Answer {
    person.check(&form.form_token)?;
    let seat = house.seat(&person.visitor.viewer(), None).await?;
    let frame = engagement_view::frame(&person.visitor, "/disclosures".to_owned(), String::new());
    let project = match seat.desk.project_key(&form.project) {
        Ok(project) => project,
        Err(_) => {
            let notice = Notice::fault("project", frame.t("ask-fault-project"));
            return shown(&house, &person, form, notice).await;
        }
    };
    let new =
        NewDisclosure { project, title: form.title.trim().to_owned(), compartment: form.compartment.trim().to_owned() };
    match house.house.open_disclosure(&author(&house, &person).await?, new).await {
        Ok(row) => Ok(Redirect::to(&format!("/disclosures/{}?done=opened", row.disclosure)).into_response()),
        Err(error) => {
            let notice = refusal(&frame, error)?;
            shown(&house, &person, form, notice).await
        }
    }
}

async fn shown(house: &WebHouse, person: &Person, form: Form, notice: Notice) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = house.house.disclosures(&seat.desk).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let status = if notice.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut frame = engagement_view::frame(visitor, "/disclosures".to_owned(), String::new());
    frame.title = frame.t("disclosures");
    frame.answers(answer.overview.as_of, exports::BOTH);
    let bound = answer.rows.iter().filter(|row| row.is_embargoed).count() as u64;
    let words = [("cases", (answer.rows.len() as u64).into()), ("bound", bound.into())];
    let key = if answer.rows.is_empty() { "disclosures-headline-none" } else { "disclosures-headline" };
    let headline = text(frame.language, key, &words);
    let may_open = leads(person, &seat.desk);
    let compartments = person.signed.person.compartments.clone();
    let page = html(&Page { frame, notice, headline, answer, form, may_open, compartments })?;
    Ok((status, page).into_response())
}
