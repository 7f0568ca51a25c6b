// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `audit`: who did what, and whether the chain of entries is whole.

use serde::Serialize;
use underpin_ledger::AuditEntry;
use underpin_model::{Timestamp, Viewer};

use crate::error::{OfficeError, Result};
use crate::house::{House, operator_only};

/// One entry of the audit chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct AuditRow {
    /// Place in the chain, from 1 without holes.
    pub sequence: i64,
    /// The change of the ledger it belongs to.
    pub revision: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What was done, a stable word.
    pub action: String,
    /// To what: a kind and an identifier.
    pub subject: String,
    /// What it was.
    pub before: Option<serde_json::Value>,
    /// What it became.
    pub after: Option<serde_json::Value>,
    /// SHA-256 that ties it to the entry before.
    pub hash: String,
}

impl From<AuditEntry> for AuditRow {
    fn from(entry: AuditEntry) -> Self {
        let json = |text: Option<String>| {
            text.map(|text| serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text)))
        };
        Self {
            sequence: entry.sequence,
            revision: entry.revision,
            at: entry.at,
            actor: entry.actor,
            action: entry.action,
            subject: entry.subject,
            before: json(entry.before),
            after: json(entry.after),
            hash: entry.hash,
        }
    }
}

impl House {
    /// The newest entries, newest first: before a place in the chain, if one is given; about one subject
    /// (`system portal`, `document D7`), if one is given (then all of them).
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator: the chain speaks of everything.
    pub async fn audit(
        &self,
        viewer: Viewer,
        limit: u64,
        before: Option<i64>,
        subject: Option<&str>,
    ) -> Result<Vec<AuditRow>> {
        operator_only(&viewer, "read the audit chain")?;
        let reader = self.ledger.operator_reader();
        let entries = match subject {
            Some(subject) => {
                let mut entries = reader.audit_of(subject).await?;
                entries.retain(|entry| before.is_none_or(|before| entry.sequence < before));
                entries.reverse();
                entries
            }
            None => reader.audit(limit, before).await?,
        };
        Ok(entries.into_iter().map(AuditRow::from).collect())
    }

    /// Walks the whole chain, and compares what is decided, what came in and what was read with it. The number of its entries.
    ///
    /// # Errors
    /// `audit-broken` with the first entry that is changed, missing or out of place, or what differs; `not-allowed` for everybody but
    /// the operator.
    pub async fn verify_audit(&self, viewer: Viewer) -> Result<u64> {
        operator_only(&viewer, "check the audit chain")?;
        let check = self.ledger.operator_reader().verify_audit().await?;
        if check.first_broken.is_none()
            && let Some(difference) = self.ledger.operator_reader().compare_with_audit().await?.first()
        {
            return Err(OfficeError::new("audit-broken", format!("the audit chain is whole, but {difference}"))
                .hint("somebody changed the ledger past Underpin: `underpin doctor` lists all differences"));
        }
        match check.first_broken {
            None => Ok(check.entries),
            Some(entry) => Err(OfficeError::new(
                "audit-broken",
                format!(
                    "the audit chain is broken at entry {entry}; the {} before it are as they were written",
                    check.entries
                ),
            )
            .hint("somebody changed the ledger past Underpin: compare it with a backup")),
        }
    }
}
