// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Formulas of others, worked out so that they can be held against our numbers. None of them decides anything here.
//!
//! Each puts dependence, activity and popularity into one number. [`criticality_score`] rewards many people and much activity, so a
//! small project that everything rests on scores low, and one of which less is known can score higher. [`census`] counts known
//! vulnerabilities, which follow attention.

pub mod census;
#[cfg(test)]
mod census_exam;
pub mod criticality_score;
