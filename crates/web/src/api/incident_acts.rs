// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What people do about an incident: open it, go on, close it, open it again.

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::Timestamp;
use underpin_model::incidents::{IncidentId, Scope, Step};
use underpin_model::people::Act;
use underpin_model::registry::Classification;
use underpin_model::watch::Tlp;
use underpin_office::incidents::{Closing, NewIncident};

use super::BASE;
use super::call::{Call, some};
use super::decisions::NewPlace;
use super::documents::Reason;
use super::endpoint::{Endpoint, endpoint};
use super::incidents::tag_of_incident;
use super::problem::Problem;
use super::reply::Reply;
use crate::drills::started;

pub fn endpoints() -> Vec<Endpoint> {
    let all = vec![
        endpoint!(POST "/incidents" open_incident Incidents "Opens an incident, with a task for every system that is hit or in the dark")
            .makes()
            .sends::<Opened>()
            .gives::<IncidentChanged>(),
        endpoint!(POST "/drills" open_drill Incidents "Starts a drill: an incident of the past on the estate of today, with a stopwatch")
            .makes()
            .sends::<Practised>()
            .gives::<IncidentChanged>(),
        endpoint!(POST "/incidents/{incident}/refresh" refresh_incident Incidents "Makes the tasks that are missing")
            .gives::<Refreshed>(),
        endpoint!(POST "/incidents/{incident}/step" step_incident Incidents "Goes on with another step")
            .matched()
            .sends::<Stepped>()
            .gives::<IncidentChanged>(),
        endpoint!(POST "/incidents/{incident}/close" close_incident Incidents "Closes an incident; while systems are hit, a second person must agree")
            .matched()
            .sends::<Reason>()
            .gives::<ClosedOrNot>(),
        endpoint!(POST "/incidents/{incident}/reopen" reopen_incident Incidents "Opens a closed incident again")
            .matched()
            .sends::<Reason>()
            .gives::<IncidentChanged>(),
    ];
    all.into_iter().map(|endpoint| endpoint.act(Act::Lead)).collect()
}

/// An incident to be opened.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewIncident")]
struct Opened {
    /// What it is called.
    #[schemars(length(min = 1))]
    title: String,
    /// What it is about.
    scope: Scope,
    /// Whose it is; else all of the government.
    #[serde(default)]
    place: Option<NewPlace>,
    /// How far it may be passed on; else `amber`.
    #[serde(default)]
    tlp: Option<Tlp>,
    /// Who may know of it; else `internal`.
    #[serde(default)]
    classification: Option<Classification>,
    /// What is practised, where it is a drill.
    #[serde(default)]
    drill_of: Option<String>,
    /// By when nothing should be hit any more.
    #[serde(default)]
    target: Option<Timestamp>,
}

/// An incident that was opened or changed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "IncidentChanged")]
struct IncidentChanged {
    /// Number, as `I12`.
    incident: String,
}

fn changed(call: &Call, id: IncidentId) -> Result<Reply, Problem> {
    call.say(&IncidentChanged { incident: id.to_string() })
}

async fn open_incident(call: Call) -> Result<Reply, Problem> {
    let sent: Opened = call.sent()?;
    let seat = call.seat().await?;
    let new = NewIncident {
        title: sent.title,
        scope: sent.scope,
        place: sent.place.unwrap_or(NewPlace::Government).place(&seat.desk)?,
        tlp: sent.tlp.unwrap_or(Tlp::Amber),
        classification: sent.classification.unwrap_or(Classification::Internal),
        drill_of: some(sent.drill_of),
        target: sent.target,
    };
    let id = call.house.house.open_incident(&call.author().await?, new).await?;
    let reply = Reply::json(StatusCode::CREATED, &IncidentChanged { incident: id.to_string() })?;
    Ok(reply.header(header::LOCATION, format!("{BASE}/incidents/{id}")))
}

/// Drills that there are.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "DrillName")]
enum Practice {
    Log4shell,
    Xz,
}

/// A drill to be started.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewDrill")]
struct Practised {
    /// What is practised.
    drill: Practice,
}

async fn open_drill(call: Call) -> Result<Reply, Problem> {
    let sent: Practised = call.sent()?;
    let name = match sent.drill {
        Practice::Log4shell => "log4shell",
        Practice::Xz => "xz",
    };
    // What no source knows cannot be practised: that is no address that is missing.
    let id = started(&call.house, &call.author().await?, name).await.map_err(|error| match error.code {
        "not-found" => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "usage").detail(error.message).hint(error.hint),
        _ => error.into(),
    })?;
    let reply = Reply::json(StatusCode::CREATED, &IncidentChanged { incident: id.to_string() })?;
    Ok(reply.header(header::LOCATION, format!("{BASE}/incidents/{id}")))
}

/// Tasks that were made.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "IncidentRefreshed")]
struct Refreshed {
    /// Their numbers, as `T7`.
    tasks: Vec<String>,
}

async fn refresh_incident(call: Call) -> Result<Reply, Problem> {
    let made = call.house.house.refresh_incident(&call.author().await?, call.number("incident")?).await?.made;
    call.say(&Refreshed { tasks: made.iter().map(ToString::to_string).collect() })
}

/// The revision that a change is meant for, where the request says which state it has seen.
async fn expected(call: &Call, id: IncidentId) -> Result<Option<i64>, Problem> {
    if !call.headers.contains_key(header::IF_MATCH) {
        return Ok(None);
    }
    let seat = call.seat().await?;
    let rows = call.house.house.incidents(&seat.desk).await?;
    let found = rows.into_iter().find(|row| row.incident.id == id).ok_or_else(Problem::not_found)?.incident;
    call.check_match(&tag_of_incident(&found))?;
    Ok(Some(found.revision))
}

/// A step to go on with.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "IncidentStep")]
struct Stepped {
    /// Which.
    step: Step,
    /// What there is to say about it.
    #[serde(default)]
    note: String,
}

async fn step_incident(call: Call) -> Result<Reply, Problem> {
    let sent: Stepped = call.sent()?;
    let id = call.number("incident")?;
    let expected = expected(&call, id).await?;
    call.house.house.step_incident(&call.author().await?, id, sent.step, &sent.note, expected).await?;
    changed(&call, id)
}

/// What became of the wish to close an incident.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "IncidentClosing")]
struct ClosedOrNot {
    /// Number, as `I12`.
    incident: String,
    /// Whether it is closed; else somebody else has to agree by sending the same.
    is_closed: bool,
}

async fn close_incident(call: Call) -> Result<Reply, Problem> {
    let sent: Reason = call.sent()?;
    let id = call.number("incident")?;
    let expected = expected(&call, id).await?;
    let closing = call.house.house.close_incident(&call.author().await?, id, &sent.reason, expected).await?;
    call.say(&ClosedOrNot { incident: id.to_string(), is_closed: closing == Closing::Closed })
}

async fn reopen_incident(call: Call) -> Result<Reply, Problem> {
    let sent: Reason = call.sent()?;
    let id = call.number("incident")?;
    let expected = expected(&call, id).await?;
    call.house.house.reopen_incident(&call.author().await?, id, &sent.reason, expected).await?;
    changed(&call, id)
}
