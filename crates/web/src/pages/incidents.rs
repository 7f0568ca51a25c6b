// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/incidents`: what is being answered, what waits for me? Open incidents, drills, closed ones.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::json;
use underpin_model::{Coverage, Timestamp};
use underpin_office::incidents::{DRILLS, IncidentRow};
use underpin_render::charts::Figure;
use underpin_render::{Argument, text};

use super::incident_figures::{INCIDENTS_SQL, by_step};
use super::incident_room::{is_past, question};
use super::incident_view::{Notice, TaskView, may_lead};
use super::tasks::waiting_for;
use super::{Answer, html};
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// Tasks that are shown here; the others are one link away.
const FIRST_TASKS: usize = 5;

/// Incidents as rows of a file.
const ROWS: Rows = Rows {
    name: "incidents",
    list: "rows",
    fields: &[
        "number",
        "title",
        "is_drill",
        "drill_of",
        "step",
        "opened",
        "opened_by",
        "target",
        "closed",
        "tasks",
        "open",
        "unacknowledged",
        "overdue",
        "tlp",
        "classification",
    ],
};

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: String,
}

/// An incident as a row.
struct RowView {
    id: String,
    title: String,
    about: String,
    step: &'static str,
    opened: Timestamp,
    target: Option<Timestamp>,
    closed: Option<Timestamp>,
    is_late: bool,
    is_drill: bool,
}

#[derive(Template)]
#[template(path = "incidents.html")]
struct Page {
    frame: Frame,
    notice: Notice,
    headline: String,
    coverage: Coverage,
    /// Open ones by step.
    figure: Option<Figure>,
    /// Drills that can be started: word and vulnerability.
    practised: Vec<(&'static str, &'static str)>,
    waiting_line: String,
    waiting: Vec<TaskView>,
    open: Vec<RowView>,
    drills: Vec<RowView>,
    closed: Vec<RowView>,
    is_past: bool,
    may_open: bool,
    /// No task is chosen here.
    chosen: Vec<i64>,
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Query(asked): Query<Asked>) -> Answer {
    if let Some(format) = exports::wanted(&person.visitor)? {
        let seat = house.seat(&person.visitor.viewer(), person.visitor.as_of).await?;
        let rows = seat.incidents(&house.house).await?;
        let overview = seat.desk.overview();
        let answer = json!({ "snapshot": overview.snapshot, "as_of": overview.as_of, "rows": rows });
        return exports::give(format, &answer, ROWS);
    }
    shown(&house, &person, Notice::done(&asked.done)).await
}

/// The page with what is to be told above it.
pub async fn shown(house: &WebHouse, person: &Person, notice: Notice) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let desk = &seat.desk;
    let rows = seat.incidents(&house.house).await?;
    let overview = desk.overview();
    let mut frame = Frame::new(visitor, Place::Incidents);
    frame.title = frame.t("nav-incidents");
    if visitor.uri.path() != "/incidents" {
        // After a form that could not be taken, the page still is that of the list.
        "/incidents".clone_into(&mut frame.here);
        "/incidents".clone_into(&mut frame.path);
    }
    frame.answers(overview.as_of, exports::BOTH);
    frame.asks(Some(INCIDENTS_SQL.to_owned()));
    let figure = by_step(&frame, overview.as_of, rows);
    let waiting = waiting_for(house, &seat, &person.signed.person.login).await?;
    let waits = waiting.len() as u64;
    let waiting: Vec<TaskView> = waiting.iter().take(FIRST_TASKS).map(|row| TaskView::new(&frame, desk, row)).collect();
    let view = |row: &IncidentRow| view(row, overview.as_of);
    let (closed, running): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.incident.closed.is_some());
    let (drills, open): (Vec<_>, Vec<_>) = running.into_iter().partition(|row| row.incident.is_drill);
    let count = [("count", Argument::Count(open.len() as u64))];
    let headline = if open.is_empty() { "incidents-headline-none" } else { "incidents-headline" };
    html(&Page {
        headline: text(frame.language, headline, &count),
        waiting_line: if waits == 0 { frame.t("incidents-calm") } else { frame.n("incidents-waiting", &waits) },
        waiting,
        open: open.into_iter().map(view).collect(),
        drills: drills.into_iter().map(view).collect(),
        closed: closed.into_iter().map(view).collect(),
        is_past: !frame.chosen_day.is_empty(),
        may_open: may_lead(visitor),
        notice,
        figure,
        coverage: seat.coverage(&house.house)?.coverage,
        practised: DRILLS.iter().map(|drill| (drill.name, drill.vulnerability)).collect(),
        chosen: Vec::new(),
        frame,
    })
}

fn view(row: &IncidentRow, now: Timestamp) -> RowView {
    let incident = &row.incident;
    RowView {
        id: row.number.clone(),
        title: incident.title.clone(),
        about: question(&incident.scope.query).0,
        step: incident.step.as_str(),
        opened: incident.opened,
        target: incident.target,
        closed: incident.closed,
        is_late: incident.closed.is_none() && is_past(incident.target, now),
        is_drill: incident.is_drill,
    }
}
