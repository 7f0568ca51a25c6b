// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The outside exam: the documents of the specification, valid and invalid, and documents found in the wild.

use std::path::{Path, PathBuf};

use underpin_model::gap::GapCode;
use underpin_model::inventory::LicenceKind;
use underpin_model::{Inventory, Limits};

use super::write;
use crate::reader::{Context, Probe, Unreadable, detect};

/// Documents among those found in the wild that are no CycloneDX, whatever their names say.
const OTHER_FORMATS: &[(&str, &str)] = &[
    ("bashrc2-sbom-cdx.json", "raw result of a source scanner"),
    ("scanoss-sbom-cdx.json", "a list of dependencies in its producer's own form"),
    ("jx-darwin-arm64.tar.gz.sbom", "SPDX"),
];

/// What an invalid document must be reported with: a part of its file name, and one of these codes.
const FAULTS: &[(&str, &[GapCode])] = &[
    ("bomformat", &[GapCode::InvalidValue]),
    ("citations", &[GapCode::MissingField, GapCode::InvalidValue]),
    ("component-external-version-and-range", &[GapCode::InvalidValue]),
    ("component-ref", &[GapCode::DuplicateId, GapCode::MissingId]),
    ("component-swid", &[GapCode::MissingField]),
    ("component-type", &[GapCode::InvalidValue, GapCode::MissingField]),
    ("versionRange-non-external", &[GapCode::InvalidValue]),
    ("dependency", &[GapCode::MissingField]),
    ("empty-component", &[GapCode::NoName]),
    ("hash-alg", &[GapCode::InvalidValue]),
    ("hash-", &[GapCode::InvalidHash]),
    ("issue-type", &[GapCode::InvalidValue]),
    ("license-choice", &[GapCode::InvalidValue]),
    ("license-declared-concluded-mix", &[GapCode::InvalidValue]),
    ("license-encoding", &[GapCode::InvalidValue]),
    ("license-id-count", &[GapCode::InvalidValue]),
    ("license-name-count", &[GapCode::InvalidValue]),
    ("license-id", &[GapCode::InvalidLicence]),
    ("license-missing", &[GapCode::MissingField]),
    ("metadata-distribution", &[GapCode::UnknownField]),
    ("metadata-license", &[GapCode::InvalidLicence]),
    ("metadata-timestamp", &[GapCode::InvalidValue]),
    ("namespace", &[GapCode::UnknownVersion]),
    ("patch-type", &[GapCode::InvalidValue]),
    ("properties", &[GapCode::MissingField]),
    ("scope", &[GapCode::InvalidValue]),
    ("serialnumber", &[GapCode::InvalidValue]),
    ("service-data", &[GapCode::InvalidValue]),
];

/// Everything about the components but their identifiers, which may be missing or doubled, and the edges by name.
fn facts(inventory: &Inventory<'_>) -> (Vec<String>, Vec<String>) {
    let mut components: Vec<_> = inventory
        .components
        .iter()
        .map(|component| {
            let mut component = component.clone();
            component.reference = "".into();
            component.parent = None;
            component.references.sort();
            component.references.dedup();
            component.licences.sort_by_key(|licence| licence.kind == LicenceKind::Observed);
            if !component.references.is_empty() {
                component.project = "".into();
            }
            format!("{component:?}")
        })
        .collect();
    components.sort();
    let name = |index: u32| {
        let component = &inventory.components[index as usize];
        format!("{}@{}", component.name, component.version)
    };
    let mut edges: Vec<_> =
        inventory.edges.iter().map(|edge| format!("{} -> {}", name(edge.from), name(edge.to))).collect();
    edges.sort();
    (components, edges)
}

/// Written and read again, a document states the same.
fn check_round_trip(name: &str, inventory: &Inventory<'_>) {
    let text = write::to_string(inventory);
    let again = read(name, text.as_bytes()).and_then(Result::ok).expect("what we write can be read");
    let (before, after) = (facts(inventory), facts(&again));
    for (stated, read) in before.0.iter().zip(&after.0) {
        assert_eq!(stated, read, "{name}");
    }
    assert_eq!(before, after, "{name}");
    assert_eq!(
        (&again.subject.name, again.graph_complete),
        (&inventory.subject.name, inventory.graph_complete),
        "{name}"
    );
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
    found.sort();
}

fn read(name: &str, bytes: &[u8]) -> Option<Result<Inventory<'static>, Unreadable>> {
    let limits = Limits::default();
    let reader = detect(&Probe { bytes, file_name: name, path: name })?;
    if !reader.id.starts_with("cyclonedx-") {
        return None;
    }
    Some((reader.read)(bytes, &Context::new(&limits)).map(Inventory::into_owned))
}

#[test]
fn documents_of_the_specification() {
    let Some(folder) = underpin_testkit::exam("cyclonedx") else { return };
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    let (mut valid, mut accepted, mut invalid, mut explained) = (0, 0, 0, 0);
    let mut misses = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.ends_with(".json") && !name.ends_with(".xml") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("a readable file");
        let outcome = read(&name, &bytes);
        if name.starts_with("valid-") {
            valid += 1;
            match outcome {
                Some(Ok(inventory)) => {
                    accepted += 1;
                    check_round_trip(&name, &inventory);
                    let deviations: Vec<_> =
                        inventory.gaps.list().iter().filter(|gap| is_deviation(gap.code)).collect();
                    if !deviations.is_empty() {
                        misses.push(format!("{name}: {deviations:?}"));
                    }
                }
                other => misses.push(format!("{name}: {other:?}")),
            }
        } else if name.contains("invalid-") {
            invalid += 1;
            let fault = FAULTS.iter().find(|(part, _)| name.contains(part)).unwrap_or_else(|| panic!("{name} is new"));
            match outcome {
                Some(Err(_)) => explained += 1,
                Some(Ok(inventory)) if fault.1.iter().any(|&code| inventory.gaps.count(code) > 0) => explained += 1,
                other => misses.push(format!("{name}: {:?}", other.map(|outcome| outcome.map(|i| i.gaps)))),
            }
        }
    }
    println!(
        "cyclonedx exam: {accepted} of {valid} valid accepted, {explained} of {invalid} invalid with their fault named"
    );
    for miss in &misses {
        println!("{miss}");
    }
    assert_eq!((accepted, explained, misses.len()), (valid, invalid, 0));
}

/// Gaps that only a broken document has; the others say what a valid one leaves open.
fn is_deviation(code: GapCode) -> bool {
    matches!(
        code,
        GapCode::WrongType
            | GapCode::InvalidValue
            | GapCode::MissingField
            | GapCode::UnknownField
            | GapCode::UnknownVersion
            | GapCode::InvalidHash
            | GapCode::InvalidLicence
            | GapCode::InvalidTime
            | GapCode::WrongEncoding
            | GapCode::TooDeep
            | GapCode::DuplicateId
            | GapCode::NoName
    )
}

#[test]
fn documents_found_in_the_wild() {
    let Some(folder) = underpin_testkit::data("in-the-wild") else { return };
    let mut paths = Vec::new();
    files(&folder.join("cyclonedx"), &mut paths);
    let mut read_well = 0;
    for path in &paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = std::fs::read(path).expect("a readable file");
        match read(&name, &bytes) {
            Some(Ok(inventory)) => {
                read_well += 1;
                check_round_trip(&name, &inventory);
                let mut codes: Vec<_> = inventory.gaps.list().iter().map(|gap| gap.code).collect();
                codes.sort();
                codes.dedup();
                let codes: Vec<_> =
                    codes.iter().map(|&code| format!("{} {}", inventory.gaps.count(code), code.as_str())).collect();
                println!(
                    "{name}: {} by {:?}, {} components, {} edges, {:?}",
                    inventory.subject.name,
                    inventory.tools.first().map(|tool| &*tool.name),
                    inventory.components.len(),
                    inventory.edges.len(),
                    codes
                );
            }
            None => assert!(OTHER_FORMATS.iter().any(|(other, _)| *other == name), "{name} was not recognised"),
            Some(Err(reason)) => panic!("{name}: {reason}"),
        }
    }
    println!("cyclonedx in the wild: {read_well} of {} read, {} of another format", paths.len(), OTHER_FORMATS.len());
    assert_eq!(read_well + OTHER_FORMATS.len(), paths.len());
}

#[test]
fn documents_of_other_collections() {
    for collection in ["cyclonedx-vex", "sbomqs"] {
        let Some(folder) = underpin_testkit::exam(collection) else { continue };
        let mut paths = Vec::new();
        files(&folder, &mut paths);
        let (mut documents, mut components, mut claims) = (0, 0, 0);
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let bytes = std::fs::read(&path).expect("a readable file");
            match read(&name, &bytes) {
                Some(Ok(inventory)) => {
                    documents += 1;
                    components += inventory.components.len();
                    claims += inventory.claims.len();
                    check_round_trip(&name, &inventory);
                }
                Some(Err(reason)) => panic!("{name}: {reason}"),
                None => {}
            }
        }
        println!("{collection}: {documents} CycloneDX documents read, {components} components, {claims} claims");
        assert!(documents > 0);
    }
}
