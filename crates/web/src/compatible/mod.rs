// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/api/v1`: as much of the interface of Dependency-Track, version 4 (<https://docs.dependencytrack.org/>, its public OpenAPI
//! document), as build servers need to hand in SBOMs and to read what is found. So what hands in there hands in here when one
//! address is changed.
//!
//! A *project* there is a system here, and its key is worked out from the system's identifier. The version of a project is the name
//! of a deployment where the system has one that is called so; else it is a label that stands in the path of the document. Labels do
//! not part systems: a newer document replaces the older one, whatever its label, for one system runs one of them. As everywhere in
//! this house it does so only where both name the same tool and the same subject. What has no meaning here (tags, policies) is not an
//! error and not kept.

pub mod bom;
pub mod findings;
mod label;
pub mod metrics;
pub mod projects;
mod sent;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};
use underpin_office::OfficeError;
use underpin_office::coordinator::keys::is_uuid;

use crate::api::problem::Problem;
use crate::caller::Caller;
use crate::error::RETRY_SECONDS;

/// The version of the interface that is spoken here. Clients compare it to know what they may send.
const SPOKEN: &str = "4.12.0";

/// An answer in JSON.
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_string(&self.0) {
            Ok(text) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
            Err(_) => Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "broke-off").into_response(),
        }
    }
}

/// `GET /api/version`: which interface is spoken, and by whom.
pub async fn version() -> Json<Value> {
    Json(json!({
        "application": "Dependency-Track",
        "version": SPOKEN,
        "timestamp": "",
        "uuid": "",
        "systemUuid": "",
        "framework": { "name": "Underpin", "version": env!("CARGO_PKG_VERSION"), "timestamp": "", "uuid": "" },
    }))
}

/// `GET /api/v1/bom/token/{uuid}` and `/api/v1/event/token/{uuid}`: whether a document is still worked on. It never is, for an
/// upload is answered when it is durable and can be found.
///
/// # Errors
/// `usage` for what is no token.
pub async fn token(_: Caller, Path(token): Path<String>) -> Result<Json<Value>, Problem> {
    if is_uuid(&token) { Ok(Json(json!({ "processing": false }))) } else { Err(Problem::usage("this is no token")) }
}

/// A refusal of the office, with the status that clients expect.
fn refused(error: OfficeError) -> Problem {
    let status = match error.code {
        "not-found" | "unknown-system" | "unknown-deployment" | "unknown-agency" => StatusCode::NOT_FOUND,
        "not-allowed" | "uploader-not-allowed" => StatusCode::FORBIDDEN,
        "agency-needed" | "system-needed" | "uploader-needed" | "ambiguous-name" | "invalid-identifier"
        | "too-long" | "usage" => StatusCode::BAD_REQUEST,
        "too-large" => StatusCode::PAYLOAD_TOO_LARGE,
        "already-purged" => StatusCode::CONFLICT,
        "busy" | "dictionary-moved" | "ledger-away" | "ledger-busy" | "ledger-conflict" | "disk-full"
        | "ledger-full" => StatusCode::SERVICE_UNAVAILABLE,
        "store-failed" => return Problem::from(error).header(header::RETRY_AFTER, RETRY_SECONDS),
        _ => return error.into(),
    };
    let problem = Problem::new(status, error.code).detail(error.message).hint(error.hint);
    if status == StatusCode::SERVICE_UNAVAILABLE { problem.header(header::RETRY_AFTER, RETRY_SECONDS) } else { problem }
}

/// A word as a truth: clients send `true`, `"true"` or `"on"`.
fn is_true(word: &str) -> bool {
    matches!(word.trim().to_ascii_lowercase().as_str(), "true" | "on" | "1" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_sent_away_is_told_when_to_come_again() {
        let answer = refused(OfficeError::new("busy", "too much")).into_response();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers().get(header::RETRY_AFTER).expect("a time"), RETRY_SECONDS);
        for (code, status) in [
            ("not-found", StatusCode::NOT_FOUND),
            ("not-allowed", StatusCode::FORBIDDEN),
            ("agency-needed", StatusCode::BAD_REQUEST),
            ("lake-damaged", StatusCode::INTERNAL_SERVER_ERROR),
        ] {
            assert_eq!(refused(OfficeError::new(code, "why")).status, status, "{code}");
        }
    }
}
