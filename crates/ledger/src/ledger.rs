// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The three handles: [`Ledger`] (can do nothing by itself), [`Reader`] and [`Writer`] (opened for a viewer).
//!
//! Their methods stand in the files of what they are about.

use std::sync::Arc;

use underpin_model::people::Act;
use underpin_model::{DocumentId, Limits, Timestamp, Viewer};

use crate::change::Announcer;
use crate::database::{Pool, Session};
use crate::jobs::Fence;
use crate::migrate::{SCHEMA_VERSION, migrate};
use crate::patience::Patience;
use crate::standings::KnownStandings;
use crate::value::{values, without_nul};
use crate::{LedgerError, Location};

/// An open ledger. Cheap to clone; all clones share the connections.
#[derive(Clone, Debug)]
pub struct Ledger {
    pub(crate) pool: Pool,
    pub(crate) standings: Arc<KnownStandings>,
    pub(crate) location: Location,
    /// The newest schema that it knows.
    pub(crate) known: i64,
    /// The job on whose behalf it writes, if any.
    pub(crate) fence: Option<Fence>,
}

/// Answers questions, as far as its viewer may see. Never waits for a writer.
#[derive(Clone, Debug)]
pub struct Reader {
    pub(crate) pool: Pool,
    pub(crate) standings: Arc<KnownStandings>,
    pub(crate) viewer: Viewer,
    /// The present, by which the viewer's rights are judged, whatever moment a question is about.
    pub(crate) now: Timestamp,
}

/// Makes changes, as far as its viewer may; each is signed with the actor's name. Writers take turns.
#[derive(Clone, Debug)]
pub struct Writer {
    pub(crate) pool: Pool,
    pub(crate) standings: Arc<KnownStandings>,
    pub(crate) announcer: Option<Announcer>,
    pub(crate) actor: String,
    pub(crate) viewer: Viewer,
    pub(crate) known: i64,
    pub(crate) fence: Option<Fence>,
}

impl Ledger {
    /// Opens a ledger, makes it when missing and brings it to the newest schema.
    ///
    /// # Errors
    /// [`LedgerError::Unreachable`], [`LedgerError::NewerSchema`], [`LedgerError::Busy`] and what the database says.
    pub async fn open(location: &Location, limits: &Limits) -> Result<Self, LedgerError> {
        Self::open_knowing(location, limits, SCHEMA_VERSION).await
    }

    /// The same as a program that knows only the first `schema` migrations: how an older version behaves beside this one.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_knowing(location: &Location, limits: &Limits, schema: i64) -> Result<Self, LedgerError> {
        let pool = Pool::open(location, limits).await?;
        migrate(&pool, schema).await?;
        Ok(Self { pool, standings: Arc::default(), location: location.clone(), known: schema, fence: None })
    }

    /// The same ledger, written on behalf of a job: every change checks in its own transaction that the job is still held.
    #[must_use]
    pub fn fenced(&self, fence: Fence) -> Self {
        Self { fence: Some(fence), ..self.clone() }
    }

    /// A handle for questions of this viewer. `now` is the present by the clock: the viewer's rights are those of that
    /// moment, never those of the moment that a question is about.
    pub fn reader(&self, viewer: Viewer, now: Timestamp) -> Reader {
        Reader { pool: self.pool.clone(), standings: Arc::clone(&self.standings), viewer, now }
    }

    /// A handle for questions of the operator, who sees everything at any time.
    pub fn operator_reader(&self) -> Reader {
        self.reader(Viewer::Operator, Timestamp::MAX)
    }

    /// A handle for changes by this viewer, signed by `actor` (a functional name or an account).
    pub fn writer(&self, actor: &str, viewer: Viewer) -> Writer {
        let actor = without_nul(actor.trim().to_owned());
        let (pool, standings) = (self.pool.clone(), Arc::clone(&self.standings));
        Writer { pool, standings, announcer: None, actor, viewer, known: self.known, fence: self.fence }
    }

    /// Where it lies; shown without the password.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Closes all connections of this handle and its clones. Dropping the last clone does the same, only later.
    pub async fn close(self) {
        self.pool.close().await;
    }
}

impl Reader {
    /// Refuses everybody but the operator.
    pub(crate) fn operator_only(&self, action: &str) -> Result<(), LedgerError> {
        operator_only(&self.viewer, action)
    }

    /// Number of the last change; 0 for a stranger and for an empty ledger. Equal numbers mean equal answers to equal
    /// questions.
    ///
    /// # Errors
    /// What the database says.
    pub async fn revision(&self) -> Result<i64, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(0);
        }
        let mut session = self.pool.read().await?;
        revision(&mut session).await
    }
}

impl Writer {
    /// The same, which announces each change before anybody can see it.
    #[must_use]
    pub fn announcing(self, announcer: Announcer) -> Self {
        Self { announcer: Some(announcer), ..self }
    }

    /// Reserves numbers for `count` documents and returns the first. Numbers are never given twice, used or not.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for who may hand in nothing, and what the database says.
    pub async fn reserve_documents(&self, count: u64) -> Result<DocumentId, LedgerError> {
        self.only_who_may(Act::HandIn, "reserve document numbers")?;
        // Numbers that are lost with an answer are given to nobody.
        let mut patience = Patience::default();
        loop {
            let error = match self.reserved("document", count).await {
                Ok(first) => return Ok(DocumentId(first)),
                Err(error) => error,
            };
            if !patience.allows(&error).await {
                return Err(error);
            }
        }
    }

    async fn reserved(&self, counter: &str, count: u64) -> Result<i64, LedgerError> {
        let mut session = self.pool.write().await?;
        let first = next_number(&mut session, counter, count).await?;
        session.commit().await?;
        Ok(first)
    }

    /// Refuses everybody but the operator.
    pub(crate) fn operator_only(&self, action: &str) -> Result<(), LedgerError> {
        operator_only(&self.viewer, action)
    }

    /// Refuses who may do this nowhere, before anything is read.
    pub(crate) fn only_who_may(&self, act: Act, action: &str) -> Result<(), LedgerError> {
        if self.viewer.may(act) { Ok(()) } else { Err(not_allowed(&self.viewer, action)) }
    }
}

/// Refuses everybody but the operator: for work on the ledger and the lake as a whole.
///
/// # Errors
/// [`LedgerError::NotAllowed`], naming the viewer and the action.
pub fn operator_only(viewer: &Viewer, action: &str) -> Result<(), LedgerError> {
    if viewer.is_operator() { Ok(()) } else { Err(not_allowed(viewer, action)) }
}

/// The refusal, naming the kind of viewer and the action.
pub(crate) fn not_allowed(viewer: &Viewer, action: &str) -> LedgerError {
    let viewer = match viewer {
        Viewer::Stranger => "a stranger",
        Viewer::Agency { .. } => "a viewer of an agency",
        Viewer::Analyst { .. } => "an analyst",
        Viewer::Member { .. } => "a member",
        Viewer::Operator => "the operator",
    };
    LedgerError::NotAllowed { viewer: viewer.to_owned(), action: action.to_owned() }
}

/// Number of the last change.
pub(crate) async fn revision(session: &mut Session) -> Result<i64, LedgerError> {
    let row = session.row("SELECT revision FROM ledger_state WHERE singleton = 1", vec![]).await?;
    row.ok_or_else(no_state)?.integer(0)
}

/// Takes `count` numbers from a counter; the first of them.
pub(crate) async fn next_number(session: &mut Session, name: &str, count: u64) -> Result<i64, LedgerError> {
    let sql = "UPDATE counter SET next = next + $1 WHERE name = $2 RETURNING next - $1";
    session.row(sql, values![count, name]).await?.ok_or_else(no_state)?.integer(0)
}

/// A row that every ledger has is missing.
pub(crate) fn no_state() -> LedgerError {
    LedgerError::Damaged { place: "ledger_state or counter".to_owned(), detail: "its row is missing".to_owned() }
}
