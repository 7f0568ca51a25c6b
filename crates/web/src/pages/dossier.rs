// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/dossiers/{*project}`: what is publicly known about a project, so that nobody has to ask it?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use underpin_model::Timestamp;
use underpin_office::supporter::dossier::{DossierAnswer, DossierRow};
use underpin_render::text;

use super::projects::name_of;
use super::{Answer, html};
use crate::error::encoded;
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::{Person, pairs};

/// Questions as rows of a file.
const ROWS: Rows =
    Rows { name: "dossier", list: "rows", fields: &["question", "is_known", "english", "german", "source", "looked"] };

#[derive(Template)]
#[template(path = "dossier.html")]
struct Page {
    frame: Frame,
    headline: String,
    answer: Arc<DossierAnswer>,
}

impl Page {
    fn asks<'r>(&self, row: &'r DossierRow) -> &'r str {
        row.asks.of(self.frame.language)
    }

    fn says<'r>(&self, row: &'r DossierRow) -> &'r str {
        row.says.of(self.frame.language)
    }

    /// When the project said something, in words.
    fn said_on(&self, day: &Timestamp) -> String {
        self.frame.say("dossier-project-says", "day", &self.frame.day(day))
    }

    fn origin(&self, row: &DossierRow) -> String {
        row.origin(self.frame.language).unwrap_or_else(|| "–".to_owned())
    }
}

/// The address of the dossier of a project.
pub fn address(key: &str) -> String {
    format!("/dossiers/{}", encoded(key))
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Path(key): Path<String>) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = seat.dossier(&house.house, &key).await?;
    if pairs(&visitor.uri).iter().any(|(name, word)| name == "format" && word == "markdown") {
        let headers = [
            (header::CONTENT_TYPE, "text/markdown; charset=utf-8"),
            (header::CONTENT_DISPOSITION, "attachment; filename=\"dossier.md\""),
        ];
        return Ok((headers, answer.markdown(visitor.language)).into_response());
    }
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &*answer, ROWS);
    }
    let mut frame = Frame::new(visitor, Place::Inventory);
    frame.title = text(frame.language, "dossier-title", &[("project", name_of(&answer.project).into())]);
    let words = frame.t("nav-inventory");
    frame.crumb(words, "/find");
    frame.answers(answer.overview.as_of, exports::BOTH);
    let words = [
        ("known", (answer.known() as u64).into()),
        ("all", (answer.rows.len() as u64).into()),
        ("project", name_of(&answer.project).into()),
    ];
    let headline = text(frame.language, "dossier-headline", &words);
    html(&Page { frame, headline, answer })
}
