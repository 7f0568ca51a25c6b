// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What goes wrong, for programs: a problem (RFC 9457) with a stable code, a sentence, and a hint what to do.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use underpin_office::OfficeError;

/// Media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// An answer that is none.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Status of HTTP.
    pub status: StatusCode,
    /// Stable code, in kebab-case.
    pub code: &'static str,
    /// What went wrong; empty where the code says it all.
    pub detail: String,
    /// What to do about it; may be empty.
    pub hint: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// A problem as it is written.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub struct ProblemBody {
    /// A URN that ends in the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The status.
    pub status: u16,
    /// Stable code, in kebab-case.
    pub code: String,
    /// What went wrong; may be empty.
    pub detail: String,
    /// What to do about it; may be empty.
    pub hint: String,
}

impl Problem {
    /// A problem with a status and a stable code.
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code, detail: String::new(), hint: String::new(), headers: Vec::new() }
    }

    /// The same with a sentence.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The same with a header; a value that cannot be one is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// Nobody showed who asks, or showed something that is not good (any more).
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "sign-in")
            .detail("who asks is not known")
            .hint("send a token that is good: `Authorization: Bearer underpin_…`")
            .header(header::WWW_AUTHENTICATE, "Bearer realm=\"underpin\"")
    }

    /// Nothing is here, or nothing that this caller may see: both look the same.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found").detail("nothing is here that you may see")
    }

    /// A request that cannot be understood.
    pub fn usage(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "usage").detail(detail)
    }
}

/// The status of a code of the office. What is not listed went wrong inside.
fn status_of(code: &str) -> StatusCode {
    match code {
        "not-found" | "no-data" | "evidence-unknown" | "decision-unknown" | "evidence-purged" => StatusCode::NOT_FOUND,
        "not-allowed" | "same-person" | "parts-unseen" => StatusCode::FORBIDDEN,
        "already-there" | "taken-login" | "taken-token" | "document-purged" | "not-retracted" | "no-knowledge" => {
            StatusCode::CONFLICT
        }
        "too-large" | "query-limit" | "too-many" => StatusCode::PAYLOAD_TOO_LARGE,
        "busy" | "disk-full" => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<OfficeError> for Problem {
    fn from(error: OfficeError) -> Self {
        let status = if is_of_the_question(error.code) { StatusCode::BAD_REQUEST } else { status_of(error.code) };
        // What went wrong inside names files and values: it is for the log of the house, not for readers.
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            return Self::new(status, error.code);
        }
        Self::new(status, error.code).detail(error.message).hint(error.hint)
    }
}

/// Whether a code of the office says that the question is at fault.
fn is_of_the_question(code: &str) -> bool {
    const CODES: [&str; 18] = [
        "usage",
        "query",
        "query-refused",
        "version-range",
        "invalid-query",
        "invalid-range",
        "invalid-place",
        "invalid-field",
        "ambiguous-name",
        "empty-reason",
        "reversed-times",
        "token",
        "account",
        "marking",
        "advisory",
        "not-osv",
        "decision",
        "registry",
    ];
    CODES.contains(&code)
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = ProblemBody {
            kind: format!("urn:underpin:{}", self.code),
            title: self.status.canonical_reason().unwrap_or_default().to_owned(),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail,
            hint: self.hint,
        };
        let text = serde_json::to_string(&body).unwrap_or_default();
        let mut response = (self.status, [(header::CONTENT_TYPE, PROBLEM_JSON)], text).into_response();
        for (name, value) in self.headers {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
