// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The pure verbs: version order, identity, reconciliation, coverage, paths, differences.
//!
//! Architecture invariant: no I/O, no async, no clock, no randomness. The same input gives the same answer.

pub mod capability;
pub mod catalogue;
pub mod chance;
pub mod clocks;
pub mod comparison;
pub mod coverage;
pub mod cpe;
pub mod dependence;
pub mod dependency_assessment;
pub mod difference;
pub mod engagement;
#[cfg(test)]
mod exam_rows;
pub mod findings;
pub mod folding;
pub mod graph;
pub mod identity;
pub mod law_roles;
pub mod law_sources;
pub mod lifecycle;
pub mod matching;
pub mod native_range;
pub mod open_data;
pub mod ownership;
pub mod planning;
pub mod practices;
pub mod projects;
pub mod reconcile;
pub mod risk;
mod scan;
pub mod self_assessment;
pub mod severity;
pub mod suggest;
pub mod supersede;
pub mod totals;
pub mod vers;
pub mod version;
