// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Requests of authorities, and what a steward of free software has to show.

use axum::http::{StatusCode, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::Timestamp;
use underpin_model::law::AuthorityEvent;
use underpin_model::people::Act;
use underpin_model::registry::AgencyId;
use underpin_model::steward_pack::StewardPack;
use underpin_office::law::clocks::document_evidence;
use underpin_office::law::requests::RequestRow;

use super::BASE;
use super::call::Call;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::registry::Rows;
use super::reply::Reply;
use super::walk::Paged;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/law/requests" authority_requests Office "The log of requests of authorities where one leads or audits, those that are late or open first")
            .paged()
            .gives::<Paged<Rows<RequestRow>>>(),
        endpoint!(GET "/law/requests/{request}" authority_request Office "A request of an authority, with all that was said about it")
            .timed()
            .gives::<RequestRow>(),
        endpoint!(POST "/law/requests" note_authority_request Office "Writes down that an authority asked")
            .act(Act::Lead)
            .makes()
            .sends::<NewRequest>()
            .gives::<RequestNoted>(),
        endpoint!(POST "/law/requests/{request}/events" note_authority_event Office "Writes down an answer to an authority, or a remark; what was said before stays")
            .act(Act::Lead)
            .sends::<Happened>()
            .gives::<RequestNoted>(),
        endpoint!(GET "/law/steward-pack" steward_pack Office "What the office can show as a steward of free software, and what is missing")
            .act(Act::Lead)
            .timed()
            .asks::<For>()
            .gives::<StewardPack>(),
    ]
}

/// A request of an authority to be written down.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewAuthorityRequest")]
struct NewRequest {
    /// Who asked.
    #[schemars(length(min = 1))]
    authority: String,
    /// For what.
    #[schemars(length(min = 1))]
    about: String,
    /// When; now when not given.
    #[serde(default)]
    at: Option<Timestamp>,
    /// The agency that was asked; the office when not given.
    #[serde(default)]
    agency: Option<String>,
    /// The authority's own reference.
    #[serde(default)]
    reference: String,
    /// By when it wants an answer.
    #[serde(default)]
    due: Option<Timestamp>,
}

/// What happened to a request; exactly one of them.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(rename = "AuthorityRequestEvent")]
enum Happened {
    /// It was answered.
    Answer(NewAnswer),
    /// A remark, also to correct what was said before.
    Remark(String),
}

/// An answer to an authority.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewAuthorityAnswer")]
struct NewAnswer {
    /// With what.
    #[schemars(length(min = 1))]
    with: String,
    /// When; now when not given.
    #[serde(default)]
    at: Option<Timestamp>,
    /// Documents of the house that were handed over, as `D12`.
    #[serde(default)]
    evidence: Vec<String>,
}

/// A request that was written down or changed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuthorityRequestNoted")]
struct RequestNoted {
    /// Its number.
    request: i64,
}

/// Parameters: for whom.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct For {
    /// The authority for which it is made: its requests are told, those of others are not; without one they are counted.
    authority: Option<String>,
}

async fn authority_requests(call: Call) -> Result<Reply, Problem> {
    let walk = call.walk()?;
    let seat = call.seat_of(&walk).await?;
    let rows = call.house.house.authority_requests(&seat.desk).await?.rows;
    call.give_rows(&seat, &walk, rows)
}

async fn authority_request(call: Call) -> Result<Reply, Problem> {
    let seat = call.seat().await?;
    let found: RequestRow = call.house.house.authority_request(&seat.desk, call.number("request")?).await?;
    call.give(&seat, &found)
}

async fn note_authority_request(call: Call) -> Result<Reply, Problem> {
    let sent: NewRequest = call.sent()?;
    let author = call.author().await?;
    let event = AuthorityEvent::Asked {
        authority: sent.authority.trim().to_owned(),
        about: sent.about.trim().to_owned(),
        at: sent.at.unwrap_or(author.at),
        agency: sent.agency.map(AgencyId),
        reference: sent.reference.trim().to_owned(),
        due: sent.due,
    };
    let request = call.house.house.note_authority_request(&author, event).await?;
    let reply = Reply::json(StatusCode::CREATED, &RequestNoted { request })?;
    Ok(reply.header(header::LOCATION, format!("{BASE}/law/requests/{request}")))
}

async fn note_authority_event(call: Call) -> Result<Reply, Problem> {
    let (sent, request): (Happened, i64) = (call.sent()?, call.number("request")?);
    let seat = call.seat().await?;
    // What is not within sight is not there, whatever else is sent.
    call.house.house.authority_request(&seat.desk, request).await?;
    let author = call.author().await?;
    let event = match sent {
        Happened::Answer(NewAnswer { with, at, evidence }) => {
            let evidence = evidence.iter().map(|name| document_evidence(&seat.desk, name));
            let evidence = evidence.collect::<underpin_office::Result<Vec<_>>>()?;
            AuthorityEvent::Answered { at: at.unwrap_or(author.at), with: with.trim().to_owned(), evidence }
        }
        Happened::Remark(text) => AuthorityEvent::Remark { text: text.trim().to_owned() },
    };
    call.house.house.note_authority_event(&author, request, event).await?;
    call.say(&RequestNoted { request })
}

async fn steward_pack(call: Call) -> Result<Reply, Problem> {
    let asked: For = call.asked()?;
    let seat = call.seat().await?;
    let found: StewardPack = call.house.house.steward_facts(&seat.desk, asked.authority.as_deref()).await?;
    call.give(&seat, &found)
}
