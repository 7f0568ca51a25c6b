// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `export`: what is known of a system or agency as an SBOM for others: reconciled, with licences, digests and edges.

use std::collections::HashMap;

use underpin_assess::reconcile::Reconciled;
use underpin_lake::{Wanted, codes, integers, texts};
use underpin_model::Inventory;
use underpin_model::inventory::{
    Component, ComponentKind, Composition, Edge, EvidenceKind, Hash, Licence, LicenceKind, Subject, Text, Tool,
};
use underpin_model::registry::Classification;

use super::what::{Place, counts};
use crate::error::{OfficeError, Result};
use crate::house::Desk;

impl Desk {
    /// The inventory of a place as one document: the artefact itself first, then each package version once.
    ///
    /// # Errors
    /// When the place is not found or a segment is damaged.
    pub fn export(&self, place: &str) -> Result<Inventory<'static>> {
        let (name, documents) = self.export_sources(place)?;
        let found = self.contents(&documents)?;
        let positions: HashMap<i64, u32> = found
            .iter()
            .enumerate()
            .flat_map(|(index, row)| row.package_versions.iter().map(move |id| (*id, index as u32 + 1)))
            .collect();
        let mut components = vec![Component {
            reference: "artefact".into(),
            kind: ComponentKind::Application,
            name: name.clone().into(),
            ..Component::default()
        }];
        components.extend(self.components(&documents, &found)?);
        self.add_licences(&documents, &positions, &mut components)?;
        self.add_hashes(&documents, &positions, &mut components)?;
        // What is known to be direct stays so; only when it is known of everything is the graph complete.
        let directness_known = !found.is_empty() && found.iter().all(|row| row.direct.is_some());
        let mut edges = self.edges(&documents, &positions)?;
        let direct = found.iter().enumerate().filter(|(_, row)| row.direct == Some(true));
        edges.extend(direct.map(|(index, _)| Edge { from: 0, to: index as u32 + 1 }));
        edges.sort_unstable();
        edges.dedup();
        Ok(Inventory {
            subject: Subject { name: name.into(), ..Subject::default() },
            created: Some(self.snapshot.at),
            properties: self.notes(place)?,
            tools: vec![Tool { name: "underpin".into(), version: env!("CARGO_PKG_VERSION").into() }],
            components,
            roots: vec![0],
            edges,
            graph_complete: directness_known,
            // What the sources do not state cannot become complete by being put together.
            compositions: vec![Composition { aggregate: "unknown".into(), references: vec!["artefact".into()] }],
            ..Inventory::default()
        })
    }

    /// What is public by itself is no extract of anything else; all others say that they are.
    fn notes(&self, place: &str) -> Result<Vec<(Text<'static>, Text<'static>)>> {
        let is_public = match self.place(place)? {
            Place::System(system) => self.system(system).classification == Classification::Public,
            Place::Agency(_) | Place::Document(_) => false,
        };
        let note = ("collection".into(), underpin_model::COLLECTION_NOTE.into());
        Ok(if is_public { Vec::new() } else { vec![note] })
    }

    fn export_sources(&self, place: &str) -> Result<(String, Vec<i64>)> {
        let (name, mut documents): (String, Vec<i64>) = match self.place(place)? {
            Place::System(system) => {
                (self.system(system).name.clone(), self.current_documents(system).map(|record| record.id.0).collect())
            }
            Place::Agency(agency) => (
                self.agency(&agency).map_or_else(|| agency.0.clone(), |known| known.name.clone()),
                self.systems_below(&agency)
                    .into_iter()
                    .flat_map(|system| self.current_documents(system).map(|record| record.id.0).collect::<Vec<_>>())
                    .collect(),
            ),
            Place::Document(number) => {
                self.document(number).map(counts).transpose()?;
                (format!("D{number}"), vec![number])
            }
        };
        documents.sort_unstable();
        documents.dedup();
        if documents.is_empty() {
            return Err(OfficeError::new("nothing-known", format!("there is no evidence about {place}"))
                .hint("an SBOM of nothing would look like a system without components"));
        }
        Ok((name, documents))
    }

    fn components(&self, documents: &[i64], found: &[Reconciled]) -> Result<Vec<Component<'static>>> {
        let projects = self.projects(documents)?;
        let ids: Vec<i64> = found.iter().flat_map(|row| row.package_versions.iter().copied()).collect();
        let purls: HashMap<i64, String> =
            self.session.versions_by_id(&ids)?.into_iter().map(|version| (version.id, version.purl)).collect();
        Ok(found
            .iter()
            .map(|row| {
                // The longest purl has the most qualifiers: distribution, epoch, origin.
                let purl = row
                    .package_versions
                    .iter()
                    .filter_map(|id| purls.get(id))
                    .filter(|purl| purl.starts_with(&format!("pkg:{}/", row.kind)))
                    .max_by_key(|purl| purl.len());
                let purl = purl.cloned().unwrap_or_default();
                Component {
                    reference: purl.clone().into(),
                    kind: ComponentKind::Library,
                    namespace: row.namespace.clone().into(),
                    name: row.name.clone().into(),
                    version: row.version.clone().into(),
                    purl: purl.into(),
                    scope: row.scope,
                    evidence: EvidenceKind::Inventory,
                    modified: row.modified,
                    project: row
                        .package_versions
                        .iter()
                        .find_map(|id| projects.get(id))
                        .cloned()
                        .unwrap_or_default()
                        .into(),
                    ..Component::default()
                }
            })
            .collect())
    }

    fn edges(&self, documents: &[i64], positions: &HashMap<i64, u32>) -> Result<Vec<Edge>> {
        let mut edges = Vec::new();
        let columns = ["from_version", "to_version"];
        for batch in self.session.rows("dependency", "document", "document", Wanted::Integers(documents), &columns)? {
            let (from, to) = (integers(&batch, 0)?, integers(&batch, 1)?);
            edges.extend(from.values().iter().zip(to.values()).filter_map(|(from, to)| {
                let edge = Edge { from: *positions.get(from)?, to: *positions.get(to)? };
                (edge.from != edge.to).then_some(edge)
            }));
        }
        Ok(edges)
    }

    fn add_licences(
        &self,
        documents: &[i64],
        positions: &HashMap<i64, u32>,
        components: &mut [Component<'static>],
    ) -> Result<()> {
        let columns = ["package_version", "kind", "expression"];
        for batch in self.session.rows("licence", "document", "document", Wanted::Integers(documents), &columns)? {
            let (versions, kinds, expressions) = (integers(&batch, 0)?, codes(&batch, 1)?, texts(&batch, 2)?);
            for row in 0..batch.num_rows() {
                let kind =
                    LicenceKind::ALL.get(usize::from(kinds.value(row))).copied().unwrap_or(LicenceKind::Declared);
                let licence = Licence { kind, expression: expressions.value(row).to_owned().into() };
                let component =
                    positions.get(&versions.value(row)).and_then(|index| components.get_mut(*index as usize));
                if let Some(component) = component.filter(|component| !component.licences.contains(&licence)) {
                    component.licences.push(licence);
                }
            }
        }
        Ok(())
    }

    fn add_hashes(
        &self,
        documents: &[i64],
        positions: &HashMap<i64, u32>,
        components: &mut [Component<'static>],
    ) -> Result<()> {
        let columns = ["package_version", "algorithm", "value", "file"];
        for batch in self.session.rows("hash", "value", "document", Wanted::Integers(documents), &columns)? {
            let (versions, algorithms) = (integers(&batch, 0)?, texts(&batch, 1)?);
            let (values, files) = (texts(&batch, 2)?, texts(&batch, 3)?);
            for row in (0..batch.num_rows()).filter(|row| files.value(*row).is_empty()) {
                let hash = Hash {
                    algorithm: algorithms.value(row).to_owned().into(),
                    value: values.value(row).to_owned().into(),
                };
                let index = versions.iter().nth(row).flatten().and_then(|id| positions.get(&id));
                let component = index.and_then(|index| components.get_mut(*index as usize));
                if let Some(component) = component.filter(|component| !component.hashes.contains(&hash)) {
                    component.hashes.push(hash);
                }
            }
        }
        Ok(())
    }
}

/// Formats an inventory can be exported as.
pub const SBOM_FORMATS: [&str; 2] = ["cyclonedx-1.6", "spdx-2.3"];

/// Writes an inventory.
///
/// # Errors
/// `unknown-format` when it is none of [`SBOM_FORMATS`].
pub fn write_sbom(inventory: &Inventory<'_>, format: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let written = match format {
        "cyclonedx-1.6" => underpin_formats::cyclonedx::write::write(inventory, &mut bytes),
        "spdx-2.3" => {
            underpin_formats::spdx::write::spdx_json(inventory, inventory.created.unwrap_or_default(), &mut bytes)
        }
        other => {
            return Err(OfficeError::new("unknown-format", format!("{other:?} is no format to export as"))
                .hint("cyclonedx-1.6, spdx-2.3, csv or parquet"));
        }
    };
    written.map_err(|error| OfficeError::new("export", error.to_string()))?;
    Ok(bytes)
}
