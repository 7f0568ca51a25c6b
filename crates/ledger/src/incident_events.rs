// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What can happen to an incident after it was opened, what cannot follow, and what comes of it.

use serde::{Deserialize, Serialize};
use serde_json::json;
use underpin_model::Timestamp;
use underpin_model::incidents::{CloseRequest, Incident, IncidentDeadline, Step, StepSet};
use underpin_model::limits::bounds::{INCIDENT_TEXT_BYTES, INCIDENT_TITLE_BYTES};
use underpin_model::registry::Classification;
use underpin_model::watch::Tlp;

use crate::LedgerError;

/// What can happen to an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum IncidentChange {
    /// Work goes on at another step.
    Step {
        /// Which.
        step: Step,
        /// What is said about it.
        note: String,
    },
    /// It is called, aimed or marked otherwise.
    Edit {
        /// What it is called.
        title: String,
        /// By when nothing should be hit any more.
        target: Option<Timestamp>,
        /// How far it may be passed on.
        tlp: Tlp,
        /// Who may know of it.
        classification: Classification,
    },
    /// A deadline begins, or is another one now; its name tells which.
    Deadline(IncidentDeadline),
    /// A deadline is not one any more.
    DropDeadline {
        /// Its name.
        name: String,
    },
    /// Somebody asks to close it although systems are hit.
    AskClose {
        /// Why.
        reason: String,
        /// Systems that are hit, as far as whoever asks can see.
        open_hits: u64,
    },
    /// The request is turned down.
    RefuseClose {
        /// Why.
        reason: String,
    },
    /// It is over.
    Close {
        /// What is to be said at the end.
        reason: String,
        /// Systems that are still hit; a second person has agreed to that.
        open_hits: u64,
    },
    /// It goes on.
    Reopen {
        /// Why.
        reason: String,
    },
    /// A part of a drill was timed.
    Lap {
        /// What.
        name: String,
        /// How long it took.
        milliseconds: u64,
    },
}

/// Whether a change is the word of the second person.
pub(crate) fn agrees(before: &Incident, what: &IncidentChange) -> bool {
    before.close_request.is_some() && matches!(what, IncidentChange::Close { .. } | IncidentChange::RefuseClose { .. })
}

/// The change as it can be made to an incident as it is; `None` where it is so already.
pub(crate) fn fitting(
    before: &Incident,
    what: IncidentChange,
    actor: &str,
) -> Result<Option<IncidentChange>, LedgerError> {
    use IncidentChange as To;
    let invalid = |why: &str| Err(LedgerError::InvalidIncident(why.to_owned()));
    let reason = match &what {
        To::Close { reason, .. } | To::AskClose { reason, .. } | To::Reopen { reason } | To::RefuseClose { reason } => {
            Some(reason.as_str())
        }
        _ => None,
    };
    if reason.is_some_and(|reason| reason.trim().is_empty()) {
        return Err(LedgerError::EmptyReason);
    }
    let is_open = before.closed.is_none();
    if !is_open && !matches!(what, To::Reopen { .. }) {
        return invalid("it is closed; open it again first");
    }
    match &what {
        To::Reopen { .. } if is_open => return invalid("it is open"),
        To::RefuseClose { .. } if before.close_request.is_none() => return invalid("nobody asked to close it"),
        To::Close { open_hits, .. } if *open_hits > 0 => match &before.close_request {
            None => return invalid("systems are still hit: ask first, and another person agrees"),
            Some(asked) if asked.actor.to_lowercase() == actor.to_lowercase() => {
                return Err(LedgerError::SameCloser { incident: before.id, actor: asked.actor.clone() });
            }
            // What was agreed to is what was asked: more hits since then need another look.
            Some(asked) if *open_hits > asked.open_hits => {
                return invalid("more systems are hit than when closing was asked for: ask again");
            }
            Some(_) => {}
        },
        To::Edit { title, .. } => check_title(title)?,
        To::Deadline(deadline) if deadline.name.trim().is_empty() || deadline.binds.trim().is_empty() => {
            return invalid("a deadline needs a name and whom it binds");
        }
        To::DropDeadline { name } if before.deadlines.iter().all(|one| one.name != *name) => {
            return invalid("it has no such deadline");
        }
        To::Deadline(deadline) if before.deadlines.contains(deadline) => return Ok(None),
        _ => {}
    }
    let text = json!(what).to_string();
    if text.len() > INCIDENT_TEXT_BYTES {
        return Err(too_long("what is said about an incident", text.len(), INCIDENT_TEXT_BYTES));
    }
    Ok(Some(what))
}

/// What happens to an incident.
pub(crate) fn happen(incident: &mut Incident, what: IncidentChange, actor: &str, at: Timestamp, revision: i64) {
    incident.revision = revision;
    match what {
        IncidentChange::Step { step, note } => {
            incident.step = step;
            incident.steps.push(StepSet { step, actor: actor.to_owned(), at, note });
        }
        IncidentChange::Edit { title, target, tlp, classification } => {
            incident.title = title;
            (incident.target, incident.tlp, incident.classification) = (target, tlp, classification);
        }
        IncidentChange::Deadline(deadline) => {
            match incident.deadlines.iter_mut().find(|one| one.name == deadline.name) {
                Some(known) => *known = deadline,
                None => incident.deadlines.push(deadline),
            }
            incident.deadlines.sort_by_key(|one| one.due);
        }
        IncidentChange::DropDeadline { name } => incident.deadlines.retain(|one| one.name != name),
        IncidentChange::AskClose { reason, open_hits } => {
            incident.close_request = Some(CloseRequest { actor: actor.to_owned(), at, reason, open_hits });
        }
        IncidentChange::RefuseClose { .. } => incident.close_request = None,
        IncidentChange::Close { .. } => (incident.closed, incident.close_request) = (Some(at), None),
        IncidentChange::Reopen { .. } => incident.closed = None,
        IncidentChange::Lap { name, milliseconds } => incident.laps.push((name, milliseconds)),
    }
}

/// A title is one line that is not empty.
pub(crate) fn check_title(title: &str) -> Result<(), LedgerError> {
    if title.trim().is_empty() || title.contains(char::is_control) {
        return Err(LedgerError::InvalidIncident("it needs a title of one line".to_owned()));
    }
    if title.len() > INCIDENT_TITLE_BYTES {
        return Err(too_long("the title of an incident", title.len(), INCIDENT_TITLE_BYTES));
    }
    Ok(())
}

pub(crate) fn too_long(field: &str, bytes: usize, most: usize) -> LedgerError {
    LedgerError::TooLong { field: field.to_owned(), bytes, most }
}
