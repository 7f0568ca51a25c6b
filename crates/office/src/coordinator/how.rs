// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `how`: by which paths a package gets into a system, in which scope, where in the artefact, whether modified, which
//! document says so, and how sure that is. Paths are not stored: the documents are read again from their evidence.

use serde::Serialize;
use underpin_assess::graph::{PathLimits, paths, positions};
use underpin_assess::identity::{confidence_percent, resolve};
use underpin_lake::PackageVersion;
use underpin_model::inventory::{Component, Inventory};
use underpin_model::{DocumentRecord, Timestamp};

use super::query::PackageQuery;
use super::what::{Place, counts};
use super::where_used::plain_purl;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, Overview, made};

/// The answer of `how`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct HowAnswer {
    /// What was asked for.
    pub query: String,
    /// Where.
    pub system: String,
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// One entry for each document and package version that fits.
    pub rows: Vec<HowRow>,
    /// Current documents of the system that do not name it.
    pub silent_documents: Vec<String>,
    /// Purged documents of the system that nothing has replaced: what they said is not in this answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub purged_documents: Vec<String>,
}

/// A package version in a document.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct HowRow {
    /// The document.
    pub document: String,
    /// Tool that made it.
    pub tool: String,
    /// When it was made.
    pub made: Timestamp,
    /// Package: canonical purl without version and qualifiers.
    pub package: String,
    /// Version.
    pub version: String,
    /// What it is used for.
    pub scope: &'static str,
    /// Direct dependency.
    pub direct: Option<bool>,
    /// Steps from the artefact.
    pub depth: Option<u32>,
    /// Distinct paths, shortest first; each from the artefact (or the topmost package known) to the package.
    pub paths: Vec<Vec<String>>,
    /// True when there may be more paths than listed.
    pub cut: bool,
    /// Where in the artefact.
    pub locations: Vec<String>,
    /// How the producer knows.
    pub evidence: &'static str,
    /// How sure, in percent.
    pub confidence: u8,
    /// Differs from upstream.
    pub modified: Option<bool>,
    /// What it was made from, where it is a fork.
    pub ancestors: Vec<String>,
    /// Patches that it carries.
    pub patches: Vec<String>,
}

impl Desk {
    /// How a package gets into a system (or document).
    ///
    /// # Errors
    /// When the question or the place cannot be read, or evidence is missing.
    pub async fn how(&self, query: &str, place: &str) -> Result<HowAnswer> {
        let asked = PackageQuery::parse(query)?;
        if matches!(asked, PackageQuery::Cpe(_) | PackageQuery::Hash(_) | PackageQuery::Licence(_)) {
            return Err(OfficeError::new("invalid-query", "paths are found for names, purls and patterns")
                .hint("`underpin where` finds the package behind a CPE, digest or licence; ask again with its purl"));
        }
        let mut purged_documents = Vec::new();
        let documents: Vec<&DocumentRecord> = match self.place(place)? {
            Place::System(system) => {
                purged_documents = self.purged_of(system);
                self.current_documents(system).collect()
            }
            Place::Document(number) => {
                self.document(number).map(counts).transpose()?;
                self.document(number).into_iter().collect()
            }
            Place::Agency(agency) => {
                return Err(OfficeError::new(
                    "invalid-place",
                    format!("{agency} is an agency: paths are found in one system"),
                )
                .hint("`underpin where` lists its systems"));
            }
        };
        let mut answer = HowAnswer {
            query: query.to_owned(),
            system: place.to_owned(),
            overview: self.overview(),
            rows: Vec::new(),
            silent_documents: Vec::new(),
            purged_documents,
        };
        for record in documents {
            let reread = self.reread(record).await?;
            let inventory = reread.inventory(&self.limits)?;
            let rows = self.paths_in(&asked, record, &inventory);
            if rows.is_empty() {
                answer.silent_documents.push(record.id.to_string());
            }
            answer.rows.extend(rows);
        }
        answer.rows.sort_by(|a, b| (&a.package, &a.version, &a.document).cmp(&(&b.package, &b.version, &b.document)));
        Ok(answer)
    }

    fn paths_in(&self, asked: &PackageQuery, record: &DocumentRecord, inventory: &Inventory<'_>) -> Vec<HowRow> {
        let fitting: Vec<(u32, PackageVersion)> = inventory
            .components
            .iter()
            .enumerate()
            .map(|(index, component)| (index as u32, version_of(component, &inventory.distribution)))
            .filter(|(_, version)| asked.fits(version))
            .collect();
        if fitting.is_empty() {
            return Vec::new();
        }
        let places = positions(inventory);
        let mut versions: Vec<i64> = fitting.iter().map(|(_, version)| version.id).collect();
        versions.sort_unstable();
        versions.dedup();
        versions
            .into_iter()
            .filter_map(|id| {
                let group: Vec<&(u32, PackageVersion)> =
                    fitting.iter().filter(|(_, version)| version.id == id).collect();
                let indices: Vec<u32> = group.iter().map(|(index, _)| *index).collect();
                Some(self.row_of(record, inventory, &places, &indices, &group.first()?.1))
            })
            .collect()
    }

    fn row_of(
        &self,
        record: &DocumentRecord,
        inventory: &Inventory<'_>,
        places: &[underpin_assess::graph::Position],
        indices: &[u32],
        version: &PackageVersion,
    ) -> HowRow {
        let limits =
            PathLimits { paths: self.limits.paths, length: self.limits.path_length, steps: self.limits.path_steps };
        let found = paths(inventory, indices, limits);
        let components = || indices.iter().filter_map(|index| inventory.components.get(*index as usize));
        let name = |index: &u32| inventory.components.get(*index as usize).map(shown).unwrap_or_default();
        let pedigrees = || components().filter_map(|component| component.pedigree.as_deref());
        HowRow {
            document: record.id.to_string(),
            tool: record.tool.clone(),
            made: made(record),
            package: plain_purl(&version.kind, &version.namespace, &version.name),
            version: version.version.clone(),
            scope: underpin_assess::reconcile::strongest(components().map(|component| component.scope)).as_str(),
            direct: underpin_assess::reconcile::any(indices.iter().map(|index| places[*index as usize].direct)),
            depth: indices.iter().filter_map(|index| places[*index as usize].depth).min(),
            paths: found
                .paths
                .iter()
                .filter(|path| path.len() > 1)
                .map(|path| path.iter().map(name).collect())
                .collect(),
            cut: found.cut,
            locations: components().flat_map(|component| &component.locations).map(ToString::to_string).collect(),
            evidence: components().map(|component| component.evidence).max().unwrap_or_default().as_str(),
            confidence: components()
                .map(|component| confidence_percent(component, resolve(component, &inventory.distribution).deviation))
                .max()
                .unwrap_or(0),
            modified: underpin_assess::reconcile::any(components().map(|component| component.modified)),
            ancestors: pedigrees().flat_map(|pedigree| &pedigree.ancestors).map(ToString::to_string).collect(),
            patches: pedigrees()
                .flat_map(|pedigree| &pedigree.patches)
                .map(|patch| format!("{} {}", patch.kind, patch.resolves.join(", ")).trim().to_owned())
                .collect(),
        }
    }
}

fn version_of(component: &Component<'_>, distribution: &str) -> PackageVersion {
    let identity = resolve(component, distribution);
    PackageVersion {
        id: identity.version_id.0,
        package: identity.package_id.0,
        purl: identity.text,
        qualifiers: identity.qualifiers,
        kind: identity.purl.kind,
        namespace: identity.purl.namespace,
        name: identity.purl.name,
        version: identity.purl.version,
    }
}

fn shown(component: &Component<'_>) -> String {
    let name = if component.name.is_empty() { &component.reference } else { &component.name };
    let full =
        if component.namespace.is_empty() { name.to_string() } else { format!("{}/{name}", component.namespace) };
    format!("{full} {}", component.version).trim_end().to_owned()
}
