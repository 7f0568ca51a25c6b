// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/tasks/{id}`: what is asked of me here, how do I show that it is done?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_model::incidents::{Remark, TaskChange, TaskId, TaskKind, TaskState};
use underpin_model::people::Act;
use underpin_model::watch::Place as Where;
use underpin_office::incidents::TaskRow;
use underpin_office::rounds::{LetterRow, MailRow};
use underpin_office::{Desk, OfficeError};
use underpin_render::{Argument, text};

use super::incident_view::{Notice, TaskView, author, drill_title, field, may_at, moment, titled, told};
use super::task_evidence::{Shown, shown as evidence};
use super::{Answer, html, number, tasks};
use crate::error::encoded;
use crate::exports;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::questions;
use crate::visitor::Person;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    done: String,
}

/// What the forms of a task say.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Entered {
    form_token: String,
    revision: Option<i64>,
    state: String,
    text: String,
    owner: String,
    /// Missing where a form is not about the day.
    due: Option<String>,
    /// Given when a reason is accepted.
    accepts: String,
}

#[derive(Template)]
#[template(path = "task.html")]
struct Page {
    frame: Frame,
    notice: Notice,
    task: TaskView,
    kind: &'static str,
    drill_title: String,
    made_line: String,
    /// Why it cannot be done, and who accepted that.
    because_line: String,
    accepted_line: String,
    prove_note: &'static str,
    proven_note: &'static str,
    hand_in_href: String,
    /// Documents that were handed in here, and whether they prove it.
    evidence: Vec<Shown>,
    /// Whether files can be handed in here: the task is about one system.
    takes_files: bool,
    /// Identifier and name of the system's deployments: a document of one is replaced by one of the same.
    deployments: Vec<(String, String)>,
    megabytes: u64,
    remarks: Vec<Remark>,
    states: Vec<&'static str>,
    entered: Entered,
    revision: i64,
    own_login: String,
    is_open: bool,
    is_mine: bool,
    is_past: bool,
    may_change: bool,
    may_assign: bool,
    may_accept: bool,
    may_hand_in: bool,
    /// Whether a letter can be sent to the agency.
    may_write: bool,
    letters: Vec<LetterRow>,
    mails: Vec<MailRow>,
}

/// The page.
pub async fn page(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let id = number(&id)?;
    if let Some(format) = exports::wanted(&person.visitor)? {
        let seat = house.seat(&person.visitor.viewer(), person.visitor.as_of).await?;
        let (row, remarks) = house.house.task(&seat.desk, Some(house.watched(&seat).await?), id).await?;
        let overview = seat.desk.overview();
        let answer = serde_json::json!({
            "snapshot": overview.snapshot, "as_of": overview.as_of, "rows": [row], "remarks": remarks,
        });
        return exports::give(format, &answer, tasks::ROWS);
    }
    shown(&house, &person, id, Notice::done(&asked.done), None).await
}

/// Says how it stands, or what is to be said about it.
pub async fn change(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Form(entered): Form<Entered>,
) -> Answer {
    let id = number(&id)?;
    person.check(&entered.form_token)?;
    let change = TaskChange {
        state: entered.state.parse().ok(),
        text: entered.text.trim().to_owned(),
        accepts: !entered.accepts.is_empty(),
        ..TaskChange::default()
    };
    let is_remark = change.state.is_none() && !change.accepts;
    written(&house, &person, id, change, entered, if is_remark { "remark" } else { "task" }).await
}

/// Says who does it, and by when.
pub async fn assign(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Form(entered): Form<Entered>,
) -> Answer {
    let id = number(&id)?;
    person.check(&entered.form_token)?;
    let Ok(due) = entered.due.as_deref().map(moment).transpose() else {
        let notice = Notice::fault("due", text(person.visitor.language, "incident-fault-moment", &[]));
        return refused(&house, &person, id, notice, Some(entered)).await;
    };
    let owner = Some(entered.owner.trim().to_owned()).filter(|owner| !owner.is_empty());
    let change = TaskChange { owner: Some(owner), due, ..TaskChange::default() };
    written(&house, &person, id, change, entered, "assigned").await
}

async fn written(
    house: &WebHouse,
    person: &Person,
    id: TaskId,
    change: TaskChange,
    entered: Entered,
    word: &str,
) -> Answer {
    let author = author(house, person).await?;
    match house.house.set_task(&author, id, change, entered.revision).await {
        Ok(_) => Ok(Redirect::to(&format!("/tasks/{id}?done={word}")).into_response()),
        Err(error) if error.code == "task-moved" => conflict(house, person, id, entered).await,
        Err(error) => not_done(house, person, id, entered, error).await,
    }
}

async fn not_done(house: &WebHouse, person: &Person, id: TaskId, entered: Entered, error: OfficeError) -> Answer {
    let language = person.visitor.language;
    let fault = match (error.code, entered.state.as_str()) {
        ("empty-reason", "cannot-because") => Some(text(language, "task-fault-reason", &[]).into()),
        _ => told(language, &error),
    };
    match fault {
        // What is not allowed is refused as such, everywhere.
        Some(fault) if error.code != "not-allowed" => {
            refused(house, person, id, Notice::fault("text", fault), Some(entered)).await
        }
        _ => Err(error.into()),
    }
}

/// Both versions: what was sent, and what is there now. Sent again, it counts for what is there now.
async fn conflict(house: &WebHouse, person: &Person, id: TaskId, mut entered: Entered) -> Answer {
    let language = person.visitor.language;
    let seat = house.seat(&person.visitor.viewer(), None).await?;
    let (row, remarks) = house.house.task(&seat.desk, Some(house.watched(&seat).await?), id).await?;
    let word = |key: &str| text(language, key, &[]);
    let state = |state: &str| word(&format!("task-state-{state}"));
    let mut notice = Notice::default();
    if !entered.state.is_empty() {
        notice.differs(word("task-state"), state(&entered.state), state(row.task.state.as_str()));
    }
    if !entered.owner.is_empty() {
        let owner = row.task.owner.clone().unwrap_or_default();
        notice.differs(word("task-owner"), entered.owner.clone(), owner);
        notice.differs(word("task-due"), entered.due.clone().unwrap_or_default(), field(row.task.due));
    }
    let last = remarks.last().map(|remark| format!("{}: {}", remark.actor, remark.text)).unwrap_or_default();
    if !entered.text.trim().is_empty() || notice.differences.is_empty() {
        notice.differs(word("room-remark"), entered.text.trim().to_owned(), last);
    }
    entered.revision = Some(row.task.revision);
    Ok((StatusCode::CONFLICT, shown(house, person, id, notice, Some(entered)).await?).into_response())
}

/// The page with what was wrong.
pub async fn refused(
    house: &WebHouse,
    person: &Person,
    id: TaskId,
    notice: Notice,
    entered: Option<Entered>,
) -> Answer {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown(house, person, id, notice, entered).await?).into_response())
}

async fn shown(house: &WebHouse, person: &Person, id: TaskId, notice: Notice, entered: Option<Entered>) -> Answer {
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let seat = house.seat(&viewer, visitor.as_of).await?;
    let desk = &seat.desk;
    let (row, remarks) = house.house.task(desk, Some(house.watched(&seat).await?), id).await?;
    let mut frame = Frame::new(visitor, Place::Incidents);
    frame.is_at(format!("/tasks/{id}"));
    frame.answers(desk.overview().as_of, exports::BOTH);
    frame.asks(Some(questions::one("task", &id.to_string())));
    let task = TaskView::new(&frame, desk, &row);
    frame.title = titled(&frame, &task.title, task.is_drill);
    let (incidents, all) = (frame.t("nav-incidents"), frame.t("nav-tasks"));
    frame.crumb(incidents, "/incidents");
    match &task.incident {
        Some((number, title)) => frame.crumb(title.clone(), format!("/incidents/{number}")),
        None => frame.crumb(all, "/tasks"),
    }
    let is_past = !frame.chosen_day.is_empty();
    let login = &person.signed.person.login;
    let may = |act| !is_past && may_at(desk, &viewer, act, &row.task.place);
    let is_mine = row.task.owner.as_deref() == Some(login);
    let made = frame.minute(&row.task.made);
    let language = frame.language;
    let made_line = text(language, "task-made", &[("at", (&made).into()), ("who", (&row.task.made_by).into())]);
    let (because_line, accepted_line) = because(&frame, &row);
    let excuse_of_others = row.task.because.as_ref().is_some_and(|(_, who)| who != login);
    html(&Page {
        notice,
        kind: row.task.kind.as_str(),
        drill_title: drill_title(&frame, None),
        made_line,
        may_accept: excuse_of_others && row.task.accepted_by.is_none() && may(Act::Approve),
        because_line,
        accepted_line,
        prove_note: prove_note(row.task.kind),
        proven_note: if row.task.kind == TaskKind::Check { "task-known" } else { "task-proven" },
        hand_in_href: hand_in_href(&row.task.place),
        evidence: evidence(&frame, &row, &remarks),
        takes_files: matches!(row.task.place, Where::System(_)),
        deployments: deployments(desk, &row.task.place),
        megabytes: (house.house.limits().form_bytes >> 20) as u64,
        remarks,
        states: TaskState::ALL
            .iter()
            .filter(|state| **state != TaskState::Verified)
            .map(|state| state.as_str())
            .collect(),
        revision: entered.as_ref().and_then(|entered| entered.revision).unwrap_or(row.task.revision),
        entered: entered.unwrap_or_else(|| Entered {
            state: row.task.state.as_str().to_owned(),
            owner: row.task.owner.clone().unwrap_or_default(),
            due: Some(field(row.task.due)),
            ..Entered::default()
        }),
        own_login: login.clone(),
        is_open: task.is_open,
        is_mine,
        is_past,
        may_change: may(Act::Work),
        may_assign: may(Act::Lead),
        may_write: may(Act::Lead) && row.task.round.is_none() && !matches!(row.task.place, Where::Government),
        letters: house.house.letters_about(id).await?,
        mails: house.house.mails_about(id).await?,
        may_hand_in: may(Act::HandIn),
        task,
        frame,
    })
}

/// Where documents about a place are handed in.
fn hand_in_href(place: &Where) -> String {
    match place {
        Where::System(system) => format!("/documents/hand-in?system={}", encoded(&system.0)),
        _ => "/documents/hand-in".to_owned(),
    }
}

/// Identifier and name of the deployments of a system; none where a task is about more.
fn deployments(desk: &Desk, place: &Where) -> Vec<(String, String)> {
    let Where::System(system) = place else { return Vec::new() };
    let own = desk.snapshot.deployments.iter().filter(|one| one.system == *system);
    own.map(|one| (one.id.0.clone(), one.name.clone())).collect()
}

/// How it is shown to be done.
fn prove_note(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Fix | TaskKind::Verify => "task-prove-note",
        TaskKind::Check => "task-tell-note",
        TaskKind::Other => "",
    }
}

/// Why it cannot be done, who said so, and who accepted that.
fn because(frame: &Frame, row: &TaskRow) -> (String, String) {
    let Some((reason, who)) = &row.task.because else { return (String::new(), String::new()) };
    let line = [("who", Argument::Text(who)), ("reason", Argument::Text(reason))];
    let accepted = row.task.accepted_by.as_ref();
    let accepted = accepted.map(|who| text(frame.language, "task-accepted", &[("who", who.into())]));
    (text(frame.language, "task-because", &line), accepted.unwrap_or_default())
}
