// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! CSAF 2.0 and 2.1 (OASIS Common Security Advisory Framework): read, judged and written.

pub(crate) mod json;
mod products;
mod read;
#[cfg(test)]
mod read_tests;
pub(crate) mod single;
#[cfg(test)]
pub(crate) mod testing;
mod write;
#[cfg(test)]
pub(crate) mod write_cases;
mod write_products;
#[cfg(test)]
mod write_tests;
mod write_vulnerability;

pub(crate) use products::has_version;
pub use read::{VERSIONS, read};
pub use write::write;
