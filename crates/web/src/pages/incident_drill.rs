// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Starting a drill from the page of incidents: an incident of the past on the estate of today, with a stopwatch.

use std::sync::Arc;

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_render::text;

use super::Answer;
use super::incident_view::{Notice, author};
use super::incidents::shown;
use crate::drills::started;
use crate::house::WebHouse;
use crate::visitor::Person;

/// Which drill.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    form_token: String,
    drill: String,
}

/// Starts it.
pub async fn start(State(house): State<Arc<WebHouse>>, person: Person, Form(chosen): Form<Chosen>) -> Answer {
    person.check(&chosen.form_token)?;
    let author = author(&house, &person).await?;
    match started(&house, &author, &chosen.drill).await {
        Ok(id) => Ok(Redirect::to(&format!("/incidents/{id}?done=drill")).into_response()),
        Err(error) if error.code == "not-found" => {
            let notice = Notice::fault("practise", text(person.visitor.language, "drill-fault-unknown", &[]));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, shown(&house, &person, notice).await?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
