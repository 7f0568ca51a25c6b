// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Evidence comes in: `underpin add`.
//!
//! Files are taken in batches. A batch is read and hashed, repetitions are set aside, what is new is parsed and turned
//! into rows, and then everything becomes durable together: packs and segments are synced first, the ledger commits last. What was
//! acknowledged survives a power cut; what was not acknowledged leaves nothing visible.

mod binding;
mod commit;
mod companions;
mod document;
mod facts;
#[cfg(test)]
mod facts_tests;
mod flush;
mod job;
mod load;
mod numbers;
pub(crate) mod outcomes;
mod read;
pub(crate) mod signed;
mod statements;
mod store;
mod together;
mod unpack;
mod uploader;
mod walk;

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use serde::Serialize;
use underpin_ledger::Announcer;
use underpin_model::registry::{AgencyId, DeploymentId, SystemId};
use underpin_model::{DocumentId, DocumentState, Timestamp, Viewer};

pub use outcomes::OutcomeCode;

pub(crate) use binding::{Binder, binding, fits};
pub use binding::{ManifestEntry, matches};
pub(crate) use document::names_systems;
pub(crate) use facts::{Facts, Summary};
pub(crate) use flush::Intake;
pub(crate) use job::Content;
pub use job::Job;
pub(crate) use load::{carried, part_ids, whole_path};
pub(crate) use numbers::{Known as KnownNumbers, Numbers};
pub(crate) use read::{Parsed, parse};
pub use signed::{SignatureRules, Signer};
pub(crate) use store::{evidence_record, new_segment, store_facts, store_pack};
pub use together::{About, Fate, Upload, Uploaded};
pub use walk::Source;
pub(crate) use walk::Walk;

use crate::error::{OfficeError, Result};
use crate::house::House;

/// How documents are bound to systems.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// By the mapping rules of the registry; else unbound.
    #[default]
    Rules,
    /// All to one system, except for what documents themselves say of theirs; named by identifier or by name.
    System(SystemId, Option<DeploymentId>),
    /// By a manifest; what it does not name, by the rules.
    Manifest(Vec<ManifestEntry>),
    /// Each described artefact becomes a system of this agency.
    AsSystems(AgencyId),
}

/// What to add and how.
#[derive(Clone, Debug)]
pub struct AddOptions {
    /// Files and folders; `-` is standard input.
    pub paths: Vec<PathBuf>,
    /// What the documents are about.
    pub target: Target,
    /// Agency that hands them in; the viewer's own where not given.
    pub uploader: Option<AgencyId>,
    /// In whose sight they are taken in: what this viewer may not see is neither bound to nor told of.
    pub viewer: Viewer,
    /// Who runs the command, for the audit chain.
    pub actor: String,
    /// Makes file names unique across processes.
    pub tag: String,
}

impl Default for AddOptions {
    /// Nothing to add, by the operator.
    fn default() -> Self {
        Self {
            paths: Vec::new(),
            target: Target::Rules,
            uploader: None,
            viewer: Viewer::Operator,
            actor: String::new(),
            tag: String::new(),
        }
    }
}

/// One file that did not become a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct LeftOut {
    /// Where it lay.
    pub path: String,
    /// Stable code.
    pub code: String,
    /// Why.
    pub detail: String,
}

impl LeftOut {
    /// A code of the intake's own list, with what was seen.
    pub(crate) fn new(path: impl Into<String>, code: OutcomeCode, detail: impl Into<String>) -> Self {
        Self { path: path.into(), code: code.as_str().to_owned(), detail: detail.into() }
    }
}

/// What an intake did. The counts add up: every file is accounted for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct AddReport {
    /// Innermost files looked at.
    pub documents: u64,
    /// Read and kept.
    pub accepted: u64,
    /// The same bytes were there already.
    pub duplicates: u64,
    /// Kept, but could not be read.
    pub quarantined: u64,
    /// No evidence at all, or read together with another file.
    pub skipped: u64,
    /// Uses found: package versions in documents.
    pub occurrences: u64,
    /// Distinct package versions among them.
    pub package_versions: u64,
    /// Gaps found.
    pub gaps: u64,
    /// Bytes of evidence, unpacked.
    pub bytes: u64,
    /// Seconds from start to durable.
    pub seconds: f64,
    /// New bindings of documents to systems, those of known documents too.
    pub bound: u64,
    /// Accepted documents that no system was found for.
    pub unbound: u64,
    /// Systems made by `--as-systems`.
    pub systems_created: u64,
    /// What was quarantined, and why.
    pub quarantined_files: Vec<LeftOut>,
    /// What was skipped, and why.
    pub skipped_files: Vec<LeftOut>,
    /// What was there already: path and document.
    pub duplicate_files: Vec<LeftOut>,
    /// Among what was there already: documents that do not count, by their state, and the command that changes it.
    pub not_counting: Vec<LeftOut>,
    /// Names of systems in documents (surveys) that are no system's, or several systems'.
    pub unresolved_systems: Vec<LeftOut>,
    /// Rows of the manifest that name none of the files handed in; the place is file and line of the row.
    pub unused_rows: Vec<LeftOut>,
    /// What became of each file, where it is asked for.
    #[serde(skip)]
    pub fates: Option<Vec<Fate>>,
    /// What went wrong after everything was durable, so that nothing is lost by it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Progress of a long intake.
pub trait Progress: Sync {
    /// `files` more files and `bytes` more bytes are done.
    fn advance(&self, files: u64, bytes: u64);

    /// A batch is durable and visible: whatever happens now, it stays.
    fn durable(&self, _batch: &Durable) {}

    /// Who is told of a batch before anybody can see it.
    fn announcer(&self) -> Option<Announcer> {
        None
    }

    /// A sync is so far with a feed.
    fn step(&self, _step: &crate::watch::progress::Step<'_>) {}
}

/// A batch that is durable and visible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Durable {
    /// Its number in this intake, from 1.
    pub batch: u64,
    /// Numbers of the documents that came in with it, quarantined ones too.
    pub documents: Vec<i64>,
    /// The ledger's revision afterwards.
    pub revision: i64,
}

/// Says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn advance(&self, _: u64, _: u64) {}
}

impl House {
    /// Takes evidence in. `at` is the time of learning.
    ///
    /// # Errors
    /// When a path does not exist, the target is unknown, or the store is full; batches acknowledged before stay.
    pub async fn add(&self, options: &AddOptions, at: Timestamp, progress: &dyn Progress) -> Result<AddReport> {
        let mut sources = walk::Walk::new(&options.paths, self.limits())?;
        let mut intake = flush::Intake::begin(self, options, at).await?;
        while let Some(batch) = sources.next_batch()? {
            intake.take(batch, progress).await?;
        }
        intake.finish(sources.left_out()).await
    }

    /// The same, and the report tells what became of each file ([`AddReport::fates`]).
    ///
    /// # Errors
    /// As [`Self::add`].
    pub async fn add_and_tell(
        &self,
        options: &AddOptions,
        at: Timestamp,
        progress: &dyn Progress,
    ) -> Result<AddReport> {
        let mut sources = walk::Walk::new(&options.paths, self.limits())?;
        let mut intake = flush::Intake::begin(self, options, at).await?;
        intake.report.fates = Some(Vec::new());
        while let Some(batch) = sources.next_batch()? {
            intake.take(batch, progress).await?;
        }
        intake.finish(sources.left_out()).await
    }

    /// The same from an archive in memory, for those of its members that `keep` accepts.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub async fn add_bytes(
        &self,
        options: &AddOptions,
        name: &str,
        bytes: &[u8],
        keep: &(dyn Fn(&str) -> bool + Sync),
        at: Timestamp,
        progress: &dyn Progress,
    ) -> Result<AddReport> {
        let mut sources = walk::Walk::of_bytes(name, bytes, keep, self.limits());
        let mut intake = flush::Intake::begin(self, options, at).await?;
        while let Some(batch) = sources.next_batch()? {
            intake.take(batch, progress).await?;
        }
        intake.finish(sources.left_out()).await
    }
}

/// Reads a binding manifest: a CSV file with the columns path, system and deployment.
///
/// # Errors
/// `invalid-manifest` with every wrong line.
pub fn read_manifest(path: &std::path::Path) -> Result<Vec<ManifestEntry>> {
    let bytes = std::fs::read(path).map_err(|error| OfficeError::file(path, &error))?;
    parse_manifest(&bytes, &path.to_string_lossy())
}

/// The same from bytes.
///
/// # Errors
/// `invalid-manifest` with every wrong line.
pub fn parse_manifest(bytes: &[u8], file_name: &str) -> Result<Vec<ManifestEntry>> {
    let limits = underpin_model::Limits::default();
    let bindings = underpin_formats::registry::manifest::read(bytes, file_name, &limits).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        OfficeError::new("invalid-manifest", lines.join("\n")).hint("the columns are path, system and deployment")
    })?;
    Ok(bindings
        .into_iter()
        .map(|binding| ManifestEntry {
            place: format!("{file_name}, line {}", binding.place.line),
            path: binding.path,
            system: binding.system,
            deployment: binding.deployment,
        })
        .collect())
}

impl AddReport {
    /// The documents that files were or became, as far as it was asked what became of them.
    pub fn told(&self) -> BTreeSet<DocumentId> {
        self.fates.iter().flatten().filter_map(|fate| fate.document).collect()
    }

    fn skip(&mut self, left_out: LeftOut) {
        self.skipped += 1;
        self.tell(|| Fate::of_left_out(&left_out));
        self.skipped_files.push(left_out);
    }

    fn repeat(&mut self, path: &str, document: DocumentId, resting: &HashMap<DocumentId, DocumentState>) {
        self.duplicates += 1;
        self.tell(|| Fate::new(path, Some(document), OutcomeCode::Duplicate.as_str(), ""));
        let state = resting.get(&document).copied().unwrap_or(DocumentState::Accepted);
        let remedy = match state {
            DocumentState::Retracted => Some(format!("`underpin documents restore {document}` lets it count again")),
            DocumentState::Quarantined => Some(format!("`underpin documents retry {document}` reads it again")),
            DocumentState::Accepted | DocumentState::Purged => None,
        };
        if let Some(remedy) = remedy {
            let detail = format!("the same bytes are {document}; {remedy}");
            self.not_counting.push(LeftOut { path: path.to_owned(), code: state.as_str().to_owned(), detail });
        }
        let detail = format!("the same bytes are {document}");
        self.duplicate_files.push(LeftOut::new(path, OutcomeCode::Duplicate, detail));
    }
}

pub(crate) fn unknown_path(path: &std::path::Path, error: &std::io::Error) -> OfficeError {
    OfficeError::file(path, error).hint("nothing was added from this path; check its spelling and permissions")
}
