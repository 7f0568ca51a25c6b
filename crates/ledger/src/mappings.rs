// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Mapping rules: which documents to come are about which system. A rule is what it says; it has no name.

use underpin_model::registry::MappingRule;

use crate::versions::{Entry, Kind};

impl Entry for MappingRule {
    const KIND: Kind = Kind::Mapping;

    fn key(&self) -> String {
        // Patterns do not tell upper from lower case, so two that differ only there are the same rule.
        let target = match &self.deployment {
            Some(deployment) => format!("{}/{deployment}", self.system),
            None => self.system.0.clone(),
        };
        format!("{target} {} {}", self.on.as_str(), self.pattern.to_lowercase())
    }

    fn owner(&self) -> String {
        self.system.0.clone()
    }
}
