// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `registry import`: the government from files, all or nothing.
//!
//! A row says everything about its agency, system, deployment or rule: what it leaves empty becomes empty. Rows that are
//! not in the files stay as they are. What is planned for later stays planned: only what a row says otherwise than what
//! holds now is taken over, as an edit would. All problems of all files are reported at once.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use underpin_formats::registry::{Kind, Places, RegistryError, read_partly};
use underpin_ledger::{LedgerError, RegistryChange};
use underpin_model::limits::bounds::REGISTRY_ATTEMPTS;
use underpin_model::registry::{Agency, Deployment, MappingRule, RegistryFile, System, Versioned};
use underpin_model::{Limits, Timestamp};

use super::Author;
use super::registry_checks::{Ended, circles, references, repetitions};
use super::registry_edit::explained;
use super::registry_entry::Entry;
use super::registry_fields::{FieldChange, differences};
use super::registry_scene::{PlannedChange, Scene, amended};
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
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
    /// What stays planned for the things in the files, or follows by itself.
    pub planned: Vec<PlannedChange>,
    /// Sheets that are no part of a registry and were passed over: file and sheet.
    pub skipped_sheets: Vec<String>,
}

/// A row that is new or changes something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
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
pub(super) struct Read<'f> {
    pub(super) name: &'f str,
    pub(super) file: RegistryFile,
    pub(super) places: Places,
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
        let mut attempts = 1;
        loop {
            let scene = self.scene(author, from).await?;
            let read = self.read_sound(author, files, scene.file()).await?;
            let mut report = ImportReport { dry_run, valid_from: scene.from, ..ImportReport::default() };
            let changes = compare(&read, &scene, &mut report)?;
            for file in &read {
                report
                    .skipped_sheets
                    .extend(file.places.skipped_sheets.iter().map(|sheet| format!("{}: {sheet}", file.name)));
            }
            report.revision = scene.now.snapshot.revision;
            if !dry_run {
                let writer = self.ledger.writer(&author.actor, author.viewer.clone());
                match writer.apply_registry_since(author.at, report.revision, changes).await {
                    Err(LedgerError::RegistryMoved) if attempts < REGISTRY_ATTEMPTS => {
                        attempts += 1;
                        continue;
                    }
                    outcome => report.revision = outcome.map_err(explained)?.revision,
                }
            }
            let named = keys(&read);
            report.planned =
                self.planned(author, scene.from, |kind, id| named.contains(&(kind, id.to_owned()))).await?;
            return Ok(report);
        }
    }

    /// The files, when nothing is wrong with them.
    async fn read_sound<'f>(
        &self,
        author: &Author,
        files: &'f [ImportFile],
        known: &RegistryFile,
    ) -> Result<Vec<Read<'f>>> {
        let (read, mut errors) = read_all(files, known, self.limits());
        repetitions(&read, &mut errors);
        for (reference, error) in references(&read, known) {
            if !self.ever_was(author, &reference).await? {
                errors.push(error);
            }
        }
        circles(&read, known, &mut errors);
        errors.sort_by(|a, b| (&a.file, &a.place).cmp(&(&b.file, &b.place)));
        if errors.is_empty() { Ok(read) } else { Err(refused(&errors)) }
    }

    /// Whether something that ended was there once.
    async fn ever_was(&self, author: &Author, reference: &Ended) -> Result<bool> {
        let reader = self.ledger.reader(author.viewer.clone(), author.at);
        Ok(match reference {
            Ended::Agency(id) => !reader.history_of_agency(id).await?.is_empty(),
            Ended::System(id) => !reader.history_of_system(id).await?.is_empty(),
            Ended::Never => false,
        })
    }
}

fn refused(errors: &[RegistryError]) -> OfficeError {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let count = match errors.len() {
        1 => "1 problem".to_owned(),
        several => format!("{several} problems"),
    };
    OfficeError::new("invalid-registry", format!("{count}; nothing was changed\n{}", lines.join("\n")))
}

/// Reads all files, with the problems that are left. Names in one may be those of another, so what has problems is read
/// again once more is known; files with agencies come first, because everything else refers to them.
fn read_all<'f>(
    files: &'f [ImportFile],
    registered: &RegistryFile,
    limits: &Limits,
) -> (Vec<Read<'f>>, Vec<RegistryError>) {
    let rank = |file: &ImportFile| match read_partly(&file.bytes, &file.name, registered, limits).0 {
        read if !read.agencies.is_empty() => 0,
        read if !read.systems.is_empty() => 1,
        _ => 2,
    };
    let mut waiting: Vec<(u8, &ImportFile)> = files.iter().map(|file| (rank(file), file)).collect();
    waiting.sort_by_key(|(rank, _)| *rank);
    let mut known = registered.clone();
    let mut done = Vec::with_capacity(files.len());
    loop {
        let (mut partly, mut errors) = (Vec::new(), Vec::new());
        let before = waiting.len();
        waiting.retain(|(_, file)| {
            let (read, places, problems) = read_partly(&file.bytes, &file.name, &known, limits);
            let sound = problems.is_empty();
            if sound {
                learn(&mut known, &read);
            }
            errors.extend(problems);
            let list = if sound { &mut done } else { &mut partly };
            list.push(Read { name: &file.name, file: read, places });
            !sound
        });
        if waiting.is_empty() || waiting.len() == before {
            done.extend(partly);
            return (done, errors);
        }
    }
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
    pub(super) fn error(&self, kind: Kind, index: usize, field: &str, problem: String, hint: String) -> RegistryError {
        let place = self.places.of(kind, index).cloned().unwrap_or_default();
        RegistryError { file: self.name.to_owned(), place, field: field.to_owned(), problem, hint }
    }

    pub(super) fn line(&self, kind: Kind, index: usize) -> usize {
        self.places.of(kind, index).map_or(0, |place| place.line)
    }
}

/// Kind and key of everything in the files.
fn keys(read: &[Read<'_>]) -> HashSet<(&'static str, String)> {
    fn add<T: Entry>(file: &RegistryFile, keys: &mut HashSet<(&'static str, String)>) {
        keys.extend(T::rows(file).iter().map(|row| (T::KIND.as_str(), row.key())));
    }
    let mut keys = HashSet::new();
    for Read { file, .. } in read {
        add::<Agency>(file, &mut keys);
        add::<System>(file, &mut keys);
        add::<Deployment>(file, &mut keys);
        add::<MappingRule>(file, &mut keys);
    }
    keys
}

fn compare(read: &[Read<'_>], scene: &Scene, report: &mut ImportReport) -> Result<Vec<RegistryChange>> {
    let mut changes = Vec::new();
    compare_rows::<Agency>(read, scene, report, &mut changes)?;
    compare_rows::<System>(read, scene, report, &mut changes)?;
    compare_rows::<Deployment>(read, scene, report, &mut changes)?;
    compare_rows::<MappingRule>(read, scene, report, &mut changes)?;
    Ok(changes)
}

/// Compares the rows of one kind with what is registered.
fn compare_rows<T: Entry>(
    read: &[Read<'_>],
    scene: &Scene,
    report: &mut ImportReport,
    changes: &mut Vec<RegistryChange>,
) -> Result<()> {
    let known: HashMap<String, &T> = T::rows(scene.file()).iter().map(|row| (row.key(), row)).collect();
    let timelines = scene.timelines::<T>();
    let mut seen: HashSet<String> = HashSet::new();
    for file in read {
        for (index, row) in T::rows(&file.file).iter().enumerate() {
            let id = row.key();
            let before = known.get(&id).copied();
            // What several files state is one thing.
            if before == Some(row) || !seen.insert(id.clone()) {
                report.unchanged += 1;
                continue;
            }
            match before {
                Some(_) => report.changed += 1,
                None => report.added += 1,
            }
            let timeline = timelines.get(&id).map(Vec::as_slice).unwrap_or_default();
            changes.extend(overlaid(row, before, timeline, scene)?);
            report.rows.push(ImportRow {
                outcome: if before.is_some() { "changed" } else { "added" },
                kind: T::KIND.as_str(),
                name: row.label().to_owned(),
                file: file.name.to_owned(),
                line: file.line(T::KIND, index),
                fields: differences(before, Some(row))
                    .into_iter()
                    .filter(|field| before.is_some() || said(field))
                    .collect(),
                id,
            });
        }
    }
    Ok(())
}

/// What a row says, over everything believed of the time from the moment on: what differs from what is known holds from
/// now on, and what is planned otherwise stays.
fn overlaid<T: Entry>(
    row: &T,
    before: Option<&T>,
    timeline: &[Versioned<T>],
    scene: &Scene,
) -> Result<Vec<RegistryChange>> {
    let from = scene.from;
    let mut changes = Vec::new();
    if timeline.first().is_none_or(|first| first.valid_from > from) {
        changes.push(row.clone().put().valid_from(from));
    }
    let fields = |value: &T| match serde_json::to_value(value) {
        Ok(serde_json::Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (wanted, known) = (fields(row), before.map(fields));
    let news = wanted.into_iter().filter(|(name, value)| known.as_ref().is_some_and(|k| k.get(name) != Some(value)));
    let news: Vec<(String, serde_json::Value)> = news.collect();
    changes.extend(amended(timeline, from, |value: &mut T| {
        let mut merged = fields(value);
        merged.extend(news.iter().cloned());
        *value = serde_json::from_value(merged.into())
            .map_err(|error| OfficeError::new("invalid-registry", error.to_string()))?;
        Ok(())
    })?);
    // An ending that has passed is no plan: what the file names is there again.
    if let Some(last) = timeline.last().filter(|last| last.valid_until <= scene.now.snapshot.at) {
        changes.push(row.clone().put().valid_from(last.valid_until));
    }
    Ok(changes)
}

/// A field of a new row that holds something.
fn said(field: &FieldChange) -> bool {
    !field.after.is_empty() && field.after != "unknown"
}
