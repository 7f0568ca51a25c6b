// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rounds of collection: who is asked for evidence, who has answered; and letters about incidents and tasks.

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::Timestamp;
use underpin_model::incidents::TaskId;
use underpin_model::people::Act;
use underpin_model::rounds::RoundAsks;
use underpin_office::rounds::{RoundRoom, RoundRow, RoundWish, Written};

use super::BASE;
use super::call::Call;
use super::decisions::NewPlace;
use super::documents::Reason;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::registry::Rows;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/rounds" rounds Incidents "Rounds of collection, the newest first")
            .paged()
            .gives::<Paged<Rows<RoundRow>>>(),
        endpoint!(GET "/rounds/{round}" round Incidents "A round of collection, judged anew: who has answered how, what was sent")
            .timed()
            .gives::<RoundRoom>(),
        endpoint!(POST "/rounds" open_round Incidents "Opens a round: a task for every system that it asks about, a letter for every agency")
            .act(Act::Lead)
            .makes()
            .sends::<Opened>()
            .gives::<RoundChanged>(),
        endpoint!(POST "/rounds/{round}/remind" remind_round Incidents "Has everybody reminded who has not answered")
            .act(Act::Lead)
            .gives::<RoundChanged>(),
        endpoint!(POST "/rounds/{round}/close" close_round Incidents "Closes a round; its links end")
            .act(Act::Lead)
            .sends::<Reason>()
            .gives::<RoundChanged>(),
        endpoint!(POST "/incidents/{incident}/letters" write_about_incident Incidents "Asks agencies about an incident by mail, one letter each")
            .act(Act::Lead)
            .sends::<Spoken>()
            .gives::<Written>(),
        endpoint!(POST "/tasks/{task}/letter" write_about_task Incidents "Asks the agency of a task by mail")
            .act(Act::Lead)
            .sends::<Spoken>()
            .gives::<LetterWritten>(),
    ]
}

/// Languages of letters.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "LetterLanguage")]
enum Speech {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

impl Speech {
    fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }
}

/// A round to be opened.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewRound")]
struct Opened {
    /// What it is called.
    #[schemars(length(min = 1))]
    title: String,
    /// By when.
    due: Timestamp,
    /// What the letters say besides: why it is asked.
    #[serde(default)]
    text: String,
    /// Language of its letters.
    #[serde(default)]
    language: Speech,
    /// Whom it asks.
    #[serde(default)]
    asks: RoundAsks,
    /// Whose systems; else all of the government's.
    #[serde(default)]
    place: Option<NewPlace>,
    /// Days before that day when those who have not answered are reminded; 0 for never.
    #[serde(default)]
    remind_days: u32,
}

/// A round that was opened or changed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RoundChanged")]
struct RoundChanged {
    /// Number, as `R3`.
    round: String,
}

/// How a letter is written.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "LetterWish")]
struct Spoken {
    /// Its language.
    #[serde(default)]
    language: Speech,
}

/// A letter that was written.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LetterWritten")]
struct LetterWritten {
    /// Where it goes.
    address: String,
}

async fn rounds(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let rows = seat.rounds(&call.house.house).await?.0.clone();
    call.give_rows(&seat, &walk, rows)
}

async fn round(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    let room = call.house.house.round(&seat.desk, call.number("round")?).await?;
    call.give(&seat, &room)
}

async fn open_round(call: Call) -> Result<Reply, Problem> {
    let sent: Opened = call.sent()?;
    let seat = call.seat().await?;
    let wish = RoundWish {
        title: sent.title,
        text: sent.text,
        language: sent.language.code().to_owned(),
        asks: sent.asks,
        place: sent.place.unwrap_or(NewPlace::Government).place(&seat.desk)?,
        due: sent.due,
        remind_days: sent.remind_days,
    };
    let id = call.house.house.open_round(&call.author().await?, wish).await?;
    let reply = Reply::json(StatusCode::CREATED, &RoundChanged { round: id.to_string() })?;
    Ok(reply.header(header::LOCATION, format!("{BASE}/rounds/{id}")))
}

async fn remind_round(call: Call) -> Result<Reply, Problem> {
    let id = call.number("round")?;
    call.house.house.remind_round(&call.author().await?, id).await?;
    call.say(&RoundChanged { round: id.to_string() })
}

async fn close_round(call: Call) -> Result<Reply, Problem> {
    let (sent, id): (Reason, _) = (call.sent()?, call.number("round")?);
    call.house.house.close_round(&call.author().await?, id, &sent.reason).await?;
    call.say(&RoundChanged { round: id.to_string() })
}

async fn write_about_incident(call: Call) -> Result<Reply, Problem> {
    let (sent, id): (Spoken, _) = (call.sent()?, call.number("incident")?);
    let written = call.house.house.write_about_incident(&call.author().await?, id, sent.language.code()).await?;
    call.say(&written)
}

async fn write_about_task(call: Call) -> Result<Reply, Problem> {
    let sent: Spoken = call.sent()?;
    let task: TaskId = call.number("task")?;
    let address = call.house.house.write_about_task(&call.author().await?, task, sent.language.code()).await?;
    call.say(&LetterWritten { address })
}
