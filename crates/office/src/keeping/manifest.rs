// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a backup holds: a list of its files with their hashes, and reading a file while hashing it.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use underpin_model::{EvidenceId, Timestamp};

use crate::error::{OfficeError, Result};

/// First field of every manifest; the number is the version of the layout.
pub const FORMAT: &str = "underpin-backup-1";
/// Name of the manifest in a backup.
pub const MANIFEST: &str = "manifest.json";
/// Name of the ledger in a backup.
pub const LEDGER: &str = "ledger.sqlite";
/// Folders of a backup, as in a data directory.
pub const FOLDERS: [&str; 2] = ["evidence", "segments"];
/// Largest manifest that is read.
const MANIFEST_BYTES: u64 = 1 << 30;

/// The list of a backup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// Version of Underpin that made it.
    pub version: String,
    /// When it was made.
    pub made: Timestamp,
    /// Revision of the ledger in it.
    pub revision: i64,
    /// Documents in it.
    pub documents: u64,
    /// Hash of the newest entry of its audit chain; empty when it has none.
    pub audit_head: String,
    /// Every other file of the backup.
    pub files: Vec<Entry>,
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Path inside the backup, `/` between parts.
    pub path: String,
    /// Size, in bytes.
    pub bytes: u64,
    /// SHA-256 of its content, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// Reads a manifest, and refuses one that names files where none belong.
    ///
    /// # Errors
    /// `backup-damaged` when it is no manifest, or one of a newer layout.
    pub fn read(content: impl Read) -> Result<Self> {
        let damaged = |detail: String| OfficeError::new("backup-damaged", format!("{MANIFEST}: {detail}"));
        let mut text = String::new();
        content.take(MANIFEST_BYTES).read_to_string(&mut text).map_err(|error| damaged(error.to_string()))?;
        let manifest: Self = serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
        if manifest.format != FORMAT {
            return Err(damaged(format!("the layout {:?} is not known here", manifest.format))
                .hint("a newer Underpin made it; restore it with that one"));
        }
        match manifest.files.iter().find(|file| !belongs(&file.path)) {
            Some(stray) => Err(damaged(format!("{:?} does not belong into a backup", stray.path))),
            None => Ok(manifest),
        }
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// Whether a path may be in a backup: the ledger, or one plain name in one of the folders.
pub fn belongs(path: &str) -> bool {
    let plain = |name: &str| !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0']);
    path == LEDGER || path.split_once('/').is_some_and(|(folder, name)| FOLDERS.contains(&folder) && plain(name))
}

/// Copies while hashing. Gives the number of bytes and the SHA-256.
pub fn copy_hashed(from: &mut (impl Read + ?Sized), to: &mut impl Write) -> io::Result<(u64, String)> {
    let mut hashing = Hashing::new(from);
    let bytes = io::copy(&mut hashing, to)?;
    Ok((bytes, hashing.finish()))
}

/// Size and SHA-256 of a file.
pub fn hash_file(path: &Path) -> Result<(u64, String)> {
    File::open(path)
        .and_then(|mut file| copy_hashed(&mut file, &mut io::sink()))
        .map_err(|error| OfficeError::file(path, &error))
}

/// Writes a new file durably while hashing. An existing one is never overwritten.
pub fn write_hashed(path: &Path, from: &mut (impl Read + ?Sized)) -> io::Result<(u64, String)> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    let written = copy_hashed(from, &mut file)?;
    file.sync_all()?;
    Ok(written)
}

/// A reader that hashes what passes.
pub struct Hashing<R> {
    inner: R,
    hasher: Sha256,
}

impl<R: Read> Hashing<R> {
    /// Begins.
    pub fn new(inner: R) -> Self {
        Self { inner, hasher: Sha256::new() }
    }

    /// SHA-256 of all that passed, in hexadecimal.
    pub fn finish(self) -> String {
        EvidenceId(self.hasher.finalize().into()).to_string()
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..count]);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_belongs_is_ever_written() {
        for (path, expected) in [
            ("ledger.sqlite", true),
            ("evidence/a-1.pack", true),
            ("segments/use-document-a.parquet", true),
            ("manifest.json", false),
            ("evidence/../ledger.sqlite", false),
            ("evidence/", false),
            ("evidence/.hidden", false),
            ("evidence/a/b", false),
            ("/etc/passwd", false),
            ("other/a", false),
            ("segments/a\\b", false),
        ] {
            assert_eq!(belongs(path), expected, "{path}");
        }
    }

    #[test]
    fn a_manifest_with_a_stray_path_is_refused() {
        let file = Entry { path: "segments/../../x".to_owned(), bytes: 0, sha256: String::new() };
        let manifest = Manifest { format: FORMAT.to_owned(), files: vec![file], ..Manifest::default() };
        let text = serde_json::to_vec(&manifest).expect("JSON");
        assert_eq!(Manifest::read(text.as_slice()).expect_err("refused").code, "backup-damaged");
        let newer = Manifest { format: "underpin-backup-9".to_owned(), ..Manifest::default() };
        let text = serde_json::to_vec(&newer).expect("JSON");
        let error = Manifest::read(text.as_slice()).expect_err("refused");
        assert!(error.hint.contains("newer"), "{error:?}");
    }

    #[test]
    fn what_passes_is_hashed() {
        let mut copy = Vec::new();
        let (bytes, hash) = copy_hashed(&mut &b"abc"[..], &mut copy).expect("copies");
        assert_eq!((bytes, copy.as_slice()), (3, &b"abc"[..]));
        assert_eq!(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
