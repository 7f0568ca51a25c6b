// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the office promised to a project or received a promise of, in milestones that point to public work.
//!
//! How a promise stands is never stored: it follows from dates and evidence (`assess::engagement::commitments`). Merging stays the
//! project's choice, so a milestone is work done in public, not work merged.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::numbers::numbers;
use crate::registry::AgencyId;
use crate::words::words;

numbers! {
    /// Number of a commitment, shown as `K12`.
    CommitmentId "K" "a commitment";
}

words!(
    /// How a promise stands.
    PromiseState { #[default] Promised "promised", Kept "kept", Late "late", Withdrawn "withdrawn", }
);

/// What shows that a milestone is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "MilestoneEvidence")]
pub struct Evidence {
    /// Address of the public work: a release, a report, a change that was offered.
    pub address: String,
    /// When that work became public.
    pub at: Timestamp,
}

/// A part of a commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Milestone {
    /// What will be there.
    pub title: String,
    /// By when.
    pub due: Timestamp,
    /// What is paid when it is reached.
    pub payment_cents: i64,
    /// What shows it, once it is there.
    pub evidence: Option<Evidence>,
}

/// That a commitment was taken back, and why: a reason is always needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Withdrawal {
    /// When.
    pub at: Timestamp,
    /// Why, in public words.
    pub reason: String,
}

/// A commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Commitment {
    /// Number.
    pub id: CommitmentId,
    /// Canonical address of the project's repository.
    pub project: String,
    /// What is done, as a word that other funding can be held against: `audit`, `paid-maintenance`.
    pub activity: String,
    /// When it begins.
    pub from: Timestamp,
    /// When it ends.
    pub until: Timestamp,
    /// Its parts.
    pub milestones: Vec<Milestone>,
    /// That it was taken back.
    pub withdrawn: Option<Withdrawal>,
}

/// What one agency brings to a commitment that several pay together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "CommitmentShare")]
pub struct Share {
    /// Which.
    pub agency: AgencyId,
    /// How much, in cents.
    pub amount_cents: i64,
}

/// A payment that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "CommitmentPayment")]
pub struct Payment {
    /// For which milestone: its place, from 0.
    pub milestone: usize,
    /// How much, in cents.
    pub amount_cents: i64,
    /// When.
    pub at: Timestamp,
}

/// A commitment as the record has it: proposed by one person, in force when another one has approved it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CommitmentRecord {
    /// What is promised.
    #[serde(flatten)]
    pub commitment: Commitment,
    /// Why the office wants it, and by which legal route.
    pub reason: String,
    /// Who pays; empty while that is not said. Several agencies are a pooled offer.
    pub shares: Vec<Share>,
    /// Login of whoever proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed: Timestamp,
    /// Login of the second person, and when; `None` while it waits.
    pub approved: Option<(String, Timestamp)>,
    /// What was paid.
    pub payments: Vec<Payment>,
    /// The revision of the ledger that changed it last.
    pub revision: i64,
}

/// What is wrong with a commitment before it may be promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCommitment {
    /// It ends before it begins.
    #[error("it ends before it begins")]
    EndsBeforeItBegins,
    /// It has no milestone: nobody could see whether it was kept.
    #[error("it has no milestone: nobody could see whether it was kept")]
    NoMilestone,
    /// A milestone lies outside of its time.
    #[error("a milestone is due before it begins or after it ends")]
    MilestoneOutside,
    /// A payment is negative.
    #[error("a payment is negative")]
    NegativePayment,
    /// Evidence that is no public address.
    #[error("evidence is the address of public work, beginning with https://")]
    NoPublicWork,
    /// Withdrawn without a reason.
    #[error("who withdraws says why")]
    NoReason,
}

impl Commitment {
    /// Checks what a commitment must be before it is promised.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), InvalidCommitment> {
        let milestones = &self.milestones;
        let is_outside = |one: &Milestone| one.due < self.from || one.due > self.until;
        let is_public =
            |evidence: &Evidence| evidence.address.strip_prefix("https://").is_some_and(|rest| rest.contains('.'));
        for (is_wrong, fault) in [
            (self.until < self.from, InvalidCommitment::EndsBeforeItBegins),
            (milestones.is_empty(), InvalidCommitment::NoMilestone),
            (milestones.iter().any(is_outside), InvalidCommitment::MilestoneOutside),
            (milestones.iter().any(|one| one.payment_cents < 0), InvalidCommitment::NegativePayment),
            (
                milestones.iter().filter_map(|one| one.evidence.as_ref()).any(|one| !is_public(one)),
                InvalidCommitment::NoPublicWork,
            ),
            (self.withdrawn.as_ref().is_some_and(|one| one.reason.trim().is_empty()), InvalidCommitment::NoReason),
        ] {
            if is_wrong {
                return Err(fault);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_are_read_back() {
        assert_eq!("k12".parse(), Ok(CommitmentId(12)));
        for state in PromiseState::ALL {
            assert_eq!(state.as_str().parse(), Ok(*state));
        }
    }

    fn at(day: i64) -> Timestamp {
        Timestamp(day * Timestamp::DAY_US)
    }

    fn good() -> Commitment {
        let evidence = Evidence { address: "https://code.example/release/1".to_owned(), at: at(25) };
        let milestone =
            Milestone { title: "A release".to_owned(), due: at(30), payment_cents: 100, evidence: Some(evidence) };
        Commitment {
            id: CommitmentId(1),
            project: "github.com/a/b".to_owned(),
            activity: "paid-maintenance".to_owned(),
            from: at(0),
            until: at(365),
            milestones: vec![milestone],
            withdrawn: None,
        }
    }

    #[test]
    fn what_nobody_could_check_is_not_promised() {
        type Change = fn(&mut Commitment);
        let cases: [(Change, Option<InvalidCommitment>); 7] = [
            (|_| (), None),
            (|one| one.until = at(-1), Some(InvalidCommitment::EndsBeforeItBegins)),
            (|one| one.milestones.clear(), Some(InvalidCommitment::NoMilestone)),
            (|one| one.milestones[0].due = at(366), Some(InvalidCommitment::MilestoneOutside)),
            (|one| one.milestones[0].payment_cents = -1, Some(InvalidCommitment::NegativePayment)),
            (
                |one| one.milestones[0].evidence = Some(Evidence { address: "a letter".to_owned(), at: at(3) }),
                Some(InvalidCommitment::NoPublicWork),
            ),
            (
                |one| one.withdrawn = Some(Withdrawal { at: at(3), reason: " ".to_owned() }),
                Some(InvalidCommitment::NoReason),
            ),
        ];
        for (change, expected) in cases {
            let mut commitment = good();
            change(&mut commitment);
            assert_eq!(commitment.check().err(), expected);
        }
    }
}
