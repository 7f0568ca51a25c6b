// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! code.json 2.0: how agencies of the United States list their software (SHARE IT Act; schema of the Digital Service at CMS, CC0).

mod declared;
mod schema;
mod write;

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::de::IgnoredAny;
use underpin_model::catalogue::DeclaredFile;
use underpin_model::limits::bounds::DECLARATION_BYTES;
use underpin_model::practices::{Fault, FaultCode, Inspection};

use crate::declarations::original::keys;
use crate::declarations::walk::Walk;
use crate::declarations::{Seen, Source, parsed};

pub use declared::declared;
pub use write::{inventory, write};

/// The keys of a kept file that say something.
pub(crate) fn keys_of(file: &DeclaredFile) -> BTreeSet<String> {
    keys(file, schema::DOCUMENT)
}

/// Holds the file of one repository against version 2.0.0 of the schema.
pub fn inspect(path: &str, bytes: &[u8]) -> Inspection {
    let mut found = Inspection::default();
    let mut broken = |code, line, column| found.faults.push(Fault::of_file(path, code).at(line, column));
    if bytes.len() as u64 > DECLARATION_BYTES {
        broken(FaultCode::BeyondLimits, 1, 1);
        return found;
    }
    if let Err(error) = serde_json::from_slice::<IgnoredAny>(bytes) {
        let count = |number: usize| u32::try_from(number.max(1)).unwrap_or(u32::MAX);
        broken(FaultCode::MalformedJson, count(error.line()), count(error.column()));
        return found;
    }
    let bytes = without_tabs(bytes);
    match parsed(&bytes) {
        Ok((_, node)) => {
            let source = Source { path, bytes: &bytes, look: &|_| Seen::Blind, is_json: true };
            Walk { source: &source, found: &mut found, is_typed: true }.open_map(&node, schema::DOCUMENT, "");
        }
        Err((code, at)) => broken(code, at.line, at.column),
    }
    found.sort();
    found
}

/// JSON is YAML, and so every value knows its place. Tabs, which are never inside its texts, would be none.
fn without_tabs(bytes: &[u8]) -> Cow<'_, [u8]> {
    if bytes.contains(&b'\t') {
        bytes.iter().map(|byte| if *byte == b'\t' { b' ' } else { *byte }).collect()
    } else {
        Cow::Borrowed(bytes)
    }
}

#[cfg(test)]
mod tests;
