// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `registry import`: the government from files, all or nothing.
//!
//! A row says everything about its agency, system, deployment or rule: what it leaves empty becomes empty. Rows that are
//! not in the files stay as they are. All problems of all files are reported at once.

use std::collections::HashMap;

use serde::Serialize;
use underpin_formats::registry::{Kind, Places, RegistryError, read_knowing};
use underpin_ledger::RegistryChange;
use underpin_model::registry::{Agency, AgencyId, Deployment, MappingRule, RegistryFile, System, SystemId};
use underpin_model::{Limits, Timestamp};

use super::Author;
use super::registry_edit::explained;
use super::registry_fields::{FieldChange, differences};
use crate::error::{OfficeError, Result};
use crate::house::House;

/// A file to import.
#[derive(Clone, Debug)]
pub struct ImportFile {
    /// How it is called, for messages.
    pub name: String,
    /// TOML, CSV or XLSX.
    pub bytes: Vec<u8>,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// True when nothing was written.
    pub dry_run: bool,
    /// Rows that are new.
    pub added: u64,
    /// Rows that change something.
    pub changed: u64,
    /// Rows that say what is registered already.
    pub unchanged: u64,
    /// Revision of the ledger afterwards.
    pub revision: i64,
    /// Since when it holds.
    pub valid_from: Timestamp,
    /// What is added or changed.
    pub rows: Vec<ImportRow>,
    /// Sheets that are no part of a registry and were passed over: file and sheet.
    pub skipped_sheets: Vec<String>,
}

/// A row that is new or changes something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportRow {
    /// `added` or `changed`.
    pub outcome: &'static str,
    /// `agency`, `system`, `deployment` or `mapping`.
    pub kind: &'static str,
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// File.
    pub file: String,
    /// Line or row.
    pub line: usize,
    /// What changes; of a new row everything that is said.
    pub fields: Vec<FieldChange>,
}

/// A file as it was read.
struct Read<'f> {
    name: &'f str,
    file: RegistryFile,
    places: Places,
}

impl House {
    /// Imports files into the registry in one transaction. A dry run says what would change.
    ///
    /// # Errors
    /// `invalid-registry` with every problem, one a line with file, line, field and hint; what the ledger refuses.
    pub async fn import_registry(
        &self,
        author: &Author,
        files: &[ImportFile],
        from: Option<Timestamp>,
        dry_run: bool,
    ) -> Result<ImportReport> {
        let known = self.desk(author.viewer.clone(), author.at).await?.registry_file();
        let read = read_all(files, &known, self.limits()).map_err(|errors| refused(&errors))?;
        let mut errors = Vec::new();
        repetitions(&read, &mut errors);
        let missing = references(&read, &known);
        for (reference, error) in missing {
            if !self.ever_was(author, &reference).await? {
                errors.push(error);
            }
        }
        circles(&read, &known, &mut errors);
        if !errors.is_empty() {
            return Err(refused(&errors));
        }
        let valid_from = from.unwrap_or(author.at);
        let mut report = ImportReport { dry_run, valid_from, ..ImportReport::default() };
        let changes = compare(&read, &known, &mut report);
        for file in &read {
            report
                .skipped_sheets
                .extend(file.places.skipped_sheets.iter().map(|sheet| format!("{}: {sheet}", file.name)));
        }
        if dry_run {
            report.revision = self.ledger.reader(author.viewer.clone()).revision().await?;
        } else {
            let writer = self.ledger.writer(&author.actor, author.viewer.clone());
            let changes = changes.into_iter().map(|change| change.valid_from(valid_from)).collect();
            report.revision = writer.apply_registry(author.at, changes).await.map_err(explained)?;
        }
        Ok(report)
    }

    /// Whether something that ended was there once.
    async fn ever_was(&self, author: &Author, reference: &Ended) -> Result<bool> {
        let reader = self.ledger.reader(author.viewer.clone());
        Ok(match reference {
            Ended::Agency(id) => !reader.history_of_agency(id).await?.is_empty(),
            Ended::System(id) => !reader.history_of_system(id).await?.is_empty(),
            Ended::Never => false,
        })
    }
}

/// A reference that leads nowhere now; some may lead to what has ended.
enum Ended {
    Agency(AgencyId),
    System(SystemId),
    Never,
}

fn refused(errors: &[RegistryError]) -> OfficeError {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let count = match errors.len() {
        1 => "1 problem".to_owned(),
        several => format!("{several} problems"),
    };
    OfficeError::new("invalid-registry", format!("{count}; nothing was changed\n{}", lines.join("\n")))
}

/// Reads all files. Names in one may be those of another, so what could not be read is tried again once more is known;
/// files with agencies come first, because everything else refers to them.
fn read_all<'f>(
    files: &'f [ImportFile],
    registered: &RegistryFile,
    limits: &Limits,
) -> std::result::Result<Vec<Read<'f>>, Vec<RegistryError>> {
    let rank = |file: &ImportFile| match read_knowing(&file.bytes, &file.name, registered, limits) {
        Ok((read, _)) if !read.agencies.is_empty() => 0,
        Ok((read, _)) if read.systems.is_empty() => 2,
        _ => 1,
    };
    let mut waiting: Vec<(u8, &ImportFile)> = files.iter().map(|file| (rank(file), file)).collect();
    waiting.sort_by_key(|(rank, _)| *rank);
    let mut known = registered.clone();
    let mut done = Vec::with_capacity(files.len());
    while !waiting.is_empty() {
        let mut errors = Vec::new();
        let before = waiting.len();
        waiting.retain(|(_, file)| match read_knowing(&file.bytes, &file.name, &known, limits) {
            Ok((read, places)) => {
                learn(&mut known, &read);
                done.push(Read { name: &file.name, file: read, places });
                false
            }
            Err(more) => {
                errors.extend(more);
                true
            }
        });
        if waiting.len() == before {
            return Err(errors);
        }
    }
    Ok(done)
}

/// Adds the rows of a file to what is known; they take the place of rows with the same identifier.
fn learn(known: &mut RegistryFile, file: &RegistryFile) {
    let agencies: std::collections::HashSet<_> = file.agencies.iter().map(|row| &row.id).collect();
    known.agencies.retain(|row| !agencies.contains(&row.id));
    known.agencies.extend(file.agencies.iter().cloned());
    let systems: std::collections::HashSet<_> = file.systems.iter().map(|row| &row.id).collect();
    known.systems.retain(|row| !systems.contains(&row.id));
    known.systems.extend(file.systems.iter().cloned());
    let deployments: std::collections::HashSet<_> = file.deployments.iter().map(|row| (&row.system, &row.id)).collect();
    known.deployments.retain(|row| !deployments.contains(&(&row.system, &row.id)));
    known.deployments.extend(file.deployments.iter().cloned());
}

impl Read<'_> {
    fn error(&self, kind: Kind, index: usize, field: &str, problem: String, hint: String) -> RegistryError {
        let place = self.places.of(kind, index).cloned().unwrap_or_default();
        RegistryError { file: self.name.to_owned(), place, field: field.to_owned(), problem, hint }
    }

    fn line(&self, kind: Kind, index: usize) -> usize {
        self.places.of(kind, index).map_or(0, |place| place.line)
    }
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
fn repetitions(read: &[Read<'_>], errors: &mut Vec<RegistryError>) {
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
    if targets.binary_search_by(|target| target.as_ref().cmp(id)).is_ok() {
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
fn references(read: &[Read<'_>], known: &RegistryFile) -> Vec<(Ended, RegistryError)> {
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
fn circles(read: &[Read<'_>], known: &RegistryFile, errors: &mut Vec<RegistryError>) {
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

/// How a row of a kind is told from others, and how it is shown.
type KeyAndName<T> = (fn(&T) -> String, fn(&T) -> &str);

/// Compares the rows of one kind with what is registered.
fn compare_rows<T: Serialize + PartialEq + Clone>(
    file: &Read<'_>,
    kind: Kind,
    rows: &[T],
    known: &HashMap<String, &T>,
    (key, name): KeyAndName<T>,
    report: &mut ImportReport,
) -> Vec<T> {
    let mut changes = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let id = key(row);
        let before = known.get(&id).copied();
        if before == Some(row) {
            report.unchanged += 1;
            continue;
        }
        match before {
            Some(_) => report.changed += 1,
            None => report.added += 1,
        }
        report.rows.push(ImportRow {
            outcome: if before.is_some() { "changed" } else { "added" },
            kind: kind.as_str(),
            name: name(row).to_owned(),
            file: file.name.to_owned(),
            line: file.line(kind, index),
            fields: differences(before, Some(row))
                .into_iter()
                .filter(|field| before.is_some() || said(field))
                .collect(),
            id,
        });
        changes.push(row.clone());
    }
    changes
}

/// A field of a new row that holds something.
fn said(field: &FieldChange) -> bool {
    !field.after.is_empty() && field.after != "unknown"
}

/// The key of a mapping rule: patterns do not tell upper from lower case.
fn mapping_key(rule: &MappingRule) -> String {
    let deployment = rule.deployment.as_ref().map_or("", |id| id.0.as_str());
    format!("{}/{deployment} {} {}", rule.system, rule.on.as_str(), rule.pattern.to_lowercase())
}

fn deployment_key(row: &Deployment) -> String {
    format!("{}/{}", row.system, row.id)
}

fn compare(read: &[Read<'_>], known: &RegistryFile, report: &mut ImportReport) -> Vec<RegistryChange> {
    let agencies = known.agencies.iter().map(|row| (row.id.0.clone(), row)).collect();
    let systems = known.systems.iter().map(|row| (row.id.0.clone(), row)).collect();
    let deployments = known.deployments.iter().map(|row| (deployment_key(row), row)).collect();
    let mappings = known.mappings.iter().map(|row| (mapping_key(row), row)).collect();
    let mut changes = Vec::new();
    for file in read {
        let rows = &file.file;
        let of: KeyAndName<Agency> = (|row| row.id.0.clone(), |row| &row.name);
        let put = compare_rows(file, Kind::Agency, &rows.agencies, &agencies, of, report);
        changes.extend(put.into_iter().map(RegistryChange::PutAgency));
        let of: KeyAndName<System> = (|row| row.id.0.clone(), |row| &row.name);
        let put = compare_rows(file, Kind::System, &rows.systems, &systems, of, report);
        changes.extend(put.into_iter().map(RegistryChange::PutSystem));
        let of: KeyAndName<Deployment> = (deployment_key, |row| &row.name);
        let put = compare_rows(file, Kind::Deployment, &rows.deployments, &deployments, of, report);
        changes.extend(put.into_iter().map(RegistryChange::PutDeployment));
        let of: KeyAndName<MappingRule> = (mapping_key, |row| &row.pattern);
        let put = compare_rows(file, Kind::Mapping, &rows.mappings, &mappings, of, report);
        changes.extend(put.into_iter().map(RegistryChange::PutMapping));
    }
    changes
}
