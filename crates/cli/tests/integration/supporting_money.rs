// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What projects publish about money and about themselves, on the command line: from files that somebody gives and from real clones. No
//! word of a person gets into the ledger, an answer or a log.

use std::path::Path;

use serde_json::{Value, json};

use crate::house::House;
use crate::supporting_signals::{clone, commit, house};

const MANIFEST: &str = r#"{"version": "v1.0.0",
  "entity": {"type": "individual", "name": "Quentin Zephyr", "email": "quentin@zephyr.example", "webpageUrl": {"url": "https://zephyr.example"}},
  "projects": [{"guid": "alpha", "name": "Quentin's alpha", "repositoryUrl": {"url": "https://github.com/o/alpha"}}],
  "funding": {
    "channels": [{"type": "payment-provider", "address": "https://github.com/sponsors/qzephyr"}, {"type": "bank", "address": "Quentin Zephyr, 0815"}],
    "plans": [{"status": "active", "name": "For Quentin", "amount": 50, "currency": "GBP", "frequency": "monthly"}],
    "history": [{"year": 2026, "income": 4000, "currency": "GBP", "description": "Quentin"}, {"year": 2025, "income": 12.5, "currency": "EUR"}]}}"#;
const YML: &str = "github: [qzephyr]\nopen_collective: alpha\ncustom: https://zephyr.example/quentin\n";
const ACCOUNTS: &str = "Item;Date;From;To;Amount;Currency\nFor Quentin;22.4.2026;GitHub Sponsors;github.com/qzephyr;843,59;EUR\n\
                        x;1.5.2026;Hedwig Quist;Quentin Zephyr;10;EUR\nx;morgen;Hedwig Quist;Quentin Zephyr;10;EUR\n";
const INSIGHTS: &str = "header:\n  schema-version: 2.2.0\nproject:\n  administrators:\n  - name: Quentin Zephyr\n    email: quentin@zephyr.example\n  \
                        vulnerability-reporting:\n    reports-accepted: true\n    policy: https://github.com/o/alpha/blob/main/SECURITY.md\n\
                        repository:\n  status: active\n  accepts-change-request: false\n  accepts-automated-change-request: false\n";
/// Words of people in the files.
const PEOPLE: [&str; 5] = ["zephyr", "quentin", "hedwig", "quist", "0815"];

fn nobody(what: &str, text: &str) {
    let text = text.to_lowercase();
    for word in PEOPLE {
        assert!(!text.contains(word), "{what} has {word}: {text}");
    }
}

/// Every byte below a folder: the ledger, its backups, logs.
fn nobody_below(folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            nobody_below(&entry.path());
        } else {
            let bytes = std::fs::read(entry.path()).expect("a file");
            nobody(&entry.path().display().to_string(), &String::from_utf8_lossy(&bytes));
        }
    }
}

/// A promise for alpha through 2026.
fn promise(house: &House) {
    house.json(&[
        "commitment",
        "propose",
        "alpha",
        "--activity",
        "audit",
        "--from",
        "2026-01-01",
        "--until",
        "2026-12-31",
        "--milestone",
        "2026-06-01 1000 A report",
        "--reason",
        "why",
    ]);
}

#[test]
fn files_of_a_project_are_read_without_its_people() {
    let house = house();
    for (name, text) in [
        ("funding.json", MANIFEST),
        ("FUNDING.yml", YML),
        ("accounting.csv", ACCOUNTS),
        ("SECURITY-INSIGHTS.yml", INSIGHTS),
    ] {
        house.write(name, text.as_bytes());
        let done = house.run(&["facts", name, "--project", "alpha", "--format", "json"]);
        assert_eq!(done.answer()["is_new"], true, "{name}");
        nobody(name, &format!("{}{}", done.stdout, done.stderr));
        std::fs::remove_file(house.path(name)).expect("removed");
    }
    promise(&house);
    let found = house.json(&["funding", "alpha"]);
    let rows = found["rows"].as_array().expect("a list");
    let of = |kind: &str| rows.iter().filter(|row| row["kind"] == kind).collect::<Vec<_>>();
    let ways: Vec<&Value> = of("door").iter().map(|row| &row["platform"]).collect();
    assert_eq!(ways, ["github-sponsors", "bank", "other", "github-sponsors", "open-collective"]);
    let wish = of("wish")[0];
    assert_eq!(
        (&wish["amount_hundredths"], &wish["currency"], &wish["is_money"]),
        (&json!(5000), &json!("GBP"), &json!(false))
    );
    let history = of("history")[0];
    assert_eq!((&history["amount_hundredths"], &history["payer_kind"]), (&json!(400_000), &json!("unknown")));
    let payers: Vec<&Value> = of("accounts").iter().map(|row| &row["payer_kind"]).collect();
    assert_eq!(payers, ["withheld", "platform"]);
    // Pounds are not added up, and what two files tell of 2026 counts once.
    assert_eq!(
        found["years"],
        json!([{ "year": 2025, "own_cents": 0, "others_cents": 1250 }, { "year": 2026, "own_cents": 0, "others_cents": 85_359 }])
    );
    let warnings = found["warnings"].as_array().expect("a list");
    let told: Vec<_> = warnings
        .iter()
        .map(|one| (one["other_kind"].as_str(), one["strength"].as_str(), one["common_days"].as_i64()))
        .collect();
    assert_eq!(
        told,
        [
            (Some("history"), Some("maybe"), Some(364)),
            (Some("accounts"), Some("maybe"), Some(1)),
            (Some("accounts"), Some("maybe"), Some(1)),
        ]
    );
    let gaps = found["gaps"].as_array().expect("a list");
    assert!(gaps.iter().any(|gap| gap["form"] == "accounts" && gap["what"] == "unreadable-day"), "{gaps:?}");
    let shown = house.json(&["commitment", "show", "K1"]);
    assert_eq!(shown["double_funding"].as_array().map(Vec::len), Some(3));
    let money = house.json(&["project", "alpha"])["standing"]["money"].clone();
    assert_eq!((&money["own"], &money["others"], &money["warnings"]), (&json!(1), &json!(4), &json!(3)));
    let card = house.json(&["contact", "facts", "alpha"]);
    assert_eq!((&card["accepts_reports"], &card["accepts_changes"]), (&json!(true), &json!(false)));
    assert_eq!(card["sources"]["accepts_changes"]["told_by"], "insights");
    assert_eq!(card["addresses"]["security_policy"], "https://github.com/o/alpha/blob/main/SECURITY.md");
    for command in
        [&["funding"][..], &["funding", "--format", "csv"], &["audit", "list"], &["contact", "facts", "alpha"]]
    {
        nobody(&command.join(" "), &house.run(command).stdout);
    }
    nobody_below(&house.path(""));
}

#[test]
fn a_clone_tells_of_money_and_fills_the_card() {
    let house = house();
    let folder = house.path("alpha.git");
    if !clone(&folder, "https://github.com/o/alpha") {
        return;
    }
    std::fs::create_dir_all(folder.join(".github")).expect("a folder");
    for (name, text) in [
        (".github/FUNDING.yml", YML),
        ("funding.json", MANIFEST),
        ("SECURITY-INSIGHTS.yml", INSIGHTS),
        ("SECURITY.md", "# Security\n\nWrite in private.\n"),
    ] {
        commit(&folder, name, text, "ada", "2026-02-03T12:00:00Z");
    }
    // What lies in the work tree alone is not looked at.
    std::fs::write(folder.join("accounting.csv"), ACCOUNTS).expect("writes");
    house.json(&["--as-of", "2026-02-10", "signals", "alpha.git", "--project", "alpha", "--keep"]);
    let found = house.json(&["funding", "alpha"]);
    let rows = found["rows"].as_array().expect("a list");
    assert!(rows.iter().all(|row| row["read_from"] == "clone" && row["told"] == "2026-02-10T00:00:00Z"), "{rows:?}");
    assert!(rows.iter().all(|row| row["kind"] != "accounts"), "{rows:?}");
    assert_eq!(rows.iter().filter(|row| row["kind"] == "history").count(), 2);
    let card = house.json(&["contact", "facts", "alpha"]);
    let source = |name: &str| card["sources"][name]["told_by"].clone();
    assert_eq!((&card["accepts_changes"], source("accepts_changes")), (&json!(false), json!("clone")));
    assert_eq!((&card["active_maintainers"], source("active_maintainers")), (&json!(2), json!("clone")));
    assert_eq!(card["addresses"]["stated"], "https://github.com/o/alpha/blob/HEAD/CONTRIBUTING.md");
    // What the office writes down wins, and the rest stays.
    house.write("facts.toml", b"accepts_changes = true\n");
    house.json(&["contact", "facts", "alpha", "--from", "facts.toml"]);
    let card = house.json(&["contact", "facts", "alpha"]);
    assert_eq!(
        (&card["accepts_changes"], &card["sources"]["accepts_changes"]["told_by"]),
        (&json!(true), &json!("office"))
    );
    assert_eq!(card["accepts_reports"], true);
    // A newer file that somebody gives stands in for the one of the clone.
    house.write("FUNDING.yml", b"liberapay: qzephyr\n");
    house.json(&["facts", "FUNDING.yml", "--project", "alpha"]);
    std::fs::remove_file(house.path("FUNDING.yml")).expect("removed");
    let rows = house.json(&["funding", "alpha"])["rows"].clone();
    let yml: Vec<&Value> = rows
        .as_array()
        .expect("a list")
        .iter()
        .filter(|row| row["form"] == "funding-yml")
        .map(|row| &row["platform"])
        .collect();
    assert_eq!(yml, ["liberapay"]);
    std::fs::remove_dir_all(&folder).expect("removed");
    nobody_below(&house.path(""));
}

#[test]
fn what_is_no_such_file_is_refused() {
    let house = house();
    house.write("funding.json", b"{\"opRetro\": {}}");
    house.write("notes.toml", b"");
    assert_eq!(house.run(&["facts", "funding.json", "--project", "alpha"]).error_code(), "project-facts");
    assert_eq!(house.run(&["facts", "notes.toml", "--project", "alpha"]).error_code(), "usage");
    assert_eq!(house.json(&["funding"])["rows"], json!([]));
}
