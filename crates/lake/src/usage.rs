// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Packages by the number of systems that use them: one pass over all uses.
//!
//! Counting distinct systems is the expensive kind of aggregate for a general engine. Uses lie sorted by package, so one
//! stamp for each system is enough: no hash table, no sort, memory proportional to the number of systems.

use datafusion::arrow::array::RecordBatch;

use crate::error::LakeError;
use crate::rows::integers;
use crate::scan::Wanted;
use crate::session::Session;
use crate::systems_of::SystemsOf;

/// How widely a package is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackageUsage {
    /// Number of the package.
    pub package: i64,
    /// Systems that use any version of it.
    pub systems: u32,
    /// Of the group that uses it most, the systems that do.
    pub most_in_a_group: u32,
    /// Uses: package versions in documents.
    pub occurrences: u32,
}

/// The group of systems that are not counted.
pub const NOT_COUNTED: u32 = u32::MAX;

struct Cursor {
    batches: Vec<RecordBatch>,
    batch: usize,
    row: usize,
}

impl Session {
    /// All visible packages with the number of systems that use them, unsorted. `systems_of` gives for a document
    /// number the positions of its systems (each below `systems`).
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn package_usage(&self, systems: usize, systems_of: &SystemsOf) -> Result<Vec<PackageUsage>, LakeError> {
        self.package_usage_by(&vec![0; systems], systems_of)
    }

    /// The same where each system (by position) belongs to a group, or to [`NOT_COUNTED`]: how many systems the group has that uses it most.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn package_usage_by(&self, groups: &[u32], systems_of: &SystemsOf) -> Result<Vec<PackageUsage>, LakeError> {
        #[cfg(feature = "cluster")]
        if let Some(usage) = crate::cluster::package_usage(self, groups, systems_of)? {
            return Ok(usage);
        }
        let mut cursors = self.cursors()?;
        let mut stamps = vec![0_u32; groups.len()];
        let counted = groups.iter().filter(|group| **group != NOT_COUNTED);
        let mut of_group = vec![(0_u32, 0_u32); counted.max().map_or(0, |most| *most as usize + 1)];
        let mut usage = Vec::new();
        let mut stamp = 0;
        while let Some(package) = next_package(&cursors)? {
            stamp += 1;
            let mut found = PackageUsage { package, systems: 0, most_in_a_group: 0, occurrences: 0 };
            for cursor in &mut cursors {
                cursor.take(package, |document| {
                    let bound = systems_of.of(document);
                    found.occurrences += u32::from(!bound.is_empty());
                    for &system in bound {
                        if let Some(last) = stamps.get_mut(system as usize).filter(|last| **last != stamp) {
                            *last = stamp;
                            let Some(group) = of_group.get_mut(groups[system as usize] as usize) else { continue };
                            found.systems += 1;
                            *group = (stamp, if group.0 == stamp { group.1 + 1 } else { 1 });
                            found.most_in_a_group = found.most_in_a_group.max(group.1);
                        }
                    }
                })?;
            }
            if found.systems > 0 {
                usage.push(found);
            }
        }
        Ok(usage)
    }

    /// One cursor for each segment, over its visible rows in package order.
    fn cursors(&self) -> Result<Vec<Cursor>, LakeError> {
        use rayon::prelude::*;
        let segments: Vec<_> = self
            .segments
            .iter()
            .filter(|segment| segment.table == "occurrence" && segment.order == "package")
            .cloned()
            .collect();
        segments
            .into_par_iter()
            .map(|segment| {
                let one = self.lake.session(vec![segment], self.visible.clone());
                one.sees_all.get_or_init(|| self.sees_all().unwrap_or(false));
                let batches = one.rows("occurrence", "package", "package", Wanted::All, &["package", "document"])?;
                Ok(Cursor { batches, batch: 0, row: 0 })
            })
            .collect()
    }
}

/// The smallest package that any cursor stands on.
fn next_package(cursors: &[Cursor]) -> Result<Option<i64>, LakeError> {
    let mut smallest = None;
    for cursor in cursors {
        if let Some(batch) = cursor.batches.get(cursor.batch) {
            let package = integers(batch, 0)?.value(cursor.row);
            smallest = Some(smallest.map_or(package, |least: i64| least.min(package)));
        }
    }
    Ok(smallest)
}

impl Cursor {
    /// Calls `each` with the document of every row of `package`, moving past them.
    fn take(&mut self, package: i64, mut each: impl FnMut(i64)) -> Result<(), LakeError> {
        while let Some(batch) = self.batches.get(self.batch) {
            let (packages, documents) = (integers(batch, 0)?.values(), integers(batch, 1)?.values());
            while self.row < packages.len() && packages[self.row] == package {
                each(documents[self.row]);
                self.row += 1;
            }
            if self.row < packages.len() {
                return Ok(());
            }
            self.batch += 1;
            self.row = 0;
        }
        Ok(())
    }
}
