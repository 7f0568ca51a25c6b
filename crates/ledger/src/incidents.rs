// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Incidents. What was opened never changes; what happened to it stands beside it, with who and when, so that any moment can be
//! asked about. Who is hit is not here: that follows from evidence.
//!
//! An incident is seen up to its classification, by whoever leads where it is, and by whoever sees the place of one of its
//! tasks; how far it may be passed on narrows that as it does for advisories of the office. It is opened and changed by whoever may
//! lead at its place.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use underpin_model::incidents::{Incident, IncidentId, Scope, Step};
use underpin_model::limits::bounds::INCIDENT_TITLE_BYTES;
use underpin_model::people::Act;
use underpin_model::registry::Classification;
use underpin_model::watch::{Place, Tlp};
use underpin_model::{DocumentId, Timestamp, Viewer};

use crate::access::Access;
use crate::audit::AuditEntry;
use crate::change::Change;
use crate::database::Session;
use crate::incident_events::{IncidentChange, agrees, check_title, fitting, happen, too_long};
use crate::ledger::{Reader, Writer, next_number};
use crate::standings::secrecy;
use crate::tasks::{self, NewTask, Which};
use crate::value::{Row, Value, values, without_nul};
use crate::{LedgerError, STILL, bulk, references, versions};

/// An incident to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIncident {
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub scope: Scope,
    /// Whose it is.
    pub place: Place,
    /// How far it may be passed on.
    pub tlp: Tlp,
    /// Who may know of it.
    pub classification: Classification,
    /// What is practised, where it is a drill.
    pub drill_of: Option<String>,
    /// By when nothing should be hit any more.
    pub target: Option<Timestamp>,
}

/// An incident as stored.
#[derive(Serialize, Deserialize)]
struct Body {
    title: String,
    scope: Scope,
    place: Place,
    tlp: Tlp,
    classification: Classification,
    drill_of: Option<String>,
    target: Option<Timestamp>,
    last_document: DocumentId,
    actor: String,
}

impl Reader {
    /// All incidents opened by then that the viewer may see, by number, with what had happened to them by then.
    ///
    /// # Errors
    /// What the database says.
    pub async fn incidents(&self, as_of: Timestamp) -> Result<Vec<Incident>, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let places = places(&mut session, None).await?;
        let now: HashMap<IncidentId, Incident> =
            read(&mut session, None, Timestamp(STILL)).await?.into_iter().map(|one| (one.id, one)).collect();
        let mut incidents = read(&mut session, None, as_of).await?;
        let none = Vec::new();
        incidents.retain(|then| {
            let places = places.get(&then.id).unwrap_or(&none);
            let seen = |one: &Incident| is_seen(&access, one, places);
            seen(then) && now.get(&then.id).is_some_and(seen)
        });
        Ok(incidents)
    }

    /// The entries of the audit chain about an incident and those of its tasks that the viewer may see, oldest first.
    ///
    /// # Errors
    /// [`LedgerError::UnknownIncident`], also for one out of sight; what the database says.
    pub async fn incident_trail(&self, id: IncidentId) -> Result<Vec<AuditEntry>, LedgerError> {
        let tasks = self.tasks(Which::Incident(id), Timestamp(STILL)).await?;
        let known = self.incidents(Timestamp(STILL)).await?.into_iter().any(|incident| incident.id == id);
        if !known {
            return Err(LedgerError::UnknownIncident(id));
        }
        let subjects = tasks.iter().map(|task| tasks::subject(task.id)).chain([subject(id)]);
        let subjects: Vec<Value> = subjects.map(Value::from).collect();
        let mut session = self.pool.read().await?;
        let mut entries = Vec::new();
        let head = format!("SELECT {} WHERE subject IN", crate::audit::COLUMNS);
        bulk::select_in(&mut session, &head, "", vec![], &subjects, |row| {
            entries.push(AuditEntry::from_row(&row)?);
            Ok(())
        })
        .await?;
        entries.sort_unstable_by_key(|entry| entry.sequence);
        Ok(entries)
    }
}

impl Writer {
    /// Opens an incident, with its first tasks, all or nothing.
    ///
    /// # Errors
    /// [`LedgerError::InvalidIncident`], [`LedgerError::TooLong`], [`LedgerError::UnknownAgency`] and
    /// [`LedgerError::UnknownSystem`] for places that are not there or out of sight, [`LedgerError::NotAllowed`] for who may not
    /// lead there or could not see it afterwards, and what the database says.
    pub async fn open_incident(
        &self,
        at: Timestamp,
        new: NewIncident,
        first: Vec<NewTask>,
    ) -> Result<IncidentId, LedgerError> {
        let mut change = self.change(at, "open an incident").await?;
        check(&new)?;
        check_place(&mut change, &new.place, "the incident").await?;
        let access = change.access().await?;
        if !may(access.as_ref(), Act::Lead, &new.place) {
            return Err(change.refuse("open an incident there"));
        }
        let last = change.session.row("SELECT MAX(id) FROM document", vec![]).await?;
        let last = last.map(|row| row.optional_integer(0)).transpose()?.flatten().unwrap_or(0);
        let id = IncidentId(next_number(&mut change.session, "incident", 1).await?);
        let body = Body {
            title: without_nul(new.title.trim().to_owned()),
            scope: new.scope,
            place: new.place,
            tlp: new.tlp,
            classification: new.classification,
            drill_of: new.drill_of,
            target: new.target,
            last_document: DocumentId(last),
            actor: change.actor().to_owned(),
        };
        let body = json!(body);
        let opened = incident(id, &body, change.at, change.revision)?;
        if access.as_ref().is_some_and(|access| !is_seen(access, &opened, &[])) {
            return Err(change.refuse("open an incident that is out of its own sight"));
        }
        let sql = "INSERT INTO incident (number, body, opened, revision) VALUES ($1, $2, $3, $4)";
        change.session.execute(sql, values![id.0, body.to_string(), change.at, change.revision]).await?;
        change.note("open-incident", subject(id), None, Some(body));
        tasks::make(&mut change, Some(&opened), None, first).await?;
        change.commit().await?;
        Ok(id)
    }

    /// Changes an incident. Returns the ledger's revision; the old one where it is so already. `expected` is the revision of the
    /// incident that the change was made for.
    ///
    /// # Errors
    /// [`LedgerError::UnknownIncident`], [`LedgerError::NotAllowed`], [`LedgerError::IncidentMoved`],
    /// [`LedgerError::InvalidIncident`] for what cannot follow, [`LedgerError::EmptyReason`],
    /// [`LedgerError::SameCloser`] where a second person is needed, and what the database says.
    pub async fn change_incident(
        &self,
        at: Timestamp,
        id: IncidentId,
        what: IncidentChange,
        expected: Option<i64>,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "change an incident").await?;
        let (before, access) = governed(&mut change, id).await?;
        if expected.is_some_and(|expected| expected != before.revision) {
            return Err(LedgerError::IncidentMoved(id));
        }
        let act = if agrees(&before, &what) { Act::Approve } else { Act::Lead };
        if !may(access.as_ref(), act, &before.place) {
            return Err(change.refuse(&format!("change incident {id} so")));
        }
        let what = fitting(&before, what, change.actor())?;
        let Some(what) = what else { return change.commit().await };
        let body = json!(what);
        let mut after = before.clone();
        happen(&mut after, what, change.actor(), change.at, change.revision);
        let none = places(&mut change.session, Some(id)).await?.remove(&id).unwrap_or_default();
        if access.as_ref().is_some_and(|access| !is_seen(access, &after, &none)) {
            return Err(change.refuse("put an incident out of its own sight"));
        }
        let row = values![id.0, body.to_string(), change.actor(), change.at, change.revision];
        let head = "INSERT INTO incident_event (incident, body, actor, moment, revision)";
        bulk::insert(&mut change.session, head, 5, "", row).await?;
        let after = told_event(&body, change.actor(), change.at);
        change.note("change-incident", subject(id), None, Some(after));
        change.commit().await
    }
}

/// Whether the viewer of a change may do this at a place.
pub(crate) fn may(access: Option<&Access>, act: Act, place: &Place) -> bool {
    access.is_none_or(|access| access.may(act, place))
}

/// Whether the viewer may see an incident that has tasks at these places.
fn is_seen(access: &Access, incident: &Incident, places: &[Place]) -> bool {
    let told = |place: &Place| access.is_told_of(incident.tlp, secrecy(incident.classification), place);
    told(&incident.place) || places.iter().any(told)
}

/// The places of the tasks of incidents.
async fn places(session: &mut Session, of: Option<IncidentId>) -> Result<HashMap<IncidentId, Vec<Place>>, LedgerError> {
    let mut places: HashMap<IncidentId, Vec<Place>> = HashMap::new();
    let sql = "SELECT DISTINCT incident, place FROM task WHERE incident IS NOT NULL AND (incident = $1 OR $2 = 1)";
    session
        .each(sql, values![of.map_or(0, |id| id.0), of.is_none()], |row| {
            places.entry(IncidentId(row.integer(0)?)).or_default().push(tasks::place(&row, 1)?);
            Ok(())
        })
        .await?;
    Ok(places)
}

/// An incident that the viewer of a change may see, as it is now.
pub(crate) async fn governed(change: &mut Change, id: IncidentId) -> Result<(Incident, Option<Access>), LedgerError> {
    let access = change.access().await?;
    let found = read(&mut change.session, Some(id), Timestamp(STILL)).await?.pop();
    let found = found.ok_or(LedgerError::UnknownIncident(id))?;
    let places = places(&mut change.session, Some(id)).await?.remove(&id).unwrap_or_default();
    match access {
        Some(access) if !is_seen(&access, &found, &places) => Err(LedgerError::UnknownIncident(id)),
        access => Ok((found, access)),
    }
}

/// Incidents with what had happened to them by a moment, by number.
pub(crate) async fn read(
    session: &mut Session,
    only: Option<IncidentId>,
    as_of: Timestamp,
) -> Result<Vec<Incident>, LedgerError> {
    let mut incidents = Vec::new();
    let mut numbers = HashMap::new();
    let sql = "SELECT number, body, opened, revision FROM incident WHERE opened <= $1 AND (number = $2 OR $3 = 1) \
               ORDER BY number";
    let (one, all) = (only.map_or(0, |id| id.0), only.is_none());
    session
        .each(sql, values![as_of, one, all], |row| {
            let id = IncidentId(row.integer(0)?);
            numbers.insert(id, incidents.len());
            incidents.push(incident(id, &json_of(&row, 1, &subject(id))?, row.timestamp(2)?, row.integer(3)?)?);
            Ok(())
        })
        .await?;
    let sql = "SELECT incident, body, actor, moment, revision FROM incident_event WHERE moment <= $1 AND \
               (incident = $2 OR $3 = 1) ORDER BY revision";
    session
        .each(sql, values![as_of, one, all], |row| {
            let id = IncidentId(row.integer(0)?);
            let known = numbers.get(&id).and_then(|number| incidents.get_mut(*number));
            if let Some(known) = known {
                let body = json_of(&row, 1, &subject(id))?;
                let what = serde_json::from_value(body).map_err(|error| damaged(&subject(id), &error))?;
                happen(known, what, row.text_ref(2)?, row.timestamp(3)?, row.integer(4)?);
            }
            Ok(())
        })
        .await?;
    Ok(incidents)
}

fn incident(id: IncidentId, body: &Json, opened: Timestamp, revision: i64) -> Result<Incident, LedgerError> {
    let body: Body = serde_json::from_value(body.clone()).map_err(|error| damaged(&subject(id), &error))?;
    Ok(Incident {
        id,
        title: body.title,
        scope: body.scope,
        place: body.place,
        tlp: body.tlp,
        classification: body.classification,
        is_drill: body.drill_of.is_some(),
        drill_of: body.drill_of,
        opened,
        opened_by: body.actor,
        last_document: body.last_document,
        step: Step::Identify,
        target: body.target,
        closed: None,
        close_request: None,
        steps: Vec::new(),
        deadlines: Vec::new(),
        laps: Vec::new(),
        revision,
    })
}

fn check(new: &NewIncident) -> Result<(), LedgerError> {
    let invalid = |why: &str| Err(LedgerError::InvalidIncident(why.to_owned()));
    check_title(&new.title)?;
    let text = new.scope.query.text();
    if text.trim().is_empty() || text.contains(char::is_control) {
        return invalid("it asks for nothing");
    }
    if text.len() > INCIDENT_TITLE_BYTES {
        return Err(too_long("what an incident asks for", text.len(), INCIDENT_TITLE_BYTES));
    }
    if matches!((new.scope.from, new.scope.until), (Some(from), Some(until)) if until < from) {
        return invalid("its window ends before it begins");
    }
    if new.scope.from.is_none() && new.scope.until.is_some() {
        return invalid("its window has no beginning");
    }
    match new.place {
        Place::Government | Place::Agency(_) => Ok(()),
        _ => invalid("it belongs to an agency or to the whole government"),
    }
}

/// A place must be there, and within sight.
pub(crate) async fn check_place(change: &mut Change, place: &Place, by: &str) -> Result<(), LedgerError> {
    let Place::Agency(agency) = place else { return Ok(()) };
    let keys = [Value::from(&agency.0)];
    let known = versions::existing(&mut change.session, versions::Kind::Agency, &keys, None).await?;
    let access = change.access().await?;
    if known.contains(&agency.0) && access.is_none_or(|access| access.sees_agency(&agency.0)) {
        return Ok(());
    }
    Err(references::unknown(versions::Kind::Agency, &agency.0, by))
}

/// What an incident is called in the audit chain.
pub(crate) fn subject(id: IncidentId) -> String {
    format!("incident {id}")
}

pub(crate) fn damaged(place: &str, error: &serde_json::Error) -> LedgerError {
    LedgerError::Damaged { place: format!("the stored {place}"), detail: error.to_string() }
}

/// JSON in a column.
pub(crate) fn json_of(row: &Row, column: usize, place: &str) -> Result<Json, LedgerError> {
    serde_json::from_str(row.text_ref(column)?).map_err(|error| damaged(place, &error))
}

/// What happened, as the audit chain keeps it.
pub(crate) fn told_event(body: &Json, actor: &str, at: Timestamp) -> Json {
    json!({ "what": body, "by": actor, "at": at.0 })
}

/// All that was ever written of incidents, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    session
        .each("SELECT number, body, revision FROM incident", vec![], |row| {
            let body = serde_json::from_str(row.text_ref(1)?).unwrap_or_default();
            lines.push((subject(IncidentId(row.integer(0)?)), row.integer(2)?, body));
            Ok(())
        })
        .await?;
    session
        .each("SELECT incident, body, actor, moment, revision FROM incident_event", vec![], |row| {
            let body = serde_json::from_str(row.text_ref(1)?).unwrap_or_default();
            let event = told_event(&body, row.text_ref(2)?, row.timestamp(3)?);
            lines.push((subject(IncidentId(row.integer(0)?)), row.integer(4)?, event));
            Ok(())
        })
        .await?;
    Ok(lines)
}
