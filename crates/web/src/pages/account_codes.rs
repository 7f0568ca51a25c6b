// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/account/codes`: one-time codes of one's own account: beginning, confirming, ending.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use qrcode::{Color, QrCode};
use serde::Deserialize;
use underpin_office::OfficeError;
use underpin_office::people::Codes;
use underpin_render::text;

use super::{Answer, html};
use crate::error::WebError;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// Modules of quiet around a code (ISO/IEC 18004).
const QUIET: usize = 4;

#[derive(Template)]
#[template(path = "account_codes.html")]
struct Page {
    frame: Frame,
    login: String,
    codes: Codes,
    /// The picture of a proposed secret.
    picture: Option<Picture>,
    /// Recovery codes, shown once.
    recovery: Vec<String>,
    /// Whether the account has a password: who comes in by a provider has none.
    has_password: bool,
    /// What went wrong; empty when nothing did.
    fault: String,
}

/// A QR code: how many modules wide, and the path of the dark ones.
struct Picture {
    modules: usize,
    path: String,
}

/// What the forms say.
#[derive(Deserialize)]
pub struct Entered {
    form_token: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    shown(&house, &person, Vec::new(), String::new()).await
}

/// Proposes a secret.
pub async fn propose(State(house): State<Arc<WebHouse>>, person: Person, Form(entered): Form<Entered>) -> Answer {
    person.check(&entered.form_token)?;
    let random = (house.random(), house.random());
    let done = house.house.propose_codes(&person.signed, &entered.password, house.wall_clock(), random).await;
    answered(&house, &person, done).await
}

/// Takes the first code, and shows the recovery codes.
pub async fn confirm(State(house): State<Arc<WebHouse>>, person: Person, Form(entered): Form<Entered>) -> Answer {
    person.check(&entered.form_token)?;
    let now = house.wall_clock();
    match house.house.confirm_codes(&person.signed, &entered.code, now, house.random()).await {
        Ok(recovery) => shown(&house, &person, recovery, String::new()).await,
        Err(error) => answered(&house, &person, Err(error)).await,
    }
}

/// Ends it.
pub async fn end(State(house): State<Arc<WebHouse>>, person: Person, Form(entered): Form<Entered>) -> Answer {
    person.check(&entered.form_token)?;
    let now = house.wall_clock();
    let done = house.house.end_codes(&person.signed, &entered.password, &entered.code, now).await;
    answered(&house, &person, done).await
}

async fn answered(house: &WebHouse, person: &Person, done: Result<(), OfficeError>) -> Answer {
    let Err(error) = done else { return Ok(Redirect::to("/account/codes").into_response()) };
    let (status, key) = match error.code {
        "wrong-password" => (StatusCode::UNPROCESSABLE_ENTITY, "password-wrong"),
        "wrong-code" => (StatusCode::UNPROCESSABLE_ENTITY, "code-refused"),
        "too-often" => (StatusCode::TOO_MANY_REQUESTS, "sign-in-too-often"),
        _ => return Err(WebError::from(error)),
    };
    let is_without = key == "password-wrong" && !house.house.has_password(&person.signed).await?;
    let fault = text(person.visitor.language, if is_without { "codes-sign-in-anew" } else { key }, &[]);
    Ok((status, shown(house, person, Vec::new(), fault).await?).into_response())
}

async fn shown(house: &WebHouse, person: &Person, recovery: Vec<String>, fault: String) -> Answer {
    let codes = house.house.codes(&person.signed).await?;
    let mut frame = Frame::new(&person.visitor, Place::Nowhere);
    frame.title = frame.t("one-time-codes");
    "/account/codes".clone_into(&mut frame.here);
    let picture = match &codes {
        Codes::Proposed { address, .. } => picture(address),
        Codes::Off | Codes::On { .. } => None,
    };
    let has_password = house.house.has_password(&person.signed).await?;
    html(&Page { frame, login: person.signed.person.login.clone(), codes, picture, recovery, has_password, fault })
}

/// A QR code as one path, which needs no style of its own.
fn picture(address: &str) -> Option<Picture> {
    let code = QrCode::new(address).ok()?;
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
    let path = dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET)).collect();
    Some(Picture { modules: width + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_three_corners_and_quiet_around() {
        let picture = picture("otpauth://totp/Underpin:ada?secret=GEZDGNBVGY3TQOJQ&issuer=Underpin").expect("drawn");
        let last = picture.modules - QUIET - 1;
        for (x, y) in [(QUIET, QUIET), (last, QUIET), (QUIET, last)] {
            assert!(picture.path.contains(&format!("M{x} {y}h1v1h-1z")), "{x} {y}");
        }
        assert!(!picture.path.contains("M3 ") && !picture.path.contains(&format!("M{} ", last + 1)));
    }
}
