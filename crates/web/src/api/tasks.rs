// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tasks: who is asked for what, how far it is, and what was said about it.

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::incidents::{IncidentId, Remark, TaskChange, TaskId, TaskState};
use underpin_model::people::Act;
use underpin_model::{DocumentId, Timestamp};
use underpin_office::house::Overview;
use underpin_office::incidents::{TaskRow, TasksQuery};

use super::BASE;
use super::call::{Call, given, parameter, some};
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::registry::{Rows, tag_of_entry};
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/tasks" tasks Incidents "Tasks, by number")
            .paged()
            .asks::<Asked>()
            .gives::<Paged<Rows<TaskRow>>>(),
        endpoint!(GET "/tasks/{task}" task Incidents "A task with what was said about it; its ETag is for If-Match")
            .timed()
            .gives::<TaskShown>(),
        endpoint!(PATCH "/tasks/{task}" change_task Incidents "Says how far a task is, who does it, and by when")
            .act(Act::Work)
            .matched()
            .sends::<Changed>()
            .gives::<TaskChanged>(),
        endpoint!(POST "/tasks/{task}/remarks" remark Incidents "Says something about a task")
            .act(Act::Work)
            .makes()
            .sends::<NewRemark>()
            .gives::<TaskChanged>(),
    ]
}

/// Parameters: which tasks.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Login of whoever does them.
    owner: Option<String>,
    /// Those of an incident: its number, as `I12`.
    #[schemars(regex(pattern = "^(I?[0-9]{1,18})?$"))]
    incident: Option<String>,
    /// Only those that are not settled.
    open: Option<bool>,
}

async fn tasks(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Asked, _) = (call.asked()?, call.walk()?);
    let incident = some(asked.incident).map(|text| {
        let wrong = || parameter("incident is the number of one, as I12");
        text.parse::<IncidentId>().map_err(|_| wrong())
    });
    let query =
        TasksQuery { owner: some(asked.owner), incident: incident.transpose()?, open: asked.open.unwrap_or_default() };
    let seat = call.seat_of(&walk).await?;
    let watched = call.house.watched(&seat).await?;
    let rows = call.house.house.tasks(&seat.desk, Some(watched), &query).await?;
    call.give_rows(&seat, &walk, rows)
}

/// A task.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TaskShown")]
struct TaskShown {
    /// Snapshot and time.
    #[serde(flatten)]
    overview: Overview,
    /// The task.
    task: TaskRow,
    /// What was said about it, the first first.
    remarks: Vec<Remark>,
}

async fn found(call: &Call, seat: &crate::house::Seat, id: TaskId) -> Result<(TaskRow, Vec<Remark>), Problem> {
    let watched = call.house.watched(seat).await?;
    Ok(call.house.house.task(&seat.desk, Some(watched), id).await?)
}

async fn task(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    let (task, remarks) = found(&call, &seat, call.number("task")?).await?;
    let tag = tag_of_entry(&task.task);
    let answer = TaskShown { overview: seat.desk.overview(), task, remarks };
    Ok(call.give(&seat, &answer)?.entry(&tag))
}

/// What of a task is to be changed: fields that are named.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ChangedTask")]
struct Changed {
    /// How far it is; `cannot-because` needs a text.
    #[serde(default)]
    state: Option<TaskState>,
    /// Login of whoever does it; null for nobody.
    #[serde(default, deserialize_with = "given")]
    owner: Option<Option<String>>,
    /// By when; null for no day.
    #[serde(default, deserialize_with = "given")]
    due: Option<Option<Timestamp>>,
    /// What there is to say about it.
    #[serde(default)]
    text: String,
    /// That the reason why it cannot be done is accepted, by somebody else than who gave it.
    #[serde(default)]
    accepts: bool,
}

/// A task that was changed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TaskChanged")]
struct TaskChanged {
    /// Number, as `T7`.
    task: String,
}

async fn change_task(call: Call) -> Result<Reply, Problem> {
    let sent: Changed = call.sent()?;
    let id = call.number("task")?;
    let mut expected = None;
    if call.headers.contains_key(header::IF_MATCH) {
        let seat = call.seat().await?;
        let (row, _) = found(&call, &seat, id).await?;
        call.check_match(&tag_of_entry(&row.task))?;
        expected = Some(row.task.revision);
    }
    let change = TaskChange {
        state: sent.state,
        owner: sent.owner.map(some),
        due: sent.due,
        text: sent.text.trim().to_owned(),
        evidence: None,
        accepts: sent.accepts,
    };
    if change == TaskChange::default() {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "body").detail("the change says nothing"));
    }
    call.house.house.set_task(&call.author().await?, id, change, expected).await?;
    call.say(&TaskChanged { task: id.to_string() })
}

/// A remark.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewRemark {
    /// What there is to say.
    #[schemars(length(min = 1))]
    text: String,
    /// A document that shows it, as `D12`.
    #[serde(default)]
    evidence: Option<String>,
}

async fn remark(call: Call) -> Result<Reply, Problem> {
    let sent: NewRemark = call.sent()?;
    let id = call.number("task")?;
    let evidence = some(sent.evidence).map(|text| {
        let wrong = || Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "body").detail("evidence is a document, as D12");
        text.parse::<DocumentId>().map_err(|_| wrong())
    });
    let text = sent.text.trim().to_owned();
    if text.is_empty() {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "body").detail("the remark says nothing"));
    }
    let change = TaskChange { text, evidence: evidence.transpose()?, ..TaskChange::default() };
    call.house.house.set_task(&call.author().await?, id, change, None).await?;
    let reply = Reply::json(StatusCode::CREATED, &TaskChanged { task: id.to_string() })?;
    Ok(reply.header(header::LOCATION, format!("{BASE}/tasks/{id}")))
}
