// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Coordinated disclosure: cases of vulnerabilities that are not public, with what happened in them.
//!
//! Every case is in a compartment. Who is let into it and reads anything sees the case; who leads for the whole government beside that
//! writes. For everybody else there is no case: numbers follow on nothing, and the chain holds a digest of each row alone. What may
//! follow what is said by a function that is given; it is asked inside the change, so that of two events at once the second one sees
//! the first. Nothing is overwritten.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use underpin_model::engagement::{
    CaseContact, DisclosureAct, DisclosureEvent, DisclosureId, DisclosureRecord, StatedContact,
};
use underpin_model::limits::bounds::CONTACT_FIELD_BYTES;
use underpin_model::people::Act;
use underpin_model::{Timestamp, Viewer};

use crate::access::Access;
use crate::change::Change;
use crate::conversation_rows::{body_of, for_chain};
use crate::conversations::number;
use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::{damaged, json_of, told_event};
use crate::ledger::{Reader, Writer};
use crate::registry::indexed;
use crate::value::values;
use crate::{LedgerError, STILL};

/// A case to open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewDisclosure {
    /// Key of the project that is the vendor.
    pub project: String,
    /// What it is called inside.
    pub title: String,
    /// Who is let into this compartment knows of the case.
    pub compartment: String,
}

/// Something that happened or was done in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDisclosureEvent {
    /// What.
    pub what: DisclosureAct,
    /// Until when the embargo is to hold, where one is proposed.
    pub until: Option<Timestamp>,
    /// A note; may be empty.
    pub note: String,
}

/// What follows by itself on an event, or why the event cannot follow on what happened before.
pub type Follows<'f> =
    Box<dyn FnOnce(&DisclosureRecord, &DisclosureEvent) -> Result<Vec<DisclosureAct>, String> + Send + 'f>;

#[derive(Serialize, Deserialize)]
struct Opening {
    title: String,
}

#[derive(Serialize, Deserialize)]
struct EventBody {
    what: DisclosureAct,
    until: Option<Timestamp>,
    note: String,
    is_by_itself: bool,
}

/// A line of a case as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Event(EventBody),
    Contact { contact: StatedContact },
}

impl Reader {
    /// Cases that the viewer is let into, by number, with what had happened by a moment.
    ///
    /// # Errors
    /// What the database says.
    pub async fn disclosures(&self, as_of: Timestamp) -> Result<Vec<DisclosureRecord>, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let all = read(&mut session, as_of).await?;
        Ok(all.into_values().filter(|record| sees(&self.viewer, &access, record)).collect())
    }
}

impl Writer {
    /// Opens a case; its number.
    ///
    /// # Errors
    /// [`LedgerError::InvalidDisclosure`], [`LedgerError::TooLong`], [`LedgerError::NotAllowed`] for who does not lead for the whole
    /// government or is not let into the compartment, and what the database says.
    pub async fn open_disclosure(&self, at: Timestamp, new: NewDisclosure) -> Result<DisclosureId, LedgerError> {
        check(&new)?;
        let mut change = self.change(at, "open a case").await?;
        let access = change.access().await?;
        if access.is_some_and(|access| !access.may_everywhere(Act::Lead) || !access.opens_compartment(&new.compartment))
        {
            return Err(change.refuse("open a case of disclosure"));
        }
        let id = DisclosureId(number(&mut change.session, ("disclosure", "disclosure"), &new.compartment).await?);
        let body = body_of(&mut change.session, &new.compartment, &Opening { title: new.title }).await?;
        let sql = "INSERT INTO disclosure (number, project, compartment, body, actor, opened, revision) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let row =
            values![id.0, &new.project, &new.compartment, body.to_string(), change.actor(), change.at, change.revision];
        change.session.execute(sql, row).await?;
        let told = opened_row(&new.project, &new.compartment, body, (change.actor(), change.at));
        change.note("open-disclosure", subject(id), None, Some(for_chain(&new.compartment, told)));
        change.commit().await?;
        Ok(id)
    }

    /// Writes down what happened in a case, with what follows by itself. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::UnknownDisclosure`], [`LedgerError::InvalidDisclosure`] for what cannot follow, [`LedgerError::TooLong`],
    /// [`LedgerError::NotAllowed`], and what the database says.
    pub async fn note_disclosure(
        &self,
        at: Timestamp,
        id: DisclosureId,
        new: NewDisclosureEvent,
        follows: Follows<'_>,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "write in a case").await?;
        let record = governed(&mut change, id).await?;
        if new.note.len() > CONTACT_FIELD_BYTES {
            return Err(too_long("a note in a case", new.note.len(), CONTACT_FIELD_BYTES));
        }
        let event = DisclosureEvent {
            what: new.what,
            until: new.until,
            note: new.note.trim().to_owned(),
            is_by_itself: false,
            actor: change.actor().to_owned(),
            at: change.at,
        };
        let more = follows(&record, &event).map_err(LedgerError::InvalidDisclosure)?;
        let mut position = lines(&record);
        write(&mut change, &record, position, &Line::of(&event)).await?;
        for what in more {
            position += 1;
            let event = DisclosureEvent { what, until: None, note: String::new(), is_by_itself: true, ..event.clone() };
            write(&mut change, &record, position, &Line::of(&event)).await?;
        }
        change.commit().await
    }

    /// Writes down how the project of a case wants to be approached in it, for the compartment alone. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::UnknownDisclosure`], [`LedgerError::InvalidDisclosure`] for what says nothing, says that the project wants no
    /// contact (which is no secret) or is not of one line, [`LedgerError::TooLong`], [`LedgerError::NotAllowed`], and what the database
    /// says.
    pub async fn note_case_contact(
        &self,
        at: Timestamp,
        id: DisclosureId,
        contact: StatedContact,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "write in a case").await?;
        let record = governed(&mut change, id).await?;
        check_contact(&contact)?;
        let position = lines(&record);
        write(&mut change, &record, position, &Line::Contact { contact }).await?;
        change.commit().await
    }
}

/// Refuses what can be no case.
fn check(new: &NewDisclosure) -> Result<(), LedgerError> {
    for (field, text) in
        [("the project", &new.project), ("the title", &new.title), ("the compartment", &new.compartment)]
    {
        indexed(field, text)?;
        if text.trim().is_empty() || text.trim() != text || text.contains(char::is_control) {
            return Err(LedgerError::InvalidDisclosure(format!("{field} is a text of one line")));
        }
    }
    Ok(())
}

/// Refuses what cannot be said of how a project wants to be approached in a case.
fn check_contact(contact: &StatedContact) -> Result<(), LedgerError> {
    let invalid = |why: &str| Err(LedgerError::InvalidDisclosure(why.to_owned()));
    if contact.is_empty() {
        return invalid("it says nothing of how the project wants to be approached");
    }
    if contact.is_opted_out.is_some() {
        return invalid("whether a project wants contact is no secret: write it down for everybody");
    }
    for (_, text) in contact.entries() {
        if text.trim().is_empty() || text.contains(char::is_control) {
            return invalid("an address is a text of one line");
        }
        if text.len() > CONTACT_FIELD_BYTES {
            return Err(too_long("an address", text.len(), CONTACT_FIELD_BYTES));
        }
    }
    Ok(())
}

/// How many lines a case has.
fn lines(record: &DisclosureRecord) -> usize {
    record.events.len() + record.contacts.len()
}

impl Line {
    fn of(event: &DisclosureEvent) -> Self {
        let note = event.note.clone();
        Self::Event(EventBody { what: event.what, until: event.until, note, is_by_itself: event.is_by_itself })
    }
}

/// Who is let into its compartment and reads anything.
fn sees(viewer: &Viewer, access: &Access, record: &DisclosureRecord) -> bool {
    access.opens_compartment(&record.compartment) && (viewer.is_operator() || viewer.may(Act::Read))
}

/// The case, if the viewer may write in it.
async fn governed(change: &mut Change, id: DisclosureId) -> Result<DisclosureRecord, LedgerError> {
    let record = read(&mut change.session, Timestamp(STILL)).await?.remove(&id);
    let record = record.ok_or(LedgerError::UnknownDisclosure(id))?;
    match change.access().await? {
        Some(access) if !sees(&change.viewer, &access, &record) => Err(LedgerError::UnknownDisclosure(id)),
        Some(access) if !access.may_everywhere(Act::Lead) => Err(change.refuse(&format!("write in case {id}"))),
        _ => Ok(record),
    }
}

/// The project and the compartment of a case, whoever asks: the caller holds them against what the viewer may know.
pub(crate) async fn place_of(session: &mut Session, id: DisclosureId) -> Result<Option<(String, String)>, LedgerError> {
    let row = session.row("SELECT project, compartment FROM disclosure WHERE number = $1", values![id.0]).await?;
    row.map(|row| Ok((row.text(0)?, row.text(1)?))).transpose()
}

async fn write(
    change: &mut Change,
    record: &DisclosureRecord,
    position: usize,
    line: &Line,
) -> Result<(), LedgerError> {
    let body = body_of(&mut change.session, &record.compartment, line).await?;
    let sql = "INSERT INTO disclosure_event (number, position, body, actor, moment, revision) VALUES ($1, $2, $3, $4, $5, $6)";
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    let row = values![record.id.0, position, body.to_string(), change.actor(), change.at, change.revision];
    change.session.execute(sql, row).await?;
    let told = told_event(&body, change.actor(), change.at);
    change.note("change-disclosure", subject(record.id), None, Some(for_chain(&record.compartment, told)));
    Ok(())
}

async fn read(
    session: &mut Session,
    as_of: Timestamp,
) -> Result<BTreeMap<DisclosureId, DisclosureRecord>, LedgerError> {
    let mut records = BTreeMap::new();
    let sql = "SELECT number, project, compartment, body, actor, opened FROM disclosure WHERE opened <= $1";
    session
        .each(sql, values![as_of], |row| {
            let id = DisclosureId(row.integer(0)?);
            let opening: Opening = stored(json_of(&row, 3, &subject(id))?, id)?;
            let record = DisclosureRecord {
                id,
                project: row.text(1)?,
                title: opening.title,
                compartment: row.text(2)?,
                opened_by: row.text(4)?,
                opened: row.timestamp(5)?,
                events: Vec::new(),
                contacts: Vec::new(),
            };
            records.insert(id, record);
            Ok(())
        })
        .await?;
    let sql = "SELECT number, body, actor, moment FROM disclosure_event WHERE moment <= $1 ORDER BY number, position";
    session
        .each(sql, values![as_of], |row| {
            let id = DisclosureId(row.integer(0)?);
            let (actor, at) = (row.text(2)?, row.timestamp(3)?);
            let Some(record) = records.get_mut(&id) else { return Ok(()) };
            match stored(json_of(&row, 1, &subject(id))?, id)? {
                Line::Event(EventBody { what, until, note, is_by_itself }) => {
                    record.events.push(DisclosureEvent { what, until, note, is_by_itself, actor, at });
                }
                Line::Contact { contact } => record.contacts.push(CaseContact { contact, actor, at }),
            }
            Ok(())
        })
        .await?;
    Ok(records)
}

fn stored<T: serde::de::DeserializeOwned>(body: Json, id: DisclosureId) -> Result<T, LedgerError> {
    serde_json::from_value(body).map_err(|error| damaged(&subject(id), &error))
}

/// What a case is called in the audit chain.
fn subject(id: DisclosureId) -> String {
    format!("disclosure {id}")
}

fn opened_row(project: &str, compartment: &str, body: Json, (actor, at): (&str, Timestamp)) -> Json {
    serde_json::json!({ "project": project, "compartment": compartment, "what": body, "by": actor, "at": at.0 })
}

/// What the audit chain calls cases that the viewer is not let into.
pub(crate) async fn hidden(session: &mut Session, access: &Access) -> Result<HashSet<String>, LedgerError> {
    let rows = session.rows("SELECT number, compartment FROM disclosure", vec![]).await?;
    let mut hidden = HashSet::new();
    for row in &rows {
        if !access.opens_compartment(row.text_ref(1)?) {
            hidden.insert(subject(DisclosureId(row.integer(0)?)));
        }
    }
    Ok(hidden)
}

/// All that was ever written of cases, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    let mut compartments: BTreeMap<i64, String> = BTreeMap::new();
    let sql = "SELECT number, project, compartment, body, actor, opened, revision FROM disclosure";
    session
        .each(sql, vec![], |row| {
            let (number, compartment) = (row.integer(0)?, row.text(2)?);
            let body = serde_json::from_str(row.text_ref(3)?).unwrap_or_default();
            let told = opened_row(row.text_ref(1)?, &compartment, body, (row.text_ref(4)?, row.timestamp(5)?));
            lines.push((subject(DisclosureId(number)), row.integer(6)?, for_chain(&compartment, told)));
            compartments.insert(number, compartment);
            Ok(())
        })
        .await?;
    session
        .each("SELECT number, body, actor, moment, revision FROM disclosure_event", vec![], |row| {
            let number = row.integer(0)?;
            let body = serde_json::from_str(row.text_ref(1)?).unwrap_or_default();
            let told = told_event(&body, row.text_ref(2)?, row.timestamp(3)?);
            let compartment = compartments.get(&number).map(String::as_str).unwrap_or_default();
            lines.push((subject(DisclosureId(number)), row.integer(4)?, for_chain(compartment, told)));
            Ok(())
        })
        .await?;
    Ok(lines)
}
