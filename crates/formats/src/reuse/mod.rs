// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! REUSE 3.3: every file says who holds its copyright and under which licence it is, and the texts of all licences are there
//! (https://reuse.software/spec-3.3).
//!
//! Readers judge whether somebody is named, and forget who.

mod covered;
mod declared;
mod expression;
mod glob;
mod lint;
mod tags;

#[cfg(test)]
mod tests;

pub use lint::{Listed, Report, Tree, lint};
