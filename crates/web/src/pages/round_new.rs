// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/rounds/new`: whom would we ask, and for when?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use underpin_model::Timestamp;
use underpin_model::registry::AgencyId;
use underpin_model::rounds::RoundAsks;
use underpin_model::watch::Place as Where;
use underpin_office::Desk;
use underpin_office::rounds::{RoundPreview, RoundWish};
use underpin_render::text;

use super::incident_view::{author, may_lead};
use super::{Answer, html};
use crate::error::WebError;
use crate::forms::{Faults, Sent, Told};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// Days before the day when a reminder is proposed.
const REMIND_DAYS: u64 = 7;

#[derive(Template)]
#[template(path = "round_new.html")]
struct Page {
    frame: Frame,
    sent: Sent,
    faults: Faults,
    /// Identifier and name of agencies.
    agencies: Vec<(String, String)>,
    preview: Option<RoundPreview>,
    preview_line: String,
    remind_days: u64,
    /// What the office says against it.
    refusal: Told,
}

/// The form.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    shown(&house, &person, Sent::default(), &[], (None, Told::default()), StatusCode::OK).await
}

/// Shows whom a round would ask, or opens it.
pub async fn open(State(house): State<Arc<WebHouse>>, person: Person, sent: Sent) -> Answer {
    person.check(sent.one("form_token"))?;
    if !may_lead(&person.visitor) {
        return Err(WebError::new(StatusCode::FORBIDDEN, "not-allowed"));
    }
    let bad = StatusCode::UNPROCESSABLE_ENTITY;
    let seat = house.seat(&person.visitor.viewer(), None).await?;
    let wish = match wish(&seat.desk, &sent) {
        Ok(wish) => wish,
        Err(faults) => return shown(&house, &person, sent, &faults, (None, Told::default()), bad).await,
    };
    if sent.is("act", "look") {
        let preview = house.house.preview_round(&seat.desk, &wish)?;
        return shown(&house, &person, sent, &[], (Some(preview), Told::default()), StatusCode::OK).await;
    }
    match house.house.open_round(&author(&house, &person).await?, wish).await {
        Ok(id) => Ok(Redirect::to(&format!("/rounds/{id}?done=opened")).into_response()),
        Err(error) if ["invalid-round", "nobody-asked", "too-long", "unknown-agency"].contains(&error.code) => {
            let key = format!("fault-{}", error.code);
            let told = text(person.visitor.language, &key, &[]);
            let told = if told == key { Told::by_the_office(&error) } else { told.into() };
            shown(&house, &person, sent, &[], (None, told), bad).await
        }
        Err(error) => Err(error.into()),
    }
}

fn wish(desk: &Desk, sent: &Sent) -> Result<RoundWish, Vec<(&'static str, &'static str)>> {
    let mut faults = Vec::new();
    if sent.one("title").is_empty() {
        faults.push(("title", "round-fault-title"));
    }
    let due: Option<Timestamp> = match sent.day("due") {
        // The whole of the day counts.
        Ok(Some(day)) => Some(Timestamp(day.0.saturating_add(Timestamp::DAY_US - 1))),
        _ => {
            faults.push(("due", "round-fault-due"));
            None
        }
    };
    let place = match sent.one("agency") {
        "" => Where::Government,
        name => match desk.agency_called(name) {
            Ok(agency) => Where::Agency(agency.id.clone()),
            Err(_) => {
                faults.push(("agency", "round-fault-agency"));
                Where::Agency(AgencyId::default())
            }
        },
    };
    let Some(due) = due.filter(|_| faults.is_empty()) else { return Err(faults) };
    Ok(RoundWish {
        title: sent.one("title").to_owned(),
        text: sent.one("text").to_owned(),
        language: sent.one("language").to_owned(),
        asks: if sent.is("asks", "all") { RoundAsks::All } else { RoundAsks::Missing },
        place,
        due,
        remind_days: sent.number("remind_days").and_then(|days| u32::try_from(days).ok()).unwrap_or_default(),
    })
}

async fn shown(
    house: &WebHouse,
    person: &Person,
    sent: Sent,
    faults: &[(&str, &str)],
    (preview, refusal): (Option<RoundPreview>, Told),
    status: StatusCode,
) -> Answer {
    if !may_lead(&person.visitor) {
        return Err(WebError::new(StatusCode::FORBIDDEN, "not-allowed"));
    }
    let seat = house.seat(&person.visitor.viewer(), None).await?;
    let mut frame = Frame::new(&person.visitor, Place::Coverage);
    frame.title = frame.t("round-open-now");
    "/rounds/new".clone_into(&mut frame.here);
    for (key, address) in [("nav-coverage", "/coverage"), ("rounds", "/rounds")] {
        let words = frame.t(key);
        frame.crumb(words, address);
    }
    let agencies = seat.desk.snapshot.agencies.iter();
    let agencies = agencies.map(|agency| (agency.id.0.clone(), agency.name.clone())).collect();
    let preview_line = preview.as_ref().map(|preview| {
        text(
            frame.language,
            "round-preview",
            &[("systems", preview.systems.into()), ("agencies", preview.agencies.into())],
        )
    });
    let faults = Faults::told(&frame, faults);
    let remind_days = sent.number("remind_days").unwrap_or(REMIND_DAYS);
    let preview_line = preview_line.unwrap_or_default();
    let page = Page { frame, sent, faults, agencies, preview, preview_line, remind_days, refusal };
    Ok((status, html(&page)?).into_response())
}
