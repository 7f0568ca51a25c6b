// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/documents` and `/documents/{id}`: what came in, what does it count for, and where are its gaps?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use underpin_model::DocumentState;
use underpin_model::people::Act;
use underpin_office::Desk;
use underpin_office::coordinator::documents::{DocumentAnswer, DocumentFilter, DocumentRow};
use underpin_render::headlines;

use super::{Answer, html};
use crate::bars::name_of;
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::pager::Pager;
use crate::questions;
use crate::visitor::Person;

/// Rows on a page.
const PAGE_ROWS: u64 = 50;

/// Documents as rows of a file.
const ROWS: Rows = Rows {
    name: "documents",
    list: "rows",
    fields: &[
        "document",
        "state",
        "reason",
        "format",
        "tool",
        "subject",
        "created",
        "learned",
        "systems",
        "superseded_by",
        "occurrences",
        "gaps",
    ],
};
/// Gaps of a document as rows of a file.
const GAPS: Rows = Rows { name: "gaps", list: "gap_rows", fields: &["code", "place", "detail", "count", "meaning"] };

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    system: String,
    agency: String,
    tool: String,
    state: String,
    unbound: String,
    page: u64,
}

impl Asked {
    /// What is asked for; a state that there is not is refused, for everything else would be no answer to it.
    fn filter(&self) -> Result<DocumentFilter, WebError> {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let unknown = |_| WebError::new(StatusCode::BAD_REQUEST, "document-state");
        Ok(DocumentFilter {
            unbound: !self.unbound.is_empty(),
            state: some(&self.state).map(|word| word.parse::<DocumentState>()).transpose().map_err(unknown)?,
            system: some(&self.system),
            agency: some(&self.agency),
            tool: some(&self.tool),
            ..DocumentFilter::default()
        })
    }
}

#[derive(Template)]
#[template(path = "documents.html")]
struct List<'p> {
    frame: Frame,
    headline: String,
    fault: bool,
    asked: Asked,
    rows: Vec<DocumentRow>,
    pager: Pager,
    /// Whether documents can be handed in.
    hands_in: bool,
    desk: &'p Desk,
    states: [&'static str; 4],
}

impl List<'_> {
    /// The name of a system.
    fn system(&self, id: &str) -> String {
        self.desk.system_position(id).map_or_else(|| id.to_owned(), |position| self.desk.system(position).name.clone())
    }
}

/// All documents, the newest first.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Query(asked): Query<Asked>) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let mut frame = Frame::new(visitor, Place::Coverage);
    frame.title = frame.t("documents");
    let above = frame.t("nav-coverage");
    frame.crumb(above, "/coverage");
    // A system or an agency that is not there (or not to be seen) has no documents; the form says so and stays.
    let filter = asked.filter()?;
    let (mut rows, fault) = match seat.desk.list_documents(&filter) {
        Ok(answer) => {
            if let Some(format) = exports::wanted(visitor)? {
                return exports::give(format, &answer, ROWS);
            }
            frame.answers(answer.overview.as_of, exports::BOTH);
            frame.asks(questions::documents(&seat.desk, &filter));
            (answer.rows, false)
        }
        Err(error) if error.code == "not-found" && exports::wanted(visitor)?.is_none() => (Vec::new(), true),
        Err(error) => return Err(error.into()),
    };
    rows.sort_by(|a, b| b.learned.cmp(&a.learned).then_with(|| b.document.0.cmp(&a.document.0)));
    let gaps = rows.iter().filter(|row| row.gaps > 0).count() as u64;
    let headline = headlines::documents(frame.language, rows.len() as u64, gaps);
    let pager = Pager::new(&frame, asked.page, rows.len() as u64, PAGE_ROWS);
    let rows = rows.into_iter().skip(pager.skipped()).take(PAGE_ROWS as usize).collect();
    let states = ["accepted", "quarantined", "retracted", "purged"];
    let hands_in = visitor.as_of.is_none() && visitor.viewer().may(Act::HandIn);
    html(&List { frame, headline, fault, asked, rows, pager, hands_in, desk: &seat.desk, states })
}

#[derive(Template)]
#[template(path = "document.html")]
struct One<'p> {
    frame: Frame,
    headline: String,
    answer: DocumentAnswer,
    desk: &'p Desk,
}

impl One<'_> {
    /// The name of an agency.
    fn agency(&self, id: &str) -> String {
        name_of(self.desk, id)
    }
}

/// One document.
pub async fn one(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = seat.desk.show_document(&id)?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, GAPS);
    }
    let mut frame = Frame::new(visitor, Place::Coverage);
    let name = answer.row.document.to_string();
    frame.title = format!("{} {name}", frame.t("document"));
    frame.answers(answer.overview.as_of, exports::BOTH);
    for (key, address) in [("nav-coverage", "/coverage"), ("documents", "/documents")] {
        let words = frame.t(key);
        frame.crumb(words, address);
    }
    let key = match answer.row.state {
        DocumentState::Accepted => "document-headline",
        DocumentState::Quarantined => "document-headline-quarantined",
        DocumentState::Retracted => "document-headline-retracted",
        DocumentState::Purged => "document-headline-purged",
    };
    let words = [("name", (&name).into()), ("gaps", answer.row.gaps.into())];
    let headline = underpin_render::text(frame.language, key, &words);
    html(&One { frame, headline, answer, desk: &seat.desk })
}
