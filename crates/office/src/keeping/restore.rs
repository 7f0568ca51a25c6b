// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `restore`: a data directory out of a backup.
//!
//! Everything is held against the manifest before the first byte is written, and everything written is read back and
//! looked at as `doctor` does. The ledger gets its name last: a restore that was cut off leaves no ledger, so
//! nobody takes it for a whole one. A target that holds anything is refused.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use underpin_lake::{Lake, StoreLocation, sync_folder};
use underpin_ledger::Location;
use underpin_model::{Timestamp, Viewer};

use super::backup::{check_file, damaged, is_archive};
use super::manifest::{Entry, FOLDERS, LEDGER, MANIFEST, Manifest, belongs, copy_hashed, write_hashed};
use crate::error::{OfficeError, Result};
use crate::house::{CACHE, House, Settings, operator_only};
use crate::intake::Progress;

/// What SQLite keeps beside a file.
const JOURNALS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Where files are written that go into a bucket, in the data directory.
const RESTORING: &str = "restoring";

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RestoreReport {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Documents.
    pub documents: u64,
    /// Revision of the ledger.
    pub revision: i64,
    /// When the backup was made.
    pub made: Timestamp,
}

/// Where the parts go.
struct Target {
    ledger: PathBuf,
    unfinished: PathBuf,
    /// Folder of the files; of a bucket, where each is written first.
    store: PathBuf,
    /// The lake where that is a bucket, once something is written to it.
    bucket: Option<Arc<Lake>>,
}

/// Restores a backup, a folder or an archive, into the places that the settings name.
///
/// # Errors
/// `not-allowed` for everybody but the operator, `not-empty` when the target holds anything or a journal of another ledger lies there, `backup-damaged` when the backup is not what it was, `unsupported` for a
/// ledger in PostgreSQL, and when the target is full or not writable.
pub async fn restore(
    viewer: &Viewer,
    from: &Path,
    settings: Settings,
    at: Timestamp,
    progress: &dyn Progress,
) -> Result<RestoreReport> {
    operator_only(viewer, "restore a backup")?;
    let mut target = Target::prepare(&settings)?;
    let manifest = if from.is_dir() {
        verify_folder(from)?
    } else if is_archive(from) || from.is_file() {
        verify_archive(from)?
    } else {
        return Err(OfficeError::new("not-found", format!("there is no backup at {}", from.display())));
    };
    target.make_folders(&settings)?;
    if from.is_dir() {
        for entry in &manifest.files {
            let path = from.join(&entry.path);
            let mut file = File::open(&path).map_err(|error| OfficeError::file(&path, &error))?;
            target.place(entry, &mut file)?;
            progress.advance(1, entry.bytes);
        }
    } else {
        let entries: BTreeMap<&str, &Entry> = manifest.files.iter().map(|entry| (entry.path.as_str(), entry)).collect();
        each_member(from, &mut |path, content| {
            if let Some(entry) = entries.get(path) {
                target.place(entry, content)?;
                progress.advance(1, entry.bytes);
            }
            Ok(())
        })?;
    }
    target.finish(&manifest)?;
    let house = House::open_existing(settings).await?;
    let same = is_as_written(&house, &manifest).await;
    let looked = house.doctor(viewer, false, at).await;
    house.close().await;
    same?;
    if let Some(fault) = looked?.findings.into_iter().find(|finding| finding.severity == super::doctor::Severity::Fault)
    {
        let message = format!("{} was restored, but {}: {}", from.display(), fault.what, fault.detail);
        return Err(OfficeError::new("restore-failed", message).hint("use another backup"));
    }
    Ok(RestoreReport {
        files: manifest.files.len() as u64,
        bytes: manifest.bytes(),
        documents: manifest.documents,
        revision: manifest.revision,
        made: manifest.made,
    })
}

fn verify_folder(folder: &Path) -> Result<Manifest> {
    let path = folder.join(MANIFEST);
    let file = File::open(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => no_manifest(folder),
        _ => OfficeError::file(&path, &error),
    })?;
    let manifest = Manifest::read(file)?;
    needs_ledger(&manifest)?;
    manifest.files.iter().try_for_each(|entry| check_file(folder, entry))?;
    Ok(manifest)
}

fn verify_archive(archive: &Path) -> Result<Manifest> {
    let mut found: BTreeMap<String, (u64, String)> = BTreeMap::new();
    let mut manifest = None;
    each_member(archive, &mut |path, content| {
        if path == MANIFEST {
            manifest = Some(Manifest::read(content)?);
        } else if belongs(path) {
            let hashed = copy_hashed(content, &mut std::io::sink()).map_err(|error| unreadable(archive, &error))?;
            found.insert(path.to_owned(), hashed);
        }
        Ok(())
    })?;
    let manifest = manifest.ok_or_else(|| no_manifest(archive))?;
    needs_ledger(&manifest)?;
    for entry in &manifest.files {
        match found.get(&entry.path) {
            Some((bytes, sha256)) if (*bytes, sha256) == (entry.bytes, &entry.sha256) => {}
            Some(_) => return Err(damaged(&entry.path)),
            None => return Err(OfficeError::new("backup-damaged", format!("{} is missing", entry.path))),
        }
    }
    Ok(manifest)
}

fn no_manifest(place: &Path) -> OfficeError {
    OfficeError::new(
        "backup-damaged",
        format!("{} has no {MANIFEST}: it is no backup, or was cut off", place.display()),
    )
    .hint("nothing was restored from it; use another backup")
}

fn needs_ledger(manifest: &Manifest) -> Result<()> {
    match manifest.files.iter().any(|entry| entry.path == LEDGER) {
        true => Ok(()),
        false => Err(OfficeError::new("backup-damaged", format!("{LEDGER} is not in the manifest"))),
    }
}

/// An archive that cannot be opened, or that ends in the middle.
fn unreadable(archive: &Path, error: &std::io::Error) -> OfficeError {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::PermissionDenied => OfficeError::file(archive, error),
        _ => OfficeError::new("backup-damaged", format!("{}: {error}", archive.display()))
            .hint("nothing was restored from it; use another backup"),
    }
}

fn each_member(archive: &Path, each: &mut dyn FnMut(&str, &mut dyn Read) -> Result<()>) -> Result<()> {
    let failed = |error: std::io::Error| unreadable(archive, &error);
    let file = File::open(archive).map_err(failed)?;
    let mut tar = tar::Archive::new(zstd::Decoder::new(file).map_err(failed)?);
    for member in tar.entries().map_err(failed)? {
        let mut member = member.map_err(failed)?;
        let path = member.path().map_err(failed)?.to_string_lossy().into_owned();
        if member.header().entry_type().is_file() {
            each(&path, &mut member)?;
        }
    }
    Ok(())
}

impl Target {
    fn prepare(settings: &Settings) -> Result<Self> {
        let Location::Sqlite(ledger) = settings.ledger_location() else {
            return Err(OfficeError::new(
                "unsupported",
                "a ledger in PostgreSQL is restored by the server's own tools",
            )
            .hint("restore the store alone by copying the folders evidence and segments"));
        };
        let mut store = settings.store_folder();
        let occupied = [settings.data.clone(), store.clone()].into_iter().find(|folder| !is_empty(folder));
        if let Some(path) = occupied.or_else(|| ledger.exists().then(|| ledger.clone())) {
            return Err(OfficeError::new("not-empty", format!("{} holds something already", path.display()))
                .hint("name an empty or new directory with --data; a restore never overwrites"));
        }
        let unfinished = with_suffix(&ledger, ".restoring");
        // SQLite would play a journal that lies beside the restored file into it.
        let journals = [&ledger, &unfinished].into_iter().flat_map(|file| JOURNALS.map(|end| with_suffix(file, end)));
        if let Some(path) = journals.into_iter().find(|path| path.symlink_metadata().is_ok()) {
            let message = format!("{} is left over from another ledger", path.display());
            return Err(
                OfficeError::new("not-empty", message).hint("move it away, or name another place with --ledger")
            );
        }
        if let StoreLocation::Bucket(location) = settings.store_location() {
            if Lake::holds_anything(&location, settings.store_limits())? {
                return Err(OfficeError::new("not-empty", format!("{location} holds something already"))
                    .hint("name another bucket or path with --store; a restore never overwrites"));
            }
            store = store.join(RESTORING);
        }
        Ok(Self { ledger, unfinished, store, bucket: None })
    }

    fn make_folders(&mut self, settings: &Settings) -> Result<()> {
        let ledger = self.ledger.parent().map(Path::to_owned);
        let location = settings.store_location();
        if let StoreLocation::Bucket(_) = location {
            let kept = settings.store_folder().join(CACHE);
            self.bucket = Some(Lake::open_at(&location, kept, settings.store_limits())?);
        }
        for folder in FOLDERS.iter().map(|name| self.store.join(name)).chain(ledger) {
            fs::create_dir_all(&folder).map_err(|error| OfficeError::file(&folder, &error))?;
        }
        Ok(())
    }

    fn place_of(&self, entry: &Entry) -> PathBuf {
        if entry.path == LEDGER { self.unfinished.clone() } else { self.store.join(&entry.path) }
    }

    fn place(&self, entry: &Entry, content: &mut dyn Read) -> Result<()> {
        let path = self.place_of(entry);
        let mut content = content;
        let written = write_hashed(&path, &mut content).map_err(|error| OfficeError::file(&path, &error))?;
        if written != (entry.bytes, entry.sha256.clone()) {
            return Err(damaged(&entry.path));
        }
        let [evidence, _] = FOLDERS;
        match (&self.bucket, entry.path.split_once('/')) {
            (Some(lake), Some((folder, name))) if folder == evidence => Ok(lake.evidence.adopt(&path, name)?),
            (Some(lake), Some((_, name))) => Ok(lake.segments.adopt(&path, name)?),
            _ => Ok(()),
        }
    }

    /// A file that was placed, as the target gives it back.
    fn read_back(&self, entry: &Entry) -> Result<(PathBuf, File)> {
        let [evidence, _] = FOLDERS;
        match (&self.bucket, entry.path.split_once('/')) {
            (Some(lake), Some((folder, name))) if folder == evidence => {
                lake.evidence.refresh(name)?;
                Ok(lake.evidence.open_file(name)?)
            }
            (Some(lake), Some((_, name))) => {
                lake.segments.refresh(name)?;
                Ok(lake.segments.open_file(name)?)
            }
            _ => {
                let path = self.place_of(entry);
                let file = File::open(&path).map_err(|error| OfficeError::file(&path, &error))?;
                Ok((path, file))
            }
        }
    }

    /// Reads everything back, and gives the ledger its name.
    fn finish(&self, manifest: &Manifest) -> Result<()> {
        for entry in &manifest.files {
            let (path, mut file) = self.read_back(entry)?;
            let (bytes, sha256) =
                copy_hashed(&mut file, &mut std::io::sink()).map_err(|error| OfficeError::file(&path, &error))?;
            if (bytes, &sha256) != (entry.bytes, &entry.sha256) {
                return Err(OfficeError::new("restore-failed", format!("{} reads back differently", path.display()))
                    .hint("the disk of the target may be failing"));
            }
        }
        if self.bucket.is_some() {
            // Everything in it has moved on; what is left is folders.
            fs::remove_dir_all(&self.store).map_err(|error| OfficeError::file(&self.store, &error))?;
        } else {
            for name in FOLDERS {
                sync_folder(&self.store.join(name))?;
            }
            sync_folder(&self.store)?;
        }
        fs::rename(&self.unfinished, &self.ledger).map_err(|error| OfficeError::file(&self.ledger, &error))?;
        Ok(sync_folder(self.ledger.parent().filter(|one| !one.as_os_str().is_empty()).unwrap_or(Path::new(".")))?)
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The ledger that was opened must be the one that the manifest speaks of.
async fn is_as_written(house: &House, manifest: &Manifest) -> Result<()> {
    let (documents, revision, audit_head) = super::backup::told_by(&house.ledger).await?;
    if (documents, revision, &audit_head) == (manifest.documents, manifest.revision, &manifest.audit_head) {
        return Ok(());
    }
    let message = format!(
        "the restored ledger has {documents} documents at revision {revision}, the backup says {} at {}{}",
        manifest.documents,
        manifest.revision,
        if audit_head == manifest.audit_head { "" } else { "; the audit chains end differently" }
    );
    Err(OfficeError::new("restore-failed", message).hint("use another backup, and an empty place"))
}

fn is_empty(folder: &Path) -> bool {
    match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}
