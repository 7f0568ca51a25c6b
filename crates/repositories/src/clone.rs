// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A clone, opened in place and only to be read. It is hostile input.
//!
//! Its configuration may name programs (hooks, filters, monitors), other files and other repositories. None of the programs is
//! run: nothing here checks out, compares through filters or talks to a remote. The configuration counts as not trusted, no other
//! configuration and no environment is read, and a clone that borrows from elsewhere is refused. Objects beyond a size are not
//! read at all.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use gix::objs::{Find, FindHeader, Kind};
use gix::{ObjectId, Repository, ThreadSafeRepository};
use hashbrown::HashSet;
use underpin_model::limits::bounds::{GIT_ADDRESS_BYTES, GIT_DELTA_CACHE_BYTES, GIT_OBJECT_BYTES, GIT_TEXT_BYTES};

use crate::Unreadable;
use crate::packs::{Object, Packs, Unpacker};

/// An opened clone. Cheap to hand to other threads.
pub struct GitClone {
    repository: ThreadSafeRepository,
    /// Opened when the first object is asked for.
    packs: OnceLock<Arc<Packs>>,
    /// Commits whose parents were left out when it was cloned.
    pub(crate) boundary: HashSet<ObjectId>,
}

impl GitClone {
    /// Opens the clone at a path: the folder with the files, or the folder of git itself.
    pub fn open(path: &Path) -> Result<Self, Unreadable> {
        let git = git_folder(path)?;
        for (name, what) in [("objects/info/alternates", "objects"), ("commondir", "a repository"), ("gitdir", "files")]
        {
            if git.join(name).symlink_metadata().is_ok() {
                return Err(Unreadable::Borrows { path: path.to_owned(), what });
            }
        }
        let options =
            gix::open::Options::isolated().with(gix::sec::Trust::Reduced).open_path_as_is(true).config_overrides([
                format!("gitoxide.objects.allocLimit={GIT_OBJECT_BYTES}"),
                format!("core.deltaBaseCacheLimit={GIT_DELTA_CACHE_BYTES}"),
            ]);
        let fault = |error: gix::Error| Unreadable::NoClone { path: path.to_owned(), why: error.to_string() };
        let repository = ThreadSafeRepository::open_opts(&git, options).map_err(fault)?;
        let boundary = repository.to_thread_local().shallow_commits().map_err(fault)?;
        let boundary = boundary.map(|commits| commits.iter().copied().collect()).unwrap_or_default();
        Ok(Self { repository, packs: OnceLock::new(), boundary })
    }

    /// Whether the history was cut when it was cloned.
    pub(crate) fn is_shallow(&self) -> bool {
        !self.boundary.is_empty()
    }

    /// Whether its configuration says that tags of the origin are left out.
    pub(crate) fn was_cloned_without_tags(&self) -> bool {
        let repository = self.repository.to_thread_local();
        repository
            .config_snapshot()
            .string("remote.origin.tagOpt")
            .is_some_and(|option| option.as_slice() == b"--no-tags")
    }

    /// The commit that the clone has checked out, or would; `None` where it has none.
    pub(crate) fn tip(&self) -> Option<ObjectId> {
        self.repository.to_thread_local().head_id().ok().map(gix::Id::detach)
    }

    /// The commit that a branch, a branch of the origin, a tag or a whole number names; without a name what is checked out.
    pub(crate) fn resolve(&self, reference: Option<&str>) -> Result<ObjectId, Unreadable> {
        let Some(name) = reference else {
            return self.tip().ok_or_else(|| Unreadable::NoReference { reference: "HEAD".to_owned() });
        };
        let repository = self.repository.to_thread_local();
        if let Some(id) = ObjectId::from_hex(name.as_bytes()).ok().filter(|id| repository.has_object(id)) {
            return Ok(id);
        }
        let places = ["", "refs/heads/", "refs/remotes/", "refs/remotes/origin/", "refs/tags/"];
        let found = places.iter().find_map(|place| {
            let mut reference = repository.try_find_reference(format!("{place}{name}").as_str()).ok()??;
            reference.peel_to_id().ok().map(gix::Id::detach)
        });
        found.ok_or_else(|| Unreadable::NoReference { reference: name.to_owned() })
    }

    /// The address that it was cloned from, as its configuration says; `None` where it says none, or a very long one. Nobody is called.
    pub fn origin(&self) -> Option<String> {
        let repository = self.repository.to_thread_local();
        let address = repository.config_snapshot().string("remote.origin.url")?.to_string();
        (address.len() <= GIT_ADDRESS_BYTES).then_some(address)
    }

    /// A reader of objects for one thread.
    pub(crate) fn objects(&self) -> Objects {
        let repository = self.repository.to_thread_local();
        let packs = self.packs.get_or_init(|| Arc::new(Packs::open(repository.git_dir(), repository.object_hash())));
        Objects { packs: packs.clone(), repository, unpacker: Unpacker::default(), held: None, buffer: Vec::new() }
    }
}

/// Where git keeps its things. A file that points elsewhere is not followed.
fn git_folder(path: &Path) -> Result<PathBuf, Unreadable> {
    let inside = path.join(".git");
    match inside.symlink_metadata() {
        Ok(found) if found.is_dir() => Ok(inside),
        Ok(_) => Err(Unreadable::Borrows { path: path.to_owned(), what: "a repository" }),
        Err(_) => Ok(path.to_owned()),
    }
}

/// Reads objects, one after another.
pub(crate) struct Objects {
    pub(crate) repository: Repository,
    packs: Arc<Packs>,
    unpacker: Unpacker,
    /// What was read last out of a pack.
    held: Option<Object>,
    /// What was read last from elsewhere.
    buffer: Vec<u8>,
}

impl Objects {
    /// The bytes of an object of that kind; `None` when it is missing, broken, too large or another kind.
    pub(crate) fn read(&mut self, id: &gix::oid, kind: Kind) -> Option<&[u8]> {
        self.held = self.packs.find(id, &mut self.unpacker);
        if let Some(held) = &self.held {
            return (held.kind == kind).then_some(&held.bytes);
        }
        let found = self.repository.objects.try_find(id, &mut self.buffer).ok()??;
        (found.kind == kind).then_some(found.data)
    }

    /// The same, to be kept.
    pub(crate) fn shared(&mut self, id: &gix::oid, kind: Kind) -> Option<Arc<[u8]>> {
        match self.packs.find(id, &mut self.unpacker) {
            Some(object) => (object.kind == kind).then_some(object.bytes),
            None => self.read(id, kind).map(Arc::from),
        }
    }

    /// Bytes of a file, without reading it; `None` when it is missing.
    pub(crate) fn file_bytes(&mut self, id: &gix::oid) -> Option<u64> {
        if let Some(bytes) = self.packs.file_bytes(id, &mut self.unpacker) {
            return Some(bytes);
        }
        let header = self.repository.objects.try_header(id).ok()??;
        (header.kind == Kind::Blob).then_some(header.size)
    }

    /// A file, when it is not larger than `limit` bytes.
    pub(crate) fn file(&mut self, id: &gix::oid, limit: u64) -> Option<&[u8]> {
        (self.file_bytes(id)? <= limit).then_some(())?;
        self.read(id, Kind::Blob)
    }

    /// A file as text, of moderate size; bytes that are no UTF-8 are replaced.
    pub(crate) fn text(&mut self, id: &gix::oid) -> Option<String> {
        let bytes = self.file(id, GIT_TEXT_BYTES)?;
        (!bytes.contains(&0)).then(|| String::from_utf8_lossy(bytes).into_owned())
    }

    /// How long identifiers are here.
    pub(crate) fn hash(&self) -> gix::hash::Kind {
        self.repository.object_hash()
    }
}
