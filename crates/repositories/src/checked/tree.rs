// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The files that are checked: those of the newest commit of a clone, or those of a plain folder.
//!
//! A link is never followed by the operating system: what it leads to is looked up among the files of the tree. Nothing but regular
//! files is opened.

use std::cell::RefCell;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::objs::tree::EntryMode;
use gix::objs::{CommitRef, Kind};
use underpin_model::limits::bounds::{CHECKED_DEPTH, CHECKED_FILES, GIT_OBJECT_BYTES, GIT_PATH_BYTES};
use underpin_model::practices::HistoryMarks;

use super::marks::marks;
use crate::Unreadable;
use crate::changes::Folders;
use crate::clone::{GitClone, Objects};

/// Folders in which programs for versions keep their own things.
const VERSIONING: &[&str] = &[".git", ".hg", ".jj", ".sl", ".pijul", ".svn"];

/// Links on the way to a file.
const LINKS: usize = 16;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A file.
    File,
    /// A symbolic link.
    Link,
    /// Another repository that is named here.
    Module,
}

/// A file of a tree.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// From the root, with `/`; what is no UTF-8 is replaced.
    pub path: String,
    /// What it is.
    pub kind: SourceKind,
    place: Place,
}

impl SourceFile {
    /// The number of its contents in a clone.
    pub(crate) fn object(&self) -> Option<&ObjectId> {
        match &self.place {
            Place::Object(id) => Some(id),
            Place::Disk(_) => None,
        }
    }
}

#[derive(Clone, Debug)]
enum Place {
    Object(ObjectId),
    Disk(PathBuf),
}

/// Why a file was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRead {
    /// It is larger than asked for.
    TooLarge,
    /// It is missing, broken, or may not be read.
    Unreadable,
}

/// The files of a commit or of a folder.
pub struct SourceTree {
    files: Vec<SourceFile>,
    commit: Option<String>,
    objects: Option<RefCell<Objects>>,
    tip: Option<ObjectId>,
}

impl SourceTree {
    /// Reads the names of all files of a clone (bare or not) or of a folder.
    ///
    /// # Errors
    /// When it is neither, or has too many files.
    pub fn open(path: &Path) -> Result<Self, Unreadable> {
        if is_clone(path) { Self::of_clone(path) } else { Self::of_folder(path) }
    }

    fn of_clone(path: &Path) -> Result<Self, Unreadable> {
        let no_clone = |why: &str| Unreadable::NoClone { path: path.to_owned(), why: why.to_owned() };
        let clone = GitClone::open(path)?;
        let commit = clone.tip().ok_or_else(|| no_clone("it has no commit"))?;
        let mut objects = clone.objects();
        let hash = objects.hash();
        let bytes = objects.read(&commit, Kind::Commit).ok_or_else(|| no_clone("its newest commit is missing"))?;
        let tree = CommitRef::from_bytes(bytes, hash).map_err(|error| no_clone(&error.to_string()))?.tree();
        let sides = Folders::default()
            .files(&mut objects, tree, CHECKED_FILES)
            .map_err(|_| no_clone("folders of its newest commit are missing or too deep"))?
            .ok_or_else(|| Unreadable::TooMany { path: path.to_owned(), most: CHECKED_FILES })?;
        let files = sides.into_iter().map(|side| SourceFile {
            path: String::from_utf8_lossy(&side.path).into_owned(),
            kind: kind(side.mode),
            place: Place::Object(side.id),
        });
        Ok(Self {
            tip: Some(commit),
            ..Self::sorted(files.collect(), Some(commit.to_string()), Some(RefCell::new(objects)))
        })
    }

    fn of_folder(root: &Path) -> Result<Self, Unreadable> {
        let mut files = Vec::new();
        let mut open = vec![(root.to_owned(), String::new(), 0)];
        while let Some((folder, below, depth)) = open.pop() {
            let fault = |error: std::io::Error| Unreadable::NoFolder { path: folder.clone(), why: error.to_string() };
            for entry in std::fs::read_dir(&folder).map_err(fault)? {
                let entry = entry.map_err(fault)?;
                let kind = entry.file_type().map_err(fault)?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let path = format!("{below}{name}");
                if kind.is_dir() && !VERSIONING.contains(&name.as_str()) {
                    open.push((entry.path(), format!("{path}/"), depth + 1));
                } else if kind.is_file() || kind.is_symlink() {
                    let kind = if kind.is_file() { SourceKind::File } else { SourceKind::Link };
                    files.push(SourceFile { path, kind, place: Place::Disk(entry.path()) });
                }
                if files.len() > CHECKED_FILES || depth > CHECKED_DEPTH {
                    return Err(Unreadable::TooMany { path: root.to_owned(), most: CHECKED_FILES });
                }
            }
        }
        Ok(Self::sorted(files, None, None))
    }

    fn sorted(mut files: Vec<SourceFile>, commit: Option<String>, objects: Option<RefCell<Objects>>) -> Self {
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Self { files, commit, objects, tip: None }
    }

    /// All files, by path.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The commit whose files they are; `None` for a folder.
    pub fn commit(&self) -> Option<&str> {
        self.commit.as_deref()
    }

    /// What the newest commits and the tags show; `None` for a folder.
    pub(super) fn marks(&self) -> Option<HistoryMarks> {
        Some(marks(&mut self.objects.as_ref()?.borrow_mut(), self.tip?))
    }

    /// The file of a path.
    pub fn find(&self, path: &str) -> Option<&SourceFile> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().and_then(|place| self.files.get(place))
    }

    /// The bytes of a file, or the words of a link.
    ///
    /// # Errors
    /// When it is larger than `limit` bytes, or cannot be read.
    pub fn read(&self, file: &SourceFile, limit: u64) -> Result<Vec<u8>, NotRead> {
        match (&file.place, &self.objects) {
            (Place::Object(id), Some(objects)) => {
                let mut objects = objects.borrow_mut();
                let limit = limit.min(GIT_OBJECT_BYTES);
                if objects.file_bytes(id).ok_or(NotRead::Unreadable)? > limit {
                    return Err(NotRead::TooLarge);
                }
                objects.file(id, limit).map(<[u8]>::to_vec).ok_or(NotRead::Unreadable)
            }
            (Place::Disk(path), _) if file.kind == SourceKind::Link => {
                let target = std::fs::read_link(path).map_err(|_| NotRead::Unreadable)?;
                Ok(target.to_string_lossy().into_owned().into_bytes())
            }
            (Place::Disk(path), _) => of_disk(path, limit),
            (Place::Object(_), None) => Err(NotRead::Unreadable),
        }
    }

    /// The file that a link leads to, when it lies in the tree.
    pub(super) fn target(&self, link: &SourceFile) -> Option<&SourceFile> {
        self.resolved(&link.path)
    }

    /// The file behind a path, through links to files and folders as long as they stay in the tree.
    pub(super) fn resolved(&self, path: &str) -> Option<&SourceFile> {
        let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
        for _ in 0..LINKS {
            let prefix = |length: usize| parts.get(..length).map(|parts| parts.join("/")).unwrap_or_default();
            let (length, file) = (1..=parts.len()).find_map(|length| Some((length, self.find(&prefix(length))?)))?;
            if file.kind != SourceKind::Link {
                return (file.kind == SourceKind::File && length == parts.len()).then_some(file);
            }
            let words = self.read(file, GIT_PATH_BYTES as u64).ok()?;
            let mut whole = parts.get(..length - 1)?.to_vec();
            for part in std::str::from_utf8(&words).ok()?.split('/') {
                match part {
                    "." => {}
                    ".." => {
                        whole.pop()?;
                    }
                    part => whole.push(part.to_owned()),
                }
            }
            whole.extend(parts.get(length..)?.iter().cloned());
            parts = whole;
        }
        None
    }
}

/// Whether a folder is a clone, bare or not.
pub(super) fn is_clone(path: &Path) -> bool {
    path.join(".git").symlink_metadata().is_ok()
        || (path.join("HEAD").is_file() && path.join("objects").is_dir() && path.join("refs").is_dir())
}

fn kind(mode: EntryMode) -> SourceKind {
    if mode.is_blob() {
        SourceKind::File
    } else if mode.is_link() {
        SourceKind::Link
    } else {
        SourceKind::Module
    }
}

fn of_disk(path: &Path, limit: u64) -> Result<Vec<u8>, NotRead> {
    let fault = |_| NotRead::Unreadable;
    if !path.symlink_metadata().map_err(fault)?.is_file() {
        return Err(NotRead::Unreadable);
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(fault)?;
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(fault)?;
    if bytes.len() as u64 > limit { Err(NotRead::TooLarge) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_lead_to_files_of_the_tree_and_nowhere_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        std::fs::create_dir_all(root.join("art/small")).expect("made");
        std::fs::write(root.join("art/small/logo.png"), b"png").expect("written");
        for (target, link) in [
            ("art/small/logo.png", "logo.png"),
            ("logo.png", "again.png"),
            ("art", "pictures"),
            ("../small/logo.png", "art/small/up.png"),
            ("nothing.svg", "broken.svg"),
            ("/etc/passwd", "outside.svg"),
            ("../../../etc/passwd", "above.svg"),
            ("one", "two"),
            ("two", "one"),
        ] {
            symlink(target, root.join(link)).expect("a link");
        }
        let tree = SourceTree::open(root).expect("a tree");
        let found = |path: &str| tree.resolved(path).map(|file| file.path.clone());
        for path in ["logo.png", "again.png", "pictures/small/logo.png", "art/small/up.png", "art/small/logo.png"] {
            assert_eq!(found(path).as_deref(), Some("art/small/logo.png"), "{path}");
        }
        for path in ["broken.svg", "outside.svg", "above.svg", "one", "two", "pictures", "logo.png/x", "missing"] {
            assert_eq!(found(path), None, "{path}");
        }
    }
}
