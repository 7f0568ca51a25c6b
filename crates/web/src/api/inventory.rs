// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is used where, how it gets there, and how much of the government is known.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::Coverage;
use underpin_office::coordinator::coverage::{AgencyCoverage, SystemCoverage};
use underpin_office::coordinator::diff::{self, DiffAnswer};
use underpin_office::coordinator::how::HowAnswer;
use underpin_office::coordinator::usage::UsageAnswer;
use underpin_office::coordinator::what::WhatAnswer;
use underpin_office::coordinator::where_used::WhereAnswer;
use underpin_office::house::Overview;
use underpin_office::watch::exposure_window::{WindowAnswer, WindowQuery};
use underpin_office::watch::findings::{FindingRow, FindingsQuery};
use underpin_office::watch::freshness::Freshness;

use super::call::{Call, some, time};
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;
use super::walk::Paged;
use crate::pages::suggest::{Suggestion, suggested};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/overview" overview Inventory "What must be done today, and how much is known").timed().gives::<Today<'static>>(),
        endpoint!(GET "/find" find Inventory "Where a package, file or licence is used")
            .paged()
            .asks::<Find>()
            .gives::<Paged<WhereAnswer<'static>>>(),
        endpoint!(GET "/suggestions" suggestions Inventory "What somebody may mean who begins to type")
            .asks::<Typed>()
            .gives::<Suggestions>(),
        endpoint!(GET "/had" had Inventory "Who had a package at any moment of a window")
            .paged()
            .asks::<Had>()
            .gives::<Paged<WindowAnswer>>(),
        endpoint!(GET "/usage" usage Inventory "Packages by the number of systems that use them").paged().gives::<Paged<UsageAnswer>>(),
        endpoint!(GET "/systems/{system}/packages" system_packages Inventory "The packages of a system").paged().gives::<Paged<WhatAnswer>>(),
        endpoint!(GET "/agencies/{agency}/packages" agency_packages Inventory "The packages of an agency and everything below it")
            .paged()
            .gives::<Paged<WhatAnswer>>(),
        endpoint!(GET "/documents/{document}/packages" document_packages Inventory "The packages of a document")
            .paged()
            .gives::<Paged<WhatAnswer>>(),
        endpoint!(GET "/systems/{system}/paths" paths Inventory "By which paths a package gets into a system")
            .paged()
            .asks::<Paths>()
            .gives::<Paged<HowAnswer>>(),
        endpoint!(GET "/systems/{system}/differences" differences Inventory "What changed in a system between two moments")
            .paged()
            .asks::<Differences>()
            .gives::<Paged<DiffAnswer>>(),
        endpoint!(GET "/coverage" coverage Inventory "How much of the government is known").timed().gives::<Known>(),
        endpoint!(GET "/coverage/agencies" coverage_agencies Inventory "The same, agency by agency").paged().gives::<Paged<KnownAgencies>>(),
        endpoint!(GET "/coverage/systems" coverage_systems Inventory "The same, system by system").paged().gives::<Paged<KnownSystems>>(),
    ]
}

/// What must be done today.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Today")]
struct Today<'w> {
    /// Snapshot and time.
    #[serde(flatten)]
    overview: Overview,
    /// How much of the government is known.
    coverage: Coverage,
    /// Findings that need action now.
    act_now: u64,
    /// Systems that have one.
    systems: u32,
    /// The first of these findings.
    rows: Vec<FindingRow<'w>>,
    /// Accepted documents about no system yet.
    unbound: u64,
    /// Documents that could not be read.
    quarantined: u64,
    /// Decisions that should be looked at again.
    decisions_due: u64,
    /// How old the knowledge is.
    freshness: Freshness,
}

/// Findings of the overview.
const FIRST: usize = 10;

async fn overview(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    let watched = call.house.watched(&seat).await?;
    let query = FindingsQuery { priority: Some("act-now".to_owned()), rows: FIRST, ..FindingsQuery::default() };
    let found = watched.findings(&seat.desk, &query)?;
    let known = seat.desk.coverage(call.house.house.limits().stale_days)?;
    let answer = Today {
        overview: found.overview,
        coverage: known.coverage,
        act_now: found.total,
        systems: found.systems,
        rows: found.rows,
        unbound: known.unbound,
        quarantined: known.quarantined,
        decisions_due: watched.decisions_due(0).len() as u64,
        freshness: found.freshness,
    };
    call.give(&seat, &answer)
}

/// Parameters of `find`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Find {
    /// A name, purl, pattern (`log4j*`), CPE, digest or licence (`licence:MIT`).
    #[schemars(length(min = 1))]
    query: String,
    /// Only these versions, as `<2.17.1`.
    versions: Option<String>,
}

async fn find(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Find, _) = (call.asked()?, call.walk()?);
    let seat = call.seat_of(&walk).await?;
    let versions = some(asked.versions);
    let mut answer = seat.desk.where_used(&asked.query, versions.as_deref(), call.house.house.limits().stale_days)?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

/// Parameters of `suggestions`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Typed {
    /// What was typed; nothing is suggested for less than two letters.
    text: String,
}

/// What somebody may mean.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Suggestions")]
struct Suggestions {
    /// At most five of each kind.
    suggestions: Vec<Suggestion>,
}

async fn suggestions(call: Call) -> Result<Reply, Problem> {
    let asked: Typed = call.asked()?;
    let seat = call.seat().await?;
    let suggestions = suggested(&call.house, &seat, &asked.text).await?;
    call.say(&Suggestions { suggestions })
}

/// Parameters of `had`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Had {
    /// A name, purl, pattern, CPE, digest or licence.
    #[schemars(length(min = 1))]
    query: String,
    /// Only these versions, as `<2.17.1`.
    versions: Option<String>,
    /// Where the window begins.
    #[schemars(extend("format" = "date-time"))]
    from: String,
    /// Where it ends; else now.
    #[schemars(extend("format" = "date-time"))]
    until: Option<String>,
}

async fn had(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Had, _) = (call.asked()?, call.walk()?);
    let (from, until) = (time("from", Some(&asked.from))?, time("until", asked.until.as_deref())?);
    let seat = call.seat_of(&walk).await?;
    let now = seat.desk.overview().as_of;
    let query = WindowQuery {
        package: asked.query,
        versions: some(asked.versions),
        from: from.unwrap_or(now),
        until: until.unwrap_or(now),
        stale_days: call.house.house.limits().stale_days,
    };
    let mut answer = call.house.house.had(&seat.desk, &query).await?;
    let (rows, page) = walk.cut(now, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

async fn usage(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let mut answer = seat.desk.usage(None)?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

async fn system_packages(call: Call) -> Result<Reply, Problem> {
    what(call, "system").await
}

async fn agency_packages(call: Call) -> Result<Reply, Problem> {
    what(call, "agency").await
}

async fn document_packages(call: Call) -> Result<Reply, Problem> {
    what(call, "document").await
}

async fn what(call: Call, kind: &str) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    // An identifier of one kind may be the name of another: each address speaks of its own kind.
    let id = match kind {
        "system" => seat.desk.system_called(call.variable(kind))?.id.0.clone(),
        "agency" => seat.desk.agency_called(call.variable(kind))?.id.0.clone(),
        _ => seat.desk.document_called(call.variable(kind))?.id.to_string(),
    };
    let mut answer = seat.desk.what(&id, call.house.house.limits().stale_days)?;
    if !answer.about.starts_with(kind) {
        return Err(Problem::not_found());
    }
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

/// Parameters of `paths`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Paths {
    /// A name, purl or pattern.
    #[schemars(length(min = 1))]
    query: String,
}

async fn paths(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Paths, _) = (call.asked()?, call.walk()?);
    let seat = call.seat_of(&walk).await?;
    let system = seat.desk.system_called(call.variable("system"))?.id.clone();
    let mut answer = seat.desk.how(&asked.query, &system.0).await?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

/// Parameters of `differences`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Differences {
    /// The earlier moment; `as-of` is the later one.
    #[schemars(extend("format" = "date-time"))]
    since: String,
}

async fn differences(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Differences, _) = (call.asked()?, call.walk()?);
    let since = time("since", Some(&asked.since))?;
    let seat = call.seat_of(&walk).await?;
    let older = call.house.seat(&call.caller()?.viewer, since).await?;
    let system = &seat.desk.system_called(call.variable("system"))?.id.0;
    let mut answer = diff::diff((&older.desk, system), (&seat.desk, system))?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

/// How much of the government is known.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Known")]
struct Known {
    /// Snapshot and time.
    #[serde(flatten)]
    overview: Overview,
    /// Age from which evidence counts as stale, in days.
    stale_days: u64,
    /// The whole.
    coverage: Coverage,
    /// Accepted documents about no system yet.
    unbound: u64,
    /// Documents that could not be read.
    quarantined: u64,
    /// Documents taken back.
    retracted: u64,
    /// Documents removed by four eyes.
    purged: u64,
}

/// How much is known of each agency.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "KnownAgencies")]
struct KnownAgencies {
    /// The whole.
    #[serde(flatten)]
    known: Known,
    /// One row for each agency.
    rows: Vec<AgencyCoverage>,
}

/// How much is known of each system.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "KnownSystems")]
struct KnownSystems {
    /// The whole.
    #[serde(flatten)]
    known: Known,
    /// One row for each system.
    rows: Vec<SystemCoverage>,
}

/// The whole, its agencies and its systems.
type Parts = (Known, Vec<AgencyCoverage>, Vec<SystemCoverage>);

fn known(call: &Call, desk: &underpin_office::Desk) -> Result<Parts, Problem> {
    let found = desk.coverage(call.house.house.limits().stale_days)?;
    let known = Known {
        overview: found.overview,
        stale_days: found.stale_days,
        coverage: found.coverage,
        unbound: found.unbound,
        quarantined: found.quarantined,
        retracted: found.retracted,
        purged: found.purged,
    };
    Ok((known, found.agencies, found.systems))
}

async fn coverage(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    call.give(&seat, &known(&call, &seat.desk)?.0)
}

async fn coverage_agencies(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let (known, agencies, _) = known(&call, &seat.desk)?;
    let (rows, page) = walk.cut(known.overview.as_of, agencies)?;
    call.give(&seat, &Paged { answer: KnownAgencies { known, rows }, page })
}

async fn coverage_systems(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let (known, _, systems) = known(&call, &seat.desk)?;
    let (rows, page) = walk.cut(known.overview.as_of, systems)?;
    call.give(&seat, &Paged { answer: KnownSystems { known, rows }, page })
}
