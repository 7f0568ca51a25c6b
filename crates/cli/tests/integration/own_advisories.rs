// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The office's own advisories, as they are called: they hit like any other, for those who may see them, and carry their mark.

use serde_json::{Value, json};

use crate::documents::cyclonedx;
use crate::house::House;

/// Two agencies with a system each; both use `left` 1.0.
fn two_agencies() -> House {
    let house = House::new();
    let registry = "[[agency]]\nid = \"tax\"\nname = \"Tax\"\n\n[[agency]]\nid = \"mint\"\nname = \"Mint\"\n\n\
        [[system]]\nid = \"levy\"\nname = \"Levy\"\nagency = \"tax\"\n\n\
        [[system]]\nid = \"coins\"\nname = \"Coins\"\nagency = \"mint\"\n";
    house.write("registry.toml", registry.as_bytes());
    house.json(&["registry", "import", "registry.toml"]);
    for system in ["levy", "coins"] {
        house.write(&format!("{system}.json"), &cyclonedx(system, &["left@1.0".to_owned()]));
        house.json(&["add", &format!("{system}.json"), "--system", system]);
    }
    house
}

const ADD: &[&str] = &[
    "watch",
    "advisories",
    "add",
    "--id",
    "OFFICE-1",
    "--package",
    "pkg:npm/left",
    "--fixed",
    "1.1",
    "--summary",
    "It leans left",
    "--severity",
    "critical",
    "--alias",
    "CVE-2026-4242",
    "--tlp",
    "amber",
    "--audience",
    "tax",
];

fn findings(house: &House, viewer: &str) -> Value {
    house.json(&["findings", "--viewer", viewer])
}

#[test]
fn an_own_advisory_hits_for_its_audience_and_for_nobody_else() {
    let house = two_agencies();
    let before = findings(&house, "agency:mint");
    assert_eq!(house.json(ADD), json!({ "id": "OFFICE-1", "tlp": "amber" }));

    let all = findings(&house, "operator");
    assert_eq!((&all["total"], &all["freshness"]["own"]), (&json!(2), &json!(1)));
    let row = &all["rows"][0];
    assert_eq!(
        (&row["vulnerability"], &row["tlp"], &row["severity"], &row["has_fix"]),
        (&json!("CVE-2026-4242"), &json!("amber"), &json!("critical"), &json!(true))
    );
    let tax = findings(&house, "agency:tax");
    assert_eq!((&tax["total"], &tax["rows"][0]["system"]), (&json!(1), &json!("levy")));

    // The mint learns nothing: not the finding, not the names, not that there is an advisory.
    let mint = findings(&house, "agency:mint");
    assert_eq!((&mint["total"], &mint["rows"], &mint["freshness"]), (&json!(0), &before["rows"], &before["freshness"]));
    assert_eq!(house.json(&["where", "OFFICE-1", "--viewer", "agency:tax"])["systems"], 1);
    for (name, other) in [("CVE-2026-4242", "CVE-2026-9999"), ("OFFICE-1", "OFFICE-9")] {
        let unknown = |name: &str| {
            let done = house.run(&["where", name, "--viewer", "agency:mint", "--as-of", "2026-12-30"]);
            (done.stdout.replace(name, ""), done.stderr.replace(name, ""), done.code)
        };
        assert_eq!(unknown(name), unknown(other));
        let explained = house.run(&["explain", "coins", name, "--viewer", "agency:mint"]);
        assert_eq!(explained.error_code(), "not-found");
    }
    assert_eq!(house.json(&["watch", "advisories", "list", "--viewer", "agency:mint"]), json!([]));
}

#[test]
fn the_mark_travels_with_every_answer() {
    let house = two_agencies();
    house.json(ADD);
    let said = |call: &[&str]| house.run(call).stdout;
    assert!(said(&["findings"]).contains("[TLP:AMBER]"));
    assert!(said(&["where", "CVE-2026-4242"]).contains("TLP:AMBER"));
    assert!(said(&["explain", "levy", "OFFICE-1"]).contains("TLP:AMBER"));
    assert!(said(&["findings", "--format", "csv"]).lines().nth(1).is_some_and(|line| line.contains(",\"amber\",")));
    assert_eq!(house.json(&["upgrades"])["rows"][0]["tlp"], "amber");
    let decide = ["decisions", "make", "CVE-2026-4242", "--purl", "pkg:npm/left@1.0", "--in-government"];
    house.json(
        &[
            &decide[..],
            &["--as", "not-affected", "--justification", "vulnerable-code-not-present", "--reason", "cut out"],
        ]
        .concat(),
    );
    assert_eq!(house.json(&["decisions", "list"])[0]["tlp"], "amber");
    assert!(said(&["decisions", "list"]).contains("[TLP:AMBER]"));
    let export = ["decisions", "export", "--as", "openvex", "--publisher", "https://office.example"];
    assert_eq!(house.run(&[&export[..], &["--tlp", "green"]].concat()).error_code(), "marked-stricter");
    assert!(house.run(&[&export[..], &["--tlp", "amber"]].concat()).stdout.contains("not_affected"));
}

#[test]
fn a_decision_tells_nobody_of_an_advisory_that_is_not_for_them() {
    let house = two_agencies();
    house.json(ADD);
    let place = ["decisions", "make", "OFFICE-1", "--in-government", "--as", "affected", "--reason", "it is used"];
    house.json(&place);
    let listed = |viewer: &str| house.json(&["decisions", "list", "--viewer", viewer]);
    assert_eq!(listed("agency:tax")[0]["vulnerability"], "OFFICE-1");
    assert_eq!(listed("agency:mint"), json!([]));
}

#[test]
fn a_malicious_package_of_ones_own_carries_its_mark() {
    let house = two_agencies();
    house.json(&["watch", "advisories", "add", "--id", "MAL-2026-1", "--package", "pkg:npm/left", "--tlp", "green"]);
    let had = ["had", "left", "--from", "2026-01-01", "--until", "2027-01-01"];
    assert_eq!(house.json(&had)["malicious"][0]["tlp"], "green");
    assert!(house.run(&had).stdout.contains("MAL-2026-1 [TLP:GREEN]"));
}

#[test]
fn versions_follow_each_other_and_the_past_stays() {
    let house = two_agencies();
    house.json(ADD);
    let wider: Vec<&str> = ADD.iter().map(|word| if *word == "1.1" { "0.9" } else { word }).collect();
    house.json(&wider);
    assert_eq!(findings(&house, "operator")["total"], 0, "1.0 is beyond the fix now");
    house.json(ADD);
    house.json(&["watch", "advisories", "withdraw", "OFFICE-1", "--reason", "mistaken"]);
    assert_eq!(findings(&house, "operator")["total"], 0);
    let gone = house.run(&["watch", "advisories", "withdraw", "OFFICE-1", "--reason", "again"]);
    assert_eq!(gone.error_code(), "unknown-advisory");
}

#[test]
fn what_says_nothing_is_refused_with_the_reason() {
    let house = two_agencies();
    house.write("empty.json", br#"{"id":"OFFICE-2","modified":"2026-01-01T00:00:00Z"}"#);
    house.write("broken.json", b"{");
    for (call, code) in [
        (vec!["watch", "advisories", "add", "empty.json"], "invalid-advisory"),
        (vec!["watch", "advisories", "add", "broken.json"], "invalid-advisory"),
        (vec!["watch", "advisories", "add", "missing.json"], "not-found"),
        (vec!["watch", "advisories", "add", "--id", "X", "--package", "left"], "usage"),
        (vec!["watch", "advisories", "add", "--id", "X", "--package", "pkg:npm/left@1.0"], "usage"),
        (
            vec!["watch", "advisories", "add", "--id", "X", "--package", "pkg:npm/left", "--audience", "nobody"],
            "unknown-agency",
        ),
        (
            vec!["watch", "advisories", "add", "--id", "X", "--package", "pkg:npm/left", "--viewer", "agency:tax"],
            "not-allowed",
        ),
    ] {
        assert_eq!(house.run(&call).error_code(), code, "{call:?}");
    }
}

const CUT_OUT: &[&str] =
    &["--as", "not-affected", "--justification", "vulnerable-code-not-present", "--reason", "cut out"];

#[test]
fn in_sql_every_row_has_its_mark_and_the_answer_the_strictest() {
    let house = two_agencies();
    house.json(&["watch", "advisories", "add", "--id", "OPEN-1", "--package", "pkg:npm/left", "--tlp", "green"]);
    let count = ["sql", "SELECT count(*) AS n FROM finding WHERE vulnerability = 'OPEN-1'"];
    assert_eq!(house.json(&count)["tlp"], "green");
    house.json(ADD);
    for table in ["finding", "match", "vulnerability"] {
        let query = format!("SELECT DISTINCT vulnerability, tlp FROM {table} ORDER BY vulnerability");
        let found = house.json(&["sql", &query]);
        let rows = json!([
            { "vulnerability": "CVE-2026-4242", "tlp": "amber" },
            { "vulnerability": "OPEN-1", "tlp": "green" },
        ]);
        assert_eq!((&found["rows"], &found["tlp"]), (&rows, &json!("amber")), "{table}");
    }
    // What was asked about may have been left out because of what is marked: a count tells, too.
    assert_eq!(house.json(&count)["tlp"], "amber");
    assert!(house.run(&count).stdout.contains("TLP:AMBER"));
    let mint = house.json(&["sql", count[1], "--viewer", "agency:mint"]);
    assert_eq!((&mint["tlp"], &mint["rows"][0]["n"]), (&json!("green"), &json!(1)));
    assert_eq!(house.json(&["sql", "SELECT count(*) AS n FROM system"])["tlp"], Value::Null);
}

#[test]
fn a_decision_keeps_its_mark_when_the_advisory_is_taken_back() {
    let house = two_agencies();
    house.json(ADD);
    // Another advisory goes on about the same vulnerability.
    let other =
        ["watch", "advisories", "add", "--id", "OPEN-1", "--package", "pkg:npm/left", "--alias", "CVE-2026-4242"];
    house.json(&[&other[..], &["--tlp", "clear"]].concat());
    let decide = |name: &str| {
        let place = ["decisions", "make", name, "--purl", "pkg:npm/left@1.0", "--in-agency", "tax"];
        house.json(&[&place[..], CUT_OUT].concat());
    };
    decide("CVE-2026-4242");
    house.json(&["watch", "advisories", "withdraw", "OFFICE-1", "--reason", "mistaken"]);
    let export = ["decisions", "export", "--as", "openvex", "--publisher", "https://office.example", "--tlp", "clear"];
    assert_eq!(house.run(&export).error_code(), "marked-stricter");
    assert_eq!(house.json(&["decisions", "list"])[0]["tlp"], "amber");
    // What was decided since then rests on what everybody may know.
    house.json(&["decisions", "withdraw", "V1", "--reason", "again"]);
    decide("CVE-2026-4242");
    assert_eq!(house.json(&["decisions", "list"])[0]["tlp"], "clear");
    assert!(house.run(&export).stdout.contains("not_affected"));
}

#[test]
fn who_decides_is_told_when_readers_may_not_know() {
    let house = two_agencies();
    house.json(ADD);
    let decide = |name: &str, place: &[&str]| {
        let made = house.json(&[&["decisions", "make", name, "--purl", "pkg:npm/left@1.0"], place, CUT_OUT].concat());
        made["note"].as_str().map(str::to_owned)
    };
    let bulk = ["decisions", "make", "--system", "coins", "--in-system", "coins", "--expect", "1"];
    assert!(house.json(&[&bulk[..], CUT_OUT].concat())["note"].is_string());
    for place in [&["--in-government"][..], &["--in-agency", "mint"], &["--in-system", "coins"]] {
        let note = decide("CVE-2026-4242", place).unwrap_or_default();
        assert!(note.starts_with("OFFICE-1 is marked TLP:AMBER;"), "{place:?}: {note}");
        assert_eq!(decide("office-1", place), None, "its own name is shown to nobody else");
    }
    for place in [&["--in-agency", "tax"][..], &["--in-system", "levy"]] {
        assert_eq!(decide("CVE-2026-4242", place), None, "{place:?}");
    }
}

#[test]
fn the_case_of_a_name_does_not_matter() {
    let house = two_agencies();
    house.json(ADD);
    let found = |name: &str| house.json(&["where", name])["rows"].clone();
    assert_eq!(found("OFFICE-1").as_array().map(Vec::len), Some(2));
    assert_eq!(found("office-1"), found("OFFICE-1"));
}
