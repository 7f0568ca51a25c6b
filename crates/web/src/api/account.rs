// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is one's own: sessions, tokens, subscriptions. Only somebody signed in changes it; a token neither makes tokens nor sends what
//! it sees elsewhere.

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::Timestamp;
use underpin_model::people::{Reach, Scope};
use underpin_office::messages::{Channel, SubscriptionRow, Wish};
use underpin_office::people::{Sitting, TOKEN_DAYS, TokenRow, TokenWish};

use super::BASE;
use super::call::Call;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;

pub fn endpoints() -> Vec<Endpoint> {
    let all = vec![
        endpoint!(GET "/sessions" sessions Account "One's own sessions").gives::<Sessions>(),
        endpoint!(POST "/sessions/end-others" end_other_sessions Account "Ends all of one's own sessions but the one that asks")
            .gives::<Sessions>(),
        endpoint!(GET "/tokens" tokens Account "One's own tokens").gives::<Tokens>(),
        endpoint!(POST "/tokens" make_token Account "Makes a token for oneself; its secret is shown this once")
            .makes()
            .sends::<NewToken>()
            .gives::<MadeToken>(),
        endpoint!(POST "/tokens/{token}/end" end_token Account "Ends one of one's own tokens").gives::<EndedToken>(),
        endpoint!(GET "/subscriptions" subscriptions Account "What one is told, and where").gives::<Subscriptions>(),
        endpoint!(POST "/subscriptions" subscribe Account "Wants to be told; what signs messages to programs is shown this once")
            .makes()
            .sends::<NewSubscription>()
            .gives::<MadeSubscription>(),
        endpoint!(POST "/subscriptions/{subscription}/end" unsubscribe Account "Wants to be told no more")
            .gives::<EndedSubscription>(),
    ];
    all.into_iter().map(Endpoint::for_sessions).collect()
}

/// A session.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Session")]
struct Session {
    /// When it began.
    began: Timestamp,
    /// When it was used last, to the minute.
    used: Timestamp,
    /// Whether it is the one that asks.
    is_this: bool,
}

/// One's own sessions.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Sessions")]
struct Sessions {
    /// The sessions, the last used first.
    sessions: Vec<Session>,
}

async fn sessions(call: Call) -> Result<Reply, Problem> {
    let found = call.house.house.sittings(&*call.signed()?, call.house.wall_clock()).await?;
    let session = |one: Sitting| Session { began: one.began, used: one.used, is_this: one.is_own };
    call.say(&Sessions { sessions: found.into_iter().map(session).collect() })
}

async fn end_other_sessions(call: Call) -> Result<Reply, Problem> {
    call.house.house.end_other_sessions(&*call.signed()?).await?;
    sessions(call).await
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

/// What one is told.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Subscriptions")]
struct Subscriptions {
    /// The subscriptions, by number.
    subscriptions: Vec<SubscriptionRow>,
}

async fn subscriptions(call: Call) -> Result<Reply, Problem> {
    let caller = call.caller()?;
    let subscriptions = call.house.house.subscriptions(&caller.viewer, Some(caller.person)).await?;
    call.say(&Subscriptions { subscriptions })
}

/// What one wants to be told, and where.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewSubscription {
    /// How it goes there.
    channel: Channel,
    /// Where it goes: an address for mail, or one that begins with `https://`.
    #[schemars(length(min = 1))]
    address: String,
    /// What it is about.
    #[serde(default)]
    wish: Wish,
}

/// A subscription that was made.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MadeSubscription")]
struct MadeSubscription {
    /// Its number.
    subscription: i64,
    /// What signs messages to programs; empty for mail. Nobody can show it again.
    secret: String,
}

async fn subscribe(call: Call) -> Result<Reply, Problem> {
    let sent: NewSubscription = call.sent()?;
    let (caller, random) = (call.caller()?, call.house.random());
    let to = (sent.channel, sent.address.as_str());
    let (now, owner) = (call.house.now().await?, caller.person);
    let (subscription, secret) =
        call.house.house.subscribe_person(&caller.actor, now, owner, to, &sent.wish, random).await?;
    let made = MadeSubscription { subscription, secret };
    Ok(Reply::json(StatusCode::CREATED, &made)?.header(header::LOCATION, format!("{BASE}/subscriptions")))
}

/// A subscription that was ended.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EndedSubscription")]
struct EndedSubscription {
    /// Its number.
    subscription: i64,
}

async fn unsubscribe(call: Call) -> Result<Reply, Problem> {
    let subscription = call.variable("subscription").parse().map_err(|_| Problem::not_found())?;
    let caller = call.caller()?;
    let who = (&caller.viewer, caller.actor.as_str(), call.house.now().await?);
    call.house.house.unsubscribe(who, Some(caller.person), subscription).await?;
    call.say(&EndedSubscription { subscription })
}
