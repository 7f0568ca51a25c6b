// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Invitations that wait: which there are, and taking one back. Whoever could have given it may take it back.

use serde_json::json;
use underpin_model::Timestamp;
use underpin_model::registry::Classification;

use crate::LedgerError;
use crate::admission::{Admitter, Reaches, Rights};
use crate::database::Session;
use crate::door::{Digest, Door};
use crate::value::values;

/// An invitation that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// Of its key: it names the invitation, and opens nothing.
    pub digest: Digest,
    /// What the account will be able to do and see.
    pub rights: Rights,
    /// When it was made.
    pub made: Timestamp,
    /// Until when it is good.
    pub ends: Timestamp,
}

impl Door {
    /// Invitations within the reach of who asks that are good now, the first one first.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for who may admit nobody, and what the database says.
    pub async fn invitations(
        &self,
        (at, now): (Timestamp, Timestamp),
        by: &Admitter,
    ) -> Result<Vec<Invited>, LedgerError> {
        let mut session = self.pool.read().await?;
        let reaches = Reaches::of(&mut session, by, now).await?;
        let mut found = waiting(&mut session, at).await?;
        found.retain(|one| reaches.covers(&one.rights.grants));
        Ok(found)
    }

    /// Takes an invitation back: its link opens nothing any more. False when there is none (any more) within reach.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for who may admit nobody, and what the database says.
    pub async fn take_back(
        &self,
        (at, now): (Timestamp, Timestamp),
        by: &Admitter,
        digest: &Digest,
    ) -> Result<bool, LedgerError> {
        let mut session = self.pool.read().await?;
        let actor = Reaches::of(&mut session, by, now).await?.actor;
        drop(session);
        let mut change = self.writer(&actor).change(at, "take an invitation back").await?;
        let reaches = Reaches::of(&mut change.session, by, now).await?;
        let found = waiting(&mut change.session, at).await?.into_iter().find(|one| one.digest == *digest);
        let Some(found) = found.filter(|one| reaches.covers(&one.rights.grants)) else { return Ok(false) };
        let sql = "UPDATE invitation SET ends = $1 WHERE digest = $2 AND person IS NULL";
        change.session.execute(sql, values![at, digest]).await?;
        let before = json!({ "grants": found.rights.grants, "made": found.made.0, "ends": found.ends.0 });
        change.note("take-back-invitation", "an invitation", Some(before), None);
        change.commit().await?;
        Ok(true)
    }
}

async fn waiting(session: &mut Session, at: Timestamp) -> Result<Vec<Invited>, LedgerError> {
    let sql = "SELECT digest, grants, compartments, secrecy, made, ends FROM invitation \
               WHERE person IS NULL AND ends > $1 ORDER BY made, ends";
    let rows = session.rows(sql, values![at]).await?;
    let damaged = |detail: String| LedgerError::Damaged { place: "an invitation".to_owned(), detail };
    rows.iter()
        .map(|row| {
            let json = |column: usize| row.text(column);
            let level = usize::try_from(row.integer(3)?).ok().and_then(|place| Classification::ALL.get(place)).copied();
            let rights = Rights {
                grants: serde_json::from_str(&json(1)?).map_err(|error| damaged(error.to_string()))?,
                compartments: serde_json::from_str(&json(2)?).map_err(|error| damaged(error.to_string()))?,
                clearance: level.ok_or_else(|| damaged("no such classification".to_owned()))?,
            };
            Ok(Invited { digest: row.sha256(0)?, rights, made: row.timestamp(4)?, ends: row.timestamp(5)? })
        })
        .collect()
}
