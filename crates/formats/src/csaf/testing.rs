// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Statements as short lines, for tables of whole answers.

use std::path::{Path, PathBuf};

use underpin_model::watch::{StatementDocument, Target, Thing};

/// `CVE-1 affected: a 1 in b, c` for every statement, in order.
pub fn lines(document: &StatementDocument<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for statement in &document.statements {
        let because = statement.justification.map(|because| format!(" ({})", because.as_str())).unwrap_or_default();
        let targets: Vec<_> = statement.targets.iter().map(target).collect();
        let targets = targets.join(", ");
        lines.push(format!("{} {}{because}: {targets}", statement.vulnerability, statement.status.as_str()));
    }
    lines
}

fn target(target: &Target<'_>) -> String {
    let within: Vec<_> = target.within.iter().map(thing).collect();
    let within = if within.is_empty() { String::new() } else { format!(" in {}", within.join(" in ")) };
    format!("{}{within}", thing(&target.thing))
}

fn thing(thing: &Thing<'_>) -> String {
    let name = thing.purls.iter().chain(&thing.cpes).chain(&thing.references).next();
    let name = name.unwrap_or(&thing.name);
    if thing.versions.is_empty() { name.to_string() } else { format!("{name} {}", thing.versions) }
}

/// The JSON documents below a folder, in the order of their names.
pub fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
