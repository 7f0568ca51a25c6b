// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/documents/{id}/conformity`: does this document keep the rulebooks that the house has switched on, and how is it mended?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use underpin_office::regulator::{ClauseRow, Conformity, ConformityAnswer, FaultPlace, RulebookConformity, Words};
use underpin_render::{Language, text};

use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// Clauses as rows of a file.
const CLAUSES: Rows = Rows { name: "conformity", list: "rows", fields: ConformityAnswer::FIELDS };
/// Places of one clause that the page shows; the count has all.
const PLACES_SHOWN: usize = 5;

#[derive(Template)]
#[template(path = "conformity.html")]
struct Page {
    frame: Frame,
    headline: String,
    answer: ConformityAnswer,
}

impl Page {
    /// A text of a rulebook in the language of the page.
    fn of<'w>(&self, words: &'w Words) -> &'w str {
        words.of(self.frame.language == Language::German)
    }

    fn clauses(&self, book: &RulebookConformity) -> Vec<&ClauseRow> {
        self.answer.clauses(&book.rulebook).collect()
    }

    fn result(&self, book: &RulebookConformity) -> String {
        result(&self.frame, book)
    }

    /// From which text a clause comes, where that is another one than that of its book.
    fn is_from_elsewhere(&self, row: &ClauseRow, book: &RulebookConformity) -> bool {
        row.is_from_elsewhere(book)
    }

    fn places<'r>(&self, row: &'r ClauseRow) -> &'r [FaultPlace] {
        row.places.get(..PLACES_SHOWN).unwrap_or(&row.places)
    }

    /// How many more there are than are shown.
    fn more(&self, row: &ClauseRow) -> u64 {
        if row.places.is_empty() { 0 } else { row.count.saturating_sub(self.places(row).len() as u64) }
    }

    fn fault(&self, place: &FaultPlace) -> String {
        let fault = if place.fault.is_empty() { "nothing" } else { &place.fault };
        self.frame.word("conformity-fault", fault)
    }
}

/// What a document conforms to, in words.
pub fn result(frame: &Frame, book: &RulebookConformity) -> String {
    match book.conformity {
        Some(conformity) => frame.word("conformity-result", conformity.as_str()),
        None if book.code == "no-bill-of-materials" => frame.t("conformity-no-bill"),
        None => frame.t("conformity-unreadable"),
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = house.house.conformity(&seat.desk, &id, &[]).await.map_err(|error| match error.code {
        "evidence-purged" => WebError::told(StatusCode::GONE, error),
        _ => error.into(),
    })?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, CLAUSES);
    }
    let mut frame = Frame::new(visitor, Place::Coverage);
    let name = answer.document.to_string();
    frame.path = format!("/documents/{name}/conformity");
    frame.here.clone_from(&frame.path);
    frame.title = format!("{} {name}", frame.t("conformity"));
    frame.answers(answer.overview.as_of, exports::BOTH);
    for (words, address) in [
        (frame.t("nav-coverage"), "/coverage".to_owned()),
        (frame.t("documents"), "/documents".to_owned()),
        (name.clone(), format!("/documents/{name}")),
    ] {
        frame.crumb(words, address);
    }
    html(&Page { headline: headline(&frame, &name, &answer.rulebooks), frame, answer })
}

fn headline(frame: &Frame, name: &str, books: &[RulebookConformity]) -> String {
    let count = |wanted| books.iter().filter(|book| book.conformity == wanted).count();
    let (broken, unread) = (count(Some(Conformity::DoesNotConform)), count(None));
    let key = match (books.len(), broken, unread, count(Some(Conformity::Open))) {
        (0, ..) => "conformity-headline-no-rulebook",
        (_, 1.., ..) => "conformity-headline-broken",
        (_, 0, 1.., _) => "conformity-headline-unjudged",
        (_, 0, 0, 1..) => "conformity-headline-open",
        _ => "conformity-headline-kept",
    };
    let words = [("name", name.into()), ("broken", broken.into()), ("all", books.len().into())];
    text(frame.language, key, &words)
}
