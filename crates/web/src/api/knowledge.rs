// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What answers rest on: feeds with their age, the office's own advisories, ends of support, and free questions in SQL.

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use underpin_model::limits::bounds::API_SQL_ROWS;
use underpin_model::people::Act;
use underpin_model::registry::{AgencyId, Classification};
use underpin_model::watch::Tlp;
use underpin_office::coordinator::sql::{Explained, explain_tables, json_rows};
use underpin_office::house::Overview;
use underpin_office::watch::freshness::Freshness;
use underpin_office::watch::own::{Marking, OwnRow};
use underpin_office::watch::support::{SupportAnswer, SupportQuery};

use super::BASE;
use super::call::{Call, some};
use super::documents::Reason;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::registry::Rows;
use super::reply::Reply;
use super::walk::{Paged, Total};
use crate::pace::{TooOften, Whose};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/feeds" feeds Knowledge "Feeds, and how old what they say is").timed().gives::<Feeds>(),
        endpoint!(GET "/support" support Knowledge "Until when platforms and packages get fixes")
            .paged()
            .asks::<Support>()
            .gives::<Paged<SupportAnswer<'static>>>(),
        endpoint!(GET "/advisories" advisories Knowledge "The office's own advisories")
            .paged()
            .gives::<Paged<Rows<OwnRow>>>(),
        endpoint!(POST "/advisories" publish Knowledge "Publishes an advisory of the office, or a new version of one")
            .act(Act::Lead)
            .makes()
            .sends::<NewAdvisory>()
            .gives::<Published>(),
        endpoint!(POST "/advisories/{advisory}/withdraw" withdraw_advisory Knowledge "Withdraws an advisory of the office")
            .act(Act::Lead)
            .sends::<Reason>()
            .gives::<Published>(),
        endpoint!(POST "/sql" sql Knowledge "Asks a question in SQL; only reading is possible, and only what you may see is there")
            .timed()
            .sends::<Query>()
            .gives::<Table>(),
        endpoint!(GET "/tables" tables Knowledge "Tables and views that SQL asks").gives::<Tables>(),
    ]
}

/// Feeds and their age.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Feeds")]
struct Feeds {
    /// Snapshot and time.
    #[serde(flatten)]
    overview: Overview,
    /// The feeds.
    #[serde(flatten)]
    freshness: Freshness,
}

async fn feeds(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    let freshness = seat.desk.freshness().await?;
    call.give(&seat, &Feeds { overview: seat.desk.overview(), freshness })
}

/// Parameters: whose support.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Support {
    /// A system, or an agency with everything below it.
    place: Option<String>,
    /// Only what has ended, or ends within so many days.
    ends_within_days: Option<u32>,
}

async fn support(call: Call) -> Result<Reply, Problem> {
    let (asked, walk): (Support, _) = (call.asked()?, call.walk()?);
    let seat = call.seat_of(&walk).await?;
    let query = SupportQuery { place: some(asked.place), ends_within_days: asked.ends_within_days };
    let mut answer = call.house.house.support(&seat.desk, &query).await?;
    let (rows, page) = walk.cut(answer.overview.as_of, std::mem::take(&mut answer.rows))?;
    answer.rows = rows;
    call.give(&seat, &Paged { answer, page })
}

async fn advisories(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    call.give_rows(&seat, &walk, call.house.house.own_advisories(&seat.desk).await?)
}

/// An advisory to be published.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewAdvisory {
    /// The record, as OSV.
    record: serde_json::Map<String, Value>,
    /// How far it may be passed on.
    tlp: Tlp,
    /// Agencies it is for.
    #[serde(default)]
    audience: Vec<AgencyId>,
    /// Classification.
    #[serde(default)]
    classification: Classification,
}

/// An advisory that was published or withdrawn.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Published")]
struct Published {
    /// Its identifier.
    id: String,
}

async fn publish(call: Call) -> Result<Reply, Problem> {
    let sent: NewAdvisory = call.sent()?;
    let marking = Marking { tlp: sent.tlp, audience: sent.audience, classification: sent.classification };
    let record = Value::Object(sent.record).to_string();
    let id = call.house.house.publish_advisory(&call.author().await?, &record, marking).await?;
    Ok(Reply::json(StatusCode::CREATED, &Published { id })?.header(header::LOCATION, format!("{BASE}/advisories")))
}

async fn withdraw_advisory(call: Call) -> Result<Reply, Problem> {
    let sent: Reason = call.sent()?;
    let id = call.variable("advisory").to_owned();
    call.house.house.withdraw_advisory(&call.author().await?, &id, &sent.reason).await?;
    call.say(&Published { id })
}

/// A question in SQL.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SqlQuery")]
struct Query {
    /// One statement that reads.
    #[schemars(length(min = 1))]
    query: String,
}

/// A value of a table.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Cell")]
enum Cell {
    Nothing,
    Truth(bool),
    Whole(i64),
    Number(f64),
    Text(String),
}

/// What a question in SQL found.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Table")]
struct Table {
    /// Snapshot and time.
    #[serde(flatten)]
    overview: Overview,
    /// Names of the columns.
    columns: Vec<String>,
    /// Rows, each with a value for each column.
    rows: Vec<Vec<Cell>>,
    /// Rows in all, as far as they were looked at.
    total: Total,
    /// How old the knowledge is, where the question is about any.
    freshness: Option<Freshness>,
    /// How far this may be passed on, where it rests on an advisory of the office.
    tlp: Option<Tlp>,
}

fn cell(value: Value) -> Cell {
    match value {
        Value::Null | Value::Array(_) | Value::Object(_) => Cell::Nothing,
        Value::Bool(truth) => Cell::Truth(truth),
        Value::String(text) => Cell::Text(text),
        Value::Number(number) => {
            number.as_i64().map_or_else(|| number.as_f64().map_or(Cell::Nothing, Cell::Number), Cell::Whole)
        }
    }
}

async fn sql(call: Call) -> Result<Reply, Problem> {
    let sent: Query = call.sent()?;
    call.house.may_ask(Whose::Questions(call.caller()?.person)).map_err(TooOften::problem)?;
    let seat = call.seat().await?;
    let found = call.house.house.sql_with(&seat.desk, &sent.query, seat.tables(&call.house.house).await?).await?;
    let columns = found.answer.columns();
    let mut all = json_rows(&found.answer)?;
    let count = all.len();
    all.truncate(API_SQL_ROWS);
    let row = |mut row: Value| columns.iter().map(|column| cell(row[column.as_str()].take())).collect();
    let answer = Table {
        overview: seat.desk.overview(),
        rows: all.into_iter().map(row).collect(),
        total: Total::Exact(count as u64),
        freshness: found.freshness,
        tlp: found.tlp,
        columns,
    };
    call.say(&answer)
}

/// Tables and views.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Tables")]
struct Tables {
    /// The tables and views.
    tables: Vec<Explained>,
}

async fn tables(call: Call) -> Result<Reply, Problem> {
    call.say(&Tables { tables: explain_tables() })
}
