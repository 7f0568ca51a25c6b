// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/rounds/{id}/letters/{agency}`: what does the letter say, and how does it get onto paper? Links that need no account are made by a form
//! and shown once, in its answer.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_model::incidents::TaskId;
use underpin_model::people::Act;
use underpin_model::registry::AgencyId;
use underpin_model::rounds::KeyMatter;
use underpin_render::Language;
use underpin_render::letter::Letter;
use underpin_render::pdf::Part;

use super::incident_view::{author, may_lead};
use super::{Answer, html, number};
use crate::error::{WebError, encoded};
use crate::exports::with_pairs;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::{Person, pairs};

/// What the forms say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Entered {
    form_token: String,
    language: String,
    /// `pdf` for paper.
    format: String,
}

#[derive(Template)]
#[template(path = "round_letter.html")]
struct Page {
    frame: Frame,
    subject: String,
    parts: Vec<Part>,
    has_links: bool,
    action: String,
    pdf_href: String,
    may_lead: bool,
    letter_language: &'static str,
}

/// The letter without links; `?format=pdf` is the same as a document.
pub async fn page(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path((id, agency)): Path<(String, String)>,
) -> Answer {
    let id = number(&id)?;
    let asked = pairs(&person.visitor.uri);
    let given = |name: &str| asked.iter().find(|(own, _)| own == name).map(|(_, word)| word.as_str());
    let seat = house.seat(&person.visitor.viewer(), person.visitor.as_of).await?;
    let agency = AgencyId(agency);
    let round = seat.rounds(&house.house).await?.0.iter().find(|row| row.round.id == id);
    let own = round.map(|row| row.round.language.clone()).unwrap_or_default();
    let language = Language::of_code(given("language").unwrap_or(&own)).unwrap_or_default();
    // Whoever sees one system may not see its agency.
    let is_in_sight =
        seat.desk.agency(&agency).is_some() || seat.desk.snapshot.systems.iter().any(|system| system.agency == agency);
    if !is_in_sight {
        return Err(WebError::not_found());
    }
    let theirs = house.mail_seat(person.signed.person.id, &agency, person.visitor.as_of).await?;
    let letter = house.house.letter_text((&seat.desk, &theirs.desk), id, &agency, (language, &house.url)).await?;
    if given("format") == Some("pdf") {
        return pdf(&letter, &format!("letter-{id}-{}", agency.0));
    }
    shown(
        &person,
        letter,
        (&format!("/rounds/{id}/letters/{}", encoded(&agency.0)), false),
        Some(&format!("/rounds/{id}")),
    )
}

/// The letter with links that are made now.
pub async fn with_links(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path((id, agency)): Path<(String, String)>,
    Form(entered): Form<Entered>,
) -> Answer {
    let id = number(&id)?;
    person.check(&entered.form_token)?;
    let agency = AgencyId(agency);
    let matter = KeyMatter::Round(id, agency.clone());
    let language = Language::of_code(&entered.language).unwrap_or_default();
    let random = [house.random(), house.random(), house.random()];
    let author = author(&house, &person).await?;
    let now = house.wall_clock();
    let printed = house.house.print_letter(&author, &matter, language, &house.url, (random, now)).await?;
    if entered.format == "pdf" {
        return pdf(&printed.letter, &format!("letter-{id}-{}", agency.0));
    }
    let here = format!("/rounds/{id}/letters/{}", encoded(&agency.0));
    shown(&person, printed.letter, (&here, true), Some(&format!("/rounds/{id}")))
}

/// Has a letter about a task sent to its agency.
pub async fn about_task(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Form(entered): Form<Entered>,
) -> Answer {
    let id: TaskId = number(&id)?;
    person.check(&entered.form_token)?;
    let author = author(&house, &person).await?;
    house.house.write_about_task(&author, id, &entered.language).await?;
    Ok(Redirect::to(&format!("/tasks/{id}?done=written")).into_response())
}

/// Has letters about an incident sent to all agencies with open tasks.
pub async fn about_incident(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Form(entered): Form<Entered>,
) -> Answer {
    let id = number(&id)?;
    person.check(&entered.form_token)?;
    let author = author(&house, &person).await?;
    house.house.write_about_incident(&author, id, &entered.language).await?;
    Ok(Redirect::to(&format!("/incidents/{id}?done=letters")).into_response())
}

fn pdf(letter: &Letter, name: &str) -> Answer {
    let bytes = letter.pdf().map_err(|_| WebError::new(StatusCode::INTERNAL_SERVER_ERROR, "export"))?;
    let plain: String = name.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
    let file = format!("inline; filename=\"{plain}.pdf\"");
    let headers = [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, file)];
    Ok((headers, bytes).into_response())
}

fn shown(person: &Person, letter: Letter, (here, has_links): (&str, bool), back: Option<&str>) -> Answer {
    let mut frame = Frame::new(&person.visitor, Place::Coverage);
    frame.title = frame.t("round-letter");
    here.clone_into(&mut frame.here);
    let rounds = frame.t("rounds");
    frame.crumb(rounds, "/rounds");
    if let Some(back) = back {
        let words = frame.t("round");
        frame.crumb(words, back);
    }
    let code = letter.language.code();
    let pdf = [("language".to_owned(), code.to_owned()), ("format".to_owned(), "pdf".to_owned())];
    html(&Page {
        subject: letter.subject,
        parts: letter.parts,
        has_links,
        action: here.to_owned(),
        pdf_href: with_pairs(here, &pdf),
        may_lead: may_lead(&person.visitor) && person.visitor.viewer().may(Act::Lead),
        letter_language: code,
        frame,
    })
}
