// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Asking agencies about an incident by mail: one letter each, with all that is open there.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use underpin_ledger::{LetterAbout, NewLetter, Which};
use underpin_model::incidents::{IncidentId, Task};
use underpin_model::registry::AgencyId;
use underpin_model::rounds::{KeyMatter, LetterKind};

use super::agency_at;
use super::letters::{LetterRow, address};
use super::taken::{MailRow, mails_seen};
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};
use crate::incidents::{IncidentRoom, TasksQuery};

/// Who is written to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Written {
    /// Agencies that get a letter.
    pub agencies: Vec<String>,
    /// Those that have no address for mail.
    pub without_address: Vec<String>,
    /// Those that may not be told by mail.
    pub not_by_mail: Vec<String>,
}

impl House {
    /// Refuses who may not lead an incident.
    pub(super) async fn leads_incident(&self, author: &Author, desk: &Desk, id: IncidentId) -> Result<()> {
        let rows = self.incidents(desk).await?;
        let found = rows.into_iter().find(|row| row.incident.id == id);
        let row = found.ok_or_else(|| OfficeError::new("not-found", format!("there is no incident {id}")))?;
        self.leads(author, &row.incident.place).await
    }

    /// Has a letter sent to every agency that has open tasks of an incident.
    ///
    /// # Errors
    /// `not-found`, `not-allowed` for who may not lead there, and what the ledger says.
    pub async fn write_about_incident(&self, author: &Author, id: IncidentId, language: &str) -> Result<Written> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        self.leads_incident(author, &desk, id).await?;
        let query = TasksQuery { incident: Some(id), open: true, ..TasksQuery::default() };
        let tasks = self.tasks(&desk, None, &query).await?;
        let agencies: BTreeSet<AgencyId> =
            tasks.iter().filter_map(|row| agency_at(&desk, &row.task.place).cloned()).collect();
        let door = self.ledger.door();
        let mut before: BTreeMap<AgencyId, i64> = BTreeMap::new();
        for kept in door.letters(LetterAbout::Incident(id)).await? {
            *before.entry(kept.letter.agency).or_default() += 1;
        }
        let (mut written, mut letters) = (Written::default(), Vec::new());
        for agency in agencies {
            let Some(address) = address(&desk, &agency) else {
                written.without_address.push(agency.0);
                continue;
            };
            let matter = KeyMatter::Incident(id, agency.clone());
            match self.for_agency(author.at, &matter, &agency).await {
                Ok(_) => {}
                Err(error) if error.code == "not-by-mail" => {
                    written.not_by_mail.push(agency.0);
                    continue;
                }
                Err(error) => return Err(error),
            }
            let nth = before.get(&agency).copied().unwrap_or_default();
            written.agencies.push(agency.0.clone());
            letters.push(NewLetter {
                matter,
                kind: if nth == 0 { LetterKind::Letter } else { LetterKind::Again },
                nth,
                address: address.to_owned(),
                language: language.to_owned(),
                agency,
            });
        }
        door.write_letters(author.at, &author.actor, &letters).await?;
        Ok(written)
    }

    /// Letters and mails about an incident with agencies of which the viewer sees a task. The desk must see the incident.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn mail_about_incident(&self, desk: &Desk, id: IncidentId) -> Result<(Vec<LetterRow>, Vec<MailRow>)> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let tasks = reader.tasks(Which::Incident(id), desk.snapshot.at).await?;
        self.mail_about_tasks(desk, id, tasks.iter()).await
    }

    /// The same, where the tasks of the incident that the viewer sees were read before.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn mail_in_room(&self, desk: &Desk, room: &IncidentRoom) -> Result<(Vec<LetterRow>, Vec<MailRow>)> {
        self.mail_about_tasks(desk, room.incident.id, room.tasks.iter().map(|row| &row.task)).await
    }

    async fn mail_about_tasks<'t>(
        &self,
        desk: &Desk,
        id: IncidentId,
        tasks: impl Iterator<Item = &'t Task> + Clone,
    ) -> Result<(Vec<LetterRow>, Vec<MailRow>)> {
        let door = self.ledger.door();
        let letters = door.letters(LetterAbout::Incident(id)).await?;
        let mails = door.mails(LetterAbout::Incident(id)).await?;
        if letters.is_empty() && mails.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        // That an agency is in sight does not mean that what it was asked is.
        let agencies: BTreeSet<&AgencyId> = tasks.clone().filter_map(|task| agency_at(desk, &task.place)).collect();
        let letters = letters.iter().filter(|kept| agencies.contains(&kept.letter.agency)).map(LetterRow::of);
        let own = tasks.map(|task| task.id.to_string()).collect();
        Ok((letters.collect(), mails_seen(desk, &mails, &own)))
    }
}
