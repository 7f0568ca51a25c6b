// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What an office can do in each of its roles, by the stages of the life of software in which it helps.
//!
//! The table of the paper that the roles come from was not to be had, so this is our own reading of the four roles. The measures of the
//! supporter are the instruments that plans work with.

use super::roles::{OfficeRole, SoftwareStage};
use crate::interventions::InterventionCode;

/// Something that an office can do in a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Stable word.
    pub code: &'static str,
    /// The role it belongs to.
    pub role: OfficeRole,
    /// When it helps.
    pub stages: &'static [SoftwareStage],
}

use OfficeRole::{Coordinator, Regulator, RoleModel, Supporter};
use SoftwareStage::{Develop, EndOfLife, Incident, Operate, Release, Select};

const fn of(role: OfficeRole, code: &'static str, stages: &'static [SoftwareStage]) -> Measure {
    Measure { code, role, stages }
}

/// All measures, role by role.
pub const MEASURES: &[Measure] = &[
    of(Coordinator, "inventory", &[Select, Release, Operate]),
    of(Coordinator, "evidence-rounds", &[Operate]),
    of(Coordinator, "exposure-watch", &[Operate]),
    of(Coordinator, "incident-coordination", &[Incident]),
    of(Coordinator, "support-end-watch", &[EndOfLife]),
    of(RoleModel, "own-code-in-public", &[Develop]),
    of(RoleModel, "practice-checks", &[Develop, Release]),
    of(RoleModel, "own-advisories", &[Operate, Incident]),
    of(RoleModel, "upstream-first", &[Develop, Operate]),
    of(RoleModel, "open-data", &[Select, Operate]),
    of(Supporter, InterventionCode::Audit.as_str(), &[Develop, Release]),
    of(Supporter, InterventionCode::Fuzzing.as_str(), &[Develop]),
    of(Supporter, InterventionCode::PaidMaintenance.as_str(), &[Operate]),
    of(Supporter, InterventionCode::Fellowship.as_str(), &[Develop, Operate]),
    of(Supporter, InterventionCode::DirectContribution.as_str(), &[Develop]),
    of(Supporter, InterventionCode::ReleaseHardening.as_str(), &[Release]),
    of(Supporter, InterventionCode::Succession.as_str(), &[EndOfLife]),
    of(Supporter, InterventionCode::BountyWithTriage.as_str(), &[Operate]),
    of(Supporter, InterventionCode::FoundationMembership.as_str(), &[Operate]),
    of(Supporter, InterventionCode::PooledFund.as_str(), &[Operate]),
    of(Supporter, InterventionCode::Replace.as_str(), &[EndOfLife]),
    of(Supporter, InterventionCode::Adopt.as_str(), &[EndOfLife]),
    of(Regulator, "delivery-acceptance", &[Select, Release]),
    of(Regulator, "rulebooks", &[Select, Release, Operate]),
    of(Regulator, "draft-law-tests", &[Select]),
    of(Regulator, "reporting-clocks", &[Incident]),
    of(Regulator, "dependency-report", &[Operate]),
];

/// A measure by its word.
pub fn measure(code: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|one| one.code == code)
}

/// The measures of a role.
pub fn measures_of(role: OfficeRole) -> impl Iterator<Item = &'static Measure> {
    MEASURES.iter().filter(move |one| one.role == role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instrument_is_a_measure_and_every_stage_has_one() {
        for code in InterventionCode::ALL {
            assert_eq!(measure(code.as_str()).map(|one| one.role), Some(Supporter), "{code:?}");
        }
        for stage in SoftwareStage::ALL {
            assert!(MEASURES.iter().any(|one| one.stages.contains(stage)), "{stage:?}");
        }
        for role in OfficeRole::ALL {
            assert!(measures_of(*role).count() >= 5, "{role:?}");
        }
        let codes: std::collections::BTreeSet<_> = MEASURES.iter().map(|one| one.code).collect();
        assert_eq!(codes.len(), MEASURES.len(), "each word once");
    }
}
