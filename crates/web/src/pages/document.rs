// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/documents/{id}`: what is this document about, how good is it, who handed it in, what replaced it – and what can be done about it?

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use underpin_model::DocumentState;
use underpin_model::people::Act;
use underpin_model::proofs::ProofReason;
use underpin_office::Desk;
use underpin_office::coordinator::document_list::BindingRow;
use underpin_office::coordinator::documents::DocumentAnswer;
use underpin_office::regulator::RulebookConformity;
use underpin_render::{Language, text};

use super::conformity::result;
use super::{Answer, html};
use crate::bars::name_of;
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::forms::{Faults, Sent};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::questions;
use crate::reach::Reachable;
use crate::visitor::{Person, pairs};

/// Gaps of a document as rows of a file.
const GAPS: Rows = Rows { name: "gaps", list: "gap_rows", fields: &["code", "place", "detail", "count", "meaning"] };
/// What can have been done, with the sentence that says so.
const DONE: [(&str, &str); 6] = [
    ("bound", "document-done-bound"),
    ("unbound", "document-done-unbound"),
    ("retracted", "document-done-retracted"),
    ("restored", "document-done-restored"),
    ("retried", "document-done-retried"),
    ("unread", "document-done-unread"),
];

/// What is said after a form was sent.
#[derive(Debug, Default)]
pub struct Told {
    /// The form as it was sent.
    pub sent: Sent,
    /// Fields, and the keys of what is wrong with them.
    pub faults: Vec<(&'static str, &'static str)>,
    /// Key of why nothing was done; empty when there is no reason beyond the fields.
    pub refusal: &'static str,
    /// The status of the answer.
    pub status: StatusCode,
}

/// What the reader is offered; storage decides in the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Offers {
    binds: bool,
    unbinds: bool,
    /// Takes it back, or takes that back.
    governs: bool,
}

#[derive(Template)]
#[template(path = "document.html")]
struct One<'p> {
    frame: Frame,
    headline: String,
    answer: DocumentAnswer,
    desk: &'p Desk,
    done: &'static str,
    refusal: &'static str,
    sent: Sent,
    faults: Faults,
    offers: Offers,
    /// Whether the file that it is a part of can be asked for.
    has_whole: bool,
    /// What it conforms to; empty for what is no bill of materials.
    rulebooks: Vec<RulebookConformity>,
}

impl One<'_> {
    /// The name of an agency.
    fn agency(&self, id: &str) -> String {
        name_of(self.desk, id)
    }

    /// The name of a system.
    fn system(&self, id: &str) -> String {
        self.desk.system_position(id).map_or_else(|| id.to_owned(), |position| self.desk.system(position).name.clone())
    }

    /// A binding as the form that ends it names it.
    fn binding(&self, row: &BindingRow) -> String {
        row.deployment.as_ref().map_or_else(|| row.system.clone(), |deployment| format!("{}/{deployment}", row.system))
    }

    /// What made a binding, in words where there are some.
    fn origin(&self, word: &str) -> String {
        let key = format!("document-by-{word}");
        Some(self.frame.t(&key)).filter(|words| *words != key).unwrap_or_else(|| word.to_owned())
    }

    /// Where the uses that it states are, in SQL.
    fn uses(&self) -> String {
        exports::with_pairs("/sql", &[("q".to_owned(), questions::occurrences(self.answer.row.document))])
    }

    /// What a document says of itself, in words; a word that answers a question is translated.
    fn said(&self, name: &str, value: &str) -> String {
        match (name, value) {
            ("signature", word) => self.frame.word("document-signature", word),
            ("signature_detail", reason) if ProofReason::ALL.iter().any(|known| known.as_str() == reason) => {
                self.frame.t(&format!("reason-{reason}"))
            }
            (_, "true") => self.frame.t("yes"),
            (_, "false") => self.frame.t("no"),
            (_, value) => value.to_owned(),
        }
    }

    fn title<'b>(&self, book: &'b RulebookConformity) -> &'b str {
        book.title.of(self.frame.language == Language::German)
    }

    fn result(&self, book: &RulebookConformity) -> String {
        result(&self.frame, book)
    }

    /// How many uses a change is about, in a sentence.
    fn effect(&self, key: &str) -> String {
        self.frame.n(key, &self.answer.row.occurrences)
    }
}

/// One document.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>) -> Answer {
    let told = Told { sent: Sent(pairs(&person.visitor.uri)), ..Told::default() };
    shown(&house, &person, &id, told).await
}

/// The page, with what is said after a form was sent.
///
/// # Errors
/// Not found, as for a document that is not there.
pub async fn shown(house: &WebHouse, person: &Person, id: &str, told: Told) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let answer = seat.desk.show_document(id)?;
    if let Some(format) = exports::wanted(visitor)? {
        return exports::give(format, &answer, GAPS);
    }
    let mut frame = Frame::new(visitor, Place::Coverage);
    let name = answer.row.document.to_string();
    frame.path = format!("/documents/{name}");
    frame.kept.retain(|(name, _)| name != "done");
    frame.title = format!("{} {name}", frame.t("document"));
    frame.here.clone_from(&frame.path);
    frame.answers(answer.overview.as_of, exports::BOTH);
    if answer.row.state == DocumentState::Accepted {
        frame.asks(Some(questions::document(answer.row.document)));
    }
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
    let headline = text(frame.language, key, &words);
    let offers = match visitor.as_of {
        Some(_) => Offers::default(),
        None => offers(&Reachable::of(&visitor.viewer(), &seat.desk, Act::HandIn), &seat.desk, &answer),
    };
    let done = DONE.iter().find(|(word, _)| told.sent.is("done", word)).map_or("", |(_, key)| *key);
    let faults = Faults::told(&frame, &told.faults);
    let has_whole = answer.container.is_some() && seat.desk.has_whole(id).await?;
    let is_bill = answer.row.format.starts_with("cyclonedx") || answer.row.format.starts_with("spdx");
    let rulebooks = match is_bill && answer.original_kept {
        true => house.house.conformity(&seat.desk, id, &[]).await?.rulebooks,
        false => Vec::new(),
    };
    let page = One {
        rulebooks,
        headline,
        desk: &seat.desk,
        done,
        refusal: told.refusal,
        faults,
        offers,
        has_whole,
        sent: told.sent,
        answer,
        frame,
    };
    Ok((told.status, html(&page)?).into_response())
}

fn offers(own: &Reachable, desk: &Desk, answer: &DocumentAnswer) -> Offers {
    if answer.row.state == DocumentState::Purged {
        return Offers::default();
    }
    let has =
        |row: &BindingRow| desk.system_position(&row.system).is_some_and(|position| own.has(desk.system(position)));
    let handed_in = answer.uploader.as_ref().is_some_and(|agency| own.has_agency(agency));
    let some = answer.bindings.iter().any(has);
    let all = answer.bindings.iter().all(has);
    let is_own = if answer.bindings.is_empty() { handed_in || own.is_everywhere } else { all };
    Offers { binds: some || handed_in || own.is_everywhere, unbinds: some, governs: is_own }
}

/// The original bytes, the file that was read together with it, or the file that it is a part of: a file with the mark of the house.
pub async fn original(State(house): State<Arc<WebHouse>>, person: Person, Path(id): Path<String>) -> Answer {
    use axum::http::header;
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let record = seat.desk.document_called(&id)?;
    let asked = Sent(pairs(&visitor.uri));
    let companion = asked.some("companion");
    let bytes = match asked.is_ticked("container") {
        true => seat.desk.whole_of(&id).await,
        false => seat.desk.original_of(&id, companion.as_deref()).await,
    };
    let bytes = bytes.map_err(|error| match error.code {
        "evidence-purged" => WebError::told(StatusCode::GONE, error),
        "parts-unseen" => WebError::told(StatusCode::FORBIDDEN, error),
        _ => error.into(),
    })?;
    let name = file_name(&record.id.to_string(), companion.as_deref().unwrap_or(&record.path));
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}

/// The name under which a file is kept: the number, and what the file was called, in signs that every system knows.
fn file_name(number: &str, path: &str) -> String {
    let last = path.rsplit(['/', '\\', '!']).next().unwrap_or_default();
    let kept = last.chars().filter(|letter| letter.is_ascii_alphanumeric() || "._-".contains(*letter));
    let kept: String = kept.take(100).collect();
    let kept = kept.trim_matches('.');
    // What has no ending could not carry the mark.
    if kept.contains('.') { format!("{number}-{kept}") } else { format!("{number}-{kept}.bin") }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn files_keep_their_names_as_far_as_these_are_harmless() {
        for (path, expected) in [
            ("in/sbom.cdx.json", "D7-sbom.cdx.json"),
            ("a.zip!var/lib/dpkg/status", "D7-status.bin"),
            ("x\\\"; b=\u{e4}.json", "D7-b.json"),
            ("..", "D7-.bin"),
        ] {
            assert_eq!(file_name("D7", path), expected, "{path:?}");
        }
    }
}
