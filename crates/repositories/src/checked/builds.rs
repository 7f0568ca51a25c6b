// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What pipelines, build files, documents and all other files of a tree show about how it is built and kept.
//!
//! Each file is read once. Files that were brought in from elsewhere, or that lie there to be tested with, are looked at for programs
//! only: nobody builds with them.

use underpin_formats::pipelines::{
    BuildFile, artefact, build_file, document, inspect, is_script, licence_of_text, themes_of_file,
};
use underpin_model::build_facts::BuildFacts;
use underpin_model::limits::bounds::{CHECKED_DOCUMENTS, CHECKED_FILE_BYTES, CHECKED_TOTAL_BYTES, DECLARATION_BYTES};
use underpin_model::practices::{Fault, FaultCode};

use super::proofs;
use super::tree::{NotRead, SourceFile, SourceKind, SourceTree};
use crate::vendored::is_vendored;

/// How many bytes of a file tell what it is.
const BEGINNING_BYTES: usize = 8 << 10;
/// Folders whose files lie there to be tested with.
const SAMPLES: &[&str] = &["testdata", "test-data", "fixtures", "test_data", "__fixtures__"];

/// Reads all files of a tree.
pub(super) fn builds(tree: &SourceTree) -> BuildFacts {
    let mut facts = BuildFacts::default();
    let mut left = CHECKED_TOTAL_BYTES;
    let mut documents = 0;
    for file in tree.files().iter().filter(|file| file.kind != SourceKind::Module) {
        if file.kind == SourceKind::Link {
            linked_licence(tree, file, &mut facts);
            continue;
        }
        let is_own = !is_vendored(file.path.as_bytes()) && !is_sample(&file.path);
        let bytes = match tree.read(file, CHECKED_FILE_BYTES.min(left)) {
            Ok(bytes) => bytes,
            Err(NotRead::TooLarge) => {
                facts.open(Fault::of_file(&file.path, FaultCode::BeyondLimits));
                continue;
            }
            Err(NotRead::Unreadable) => {
                facts.open(Fault::of_file(&file.path, FaultCode::Unreadable));
                continue;
            }
        };
        left = left.saturating_sub(bytes.len() as u64);
        if let Some(found) = artefact(&file.path, bytes.get(..BEGINNING_BYTES).unwrap_or(&bytes)) {
            facts.fault(Fault::of_file(&file.path, found.code()));
        } else if is_own {
            if is_document(&file.path) && documents < CHECKED_DOCUMENTS && bytes.len() as u64 <= DECLARATION_BYTES {
                documents += 1;
                document(&file.path, &String::from_utf8_lossy(&bytes), &mut facts);
            }
            content(file, &bytes, &mut facts);
            for theme in themes_of_file(&file.path, &bytes) {
                facts.theme(theme, Fault::of_file(&file.path, FaultCode::Found));
            }
        }
        proofs::note(&file.path, &bytes, is_own, &mut facts);
    }
    super::calls::follow(&mut facts, |path| tree.find(path).is_some());
    facts.sort();
    facts
}

fn is_sample(path: &str) -> bool {
    path.split('/').any(|part| SAMPLES.contains(&part))
}

/// What stands in a text.
fn content(file: &SourceFile, bytes: &[u8], facts: &mut BuildFacts) {
    let is_large = bytes.len() as u64 > DECLARATION_BYTES;
    // What is that large was made by a program (`configure`).
    let by_content = (!is_large && is_script(bytes)).then_some(BuildFile::Script);
    if let Some(kind) = build_file(&file.path).or(by_content) {
        if is_large {
            facts.open(Fault::of_file(&file.path, FaultCode::BeyondLimits));
        } else {
            inspect(kind, &file.path, bytes, facts);
        }
    }
    if !is_large {
        licence(&file.path, bytes, facts);
    }
}

/// Which licence a file is, where it lies where licences are looked for.
fn licence(path: &str, bytes: &[u8], facts: &mut BuildFacts) {
    if !is_licence(path) {
        return;
    }
    match licence_of_text(&String::from_utf8_lossy(bytes)) {
        Some(licence) => facts.sign(Fault::of_file(path, FaultCode::FreeLicence).about(licence)),
        None => facts.open(Fault::of_file(path, FaultCode::UnknownLicence)),
    }
}

/// A licence at the root may be a link to one that lies deeper.
fn linked_licence(tree: &SourceTree, link: &SourceFile, facts: &mut BuildFacts) {
    if let Some(Ok(bytes)) =
        tree.target(link).filter(|_| is_licence(&link.path)).map(|file| tree.read(file, DECLARATION_BYTES))
    {
        licence(&link.path, &bytes, facts);
    }
}

/// Licences of the repository itself, not those of what it uses.
fn is_licence(path: &str) -> bool {
    let low = path.to_lowercase();
    let of_others = ["third", "3rd", "depend", "notice", "vendor", "bundled", "template", "header"]
        .iter()
        .any(|word| low.contains(word));
    let is_root =
        !low.contains('/') && ["license", "licence", "copying", "unlicense"].iter().any(|start| low.starts_with(start));
    let is_below = (low.starts_with("licenses/") || low.starts_with("license/")) && !low.contains("/.");
    (is_root && !of_others) || is_below
}

/// Texts for people: at the root, in the folders of forges, and below the folders of documents.
fn is_document(path: &str) -> bool {
    let low = path.to_lowercase();
    let name = low.rsplit('/').next().unwrap_or_default();
    let is_text = [".md", ".rst", ".adoc", ".txt", ".markdown", ".org"].iter().any(|end| name.ends_with(end));
    let is_bare =
        ["readme", "contributing", "security", "hacking", "install", "news", "changes", "changelog", "maintainers"]
            .contains(&name);
    let is_high = !low.contains('/')
        || [".github/", ".gitlab/", ".forgejo/", ".gitea/"].iter().any(|start| low.starts_with(start));
    let is_below =
        ["docs/", "doc/", "documentation/", "book/", "website/docs/"].iter().any(|start| low.starts_with(start));
    let is_other = low.starts_with(".github/issue_template")
        || low.starts_with("licenses/")
        || name.starts_with("license")
        || name.starts_with("requirements");
    (is_text && (is_high || is_below) || is_bare && is_high) && !is_other
}
