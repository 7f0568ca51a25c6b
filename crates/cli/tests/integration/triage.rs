// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Findings and decisions, as they are called: deadlines, many decisions at once, an agency that keeps its own finding open.

use serde_json::{Value, json};

use crate::documents::cyclonedx;
use crate::house::House;

/// Two systems of two agencies use a package with two vulnerabilities, one of them published long ago and exploited.
fn flawed() -> House {
    let house = House::new();
    let registry = "[[agency]]\nid = \"office\"\nname = \"Office\"\n\n\
        [[agency]]\nid = \"tax\"\nname = \"Tax\"\nparent = \"office\"\n\n\
        [[system]]\nid = \"portal\"\nname = \"Portal\"\nagency = \"tax\"\nexposure = \"internet\"\n\n\
        [[system]]\nid = \"mail\"\nname = \"Mail\"\nagency = \"office\"\nexposure = \"internal\"\n";
    house.write("registry.toml", registry.as_bytes());
    house.json(&["registry", "import", "registry.toml"]);
    for system in ["portal", "mail"] {
        let name = format!("{system}.json");
        house.write(&name, &cyclonedx(system, &["left@1.0.0".to_owned()]));
        house.json(&["add", &name, "--system", system]);
    }
    let record = |id: &str, published: &str| {
        json!({
            "id": id, "modified": published, "published": published,
            "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
            "affected": [{
                "package": { "ecosystem": "npm", "name": "left" },
                "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": "1.3.0" }] }],
            }],
        })
    };
    let old = record("CVE-2021-0001", "2021-03-01T00:00:00Z");
    let coming = record("CVE-2098-0002", "2098-03-01T00:00:00Z");
    house.write("npm.jsonl", format!("{old}\n{coming}\n").as_bytes());
    let list = json!({
        "title": "list", "catalogVersion": "1", "dateReleased": "2021-04-01T10:00:00Z", "count": 1,
        "vulnerabilities": [{
            "cveID": "CVE-2021-0001", "vendorProject": "Left", "product": "left", "vulnerabilityName": "left",
            "dateAdded": "2021-04-01", "shortDescription": "", "requiredAction": "", "dueDate": "2021-04-15",
            "knownRansomwareCampaignUse": "Unknown", "notes": "",
        }],
    });
    house.write("known_exploited_vulnerabilities.json", list.to_string().as_bytes());
    house.json(&["watch", "sync", "--from", "npm.jsonl", "--from", "known_exploited_vulnerabilities.json"]);
    house
}

fn rows(house: &House, arguments: &[&str]) -> Vec<Value> {
    let answer = house.json(&[&["findings"][..], arguments].concat());
    let rows = answer["rows"].as_array().expect("rows").clone();
    assert_eq!(answer["total"], rows.len(), "{arguments:?}");
    rows
}

/// `system vulnerability` of each finding.
fn told(house: &House, arguments: &[&str]) -> Vec<String> {
    let text =
        |row: &Value| format!("{} {}", row["system"].as_str().expect("a"), row["vulnerability"].as_str().expect("b"));
    rows(house, arguments).iter().map(text).collect()
}

#[test]
fn findings_are_due_by_the_office_s_own_rules() {
    let house = flawed();
    let all = rows(&house, &["--sort", "due"]);
    assert_eq!(all.len(), 4, "{all:?}");
    let first = &all[0];
    assert_eq!(
        (&first["system"], &first["due"], &first["due_rule"], &first["overdue"]),
        (&json!("portal"), &json!("2021-04-04"), &json!("exploited and reachable from the internet"), &json!(true))
    );
    // What binds others is told as theirs.
    assert!(first["us_due"].as_str().is_some_and(|due| due.starts_with("2021-04-15")), "{first}");
    assert_eq!(told(&house, &["--overdue", "--sort", "due"]), ["portal CVE-2021-0001", "mail CVE-2021-0001"]);
    assert_eq!(told(&house, &["--due-before", "2021-04-05"]), ["portal CVE-2021-0001"]);
    assert_eq!(told(&house, &["--due-before", "2021-04-04"]), [""; 0]);
    let csv = house.run(&["findings", "--format", "csv", "--sort", "due"]).stdout;
    assert!(csv.lines().next().is_some_and(|head| head.contains(r#""us_due","due","due_rule","overdue""#)), "{csv}");
    let table = house.run(&["findings", "--overdue"]).stdout;
    assert!(table.contains("2021-04-04, overdue") && table.contains("the office's own rules"), "{table}");

    // A decision that closes it stops the clock.
    let decide =
        ["decisions", "make", "CVE-2021-0001", "--in-system", "portal", "--as", "fixed", "--reason", "patched"];
    house.json(&decide);
    assert_eq!(told(&house, &["--overdue"]), ["mail CVE-2021-0001"]);
    let closed = rows(&house, &["--status", "fixed"]);
    assert_eq!((&closed[0]["due"], &closed[0]["overdue"]), (&json!("2021-04-04"), &json!(false)));
    assert_eq!(house.run(&["findings", "--overdue", "--status", "fixed"]).error_code(), "usage");

    // Other rules, other days.
    house.write("underpin.toml", b"[[deadlines]]\nname = \"all\"\ndays = 10\n");
    let rows = rows(&house, &["CVE-2021-0001"]);
    assert_eq!((&rows[0]["due"], &rows[0]["due_rule"]), (&json!("2021-04-11"), &json!("all")));
    house.write("underpin.toml", b"[[deadlines]]\nname = \"\"\ndays = 10\n");
    assert_eq!(house.run(&["findings"]).error_code(), "invalid-configuration");
}

#[test]
fn many_are_decided_at_once_and_only_when_they_are_as_many_as_was_shown() {
    let house = flawed();
    let decide = [
        "decisions",
        "make",
        "--package",
        "left",
        "--in-government",
        "--as",
        "under-investigation",
        "--reason",
        "we look",
    ];
    let with = |more: &[&'static str]| [&decide[..], more].concat();
    let shown = house.json(&with(&["--dry-run"]));
    assert_eq!((&shown["findings"], &shown["decisions"]), (&json!(4), &json!(2)));
    assert_eq!(house.json(&["decisions", "list"]), json!([]));
    assert_eq!(house.run(&with(&["--expect", "3"])).error_code(), "count-differs");
    assert_eq!(house.json(&["decisions", "list"]), json!([]));
    let made = house.json(&with(&["--expect", "2"]));
    assert_eq!(made["decisions"].as_array().map(Vec::len), Some(2));
    assert_eq!(rows(&house, &["--status", "under-investigation"]).len(), 4);
}

#[test]
fn an_agency_keeps_its_own_finding_open_against_a_wider_decision() {
    let house = flawed();
    let closed = ["--as", "not-affected", "--justification", "vulnerable-code-not-present", "--reason", "not built in"];
    house.json(&[&["decisions", "make", "CVE-2021-0001", "--in-government"][..], &closed].concat());
    assert_eq!(told(&house, &["CVE-2021-0001"]), [""; 0]);
    let own =
        ["decisions", "make", "CVE-2021-0001", "--in-agency", "tax", "--as", "affected", "--reason", "it is, here"];
    house.json(&[&own[..], &["--for-agency", "tax", "--viewer", "agency:tax:secret"]].concat());
    for viewer in ["operator", "agency:tax:secret", "agency:office:secret"] {
        assert_eq!(told(&house, &["CVE-2021-0001", "--viewer", viewer]), ["portal CVE-2021-0001"], "{viewer}");
    }
    let others = told(&house, &["CVE-2021-0001", "--status", "not-affected"]);
    assert_eq!(others, ["mail CVE-2021-0001"]);
}

#[test]
fn decisions_come_up_again_on_their_day() {
    let house = flawed();
    let make = |days: &[&'static str]| {
        let decide =
            ["decisions", "make", "CVE-2021-0001", "--in-government", "--as", "affected", "--reason", "we wait"];
        house.json(&[&decide[..], days].concat());
    };
    make(&["--review", "2090-01-02"]);
    make(&["--expires", "2090-01-01"]);
    make(&[]);
    let due = |more: &[&str]| -> Vec<String> {
        let listed = house.json(&[&["decisions", "list", "--due"][..], more].concat());
        let rows = listed.as_array().expect("a list").clone();
        rows.iter().map(|row| row["decision"].as_str().expect("a number").to_owned()).collect()
    };
    assert_eq!(due(&[]), [""; 0]);
    assert_eq!(due(&["--within", "40000"]), ["V2", "V1"]);
    assert_eq!(due(&["--as-of", "2090-01-03"]), ["V1"]);
}
