// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The door: who somebody is, before it is known what they may see. It gives accounts, sessions and invitations, and no content.
//!
//! Only digests of keys are kept. A new account and an invitation stand in the audit chain; a session does not, so that signing
//! in changes no answer.

use serde::Deserialize as _;
use serde_json::json;
use std::sync::Arc;

use underpin_model::people::{Grant, Person, PersonId};
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};

use crate::change::Change;
use crate::database::Pool;
use crate::jobs::Fence;
use crate::ledger::{Ledger, Writer, next_number};
use crate::linked::{Link, connect};
use crate::standings::{KnownStandings, secrecy};
use crate::value::{Row, values};
use crate::{LedgerError, registry};

/// SHA-256 of a secret.
pub type Digest = [u8; 32];

/// The handle of the door.
#[derive(Clone, Debug)]
pub struct Door {
    pub(crate) pool: Pool,
    pub(crate) standings: Arc<KnownStandings>,
    pub(crate) known: i64,
    pub(crate) fence: Option<Fence>,
}

/// An account as the door sees it.
#[derive(Clone, Debug)]
pub struct Account {
    /// Who.
    pub person: Person,
    /// PHC string of the password; empty when there is none.
    pub password: String,
}

/// A session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who.
    pub person: Person,
    /// What forms give back.
    pub form_token: String,
    /// When it began.
    pub began: Timestamp,
    /// When it was used last, to the minute.
    pub used: Timestamp,
    /// Whether it began with a second factor.
    pub is_strong: bool,
}

/// An invitation to make an account.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Of its key.
    pub digest: Digest,
    /// What the account may do.
    pub grants: Vec<Grant>,
    /// Its clearance.
    pub clearance: Classification,
    /// Compartments it is let into.
    pub compartments: Vec<String>,
    /// Until when it is good.
    pub ends: Timestamp,
}

/// An account to make.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Name to sign in with.
    pub login: String,
    /// Name that others read.
    pub name: String,
    /// PHC string; empty when the account is entered by a provider of sign-in alone.
    pub password: String,
}

/// Grants and compartments are read as one column, a JSON value after the other.
pub(crate) const PERSON: &str =
    "person.number, person.login, person.name, person.grants || ' ' || person.compartments, person.secrecy";

pub(crate) fn person(row: &Row) -> Result<Person, LedgerError> {
    let id = PersonId(row.integer(0)?);
    let damaged = |detail: String| LedgerError::Damaged { place: format!("person {}", id.0), detail };
    let place = usize::try_from(row.integer(4)?).ok();
    let clearance = place.and_then(|place| Classification::ALL.get(place)).copied();
    let mut rights = serde_json::Deserializer::from_str(row.text_ref(3)?);
    let grants = Vec::deserialize(&mut rights).map_err(|error| damaged(error.to_string()))?;
    let compartments = Vec::deserialize(&mut rights).map_err(|error| damaged(error.to_string()))?;
    Ok(Person {
        id,
        login: row.text(1)?,
        name: row.text(2)?,
        grants,
        compartments,
        clearance: clearance.ok_or_else(|| damaged("no such classification".to_owned()))?,
    })
}

/// Upper and lower case of a login are the same.
pub(crate) fn folded(login: &str) -> String {
    login.trim().to_lowercase()
}

impl Ledger {
    /// The door.
    pub fn door(&self) -> Door {
        Door { pool: self.pool.clone(), standings: Arc::clone(&self.standings), known: self.known, fence: self.fence }
    }
}

impl Door {
    pub(crate) fn writer(&self, actor: &str) -> Writer {
        let (pool, standings) = (self.pool.clone(), Arc::clone(&self.standings));
        let (actor, viewer) = (actor.to_owned(), Viewer::Operator);
        Writer { pool, standings, announcer: None, actor, viewer, known: self.known, fence: self.fence }
    }

    /// Whether anybody has an account.
    ///
    /// # Errors
    /// What the database says.
    pub async fn has_people(&self) -> Result<bool, LedgerError> {
        let mut session = self.pool.read().await?;
        Ok(session.row("SELECT number FROM person LIMIT 1", vec![]).await?.is_some())
    }

    /// The account of a login, unless it has ended.
    ///
    /// # Errors
    /// What the database says.
    pub async fn account(&self, login: &str) -> Result<Option<Account>, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = format!("SELECT {PERSON}, person.password FROM person WHERE folded = $1 AND ended IS NULL");
        let row = session.row(&sql, values![folded(login)]).await?;
        row.map(|row| Ok(Account { person: person(&row)?, password: row.text(5)? })).transpose()
    }

    /// How often somebody failed to sign in since a moment.
    ///
    /// # Errors
    /// What the database says.
    pub async fn failures(&self, subject: &Digest, since: Timestamp) -> Result<u64, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = "SELECT COUNT(*) FROM failed_sign_in WHERE subject = $1 AND moment > $2";
        session.row(sql, values![subject, since]).await?.map_or(Ok(0), |row| row.count(0))
    }

    /// Begins an attempt to sign in, unless `must_wait` says so of how many failed since `since` and when the last one did. It counts
    /// as failed until [`Door::forgive`]: kept before the password is looked at, so that many attempts at once are not more than
    /// one after another. Forgets what is older than `since`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn attempt(
        &self,
        subject: &Digest,
        (at, since): (Timestamp, Timestamp),
        must_wait: impl Fn(u64, Timestamp) -> bool + Send,
    ) -> Result<bool, LedgerError> {
        let mut session = self.pool.write().await?;
        if self.pool.is_postgres() {
            session.execute("LOCK TABLE failed_sign_in IN EXCLUSIVE MODE", vec![]).await?;
        }
        session.execute("DELETE FROM failed_sign_in WHERE moment <= $1", values![since]).await?;
        let sql = "SELECT COUNT(*), COALESCE(MAX(moment), 0) FROM failed_sign_in WHERE subject = $1";
        let row = session.row(sql, values![subject]).await?;
        let (failed, last) =
            row.map_or(Ok((0, Timestamp(0))), |row| Ok::<_, LedgerError>((row.count(0)?, row.timestamp(1)?)))?;
        let may = failed == 0 || !must_wait(failed, last);
        if may {
            session.execute("INSERT INTO failed_sign_in VALUES ($1, $2)", values![subject, at]).await?;
        }
        session.commit().await?;
        Ok(may)
    }

    /// Keeps that an attempt failed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn note_failure(&self, subject: &Digest, at: Timestamp) -> Result<(), LedgerError> {
        let mut session = self.pool.write().await?;
        session.execute("INSERT INTO failed_sign_in VALUES ($1, $2)", values![subject, at]).await?;
        session.commit().await
    }

    /// Forgets how often somebody failed, who has signed in now.
    ///
    /// # Errors
    /// What the database says.
    pub async fn forgive(&self, subject: &Digest) -> Result<(), LedgerError> {
        let mut session = self.pool.write().await?;
        session.execute("DELETE FROM failed_sign_in WHERE subject = $1", values![subject]).await?;
        session.commit().await
    }

    /// Begins a session, with a second factor or without one, and forgets those that were used last before `idle` or began before
    /// `old`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn begin_session(
        &self,
        at: Timestamp,
        (person, is_strong): (PersonId, bool),
        digest: &Digest,
        form_token: &str,
        (idle, old): (Timestamp, Timestamp),
    ) -> Result<(), LedgerError> {
        let mut session = self.pool.write().await?;
        session.execute("DELETE FROM person_session WHERE used < $1 OR began < $2", values![idle, old]).await?;
        let sql = "INSERT INTO person_session (digest, person, form_token, began, used, is_strong, revision) \
                   SELECT $1, number, $2, $3, $4, $5, revision FROM person WHERE number = $6 AND ended IS NULL";
        session.execute(sql, values![digest, form_token, at, at, i64::from(is_strong), person.0]).await?;
        session.commit().await
    }

    /// The session of a key, if its person still has an account and nothing of it (rights, password) has changed since.
    ///
    /// # Errors
    /// What the database says.
    pub async fn session(&self, digest: &Digest) -> Result<Option<Session>, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = format!(
            "SELECT {PERSON}, person_session.form_token, person_session.began, person_session.used, \
             person_session.is_strong FROM person_session \
             JOIN person ON person.number = person_session.person WHERE person_session.digest = $1 AND person.ended IS NULL AND \
             person_session.revision = person.revision"
        );
        let row = session.row(&sql, values![digest]).await?;
        row.map(|row| {
            Ok(Session {
                person: person(&row)?,
                form_token: row.text(5)?,
                began: row.timestamp(6)?,
                used: row.timestamp(7)?,
                is_strong: row.integer(8)? == 1,
            })
        })
        .transpose()
    }

    /// Keeps that a session was used.
    ///
    /// # Errors
    /// What the database says.
    pub async fn use_session(&self, digest: &Digest, at: Timestamp) -> Result<(), LedgerError> {
        let mut session = self.pool.write().await?;
        session.execute("UPDATE person_session SET used = $1 WHERE digest = $2", values![at, digest]).await?;
        session.commit().await
    }

    /// Keeps that whoever has a session has shown a second factor since.
    ///
    /// # Errors
    /// What the database says.
    pub async fn strengthen_session(&self, digest: &Digest) -> Result<(), LedgerError> {
        let mut session = self.pool.write().await?;
        session.execute("UPDATE person_session SET is_strong = 1 WHERE digest = $1", values![digest]).await?;
        session.commit().await
    }

    /// Ends a session.
    ///
    /// # Errors
    /// What the database says.
    pub async fn end_session(&self, digest: &Digest) -> Result<(), LedgerError> {
        let mut session = self.pool.write().await?;
        session.execute("DELETE FROM person_session WHERE digest = $1", values![digest]).await?;
        session.commit().await
    }

    /// Invites somebody. Whoever has the key can make one account.
    ///
    /// # Errors
    /// What the database says.
    pub async fn invite(&self, at: Timestamp, actor: &str, invitation: &Invitation) -> Result<(), LedgerError> {
        let mut change = self.writer(actor).change(at, "invite somebody").await?;
        let grants = json!(invitation.grants);
        let compartments = json!(invitation.compartments);
        let sql = "INSERT INTO invitation (digest, grants, secrecy, compartments, made, ends) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let level = secrecy(invitation.clearance);
        let (digest, let_into) = (&invitation.digest, compartments.to_string());
        let row = values![digest, grants.to_string(), level, let_into, at, invitation.ends];
        change.session.execute(sql, row).await?;
        let told =
            json!({ "grants": grants, "secrecy": level, "compartments": compartments, "ends": invitation.ends.0 });
        change.note("invite", "an invitation", None, Some(told));
        change.commit().await?;
        Ok(())
    }

    /// Whether an invitation is good.
    ///
    /// # Errors
    /// What the database says.
    pub async fn is_invited(&self, digest: &Digest, at: Timestamp) -> Result<bool, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = "SELECT ends FROM invitation WHERE digest = $1 AND person IS NULL AND ends > $2";
        Ok(session.row(sql, values![digest, at]).await?.is_some())
    }

    /// Makes the account of an invitation, which is used up by it. `None` when it is not good (any more).
    ///
    /// # Errors
    /// [`LedgerError::TakenLogin`] (whoever holds an invitation may learn which logins there are: they are colleagues),
    /// [`LedgerError::TooLong`], and what the database says.
    pub async fn accept(
        &self,
        at: Timestamp,
        digest: &Digest,
        new: &NewPerson,
    ) -> Result<Option<PersonId>, LedgerError> {
        self.accepted(at, digest, new, None).await
    }

    /// The same, where a provider of sign-in says who it is.
    ///
    /// # Errors
    /// As [`Self::accept`].
    pub async fn accept_linked(
        &self,
        at: Timestamp,
        digest: &Digest,
        new: &NewPerson,
        link: &Link,
    ) -> Result<Option<PersonId>, LedgerError> {
        self.accepted(at, digest, new, Some(link)).await
    }

    async fn accepted(
        &self,
        at: Timestamp,
        digest: &Digest,
        new: &NewPerson,
        link: Option<&Link>,
    ) -> Result<Option<PersonId>, LedgerError> {
        let login = folded(&new.login);
        registry::indexed("the login", &login)?;
        let mut change = self.writer(&login).change(at, "make an account").await?;
        let sql = "SELECT grants, secrecy FROM invitation WHERE digest = $1 AND person IS NULL AND ends > $2";
        let Some(row) = change.session.row(sql, values![digest, at]).await? else { return Ok(None) };
        let (grants, level) = (row.text(0)?, row.integer(1)?);
        let taken = change.session.row("SELECT number FROM person WHERE folded = $1", values![&login]).await?;
        if taken.is_some() {
            return Err(LedgerError::TakenLogin(new.login.trim().to_owned()));
        }
        let id = insert(&mut change, new, &login, (&grants, level)).await?;
        change.session.execute("UPDATE invitation SET person = $1 WHERE digest = $2", values![id, digest]).await?;
        let sql = "UPDATE person SET compartments = (SELECT compartments FROM invitation WHERE digest = $1) WHERE number = $2";
        change.session.execute(sql, values![digest, id]).await?;
        let told = json!({ "login": new.login.trim(), "name": new.name.trim(), "grants": grants, "secrecy": level });
        change.note("make-account", format!("person {id}"), None, Some(told));
        if let Some(link) = link {
            connect(&mut change, PersonId(id), link, false).await?;
        }
        change.commit().await?;
        Ok(Some(PersonId(id)))
    }
}

pub(crate) async fn insert(
    change: &mut Change,
    new: &NewPerson,
    folded: &str,
    (grants, level): (&str, i64),
) -> Result<i64, LedgerError> {
    let id = next_number(&mut change.session, "person", 1).await?;
    let sql = "INSERT INTO person (number, login, folded, name, grants, secrecy, password, made, revision) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let (at, revision) = (change.at, change.revision);
    let row = values![id, new.login.trim(), folded, new.name.trim(), grants, level, &new.password, at, revision];
    change.session.execute(sql, row).await?;
    Ok(id)
}
