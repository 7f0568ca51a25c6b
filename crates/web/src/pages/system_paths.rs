// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/systems/{id}/paths?package=`: how did a package get into this system? Every document is asked by itself.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use underpin_office::coordinator::how::HowAnswer;
use underpin_render::standing;

use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::questions;
use crate::visitor::{Person, pairs};

/// Ways as rows of a file.
const ROWS: Rows = Rows {
    name: "paths",
    list: "rows",
    fields: &["document", "tool", "made", "package", "version", "scope", "direct", "depth", "paths", "confidence"],
};

#[derive(Template)]
#[template(path = "system_paths.html")]
struct Page {
    frame: Frame,
    headline: String,
    package: String,
    system: String,
    answer: Arc<HowAnswer>,
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let desk = &seat.desk;
    let position = desk.system_position(&id).ok_or_else(WebError::not_found)?;
    let package = Sent(pairs(&visitor.uri)).some("package").ok_or_else(WebError::not_found)?;
    let answer = seat.ways(&package, &id).await.map_err(|error| match error.code {
        "invalid-query" => WebError::told(StatusCode::BAD_REQUEST, error),
        _ => error.into(),
    })?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &*answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Government);
    let system = desk.system(position).name.clone();
    frame.title = format!("{package}: {system}");
    frame.crumb(frame.t("nav-government"), "/agencies");
    frame.crumb(system.clone(), format!("/systems/{id}"));
    frame.answers(answer.overview.as_of, exports::BOTH);
    frame.asks(questions::paths(&id, &package));
    let ways = answer.rows.iter().map(|row| row.paths.len() as u64).sum();
    let name = package.rsplit('/').next().unwrap_or(&package);
    let headline = standing::paths(frame.language, name, &system, answer.rows.len() as u64, ways);
    html(&Page { frame, headline, package, system: id, answer })
}
