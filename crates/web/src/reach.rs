// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where somebody may do something, to offer only that in forms. Whether they may is for storage to say.

use std::collections::BTreeSet;

use underpin_model::Viewer;
use underpin_model::people::{Act, Reach};
use underpin_model::registry::{AgencyId, System, SystemId};
use underpin_office::Desk;

/// How far a reader's roles let them do something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reachable {
    /// In the whole government.
    pub is_everywhere: bool,
    /// In these agencies; those below them are in it.
    pub agencies: BTreeSet<AgencyId>,
    /// In these systems.
    pub systems: BTreeSet<SystemId>,
}

impl Reachable {
    /// Where a viewer may do this.
    pub fn of(viewer: &Viewer, desk: &Desk, act: Act) -> Self {
        let Viewer::Member { grants, .. } = viewer else {
            return Self { is_everywhere: viewer.is_operator(), ..Self::default() };
        };
        let mut found = Self::default();
        for grant in grants.iter().filter(|grant| grant.role.may(act)) {
            match &grant.reach {
                Reach::Government => found.is_everywhere = true,
                Reach::Agency(agency) => found.agencies.extend(desk.with_descendants(agency)),
                Reach::System(system) => {
                    found.systems.insert(system.clone());
                }
            }
        }
        found
    }

    /// Whether an agency is within.
    pub fn has_agency(&self, agency: &AgencyId) -> bool {
        self.is_everywhere || self.agencies.contains(agency)
    }

    /// Whether a system is within.
    pub fn has(&self, system: &System) -> bool {
        self.has_agency(&system.agency) || self.systems.contains(&system.id)
    }
}
