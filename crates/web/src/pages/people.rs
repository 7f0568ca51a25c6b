// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/people`: who has an account, what may they do, and how do I let somebody in, change rights, or end an account?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;
use underpin_model::Timestamp;
use underpin_model::registry::Classification;
use underpin_office::OfficeError;
use underpin_office::people::{Act, Admitter, Grant, InvitedRow, PersonRow, Reach, Rights, Role};

use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::pages::account::role as told_role;
use crate::visitor::{Person, pairs};

/// Accounts as rows of a file.
const ROWS: Rows = Rows {
    name: "people",
    list: "people",
    fields: &["login", "name", "grants", "clearance", "compartments", "made", "ended"],
};
/// Rows for roles that a form shows at least, and that are read at most.
const FORM_ROWS: std::ops::RangeInclusive<usize> = 3..=20;

/// Accounts, as of now: they are about no moment of the past.
#[derive(Serialize)]
struct Accounts {
    as_of: Timestamp,
    people: Vec<PersonRow>,
}

#[derive(Template)]
#[template(path = "people.html")]
struct List {
    frame: Frame,
    rows: Vec<Row>,
    /// Invitations that wait, each with what it gives.
    invited: Vec<(InvitedRow, String)>,
    form: Form,
    /// The link that was made just now: shown once.
    link: String,
    /// Key of what was done; empty when nothing was.
    done: &'static str,
}

#[derive(Template)]
#[template(path = "person.html")]
struct One {
    frame: Frame,
    row: Row,
    form: Form,
    is_own: bool,
}

/// An account as people read it.
struct Row {
    person: PersonRow,
    roles: Vec<String>,
}

/// The part of both forms that says rights.
struct Form {
    sent: Sent,
    roles: &'static [Role],
    levels: &'static [Classification],
    /// Numbers of the rows for roles.
    numbers: Vec<usize>,
    /// What went wrong; empty when nothing did.
    fault: String,
}

impl Form {
    fn new(sent: Sent, fault: String) -> Self {
        let given = rights(&sent).grants.len();
        let numbers = (1..=(given + 1).clamp(*FORM_ROWS.start(), *FORM_ROWS.end())).collect();
        Self { sent, roles: Role::ALL, levels: Classification::ALL, numbers, fault }
    }

    fn of(&self, name: &str, number: &usize) -> String {
        self.sent.one(&format!("{name}{number}")).to_owned()
    }

    /// The form of rights that somebody has already.
    fn filled(person: &PersonRow) -> Sent {
        let mut pairs = vec![
            ("clearance".to_owned(), person.clearance.as_str().to_owned()),
            ("compartments".to_owned(), person.compartments.join("; ")),
        ];
        for (number, grant) in (1..=*FORM_ROWS.end()).zip(&person.grants) {
            let (kind, place) = match &grant.reach {
                Reach::Government => ("government", ""),
                Reach::Agency(id) => ("agency", id.0.as_str()),
                Reach::System(id) => ("system", id.0.as_str()),
            };
            for (name, value) in [("role", grant.role.as_str()), ("reach", kind), ("place", place)] {
                pairs.push((format!("{name}{number}"), value.to_owned()));
            }
        }
        Sent(pairs)
    }
}

/// The rights that a form says.
fn rights(sent: &Sent) -> Rights {
    let grant = |number: usize| {
        let role: Role = sent.one(&format!("role{number}")).parse().ok()?;
        let place = sent.one(&format!("place{number}"));
        let reach = match sent.one(&format!("reach{number}")) {
            "agency" => Reach::Agency(place.into()),
            "system" => Reach::System(place.into()),
            _ => Reach::Government,
        };
        Some(Grant { role, reach })
    };
    let names = sent.one("compartments").split(';').map(str::trim).filter(|name| !name.is_empty());
    Rights {
        grants: (1..=*FORM_ROWS.end()).filter_map(grant).collect(),
        clearance: sent.one("clearance").parse().unwrap_or_default(),
        compartments: names.map(str::to_owned).collect(),
    }
}

/// Who gives rights; for everybody else the page is not there.
fn admitter(person: &Person) -> Result<Admitter, WebError> {
    match person.signed.person.may(Act::Admit) {
        true => Ok(Admitter::Person(person.signed.person.id)),
        false => Err(WebError::not_found()),
    }
}

/// The list, with the form of an invitation.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    if let Some(format) = exports::wanted(&person.visitor)? {
        let (by, as_of) = (admitter(&person)?, house.wall_clock());
        let people = house.house.people_within(&by, as_of).await?;
        return exports::give(format, &Accounts { as_of, people }, ROWS);
    }
    let done = match Sent(pairs(&person.visitor.uri)).one("done") {
        "rights" => "people-rights-set",
        "ended" => "people-ended",
        "taken-back" => "people-taken-back",
        _ => "",
    };
    listed(&house, &person, Form::new(Sent::default(), String::new()), (String::new(), done)).await
}

async fn listed(house: &WebHouse, person: &Person, form: Form, (link, done): (String, &'static str)) -> Answer {
    let people = house.house.people_within(&admitter(person)?, house.wall_clock()).await?;
    let mut frame = Frame::new(&person.visitor, Place::Nowhere);
    frame.title = frame.t("people");
    "/people".clone_into(&mut frame.here);
    frame.offers(exports::BOTH);
    let rows = people.into_iter().map(|one| row(&frame, one)).collect();
    let waiting = house.house.invitations(&admitter(person)?, house.wall_clock()).await?;
    let roles = |one: &InvitedRow| one.grants.iter().map(|grant| told_role(&frame, grant)).collect::<Vec<_>>();
    let invited = waiting.into_iter().map(|one| (one.clone(), roles(&one).join("; "))).collect();
    html(&List { rows, invited, form, link, done, frame })
}

fn row(frame: &Frame, person: PersonRow) -> Row {
    Row { roles: person.grants.iter().map(|grant| told_role(frame, grant)).collect(), person }
}

/// Invites somebody and shows the link: in the answer itself, for an address would be kept.
pub async fn invite(State(house): State<Arc<WebHouse>>, person: Person, headers: HeaderMap, sent: Sent) -> Answer {
    person.check(sent.one("form_token"))?;
    let by = admitter(&person)?;
    match house.house.admit(&by, house.wall_clock(), rights(&sent), house.random()).await {
        Ok(key) => {
            let link = format!("{}/welcome/{}", origin(&house, &headers), key.secret());
            listed(&house, &person, Form::new(Sent::default(), String::new()), (link, "")).await
        }
        Err(error) => {
            let form = Form::new(sent, told(&person, error)?);
            let page = listed(&house, &person, form, (String::new(), "")).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Takes an invitation back.
pub async fn take_back(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    sent: Sent,
) -> Answer {
    person.check(sent.one("form_token"))?;
    house.house.take_back_invitation(&admitter(&person)?, house.wall_clock(), &id).await?;
    Ok(Redirect::to("/people?done=taken-back").into_response())
}

/// One account.
pub async fn one(State(house): State<Arc<WebHouse>>, person: Person, Path(login): Path<String>) -> Answer {
    shown(&house, &person, &login, None).await
}

async fn shown(house: &WebHouse, person: &Person, login: &str, wrong: Option<(Sent, String)>) -> Answer {
    let people = house.house.people_within(&admitter(person)?, house.wall_clock()).await?;
    let found = people.into_iter().find(|one| one.login.to_lowercase() == login.to_lowercase());
    let found = found.filter(|one| one.ended.is_none()).ok_or_else(WebError::not_found)?;
    let mut frame = Frame::new(&person.visitor, Place::Nowhere);
    frame.title = found.name.clone();
    "/people".clone_into(&mut frame.here);
    let (sent, fault) = wrong.unwrap_or_else(|| (Form::filled(&found), String::new()));
    let is_own = found.login == person.signed.person.login;
    html(&One { row: row(&frame, found), form: Form::new(sent, fault), is_own, frame })
}

/// Gives somebody other rights.
pub async fn change(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(login): Path<String>,
    sent: Sent,
) -> Answer {
    person.check(sent.one("form_token"))?;
    let by = admitter(&person)?;
    let wanted = (rights(&sent), sent.one("reason"));
    let done = house.house.set_rights(&by, house.wall_clock(), &login, wanted).await;
    answer(&house, &person, &login, sent, done, "rights").await
}

/// Ends an account.
pub async fn end(State(house): State<Arc<WebHouse>>, person: Person, Path(login): Path<String>, sent: Sent) -> Answer {
    person.check(sent.one("form_token"))?;
    let by = admitter(&person)?;
    let done = house.house.dismiss(&by, house.wall_clock(), &login, sent.one("reason")).await;
    answer(&house, &person, &login, Sent::default(), done, "ended").await
}

async fn answer(
    house: &WebHouse,
    person: &Person,
    login: &str,
    sent: Sent,
    done: Result<(), OfficeError>,
    word: &str,
) -> Answer {
    let Err(error) = done else { return Ok(Redirect::to(&format!("/people?done={word}")).into_response()) };
    let fault = told(person, error)?;
    let wrong = if sent.0.is_empty() { None } else { Some((sent, fault.clone())) };
    let page: Response = match wrong {
        Some(wrong) => shown(house, person, login, Some(wrong)).await?,
        None => listed(house, person, Form::new(Sent::default(), fault), (String::new(), "")).await?,
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// What is wrong with a form, in words; other faults are answered as everywhere.
fn told(person: &Person, error: OfficeError) -> Result<String, WebError> {
    let key = match error.code {
        "own-account" => "people-own-account",
        "usage" => "people-reason-missing",
        "account" => "people-rights-wrong",
        "not-allowed" | "not-found" => "people-beyond",
        _ => return Err(error.into()),
    };
    Ok(underpin_render::text(person.visitor.language, key, &[]))
}

/// The beginning of addresses of this house, as the browser that asks wrote it.
fn origin(house: &WebHouse, headers: &HeaderMap) -> String {
    let scheme = if house.is_encrypted { "https" } else { "http" };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.map_or_else(String::new, |host| format!("{scheme}://{host}"))
}
