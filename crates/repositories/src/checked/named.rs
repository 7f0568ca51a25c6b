// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files that speak about the project itself, found by where forges look for them.

use hashbrown::HashMap;
use underpin_model::limits::bounds::GIT_TEXT_BYTES;
use underpin_model::practices::Topic;

use super::tree::{NotRead, SourceFile, SourceKind, SourceTree};
use crate::tip;

/// Where each topic is looked for.
const TOPICS: &[(Topic, tip::Topic)] = &[
    (Topic::Licence, tip::Topic::Licence),
    (Topic::SecurityPolicy, tip::Topic::Security),
    (Topic::Contributing, tip::Topic::Contributing),
    (Topic::CodeOfConduct, tip::Topic::Conduct),
    (Topic::Changelog, tip::Topic::Changelog),
    (Topic::Readme, tip::Topic::Readme),
    (Topic::Publiccode, tip::Topic::Publiccode),
    (Topic::SecurityTxt, tip::Topic::SecurityTxt),
    (Topic::CodeJson, tip::Topic::CodeJson),
    (Topic::SecurityInsights, tip::Topic::Insights),
];

/// The file about each topic that has one, and whether something stands in it.
pub(super) fn named(tree: &SourceTree) -> Vec<(Topic, String, bool)> {
    // Of names that differ only in the case of letters the first counts.
    let mut high: HashMap<String, &SourceFile> = HashMap::new();
    for file in tree.files().iter().filter(|file| file.path.matches('/').count() < 3) {
        high.entry(file.path.to_lowercase()).or_insert(file);
    }
    let mut found: Vec<(Topic, String, bool)> = Vec::new();
    for (topic, names) in TOPICS {
        if let Some(file) = names.find(|place| high.get(place).copied()) {
            let is_told = *topic != Topic::Changelog || tells_changes(tree, file);
            found.extend(is_told.then(|| (*topic, file.path.clone(), has_text(tree, file))));
        }
    }
    if !found.iter().any(|(topic, ..)| *topic == Topic::Licence)
        && let Some(file) =
            tree.files().iter().find(|file| file.path.starts_with("LICENSES/") && !file.path.contains("/."))
    {
        found.push((Topic::Licence, file.path.clone(), has_text(tree, file)));
    }
    found
}

/// Whether a file of news or of history tells what changed: it has a version or a date. Files of changes need no proof.
fn tells_changes(tree: &SourceTree, file: &SourceFile) -> bool {
    let low = file.path.to_lowercase();
    let name = low.rsplit('/').next().unwrap_or_default();
    if !["news", "history", "releases"].iter().any(|start| name.starts_with(start)) {
        return true;
    }
    let Ok(bytes) = tree.read(file, GIT_TEXT_BYTES) else { return true };
    let is_number = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let is_version = |word: &[u8]| {
        let word = word.strip_prefix(b"v").unwrap_or(word);
        word.split(|byte| matches!(byte, b'.' | b'-')).take_while(|part| is_number(part)).count() >= 2
    };
    bytes.split(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'.' | b'-')).any(is_version)
}

/// Whether more than spaces stands in a file; a link is what it leads to, once and inside the tree.
fn has_text(tree: &SourceTree, file: &SourceFile) -> bool {
    let file = match file.kind {
        SourceKind::File => Some(file),
        SourceKind::Link => tree.target(file),
        SourceKind::Module => None,
    };
    match file.map(|file| tree.read(file, GIT_TEXT_BYTES)) {
        Some(Ok(bytes)) => bytes.iter().any(|byte| !byte.is_ascii_whitespace()),
        // A text too large to read is no empty one.
        Some(Err(NotRead::TooLarge)) => true,
        Some(Err(NotRead::Unreadable)) | None => false,
    }
}
