// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Giving rights to others: by the operator, or by people who may admit others, within their reach. Never to oneself.

use underpin_ledger::{Admitter, Invitation, Rights};
use underpin_model::Timestamp;

use super::{INVITATION_US, Key, PersonRow, Random, digest};
use crate::error::{OfficeError, Result};
use crate::house::House;

/// Compartments that one account can be let into.
const COMPARTMENTS: usize = 100;

impl House {
    /// Accounts within the reach of who asks, those that have ended too. `at` is by the clock on the wall.
    ///
    /// # Errors
    /// `not-allowed` for who may admit nobody.
    pub async fn people_within(&self, by: &Admitter, at: Timestamp) -> Result<Vec<PersonRow>> {
        let now = self.fixed_clock().await?.unwrap_or(at);
        let listed = self.ledger.door().admitted(by, now).await?;
        Ok(listed.into_iter().map(PersonRow::of).collect())
    }

    /// Invites somebody: the key of a link that makes one account.
    ///
    /// # Errors
    /// `not-allowed` for who may not give such rights, `not-found` for a place that is not there, `account` for rights that cannot be.
    pub async fn admit(&self, by: &Admitter, at: Timestamp, rights: Rights, random: Random) -> Result<Key> {
        let rights = checked(rights)?;
        let now = self.fixed_clock().await?.unwrap_or(at);
        self.refuse_unknown(by, &rights, at).await?;
        let key = Key::new(random);
        let Rights { grants, clearance, compartments } = rights;
        let ends = Timestamp(at.0.saturating_add(INVITATION_US));
        let invitation = Invitation { digest: digest(key.secret()), grants, clearance, compartments, ends };
        self.ledger.door().admit((at, now), by, &invitation).await?;
        Ok(key)
    }

    /// Gives an account other rights, from now on.
    ///
    /// # Errors
    /// `own-account`, `not-allowed`, `not-found` when there is none (any more) within reach, `usage` without a reason.
    pub async fn set_rights(
        &self,
        by: &Admitter,
        at: Timestamp,
        login: &str,
        (rights, reason): (Rights, &str),
    ) -> Result<()> {
        let rights = checked(rights)?;
        let now = self.fixed_clock().await?.unwrap_or(at);
        self.refuse_unknown(by, &rights, at).await?;
        given(reason)?;
        let done = self.ledger.door().set_rights((at, now), by, login, (&rights, reason)).await?;
        done.map(|_| ()).ok_or_else(|| nobody(login))
    }

    /// Ends an account, with its sessions.
    ///
    /// # Errors
    /// As [`Self::set_rights`].
    pub async fn dismiss(&self, by: &Admitter, at: Timestamp, login: &str, reason: &str) -> Result<()> {
        given(reason)?;
        let now = self.fixed_clock().await?.unwrap_or(at);
        let done = self.ledger.door().dismiss((at, now), by, login, reason).await?;
        done.map(|_| ()).ok_or_else(|| nobody(login))
    }

    /// Places that are not there are told only to who admits to the whole government: to others they are beyond their reach.
    async fn refuse_unknown(&self, by: &Admitter, rights: &Rights, at: Timestamp) -> Result<()> {
        match self.check_grants(&rights.grants, at).await {
            Err(error) if matches!(by, Admitter::Operator(_)) => Err(error),
            Err(_) => Err(OfficeError::new("not-found", "a place of these rights is not there, or not yours to give")),
            Ok(()) => Ok(()),
        }
    }
}

/// Rights in order, each once.
fn checked(mut rights: Rights) -> Result<Rights> {
    rights.grants.sort_unstable();
    rights.grants.dedup();
    rights.compartments.sort_unstable();
    rights.compartments.dedup();
    if rights.grants.is_empty() {
        return Err(OfficeError::new("account", "a role is missing"));
    }
    let is_name = |name: &String| underpin_model::registry::is_identifier(name);
    if rights.compartments.len() > COMPARTMENTS || !rights.compartments.iter().all(is_name) {
        return Err(OfficeError::new("account", "a compartment is named by lower-case letters, digits and hyphens"));
    }
    Ok(rights)
}

fn given(reason: &str) -> Result<()> {
    match reason.trim().is_empty() {
        true => Err(OfficeError::new("usage", "a reason is missing").hint("say it with --reason")),
        false => Ok(()),
    }
}

fn nobody(login: &str) -> OfficeError {
    OfficeError::new("not-found", format!("nobody has an account with the login {:?}", login.trim()))
        .hint("`underpin people list` lists who has one")
}
