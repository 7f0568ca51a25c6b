// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The rows of `where`: what is said of a package version or a file, and of the system that holds it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use underpin_assess::reconcile::Reconciled;
use underpin_model::DocumentRecord;
use underpin_model::inventory::Scope;
use underpin_model::registry::System;

use super::find::Found;
use super::where_used::{WhereRow, package_purl};
use crate::house::{Desk, made};

impl Desk {
    /// One row for a package version of a system.
    pub(super) fn row(
        &self,
        position: u32,
        found: &Reconciled,
        names: &mut Names,
        types: &[String],
        stale_days: u64,
    ) -> WhereRow {
        let kinds = if types.is_empty() { std::slice::from_ref(&found.kind) } else { types };
        let shows = |record: &DocumentRecord, kind: &String| {
            record.types.iter().any(|shown| underpin_assess::capability::same_kind(shown, kind))
        };
        let mut silent: Vec<String> = Vec::new();
        for bound in self.bound(position).iter().filter(|bound| bound.superseded_by.is_none()) {
            let record = &self.snapshot.documents[bound.document];
            let names_it = found.documents.contains(&record.id.0);
            if !names_it && kinds.iter().any(|kind| shows(record, kind)) {
                let id = record.id.to_string();
                if !silent.contains(&id) {
                    silent.push(id);
                }
            }
        }
        let mut via: Vec<String> = found
            .via
            .iter()
            .filter(|via| !found.package_versions.contains(via))
            .filter_map(|via| names.via.get(via).cloned())
            .collect();
        via.sort_unstable();
        WhereRow {
            package: names.package(found),
            version: found.version.clone(),
            direct: found.direct,
            via,
            scope: found.scope.as_str(),
            confidence: found.confidence,
            modified: found.modified,
            silent_documents: silent,
            ..self.row_about(position, &found.documents, stale_days)
        }
    }

    /// One row for each system and file that a digest is of, where the file belongs to no package.
    pub(super) fn file_rows(&self, found: &Found, stale_days: u64) -> Vec<WhereRow> {
        let mut by_system: BTreeMap<(u32, &str), Vec<i64>> = BTreeMap::new();
        for (document, file) in &found.files {
            for system in self.systems_of(*document).iter().chain(self.inactive_systems_of(*document)) {
                by_system.entry((*system, file)).or_default().push(*document);
            }
        }
        let row = |((system, file), documents): ((u32, &str), Vec<i64>)| WhereRow {
            file: file.to_owned(),
            scope: Scope::Unknown.as_str(),
            confidence: 100,
            ..self.row_about(system, &documents, stale_days)
        };
        by_system.into_iter().map(row).collect()
    }

    /// What a row says of its system.
    fn row_about(&self, position: u32, documents: &[i64], stale_days: u64) -> WhereRow {
        let system = self.system(position);
        let agency = self.agency(&system.agency);
        let fresh =
            |record: &DocumentRecord| underpin_assess::coverage::is_fresh(made(record), self.snapshot.at, stale_days);
        let mut contacts = [&system.contact].into_iter().chain(agency.map(|agency| &agency.contact));
        WhereRow {
            agency: system.agency.clone(),
            agency_name: agency.map(|agency| agency.name.clone()).unwrap_or_default(),
            system: system.id.clone(),
            system_name: system.name.clone(),
            status: system.status.as_str(),
            deployments: self.deployments_of(position, system, documents),
            documents: documents.iter().map(|document| format!("D{document}")).collect(),
            stale: !documents.iter().filter_map(|document| self.document(*document)).any(fresh),
            operator: system.operator.clone(),
            supplier: system.supplier.clone(),
            support: system.support.clone(),
            contact: contacts.find(|contact| !contact.is_empty()).cloned().unwrap_or_default(),
            ..WhereRow::default()
        }
    }

    /// Deployments that these documents are about, as far as they count there; a document about the whole system is about
    /// all of them.
    fn deployments_of(&self, position: u32, system: &System, documents: &[i64]) -> Vec<String> {
        let mut named = BTreeSet::new();
        let mut whole = false;
        for bound in self.bound(position).iter().filter(|bound| bound.superseded_by.is_none()) {
            if documents.contains(&self.snapshot.documents[bound.document].id.0) {
                match &bound.deployment {
                    Some(deployment) => _ = named.insert(deployment.clone()),
                    None => whole = true,
                }
            }
        }
        if whole {
            named.extend(self.deployments(system).map(|deployment| deployment.id.0.clone()));
        }
        named.into_iter().collect()
    }
}

/// Names that come up in many rows.
pub(super) struct Names {
    /// Package versions that bring others in.
    pub via: HashMap<i64, String>,
    /// Packages as purls: few in an answer, and each takes a while to write.
    pub packages: HashMap<i64, (String, String)>,
}

impl Names {
    fn package(&mut self, found: &Reconciled) -> String {
        match self.packages.get(&found.package) {
            Some((kind, purl)) if *kind == found.kind && found.origin.is_empty() => purl.clone(),
            _ if !found.origin.is_empty() => package_purl(found),
            _ => {
                let purl = package_purl(found);
                self.packages.insert(found.package, (found.kind.clone(), purl.clone()));
                purl
            }
        }
    }
}
