// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The four roles of an office, and the switches by which it takes them on.

use serde::{Deserialize, Serialize};

use super::consultation::ConsultationId;
use crate::Timestamp;
use crate::words::words;

words!(
    /// A role of the office: it coordinates inside the government, is a role model, supports projects, or regulates.
    OfficeRole { #[default] Coordinator "coordinator", RoleModel "role-model", Supporter "supporter", Regulator "regulator", }
);
words!(
    /// A time in the life of software in which an office can do something.
    SoftwareStage { #[default] Select "select", Develop "develop", Release "release", Operate "operate",
        Incident "incident", EndOfLife "end-of-life", }
);
words!(
    /// How a role or a part of it stands. Active: done now. Retired: no longer done, and what was kept is kept.
    RoleState { #[default] Planned "planned", Active "active", Retired "retired", }
);

/// What can be switched: a role, one of its measures, or a measure in one stage of the life of software.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RoleSwitch {
    /// The role.
    pub role: OfficeRole,
    /// A measure of it, by its word; none for the role as a whole.
    #[serde(default)]
    pub measure: Option<String>,
    /// A stage; none for all of them.
    #[serde(default)]
    pub stage: Option<SoftwareStage>,
}

impl RoleSwitch {
    /// The role as a whole.
    pub fn of(role: OfficeRole) -> Self {
        Self { role, measure: None, stage: None }
    }

    /// Whether whatever is decided about this one was decided about the other one, too.
    pub fn covers(&self, other: &Self) -> bool {
        self.role == other.role
            && (self.measure.is_none() || self.measure == other.measure)
            && (self.stage.is_none() || self.stage == other.stage)
    }
}

impl std::fmt::Display for RoleSwitch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.role.as_str())?;
        for part in [self.measure.as_deref(), self.stage.map(SoftwareStage::as_str)].into_iter().flatten() {
            write!(formatter, " {part}")?;
        }
        Ok(())
    }
}

/// A step: what is switched how, from when on, and what led there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RoleStep {
    /// What.
    pub switch: RoleSwitch,
    /// How it stands then.
    pub state: RoleState,
    /// From when on.
    pub from: Timestamp,
    /// Why.
    pub reason: String,
    /// The consultation that led there.
    #[serde(default)]
    pub consultation: Option<ConsultationId>,
    /// Why nobody was heard before, in public words, where there was no time for it.
    #[serde(default)]
    pub exception: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_about_the_whole_covers_its_parts() {
        let switch = |measure: Option<&str>, stage| RoleSwitch {
            role: OfficeRole::Supporter,
            measure: measure.map(str::to_owned),
            stage,
        };
        let stage = Some(SoftwareStage::Operate);
        for (one, other, covers) in [
            (switch(None, None), switch(Some("audit"), stage), true),
            (switch(Some("audit"), None), switch(Some("audit"), stage), true),
            (switch(Some("audit"), stage), switch(Some("audit"), None), false),
            (switch(Some("audit"), None), switch(None, None), false),
            (switch(Some("audit"), None), switch(Some("fuzzing"), None), false),
            (RoleSwitch::of(OfficeRole::Regulator), switch(None, None), false),
        ] {
            assert_eq!(one.covers(&other), covers, "{one} {other}");
        }
        assert_eq!(switch(Some("audit"), stage).to_string(), "supporter audit operate");
    }
}
