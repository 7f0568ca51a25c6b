// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Choosing a language. It is kept in a cookie that says nothing else.

use axum::extract::Form;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use underpin_render::Language;

use super::own_address;
use crate::visitor::LANGUAGE_COOKIE;

/// What the form says.
#[derive(Debug, Deserialize)]
pub struct Chosen {
    language: String,
    #[serde(default)]
    to: String,
}

/// Keeps the choice and goes back.
pub async fn choose(Form(chosen): Form<Chosen>) -> Response {
    let back = Redirect::to(own_address(&chosen.to));
    match Language::of_code(&chosen.language) {
        Some(language) => {
            let cookie =
                format!("{LANGUAGE_COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", language.code());
            ([(header::SET_COOKIE, cookie)], back).into_response()
        }
        None => back.into_response(),
    }
}
