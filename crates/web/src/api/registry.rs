// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Agencies, systems, deployments and mapping rules, as they are registered.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use underpin_model::Timestamp;
use underpin_model::coverage::CoverageState;
use underpin_model::registry::{Agency, AgencyId, Deployment, MappingRule, System, SystemId, SystemStatus};
use underpin_office::coordinator::registry::{AgencyRow, SystemRow};
use underpin_office::coordinator::registry_show::{HistoryRow, ShowAnswer};
use underpin_office::house::Overview;

use super::call::{Call, some};
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::{Reply, short_digest};
use super::walk::Paged;
use crate::house::Seat;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/agencies" agencies Registry "Agencies as a tree: each followed by what is below it")
            .paged()
            .asks::<Below>()
            .gives::<Paged<Rows<AgencyRow>>>(),
        endpoint!(GET "/systems" systems Registry "Systems, by agency and identifier")
            .paged()
            .asks::<Systems>()
            .gives::<Paged<Rows<SystemRow>>>(),
        endpoint!(GET "/deployments" deployments Registry "Places where systems run")
            .paged()
            .asks::<Below>()
            .gives::<Paged<Rows<Deployment>>>(),
        endpoint!(GET "/mappings" mappings Registry "Rules that bind documents that come in")
            .paged()
            .asks::<Below>()
            .gives::<Paged<Rows<MappingRule>>>(),
        endpoint!(GET "/agencies/{agency}" agency Registry "Everything registered about an agency; its ETag is for If-Match")
            .timed()
            .asks::<History>()
            .gives::<AgencyShown>(),
        endpoint!(GET "/systems/{system}" system Registry "Everything registered about a system; its ETag is for If-Match")
            .timed()
            .asks::<History>()
            .gives::<SystemShown>(),
    ]
}

/// Rows of a snapshot.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "{T}s")]
pub struct Rows<T> {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The rows.
    pub rows: Vec<T>,
}

impl Call {
    /// A page of rows that are all at hand.
    pub(super) fn give_rows<T: Serialize>(
        &self,
        seat: &Seat,
        walk: &super::walk::Walk,
        rows: Vec<T>,
    ) -> Result<Reply, Problem> {
        let overview = seat.desk.overview();
        let (rows, page) = walk.cut(overview.as_of, rows)?;
        self.give(seat, &Paged { answer: Rows { overview, rows }, page })
    }
}

/// Parameters: which part of the government.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Below {
    /// An agency with everything below it.
    agency: Option<String>,
}

async fn agencies(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Below, _) = (call.asked()?, call.walk()?);
    let seat = call.seat_of(&walk).await?;
    call.give_rows(&seat, &walk, seat.desk.list_agencies(some(asked.agency).as_deref())?)
}

/// Parameters: which systems.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Systems {
    /// An agency with everything below it.
    agency: Option<String>,
    /// Where in its life.
    status: Option<SystemStatus>,
}

async fn systems(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Systems, _) = (call.asked()?, call.walk()?);
    let seat = call.seat_of(&walk).await?;
    call.give_rows(&seat, &walk, seat.desk.list_systems(some(asked.agency).as_deref(), asked.status)?)
}

async fn deployments(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Below, _) = (call.asked()?, call.walk()?);
    let seat = call.seat_of(&walk).await?;
    call.give_rows(&seat, &walk, seat.desk.list_deployments(some(asked.agency).as_deref())?)
}

async fn mappings(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Below, _) = (call.asked()?, call.walk()?);
    let seat = call.seat_of(&walk).await?;
    call.give_rows(&seat, &walk, seat.desk.list_mappings(some(asked.agency).as_deref())?)
}

/// Parameters: with everything ever said.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct History {
    /// Whether everything ever said about it is wanted, too.
    history: Option<bool>,
}

/// An agency.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AgencyShown")]
struct AgencyShown {
    /// Snapshot and time.
    #[serde(flatten)]
    overview: Overview,
    /// What is registered.
    agency: Agency,
    /// Since when it is no more, where that is so.
    ended: Option<Timestamp>,
    /// Agencies that took over what belonged to it.
    succeeded_by: Vec<AgencyId>,
    /// Agencies directly below it.
    agencies: Vec<AgencyId>,
    /// Its own systems.
    systems: Vec<SystemId>,
    /// Everything ever said about it, where asked for.
    history: Vec<HistoryRow>,
}

async fn agency(call: Call) -> Result<Reply, Problem> {
    let (found, seat) = shown(&call, "agency").await?;
    let answer = AgencyShown {
        overview: found.overview,
        agency: read(found.fields)?,
        ended: found.ended,
        succeeded_by: found.succeeded_by,
        agencies: found.agencies,
        systems: found.systems,
        history: found.history,
    };
    let tag = tag_of_entry(&answer.agency);
    Ok(call.give(&seat, &answer)?.entry(&tag))
}

/// A system.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SystemShown")]
struct SystemShown {
    /// Snapshot and time.
    #[serde(flatten)]
    overview: Overview,
    /// What is registered.
    system: System,
    /// Since when it is no more, where that is so.
    ended: Option<Timestamp>,
    /// Where it runs.
    deployments: Vec<Deployment>,
    /// Systems that need it.
    needed_by: Vec<SystemId>,
    /// Rules that bind documents to it.
    mappings: Vec<MappingRule>,
    /// How much is known of it.
    state: Option<CoverageState>,
    /// Documents that count for it now.
    documents: Vec<String>,
    /// Everything ever said about it, where asked for.
    history: Vec<HistoryRow>,
}

async fn system(call: Call) -> Result<Reply, Problem> {
    let (found, seat) = shown(&call, "system").await?;
    let answer = SystemShown {
        overview: found.overview,
        system: read(found.fields)?,
        ended: found.ended,
        deployments: found.deployments,
        needed_by: found.needed_by,
        mappings: found.mappings,
        state: found.state,
        documents: found.documents,
        history: found.history,
    };
    let tag = tag_of_entry(&answer.system);
    Ok(call.give(&seat, &answer)?.entry(&tag))
}

async fn shown(call: &Call, kind: &str) -> Result<(ShowAnswer, std::sync::Arc<Seat>), Problem> {
    let asked: History = call.asked()?;
    let seat = call.seat().await?;
    let found = entry(call, &seat, kind, asked.history.unwrap_or_default()).await?;
    Ok((found, seat))
}

/// What is registered under the identifier in the path, of one kind.
///
/// # Errors
/// `not-found`.
pub async fn entry(call: &Call, seat: &Seat, kind: &str, history: bool) -> Result<ShowAnswer, Problem> {
    let id = call.variable(kind);
    let is_there = match kind {
        // A slash would lead to a deployment, a D to a document.
        _ if id.contains('/') => false,
        "agency" => seat.desk.agency(&id.into()).is_some() || seat.desk.system_position(id).is_none(),
        _ => seat.desk.system_position(id).is_some() || seat.desk.agency(&id.into()).is_none(),
    };
    if !is_there {
        return Err(Problem::not_found());
    }
    let found = seat.desk.show_registered(id, history, call.house.house.limits().stale_days).await?;
    // Names and aliases lead to things, too; here identifiers are asked for.
    if found.kind == kind && found.id == id { Ok(found) } else { Err(Problem::not_found()) }
}

/// The fields of something registered, as what it is.
///
/// # Errors
/// When they are something else.
pub fn read<T: DeserializeOwned>(fields: serde_json::Value) -> Result<T, Problem> {
    serde_json::from_value(fields)
        .map_err(|_| Problem::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "unreadable"))
}

/// The first part of the tag of something that can be changed: what is written beside it does not change it.
pub fn tag_of_entry(entry: &impl Serialize) -> String {
    short_digest(&[b"entry", &serde_json::to_vec(entry).unwrap_or_default()])
}
