// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/documents` and `/documents/{id}`: what came in, what does it count for, and where are its gaps?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use underpin_model::DocumentState;
use underpin_office::coordinator::documents::{DocumentAnswer, DocumentFilter, DocumentRow};
use underpin_render::headlines;

use super::{Answer, html};
use crate::exports::{self, Rows, with_pairs};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// Rows on a page.
const PAGE_ROWS: usize = 50;

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
    page: usize,
}

impl Asked {
    fn filter(&self) -> DocumentFilter {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        DocumentFilter {
            unbound: !self.unbound.is_empty(),
            state: some(&self.state).and_then(|word| word.parse::<DocumentState>().ok()),
            system: some(&self.system),
            agency: some(&self.agency),
            tool: some(&self.tool),
            ..DocumentFilter::default()
        }
    }
}

#[derive(Template)]
#[template(path = "documents.html")]
struct List {
    frame: Frame,
    headline: String,
    fault: bool,
    asked: Asked,
    rows: Vec<DocumentRow>,
    pages: usize,
    states: [&'static str; 4],
}

impl List {
    /// The address of another page of the same answer.
    fn address(&self, page: usize) -> String {
        let mut pairs = self.frame.kept.clone();
        if !self.frame.chosen_day.is_empty() {
            pairs.push(("as-of".to_owned(), self.frame.chosen_day.clone()));
        }
        pairs.push(("page".to_owned(), page.to_string()));
        with_pairs(&self.frame.path, &pairs)
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
    let (mut rows, fault) = match seat.desk.list_documents(&asked.filter()) {
        Ok(answer) => {
            if let Some(format) = exports::wanted(visitor)? {
                return exports::give(format, &answer, ROWS);
            }
            frame.answers(answer.overview.as_of, exports::BOTH);
            (answer.rows, false)
        }
        Err(error) if error.code == "not-found" && exports::wanted(visitor)?.is_none() => (Vec::new(), true),
        Err(error) => return Err(error.into()),
    };
    rows.sort_by(|a, b| b.learned.cmp(&a.learned).then_with(|| b.document.0.cmp(&a.document.0)));
    let gaps = rows.iter().filter(|row| row.gaps > 0).count() as u64;
    let headline = headlines::documents(frame.language, rows.len() as u64, gaps);
    let pages = rows.len().div_ceil(PAGE_ROWS);
    let asked = Asked { page: asked.page.clamp(1, pages.max(1)), ..asked };
    let rows = rows.into_iter().skip((asked.page - 1) * PAGE_ROWS).take(PAGE_ROWS).collect();
    let states = ["accepted", "quarantined", "retracted", "purged"];
    html(&List { frame, headline, fault, asked, rows, pages, states })
}

#[derive(Template)]
#[template(path = "document.html")]
struct One {
    frame: Frame,
    headline: String,
    answer: DocumentAnswer,
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
    html(&One { frame, headline, answer })
}
