// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `usage`: packages by the number of systems that use them, over everything the viewer may see.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use underpin_lake::{PackageUsage, PackageVersion};
use underpin_model::DocumentId;
use underpin_model::limits::bounds::{OPEN_DATA_SYSTEMS, SAFE_TOTAL_STEP};

use super::where_used::plain_purl;
use crate::error::Result;
use crate::house::{Desk, Overview};

/// The answer of `usage`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
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

/// Who is behind a row of `usage`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct UsageSource {
    /// Identifiers of the systems that use any version of it.
    pub used_by: Vec<String>,
    /// Documents that say so.
    pub documents: Vec<String>,
}

impl Desk {
    /// The `top` most used packages; all when `None`. Equally used ones by name.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn usage(&self, top: Option<usize>) -> Result<UsageAnswer> {
        Ok(self.ranked(top)?.0)
    }

    /// The same, and for each row the systems and documents behind it.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn usage_with_sources(&self, top: Option<usize>) -> Result<(UsageAnswer, Vec<UsageSource>)> {
        let (answer, numbers) = self.ranked(top)?;
        let mut sources: HashMap<i64, (BTreeSet<u32>, BTreeSet<i64>)> = HashMap::new();
        for found in self.session.occurrences_of(&numbers)? {
            let systems = self.systems_of(found.document);
            if !systems.is_empty() {
                let source = sources.entry(found.package).or_default();
                source.0.extend(systems);
                source.1.insert(found.document);
            }
        }
        let source = |number: &i64| {
            let (systems, documents) = sources.remove(number).unwrap_or_default();
            let mut used_by: Vec<String> =
                systems.into_iter().map(|system| self.system(system).id.to_string()).collect();
            used_by.sort_unstable();
            let documents = documents.into_iter().map(|document| DocumentId(document).to_string()).collect();
            UsageSource { used_by, documents }
        };
        let sources = numbers.iter().map(source).collect();
        Ok((answer, sources))
    }

    /// Packages with how many systems use them, and how many of the group that does most; each with one of its versions, for its name.
    pub(crate) fn usage_by_group(&self, groups: &[u32]) -> Result<Vec<(PackageUsage, PackageVersion)>> {
        let mut usage = self.session.package_usage_by(groups, self.current())?;
        // Whatever the offsets: less is not told of.
        usage.retain(|found| u64::from(found.systems) + SAFE_TOTAL_STEP > OPEN_DATA_SYSTEMS);
        let numbers: Vec<i64> = usage.iter().map(|found| found.package).collect();
        let mut names: HashMap<i64, PackageVersion> =
            self.session.packages_by_id(&numbers)?.into_iter().map(|version| (version.package, version)).collect();
        Ok(usage.into_iter().filter_map(|found| names.remove(&found.package).map(|version| (found, version))).collect())
    }

    /// The rows, and the numbers of their packages.
    fn ranked(&self, top: Option<usize>) -> Result<(UsageAnswer, Vec<i64>)> {
        let mut usage = self.session.package_usage(self.snapshot.systems.len(), self.current())?;
        let packages = usage.len() as u64;
        let occurrences = usage.iter().map(|found| u64::from(found.occurrences)).sum();
        let key = |found: &PackageUsage| std::cmp::Reverse((found.systems, found.occurrences));
        // Names are looked up for what is shown only, so more than `top` stay where the last place is shared.
        if let Some(top) = top.filter(|top| *top < usage.len()) {
            let last = usage.select_nth_unstable_by_key(top.saturating_sub(1), key).1;
            let last = key(last);
            usage.retain(|found| key(found) <= last);
        }
        let numbers: Vec<i64> = usage.iter().map(|found| found.package).collect();
        let names: HashMap<i64, _> =
            self.session.packages_by_id(&numbers)?.into_iter().map(|version| (version.package, version)).collect();
        let mut rows: Vec<(UsageRow, i64)> = usage
            .iter()
            .filter_map(|found| {
                let version = names.get(&found.package)?;
                let row = UsageRow {
                    package: plain_purl(&version.kind, &version.namespace, &version.name),
                    name: version.full_name(),
                    kind: version.kind.clone(),
                    systems: found.systems,
                    occurrences: found.occurrences,
                };
                Some((row, found.package))
            })
            .collect();
        rows.sort_by(|(a, _), (b, _)| {
            (b.systems, b.occurrences).cmp(&(a.systems, a.occurrences)).then_with(|| a.package.cmp(&b.package))
        });
        rows.truncate(top.unwrap_or(usize::MAX));
        let (rows, numbers) = rows.into_iter().unzip();
        Ok((UsageAnswer { overview: self.overview(), packages, occurrences, rows }, numbers))
    }
}

/// Types of packages that come from places where everybody sees them.
const PUBLIC_TYPES: &[&str] = &[
    "alpm",
    "apk",
    "bioconductor",
    "bitnami",
    "cargo",
    "clojars",
    "cocoapods",
    "composer",
    "conan",
    "conda",
    "cpan",
    "cran",
    "deb",
    "gem",
    "github",
    "golang",
    "hackage",
    "hex",
    "julia",
    "luarocks",
    "maven",
    "npm",
    "nuget",
    "opam",
    "pub",
    "pypi",
    "rpm",
    "swift",
];

/// The purl of a package without version; `None` where it does not come from a public place as far as its name says.
pub(crate) fn public_name(version: &PackageVersion) -> Option<String> {
    let is_public = PUBLIC_TYPES.contains(&version.kind.as_str()) && !version.qualifiers.contains("repository_url");
    is_public.then(|| plain_purl(&version.kind, &version.namespace, &version.name))
}
