// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `signals`: how is a project looked after, as far as a plain git clone and the advisories that are known here tell?
//!
//! Evidence, no score: each signal is known or unknown with a reason, and says what it rests on. People are counted, never named.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;
use underpin_model::Timestamp;
use underpin_model::project_class::{ClassReason, ProjectClass};
use underpin_model::project_money::PublishedFacts;
use underpin_model::signals::ProjectSignals;
use underpin_repositories::{Elsewhere, GitClone, classify};

use super::kept_signals::{KeptSignals, read_clone};
use super::priorities::Ranking;
use crate::error::{OfficeError, Result};
use crate::watch::estate::Watched;

/// The answer of `signals`.
#[derive(Clone, Debug, Serialize)]
pub struct SignalsAnswer {
    /// The project in use whose advisories were looked at; absent where none was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// How it stands; unknown unless two independent kinds of signals say so.
    pub class: ProjectClass,
    /// Why.
    pub reasons: Vec<ClassReason>,
    /// Vulnerabilities of versions in use for which no fix is known; unknown where nobody looked.
    pub unfixed_advisories: Option<u64>,
    /// What the clone says.
    #[serde(flatten)]
    pub signals: ProjectSignals,
    /// What its files say about money, and addresses that it declares.
    pub published: PublishedFacts,
}

/// Opens a clone.
///
/// # Errors
/// `no-clone` where nothing is there that can be read as one.
pub(super) fn open(path: &Path) -> Result<GitClone> {
    GitClone::open(path).map_err(|error| {
        OfficeError::new("no-clone", error.to_string())
            .hint("name the folder of a clone (bare or not) that stands for itself: no worktree, no submodule, nothing borrowed")
    })
}

/// Reads a clone. `salt` keeps people apart inside the computation, and no more.
///
/// # Errors
/// `no-clone` where nothing is there that can be read as one.
pub fn look(
    path: &Path,
    as_of: Timestamp,
    salt: &[u8; 32],
    known: Option<(String, Option<u64>)>,
) -> Result<SignalsAnswer> {
    let project = known.as_ref().map(|(project, _)| project.as_str());
    Ok(answer(read_clone(path, as_of, salt, (project, &[]))?, known))
}

/// What a look at a clone says, with the vulnerabilities that nothing fixes.
pub fn answer(kept: KeptSignals, known: Option<(String, Option<u64>)>) -> SignalsAnswer {
    let (found, published) = (kept.signals, kept.published);
    let unfixed_advisories = known.as_ref().and_then(|(_, count)| *count);
    let judged = classify(&found, Elsewhere { unfixed_advisories, has_ended: None });
    SignalsAnswer {
        project: known.map(|(project, _)| project),
        class: judged.class,
        reasons: judged.reasons,
        unfixed_advisories,
        signals: found,
        published,
    }
}

impl Ranking {
    /// A project in use, and how many vulnerabilities of its versions in use no version fixes; `None` where no feed speaks of them.
    ///
    /// # Errors
    /// As [`Self::key_of`].
    pub fn unfixed(&self, watched: &Watched, text: &str) -> Result<(String, Option<u64>)> {
        let key = self.key_of(text)?;
        let numbers: BTreeSet<i64> = self.projects.0[&key].iter().map(|package| package.number).collect();
        let history = watched.project_history(&watched.things_of(&numbers), numbers.iter().copied());
        Ok((key, history.unfixed.map(|unfixed| unfixed.len() as u64)))
    }
}
