// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One voice: what may be said to a project and when, what was promised to it and given, and what came of it.
//!
//! Architecture invariant: nothing here sends. The gate yields drafts, which a person approves word by word and another program hands out.

pub mod approval;
pub mod budget;
pub mod burden;
pub mod channel;
pub mod commitments;
pub mod comparison;
pub mod continuity;
pub mod disclosure;
pub mod dossier_topics;
pub mod double_funding;
pub mod gate;
pub mod naming;
pub mod near_duplicate;
pub mod outcome;
pub mod patch_id;
pub mod questionnaire;
pub mod quiet;
pub mod rules;
pub mod upstream;
pub mod waiting;

#[cfg(test)]
mod disclosure_tests;
#[cfg(test)]
mod gate_tests;
#[cfg(test)]
mod merge_day;
#[cfg(test)]
mod outcome_tests;
