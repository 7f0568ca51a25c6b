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
use super::{LeftOut, OutcomeCode, Target};
use crate::coordinator::names::{deployment_in, near_identifiers, system_in};
use crate::error::{OfficeError, Result};

/// One line of a manifest: files whose path ends like this are about this system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestEntry {
    /// Where the line stands: file and line.
    pub place: String,
    /// Path, or its end; `*` stands for any characters.
    pub path: String,
    /// System, by its identifier or a name.
    pub system: String,
    /// Deployment, where it matters, by its identifier or name.
    pub deployment: Option<String>,
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
    aim: Aim,
    rules: Vec<MappingRule>,
    names: HashMap<String, Vec<SystemId>>,
    /// Identifier and name of every system, for suggestions.
    systems: Vec<(String, String)>,
    unresolved: Vec<LeftOut>,
    taken: BTreeSet<String>,
    by_digest: HashMap<String, SystemId>,
    by_subject: HashMap<String, SystemId>,
    changes: Vec<RegistryChange>,
    /// Systems made so far.
    pub created: u64,
}

/// A target whose names are resolved.
#[derive(Clone, Debug)]
enum Aim {
    Rules,
    System(SystemId, Option<DeploymentId>),
    Manifest(Vec<Row>),
    AsSystems(AgencyId),
    /// By the file handed in, whatever it unpacks to; by the rules where nothing was said.
    Each(HashMap<String, Option<(SystemId, Option<DeploymentId>)>>),
}

/// A row of a manifest whose names are resolved.
#[derive(Clone, Debug)]
struct Row {
    place: String,
    pattern: String,
    system: SystemId,
    deployment: Option<DeploymentId>,
    /// Whether a file that was handed in is meant.
    is_used: bool,
}

impl Binder {
    /// Prepares from the registry as it is.
    ///
    /// # Errors
    /// When the target names a system or deployment that does not exist, or several: `not-found`, `ambiguous-name`,
    /// `invalid-manifest`.
    pub fn new(target: &Target, snapshot: &Snapshot) -> Result<Self> {
        let mut binder = Self {
            aim: Aim::Rules,
            rules: snapshot.mappings.clone(),
            names: HashMap::new(),
            systems: snapshot.systems.iter().map(|system| (system.id.0.clone(), system.name.clone())).collect(),
            unresolved: Vec::new(),
            taken: snapshot.systems.iter().map(|system| system.id.0.clone()).collect(),
            by_digest: HashMap::new(),
            by_subject: HashMap::new(),
            changes: Vec::new(),
            created: 0,
        };
        for system in &snapshot.systems {
            for name in system.aliases.iter().chain([&system.name, &system.id.0]) {
                let known = binder.names.entry(name.trim().to_lowercase()).or_default();
                if !known.contains(&system.id) {
                    known.push(system.id.clone());
                }
            }
        }
        binder.aim = match target {
            Target::Rules => Aim::Rules,
            Target::System(system, deployment) => {
                let (system, deployment) = resolved(snapshot, &system.0, deployment.as_ref().map(|id| id.0.as_str()))?;
                Aim::System(system, deployment)
            }
            Target::Manifest(entries) => Aim::Manifest(resolved_manifest(snapshot, entries)?),
            Target::AsSystems(agency) => {
                binder.onboard(snapshot, agency);
                Aim::AsSystems(agency.clone())
            }
        };
        Ok(binder)
    }

    /// Identifiers that no new system gets, beside those of the systems there are.
    pub fn never_again(&mut self, identifiers: BTreeSet<String>) {
        self.taken.extend(identifiers);
    }

    /// Says for each file handed in what it is about, by its name.
    pub fn aim_each(&mut self, targets: HashMap<String, Option<(SystemId, Option<DeploymentId>)>>) {
        self.aim = Aim::Each(targets);
    }

    /// True when there are rules that look at more of a document than the catalogue keeps.
    pub fn looks_at_purls(&self) -> bool {
        self.rules.iter().any(|rule| rule.on == MappingField::Purl)
    }

    /// Makes the agency that the described artefacts will belong to.
    pub fn establish(&mut self, agency: &AgencyId) {
        let new = Agency { id: agency.clone(), name: agency.0.clone(), ..Agency::default() };
        self.changes.push(RegistryChange::PutAgency(new));
    }

    /// What is known of the agency's systems from earlier intakes.
    fn onboard(&mut self, snapshot: &Snapshot, agency: &AgencyId) {
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
    ///
    /// What a document itself says about whom it is (surveys) goes before everything else.
    pub fn systems_of(&mut self, path: &str, summary: &Summary) -> Vec<Bound> {
        self.mark_rows(path);
        if !summary.systems.is_empty() {
            return summary.systems.iter().filter_map(|name| self.stated(path, name)).collect();
        }
        match &self.aim {
            Aim::System(system, deployment) => {
                vec![Bound { system: system.clone(), deployment: deployment.clone(), origin: "argument" }]
            }
            Aim::Manifest(rows) => {
                let named: Vec<Bound> = rows
                    .iter()
                    .filter(|row| names_path(&row.pattern, path))
                    .map(|row| Bound {
                        system: row.system.clone(),
                        deployment: row.deployment.clone(),
                        origin: "manifest",
                    })
                    .collect();
                if named.is_empty() { self.by_rules(path, summary) } else { named }
            }
            Aim::Rules => self.by_rules(path, summary),
            Aim::AsSystems(agency) => {
                let agency = agency.clone();
                self.as_system(&agency, summary).into_iter().collect()
            }
            Aim::Each(targets) => match targets.get(outermost(path)).cloned().flatten() {
                Some((system, deployment)) => vec![Bound { system, deployment, origin: "argument" }],
                None => self.by_rules(path, summary),
            },
        }
    }

    /// Rows of the manifest that mean this file have done their work, whatever becomes of it.
    fn mark_rows(&mut self, path: &str) {
        if let Aim::Manifest(rows) = &mut self.aim {
            for row in rows.iter_mut().filter(|row| !row.is_used) {
                row.is_used = names_path(&row.pattern, path);
            }
        }
    }

    /// Rows of the manifest that mean none of the files handed in, not even one of those that were skipped.
    pub fn unused_rows(&mut self, skipped: &[LeftOut]) -> Vec<LeftOut> {
        for file in skipped {
            self.mark_rows(&file.path);
        }
        let Aim::Manifest(rows) = &self.aim else { return Vec::new() };
        let unused = |row: &Row| {
            let detail = format!(
                "no file that was handed in is called {:?}; mend the path in this row, or hand the file in, too",
                row.pattern
            );
            LeftOut::new(row.place.as_str(), OutcomeCode::UnusedRow, detail)
        };
        rows.iter().filter(|row| !row.is_used).map(unused).collect()
    }

    /// The system that a document names. Names need not be unique: one of several systems, like one of none, is left
    /// for a person to decide, and reported.
    fn stated(&mut self, path: &str, name: &str) -> Option<Bound> {
        let found = self.names.get(&name.trim().to_lowercase()).map_or(&[][..], Vec::as_slice);
        let (code, detail) = match found {
            [system] => return Some(Bound { system: system.clone(), deployment: None, origin: "survey" }),
            [] => {
                let near = near_identifiers(name, self.systems.iter().map(|(id, name)| (id.as_str(), name.as_str())));
                let hint = match near.is_empty() {
                    true => String::new(),
                    false => format!("; did you mean: {}?", near.join(", ")),
                };
                (OutcomeCode::UnknownSystem, format!("there is no system {name:?}{hint}"))
            }
            several => {
                let several: Vec<&str> = several.iter().map(|system| system.0.as_str()).collect();
                (OutcomeCode::AmbiguousSystem, format!("{name:?} names several systems: {}", several.join(", ")))
            }
        };
        self.unresolved.push(LeftOut::new(path, code, detail));
        None
    }

    /// Names in documents that are no system's, or several systems', since the last call.
    pub fn take_unresolved(&mut self) -> Vec<LeftOut> {
        std::mem::take(&mut self.unresolved)
    }

    /// By the mapping rules; all that fit.
    fn by_rules(&self, path: &str, summary: &Summary) -> Vec<Bound> {
        let mut found: Vec<Bound> = Vec::new();
        for rule in self.rules.iter().filter(|rule| fits(rule, path, summary)) {
            if found.iter().all(|known| (&known.system, &known.deployment) != (&rule.system, &rule.deployment)) {
                let (system, deployment) = (rule.system.clone(), rule.deployment.clone());
                found.push(Bound { system, deployment, origin: "rule" });
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

    /// Makes a system of this agency, with the next identifier that is free.
    pub fn create(&mut self, agency: &AgencyId, name: &str) -> SystemId {
        self.create_as(agency, name, name)
    }

    /// The same with an identifier that is made from another text.
    pub fn create_as(&mut self, agency: &AgencyId, name: &str, base: &str) -> SystemId {
        let mut base = slug(base);
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

/// Whether a mapping rule is about a document.
pub fn fits(rule: &MappingRule, path: &str, summary: &Summary) -> bool {
    let text = match rule.on {
        MappingField::Subject => &summary.subject,
        MappingField::Purl => &summary.subject_purl,
        MappingField::Path => path,
    };
    !text.is_empty() && matches(&rule.pattern, text)
}

/// The name of the file handed in, in the path of what it unpacked to.
pub fn outermost(path: &str) -> &str {
    path.split_once('!').map_or(path, |(outer, _)| outer)
}

/// The system and deployment that are meant.
pub fn resolved(
    snapshot: &Snapshot,
    system: &str,
    deployment: Option<&str>,
) -> Result<(SystemId, Option<DeploymentId>)> {
    let system = system_in(snapshot, system)?.id.clone();
    let deployment = deployment.map(|text| deployment_in(snapshot, &system, text)).transpose()?;
    let deployment = deployment.map(|deployment| deployment.id.clone());
    Ok((system, deployment))
}

/// The same for every line of a manifest; all that are wrong are named.
fn resolved_manifest(snapshot: &Snapshot, entries: &[ManifestEntry]) -> Result<Vec<Row>> {
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    for entry in entries {
        match resolved(snapshot, &entry.system, entry.deployment.as_deref()) {
            Ok((system, deployment)) => {
                let (place, pattern) = (entry.place.clone(), entry.path.clone());
                found.push(Row { place, pattern, system, deployment, is_used: false });
            }
            Err(error) => wrong.push(format!("{}: {}; {}", entry.place, error.message, error.hint)),
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(OfficeError::new("invalid-manifest", wrong.join("\n"))) }
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

/// The deployment of a binding; empty when it is about the system as a whole.
pub fn deployment_text(binding: &Binding) -> String {
    binding.deployment.as_ref().map(|deployment| deployment.0.clone()).unwrap_or_default()
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
