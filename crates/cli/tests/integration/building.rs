// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! For build servers: reports that they read, and an exit code that says whether something is too much.

use serde_json::{Value, json};

use crate::documents::cyclonedx;
use crate::house::{Done, House};

/// A portal with a package that has a critical flaw, and one of which nothing is known.
fn house(is_watched: bool) -> House {
    let house = House::new();
    let registry = "[[agency]]\nid = \"tax\"\nname = \"Tax\"\n\n[[system]]\nid = \"portal\"\nname = \"Portal\"\nagency = \"tax\"\n\n\
        [[system]]\nid = \"archive\"\nname = \"Archive\"\nagency = \"tax\"\n";
    house.write("registry.toml", registry.as_bytes());
    house.json(&["registry", "import", "registry.toml"]);
    house.write("portal.json", &cyclonedx("portal", &["pad-left@1.2.0".to_owned(), "fine@1.0.0".to_owned()]));
    house.write("archive.json", &cyclonedx("archive", &["fine@1.0.0".to_owned()]));
    let advisory = json!({
        "id": "GHSA-aaaa-bbbb-cccc", "modified": "2026-02-01T00:00:00Z", "published": "2026-02-01T00:00:00Z",
        "aliases": ["CVE-2026-0001"], "summary": "It pads too far.",
        "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
        "affected": [{
            "package": { "ecosystem": "npm", "name": "pad-left" },
            "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": "1.3.0" }] }],
        }],
    });
    house.write("npm.jsonl", format!("{advisory}\n").as_bytes());
    if is_watched {
        house.json(&["watch", "sync", "--from", "npm.jsonl"]);
    }
    house
}

fn said(done: &Done) -> (Option<i32>, &str) {
    (done.code, done.stderr.lines().last().unwrap_or_default())
}

fn sarif(house: &House) -> Value {
    let done = house.run(&["findings", "--system", "portal", "--format", "sarif"]);
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "{done:?}");
    serde_json::from_str(&done.stdout).expect("JSON")
}

#[test]
fn reports_name_documents_and_decisions() {
    let house = house(true);
    house.json(&["add", "portal.json", "--system", "portal"]);
    let log = sarif(&house);
    let result = &log["runs"][0]["results"][0];
    assert_eq!(log["runs"][0]["results"].as_array().map(Vec::len), Some(1), "{log}");
    assert_eq!((&result["ruleId"], &result["kind"]), (&json!("CVE-2026-0001"), &json!("fail")));
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "portal.json");
    assert_eq!(result["suppressions"], Value::Null);
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!((&rule["properties"]["security-severity"], &rule["id"]), (&json!("9.8"), &json!("CVE-2026-0001")));
    let junit = house.run(&["findings", "--format", "junit"]).stdout;
    assert!(junit.contains("name=\"portal\"") && junit.contains("failures=\"1\""), "{junit}");
    assert!(junit.contains("CVE-2026-0001 in pkg:npm/pad-left@1.2.0"), "{junit}");

    let decide = ["decisions", "make", "CVE-2026-0001", "--in-system", "portal", "--as", "not-affected"];
    let why = ["--justification", "vulnerable-code-not-in-execute-path", "--reason", "never called", "--package"];
    house.json(&[&decide[..], &why, &["pkg:npm/pad-left"]].concat());
    let closed = sarif(&house);
    let closed = &closed["runs"][0]["results"][0];
    assert_eq!(closed["partialFingerprints"], result["partialFingerprints"]);
    let suppressed = &closed["suppressions"][0];
    assert_eq!((&suppressed["kind"], &suppressed["status"]), (&json!("external"), &json!("accepted")));
    let text = suppressed["justification"].as_str().expect("words");
    assert!(text.starts_with("not-affected: V1, vulnerable-code-not-in-execute-path: never called"), "{text}");
    let junit = house.run(&["findings", "--format", "junit"]).stdout;
    assert!(junit.contains("failures=\"0\"") && junit.contains("<skipped"), "{junit}");
    assert_eq!(house.run(&["what", "portal", "--format", "sarif"]).error_code(), "usage");
}

#[test]
fn the_exit_code_tells_findings_from_failures() {
    let house = house(true);
    house.json(&["add", "portal.json", "--system", "portal"]);
    let asked = |level: &str| house.run(&["findings", "--fail-on", level, "--format", "json"]);
    for level in ["high", "critical", "9.8", "low", "watch"] {
        let done = asked(level);
        let expected = format!(
            "failed: 1 finding at {level} or above, first CVE-2026-0001 of pkg:npm/pad-left@1.2.0 in portal (planned)"
        );
        let line = said(&done);
        assert_eq!(line.0, Some(1), "{done:?}");
        assert_eq!(line.1.split(" (").next(), expected.split(" (").next(), "{level}");
        assert!(serde_json::from_str::<Value>(&done.stdout).is_ok(), "the answer is there all the same");
    }
    for level in ["9.9", "act-now"] {
        assert_eq!(said(&asked(level)), (Some(0), format!("passed: no finding at {level} or above").as_str()));
    }
    assert_eq!(asked("bad").error_code(), "usage");
    assert_eq!(asked("11").error_code(), "usage");
    // Only what is asked for counts, and what is closed never does.
    let other = house.run(&["findings", "--fail-on", "low", "--package", "fine"]);
    assert_eq!(said(&other), (Some(0), "passed: no finding at low or above"));
    assert_eq!(house.run(&["findings", "--fail-on", "low", "--status", "fixed"]).error_code(), "usage");
    let decide =
        ["decisions", "make", "CVE-2026-0001", "--in-system", "portal", "--as", "fixed", "--reason", "patched"];
    house.json(&decide);
    let all = house.run(&["findings", "--fail-on", "low", "--status", "all", "--quiet"]);
    assert_eq!((all.code, all.stderr.as_str()), (Some(0), ""));
}

#[test]
fn what_was_added_is_judged_and_stays() {
    let house = house(true);
    let failed = house.run(&["add", "portal.json", "--system", "portal", "--fail-on", "high"]);
    assert_eq!(failed.code, Some(1), "{failed:?}");
    assert!(failed.stderr.contains("failed: 1 finding at high or above"), "{failed:?}");
    // The same bytes are judged again; another system's findings are nobody's business here.
    assert_eq!(house.run(&["add", "portal.json", "--system", "portal", "--fail-on", "high"]).code, Some(1));
    let other = house.run(&["add", "archive.json", "--system", "archive", "--fail-on", "low"]);
    assert_eq!(said(&other), (Some(0), "passed: no finding at low or above"));
    // What cannot be judged is no pass, and in all the same.
    house.write("loose.json", &cyclonedx("loose", &["pad-left@1.2.0".to_owned(), "more@1.0.0".to_owned()]));
    assert_eq!(house.run(&["add", "loose.json", "--fail-on", "low"]).error_code(), "not-judged");
    house.write("broken.json", b"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[");
    let broken = house.run(&["add", "broken.json", "--system", "portal", "--fail-on", "low"]);
    assert_eq!(broken.error_code(), "not-judged", "{broken:?}");
    assert_eq!(house.json(&["documents", "list", "--unbound"])["rows"].as_array().map(Vec::len), Some(1));
    assert_eq!(house.run(&["add", "portal.json", "--fail-on", "nothing"]).error_code(), "usage");
}

#[test]
fn without_knowledge_nothing_passes() {
    let house = house(false);
    let done = house.run(&["add", "portal.json", "--system", "portal", "--fail-on", "high"]);
    assert_eq!(done.error_code(), "no-knowledge");
    assert_eq!(house.run(&["findings", "--fail-on", "high"]).error_code(), "no-knowledge");
    let log = sarif(&house);
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
}
