// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! SECURITY-INSIGHTS, version 2: what a project says about its security for programs to read (https://security-insights.openssf.org).

mod schema;

use underpin_model::practices::{Fault, FaultCode, Inspection};

use crate::declarations::values::is_version;
use crate::declarations::walk::Walk;
use crate::declarations::{Seen, Source, parsed};

/// Versions that the table of keys is for.
const VERSIONS: &[&str] = &["2.0.0", "2.1.0", "2.2.0"];

/// Holds a file against version 2.2 of the schema. A file of version 1 is told to be old, and one of a version that is not known to be that;
/// neither is judged further.
pub fn inspect(path: &str, bytes: &[u8]) -> Inspection {
    let mut found = Inspection::default();
    let (_, node) = match parsed(bytes) {
        Ok(read) => read,
        Err((code, at)) => {
            found.faults.push(Fault::of_file(path, code).at(at.line, at.column));
            return found;
        }
    };
    let source = Source { path, bytes, look: &|_| Seen::Blind, is_json: false };
    let mut walk = Walk { source: &source, found: &mut found, is_typed: true };
    let version = node.get("header").and_then(|header| header.entry("schema-version"));
    match version {
        Some(entry) if entry.value.text().is_some_and(|text| text.starts_with("1.") || text.starts_with("0.")) => {
            walk.warn(FaultCode::OldVersion, entry.at, "header.schema-version");
        }
        Some(entry) if entry.value.text().is_some_and(|text| is_version(text) && !VERSIONS.contains(&text)) => {
            walk.fault(FaultCode::UnsupportedVersion, entry.at, "header.schema-version");
        }
        _ => {
            walk.map(&node, schema::DOCUMENT, "");
            let is_child = node.get("header").is_some_and(|header| header.get("project-si-source").is_some());
            let needed: &[&str] = if is_child { &["repository"] } else { &["project"] };
            for key in needed.iter().filter(|key| node.get(key).is_none()) {
                walk.fault(FaultCode::Missing, node.at, key);
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests;
