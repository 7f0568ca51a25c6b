// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! All visible uses at once, by package and small enough to be held: for whatever looks at packages in an order of its own. What a
//! document is about is no use of it.
//!
//! A use is a document and a code of a byte, five bytes in all: fifteen million uses take 75 MB.

use std::collections::HashMap;

use datafusion::arrow::array::Array as _;
use rayon::prelude::*;

use crate::error::LakeError;
use crate::rows::{booleans, codes, integers, texts};
use crate::schema::{DOCUMENT, Table};
use crate::session::Session;

/// Where the bit lies that says that a use is direct, and the one that says that this is known.
const DIRECT: u8 = 0x10;
const DIRECT_KNOWN: u8 = 0x20;
const SCOPE: u8 = 0x0f;

/// A use of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackageUse {
    /// Number of the document.
    pub document: i64,
    /// Code of the scope.
    pub scope: u8,
    /// Whether it is a direct dependency.
    pub direct: Option<bool>,
}

/// Uses by package.
#[derive(Debug, Default)]
pub struct PackageUses {
    segments: Vec<Uses>,
}

/// Uses of one segment, those of one package one after the other.
#[derive(Debug, Default)]
struct Uses {
    documents: Vec<u32>,
    codes: Vec<u8>,
    /// For each package: where its uses begin, and how many they are.
    places: HashMap<i64, (u32, u32)>,
}

impl PackageUses {
    /// The uses of any version of a package.
    pub fn of(&self, package: i64) -> impl Iterator<Item = PackageUse> {
        self.segments.iter().flat_map(move |segment| {
            let (begin, count) = segment.places.get(&package).copied().unwrap_or_default();
            let range = begin as usize..(begin + count) as usize;
            segment.documents[range.clone()].iter().zip(&segment.codes[range]).map(|(document, code)| PackageUse {
                document: i64::from(*document),
                scope: code & SCOPE,
                direct: (code & DIRECT_KNOWN != 0).then_some(code & DIRECT != 0),
            })
        })
    }

    /// Packages that have a use, in no order.
    pub fn packages(&self) -> Vec<i64> {
        let mut packages: Vec<i64> = self.segments.iter().flat_map(|segment| segment.places.keys().copied()).collect();
        packages.sort_unstable();
        packages.dedup();
        packages
    }
}

/// An address that documents give for the project of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedProject {
    /// Number of the package.
    pub package: i64,
    /// The address as stated.
    pub address: String,
    /// Statements in visible documents: one for each version in each of them.
    pub documents: u64,
}

impl Session {
    /// All visible uses, by package.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn package_uses(&self) -> Result<PackageUses, LakeError> {
        let table = Table::named("occurrence").ok_or_else(|| LakeError::Query("no uses".to_owned()))?;
        let trusted = self.sees_all()?;
        let files = self.files(table, "package")?;
        let read = |file: &std::sync::Arc<crate::scan::SegmentFile>| {
            let mut uses = Uses::default();
            for batch in file.batches(&["package", DOCUMENT, "scope", "direct", "depth"])? {
                let batch = batch?;
                let (packages, documents) = (integers(&batch, 0)?.values(), integers(&batch, 1)?.values());
                let (scopes, direct, depths) = (codes(&batch, 2)?, booleans(&batch, 3)?, integers(&batch, 4)?);
                for row in 0..batch.num_rows() {
                    let Ok(document) = u32::try_from(documents[row]) else { continue };
                    let is_itself = depths.is_valid(row) && depths.value(row) == 0;
                    if is_itself || !trusted && !self.visible.contains(documents[row]) {
                        continue;
                    }
                    let end = uses.documents.len() as u32;
                    uses.places.entry(packages[row]).or_insert((end, 0)).1 += 1;
                    let known = if direct.is_valid(row) { DIRECT_KNOWN } else { 0 };
                    let is_direct = if direct.is_valid(row) && direct.value(row) { DIRECT } else { 0 };
                    uses.documents.push(document);
                    uses.codes.push(scopes.value(row) & SCOPE | known | is_direct);
                }
            }
            Ok(uses)
        };
        Ok(PackageUses { segments: files.par_iter().map(read).collect::<Result<_, LakeError>>()? })
    }

    /// Addresses that visible documents give for the projects of packages, each with the number of statements.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn stated_projects(&self) -> Result<Vec<StatedProject>, LakeError> {
        let table = Table::named("component").ok_or_else(|| LakeError::Query("no components".to_owned()))?;
        let trusted = self.sees_all()?;
        let files = self.files(table, DOCUMENT)?;
        let read = |file: &std::sync::Arc<crate::scan::SegmentFile>| {
            let mut counts: HashMap<i64, Vec<(String, u64)>> = HashMap::new();
            for batch in file.batches(&["package_version", DOCUMENT, "project"])? {
                let batch = batch?;
                let (versions, documents) = (integers(&batch, 0)?.values(), integers(&batch, 1)?.values());
                let projects = texts(&batch, 2)?;
                for row in 0..batch.num_rows() {
                    let address = projects.value(row);
                    if address.is_empty() || !trusted && !self.visible.contains(documents[row]) {
                        continue;
                    }
                    let stated = counts.entry(versions[row]).or_default();
                    match stated.iter_mut().find(|(own, _)| own == address) {
                        Some((_, count)) => *count += 1,
                        None => stated.push((address.to_owned(), 1)),
                    }
                }
            }
            Ok(counts)
        };
        let counts = files.par_iter().map(read).collect::<Result<Vec<_>, LakeError>>()?;
        let dictionary = self.dictionary()?;
        let mut all: HashMap<(i64, String), u64> = HashMap::new();
        for (version, stated) in counts.into_iter().flatten() {
            let Some(version) = dictionary.get(version) else { continue };
            for (address, count) in stated {
                *all.entry((version.package, address)).or_default() += count;
            }
        }
        let stated = |((package, address), documents)| StatedProject { package, address, documents };
        let mut found: Vec<StatedProject> = all.into_iter().map(stated).collect();
        found.sort_by(|a, b| (a.package, &a.address).cmp(&(b.package, &b.address)));
        Ok(found)
    }
}
