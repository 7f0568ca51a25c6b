// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The office itself: the trail of what was done, accounts, tokens.

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::people::{Act, Reach, Scope};
use underpin_office::coordinator::audit::AuditRow;
use underpin_office::coordinator::trail::TrailQuery;
use underpin_office::people::{PersonRow, TOKEN_DAYS, TokenRow, TokenWish};

use super::BASE;
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
        endpoint!(GET "/people" people Office "Accounts and what they may do")
            .for_sessions()
            .act(Act::Admit)
            .gives::<People>(),
        endpoint!(GET "/tokens" tokens Office "One's own tokens").for_sessions().gives::<Tokens>(),
        endpoint!(POST "/tokens" make_token Office "Makes a token for oneself; its secret is shown this once")
            .for_sessions()
            .makes()
            .sends::<NewToken>()
            .gives::<MadeToken>(),
        endpoint!(POST "/tokens/{token}/end" end_token Office "Ends one of one's own tokens")
            .for_sessions()
            .gives::<EndedToken>(),
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
    let found = call.house.house.trail(&call.caller()?.viewer, &query).await?;
    let count = found.rows.len() as u64;
    let is_whole = found.next.is_none() && asked.before.is_none();
    let total = if is_whole { Total::Exact(count) } else { Total::AtLeast(count) };
    call.say(&TrailShown { rows: found.rows, total, next: found.next })
}

/// Accounts.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "People")]
struct People {
    /// Accounts, those that have ended too.
    people: Vec<PersonRow>,
}

async fn people(call: Call) -> Result<Reply, Problem> {
    call.say(&People { people: call.house.house.people(&call.caller()?.viewer).await? })
}

/// One's own tokens.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Tokens")]
struct Tokens {
    /// The tokens, those that have ended too.
    tokens: Vec<TokenRow>,
}

async fn tokens(call: Call) -> Result<Reply, Problem> {
    call.say(&Tokens { tokens: call.house.house.own_tokens(&*call.signed()?).await? })
}

/// A token to be made.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    /// Its name; it stands in the trail behind the login.
    #[schemars(length(min = 1, max = 60))]
    name: String,
    /// What it is for.
    #[schemars(length(min = 1))]
    scopes: Vec<Scope>,
    /// Where, if not everywhere one may oneself.
    reach: Option<Reach>,
    /// Days that it is good for.
    #[schemars(range(min = 1, max = 366))]
    days: Option<u32>,
}

/// A token that was made.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MadeToken")]
struct MadeToken {
    /// Its number.
    token: i64,
    /// Its secret. Nobody can show it again.
    secret: String,
}

async fn make_token(call: Call) -> Result<Reply, Problem> {
    let sent: NewToken = call.sent()?;
    let wish =
        TokenWish { name: sent.name, scopes: sent.scopes, reach: sent.reach, days: sent.days.unwrap_or(TOKEN_DAYS) };
    let (signed, random) = (call.signed()?, call.house.random());
    let (token, key) = call.house.house.make_token(&signed, &wish, call.house.wall_clock(), random).await?;
    let made = MadeToken { token, secret: key.secret().to_owned() };
    Ok(Reply::json(StatusCode::CREATED, &made)?.header(header::LOCATION, format!("{BASE}/tokens")))
}

/// A token that was ended.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EndedToken")]
struct EndedToken {
    /// Its number.
    token: i64,
}

async fn end_token(call: Call) -> Result<Reply, Problem> {
    let token = call.variable("token").parse().map_err(|_| Problem::not_found())?;
    call.house.house.end_own_token(&*call.signed()?, token, call.house.wall_clock()).await?;
    call.say(&EndedToken { token })
}
