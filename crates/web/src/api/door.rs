// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The way in: every request passes the same checks, in the same order, before an endpoint sees it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts as _, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use underpin_model::limits::bounds::API_JSON_BYTES;

use super::call::Call;
use super::endpoint::{Endpoint, Gives, Sends};
use super::problem::Problem;
use super::reply::{BYTES, JSON};
use super::{BASE, ENDPOINTS, again};
use crate::caller::Caller;
use crate::house::WebHouse;
use crate::visitor::pairs;

/// Writes that were meant for one state of a thing come one after the other.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Variables of a path, as far as they could be read.
type Variables = Result<Path<HashMap<String, String>>, PathRejection>;

/// All endpoints, below [`BASE`].
pub fn router() -> Router<Arc<WebHouse>> {
    let mut by_path: BTreeMap<&'static str, Vec<&'static Endpoint>> = BTreeMap::new();
    for endpoint in ENDPOINTS.iter() {
        by_path.entry(endpoint.path).or_default().push(endpoint);
    }
    let mut router = Router::new();
    for (path, endpoints) in by_path {
        router = router.route(&format!("{BASE}{path}"), methods(&endpoints));
    }
    let nothing = || axum::routing::any(nothing);
    for path in [BASE, "/api/office", "/api/office/", "/api/office/{*rest}"] {
        router = router.route(path, nothing());
    }
    router.route(&format!("{BASE}/{{*rest}}"), nothing())
}

async fn nothing() -> Problem {
    Problem::not_found().hint(format!("{BASE}/openapi.json lists what there is"))
}

fn methods(endpoints: &[&'static Endpoint]) -> MethodRouter<Arc<WebHouse>> {
    let mut allowed: Vec<&str> = endpoints.iter().map(|endpoint| endpoint.method.as_str()).collect();
    if allowed.contains(&"GET") {
        allowed.push("HEAD");
    }
    allowed.push("OPTIONS");
    let allowed = allowed.join(", ");
    let told = allowed.clone();
    let options = move || {
        let told = told.clone();
        async move { (StatusCode::NO_CONTENT, [(header::ALLOW, told)]) }
    };
    let mut methods = on(MethodFilter::OPTIONS, options);
    for endpoint in endpoints {
        let endpoint: &'static Endpoint = endpoint;
        let answer = move |State(house): State<Arc<WebHouse>>, path: Variables, request: Request| async move {
            reply(endpoint, house, path, request).await
        };
        let filter = MethodFilter::try_from(endpoint.method.clone()).unwrap_or(MethodFilter::GET);
        methods = methods.on(filter, answer);
    }
    methods.fallback(move || {
        let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method").header(header::ALLOW, &allowed);
        async move { problem }
    })
}

async fn reply(endpoint: &'static Endpoint, house: Arc<WebHouse>, path: Variables, request: Request) -> Response {
    let headers = request.headers().clone();
    let mut response = match answered(endpoint, house, path, request).await {
        Ok(reply) if endpoint.is_safe() => reply.unless_known(&headers).into_response(),
        Ok(reply) => reply.into_response(),
        Err(problem) => problem.into_response(),
    };
    let headers = response.headers_mut();
    // A copy may be kept by who asked, and is asked for again before it is used.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Authorization, X-Api-Key, Cookie, Accept"));
    response
}

async fn answered(
    endpoint: &'static Endpoint,
    house: Arc<WebHouse>,
    path: Variables,
    request: Request,
) -> Result<super::reply::Reply, Problem> {
    let (mut parts, body) = request.into_parts();
    let caller = admitted(endpoint, &house, &mut parts).await?;
    check_accept(endpoint, &parts.headers)?;
    let Path(path) = path.map_err(|_| Problem::not_found())?;
    let body = received(endpoint, &house, &parts.headers, body).await?;
    let query = pairs(&parts.uri);
    let call = Call { endpoint, house, caller, path, query, headers: parts.headers, body };
    call.check_parameters()?;
    if call.endpoint.is_safe() {
        return (endpoint.answer)(call).await;
    }
    again::once(call).await
}

/// What an endpoint answers to who is let in.
///
/// # Errors
/// What the endpoint says.
pub(super) async fn in_turn(call: Call) -> Result<super::reply::Reply, Problem> {
    // Between looking whether something is still the same and changing it, nobody else who looks changes it.
    let _turn = if takes_turn(call.endpoint, &call.headers) { Some(TURN.lock().await) } else { None };
    (call.endpoint.answer)(call).await
}

/// Only who is looked at waits: else a slow question with a header that means nothing would hold up all writes.
fn takes_turn(endpoint: &Endpoint, headers: &HeaderMap) -> bool {
    endpoint.is_matched && headers.contains_key(header::IF_MATCH)
}

/// Who asks, if they may.
async fn admitted(endpoint: &Endpoint, house: &Arc<WebHouse>, parts: &mut Parts) -> Result<Option<Caller>, Problem> {
    let Some(act) = endpoint.act else { return Ok(None) };
    let caller = Caller::from_request_parts(parts, house).await?;
    if endpoint.is_for_sessions && !caller.is_session {
        return Err(Problem::new(StatusCode::FORBIDDEN, "session-only")
            .detail("a token does not do this")
            .hint("sign in; people do this, not programs"));
    }
    // A session may do for itself what needs no right.
    if !endpoint.is_for_sessions || act != underpin_model::people::Act::Read {
        caller.check(act)?;
    }
    Ok(Some(caller))
}

/// Refuses who wants another form of answer than there is.
fn check_accept(endpoint: &Endpoint, headers: &HeaderMap) -> Result<(), Problem> {
    let given = match endpoint.gives {
        Gives::Json(_) => JSON,
        Gives::Bytes => BYTES,
        Gives::Nothing => return Ok(()),
    };
    let kind = given.split('/').next().unwrap_or_default();
    let mut asked = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
    if asked.peek().is_none() {
        return Ok(());
    }
    let fits = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.filter_map(|part| part.strip_prefix("q=")).next().and_then(|text| text.parse::<f32>().ok());
        weight.unwrap_or(1.0) > 0.0 && (media == given || media == "*/*" || media == format!("{kind}/*"))
    };
    if asked.flat_map(|line| line.split(',')).any(fits) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::NOT_ACCEPTABLE, "not-acceptable").detail(format!("the answer is {given}")))
}

/// The body, as far as the endpoint takes one.
async fn received(endpoint: &Endpoint, house: &WebHouse, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Problem> {
    let (media, most) = match endpoint.sends {
        Sends::Nothing => return Ok(Vec::new()),
        Sends::Json(_) => (JSON, API_JSON_BYTES),
        Sends::Bytes => (BYTES, house.house.limits().form_bytes),
    };
    let stated = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = stated.split(';').map(|part| part.trim().to_ascii_lowercase());
    let is_media = parts.next().is_some_and(|kind| kind == media);
    let is_utf8 = parts
        .filter_map(|part| part.strip_prefix("charset=").map(str::to_owned))
        .all(|set| matches!(set.trim_matches('"'), "utf-8" | "utf8"));
    if !is_media || !is_utf8 {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type")
            .detail(format!("the request must be {media}"))
            .header(header::ACCEPT, media));
    }
    let too_large = || {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large").detail(format!("a request has at most {most} bytes"))
    };
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > most) {
        return Err(too_large());
    }
    Ok(to_bytes(body, most).await.map_err(|_| too_large())?.to_vec())
}

/// Methods that a path of the interface answers to: for tests.
pub fn methods_of(path: &str) -> Vec<Method> {
    ENDPOINTS.iter().filter(|endpoint| endpoint.path == path).map(|endpoint| endpoint.method.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_is_looked_at_waits_for_a_turn() {
        let (plain, mut meant) = (HeaderMap::new(), HeaderMap::new());
        meant.insert(header::IF_MATCH, HeaderValue::from_static("*"));
        for (name, waits) in [("sql", false), ("add_agency", false), ("edit_agency", true), ("step_incident", true)] {
            let endpoint = ENDPOINTS.iter().find(|one| one.name == name).expect("an endpoint");
            assert_eq!(takes_turn(endpoint, &meant), waits, "{name}");
            assert!(!takes_turn(endpoint, &plain), "{name}");
        }
    }
}
