// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One-time codes of an account: what its secret is made of, codes for the day it is lost, and sign-ins that wait for a code. The
//! secret itself is never here: a copy of the ledger alone opens nothing.

use serde_json::json;
use underpin_model::Timestamp;
use underpin_model::people::{Person, PersonId};

use crate::LedgerError;
use crate::door::{Digest, Door, PERSON, person};
use crate::settings;
use crate::value::values;

/// The second factor of an account.
#[derive(Clone, PartialEq, Eq)]
pub struct Factor {
    /// What the shared secret is made of, beside the key of the house.
    pub salt: [u8; 32],
    /// Whether a code was shown once: before, nobody is asked for one.
    pub is_confirmed: bool,
}

impl std::fmt::Debug for Factor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Factor").field("is_confirmed", &self.is_confirmed).finish_non_exhaustive()
    }
}

impl Door {
    /// The second factor of an account, if it has one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn factor(&self, who: PersonId) -> Result<Option<Factor>, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = "SELECT salt, confirmed FROM second_factor WHERE person = $1";
        let row = session.row(sql, values![who.0]).await?;
        row.map(|row| Ok(Factor { salt: row.sha256(0)?, is_confirmed: row.optional_timestamp(1)?.is_some() }))
            .transpose()
    }

    /// Keeps a factor that still has to be confirmed, in place of another such one. A confirmed one stays.
    ///
    /// # Errors
    /// What the database says.
    pub async fn propose_factor(&self, who: PersonId, salt: &[u8; 32]) -> Result<(), LedgerError> {
        let mut session = self.pool.write().await?;
        let sql = "DELETE FROM second_factor WHERE person = $1 AND confirmed IS NULL";
        session.execute(sql, values![who.0]).await?;
        let sql = "INSERT INTO second_factor (person, salt, confirmed, last_step) VALUES ($1, $2, NULL, 0) \
                   ON CONFLICT (person) DO NOTHING";
        session.execute(sql, values![who.0, salt]).await?;
        session.commit().await
    }

    /// Confirms a proposed factor by the step of a code of it, and keeps digests of the recovery codes. False when there is none.
    ///
    /// # Errors
    /// What the database says.
    pub async fn confirm_factor(
        &self,
        at: Timestamp,
        who: &Person,
        step: i64,
        recovery: &[Digest],
    ) -> Result<bool, LedgerError> {
        let mut change = self.writer(&who.login).change(at, "ask for one-time codes").await?;
        let sql = "UPDATE second_factor SET confirmed = $1, last_step = $2 WHERE person = $3 AND confirmed IS NULL";
        if change.session.execute(sql, values![at, step, who.id.0]).await? != 1 {
            return Ok(false);
        }
        change.session.execute("DELETE FROM recovery_code WHERE person = $1", values![who.id.0]).await?;
        for digest in recovery {
            let sql = "INSERT INTO recovery_code (person, digest) VALUES ($1, $2)";
            change.session.execute(sql, values![who.id.0, digest]).await?;
        }
        change.note("begin-codes", format!("person {}", who.id.0), None, Some(json!({ "recovery": recovery.len() })));
        change.commit().await?;
        Ok(true)
    }

    /// Asks an account for codes no more. False when it was asked for none.
    ///
    /// # Errors
    /// What the database says.
    pub async fn end_factor(&self, at: Timestamp, actor: &str, who: PersonId) -> Result<bool, LedgerError> {
        let mut change = self.writer(actor).change(at, "ask for one-time codes no more").await?;
        change.session.execute("DELETE FROM recovery_code WHERE person = $1", values![who.0]).await?;
        change.session.execute("DELETE FROM awaited_code WHERE person = $1", values![who.0]).await?;
        if change.session.execute("DELETE FROM second_factor WHERE person = $1", values![who.0]).await? == 0 {
            return Ok(false);
        }
        change.note("end-codes", format!("person {}", who.0), None, None);
        change.commit().await?;
        Ok(true)
    }

    /// Keeps under a name what tells the key of this house from others, unless something is kept there. What is kept there afterwards;
    /// nothing when the key `is_new` and factors are here already, which were begun with another one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn agree_on_key(
        &self,
        at: Timestamp,
        (name, told): (&str, &str),
        is_new: bool,
    ) -> Result<Option<String>, LedgerError> {
        let mut change = self.writer("house").change(at, "agree on the key of one-time codes").await?;
        let known = change.session.row("SELECT body FROM setting WHERE name = $1", values![name]).await?;
        if let Some(known) = known {
            return known.text(0).map(Some);
        }
        let begun = "SELECT 1 FROM second_factor WHERE confirmed IS NOT NULL LIMIT 1";
        if is_new && change.session.row(begun, values![]).await?.is_some() {
            return Ok(None);
        }
        settings::put(&mut change, name, Some(told)).await?;
        change.commit().await?;
        Ok(Some(told.to_owned()))
    }

    /// Uses up the code of a time step. False when that or a later one was used already: no code counts twice.
    ///
    /// # Errors
    /// What the database says.
    pub async fn use_step(&self, who: PersonId, step: i64) -> Result<bool, LedgerError> {
        let mut session = self.pool.write().await?;
        let sql =
            "UPDATE second_factor SET last_step = $1 WHERE person = $2 AND last_step < $3 AND confirmed IS NOT NULL";
        let used = session.execute(sql, values![step, who.0, step]).await?;
        session.commit().await?;
        Ok(used == 1)
    }

    /// Uses up a recovery code. False when there is no such one (any more).
    ///
    /// # Errors
    /// What the database says.
    pub async fn use_recovery(&self, who: PersonId, digest: &Digest) -> Result<bool, LedgerError> {
        let mut session = self.pool.write().await?;
        let sql = "DELETE FROM recovery_code WHERE person = $1 AND digest = $2";
        let used = session.execute(sql, values![who.0, digest]).await?;
        session.commit().await?;
        Ok(used == 1)
    }

    /// How many recovery codes are left.
    ///
    /// # Errors
    /// What the database says.
    pub async fn recovery_left(&self, who: PersonId) -> Result<u64, LedgerError> {
        let mut session = self.pool.read().await?;
        let row = session.row("SELECT COUNT(*) FROM recovery_code WHERE person = $1", values![who.0]).await?;
        row.map_or(Ok(0), |row| row.count(0))
    }

    /// Keeps that the password of a person was right and a code is awaited; forgets what began before `old`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn await_code(
        &self,
        at: Timestamp,
        who: PersonId,
        digest: &Digest,
        old: Timestamp,
    ) -> Result<(), LedgerError> {
        let mut session = self.pool.write().await?;
        session.execute("DELETE FROM awaited_code WHERE began < $1", values![old]).await?;
        let sql = "INSERT INTO awaited_code (digest, person, began) VALUES ($1, $2, $3)";
        session.execute(sql, values![digest, who.0, at]).await?;
        session.commit().await
    }

    /// Whose code is awaited, if that began since a moment and the account has not ended.
    ///
    /// # Errors
    /// What the database says.
    pub async fn awaited(&self, digest: &Digest, since: Timestamp) -> Result<Option<Person>, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = format!(
            "SELECT {PERSON} FROM awaited_code JOIN person ON person.number = awaited_code.person \
             WHERE awaited_code.digest = $1 AND awaited_code.began >= $2 AND person.ended IS NULL"
        );
        let row = session.row(&sql, values![digest, since]).await?;
        row.map(|row| person(&row)).transpose()
    }

    /// A code is awaited no more.
    ///
    /// # Errors
    /// What the database says.
    pub async fn forget_awaited(&self, digest: &Digest) -> Result<(), LedgerError> {
        let mut session = self.pool.write().await?;
        session.execute("DELETE FROM awaited_code WHERE digest = $1", values![digest]).await?;
        session.commit().await
    }
}
