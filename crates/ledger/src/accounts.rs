// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Accounts after they were made: who has one, ending one, its password and its sessions.

use serde_json::json;
use underpin_model::Timestamp;
use underpin_model::people::{Person, PersonId};

use crate::LedgerError;
use crate::door::{Digest, Door, PERSON, folded, person};
use crate::value::{Row, values};

/// An account in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Who.
    pub person: Person,
    /// When it was made.
    pub made: Timestamp,
    /// When it was ended, if it was.
    pub ended: Option<Timestamp>,
}

/// A session of a person, as that person sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sitting {
    /// When it began.
    pub began: Timestamp,
    /// When it was used last, to the minute.
    pub used: Timestamp,
    /// Whether it is the one that asks.
    pub is_own: bool,
}

impl Door {
    /// All accounts, those that have ended too, the first one first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn people(&self) -> Result<Vec<Listed>, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = format!("SELECT {PERSON}, person.made, person.ended FROM person ORDER BY person.number");
        let rows = session.rows(&sql, vec![]).await?;
        let listed =
            |row: &Row| Ok(Listed { person: person(row)?, made: row.timestamp(5)?, ended: row.optional_timestamp(6)? });
        rows.iter().map(listed).collect()
    }

    /// Ends an account, and its sessions with it. Its login is not given to anybody else. `None` when there is none (any more).
    ///
    /// # Errors
    /// What the database says.
    pub async fn end_account(
        &self,
        at: Timestamp,
        actor: &str,
        login: &str,
        reason: &str,
    ) -> Result<Option<PersonId>, LedgerError> {
        let mut change = self.writer(actor).change(at, "end an account").await?;
        let sql = "SELECT number FROM person WHERE folded = $1 AND ended IS NULL";
        let Some(row) = change.session.row(sql, values![folded(login)]).await? else { return Ok(None) };
        let id = row.integer(0)?;
        let (at, revision) = (change.at, change.revision);
        let sql = "UPDATE person SET ended = $1, revision = $2 WHERE number = $3";
        change.session.execute(sql, values![at, revision, id]).await?;
        change.session.execute("DELETE FROM person_session WHERE person = $1", values![id]).await?;
        change.note("end-account", format!("person {id}"), None, Some(json!({ "reason": reason })));
        change.commit().await?;
        Ok(Some(PersonId(id)))
    }

    /// Sets the password of an account (a PHC string) and ends its sessions, but for one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn set_password(
        &self,
        at: Timestamp,
        who: &Person,
        password: &str,
        kept: &Digest,
    ) -> Result<(), LedgerError> {
        let mut change = self.writer(&who.login).change(at, "change a password").await?;
        let revision = change.revision;
        let sql = "UPDATE person SET password = $1, revision = $2 WHERE number = $3 AND ended IS NULL";
        change.session.execute(sql, values![password, revision, who.id.0]).await?;
        let sql = "DELETE FROM person_session WHERE person = $1 AND digest <> $2";
        change.session.execute(sql, values![who.id.0, kept]).await?;
        let sql = "UPDATE person_session SET revision = $1 WHERE digest = $2";
        change.session.execute(sql, values![revision, kept]).await?;
        change.note("change-password", format!("person {}", who.id.0), None, None);
        change.commit().await?;
        Ok(())
    }

    /// The sessions of a person that were used since `idle` and began since `old`, the last used first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn sittings(
        &self,
        who: PersonId,
        own: &Digest,
        (idle, old): (Timestamp, Timestamp),
    ) -> Result<Vec<Sitting>, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = "SELECT began, used, digest FROM person_session WHERE person = $1 AND used >= $2 AND began >= $3 AND \
                   revision = (SELECT revision FROM person WHERE number = $4) ORDER BY used DESC, began DESC";
        let rows = session.rows(sql, values![who.0, idle, old, who.0]).await?;
        let sitting = |row: &Row| {
            Ok(Sitting { began: row.timestamp(0)?, used: row.timestamp(1)?, is_own: row.sha256(2)? == *own })
        };
        rows.iter().map(sitting).collect()
    }

    /// Ends all sessions of a person but one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn end_other_sessions(&self, who: PersonId, kept: &Digest) -> Result<(), LedgerError> {
        let mut session = self.pool.write().await?;
        let sql = "DELETE FROM person_session WHERE person = $1 AND digest <> $2";
        session.execute(sql, values![who.0, kept]).await?;
        session.commit().await
    }
}
