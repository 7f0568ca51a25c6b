// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The log of requests of authorities: who asked what and when, and what was answered. Nothing is overwritten: a correction is a remark.
//!
//! A request is of an agency or of the office. It is seen by who leads or audits there, and written by who leads there.

use serde_json::{Value as Json, json};
use underpin_model::Timestamp;
use underpin_model::law::AuthorityEvent;
use underpin_model::limits::bounds::{LAW_EVIDENCE, LAW_FIELD_BYTES, LAW_TEXT_BYTES};
use underpin_model::people::Act;
use underpin_model::registry::AgencyId;
use underpin_model::watch::Place;

use crate::access::Access;
use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::{check_place, damaged, json_of, may, told_event};
use crate::ledger::{Reader, Writer, next_number};
use crate::value::values;
use crate::{LedgerError, STILL};

const COLUMNS: &str = "number, request, body, actor, moment, revision";

/// A request with everything that happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityRequestRecord {
    /// Its number.
    pub request: i64,
    /// Whose it is; `None` for the office's own.
    pub agency: Option<AgencyId>,
    /// What happened, in order: who said it, when.
    pub events: Vec<(AuthorityEvent, String, Timestamp)>,
}

impl AuthorityRequestRecord {
    fn place(&self) -> Place {
        self.agency.clone().map_or(Place::Government, Place::Agency)
    }
}

impl Reader {
    /// Requests as they stood at a moment, by number. The right is that of today.
    ///
    /// # Errors
    /// What the database says.
    pub async fn authority_requests(&self, as_of: Timestamp) -> Result<Vec<AuthorityRequestRecord>, LedgerError> {
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let mut found = read(&mut session, as_of).await?;
        found.retain(|record| sees(&access, &record.place()));
        Ok(found)
    }
}

impl Writer {
    /// Writes down that an authority asked. Returns the number of the request.
    ///
    /// # Errors
    /// [`LedgerError::InvalidAuthorityRequest`], [`LedgerError::TooLong`], [`LedgerError::UnknownAgency`], [`LedgerError::NotAllowed`],
    /// and what the database says.
    pub async fn note_authority_request(&self, at: Timestamp, event: AuthorityEvent) -> Result<i64, LedgerError> {
        let AuthorityEvent::Asked { agency, .. } = &event else {
            return Err(invalid("a request begins with who asked"));
        };
        let place = agency.clone().map_or(Place::Government, Place::Agency);
        self.note_authority(at, None, place, event).await
    }

    /// Writes down what happened to a request.
    ///
    /// # Errors
    /// [`LedgerError::UnknownAuthorityRequest`], and as [`Self::note_authority_request`].
    pub async fn note_authority_event(
        &self,
        at: Timestamp,
        request: i64,
        event: AuthorityEvent,
    ) -> Result<i64, LedgerError> {
        if matches!(event, AuthorityEvent::Asked { .. }) {
            return Err(invalid("this request was asked already"));
        }
        self.note_authority(at, Some(request), Place::Government, event).await
    }

    async fn note_authority(
        &self,
        at: Timestamp,
        request: Option<i64>,
        place: Place,
        event: AuthorityEvent,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "write down a request of an authority").await?;
        check(&event, change.at)?;
        let access = change.access().await?;
        let place = match request {
            None => place,
            Some(number) => {
                let known = read(&mut change.session, Timestamp(STILL)).await?;
                let known = known.into_iter().find(|record| record.request == number).map(|record| record.place());
                let seen = known.filter(|place| access.as_ref().is_none_or(|access| sees(access, place)));
                seen.ok_or(LedgerError::UnknownAuthorityRequest(number))?
            }
        };
        if !may(access.as_ref(), Act::Lead, &place) {
            return Err(change.refuse("write into the log of requests of authorities there"));
        }
        // After the right: who may not write there does not learn whether there is such an agency.
        if request.is_none() {
            check_place(&mut change, &place, "the request").await?;
        }
        let number = next_number(&mut change.session, "authority-request", 1).await?;
        let request = request.unwrap_or(number);
        let body = json!(event);
        let sql = format!("INSERT INTO authority_request ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6)");
        let (moment, revision) = (change.at, change.revision);
        let row = values![number, request, body.to_string(), change.actor(), moment, revision];
        change.session.execute(&sql, row).await?;
        let after = told_event(&body, change.actor(), change.at);
        change.note("note-authority-request", subject(request), None, Some(after));
        change.commit().await?;
        Ok(request)
    }
}

fn sees(access: &Access, place: &Place) -> bool {
    access.may(Act::Lead, place) || access.may(Act::Audit, place)
}

fn invalid(why: &str) -> LedgerError {
    LedgerError::InvalidAuthorityRequest(why.to_owned())
}

fn check(event: &AuthorityEvent, now: Timestamp) -> Result<(), LedgerError> {
    let (lines, text, at) = match event {
        AuthorityEvent::Asked { authority, about, at, reference, .. } => {
            if authority.trim().is_empty() {
                return Err(invalid("it does not say who asked"));
            }
            (vec![authority, reference], about, *at)
        }
        AuthorityEvent::Answered { with, at, evidence } => {
            if evidence.len() > LAW_EVIDENCE {
                return Err(too_long("the list of evidence", evidence.len(), LAW_EVIDENCE));
            }
            (evidence.iter().map(|one| &one.name).collect(), with, *at)
        }
        AuthorityEvent::Remark { text } => (Vec::new(), text, now),
    };
    if text.trim().is_empty() {
        return Err(invalid("it says nothing"));
    }
    if text.contains(|letter: char| letter.is_control() && letter != '\n')
        || lines.iter().any(|line| line.contains(char::is_control))
    {
        return Err(invalid("it is plain text, and a name is one line"));
    }
    if at > now {
        return Err(invalid("what happened cannot lie in the future"));
    }
    if text.len() > LAW_TEXT_BYTES {
        return Err(too_long("what is said of a request", text.len(), LAW_TEXT_BYTES));
    }
    match lines.iter().find(|line| line.len() > LAW_FIELD_BYTES) {
        Some(line) => Err(too_long("a name in a request", line.len(), LAW_FIELD_BYTES)),
        None => Ok(()),
    }
}

/// What a request is called in the audit chain.
fn subject(request: i64) -> String {
    format!("authority-request {request}")
}

async fn read(session: &mut Session, as_of: Timestamp) -> Result<Vec<AuthorityRequestRecord>, LedgerError> {
    let mut found: Vec<AuthorityRequestRecord> = Vec::new();
    let sql = format!("SELECT {COLUMNS} FROM authority_request WHERE moment <= $1 ORDER BY request, number");
    session
        .each(&sql, values![as_of], |row| {
            let request = row.integer(1)?;
            let name = subject(request);
            let event: AuthorityEvent =
                serde_json::from_value(json_of(&row, 2, &name)?).map_err(|error| damaged(&name, &error))?;
            if found.last().is_none_or(|last| last.request != request) {
                let agency = match &event {
                    AuthorityEvent::Asked { agency, .. } => agency.clone(),
                    _ => None,
                };
                found.push(AuthorityRequestRecord { request, agency, events: Vec::new() });
            }
            let told = (event, row.text(3)?, row.timestamp(4)?);
            if let Some(last) = found.last_mut() {
                last.events.push(told);
            }
            Ok(())
        })
        .await?;
    Ok(found)
}

/// All that was ever said, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    session
        .each("SELECT request, body, actor, moment, revision FROM authority_request", vec![], |row| {
            let body: Json = serde_json::from_str(row.text_ref(1)?).unwrap_or_default();
            let told = told_event(&body, row.text_ref(2)?, row.timestamp(3)?);
            lines.push((subject(row.integer(0)?), row.integer(4)?, told));
            Ok(())
        })
        .await?;
    Ok(lines)
}
