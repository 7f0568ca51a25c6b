// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reporting clocks, roles and the log of requests from the outside: words in, answers and folders out, and nothing is overwritten.

use serde_json::json;

use crate::documents::cyclonedx;
use crate::house::House;

const CLOCK: &str = "cra-exploited-vulnerability";

fn house() -> House {
    let house = House::new();
    let registry = "[[agency]]\nid = \"city\"\nname = \"City\"\n\n[[system]]\nid = \"portal\"\nname = \"Portal\"\nagency = \"city\"\n";
    house.write("registry.toml", registry.as_bytes());
    house.json(&["registry", "import", "registry.toml"]);
    house.write("portal.json", &cyclonedx("portal", &["left@1.0".to_owned()]));
    house.json(&["add", "portal.json", "--system", "portal"]);
    house.json(&["incident", "open", "left", "--title", "Left"]);
    house
}

#[test]
fn a_clock_is_begun_told_drafted_and_exported() {
    let house = house();
    assert_eq!(house.json(&["incident", "clock", "list"])["rows"], json!([]));
    assert_eq!(house.run(&["incident", "clock", "list", "--fail-on", "late"]).code, Some(0));
    let fresh = house.run(&["incident", "clock", "show", "I1"]);
    assert!(fresh.stdout.contains("not-begun") && fresh.stdout.contains("Article 14(2)(a)"), "{}", fresh.stdout);
    let told = format!("{}{}", fresh.stdout, fresh.stderr);
    assert!(told.contains("no time zone is set") && told.contains("no country is set"), "{told}");
    let confirm = ["incident", "clock", "confirm", "I1", CLOCK, "--whom", "agency city", "--role", "manufacturer"];
    let aware = ["--aware", "2026-09-20T10:00:00Z", "--note", "we publish it"];
    let row = house.json(&confirm.into_iter().chain(aware).collect::<Vec<_>>());
    let clock = &row["clocks"][0];
    assert_eq!(
        (&clock["clock"], &clock["state"], &clock["roles"]),
        (&json!(CLOCK), &json!("late"), &json!(["manufacturer"]))
    );
    assert_eq!(clock["steps"][0]["due"], "2026-09-21T10:00:00Z");
    assert_eq!(house.run(&["incident", "clock", "list", "--fail-on", "late"]).code, Some(1));
    let wrong = ["incident", "clock", "confirm", "I1", CLOCK, "--role", "essential-entity"];
    assert_eq!(house.run(&wrong).error_code(), "invalid-clock-event");
    assert_eq!(house.run(&["incident", "clock", "tell", "I1", CLOCK, "handed-in"]).error_code(), "usage");

    house.write("receipt.pdf", b"received");
    let sent =
        ["incident", "clock", "tell", "I1", CLOCK, "handed-in", "--whom", "agency city", "--step", "early-warning"];
    let with = ["--at", "2026-09-21T09:00:00Z", "--proof", "receipt", "--evidence", "receipt.pdf", "--evidence", "D1"];
    let row = house.json(&sent.into_iter().chain(with).collect::<Vec<_>>());
    assert_eq!(row["clocks"][0]["steps"][0]["state"], "done-in-time");
    let evidence = &row["clocks"][0]["history"][2]["evidence"];
    assert_eq!((&evidence[0]["name"], &evidence[1]["name"]), (&json!("receipt.pdf"), &json!("document D1")));
    assert_eq!(evidence[0]["sha256"].as_str().map(str::len), Some(64));
    let mend =
        ["incident", "clock", "tell", "I1", CLOCK, "became-aware", "--at", "2026-09-19T08:00:00Z", "--amends", "2"];
    let row = house.json(&mend);
    assert_eq!(row["clocks"][0]["steps"][0]["state"], "done-late", "the correction counts at once");
    assert_eq!(row["clocks"][0]["history"].as_array().map(Vec::len), Some(4), "and erases nothing");

    let draft = house.run(&["incident", "clock", "draft", "I1", CLOCK, "notification"]);
    assert!(
        draft.stdout.contains("NOT KNOWN in this house.") && draft.stdout.contains("Bound as: manufacturer"),
        "{}",
        draft.stdout
    );
    let german = house.run(&["incident", "clock", "draft", "I1", CLOCK, "notification", "--german"]);
    assert!(german.stdout.contains("In diesem Haus NICHT BEKANNT."), "{}", german.stdout);
    let export = ["incident", "clock", "export", "I1", CLOCK, "final-report", "--output", "report"];
    let names: Vec<_> =
        house.json(&export)["files"].as_array().expect("files").iter().map(|file| file["name"].clone()).collect();
    assert_eq!(names, ["clock.json", "report.de.txt", "report.en.txt", "report.json", "SHA256SUMS"]);
    assert_eq!(house.run(&export).error_code(), "exists");
}

#[test]
fn roles_are_asked_kept_and_judged_from_files() {
    let house = house();
    let asked = house.run(&["law", "role", "forms", "--agency", "city"]);
    assert!(
        asked.stdout.contains("next: Is it no product of the law") && asked.stdout.contains("why: "),
        "{}",
        asked.stdout
    );
    let answers = ["law", "role", "forms", "--agency", "city", "--answer", "outside-product-scope=no"];
    house.json(&answers);
    let own = ["law", "role", "forms", "--agency", "city", "--answer", "own-use-only=yes", "--source", "the contract"];
    let found = house.json(&own);
    assert_eq!((&found["answer"], &found["role"]), (&json!("decided"), &json!("own-use")));
    let history = house.json(&["law", "role", "forms", "--agency", "city", "--history"]);
    assert_eq!(history["rows"].as_array().map(Vec::len), Some(2));
    assert_eq!(house.json(&["law", "roles"])["rows"][0]["earlier"], 1);
    for (words, code) in [
        (&["law", "role", "forms", "--agency", "city", "--answer", "own-use-only"][..], "usage"),
        (&["law", "role", "forms", "--agency", "city", "--answer", "prise=yes"], "usage"),
        (&["law", "role", "forms", "--agency", "city", "--answer", "price=perhaps"], "usage"),
        (&["law", "role", "My Forms", "--agency", "city", "--answer", "price=no"], "invalid-law-role"),
        (&["law", "role"], "usage"),
    ] {
        assert_eq!(house.run(words).error_code(), code, "{words:?}");
    }
    house.write("answers.toml", b"[answers]\nprice = true\nown-use-only = true\n");
    let judged = house.json(&["law", "role", "--answers", "answers.toml"]);
    assert_eq!(judged["answer"], "needs-a-lawyer", "what contradicts itself is for a lawyer");
    assert_eq!(house.json(&["law", "roles"])["rows"].as_array().map(Vec::len), Some(1), "nothing was kept");
    let examples = house.json(&["law", "examples"]);
    let all = examples["examples"].as_array().expect("examples");
    assert!(all.len() >= 40 && all.iter().all(|row| row["agrees"] == true));
}

#[test]
fn a_log_of_requests_and_a_pack_that_invents_nothing() {
    let house = house();
    let add = [
        "law",
        "requests",
        "add",
        "--authority",
        "Market surveillance",
        "--about",
        "The policy",
        "--due",
        "2026-10-01",
    ];
    let at = ["--at", "2026-09-20"];
    assert_eq!(house.json(&add.into_iter().chain(at).collect::<Vec<_>>())["rows"][0]["state"], "late");
    assert_eq!(house.run(&["law", "requests", "answer", "9", "--with", "x"]).error_code(), "unknown-authority-request");
    let answer = ["law", "requests", "answer", "1", "--with", "The policy", "--at", "2026-09-25"];
    assert_eq!(house.json(&answer)["rows"][0]["state"], "answered");
    house.json(&["law", "steward-pack", "--output", "pack", "--authority", "Market surveillance"]);
    let text = std::fs::read_to_string(house.path("pack/steward-pack.en.md")).expect("a file");
    assert!(
        text.contains("MISSING: nothing in this house shows it.") && text.contains("Market surveillance"),
        "{text}"
    );
    let agency = house.run(&["law", "steward-pack", "--output", "other", "--viewer", "agency:city"]);
    assert_eq!(agency.error_code(), "not-allowed");
    assert!(!house.path("other").exists());
}

#[test]
fn what_the_configuration_says_of_the_law_is_checked() {
    let house = house();
    house.write("underpin.toml", b"[law]\ntime_zone = \"Europe/Berlin\"\ncountry = \"DE\"\n");
    let place = house.json(&["incident", "clock", "show", "I1"])["place"].clone();
    assert_eq!(
        (&place["time_zone"], &place["is_zone_set"], &place["country"]),
        (&json!("Europe/Berlin"), &json!(true), &json!("DE"))
    );
    for wrong in ["time_zone = \"Berlin\"", "country = \"Germany\"", "holidays = [\"25.12.\"]", "zone = \"UTC\""] {
        house.write("underpin.toml", format!("[law]\n{wrong}\n").as_bytes());
        assert_eq!(house.run(&["incident", "list"]).error_code(), "invalid-configuration", "{wrong}");
    }
}
