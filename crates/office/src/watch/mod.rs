// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Watching: what sources say, which package versions it is about, and who is hit.

pub mod artefacts;
mod binding;
pub mod bundle;
pub mod bundle_apply;
pub mod changes;
mod changes_side;
mod claims;
mod contained;
pub mod decisions;
pub mod dependency_map;
mod downloads;
pub mod estate;
pub mod explain;
pub mod exposure_weeks;
pub mod exposure_window;
pub mod fetch;
pub mod findings;
pub mod folding;
pub mod freshness;
pub mod gate;
pub mod hit;
pub mod index;
mod index_files;
mod links;
mod named;
pub mod own;
pub(crate) mod own_marks;
mod products;
pub mod progress;
pub mod project_history;
mod reading;
mod remarks;
pub mod reports;
mod shelf;
pub(crate) mod sql_columns;
mod sql_findings;
pub mod sql_tables;
mod sql_unwatched;
pub mod statements;
pub mod support;
pub mod sync;
mod taken;
pub mod tallies;
mod things;
pub mod told;
pub mod triage;
pub mod upgrades;
pub mod vex_out;
pub(crate) mod vex_selected;
pub mod vulnerabilities;
