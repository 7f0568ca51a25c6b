// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `usage`: packages by the number of systems that use them, over everything the viewer may see.

use std::collections::HashMap;

use serde::Serialize;

use super::where_used::plain_purl;
use crate::error::Result;
use crate::house::{Desk, Overview};

/// The answer of `usage`.
#[derive(Clone, Debug, Serialize)]
pub struct UsageAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Packages in use.
    pub packages: u64,
    /// Uses: package versions in current documents about systems.
    pub occurrences: u64,
    /// Most used first.
    pub rows: Vec<UsageRow>,
}

/// A package and how widely it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UsageRow {
    /// Canonical purl without version and qualifiers.
    pub package: String,
    /// Name as people write it.
    pub name: String,
    /// Type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Systems that use any version of it.
    pub systems: u32,
    /// Uses: package versions in current documents about systems.
    pub occurrences: u32,
}

impl Desk {
    /// The `top` most used packages; all when `None`. Equally used ones by name.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn usage(&self, top: Option<usize>) -> Result<UsageAnswer> {
        let mut usage = self.session.package_usage(self.snapshot.systems.len(), self.current())?;
        let packages = usage.len() as u64;
        let occurrences = usage.iter().map(|found| u64::from(found.occurrences)).sum();
        let key = |found: &underpin_lake::PackageUsage| std::cmp::Reverse((found.systems, found.occurrences));
        // Names are looked up for what is shown only, so more than `top` stay where the last place is shared.
        if let Some(top) = top.filter(|top| *top < usage.len()) {
            let last = usage.select_nth_unstable_by_key(top.saturating_sub(1), key).1;
            let last = key(last);
            usage.retain(|found| key(found) <= last);
        }
        let numbers: Vec<i64> = usage.iter().map(|found| found.package).collect();
        let names: HashMap<i64, _> =
            self.session.packages_by_id(&numbers)?.into_iter().map(|version| (version.package, version)).collect();
        let mut rows: Vec<UsageRow> = usage
            .iter()
            .filter_map(|found| {
                let version = names.get(&found.package)?;
                Some(UsageRow {
                    package: plain_purl(&version.kind, &version.namespace, &version.name),
                    name: version.full_name(),
                    kind: version.kind.clone(),
                    systems: found.systems,
                    occurrences: found.occurrences,
                })
            })
            .collect();
        rows.sort_by(|a, b| {
            (b.systems, b.occurrences).cmp(&(a.systems, a.occurrences)).then_with(|| a.package.cmp(&b.package))
        });
        rows.truncate(top.unwrap_or(usize::MAX));
        Ok(UsageAnswer { overview: self.overview(), packages, occurrences, rows })
    }
}
