// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! CSAF 2.0 and 2.1 (OASIS Common Security Advisory Framework): read, judged and written.

mod advisory;
mod document_tests;
mod issue;
#[cfg(test)]
mod issue_tests;
pub(crate) mod json;
mod judge;
#[cfg(test)]
mod judge_exam;
mod language;
mod metrics;
mod product_tests;
mod products;
mod profile_tests;
mod read;
#[cfg(test)]
mod read_tests;
mod revision;
#[cfg(test)]
mod round_trip;
mod score_tests;
mod shape;
mod shape_table;
#[cfg(test)]
pub(crate) mod testing;
mod tracking_tests;
mod view;
mod vulnerability_tests;
mod weakness;
mod write;
mod write_products;

pub use advisory::advisory;
pub use document_tests::file_name;
pub use issue::{Issue, Published, Publisher, issue, released, text, withdrawal};
pub use judge::{Finding, Judged, Judgement, Outcome, TESTS, Test, Weight, judge};
pub(crate) use products::has_version;
pub use read::{VERSIONS, read};
pub use write::{Edition, Written, write};
