// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who is at the door: worked out once for every request, before anything else.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use underpin_model::compass::OfficeRole;
use underpin_model::{Timestamp, Viewer};
use underpin_office::OfficeError;
use underpin_office::people::Signed;
use underpin_render::Language;

use crate::entrance::comes_before_factor;
use crate::error::WebError;
use crate::house::WebHouse;

/// The cookie of a session. The prefix makes browsers refuse it from elsewhere, and without encryption.
pub const SESSION_COOKIE: &str = "__Host-session";
/// The same where the house is served in the clear, on this machine only.
pub const SESSION_COOKIE_IN_THE_CLEAR: &str = "session";
/// The `Set-Cookie` of a session; an empty key ends it. It is for this house alone, out of the reach of scripts, and lives as long
/// as the browser does.
pub fn session_cookie(is_encrypted: bool, key: &str) -> String {
    let age = if key.is_empty() { "; Max-Age=0" } else { "" };
    match is_encrypted {
        true => format!("{SESSION_COOKIE}={key}; Path=/; HttpOnly; SameSite=Lax; Secure{age}"),
        false => format!("{SESSION_COOKIE_IN_THE_CLEAR}={key}; Path=/; HttpOnly; SameSite=Lax{age}"),
    }
}

/// The cookie of a chosen language.
pub const LANGUAGE_COOKIE: &str = "language";

/// Somebody who asks.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Who, when signed in.
    pub signed: Option<Arc<Signed>>,
    /// Whether a session was shown that could not be looked up: the ledger did not answer.
    pub is_unknown: bool,
    /// Whether they still have to show a second factor: then `signed` holds only where that is done.
    pub awaits_factor: bool,
    /// Tasks that wait for them; 0 where no page is asked for.
    pub waiting: u64,
    /// Roles of the office that are not active: what belongs to them is not on screen.
    pub inactive: Vec<OfficeRole>,
    /// In which language to answer.
    pub language: Language,
    /// What is asked for: path and query.
    pub uri: Uri,
    /// As of when, when not now (`?as-of=`).
    pub as_of: Option<Timestamp>,
    /// Whether a moment was asked for that is none: then nothing is answered, least of all the present.
    pub is_lost: bool,
}

impl Visitor {
    /// With whose eyes to look: a stranger's when nobody is signed in.
    pub fn viewer(&self) -> Viewer {
        self.signed.as_ref().map(|signed| signed.viewer.clone()).unwrap_or_default()
    }
}

/// Somebody who reads without a session, for measurements: it is put into a request inside this program, never by who sends one.
#[derive(Clone, Debug)]
pub(crate) struct Assumed(pub Signed);

/// Works out who asks, and hands it on.
pub async fn visit(State(house): State<Arc<WebHouse>>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let key = cookie(headers, if house.is_encrypted { SESSION_COOKIE } else { SESSION_COOKIE_IN_THE_CLEAR });
    let signed = match key {
        Some(key) => house.house.session(key, house.wall_clock()).await,
        None => Ok(request.extensions().get::<Assumed>().map(|assumed| assumed.0.clone())),
    };
    // Whose session cannot be looked up is nobody for now, and is not sent to the door for that.
    let is_unknown = signed.is_err();
    let signed = signed.unwrap_or_default();
    let path = request.uri().path().to_owned();
    let awaits_factor = signed.as_ref().is_some_and(|signed| house.entrance.awaits_factor(signed));
    let signed = signed.filter(|_| !awaits_factor || comes_before_factor(&path));
    if let Some(signed) = &signed {
        house.met(signed.person.id, &signed.viewer);
    }
    let chosen = cookie(headers, LANGUAGE_COOKIE).and_then(Language::of_code);
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let language = chosen.unwrap_or_else(|| Language::accepted(accepted.unwrap_or_default()));
    let asked = pairs(request.uri()).into_iter().find(|(name, _)| name == "as-of").map(|(_, text)| text);
    let asked = asked.filter(|text| !text.trim().is_empty());
    let as_of = asked.as_deref().and_then(moment);
    let is_lost = asked.is_some() && as_of.is_none();
    let waiting = waiting(&house, signed.as_ref().filter(|_| !awaits_factor), &path).await;
    // The past is for who is signed in: to the public a role that has ended says nothing more.
    let looks_back = signed.is_some() && request.method().is_safe();
    let inactive = house.inactive_roles(&path, as_of.filter(|_| looks_back)).await;
    let (signed, uri) = (signed.map(Arc::new), request.uri().clone());
    let visitor = Visitor { signed, is_unknown, awaits_factor, waiting, inactive, language, uri, as_of, is_lost };
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

/// Whether a path is one of a page for people.
pub fn is_page(path: &str) -> bool {
    !["/assets/", "/api/", "/healthz", "/readyz"].iter().any(|start| path.starts_with(start))
}

/// Tasks that wait for somebody who asks for a page; what cannot be told is not told here.
async fn waiting(house: &WebHouse, signed: Option<&Signed>, path: &str) -> u64 {
    let Some(signed) = signed.filter(|_| is_page(path)) else { return 0 };
    let Ok(seat) = house.seat(&signed.viewer, None).await else { return 0 };
    seat.waiting(&house.house, &signed.person.login).await.unwrap_or_default()
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let known = parts.extensions.get::<Self>().cloned();
        let (uri, language) = (parts.uri.clone(), Language::default());
        let nobody = || Self {
            signed: None,
            is_unknown: false,
            awaits_factor: false,
            waiting: 0,
            inactive: Vec::new(),
            language,
            uri,
            as_of: None,
            is_lost: false,
        };
        Ok(known.unwrap_or_else(nobody))
    }
}

/// Somebody signed in; others are sent to the sign-in page.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub signed: Arc<Signed>,
    /// The visit.
    pub visitor: Visitor,
}

impl<S: Send + Sync> FromRequestParts<S> for Person {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let Ok(visitor) = Visitor::from_request_parts(parts, state).await;
        match visitor.signed.clone() {
            Some(_) if visitor.is_lost => Err(WebError::new(StatusCode::BAD_REQUEST, "as-of")),
            Some(signed) => Ok(Self { signed, visitor }),
            None if visitor.is_unknown => Err(unknown().into()),
            None if visitor.awaits_factor => Err(WebError::second_factor()),
            None => Err(WebError::sign_in(&visitor.uri)),
        }
    }
}

/// A session could not be looked up.
pub(crate) fn unknown() -> OfficeError {
    OfficeError::new("ledger-away", "the house cannot look up who you are at the moment")
        .hint("come again in a few seconds; your session is not lost")
}

impl Person {
    /// Refuses a form that this session did not give out.
    ///
    /// # Errors
    /// `form-token` when it is another one.
    pub fn check(&self, form_token: &str) -> Result<(), WebError> {
        let (own, given) = (self.signed.form_token.as_bytes(), form_token.as_bytes());
        let differs = own.len() != given.len() || own.iter().zip(given).fold(0, |sum, (a, b)| sum | (a ^ b)) != 0;
        if differs { Err(WebError::new(StatusCode::FORBIDDEN, "form-token")) } else { Ok(()) }
    }
}

/// The value of a cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    pairs.flat_map(|line| line.split(';')).find_map(|pair| {
        let (own, value) = pair.trim().split_once('=')?;
        (own == name && !value.is_empty()).then_some(value)
    })
}

/// What the query of an address asks for, in its order.
pub fn pairs(uri: &Uri) -> Vec<(String, String)> {
    Query::<Vec<(String, String)>>::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default()
}

/// A moment as people write it. A day alone means its end: what came in on that day counts.
pub fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() == 10 { format!("{text}T23:59:59.999999Z").parse().ok() } else { text.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_read_one_by_one() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=1; session=abc=; language=".parse().expect("a header"));
        headers.append(header::COOKIE, "b=2".parse().expect("a header"));
        assert_eq!(cookie(&headers, "session"), Some("abc="));
        assert_eq!(cookie(&headers, "b"), Some("2"));
        assert_eq!(cookie(&headers, "language"), None);
        assert_eq!(cookie(&headers, "ession"), None);
    }

    #[test]
    fn a_moment_in_the_address() {
        let uri: Uri = "/find?q=a+b%26&as-of=2026-03-01T08%3A00%3A00Z".parse().expect("an address");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(pairs(&uri), [pair("q", "a b&"), pair("as-of", "2026-03-01T08:00:00Z")]);
        for (text, expected) in [
            ("2026-03-01T08:00:00Z", Some("2026-03-01T08:00:00Z")),
            ("2026-03-01", Some("2026-03-01T23:59:59.999999Z")),
            ("2026-02-30", None),
            ("yesterday", None),
        ] {
            assert_eq!(moment(text).map(|at| at.to_string()).as_deref(), expected, "{text}");
        }
    }
}
