// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/sign-in/openid/{name}`: to a provider of sign-in, and back.
//!
//! One leaves by a link, not by a form: the policy of pages forbids forms that lead elsewhere, by a redirect too.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use underpin_office::people::{Openid, OpenidAnswer, OpenidEnd, OpenidRefusal};

use super::sign_in::{Asked, welcome};
use super::sign_in_code::code_cookie;
use super::{Answer, own_address};
use crate::error::{WebError, encoded};
use crate::house::WebHouse;
use crate::journal::Fault;
use crate::origin::Peer;
use crate::visitor::{Visitor, cookie};

/// The cookie of a sign-in that is under way elsewhere. The way back comes from another house, so it is `Lax`.
const COOKIE: &str = "__Host-elsewhere";
/// The same where the house is served in the clear, on this machine only.
const COOKIE_IN_THE_CLEAR: &str = "elsewhere";
/// As long as the house waits for the way back.
const SECONDS: u32 = 600;

pub(super) fn elsewhere_cookie(is_encrypted: bool, key: &str) -> String {
    let age = if key.is_empty() { 0 } else { SECONDS };
    match is_encrypted {
        true => format!("{COOKIE}={key}; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age={age}"),
        false => format!("{COOKIE_IN_THE_CLEAR}={key}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}"),
    }
}

/// Goes to the provider.
pub async fn begin(
    State(house): State<Arc<WebHouse>>,
    peer: Peer,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let openid = house.entrance.provider(&name).ok_or_else(WebError::not_found)?;
    leave(&house, peer, openid, own_address(&asked.to), None).await
}

/// Goes to the provider with an invitation.
pub async fn begin_invited(
    State(house): State<Arc<WebHouse>>,
    peer: Peer,
    Path((key, name)): Path<(String, String)>,
) -> Answer {
    let openid = house.entrance.provider(&name).ok_or_else(WebError::not_found)?;
    if !house.house.is_invited(&key, house.wall_clock()).await? {
        return Err(WebError::not_found());
    }
    leave(&house, peer, openid, "/", Some(&key)).await
}

async fn leave(house: &WebHouse, peer: Peer, openid: &Openid, to: &str, invitation: Option<&str>) -> Answer {
    let now = house.wall_clock();
    if peer.must_wait(house, now).await? || !peer.may_begin(house, now).await? {
        return Ok(Redirect::to("/sign-in?fault=too-often").into_response());
    }
    match house.house.begin_openid(openid, (to, invitation), now, house.random()).await {
        Ok((key, address)) => {
            let cookie = elsewhere_cookie(house.is_encrypted, key.secret());
            Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&address)).into_response())
        }
        Err(error) => Ok(refused("unreachable", error.to_string())),
    }
}

/// Comes back.
pub async fn back(
    State(house): State<Arc<WebHouse>>,
    visitor: Visitor,
    peer: Peer,
    headers: HeaderMap,
    Path(name): Path<String>,
    Query(answer): Query<OpenidAnswer>,
) -> Answer {
    let openid = house.entrance.provider(&name).ok_or_else(WebError::not_found)?;
    let now = house.wall_clock();
    let own = if house.is_encrypted { COOKIE } else { COOKIE_IN_THE_CLEAR };
    let key = cookie(&headers, own).unwrap_or_default();
    let random = (house.random(), house.random());
    let mut response =
        match house.house.finish_openid(openid, (key, &answer), visitor.signed.as_deref(), now, random).await? {
            OpenidEnd::Welcome(session, to) => welcome(&house, &visitor, &session, &to).await?,
            OpenidEnd::Connected => Redirect::to("/account?done=connected").into_response(),
            OpenidEnd::NeedsCode(awaited, to) => {
                let to = format!("/sign-in/code?to={}", encoded(own_address(&to)));
                let cookie = code_cookie(house.is_encrypted, awaited.secret());
                ([(header::SET_COOKIE, cookie)], Redirect::to(&to)).into_response()
            }
            OpenidEnd::Refused(why, detail) => {
                // What another house's page can set off in somebody's browser counts for nobody.
                if why != OpenidRefusal::Expired {
                    peer.note_failure(&house, now).await?;
                }
                refused(why.as_str(), detail)
            }
        };
    // Whatever came of it: it is over.
    if let Ok(ended) = HeaderValue::from_str(&elsewhere_cookie(house.is_encrypted, "")) {
        response.headers_mut().append(header::SET_COOKIE, ended);
    }
    Ok(response)
}

/// Back to the door, which says why. The address that was come back by holds a code: nothing is shown under it.
fn refused(why: &str, detail: String) -> Response {
    let mut response = Redirect::to(&format!("/sign-in?fault={why}")).into_response();
    response.extensions_mut().insert(Fault { code: "sign-in-elsewhere", detail });
    response
}
