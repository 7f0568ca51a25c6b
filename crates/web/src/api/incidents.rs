// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Incidents: what they are about, who is hit, how far the work is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::Coverage;
use underpin_model::incidents::{Incident, Scope, ScopeQuery, SystemStanding};
use underpin_model::situation::Situation;
use underpin_model::watch::Place;
use underpin_office::house::Overview;
use underpin_office::incidents::{
    BurnDown, Counts, DeadlineRow, IncidentRoom, IncidentRow, LapRow, MinistryRow, StepRow, StopwatchRow, SystemRow,
    TimelineRow,
};
use underpin_office::watch::freshness::Freshness;

use super::call::{Call, some, time};
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::registry::{Rows, tag_of_entry};
use super::reply::Reply;
use super::walk::Paged;
use crate::house::Seat;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/incidents" incidents Incidents "Incidents, the newest first")
            .paged()
            .asks::<Asked>()
            .gives::<Paged<Rows<IncidentRow>>>(),
        endpoint!(GET "/incidents/preview" preview_incident Incidents "Who would be hit, were an incident opened about this")
            .paged()
            .asks::<Previewed>()
            .gives::<Paged<PreviewShown>>(),
        endpoint!(GET "/incidents/{incident}" incident Incidents "An incident, judged anew; its ETag is for If-Match")
            .timed()
            .gives::<IncidentShown>(),
        endpoint!(GET "/incidents/{incident}/systems" incident_systems Incidents "How each system stands towards an incident, and why")
            .paged()
            .asks::<Standing>()
            .gives::<Paged<Rows<SystemRow>>>(),
        endpoint!(GET "/incidents/{incident}/timeline" incident_timeline Incidents "What happened in an incident, the first first")
            .paged()
            .gives::<Paged<Rows<TimelineRow>>>(),
        endpoint!(GET "/incidents/{incident}/situation" situation Incidents "The facts of the situation report of an incident")
            .timed()
            .gives::<Situation>(),
    ]
}

/// Parameters: which incidents.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Only those that are not closed, or only those that are.
    open: Option<bool>,
}

async fn incidents(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Asked, _) = (call.asked()?, call.walk()?);
    let seat = call.seat_of(&walk).await?;
    let mut rows = seat.incidents(&call.house.house).await?.to_vec();
    rows.retain(|row| asked.open.is_none_or(|open| row.incident.closed.is_none() == open));
    call.give_rows(&seat, &walk, rows)
}

/// Kinds of questions.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Package,
    Vulnerability,
    Digest,
}

/// Parameters: what an incident would be about.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Previewed {
    /// What kind of question it is.
    kind: Kind,
    /// What is asked for: a package with a range of versions after a space (`log4j-core <2.17.1`), a vulnerability, or a digest.
    #[schemars(length(min = 1))]
    what: String,
    /// Only an agency with everything below it.
    agency: Option<String>,
    /// Whoever had it at some moment since then counts, too.
    #[schemars(extend("format" = "date-time"))]
    from: Option<String>,
    /// … until then.
    #[schemars(extend("format" = "date-time"))]
    until: Option<String>,
}

/// Who would be hit.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "IncidentPreview")]
struct PreviewShown {
    /// Snapshot and time.
    #[serde(flatten)]
    overview: Overview,
    /// Systems by how they stand.
    counts: Counts,
    /// Agencies with systems that would be hit.
    agencies: u64,
    /// Systems, those that would be hit first.
    rows: Vec<SystemRow>,
}

async fn preview_incident(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Previewed, _) = (call.asked()?, call.walk()?);
    let query = match asked.kind {
        Kind::Package => ScopeQuery::Package(asked.what),
        Kind::Vulnerability => ScopeQuery::Vulnerability(asked.what),
        Kind::Digest => ScopeQuery::Digest(asked.what),
    };
    let scope =
        Scope { query, from: time("from", asked.from.as_deref())?, until: time("until", asked.until.as_deref())? };
    let seat = call.seat_of(&walk).await?;
    let place = match some(asked.agency) {
        Some(agency) => Place::Agency(seat.desk.agency_called(&agency)?.id.clone()),
        None => Place::Government,
    };
    let found = call.house.house.preview_incident(&seat.desk, call.house.watched(&seat).await?, &scope, &place).await?;
    let overview = seat.desk.overview();
    let (rows, page) = walk.cut(overview.as_of, found.systems)?;
    let answer = PreviewShown { overview, counts: found.counts, agencies: found.agencies, rows };
    call.give(&seat, &Paged { answer, page })
}

/// An incident as it stands. Its systems, its tasks and its timeline have addresses of their own.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "IncidentShown")]
struct IncidentShown {
    /// Snapshot and time.
    #[serde(flatten)]
    overview: Overview,
    /// Number, as `I12`.
    number: String,
    /// What was said about it.
    incident: Incident,
    /// The question on the command line that gives these systems again.
    command: String,
    /// Systems by how they stand.
    counts: Counts,
    /// Agencies with systems that are hit.
    agencies: u64,
    /// How much of its place is known.
    coverage: Coverage,
    /// The same by ministry.
    ministries: Vec<MinistryRow>,
    /// What was hit when.
    burn_down: BurnDown,
    /// Steps, with what each waits for.
    steps: Vec<StepRow>,
    /// Systems that should have a task and have none yet.
    without_task: u64,
    /// What is due when: deadlines, and dated steps of reporting clocks that bind.
    deadlines: Vec<DeadlineRow>,
    /// How long parts of a drill took.
    laps: Vec<LapRow>,
    /// When each part of a drill was reached, against its target; empty for what is no drill.
    stopwatch: Vec<StopwatchRow>,
    /// Lists that say that it is exploited.
    exploited: Vec<&'static str>,
    /// How old the knowledge is.
    freshness: Freshness,
}

async fn incident(call: Call) -> Result<Reply, Problem> {
    let (room, seat) = room(&call, call.seat().await?).await?;
    let tag = tag_of_incident(&room.incident);
    let answer = IncidentShown {
        overview: room.overview,
        number: room.number,
        incident: room.incident,
        command: room.command,
        counts: room.counts,
        agencies: room.agencies,
        coverage: room.coverage,
        ministries: room.ministries,
        burn_down: room.burn_down,
        steps: room.steps,
        without_task: room.without_task,
        deadlines: room.deadlines,
        laps: room.laps,
        stopwatch: room.stopwatch,
        exploited: room.exploited,
        freshness: room.freshness,
    };
    Ok(call.give(&seat, &answer)?.entry(&tag))
}

async fn room(call: &Call, seat: std::sync::Arc<Seat>) -> Result<(IncidentRoom, std::sync::Arc<Seat>), Problem> {
    let watched = call.house.watched(&seat).await?;
    let room = call.house.house.incident(&seat.desk, watched, call.number("incident")?).await?;
    Ok((room, seat))
}

/// The tag of what people said about an incident: what is found out meanwhile does not change it.
pub fn tag_of_incident(incident: &Incident) -> String {
    tag_of_entry(incident)
}

/// Parameters: which systems.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Standing {
    /// Only those that stand so.
    standing: Option<SystemStanding>,
}

async fn incident_systems(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Standing, _) = (call.asked()?, call.walk()?);
    let (mut room, seat) = room(&call, call.seat_of(&walk).await?).await?;
    room.systems.retain(|row| asked.standing.is_none_or(|standing| row.standing == standing));
    call.give_rows(&seat, &walk, room.systems)
}

async fn incident_timeline(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let (room, seat) = room(&call, call.seat_of(&walk).await?).await?;
    call.give_rows(&seat, &walk, room.timeline)
}

async fn situation(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    let watched = call.house.watched(&seat).await?;
    let found: Situation = call.house.house.situation(&seat.desk, watched, call.number("incident")?).await?;
    call.give(&seat, &found)
}
