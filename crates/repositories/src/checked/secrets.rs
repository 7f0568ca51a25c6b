// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Secrets in the files of all commits that branches and tags lead to, or of a plain folder. Each content is looked at once.

use std::collections::BinaryHeap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use gix::ObjectId;
use gix::objs::{CommitRef, Kind};
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use underpin_formats::secrets::{Found, Scanner, is_closed};
use underpin_model::limits::bounds::{GIT_TAGS, SECRET_COMMITS, SECRET_FILE_BYTES, SECRET_FILES, SECRET_TOTAL_BYTES};
use underpin_model::practices::{Fault, FaultCode, Obstacle};
use underpin_model::repository_facts::SecretFacts;

use super::tree::{SourceKind, SourceTree, is_clone};
use crate::Unreadable;
use crate::changes::Folders;
use crate::clone::{GitClone, Objects};

/// Commits that a thread takes at a time: neighbours, because they share folders.
const PORTION: usize = 256;
/// Files that a thread takes at a time.
const FILES_PORTION: usize = 64;

/// A commit: its files, those of its first parent, and whether its parents were left out of the clone.
struct Step {
    id: ObjectId,
    seconds: i64,
    tree: ObjectId,
    parent: Option<ObjectId>,
}

/// A file with the first commit that has it, as a place in the list of commits.
type First = (u32, Vec<u8>);

/// Where a secret stands: path, line, kind, what tells it from others, whether it is sure, and the commit.
type Hit = (String, Found, Option<ObjectId>);

/// Looks for secrets in a clone, or in a plain folder. Without the whole history only the files of the newest commit are read.
///
/// # Errors
/// A clone that cannot be read.
pub fn secret_facts(path: &Path, tree: &SourceTree, is_whole: bool) -> Result<SecretFacts, Unreadable> {
    let Some(scanner) = Scanner::new() else {
        return Ok(SecretFacts { missing: Some(Obstacle::NotUnderstood), ..SecretFacts::default() });
    };
    if !is_clone(path) {
        // A folder has no commits: what they held nobody can say.
        let facts = of_folder(tree, &scanner);
        return Ok(SecretFacts { missing: facts.missing.or(Some(Obstacle::NeedsHistory)), ..facts });
    }
    if !is_whole {
        let facts = of_folder(tree, &scanner);
        return Ok(SecretFacts { missing: facts.missing.or(Some(Obstacle::NotAsked)), ..facts });
    }
    let clone = GitClone::open(path)?;
    let is_missing = AtomicBool::new(false);
    let is_beyond = AtomicBool::new(false);
    let is_packed = AtomicBool::new(false);
    let steps = steps(&clone, &is_missing, &is_beyond);
    let files = files(&clone, &steps, &is_missing, &is_beyond);
    let hits = scan(&clone, &scanner, files, &steps, [&is_missing, &is_beyond, &is_packed]);
    let cut = clone.is_shallow() || is_missing.into_inner();
    let missing = match (is_beyond.into_inner(), cut, is_packed.into_inner()) {
        (true, ..) => Some(Obstacle::BeyondLimits),
        (_, true, _) => Some(Obstacle::NeedsHistory),
        (.., is_packed) => is_packed.then_some(Obstacle::NotUnderstood),
    };
    Ok(told(hits, missing))
}

fn of_folder(tree: &SourceTree, scanner: &Scanner) -> SecretFacts {
    let (mut hits, mut missing): (Vec<Hit>, _) = (Vec::new(), None);
    let mut left = SECRET_TOTAL_BYTES;
    for file in tree.files().iter().filter(|file| file.kind == SourceKind::File) {
        match tree.read(file, SECRET_FILE_BYTES.min(left)) {
            Ok(bytes) => {
                left -= bytes.len() as u64;
                if is_closed(&bytes) {
                    missing = missing.or(Some(Obstacle::NotUnderstood));
                }
                hits.extend(scanner.scan(&file.path, &bytes).into_iter().map(|found| (file.path.clone(), found, None)));
            }
            Err(_) => missing = Some(Obstacle::BeyondLimits),
        }
    }
    told(hits, missing)
}

/// Of one secret at one path, the oldest place; sorted by path.
fn told(mut hits: Vec<Hit>, missing: Option<Obstacle>) -> SecretFacts {
    let mut known: HashSet<(String, FaultCode, [u8; 8])> = HashSet::new();
    hits.retain(|(path, found, _)| known.insert((path.clone(), found.code, found.mark)));
    let mut facts = SecretFacts { missing, ..SecretFacts::default() };
    for (path, found, commit) in hits {
        let fault = Fault {
            line: Some(found.line),
            commit: commit.map(|commit| commit.to_string()),
            ..Fault::of_file(&path, found.code)
        };
        if found.is_sure { facts.sure.push(fault) } else { facts.hints.push(fault) }
    }
    facts.sure.sort();
    facts.hints.sort();
    facts
}

/// All commits that a branch, a tag or another name leads to, the oldest first.
fn steps(clone: &GitClone, is_missing: &AtomicBool, is_beyond: &AtomicBool) -> Vec<Step> {
    let mut objects = clone.objects();
    let repository = objects.repository.clone();
    let mut next: Vec<ObjectId> = clone.tip().into_iter().collect();
    if let Ok(references) = repository.references()
        && let Ok(all) = references.all()
    {
        let ids = all.take(GIT_TAGS).filter_map(|reference| reference.ok()?.peel_to_id().ok().map(gix::Id::detach));
        next.extend(ids);
    }
    let (mut known, mut steps): (HashSet<ObjectId>, Vec<Step>) = (HashSet::new(), Vec::new());
    let mut open: BinaryHeap<(i64, ObjectId)> = BinaryHeap::new();
    let mut read: HashMap<ObjectId, (Step, Vec<ObjectId>)> = HashMap::new();
    loop {
        for id in next.drain(..) {
            if !known.insert(id) {
                continue;
            }
            match step(&mut objects, id) {
                Some((step, parents)) => {
                    open.push((step.seconds, id));
                    read.insert(id, (step, parents));
                }
                // A name may lead to a file or a folder, which no commit holds; a commit that is not here is missing.
                None if objects.read(&id, Kind::Tree).is_none() && objects.file_bytes(&id).is_none() => {
                    is_missing.store(true, Ordering::Relaxed);
                }
                None => {}
            }
        }
        let Some((_, id)) = open.pop() else { break };
        if steps.len() >= SECRET_COMMITS {
            is_beyond.store(true, Ordering::Relaxed);
            break;
        }
        let Some((mut step, parents)) = read.remove(&id) else { continue };
        if clone.boundary.contains(&id) {
            step.parent = None;
        } else {
            next.extend(parents);
        }
        steps.push(step);
    }
    steps.reverse();
    steps
}

fn step(objects: &mut Objects, id: ObjectId) -> Option<(Step, Vec<ObjectId>)> {
    let hash = objects.hash();
    let commit = CommitRef::from_bytes(objects.read(&id, Kind::Commit)?, hash).ok()?;
    let parents: Vec<ObjectId> = commit.parents().collect();
    let seconds = commit.committer().map(|committer| committer.seconds()).unwrap_or_default();
    Some((Step { id, seconds, tree: commit.tree(), parent: parents.first().copied() }, parents))
}

/// Every content that a commit brought, with the oldest commit that has it.
fn files(
    clone: &GitClone,
    steps: &[Step],
    is_missing: &AtomicBool,
    is_beyond: &AtomicBool,
) -> HashMap<ObjectId, First> {
    let trees: HashMap<ObjectId, ObjectId> = steps.iter().map(|step| (step.id, step.tree)).collect();
    let (next, count) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = |_| {
        let mut objects = clone.objects();
        let mut folders = Folders::default();
        let mut found: HashMap<ObjectId, First> = HashMap::new();
        loop {
            let from = next.fetch_add(PORTION, Ordering::Relaxed);
            let portion = steps.get(from..steps.len().min(from + PORTION)).unwrap_or_default();
            if portion.is_empty() || is_beyond.load(Ordering::Relaxed) {
                return found;
            }
            for (place, step) in (from..).zip(portion) {
                let old = step.parent.and_then(|parent| trees.get(&parent).copied());
                let Ok(changes) = folders.changes(&mut objects, old, step.tree) else {
                    is_missing.store(true, Ordering::Relaxed);
                    continue;
                };
                let added = changes.added.into_iter().map(|side| (side.id, side.mode, side.path));
                let edited = changes.modified.into_iter().map(|edit| (edit.sides[1].0, edit.sides[1].1, edit.path));
                for (id, mode, path) in added.chain(edited).filter(|(_, mode, _)| mode.is_blob()) {
                    let _ = mode;
                    let place = u32::try_from(place).unwrap_or(u32::MAX);
                    let first = found.entry(id).or_insert_with(|| {
                        count.fetch_add(1, Ordering::Relaxed);
                        (place, path.clone())
                    });
                    if place < first.0 {
                        *first = (place, path);
                    }
                }
                if count.load(Ordering::Relaxed) > SECRET_FILES {
                    is_beyond.store(true, Ordering::Relaxed);
                    return found;
                }
            }
        }
    };
    let found: Vec<HashMap<ObjectId, First>> =
        (0..rayon::current_num_threads()).into_par_iter().with_max_len(1).map(work).collect();
    let mut all: HashMap<ObjectId, First> = HashMap::new();
    for (id, first) in found.into_iter().flatten() {
        let known = all.entry(id).or_insert_with(|| first.clone());
        if first < *known {
            *known = first;
        }
    }
    all
}

/// Looks at each content; the findings by path and line, the oldest commit first. All contents of a path follow each other, since a pack
/// stores them as what differs from one to the next.
fn scan(
    clone: &GitClone,
    scanner: &Scanner,
    files: HashMap<ObjectId, First>,
    steps: &[Step],
    [is_missing, is_beyond, is_packed]: [&AtomicBool; 3],
) -> Vec<Hit> {
    let mut sorted: Vec<(ObjectId, First)> = files.into_iter().collect();
    sorted.sort_unstable_by(|(_, (one, path)), (_, (other, other_path))| (path, one).cmp(&(other_path, other)));
    let read_bytes = AtomicU64::new(0);
    let of_portion = |objects: &mut Objects, portion: &[(ObjectId, First)]| {
        let mut hits = Vec::new();
        for (id, (place, path)) in portion {
            let Some(size) = objects.file_bytes(id) else {
                is_missing.store(true, Ordering::Relaxed);
                continue;
            };
            let before = read_bytes.fetch_add(size, Ordering::Relaxed);
            if size > SECRET_FILE_BYTES || before.saturating_add(size) > SECRET_TOTAL_BYTES {
                is_beyond.store(true, Ordering::Relaxed);
                continue;
            }
            let Some(bytes) = objects.read(id, Kind::Blob) else {
                is_missing.store(true, Ordering::Relaxed);
                continue;
            };
            if is_closed(bytes) {
                is_packed.store(true, Ordering::Relaxed);
            }
            let path = String::from_utf8_lossy(path).into_owned();
            let commit = steps.get(*place as usize).map(|step| step.id);
            hits.extend(scanner.scan(&path, bytes).into_iter().map(|found| (path.clone(), found, commit)));
        }
        hits
    };
    let found = sorted.par_chunks(FILES_PORTION).map_init(|| clone.objects(), of_portion);
    found.flatten_iter().collect()
}
