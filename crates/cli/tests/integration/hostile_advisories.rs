// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Hostile and broken advisories: each is told with a code, none stops a sync, and the good ones are in.

use serde_json::{Value, json};

use crate::documents::cyclonedx;
use crate::house::House;

/// A record about an npm package: affected before `fixed`.
fn record(id: &str, package: &str, fixed: &str) -> Value {
    json!({
        "id": id, "modified": "2026-02-01T00:00:00Z", "summary": "it breaks",
        "affected": [{
            "package": { "ecosystem": "npm", "name": package },
            "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": fixed }] }],
        }],
    })
}

fn with(mut record: Value, field: &str, value: Value) -> Value {
    record[field] = value;
    record
}

/// Lines of the hostile file: the package that each is about, and the text.
fn lines() -> Vec<String> {
    let aliases: Vec<String> = (0..10_000).map(|number| format!("CVE-2026-{number}")).collect();
    let html =
        with(record("HTML-1", "html", "2.0.0"), "summary", json!("<script>alert(1)</script>\u{1b}[2J\r\nAll is well"));
    let mut backwards = record("BACK-1", "backwards", "1.0.0");
    backwards["affected"][0]["ranges"][0]["events"][0] = json!({ "introduced": "3.0.0" });
    let records = [
        record("GOOD-1", "first", "2.0.0"),
        html,
        with(record("MANY-1", "many", "2.0.0"), "aliases", json!(aliases)),
        backwards,
        record("ABSURD-1", "long", &"9".repeat(200_000)),
        record("ABSURD-2", "odd", "\u{1f4a5}\u{0}../../etc"),
        record("SAME-1", "same", "2.0.0"),
        record("SAME-1", "other", "3.0.0"),
        with(record("FUTURE-1", "future", "2.0.0"), "modified", json!("2999-01-01T00:00:00Z")),
        with(record("PAST-1", "past", "2.0.0"), "modified", json!("some day")),
        with(record("CYCLE-A", "cycle", "2.0.0"), "aliases", json!(["CYCLE-B"])),
        with(record("CYCLE-B", "cycle", "2.0.0"), "aliases", json!(["CYCLE-C"])),
        with(record("CYCLE-C", "cycle", "2.0.0"), "aliases", json!(["CYCLE-A", "CYCLE-C"])),
        record("=cmd|'/C calc'!A0", "formula", "2.0.0"),
        record("", "nameless", "2.0.0"),
    ];
    let mut lines: Vec<String> = records.iter().map(Value::to_string).collect();
    lines.push(r#"{"id": "CUT-1", "affected": [{"package""#.to_owned());
    lines.push("no JSON at all".to_owned());
    lines.push(format!(
        r#"{{"id": "DEEP-1", "database_specific": {{"cwe": {}{}}}}}"#,
        "[".repeat(20_000),
        "]".repeat(20_000)
    ));
    lines.push(record("LAST-1", "last", "2.0.0").to_string());
    lines
}

const PACKAGES: [&str; 13] = [
    "first",
    "html",
    "many",
    "backwards",
    "long",
    "odd",
    "same",
    "other",
    "future",
    "past",
    "cycle",
    "formula",
    "last",
];

/// A house with a portal that uses every package in version 1.5.0, and the hostile folder beside it.
fn house() -> House {
    let house = House::new();
    house.write("registry.csv", b"kind,id,name,agency\nagency,city,City,\nsystem,portal,Portal,city\n");
    house.json(&["registry", "import", "registry.csv"]);
    let packages: Vec<String> = PACKAGES.iter().map(|name| format!("{name}@1.5.0")).collect();
    house.write("portal.json", &cyclonedx("portal", &packages));
    house.json(&["add", "portal.json", "--system", "portal"]);
    house.write("hostile/npm.jsonl", lines().join("\n").as_bytes());
    house
}

/// `code: place` of everything in a list of a feed's report; the file's name is left out.
fn told(feed: &Value, list: &str) -> Vec<String> {
    let place = |one: &Value| one["place"].as_str().expect("a place").replace("npm.jsonl: ", "");
    let rows = feed[list].as_array().expect("a list").iter();
    rows.map(|one| format!("{}: {}", one["code"].as_str().expect("a code"), place(one))).collect()
}

#[test]
fn each_is_told_with_a_code_and_the_good_ones_are_in() {
    let house = house();
    let report = house.json(&["watch", "sync", "--from", "hostile"]);
    let feed = &report["feeds"][0];
    assert_eq!((feed["feed"].as_str(), feed["outcome"].as_str()), (Some("osv/npm"), Some("new-edition")));
    assert_eq!(
        told(feed, "faults"),
        [
            "duplicate-record: line 8",
            "no-id: line 15",
            "unreadable-record: line 16",
            "unreadable-record: line 17",
            "too-deep: DEEP-1, line 1, column 172",
        ]
    );
    assert_eq!(
        told(feed, "remarks"),
        [
            "too-many-elements: MANY-1 /aliases",
            "range-backwards: BACK-1 /affected/0/ranges/0",
            "invalid-value: ABSURD-1 /affected/0/ranges/0",
            "text-too-long: ABSURD-1 /affected/0/ranges/0/events/1/fixed",
            "odd-version: ABSURD-2 /affected/0/ranges/0",
            "future-date: FUTURE-1",
            "invalid-time: PAST-1 /modified",
        ]
    );
    assert_eq!(feed["remarked"], 6);
    // Every code has a meaning.
    for line in told(feed, "faults").iter().chain(&told(feed, "remarks")) {
        let code = line.split(':').next().expect("a code");
        assert_eq!(house.json(&["explain", code])[0]["code"], code);
    }
    let found = house.json(&["findings", "--status", "all", "--sort", "package"]);
    let rows = found["rows"].as_array().expect("rows").iter();
    let text = |row: &Value, field: &str| row[field].as_str().expect("a text").to_owned();
    let mut rows: Vec<String> = rows
        .map(|row| format!("{} {} {}", text(row, "package"), text(row, "vulnerability"), text(row, "status")))
        .collect();
    rows.sort();
    let expected = [
        "cycle CYCLE-A open",
        "first GOOD-1 open",
        "formula =cmd|'/C calc'!A0 open",
        "future FUTURE-1 open",
        "html HTML-1 open",
        "last LAST-1 open",
        "long ABSURD-1 unknown",
        "many MANY-1 open",
        "odd ABSURD-2 unknown",
        "other SAME-1 open",
        "past PAST-1 open",
        "same SAME-1 open",
    ];
    let expected: Vec<String> =
        expected.iter().map(|row| format!("pkg:npm/{}", row.replacen(' ', "@1.5.0 ", 1))).collect();
    assert_eq!(rows, expected);
    assert_eq!(house.json(&["watch", "sync", "--from", "hostile"])["feeds"][0]["outcome"], "unchanged");
}

#[test]
fn nothing_of_it_steers_a_terminal_or_a_spreadsheet() {
    let house = house();
    let synced = house.run(&["watch", "sync", "--from", "hostile"]);
    assert_eq!(synced.code, Some(0), "{synced:?}");
    assert!(synced.stdout.contains("6 records were taken although something is odd about them"), "{synced:?}");
    let texts = [
        synced.stdout,
        house.run(&["findings", "--text", "script"]).stdout,
        house.run(&["explain", "portal", "HTML-1"]).stdout,
        house.run(&["explain", "portal", "ABSURD-2"]).stdout,
        house.run(&["upgrades"]).stdout,
        house.run(&["watch", "status"]).stdout,
    ];
    for text in &texts {
        assert!(text.len() > 50, "{text}");
        assert!(text.chars().all(|letter| letter == '\n' || !letter.is_control()), "{text:?}");
        assert!(!text.lines().any(|line| line == "All is well"), "{text}");
    }
    let csv = house.run(&["findings", "--package", "formula", "--format", "csv"]).stdout;
    assert!(csv.contains("\"'=cmd|'/C calc'!A0\""), "{csv}");
}
