// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The office itself: the trail of what was done, and what is set.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::Limits;
use underpin_model::people::Act;
use underpin_office::coordinator::audit::AuditRow;
use underpin_office::coordinator::trail::TrailQuery;
use underpin_office::reads::{ReadRow, ReadsQuery};

use super::call::{Call, parameter, some, time};
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;
use super::walk::Total;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/audit" audit Office "Who did what, to what, when; the newest first")
            .act(Act::Audit)
            .asks::<Trail>()
            .gives::<TrailShown>(),
        endpoint!(GET "/audit/verified" audit_verified Office "Whether the trail is whole: every entry is checked against the one before")
            .act(Act::Audit)
            .gives::<Verified>(),
        endpoint!(GET "/audit/reads" reads Office "Who has read a thing, the newest first; it cannot be asked by person")
            .act(Act::Audit)
            .asks::<ReadsAsked>()
            .gives::<ReadsShown>(),
        endpoint!(GET "/settings" settings Office "What is set, and what it is unless somebody sets it").gives::<Settings>(),
    ]
}

/// Parameters: which part of the trail.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Trail {
    /// Whose: part of a login.
    actor: Option<String>,
    /// What was done: part of the word.
    action: Option<String>,
    /// To what: the whole subject, such as `system portal`.
    subject: Option<String>,
    /// Not before.
    #[schemars(extend("format" = "date-time"))]
    from: Option<String>,
    /// Before.
    #[schemars(extend("format" = "date-time"))]
    until: Option<String>,
    /// Only entries before this one: `next` of the answer before.
    #[schemars(range(min = 1))]
    before: Option<i64>,
    /// Entries at most.
    #[schemars(range(min = 1, max = 1000))]
    rows: Option<usize>,
}

/// A part of the trail. Entries never change, so parts of it always agree.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Trail")]
struct TrailShown {
    /// Entries, the newest first.
    rows: Vec<AuditRow>,
    /// Entries in all, as far as they were looked at.
    total: Total,
    /// Where the next part begins; null at the end.
    next: Option<i64>,
}

async fn audit(call: Call) -> Result<Reply, Problem> {
    let asked: Trail = call.asked()?;
    let rows = asked.rows.unwrap_or(100);
    if !(1..=1000).contains(&rows) || asked.before.is_some_and(|before| before < 1) {
        return Err(parameter("rows is a number from 1 to 1000, and before one from 1"));
    }
    let query = TrailQuery {
        actor: some(asked.actor).unwrap_or_default(),
        action: some(asked.action).unwrap_or_default(),
        subject: some(asked.subject).unwrap_or_default(),
        from: time("from", asked.from.as_deref())?,
        until: time("until", asked.until.as_deref())?,
        before: asked.before,
        rows,
    };
    let found = call.house.house.trail(&call.caller()?.viewer, &query, call.house.now().await?).await?;
    let count = found.rows.len() as u64;
    let is_whole = found.next.is_none() && asked.before.is_none();
    let total = if is_whole { Total::Exact(count) } else { Total::AtLeast(count) };
    call.say(&TrailShown { rows: found.rows, total, next: found.next })
}

/// Parameters: which part of the log of reads.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReadsAsked {
    /// What was read: the whole subject, such as `system portal`.
    subject: Option<String>,
    /// Not before.
    #[schemars(extend("format" = "date-time"))]
    from: Option<String>,
    /// Before.
    #[schemars(extend("format" = "date-time"))]
    until: Option<String>,
    /// Only notes before this one: `next` of the answer before.
    #[schemars(range(min = 1))]
    before: Option<i64>,
    /// Notes at most.
    #[schemars(range(min = 1, max = 1000))]
    rows: Option<usize>,
}

/// A part of the log of reads.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Reads")]
struct ReadsShown {
    /// Notes, the newest first.
    rows: Vec<ReadRow>,
    /// For how many days notes are kept.
    kept_days: i64,
    /// Where the next part begins; null at the end.
    next: Option<i64>,
}

async fn reads(call: Call) -> Result<Reply, Problem> {
    let asked: ReadsAsked = call.asked()?;
    let rows = asked.rows.unwrap_or(100);
    if !(1..=1000).contains(&rows) || asked.before.is_some_and(|before| before < 1) {
        return Err(parameter("rows is a number from 1 to 1000, and before one from 1"));
    }
    let query = ReadsQuery {
        subject: some(asked.subject).unwrap_or_default(),
        from: time("from", asked.from.as_deref())?,
        until: time("until", asked.until.as_deref())?,
        before: asked.before,
        rows,
    };
    let house = &call.house.house;
    // What was read a moment ago belongs to the answer.
    house.write_reads().await?;
    let found = house.reads(&call.caller()?.viewer, &query, call.house.now().await?).await?;
    call.say(&ReadsShown { rows: found.rows, kept_days: house.read_log_days().await?, next: found.next })
}

/// Whether the trail is whole.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TrailVerified")]
struct Verified {
    /// Entries that were checked.
    entries: u64,
    /// Whether each follows from the one before, and nothing is missing.
    is_whole: bool,
    /// Where it breaks; empty when it does not.
    detail: String,
}

async fn audit_verified(call: Call) -> Result<Reply, Problem> {
    match call.house.house.verified_trail(&call.caller()?.viewer).await {
        Ok(entries) => call.say(&Verified { entries, is_whole: true, detail: String::new() }),
        Err(error) if error.code == "audit-broken" => {
            call.say(&Verified { entries: 0, is_whole: false, detail: error.message })
        }
        Err(error) => Err(error.into()),
    }
}

/// A setting.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Setting")]
struct Setting {
    /// Its name.
    name: &'static str,
    /// Its value.
    value: serde_json::Value,
    /// Its value unless somebody sets it, as text.
    built_in: String,
    /// What it means.
    meaning: &'static str,
}

/// What is set.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Settings")]
struct Settings {
    /// Settings, in the order of the manual.
    settings: Vec<Setting>,
}

async fn settings(call: Call) -> Result<Reply, Problem> {
    let values = serde_json::to_value(call.house.house.limits()).unwrap_or_default();
    let setting = |(name, built_in, meaning): (&'static str, String, &'static str)| Setting {
        value: values.get(name).cloned().unwrap_or_default(),
        name,
        built_in,
        meaning,
    };
    call.say(&Settings { settings: Limits::manual().into_iter().map(setting).collect() })
}
