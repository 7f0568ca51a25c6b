// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who asks, where programs ask: somebody with a token, or somebody whose browser has a session.
//!
//! A token is shown in a header, never in an address, which logs keep. A session writes only with the secret of its forms, which
//! pages of other houses do not know.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use underpin_model::Viewer;
use underpin_model::people::{Act, PersonId, Scope};
use underpin_office::people::Signed;

use crate::api::problem::Problem;
use crate::house::WebHouse;
use crate::pace::{TooOften, Whose};
use crate::reads::AskedBy;
use crate::visitor::{Visitor, unknown};

/// Header of a token, as many clients send it.
const API_KEY: &str = "x-api-key";
/// Header in which a session gives back the secret of its forms.
pub const FORM_TOKEN: &str = "X-Form-Token";

/// Somebody who asks as a program does.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Name for the audit chain: a login, and the name of the token behind it.
    pub actor: String,
    /// With whose eyes to look, and in whose sight to write.
    pub viewer: Viewer,
    /// What the token is for; all of them for a session.
    pub scopes: Vec<Scope>,
    /// Whose account it is.
    pub person: PersonId,
    /// Whether a session asks, not a token.
    pub is_session: bool,
    /// The session, if one asks.
    pub signed: Option<Arc<Signed>>,
}

impl Caller {
    /// True when scopes and rights are enough for an act somewhere; storage decides where.
    pub fn may(&self, act: Act) -> bool {
        match &self.signed {
            Some(signed) => signed.person.grants.iter().any(|grant| grant.role.may(act)),
            None => self.covers(act) && self.viewer.may(act),
        }
    }

    /// True when the scopes are enough for an act, whatever the rights are.
    pub fn covers(&self, act: Act) -> bool {
        self.is_session || self.scopes.iter().any(|scope| scope.covers(act))
    }

    /// Refuses who may not do this anywhere.
    ///
    /// # Errors
    /// `scope` when the token is not for it, `not-allowed` when its person may not.
    pub fn check(&self, act: Act) -> Result<(), Problem> {
        if !self.covers(act) {
            return Err(Problem::new(StatusCode::FORBIDDEN, "scope")
                .detail("this token is not for that")
                .hint("make a token with the scope that the manual names for this address"));
        }
        if self.may(act) {
            return Ok(());
        }
        Err(Problem::new(StatusCode::FORBIDDEN, "not-allowed").detail("you may not do this anywhere"))
    }
}

/// The secret that a request shows; `Err` when it shows something else where a secret is expected.
pub(crate) fn shown(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        let Some(key) = headers.get(API_KEY) else { return Ok(None) };
        return key.to_str().map(|key| Some(key.trim())).map_err(|_| Problem::unauthorized());
    };
    let text = value.to_str().map_err(|_| Problem::unauthorized())?;
    match text.split_once(' ') {
        Some((scheme, secret)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(secret.trim())),
        _ => Err(Problem::unauthorized()),
    }
}

impl FromRequestParts<Arc<WebHouse>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<WebHouse>) -> Result<Self, Problem> {
        if let Some(secret) = shown(&parts.headers)? {
            let bearer = house.house.bearer(secret, house.wall_clock()).await?.ok_or_else(Problem::unauthorized)?;
            let underpin_office::people::Bearer { actor, viewer, scopes, person, .. } = bearer;
            house.may_ask(Whose::Person(person)).map_err(TooOften::problem)?;
            house.met(person, &viewer);
            if let Some(by) = parts.extensions.get::<AskedBy>() {
                // Asked twice in one request, it is the same token.
                let _ = by.0.set(actor.clone());
            }
            return Ok(Self { actor, viewer, scopes, person, is_session: false, signed: None });
        }
        let Ok(visitor) = Visitor::from_request_parts(parts, house).await;
        if visitor.is_unknown {
            return Err(unknown().into());
        }
        let signed = visitor.signed.ok_or_else(Problem::unauthorized)?;
        house.may_ask(Whose::Person(signed.person.id)).map_err(TooOften::problem)?;
        if !matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
            check_form(&parts.headers, &signed.form_token)?;
        }
        Ok(Self {
            actor: signed.person.login.clone(),
            viewer: signed.viewer.clone(),
            scopes: Scope::ALL.to_vec(),
            person: signed.person.id,
            is_session: true,
            signed: Some(signed),
        })
    }
}

/// Refuses a write of a session that does not give back the secret of its forms.
fn check_form(headers: &HeaderMap, own: &str) -> Result<(), Problem> {
    let given = headers.get(FORM_TOKEN).map(axum::http::HeaderValue::as_bytes).unwrap_or_default();
    let own = own.as_bytes();
    let differs = own.len() != given.len() || own.iter().zip(given).fold(0, |sum, (a, b)| sum | (a ^ b)) != 0;
    if !differs {
        return Ok(());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, "form-token")
        .detail("a session writes only with the secret of its forms")
        .hint("send it in the header X-Form-Token, or use a token"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_read_from_headers() {
        for (name, value, expected) in [
            ("authorization", "Bearer abc", Some(Some("abc"))),
            ("authorization", "bearer  abc ", Some(Some("abc"))),
            ("authorization", "Basic abc", None),
            ("authorization", "abc", None),
            ("x-api-key", " abc", Some(Some("abc"))),
            ("x-other", "abc", Some(None)),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().expect("a header"));
            assert_eq!(shown(&headers).ok(), expected, "{name}: {value}");
        }
    }

    #[test]
    fn a_form_is_given_back_whole() {
        let mut headers = HeaderMap::new();
        assert!(check_form(&headers, "abc").is_err());
        for (given, is_good) in [("abc", true), ("abd", false), ("ab", false), ("abcd", false)] {
            headers.insert(FORM_TOKEN, given.parse().expect("a header"));
            assert_eq!(check_form(&headers, "abc").is_ok(), is_good, "{given}");
        }
    }
}
