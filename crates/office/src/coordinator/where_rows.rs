// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The rows of `where`: what is said of a package version or a file, and of the system that holds it.

//!
//! An answer about a nation has tens of thousands of rows: they borrow what the desk holds, and share what repeats.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use underpin_assess::reconcile::Reconciled;
use underpin_model::inventory::Scope;
use underpin_model::{DocumentId, DocumentRecord};

use super::find::{Found, Uses};
use super::where_used::{package_purl, plain_purl};
use crate::house::{Desk, made};

/// A package version in a system.
#[derive(Clone, Debug, Default, Serialize, schemars::JsonSchema)]
pub struct WhereRow<'d> {
    /// Stable identifier of the agency.
    pub agency: &'d str,
    /// Its name.
    pub agency_name: &'d str,
    /// Stable identifier of the system.
    pub system: &'d str,
    /// Its name.
    pub system_name: &'d str,
    /// Planned, active or retired.
    pub status: &'static str,
    /// Deployments that the documents are about, else all of the system.
    pub deployments: Vec<&'d str>,
    /// Package: canonical purl without version, with `repository_url` where it does not come from a registry; empty for a
    /// file that belongs to no package.
    pub package: Shared,
    /// Version; empty when unknown.
    pub version: String,
    /// Path of the file, where a digest is that of a file.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Direct dependency; unknown when no document can tell.
    pub direct: Option<bool>,
    /// The direct dependencies that bring it in.
    pub via: Vec<Shared>,
    /// What it is used for.
    pub scope: &'static str,
    /// How sure, in percent.
    pub confidence: u8,
    /// Differs from upstream.
    pub modified: Option<bool>,
    /// Documents that say so.
    pub documents: Vec<Named>,
    /// Current documents about the same system that can show such a package and do not name it.
    pub silent_documents: Vec<Named>,
    /// Whether all this evidence is older than the set age.
    pub stale: bool,
    /// Who runs the system.
    pub operator: &'d str,
    /// Who supplies it.
    pub supplier: &'d str,
    /// Who can patch it.
    pub support: &'d str,
    /// Functional contact of the system, else of the agency.
    pub contact: &'d str,
}

/// A text that many rows share.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shared(Arc<str>);

impl From<String> for Shared {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl Deref for Shared {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl Serialize for Shared {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

/// A document by its number, written as `D12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named(pub DocumentId);

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl schemars::JsonSchema for Shared {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        String::schema_name()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        String::json_schema(generator)
    }
}

impl schemars::JsonSchema for Named {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "DocumentName".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "A document by its number, as `D12`.", "pattern": "^D-?[0-9]+$" })
    }
}

impl Serialize for Named {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl Desk {
    /// One row for a package version of a system.
    pub(super) fn row(
        &self,
        position: u32,
        found: Reconciled,
        names: &Names,
        types: &[String],
        stale_days: u64,
    ) -> WhereRow<'_> {
        let mut via: Vec<Shared> = found
            .via
            .iter()
            .filter(|via| !found.package_versions.contains(via))
            .filter_map(|via| names.via.get(via).cloned())
            .collect();
        via.sort_unstable();
        WhereRow {
            package: names.package(&found),
            direct: found.direct,
            via,
            scope: found.scope.as_str(),
            confidence: found.confidence,
            modified: found.modified,
            silent_documents: self.silent(position, &found, names, types),
            version: found.version,
            ..self.row_about(position, &found.documents, stale_days)
        }
    }

    /// Current documents of a system that show packages of these types (of its own type where the question is about none)
    /// and are not among those that name it.
    fn silent(&self, position: u32, found: &Reconciled, names: &Names, types: &[String]) -> Vec<Named> {
        let shows = |document: usize| match types {
            [] => {
                let own = |shown: &String| underpin_assess::capability::same_kind(shown, &found.kind);
                self.snapshot.documents[document].types.iter().any(own)
            }
            _ => names.showing.get(self.profile(document)).copied().unwrap_or(false),
        };
        let mut silent = Vec::new();
        for bound in self.bound(position).iter().filter(|bound| bound.superseded_by.is_none()) {
            let id = self.snapshot.documents[bound.document].id;
            if !found.documents.contains(&id.0) && shows(bound.document) {
                silent.push(Named(id));
            }
        }
        silent.sort_unstable();
        silent.dedup();
        silent
    }

    /// One row for each system and file that a digest is of, where the file belongs to no package.
    pub(super) fn file_rows(&self, found: &Found, stale_days: u64) -> Vec<(u32, WhereRow<'_>)> {
        let mut by_system: BTreeMap<(u32, &str), Vec<i64>> = BTreeMap::new();
        for (document, file) in &found.files {
            for system in self.systems_of(*document).iter().chain(self.inactive_systems_of(*document)) {
                by_system.entry((*system, file)).or_default().push(*document);
            }
        }
        let row = |((system, file), documents): ((u32, &str), Vec<i64>)| {
            let row = WhereRow {
                file: file.to_owned(),
                scope: Scope::Unknown.as_str(),
                confidence: 100,
                ..self.row_about(system, &documents, stale_days)
            };
            (system, row)
        };
        by_system.into_iter().map(row).collect()
    }

    /// What a row says of its system.
    fn row_about(&self, position: u32, documents: &[i64], stale_days: u64) -> WhereRow<'_> {
        let system = self.system(position);
        let agency = self.agency_of(position).map(|agency| &self.snapshot.agencies[agency as usize]);
        let contact = match agency {
            Some(agency) if system.contact.is_empty() => &agency.contact,
            _ => &system.contact,
        };
        WhereRow {
            agency: &system.agency.0,
            agency_name: agency.map_or("", |agency| &agency.name),
            system: &system.id.0,
            system_name: &system.name,
            status: system.status.as_str(),
            deployments: self.deployments_of(position, documents),
            documents: documents.iter().map(|document| Named(DocumentId(*document))).collect(),
            stale: self.are_stale(documents, stale_days),
            operator: &system.operator,
            supplier: &system.supplier,
            support: &system.support,
            contact,
            ..WhereRow::default()
        }
    }

    /// Whether none of these documents is fresh.
    pub(super) fn are_stale(&self, documents: &[i64], stale_days: u64) -> bool {
        let is_fresh =
            |record: &DocumentRecord| underpin_assess::coverage::is_fresh(made(record), self.snapshot.at, stale_days);
        !documents.iter().filter_map(|document| self.document(*document)).any(is_fresh)
    }

    /// Deployments that these documents are about, as far as they count there; a document about the whole system is about
    /// all of them.
    fn deployments_of(&self, position: u32, documents: &[i64]) -> Vec<&str> {
        let mut named: Vec<&str> = Vec::new();
        for bound in self.bound(position).iter().filter(|bound| bound.superseded_by.is_none()) {
            if documents.contains(&self.snapshot.documents[bound.document].id.0) {
                match &bound.deployment {
                    Some(deployment) => named.push(deployment),
                    None => named.extend(self.deployments_at(position).map(|deployment| deployment.id.0.as_str())),
                }
            }
        }
        named.sort_unstable();
        named.dedup();
        named
    }
}

/// Names that come up in many rows.
pub(super) struct Names {
    /// Package versions that bring others in.
    via: HashMap<i64, Shared>,
    /// Packages as purls, with their type.
    packages: HashMap<i64, (String, Shared)>,
    /// For each profile of documents: whether it shows a type that the question is about.
    showing: Vec<bool>,
}

impl Names {
    /// The names for what was found.
    pub fn new(via: HashMap<i64, Shared>, uses: &Uses, showing: Vec<bool>) -> Self {
        let mut packages = HashMap::new();
        for (version, _) in uses {
            packages.entry(version.package).or_insert_with(|| {
                let purl = plain_purl(&version.kind, &version.namespace, &version.name);
                (version.kind.clone(), purl.into())
            });
        }
        Self { via, packages, showing }
    }

    /// The package of a use.
    pub fn package(&self, found: &Reconciled) -> Shared {
        match self.packages.get(&found.package) {
            Some((kind, purl)) if found.origin.is_empty() && *kind == found.kind => purl.clone(),
            _ => package_purl(found).into(),
        }
    }
}
