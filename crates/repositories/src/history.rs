// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The history that leads to the tip, read once: when, by whom, with which marks.
//!
//! Time is that of the committer: when a commit came into this history. Clocks go wrong; a commit dated after the time of judging
//! is counted as skewed, and taken as made no later than its successors.

use gix::ObjectId;
use gix::objs::{CommitRef, Kind};
use hashbrown::HashMap;
use underpin_model::Timestamp;
use underpin_model::limits::bounds::GIT_COMMITS;

use crate::clone::{GitClone, Objects};
use crate::identities::{Author, Identities};
use crate::trailers::{Trailers, trailers};

/// One commit.
#[derive(Clone, Debug)]
pub(crate) struct Commit {
    /// Its files.
    pub(crate) tree: ObjectId,
    /// The places of its parents in the history; those that are not here are left out.
    pub(crate) parents: Vec<u32>,
    /// How many parents it says it has.
    pub(crate) parents_said: usize,
    /// When it was committed, in seconds since 1970, never after the time of judging.
    pub(crate) seconds: i64,
    /// Who wrote it.
    pub(crate) author: Author,
    /// Whether it has a signature.
    pub(crate) is_signed: bool,
    /// What its message ends with.
    pub(crate) trailers: Trailers,
    /// Whether it is dated after the time of judging.
    pub(crate) is_later: bool,
}

impl Commit {
    /// A commit of several parents, which brings nothing of its own.
    pub(crate) fn is_merge(&self) -> bool {
        self.parents_said > 1
    }

    /// Work of a person: no merge, no program.
    pub(crate) fn is_human(&self) -> bool {
        !self.is_merge() && !self.author.is_bot
    }
}

/// All commits that lead to the tip, the tip first.
#[derive(Default)]
pub(crate) struct History {
    pub(crate) commits: Vec<Commit>,
    /// Commits dated after the time of judging.
    pub(crate) skewed: u64,
    /// Places of commits whose parents are not here, because the clone was cut or is broken.
    pub(crate) cut: Vec<u32>,
    /// Whether there were more than the limits allow.
    pub(crate) is_beyond_limits: bool,
}

impl History {
    /// Reads it, and numbers the people in the order of the walk: newest first, by the time of the committer.
    pub(crate) fn read(clone: &GitClone, tip: ObjectId, identities: &mut Identities, as_of: Timestamp) -> Self {
        let mut objects = clone.objects();
        let mut history = Self::default();
        // Children have to be known before their parents are judged; that needs the whole graph first.
        let mut places: HashMap<ObjectId, u32> = HashMap::new();
        let mut parents: Vec<Vec<ObjectId>> = Vec::new();
        let mut open = std::collections::BinaryHeap::new();
        if let Some(read) = read_commit(&mut objects, &tip) {
            open.push(Open::new(read, tip, 0));
            places.insert(tip, u32::MAX);
        }
        let mut opened = 0;
        while let Some(Open { found, id, .. }) = open.pop() {
            if history.commits.len() >= GIT_COMMITS {
                history.is_beyond_limits = true;
                break;
            }
            let place = u32::try_from(history.commits.len()).unwrap_or(u32::MAX);
            places.insert(id, place);
            let author = identities.author(found.author());
            let is_boundary = clone.boundary.contains(&id);
            let mut is_cut = is_boundary && !found.parents.is_empty();
            for parent in found.parents.iter().filter(|_| !is_boundary) {
                if places.contains_key(parent) {
                    continue;
                }
                match read_commit(&mut objects, parent) {
                    Some(read) => {
                        opened += 1;
                        places.insert(*parent, u32::MAX);
                        open.push(Open::new(read, *parent, opened));
                    }
                    None => is_cut = true,
                }
            }
            if is_cut {
                history.cut.push(place);
            }
            history.commits.push(found.commit(author));
            parents.push(if is_boundary { Vec::new() } else { found.parents });
        }
        for (commit, parents) in history.commits.iter_mut().zip(parents) {
            let here =
                parents.iter().filter_map(|parent| places.get(parent).copied()).filter(|place| *place != u32::MAX);
            commit.parents = here.collect();
        }
        history.clamp(as_of.0.div_euclid(1_000_000));
        history
    }

    /// Takes commits dated after the time of judging as made no later than their successors.
    fn clamp(&mut self, as_of: i64) {
        self.commits.iter_mut().for_each(|commit| commit.is_later = commit.seconds > as_of);
        self.skewed = self.commits.iter().filter(|commit| commit.seconds > as_of).count() as u64;
        if self.skewed == 0 {
            return;
        }
        let mut awaited = vec![0_u32; self.commits.len()];
        for parent in self.commits.iter().flat_map(|commit| &commit.parents) {
            awaited[*parent as usize] += 1;
        }
        let mut latest = vec![as_of; self.commits.len()];
        let mut ready: Vec<usize> = (0..awaited.len()).filter(|place| awaited[*place] == 0).collect();
        while let Some(place) = ready.pop() {
            let seconds = if self.commits[place].seconds > as_of { latest[place] } else { self.commits[place].seconds };
            self.commits[place].seconds = seconds;
            for parent in self.commits[place].parents.clone() {
                let parent = parent as usize;
                latest[parent] = latest[parent].min(seconds);
                awaited[parent] -= 1;
                if awaited[parent] == 0 {
                    ready.push(parent);
                }
            }
        }
    }
}

/// A commit as it was read, with the signature of its author still as bytes.
struct Found {
    tree: ObjectId,
    parents: Vec<ObjectId>,
    author: Vec<u8>,
    seconds: i64,
    is_signed: bool,
    trailers: Trailers,
}

impl Found {
    fn author(&self) -> gix::actor::SignatureRef<'_> {
        gix::actor::SignatureRef::from_bytes(&self.author).unwrap_or_default()
    }

    fn commit(&self, author: Author) -> Commit {
        Commit {
            tree: self.tree,
            parents: Vec::new(),
            parents_said: self.parents.len(),
            seconds: self.seconds,
            author,
            is_signed: self.is_signed,
            trailers: self.trailers,
            is_later: false,
        }
    }
}

/// A commit that waits for its turn: the newest comes first, of equal ones that which was found first.
struct Open {
    found: Found,
    id: ObjectId,
    number: u64,
}

impl Open {
    fn new(found: Found, id: ObjectId, number: u64) -> Self {
        Self { found, id, number }
    }

    fn key(&self) -> (i64, std::cmp::Reverse<u64>) {
        (self.found.seconds, std::cmp::Reverse(self.number))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Open {}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

fn read_commit(objects: &mut Objects, id: &ObjectId) -> Option<Found> {
    let hash = objects.hash();
    let commit = CommitRef::from_bytes(objects.read(id, Kind::Commit)?, hash).ok()?;
    Some(Found {
        tree: commit.tree(),
        parents: commit.parents().collect(),
        author: commit.author.to_vec(),
        seconds: commit.committer().map(|committer| committer.seconds()).unwrap_or_default(),
        is_signed: commit.extra_headers.iter().any(|(name, _)| name.starts_with(b"gpgsig")),
        trailers: trailers(commit.message),
    })
}
