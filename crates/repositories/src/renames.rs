// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which removed file of a commit lives on under another name: the pairs that `git log -M` finds.
//!
//! First come files of equal content; then files whose name without folders is the only one of its kind on both sides, when three
//! quarters of the larger one are the same; then the best pairs of all that are left, when half is the same. What is the same is
//! counted in pieces: lines, cut after 64 bytes. Git tells pieces apart by a short hash, here they are told apart by a longer one.

use std::cell::Cell;
use std::collections::VecDeque;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};

use gix::objs::tree::EntryMode;
use hashbrown::{DefaultHashBuilder, HashMap};
use underpin_model::limits::bounds::{GIT_COMPARED_BYTES, GIT_COMPARED_TOTAL_BYTES, GIT_RENAMES};

use crate::changes::{Changes, Side};
use crate::clone::Objects;

/// What counts as wholly the same.
const WHOLE: u64 = 60_000;
/// Half of the larger file is the same.
const HALF: u64 = WHOLE / 2;
/// Three quarters of it.
const THREE_QUARTERS: u64 = HALF + HALF / 2;
/// Candidates that are kept for one new file.
const CANDIDATES: usize = 4;
/// Removed files of equal content that are looked at for one new file.
const ALTERNATIVES: usize = 102;
/// What looking at a pair costs of the budget, beside its pieces.
const PAIR_BYTES: u64 = 64;
/// Bytes after which a line is cut.
const PIECE_BYTES: usize = 64;
/// Bytes at the beginning in which a zero says that a file is no text.
const HEAD_BYTES: usize = 8_000;

/// What is left of the work that all threads together may do.
pub(crate) struct Budget {
    bytes: AtomicU64,
    /// Set once something could not be compared.
    was_cut: AtomicU64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: AtomicU64::new(GIT_COMPARED_TOTAL_BYTES), was_cut: AtomicU64::new(0) }
    }
}

impl Budget {
    fn take(&self, bytes: u64) -> bool {
        let taken = self.bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes));
        taken.is_ok() || self.cut()
    }

    fn cut(&self) -> bool {
        self.was_cut.store(1, Ordering::Relaxed);
        false
    }

    /// Whether something could not be compared.
    pub(crate) fn was_cut(&self) -> bool {
        self.was_cut.load(Ordering::Relaxed) > 0
    }
}

/// For each added file its place among the removed ones, when it is one of them under a new name.
pub(crate) fn renames(objects: &mut Objects, budget: &Budget, changes: &Changes) -> Vec<Option<usize>> {
    let mut pairs = Pairs { to: vec![None; changes.added.len()], is_used: vec![false; changes.removed.len()], changes };
    if changes.added.is_empty() || changes.removed.is_empty() {
        return pairs.to;
    }
    pairs.equal_contents();
    if pairs.is_open() {
        let contents = Contents::new(objects, budget, changes);
        pairs.equal_names(&contents);
        if pairs.is_open() {
            pairs.best(&contents);
        }
    }
    pairs.to
}

struct Pairs<'a> {
    to: Vec<Option<usize>>,
    is_used: Vec<bool>,
    changes: &'a Changes,
}

/// A pair that may be one file.
#[derive(Clone, Copy)]
struct Candidate {
    added: usize,
    removed: usize,
    score: u64,
    is_same_name: bool,
}

impl Candidate {
    fn key(&self) -> (u64, bool) {
        (self.score, self.is_same_name)
    }
}

impl Pairs<'_> {
    fn pair(&mut self, added: usize, removed: usize) {
        self.to[added] = Some(removed);
        self.is_used[removed] = true;
    }

    fn is_open(&self) -> bool {
        self.to.contains(&None) && self.is_used.contains(&false)
    }

    fn is_same_name(&self, added: usize, removed: usize) -> bool {
        name(&self.changes.added[added].path) == name(&self.changes.removed[removed].path)
    }

    fn equal_contents(&mut self) {
        let mut by_content: HashMap<_, VecDeque<usize>> = HashMap::new();
        for (place, side) in self.changes.removed.iter().enumerate() {
            by_content.entry(side.id).or_default().push_back(place);
        }
        for (added, side) in self.changes.added.iter().enumerate() {
            let Some(unused) = by_content.get_mut(&side.id) else { continue };
            let fits = |place: usize| is_alike(side.mode, self.changes.removed[place].mode);
            let fitting = || (0..unused.len().min(ALTERNATIVES)).filter(|at| fits(unused[*at]));
            let best = fitting().find(|at| self.is_same_name(added, unused[*at])).or_else(|| fitting().next());
            if let Some(removed) = best.and_then(|at| unused.remove(at)) {
                self.pair(added, removed);
            }
        }
    }

    fn equal_names(&mut self, contents: &Contents<'_>) {
        let added = only_ones(&self.changes.added, |place| self.to[place].is_none());
        let removed = only_ones(&self.changes.removed, |place| !self.is_used[place]);
        for place in 0..self.changes.removed.len() {
            let name = name(&self.changes.removed[place].path);
            let Some(Some(added)) = added.get(name) else { continue };
            if removed.get(name) == Some(&Some(place)) && contents.score(*added, place) >= THREE_QUARTERS {
                self.pair(*added, place);
            }
        }
    }

    fn best(&mut self, contents: &Contents<'_>) {
        let added: Vec<usize> = (0..self.to.len()).filter(|place| self.to[*place].is_none()).collect();
        let removed: Vec<usize> = (0..self.is_used.len()).filter(|place| !self.is_used[*place]).collect();
        if added.len().saturating_mul(removed.len()) > GIT_RENAMES * GIT_RENAMES {
            return;
        }
        let mut candidates: Vec<Candidate> = Vec::new();
        for added in added {
            let mut kept: Vec<Candidate> = Vec::with_capacity(CANDIDATES + 1);
            for removed in removed.iter().copied() {
                let score = contents.score(added, removed);
                if score < HALF {
                    continue;
                }
                let candidate = Candidate { added, removed, score, is_same_name: self.is_same_name(added, removed) };
                // Of equal ones the earlier stays before the later.
                let place = kept.partition_point(|other| other.key() >= candidate.key());
                kept.insert(place, candidate);
                kept.truncate(CANDIDATES);
            }
            candidates.extend(kept);
        }
        candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.key()));
        for candidate in candidates {
            if self.to[candidate.added].is_none() && !self.is_used[candidate.removed] {
                self.pair(candidate.added, candidate.removed);
            }
        }
    }
}

/// Names that only one of the places has.
fn only_ones(sides: &[Side], is_open: impl Fn(usize) -> bool) -> HashMap<&[u8], Option<usize>> {
    let mut found = HashMap::new();
    for (place, side) in sides.iter().enumerate().filter(|(place, _)| is_open(*place)) {
        found.entry(name(&side.path)).and_modify(|only| *only = None).or_insert(Some(place));
    }
    found
}

fn name(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or(path)
}

/// Ordinary files are alike, executable or not; links and submodules only among themselves.
fn is_alike(left: EntryMode, right: EntryMode) -> bool {
    (left.is_blob() && right.is_blob()) || left.kind() == right.kind()
}

/// Contents of the files of one change, read when they are asked for.
struct Contents<'a> {
    objects: std::cell::RefCell<&'a mut Objects>,
    budget: &'a Budget,
    changes: &'a Changes,
    added: Vec<Content>,
    removed: Vec<Content>,
    /// One for all files: its seed is random, so that nobody can make pieces that fall together.
    hasher: DefaultHashBuilder,
}

#[derive(Default)]
struct Content {
    bytes: Cell<Option<Option<u64>>>,
    pieces: std::cell::OnceCell<Option<Vec<(u64, u64)>>>,
}

impl<'a> Contents<'a> {
    fn new(objects: &'a mut Objects, budget: &'a Budget, changes: &'a Changes) -> Self {
        let empty = |count: usize| (0..count).map(|_| Content::default()).collect();
        let (added, removed) = (empty(changes.added.len()), empty(changes.removed.len()));
        let hasher = DefaultHashBuilder::default();
        Self { objects: std::cell::RefCell::new(objects), budget, changes, added, removed, hasher }
    }

    /// How much of the larger file is the same, of [`WHOLE`]; 0 when that is less than half, or cannot be told.
    fn score(&self, added: usize, removed: usize) -> u64 {
        let (new, old) = (&self.changes.added[added], &self.changes.removed[removed]);
        if !new.mode.is_blob() || !old.mode.is_blob() || !self.budget.take(PAIR_BYTES) {
            return 0;
        }
        let (Some(new_bytes), Some(old_bytes)) =
            (self.bytes(&self.added[added], new), self.bytes(&self.removed[removed], old))
        else {
            return 0;
        };
        let (larger, smaller) = (new_bytes.max(old_bytes), new_bytes.min(old_bytes));
        if smaller * 2 < larger || larger == 0 {
            return 0;
        }
        let (Some(new), Some(old)) = (self.pieces(&self.added[added], new), self.pieces(&self.removed[removed], old))
        else {
            return 0;
        };
        // Comparing costs as much as there are pieces: so many files can be compared, and no more.
        if !self.budget.take((new.len() + old.len()) as u64) {
            return 0;
        }
        let score = in_common(old, new) * WHOLE / larger;
        if score < HALF { 0 } else { score }
    }

    fn bytes(&self, content: &Content, side: &Side) -> Option<u64> {
        if let Some(known) = content.bytes.get() {
            return known;
        }
        let bytes = self.objects.borrow_mut().file_bytes(&side.id).filter(|bytes| *bytes <= GIT_COMPARED_BYTES);
        if bytes.is_none() {
            self.budget.cut();
        }
        content.bytes.set(Some(bytes));
        bytes
    }

    fn pieces<'b>(&self, content: &'b Content, side: &Side) -> Option<&'b [(u64, u64)]> {
        let read = || {
            let mut objects = self.objects.borrow_mut();
            let found = objects.file(&side.id, GIT_COMPARED_BYTES).map(|bytes| pieces(bytes, &self.hasher));
            let bytes = content.bytes.get().flatten().unwrap_or_default();
            if found.is_none() {
                self.budget.cut();
            }
            found.filter(|_| self.budget.take(bytes))
        };
        content.pieces.get_or_init(read).as_deref()
    }
}

/// The pieces of a file, each by its hash with the bytes it has in all, by hash.
fn pieces(bytes: &[u8], hasher: &DefaultHashBuilder) -> Vec<(u64, u64)> {
    let is_text = !bytes[..bytes.len().min(HEAD_BYTES)].contains(&0);
    let mut found: Vec<(u64, u64)> = Vec::with_capacity(bytes.len() / 32 + 1);
    let mut rest = bytes;
    let mut piece = Vec::with_capacity(PIECE_BYTES);
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        // The end of a line is the same with and without a carriage return.
        if is_text && *byte == b'\r' && rest.first() == Some(&b'\n') {
            continue;
        }
        piece.push(*byte);
        if *byte == b'\n' || piece.len() == PIECE_BYTES || rest.is_empty() {
            found.push((hasher.hash_one(&piece), piece.len() as u64));
            piece.clear();
        }
    }
    found.sort_unstable_by_key(|(hash, _)| *hash);
    found.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        if is_same {
            kept.1 += next.1;
        }
        is_same
    });
    found
}

/// Bytes of the pieces that both have.
fn in_common(left: &[(u64, u64)], right: &[(u64, u64)]) -> u64 {
    let (mut at, mut bytes) = (0, 0);
    for (hash, count) in left {
        while right.get(at).is_some_and(|(other, _)| other < hash) {
            at += 1;
        }
        if let Some((_, other)) = right.get(at).filter(|(other, _)| other == hash) {
            bytes += count.min(other);
        }
    }
    bytes
}
