// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `diff`: what changed in a system between two moments, or between two documents.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;
use underpin_assess::difference::{Change, Versions, difference};
use underpin_model::Timestamp;
use underpin_model::document::DocumentId;

use super::versions::epoch_of;
use super::what::{Place, counts};
use super::where_used::plain_purl;
use crate::error::{OfficeError, Result};
use crate::house::{Bound, Desk, Overview};

/// Type, namespace and name.
type Package = (String, String, String);

/// One side of a comparison.
#[derive(Debug, Default)]
pub struct Side {
    versions: Versions,
    documents: BTreeMap<Package, BTreeSet<i64>>,
    purged: Vec<String>,
}

/// The answer of `diff`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct DiffAnswer {
    /// The older side.
    pub from: String,
    /// The newer side.
    pub to: String,
    /// Snapshot and time of the newer side.
    #[serde(flatten)]
    pub overview: Overview,
    /// Packages only on the newer side.
    pub added: u64,
    /// Packages only on the older side.
    pub removed: u64,
    /// Packages in other versions.
    pub changed: u64,
    /// One row for each package.
    pub rows: Vec<DiffRow>,
    /// Purged documents on either side that nothing has replaced: what they said is not compared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub purged_documents: Vec<String>,
}

/// A package that changed.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
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
    /// Documents that name it, on either side.
    pub documents: Vec<String>,
}

impl Desk {
    /// The versions of all packages at a place, by its current documents. Versions of rpm packages come with their epoch.
    ///
    /// # Errors
    /// When the place is not found, a document does not count, or a segment is damaged.
    pub fn side(&self, place: &str) -> Result<Side> {
        let mut side = Side::default();
        let documents: Vec<i64> = match self.place(place)? {
            Place::Document(number) => {
                self.document(number).map(counts).transpose()?;
                vec![number]
            }
            Place::System(system) => {
                side.purged = self.purged_of(system);
                self.current_documents(system).map(|record| record.id.0).collect()
            }
            Place::Agency(agency) => {
                return Err(OfficeError::new(
                    "invalid-place",
                    format!("{agency} is an agency: differences are shown for one system"),
                )
                .hint("name a system or two documents"));
            }
        };
        let rows = self.contents(&documents)?;
        let ids: Vec<i64> =
            rows.iter().filter(|row| row.kind == "rpm").flat_map(|row| row.package_versions.iter().copied()).collect();
        let known = self.session.versions_by_id(&ids)?;
        let epochs: HashMap<i64, &str> =
            known.iter().filter_map(|version| Some((version.id, epoch_of(version)?))).collect();
        for row in rows {
            let epoch = row.package_versions.iter().find_map(|id| epochs.get(id));
            let version = epoch.map_or_else(|| row.version.clone(), |epoch| format!("{epoch}:{}", row.version));
            let package = (row.kind, row.namespace, row.name);
            side.documents.entry(package.clone()).or_default().extend(row.documents);
            side.versions.entry(package).or_default().push(version);
        }
        Ok(side)
    }
}

impl Desk {
    /// The document of a system (by position) that was replaced last, and the one that stands in its place today. What was taken back,
    /// purged or could not be read counts on neither side.
    pub fn last_replacement(&self, system: u32) -> Option<(DocumentId, DocumentId)> {
        let record = |bound: &Bound| &self.snapshot.documents[bound.document];
        let replaced = self.bound(system).iter().filter(|bound| bound.superseded_by.is_some());
        let last = replaced.filter(|bound| counts(record(bound)).is_ok()).max_by_key(|bound| {
            let record = record(bound);
            (record.learned, record.id)
        })?;
        let by_number = |number: i64| self.bound(system).iter().find(|bound| record(bound).id.0 == number);
        let mut newer = by_number(last.superseded_by?)?;
        // A chain has no rings; its length bounds the way along it all the same.
        for _ in 0..self.bound(system).len() {
            match newer.superseded_by.and_then(by_number) {
                Some(next) => newer = next,
                None => break,
            }
        }
        counts(record(newer)).ok()?;
        Some((record(last).id, record(newer).id))
    }
}

/// What changed between two sides, each seen from its own desk (two moments) or from the same one (two documents).
///
/// # Errors
/// `reversed-times` when the older side is the later one; when a place is not found or a segment is damaged.
pub fn diff(older: (&Desk, &str), newer: (&Desk, &str)) -> Result<DiffAnswer> {
    let (from, to) = (older.0.snapshot.at, newer.0.snapshot.at);
    if from > to {
        return Err(OfficeError::new("reversed-times", format!("--from {from} is later than --to {to}"))
            .hint(format!("ask for --from {to} --to {from}")));
    }
    let label = |(desk, place): (&Desk, &str)| -> String {
        let at: Timestamp = desk.snapshot.at;
        format!("{place} as of {at}")
    };
    let (before, after) = (older.0.side(older.1)?, newer.0.side(newer.1)?);
    let changes = difference(&before.versions, &after.versions);
    let purged: BTreeSet<String> = before.purged.iter().chain(&after.purged).cloned().collect();
    let mut answer = DiffAnswer {
        from: label(older),
        to: label(newer),
        overview: newer.0.overview(),
        added: 0,
        removed: 0,
        changed: 0,
        rows: Vec::new(),
        purged_documents: purged.into_iter().collect(),
    };
    for (package, change) in changes {
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
        let named = [&before.documents, &after.documents].into_iter().filter_map(|side| side.get(&package)).flatten();
        let documents: BTreeSet<i64> = named.copied().collect();
        answer.rows.push(DiffRow {
            package: plain_purl(&package.0, &package.1, &package.2),
            change: word,
            from,
            to,
            direction,
            documents: documents.iter().map(|document| format!("D{document}")).collect(),
        });
    }
    Ok(answer)
}
