// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tasks: who is asked for what, how far it is, and what was said about it.

use std::collections::BTreeSet;

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::incidents::{IncidentId, Remark, TaskChange, TaskId, TaskState};
use underpin_model::limits::bounds::API_ROWS_MOST;
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
        endpoint!(POST "/tasks/many" change_tasks Incidents "Changes many tasks in the same way, all or none")
            .act(Act::Work)
            .sends::<ChangedMany>()
            .gives::<TasksChanged>(),
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
    let rows = seat.tasks(&call.house.house, &query).await?;
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

impl Changed {
    fn change(self) -> Result<TaskChange, Problem> {
        let change = TaskChange {
            state: self.state,
            owner: self.owner.map(some),
            due: self.due,
            text: self.text.trim().to_owned(),
            evidence: None,
            accepts: self.accepts,
        };
        if change == TaskChange::default() { Err(unfit("the change says nothing")) } else { Ok(change) }
    }
}

fn unfit(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "body").detail(detail)
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
    call.house.house.set_task(&call.author().await?, id, sent.change()?, expected).await?;
    call.say(&TaskChanged { task: id.to_string() })
}

/// What of many tasks is to be changed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ChangedTasks")]
struct ChangedMany {
    /// Numbers of the tasks, as `T7`.
    #[schemars(length(min = 1, max = API_ROWS_MOST), inner(regex(pattern = "^T?[0-9]{1,18}$")))]
    tasks: Vec<String>,
    /// What is changed in each of them.
    change: Changed,
}

/// Tasks that were changed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TasksChanged")]
struct TasksChanged {
    /// Their numbers, as `T7`.
    tasks: Vec<String>,
}

async fn change_tasks(call: Call) -> Result<Reply, Problem> {
    let sent: ChangedMany = call.sent()?;
    if sent.tasks.is_empty() || sent.tasks.len() > API_ROWS_MOST {
        return Err(unfit(format!("tasks holds between 1 and {API_ROWS_MOST} numbers")));
    }
    let number =
        |text: &String| text.parse().map_err(|_| unfit(format!("{text:?} is not the number of a task, as T7")));
    let ids: BTreeSet<TaskId> = sent.tasks.iter().map(number).collect::<Result<_, _>>()?;
    let ids: Vec<TaskId> = ids.into_iter().collect();
    call.house.house.set_tasks(&call.author().await?, &ids, &sent.change.change()?).await?;
    call.say(&TasksChanged { tasks: ids.iter().map(ToString::to_string).collect() })
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
    let evidence =
        some(sent.evidence).map(|text| text.parse::<DocumentId>().map_err(|_| unfit("evidence is a document, as D12")));
    let text = sent.text.trim().to_owned();
    if text.is_empty() {
        return Err(unfit("the remark says nothing"));
    }
    let change = TaskChange { text, evidence: evidence.transpose()?, ..TaskChange::default() };
    call.house.house.set_task(&call.author().await?, id, change, None).await?;
    let reply = Reply::json(StatusCode::CREATED, &TaskChanged { task: id.to_string() })?;
    Ok(reply.header(header::LOCATION, format!("{BASE}/tasks/{id}")))
}
