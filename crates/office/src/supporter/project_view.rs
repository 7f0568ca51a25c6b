// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `project`, whole: how the government depends on a project, and how the project stands.

use serde::Serialize;
use underpin_model::Timestamp;
use underpin_model::engagement::ProjectReply;

use super::commitments::may_rank;
use super::comparison::{Comparison, compare};
use super::evidence::{Evidence, ProjectEvidence};
use super::funding::FundingShort;
use super::kept_signals::{KeptSignals, SignalChange, changes};
use super::priorities::Ranking;
use super::project::ProjectAnswer;
use super::risks::{RiskRow, RisksAnswer, rows};
use super::substitutes::Substitutes;
use crate::error::Result;
use crate::house::{Desk, House};
use crate::watch::estate::Watched;

/// The answer of `project`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ProjectView {
    /// How the government depends on it.
    #[serde(flatten)]
    pub answer: ProjectAnswer,
    /// What the project itself said about what is stored of it, the oldest first.
    pub replies: Vec<ProjectReply>,
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
    /// Expected harm, with its parts.
    pub risk: RiskRow,
    /// Whether that was held against other projects; else it has no place.
    pub is_compared: bool,
    /// What could be used instead.
    pub substitutes: Substitutes,
    /// Formulas of others. Nothing is decided by them.
    pub comparison: Comparison,
    /// What is known of money for it.
    pub money: FundingShort,
}

impl House {
    /// One project. `risks` are those of the same desk, where they were worked out before.
    ///
    /// # Errors
    /// As [`Ranking::key_of`]; when the ledger cannot be read, or a segment or evidence is damaged.
    pub async fn project(
        &self,
        desk: &Desk,
        ranking: &Ranking,
        (watched, risks): (&Watched, Option<&RisksAnswer>),
        text: &str,
    ) -> Result<ProjectView> {
        let key = ranking.key_of(text)?;
        let answer = ranking.project(desk, &key)?;
        let replies = self.replies(&key, desk.overview().as_of).await?;
        if may_rank(desk).is_err() {
            return Ok(ProjectView { answer, replies, standing: None });
        }
        let evidence = self.project_evidence(desk, watched).await?;
        let looks = self.looks_at(desk, &key).await?;
        let own;
        let risks = match risks {
            Some(risks) => risks,
            None => {
                own = ranking.risks(desk, &evidence);
                &own
            }
        };
        let money = self.funding(desk, Some(&key)).await?.short();
        let standing = standing(desk, ranking, (&evidence, risks), &looks, &answer);
        let standing = standing.map(|standing| ProjectStanding { money, ..standing });
        Ok(ProjectView { standing, replies, answer })
    }
}

fn standing(
    desk: &Desk,
    ranking: &Ranking,
    (evidence, risks): (&Evidence<'_>, &RisksAnswer),
    looks: &[KeptSignals],
    answer: &ProjectAnswer,
) -> Option<ProjectStanding> {
    let key = answer.priority.project.as_str();
    let stand = evidence.of(ranking, &[key]).pop()?;
    let changes = match looks {
        [.., before, after] => changes(&before.signals, &after.signals),
        _ => Vec::new(),
    };
    let compared = risks.rows.iter().find(|row| row.project == key);
    let alone = || {
        Some(RiskRow {
            place: 0,
            first_percent: 0.0,
            ..rows(ranking, evidence, std::slice::from_ref(&answer.priority)).pop()?
        })
    };
    Some(ProjectStanding {
        comparison: compare(key, &stand),
        evidence: stand,
        looks: looks.iter().map(|kept| kept.signals.as_of).collect(),
        changes,
        is_compared: compared.is_some(),
        risk: compared.cloned().or_else(alone)?,
        substitutes: ranking.substitutes(desk, answer, evidence.facts_of(key)),
        money: FundingShort::default(),
    })
}
