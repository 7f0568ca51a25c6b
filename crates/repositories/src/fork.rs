// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A fork held against its upstream: which changes of the fork does the project not have?
//!
//! Changes are told apart by what they change, as `git cherry` does, or because a commit says that it was picked from one of the
//! project (`cherry picked from commit …`). A merge brings nothing of its own. What a later commit of the same side takes back
//! (`This reverts commit …`) is not carried by the fork, and not had by the project. Squashed and split changes are not recognised: they
//! count as not there. Names and addresses of people are never read.

use gix::ObjectId;
use gix::objs::{CommitRef, Kind};
use hashbrown::{HashMap, HashSet};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::{CARRIED_FIELD_BYTES, FORK_COMMITS, GIT_COMMITS};

use crate::clone::{GitClone, Objects};
use crate::patch_text::patch_text;
use crate::{Unreadable, changes::Folders};

/// Fields of a message that say whether the project knows of a change.
const FIELDS: [&str; 6] = ["upstream-status", "forwarded", "applied-upstream", "origin", "bug", "last-update"];

/// A fork and its upstream, side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fork {
    /// Commits of the fork that the project does not have, the oldest first.
    pub ahead: Vec<ForkCommit>,
    /// Changes of the fork that the project has in a commit of its own.
    pub equivalent: Vec<ForkCommit>,
    /// Commits of the project that the fork does not have.
    pub behind: u64,
    /// The newest commit that both have: when it was made.
    pub parted: Option<Timestamp>,
    /// Commits that could not be compared, because a clone was cut or is broken, or what they change is too much.
    pub unread: u64,
    /// Whether there were more commits than the limits allow; then the oldest are left out.
    pub is_cut: bool,
}

/// A commit of a fork.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForkCommit {
    /// Its number.
    pub id: String,
    /// The first line of its message, without words that hold an address.
    pub title: String,
    /// Lines of its message that say whether the project knows of it (`Upstream-Status`, `Forwarded`, `Bug` and the like).
    pub fields: String,
    /// When it was committed.
    pub at: Timestamp,
    /// The number of its change.
    pub change: [u8; 20],
}

/// The number of a change, from its text as git writes it; `None` where it holds none.
pub type ChangeNumber<'n> = &'n dyn Fn(&str) -> Option<[u8; 20]>;

/// One side.
struct Side {
    objects: Objects,
    folders: Folders,
    commits: HashMap<ObjectId, Found>,
    /// In the order of the walk.
    order: Vec<ObjectId>,
    is_cut: bool,
}

/// What is read of a commit.
struct Found {
    tree: ObjectId,
    parents: Vec<ObjectId>,
    seconds: i64,
    title: String,
    fields: String,
    picked_from: Vec<ObjectId>,
    reverts: Vec<ObjectId>,
}

/// Compares two clones, or two references of one. A reference is the name of a branch or tag, or the number of a commit; without one
/// what the clone has checked out is meant.
///
/// # Errors
/// [`Unreadable::NoReference`] for a reference that is not there.
pub fn compare_forks(
    (fork, of_fork): (&GitClone, Option<&str>),
    (upstream, of_upstream): (&GitClone, Option<&str>),
    number: ChangeNumber<'_>,
) -> Result<Fork, Unreadable> {
    let mut fork = Side::read(fork, of_fork)?;
    let mut upstream = Side::read(upstream, of_upstream)?;
    let only = |side: &Side, other: &Side| -> Vec<ObjectId> {
        side.order.iter().filter(|id| !other.commits.contains_key(*id)).copied().collect()
    };
    let (ahead, behind) = (only(&fork, &upstream), only(&upstream, &fork));
    let shared = fork.order.iter().filter(|id| upstream.commits.contains_key(*id));
    let parted = shared.filter_map(|id| fork.commits.get(id)).map(|found| found.seconds).max();
    let mut result = Fork {
        behind: behind.len() as u64,
        parted: parted.map(Timestamp::from_seconds),
        is_cut: fork.is_cut || upstream.is_cut || ahead.len().max(behind.len()) > FORK_COMMITS,
        ..Fork::default()
    };
    let (kept, known) = (fork.lasting(&ahead), upstream.lasting(&behind));
    let mut numbers: HashSet<[u8; 20]> = HashSet::new();
    for id in known.iter().take(FORK_COMMITS) {
        match upstream.change(*id, number) {
            Some(change) => _ = numbers.insert(change),
            None => result.unread += u64::from(!upstream.is_merge(*id)),
        }
    }
    let known: HashSet<ObjectId> = known.into_iter().collect();
    for id in kept.into_iter().take(FORK_COMMITS).rev().filter(|id| !fork.is_merge(*id)).collect::<Vec<_>>() {
        let Some(change) = fork.change(id, number) else {
            result.unread += 1;
            continue;
        };
        let Some(found) = fork.commits.get(&id) else { continue };
        let is_known = |from: &ObjectId| known.contains(from) || fork.is_shared(from, &upstream);
        let is_there = numbers.contains(&change) || found.picked_from.iter().any(is_known);
        let commit = ForkCommit {
            id: id.to_string(),
            title: found.title.clone(),
            fields: found.fields.clone(),
            at: Timestamp::from_seconds(found.seconds),
            change,
        };
        if is_there { result.equivalent.push(commit) } else { result.ahead.push(commit) }
    }
    Ok(result)
}

/// The numbers of changes that a clone has and no later commit of it takes back, as far as the limits reach.
///
/// # Errors
/// [`Unreadable::NoReference`].
pub fn change_numbers(
    clone: &GitClone,
    reference: Option<&str>,
    number: ChangeNumber<'_>,
) -> Result<Vec<[u8; 20]>, Unreadable> {
    let mut side = Side::read(clone, reference)?;
    let lasting = side.lasting(&side.order);
    Ok(lasting.into_iter().take(FORK_COMMITS).filter_map(|id| side.change(id, number)).collect())
}

impl Side {
    fn read(clone: &GitClone, reference: Option<&str>) -> Result<Self, Unreadable> {
        let tip = clone.resolve(reference)?;
        let mut side = Self {
            objects: clone.objects(),
            folders: Folders::default(),
            commits: HashMap::new(),
            order: Vec::new(),
            is_cut: clone.is_shallow(),
        };
        let mut open = std::collections::BinaryHeap::new();
        let mut number = 0_u64;
        if let Some(found) = read_commit(&mut side.objects, tip) {
            open.push((found.seconds, std::cmp::Reverse(number), tip));
            side.commits.insert(tip, found);
        }
        while let Some((_, _, id)) = open.pop() {
            side.order.push(id);
            if side.order.len() >= GIT_COMMITS {
                side.is_cut = true;
                break;
            }
            let is_boundary = clone.boundary.contains(&id);
            let parents = side.commits.get(&id).map(|found| found.parents.clone()).unwrap_or_default();
            for parent in parents.into_iter().filter(|_| !is_boundary) {
                if side.commits.contains_key(&parent) {
                    continue;
                }
                match read_commit(&mut side.objects, parent) {
                    Some(found) => {
                        number += 1;
                        open.push((found.seconds, std::cmp::Reverse(number), parent));
                        side.commits.insert(parent, found);
                    }
                    None => side.is_cut = true,
                }
            }
        }
        Ok(side)
    }

    fn is_merge(&self, id: ObjectId) -> bool {
        self.commits.get(&id).is_some_and(|found| found.parents.len() > 1)
    }

    /// Whether a commit is part of both histories.
    fn is_shared(&self, id: &ObjectId, other: &Self) -> bool {
        self.commits.contains_key(id) && other.commits.contains_key(id)
    }

    /// Of some commits, the newest first, those that no later one of them takes back. A revert that is itself taken back counts for
    /// nothing.
    fn lasting(&self, commits: &[ObjectId]) -> Vec<ObjectId> {
        let here: HashSet<ObjectId> = commits.iter().copied().collect();
        let mut gone: HashSet<ObjectId> = HashSet::new();
        for id in commits {
            let reverts = self.commits.get(id).map(|found| found.reverts.as_slice()).unwrap_or_default();
            let of_these: Vec<&ObjectId> = reverts.iter().filter(|of| here.contains(*of)).collect();
            if !of_these.is_empty() && !gone.contains(id) {
                gone.extend(of_these);
                gone.insert(*id);
            }
        }
        commits.iter().filter(|id| !gone.contains(*id)).copied().collect()
    }

    /// The number of what a commit changes against its parent; `None` for a merge and for what cannot be read.
    fn change(&mut self, id: ObjectId, number: ChangeNumber<'_>) -> Option<[u8; 20]> {
        let found = self.commits.get(&id)?;
        let old = match found.parents.as_slice() {
            [] => None,
            [parent] => Some(self.commits.get(parent)?.tree),
            _ => return None,
        };
        let new = found.tree;
        let changes = self.folders.changes(&mut self.objects, old, new).ok()?;
        number(&patch_text(&mut self.objects, &changes)?)
    }
}

fn read_commit(objects: &mut Objects, id: ObjectId) -> Option<Found> {
    let hash = objects.hash();
    let commit = CommitRef::from_bytes(objects.read(&id, Kind::Commit)?, hash).ok()?;
    let message = String::from_utf8_lossy(commit.message);
    Some(Found {
        tree: commit.tree(),
        parents: commit.parents().collect(),
        seconds: commit.committer().map(|committer| committer.seconds()).unwrap_or_default(),
        title: title(&message),
        fields: fields(&message),
        picked_from: named(&message, "cherry picked from commit "),
        reverts: named(&message, "This reverts commit "),
    })
}

/// The first line of a message, without words that hold an address.
fn title(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let mut title = line.split_whitespace().filter(|word| !word.contains('@')).collect::<Vec<_>>().join(" ");
    while title.len() > CARRIED_FIELD_BYTES {
        title.pop();
    }
    title
}

/// The lines that tell of the project; those that name people are left out by their names.
fn fields(message: &str) -> String {
    let is_told = |line: &&str| {
        let name = line.split_once(':').map(|(name, _)| name.trim().to_ascii_lowercase()).unwrap_or_default();
        FIELDS.contains(&name.as_str()) && line.len() <= CARRIED_FIELD_BYTES
    };
    message.lines().filter(is_told).take(FIELDS.len()).map(|line| format!("{line}\n")).collect()
}

/// Whole numbers of commits that stand behind some words.
fn named(message: &str, words: &str) -> Vec<ObjectId> {
    let after = message.split(words).skip(1);
    let number = |text: &str| {
        let digits = text.bytes().take_while(u8::is_ascii_hexdigit).count();
        ObjectId::from_hex(&text.as_bytes()[..digits]).ok()
    };
    after.filter_map(number).collect()
}
