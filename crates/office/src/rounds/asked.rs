// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a key without an account opens: what is asked of one agency in one matter, seen with the eyes of that agency and no further than
//! what may go by mail.

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use underpin_ledger::{Digest, MailKey};
use underpin_model::incidents::{Incident, TaskId, TaskKind, TaskState};
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::AgencyId;
use underpin_model::rounds::{KeyMatter, KeyPurpose, Round};
use underpin_model::watch::Place;
use underpin_model::{Timestamp, Viewer};

use super::agency_at;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};
use crate::incidents::{TaskRow, TasksQuery};
use crate::messages::{SPOKEN_CLASSIFICATION, may_be_mailed};

/// What is asked of an agency.
#[derive(Clone, Debug, Serialize)]
pub struct Asked {
    /// What the round or incident is called.
    pub title: String,
    /// Why it is asked.
    pub why: String,
    /// Whether a round asks for evidence.
    pub is_round: bool,
    /// Whether it is only an exercise.
    pub is_drill: bool,
    /// The agency.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: String,
    /// By when.
    pub due: Option<Timestamp>,
    /// Whether it is over: nothing is asked any more.
    pub is_closed: bool,
    /// What is asked for, place by place.
    pub items: Vec<AskedItem>,
}

/// What is asked for at one place.
#[derive(Clone, Debug, Serialize)]
pub struct AskedItem {
    /// The task.
    pub task: TaskId,
    /// What it asks for.
    pub kind: TaskKind,
    /// The system; empty where the agency as a whole is asked.
    pub system: String,
    /// Name of the system or agency.
    pub name: String,
    /// How far it is, by the word of those who do it.
    pub state: TaskState,
    /// Why it cannot be done, where that was said.
    pub because: String,
    /// Whether it is answered: nothing is left to do.
    pub is_answered: bool,
}

/// Digest of a secret.
pub(crate) fn digest(secret: &str) -> Digest {
    Sha256::digest(secret.trim().as_bytes()).into()
}

/// The eyes of an agency without an account: its own systems, as far as what may go by mail.
pub fn eyes_of(agency: &AgencyId) -> Viewer {
    Viewer::Member {
        grants: vec![Grant { role: Role::Owner, reach: Reach::Agency(agency.clone()) }],
        clearance: SPOKEN_CLASSIFICATION,
        compartments: Vec::new(),
    }
}

/// The refusal of a key, whatever is wrong with it.
pub(crate) fn no_key() -> OfficeError {
    OfficeError::new("not-found", "this link is not good, or not any more")
}

impl House {
    /// A desk that sees what an agency may be told by mail.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn mail_desk(&self, agency: &AgencyId, at: Timestamp) -> Result<Desk> {
        self.desk_as_of(eyes_of(agency), at, at).await
    }

    /// A key that is good for a purpose, with a desk that sees what its agency sees.
    pub(super) async fn key_desk(
        &self,
        secret: &str,
        purpose: KeyPurpose,
        (content_now, now): (Timestamp, Timestamp),
    ) -> Result<(MailKey, Desk)> {
        let key = self.ledger.door().mail_key(&digest(secret), purpose, now).await?.ok_or_else(no_key)?;
        let desk = self.mail_desk(&key.agency, content_now).await?;
        Ok((key, desk))
    }

    /// What a key opens.
    ///
    /// # Errors
    /// `not-found` for a key that is not good for this, or not any more.
    pub async fn asked(&self, secret: &str, purpose: KeyPurpose, now: (Timestamp, Timestamp)) -> Result<Asked> {
        let (key, desk) = self.key_desk(secret, purpose, now).await?;
        self.asked_in(&desk, &key.matter, &key.agency).await
    }

    /// What is asked of an agency in a matter, as the desk sees it.
    pub(super) async fn asked_in(&self, desk: &Desk, matter: &KeyMatter, agency: &AgencyId) -> Result<Asked> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let at = desk.snapshot.at;
        let mut rows = match matter {
            KeyMatter::Task(task) => vec![self.task(desk, None, *task).await?.0],
            KeyMatter::Round(round, _) => self.round_tasks(desk, *round).await?,
            // What is delivered under a contract is asked elsewhere, by keys of another purpose.
            KeyMatter::Contract(_) => return Err(no_key()),
            KeyMatter::Incident(incident, _) => {
                let query = TasksQuery { incident: Some(*incident), ..TasksQuery::default() };
                self.tasks(desk, None, &query).await?
            }
        };
        rows.retain(|row| agency_at(desk, &row.task.place) == Some(agency));
        rows.sort_by_key(|row| row.task.id);
        let first = rows.first().map(|row| row.task.clone()).ok_or_else(no_key)?;
        let round = match first.round {
            Some(id) => reader.rounds(at).await?.into_iter().find(|one| one.id.0 == id),
            None => None,
        };
        let incident = match first.incident {
            Some(id) => reader.incidents(at).await?.into_iter().find(|one| one.id == id),
            None => None,
        };
        if incident.as_ref().is_some_and(|incident| !may_be_mailed(incident.tlp, incident.classification)) {
            return Err(no_key());
        }
        let due = rows.iter().filter_map(|row| row.task.due).min().or(round.as_ref().map(|round| round.due));
        let items = rows.iter().map(|row| item(desk, row)).collect();
        Ok(asked(desk, agency, (round, incident), (first.title, due), items))
    }
}

/// What is asked for at one place; evidence goes before what was said.
fn item(desk: &Desk, row: &TaskRow) -> AskedItem {
    let task = &row.task;
    let (system, name) = match &task.place {
        Place::System(id) | Place::Artefact { system: id, .. } => {
            let name = desk.system_position(&id.0).map(|position| desk.system(position).name.clone());
            (id.0.clone(), name.unwrap_or_else(|| id.0.clone()))
        }
        Place::Agency(id) => {
            (String::new(), desk.agency(id).map_or_else(|| id.0.clone(), |agency| agency.name.clone()))
        }
        Place::Government => (String::new(), String::new()),
    };
    AskedItem {
        task: task.id,
        kind: task.kind,
        system,
        name,
        state: row.state,
        because: task.because.as_ref().map(|(why, _)| why.clone()).unwrap_or_default(),
        is_answered: !row.is_open(),
    }
}

fn asked(
    desk: &Desk,
    agency: &AgencyId,
    (round, incident): (Option<Round>, Option<Incident>),
    (title, due): (String, Option<Timestamp>),
    items: Vec<AskedItem>,
) -> Asked {
    let name = match (&round, &incident) {
        (Some(round), _) => round.title.clone(),
        (None, Some(incident)) => incident.title.clone(),
        (None, None) => title,
    };
    Asked {
        title: name,
        why: round.as_ref().map(|round| round.text.clone()).unwrap_or_default(),
        is_round: round.is_some(),
        is_drill: incident.as_ref().is_some_and(|incident| incident.is_drill),
        agency: agency.clone(),
        agency_name: desk.agency(agency).map_or_else(|| agency.0.clone(), |agency| agency.name.clone()),
        due,
        is_closed: match (&round, &incident) {
            (Some(round), _) => round.closed.is_some(),
            (None, Some(incident)) => incident.closed.is_some(),
            (None, None) => false,
        },
        items,
    }
}
