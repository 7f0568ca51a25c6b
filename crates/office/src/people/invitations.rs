// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Invitations that wait for somebody, and taking one back.

use serde::Serialize;
use underpin_ledger::Admitter;
use underpin_model::Timestamp;
use underpin_model::people::Grant;
use underpin_model::registry::Classification;

use super::hexadecimal;
use crate::error::{OfficeError, Result};
use crate::house::House;

/// An invitation in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "WaitingInvitation")]
pub struct InvitedRow {
    /// What it is called. It opens nothing.
    pub id: String,
    /// What the account will be able to do.
    pub grants: Vec<Grant>,
    /// The highest classification that it will see.
    pub clearance: Classification,
    /// When it was made.
    pub made: Timestamp,
    /// Until when it is good.
    pub ends: Timestamp,
}

impl House {
    /// Invitations within the reach of who asks that wait for somebody, the first one first. `at` is by the clock on the wall.
    ///
    /// # Errors
    /// `not-allowed` for who may admit nobody.
    pub async fn invitations(&self, by: &Admitter, at: Timestamp) -> Result<Vec<InvitedRow>> {
        let now = self.fixed_clock().await?.unwrap_or(at);
        let found = self.ledger.door().invitations((at, now), by).await?;
        let row = |one: underpin_ledger::Invited| InvitedRow {
            id: hexadecimal(&one.digest),
            grants: one.rights.grants,
            clearance: one.rights.clearance,
            made: one.made,
            ends: one.ends,
        };
        Ok(found.into_iter().map(row).collect())
    }

    /// Takes an invitation back: its link opens nothing any more.
    ///
    /// # Errors
    /// `not-allowed` for who may admit nobody, `not-found` when there is none (any more) within reach.
    pub async fn take_back_invitation(&self, by: &Admitter, at: Timestamp, id: &str) -> Result<()> {
        let missing = || OfficeError::new("not-found", "there is no such invitation (any more)");
        let now = self.fixed_clock().await?.unwrap_or(at);
        let byte = |place: usize| id.get(2 * place..2 * place + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        let bytes: Option<Vec<u8>> = (0..32).map(byte).collect();
        let digest = bytes.filter(|_| id.len() == 64).and_then(|bytes| bytes.try_into().ok()).ok_or_else(missing)?;
        match self.ledger.door().take_back((at, now), by, &digest).await? {
            true => Ok(()),
            false => Err(missing()),
        }
    }
}
