// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Leases: a reader that works for long says which revision it still needs, and until when at the latest.
//!
//! A lease is no decision, so it has no revision and no audit entry. One that ran out counts for nothing.

use underpin_model::{Timestamp, Viewer};

use crate::LedgerError;
use crate::ledger::{Reader, next_number, not_allowed};
use crate::value::values;

/// Number of a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LeaseId(pub i64);

impl Reader {
    /// Keeps what counts at `revision` from being collected, until `until` or [`release`](Self::release). Waits for
    /// its turn among the writers.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for a stranger, and what the database says.
    pub async fn lease(&self, revision: i64, until: Timestamp) -> Result<LeaseId, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Err(not_allowed(&self.viewer, "lease"));
        }
        let mut session = self.pool.write().await?;
        let id = next_number(&mut session, "lease", 1).await?;
        let sql = "INSERT INTO lease (id, revision, expires) VALUES ($1, $2, $3)";
        session.execute(sql, values![id, revision, until]).await?;
        session.commit().await?;
        Ok(LeaseId(id))
    }

    /// Gives a lease back. Giving back what ran out or never was changes nothing.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for a stranger, and what the database says.
    pub async fn release(&self, lease: LeaseId) -> Result<(), LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Err(not_allowed(&self.viewer, "release a lease"));
        }
        let mut session = self.pool.write().await?;
        session.execute("DELETE FROM lease WHERE id = $1", values![lease.0]).await?;
        session.commit().await
    }
}

/// The condition that no lease which still holds at a moment needs the row of `table`.
pub(crate) fn no_lease_needs(table: &str, moment: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM lease WHERE lease.expires > {moment} AND lease.revision >= {table}.live_from AND \
         lease.revision < {table}.live_until)"
    )
}
