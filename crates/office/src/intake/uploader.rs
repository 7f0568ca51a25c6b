// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! In whose name documents are handed in.

use underpin_ledger::Snapshot;
use underpin_model::Viewer;
use underpin_model::people::{Act, Reach};
use underpin_model::registry::AgencyId;

use super::AddOptions;
use crate::coordinator::names::agency_in;
use crate::error::{OfficeError, Result};

/// Who hands the documents in: as said, else the only agency of the viewer.
pub(super) fn uploader(options: &AddOptions, snapshot: &Snapshot) -> Result<Option<AgencyId>> {
    match (&options.uploader, &options.viewer) {
        (Some(agency), _) => Ok(Some(agency_in(snapshot, &agency.0)?.id.clone())),
        (None, viewer) if viewer.is_operator() || viewer.may_everywhere(Act::HandIn) => Ok(None),
        (None, viewer) => match handing_in(viewer, snapshot).as_slice() {
            [only] => Ok(Some(only.clone())),
            _ => {
                Err(OfficeError::new("uploader-needed", "several agencies ask; which of them hands the documents in?")
                    .hint("name it with --uploader"))
            }
        },
    }
}

/// Agencies in whose name the viewer may hand in: its own, and those of its single systems; each once.
fn handing_in(viewer: &Viewer, snapshot: &Snapshot) -> Vec<AgencyId> {
    let grants = viewer.grants();
    let reaches = grants.iter().filter(|grant| grant.role.may(Act::HandIn)).map(|grant| &grant.reach);
    let agency = |reach: &Reach| match reach {
        Reach::Government => None,
        Reach::Agency(agency) => Some(agency.clone()),
        Reach::System(id) => snapshot.systems.iter().find(|system| system.id == *id).map(|one| one.agency.clone()),
    };
    let mut agencies: Vec<AgencyId> = reaches.filter_map(agency).collect();
    agencies.sort_unstable();
    agencies.dedup();
    agencies
}
