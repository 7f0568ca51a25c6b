// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files that are read together with another one: a `go.sum` beside its `go.mod`, the `os-release` of a package database.
//!
//! A companion belongs to exactly one place: the folder of the file, or for `os-release` the root of the same system. So
//! the files of one host never say anything about another host in the same archive.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use underpin_formats::installed::{OS_RELEASE, os_release_paths};
use underpin_formats::{Reader, readers};
use underpin_model::limits::bounds::{ATTESTATION_BYTES, COMPANION_BYTES};

use super::signed::{ENDINGS, SIGNATURE};

/// Role and content of each companion, in the order in which the reader names them.
pub type Companions = Vec<(String, Arc<Vec<u8>>)>;

/// True for the name of a file that some reader reads together with another one.
pub fn is_companion_name(name: &str) -> bool {
    readers().any(|reader| reader.companions.contains(&name))
}

/// Where the companion of the file at `path` may lie, the better place first.
fn places(path: &str, role: &str) -> Vec<String> {
    let folder = path.rfind(['/', '!']).and_then(|end| path.get(..=end)).unwrap_or_default();
    let mut places = vec![format!("{folder}{role}")];
    if role == OS_RELEASE {
        places.extend(os_release_paths(path));
    }
    places.retain(|place| place != path);
    places
}

/// The companions of a plain file: inside the folder that was named, or, for a file that was named itself, beside it and
/// where the path as it was written leads. Nobody means the system of the own computer by naming a file of another one.
/// Links are not followed; they could lead anywhere.
pub fn beside(path: &Path, within: Option<&Path>, reader: &Reader) -> Companions {
    if reader.companions.is_empty() {
        return Companions::new();
    }
    let written = path.to_string_lossy().replace('\\', "/");
    let read = |place: &String| {
        if within.is_some_and(|folder| !Path::new(place).starts_with(folder)) {
            return None;
        }
        let metadata = fs::symlink_metadata(place).ok()?;
        let fits = metadata.is_file() && metadata.len() <= COMPANION_BYTES;
        if fits { fs::read(place).ok() } else { None }
    };
    let found = |role: &&str| {
        let bytes = places(&written, role).iter().find_map(read)?;
        Some(((*role).to_owned(), Arc::new(bytes)))
    };
    reader.companions.iter().filter_map(found).collect()
}

/// The signature that lies beside a plain file, under the role of signatures. Links are not followed.
pub fn signature_beside(path: &Path) -> Option<(String, Arc<Vec<u8>>)> {
    let read = |ending: &&str| {
        let mut place = path.as_os_str().to_owned();
        place.push(ending);
        let metadata = fs::symlink_metadata(&place).ok()?;
        let fits = metadata.is_file() && metadata.len() <= ATTESTATION_BYTES;
        if fits { fs::read(&place).ok() } else { None }
    };
    let bytes = ENDINGS.iter().find_map(read)?;
    Some((SIGNATURE.to_owned(), Arc::new(bytes)))
}

/// Whether a file is the signature of another one that lies beside it.
pub fn is_signature_of_another(path: &Path) -> bool {
    let text = path.to_string_lossy();
    ENDINGS.iter().filter_map(|ending| text.strip_suffix(ending)).any(|other| Path::new(other).is_file())
}

/// The companions in one archive, by path.
#[derive(Debug, Default)]
pub struct Shelf {
    files: HashMap<String, Arc<Vec<u8>>>,
    bytes: u64,
}

impl Shelf {
    /// Keeps a file as long as all together stay within `most` bytes; false when it was not kept.
    pub fn keep(&mut self, path: &str, bytes: &[u8], most: u64) -> bool {
        let size = bytes.len() as u64;
        let fits = size <= COMPANION_BYTES && self.bytes.saturating_add(size) <= most;
        if fits && self.files.insert(path.to_owned(), Arc::new(bytes.to_vec())).is_none() {
            self.bytes += size;
        }
        fits
    }

    /// The companions of the file at `path`, as far as they have come.
    pub fn of(&self, path: &str, reader: &Reader) -> Companions {
        let found = |role: &&str| {
            let bytes = places(path, role).iter().find_map(|place| self.files.get(place))?;
            Some(((*role).to_owned(), Arc::clone(bytes)))
        };
        reader.companions.iter().filter_map(found).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(id: &str) -> &'static Reader {
        readers().find(|reader| reader.id == id).expect("a reader")
    }

    #[test]
    fn companions_belong_to_one_place() {
        let mut shelf = Shelf::default();
        for path in [
            "a.zip!web1/etc/os-release",
            "a.zip!web2/usr/lib/os-release",
            "a.zip!web3/etc/os-release",
            "a.zip!web3/usr/lib/os-release",
            "a.zip!flat/os-release",
            "a.zip!etc/os-release",
            "a.zip!m/go.sum",
            "a.zip!go.sum",
        ] {
            assert!(shelf.keep(path, path.as_bytes(), 10_000));
        }
        for (path, id, expected) in [
            ("a.zip!web1/var/lib/dpkg/status", "dpkg-status", Some("a.zip!web1/etc/os-release")),
            ("a.zip!web2/var/lib/dpkg/status", "dpkg-status", Some("a.zip!web2/usr/lib/os-release")),
            ("a.zip!web3/lib/apk/db/installed", "apk-installed", Some("a.zip!web3/etc/os-release")),
            ("a.zip!web10/var/lib/dpkg/status", "dpkg-status", None),
            ("a.zip!web1/sub/var/lib/dpkg/status", "dpkg-status", None),
            ("a.zip!var/lib/dpkg/status", "dpkg-status", Some("a.zip!etc/os-release")),
            ("a.zip!flat/status", "dpkg-status", Some("a.zip!flat/os-release")),
            ("a.zip!other/status", "dpkg-status", None),
            ("a.zip!m/go.mod", "go-mod", Some("a.zip!m/go.sum")),
            ("a.zip!m/sub/go.mod", "go-mod", None),
            ("a.zip!go.mod", "go-mod", Some("a.zip!go.sum")),
        ] {
            let found = shelf.of(path, reader(id));
            let bytes = found.first().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
            assert_eq!(bytes.as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn a_shelf_is_bounded() {
        let mut shelf = Shelf::default();
        assert!(shelf.keep("a/go.sum", b"12345", 8));
        assert!(!shelf.keep("b/go.sum", b"12345", 8));
        assert!(shelf.keep("c/go.sum", b"123", 8));
        assert_eq!(shelf.of("b/go.mod", reader("go-mod")), []);
    }

    #[test]
    fn plain_files_have_theirs_beside_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |path: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            fs::write(&path, path.to_string_lossy().as_bytes()).expect("written");
        };
        for path in ["root/usr/lib/os-release", "root/var/lib/dpkg/status", "root2/var/lib/dpkg/status", "m/go.sum"] {
            write(path);
        }
        for (path, id, expected) in [
            ("root/var/lib/dpkg/status", "dpkg-status", Some("root/usr/lib/os-release")),
            ("root2/var/lib/dpkg/status", "dpkg-status", None),
            ("m/go.mod", "go-mod", Some("m/go.sum")),
        ] {
            let path = folder.path().join(path);
            let expected = expected.map(|path| folder.path().join(path).to_string_lossy().into_owned());
            for within in [None, Some(folder.path())] {
                let found = beside(&path, within, reader(id));
                let bytes = found.first().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
                assert_eq!(bytes, expected, "{path:?} {within:?}");
            }
        }
        // Above the folder that was named lies somebody else's system.
        let status = folder.path().join("root/var/lib/dpkg/status");
        for above in ["root/var", "root/var/lib", "root/var/lib/dpkg"] {
            assert_eq!(beside(&status, Some(&folder.path().join(above)), reader("dpkg-status")), []);
        }
        assert_eq!(beside(&status, Some(&folder.path().join("root")), reader("dpkg-status")).len(), 1);
    }
}
