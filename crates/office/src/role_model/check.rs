// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `check`: which practices do the files of a repository show?
//!
//! The answer is for who asked: nothing is written down, nobody is called, and nothing of it is a verdict about people.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use underpin_assess::practices::{Practice, all, levels, rule_address};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::PRACTICE_PLACES;
use underpin_model::practices::{Fault, Obstacle, Outcome, Pack};
use underpin_repositories::{SourceTree, Unreadable, tree_facts};

use super::evidence::Evidence;
use super::sources::AtHand;
use crate::error::{OfficeError, Result};

pub use underpin_assess::practices::standard;

/// The answer of `check`.
#[derive(Clone, Debug, Serialize)]
pub struct CheckAnswer {
    /// The commit that was read; absent for a plain folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// How many files the tree has.
    pub files: u64,
    /// Each practice with its result.
    pub practices: Vec<CheckedPractice>,
    /// How far each level of a standard is reached, for standards that have levels.
    pub levels: Vec<CheckedLevel>,
}

/// A level of a standard. It is reached when nothing of it is not met and nothing is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckedLevel {
    /// The standard, as a pack.
    pub pack: Pack,
    /// The level.
    pub level: u8,
    /// Practices that are met.
    pub met: usize,
    /// Practices that are not met.
    pub not_met: usize,
    /// Practices that cannot be assessed.
    pub not_assessed: usize,
    /// Whether it is reached.
    pub is_reached: bool,
}

/// A practice with its result.
#[derive(Clone, Debug, Serialize)]
pub struct CheckedPractice {
    /// The standard, as a pack.
    pub pack: Pack,
    /// The practice.
    pub practice: &'static str,
    /// Grows when the judgement changes.
    pub version: u16,
    /// Name and version of the standard.
    pub standard: String,
    /// Where it can be read: the rule itself, as near as the standard has addresses.
    pub address: String,
    /// The rule, as the standard calls it.
    pub rule: &'static str,
    /// The levels of the standard that ask for it; none where it has no levels.
    #[serde(skip_serializing_if = "<[u8]>::is_empty")]
    pub levels: &'static [u8],
    /// One of three.
    pub outcome: Outcome,
    /// Why it cannot be assessed.
    pub obstacle: Option<Obstacle>,
    /// The places that show it.
    pub places: Vec<Fault>,
    /// Places beyond those that are named.
    pub more_places: u64,
}

impl CheckAnswer {
    /// How many practices have a result.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.practices.iter().filter(|practice| practice.outcome == outcome).count()
    }

    /// How many practices of a pack have a result.
    pub fn count_of(&self, pack: Pack, outcome: Outcome) -> usize {
        self.practices.iter().filter(|practice| practice.pack == pack && practice.outcome == outcome).count()
    }
}

/// How far the levels of all standards are reached.
fn reached(practices: &[CheckedPractice]) -> Vec<CheckedLevel> {
    let mut all: BTreeMap<(Pack, u8), [usize; 3]> = BTreeMap::new();
    for practice in practices {
        for level in practice.levels {
            let counts = all.entry((practice.pack, *level)).or_default();
            match practice.outcome {
                Outcome::Met => counts[0] += 1,
                Outcome::NotMet => counts[1] += 1,
                Outcome::NotAssessed => counts[2] += 1,
            }
        }
    }
    let level = |((pack, level), [met, not_met, not_assessed]): ((Pack, u8), [usize; 3])| CheckedLevel {
        pack,
        level,
        met,
        not_met,
        not_assessed,
        is_reached: not_met == 0 && not_assessed == 0,
    };
    all.into_iter().map(level).collect()
}

/// What is asked for: all practices, or some packs.
pub fn practices(packs: &[Pack]) -> impl Iterator<Item = &'static Practice> {
    all().filter(move |practice| packs.is_empty() || packs.contains(&practice.pack))
}

/// Holds a clone or a folder against practices, dates as of a moment, with what is given beside its files.
///
/// # Errors
/// `no-clone` or `no-folder` where nothing can be read, `too-many-files` beyond the limits.
pub fn check(path: &Path, packs: &[Pack], as_of: Timestamp, evidence: &Evidence) -> Result<CheckAnswer> {
    checked(path, packs, as_of, evidence, PRACTICE_PLACES)
}

/// The same for what was brought to hand.
///
/// # Errors
/// As [`check`], under the name that people know.
pub fn check_at_hand(source: &AtHand, packs: &[Pack], as_of: Timestamp, evidence: &Evidence) -> Result<CheckAnswer> {
    check(source.path(), packs, as_of, evidence).map_err(|error| source.named(error))
}

/// The same, with at most so many places of a practice.
pub(super) fn checked(
    path: &Path,
    packs: &[Pack],
    as_of: Timestamp,
    evidence: &Evidence,
    most: usize,
) -> Result<CheckAnswer> {
    refuse_other_sources(path)?;
    let tree = SourceTree::open(path).map_err(unreadable)?;
    let wants = |pack| packs.is_empty() || packs.contains(&pack);
    let mut facts = tree_facts(&tree, as_of, wants);
    super::evidence::add(&mut facts, (path, &tree), as_of, evidence, packs)?;
    let judged = practices(packs).map(|practice| {
        let judgement = practice.judged(&facts);
        let source = standard(practice.pack);
        let mut places = judgement.places;
        let more_places = places.len().saturating_sub(most) as u64;
        places.truncate(most);
        CheckedPractice {
            pack: practice.pack,
            practice: practice.id,
            version: practice.version,
            standard: format!("{} {}", source.title, source.version),
            address: rule_address(practice),
            rule: practice.rule,
            levels: levels(practice),
            outcome: judgement.outcome,
            obstacle: judgement.obstacle,
            places,
            more_places,
        }
    });
    let practices: Vec<CheckedPractice> = judged.collect();
    let levels = reached(&practices);
    Ok(CheckAnswer { commit: facts.commit, files: facts.files, practices, levels })
}

/// An address or a bundle has to be at hand before it is read.
fn refuse_other_sources(path: &Path) -> Result<()> {
    if !super::sources::is_received(path) {
        return Ok(());
    }
    Err(OfficeError::new("no-folder", format!("{} is an address or a bundle, and no folder", path.display()))
        .hint("clone it first: git clone --dissociate ADDRESS, then name the folder"))
}

/// What keeps a clone or folder from being read, with what to do.
pub(super) fn unreadable(error: Unreadable) -> OfficeError {
    let (code, hint) = match &error {
        Unreadable::NoFolder { .. } => ("no-folder", "name a folder, or the folder of a clone"),
        Unreadable::TooMany { .. } => {
            ("too-many-files", "check a part of it, or a clone instead of a folder with what was built")
        }
        Unreadable::NotReceived { .. } => (
            "no-clone",
            "check it with `git bundle verify FILE`, make it anew with `git bundle create FILE --all`, or clone it first",
        ),
        _ => (
            "no-clone",
            "name a clone that stands for itself: no worktree, no submodule, nothing borrowed (git clone --dissociate)",
        ),
    };
    OfficeError::new(code, error.to_string()).hint(hint)
}
