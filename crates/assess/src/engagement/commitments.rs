// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Promises: how each stands follows from dates and evidence, never from what somebody thinks of it.
//!
//! A milestone is *kept* from the moment at which its public work is there, *late* from its due moment while it is not, and *promised*
//! until then. A commitment is kept when all its milestones are, late when one of them is, withdrawn when it was taken back with a reason.
//! That something was kept late stays visible: its days stand beside it.

use std::collections::BTreeMap;

use underpin_model::Timestamp;
use underpin_model::engagement::{Commitment, Milestone, PromiseState};

/// How a milestone stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MilestoneStanding {
    /// How.
    pub state: PromiseState,
    /// Whole days after the due moment at which the work came, or that have gone by without it; 0 where it was in time.
    pub late_days: i64,
}

/// How a commitment stands at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How.
    pub state: PromiseState,
    /// How its milestones stand, in their order.
    pub milestones: Vec<MilestoneStanding>,
    /// What is due to be paid: the payments of all milestones that are kept.
    pub earned_cents: i64,
    /// What all milestones pay together.
    pub promised_cents: i64,
}

/// How a milestone stands. What was not there at that moment is not looked at.
pub fn milestone_standing(milestone: &Milestone, now: Timestamp) -> MilestoneStanding {
    let there = milestone.evidence.as_ref().map(|evidence| evidence.at).filter(|at| *at <= now);
    let late_days = there.unwrap_or(now).days_since(milestone.due).max(0);
    let state = match there {
        Some(_) => PromiseState::Kept,
        None if now > milestone.due => PromiseState::Late,
        None => PromiseState::Promised,
    };
    MilestoneStanding { state, late_days }
}

/// How a commitment stands.
pub fn standing(commitment: &Commitment, now: Timestamp) -> Standing {
    let milestones: Vec<MilestoneStanding> =
        commitment.milestones.iter().map(|milestone| milestone_standing(milestone, now)).collect();
    let is = |state: PromiseState| move |standing: &MilestoneStanding| standing.state == state;
    let state = match &commitment.withdrawn {
        Some(withdrawal) if withdrawal.at <= now => PromiseState::Withdrawn,
        _ if !milestones.is_empty() && milestones.iter().all(is(PromiseState::Kept)) => PromiseState::Kept,
        _ if milestones.iter().any(is(PromiseState::Late)) => PromiseState::Late,
        _ => PromiseState::Promised,
    };
    let pairs = || commitment.milestones.iter().zip(&milestones);
    let sum = |cents: i64, (milestone, _): (&Milestone, _)| cents.saturating_add(milestone.payment_cents);
    let earned_cents = pairs().filter(|(_, standing)| standing.state == PromiseState::Kept).fold(0, sum);
    let promised_cents = pairs().fold(0, sum);
    Standing { state, milestones, earned_cents, promised_cents }
}

/// Commitments of one state, for the public ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub commitments: u32,
    /// What their milestones pay together.
    pub promised_cents: i64,
    /// Of that, for milestones that are kept.
    pub earned_cents: i64,
}

/// All commitments by how they stand. A state that none has stands there with 0, because then that is known.
pub fn ledger(commitments: &[Commitment], now: Timestamp) -> BTreeMap<PromiseState, Tally> {
    let mut tallies: BTreeMap<PromiseState, Tally> =
        PromiseState::ALL.iter().map(|state| (*state, Tally::default())).collect();
    for standing in commitments.iter().map(|commitment| standing(commitment, now)) {
        let tally = tallies.entry(standing.state).or_default();
        tally.commitments += 1;
        tally.promised_cents = tally.promised_cents.saturating_add(standing.promised_cents);
        tally.earned_cents = tally.earned_cents.saturating_add(standing.earned_cents);
    }
    tallies
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use underpin_model::engagement::{Evidence, Withdrawal};

    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp(day * Timestamp::DAY_US)
    }

    /// Milestones as (due day, day of the evidence), each of 100 cents.
    fn commitment(milestones: &[(i64, Option<i64>)], withdrawn: Option<i64>) -> Commitment {
        let milestone = |(due, there): &(i64, Option<i64>)| Milestone {
            title: "A release".to_owned(),
            due: at(*due),
            payment_cents: 100,
            evidence: there.map(|day| Evidence { address: "https://code.example/release/1".to_owned(), at: at(day) }),
        };
        Commitment {
            id: Default::default(),
            project: "github.com/a/b".to_owned(),
            activity: "paid-maintenance".to_owned(),
            from: at(0),
            until: at(365),
            milestones: milestones.iter().map(milestone).collect(),
            withdrawn: withdrawn
                .map(|day| Withdrawal { at: at(day), reason: "The project has another sponsor.".to_owned() }),
        }
    }

    #[test]
    fn dates_and_evidence_decide() {
        use PromiseState as S;
        for (milestones, withdrawn, day, expected, late_days, earned_cents) in [
            (vec![(30, None)], None, 30, S::Promised, vec![0], 0),
            (vec![(30, None)], None, 31, S::Late, vec![1], 0),
            (vec![(30, Some(25))], None, 24, S::Promised, vec![0], 0),
            (vec![(30, Some(25))], None, 25, S::Kept, vec![0], 100),
            (vec![(30, Some(40))], None, 35, S::Late, vec![5], 0),
            (vec![(30, Some(40))], None, 90, S::Kept, vec![10], 100),
            (vec![(30, Some(20)), (60, None)], None, 45, S::Promised, vec![0, 0], 100),
            (vec![(30, None), (60, Some(40))], None, 45, S::Late, vec![15, 0], 100),
            (vec![(30, None)], Some(40), 39, S::Late, vec![9], 0),
            (vec![(30, None)], Some(40), 40, S::Withdrawn, vec![10], 0),
            (vec![], None, 40, S::Promised, vec![], 0),
        ] {
            let standing = standing(&commitment(&milestones, withdrawn), at(day));
            let days: Vec<i64> = standing.milestones.iter().map(|one| one.late_days).collect();
            assert_eq!(
                (standing.state, days, standing.earned_cents),
                (expected, late_days, earned_cents),
                "{milestones:?} {day}"
            );
            assert_eq!(standing.promised_cents, 100 * milestones.len() as i64);
        }
    }

    #[test]
    fn the_public_ledger() {
        let all = [
            commitment(&[(30, Some(25)), (60, None)], None),
            commitment(&[(30, Some(25)), (60, Some(61))], None),
            commitment(&[(30, None), (60, None), (90, None)], None),
            commitment(&[(30, None)], Some(20)),
            commitment(&[(80, None)], None),
        ];
        let tally = |commitments: u32, promised_cents: i64, earned_cents: i64| Tally {
            commitments,
            promised_cents,
            earned_cents,
        };
        let expected = [
            (PromiseState::Promised, tally(1, 100, 0)),
            (PromiseState::Kept, tally(1, 200, 200)),
            (PromiseState::Late, tally(2, 500, 100)),
            (PromiseState::Withdrawn, tally(1, 100, 0)),
        ];
        assert_eq!(ledger(&all, at(62)), BTreeMap::from(expected));
    }

    proptest! {
        /// As time goes by, nothing that was kept is lost, and what is late becomes later by a day each day until it is kept.
        #[test]
        fn time_only_adds(milestones in proptest::collection::vec((0_i64..100, proptest::option::of(0_i64..200)), 1..6), day in 0_i64..200) {
            let commitment = commitment(&milestones, None);
            let (today, tomorrow) = (standing(&commitment, at(day)), standing(&commitment, at(day + 1)));
            prop_assert!(tomorrow.earned_cents >= today.earned_cents);
            for (before, after) in today.milestones.iter().zip(&tomorrow.milestones) {
                match (before.state, after.state) {
                    (PromiseState::Kept, after_state) => prop_assert_eq!((after_state, after.late_days), (PromiseState::Kept, before.late_days)),
                    (PromiseState::Late, _) => prop_assert_eq!(after.late_days, before.late_days + 1),
                    (PromiseState::Promised, _) => prop_assert!(after.late_days <= 1),
                    (PromiseState::Withdrawn, _) => prop_assert!(false),
                }
            }
        }
    }
}
