// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Accounts after they were made. The operator lists, invites and ends; each person has password and sessions in hand.

use serde::Serialize;
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};

use super::{ATTEMPTS_US, Grant, IDLE_US, Key, Random, Reach, SESSION_US, Signed, Sitting};
use super::{check_password, digest, must_wait, password};
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{House, operator_only};

/// An account in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct PersonRow {
    /// Name to sign in with.
    pub login: String,
    /// Name that others read.
    pub name: String,
    /// What they may do.
    pub grants: Vec<Grant>,
    /// The highest classification they may see.
    pub clearance: Classification,
    /// Compartments they are let into.
    pub compartments: Vec<String>,
    /// When the account was made.
    pub made: Timestamp,
    /// When it was ended, if it was.
    pub ended: Option<Timestamp>,
}

impl PersonRow {
    pub(super) fn of(one: underpin_ledger::Listed) -> Self {
        Self {
            login: one.person.login,
            name: one.person.name,
            grants: one.person.grants,
            clearance: one.person.clearance,
            compartments: one.person.compartments,
            made: one.made,
            ended: one.ended,
        }
    }
}

impl House {
    /// All accounts, those that have ended too.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator.
    pub async fn people(&self, viewer: &Viewer) -> Result<Vec<PersonRow>> {
        operator_only(viewer, "list the people")?;
        let listed = self.ledger.door().people().await?;
        Ok(listed.into_iter().map(PersonRow::of).collect())
    }

    /// Invites somebody: the key of a link that makes one account. `author.at` is by the clock on the wall, for links end by it.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator, `not-found` for an agency that is not there.
    pub async fn invite_somebody(
        &self,
        author: &Author,
        grants: Vec<Grant>,
        clearance: Classification,
        random: Random,
    ) -> Result<Key> {
        operator_only(&author.viewer, "invite somebody")?;
        self.check_grants(&grants, author.at).await?;
        self.invite(author.at, &author.actor, grants, clearance, random).await
    }

    /// Refuses grants for what is not there.
    pub(super) async fn check_grants(&self, grants: &[Grant], at: Timestamp) -> Result<()> {
        let missing = self.missing(grants, at).await?.into_iter().flatten().next();
        missing.map_or(Ok(()), Err)
    }

    /// What is missing for each of these grants: nothing where its place is there.
    pub(super) async fn missing(&self, grants: &[Grant], at: Timestamp) -> Result<Vec<Option<OfficeError>>> {
        let now = self.fixed_clock().await?.unwrap_or(at);
        let desk = self.desk_as_of(Viewer::Operator, now, now).await?;
        let of = |grant: &Grant| {
            let (what, id, is_there) = match &grant.reach {
                Reach::Government => return None,
                Reach::Agency(id) => ("agency", &id.0, desk.agency(id).is_some()),
                Reach::System(id) => ("system", &id.0, desk.system_position(&id.0).is_some()),
            };
            let error = || {
                OfficeError::new("not-found", format!("there is no {what} {id:?}"))
                    .hint("`underpin registry list` lists what there is")
            };
            (!is_there).then(error)
        };
        Ok(grants.iter().map(of).collect())
    }

    /// Ends an account, with its sessions.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator, `not-found` when there is none (any more), `usage` without a reason.
    pub async fn end_account(&self, author: &Author, login: &str, reason: &str) -> Result<()> {
        operator_only(&author.viewer, "end an account")?;
        if reason.trim().is_empty() {
            return Err(OfficeError::new("usage", "a reason is missing").hint("say it with --reason"));
        }
        let ended = self.ledger.door().end_account(author.at, &author.actor, login, reason.trim()).await?;
        let missing = || {
            OfficeError::new("not-found", format!("nobody has an account with the login {:?}", login.trim()))
                .hint("`underpin people list` lists who has one")
        };
        ended.map(|_| ()).ok_or_else(missing)
    }

    /// The sessions of who asks, the last used first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn sittings(&self, signed: &Signed, now: Timestamp) -> Result<Vec<Sitting>> {
        let ended = (Timestamp(now.0.saturating_sub(IDLE_US)), Timestamp(now.0.saturating_sub(SESSION_US)));
        Ok(self.ledger.door().sittings(signed.person.id, &signed.digest, ended).await?)
    }

    /// Ends all sessions of who asks but the one that asks.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn end_other_sessions(&self, signed: &Signed) -> Result<()> {
        Ok(self.ledger.door().end_other_sessions(signed.person.id, &signed.digest).await?)
    }

    /// Changes the password of who asks, and ends the other sessions. Guessing the old one has to wait like guessing at the door.
    ///
    /// # Errors
    /// `wrong-password`, `too-often`, and `account` for a password that cannot be.
    pub async fn change_password(
        &self,
        signed: &Signed,
        (old, new): (&str, &str),
        now: Timestamp,
        random: Random,
    ) -> Result<()> {
        let (door, login) = (self.ledger.door(), &signed.person.login);
        let subject = digest(&login.trim().to_lowercase());
        let since = Timestamp(now.0.saturating_sub(ATTEMPTS_US));
        let waits = |failed, last| must_wait(failed, last, now);
        if !door.attempt(&subject, (now, since), waits).await? {
            return Err(OfficeError::new("too-often", "too many attempts; wait some minutes"));
        }
        let stored = door.account(login).await?.map(|account| account.password);
        if !password::fits(old, stored).await? {
            return Err(OfficeError::new("wrong-password", "the password of now is not right"));
        }
        door.forgive(&subject).await?;
        check_password(new, login)?;
        let hash = password::hash(new, random).await?;
        Ok(door.set_password(now, &signed.person, &hash, &signed.digest).await?)
    }
}
