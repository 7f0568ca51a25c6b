// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `project`, whole: how the government depends on a project, and how the project stands.

use serde::Serialize;
use underpin_model::Timestamp;

use super::commitments::may_rank;
use super::evidence::ProjectEvidence;
use super::kept_signals::{SignalChange, changes};
use super::priorities::Ranking;
use super::project::ProjectAnswer;
use crate::error::Result;
use crate::house::{Desk, House};
use crate::watch::estate::Watched;

/// The answer of `project`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ProjectView {
    /// How the government depends on it.
    #[serde(flatten)]
    pub answer: ProjectAnswer,
    /// How it stands; absent for who may not rank for the whole government.
    pub standing: Option<ProjectStanding>,
}

/// How a project stands, and how that came about.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ProjectStanding {
    /// What is known.
    #[serde(flatten)]
    pub evidence: ProjectEvidence,
    /// When its clone was looked at, the newest look last.
    pub looks: Vec<Timestamp>,
    /// What changed between the last two looks.
    pub changes: Vec<SignalChange>,
}

impl House {
    /// One project.
    ///
    /// # Errors
    /// As [`Ranking::key_of`]; when the ledger cannot be read, or a segment or evidence is damaged.
    pub async fn project(&self, desk: &Desk, ranking: &Ranking, watched: &Watched, text: &str) -> Result<ProjectView> {
        let key = ranking.key_of(text)?;
        let answer = ranking.project(desk, &key)?;
        if may_rank(desk).is_err() {
            return Ok(ProjectView { answer, standing: None });
        }
        let evidence = self.project_evidence(desk, watched).await?;
        let looks = self.looks_at(desk, &key).await?;
        let changes = match looks.as_slice() {
            [.., before, after] => changes(&before.signals, &after.signals),
            _ => Vec::new(),
        };
        let standing = evidence.of(ranking, &[&key]).pop().map(|evidence| ProjectStanding {
            evidence,
            looks: looks.iter().map(|kept| kept.signals.as_of).collect(),
            changes,
        });
        Ok(ProjectView { answer, standing })
    }
}
