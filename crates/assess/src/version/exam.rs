// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Outside exams of version order. Every miss is explained in a table; a new one fails, and so does one that is none.

use std::cmp::Ordering;
use std::path::PathBuf;

use serde_json::Value;
use underpin_testkit::exam;

use super::{Scheme, compare};
use crate::exam_rows::{Books, javascript, json};

fn files(folder: &std::path::Path, ends: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|fault| panic!("{}: {fault}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(ends));
    files.sort();
    files
}

/// Judges both directions of one comparison.
fn judge(scheme: Scheme, a: &str, expected: Ordering, b: &str) -> Option<String> {
    let found = (compare(scheme, a, b), compare(scheme, b, a));
    (found != (expected, expected.reverse())).then(|| format!("expected {expected:?}, found {:?}", found.0))
}

const VERSION_ORDER: &[(&str, &str)] = &[
    (
        "packagist: v1.9.0-ALPHA.1 = v1.9.0-BETA.1",
        "PHP's version_compare knows its words in lower case only; Composer folds the case first, and so do we",
    ),
    (
        "packagist: 5.1.0-stable < 5.1.0-beta2",
        "PHP's version_compare does not know the word; to Composer a stable release is the release",
    ),
];

#[test]
fn version_order() {
    let Some(folder) = exam("version-order") else { return };
    let mut books = Books::new("version-order", VERSION_ORDER);
    for path in files(&folder, ".txt") {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let ecosystem = stem.split("-versions").next().unwrap_or_default();
        let scheme = Scheme::of_name(ecosystem).unwrap_or_else(|| panic!("no scheme for {ecosystem}"));
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let parts: Vec<_> = line.split(' ').collect();
            let (&[a, sign, b], false) = (&parts[..], line.starts_with("//")) else { continue };
            let expected = match sign {
                "<" => Ordering::Less,
                "=" => Ordering::Equal,
                ">" => Ordering::Greater,
                other => panic!("{stem}: {other}"),
            };
            books.enter(format!("{ecosystem}: {line}"), judge(scheme, a, expected, b));
        }
    }
    books.close(7180);
}

/// Versions are in ascending order (`comparison`) or equal or not (`equality`).
fn judge_case(case: &Value) -> (String, Option<String>) {
    let name = case["input"]["input_scheme"].as_str().unwrap();
    let scheme = Scheme::of_name(name).unwrap_or_else(|| panic!("no scheme for {name}"));
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    let given = texts(&case["input"]["versions"]);
    let fault = if case["test_type"] == "equality" {
        let equal = compare(scheme, &given[0], &given[1]) == Ordering::Equal;
        (Value::Bool(equal) != case["expected_output"]).then(|| format!("equal is {equal}"))
    } else {
        let mut sorted = given.clone();
        sorted.sort_by(|a, b| compare(scheme, a, b));
        let expected = texts(&case["expected_output"]);
        // The exam writes some versions in lower case that it gives in upper case.
        let same = sorted.iter().zip(&expected).all(|(a, b)| compare(scheme, a, b) == Ordering::Equal);
        (!same || sorted.len() != expected.len()).then(|| format!("sorted is {sorted:?}"))
    };
    (format!("{name}: {}", given.join(" ")), fault)
}

#[test]
fn vers_spec_comparisons() {
    let Some(folder) = exam("vers-spec") else { return };
    let mut books = Books::new("vers-spec comparisons", &[]);
    for path in files(&folder.join("tests"), ".json") {
        for case in json(&path) {
            if case["input"]["versions"].is_array() {
                let (case, fault) = judge_case(&case);
                books.enter(case, fault);
            }
        }
    }
    books.close(1922);
}

#[test]
fn univers_comparisons() {
    let Some(folder) = exam("univers") else { return };
    let mut books = Books::new("univers comparisons", &[]);
    for path in files(&folder.join("tests/data/schema"), ".json") {
        for case in json(&path) {
            let (case, fault) = judge_case(&case);
            books.enter(case, fault);
        }
    }
    books.close(1900);
}

#[test]
fn node_semver_comparisons() {
    let Some(folder) = exam("node-semver") else { return };
    let mut books = Books::new("node-semver comparisons", &[]);
    for (file, expected) in [("comparisons.js", Ordering::Greater), ("equality.js", Ordering::Equal)] {
        for row in javascript(&folder.join("test/fixtures").join(file)) {
            if let [a, b] = &row.texts[..] {
                books.enter(format!("{a} {b}"), judge(Scheme::Npm, a, expected, b));
            }
        }
    }
    books.close(60);
}
