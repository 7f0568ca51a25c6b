// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/account/tokens`: which programs come in with my rights, and how do I give one a token or take it away?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_office::people::{Reach, Scope, TOKEN_DAYS, TOKEN_LONGEST_DAYS, TokenRow, TokenWish};

use super::{Answer, html, number};
use crate::error::WebError;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

#[derive(Template)]
#[template(path = "account_tokens.html")]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
    /// Name and secret of a token that was made just now: shown once.
    made: Option<(String, String)>,
    /// Whether one was ended just now.
    is_ended: bool,
    /// What went wrong; empty when nothing did.
    fault: String,
    /// What was entered.
    entered: Entered,
    days: u32,
    days_most: u32,
}

/// A token in the table.
struct Row {
    token: TokenRow,
    scopes: String,
    place: String,
    is_good: bool,
}

/// What was done a moment ago.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    done: String,
}

/// What the form says.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Entered {
    form_token: String,
    name: String,
    read: String,
    hand_in: String,
    work: String,
    agency: String,
    system: String,
    days: String,
}

impl Entered {
    fn wish(&self) -> TokenWish {
        let ticked = [(&self.read, Scope::Read), (&self.hand_in, Scope::HandIn), (&self.work, Scope::Work)];
        let (agency, system) = (self.agency.trim(), self.system.trim());
        let reach = match (agency, system) {
            ("", "") => None,
            (agency, "") => Some(Reach::Agency(agency.into())),
            (_, system) => Some(Reach::System(system.into())),
        };
        TokenWish {
            name: self.name.trim().to_owned(),
            scopes: ticked.iter().filter(|(box_, _)| !box_.is_empty()).map(|(_, scope)| *scope).collect(),
            reach,
            days: self.days.trim().parse().unwrap_or_default(),
        }
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Query(asked): Query<Asked>) -> Answer {
    shown(&house, &person, (None, asked.done == "ended"), String::new(), Entered::default()).await
}

/// Makes a token and shows its secret: in the answer itself, for an address would be kept.
pub async fn make(State(house): State<Arc<WebHouse>>, person: Person, Form(entered): Form<Entered>) -> Answer {
    person.check(&entered.form_token)?;
    let wish = entered.wish();
    match house.house.make_token(&person.signed, &wish, house.wall_clock(), house.random()).await {
        Ok((_, key)) => {
            let made = Some((wish.name, key.secret().to_owned()));
            shown(&house, &person, (made, false), String::new(), Entered::default()).await
        }
        Err(error) if ["token", "taken-token", "not-found"].contains(&error.code) => {
            let page = shown(&house, &person, (None, false), error.message, entered).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(WebError::from(error)),
    }
}

/// The secret of a form.
#[derive(Deserialize)]
pub struct Ending {
    form_token: String,
}

/// Ends a token.
pub async fn end(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Form(ending): Form<Ending>,
) -> Answer {
    person.check(&ending.form_token)?;
    let token = number(&id)?;
    house.house.end_own_token(&person.signed, token, house.wall_clock()).await?;
    Ok(Redirect::to("/account/tokens?done=ended").into_response())
}

async fn shown(
    house: &WebHouse,
    person: &Person,
    (made, is_ended): (Option<(String, String)>, bool),
    fault: String,
    entered: Entered,
) -> Answer {
    let now = house.wall_clock();
    let mut frame = Frame::new(&person.visitor, Place::Nowhere);
    frame.title = frame.t("tokens");
    "/account/tokens".clone_into(&mut frame.here);
    let rows = house.house.own_tokens(&person.signed).await?.into_iter().rev();
    let rows = rows.map(|token| Row {
        scopes: token.scopes.iter().map(|scope| frame.word("scope", scope.as_str())).collect::<Vec<_>>().join(", "),
        place: match &token.reach {
            None | Some(Reach::Government) => frame.t("token-everywhere"),
            Some(Reach::Agency(agency)) => agency.0.clone(),
            Some(Reach::System(system)) => system.0.clone(),
        },
        is_good: token.is_good(now),
        token,
    });
    let rows = rows.collect();
    html(&Page { frame, rows, made, is_ended, fault, entered, days: TOKEN_DAYS, days_most: TOKEN_LONGEST_DAYS })
}
