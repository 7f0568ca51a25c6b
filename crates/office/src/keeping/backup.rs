// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `backup`: a copy of everything that is needed, taken while others read and write.
//!
//! The ledger is copied first, as of one moment; then the packs and segments that count in that copy. Those never change, and a
//! lease keeps them from being collected meanwhile; packs that wait for a worker, who removes them, are held open before. The manifest with the hash of every file comes last: a backup that was
//! cut off has none and cannot be taken for a whole one. What is purged or replaced is not in it: old snapshots by
//! number do not reopen after a restore, questions as of a time do.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use underpin_lake::sync_folder;
use underpin_ledger::{Ledger, Location, Reader};
use underpin_model::{Timestamp, Viewer};

use super::manifest::{Entry, FOLDERS, FORMAT, Hashing, LEDGER, MANIFEST, Manifest, hash_file, write_hashed};
use crate::error::{OfficeError, Result};
use crate::house::{House, operator_only};
use crate::intake::Progress;
use crate::jobs::waiting_packs;

/// How long the files of a backup are kept from being collected, at most.
const LEASE_DAYS: i64 = 7;

/// Files of the store that are open, by their names in the backup.
type Held = HashMap<String, (PathBuf, File)>;

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BackupReport {
    /// Where it lies.
    pub path: String,
    /// Files, the manifest not counted.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Documents in it.
    pub documents: u64,
    /// Revision of the ledger in it.
    pub revision: i64,
    /// When it was made.
    pub made: Timestamp,
    /// Files with secrets that are not in it, so that a copy gives none away: keep each of them elsewhere.
    pub secrets: Vec<String>,
}

/// Where a backup is written to.
enum Sink {
    Folder(PathBuf),
    Archive(Box<tar::Builder<zstd::Encoder<'static, BufWriter<File>>>>),
}

/// Whether a path names an archive rather than a folder.
pub fn is_archive(path: &Path) -> bool {
    path.to_string_lossy().ends_with(".tar.zst")
}

impl House {
    /// Copies everything to a new folder, or to a new archive when the name ends in `.tar.zst`.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator, `backup-exists` when something is there already, `unsupported` for a ledger in PostgreSQL, and when the target
    /// is full or not writable; nothing that could be taken for a backup is left then.
    pub async fn backup(
        &self,
        viewer: &Viewer,
        target: &Path,
        at: Timestamp,
        progress: &dyn Progress,
    ) -> Result<BackupReport> {
        operator_only(viewer, "make a backup")?;
        refuse_existing(target)?;
        let beside = beside(target);
        fs::create_dir(&beside).map_err(|error| OfficeError::file(&beside, &error))?;
        let outcome = self.backup_beside(target, &beside, at, progress).await;
        // On success it was renamed or is empty of use; on failure the first error is the one to report.
        let _ = fs::remove_dir_all(&beside);
        outcome
    }

    async fn backup_beside(
        &self,
        target: &Path,
        beside: &Path,
        at: Timestamp,
        progress: &dyn Progress,
    ) -> Result<BackupReport> {
        let reader = self.ledger.operator_reader();
        let until = Timestamp(at.0.saturating_add(LEASE_DAYS.saturating_mul(Timestamp::DAY_US)));
        let copy = beside.join(LEDGER);
        let held = self.hold_waiting(&reader).await?;
        reader.backup_to(&copy).await.map_err(|error| {
            OfficeError::from(error).hint("the store's files never change and can be copied after the ledger's dump")
        })?;
        let (mut manifest, files) = read_copy(&copy, self).await?;
        manifest.made = at;
        let lease = reader.lease(manifest.revision, until).await?;
        let written = self.write_backup(target, beside, manifest, files, held, progress);
        reader.release(lease).await?;
        let manifest = written?;
        Ok(BackupReport {
            path: target.display().to_string(),
            files: manifest.files.len() as u64,
            bytes: manifest.bytes(),
            documents: manifest.documents,
            revision: manifest.revision,
            made: at,
            secrets: self.secrets().iter().map(|path| path.display().to_string()).collect(),
        })
    }

    /// Packs that wait for a worker, open. One that is gone by now was taken in before the ledger is copied.
    async fn hold_waiting(&self, reader: &Reader) -> Result<Held> {
        let [evidence, _] = FOLDERS;
        let packs = waiting_packs(reader).await?.into_iter();
        let opened = |name: String| Some((format!("{evidence}/{name}"), self.lake.evidence.open_file(&name).ok()?));
        Ok(packs.filter_map(opened).collect())
    }

    /// Files with secrets beside the ledger: the key of second factors, and those of publications with their revocations.
    fn secrets(&self) -> Vec<PathBuf> {
        let key = self.publishing_key_file();
        let stem = key.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let is_of_key = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&stem));
        let beside = fs::read_dir(parent(&key)).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut found: Vec<PathBuf> = beside.filter(is_of_key).collect();
        found.push(self.settings.data.join(crate::people::SECOND_FACTOR_KEY));
        found.retain(|path| path.is_file());
        found.sort_unstable();
        found
    }

    fn write_backup(
        &self,
        target: &Path,
        beside: &Path,
        mut manifest: Manifest,
        files: Vec<String>,
        mut held: Held,
        progress: &dyn Progress,
    ) -> Result<Manifest> {
        let archive = beside.join("archive");
        let folder = beside.join("folder");
        let mut sink = if is_archive(target) { Sink::archive(&archive)? } else { Sink::folder(&folder)? };
        for name in std::iter::once(LEDGER.to_owned()).chain(files) {
            let (from, file) = held.remove(&name).map_or_else(|| self.opened(&name, beside), Ok)?;
            let entry = sink.add(&name, &from, file)?;
            progress.advance(1, entry.bytes);
            manifest.files.push(entry);
        }
        let text = serde_json::to_vec_pretty(&manifest)
            .map_err(|error| OfficeError::new("backup", format!("the manifest cannot be written: {error}")))?;
        sink.finish(&text)?;
        let made = if is_archive(target) { &archive } else { &folder };
        refuse_existing(target)?;
        fs::rename(made, target).map_err(|error| OfficeError::file(target, &error))?;
        sync_folder(parent(target))?;
        Ok(manifest)
    }
}

impl House {
    /// A file of the backup: the copied ledger, or a file of the store, held open so that no cache takes it away.
    fn opened(&self, name: &str, beside: &Path) -> Result<(PathBuf, File)> {
        let [evidence, _] = FOLDERS;
        match name.split_once('/') {
            None => {
                let path = beside.join(name);
                let file = File::open(&path).map_err(|error| OfficeError::file(&path, &error))?;
                Ok((path, file))
            }
            Some((folder, name)) if folder == evidence => Ok(self.lake.evidence.open_file(name)?),
            Some((_, name)) => Ok(self.lake.segments.open_file(name)?),
        }
    }
}

/// What the copied ledger needs: the rest of the manifest, and the paths of packs and segments.
async fn read_copy(copy: &Path, house: &House) -> Result<(Manifest, Vec<String>)> {
    let ledger = Ledger::open(&Location::Sqlite(copy.to_owned()), house.limits()).await?;
    let reader = ledger.operator_reader();
    let snapshot = reader.snapshot(Timestamp::MAX).await;
    let packs = reader.packs().await;
    let waiting = waiting_packs(&reader).await;
    let told = told_by(&ledger).await;
    ledger.close().await;
    let (snapshot, packs, waiting, (documents, revision, audit_head)) = (snapshot?, packs?, waiting?, told?);
    File::open(copy).and_then(|file| file.sync_all()).map_err(|error| OfficeError::file(copy, &error))?;
    let [evidence, segments] = FOLDERS;
    let names = packs.iter().map(|pack| &pack.name).chain(&waiting);
    let mut files: Vec<String> = names.map(|name| format!("{evidence}/{name}")).collect();
    files.extend(snapshot.segments.iter().map(|segment| format!("{segments}/{}", segment.path)));
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        made: Timestamp::default(),
        revision,
        documents,
        audit_head,
        files: Vec::new(),
    };
    Ok((manifest, files))
}

/// What tells one ledger from another: number of documents, revision and the end of the audit chain.
pub(super) async fn told_by(ledger: &Ledger) -> Result<(u64, i64, String)> {
    let reader = ledger.operator_reader();
    let snapshot = reader.snapshot(Timestamp::MAX).await?;
    let newest = reader.audit(1, None).await?.pop();
    let head = newest.map(|entry| entry.hash).unwrap_or_default();
    Ok((snapshot.documents.len() as u64, snapshot.revision, head))
}

impl Sink {
    fn folder(path: &Path) -> Result<Self> {
        fs::create_dir(path).map_err(|error| OfficeError::file(path, &error))?;
        for name in FOLDERS {
            fs::create_dir(path.join(name)).map_err(|error| OfficeError::file(&path.join(name), &error))?;
        }
        Ok(Self::Folder(path.to_owned()))
    }

    fn archive(path: &Path) -> Result<Self> {
        let failed = |error: std::io::Error| OfficeError::file(path, &error);
        let file = BufWriter::new(File::create_new(path).map_err(failed)?);
        // Packs and segments are compressed already: the fastest level does for the ledger.
        let encoder = zstd::Encoder::new(file, 1).map_err(failed)?;
        Ok(Self::Archive(Box::new(tar::Builder::new(encoder))))
    }

    /// Adds a file.
    fn add(&mut self, name: &str, from: &Path, mut file: File) -> Result<Entry> {
        let failed = |error: std::io::Error| OfficeError::file(from, &error);
        let (bytes, sha256) = match self {
            Self::Folder(folder) => {
                let to = folder.join(name);
                write_hashed(&to, &mut file).map_err(|error| OfficeError::file(&to, &error))?
            }
            Self::Archive(archive) => {
                let bytes = file.metadata().map_err(failed)?.len();
                let mut hashing = Hashing::new(file.take(bytes));
                append(archive, name, bytes, &mut hashing).map_err(failed)?;
                (bytes, hashing.finish())
            }
        };
        Ok(Entry { path: name.to_owned(), bytes, sha256 })
    }

    /// Adds the manifest and makes everything durable.
    fn finish(self, manifest: &[u8]) -> Result<()> {
        match self {
            Self::Folder(folder) => {
                let path = folder.join(MANIFEST);
                write_hashed(&path, &mut &*manifest).map_err(|error| OfficeError::file(&path, &error))?;
                for name in FOLDERS {
                    sync_folder(&folder.join(name))?;
                }
                Ok(sync_folder(&folder)?)
            }
            Self::Archive(mut archive) => {
                let finish = || -> std::io::Result<()> {
                    append(&mut archive, MANIFEST, manifest.len() as u64, &mut &*manifest)?;
                    let mut file = archive.into_inner()?.finish()?;
                    file.flush()?;
                    file.get_ref().sync_all()
                };
                finish().map_err(|error| OfficeError::file(Path::new(MANIFEST), &error))
            }
        }
    }
}

fn append(archive: &mut tar::Builder<impl Write>, name: &str, bytes: u64, from: &mut impl Read) -> std::io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    archive.append_data(&mut header, name, from)
}

fn refuse_existing(target: &Path) -> Result<()> {
    if fs::symlink_metadata(target).is_err() {
        return Ok(());
    }
    Err(OfficeError::new("backup-exists", format!("{} is already there; a backup never overwrites", target.display()))
        .hint("choose another name, for example one with the date"))
}

/// A folder beside the target, on the same disk, where the backup grows until it is whole.
fn beside(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    parent(target).join(format!(".{name}.{:x}.partial", std::process::id()))
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Checks a file of a backup in a folder against its entry.
pub(super) fn check_file(folder: &Path, entry: &Entry) -> Result<()> {
    let path = folder.join(&entry.path);
    if !path.exists() {
        let missing = format!("{} is in the manifest and missing", path.display());
        return Err(
            OfficeError::new("backup-damaged", missing).hint("nothing was restored from it; use another backup")
        );
    }
    let (bytes, sha256) = hash_file(&path)?;
    if bytes == entry.bytes && sha256 == entry.sha256 { Ok(()) } else { Err(damaged(&entry.path)) }
}

/// The error for a file that is not what the manifest says.
pub(super) fn damaged(path: &str) -> OfficeError {
    OfficeError::new("backup-damaged", format!("{path} is not the file that the manifest lists: its hash differs"))
        .hint("nothing was restored from it; use another backup")
}
