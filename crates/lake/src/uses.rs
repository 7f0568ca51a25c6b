// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! All visible uses, one after the other, without holding them: for whatever is worked out over everything.

use datafusion::arrow::array::Array as _;

use crate::error::LakeError;
use crate::rows::{booleans, codes, integers, texts};
use crate::schema::Table;
use crate::session::Session;
use crate::systems_of::SystemsOf;

/// A use, as far as a pass over everything needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BriefUse<'u> {
    /// Number of the package version.
    pub package_version: i64,
    /// The document.
    pub document: i64,
    /// Code of the scope.
    pub scope: u8,
    /// Whether it is a direct dependency.
    pub direct: Option<bool>,
    /// Where in the artefact, where that was asked for.
    pub location: &'u str,
}

/// A use by a system, as far as a pass over everything needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemUse<'u> {
    /// Number of the package version.
    pub package_version: i64,
    /// Position of the system.
    pub system: u32,
    /// Code of the scope.
    pub scope: u8,
    /// Whether it is a direct dependency.
    pub direct: Option<bool>,
    /// The label of the document.
    pub label: u8,
    /// Where in the artefact; empty for documents without a label.
    pub location: &'u str,
    /// The document, where it was to be told.
    pub document: Option<i64>,
}

/// What is to be told of the uses in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Comes back with each use. Where it is not 0, the place of the use does, too.
    pub label: u8,
    /// Whether the document itself comes back.
    pub document: bool,
}

impl Session {
    /// Hands every visible use to `take` once for each system that its document counts for; uses that differ in nothing that is told
    /// may come once.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn each_system_use(
        &self,
        systems_of: &SystemsOf,
        told: impl Fn(i64) -> Told,
        mut take: impl FnMut(SystemUse<'_>),
    ) -> Result<(), LakeError> {
        let of_document =
            |(document, systems): (i64, &[u32])| if systems.is_empty() { Told::default() } else { told(document) };
        let told: Vec<Told> = (0..).zip(systems_of.lists()).map(of_document).collect();
        #[cfg(feature = "cluster")]
        if crate::cluster::each_system_use(self, systems_of, &told, &mut take)? {
            return Ok(());
        }
        let with_locations = told.iter().any(|told| told.label > 0);
        self.each_use(with_locations, |found| {
            let systems = systems_of.of(found.document);
            if systems.is_empty() {
                return;
            }
            let BriefUse { package_version, document, scope, direct, location } = found;
            let wanted = told.get(document as usize).copied().unwrap_or_default();
            let location = if wanted.label > 0 { location } else { "" };
            let document = wanted.document.then_some(document);
            for &system in systems {
                take(SystemUse { package_version, system, scope, direct, label: wanted.label, location, document });
            }
        })
    }

    /// Hands every visible use to `take`, those of one package one after the other within each file.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn each_use(&self, with_locations: bool, mut take: impl FnMut(BriefUse<'_>)) -> Result<(), LakeError> {
        let table = Table::named("occurrence").ok_or_else(|| LakeError::Query("no uses".to_owned()))?;
        let mut columns = vec!["package_version", "document", "scope", "direct"];
        if with_locations {
            columns.push("location");
        }
        let trusted = self.sees_all()?;
        for file in self.files(table, "package")? {
            for batch in file.batches(&columns)? {
                let batch = batch?;
                let (versions, documents) = (integers(&batch, 0)?.values(), integers(&batch, 1)?.values());
                let (scopes, direct) = (codes(&batch, 2)?, booleans(&batch, 3)?);
                let locations = if with_locations { Some(texts(&batch, 4)?) } else { None };
                for row in 0..batch.num_rows() {
                    if !trusted && !self.visible.contains(documents[row]) {
                        continue;
                    }
                    let location =
                        locations.filter(|column| column.is_valid(row)).map_or("", |column| column.value(row));
                    take(BriefUse {
                        package_version: versions[row],
                        document: documents[row],
                        scope: scopes.value(row),
                        direct: direct.is_valid(row).then(|| direct.value(row)),
                        location,
                    });
                }
            }
        }
        Ok(())
    }
}
