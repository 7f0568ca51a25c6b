// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What people do in the room of an incident: assign, go on, close, open again. Every act is a form; whoever was
//! slower than somebody else is told, with both versions.

use std::sync::Arc;

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_model::incidents::{IncidentId, Step, TaskChange, TaskId};
use underpin_office::OfficeError;
use underpin_office::coordinator::Author;
use underpin_office::incidents::Closing;
use underpin_render::text;

use super::incident_room::{Entered, asked_room, refused};
use super::incident_view::{Notice, author, moment, told};
use super::{Answer, number};
use crate::error::WebError;
use crate::house::WebHouse;
use crate::visitor::Person;

/// Back to the room, with word of what was done.
fn done(id: IncidentId, word: &str) -> Answer {
    Ok(Redirect::to(&format!("/incidents/{id}?done={word}")).into_response())
}

/// A form that says nothing but which version of the incident it is about.
#[derive(Debug, Deserialize)]
pub struct Plain {
    form_token: String,
    #[serde(default)]
    revision: Option<i64>,
    /// The step to go on to, or the reason why it is closed or opened again.
    #[serde(default)]
    step: String,
    #[serde(default)]
    reason: String,
}

/// Assigns chosen tasks, all or none.
pub async fn assign(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Answer {
    let id = number(&id)?;
    let field = |name: &str| fields.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.trim());
    person.check(field("form_token"))?;
    let chosen = fields.iter().filter(|(name, _)| name == "task").filter_map(|(_, value)| value.parse().ok());
    let chosen: Vec<TaskId> = chosen.collect();
    let entered = Entered {
        chosen: chosen.iter().map(|task| task.0).collect(),
        owner: field("owner").to_owned(),
        due: field("due").to_owned(),
        ..Entered::default()
    };
    let say = |key: &str| text(person.visitor.language, key, &[]);
    if chosen.is_empty() {
        return refused(&house, &person, id, Notice::fault("tasks", say("room-assign-none")), entered).await;
    }
    let Ok(due) = moment(&entered.due) else {
        return refused(&house, &person, id, Notice::fault("due", say("incident-fault-moment")), entered).await;
    };
    let author = author(&house, &person).await?;
    let owner = Some(entered.owner.clone()).filter(|owner| !owner.is_empty());
    let change = TaskChange { owner: owner.map(Some), due: due.map(Some), ..TaskChange::default() };
    if let Err(error) = house.house.set_tasks(&author, &chosen, &change).await {
        let fault = told(person.visitor.language, &error).ok_or_else(|| WebError::from(error))?;
        return refused(&house, &person, id, Notice::fault("owner", fault), entered).await;
    }
    done(id, "assigned")
}

/// Which incident a form is about, and who acts: forms that this session did not give out are refused.
async fn begun(house: &WebHouse, person: &Person, id: &str, form: &Plain) -> Result<(IncidentId, Author), WebError> {
    let id = number(id)?;
    person.check(&form.form_token)?;
    Ok((id, author(house, person).await?))
}

/// Makes tasks for what was found since.
pub async fn refresh(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Form(form): Form<Plain>,
) -> Answer {
    let (id, author) = begun(&house, &person, &id, &form).await?;
    house.house.refresh_incident(&author, id).await?;
    done(id, "refreshed")
}

/// Goes on to another step.
pub async fn step(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Form(form): Form<Plain>,
) -> Answer {
    let (id, author) = begun(&house, &person, &id, &form).await?;
    let step: Step = form.step.parse().map_err(|_| WebError::not_found())?;
    match house.house.step_incident(&author, id, step, "", form.revision).await {
        Ok(_) => done(id, "step"),
        Err(error) => not_done(&house, &person, id, &form, error).await,
    }
}

/// Closes it, or asks a second person to agree.
pub async fn close(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Form(form): Form<Plain>,
) -> Answer {
    let (id, author) = begun(&house, &person, &id, &form).await?;
    match house.house.close_incident(&author, id, &form.reason, form.revision).await {
        Ok(Closing::Closed) => done(id, "closed"),
        Ok(Closing::Asked) => done(id, "closing"),
        Err(error) => not_done(&house, &person, id, &form, error).await,
    }
}

/// Opens it again.
pub async fn reopen(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Form(form): Form<Plain>,
) -> Answer {
    let (id, author) = begun(&house, &person, &id, &form).await?;
    match house.house.reopen_incident(&author, id, &form.reason, form.revision).await {
        Ok(_) => done(id, "reopened"),
        Err(error) => not_done(&house, &person, id, &form, error).await,
    }
}

/// The room again, with what was in the way: somebody who was faster, or a reason that a person can do something about.
async fn not_done(house: &WebHouse, person: &Person, id: IncidentId, form: &Plain, error: OfficeError) -> Answer {
    let language = person.visitor.language;
    let entered = Entered { reason: form.reason.clone(), ..Entered::default() };
    if error.code == "incident-moved" {
        let seat = house.seat(&person.visitor.viewer(), None).await?;
        let room = asked_room(house, &seat, id).await?;
        let word = |step: &str| text(language, &format!("step-{step}"), &[]);
        let (closed, open) = (text(language, "incidents-closed", &[]), text(language, "incidents-open", &[]));
        let is_closed = room.incident.closed.is_some();
        let (yours, now) = match form.step.as_str() {
            "" => (if is_closed { open.clone() } else { closed.clone() }, if is_closed { closed } else { open }),
            step => (word(step), word(room.incident.step.as_str())),
        };
        let mut notice = Notice::default();
        notice.differences.push(super::incident_view::Difference {
            field: text(language, "task-state", &[]),
            yours,
            now,
        });
        return refused(house, person, id, notice, entered).await;
    }
    let fault = told(language, &error).ok_or_else(|| WebError::from(error))?;
    refused(house, person, id, Notice::fault("reason", fault), entered).await
}
