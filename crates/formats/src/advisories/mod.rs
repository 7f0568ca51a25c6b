// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the world says about vulnerabilities, exploitation and support: readers, one file a format.
//!
//! A file of a source is cut into records by [`split`]; each record is read by itself, so that a broken one harms no
//! other. What is wrong with a record that could be read is a gap in it, all else is a [`Fault`] or an
//! [`Unreadable`](crate::Unreadable), each with a stable code.

mod brackets;
mod cve_metrics;
mod cve_products;
pub mod cve_record;
#[cfg(test)]
mod cve_tests;
mod cve_versions;
pub mod end_of_life;
pub mod epss;
pub mod euvd;
pub mod fault;
#[cfg(test)]
mod hostile;
mod identifier;
pub mod kev;
mod listing;
mod loose;
pub mod osv;
mod osv_affected;
#[cfg(test)]
mod osv_corpus;
mod osv_write;
#[cfg(test)]
mod outside;
#[cfg(test)]
mod properties;
mod split;
#[cfg(test)]
mod statements;
mod status;
mod text;
mod wire;
mod wire_seeds;

use underpin_model::Timestamp;

pub use fault::{Fault, FaultCode};
pub use identifier::of_broken;
pub use listing::Listing;
pub use split::{RawRecord, split};

/// Clocks differ: a record may be this far ahead, in microseconds.
const CLOCK_SKEW_US: i64 = Timestamp::DAY_US;

/// The fault of a record that says it was changed later than a day after `now`.
pub fn future_date(id: &str, modified: Option<Timestamp>, now: Timestamp) -> Option<Fault> {
    let modified = modified.filter(|modified| modified.0.saturating_sub(CLOCK_SKEW_US) > now.0)?;
    Some(Fault::new(FaultCode::FutureDate, id.to_owned(), format!("changed at {modified}")))
}
