// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Over the examples of the SPDX project, the documents of a quality checker and documents found in the wild. Skipped
//! where they are not unpacked.

use std::path::{Path, PathBuf};

use underpin_model::Limits;

use super::READERS;
use crate::reader::{Context, Probe};

/// All files below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Counts of what is read in a folder.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    /// Documents by reader.
    read: Vec<(&'static str, usize)>,
    /// Documents that no reader could read: file name and code.
    unreadable: Vec<(String, &'static str)>,
    /// Documents without any component: file names.
    empty: Vec<String>,
}

fn outcome(folder: &Path) -> Outcome {
    let mut paths = Vec::new();
    files(folder, &mut paths);
    paths.sort();
    let limits = Limits::default();
    let mut outcome = Outcome { read: READERS.iter().map(|reader| (reader.id, 0)).collect(), ..Outcome::default() };
    for path in paths {
        let bytes = std::fs::read(&path).expect("the file can be read");
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let probe = Probe { bytes: &bytes, file_name: &name, path: &name };
        let Some(index) = READERS.iter().position(|reader| (reader.sniff)(&probe)) else { continue };
        match (READERS[index].read)(&bytes, &Context::new(&limits)) {
            Ok(inventory) => {
                outcome.read[index].1 += 1;
                if inventory.components.is_empty() {
                    outcome.empty.push(name);
                }
            }
            Err(unreadable) => outcome.unreadable.push((name, unreadable.code)),
        }
    }
    outcome
}

#[test]
fn examples_of_the_specification() {
    let Some(folder) = underpin_testkit::exam("spdx-examples") else { return };
    let expected = Outcome {
        read: vec![("spdx-json", 7), ("spdx-tag-value", 1), ("spdx-yaml", 0), ("spdx-3-json", 4)],
        // 12 of 13: the packed exam holds only the beginning of this one.
        unreadable: vec![("hello-source.spdx3.json".to_owned(), "truncated-document")],
        empty: vec![],
    };
    assert_eq!(outcome(&folder), expected);
}

#[test]
fn documents_of_a_quality_checker() {
    let Some(folder) = underpin_testkit::exam("sbomqs") else { return };
    let expected = Outcome {
        read: vec![("spdx-json", 45), ("spdx-tag-value", 0), ("spdx-yaml", 0), ("spdx-3-json", 22)],
        unreadable: vec![],
        // Made to test what a document says about itself: their list of packages is empty.
        empty: [
            "invalidMetadataCreatorEmail",
            "invalidMetadataTimestamp",
            "missingDocumentNamespace",
            "missingMetadataCreator",
            "missingMetadataTimestamp",
            "validDocumentNamespace",
            "validMetadataOrganizationCreator",
            "validMetadataPersonCreator",
            "validMetadataTimestamp",
        ]
        .map(|name| format!("{name}.spdx23.json"))
        .to_vec(),
    };
    assert_eq!(outcome(&folder), expected);
}

#[test]
fn documents_found_in_the_wild() {
    let Some(folder) = underpin_testkit::data("in-the-wild") else { return };
    let expected = Outcome {
        read: vec![("spdx-json", 17), ("spdx-tag-value", 23), ("spdx-yaml", 0), ("spdx-3-json", 0)],
        unreadable: vec![],
        // It lists files and no package.
        empty: vec!["usbutils.spdx".to_owned()],
    };
    assert_eq!(outcome(&folder.join("spdx")), expected);
}
