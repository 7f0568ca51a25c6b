// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/account`: what may I do here, where am I signed in, and how do I change my password?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_office::people::{Grant, Reach, Sitting};
use underpin_render::text;

use super::{Answer, html};
use crate::error::WebError;
use crate::forms::Told;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

#[derive(Template)]
#[template(path = "account.html")]
struct Page<'p> {
    frame: Frame,
    person: &'p underpin_office::people::Person,
    /// What they may do, in words.
    roles: Vec<String>,
    sittings: Vec<Sitting>,
    /// Whether they may give rights to others.
    may_admit: bool,
    /// Key of what was done; empty when nothing was.
    done: &'static str,
    /// What went wrong with the password; empty when nothing did.
    fault: Told,
    providers: Vec<Connection>,
    /// What went wrong with connecting; empty when nothing did.
    fault_elsewhere: String,
    /// Name of a provider and the way there, where connecting began just now.
    way: Option<(String, String)>,
}

/// A provider of sign-in, and whether the account is connected with somebody there.
struct Connection {
    name: String,
    label: String,
    is_connected: bool,
}

/// What a page tells of what was done just now.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub done: &'static str,
    pub fault: Told,
    pub fault_elsewhere: String,
    pub way: Option<(String, String)>,
}

/// What was done a moment ago.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    done: String,
}

/// What the form of the password says.
#[derive(Deserialize)]
pub struct Entered {
    form_token: String,
    old: String,
    new: String,
}

/// The secret of a form.
#[derive(Deserialize)]
pub struct Token {
    form_token: String,
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Query(asked): Query<Asked>) -> Answer {
    let done = match asked.done.as_str() {
        "password" => "password-changed",
        "sessions" => "other-sessions-ended",
        "connected" => "account-connected",
        _ => "",
    };
    shown(&house, &person, Shown { done, ..Shown::default() }).await
}

/// Changes the password.
pub async fn change(State(house): State<Arc<WebHouse>>, person: Person, Form(entered): Form<Entered>) -> Answer {
    person.check(&entered.form_token)?;
    let passwords = (entered.old.as_str(), entered.new.as_str());
    match house.house.change_password(&person.signed, passwords, house.wall_clock(), house.random()).await {
        Ok(()) => Ok(Redirect::to("/account?done=password").into_response()),
        Err(error) => {
            let language = person.visitor.language;
            let (status, fault) = match error.code {
                "wrong-password" => (StatusCode::UNPROCESSABLE_ENTITY, text(language, "password-wrong", &[]).into()),
                "too-often" => (StatusCode::TOO_MANY_REQUESTS, text(language, "sign-in-too-often", &[]).into()),
                "account" => (StatusCode::UNPROCESSABLE_ENTITY, Told::by_the_office(&error)),
                _ => return Err(WebError::from(error)),
            };
            Ok((status, shown(&house, &person, Shown { fault, ..Shown::default() }).await?).into_response())
        }
    }
}

/// Ends the other sessions.
pub async fn end_others(State(house): State<Arc<WebHouse>>, person: Person, Form(token): Form<Token>) -> Answer {
    person.check(&token.form_token)?;
    house.house.end_other_sessions(&person.signed).await?;
    Ok(Redirect::to("/account?done=sessions").into_response())
}

pub(super) async fn shown(house: &WebHouse, person: &Person, told: Shown) -> Answer {
    let mut providers = Vec::new();
    for one in &house.entrance.providers {
        let is_connected = house.house.is_connected(one, &person.signed).await?;
        providers.push(Connection { name: one.name.clone(), label: one.label.clone(), is_connected });
    }
    let sittings = house.house.sittings(&person.signed, house.wall_clock()).await?;
    let mut frame = Frame::new(&person.visitor, Place::Nowhere);
    frame.title = frame.t("your-account");
    "/account".clone_into(&mut frame.here);
    let owner = &person.signed.person;
    let roles = owner.grants.iter().map(|grant| role(&frame, grant)).collect();
    let may_admit = owner.may(underpin_office::people::Act::Admit);
    let Shown { done, fault, fault_elsewhere, way } = told;
    html(&Page { frame, person: owner, roles, sittings, may_admit, done, fault, providers, fault_elsewhere, way })
}

/// A role in words.
pub(crate) fn role(frame: &Frame, grant: &Grant) -> String {
    let what = frame.word("role", grant.role.as_str());
    match &grant.reach {
        Reach::Government => text(frame.language, "role-everywhere", &[("role", (&what).into())]),
        Reach::Agency(agency) => {
            text(frame.language, "role-of-agency", &[("role", (&what).into()), ("agency", (&agency.0).into())])
        }
        Reach::System(system) => {
            text(frame.language, "role-of-system", &[("role", (&what).into()), ("system", (&system.0).into())])
        }
    }
}
