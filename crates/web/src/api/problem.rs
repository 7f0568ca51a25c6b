// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What goes wrong, for programs: a problem (RFC 9457) with a stable code, a sentence, and a hint what to do.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use underpin_office::OfficeError;

use crate::error::RETRY_SECONDS;
use crate::journal::Fault;

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
    /// What went wrong inside, for the journal of the house alone.
    inside: String,
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
        Self { status, code, detail: String::new(), hint: String::new(), inside: String::new(), headers: Vec::new() }
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
            "no-rule",
            "no-rulebook",
            "nothing-known",
            "not-registered-yet",
            "evidence-unknown",
            "evidence-purged",
            "unknown-advisory",
            "unknown-comment",
            "unknown-authority-request",
            "unknown-commitment",
            "unknown-contract",
            "unknown-consultation",
            "unknown-conversation",
            "unknown-decision",
            "unknown-disclosure",
            "unknown-document",
            "unknown-evidence",
            "unknown-incident",
            "unknown-publication",
            "unknown-purge",
            "unknown-repository",
            "unknown-exemption",
            "unknown-request",
            "unknown-waiver",
            "unknown-round",
            "unknown-task",
        ],
    ),
    (
        StatusCode::FORBIDDEN,
        &[
            "approver-is-author",
            "not-allowed",
            "own-account",
            "parts-unseen",
            "same-actor",
            "same-approver",
            "same-author",
            "same-closer",
            "same-excuse",
            "same-granter",
            "same-publisher",
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
            "archived",
            "begins-later",
            "conflict",
            "consent-withdrawn",
            "consultation-needed",
            "decision-settled",
            "document-moved",
            "document-purged",
            "document-quarantined",
            "document-retracted",
            "ended",
            "evidence-of-feed",
            "incident-moved",
            "no-knowledge",
            "not-approved",
            "not-judged",
            "not-quarantined",
            "opted-out",
            "over",
            "not-retracted",
            "purge-not-approved",
            "purge-only",
            "purge-settled",
            "waiver-settled",
            "registry-moved",
            "reports-not-accepted",
            "taken-login",
            "taken-token",
            "task-moved",
            "too-many-comments",
            "words-changed",
            "publication-changed",
            "law-role-changed",
            "publication-outdated",
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
            "invalid-comment",
            "invalid-commitment",
            "invalid-contract",
            "invalid-consultation",
            "invalid-contact",
            "csaf-invalid",
            "invalid-decision",
            "invalid-disclosure",
            "invalid-patch",
            "invalid-repository",
            "invalid-exemption",
            "invalid-self-assessment",
            "invalid-field",
            "invalid-identifier",
            "invalid-incident",
            "invalid-mandate",
            "invalid-clock-event",
            "invalid-law-role",
            "invalid-authority-request",
            "invalid-place",
            "invalid-plan",
            "invalid-project",
            "invalid-publication",
            "invalid-purl",
            "invalid-query",
            "invalid-range",
            "invalid-registry",
            "invalid-reply",
            "invalid-role-step",
            "invalid-round",
            "invalid-task",
            "invalid-waiver",
            "marked-stricter",
            "no-address",
            "no-rule",
            "not-waivable",
            "not-delivered",
            "no-attestation",
            "no-clone",
            "no-list",
            "not-own",
            "bad-key",
            "no-document",
            "no-folder",
            "bad-phases",
            "rule-refused",
            "draft-refused",
            "cases-fail",
            "not-trusted",
            "too-many-rules",
            "no-keys",
            "no-key",
            "key-revoked",
            "not-configured",
            "no-publiccode",
            "no-edition",
            "kit-damaged",
            "bad-list",
            "not-written",
            "not-upgraded",
            "nothing-to-mend",
            "exists",
            "too-many-files",
            "no-patches",
            "nobody-asked",
            "nobody-pays",
            "outcome-refused",
            "not-by-mail",
            "nobody-agreed",
            "not-agreed",
            "nothing-to-say",
            "password",
            "project-facts",
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
            "unknown-project",
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
    (
        StatusCode::SERVICE_UNAVAILABLE,
        &[
            "busy",
            "dictionary-moved",
            "disk-full",
            "engine-failed",
            "engine-missing",
            "engine-refused",
            "engine-unreachable",
            "ledger-away",
            "ledger-busy",
            "ledger-conflict",
            "ledger-full",
            STORE_FAILED,
        ],
    ),
];

/// The store of evidence cannot be reached now.
pub(crate) const STORE_FAILED: &str = "store-failed";

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
            return Self { inside: error.message, ..Self::new(status, error.code) };
        }
        // Where the evidence lies is for the log of the house, too.
        if error.code == STORE_FAILED {
            let told = Self::new(status, error.code).detail("the store of evidence does not answer now");
            return Self { inside: error.message, ..told.hint("ask again in a minute; what was to come in did not") };
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
        response.extensions_mut().insert(Fault { code: self.code, detail: self.inside });
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
        }
        for (name, value) in self.headers {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Codes of what goes wrong inside, of what only the command line does, and of what is answered otherwise.
    const INSIDE: &[&str] = &[
        "audit-broken",
        "backup",
        "backup-damaged",
        "backup-exists",
        "broke-off",
        "bundle-gap",
        "damaged-key",
        "definition-invalid",
        "demo",
        "disk-too-small",
        "edition-moved",
        "edition-not-reserved",
        "empty-actor",
        "estate-invalid",
        "export",
        "feed-failed",
        "file-exists",
        "invalid-configuration",
        "invalid-feed",
        "invalid-location",
        "invalid-manifest",
        "job-lost",
        "ledger-damaged",
        "ledger-database",
        "ledger-read-only",
        "ledger-unreachable",
        "newer-schema",
        "no-network",
        "no-templates",
        "not-empty",
        "not-reserved",
        "nothing-to-bundle",
        "nothing-to-fetch",
        "nothing-to-merge",
        "number-taken",
        "numbers-taken",
        "pack-gone",
        "pack-incomplete",
        "pack-live",
        "rebuild-disturbed",
        "report-failed",
        "restore-failed",
        "segment-gone",
        "segment-live",
        "simulation-too-large",
        "simulation-unfinished",
        "store-damaged",
        "wrong-code",
        "wrong-password",
    ];

    /// Codes in the sources of a crate: what follows one of these beginnings in quotes.
    fn codes(folder: &Path, beginnings: &[&str], found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).expect("sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                codes(&path, beginnings, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source");
            for rest in beginnings.iter().flat_map(|beginning| text.split(beginning).skip(1)) {
                let code = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
                let is_code = |code: &&str| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
                found.extend(code.filter(is_code).map(str::to_owned));
            }
        }
    }

    #[test]
    fn every_code_has_a_status() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut found = BTreeSet::new();
        codes(&crates.join("office/src"), &["OfficeError::new("], &mut found);
        assert!(found.len() > 40, "{found:?}");
        let has = |code: &str| CODES.iter().any(|(_, codes)| codes.contains(&code)) || INSIDE.contains(&code);
        let missing: Vec<_> = found.iter().filter(|code| !has(code)).collect();
        assert!(
            missing.is_empty(),
            "say in CODES which status these have, or in INSIDE that they went wrong inside: {missing:?}"
        );
    }

    #[test]
    fn what_goes_wrong_inside_is_for_the_journal_alone() {
        let problem = Problem::from(OfficeError::new("lake-damaged", "/var/secret is broken"));
        assert_eq!((problem.status, problem.detail.as_str()), (StatusCode::INTERNAL_SERVER_ERROR, ""));
        let response = problem.into_response();
        let fault = response.extensions().get::<Fault>().expect("a fault");
        assert_eq!((fault.code, fault.detail.as_str()), ("lake-damaged", "/var/secret is broken"));
        let problem = Problem::from(OfficeError::new("store-failed", "s3://bucket/x: it did not answer in time"));
        assert_eq!(problem.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(!problem.detail.contains("bucket") && problem.inside.contains("bucket"));
    }
}
