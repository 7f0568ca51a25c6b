// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Outside exams of VERS itself: canonical parsing, canonical writing, containment.

use std::path::Path;

use serde_json::{Value, json};
use underpin_testkit::exam;

use super::VersionRange;
use crate::exam_rows::{self, Books};

fn as_json(range: &VersionRange) -> Value {
    let sign = |sign: &'static str| if sign.is_empty() { "=" } else { sign };
    let list =
        range.constraints().iter().map(|own| json!([sign(own.comparator.sign()), own.version])).collect::<Vec<_>>();
    json!({ "scheme": range.scheme().name(), "version_constraints": list })
}

fn judge(case: &Value) -> Option<(String, Option<String>)> {
    let input = &case["input"];
    let text = input.as_str().or(input["vers"].as_str())?;
    let (answer, name) = match case["test_type"].as_str()? {
        "parse" => (text.parse::<VersionRange>().map(|range| as_json(&range)), text.to_owned()),
        "validate" | "roundtrip" => {
            (VersionRange::parse_lenient(text).map(|(range, _)| range.to_string().into()), text.to_owned())
        }
        "containment" => {
            let version = input["version"].as_str()?;
            let answer = VersionRange::parse_lenient(text).map(|(range, _)| range.contains(version).into());
            (answer, format!("{version} in {text}"))
        }
        _ => return None,
    };
    let fault = match (answer, case["expected_failure"] == true) {
        (Err(_), true) => None,
        (Ok(answer), false) if answer == case["expected_output"] => None,
        (answer, _) => Some(format!("expected {}, got {answer:?}", case["expected_output"])),
    };
    Some((name, fault))
}

fn sit(name: &str, folder: &Path, least_total: usize) {
    let mut books = Books::new(name, &[]);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|kind| kind == "json")) {
        for (case, fault) in exam_rows::json(path).iter().filter_map(judge) {
            books.enter(case, fault);
        }
    }
    books.close(least_total);
}

#[test]
fn vers_spec() {
    let Some(folder) = exam("vers-spec") else { return };
    sit("vers-spec ranges", &folder.join("tests"), 42);
}

#[test]
fn univers() {
    let Some(folder) = exam("univers") else { return };
    sit("univers ranges", &folder.join("tests/data/schema/range"), 30);
}
