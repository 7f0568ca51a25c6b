// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/disclosures/{id}`: how far has this vulnerability come on its way from the vendor to the public, and does an embargo bind?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form as Sent, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_model::engagement::{CaseContact, DisclosureAct, DisclosureEvent, DisclosureId, StatedContact};
use underpin_office::supporter::NewDisclosureEvent;
use underpin_office::supporter::disclosures::DisclosureAnswer;
use underpin_render::charts::{Figure, Lane, Picture, Track, TrackStep};

use super::disclosures::{embargo, leads};
use super::engagement_view::{self, gone, refusal};
use super::incident_view::{Notice, author, moment};
use super::{Answer, html, number};
use crate::error::WebError;
use crate::exports::{self, Format, Rows};
use crate::frame::Frame;
use crate::house::WebHouse;
use crate::visitor::Person;

/// Events as rows of a file.
const ROWS: Rows =
    Rows { name: "disclosure", list: "rows", fields: &["at", "what", "until", "note", "actor", "is_by_itself"] };

/// What was done a moment ago.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: String,
}

/// What the form says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    form_token: String,
    what: String,
    until: String,
    note: String,
    door: String,
    address: String,
}

/// Doors that a form offers, as facts name them: what is private in a case.
const DOORS: [&str; 4] = ["private-report", "security-policy", "stated", "maintainers"];

#[derive(Template)]
#[template(path = "disclosure.html")]
struct Page {
    frame: Frame,
    notice: Notice,
    headline: String,
    figure: Figure,
    answer: DisclosureAnswer,
    form: Form,
    may_note: bool,
    doors: [&'static str; 4],
}

impl Page {
    /// What a project said of how it wants to be approached, in words.
    fn told(&self, contact: &CaseContact) -> String {
        let word = |(name, value): (&str, String)| match name {
            "private_report" | "security_policy" | "stated" | "maintainers" => {
                format!("{}: {value}", self.frame.word("channel", &name.replace('_', "-")))
            }
            _ => format!("{name}: {value}"),
        };
        contact.contact.entries().into_iter().map(word).collect::<Vec<_>>().join(", ")
    }

    fn embargo(&self) -> String {
        embargo(&self.frame, &self.answer.row)
    }

    fn by(&self, event: &DisclosureEvent) -> String {
        if event.is_by_itself { self.frame.t("disclosure-by-itself") } else { event.actor.clone() }
    }

    fn until(&self, event: &DisclosureEvent) -> String {
        event.until.map(|until| self.frame.say("disclosure-until", "day", &self.frame.day(&until))).unwrap_or_default()
    }
}

/// The page.
pub async fn page(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let done = match asked.done.as_str() {
        "opened" => "disclosure-done-opened",
        "noted" => "disclosure-done-noted",
        "contact" => "disclosure-done-contact",
        _ => "",
    };
    shown(&house, &person, number(&id)?, Form::default(), Notice { done, ..Notice::default() }).await
}

/// Writes down what happened.
pub async fn note(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Sent(form): Sent<Form>,
) -> Answer {
    let id: DisclosureId = number(&id)?;
    person.check(&form.form_token)?;
    let usage = || WebError::new(StatusCode::BAD_REQUEST, "usage");
    let what: DisclosureAct = form.what.parse().map_err(|_| usage())?;
    let until = moment(&form.until).map_err(|()| usage())?;
    let new = NewDisclosureEvent { what, until, note: form.note.clone() };
    match house.house.note_disclosure(&author(&house, &person).await?, id, new).await {
        Ok(_) => Ok(Redirect::to(&format!("/disclosures/{id}?done=noted")).into_response()),
        Err(error) => {
            let frame = engagement_view::frame(&person.visitor, "/disclosures".to_owned(), String::new());
            let notice = refusal(&frame, error)?;
            shown(&house, &person, id, form, notice).await
        }
    }
}

/// Writes down how the project wants to be approached in the case.
pub async fn contact(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Sent(form): Sent<Form>,
) -> Answer {
    let id: DisclosureId = number(&id)?;
    person.check(&form.form_token)?;
    let address = Some(form.address.trim().to_owned());
    let none = StatedContact::default();
    let contact = match form.door.as_str() {
        "private-report" => StatedContact { private_report: address, ..none },
        "security-policy" => StatedContact { security_policy: address, ..none },
        "stated" => StatedContact { stated: address, ..none },
        "maintainers" => StatedContact { maintainers: address, ..none },
        _ => return Err(WebError::new(StatusCode::BAD_REQUEST, "usage")),
    };
    match house.house.note_case_contact(&author(&house, &person).await?, id, contact).await {
        Ok(()) => Ok(Redirect::to(&format!("/disclosures/{id}?done=contact")).into_response()),
        Err(error) => {
            let frame = engagement_view::frame(&person.visitor, "/disclosures".to_owned(), String::new());
            let notice = refusal(&frame, error)?;
            shown(&house, &person, id, form, notice).await
        }
    }
}

async fn shown(house: &WebHouse, person: &Person, id: DisclosureId, form: Form, notice: Notice) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = house.house.disclosure(&seat.desk, id).await.map_err(gone)?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let status = if notice.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut frame = engagement_view::frame(visitor, format!("/disclosures/{id}"), id.to_string());
    let all = frame.t("disclosures");
    frame.crumb(all, "/disclosures");
    frame.answers(answer.overview.as_of, exports::BOTH);
    let headline = format!("{}: {}", answer.row.disclosure, answer.row.title);
    let may_note = leads(person, &seat.desk);
    let figure = figure(&frame, &answer);
    let page = html(&Page { frame, notice, headline, figure, answer, form, may_note, doors: DOORS })?;
    Ok((status, page).into_response())
}

/// The way of the fix, what the world knows, and the embargo, each step with its day.
fn figure(frame: &Frame, answer: &DisclosureAnswer) -> Figure {
    use DisclosureAct as D;
    let on = |acts: &[DisclosureAct]| answer.rows.iter().rev().find(|event| acts.contains(&event.what));
    let step = |key: String, acts: &[DisclosureAct]| {
        let event = on(acts);
        let note = event.map_or_else(|| frame.t("disclosure-not-yet"), |event| frame.day(&event.at));
        TrackStep { name: frame.t(&key), is_done: event.is_some(), note }
    };
    let fact = |act: DisclosureAct| step(format!("disclosure-act-{}", act.as_str()), &[act]);
    let ended = [D::EmbargoTerminate, D::EmbargoReject];
    let mut end = step("embargo-exited".to_owned(), &ended);
    // An embargo that ended on its day has no event of its own.
    let is_over = answer.row.embargo.as_str() == "exited";
    if let (true, false, Some(until)) = (is_over, end.is_done, answer.row.until) {
        end = TrackStep { is_done: true, note: frame.day(&until), ..end };
    }
    let known = TrackStep { name: frame.t("disclosure-act-vendor-aware"), ..step(String::new(), &[D::VendorAware]) };
    let lane = |key: &str, is_sequence, steps| Lane { name: frame.t(key), is_sequence, steps };
    let lanes = vec![
        lane("disclosure-lane-fix", true, vec![known, fact(D::FixReady), fact(D::FixDeployed)]),
        lane("disclosure-lane-world", false, vec![fact(D::PublicAware), fact(D::ExploitPublic), fact(D::AttacksSeen)]),
        lane(
            "disclosure-lane-embargo",
            true,
            vec![
                step("embargo-proposed".to_owned(), &[D::EmbargoPropose]),
                step("embargo-active".to_owned(), &[D::EmbargoAccept]),
                end,
            ],
        ),
    ];
    let key = match (answer.row.is_open, answer.row.is_embargoed) {
        (true, _) => "disclosure-figure-open",
        (false, true) => "disclosure-figure-bound",
        (false, false) => "disclosure-figure-free",
    };
    Figure {
        id: "way",
        headline: frame.t(key),
        subtitle: frame.t("disclosure-measure"),
        source: frame.t("disclosure-source"),
        as_of: answer.overview.as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: String::new(),
        language: frame.language,
        picture: Picture::Track(Track {
            of: frame.t("disclosure-lane"),
            step: frame.t("disclosure-step"),
            stands: frame.t("disclosure-day"),
            lanes,
        }),
    }
}
