// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the pages of incidents and tasks share: who may do what, moments in forms, what is told after a form was sent.

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use underpin_model::incidents::RoundId;
use underpin_model::people::{Act, Grant, Reach};
use underpin_model::watch::Place as Where;
use underpin_model::{Timestamp, Viewer};
use underpin_office::coordinator::Author;
use underpin_office::incidents::TaskRow;
use underpin_office::{Desk, OfficeError};
use underpin_render::{Language, text};

use crate::error::WebError;
use crate::forms::Told;
use crate::frame::Frame;
use crate::house::WebHouse;
use crate::visitor::{Person, Visitor};

/// What is told above a page: what was done, what is wrong with a form, what somebody else changed meanwhile.
#[derive(Debug, Default)]
pub struct Notice {
    /// Key of what was done; empty when nothing was.
    pub done: &'static str,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// Fields that differ between what was sent and what is there now.
    pub differences: Vec<Difference>,
}

/// Something wrong with a form.
#[derive(Debug)]
pub struct Fault {
    /// Identifier of the field; empty when it is about no single one.
    pub field: &'static str,
    /// What is wrong.
    pub told: Told,
}

/// A field, as it was sent and as it is now.
#[derive(Debug)]
pub struct Difference {
    /// Its word.
    pub field: String,
    /// What was sent.
    pub yours: String,
    /// What is there.
    pub now: String,
}

/// Words of an address after something was done, and the text that tells of it.
const DONE: [(&str, &str); 14] = [
    ("drill", "done-drill"),
    ("evidence", "done-evidence"),
    ("letters", "done-letters"),
    ("written", "done-written"),
    ("opened", "done-opened"),
    ("assigned", "done-assigned"),
    ("step", "done-step"),
    ("closed", "done-closed"),
    ("closing", "done-closing"),
    ("reopened", "done-reopened"),
    ("told", "done-told"),
    ("refreshed", "done-refreshed"),
    ("task", "done-task"),
    ("remark", "done-remark"),
];

impl Notice {
    /// What the address says was done.
    pub fn done(word: &str) -> Self {
        let done = DONE.iter().find(|(own, _)| *own == word).map_or("", |(_, key)| key);
        Self { done, ..Self::default() }
    }

    /// One thing that is wrong.
    pub fn fault(field: &'static str, told: impl Into<Told>) -> Self {
        Self { faults: vec![Fault { field, told: told.into() }], ..Self::default() }
    }

    /// Adds a field that differs; the same is passed over.
    pub fn differs(&mut self, field: String, yours: String, now: String) {
        if yours != now {
            self.differences.push(Difference { field, yours, now });
        }
    }
}

/// Whether somebody may lead incidents somewhere, and is looking at the present.
pub fn may_lead(visitor: &Visitor) -> bool {
    visitor.as_of.is_none() && visitor.viewer().may(Act::Lead)
}

/// Whether grants reach a place with an act. Storage decides in the end: this shows a form or hides it.
pub fn may_at(desk: &Desk, viewer: &Viewer, act: Act, place: &Where) -> bool {
    let Viewer::Member { grants, .. } = viewer else { return viewer.may(act) };
    grants.iter().filter(|grant| grant.role.may(act)).any(|grant| reaches(desk, grant, place))
}

/// Whether a grant covers a place.
pub fn reaches(desk: &Desk, grant: &Grant, place: &Where) -> bool {
    let below = |top, agency| desk.with_descendants(top).contains(agency);
    match (&grant.reach, place) {
        (Reach::Government, _) => true,
        (Reach::Agency(top), Where::Agency(agency)) => below(top, agency),
        (Reach::Agency(top), Where::System(system) | Where::Artefact { system, .. }) => {
            desk.system_position(&system.0).is_some_and(|position| below(top, &desk.system(position).agency))
        }
        (Reach::System(own), Where::System(system) | Where::Artefact { system, .. }) => own == system,
        _ => false,
    }
}

/// Who writes, in whose sight, when.
///
/// # Errors
/// When the ledger cannot be read.
pub async fn author(house: &WebHouse, person: &Person) -> underpin_office::Result<Author> {
    let at = house.now().await?;
    Ok(Author { actor: person.signed.person.login.clone(), viewer: person.visitor.viewer(), at })
}

/// A moment as a form's field has it (`2026-03-05T17:00`, in UTC); `None` for an empty field.
///
/// # Errors
/// Nothing to say, when it is no moment.
pub fn moment(text: &str) -> Result<Option<Timestamp>, ()> {
    let text = text.trim();
    let written = match text.len() {
        0 => return Ok(None),
        10 => format!("{text}T23:59:00Z"),
        16 => format!("{text}:00Z"),
        19 => format!("{text}Z"),
        _ => text.to_owned(),
    };
    written.parse().map(Some).map_err(|_| ())
}

/// A moment for a form's field.
pub fn field(at: Option<Timestamp>) -> String {
    at.map(|at| at.to_string().chars().take(16).collect()).unwrap_or_default()
}

/// Codes of what a person can do something about, with words of their own.
const TOLD: [(&str, &str); 4] = [
    ("empty-reason", "fault-empty-reason"),
    ("same-closer", "fault-same-closer"),
    ("same-excuse", "fault-same-excuse"),
    ("not-allowed", "why-not-allowed"),
];

/// What is wrong, where a form can say it: in the reader's language, else as the office says it. `None` for what is no fault of a
/// form.
pub fn told(language: Language, error: &OfficeError) -> Option<Told> {
    if let Some((_, key)) = TOLD.iter().find(|(code, _)| *code == error.code) {
        return Some(text(language, key, &[]).into());
    }
    let of_the_form = [
        "invalid-incident",
        "invalid-clock-event",
        "invalid-task",
        "too-long",
        "open-hits",
        "unknown-document",
        "unknown-login",
    ];
    of_the_form.contains(&error.code).then(|| Told::by_the_office(error))
}

/// What is practised, for the banner of a drill.
pub fn drill_title(frame: &Frame, of: Option<&str>) -> String {
    match of {
        Some(what) => text(frame.language, "incident-drill-of", &[("what", what.into())]),
        None => format!("{}.", frame.t("incident-drill")),
    }
}

/// The title of an incident or of what belongs to it: one of a drill begins with that word, in the reader's language.
pub fn titled(frame: &Frame, title: &str, is_drill: bool) -> String {
    match is_drill {
        true => format!("{}: {}", frame.t("incident-drill"), title.strip_prefix("Drill: ").unwrap_or(title)),
        false => title.to_owned(),
    }
}

/// An answer with rows that say which incident they are of, and whether that is a drill: a file is read without its page.
///
/// # Errors
/// `export` when it cannot be written.
pub fn marked_rows(answer: &impl Serialize, list: &str, number: &str, is_drill: bool) -> Result<Value, WebError> {
    let broken = |_| WebError::new(StatusCode::INTERNAL_SERVER_ERROR, "export");
    let mut answer = serde_json::to_value(answer).map_err(broken)?;
    for row in answer.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
        row["incident"] = number.into();
        row["is_drill"] = is_drill.into();
    }
    Ok(answer)
}

/// A place with its name and its page; empty where it has none.
pub fn place(frame: &Frame, desk: &Desk, place: &Where) -> (String, String) {
    match place {
        Where::Government => (frame.t("nav-government"), "/agencies".to_owned()),
        Where::Agency(id) => match desk.agency(id) {
            Some(agency) => (agency.name.clone(), format!("/agencies/{}", crate::error::encoded(&id.0))),
            None => (id.0.clone(), String::new()),
        },
        Where::System(id) | Where::Artefact { system: id, .. } => match desk.system_position(&id.0) {
            Some(position) => {
                (desk.system(position).name.clone(), format!("/systems/{}", crate::error::encoded(&id.0)))
            }
            None => (id.0.clone(), String::new()),
        },
    }
}

/// A task as rows and pages show it.
#[derive(Clone, Debug)]
pub struct TaskView {
    /// Number, as `T7`.
    pub id: String,
    /// Its number.
    pub number: i64,
    /// What it asks for, and where.
    pub title: String,
    /// Name of the place.
    pub place: String,
    /// Its page.
    pub place_href: String,
    /// Login of whoever does it.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<Timestamp>,
    /// Whether its day has passed and it is open.
    pub is_late: bool,
    /// Whether something is to be done.
    pub is_open: bool,
    /// How far it is: what evidence shows goes before what people said.
    pub state: &'static str,
    /// Number and title of the incident.
    pub incident: Option<(String, String)>,
    /// Number of the round of collection.
    pub round: Option<String>,
    /// Whether that is a drill.
    pub is_drill: bool,
}

impl TaskView {
    /// A task with the names of what it is about.
    pub fn new(frame: &Frame, desk: &Desk, row: &TaskRow) -> Self {
        let task = &row.task;
        let (place, place_href) = place(frame, desk, &task.place);
        Self {
            id: task.id.to_string(),
            number: task.id.0,
            title: format!("{}: {place}", frame.word("task-kind", task.kind.as_str())),
            place,
            place_href,
            owner: task.owner.clone(),
            due: task.due,
            is_late: row.is_overdue,
            is_open: row.is_open(),
            state: row.state.as_str(),
            incident: task.incident.map(|id| (id.to_string(), row.incident_title.clone())),
            round: task.round.map(|round| RoundId(round).to_string()),
            is_drill: row.is_drill,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_forms_are_read_in_utc() {
        for (text, expected) in [
            ("", Ok(None)),
            (" ", Ok(None)),
            ("2026-03-05T17:00", Ok(Some("2026-03-05T17:00:00Z"))),
            ("2026-03-05T17:00:30", Ok(Some("2026-03-05T17:00:30Z"))),
            ("2026-03-05", Ok(Some("2026-03-05T23:59:00Z"))),
            ("2026-03-05T17:00:00Z", Ok(Some("2026-03-05T17:00:00Z"))),
            ("tomorrow", Err(())),
            ("2026-02-30T17:00", Err(())),
        ] {
            let read = moment(text).map(|at| at.map(|at| at.to_string()));
            assert_eq!(read, expected.map(|at| at.map(str::to_owned)), "{text:?}");
        }
        assert_eq!(field(moment("2026-03-05T17:00").ok().flatten()), "2026-03-05T17:00");
    }

    #[test]
    fn what_was_done_has_its_words() {
        for (word, key) in DONE {
            assert_eq!(Notice::done(word).done, key);
            assert_ne!(text(underpin_render::Language::English, key, &[]), key, "{key} has no text");
        }
        assert_eq!(Notice::done("<script>").done, "");
    }
}
