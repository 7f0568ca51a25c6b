// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `diff`: what changed in a system between two moments, or between two documents.

use serde::Serialize;
use underpin_assess::difference::{Change, Versions, difference};
use underpin_model::Timestamp;

use super::what::Place;
use super::where_used::plain_purl;
use crate::error::{OfficeError, Result};
use crate::house::Desk;

/// The answer of `diff`.
#[derive(Clone, Debug, Serialize)]
pub struct DiffAnswer {
    /// The older side.
    pub from: String,
    /// The newer side.
    pub to: String,
    /// Snapshot of the newer side.
    pub snapshot: i64,
    /// Packages only on the newer side.
    pub added: u64,
    /// Packages only on the older side.
    pub removed: u64,
    /// Packages in other versions.
    pub changed: u64,
    /// One row for each package.
    pub rows: Vec<DiffRow>,
}

/// A package that changed.
#[derive(Clone, Debug, Serialize)]
pub struct DiffRow {
    /// Package: canonical purl without version and qualifiers.
    pub package: String,
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
    /// Versions that are gone.
    pub from: Vec<String>,
    /// Versions that are new.
    pub to: Vec<String>,
    /// `up`, `down` or `same`: which way the highest version went.
    pub direction: &'static str,
}

impl Desk {
    /// The versions of all packages at a place, by its current documents.
    ///
    /// # Errors
    /// When the place is not found or a segment is damaged.
    pub fn versions_at(&self, place: &str) -> Result<Versions> {
        let documents: Vec<i64> = match self.place(place)? {
            Place::Document(number) => vec![number],
            Place::System(system) => self.current_documents(system).map(|record| record.id.0).collect(),
            Place::Agency(agency) => {
                return Err(OfficeError::new(
                    "invalid-place",
                    format!("{agency} is an agency: differences are shown for one system"),
                )
                .hint("name a system or two documents"));
            }
        };
        let mut versions = Versions::new();
        for row in self.contents(&documents)? {
            versions.entry((row.kind, row.namespace, row.name)).or_default().push(row.version);
        }
        Ok(versions)
    }
}

/// What changed between two sides, each seen from its own desk (two moments) or from the same one (two documents).
///
/// # Errors
/// When a place is not found or a segment is damaged.
pub fn diff(older: (&Desk, &str), newer: (&Desk, &str)) -> Result<DiffAnswer> {
    let label = |(desk, place): (&Desk, &str)| -> String {
        let at: Timestamp = desk.snapshot.at;
        format!("{place} as of {at}")
    };
    let changes = difference(&older.0.versions_at(older.1)?, &newer.0.versions_at(newer.1)?);
    let mut answer = DiffAnswer {
        from: label(older),
        to: label(newer),
        snapshot: newer.0.snapshot.revision,
        added: 0,
        removed: 0,
        changed: 0,
        rows: Vec::new(),
    };
    for ((kind, namespace, name), change) in changes {
        let (word, from, to, direction) = match change {
            Change::Added(to) => ("added", Vec::new(), to, ""),
            Change::Removed(from) => ("removed", from, Vec::new(), ""),
            Change::Changed { from, to, direction } => ("changed", from, to, direction.as_str()),
        };
        *match word {
            "added" => &mut answer.added,
            "removed" => &mut answer.removed,
            _ => &mut answer.changed,
        } += 1;
        let package = plain_purl(&kind, &namespace, &name);
        answer.rows.push(DiffRow { package, change: word, from, to, direction });
    }
    Ok(answer)
}
