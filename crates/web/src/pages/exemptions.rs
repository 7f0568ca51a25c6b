// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/exemptions`: what is not public, why, and when does somebody look again?

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use underpin_office::role_model::exemptions::{ExemptionRow, ExemptionsAnswer, ReviewState};
use underpin_render::text;

use super::catalogue::repository_address;
use super::{Answer, html};
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// The same question in SQL.
const SQL: &str =
    "SELECT state, review, agency, name, title, ground, law, address, classification\nFROM exemption\nORDER BY review";
/// Entries as rows of a file.
const ROWS: Rows = Rows { name: "exemptions", list: "rows", fields: ExemptionRow::FIELDS };

#[derive(Template)]
#[template(path = "exemptions.html")]
struct Page {
    frame: Frame,
    headline: String,
    answer: ExemptionsAnswer,
}

impl Page {
    fn address(&self, row: &ExemptionRow) -> Option<String> {
        row.address.as_ref().map(|address| repository_address(address, Some(&row.agency)))
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = house.house.exemptions(&seat.desk).await?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Inventory);
    frame.title = frame.t("exemptions");
    let words = frame.t("catalogue");
    frame.crumb(words, "/catalogue");
    frame.answers(answer.overview.as_of, exports::BOTH);
    frame.asks(Some(SQL.to_owned()));
    html(&Page { headline: headline(&frame, &answer), frame, answer })
}

/// Reviews that are late; else those that come soon.
fn headline(frame: &Frame, answer: &ExemptionsAnswer) -> String {
    let (late, due) = (answer.count(ReviewState::Overdue), answer.count(ReviewState::Due));
    let key = match (answer.rows.len(), late, due) {
        (0, ..) => "exemptions-headline-none",
        (_, 1.., _) => "exemptions-headline-late",
        (_, 0, 1..) => "exemptions-headline-due",
        _ => "exemptions-headline",
    };
    let words = [("late", late.into()), ("due", due.into()), ("all", answer.rows.len().into())];
    text(frame.language, key, &words)
}
