// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A change: one transaction, one revision, and its entries in the audit chain.
//!
//! Beginning a change waits for its turn; from then on nobody else writes until it ends. A change that noted nothing
//! is rolled back, so that doing the same thing twice moves no revision and leaves no entry.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use underpin_model::{Timestamp, Viewer};

use crate::access::Access;
use crate::audit::{self, AuditEntry};
use crate::database::Session;
use crate::ledger::{Writer, no_state, not_allowed};
use crate::migrate;
use crate::patience::Patience;
use crate::standings::KnownStandings;
use crate::value::{Row, values};
use crate::{LedgerError, STILL};

/// What is said of a change around the moment in which it becomes visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announced {
    /// It will be seen next, with this revision.
    Coming {
        /// The ledger's revision afterwards.
        revision: i64,
        /// Of a batch: whether nothing can go out of anybody's sight by it.
        only_adds: bool,
    },
    /// It did not come: the revision may be another change's.
    Withdrawn {
        /// The revision that was announced.
        revision: i64,
    },
}

/// Is told of changes; it must not wait.
#[derive(Clone)]
pub struct Announcer(pub Arc<dyn Fn(Announced) + Send + Sync>);

impl std::fmt::Debug for Announcer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Announcer")
    }
}

/// A change under way.
pub(crate) struct Change {
    /// The transaction.
    pub(crate) session: Session,
    /// Number of this change.
    pub(crate) revision: i64,
    /// When it happens.
    pub(crate) at: Timestamp,
    /// Who may see what, unless it is the operator.
    pub(crate) viewer: Viewer,
    actor: String,
    newest: Timestamp,
    audit_sequence: i64,
    audit_hash: String,
    notes: Vec<Note>,
    /// Whether it says something about agencies, systems, deployments or mapping rules.
    pub(crate) touches_registry: bool,
    standings: Arc<KnownStandings>,
    announcer: Option<Announcer>,
    /// Whether nothing can go out of anybody's sight by it.
    pub(crate) only_adds: bool,
}

struct Note {
    action: &'static str,
    subject: String,
    before: Option<Json>,
    after: Option<Json>,
}

impl Writer {
    /// Waits for the turn and begins a change.
    pub(crate) async fn change(&self, at: Timestamp, action: &str) -> Result<Change, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Err(not_allowed(&self.viewer, action));
        }
        if self.actor.is_empty() {
            return Err(LedgerError::EmptyActor);
        }
        let mut patience = Patience::default();
        let (mut session, row) = loop {
            let error = match self.turn().await {
                Ok(turn) => break turn,
                Err(error) => error,
            };
            if !patience.allows(&error).await {
                return Err(error);
            }
        };
        if let Some(fence) = self.fence {
            fence.check(&mut session).await?;
        }
        Ok(Change {
            revision: row.integer(0)?.saturating_add(1),
            at: Timestamp(at.0.min(STILL - 1)),
            viewer: self.viewer.clone(),
            actor: self.actor.clone(),
            newest: row.timestamp(1)?,
            audit_sequence: row.integer(2)?,
            audit_hash: row.text(3)?,
            notes: Vec::new(),
            touches_registry: false,
            standings: Arc::clone(&self.standings),
            announcer: self.announcer.clone(),
            only_adds: false,
            session,
        })
    }

    /// Waits for the turn. Nothing was changed when it fails.
    async fn turn(&self) -> Result<(Session, Row), LedgerError> {
        let mut session = self.pool.write().await?;
        // Writing the row is what makes PostgreSQL's writers queue; what is read comes after the wait.
        let sql = "UPDATE ledger_state SET revision = revision WHERE singleton = 1 \
                   RETURNING revision, newest, audit_sequence, audit_hash";
        let row = session.row(sql, vec![]).await?.ok_or_else(no_state)?;
        migrate::still_works(&mut session, self.known).await?;
        Ok((session, row))
    }
}

impl Change {
    /// Notes what was done, for the audit chain.
    pub(crate) fn note(
        &mut self,
        action: &'static str,
        subject: impl std::fmt::Display,
        before: Option<Json>,
        after: Option<Json>,
    ) {
        self.notes.push(Note { action, subject: subject.to_string(), before, after });
    }

    /// Who does it.
    pub(crate) fn actor(&self) -> &str {
        &self.actor
    }

    /// What the viewer may see at this point of the change; `None` for the operator, who sees everything.
    pub(crate) async fn access(&mut self) -> Result<Option<Access>, LedgerError> {
        if self.viewer.is_operator() {
            return Ok(None);
        }
        // Rights are those of the present, which is when the change happens, not of the newest moment written down.
        Access::load(&mut self.session, &self.viewer, self.at).await.map(Some)
    }

    /// The newest moment that the ledger knows of, this change included.
    pub(crate) fn now(&self) -> Timestamp {
        self.newest.max(self.at)
    }

    /// The refusal of an action.
    pub(crate) fn refuse(&self, action: &str) -> LedgerError {
        not_allowed(&self.viewer, action)
    }

    /// Makes the change durable; the ledger's revision afterwards, which is the old one when nothing was noted.
    pub(crate) async fn commit(self) -> Result<i64, LedgerError> {
        if self.notes.is_empty() {
            return Ok(self.revision - 1);
        }
        let (revision, newest) = (self.revision, self.now());
        self.sealed(revision, newest).await
    }

    /// The same without a new revision: for what changes no answer, so that nobody has to look again.
    pub(crate) async fn commit_aside(self) -> Result<(), LedgerError> {
        let (revision, newest) = (self.revision - 1, self.newest);
        self.sealed(revision, newest).await?;
        Ok(())
    }

    async fn sealed(mut self, revision: i64, newest: Timestamp) -> Result<i64, LedgerError> {
        let mut entries = Vec::with_capacity(self.notes.len());
        for note in self.notes.drain(..) {
            self.audit_sequence += 1;
            let mut entry = AuditEntry {
                sequence: self.audit_sequence,
                revision,
                at: self.at,
                actor: self.actor.clone(),
                action: note.action.to_owned(),
                subject: note.subject,
                before: note.before.as_ref().map(Json::to_string),
                after: note.after.as_ref().map(Json::to_string),
                previous: std::mem::take(&mut self.audit_hash),
                hash: String::new(),
            };
            entry.seal();
            self.audit_hash.clone_from(&entry.hash);
            entries.push(entry);
        }
        audit::append(&mut self.session, entries).await?;
        let sql = "UPDATE ledger_state SET revision = $1, newest = $2, audit_sequence = $3, audit_hash = $4 \
                   WHERE singleton = 1";
        self.session.execute(sql, values![revision, newest, self.audit_sequence, self.audit_hash]).await?;
        let announce = |announced| self.announcer.iter().for_each(|announcer| (announcer.0)(announced));
        announce(Announced::Coming { revision, only_adds: self.only_adds });
        if let Err(error) = self.session.commit().await {
            announce(Announced::Withdrawn { revision });
            return Err(error);
        }
        if !self.touches_registry {
            self.standings.carry(revision);
        }
        Ok(revision)
    }
}

/// A value as JSON without what is empty, for storage and the audit chain; reading it back fills in the defaults.
pub(crate) fn compact(value: &impl serde::Serialize) -> Json {
    // Serialisation into a JSON value fails only for maps with keys that are no texts, which the model does not have.
    let mut json = serde_json::to_value(value).unwrap_or(json!({}));
    if let Json::Object(fields) = &mut json {
        fields.retain(|_, field| match field {
            Json::Null => false,
            Json::String(text) => !text.is_empty(),
            Json::Array(items) => !items.is_empty(),
            _ => true,
        });
    }
    json
}
