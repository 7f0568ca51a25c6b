// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! CPE names: names of products by vendor, product and version, as NIST's databases and CVE records use them.
//!
//! A CPE is a guess at what a package is. It is used only where an SBOM states one and no advisory feed knows the kind of
//! package, and it needs evidence of vendor *and* product *and* version. Nothing here looks for similar names.
//!
//! - [`name`]: well-formed names (NIST IR 7695); [`read`] and [`write`]: their two spellings.
//! - [`compare`]: how two names stand to each other (NIST IR 7696).
//! - [`applies`]: whether a product is what a CVE record means, with versions and platforms.

pub mod applies;
pub mod compare;
mod frame;
pub mod name;
pub mod read;
pub mod target;
pub mod write;

pub use applies::{Answer, Condition, Criterion, Objection, Product, judge, judge_platform};
pub use compare::{Relation, relation};
pub use frame::is_cpe;
pub use name::{Attribute, Name, Pattern, Value, Wild};
pub use read::InvalidCpe;

#[cfg(test)]
mod tests;
