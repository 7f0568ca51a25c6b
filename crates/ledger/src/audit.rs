// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The audit chain: every write leaves who, what, before, after and a hash over them and the entry before.
//!
//! The hash is SHA-256 over a text that leaves no doubt where a field ends: the line `underpin-audit-1`, the sequence,
//! the revision and the moment, each on a line, then actor, action, subject, before, after and the previous hash, each
//! as its length in bytes, a colon, the text and a line end (a missing text is a lone `-`). The ledger's state row
//! holds the newest sequence and hash, and every row the number of its change, so that a cut-off end shows as well. A
//! change of many rows leaves one entry with counts and a digest.

use sha2::{Digest, Sha256};
use underpin_model::{EvidenceId, Timestamp};

use crate::database::Session;
use crate::ledger::{Reader, no_state};
use crate::value::{Row, values};
use crate::{LedgerError, bulk};

/// One entry of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Place in the chain, from 1 without holes.
    pub sequence: i64,
    /// The change it belongs to.
    pub revision: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What was done, a stable word.
    pub action: String,
    /// To what: a kind and an identifier.
    pub subject: String,
    /// JSON of what it was.
    pub before: Option<String>,
    /// JSON of what it became.
    pub after: Option<String>,
    /// Hash of the entry before; empty for the first.
    pub previous: String,
    /// Hash of this entry, 64 hexadecimal digits.
    pub hash: String,
}

/// What a check of the chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditCheck {
    /// Entries that are as they were written, from the first on.
    pub entries: u64,
    /// Sequence of the first entry that is changed, missing or out of place.
    pub first_broken: Option<i64>,
}

pub(crate) const COLUMNS: &str =
    "sequence, revision, moment, actor, action, subject, before_value, after_value, previous, hash FROM audit";
/// Entries looked at in one go when the chain is checked.
const PAGE: i64 = 5_000;

impl AuditEntry {
    /// Fills in the hash.
    pub(crate) fn seal(&mut self) {
        self.hash = self.computed_hash();
    }

    fn computed_hash(&self) -> String {
        let mut hasher = Sha256::new();
        hasher.update(format!("underpin-audit-1\n{}\n{}\n{}\n", self.sequence, self.revision, self.at.0));
        let texts = [
            Some(&self.actor),
            Some(&self.action),
            Some(&self.subject),
            self.before.as_ref(),
            self.after.as_ref(),
            Some(&self.previous),
        ];
        for text in texts {
            match text {
                Some(text) => hasher.update(format!("{}:{text}\n", text.len())),
                None => hasher.update("-\n"),
            }
        }
        EvidenceId(hasher.finalize().into()).to_string()
    }

    pub(crate) fn from_row(row: &Row) -> Result<Self, LedgerError> {
        Ok(Self {
            sequence: row.integer(0)?,
            revision: row.integer(1)?,
            at: row.timestamp(2)?,
            actor: row.text(3)?,
            action: row.text(4)?,
            subject: row.text(5)?,
            before: row.optional_text(6)?,
            after: row.optional_text(7)?,
            previous: row.text(8)?,
            hash: row.text(9)?,
        })
    }
}

/// Appends sealed entries.
pub(crate) async fn append(session: &mut Session, entries: Vec<AuditEntry>) -> Result<(), LedgerError> {
    let mut values = Vec::with_capacity(entries.len() * 10);
    for entry in entries {
        values.extend(values![
            entry.sequence,
            entry.revision,
            entry.at,
            entry.actor,
            entry.action,
            entry.subject,
            entry.before,
            entry.after,
            entry.previous,
            entry.hash,
        ]);
    }
    let head = "INSERT INTO audit (sequence, revision, moment, actor, action, subject, before_value, after_value, \
                previous, hash)";
    bulk::insert(session, head, 10, "", values).await?;
    Ok(())
}

impl Reader {
    /// The newest entries, newest first; with `before` only those with a smaller sequence.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator: the chain speaks of everything.
    pub async fn audit(&self, limit: u64, before: Option<i64>) -> Result<Vec<AuditEntry>, LedgerError> {
        self.operator_only("read the audit chain")?;
        let mut session = self.pool.read().await?;
        let sql = format!("SELECT {COLUMNS} WHERE sequence < $1 ORDER BY sequence DESC LIMIT $2");
        let rows = session.rows(&sql, values![before.unwrap_or(i64::MAX), limit]).await?;
        rows.iter().map(AuditEntry::from_row).collect()
    }

    /// All entries about one subject (`system portal`, `document D7`), oldest first.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator.
    pub async fn audit_of(&self, subject: &str) -> Result<Vec<AuditEntry>, LedgerError> {
        self.operator_only("read the audit chain")?;
        let mut session = self.pool.read().await?;
        let sql = format!("SELECT {COLUMNS} WHERE subject = $1 ORDER BY sequence");
        let rows = session.rows(&sql, values![subject]).await?;
        rows.iter().map(AuditEntry::from_row).collect()
    }

    /// Walks the whole chain.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator; what the database says. A broken chain is an
    /// answer, not an error.
    pub async fn verify_audit(&self) -> Result<AuditCheck, LedgerError> {
        self.operator_only("check the audit chain")?;
        let mut session = self.pool.read().await?;
        let state = "SELECT audit_sequence, audit_hash FROM ledger_state WHERE singleton = 1";
        let state = session.row(state, vec![]).await?.ok_or_else(no_state)?;
        let (last, last_hash) = (state.integer(0)?, state.text(1)?);
        let newest = newest_revision(&mut session).await?;
        let sql = format!("SELECT {COLUMNS} WHERE sequence > $1 ORDER BY sequence LIMIT $2");
        let (mut good, mut previous, mut revision) = (0, String::new(), 0);
        loop {
            // Entries before the first have no place in the chain and must show, too.
            let after = if good == 0 { i64::MIN } else { good };
            let rows = session.rows(&sql, values![after, PAGE]).await?;
            let page = rows.len();
            for row in rows {
                let entry = AuditEntry::from_row(&row)?;
                let sound = entry.sequence == good + 1
                    && entry.previous == previous
                    && entry.hash == entry.computed_hash()
                    && (entry.sequence != last || entry.hash == last_hash)
                    && entry.sequence <= last;
                if !sound {
                    return Ok(AuditCheck { entries: good.unsigned_abs(), first_broken: Some(good + 1) });
                }
                (good, previous, revision) = (entry.sequence, entry.hash, entry.revision);
            }
            if i64::try_from(page).unwrap_or(i64::MAX) < PAGE {
                break;
            }
        }
        let first_broken = (good != last || revision != newest).then_some(good + 1);
        Ok(AuditCheck { entries: good.unsigned_abs(), first_broken })
    }
}

/// The newest change that left anything behind. The last entry is about it; when the end of the chain and the state row
/// were cut off together, the rows still tell.
async fn newest_revision(session: &mut Session) -> Result<i64, LedgerError> {
    let sql = "SELECT revision FROM ledger_state UNION ALL SELECT MAX(revision_from) FROM registry UNION ALL \
               SELECT MAX(revision) FROM document UNION ALL SELECT MAX(revision_from) FROM binding UNION ALL \
               SELECT MAX(live_from) FROM segment UNION ALL SELECT MAX(state_revision) FROM document UNION ALL \
               SELECT MAX(revision) FROM edition UNION ALL SELECT MAX(revision) FROM decision UNION ALL \
               SELECT MAX(revision) FROM decision_event UNION ALL SELECT MAX(revision_from) FROM own_advisory UNION ALL \
               SELECT MAX(revision) FROM incident UNION ALL SELECT MAX(revision) FROM incident_event UNION ALL \
               SELECT MAX(revision) FROM task UNION ALL SELECT MAX(revision) FROM task_event";
    let mut newest = 0;
    for row in session.rows(sql, vec![]).await? {
        newest = newest.max(row.optional_integer(0)?.unwrap_or(0));
    }
    Ok(newest)
}
