// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The catalogue and the register of exemptions from the outside: clones in, answers and files out, and nobody named.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::documents::cyclonedx;
use crate::house::House;

const LONG: &str = "Citizens fill these in: officials make them without programming, they work without scripts, they speak two languages, \
    and what was filled in stays in the agency that asked for it.";

fn git(folder: &Path, arguments: &[&str]) -> bool {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
    for who in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{who}_NAME"), "Zwirbelina")
            .env(format!("GIT_{who}_EMAIL"), "zwirbelina@secret.example")
            .env(format!("GIT_{who}_DATE"), "2026-01-01T00:00:00Z");
    }
    command.output().is_ok_and(|done| done.status.success())
}

fn publiccode(address: &str) -> String {
    format!(
        "publiccodeYmlVersion: '0.7'\nname: Forms\nurl: {address}\nplatforms: [web]\ncategories: [document-management]\n\
         developmentStatus: stable\nsoftwareType: standalone/web\ndescription:\n  en:\n    shortDescription: Forms that citizens fill in\n    \
         longDescription: >-\n      {LONG}\n    features: [forms]\nlegal:\n  license: MIT\n  mainCopyrightOwner: Zwirbelina\n\
         maintenance:\n  type: internal\n  contacts:\n    - name: Zwirbelina\n      email: zwirbelina@secret.example\n\
         localisation:\n  localisationReady: true\n  availableLanguages: [en]\n"
    )
}

/// A clone below a folder; false without git.
fn clone(house: &House, name: &str, files: &[(&str, &str)], origin: &str) -> bool {
    for (file, text) in files {
        house.write(&format!("{name}/{file}"), text.as_bytes());
    }
    let folder = house.path(name);
    let steps: [&[&str]; 4] = [
        &["init", "--quiet", "--initial-branch=main"],
        &["add", "--all"],
        &["commit", "--quiet", "--message", "begin"],
        &["remote", "add", "origin", origin],
    ];
    steps.iter().all(|step| git(&folder, step))
}

/// Two agencies that built the same, one of them with a system that runs it.
fn house() -> Option<House> {
    let house = House::new();
    let registry = "[[agency]]\nid = \"city\"\nname = \"City\"\n\n[[agency]]\nid = \"health\"\nname = \"Health\"\n\n\
        [[system]]\nid = \"portal\"\nname = \"Portal\"\nagency = \"city\"\n\n[[system]]\nid = \"ward\"\nname = \"Ward\"\nagency = \"health\"\n";
    house.write("registry.toml", registry.as_bytes());
    house.json(&["registry", "import", "registry.toml"]);
    let forms = publiccode("https://git.gov.example/city/forms");
    let other = publiccode("https://git.gov.example/health/forms");
    let is_made = clone(&house, "clones/city/forms", &[("publiccode.yml", &forms), ("a.rs", "fn a() {}\n")], "x")
        && clone(&house, "clones/health/forms.git", &[("publiccode.yml", &other), ("a.rs", "fn a() {}\n")], "x")
        && clone(&house, "clones/city/tool", &[("README.md", "# A tool\n")], "git@git.gov.example:city/Tool.git")
        && clone(&house, "clones/city/lost", &[("README.md", "# Lost\n")], "/srv/lost");
    if !is_made {
        underpin_testkit::skip("git");
        return None;
    }
    house.write("clones/list.csv", b"agency,path,visibility\ncity,city,public\nhealth,health,\n");
    Some(house)
}

fn crawled(house: &House) -> Value {
    house.json(&["catalogue", "crawl", "--list", "clones/list.csv"])
}

fn holds_none(folder: &Path, words: &[&str]) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            holds_none(&path, words);
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file");
        for word in words {
            assert!(!bytes.windows(word.len()).any(|part| part == word.as_bytes()), "{word} in {}", path.display());
        }
    }
}

#[test]
fn clones_are_looked_at_and_nobody_is_kept() {
    let Some(house) = house() else { return };
    let found = crawled(&house);
    assert_eq!([&found["found"], &found["new"], &found["changed"]], [3, 3, 0], "{found}");
    assert_eq!(found["rows"][0]["code"], "no-address", "{found}");
    assert_eq!(crawled(&house)["changed"], 0);
    let list = house.json(&["catalogue", "list"]);
    let told: Vec<[&Value; 4]> = list["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| [&row["address"], &row["name"], &row["visibility"], &row["licence"]])
        .collect();
    let null = Value::Null;
    let text = |word: &str| json!(word);
    let (forms, tool, other) =
        (text("git.gov.example/city/forms"), text("git.gov.example/city/tool"), text("git.gov.example/health/forms"));
    assert_eq!(
        told,
        [
            [&forms, &text("Forms"), &text("public"), &text("MIT")],
            [&tool, &text("A tool"), &text("public"), &null],
            [&other, &text("Forms"), &text("internal"), &text("MIT")],
        ]
    );
    let shown = house.json(&["catalogue", "show", "https://git.gov.example/city/forms.git"]);
    let practices = shown["standards"].as_array().expect("standards").iter().flat_map(|one| {
        one["practices"]
            .as_array()
            .expect("practices")
            .iter()
            .map(|one| (one["practice"].clone(), one["outcome"].clone()))
    });
    let practices: Vec<(Value, Value)> = practices.collect();
    assert!(practices.contains(&(text("publiccode-valid"), text("met"))), "{practices:?}");
    assert!(practices.contains(&(text("security-policy"), text("not-met"))), "{practices:?}");
    let searched = house.json(&["catalogue", "search", "citizens", "forms"]);
    assert_eq!(searched["rows"].as_array().map(Vec::len), Some(2));
    house.json(&["catalogue", "remove", "git.gov.example/city/tool"]);
    assert_eq!(house.json(&["catalogue", "list"])["all"], 2);
    holds_none(&house.path("data"), &["Zwirbelina", "secret.example"]);
}

#[test]
fn what_runs_is_known_by_word_and_by_documents_and_both_directions_agree() {
    let Some(house) = house() else { return };
    crawled(&house);
    let address = "git.gov.example/city/forms";
    house.json(&["catalogue", "link", address, "--system", "portal"]);
    let document = cyclonedx("ward", &["forms@1.0".to_owned()]);
    let mut document: Value = serde_json::from_slice(&document).expect("JSON");
    for component in document["components"].as_array_mut().expect("components") {
        component["externalReferences"] = json!([{ "type": "vcs", "url": "https://git.gov.example/city/forms" }]);
    }
    house.write("ward.json", document.to_string().as_bytes());
    house.json(&["add", "ward.json", "--system", "ward"]);
    let runs = |viewer: &[&str]| {
        let shown = house.json(&[&["catalogue", "show", address], viewer].concat());
        let rows = shown["runs"].as_array().expect("rows").clone();
        (rows.iter().map(|row| format!("{}:{}", row["system"], row["because"])).collect::<Vec<_>>(), shown)
    };
    let (all, whole) = runs(&[]);
    assert_eq!(all, ["\"portal\":\"word\"", "\"ward\":\"document\""]);
    assert_eq!(whole["elsewhere"], Value::Null, "nothing lies elsewhere");
    let (city, shown) = runs(&["--viewer", "agency:city"]);
    assert_eq!(city, ["\"portal\":\"word\""]);
    assert_eq!(shown["elsewhere"], "withheld", "one small agency alone could be told");
    let told = house.run(&["catalogue", "show", address, "--viewer", "agency:city"]).stdout;
    for hidden in ["Ward", "ward", "Health", "health"] {
        assert!(!told.contains(hidden), "{hidden} in {told}");
    }
    house.json(&["catalogue", "unlink", address, "--system", "portal"]);
    assert_eq!(runs(&[]).0, ["\"ward\":\"document\""]);
}

#[test]
fn the_same_thing_built_twice_is_found_with_the_reasons_and_can_be_put_aside() {
    let Some(house) = house() else { return };
    crawled(&house);
    let found = house.json(&["catalogue", "duplicates"]);
    let pair = &found["rows"][0];
    assert_eq!([&pair["one"], &pair["other"]], ["git.gov.example/city/forms", "git.gov.example/health/forms"]);
    let reasons: Vec<&Value> = pair["reasons"].as_array().expect("reasons").iter().map(|one| &one["reason"]).collect();
    assert_eq!(reasons, ["same-contents", "same-name", "same-words", "same-kind"], "{found}");
    let own = house.json(&["catalogue", "duplicates", "--viewer", "agency:city"]);
    assert_eq!(own["rows"], json!([]), "the other one is internal to its agency");
    let aside = ["catalogue", "aside", "git.gov.example/city/forms", "--other", "https://git.gov.example/health/forms"];
    house.json(&[&aside[..], &["--reason", "One is for paper"]].concat());
    assert_eq!(house.json(&["catalogue", "duplicates"])["rows"], json!([]));
    let all = house.json(&["catalogue", "duplicates", "--all"]);
    assert_eq!(all["rows"][0]["put_aside"], "One is for paper");
}

#[test]
fn files_for_the_world_hold_what_is_declared_and_nothing_else() {
    let Some(house) = house() else { return };
    crawled(&house);
    let feed = house.run(&["catalogue", "export", "--as", "publiccode", "--agency", "city"]);
    let found: Value = serde_json::from_str(&feed.stdout).expect("JSON");
    assert_eq!(found["data"].as_array().map(Vec::len), Some(1));
    assert!(feed.stderr.contains("git.gov.example/city/tool is left out"), "{}", feed.stderr);
    let one = ["catalogue", "export", "--as", "publiccode", "--repository", "git.gov.example/city/forms"];
    let written = house.run(&one);
    house.write("written/publiccode.yml", written.stdout.as_bytes());
    let checked = house.json(&["check", "written", "--only", "publiccode"]);
    let valid =
        checked["practices"].as_array().expect("practices").iter().find(|one| one["practice"] == "publiccode-valid");
    assert_eq!(valid.expect("the practice")["outcome"], "met", "{}", written.stdout);
    let missing =
        house.run(&["catalogue", "export", "--as", "code.json", "--repository", "git.gov.example/city/forms"]);
    assert_eq!((missing.error_code(), missing.code), ("not-declared", Some(2)));
    assert!(missing.stderr.contains("laborHours"), "{}", missing.stderr);
    let list = house.run(&["catalogue", "export", "--as", "codemeta"]);
    let found: Value = serde_json::from_str(&list.stdout).expect("one document of JSON");
    assert_eq!(found.as_array().map(Vec::len), Some(3));
    assert!(list.stderr.contains("not carried over"), "{}", list.stderr);
    assert_eq!(house.run(&["catalogue", "export", "--as", "citation"]).error_code(), "no-list");
    for format in ["codemeta", "citation"] {
        let text = house.run(&["catalogue", "export", "--as", format, "--repository", "git.gov.example/city/forms"]);
        assert!(text.stdout.contains("City") && !text.stdout.contains("Zwirbelina"), "{}", text.stdout);
    }
}

#[test]
fn how_others_keep_practices_is_never_published() {
    let Some(house) = house() else { return };
    crawled(&house);
    let address = "git.gov.example/city/forms";
    let publish = ["catalogue", "change", address, "--publish-scorecard", "yes"];
    let refused = house.run(&publish);
    assert_eq!(refused.error_code(), "not-own", "{}", refused.stderr);
    assert!(refused.stderr.contains("organisations"), "{}", refused.stderr);
    assert_eq!(house.json(&["catalogue", "show", address])["publishes_scorecard"], false);
    let hints = house.run(&["check", "clones/city/forms", "--only", "publiccode"]);
    assert!(hints.stdout.contains("private hints"), "{}", hints.stdout);
    house.write("underpin.toml", b"[catalogue]\norganisations = [\"git.gov.example/health\"]\n");
    assert_eq!(house.run(&publish).error_code(), "not-own", "of another organisation");
    house.write("underpin.toml", b"[catalogue]\norganisations = [\"https://git.gov.example/city/\"]\n");
    assert_eq!(house.json(&publish)["publishes_scorecard"], true);
    let own = house.run(&["check", "clones/city/tool", "--only", "publiccode"]);
    assert!(!own.stdout.contains("private hints"), "{}", own.stdout);
    assert_eq!(house.json(&["check", "clones/city/tool", "--only", "publiccode"])["is_own"], true);
}

#[test]
fn an_exemption_of_what_is_public_is_a_contradiction_and_is_told() {
    let Some(house) = house() else { return };
    crawled(&house);
    let add = ["exemption", "add", "rules", "--agency", "city", "--title", "Rules", "--ground", "national-security"];
    let more = ["--law", "Act", "--text", "Why", "--review", "2090-01-01", "--classification", "public"];
    let address = ["--address", "https://git.gov.example/city/forms"];
    let added = house.run(&[&add[..], &more, &address].concat());
    assert!(added.stdout.contains("Contradiction"), "{}", added.stdout);
    assert_eq!(house.json(&["exemption", "list"])["rows"][0]["is_public"], true);
    let change = ["catalogue", "change", "git.gov.example/city/forms", "--visibility"];
    let public = house.run(&[&change[..], &["public"]].concat());
    assert!(public.stderr.contains("rules"), "{}", public.stderr);
    let internal = house.run(&[&change[..], &["internal"]].concat());
    assert!(!internal.stderr.contains("rules"), "{}", internal.stderr);
    assert_eq!(house.json(&["exemption", "list"])["rows"][0]["is_public"], false);
}

#[test]
fn exemptions_have_a_law_and_a_day_and_late_reviews_fail() {
    let house = House::new();
    house.write("registry.toml", b"[[agency]]\nid = \"city\"\nname = \"City\"\n");
    house.json(&["registry", "import", "registry.toml"]);
    let add = |name: &str, review: &str, level: &str| {
        let words = ["exemption", "add", name, "--agency", "city", "--title", "Rules", "--ground", "embag-security"];
        let more = ["--law", "EMBAG, Article 9", "--text", "Why", "--review", review, "--classification", level];
        house.json(&[&words[..], &more].concat())
    };
    add("old", "2020-01-01", "internal");
    add("new", "2090-01-01", "secret");
    let list = house.json(&["exemption", "list"]);
    let told: Vec<String> =
        list["rows"].as_array().expect("rows").iter().map(|row| format!("{} {}", row["name"], row["state"])).collect();
    assert_eq!(told, ["\"old\" \"overdue\"", "\"new\" \"later\""]);
    assert_eq!(house.run(&["exemption", "list", "--fail-on", "overdue"]).code, Some(1));
    let own = house.json(&["exemption", "list", "--viewer", "agency:city"]);
    assert_eq!(own["rows"].as_array().map(Vec::len), Some(1), "the other one is secret");
    house.json(&["exemption", "end", "old", "--agency", "city", "--reason", "It is public now"]);
    assert_eq!(house.run(&["exemption", "list", "--fail-on", "due"]).code, Some(0));
    assert_eq!(house.json(&["exemption", "show", "old", "--agency", "city"])["rows"][0]["state"], "ended");
    assert_eq!(house.run(&["exemption", "show", "none", "--agency", "city"]).error_code(), "unknown-exemption");
}
