// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/systems/{id}/difference`: what did the newest document change, compared with the one that it replaced?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use underpin_office::Desk;
use underpin_office::coordinator::diff::{DiffAnswer, DiffRow, diff};
use underpin_render::{Language, standing};

use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::questions;
use crate::visitor::Person;

/// Differences that are shown; the files hold all.
const SHOWN_ROWS: usize = 500;

/// Differences as rows of a file.
const ROWS: Rows =
    Rows { name: "difference", list: "rows", fields: &["package", "change", "from", "to", "direction", "documents"] };

#[derive(Template)]
#[template(path = "system_difference.html")]
struct Page {
    frame: Frame,
    headline: String,
    system: String,
    /// The older document, and the newer one; absent where nothing was replaced.
    pair: Option<Replaced>,
    rows: Vec<DiffRow>,
    is_cut: bool,
}

/// Two documents, the older one first.
pub type Replaced = (String, String);

/// What the newest document of a system changed, where it replaced one.
///
/// # Errors
/// When a segment is damaged.
pub fn since_last(desk: &Desk, system: u32) -> Result<Option<(Replaced, DiffAnswer)>, WebError> {
    let Some((older, newer)) = desk.last_replacement(system) else { return Ok(None) };
    let names = (older.to_string(), newer.to_string());
    let found = diff((desk, &names.0), (desk, &names.1))?;
    Ok(Some((names, found)))
}

/// The same in a sentence.
pub fn headline(language: Language, found: Option<&DiffAnswer>) -> String {
    standing::difference(language, found.map(|found| (found.added, found.removed, found.changed)))
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let desk = &seat.desk;
    let position = desk.system_position(&id).ok_or_else(WebError::not_found)?;
    let found = since_last(desk, position)?;
    if let Some(format) = exports::wanted(visitor)? {
        return match &found {
            Some((_, answer)) => exports::give(format, answer, ROWS),
            None => Err(WebError::not_found()),
        };
    }
    let mut frame = Frame::new(visitor, Place::Government);
    frame.title = format!("{}: {}", frame.t("difference"), desk.system(position).name);
    frame.crumb(frame.t("nav-government"), "/agencies");
    frame.crumb(desk.system(position).name.clone(), format!("/systems/{id}"));
    frame.answers(desk.overview().as_of, if found.is_some() { exports::BOTH } else { &[] });
    frame.asks(found.as_ref().map(|((older, newer), _)| questions::difference(older, newer)));
    let headline = headline(frame.language, found.as_ref().map(|(_, answer)| answer));
    let (pair, mut rows) = found.map_or((None, Vec::new()), |(pair, answer)| (Some(pair), answer.rows));
    let is_cut = rows.len() > SHOWN_ROWS;
    rows.truncate(SHOWN_ROWS);
    html(&Page { frame, headline, system: id, pair, rows, is_cut })
}
