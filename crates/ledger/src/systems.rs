// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Systems: the services a government runs.

use std::collections::BTreeSet;

use underpin_model::registry::{System, SystemId, Versioned};

use crate::LedgerError;
use crate::ledger::Reader;
use crate::standings::secrecy;
use crate::versions::{Entry, Kind, history};

impl Entry for System {
    const KIND: Kind = Kind::System;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn owner(&self) -> String {
        self.agency.0.clone()
    }

    fn secrecy(&self) -> i64 {
        secrecy(self.classification)
    }
}

impl Reader {
    /// Every identifier that was ever given to a system. None of them is given again.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn system_identifiers(&self) -> Result<BTreeSet<String>, LedgerError> {
        self.operator_only("list all identifiers")?;
        let mut session = self.pool.read().await?;
        let rows = session.rows("SELECT DISTINCT id FROM registry WHERE kind = 'system'", vec![]).await?;
        rows.iter().map(|row| row.text(0)).collect()
    }

    /// Everything ever said about a system, in the order it was said, as far as it was not above the viewer's
    /// clearance then. Empty when the viewer may not see the system now.
    ///
    /// # Errors
    /// What the database says.
    pub async fn history_of_system(&self, id: &SystemId) -> Result<Vec<Versioned<System>>, LedgerError> {
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let versions = history::<System>(&mut session, &id.0).await?.into_iter();
        let seen =
            versions.filter(|(version, secrecy)| access.sees_system_as(&id.0, *secrecy, &version.value.compartments));
        Ok(seen
            .map(|(mut version, _)| {
                version.value.depends_on.retain(|other| access.sees_system(&other.0));
                version
            })
            .collect())
    }
}
