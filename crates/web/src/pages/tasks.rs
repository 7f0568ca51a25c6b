// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/tasks`: what do I have to do? Mine, those of my agencies, or all that I may see.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::json;
use underpin_model::Coverage;
use underpin_model::incidents::TaskState;
use underpin_model::people::Act;
use underpin_office::Result;
use underpin_office::incidents::{TaskRow, TasksQuery};
use underpin_office::people::Reach;
use underpin_render::charts::Figure;

use super::incident_figures::{by_state, tasks_condition, tasks_sql};
use super::incident_view::{TaskView, may_at};
use super::{Answer, html};
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::{Seat, WebHouse};
use crate::visitor::Person;

/// Tasks that are shown; all of them are in the files.
const SHOWN_ROWS: usize = 200;

/// Tasks as rows of a file.
pub const ROWS: Rows = Rows {
    name: "tasks",
    list: "rows",
    fields: &[
        "number",
        "kind",
        "title",
        "incident",
        "place",
        "owner",
        "due",
        "state",
        "acknowledged",
        "is_overdue",
        "made",
        "made_by",
        "stands",
        "incident_title",
        "is_drill",
        "proof.document",
    ],
};

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    which: String,
    state: String,
}

#[derive(Template)]
#[template(path = "tasks.html")]
struct Page {
    frame: Frame,
    headline: String,
    coverage: Coverage,
    /// Those that are listed, by state and day.
    figure: Option<Figure>,
    late: u64,
    asked: Asked,
    rows: Vec<TaskView>,
    is_cut: bool,
    is_past: bool,
    choices: [&'static str; 3],
    states: [&'static str; 6],
    /// No task is chosen here.
    chosen: Vec<i64>,
}

/// Open tasks that wait for somebody: those that they are named for.
///
/// # Errors
/// When the ledger cannot be read, or evidence is damaged.
pub async fn waiting_for(house: &WebHouse, seat: &Seat, login: &str) -> Result<Vec<TaskRow>> {
    let query = TasksQuery { owner: Some(login.to_owned()), open: true, ..TasksQuery::default() };
    seat.tasks(&house.house, &query).await
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Query(mut asked): Query<Asked>) -> Answer {
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let seat = house.seat(&viewer, visitor.as_of).await?;
    let desk = &seat.desk;
    if !["agency", "all"].contains(&asked.which.as_str()) {
        "mine".clone_into(&mut asked.which);
    }
    let state: Option<TaskState> = asked.state.parse().ok();
    let query = TasksQuery {
        owner: (asked.which == "mine").then(|| person.signed.person.login.clone()),
        open: asked.state.is_empty(),
        ..TasksQuery::default()
    };
    let mut rows = seat.tasks(&house.house, &query).await?;
    rows.retain(|row| state.is_none_or(|state| state == row.state));
    if asked.which == "agency" {
        // Those that one works at by one's own grants below the whole government.
        let grants = &person.signed.person.grants;
        let is_own = grants.iter().any(|grant| grant.reach != Reach::Government);
        rows.retain(|row| !is_own || may_at(desk, &viewer, Act::Work, &row.task.place));
    }
    let overview = desk.overview();
    if let Some(format) = exports::wanted(visitor)? {
        let answer = json!({ "snapshot": overview.snapshot, "as_of": overview.as_of, "rows": rows });
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Incidents);
    frame.title = frame.t("nav-tasks");
    frame.answers(overview.as_of, exports::BOTH);
    let owner = (asked.which == "mine").then_some(person.signed.person.login.as_str());
    let only = (asked.which == "agency").then_some(rows.as_slice());
    let condition = tasks_condition(owner, state, !asked.state.is_empty(), only);
    frame.asks(Some(tasks_sql(&condition)));
    let figure = by_state(&frame, overview.as_of, &rows, &condition);
    let coverage = seat.coverage(&house.house)?.coverage;
    let all = frame.t("nav-incidents");
    frame.crumb(all, "/incidents");
    let count = rows.len() as u64;
    let is_waiting = asked.which == "mine" && asked.state.is_empty();
    let headline = match (is_waiting, count) {
        (true, 0) => frame.t("tasks-headline-none"),
        (true, count) => frame.n("tasks-headline", &count),
        (false, count) => frame.n("tasks-headline-all", &count),
    };
    html(&Page {
        headline,
        coverage,
        figure,
        late: rows.iter().filter(|row| row.is_overdue).count() as u64,
        rows: rows.iter().take(SHOWN_ROWS).map(|row| TaskView::new(&frame, desk, row)).collect(),
        is_cut: rows.len() > SHOWN_ROWS,
        is_past: !frame.chosen_day.is_empty(),
        choices: ["mine", "agency", "all"],
        states: ["open", "acknowledged", "in-progress", "done", "verified", "cannot-because"],
        chosen: Vec::new(),
        asked,
        frame,
    })
}
