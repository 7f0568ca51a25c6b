// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rounds of collection. What was opened never changes; what happened to it stands beside it. What a round asks for are tasks, one a
//! system (`tasks.rs`).
//!
//! A round is seen by whoever sees its place or that of one of its tasks. It is opened and changed by whoever may lead at its place.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use underpin_model::incidents::{RoundId, TaskId};
use underpin_model::limits::bounds::INCIDENT_TEXT_BYTES;
use underpin_model::people::Act;
use underpin_model::rounds::{Round, RoundAsks};
use underpin_model::watch::Place;
use underpin_model::{DocumentId, Timestamp, Viewer};

use crate::access::Access;
use crate::change::Change;
use crate::database::Session;
use crate::incident_events::{check_title, too_long};
use crate::incidents::{check_place, damaged, json_of, may, told_event};
use crate::ledger::{Reader, Writer, next_number};
use crate::tasks::{self, NewTask};
use crate::value::{values, without_nul};
use crate::{LedgerError, STILL};

/// Days before the day when those who have not answered are reminded, at most.
const REMIND_DAYS: u32 = 365;

/// A round to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRound {
    /// What it is called.
    pub title: String,
    /// What the letters say besides.
    pub text: String,
    /// Language of its letters: `en` or `de`.
    pub language: String,
    /// Whom it asks.
    pub asks: RoundAsks,
    /// Whose systems.
    pub place: Place,
    /// By when.
    pub due: Timestamp,
    /// Days before that day when those who have not answered are reminded; 0 for never.
    pub remind_days: u32,
}

/// What can happen to a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum RoundChange {
    /// Everybody who has not answered is reminded.
    Remind,
    /// It is over.
    Close {
        /// What is to be said at the end.
        reason: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Body {
    title: String,
    text: String,
    language: String,
    asks: RoundAsks,
    place: Place,
    due: Timestamp,
    remind_days: u32,
    last_document: DocumentId,
    actor: String,
}

impl Reader {
    /// All rounds opened by then that the viewer may see, by number, with what had happened to them by then.
    ///
    /// # Errors
    /// What the database says.
    pub async fn rounds(&self, as_of: Timestamp) -> Result<Vec<Round>, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let places = places(&mut session, None).await?;
        let none = Vec::new();
        let mut rounds = read(&mut session, None, as_of).await?;
        rounds.retain(|round| is_seen(&access, round, places.get(&round.id).unwrap_or(&none)));
        Ok(rounds)
    }
}

impl Reader {
    /// Whether the viewer may do this at a place.
    ///
    /// # Errors
    /// What the database says.
    pub async fn may(&self, act: Act, place: &Place) -> Result<bool, LedgerError> {
        let mut session = self.pool.read().await?;
        Ok(self.access(&mut session).await?.may(act, place))
    }
}

impl Writer {
    /// Opens a round, with what it asks for, all or nothing; its number and the tasks.
    ///
    /// # Errors
    /// [`LedgerError::InvalidRound`], [`LedgerError::TooLong`], [`LedgerError::UnknownAgency`] and
    /// [`LedgerError::UnknownSystem`] for places that are not there or out of sight, [`LedgerError::NotAllowed`] for who may not
    /// lead there, and what the database says.
    pub async fn open_round(
        &self,
        at: Timestamp,
        new: NewRound,
        first: Vec<NewTask>,
    ) -> Result<(RoundId, Vec<TaskId>), LedgerError> {
        let mut change = self.change(at, "open a round").await?;
        check(&new, change.at)?;
        check_place(&mut change, &new.place, "the round").await?;
        let access = change.access().await?;
        if !may(access.as_ref(), Act::Lead, &new.place) {
            return Err(change.refuse("open a round there"));
        }
        let last = change.session.row("SELECT MAX(id) FROM document", vec![]).await?;
        let last = last.map(|row| row.optional_integer(0)).transpose()?.flatten().unwrap_or(0);
        let id = RoundId(next_number(&mut change.session, "round", 1).await?);
        let body = json!(Body {
            title: without_nul(new.title.trim().to_owned()),
            text: without_nul(new.text.trim().to_owned()),
            language: new.language,
            asks: new.asks,
            place: new.place,
            due: new.due,
            remind_days: new.remind_days,
            last_document: DocumentId(last),
            actor: change.actor().to_owned(),
        });
        let sql = "INSERT INTO collection_round (number, body, opened, revision) VALUES ($1, $2, $3, $4)";
        change.session.execute(sql, values![id.0, body.to_string(), change.at, change.revision]).await?;
        change.note("open-round", subject(id), None, Some(body));
        let made = tasks::make(&mut change, None, Some(id.0), first).await?;
        change.commit().await?;
        Ok((id, made))
    }

    /// Changes a round. Returns the ledger's revision; the old one where it is so already.
    ///
    /// # Errors
    /// [`LedgerError::UnknownRound`], [`LedgerError::NotAllowed`], [`LedgerError::InvalidRound`] for what cannot follow,
    /// [`LedgerError::EmptyReason`], and what the database says.
    pub async fn change_round(&self, at: Timestamp, id: RoundId, what: RoundChange) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "change a round").await?;
        let before = governed(&mut change, id).await?;
        let access = change.access().await?;
        if !may(access.as_ref(), Act::Lead, &before.place) {
            return Err(change.refuse(&format!("change round {id}")));
        }
        if before.closed.is_some() {
            return Err(LedgerError::InvalidRound("it is closed".to_owned()));
        }
        if let RoundChange::Close { reason } = &what {
            if reason.trim().is_empty() {
                return Err(LedgerError::EmptyReason);
            }
            if reason.len() > INCIDENT_TEXT_BYTES {
                return Err(too_long("why a round is closed", reason.len(), INCIDENT_TEXT_BYTES));
            }
        }
        let body = json!(what);
        let sql = "INSERT INTO round_event (number, body, actor, moment, revision) VALUES ($1, $2, $3, $4, $5)";
        let row = values![id.0, body.to_string(), change.actor(), change.at, change.revision];
        change.session.execute(sql, row).await?;
        let after = told_event(&body, change.actor(), change.at);
        change.note("change-round", subject(id), None, Some(after));
        change.commit().await
    }
}

fn check(new: &NewRound, now: Timestamp) -> Result<(), LedgerError> {
    let invalid = |why: &str| Err(LedgerError::InvalidRound(why.to_owned()));
    if check_title(&new.title).is_err() {
        return invalid("it needs a title of one line");
    }
    if new.text.len() > INCIDENT_TEXT_BYTES {
        return Err(too_long("the text of a round", new.text.len(), INCIDENT_TEXT_BYTES));
    }
    if new.due <= now {
        return invalid("its day has passed");
    }
    if new.remind_days > REMIND_DAYS {
        return invalid("a reminder comes at most a year before");
    }
    match new.place {
        Place::Government | Place::Agency(_) => Ok(()),
        _ => invalid("it asks an agency or the whole government"),
    }
}

fn is_seen(access: &Access, round: &Round, places: &[Place]) -> bool {
    let seen = |place: &Place| access.may(Act::Read, place);
    seen(&round.place) || places.iter().any(seen)
}

/// The places of the tasks of rounds.
async fn places(session: &mut Session, of: Option<RoundId>) -> Result<HashMap<RoundId, Vec<Place>>, LedgerError> {
    let mut places: HashMap<RoundId, Vec<Place>> = HashMap::new();
    let sql = "SELECT DISTINCT round, place FROM task WHERE round IS NOT NULL AND (round = $1 OR $2 = 1)";
    session
        .each(sql, values![of.map_or(0, |id| id.0), of.is_none()], |row| {
            places.entry(RoundId(row.integer(0)?)).or_default().push(tasks::place(&row, 1)?);
            Ok(())
        })
        .await?;
    Ok(places)
}

async fn governed(change: &mut Change, id: RoundId) -> Result<Round, LedgerError> {
    let access = change.access().await?;
    let found = read(&mut change.session, Some(id), Timestamp(STILL)).await?.pop();
    let found = found.ok_or(LedgerError::UnknownRound(id))?;
    let places = places(&mut change.session, Some(id)).await?.remove(&id).unwrap_or_default();
    match access {
        Some(access) if !is_seen(&access, &found, &places) => Err(LedgerError::UnknownRound(id)),
        _ => Ok(found),
    }
}

/// Rounds with what had happened to them by a moment, by number.
async fn read(session: &mut Session, only: Option<RoundId>, as_of: Timestamp) -> Result<Vec<Round>, LedgerError> {
    let mut rounds: Vec<Round> = Vec::new();
    let sql = "SELECT number, body, opened, revision FROM collection_round WHERE opened <= $1 AND (number = $2 OR $3 = 1) \
               ORDER BY number";
    let (one, all) = (only.map_or(0, |id| id.0), only.is_none());
    session
        .each(sql, values![as_of, one, all], |row| {
            let id = RoundId(row.integer(0)?);
            let body = json_of(&row, 1, &subject(id))?;
            let body: Body = serde_json::from_value(body).map_err(|error| damaged(&subject(id), &error))?;
            rounds.push(round(id, body, row.timestamp(2)?, row.integer(3)?));
            Ok(())
        })
        .await?;
    let sql = "SELECT number, body, moment, revision FROM round_event WHERE moment <= $1 AND (number = $2 OR $3 = 1) \
               ORDER BY revision";
    session
        .each(sql, values![as_of, one, all], |row| {
            let id = RoundId(row.integer(0)?);
            if let Some(round) = rounds.iter_mut().find(|round| round.id == id) {
                let what = json_of(&row, 1, &subject(id))?;
                let what = serde_json::from_value(what).map_err(|error| damaged(&subject(id), &error))?;
                let at = row.timestamp(2)?;
                match what {
                    RoundChange::Remind => round.reminded.push(at),
                    RoundChange::Close { reason } => (round.closed, round.closed_because) = (Some(at), reason),
                }
                round.revision = row.integer(3)?;
            }
            Ok(())
        })
        .await?;
    Ok(rounds)
}

fn round(id: RoundId, body: Body, opened: Timestamp, revision: i64) -> Round {
    Round {
        id,
        title: body.title,
        text: body.text,
        language: body.language,
        asks: body.asks,
        place: body.place,
        due: body.due,
        remind_days: body.remind_days,
        opened,
        opened_by: body.actor,
        last_document: body.last_document,
        reminded: Vec::new(),
        closed: None,
        closed_because: String::new(),
        revision,
    }
}

/// What a round is called in the audit chain.
pub(crate) fn subject(id: RoundId) -> String {
    format!("round {id}")
}

/// All that was ever written of rounds, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    session
        .each("SELECT number, body, revision FROM collection_round", vec![], |row| {
            let body = serde_json::from_str(row.text_ref(1)?).unwrap_or_default();
            lines.push((subject(RoundId(row.integer(0)?)), row.integer(2)?, body));
            Ok(())
        })
        .await?;
    session
        .each("SELECT number, body, actor, moment, revision FROM round_event", vec![], |row| {
            let body = serde_json::from_str(row.text_ref(1)?).unwrap_or_default();
            let event = told_event(&body, row.text_ref(2)?, row.timestamp(3)?);
            lines.push((subject(RoundId(row.integer(0)?)), row.integer(4)?, event));
            Ok(())
        })
        .await?;
    Ok(lines)
}
