// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `commitments`: what was promised to projects, and how each promise stands. Nobody says that a promise is kept: it follows from
//! public work and dates.
//!
//! A promise that several agencies pay is a pooled offer: each pays in proportion to how much it depends on the project. Whoever
//! proposes is told when somebody else pays for the same.

use serde::Serialize;
use underpin_assess::engagement::commitments::{Standing, Tally, ledger, standing};
use underpin_assess::engagement::double_funding::{DoubleFunding, Funding, FundingSource, Strength, double_funding};
pub use underpin_ledger::{CommitmentChange, NewCommitment};
use underpin_model::Money;
use underpin_model::engagement::{Commitment, CommitmentId, CommitmentRecord, PromiseState, Share};
use underpin_model::project_money::{Payer, Platform};

use super::facts::funding_records;
use super::priorities::Ranking;
use super::published_money::published_records;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, Overview};

/// The answer of `commitments`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct CommitmentsAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// How many stand how, and the money in them. What nobody has approved is no promise.
    pub states: Vec<StateTally>,
    /// All of them, by number.
    pub rows: Vec<CommitmentRow>,
}

/// Promises of one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "CommitmentTally")]
pub struct StateTally {
    /// The state.
    pub state: PromiseState,
    /// How many.
    pub commitments: u32,
    /// What their milestones pay together.
    pub promised_cents: i64,
    /// Of that, for milestones that are kept.
    pub earned_cents: i64,
}

/// A promise, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct CommitmentRow {
    /// Its number, as `K12`.
    pub number: String,
    /// The record.
    #[serde(flatten)]
    pub record: CommitmentRecord,
    /// How it stands: `proposed` while nobody has approved it.
    pub state: &'static str,
    /// How its milestones stand, in their order.
    pub milestone_states: Vec<&'static str>,
    /// Days by which the latest of them is late.
    pub late_days: i64,
    /// What its milestones pay together.
    pub promised_cents: i64,
    /// Of that, for milestones that are kept.
    pub earned_cents: i64,
    /// What was paid.
    pub paid_cents: i64,
    /// Others who pay for the same.
    pub double_funding: Vec<DoubleFundingRow>,
}

/// Somebody else who pays for the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "DoubleFunding")]
pub struct DoubleFundingRow {
    /// Who; none where it is the office itself. The word `withheld` or `unknown` where a file of the project does not say it.
    pub funder: Option<String>,
    /// Who, by kind: office, organisation, platform, withheld, unknown.
    pub payer_kind: &'static str,
    /// For what, where it is said.
    pub activity: Option<String>,
    /// `same` when project, activity and days coincide; `maybe` when nothing that is known speaks against it.
    pub strength: &'static str,
    /// Days on which both pay.
    pub common_days: Option<i64>,
    /// What the other one pays, where it is said.
    pub amount_cents: Option<i64>,
}

/// State of a promise that nobody has approved.
const PROPOSED: &str = "proposed";

impl House {
    /// All promises, and how they stand.
    ///
    /// # Errors
    /// `not-allowed`; when the ledger cannot be read.
    pub async fn commitments(&self, desk: &Desk) -> Result<CommitmentsAnswer> {
        may_rank(desk)?;
        let overview = desk.overview();
        let records = self.ledger.reader(desk.viewer.clone(), desk.now).commitments(overview.as_of).await?;
        let others = self.known_projects(desk).await?.fundings;
        let published = self.published_money(desk).await?;
        let money = [funding_records(&records, &others), published_records(&published)].concat();
        let own: Vec<usize> = (0..records.len()).filter(|at| records[*at].commitment.withdrawn.is_none()).collect();
        let doubles = double_funding(&money);
        let promised: Vec<Commitment> =
            records.iter().filter(|one| one.approved.is_some()).map(|one| one.commitment.clone()).collect();
        let states = ledger(&promised, overview.as_of).into_iter().map(tallied).collect();
        let row = |(at, record): (usize, CommitmentRecord)| {
            let place = own.iter().position(|own| *own == at);
            let found = standing(&record.commitment, overview.as_of);
            row(record, &found, place.map_or_else(Vec::new, |place| of(place, &doubles, &money)))
        };
        Ok(CommitmentsAnswer { rows: records.into_iter().enumerate().map(row).collect(), states, overview })
    }

    /// One promise.
    ///
    /// # Errors
    /// `not-found` for one that is not there; as [`Self::commitments`].
    pub async fn commitment(&self, desk: &Desk, id: CommitmentId) -> Result<CommitmentRow> {
        let found = self.commitments(desk).await?.rows.into_iter().find(|row| row.record.commitment.id == id);
        found.ok_or_else(|| {
            OfficeError::new("not-found", format!("there is no commitment {id}"))
                .hint("`underpin commitment list` lists them")
        })
    }

    /// Proposes a promise; its number. It holds when a second person approves it.
    ///
    /// # Errors
    /// What the ledger says.
    pub async fn propose_commitment(&self, author: &Author, new: NewCommitment) -> Result<CommitmentId> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        Ok(writer.propose_commitment(author.at, new).await?)
    }

    /// Changes a promise.
    ///
    /// # Errors
    /// `same-approver` when whoever proposed it approves it; what the ledger says.
    pub async fn change_commitment(&self, author: &Author, id: CommitmentId, what: CommitmentChange) -> Result<()> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.change_commitment(author.at, id, what).await?;
        Ok(())
    }
}

impl Ranking {
    /// What each agency pays of an amount, in proportion to how much it depends on a project: to the cent, by largest remainders. An
    /// agency whose part is less than a cent pays nothing.
    ///
    /// # Errors
    /// As [`Self::project`]; `nobody-pays` where no agency is known to depend on it.
    pub fn pool(&self, desk: &Desk, project: &str, amount: Money) -> Result<Vec<Share>> {
        let agencies = self.project(desk, project)?.agencies;
        let weights: Vec<u64> = agencies.iter().map(|one| (one.points * 1_000.0).round() as u64).collect();
        let whole: u64 = weights.iter().sum();
        if whole == 0 || amount.cents() <= 0 {
            return Err(OfficeError::new("nobody-pays", format!("no agency is known to depend on {project}"))
                .hint("name who pays, or let the office pay alone"));
        }
        let share = |(agency, amount_cents): (&super::project::ProjectAgency, i64)| Share {
            agency: agency.agency.as_str().into(),
            amount_cents,
        };
        let parts = in_proportion(amount.cents(), &weights);
        Ok(agencies.iter().zip(parts).filter(|(_, cents)| *cents > 0).map(share).collect())
    }
}

/// An amount in proportion to weights that are not all 0: whole cents whose sum is the amount, none further than one cent from its
/// exact part.
fn in_proportion(cents: i64, weights: &[u64]) -> Vec<i64> {
    let whole: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    let exact = |weight: &u64| u128::from(cents.unsigned_abs()) * u128::from(*weight);
    let mut parts: Vec<i64> = weights.iter().map(|weight| i64::try_from(exact(weight) / whole).unwrap_or(0)).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(exact(&weights[*at]) % whole), *at));
    let rest = usize::try_from(cents - parts.iter().sum::<i64>()).unwrap_or(0);
    order.into_iter().take(rest).for_each(|at| parts[at] += 1);
    parts
}

pub(super) fn may_rank(desk: &Desk) -> Result<()> {
    if desk.viewer.may_everywhere(underpin_model::people::Act::Rank) {
        return Ok(());
    }
    Err(OfficeError::new("not-allowed", "what is promised to projects is for those who plan for the whole government"))
}

pub(super) fn tallied((state, tally): (PromiseState, Tally)) -> StateTally {
    StateTally {
        state,
        commitments: tally.commitments,
        promised_cents: tally.promised_cents,
        earned_cents: tally.earned_cents,
    }
}

fn row(record: CommitmentRecord, found: &Standing, double_funding: Vec<DoubleFundingRow>) -> CommitmentRow {
    let is_waiting = record.approved.is_none() && record.commitment.withdrawn.is_none();
    CommitmentRow {
        state: if is_waiting { PROPOSED } else { found.state.as_str() },
        number: record.commitment.id.to_string(),
        milestone_states: found.milestones.iter().map(|one| one.state.as_str()).collect(),
        late_days: found.milestones.iter().map(|one| one.late_days).max().unwrap_or(0),
        promised_cents: found.promised_cents,
        earned_cents: found.earned_cents,
        paid_cents: record.payments.iter().map(|one| one.amount_cents).sum(),
        double_funding,
        record,
    }
}

/// Who pays, by kind.
fn payer_kind(found: &Funding) -> &'static str {
    let is = |known: &&Payer| found.funder.as_deref() == Some(known.as_str());
    match &found.funder {
        None => "office",
        Some(name) if Platform::ALL.iter().any(|platform| platform.as_str() == name) => Payer::Platform.as_str(),
        Some(_) => {
            [Payer::Withheld, Payer::Unknown].iter().find(is).map_or(Payer::Organisation.as_str(), |kind| kind.as_str())
        }
    }
}

/// Who else pays for the own record at a place.
fn of(place: usize, doubles: &[DoubleFunding], money: &[Funding]) -> Vec<DoubleFundingRow> {
    let other = |double: &DoubleFunding| match place {
        place if place == double.own => Some(double.other),
        place if place == double.other && money[double.own].source == FundingSource::Own => Some(double.own),
        _ => None,
    };
    let told = |double: &DoubleFunding| {
        let found = &money[other(double)?];
        Some(DoubleFundingRow {
            funder: found.funder.clone(),
            payer_kind: payer_kind(found),
            activity: found.activity.clone(),
            strength: if double.strength == Strength::Same { "same" } else { "maybe" },
            common_days: double.common_days,
            amount_cents: found.amount_cents,
        })
    };
    doubles.iter().filter_map(told).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_are_whole_and_near_their_exact_value(cents in 1_i64..1_000_000_000, weights in proptest::collection::vec(0_u64..1_000_000, 1..40)) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let parts = in_proportion(cents, &weights);
            prop_assert_eq!(parts.iter().sum::<i64>(), cents);
            let whole: u64 = weights.iter().sum();
            for (part, weight) in parts.iter().zip(&weights) {
                let exact = cents as f64 * *weight as f64 / whole as f64;
                prop_assert!((*part as f64 - exact).abs() <= 1.0 + 1e-6, "{part} {exact}");
                prop_assert!(*weight > 0 || *part == 0);
            }
        }
    }
}
