// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Deployments: where a system runs. Known as `system/deployment`, for their own names are unique only within it.

use underpin_model::registry::{Deployment, DeploymentId, SystemId};

use crate::versions::{Entry, Kind};

impl Entry for Deployment {
    const KIND: Kind = Kind::Deployment;

    fn key(&self) -> String {
        deployment_key(&self.system, &self.id)
    }

    fn owner(&self) -> String {
        self.system.0.clone()
    }
}

/// The name of a deployment across systems. Identifiers hold no slash.
pub(crate) fn deployment_key(system: &SystemId, deployment: &DeploymentId) -> String {
    format!("{system}/{deployment}")
}
