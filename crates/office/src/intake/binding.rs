// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which system a document is about: by argument, by manifest, by what the document itself names, by the mapping rules
//! of the registry, or as a system of its own.

use std::collections::{BTreeSet, HashMap};

use underpin_ledger::{RegistryChange, Snapshot};
use underpin_model::document::Binding;
use underpin_model::registry::{Agency, AgencyId, DeploymentId, MappingField, MappingRule, System, SystemId, slug};
use underpin_model::{DocumentId, Timestamp};

use super::facts::Summary;
use super::{AddOptions, Target};
use crate::error::{OfficeError, Result};

/// One line of a manifest: files whose path ends like this are about this system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestEntry {
    /// Path, or its end; `*` stands for any characters.
    pub path: String,
    /// System.
    pub system: SystemId,
    /// Deployment, where it matters.
    pub deployment: Option<DeploymentId>,
}

/// A binding about to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// System.
    pub system: SystemId,
    /// Deployment.
    pub deployment: Option<DeploymentId>,
    /// What made it.
    pub origin: &'static str,
}

/// Finds the systems of documents, and makes new ones for `--as-systems`.
#[derive(Debug)]
pub struct Binder {
    target: Target,
    rules: Vec<MappingRule>,
    names: HashMap<String, Vec<SystemId>>,
    taken: BTreeSet<String>,
    by_digest: HashMap<String, SystemId>,
    by_subject: HashMap<String, SystemId>,
    changes: Vec<RegistryChange>,
    /// Systems made so far.
    pub created: u64,
}

impl Binder {
    /// Prepares from the registry as it is.
    ///
    /// # Errors
    /// When the target names a system or agency that does not exist.
    pub fn new(options: &AddOptions, snapshot: &Snapshot) -> Result<Self> {
        let mut binder = Self {
            target: options.target.clone(),
            rules: snapshot.mappings.clone(),
            names: HashMap::new(),
            taken: snapshot.systems.iter().map(|system| system.id.0.clone()).collect(),
            by_digest: HashMap::new(),
            by_subject: HashMap::new(),
            changes: Vec::new(),
            created: 0,
        };
        for system in &snapshot.systems {
            for name in system.aliases.iter().chain([&system.name, &system.id.0]) {
                let known = binder.names.entry(name.to_lowercase()).or_default();
                if !known.contains(&system.id) {
                    known.push(system.id.clone());
                }
            }
        }
        binder.prepare(snapshot)?;
        Ok(binder)
    }

    fn prepare(&mut self, snapshot: &Snapshot) -> Result<()> {
        match self.target.clone() {
            Target::Rules => Ok(()),
            Target::System(system, deployment) => self.check(snapshot, &system, deployment.as_ref()),
            Target::Manifest(entries) => {
                entries.iter().try_for_each(|entry| self.check(snapshot, &entry.system, entry.deployment.as_ref()))
            }
            Target::AsSystems(agency) => {
                self.onboard(snapshot, &agency);
                Ok(())
            }
        }
    }

    fn check(&self, snapshot: &Snapshot, system: &SystemId, deployment: Option<&DeploymentId>) -> Result<()> {
        if !self.taken.contains(&system.0) {
            return Err(OfficeError::new("unknown-system", format!("there is no system {system}")).hint(
                "`underpin registry list systems` lists them; a new one is made by `underpin registry add system`",
            ));
        }
        let known = |id: &DeploymentId| {
            snapshot.deployments.iter().any(|deployment| deployment.system == *system && deployment.id == *id)
        };
        match deployment {
            Some(id) if !known(id) => {
                Err(OfficeError::new("unknown-deployment", format!("system {system} has no deployment {id}"))
                    .hint("`underpin registry list deployments` lists them"))
            }
            _ => Ok(()),
        }
    }

    /// What is known of the agency's systems from earlier intakes; the agency is made if missing.
    fn onboard(&mut self, snapshot: &Snapshot, agency: &AgencyId) {
        if snapshot.agencies.iter().all(|known| known.id != *agency) {
            let new = Agency { id: agency.clone(), name: agency.0.clone(), ..Agency::default() };
            self.changes.push(RegistryChange::PutAgency(new));
        }
        let own: HashMap<&SystemId, &System> = snapshot
            .systems
            .iter()
            .filter(|system| system.agency == *agency)
            .map(|system| (&system.id, system))
            .collect();
        for system in own.values() {
            self.by_subject.insert(system.name.clone(), system.id.clone());
        }
        let documents: HashMap<DocumentId, _> = snapshot.documents.iter().map(|record| (record.id, record)).collect();
        for binding in snapshot.bindings.iter().filter(|binding| own.contains_key(&binding.system)) {
            let Some(record) = documents.get(&binding.document) else { continue };
            if !record.subject_digest.is_empty() {
                self.by_digest.insert(record.subject_digest.clone(), binding.system.clone());
            }
            if !record.subject.is_empty() {
                self.by_subject.entry(record.subject.clone()).or_insert_with(|| binding.system.clone());
            }
        }
    }

    /// The systems of one document. Without any it stays unbound: visible, counted, listed as work to do.
    pub fn systems_of(&mut self, path: &str, summary: &Summary) -> Vec<Bound> {
        match self.target.clone() {
            Target::System(system, deployment) => vec![Bound { system, deployment, origin: "argument" }],
            Target::Manifest(entries) => {
                let named: Vec<Bound> = entries
                    .iter()
                    .filter(|entry| names_path(&entry.path, path))
                    .map(|entry| Bound {
                        system: entry.system.clone(),
                        deployment: entry.deployment.clone(),
                        origin: "manifest",
                    })
                    .collect();
                if named.is_empty() { self.by_rules(path, summary) } else { named }
            }
            Target::Rules => self.by_rules(path, summary),
            Target::AsSystems(agency) => self.as_system(&agency, summary).into_iter().collect(),
        }
    }

    /// By what the document names itself (surveys), then by the mapping rules; all that fit.
    fn by_rules(&self, path: &str, summary: &Summary) -> Vec<Bound> {
        let stated = summary.systems.iter().filter_map(|name| match self.names.get(&name.to_lowercase())?.as_slice() {
            [system] => Some(Bound { system: system.clone(), deployment: None, origin: "survey" }),
            // Names need not be unique: a name of several systems is left for a person to decide.
            _ => None,
        });
        let ruled = self.rules.iter().filter(|rule| {
            let text = match rule.on {
                MappingField::Subject => &summary.subject,
                MappingField::Purl => &summary.subject_purl,
                MappingField::Path => path,
            };
            !text.is_empty() && matches(&rule.pattern, text)
        });
        let ruled = ruled.map(|rule| Bound {
            system: rule.system.clone(),
            deployment: rule.deployment.clone(),
            origin: "rule",
        });
        let mut found: Vec<Bound> = Vec::new();
        for bound in stated.chain(ruled) {
            if found.iter().all(|known| (&known.system, &known.deployment) != (&bound.system, &bound.deployment)) {
                found.push(bound);
            }
        }
        found
    }

    /// One system for each described artefact: the same digest, or the same name in any version, is the same artefact.
    fn as_system(&mut self, agency: &AgencyId, summary: &Summary) -> Option<Bound> {
        let nameless = underpin_assess::supersede::is_nameless(&summary.subject);
        let (subject, digest) = (&summary.subject, &summary.subject_digest);
        if nameless && digest.is_empty() {
            return None;
        }
        let known = (!nameless).then(|| self.by_subject.get(subject)).flatten();
        let known = known.or_else(|| (!digest.is_empty()).then(|| self.by_digest.get(digest)).flatten()).cloned();
        let system = known.unwrap_or_else(|| self.create(agency, if nameless { digest } else { subject }));
        if !nameless {
            self.by_subject.insert(subject.clone(), system.clone());
        }
        if !digest.is_empty() {
            self.by_digest.entry(digest.clone()).or_insert_with(|| system.clone());
        }
        Some(Bound { system, deployment: None, origin: "as-systems" })
    }

    fn create(&mut self, agency: &AgencyId, name: &str) -> SystemId {
        let mut base = slug(name);
        base.truncate(100);
        if base.is_empty() {
            base = "system".to_owned();
        }
        let mut id = base.clone();
        let mut number = 2;
        while !self.taken.insert(id.clone()) {
            id = format!("{base}-{number}");
            number += 1;
        }
        let system = System { id: SystemId(id), name: name.to_owned(), agency: agency.clone(), ..System::default() };
        let id = system.id.clone();
        self.changes.push(RegistryChange::PutSystem(system));
        self.created += 1;
        id
    }

    /// Changes to the registry since the last call; they go with the batch.
    pub fn take_changes(&mut self) -> Vec<RegistryChange> {
        std::mem::take(&mut self.changes)
    }
}

/// A binding row.
pub fn binding(document: DocumentId, bound: Bound, at: Timestamp) -> Binding {
    Binding {
        document,
        system: bound.system,
        deployment: bound.deployment,
        origin: bound.origin.to_owned(),
        from: at,
        until: Timestamp::MAX,
    }
}

/// A manifest names a file by its whole path or by whole parts at its end, in a container or not.
fn names_path(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_start_matches("./");
    let end = |path: &str| {
        path == pattern
            || path.strip_suffix(pattern).is_some_and(|rest| rest.ends_with(['/', '!']))
            || (pattern.contains('*') && (matches(pattern, path) || matches(&format!("*/{pattern}"), path) || matches(&format!("*!{pattern}"), path)))
            // A folder names everything below it.
            || (pattern.ends_with('/') && (path.starts_with(pattern) || path.contains(&format!("/{pattern}")) || path.contains(&format!("!{pattern}"))))
    };
    // A file that came out of a container may be named by the container alone.
    end(path) || path.split_once('!').is_some_and(|(outer, _)| end(outer))
}

/// `*` stands for any characters; upper and lower case are the same.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_lowercase(), text.to_lowercase());
    let parts: Vec<&str> = pattern.split('*').collect();
    let [first, middle @ .., last] = parts.as_slice() else { return pattern == text };
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    for part in middle {
        let Some(position) = rest.find(part) else { return false };
        rest = &rest[position + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_texts() {
        for (pattern, text, expected) in [
            ("portal", "portal", true),
            ("portal", "Portal", true),
            ("portal", "portal2", false),
            ("registry.example/*/portal", "registry.example/team/portal", true),
            ("*portal*", "the portal of", true),
            ("a*b*a", "aba", true),
            ("a*b*a", "ab", false),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn manifests_name_files_by_their_end_or_their_folder() {
        for (pattern, path, expected) in [
            ("portal/sbom.json", "/data/in/portal/sbom.json", true),
            ("sbom.json", "/data/portal/sbom.json", true),
            ("bom.json", "/data/portal/sbom.json", false),
            ("portal/*.json", "/data/portal/sbom.json", true),
            ("portal/", "/data/portal/x/sbom.json", true),
            ("delivery.zip", "in/delivery.zip!a/sbom.json", true),
            ("a/sbom.json", "in/delivery.zip!a/sbom.json", true),
        ] {
            assert_eq!(names_path(pattern, path), expected, "{pattern} {path}");
        }
    }
}
