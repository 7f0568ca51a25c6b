// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a tombstone keeps of a purged document: enough to tell that another document is by the same tool about the same
//! subject, so that a purge does not bring an older one back, and no word of either.
//!
//! Names of people and hosts can be guessed, so a mere hash of them would give them away. It is mixed with a secret of
//! the ledger, made by the first purge. Who has the secret can try names: it is in no answer, but in the ledger itself.

use std::fmt;

use sha2::{Digest as _, Sha256};
use underpin_model::EvidenceId;

use crate::LedgerError;
use crate::database::Session;
use crate::value::values;

/// The setting that keeps the secret.
pub(crate) const SETTING: &str = "tombstone-secret";

/// The secret of a ledger in which something was purged; none before.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TombstoneSecret(Option<String>);

impl fmt::Debug for TombstoneSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "TombstoneSecret(…)" } else { "TombstoneSecret(none)" })
    }
}

impl TombstoneSecret {
    /// What stands in the place of the subject's name in the tombstone of a document by this tool about this subject.
    /// Empty when the document names no tool or no subject, and in a ledger without a purge.
    pub fn name(&self, tool: &str, subject: &str) -> String {
        let Some(secret) = &self.0 else { return String::new() };
        if tool.trim().is_empty() || subject.trim().is_empty() {
            return String::new();
        }
        let mut hasher = Sha256::new();
        for text in [secret, tool, subject] {
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text);
        }
        EvidenceId(hasher.finalize().into()).to_string()
    }
}

/// The secret as it is kept.
pub(crate) async fn read(session: &mut Session) -> Result<TombstoneSecret, LedgerError> {
    let row = session.row("SELECT body FROM setting WHERE name = $1", values![SETTING]).await?;
    Ok(TombstoneSecret(row.map(|row| row.text(0)).transpose()?))
}

/// The secret, made when there is none. The audit chain does not hold it.
pub(crate) async fn ensure(session: &mut Session) -> Result<TombstoneSecret, LedgerError> {
    let known = read(session).await?;
    if known.0.is_some() {
        return Ok(known);
    }
    let secret = session.random_text().await?;
    let sql = "INSERT INTO setting (name, body) VALUES ($1, $2)";
    session.execute(sql, values![SETTING, &secret]).await?;
    Ok(TombstoneSecret(Some(secret)))
}
