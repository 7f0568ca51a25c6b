// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The first visit: the one-time link that the first start prints, or an invitation. It makes an account.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::sign_in::{Provider, providers};
use super::{Answer, html};
use crate::error::WebError;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "welcome.html")]
struct Page {
    frame: Frame,
    key: String,
    fault: String,
    name: String,
    login: String,
    /// Providers that the account can be connected with.
    providers: Vec<Provider>,
}

/// What the form says.
#[derive(Deserialize)]
pub struct Entered {
    name: String,
    login: String,
    password: String,
}

/// The form, while the link is good.
pub async fn page(State(house): State<Arc<WebHouse>>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    if !house.house.is_invited(&key, house.wall_clock()).await? {
        return Err(WebError::not_found());
    }
    html(&page_with(&house, &visitor, key, String::new(), (String::new(), String::new())))
}

/// Makes the account.
pub async fn begin(
    State(house): State<Arc<WebHouse>>,
    visitor: Visitor,
    Path(key): Path<String>,
    Form(entered): Form<Entered>,
) -> Answer {
    let now = house.wall_clock();
    let names = (entered.login.as_str(), entered.name.as_str());
    match house.house.accept_invitation(&key, names, &entered.password, now, house.random()).await {
        Ok(_) => Ok(Redirect::to("/sign-in").into_response()),
        Err(error) if error.code == "not-found" => Err(WebError::not_found()),
        Err(error) => {
            let page = page_with(&house, &visitor, key, error.message, (entered.name, entered.login));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
    }
}

fn page_with(house: &WebHouse, visitor: &Visitor, key: String, fault: String, (name, login): (String, String)) -> Page {
    let mut frame = Frame::new(visitor, Place::Nowhere);
    frame.title = frame.t("welcome");
    // The secret of the link stays out of everything but its own form.
    "/sign-in".clone_into(&mut frame.here);
    Page { frame, key, fault, name, login, providers: providers(house) }
}
