// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! publiccode.yml, versions 0.2 to 0.7: how public administrations describe their software (https://yml.publiccode.tools, CC0).
//!
//! What is read is held against the standard, and what does not fit is told with its line and letter. Values are judged and
//! forgotten: contacts of a file are persons, and contractors may be.

mod country;
mod declared;
mod lists;
mod rules;
mod schema;
mod upgrade;
mod write;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod upgrade_tests;

use std::collections::BTreeSet;

use underpin_model::catalogue::DeclaredFile;
use underpin_model::practices::{Fault, Inspection};

use crate::declarations::original::keys;
use crate::declarations::{Source, parsed};

pub use declared::declared;
pub(crate) use declared::maintenance;
pub use upgrade::{Upgrade, upgrade};
pub use write::write;

/// The keys of a kept file that say something.
pub(crate) fn keys_of(file: &DeclaredFile) -> BTreeSet<String> {
    keys(file, schema::DOCUMENT)
}

/// Holds a file against the standard.
pub fn inspect(source: &Source<'_>) -> Inspection {
    let mut found = Inspection::default();
    match parsed(source.bytes) {
        Ok((_, node)) => rules::document(source, &node, &mut found),
        Err((code, at)) => found.faults.push(Fault::of_file(source.path, code).at(at.line, at.column)),
    }
    found.sort();
    found
}
