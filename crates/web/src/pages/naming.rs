// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! On the page of an agency: may it be named or counted where a project is thanked? Its owner says so there.

use std::sync::Arc;

use axum::extract::{Form as Sent, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_model::Viewer;
use underpin_model::engagement::NamingConsent;
use underpin_model::people::Role;
use underpin_model::registry::AgencyId;
use underpin_model::watch::Place as Where;
use underpin_office::Desk;
use underpin_office::supporter::naming::NamingRow;

use super::Answer;
use super::agencies::shown;
use super::engagement_view::refusal;
use super::incident_view::{Notice, author, reaches};
use crate::error::WebError;
use crate::frame::{Frame, Place};
use crate::house::{Seat, WebHouse};
use crate::visitor::Person;

/// Roles that speak for an agency.
const SPEAKERS: [Role; 2] = [Role::Owner, Role::Officer];

/// What the form says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Form {
    form_token: String,
    agrees: String,
    /// The project, as it is written; empty for all.
    pub project: String,
    /// Who says so.
    pub said_by: String,
}

/// What an agency said about being named, and the form for who speaks for it.
pub struct Naming {
    /// Its newest words.
    pub rows: Vec<NamingRow>,
    /// What the form says; `None` for who does not speak for the agency.
    pub form: Option<Form>,
}

impl Naming {
    /// Of an agency; `None` where there is nothing to read and nothing to say.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn of(
        house: &WebHouse,
        seat: &Seat,
        person: &Person,
        (agency, form): (&AgencyId, Option<Form>),
    ) -> Result<Option<Self>, WebError> {
        let mut rows = house.house.namings(&seat.desk).await?.rows;
        rows.retain(|row| row.holds && row.agency == agency.0);
        let visitor = &person.visitor;
        let speaks = visitor.as_of.is_none() && speaks_for(&seat.desk, &visitor.viewer(), agency);
        let said_by = person.signed.person.name.clone();
        let form = speaks.then(|| form.unwrap_or_else(|| Form { said_by, ..Form::default() }));
        Ok((form.is_some() || !rows.is_empty()).then_some(Self { rows, form }))
    }
}

fn speaks_for(desk: &Desk, viewer: &Viewer, agency: &AgencyId) -> bool {
    let Viewer::Member { grants, .. } = viewer else { return viewer.is_operator() };
    let place = Where::Agency(agency.clone());
    grants.iter().filter(|grant| SPEAKERS.contains(&grant.role)).any(|grant| reaches(desk, grant, &place))
}

/// Writes down what an agency says.
pub async fn note(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path(id): Path<String>,
    Sent(form): Sent<Form>,
) -> Answer {
    person.check(&form.form_token)?;
    let seat = house.seat(&person.visitor.viewer(), None).await?;
    let agency = AgencyId(id.clone());
    // What is not within sight is not there, whatever else the form says.
    if seat.desk.agency(&agency).is_none() {
        return Err(WebError::not_found());
    }
    let agrees = match form.agrees.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(WebError::new(StatusCode::BAD_REQUEST, "usage")),
    };
    let project = match form.project.trim() {
        "" => None,
        text => match seat.desk.project_key(text) {
            Ok(key) => Some(key),
            Err(_) => {
                let frame = Frame::new(&person.visitor, Place::Government);
                let notice = Notice::fault("project", frame.t("ask-fault-project"));
                let page = shown(&house, &person, Some(&id), (notice, Some(form))).await?;
                return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
            }
        },
    };
    let consent = NamingConsent { agrees, said_by: form.said_by.clone() };
    let author = author(&house, &person).await?;
    match house.house.note_naming(&author, &agency, project.as_deref(), consent).await {
        Ok(()) => {
            Ok(Redirect::to(&format!("/agencies/{}?done=said#naming", crate::error::encoded(&id))).into_response())
        }
        Err(error) if error.code == "unknown-agency" => Err(WebError::not_found()),
        Err(error) => {
            let frame = Frame::new(&person.visitor, Place::Government);
            let notice = refusal(&frame, error)?;
            let page = shown(&house, &person, Some(&id), (notice, Some(form))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
