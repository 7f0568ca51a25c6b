// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Signing in and out with an account of this house.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use underpin_office::people::{Key, SignIn};

use super::sign_in_code::code_cookie;
use super::{Answer, html, own_address};
use crate::error::{WebError, encoded};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::origin::Peer;
use crate::visitor::{Person, Visitor, session_cookie};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Page {
    frame: Frame,
    /// Key of what went wrong; empty when nothing did.
    fault: &'static str,
    to: String,
    login: String,
    /// Providers that one can come in by.
    providers: Vec<Provider>,
    /// Whether somebody signed out just now.
    is_leaving: bool,
}

/// A provider as people read it.
pub(super) struct Provider {
    pub name: String,
    pub label: String,
}

/// Providers that one can come in by.
pub(super) fn providers(house: &WebHouse) -> Vec<Provider> {
    let shown = |one: &underpin_office::people::Openid| Provider { name: one.name.clone(), label: one.label.clone() };
    house.entrance.providers.iter().map(shown).collect()
}

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub(super) to: String,
    /// Why a provider did not let somebody in.
    #[serde(default)]
    fault: String,
    /// Whether they signed out just now.
    #[serde(default)]
    out: String,
}

impl Asked {
    /// Key of why a provider did not let somebody in; empty when nothing went wrong.
    fn fault(&self) -> &'static str {
        match self.fault.as_str() {
            "" => "",
            "too-often" => "sign-in-too-often",
            "declined" => "elsewhere-declined",
            "unproved" => "elsewhere-unproved",
            "unreachable" => "elsewhere-unreachable",
            "unknown" => "elsewhere-unknown",
            "ended" => "elsewhere-ended",
            "no-rights" => "elsewhere-no-rights",
            "taken" => "elsewhere-taken",
            "login" => "elsewhere-login",
            _ => "elsewhere-expired",
        }
    }
}

/// What the form says.
#[derive(Deserialize)]
pub struct Entered {
    login: String,
    password: String,
    #[serde(default)]
    to: String,
}

/// The form.
pub async fn page(State(house): State<Arc<WebHouse>>, visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    if visitor.awaits_factor {
        return Err(WebError::second_factor());
    }
    if visitor.signed.is_some() {
        return Ok(Redirect::to(own_address(&asked.to)).into_response());
    }
    let mut page = page_with(&house, &visitor, asked.fault(), (&asked.to, ""));
    page.is_leaving = !asked.out.is_empty();
    html(&page)
}

/// Looks at what was entered.
pub async fn enter(
    State(house): State<Arc<WebHouse>>,
    visitor: Visitor,
    peer: Peer,
    Form(entered): Form<Entered>,
) -> Answer {
    let now = house.wall_clock();
    let random = (house.random(), house.random());
    if peer.must_wait(&house, now).await? {
        return refused(&house, &visitor, &entered, "sign-in-too-often");
    }
    match house.house.sign_in((&entered.login, &entered.password), now, random).await? {
        SignIn::Welcome(key) => welcome(&house, &visitor, &key, &entered.to).await,
        SignIn::NeedsCode(key) => {
            let to = format!("/sign-in/code?to={}", encoded(own_address(&entered.to)));
            let cookie = code_cookie(house.is_encrypted, key.secret());
            Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&to)).into_response())
        }
        // Which of the three is wrong is not said, nor whether there is such an account.
        SignIn::Refused | SignIn::Expired => {
            peer.note_failure(&house, now).await?;
            refused(&house, &visitor, &entered, "sign-in-refused")
        }
        SignIn::TooOften => refused(&house, &visitor, &entered, "sign-in-too-often"),
    }
}

/// Opens the door: with a new key, and no other door stays open behind.
pub(super) async fn welcome(house: &WebHouse, visitor: &Visitor, key: &Key, to: &str) -> Answer {
    if let Some(before) = &visitor.signed {
        house.house.sign_out(before).await?;
    }
    let cookie = session_cookie(house.is_encrypted, key.secret());
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(own_address(to))).into_response())
}

fn refused(house: &WebHouse, visitor: &Visitor, entered: &Entered, fault: &'static str) -> Answer {
    let page = html(&page_with(house, visitor, fault, (&entered.to, &entered.login)))?;
    let waits = fault == "sign-in-too-often";
    let status = if waits { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNAUTHORIZED };
    Ok((status, page).into_response())
}

fn page_with(house: &WebHouse, visitor: &Visitor, fault: &'static str, (to, login): (&str, &str)) -> Page {
    let mut frame = Frame::new(visitor, Place::Nowhere);
    frame.title = frame.t("sign-in");
    "/sign-in".clone_into(&mut frame.here);
    let (to, login) = (own_address(to).to_owned(), login.to_owned());
    Page { frame, fault, to, login, providers: providers(house), is_leaving: false }
}

/// The secret of a form.
#[derive(Deserialize)]
pub struct Leaving {
    form_token: String,
}

/// Ends the session.
pub async fn leave(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Form(leaving): Form<Leaving>,
) -> Result<Response, WebError> {
    person.check(&leaving.form_token)?;
    house.house.sign_out(&person.signed).await?;
    let cookie = session_cookie(house.is_encrypted, "");
    // Where a provider let somebody in, that house still knows them: the page says so.
    let to = if house.entrance.providers.is_empty() { "/sign-in" } else { "/sign-in?out=here" };
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(to)).into_response())
}
