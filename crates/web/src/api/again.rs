// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Requests that are sent again because an answer got lost: with an `Idempotency-Key` each is done once.

use std::sync::Arc;

use axum::http::{HeaderName, StatusCode, header};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use underpin_model::limits::bounds::API_KEY_LETTERS;
use underpin_model::people::Act;
use underpin_office::people::Request;

use super::call::Call;
use super::door::in_turn;
use super::endpoint::Endpoint;
use super::problem::Problem;
use super::reply::Reply;

/// Header of the key.
pub const KEY: &str = "idempotency-key";
/// Header of an answer that was kept.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    media: String,
    body: String,
    tag: Option<String>,
    location: Option<String>,
}

impl Kept {
    fn of(reply: &Reply) -> Option<Self> {
        let location = reply.headers.iter().find(|(name, _)| name == header::LOCATION);
        Some(Self {
            status: reply.status.as_u16(),
            media: reply.media.clone(),
            body: String::from_utf8(reply.body.clone()).ok()?,
            tag: reply.tag.clone(),
            location: location.map(|(_, value)| value.clone()),
        })
    }

    fn reply(self) -> Option<Reply> {
        let status = StatusCode::from_u16(self.status).ok()?;
        let mut headers = vec![(REPLAYED, "true".to_owned())];
        headers.extend(self.location.map(|value| (header::LOCATION, value)));
        Some(Reply { status, media: self.media, body: self.body.into_bytes(), tag: self.tag, headers })
    }
}

/// Whether an endpoint takes keys. An answer with a secret is not kept, and what only reads can be done again.
pub fn takes_keys(endpoint: &Endpoint) -> bool {
    endpoint.method == axum::http::Method::POST && !endpoint.is_for_sessions && endpoint.act != Some(Act::Read)
}

/// Does what is asked, unless it was done before.
///
/// # Errors
/// `idempotency-key` for a key that cannot be, `key-reused` when it came with another request, `under-way`; and what the endpoint
/// says.
pub async fn once(call: Call) -> Result<Reply, Problem> {
    let Some(key) = call.headers.get(KEY).filter(|_| !call.endpoint.is_safe()) else { return in_turn(call).await };
    let bad = |detail: &str| Problem::new(StatusCode::BAD_REQUEST, "idempotency-key").detail(detail);
    if !takes_keys(call.endpoint) {
        return Err(bad("this request takes no Idempotency-Key"));
    }
    let is_plain =
        |key: &&str| (1..=API_KEY_LETTERS).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    let key = key.to_str().ok().filter(is_plain);
    let key = key.ok_or_else(|| bad("the key must have 1 to 255 plain letters"))?.to_owned();
    let actor = call.caller()?.actor.clone();
    // Whoever asks may be gone before there is an answer: it is kept all the same, for when they ask again.
    let done = tokio::spawn(noted(call, actor, key)).await;
    done.unwrap_or_else(|_| Err(broke_off()))
}

/// Notes the request, does what is asked if it is new, and keeps the answer.
async fn noted(call: Call, actor: String, key: String) -> Result<Reply, Problem> {
    let who = (actor.as_str(), key.as_str());
    let house = Arc::clone(&call.house);
    match house.house.begin_request(who, &asked(&call), house.wall_clock()).await? {
        Request::New => {}
        Request::Answered(kept) => {
            let kept = serde_json::from_str::<Kept>(&kept).ok().and_then(Kept::reply);
            return kept.ok_or_else(|| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "unreadable"));
        }
        Request::UnderWay => {
            return Err(Problem::new(StatusCode::CONFLICT, "under-way")
                .detail("a request with this key was begun and has no answer yet")
                .hint(
                    "wait and send it again; after a crash of the house, look whether it was done and take another key",
                )
                .header(header::RETRY_AFTER, "5"));
        }
        Request::Another => {
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key-reused")
                .detail("this key came with another request")
                .hint("take a new key for each request"));
        }
    }
    // Beside this one, so that the request does not stay under way when the work panics.
    let answered = tokio::spawn(in_turn(call)).await.unwrap_or_else(|_| {
        house.figures.broke_off();
        Err(broke_off())
    });
    let kept = answered.as_ref().ok().and_then(Kept::of).and_then(|kept| serde_json::to_string(&kept).ok());
    // A refusal did nothing: the same key may be tried again with the same request.
    let noted = house.house.end_request(who, kept.as_deref()).await;
    let reply = answered?;
    noted?;
    Ok(reply)
}

fn broke_off() -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "broke-off")
}

/// What tells one request from another.
fn asked(call: &Call) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut path: Vec<_> = call.path.iter().collect();
    path.sort();
    hash.update(format!("{:?} {path:?} {:?}\n", call.endpoint, call.query));
    hash.update(&call.body);
    hash.finalize().into()
}
