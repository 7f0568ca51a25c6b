// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Keys by which somebody without an account answers: each good for one purpose in one matter, so often, until a day. Only digests are
//! kept, so that who reads the ledger gets none.

use serde_json::json;
use underpin_model::Timestamp;
use underpin_model::contracts::ContractId;
use underpin_model::registry::AgencyId;
use underpin_model::rounds::{KeyMatter, KeyPurpose};

use crate::LedgerError;
use crate::door::{Digest, Door};
use crate::letters::{About, columns, matter, subject};
use crate::value::values;

/// A key to keep.
#[derive(Clone)]
pub struct NewMailKey {
    /// Of the secret.
    pub digest: Digest,
    /// What it is good for.
    pub purpose: KeyPurpose,
    /// How often.
    pub uses: i64,
}

/// A key that is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailKey {
    /// What it is good for.
    pub purpose: KeyPurpose,
    /// In which matter.
    pub matter: KeyMatter,
    /// The agency it was given to.
    pub agency: AgencyId,
    /// Where it was sent; empty when it was printed.
    pub address: String,
    /// Until when.
    pub ends: Timestamp,
    /// How often still.
    pub uses_left: i64,
}

/// The contract that a key is about; 0 for all others.
fn contract(matter: &KeyMatter) -> i64 {
    if let KeyMatter::Contract(contract) = matter { contract.0 } else { 0 }
}

impl Door {
    /// Keeps keys that are given out together. That they were made stands in the audit chain, without them.
    ///
    /// # Errors
    /// What the database says.
    pub async fn make_mail_keys(
        &self,
        (at, actor, ends): (Timestamp, &str, Timestamp),
        (about, agency, address): (&KeyMatter, &AgencyId, &str),
        keys: &[NewMailKey],
    ) -> Result<(), LedgerError> {
        let mut change = self.writer(actor).change(at, "make links").await?;
        let [round, incident, task] = columns(about);
        let contract = contract(about);
        for key in keys {
            let sql = "INSERT INTO mail_key (digest, purpose, round, incident, task, agency, address, made, ends, uses_left, \
                       contract) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
            let (purpose, uses) = (key.purpose.as_str(), key.uses);
            let row =
                values![&key.digest, purpose, round, incident, task, &agency.0, address, at, ends, uses, contract];
            change.session.execute(sql, row).await?;
        }
        let purposes: Vec<KeyPurpose> = keys.iter().map(|key| key.purpose).collect();
        let told = json!({ "links": purposes, "agency": agency, "address": address, "ends": ends.0 });
        change.note("make-links", subject(about), None, Some(told));
        change.commit().await?;
        Ok(())
    }

    /// A key, if it is good for this purpose now.
    ///
    /// # Errors
    /// What the database says.
    pub async fn mail_key(
        &self,
        digest: &Digest,
        purpose: KeyPurpose,
        now: Timestamp,
    ) -> Result<Option<MailKey>, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = "SELECT round, incident, task, agency, address, ends, uses_left, contract FROM mail_key \
                   WHERE digest = $1 AND purpose = $2 AND ends > $3 AND uses_left > 0";
        let row = session.row(sql, values![digest, purpose.as_str(), now]).await?;
        row.map(|row| {
            let agency = AgencyId(row.text(3)?);
            Ok(MailKey {
                purpose,
                matter: match row.integer(7)? {
                    0 => matter([row.integer(0)?, row.integer(1)?, row.integer(2)?], &agency),
                    contract => KeyMatter::Contract(ContractId(contract)),
                },
                agency,
                address: row.text(4)?,
                ends: row.timestamp(5)?,
                uses_left: row.integer(6)?,
            })
        })
        .transpose()
    }

    /// Uses a key once; `false` when it was used up or ended meanwhile. Of many at once, no more get through than it is good for.
    ///
    /// # Errors
    /// What the database says.
    pub async fn use_mail_key(&self, digest: &Digest, now: Timestamp) -> Result<bool, LedgerError> {
        let mut session = self.pool.write().await?;
        let sql = "UPDATE mail_key SET uses_left = uses_left - 1 WHERE digest = $1 AND uses_left > 0 AND ends > $2 \
                   RETURNING uses_left";
        let is_good = session.row(sql, values![digest, now]).await?.is_some();
        session.commit().await?;
        Ok(is_good)
    }

    /// Ends keys that did not reach anybody.
    ///
    /// # Errors
    /// What the database says.
    pub async fn end_mail_keys(&self, digests: &[Digest]) -> Result<(), LedgerError> {
        let mut session = self.pool.write().await?;
        for digest in digests {
            session.execute("DELETE FROM mail_key WHERE digest = $1", values![digest]).await?;
        }
        session.commit().await
    }

    /// Ends all keys of a contract; how many that were.
    ///
    /// # Errors
    /// What the database says.
    pub async fn end_keys_of_contract(&self, contract: ContractId) -> Result<u64, LedgerError> {
        let mut session = self.pool.write().await?;
        let sql = "DELETE FROM mail_key WHERE contract = $1 RETURNING uses_left";
        let rows = session.rows(sql, values![contract.0]).await?;
        session.commit().await?;
        Ok(rows.len() as u64)
    }

    /// Ends all keys in a round, an incident or a task, which is over; how many that were.
    ///
    /// # Errors
    /// What the database says.
    pub async fn end_keys_of(&self, about: About) -> Result<u64, LedgerError> {
        let [round, incident, task] = about.columns();
        let mut session = self.pool.write().await?;
        let sql = "DELETE FROM mail_key WHERE round = $1 AND incident = $2 AND task = $3 AND contract = 0 RETURNING uses_left";
        let rows = session.rows(sql, values![round, incident, task]).await?;
        session.commit().await?;
        Ok(rows.len() as u64)
    }
}
