// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Roles, examples and requests of authorities as answers.

use underpin_office::law::examples::ExampleRow;
use underpin_office::law::requests::RequestsAnswer;
use underpin_office::law::roles::{OpenQuestion, RoleOutcome, RoleRow, RolesAnswer};
use underpin_render::{Language, text};

use super::coverage::snapshot_line;
use super::incident_clock_show::{cited, json};
use crate::output::{Answer, columns, counted, dash};

fn word(kind: &str, word: &str) -> String {
    text(Language::English, &format!("{kind}-{word}"), &[])
}

fn verdict(of: &str, needs_lawyer: bool) -> String {
    word(if needs_lawyer { "law-question" } else { "law-role" }, of)
}

/// The published examples.
pub fn examples(rows: &[ExampleRow]) -> Answer {
    let cells = rows.iter().map(|row| {
        vec![
            row.about.clone(),
            row.says.join(" or "),
            row.found.join(" or "),
            if row.agrees { "yes" } else { "no" }.to_owned(),
            format!("{}, {}", row.source.title, row.source.place),
            row.source.seen.as_str().to_owned(),
        ]
    });
    let agree = rows.iter().filter(|row| row.agrees).count() as u64;
    Answer {
        json: serde_json::json!({ "examples": rows }),
        rows: rows.iter().map(json).collect(),
        fields: &["about", "says", "found", "agrees", "holds"],
        head: vec![format!(
            "{} of {} agree with their source.",
            agree,
            counted(rows.len() as u64, "example", "examples")
        )],
        columns: columns(&["Example", "Its source says", "Found", "Agrees", "Source", "Seen"]),
        cells: cells.collect(),
        ..Answer::default()
    }
}

/// What follows from answers.
pub fn outcome(found: &RoleOutcome) -> Answer {
    let mut head =
        vec![format!("{}: {}.", word("law-law", found.law.as_str()), word("law-answer", found.answer.as_str()))];
    head.extend(found.possible.iter().map(|own| format!("- {}", verdict(own.verdict, own.needs_lawyer))));
    head.extend(found.contradictions.iter().map(|fact| format!("contradicts another answer: {}", fact.as_str())));
    if let Some(open) = &found.next {
        head.extend(next(open));
    }
    let decided = found.possible.first().filter(|_| found.possible.len() == 1);
    let reasons = decided.map(|own| own.reasons.as_slice()).unwrap_or_default();
    let cells = reasons.iter().chain(&found.not_deciding).map(|reason| {
        let law = reason.law.iter().map(cited).collect::<Vec<_>>();
        vec![
            word("law-ask", reason.fact.as_str()),
            if reason.holds { "yes" } else { "no" }.to_owned(),
            reason.basis.as_str().to_owned(),
            dash(&law.join("; ")),
        ]
    });
    let mut notes: Vec<String> = found
        .not_deciding
        .iter()
        .map(|reason| format!("does not decide by itself: {}", word("law-ask", reason.fact.as_str())))
        .collect();
    if found.open.len() > 1 {
        let names: Vec<&str> = found.open.iter().map(|own| own.fact.as_str()).collect();
        notes.push(format!("open: {}", names.join(", ")));
    }
    notes.push("this is no legal advice: whether somebody is bound is for a person to say".to_owned());
    Answer {
        json: json(found),
        rows: found.possible.iter().map(json).collect(),
        fields: &["verdict", "needs_lawyer"],
        head,
        columns: columns(&["Question", "Answer", "Rests on", "Law"]),
        cells: cells.collect(),
        notes,
    }
}

fn next(open: &OpenQuestion) -> Vec<String> {
    let fact = open.fact.as_str();
    let left = |all: &[&'static str]| if all.is_empty() { "contradicts the rest".to_owned() } else { all.join(", ") };
    vec![
        format!("next: {} ({fact})", word("law-ask", fact)),
        format!("why: {}", word("law-why", fact)),
        format!("yes leaves {}; no leaves {}", left(&open.if_yes), left(&open.if_no)),
    ]
}

/// Roles of what the viewer sees.
pub fn roles(found: &RolesAnswer) -> Answer {
    let mut answer = rows(&found.rows);
    answer.json = json(found);
    answer.head = vec![format!("{}.", counted(found.rows.len() as u64, "role was asked for", "roles were asked for"))];
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}

/// All that was answered about one subject.
pub fn history(found: &[RoleRow]) -> Answer {
    let mut answer = rows(found);
    answer.json = serde_json::json!({ "rows": found });
    answer
}

fn rows(found: &[RoleRow]) -> Answer {
    let cells = found.iter().map(|row| {
        let possible = row.outcome.possible.iter().map(|own| own.verdict).collect::<Vec<_>>();
        vec![
            row.name.clone(),
            row.outcome.law.as_str().to_owned(),
            row.outcome.answer.as_str().to_owned(),
            possible.join(", "),
            row.said.date(),
            row.actor.clone(),
            row.earlier.to_string(),
        ]
    });
    let differ = found.iter().filter(|row| row.differs);
    Answer {
        rows: found.iter().map(json).collect(),
        fields: &["number", "name", "answer_then", "role_then", "differs", "note", "actor", "said", "earlier"],
        columns: columns(&["Of what", "Law", "Answer", "Role", "Said", "By", "Earlier"]),
        cells: cells.collect(),
        notes: differ
            .map(|row| format!("{}: another role follows today than when it was answered", row.name))
            .collect(),
        ..Answer::default()
    }
}

/// The log of requests of authorities.
pub fn requests(found: &RequestsAnswer) -> Answer {
    let cells = found.rows.iter().map(|row| {
        vec![
            row.request.to_string(),
            row.state.as_str().to_owned(),
            row.authority.clone(),
            row.about.clone(),
            row.asked.date(),
            dash(&row.due.map(|due| due.date()).unwrap_or_default()),
            dash(&row.answered.map(|at| at.date()).unwrap_or_default()),
            dash(row.agency.as_deref().unwrap_or_default()),
        ]
    });
    Answer {
        json: json(found),
        rows: found.rows.iter().map(json).collect(),
        fields: &["request", "state", "authority", "about", "reference", "asked", "due", "agency", "answered"],
        head: vec![format!(
            "{}.",
            counted(found.rows.len() as u64, "request of an authority", "requests of authorities")
        )],
        columns: columns(&["Request", "State", "Authority", "About", "Asked", "Due", "Answered", "Agency"]),
        cells: cells.collect(),
        notes: vec![snapshot_line(found.overview.snapshot, found.overview.as_of)],
    }
}
