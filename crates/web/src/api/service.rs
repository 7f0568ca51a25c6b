// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The interface itself: what it is, and who one is to it.

use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use underpin_model::people::{Act, Scope};

use super::BASE;
use super::call::Call;
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::{JSON, Reply};
use crate::visitor::{SESSION_COOKIE, SESSION_COOKIE_IN_THE_CLEAR};

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(GET "/" service Service "What this is, and where its description lies").public().gives::<Service>(),
        endpoint!(GET "/openapi.json" openapi Service "The description of this interface (OpenAPI 3.1)")
            .public()
            .gives::<Description>(),
        endpoint!(GET "/me" me Service "Who asks, and what they may do").gives::<Me>(),
    ]
}

/// What answers here.
#[derive(Serialize, JsonSchema)]
struct Service {
    /// Name of the program.
    name: &'static str,
    /// Its version.
    version: &'static str,
    /// Address of the description.
    description: String,
}

/// An OpenAPI document.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OpenApi")]
struct Description {
    /// Version of OpenAPI.
    openapi: String,
    /// Where it is.
    servers: Vec<serde_json::Map<String, serde_json::Value>>,
    /// Groups of addresses.
    tags: Vec<serde_json::Map<String, serde_json::Value>>,
    /// How one says who asks.
    security: Vec<serde_json::Map<String, serde_json::Value>>,
    /// Title and version.
    info: serde_json::Map<String, serde_json::Value>,
    /// Addresses and what they do.
    paths: serde_json::Map<String, serde_json::Value>,
    /// Schemas.
    components: serde_json::Map<String, serde_json::Value>,
}

/// Who asks.
#[derive(Serialize, JsonSchema)]
struct Me {
    /// Name that writes carry in the trail.
    actor: String,
    /// Whether a session asks, not a token.
    is_session: bool,
    /// What the token is for.
    scopes: Vec<Scope>,
    /// What may be done somewhere.
    may: Vec<&'static str>,
}

/// Acts by their words.
pub const ACTS: [(Act, &str); 9] = [
    (Act::Read, "read"),
    (Act::HandIn, "hand-in"),
    (Act::Decide, "decide"),
    (Act::Work, "work"),
    (Act::Register, "register"),
    (Act::Lead, "lead"),
    (Act::Approve, "approve"),
    (Act::Audit, "audit"),
    (Act::Admit, "admit"),
];

async fn service(call: Call) -> Result<Reply, Problem> {
    call.say(&Service {
        name: "underpin",
        version: env!("CARGO_PKG_VERSION"),
        description: format!("{BASE}/openapi.json"),
    })
}

async fn openapi(call: Call) -> Result<Reply, Problem> {
    let text = super::openapi::text();
    let body = match call.house.is_encrypted {
        true => text,
        false => text.replace(SESSION_COOKIE, SESSION_COOKIE_IN_THE_CLEAR),
    };
    let body = body.into_bytes();
    Ok(Reply { status: StatusCode::OK, media: JSON.to_owned(), body, tag: None, headers: Vec::new() })
}

async fn me(call: Call) -> Result<Reply, Problem> {
    let caller = call.caller()?;
    let may = ACTS.iter().filter(|(act, _)| caller.may(*act)).map(|(_, word)| *word).collect();
    call.say(&Me { actor: caller.actor.clone(), is_session: caller.is_session, scopes: caller.scopes.clone(), may })
}
