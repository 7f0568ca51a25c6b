// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `check` of many repositories at once: a row for each repository and standard, and all practices behind it.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;
use underpin_model::Timestamp;
use underpin_model::limits::bounds::{CHECKED_LIST_BYTES, CHECKED_REPOSITORIES, PRACTICE_PLACES_OF_MANY};
use underpin_model::practices::{Outcome, Pack};

use super::check::{CheckAnswer, checked};
use super::evidence::Evidence;
use super::sources::AtHand;
use crate::error::{OfficeError, Result};

/// What was found in many repositories.
#[derive(Clone, Debug, Serialize)]
pub struct ManyAnswer {
    /// Each repository, in the order asked.
    pub repositories: Vec<RepositoryAnswer>,
}

/// What was found in one of many.
#[derive(Clone, Debug, Serialize)]
pub struct RepositoryAnswer {
    /// As it was named.
    pub path: String,
    /// Why it could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<RepositoryError>,
    /// A row for each standard.
    pub packs: Vec<PackCount>,
    /// All of it.
    #[serde(flatten)]
    pub answer: Option<CheckAnswer>,
}

/// Why a repository could not be read.
#[derive(Clone, Debug, Serialize)]
pub struct RepositoryError {
    /// As `underpin explain` knows it.
    pub code: String,
    /// In words.
    pub message: String,
}

/// How a repository stands in one standard; nothing is added up across standards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PackCount {
    /// The standard, as a pack.
    pub pack: Pack,
    /// Practices that are met.
    pub met: usize,
    /// Practices that are not met.
    pub not_met: usize,
    /// Practices that cannot be assessed.
    pub not_assessed: usize,
}

impl ManyAnswer {
    /// Whether a practice of any repository has a result.
    pub fn has(&self, outcome: Outcome) -> bool {
        self.repositories.iter().filter_map(|one| one.answer.as_ref()).any(|answer| answer.count(outcome) > 0)
    }

    /// How many could not be read.
    pub fn unread(&self) -> usize {
        self.repositories.iter().filter(|one| one.error.is_some()).count()
    }
}

/// Holds repositories against practices, as many at a time as there are processors. One that cannot be read does not stop the others.
pub fn check_many(
    sources: &[(PathBuf, Result<AtHand>)],
    packs: &[Pack],
    (as_of, evidence): (Timestamp, &Evidence),
    done: impl Fn() + Sync,
) -> ManyAnswer {
    let repositories = sources.par_iter().map(|(name, source)| {
        let one = one((name, source), packs, as_of, evidence);
        done();
        one
    });
    ManyAnswer { repositories: repositories.collect() }
}

fn one(
    (name, source): (&Path, &Result<AtHand>),
    packs: &[Pack],
    as_of: Timestamp,
    evidence: &Evidence,
) -> RepositoryAnswer {
    let told = |error: &OfficeError| RepositoryError { code: error.code.to_owned(), message: error.to_string() };
    let (answer, error) = match source {
        Err(error) => (None, Some(told(error))),
        Ok(source) => match checked(source.path(), packs, as_of, evidence, PRACTICE_PLACES_OF_MANY) {
            Ok(answer) => (Some(answer), None),
            Err(error) => (None, Some(told(&source.named(error)))),
        },
    };
    let packs = answer.as_ref().map(counts).unwrap_or_default();
    RepositoryAnswer { path: name.display().to_string(), error, packs, answer }
}

fn counts(answer: &CheckAnswer) -> Vec<PackCount> {
    let of = |pack: Pack| PackCount {
        pack,
        met: answer.count_of(pack, Outcome::Met),
        not_met: answer.count_of(pack, Outcome::NotMet),
        not_assessed: answer.count_of(pack, Outcome::NotAssessed),
    };
    let has = |pack: &&Pack| answer.practices.iter().any(|practice| practice.pack == **pack);
    Pack::ALL.iter().filter(has).map(|pack| of(*pack)).collect()
}

/// The paths of a list: one a line; empty lines and those that begin with `#` are none.
///
/// # Errors
/// When the list cannot be read or is too long.
pub fn listed(list: &Path) -> Result<Vec<PathBuf>> {
    let size = std::fs::metadata(list).map_err(|error| OfficeError::file(list, &error))?.len();
    let too_long = || {
        OfficeError::new(
            "too-many-files",
            format!("{} names more than {CHECKED_REPOSITORIES} repositories", list.display()),
        )
        .hint("check them in parts")
    };
    if size > CHECKED_LIST_BYTES {
        return Err(too_long());
    }
    let text = std::fs::read_to_string(list).map_err(|error| OfficeError::file(list, &error))?;
    let paths: Vec<PathBuf> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(PathBuf::from)
        .collect();
    if paths.len() > CHECKED_REPOSITORIES { Err(too_long()) } else { Ok(paths) }
}
