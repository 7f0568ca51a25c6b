// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `decisions` and statements, as they are called: an artefact must be one of the system's, and `explain` tells who said what.

use serde_json::{Value, json};

use crate::house::House;

const DIGEST: &str = "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

fn inventory(subject: &str, digest: Option<&str>) -> String {
    let mut root = json!({ "type": "container", "name": subject, "version": "1", "bom-ref": "root" });
    if let Some(digest) = digest {
        root["version"] = digest.into();
    }
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": { "timestamp": "2026-01-10T00:00:00Z", "tools": [{ "name": "scout", "version": "1" }], "component": root },
        "components": [{ "type": "library", "name": "pad-left", "version": "1.2.0", "purl": "pkg:npm/pad-left@1.2.0" }],
    })
    .to_string()
}

/// A system with two artefacts that both use a flawed package.
fn house() -> House {
    let house = House::new();
    house.json(&["registry", "add", "agency", "--id", "tax", "--name", "Tax"]);
    house.json(&["registry", "add", "system", "--id", "portal", "--name", "Portal", "--agency", "tax"]);
    house.write("web.json", inventory("web", Some(DIGEST)).as_bytes());
    house.write("batch.json", inventory("batch", None).as_bytes());
    house.json(&["add", "web.json", "--system", "portal"]);
    house.json(&["add", "batch.json", "--system", "portal"]);
    let record = json!({
        "id": "GHSA-aaaa-bbbb-cccc", "modified": "2026-02-01T00:00:00Z", "published": "2026-02-01T00:00:00Z",
        "aliases": ["CVE-2026-0001"], "affected": [{
            "package": { "ecosystem": "npm", "name": "pad-left" },
            "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": "1.3.0" }] }],
        }],
    });
    house.write("npm.jsonl", format!("{record}\n").as_bytes());
    house.json(&["watch", "sync", "--from", "npm.jsonl"]);
    house
}

fn status(house: &House) -> Value {
    let explained = house.json(&["explain", "portal", "CVE-2026-0001"]);
    explained["states"][0]["status"].clone()
}

#[test]
fn a_decision_about_an_artefact_names_one_that_is_there() {
    let house = house();
    let make = |artefact: &'static str| {
        vec![
            "decisions",
            "make",
            "CVE-2026-0001",
            "--in-system",
            "portal",
            "--in-artefact",
            artefact,
            "--as",
            "not-affected",
            "--justification",
            "inline-mitigations-already-exist",
            "--reason",
            "filtered before it",
        ]
    };
    let refused = house.run(&make("wbe"));
    assert_eq!(refused.error_code(), "not-found");
    assert!(refused.stderr.contains("it has: batch, web (sha256:"), "{refused:?}");
    assert_eq!(house.json(&make(&DIGEST[7..]))["decisions"], json!(["V1"]));
    let listed = house.json(&["decisions", "list"]);
    assert_eq!(listed[0]["place"]["artefact"]["artefact"], DIGEST);
    assert_eq!(status(&house), "open");
    house.json(&make("batch"));
    assert_eq!(status(&house), "not-affected");
    let text = house.run(&["explain", "portal", "CVE-2026-0001"]);
    for part in ["decision V2", "holds artefact batch of portal", "not-affected, because of V"] {
        assert!(text.stdout.contains(part), "{part}: {}", text.stdout);
    }
    // One that is taken back is still told, with a code that has a meaning.
    house.json(&["decisions", "withdraw", "V2", "--reason", "it is reached"]);
    assert_eq!(status(&house), "open");
    let told = house.json(&["explain", "portal", "CVE-2026-0001"])["told"].clone();
    let resting: Vec<&str> =
        told.as_array().expect("a list").iter().filter_map(|one| one["without_effect"].as_str()).collect();
    assert_eq!(resting, ["not-in-force"], "{told}");
    assert_eq!(house.json(&["explain", resting[0]])[0]["about"], "decision");
}

#[test]
fn statements_in_cyclonedx_are_taken_from_files_and_told() {
    let house = house();
    let vex = |version: &str| {
        json!({
            "bomFormat": "CycloneDX", "specVersion": "1.5", "serialNumber": "urn:uuid:11111111-395b-41f5-a30f-a58921a69b79",
            "metadata": { "timestamp": "2026-02-02T00:00:00Z",
                "component": { "type": "container", "name": "batch", "version": version, "bom-ref": "it" } },
            "vulnerabilities": [{ "id": "CVE-2026-0001", "affects": [{ "ref": "it" }],
                "analysis": { "state": "not_affected", "justification": "code_not_present", "detail": "left\u{1b}[31mout" } }],
        })
    };
    for (version, word) in [("2", "nowhere here"), ("1", "D2 batch")] {
        house.write("statements/cyclonedx/acme/vex.json", vex(version).to_string().as_bytes());
        let synced = house.json(&["watch", "sync", "--from", "statements"]);
        assert_eq!(synced["feeds"][0]["feed"], "cyclonedx/acme");
        // The other artefact has the package, too.
        assert_eq!(status(&house), "open");
        let told = house.json(&["explain", "portal", "CVE-2026-0001"])["told"].clone();
        let holds: Vec<&str> =
            told.as_array().expect("a list").iter().filter_map(|one| one["holds"].as_str()).collect();
        assert_eq!(holds.len(), usize::from(version == "1"), "{told}");
        assert!(holds.iter().all(|holds| holds.contains(word)), "{told}");
    }
    // What others wrote cannot command a terminal.
    let text = house.run(&["explain", "portal", "CVE-2026-0001"]);
    assert!(text.stdout.contains("in their words: left") && !text.stdout.contains('\u{1b}'), "{text:?}");
}
