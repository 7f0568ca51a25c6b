// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The page for whoever decides on a plan: facts taken from the plan, from promises and from the inventory. It holds no certificate:
//! that is one of the arithmetic, and would look like one of the beliefs.

use std::collections::BTreeSet;

use underpin_assess::planning::refusal::Refusal;
use underpin_model::brief::{BriefDouble, BriefItem, BriefPool, BriefRefusal, PlanBrief};
use underpin_model::interventions::{InterventionCode, RefusalReason};

use super::commitments::{CommitmentRow, CommitmentsAnswer};
use super::plan::PlanAnswer;
use super::priorities::Ranking;
use crate::error::Result;
use crate::house::{Desk, House};

impl House {
    /// What the page says about a plan. `options` are those of the command that made the plan, as `--budget 5000000`.
    ///
    /// # Errors
    /// When the ledger cannot be read, or a segment is missing or damaged.
    pub async fn plan_brief(
        &self,
        desk: &Desk,
        ranking: &Ranking,
        found: &PlanAnswer,
        options: &str,
    ) -> Result<PlanBrief> {
        let promises = self.commitments(desk).await?;
        let coverage = desk.coverage(self.limits().stale_days)?.coverage;
        let (mut systems, mut agencies) = (BTreeSet::new(), BTreeSet::new());
        let mut items = Vec::new();
        for item in &found.plan.items {
            let rows = match ranking.project(desk, &item.project) {
                Ok(project) => project.rows,
                Err(error) if error.code == "not-found" => Vec::new(),
                Err(error) => return Err(error),
            };
            items.push(BriefItem {
                project: item.project.clone(),
                interventions: item.interventions.clone(),
                cost_cents: item.cost.cents(),
                systems: rows.len() as u64,
            });
            agencies.extend(rows.iter().map(|row| row.agency.clone()));
            systems.extend(rows.into_iter().map(|row| row.system));
        }
        items.sort_by_key(|item| (std::cmp::Reverse(item.cost_cents), item.project.clone()));
        let plan = &found.plan;
        let is_known = |project: &str| found.looked_at.iter().any(|one| one.project == project && one.source.is_some());
        let refused = plan.refused.iter().filter(|one| is_known(&one.project));
        let is_unasked = |refusal: &Refusal| refusal.reason == RefusalReason::ConsentUnknown;
        let unasked: BTreeSet<&str> =
            plan.refused.iter().filter(|one| is_unasked(&one.refusal)).map(|one| one.project.as_str()).collect();
        let share = (plan.loss > 0.0).then(|| (plan.avoided / plan.loss * 100.0).clamp(0.0, 100.0).round() as u64);
        Ok(PlanBrief {
            as_of: found.overview.as_of,
            budget_cents: plan.budget.cents(),
            cost_cents: plan.cost.cents(),
            items,
            systems: systems.len() as u64,
            agencies: agencies.len() as u64,
            avoided_percent: share,
            pooled: pooled(&promises),
            doubled: promises.rows.iter().flat_map(doubled).collect(),
            refused: told(refused.map(|one| (one.project.as_str(), &one.refusal))),
            unasked: unasked.len() as u64,
            unknown_systems: coverage.unknown,
            command: format!("plan {options}"),
        })
    }
}

/// The instrument of a promise; `None` where a later version wrote one that is not known here.
fn activity(row: &CommitmentRow) -> Option<InterventionCode> {
    row.record.commitment.activity.parse().ok()
}

fn is_alive(row: &&CommitmentRow) -> bool {
    row.record.commitment.withdrawn.is_none()
}

fn pooled(promises: &CommitmentsAnswer) -> Vec<BriefPool> {
    let several = promises.rows.iter().filter(is_alive).filter(|row| row.record.shares.len() > 1);
    let pool = |row: &CommitmentRow| {
        Some(BriefPool {
            number: row.record.commitment.id.to_string(),
            project: row.record.commitment.project.clone(),
            activity: activity(row)?,
            agencies: row.record.shares.len() as u64,
            amount_cents: row.promised_cents,
        })
    };
    several.filter_map(pool).collect()
}

fn doubled(row: &CommitmentRow) -> Vec<BriefDouble> {
    let double = |funder: &String| {
        Some(BriefDouble {
            number: row.record.commitment.id.to_string(),
            project: row.record.commitment.project.clone(),
            activity: activity(row)?,
            funder: funder.clone(),
        })
    };
    row.double_funding.iter().filter_map(|one| double(one.funder.as_ref()?)).collect()
}

/// One line for each project and reason: what a person can do something about first, before what merely follows.
fn told<'r>(refused: impl Iterator<Item = (&'r str, &'r Refusal)>) -> Vec<BriefRefusal> {
    let mut seen = BTreeSet::new();
    let mut lines: Vec<BriefRefusal> = refused
        .filter(|(project, refusal)| seen.insert(((*project).to_owned(), refusal.reason)))
        .map(|(project, refusal)| BriefRefusal {
            project: project.to_owned(),
            intervention: refusal.intervention,
            reason: refusal.reason,
            first: refusal.first,
        })
        .collect();
    let weight = |reason: RefusalReason| match reason {
        RefusalReason::NoTriageCapacity | RefusalReason::NotAudited | RefusalReason::FundedElsewhere => 0,
        RefusalReason::ConsentRefused | RefusalReason::AboveCapacity | RefusalReason::CannotReceiveMoney => 1,
        RefusalReason::FundingCliff | RefusalReason::TakesNoContributions => 2,
        _ => 3,
    };
    lines.sort_by_key(|line| (weight(line.reason), line.project.clone(), line.intervention));
    lines
}
