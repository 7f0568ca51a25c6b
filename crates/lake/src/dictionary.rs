// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Package versions in memory: loaded once for a list of segments, asked many times.

use std::collections::HashMap;

use crate::error::LakeError;
use crate::lookup::PackageVersion;
use crate::scan::Wanted;
use crate::session::Session;

/// Package versions, found by number.
#[derive(Debug, Default)]
pub struct Dictionary {
    versions: Vec<PackageVersion>,
    by_id: HashMap<i64, u32, std::hash::BuildHasherDefault<Identity>>,
}

/// Numbers of packages are hashes already.
#[derive(Debug, Default)]
pub struct Identity(u64);

impl std::hash::Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_i64(&mut self, number: i64) {
        self.0 = number as u64;
    }
}

impl Dictionary {
    pub(crate) fn load(session: &Session) -> Result<Self, LakeError> {
        let batches = session.rows("package_version", "id", "package_version", Wanted::All, PackageVersion::COLUMNS)?;
        let mut dictionary = Self::default();
        for batch in &batches {
            for row in 0..batch.num_rows() {
                let version = PackageVersion::from_row(batch, row)?;
                let next = dictionary.versions.len() as u32;
                // Two names under one number: two intakes raced. The first one stays; nobody else's question fails.
                if let std::collections::hash_map::Entry::Vacant(entry) = dictionary.by_id.entry(version.id) {
                    entry.insert(next);
                    dictionary.versions.push(version);
                }
            }
        }
        Ok(dictionary)
    }

    /// The package version with this number.
    pub fn get(&self, id: i64) -> Option<&PackageVersion> {
        self.by_id.get(&id).and_then(|&index| self.versions.get(index as usize))
    }

    /// All package versions.
    pub fn iter(&self) -> impl Iterator<Item = &PackageVersion> {
        self.versions.iter()
    }
}
