// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/rounds/{id}`: who has answered, who has not, and what was written to them?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_model::Coverage;
use underpin_model::incidents::RoundId;
use underpin_model::people::Act;
use underpin_office::rounds::RoundRoom;
use underpin_render::charts::Figure;
use underpin_render::text;

use super::incident_figures::by_ministry;
use super::incident_view::{author, may_at};
use super::{Answer, html, number};
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// Places that are shown; all of them are in the files.
const SHOWN_ROWS: usize = 300;

/// Places as rows of a file.
const ROWS: Rows = Rows {
    name: "round",
    list: "rows",
    fields: &["task", "agency", "system", "name", "standing", "because", "document", "learned"],
};

/// What was done a moment ago.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: String,
}

/// What the forms say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Entered {
    form_token: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "round.html")]
struct Page {
    frame: Frame,
    done: &'static str,
    headline: String,
    lede: String,
    coverage: Coverage,
    room: RoundRoom,
    figure: Figure,
    is_cut: bool,
    may_lead: bool,
    fault: &'static str,
}

/// The page.
pub async fn page(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let done = match asked.done.as_str() {
        "opened" => "round-done-opened",
        "reminded" => "round-done-reminded",
        "closed" => "round-done-closed",
        _ => "",
    };
    shown(&house, &person, number(&id)?, (done, "")).await
}

/// Has those reminded who have not answered.
pub async fn remind(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Form(entered): Form<Entered>,
) -> Answer {
    let id = number(&id)?;
    person.check(&entered.form_token)?;
    house.house.remind_round(&author(&house, &person).await?, id).await?;
    Ok(Redirect::to(&format!("/rounds/{id}?done=reminded")).into_response())
}

/// Closes it.
pub async fn close(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Form(entered): Form<Entered>,
) -> Answer {
    let id = number(&id)?;
    person.check(&entered.form_token)?;
    match house.house.close_round(&author(&house, &person).await?, id, &entered.reason).await {
        Ok(()) => Ok(Redirect::to(&format!("/rounds/{id}?done=closed")).into_response()),
        Err(error) if error.code == "empty-reason" => {
            let page = shown(&house, &person, id, ("", "fault-empty-reason")).await?;
            Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn shown(house: &WebHouse, person: &Person, id: RoundId, (done, fault): (&'static str, &'static str)) -> Answer {
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let seat = house.seat(&viewer, visitor.as_of).await?;
    let mut room = house.house.round(&seat.desk, id).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &room, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Coverage);
    frame.here = format!("/rounds/{id}");
    frame.path.clone_from(&frame.here);
    frame.title.clone_from(&room.round.title);
    frame.answers(room.overview.as_of, exports::BOTH);
    for (key, address) in [("nav-coverage", "/coverage"), ("rounds", "/rounds")] {
        let words = frame.t(key);
        frame.crumb(words, address);
    }
    let is_past = !frame.chosen_day.is_empty();
    let may_lead = !is_past && room.round.closed.is_none() && may_at(&seat.desk, &viewer, Act::Lead, &room.round.place);
    let arguments = [
        ("answered", room.counts.answered().into()),
        ("total", room.counts.total().into()),
        ("title", (&room.round.title).into()),
    ];
    let headline = text(frame.language, "round-headline", &arguments);
    let due = frame.day(&room.round.due);
    let late = [("due", (&due).into()), ("count", room.counts.late.into())];
    let lede = text(frame.language, if room.counts.late > 0 { "round-lede-late" } else { "round-lede" }, &late);
    let condition = format!("round = '{}'", room.number);
    let figure = by_ministry(&frame, room.overview.as_of, &room.ministries, ("round-figure", &condition));
    frame.asks(Some(format!(
        "SELECT ministry, agency, system, standing, task, document FROM round_place\nWHERE {condition} ORDER BY standing, agency"
    )));
    let coverage = seat.coverage(&house.house)?.coverage;
    let is_cut = room.rows.len() > SHOWN_ROWS;
    room.rows.truncate(SHOWN_ROWS);
    html(&Page { frame, done, headline, lede, coverage, room, figure, is_cut, may_lead, fault })
}
