// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/sign-in/code`: the second step of signing in, for who uses one-time codes.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_office::people::SignIn;

use super::sign_in::{Asked, welcome};
use super::{Answer, html, own_address};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::origin::Peer;
use crate::visitor::{Visitor, cookie};

/// The cookie of a sign-in whose code is awaited. It is no session and opens nothing but this page's form.
const CODE_COOKIE: &str = "__Host-code";
/// The same where the house is served in the clear, on this machine only.
const CODE_COOKIE_IN_THE_CLEAR: &str = "code";
/// As long as the house awaits the code.
const CODE_SECONDS: u32 = 600;

/// The `Set-Cookie` of an awaited code; an empty key ends it.
pub(super) fn code_cookie(is_encrypted: bool, key: &str) -> String {
    let age = if key.is_empty() { 0 } else { CODE_SECONDS };
    match is_encrypted {
        true => format!("{CODE_COOKIE}={key}; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age={age}"),
        false => format!("{CODE_COOKIE_IN_THE_CLEAR}={key}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}"),
    }
}

#[derive(Template)]
#[template(path = "sign_in_code.html")]
struct Page {
    frame: Frame,
    /// Key of what went wrong; empty when nothing did.
    fault: &'static str,
    to: String,
}

/// What the form says.
#[derive(Deserialize)]
pub struct Entered {
    code: String,
    #[serde(default)]
    to: String,
}

/// The form.
pub async fn page(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    html(&page_with(&visitor, "", &asked.to))
}

/// Looks at the code.
pub async fn enter(
    State(house): State<Arc<WebHouse>>,
    visitor: Visitor,
    peer: Peer,
    headers: HeaderMap,
    Form(entered): Form<Entered>,
) -> Answer {
    let now = house.wall_clock();
    let name = if house.is_encrypted { CODE_COOKIE } else { CODE_COOKIE_IN_THE_CLEAR };
    let key = cookie(&headers, name).unwrap_or_default();
    let random = (house.random(), house.random());
    if peer.must_wait(&house, now).await? {
        return refused(&visitor, &entered, "sign-in-too-often", StatusCode::TOO_MANY_REQUESTS);
    }
    match house.house.sign_in_with_code((key, &entered.code), now, random).await? {
        SignIn::Welcome(session) => {
            let mut response = welcome(&house, &visitor, &session, &entered.to).await?;
            if let Ok(ended) = code_cookie(house.is_encrypted, "").parse() {
                response.headers_mut().append(header::SET_COOKIE, ended);
            }
            Ok(response)
        }
        SignIn::TooOften => refused(&visitor, &entered, "sign-in-too-often", StatusCode::TOO_MANY_REQUESTS),
        SignIn::Expired => Ok(Redirect::to("/sign-in").into_response()),
        SignIn::Refused | SignIn::NeedsCode(_) => {
            peer.note_failure(&house, now).await?;
            refused(&visitor, &entered, "code-refused", StatusCode::UNAUTHORIZED)
        }
    }
}

fn refused(visitor: &Visitor, entered: &Entered, fault: &'static str, status: StatusCode) -> Answer {
    Ok((status, html(&page_with(visitor, fault, &entered.to))?).into_response())
}

fn page_with(visitor: &Visitor, fault: &'static str, to: &str) -> Page {
    let mut frame = Frame::new(visitor, Place::Nowhere);
    frame.title = frame.t("one-time-code");
    "/sign-in".clone_into(&mut frame.here);
    Page { frame, fault, to: own_address(to).to_owned() }
}
