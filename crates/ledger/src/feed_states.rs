// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How fetching of each feed goes: the last attempt, the last success, and what the next conditional request needs.
//!
//! This is no decision and no evidence, so it has no revision and no audit entry: an attempt that brought nothing
//! changes no answer.

use underpin_model::{Timestamp, Viewer};

use crate::LedgerError;
use crate::database::Session;
use crate::ledger::{Reader, Writer};
use crate::registry;
use crate::value::{Row, values};

/// The outcome of an attempt that brought a new edition.
pub(crate) const NEW_EDITION: &str = "new-edition";

/// What came of trying to fetch a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempt {
    /// The feed, such as `osv/PyPI`.
    pub feed: String,
    /// True when it was fetched, or is known to say nothing new.
    pub succeeded: bool,
    /// A stable code, such as `unchanged`.
    pub outcome: String,
    /// A sentence for people; may be empty.
    pub detail: String,
    /// What the next conditional request needs, as JSON; `None` keeps what there is.
    pub validators: Option<String>,
    /// When the source was looked at, when that was somewhere else and before: over an air gap.
    pub looked: Option<Timestamp>,
}

/// How fetching of a feed goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedState {
    /// The feed, such as `osv/PyPI`.
    pub feed: String,
    /// When it was tried last.
    pub attempted: Timestamp,
    /// When it was last fetched, or known to say nothing new.
    pub succeeded: Option<Timestamp>,
    /// The code of the last attempt.
    pub outcome: String,
    /// A sentence about the last attempt; may be empty.
    pub detail: String,
    /// What the next conditional request needs, as JSON; empty when there is nothing.
    pub validators: String,
}

impl FeedState {
    fn from_row(row: &Row) -> Result<Self, LedgerError> {
        Ok(Self {
            feed: row.text(0)?,
            attempted: row.timestamp(1)?,
            succeeded: row.optional_timestamp(2)?,
            outcome: row.text(3)?,
            detail: row.text(4)?,
            validators: row.text(5)?,
        })
    }
}

impl Reader {
    /// How fetching goes, by feed. Nothing for a stranger; everybody else may see it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn feed_states(&self) -> Result<Vec<FeedState>, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        let sql = "SELECT feed, attempted, succeeded, outcome, detail, validators FROM feed_state";
        let rows = session.rows(sql, vec![]).await?;
        let mut states = rows.iter().map(FeedState::from_row).collect::<Result<Vec<_>, _>>()?;
        // Here, for the two databases do not sort texts alike.
        states.sort_unstable_by(|a, b| a.feed.cmp(&b.feed));
        Ok(states)
    }
}

impl Writer {
    /// Notes an attempt that brought no new edition. Waits for its turn among the writers.
    ///
    /// # Errors
    /// [`LedgerError::InvalidFeed`], [`LedgerError::TooLong`], [`LedgerError::NotAllowed`] for everybody but the
    /// operator, and what the database says.
    pub async fn note_attempt(&self, at: Timestamp, attempt: &Attempt) -> Result<(), LedgerError> {
        self.operator_only("update a feed")?;
        check_name(&attempt.feed)?;
        let mut session = self.pool.write().await?;
        put(&mut session, at, attempt).await?;
        session.commit().await
    }
}

/// A feed is named by a short text of one line.
pub(crate) fn check_name(feed: &str) -> Result<(), LedgerError> {
    registry::indexed("the name of a feed", feed)?;
    match feed.trim().is_empty() || feed.contains(char::is_control) {
        true => Err(LedgerError::InvalidFeed(feed.to_owned())),
        false => Ok(()),
    }
}

/// Writes how an attempt went.
pub(crate) async fn put(session: &mut Session, at: Timestamp, attempt: &Attempt) -> Result<(), LedgerError> {
    let sql = "INSERT INTO feed_state (feed, attempted, succeeded, outcome, detail, validators) \
               VALUES ($1, $2, $3, $4, $5, COALESCE($6, '')) ON CONFLICT (feed) DO UPDATE SET \
               attempted = excluded.attempted, succeeded = COALESCE(excluded.succeeded, feed_state.succeeded), \
               outcome = excluded.outcome, detail = excluded.detail, \
               validators = COALESCE($6, feed_state.validators)";
    let succeeded = attempt.succeeded.then_some(attempt.looked.unwrap_or(at));
    let Attempt { feed, outcome, detail, validators, .. } = attempt;
    session.execute(sql, values![feed, at, succeeded, outcome, detail, validators.as_ref()]).await?;
    Ok(())
}
