// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Settings: small facts that the office learns and keeps, such as what a tool can show. A name and a text each.

use underpin_model::people::Act;
use underpin_model::{Timestamp, Viewer};

use crate::LedgerError;
use crate::change::Change;
use crate::ledger::{Reader, Writer, not_allowed};
use crate::registry;
use crate::value::values;

impl Reader {
    /// The text kept under a name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(None);
        }
        let mut session = self.pool.read().await?;
        let row = session.row("SELECT body FROM setting WHERE name = $1", values![name]).await?;
        row.map(|row| row.text(0)).transpose()
    }
}

impl Writer {
    /// Keeps a text under a name, or (`None`) keeps it no longer. Returns the ledger's revision, the same when it is so
    /// already.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for who does not lead for the government, [`LedgerError::TooLong`] for the name, and what the database says.
    pub async fn set_setting(&self, at: Timestamp, name: &str, body: Option<&str>) -> Result<i64, LedgerError> {
        if !self.viewer.may_everywhere(Act::Lead) {
            return Err(not_allowed(&self.viewer, "change settings"));
        }
        let mut change = self.change(at, "change settings").await?;
        put(&mut change, name, body).await?;
        change.commit().await
    }
}

/// Keeps a text under a name, or (`None`) keeps it no longer.
pub(crate) async fn put(change: &mut Change, name: &str, body: Option<&str>) -> Result<(), LedgerError> {
    registry::indexed("the name of a setting", name)?;
    let row = change.session.row("SELECT body FROM setting WHERE name = $1", values![name]).await?;
    let before = row.map(|row| row.text(0)).transpose()?;
    if before.as_deref() == body {
        return Ok(());
    }
    match body {
        Some(body) => {
            let sql = "INSERT INTO setting (name, body) VALUES ($1, $2) \
                       ON CONFLICT (name) DO UPDATE SET body = excluded.body";
            change.session.execute(sql, values![name, body]).await?;
        }
        None => {
            change.session.execute("DELETE FROM setting WHERE name = $1", values![name]).await?;
        }
    }
    change.note("set", format!("setting {name}"), before.map(Into::into), body.map(Into::into));
    Ok(())
}
