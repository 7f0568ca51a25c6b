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

/// Codes of the office that say more than that something went wrong inside, with their statuses. What is not listed went wrong inside.
const CODES: &[(StatusCode, &[&str])] = &[
    (
        StatusCode::NOT_FOUND,
        &[
            "not-found",
            "no-data",
            "nothing-known",
            "not-registered-yet",
            "evidence-unknown",
            "evidence-purged",
            "unknown-advisory",
            "unknown-decision",
            "unknown-document",
            "unknown-evidence",
            "unknown-incident",
            "unknown-purge",
            "unknown-task",
        ],
    ),
    (
        StatusCode::FORBIDDEN,
        &[
            "not-allowed",
            "own-account",
            "parts-unseen",
            "same-actor",
            "same-author",
            "same-closer",
            "same-excuse",
            "uploader-not-allowed",
        ],
    ),
    (
        StatusCode::CONFLICT,
        &[
            "agency-ends",
            "agency-in-use",
            "already-purged",
            "already-there",
            "begins-later",
            "conflict",
            "decision-settled",
            "document-moved",
            "document-purged",
            "ended",
            "evidence-of-feed",
            "incident-moved",
            "not-quarantined",
            "not-retracted",
            "purge-not-approved",
            "purge-only",
            "purge-settled",
            "registry-moved",
            "taken-login",
            "taken-token",
            "task-moved",
        ],
    ),
    (StatusCode::PAYLOAD_TOO_LARGE, &["query-limit", "too-large", "too-many"]),
    (
        StatusCode::UNPROCESSABLE_ENTITY,
        &[
            "account",
            "agency-cycle",
            "agency-needed",
            "agency-not-active",
            "ambiguous-name",
            "document-unreadable",
            "empty-reason",
            "invalid-advisory",
            "invalid-decision",
            "invalid-field",
            "invalid-identifier",
            "invalid-incident",
            "invalid-place",
            "invalid-purl",
            "invalid-query",
            "invalid-range",
            "invalid-registry",
            "invalid-task",
            "marked-stricter",
            "nothing-to-say",
            "password",
            "query-refused",
            "reversed-times",
            "system-needed",
            "token",
            "too-long",
            "unassigned",
            "unknown-agency",
            "unknown-deployment",
            "unknown-format",
            "unknown-mapping",
            "unknown-source",
            "unknown-system",
            "unsupported",
            "uploader-needed",
            "usage",
            "not-part",
            "not-writable-as",
        ],
    ),
    (StatusCode::TOO_MANY_REQUESTS, &["too-often"]),
    (StatusCode::SERVICE_UNAVAILABLE, &["busy", "disk-full", "ledger-busy", "ledger-full"]),
];

/// The status of a code of the office.
fn status_of(code: &str) -> StatusCode {
    let found = CODES.iter().find(|(_, codes)| codes.contains(&code));
    found.map_or(StatusCode::INTERNAL_SERVER_ERROR, |(status, _)| *status)
}

impl From<OfficeError> for Problem {
    fn from(error: OfficeError) -> Self {
        let status = status_of(error.code);
        // What went wrong inside names files and values: it is for the log of the house, not for readers.
        if status == StatusCode::INTERNAL_SERVER_ERROR {
            return Self::new(status, error.code);
        }
        Self::new(status, error.code).detail(error.message).hint(error.hint)
    }
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
