// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Agencies: a tree, with what came out of mergers and splits.

use underpin_model::registry::{Agency, AgencyId, Versioned};

use crate::LedgerError;
use crate::ledger::Reader;
use crate::versions::{Entry, Kind, history};

impl Entry for Agency {
    const KIND: Kind = Kind::Agency;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn owner(&self) -> String {
        self.parent.as_ref().map(|parent| parent.0.clone()).unwrap_or_default()
    }
}

impl Reader {
    /// Everything ever said about an agency, in the order it was said. Empty when the viewer may not see it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn history_of_agency(&self, id: &AgencyId) -> Result<Vec<Versioned<Agency>>, LedgerError> {
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        if !access.sees_agency(&id.0) {
            return Ok(Vec::new());
        }
        Ok(history(&mut session, &id.0).await?.into_iter().map(|(version, _)| version).collect())
    }
}
