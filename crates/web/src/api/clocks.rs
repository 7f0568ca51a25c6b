// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reporting clocks: which law asks whom to report an incident, until when, what was said, and drafts of reports.

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::Timestamp;
use underpin_model::authority_reports::ReportDraft;
use underpin_model::clocks::{Clock, Happened, ReportStep, StatedClockEvent};
use underpin_model::law_roles::RoleSubject;
use underpin_model::people::Act;
use underpin_office::law::clocks::{document_evidence, whom_of};
use underpin_office::law::{ClockRow, DraftOf, IncidentClocks};

use super::BASE;
use super::call::Call;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::registry::Rows;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/clocks" clocks Incidents "Reporting clocks of all incidents within sight, the most pressing first")
            .paged()
            .gives::<Paged<Rows<ClockRow>>>(),
        endpoint!(GET "/incidents/{incident}/clocks" incident_clocks Incidents "The reporting clocks of an incident: whom each binds, its steps, where reports go, what was said")
            .timed()
            .gives::<IncidentClocks>(),
        endpoint!(GET "/incidents/{incident}/clocks/{clock}/{step}" report_draft Incidents "A report as far as the house can fill it; a person completes it and hands it in")
            .timed()
            .asks::<Whose>()
            .gives::<ReportDraft>(),
        endpoint!(POST "/incidents/{incident}/clocks" tell_clock Incidents "Says what happened to a reporting clock; it stays, and a later event corrects it")
            .act(Act::Lead)
            .makes()
            .sends::<Told>()
            .gives::<ClockTold>(),
    ]
}

async fn clocks(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let rows = call.house.house.clocks(&seat.desk).await?.rows;
    call.give_rows(&seat, &walk, rows)
}

async fn incident_clocks(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    let found: IncidentClocks = call.house.house.incident_clocks(&seat.desk, call.number("incident")?).await?;
    call.give(&seat, &found)
}

/// Parameters: whose report.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Whose {
    /// For whom, as `agency X`, `system X` or `product AGENCY NAME`; else for the most pressing of those that are bound.
    whom: Option<String>,
}

async fn report_draft(call: Call) -> Result<Reply, Problem> {
    let asked: Whose = call.asked()?;
    let whom = whom_of(asked.whom.as_deref().unwrap_or_default())?;
    let seat = call.seat().await?;
    let watched = call.house.watched(&seat).await?;
    let (clock, step) = (call.variable("clock"), call.variable("step"));
    // One address each: another way to write a word is no address.
    let clock = Clock::ALL.iter().find(|own| own.as_str() == clock).copied().ok_or_else(Problem::not_found)?;
    let step = ReportStep::ALL.iter().find(|own| own.as_str() == step).copied().ok_or_else(Problem::not_found)?;
    let wanted = DraftOf { clock, step, whom };
    let found = call.house.house.report_draft(&seat.desk, watched, call.number("incident")?, wanted).await;
    // What is no report, or no clock of a drill, is not there.
    let found: ReportDraft =
        found.map_err(|error| if error.code == "usage" { Problem::not_found() } else { error.into() })?;
    call.give(&seat, &found)
}

/// What happened to a clock.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewClockEvent")]
struct Told {
    /// The clock.
    clock: Clock,
    /// What happened.
    happened: Happened,
    /// Of whom it is said; nobody for what is true of the incident. What nobody in particular handed in is not met.
    #[serde(default)]
    whom: Option<RoleSubject>,
    /// When; now when not given.
    #[serde(default)]
    at: Option<Timestamp>,
    /// The number of the event that this one corrects or withdraws.
    #[serde(default)]
    amends: Option<u64>,
    /// What there is to say about it.
    #[serde(default)]
    note: String,
    /// From where it is known, as a directive or a letter with its number; a due date that is stated needs it.
    #[serde(default)]
    source: String,
    /// Documents of the house that show it, as `D12`.
    #[serde(default)]
    evidence: Vec<String>,
}

/// An event that was written down.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ClockEventTold")]
struct ClockTold {
    /// Number of the incident, as `I12`.
    incident: String,
    /// Number of the event, by which a correction names it.
    event: u64,
}

async fn tell_clock(call: Call) -> Result<Reply, Problem> {
    let sent: Told = call.sent()?;
    let id = call.number("incident")?;
    let seat = call.seat().await?;
    // What is not within sight is not there, whatever else is sent.
    call.house.house.incident_clocks(&seat.desk, id).await?;
    let evidence = sent.evidence.iter().map(|name| document_evidence(&seat.desk, name));
    let evidence = evidence.collect::<underpin_office::Result<Vec<_>>>()?;
    let author = call.author().await?;
    let event = StatedClockEvent {
        at: sent.at.unwrap_or(author.at),
        amends: sent.amends,
        happened: sent.happened,
        whom: sent.whom,
        note: sent.note,
        source: sent.source.trim().to_owned(),
        evidence,
    };
    let event = call.house.house.tell_clock(&author, (id, sent.clock), event).await?;
    let reply = Reply::json(StatusCode::CREATED, &ClockTold { incident: id.to_string(), event })?;
    Ok(reply.header(header::LOCATION, format!("{BASE}/incidents/{id}/clocks")))
}
