// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Watching: what sources say, which package versions it is about, and who is hit.

pub mod bundle;
pub mod bundle_apply;
pub mod changes;
mod changes_side;
pub mod decisions;
mod downloads;
pub mod estate;
pub mod explain;
pub mod exposure_window;
pub mod fetch;
pub mod findings;
pub mod freshness;
pub mod hit;
pub mod index;
mod named;
pub mod progress;
mod reading;
mod shelf;
pub mod statements;
pub mod support;
pub mod sync;
mod taken;
mod things;
pub mod upgrades;
pub mod vex_out;
pub mod vulnerabilities;
