// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What agencies, systems, deployments and mapping rules have in common: how each is called, where it is found and how
//! it is said.

use serde::Serialize;
use serde::de::DeserializeOwned;
use underpin_formats::registry::Kind;
use underpin_ledger::{Plans, RegistryChange};
use underpin_model::registry::{Agency, Deployment, MappingRule, RegistryFile, System, Versioned};

/// A thing that the registry holds.
pub(crate) trait Entry: Clone + PartialEq + Serialize + DeserializeOwned {
    /// Its kind.
    const KIND: Kind;
    /// What it is known by among its kind.
    fn key(&self) -> String;
    /// How it is shown.
    fn label(&self) -> &str;
    /// Those in a file, or in the registry at some moment.
    fn rows(file: &RegistryFile) -> &[Self];
    /// Those that are planned.
    fn planned(plans: &Plans) -> &[Versioned<Self>];
    /// Says it.
    fn put(self) -> RegistryChange;
    /// Says that it ends.
    fn end(&self) -> RegistryChange;
}

impl Entry for Agency {
    const KIND: Kind = Kind::Agency;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn label(&self) -> &str {
        &self.name
    }

    fn rows(file: &RegistryFile) -> &[Self] {
        &file.agencies
    }

    fn planned(plans: &Plans) -> &[Versioned<Self>] {
        &plans.agencies
    }

    fn put(self) -> RegistryChange {
        RegistryChange::PutAgency(self)
    }

    fn end(&self) -> RegistryChange {
        RegistryChange::EndAgency(self.id.clone())
    }
}

impl Entry for System {
    const KIND: Kind = Kind::System;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn label(&self) -> &str {
        &self.name
    }

    fn rows(file: &RegistryFile) -> &[Self] {
        &file.systems
    }

    fn planned(plans: &Plans) -> &[Versioned<Self>] {
        &plans.systems
    }

    fn put(self) -> RegistryChange {
        RegistryChange::PutSystem(self)
    }

    fn end(&self) -> RegistryChange {
        RegistryChange::EndSystem(self.id.clone())
    }
}

impl Entry for Deployment {
    const KIND: Kind = Kind::Deployment;

    fn key(&self) -> String {
        format!("{}/{}", self.system, self.id)
    }

    fn label(&self) -> &str {
        &self.name
    }

    fn rows(file: &RegistryFile) -> &[Self] {
        &file.deployments
    }

    fn planned(plans: &Plans) -> &[Versioned<Self>] {
        &plans.deployments
    }

    fn put(self) -> RegistryChange {
        RegistryChange::PutDeployment(self)
    }

    fn end(&self) -> RegistryChange {
        RegistryChange::EndDeployment(self.system.clone(), self.id.clone())
    }
}

impl Entry for MappingRule {
    const KIND: Kind = Kind::Mapping;

    fn key(&self) -> String {
        // Patterns do not tell upper from lower case.
        let deployment = self.deployment.as_ref().map_or("", |id| id.0.as_str());
        format!("{}/{deployment} {} {}", self.system, self.on.as_str(), self.pattern.to_lowercase())
    }

    fn label(&self) -> &str {
        &self.pattern
    }

    fn rows(file: &RegistryFile) -> &[Self] {
        &file.mappings
    }

    fn planned(plans: &Plans) -> &[Versioned<Self>] {
        &plans.mappings
    }

    fn put(self) -> RegistryChange {
        RegistryChange::PutMapping(self)
    }

    fn end(&self) -> RegistryChange {
        RegistryChange::RemoveMapping(self.clone())
    }
}
