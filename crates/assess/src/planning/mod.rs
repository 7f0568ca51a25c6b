// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the next euro buys: instruments, what they would avoid, and the best plan for a budget.
//!
//! The objective is the first-moment loss ([`loss`]): expected incident-system-days a year. It is additive over components and
//! submodular within one. The chance that a system has at least one incident is neither: there the gain of repairs is
//! *super*modular, and no guarantee below would hold for it.
//!
//! From facts to a plan: [`catalogue`] (instruments as data) → [`refusal`] (what may not be done, and what first) →
//! [`bundles`] (what can be done together for one component) → [`exact`] (dynamic programming, one budget), [`greedy`]
//! (instruments that reach several components), [`multi`] (several resources) or [`side_constraints`] (lines, years, floors) →
//! [`stability`] (how sure each item is) → [`plan`] (the outcome that is shown); [`make_plan`] does all that for a [`request`]. [`policies`] and [`regret`] compare with how
//! others share money out, also when the parameters are wrong; [`planted`] makes instances whose optimum is known.
//!
//! A certificate says how near a plan is to the best one *under the model*. It certifies the arithmetic, not the assumptions.

pub mod bundles;
pub mod candidates;
pub mod catalogue;
mod catalogue_table;
pub mod exact;
pub mod greedy;
pub mod loss;
pub mod make_plan;
#[cfg(test)]
mod make_plan_tests;
pub mod multi;
mod multi_bound;
pub mod multi_exam;
mod multi_local;
mod multi_search;
pub mod numbers;
pub mod plan;
pub mod planted;
pub mod policies;
pub mod priors;
pub mod refusal;
pub mod regret;
pub mod request;
pub mod side_constraints;
pub mod stability;
