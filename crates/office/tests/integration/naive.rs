// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A government in plain collections: what every answer should be, counted in the most obvious way.

use std::collections::{BTreeMap, BTreeSet};

use underpin_model::{DocumentId, Timestamp};

/// Package and version.
pub type Version = (String, String);

/// A document and its fate.
#[derive(Clone, Debug)]
pub struct Document {
    pub id: DocumentId,
    pub path: std::path::PathBuf,
    pub tool: String,
    pub subject: String,
    pub created: Timestamp,
    pub learned: Timestamp,
    pub versions: BTreeSet<Version>,
    pub retracted: bool,
    /// Systems it is bound to.
    pub systems: BTreeSet<String>,
}

/// The whole government.
#[derive(Clone, Debug, Default)]
pub struct Government {
    /// Agencies with the one above.
    pub agencies: BTreeMap<String, Option<String>>,
    /// Systems with their agency.
    pub systems: BTreeMap<String, String>,
    /// Everything ever handed in.
    pub documents: Vec<Document>,
    /// What was purged: nothing of it is told, and it still stands in the place of older documents.
    pub purged: Vec<Document>,
}

impl Government {
    /// Documents that count for a system: not taken back, and no newer one of the same tool about the same.
    fn counting(&self, system: &str) -> Vec<&Document> {
        let bound: Vec<&Document> =
            self.documents.iter().filter(|document| !document.retracted && document.systems.contains(system)).collect();
        let age = |document: &Document| (document.created, document.learned, document.id);
        let newer = |one: &Document, other: &Document| {
            one.tool == other.tool && one.subject == other.subject && age(other) > age(one)
        };
        let gone = self.purged.iter().filter(|document| document.systems.contains(system));
        let all: Vec<&Document> = bound.iter().copied().chain(gone).collect();
        bound.iter().filter(|one| !all.iter().any(|other| newer(one, other))).copied().collect()
    }

    /// What a system contains.
    pub fn contents(&self, system: &str) -> BTreeSet<Version> {
        self.counting(system).into_iter().flat_map(|document| document.versions.clone()).collect()
    }

    /// Where a package is used: system and version.
    pub fn uses(&self, package: &str) -> BTreeSet<Version> {
        self.systems
            .keys()
            .flat_map(|system| self.contents(system).into_iter().map(move |version| (system.clone(), version)))
            .filter(|(_, (name, _))| name == package)
            .map(|(system, (_, version))| (system, version))
            .collect()
    }

    /// Every package in use with the number of systems.
    pub fn usage(&self) -> BTreeMap<String, u32> {
        let mut usage = BTreeMap::new();
        for system in self.systems.keys() {
            let packages: BTreeSet<String> = self.contents(system).into_iter().map(|(package, _)| package).collect();
            packages.into_iter().for_each(|package| *usage.entry(package).or_insert(0) += 1);
        }
        usage
    }

    /// Systems that are known, stale and unknown to a question about anything.
    pub fn coverage(&self, now: Timestamp, stale_days: i64) -> [u64; 3] {
        let mut counts = [0; 3];
        for system in self.systems.keys() {
            let newest = self.counting(system).into_iter().map(|document| document.created).max();
            counts[match newest {
                Some(newest) if now.days_since(newest) <= stale_days => 0,
                Some(_) => 1,
                None => 2,
            }] += 1;
        }
        counts
    }

    /// Systems of an agency and of everything below it.
    pub fn systems_below(&self, top: &str) -> BTreeSet<String> {
        let below = |agency: &str| {
            let mut above = Some(agency.to_owned());
            while let Some(agency) = above {
                if agency == top {
                    return true;
                }
                above = self.agencies.get(&agency).cloned().flatten();
            }
            false
        };
        self.systems.iter().filter(|(_, agency)| below(agency)).map(|(system, _)| system.clone()).collect()
    }
}
