// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `signals`: how is a project looked after, as far as a plain git clone and the advisories that are known here tell?
//!
//! Evidence, no score: each signal is known or unknown with a reason, and says what it rests on. People are counted, never named.

use std::path::Path;

use serde::Serialize;
use underpin_model::Timestamp;
use underpin_model::signals::ProjectSignals;
use underpin_repositories::{Class, Elsewhere, GitClone, Reason, classify, signals};

use super::priorities::Ranking;
use crate::error::{OfficeError, Result};
use crate::house::Desk;
use crate::watch::estate::Watched;
use crate::watch::findings::FindingsQuery;

/// The answer of `signals`.
#[derive(Clone, Debug, Serialize)]
pub struct SignalsAnswer {
    /// The project in use whose advisories were looked at; absent where none was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// How it stands; unknown unless two independent kinds of signals say so.
    pub class: Class,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Vulnerabilities of versions in use for which no fix is known; unknown where nobody looked.
    pub unfixed_advisories: Option<u64>,
    /// What the clone says.
    #[serde(flatten)]
    pub signals: ProjectSignals,
}

/// Reads a clone. `salt` keeps people apart inside the computation, and no more.
///
/// # Errors
/// `no-clone` where nothing is there that can be read as one.
pub fn look(path: &Path, as_of: Timestamp, salt: &[u8; 32], known: Option<(String, u64)>) -> Result<SignalsAnswer> {
    let clone = GitClone::open(path).map_err(|error| {
        OfficeError::new("no-clone", error.to_string())
            .hint("name the folder of a clone (bare or not) that stands for itself: no worktree, no submodule, nothing borrowed")
    })?;
    let found = signals(&clone, as_of, salt);
    let unfixed_advisories = known.as_ref().map(|(_, count)| *count);
    let judged = classify(&found, Elsewhere { unfixed_advisories, has_ended: None });
    Ok(SignalsAnswer {
        project: known.map(|(project, _)| project),
        class: judged.class,
        reasons: judged.reasons,
        unfixed_advisories,
        signals: found,
    })
}

impl Ranking {
    /// A project in use, and how many vulnerabilities of its versions in use have no known fix.
    ///
    /// # Errors
    /// As [`Self::key_of`]; when something is damaged.
    pub fn unfixed(&self, desk: &Desk, watched: &Watched, text: &str) -> Result<(String, u64)> {
        let key = self.key_of(text)?;
        let mut names = std::collections::BTreeSet::new();
        for package in &self.projects.0[&key] {
            let query =
                FindingsQuery { purl: Some(package.purl.clone()), fixable: Some(false), ..FindingsQuery::default() };
            names.extend(watched.findings(desk, &query)?.rows.iter().map(|row| row.vulnerability.to_owned()));
        }
        Ok((key, names.len() as u64))
    }
}
