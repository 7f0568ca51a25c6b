// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Deployments: where a system runs. Known as `system/deployment`, for their own names are unique only within it.

use underpin_model::registry::{Deployment, DeploymentId, SystemId, Versioned};

use crate::LedgerError;
use crate::ledger::Reader;
use crate::versions::{Entry, Kind, history};

impl Entry for Deployment {
    const KIND: Kind = Kind::Deployment;

    fn key(&self) -> String {
        deployment_key(&self.system, &self.id)
    }

    fn owner(&self) -> String {
        self.system.0.clone()
    }
}

impl Reader {
    /// Everything ever said about a deployment, in the order it was said. Empty when the viewer may not see its system.
    ///
    /// # Errors
    /// What the database says.
    pub async fn history_of_deployment(
        &self,
        system: &SystemId,
        deployment: &DeploymentId,
    ) -> Result<Vec<Versioned<Deployment>>, LedgerError> {
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        if !access.sees_system(&system.0) {
            return Ok(Vec::new());
        }
        let key = deployment_key(system, deployment);
        Ok(history(&mut session, &key).await?.into_iter().map(|(version, _)| version).collect())
    }
}

/// The name of a deployment across systems. Identifiers hold no slash.
pub(crate) fn deployment_key(system: &SystemId, deployment: &DeploymentId) -> String {
    format!("{system}/{deployment}")
}
