// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What of a system no advisory can speak of, as a table for SQL: a system without findings may be one that nobody could look at.

use std::collections::BTreeMap;

use underpin_lake::{Cell, StreamedTable};
use underpin_model::watch::Reason;

use super::estate::Watched;
use super::sql_columns::{Listed, count, table};
use crate::house::Desk;

/// Package versions of a system that cannot be held against advisories, for one reason.
pub(super) struct Unwatched {
    agency: String,
    system: String,
    reason: &'static str,
    package_versions: u64,
}

table! {
    UNWATCHED, UNWATCHED_CELLS: for<'r> fn(&'r Unwatched) -> Cell<'r>;
    "unwatched", "a reason why package versions that an active system uses cannot be held against advisories",
    "agency" Text "agency that owns the system" => |row| Cell::Text(&row.agency);
    "system" Text "the system" => |row| Cell::Text(&row.system);
    "reason" Text "why not" => |row| Cell::Text(row.reason);
    "package_versions" Integer "how many of its package versions" => |row| count(row.package_versions);
}

impl Watched {
    pub(super) fn unwatched_table(&self, desk: &Desk) -> StreamedTable {
        let mut counts: BTreeMap<(u32, Reason), u64> = BTreeMap::new();
        for (thing, reason) in self.unanswered.iter().enumerate() {
            let Some(reason) = reason else { continue };
            // A system uses a package version in several places; it is one all the same.
            let mut systems: Vec<u32> = self.estate.systems_of(thing as u32).collect();
            systems.sort_unstable();
            systems.dedup();
            for system in systems.into_iter().filter(|system| self.viewer.systems.contains(*system)) {
                *counts.entry((system, *reason)).or_default() += 1;
            }
        }
        let row = |((system, reason), package_versions): ((u32, Reason), u64)| Unwatched {
            agency: desk.system(system).agency.0.clone(),
            system: desk.system(system).id.0.clone(),
            reason: reason.as_str(),
            package_versions,
        };
        Listed::table(&UNWATCHED, UNWATCHED_CELLS, counts.into_iter().map(row).collect())
    }
}
