// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! All visible uses, one after the other, without holding them: for whatever is worked out over everything.

use datafusion::arrow::array::Array as _;

use crate::error::LakeError;
use crate::rows::{booleans, codes, integers, texts};
use crate::schema::Table;
use crate::session::Session;

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

impl Session {
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
