// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the office promised to a project or received a promise of, in milestones that point to public work.
//!
//! How a promise stands is never stored: it follows from dates and evidence (`assess::engagement::commitments`). Merging stays the
//! project's choice, so a milestone is work done in public, not work merged.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::numbers::numbers;
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
}
