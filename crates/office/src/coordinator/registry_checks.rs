// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What must hold across the files of an import and the registry: things are stated once, references lead somewhere,
//! agencies form a tree. Problems name file, line and field, as those within one file do.

use std::collections::HashMap;

use serde::Serialize;
use underpin_formats::registry::{Kind, RegistryError};
use underpin_model::registry::{AgencyId, RegistryFile, SystemId, is_identifier};

use super::registry_import::Read;

/// A reference that leads nowhere now; some may lead to what has ended.
pub(super) enum Ended {
    /// To an agency that was there once.
    Agency(AgencyId),
    /// To a system that was there once.
    System(SystemId),
    /// It must lead to what is there.
    Never,
}

/// What must be stated once: keys and values of the rows of one kind.
type Stated = fn(&RegistryFile) -> Vec<(String, serde_json::Value)>;

fn stated<T: Serialize>(rows: &[T], key: impl Fn(&T) -> String) -> Vec<(String, serde_json::Value)> {
    rows.iter().map(|row| (key(row), serde_json::to_value(row).unwrap_or_default())).collect()
}

const STATED: [(Kind, Stated); 3] = [
    (Kind::Agency, |file| stated(&file.agencies, |row| row.id.0.clone())),
    (Kind::System, |file| stated(&file.systems, |row| row.id.0.clone())),
    (Kind::Deployment, |file| stated(&file.deployments, |row| format!("{}/{}", row.system, row.id))),
];

/// The same thing in two files must be stated in the same words.
pub(super) fn repetitions(read: &[Read<'_>], errors: &mut Vec<RegistryError>) {
    for (kind, stated) in STATED {
        let mut seen: HashMap<String, (&Read<'_>, usize, serde_json::Value)> = HashMap::new();
        for file in read {
            for (index, (key, value)) in stated(&file.file).into_iter().enumerate() {
                match seen.get(&key) {
                    None => _ = seen.insert(key, (file, index, value)),
                    Some((_, _, said)) if *said == value => {}
                    Some((earlier, line, _)) => {
                        let (word, line) = (kind.as_str(), earlier.line(kind, *line));
                        let problem = format!("{word} {key} is stated otherwise in {}, line {line}", earlier.name);
                        errors.push(file.error(kind, index, "id", problem, "state it once".to_owned()));
                    }
                }
            }
        }
    }
}

/// What may be referred to: what is registered and what is in the files.
struct Targets<'r> {
    agencies: Vec<&'r str>,
    systems: Vec<&'r str>,
    deployments: Vec<String>,
}

impl<'r> Targets<'r> {
    fn new(files: impl Iterator<Item = &'r RegistryFile> + Clone) -> Self {
        let mut targets = Self {
            agencies: files.clone().flat_map(|file| &file.agencies).map(|row| row.id.0.as_str()).collect(),
            systems: files.clone().flat_map(|file| &file.systems).map(|row| row.id.0.as_str()).collect(),
            deployments: files
                .flat_map(|file| &file.deployments)
                .map(|row| format!("{}/{}", row.system, row.id))
                .collect(),
        };
        targets.agencies.sort_unstable();
        targets.systems.sort_unstable();
        targets.deployments.sort_unstable();
        targets
    }

    fn agency(&self, id: &AgencyId) -> Option<(String, String)> {
        absent(&self.agencies, &id.0, "agency")
    }

    fn system(&self, id: &SystemId) -> Option<(String, String)> {
        absent(&self.systems, &id.0, "system")
    }
}

/// Problem and hint, when it is not among the sorted targets.
fn absent<T: AsRef<str> + Ord>(targets: &[T], id: &str, kind: &str) -> Option<(String, String)> {
    // What is no identifier was reported when the file was read.
    if !is_identifier(id.split('/').next_back().unwrap_or_default())
        || targets.binary_search_by(|target| target.as_ref().cmp(id)).is_ok()
    {
        return None;
    }
    let near = underpin_assess::suggest::nearest(id, targets.iter().map(AsRef::as_ref), 1);
    let hint = match near.first() {
        Some(near) => format!("did you mean {near}?"),
        None => format!("add the {kind} to the files, or register it first"),
    };
    Some((format!("there is no {kind} {id}, neither in the files nor in the registry"), hint))
}

/// References that lead nowhere now, with the error each of them is unless it leads to what has ended.
pub(super) fn references(read: &[Read<'_>], known: &RegistryFile) -> Vec<(Ended, RegistryError)> {
    let targets = Targets::new(read.iter().map(|read| &read.file).chain([known]));
    let mut missing = Vec::new();
    for file in read {
        let mut check = |kind: Kind, index: usize, field: &str, absent: Option<(String, String)>, ended: Ended| {
            if let Some((problem, hint)) = absent {
                missing.push((ended, file.error(kind, index, field, problem, hint)));
            }
        };
        for (index, row) in file.file.agencies.iter().enumerate() {
            let parent = row.parent.as_ref().and_then(|parent| targets.agency(parent));
            check(Kind::Agency, index, "parent", parent, Ended::Never);
            for id in &row.predecessors {
                check(Kind::Agency, index, "predecessors", targets.agency(id), Ended::Agency(id.clone()));
            }
        }
        for (index, row) in file.file.systems.iter().enumerate() {
            check(Kind::System, index, "agency", targets.agency(&row.agency), Ended::Never);
            for id in &row.depends_on {
                check(Kind::System, index, "depends_on", targets.system(id), Ended::System(id.clone()));
            }
        }
        for (index, row) in file.file.deployments.iter().enumerate() {
            check(Kind::Deployment, index, "system", targets.system(&row.system), Ended::Never);
        }
        for (index, row) in file.file.mappings.iter().enumerate() {
            let system = targets.system(&row.system);
            let deployment = row.deployment.as_ref().filter(|_| system.is_none());
            let deployment =
                deployment.and_then(|id| absent(&targets.deployments, &format!("{}/{id}", row.system), "deployment"));
            check(Kind::Mapping, index, "system", system, Ended::Never);
            check(Kind::Mapping, index, "deployment", deployment, Ended::Never);
        }
    }
    missing
}

/// Agencies that would belong to themselves once the files are in; circles within one file were refused when it was read.
pub(super) fn circles(read: &[Read<'_>], known: &RegistryFile, errors: &mut Vec<RegistryError>) {
    let mut parents: HashMap<&AgencyId, &AgencyId> = HashMap::new();
    for agency in known.agencies.iter().chain(read.iter().flat_map(|file| &file.file.agencies)) {
        match &agency.parent {
            Some(parent) => _ = parents.insert(&agency.id, parent),
            None => _ = parents.remove(&agency.id),
        }
    }
    for file in read {
        for (index, agency) in file.file.agencies.iter().enumerate() {
            let mut above = parents.get(&agency.id);
            // A circle further up never comes back here: as many steps as there are agencies are enough.
            for _ in 0..parents.len() {
                let Some(id) = above else { break };
                if **id == agency.id {
                    let problem = format!("agency {} would belong to itself", agency.id);
                    errors.push(file.error(Kind::Agency, index, "parent", problem, "choose another parent".to_owned()));
                    break;
                }
                above = parents.get(*id);
            }
        }
    }
}
