// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A continent of any size, and what a larger one will take.

use serde_json::{Value, json};

use crate::house::House;

/// The same with the digits that survive being written down and read again.
fn rounded(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(format!("{:.9e}", number.as_f64().expect("a number"))),
        Value::Array(items) => items.iter().map(rounded).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), rounded(value))).collect())
        }
        other => other.clone(),
    }
}

#[test]
fn what_it_takes_is_said_and_nothing_is_made() {
    let house = House::new();
    let told = house.json(&["--quiet", "simulate", "--systems", "1000", "--estimate"]);
    assert_eq!(told["systems"], 1_000);
    let (uses, bytes) = (told["occurrences"].as_u64().expect("uses"), told["bytes_expected"].as_u64().expect("bytes"));
    assert!((900_000..1_200_000).contains(&uses), "{uses} uses");
    assert!(bytes > uses * 10 && bytes < uses * 300, "{bytes} bytes");
    assert_eq!(house.json(&["sql", "SELECT count(*) AS documents FROM document"])["rows"], json!([{ "documents": 0 }]));
}

#[test]
fn a_continent_is_asked_as_any_other_house_and_read_again() {
    let house = House::new();
    let told = house.json(&["--quiet", "simulate", "--systems", "12"]);
    let counted =
        house.json(&["sql", "SELECT count(*) AS uses, count(DISTINCT document) AS documents FROM occurrence"]);
    assert_eq!(counted["rows"][0]["uses"], told["occurrences"]);
    assert_eq!(counted["rows"][0]["documents"], told["documents"]);
    let usage = house.json(&["usage", "--top", "1"]);
    let package = usage["rows"][0]["package"].as_str().expect("a package");
    assert_eq!(house.json(&["where", package])["systems"], usage["rows"][0]["systems"]);
    let findings = house.json(&["findings", "--rows", "1"]);
    let by_agency = house.json(&["sql", "SELECT count(*) AS findings FROM finding WHERE status = 'open'"]);
    assert!(findings["total"].as_u64().is_some_and(|total| total > 100), "{}", findings["total"]);
    assert!(by_agency["rows"][0]["findings"].as_u64().is_some_and(|count| count > 100), "{by_agency}");
    let simulated = house.json(&["rules", "simulate", "licences/osi-approved"]);
    assert!(simulated.is_object());
    let rebuilt = house.run(&["rebuild", "--check", "--format", "json"]);
    assert_eq!(rebuilt.code, Some(0), "{}", rebuilt.stderr);
    let again = house.run(&["simulate", "--systems", "12"]);
    assert_eq!(again.error_code(), "not-empty");
}

#[test]
fn three_sizes_are_measured_and_written_into_a_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let house = House::new();
    let page = folder.path().join("scale.md");
    std::fs::write(&page, "# Scale\n\n<!-- measured: begin -->\n<!-- measured: end -->\n").expect("writes");
    let (page_name, scratch) = (page.to_string_lossy().into_owned(), folder.path().to_string_lossy().into_owned());
    let told = house.json(&[
        "--quiet",
        "bench",
        "scale",
        "--systems",
        "2,4,8",
        "--rounds",
        "1",
        "--scratch",
        &scratch,
        "--page",
        &page_name,
    ]);
    let houses = told["houses"].as_array().expect("houses");
    assert_eq!(houses.len(), 3);
    for measured in houses {
        let figures = measured["figures"].as_array().expect("figures");
        let refused: Vec<&Value> = figures.iter().filter(|figure| figure["is_refused"] == true).collect();
        assert!(refused.is_empty(), "{refused:#?}");
        let names: Vec<&str> = figures.iter().filter_map(|figure| figure["what"].as_str()).collect();
        for what in [
            "disk",
            "packages-by-systems",
            "where",
            "full-match",
            "findings-by-agency",
            "rule-simulation",
            "intake",
            "compaction",
        ] {
            assert!(names.contains(&what), "{what} in {names:?}");
        }
    }
    let written = std::fs::read_to_string(&page).expect("reads");
    assert!(written.contains("### Where one machine ends") && written.contains("!["), "{written}");
    assert!(folder.path().join("scale-disk.svg").exists());
    // What was measured can be written again without measuring.
    let answer = folder.path().join("figures.json");
    std::fs::write(&answer, told.to_string()).expect("writes");
    let again = house.json(&["--quiet", "bench", "scale", "--from", &answer.to_string_lossy()]);
    assert_eq!(rounded(&again["rows"]), rounded(&told["rows"]));
}
