// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Package versions in use with the agencies that use them, each pair once: what the usual population of a rule over packages asks. A
//! nation has sixteen million uses and six million such pairs; they are told apart as bits while the uses are read, not as texts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use underpin_lake::Told;

use crate::error::Result;
use crate::house::Desk;

/// Package versions by their purl and agencies by their identifier, both in order.
#[derive(Debug)]
pub(crate) struct PackagesByAgency {
    pub packages: Vec<String>,
    pub agencies: Vec<String>,
    /// Places of the agencies of all packages, one after the other, each package's in order.
    used_by: Vec<u32>,
    /// Where those of each package end.
    ends: Vec<usize>,
}

impl PackagesByAgency {
    /// Each package with the places of its agencies.
    pub fn each(&self) -> impl Iterator<Item = (&str, &[u32])> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let of = starts.zip(&self.ends).map(|(start, end)| self.used_by.get(start..*end).unwrap_or_default());
        self.packages.iter().map(String::as_str).zip(of)
    }
}

const WORD_BITS: usize = u64::BITS as usize;

impl Desk {
    /// See [`PackagesByAgency`].
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub(crate) fn packages_by_agency(&self) -> Result<PackagesByAgency> {
        let agencies: BTreeSet<&str> = self.snapshot.systems.iter().map(|system| system.agency.0.as_str()).collect();
        let place_of: HashMap<&str, usize> = agencies.iter().copied().zip(0..).collect();
        let systems = self.snapshot.systems.iter();
        let agency_of: Vec<usize> =
            systems.map(|system| place_of.get(system.agency.0.as_str()).copied().unwrap_or_default()).collect();
        let words = agencies.len().div_ceil(WORD_BITS);
        let (mut row_of, mut bits, mut last) = (HashMap::<i64, usize>::new(), Vec::<u64>::new(), None);
        self.session.each_system_use(
            self.current(),
            |_| Told::default(),
            |found| {
                let row = match last {
                    Some((version, row)) if version == found.package_version => row,
                    _ => *row_of.entry(found.package_version).or_insert_with(|| {
                        bits.resize(bits.len() + words, 0);
                        bits.len() / words - 1
                    }),
                };
                last = Some((found.package_version, row));
                let agency = agency_of.get(found.system as usize).copied().unwrap_or_default();
                if let Some(word) = bits.get_mut(row * words + agency / WORD_BITS) {
                    *word |= 1 << (agency % WORD_BITS);
                }
            },
        )?;
        let ids: Vec<i64> = row_of.keys().copied().collect();
        let versions = self.session.version_set(&ids)?;
        // Several numbers of one purl are one package version.
        let mut rows_of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (id, row) in &row_of {
            if let Some(version) = versions.get(*id) {
                rows_of.entry(&version.purl).or_default().push(*row);
            }
        }
        let (mut used_by, mut ends) = (Vec::new(), Vec::with_capacity(rows_of.len()));
        for rows in rows_of.values() {
            let uses = |agency: &usize| {
                let word = |row: &usize| bits.get(row * words + agency / WORD_BITS).copied().unwrap_or_default();
                rows.iter().any(|row| word(row) >> (agency % WORD_BITS) & 1 == 1)
            };
            used_by.extend((0..agencies.len()).filter(uses).map(|agency| agency as u32));
            ends.push(used_by.len());
        }
        Ok(PackagesByAgency {
            packages: rows_of.into_keys().map(str::to_owned).collect(),
            agencies: agencies.into_iter().map(str::to_owned).collect(),
            used_by,
            ends,
        })
    }
}
