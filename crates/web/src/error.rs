// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What goes wrong, as a page for people and as a problem (RFC 9457) for programs.

use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use underpin_model::percent_encoded;
use underpin_office::OfficeError;

use crate::api::problem::{PROBLEM_JSON, STORE_FAILED};
use crate::frame::{Frame, Place};
use crate::journal::{Fault, RequestId};
use crate::reports::VERDICT;
use crate::visitor::Visitor;

/// Seconds after which somebody who was sent away may come again.
pub const RETRY_SECONDS: &str = "5";

/// An answer that is none.
#[derive(Clone, Debug)]
pub struct WebError {
    status: StatusCode,
    code: &'static str,
    message: String,
    hint: String,
    /// What went wrong inside, for the journal alone.
    inside: String,
    /// After how many seconds to come again; 0 where that is not known.
    retry_seconds: u16,
    /// Where to go first, when that is what is missing: to the door.
    sign_in: Option<String>,
}

impl WebError {
    /// Somebody must sign in first; afterwards the page asked for is shown.
    pub fn sign_in(uri: &Uri) -> Self {
        let back = uri.path_and_query().map_or("/", |path| path.as_str());
        Self {
            sign_in: Some(format!("/sign-in?to={}", encoded(back))),
            ..Self::new(StatusCode::UNAUTHORIZED, "sign-in")
        }
    }

    /// Somebody must set up a second factor first.
    pub fn second_factor() -> Self {
        Self { sign_in: Some("/account/codes".to_owned()), ..Self::new(StatusCode::UNAUTHORIZED, "second-factor") }
    }

    /// Nothing is here, or nothing that this reader may see: both look the same.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found")
    }

    /// An error with a status and a stable code.
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        let (message, hint, inside) = (String::new(), String::new(), String::new());
        Self { status, code, message, hint, inside, retry_seconds: 0, sign_in: None }
    }

    /// What the office says, told to the reader with a status of its own.
    pub fn told(status: StatusCode, error: OfficeError) -> Self {
        Self { message: error.message, hint: error.hint, ..Self::new(status, error.code) }
    }

    /// The same, with the seconds after which to come again.
    #[must_use]
    pub fn after(self, retry_seconds: u16) -> Self {
        Self { retry_seconds, ..self }
    }
}

impl From<OfficeError> for WebError {
    fn from(error: OfficeError) -> Self {
        let status = match error.code {
            "not-found" | "no-data" | "no-rule" | "no-rulebook" => StatusCode::NOT_FOUND,
            "not-allowed" => StatusCode::FORBIDDEN,
            "ambiguous-name" | "usage" | "query" | "query-refused" | "version-range" => StatusCode::BAD_REQUEST,
            "too-large" | "query-limit" => StatusCode::PAYLOAD_TOO_LARGE,
            "busy" | "dictionary-moved" | "ledger-away" | "ledger-busy" | "ledger-conflict" | STORE_FAILED => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        // What went wrong inside names files and values: it is for the log of the house, not for readers.
        let (message, hint, inside) = match status == StatusCode::INTERNAL_SERVER_ERROR || error.code == STORE_FAILED {
            true => (String::new(), String::new(), error.message),
            false => (error.message, error.hint, String::new()),
        };
        Self { message, hint, inside, ..Self::new(status, error.code) }
    }
}

impl From<askama::Error> for WebError {
    fn from(_: askama::Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "template")
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    heading: String,
    /// What this house says about the code, in the reader's language.
    why: String,
    message: String,
    hint: String,
    code: &'static str,
    /// Number of the request, under which the journal has more.
    request: String,
}

/// Turns errors into pages or problems, in the reader's language.
pub async fn pages(visitor: Visitor, request: Request, next: Next) -> Response {
    let wants_json = wants_json(request.uri(), request.headers());
    let number = request.extensions().get::<RequestId>().map(|number| number.0.clone()).unwrap_or_default();
    let response = next.run(request).await;
    let status = response.status();
    // What programs are told stays as it is, and so does a report whose verdict is bad.
    if is_kind(&response, PROBLEM_JSON) || response.headers().contains_key(VERDICT) {
        return response;
    }
    let error = match response.extensions().get::<WebError>() {
        Some(error) => error.clone(),
        None if status == StatusCode::NOT_FOUND => WebError::not_found(),
        None if status == StatusCode::METHOD_NOT_ALLOWED => WebError::new(status, "method"),
        // The words of the framework about a broken form or query; a page that tells of a fault itself stays as it is.
        None if status.is_client_error() && !is_kind(&response, "text/html") => WebError::new(status, "usage"),
        None => return response,
    };
    let fault = Fault { code: error.code, detail: error.inside.clone() };
    let mut response = match &error.sign_in {
        Some(address) if !wants_json => Redirect::to(address).into_response(),
        _ if wants_json => problem(&error, &number),
        _ => page(&visitor, &error, number),
    };
    if error.retry_seconds > 0 {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(error.retry_seconds));
    } else if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
    }
    response.extensions_mut().insert(fault);
    response
}

fn is_kind(response: &Response, wanted: &str) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with(wanted))
}

fn page(visitor: &Visitor, error: &WebError, request: String) -> Response {
    let mut frame = Frame::new(visitor, Place::Nowhere);
    let heading = frame.t(&format!("error-{}", error.status.as_u16()));
    frame.title.clone_from(&heading);
    let key = format!("why-{}", error.code);
    let why = Some(frame.t(&key)).filter(|text| *text != key).unwrap_or_default();
    let (message, hint) = (error.message.clone(), error.hint.clone());
    let page = ErrorPage { heading, why, message, hint, code: error.code, request, frame };
    match page.render() {
        Ok(html) => (error.status, Html(html)).into_response(),
        Err(_) => error.status.into_response(),
    }
}

fn problem(error: &WebError, request: &str) -> Response {
    let title = error.status.canonical_reason().unwrap_or_default();
    let body = serde_json::json!({
        "type": format!("urn:underpin:{}", error.code),
        "title": title,
        "status": error.status.as_u16(),
        "code": error.code,
        "detail": error.message,
        "hint": error.hint,
        "request": request,
    });
    (error.status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

fn wants_json(uri: &Uri, headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    uri.path().starts_with("/api/") || (accept.contains("json") && !accept.contains("html"))
}

/// Percent-encoding of everything that is not plain in the value of a query.
pub fn encoded(text: &str) -> String {
    percent_encoded(text, b"-_.~/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_survives() {
        let uri: Uri = "/find?q=a%26b".parse().expect("an address");
        assert_eq!(WebError::sign_in(&uri).sign_in.as_deref(), Some("/sign-in?to=/find%3Fq%3Da%2526b"));
    }

    #[test]
    fn what_goes_wrong_inside_is_not_told() {
        let error = WebError::from(OfficeError::new("lake-damaged", "/var/secret is broken"));
        assert_eq!((error.status, error.message.as_str()), (StatusCode::INTERNAL_SERVER_ERROR, ""));
        assert_eq!(error.inside, "/var/secret is broken", "for the journal");
    }
}
