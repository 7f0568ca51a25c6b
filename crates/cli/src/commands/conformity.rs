// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a document conforms to, on a terminal.

use underpin_model::practices::Outcome;
use underpin_office::regulator::{ClauseRow, Conformity, ConformityAnswer, RulebookConformity};

use crate::output::Answer;

const FIELDS: [&str; 11] =
    ["rulebook", "clause", "rule", "version", "standing", "source", "demand", "outcome", "count", "places", "remedy"];

/// An outcome in words.
pub fn word(outcome: Outcome, german: bool) -> &'static str {
    match (outcome, german) {
        (Outcome::Met, false) => "met",
        (Outcome::NotMet, false) => "not met",
        (Outcome::NotAssessed, false) => "cannot be assessed",
        (Outcome::Met, true) => "erfüllt",
        (Outcome::NotMet, true) => "nicht erfüllt",
        (Outcome::NotAssessed, true) => "nicht beurteilbar",
    }
}

/// What a document conforms to as a whole, in words.
pub fn result(conformity: Option<Conformity>, german: bool) -> &'static str {
    match (conformity, german) {
        (Some(Conformity::Conforms), false) => "conforms, as far as a document can show it",
        (Some(Conformity::DoesNotConform), false) => "does not conform",
        (Some(Conformity::Open), false) => "open: nothing is broken that can be judged",
        (None, false) => "could not be read",
        (Some(Conformity::Conforms), true) => "entspricht, soweit ein Dokument es zeigen kann",
        (Some(Conformity::DoesNotConform), true) => "entspricht nicht",
        (Some(Conformity::Open), true) => "offen: verletzt ist nichts, was sich beurteilen lässt",
        (None, true) => "war nicht lesbar",
    }
}

/// One rulebook in one line.
pub fn line(book: &RulebookConformity, german: bool) -> String {
    let result = result(book.conformity, german);
    let broken = match (book.not_met, german) {
        (0, _) => String::new(),
        (count, false) => format!(" ({count} clauses)"),
        (count, true) => format!(" ({count} Abschnitte)"),
    };
    format!("{} ({}): {result}{broken}", book.title.of(german), book.standing.as_str())
}

/// The answer of `documents conformity`.
pub fn conformity(answer: &ConformityAnswer, german: bool) -> Answer {
    let mut head = vec![format!("{}: {}", answer.document, answer.path)];
    for book in &answer.rulebooks {
        head.push(line(book, german));
        if !book.code.is_empty() {
            head.push(format!("{}: {}", book.code, book.reason));
        }
        head.extend(book.note.as_ref().map(|note| note.of(german).to_owned()));
    }
    let columns = if german {
        ["Regelwerk", "Abschnitt", "Forderung", "Grad", "Ergebnis", "Komponenten"]
    } else {
        ["Rulebook", "Clause", "What it asks", "Demand", "Result", "Components"]
    };
    let cells = |row: &ClauseRow| {
        let count = if row.count > 0 { row.count.to_string() } else { String::new() };
        let of = answer.rulebooks.iter().find(|book| book.rulebook == row.rulebook);
        let title = row.title.of(german);
        let title = match of.is_some_and(|book| row.is_from_elsewhere(book)) {
            true => format!("{title} ({}, {})", row.source, row.standing.as_str()),
            false => title.to_owned(),
        };
        let (demand, outcome) = (row.demand.as_str().to_owned(), word(row.outcome, german).to_owned());
        vec![row.rulebook.clone(), row.clause.clone(), title, demand, outcome, count]
    };
    let broken = answer.rows.iter().filter(|row| row.outcome == Outcome::NotMet);
    let note = |row: &ClauseRow| {
        let places = row.places.iter().take(3).map(|place| match place.fault.is_empty() {
            true => place.place.clone(),
            false => format!("{} ({})", place.place, place.fault).trim().to_owned(),
        });
        let places: Vec<String> = places.filter(|place| !place.is_empty()).collect();
        let places = if places.is_empty() { String::new() } else { format!(" [{}]", places.join(", ")) };
        format!("{} {}: {}{places}", row.rulebook, row.title.of(german), row.remedy.of(german))
    };
    let json = serde_json::to_value(answer).unwrap_or_default();
    Answer {
        rows: json["rows"].as_array().cloned().unwrap_or_default(),
        json,
        fields: &FIELDS,
        head,
        columns: columns.map(str::to_owned).to_vec(),
        cells: answer.rows.iter().map(cells).collect(),
        notes: broken.map(note).collect(),
    }
}
