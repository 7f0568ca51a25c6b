// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `check`: which practices do the files of a repository show?
//!
//! The answer is for who asked: nothing is written down, nobody is called, and nothing of it is a verdict about people.

use std::path::Path;

use serde::Serialize;
use underpin_assess::practices::{PRACTICES, Practice};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::PRACTICE_PLACES;
use underpin_model::practices::{Fault, Obstacle, Outcome, Pack};
use underpin_repositories::{SourceTree, Unreadable, tree_facts};

use super::evidence::Evidence;
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
    /// Where it can be read.
    pub address: &'static str,
    /// The rule, as the standard calls it.
    pub rule: &'static str,
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
}

/// What is asked for: all practices, or some packs.
pub fn practices(packs: &[Pack]) -> impl Iterator<Item = &'static Practice> {
    PRACTICES.iter().filter(move |practice| packs.is_empty() || packs.contains(&practice.pack))
}

/// Holds a clone or a folder against practices, dates as of a moment, with what is given beside its files.
///
/// # Errors
/// `no-clone` or `no-folder` where nothing can be read, `too-many-files` beyond the limits.
pub fn check(path: &Path, packs: &[Pack], as_of: Timestamp, evidence: &Evidence) -> Result<CheckAnswer> {
    let tree = SourceTree::open(path).map_err(unreadable)?;
    let wants = |pack| packs.is_empty() || packs.contains(&pack);
    let mut facts = tree_facts(&tree, as_of, wants);
    super::evidence::add(&mut facts, (path, &tree), as_of, evidence, packs)?;
    let judged = practices(packs).map(|practice| {
        let judgement = practice.judged(&facts);
        let source = standard(practice.pack);
        let mut places = judgement.places;
        let more_places = places.len().saturating_sub(PRACTICE_PLACES) as u64;
        places.truncate(PRACTICE_PLACES);
        CheckedPractice {
            pack: practice.pack,
            practice: practice.id,
            version: practice.version,
            standard: format!("{} {}", source.title, source.version),
            address: source.address,
            rule: practice.rule,
            outcome: judgement.outcome,
            obstacle: judgement.obstacle,
            places,
            more_places,
        }
    });
    let practices = judged.collect();
    Ok(CheckAnswer { commit: facts.commit, files: facts.files, practices })
}

/// What keeps a clone or folder from being read, with what to do.
pub(super) fn unreadable(error: Unreadable) -> OfficeError {
    let (code, hint) = match &error {
        Unreadable::NoFolder { .. } => ("no-folder", "name a folder, or the folder of a clone"),
        Unreadable::TooMany { .. } => {
            ("too-many-files", "check a part of it, or a clone instead of a folder with what was built")
        }
        _ => (
            "no-clone",
            "name a clone that stands for itself: no worktree, no submodule, nothing borrowed (git clone --dissociate)",
        ),
    };
    OfficeError::new(code, error.to_string()).hint(hint)
}
