// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the history of the last months shows about practices: how much is done, by how many, with which signatures.

use std::collections::BinaryHeap;
use std::path::Path;

use gix::ObjectId;
use gix::objs::{CommitRef, Kind, TagRef};
use hashbrown::HashSet;
use underpin_formats::signatures::Keyring;
use underpin_model::Timestamp;
use underpin_model::limits::bounds::{CHECKED_SIGNATURES, GIT_TAG_CHAIN, GIT_TAGS, TAG_NAME_BYTES};
use underpin_model::practices::Obstacle;
use underpin_model::repository_facts::{Count, HistoryFacts, SignatureFacts, SignatureState, SignedThing};
use underpin_model::signals::Ignorance;

use super::signed::{of_commit, of_tag};
use crate::Unreadable;
use crate::activity::{Activity, seconds};
use crate::clone::{GitClone, Objects};
use crate::history::History;
use crate::identities::Identities;
use crate::releases::is_release_name;
use crate::tip::Tip;

/// How far back is looked for what goes on.
const MONTHS: i32 = 6;
/// How far back signatures are looked at.
const SIGNED_MONTHS: i32 = 12;

/// A tag with its signature.
struct Tag {
    name: String,
    is_release: bool,
    seconds: i64,
    /// Dated after the moment asked for; `seconds` is that moment then, so that its signature is looked at.
    is_later: bool,
    state: SignatureState,
}

/// What the history of a clone and its signatures show, judged at a moment; each only where it is wanted. `None` for a folder
/// without history.
///
/// # Errors
/// A clone that cannot be read.
pub fn history_facts(
    path: &Path,
    as_of: Timestamp,
    keys: &Keyring,
    (wants_history, wants_signatures): (bool, bool),
) -> Result<Option<(HistoryFacts, SignatureFacts)>, Unreadable> {
    if !(wants_history || wants_signatures) || !super::tree::is_clone(path) {
        return Ok(None);
    }
    let clone = GitClone::open(path)?;
    let tags = tags(&clone, keys, as_of);
    let history = if wants_history { recent(&clone, as_of, &tags) } else { HistoryFacts::default() };
    let signatures = if wants_signatures { signatures(&clone, keys, as_of, tags) } else { SignatureFacts::default() };
    Ok(Some((history, signatures)))
}

fn obstacle(why: Ignorance) -> Obstacle {
    if why == Ignorance::BeyondLimits { Obstacle::BeyondLimits } else { Obstacle::NeedsHistory }
}

/// What was done after the same moment six months ago.
fn recent(clone: &GitClone, as_of: Timestamp, tags: &Result<Vec<Tag>, Obstacle>) -> HistoryFacts {
    let from = as_of.months_later(-MONTHS);
    let tip = clone.tip();
    let mailmap = Tip::read(clone, tip).as_ref().map(Tip::mailmap).unwrap_or_default();
    // The counts are the same for every salt.
    let mut identities = Identities::new(&[0; 32], &mailmap);
    let history = tip.map(|tip| History::read(clone, tip, &mut identities, as_of)).unwrap_or_default();
    let activity = Activity::new(&history, as_of, clone.is_shallow());
    let (commits, half_made_by) = activity.since(from);
    let missing = activity.missing(Some(from)).map(obstacle);
    let later = tags.as_ref().map_or(0, |tags| tags.iter().filter(|tag| tag.is_later).count() as u64);
    let (seen, signed_tags, tags_missing) = match tags {
        Err(why) => (0, 0, Some(*why)),
        Ok(tags) => {
            let recent: Vec<&Tag> = tags.iter().filter(|tag| tag.seconds > seconds(from) && !tag.is_later).collect();
            let is_sound = |tag: &&&Tag| matches!(tag.state, SignatureState::UnknownKey | SignatureState::Verified);
            (recent.len() as u64, recent.iter().filter(is_sound).count() as u64, tags_cut(clone))
        }
    };
    HistoryFacts {
        commits: Count { seen: commits, missing },
        tags: Count { seen, missing: tags_missing },
        signed_tags,
        half_made_by: half_made_by.filter(|_| missing.is_none()),
        later: later + history.skewed,
    }
}

/// Why a clone may not have all tags.
fn tags_cut(clone: &GitClone) -> Option<Obstacle> {
    (clone.is_shallow() || clone.was_cloned_without_tags()).then_some(Obstacle::NeedsHistory)
}

fn tags(clone: &GitClone, keys: &Keyring, as_of: Timestamp) -> Result<Vec<Tag>, Obstacle> {
    let mut objects = clone.objects();
    let repository = objects.repository.clone();
    let platform = repository.references().map_err(|_| Obstacle::NotUnderstood)?;
    let references = platform.tags().map_err(|_| Obstacle::NotUnderstood)?;
    let mut found = Vec::new();
    for (number, reference) in references.enumerate() {
        if number >= GIT_TAGS {
            return Err(Obstacle::BeyondLimits);
        }
        // A broken tag is none; the others still count.
        let Ok(reference) = reference else { continue };
        let name = String::from_utf8_lossy(reference.name().shorten()).into_owned();
        let Some(id) = reference.try_id() else { continue };
        let may_verify = found.len() < CHECKED_SIGNATURES;
        if let Some((made, state)) = tag(&mut objects, (id.detach(), &name), keys, as_of, may_verify) {
            let is_release = is_release_name(&name);
            let is_later = made > seconds(as_of);
            found.push(Tag { name, is_release, seconds: made.min(seconds(as_of)), is_later, state });
        }
    }
    Ok(found)
}

/// When a tag was made, and how its signature stands; `None` when it leads to no commit.
fn tag(
    objects: &mut Objects,
    (mut id, name): (ObjectId, &str),
    keys: &Keyring,
    as_of: Timestamp,
    may_verify: bool,
) -> Option<(i64, SignatureState)> {
    let hash = objects.hash();
    let (mut own_time, mut state) = (None, SignatureState::Unsigned);
    for depth in 0..GIT_TAG_CHAIN {
        if let Some(bytes) = objects.read(&id, Kind::Tag) {
            let tag = TagRef::from_bytes(bytes, hash).ok()?;
            let tagger = tag.tagger().ok().flatten().map(|tagger| tagger.seconds());
            if depth == 0 {
                own_time = tagger;
                let made = Timestamp::from_seconds(tagger.unwrap_or_default());
                state = of_tag(bytes).map_or(SignatureState::Unsigned, |(signed, signature)| {
                    // Signed under another name: an old tag that was put in the place of a new one.
                    if tag.name != name {
                        SignatureState::Broken
                    } else if may_verify {
                        keys.judge_git(signed, signature, made, as_of)
                    } else {
                        SignatureState::UnknownKey
                    }
                });
            }
            id = tag.target();
        } else {
            let commit = CommitRef::from_bytes(objects.read(&id, Kind::Commit)?, hash).ok()?;
            let committed = commit.committer().map(|committer| committer.seconds()).ok();
            return Some((own_time.or(committed)?, state));
        }
    }
    None
}

/// Tags of releases and commits after the same moment a year ago.
fn signatures(clone: &GitClone, keys: &Keyring, as_of: Timestamp, tags: Result<Vec<Tag>, Obstacle>) -> SignatureFacts {
    let from = seconds(as_of.months_later(-SIGNED_MONTHS));
    let (commits, mut missing) = commits(clone, keys, as_of, from);
    let tags = tags.unwrap_or_else(|why| {
        missing = Some(why);
        Vec::new()
    });
    let tags = tags.into_iter().filter(|tag| tag.is_release && tag.seconds > from);
    let mut tags: Vec<SignedThing> = tags
        .map(|tag| {
            let end = tag.name.floor_char_boundary(TAG_NAME_BYTES);
            SignedThing { name: format!("refs/tags/{}", &tag.name[..end]), state: tag.state }
        })
        .collect();
    tags.sort();
    SignatureFacts { has_keys: !keys.is_empty(), tags, commits, missing: missing.or_else(|| tags_cut(clone)) }
}

/// The newest commits, until one is older than asked for.
fn commits(clone: &GitClone, keys: &Keyring, as_of: Timestamp, from: i64) -> (Vec<SignedThing>, Option<Obstacle>) {
    let mut objects = clone.objects();
    let hash = objects.hash();
    let (mut open, mut known, mut found) = (BinaryHeap::new(), HashSet::new(), Vec::new());
    let mut missing = None;
    let mut next: Vec<ObjectId> = clone.tip().into_iter().collect();
    loop {
        for id in next.drain(..) {
            let read = objects.read(&id, Kind::Commit).and_then(|bytes| CommitRef::from_bytes(bytes, hash).ok());
            match read {
                Some(commit) if known.insert(id) => {
                    open.push((commit.committer().map(|who| who.seconds()).unwrap_or_default(), id));
                }
                Some(_) => {}
                None => missing = Some(Obstacle::NeedsHistory),
            }
        }
        let Some((made, id)) = open.pop() else { break };
        if made <= from {
            break;
        }
        if found.len() >= CHECKED_SIGNATURES {
            missing = Some(Obstacle::BeyondLimits);
            break;
        }
        let Some(bytes) = objects.read(&id, Kind::Commit) else { continue };
        let state = of_commit(bytes).map_or(SignatureState::Unsigned, |(signed, signature)| {
            keys.judge_git(&signed, &signature, Timestamp::from_seconds(made), as_of)
        });
        found.push(SignedThing { name: id.to_string(), state });
        let parents = CommitRef::from_bytes(bytes, hash).map(|commit| commit.parents().collect::<Vec<_>>());
        match parents {
            Ok(parents) if clone.boundary.contains(&id) && !parents.is_empty() => {
                missing = Some(Obstacle::NeedsHistory);
            }
            Ok(parents) => next.extend(parents.into_iter().filter(|parent| !known.contains(parent))),
            Err(_) => {}
        }
    }
    (found, missing)
}
