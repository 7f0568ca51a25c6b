// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `what`: the packages of a system, an agency or a document.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use underpin_assess::reconcile::{Reconciled, reconcile};
use underpin_lake::{Wanted, codes, integers, texts};
use underpin_model::coverage::CoverageState;
use underpin_model::registry::{AgencyId, SystemId};
use underpin_model::{Coverage, DocumentRecord, DocumentState};

use super::where_used::{as_use, package_purl};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, Overview};

/// What a question can be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A system, by position.
    System(u32),
    /// An agency and everything below it.
    Agency(AgencyId),
    /// A document, by number.
    Document(i64),
}

/// The answer of `what`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct WhatAnswer {
    /// What was asked for, as understood: `system portal`, `agency ministry`, `document D12`.
    pub about: String,
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Systems it sums up.
    pub systems: u64,
    /// Documents that count now.
    pub documents: u64,
    /// Distinct packages.
    pub packages: u64,
    /// Distinct package versions, by purl without qualifiers.
    pub package_versions: u64,
    /// Of these, direct dependencies somewhere.
    pub direct: u64,
    /// How much is known of the systems summed up; absent for a document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// Number of package versions by type.
    pub types: BTreeMap<String, u64>,
    /// Purged documents that nothing has replaced: what they said is not in this answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub purged_documents: Vec<String>,
    /// One row for each package version.
    pub rows: Vec<WhatRow>,
    /// For an agency: one line for each system.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roll_up: Vec<RollUp>,
}

/// A package version.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct WhatRow {
    /// Package: canonical purl without version; with `repository_url` where it does not come from a registry.
    pub package: String,
    /// Name as people write it.
    pub name: String,
    /// Version; empty when unknown.
    pub version: String,
    /// Type.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is used for.
    pub scope: &'static str,
    /// Direct dependency.
    pub direct: Option<bool>,
    /// Licences as stated, concluded ones first.
    pub licences: Vec<String>,
    /// Upstream project, where a document says so.
    pub project: String,
    /// How sure, in percent.
    pub confidence: u8,
    /// Differs from upstream.
    pub modified: Option<bool>,
    /// Systems that use it (1 for a system).
    pub systems: u64,
    /// Documents that say so.
    pub documents: Vec<String>,
}

/// One system of an agency.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct RollUp {
    /// Stable identifier of its agency.
    pub agency: AgencyId,
    /// Stable identifier.
    pub system: SystemId,
    /// Name.
    pub name: String,
    /// Known, blind, stale or unknown.
    pub state: CoverageState,
    /// Package versions.
    pub package_versions: u64,
}

impl Desk {
    /// Finds a place by identifier, name or alias of a system or agency, or by document number.
    ///
    /// # Errors
    /// `not-found` with near names, `ambiguous-name` with the candidates.
    pub fn place(&self, text: &str) -> Result<Place> {
        let text = text.trim();
        let number = text.strip_prefix('D').and_then(|digits| digits.parse::<i64>().ok());
        if let Some(number) = number.filter(|number| self.document(*number).is_some()) {
            return Ok(Place::Document(number));
        }
        if let Some(position) = self.system_position(text) {
            return Ok(Place::System(position));
        }
        if self.agency(&AgencyId(text.to_owned())).is_some() {
            return Ok(Place::Agency(AgencyId(text.to_owned())));
        }
        let wanted = text.to_lowercase();
        let named = |name: &str, aliases: &[String]| {
            name.to_lowercase() == wanted || aliases.iter().any(|alias| alias.to_lowercase() == wanted)
        };
        let mut candidates: Vec<(String, Place)> = Vec::new();
        for (position, system) in self.snapshot.systems.iter().enumerate() {
            if named(&system.name, &system.aliases) {
                let shown = format!("system {} ({}, agency {})", system.id, system.name, system.agency);
                candidates.push((shown, Place::System(position as u32)));
            }
        }
        for agency in self.snapshot.agencies.iter().filter(|agency| named(&agency.name, &agency.aliases)) {
            candidates.push((format!("agency {} ({})", agency.id, agency.name), Place::Agency(agency.id.clone())));
        }
        match candidates.len() {
            1 => Ok(candidates.remove(0).1),
            0 => Err(self.nothing_called(text)),
            _ => {
                let list: Vec<String> = candidates.into_iter().map(|(shown, _)| shown).collect();
                Err(OfficeError::new("ambiguous-name", format!("{text:?} names several: {}", list.join("; ")))
                    .hint("use the identifier"))
            }
        }
    }

    fn nothing_called(&self, text: &str) -> OfficeError {
        let systems = self.snapshot.systems.iter().map(|system| (system.id.0.as_str(), system.name.as_str()));
        let agencies = self.snapshot.agencies.iter().map(|agency| (agency.id.0.as_str(), agency.name.as_str()));
        let near = super::names::near_identifiers(text, systems.chain(agencies));
        let hint = if near.is_empty() {
            "`underpin registry list systems` lists what there is".to_owned()
        } else {
            format!("did you mean: {}?", near.join(", "))
        };
        OfficeError::new("not-found", format!("there is no system, agency or document {text:?} that you may see"))
            .hint(hint)
    }

    /// What a place contains.
    ///
    /// # Errors
    /// When the place is not found or a segment is damaged.
    pub fn what(&self, about: &str, stale_days: u64) -> Result<WhatAnswer> {
        match self.place(about)? {
            Place::Document(number) => self.what_document(number),
            Place::System(position) => {
                let about = format!("system {}", self.system(position).id);
                self.what_systems(about, &[position], false, stale_days)
            }
            Place::Agency(agency) => {
                let systems = self.systems_below(&agency);
                self.what_systems(format!("agency {agency}"), &systems, true, stale_days)
            }
        }
    }

    /// Positions of the active systems of an agency and everything below it.
    pub fn systems_below(&self, agency: &AgencyId) -> Vec<u32> {
        let agencies: HashSet<AgencyId> = self.with_descendants(agency).into_iter().collect();
        self.active_systems().filter(|system| agencies.contains(&self.system(*system).agency)).collect()
    }

    fn what_document(&self, number: i64) -> Result<WhatAnswer> {
        if let Some(record) = self.document(number) {
            counts(record)?;
        }
        let found = self.contents(&[number])?;
        let mut answer = self.empty(format!("document D{number}"), 1);
        self.fill(&mut answer, found.into_iter().map(|row| (row, 1)).collect(), &[number])?;
        Ok(answer)
    }

    fn empty(&self, about: String, documents: u64) -> WhatAnswer {
        WhatAnswer {
            about,
            overview: self.overview(),
            systems: 0,
            documents,
            packages: 0,
            package_versions: 0,
            direct: 0,
            coverage: None,
            types: BTreeMap::new(),
            purged_documents: Vec::new(),
            rows: Vec::new(),
            roll_up: Vec::new(),
        }
    }

    fn what_systems(&self, about: String, systems: &[u32], roll_up: bool, stale_days: u64) -> Result<WhatAnswer> {
        let mut documents: Vec<i64> = Vec::new();
        let mut joined: BTreeMap<Key, (Reconciled, u64)> = BTreeMap::new();
        let mut answer = self.empty(about, 0);
        let mut coverage = Coverage::default();
        let question = self.coverage_question(&[], stale_days);
        for system in systems {
            let own: Vec<i64> = self.current_documents(*system).map(|record| record.id.0).collect();
            let rows = self.contents(&own)?;
            let state = self.coverage_state(*system, &question);
            coverage.count(state);
            if roll_up {
                let system = self.system(*system);
                answer.roll_up.push(RollUp {
                    agency: system.agency.clone(),
                    system: system.id.clone(),
                    name: system.name.clone(),
                    state,
                    package_versions: rows.len() as u64,
                });
            }
            documents.extend(own);
            for row in rows {
                merge(&mut joined, row);
            }
        }
        documents.sort_unstable();
        documents.dedup();
        answer.purged_documents = systems.iter().flat_map(|system| self.purged_of(*system)).collect();
        answer.purged_documents.sort_unstable();
        answer.purged_documents.dedup();
        answer.systems = systems.len() as u64;
        answer.documents = documents.len() as u64;
        answer.coverage = Some(coverage);
        self.fill(&mut answer, joined.into_values().collect(), &documents)?;
        Ok(answer)
    }

    /// The reconciled contents of documents about one artefact or system.
    pub(crate) fn contents(&self, documents: &[i64]) -> Result<Vec<Reconciled>> {
        let occurrences = self.session.occurrences_in(documents)?;
        let ids: Vec<i64> = occurrences.iter().map(|occurrence| occurrence.package_version).collect();
        let versions = self.session.version_set(&ids)?;
        let uses: Vec<_> = occurrences
            .iter()
            .filter_map(|occurrence| Some(as_use(versions.get(occurrence.package_version)?, occurrence)))
            .collect();
        Ok(reconcile(&uses))
    }

    fn fill(&self, answer: &mut WhatAnswer, found: Vec<(Reconciled, u64)>, documents: &[i64]) -> Result<()> {
        let (licences, projects) = (self.licences(documents)?, self.projects(documents)?);
        let packages: HashSet<_> =
            found.iter().map(|(row, _)| (&row.kind, &row.namespace, &row.name, &row.origin)).collect();
        answer.packages = packages.len() as u64;
        answer.package_versions = found.len() as u64;
        answer.direct = found.iter().filter(|(row, _)| row.direct == Some(true)).count() as u64;
        for (row, systems) in found {
            *answer.types.entry(row.kind.clone()).or_default() += 1;
            let mut said: Vec<String> = Vec::new();
            for licence in row.package_versions.iter().filter_map(|id| licences.get(id)).flatten() {
                if !said.contains(licence) {
                    said.push(licence.clone());
                }
            }
            let project = row.package_versions.iter().find_map(|id| projects.get(id).cloned());
            answer.rows.push(WhatRow {
                package: package_purl(&row),
                name: shown_name(&row.kind, &row.namespace, &row.name),
                version: row.version,
                kind: row.kind,
                scope: row.scope.as_str(),
                direct: row.direct,
                licences: said,
                project: project.unwrap_or_default(),
                confidence: row.confidence,
                modified: row.modified,
                systems,
                documents: row.documents.iter().map(|document| format!("D{document}")).collect(),
            });
        }
        Ok(())
    }

    /// Licences of package versions in these documents, concluded ones first.
    fn licences(&self, documents: &[i64]) -> Result<HashMap<i64, Vec<String>>> {
        let mut found: HashMap<i64, Vec<(u8, String)>> = HashMap::new();
        let columns = ["package_version", "kind", "expression"];
        for batch in self.session.rows("licence", "document", "document", Wanted::Integers(documents), &columns)? {
            let (versions, kinds, expressions) = (integers(&batch, 0)?, codes(&batch, 1)?, texts(&batch, 2)?);
            for row in 0..batch.num_rows() {
                // Concluded is code 1 and comes first, then declared (0), then observed (2).
                let rank = match kinds.value(row) {
                    1 => 0,
                    0 => 1,
                    other => other,
                };
                let licences = found.entry(versions.value(row)).or_default();
                let licence = (rank, expressions.value(row).to_owned());
                if !licences.contains(&licence) {
                    licences.push(licence);
                }
            }
        }
        Ok(found
            .into_iter()
            .map(|(version, mut licences)| {
                licences.sort();
                (version, licences.into_iter().map(|(_, expression)| expression).collect())
            })
            .collect())
    }

    /// Upstream projects of package versions in these documents.
    pub(crate) fn projects(&self, documents: &[i64]) -> Result<HashMap<i64, String>> {
        let mut found = HashMap::new();
        let columns = ["package_version", "project"];
        for batch in self.session.rows("component", "document", "document", Wanted::Integers(documents), &columns)? {
            let (versions, projects) = (integers(&batch, 0)?, texts(&batch, 1)?);
            for row in (0..batch.num_rows()).filter(|row| !projects.value(*row).is_empty()) {
                found.entry(versions.value(row)).or_insert_with(|| projects.value(row).to_owned());
            }
        }
        Ok(found)
    }
}

/// An empty answer about a document whose facts do not count would look like an honest one.
pub(crate) fn counts(record: &DocumentRecord) -> Result<()> {
    let (code, why) = match record.state {
        DocumentState::Accepted => return Ok(()),
        DocumentState::Quarantined => ("document-quarantined", "could not be read"),
        DocumentState::Retracted => ("document-retracted", "was taken back"),
        DocumentState::Purged => ("document-purged", "was purged by four eyes; only its tombstone is left"),
    };
    Err(OfficeError::new(code, format!("{} {why}", record.id))
        .hint(format!("`underpin documents show {}` says why", record.id)))
}

/// Type, namespace, name, version, origin.
type Key = [String; 5];

/// Adds one system's row to the sum over systems.
fn merge(joined: &mut BTreeMap<Key, (Reconciled, u64)>, row: Reconciled) {
    let key = [&row.kind, &row.namespace, &row.name, &row.version, &row.origin].map(String::clone);
    match joined.entry(key) {
        std::collections::btree_map::Entry::Vacant(entry) => _ = entry.insert((row, 1)),
        std::collections::btree_map::Entry::Occupied(mut entry) => {
            let (sum, systems) = entry.get_mut();
            *systems += 1;
            sum.scope = underpin_assess::reconcile::strongest([sum.scope, row.scope].into_iter());
            sum.direct = underpin_assess::reconcile::any([sum.direct, row.direct].into_iter());
            sum.modified = underpin_assess::reconcile::any([sum.modified, row.modified].into_iter());
            sum.confidence = sum.confidence.max(row.confidence);
            sum.documents.extend(row.documents);
            sum.documents.sort_unstable();
            sum.documents.dedup();
            sum.package_versions.extend(row.package_versions);
            sum.package_versions.sort_unstable();
            sum.package_versions.dedup();
        }
    }
}

fn shown_name(kind: &str, namespace: &str, name: &str) -> String {
    match (namespace, kind) {
        ("", _) => name.to_owned(),
        (namespace, "maven") => format!("{namespace}:{name}"),
        (namespace, _) => format!("{namespace}/{name}"),
    }
}
