// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/documents`: what came in, how good is it, and what has to be done about it?

use std::cmp::Reverse;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use underpin_model::people::Act;
use underpin_model::{Coverage, DocumentState, Timestamp};
use underpin_office::Desk;
use underpin_office::coordinator::document_list::{DocumentFilter, DocumentRow, DocumentsAnswer, Listed};
use underpin_render::charts::Figure;
use underpin_render::headlines;

use super::documents_figure::{Months, by_month};
use super::{Answer, html};
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

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    system: String,
    agency: String,
    tool: String,
    state: String,
    unbound: String,
    superseded: String,
    gaps: String,
    /// The month in which they were made: `2026-03`.
    made: String,
    /// What was done before this page: the key of a sentence follows from it.
    done: String,
    page: u64,
}

impl Asked {
    /// What is asked for; a state or a month that there is not is refused, for everything else would be no answer to it.
    fn filter(&self) -> Result<DocumentFilter, WebError> {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let unknown = |_| WebError::new(StatusCode::BAD_REQUEST, "document-state");
        let no_month = || WebError::new(StatusCode::BAD_REQUEST, "document-month");
        Ok(DocumentFilter {
            unbound: !self.unbound.is_empty(),
            state: some(&self.state).map(|word| word.parse::<DocumentState>()).transpose().map_err(unknown)?,
            system: some(&self.system),
            agency: some(&self.agency),
            tool: some(&self.tool),
            superseded: !self.superseded.is_empty(),
            with_gaps: !self.gaps.is_empty(),
            made: some(&self.made).map(|text| month(&text).ok_or_else(no_month)).transpose()?,
        })
    }
}

/// From when to when a month goes.
fn month(text: &str) -> Option<(Timestamp, Timestamp)> {
    let (year, month) = text.trim().split_once('-')?;
    let (year, month): (u32, u32) = (year.parse().ok()?, month.parse().ok()?);
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    let first = |year: u32, month: u32| format!("{year:04}-{month:02}-01T00:00:00Z").parse().ok();
    Some((first(year, month)?, first(next_year, next)?))
}

/// What has to be done about documents: how many, and where they are.
struct Work {
    key: &'static str,
    count: u64,
    href: String,
}

#[derive(Template)]
#[template(path = "documents.html")]
struct List<'p> {
    frame: Frame,
    headline: String,
    /// What was done before, as the key of a sentence; empty when nothing was.
    done: &'static str,
    /// How much of the government all documents together tell of.
    coverage: Coverage,
    work: Vec<Work>,
    /// When documents were made and how good they are; absent where there is none.
    figure: Option<Figure>,
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

    /// Where the uses that a document states are, in SQL.
    fn uses(&self, row: &DocumentRow) -> String {
        exports::with_pairs("/sql", &[("q".to_owned(), questions::occurrences(row.document))])
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
    let (mut found, fault) = match seat.desk.matching_documents(&filter) {
        Ok(found) => {
            let overview = seat.desk.overview();
            frame.answers(overview.as_of, exports::BOTH);
            if let Some(format) = exports::wanted(visitor)? {
                let answer = DocumentsAnswer { overview, rows: found.iter().map(Listed::row).collect() };
                return exports::give(format, &answer, ROWS);
            }
            frame.asks(questions::documents(&seat.desk, &filter));
            (found, false)
        }
        Err(error) if error.code == "not-found" && exports::wanted(visitor)?.is_none() => (Vec::new(), true),
        Err(error) => return Err(error.into()),
    };
    let months = Months::of(&found);
    let count = found.len() as u64;
    let headline = headlines::documents(frame.language, count, months.with_gaps);
    let figure = (count > 0).then(|| by_month(&frame, seat.desk.overview().as_of, &months, &filter));
    let coverage = seat.coverage(&house.house)?.coverage;
    let work = work(&frame, &months);
    let pager = Pager::new(&frame, asked.page, count, PAGE_ROWS);
    found.sort_unstable_by_key(|listed| Reverse((listed.record.learned, listed.record.id)));
    let shown = found.iter().skip(pager.skipped()).take(PAGE_ROWS as usize);
    let rows = shown.map(Listed::row).collect();
    let states = ["accepted", "quarantined", "retracted", "purged"];
    let hands_in = visitor.as_of.is_none() && visitor.viewer().may(Act::HandIn);
    let done = DONE.iter().find(|(word, _)| *word == asked.done).map_or("", |(_, key)| *key);
    let desk = &seat.desk;
    html(&List { frame, headline, done, coverage, work, figure, fault, asked, rows, pager, hands_in, desk, states })
}

/// What leads here because the document that it was about is out of sight now.
const DONE: [(&str, &str); 1] = [("unbound", "document-done-unbound-away")];

/// What has to be done about the documents that are shown; what is nothing is not named.
fn work(frame: &Frame, months: &Months) -> Vec<Work> {
    let all = [
        ("documents-with-gaps", months.with_gaps, ("gaps", "yes")),
        ("documents-unbound", months.unbound, ("unbound", "yes")),
        ("documents-unread", months.unread, ("state", "quarantined")),
        ("documents-replaced", months.replaced, ("superseded", "yes")),
    ];
    let there = all.into_iter().filter(|(_, count, _)| *count > 0);
    there.map(|(key, count, (name, value))| Work { key, count, href: exchanged(frame, name, value) }).collect()
}

/// This page's question with one thing said otherwise.
pub fn exchanged(frame: &Frame, name: &str, value: &str) -> String {
    let mut pairs = frame.kept.clone();
    pairs.retain(|(own, _)| own != name && own != "done");
    pairs.push((name.to_owned(), value.to_owned()));
    if !frame.chosen_day.is_empty() {
        pairs.push(("as-of".to_owned(), frame.chosen_day.clone()));
    }
    exports::with_pairs(&frame.path, &pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let of = |text| month(text).map(|(from, before)| (from.to_string(), before.to_string()));
        let expected = ("2025-12-01T00:00:00Z".to_owned(), "2026-01-01T00:00:00Z".to_owned());
        assert_eq!(of("2025-12"), Some(expected));
        for text in ["2025", "2025-13", "2025-0", "x-1", ""] {
            assert_eq!(of(text), None, "{text:?}");
        }
    }
}
