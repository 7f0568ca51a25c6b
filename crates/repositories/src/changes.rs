// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a commit changed: two trees walked side by side. Folders with the same identifier are the same and are not opened.
//!
//! Folders are kept unpacked for a while, because the tree of a commit is the old tree of its successor.

use std::cmp::Ordering;
use std::sync::Arc;

use gix::ObjectId;
use gix::objs::tree::{EntryMode, EntryRef};
use gix::objs::{Kind, TreeRefIter};
use underpin_model::limits::bounds::{GIT_FOLDER_CACHE_BYTES, GIT_FOLDER_DEPTH, GIT_PATH_BYTES};

use crate::clone::Objects;
use crate::recent::Recent;

/// Bytes that are compared at once.
const BLOCK_BYTES: usize = 32;

/// A file on one side of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Side {
    /// Its path.
    pub(crate) path: Vec<u8>,
    /// Its content.
    pub(crate) id: ObjectId,
    /// What kind of file it is.
    pub(crate) mode: EntryMode,
}

/// Files that a commit added, removed and modified, by path.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) added: Vec<Side>,
    pub(crate) removed: Vec<Side>,
    pub(crate) modified: Vec<Edit>,
}

/// A file that is another one than before.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    /// Its path.
    pub(crate) path: Vec<u8>,
    /// Its content and kind before and after.
    pub(crate) sides: [(ObjectId, EntryMode); 2],
}

/// A folder was missing, broken, or nested too deeply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Missing;

/// Folders read lately.
pub(crate) struct Folders {
    recent: Recent<ObjectId, Arc<[u8]>>,
}

impl Default for Folders {
    fn default() -> Self {
        Self { recent: Recent::new(GIT_FOLDER_CACHE_BYTES) }
    }
}

impl Folders {
    fn read(&mut self, objects: &mut Objects, id: ObjectId) -> Result<Arc<[u8]>, Missing> {
        if let Some(found) = self.recent.get(id) {
            return Ok(found);
        }
        if id.is_empty_tree() {
            return Ok(Arc::from([]));
        }
        let bytes = objects.shared(&id, Kind::Tree).ok_or(Missing)?;
        self.recent.put(id, bytes.clone());
        Ok(bytes)
    }

    /// What changed from one tree to another; from nothing where there was none.
    pub(crate) fn changes(
        &mut self,
        objects: &mut Objects,
        old: Option<ObjectId>,
        new: ObjectId,
    ) -> Result<Changes, Missing> {
        let mut changes = Changes::default();
        if old != Some(new) {
            self.compare(objects, old, Some(new), &mut Path::default(), &mut changes)?;
        }
        Ok(changes)
    }

    /// Every file of a tree, by path; `None` when there are more than `most`.
    pub(crate) fn files(
        &mut self,
        objects: &mut Objects,
        tree: ObjectId,
        most: usize,
    ) -> Result<Option<Vec<Side>>, Missing> {
        let mut changes = Changes::default();
        self.compare(objects, None, Some(tree), &mut Path { most, ..Path::default() }, &mut changes)?;
        Ok((changes.added.len() <= most).then_some(changes.added))
    }

    fn compare(
        &mut self,
        objects: &mut Objects,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
        path: &mut Path,
        changes: &mut Changes,
    ) -> Result<(), Missing> {
        let hash = objects.hash();
        let mut read = |id: Option<ObjectId>| id.map_or_else(|| Ok(Arc::from([])), |id| self.read(objects, id));
        let (old, new) = (read(old)?, read(new)?);
        let (mut left, mut right): (&[u8], &[u8]) = (&old, &new);
        while changes.added.len() <= path.most {
            let same = same_beginning(left, right, hash.len_in_bytes());
            (left, right) = (&left[same..], &right[same..]);
            let ((from, after_left), (to, after_right)) = (first(left, hash)?, first(right, hash)?);
            let order = match (&from, &to) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(from), Some(to)) => from.cmp(to),
            };
            self.entry(objects, from.filter(|_| order.is_le()), to.filter(|_| order.is_ge()), path, changes)?;
            left = if order.is_le() { after_left } else { left };
            right = if order.is_ge() { after_right } else { right };
        }
        Ok(())
    }

    /// One name that is not the same on both sides.
    fn entry(
        &mut self,
        objects: &mut Objects,
        from: Option<EntryRef<'_>>,
        to: Option<EntryRef<'_>>,
        path: &mut Path,
        changes: &mut Changes,
    ) -> Result<(), Missing> {
        let Some(name) = from.or(to).map(|entry| entry.filename) else { return Ok(()) };
        let before = path.enter(name)?;
        let folder =
            |entry: Option<EntryRef<'_>>| entry.filter(|entry| entry.mode.is_tree()).map(|entry| entry.oid.to_owned());
        let (old, new) = (folder(from), folder(to));
        if old.is_some() || new.is_some() {
            path.bytes.push(b'/');
            self.compare(objects, old, new, path, changes)?;
            path.bytes.pop();
        }
        let side = |entry: EntryRef<'_>| Side { path: path.bytes.clone(), id: entry.oid.to_owned(), mode: entry.mode };
        match (from.filter(|from| !from.mode.is_tree()), to.filter(|to| !to.mode.is_tree())) {
            (Some(from), Some(to)) => {
                let sides = [from, to].map(|entry| (entry.oid.to_owned(), entry.mode));
                changes.modified.push(Edit { path: path.bytes.clone(), sides });
            }
            (Some(from), None) => changes.removed.push(side(from)),
            (None, Some(to)) => changes.added.push(side(to)),
            (None, None) => {}
        }
        path.leave(before);
        Ok(())
    }
}

/// Bytes of the entries at the beginning that two folders have in common: most of them, and quicker told than by reading both.
fn same_beginning(old: &[u8], new: &[u8], hash_bytes: usize) -> usize {
    let most = same_bytes(old, new);
    let mut same = 0;
    while let Some(name) = memchr::memchr(0, &new[same..most]) {
        let end = same + name + 1 + hash_bytes;
        if end > most {
            break;
        }
        same = end;
    }
    same
}

/// How many bytes at the beginning are the same.
fn same_bytes(left: &[u8], right: &[u8]) -> usize {
    let (blocks, _) = left.as_chunks::<BLOCK_BYTES>();
    let (others, _) = right.as_chunks::<BLOCK_BYTES>();
    let whole = blocks.iter().zip(others).take_while(|(block, other)| block == other).count() * BLOCK_BYTES;
    let rest = left[whole..].iter().zip(&right[whole..]).take_while(|(byte, other)| byte == other);
    whole + rest.count()
}

/// The first entry of a folder, and what follows it.
fn first(bytes: &[u8], hash: gix::hash::Kind) -> Result<(Option<EntryRef<'_>>, &[u8]), Missing> {
    let mut entries = TreeRefIter::from_bytes(bytes, hash);
    let entry = entries.next().transpose().map_err(|_| Missing)?;
    let after = if entry.is_some() { &bytes[entries.offset_to_next_entry(bytes)..] } else { bytes };
    Ok((entry, after))
}

/// Where the walk is.
struct Path {
    bytes: Vec<u8>,
    depth: usize,
    most: usize,
}

impl Default for Path {
    fn default() -> Self {
        Self { bytes: Vec::new(), depth: 0, most: usize::MAX }
    }
}

impl Path {
    fn enter(&mut self, name: &[u8]) -> Result<usize, Missing> {
        let before = self.bytes.len();
        self.bytes.extend_from_slice(name);
        self.depth += 1;
        if self.depth > GIT_FOLDER_DEPTH || self.bytes.len() > GIT_PATH_BYTES { Err(Missing) } else { Ok(before) }
    }

    fn leave(&mut self, before: usize) {
        self.bytes.truncate(before);
        self.depth -= 1;
    }
}
