// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/account/openid/{name}`: connects an account that is there with somebody at a provider of sign-in. It is a form with the password, so
//! that no page of another house can begin it; the way to the provider is a link on the page that answers.

use std::sync::Arc;

use axum::extract::{Form, Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use underpin_render::text;

use super::Answer;
use super::account::{Shown, shown};
use super::sign_in_openid::elsewhere_cookie;
use crate::error::WebError;
use crate::house::WebHouse;
use crate::origin::Peer;
use crate::visitor::Person;

/// What the form says.
#[derive(Deserialize)]
pub struct Entered {
    form_token: String,
    #[serde(default)]
    password: String,
}

/// Begins, and shows the way.
pub async fn begin(
    State(house): State<Arc<WebHouse>>,
    peer: Peer,
    person: Person,
    Path(name): Path<String>,
    Form(entered): Form<Entered>,
) -> Answer {
    person.check(&entered.form_token)?;
    let openid = house.entrance.provider(&name).ok_or_else(WebError::not_found)?;
    let (now, language) = (house.wall_clock(), person.visitor.language);
    let fault = |key: &str| Shown { fault_elsewhere: text(language, key, &[]), ..Shown::default() };
    if !peer.may_begin(&house, now).await? {
        let page = shown(&house, &person, fault("sign-in-too-often")).await?;
        return Ok((StatusCode::TOO_MANY_REQUESTS, page).into_response());
    }
    let who = (&*person.signed, entered.password.as_str());
    let error = match house.house.begin_connecting(openid, who, now, house.random()).await {
        Ok((key, address)) => {
            let way = Some((openid.label.clone(), address));
            let page = shown(&house, &person, Shown { way, ..Shown::default() }).await?;
            let cookie = elsewhere_cookie(house.is_encrypted, key.secret());
            return Ok(([(header::SET_COOKIE, cookie)], page).into_response());
        }
        Err(error) => error,
    };
    let (status, key) = match error.code {
        "wrong-password" if !house.house.has_password(&person.signed).await? => {
            (StatusCode::UNPROCESSABLE_ENTITY, "codes-sign-in-anew")
        }
        "wrong-password" => (StatusCode::UNPROCESSABLE_ENTITY, "password-wrong"),
        "too-often" => (StatusCode::TOO_MANY_REQUESTS, "sign-in-too-often"),
        _ => (StatusCode::BAD_GATEWAY, "elsewhere-unreachable"),
    };
    Ok((status, shown(&house, &person, fault(key)).await?).into_response())
}
