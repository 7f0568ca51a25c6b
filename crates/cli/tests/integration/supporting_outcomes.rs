// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Outcomes on the command line: said before help begins, from real clones, compared after the horizon, nulls told as nulls.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::house::House;

/// Helped projects: with two neighbours each there are 81 deals of the roles.
const HELPED: [&str; 4] = ["h0", "h1", "h2", "h3"];
const OTHERS: [&str; 8] = ["n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7"];

/// Runs git as somebody; at the present where no moment is given.
fn git(folder: &Path, arguments: &[&str], name: &str, at: Option<&str>) -> bool {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), name).env(format!("GIT_{who}_EMAIL"), format!("{name}@secret.example"));
        if let Some(at) = at {
            command.env(format!("GIT_{who}_DATE"), at);
        }
    }
    command.output().is_ok_and(|done| done.status.success())
}

fn commit(folder: &Path, name: &str, at: Option<&str>) {
    assert!(git(folder, &["commit", "-q", "--allow-empty", "-m", "work"], name, at), "{name}");
}

/// A clone that two people work on; `false` where there is no git.
fn clone(house: &House, name: &str) -> bool {
    let folder = house.path(&format!("clones/{name}"));
    std::fs::create_dir_all(&folder).expect("a folder");
    if !git(&folder, &["init", "-q", "-b", "main"], "ada", None) {
        eprintln!("skipped: no git here");
        return false;
    }
    std::fs::write(folder.join("a.c"), "int x;\n").expect("writes");
    assert!(git(&folder, &["add", "."], "ada", None));
    ["ada", "grace"].iter().for_each(|who| commit(&folder, who, None));
    git(&folder, &["remote", "add", "origin", &format!("https://github.com/o/{name}")], "ada", None)
}

/// Five commits in 2030: of five people where help came, of two elsewhere.
fn work(house: &House, name: &str) {
    let people = if name.starts_with('h') { ["a", "b", "c", "d", "e"] } else { ["a", "b", "a", "b", "a"] };
    let folder = house.path(&format!("clones/{name}"));
    people.iter().for_each(|who| commit(&folder, who, Some("2030-06-01T12:00:00Z")));
}

/// A portal that rests on all of them.
fn portal() -> House {
    let house = House::new();
    let registry = "[[agency]]\nid = \"city\"\nname = \"City\"\n\n[[system]]\nid = \"portal\"\nname = \"Portal\"\nagency = \"city\"\n";
    house.write("registry.toml", registry.as_bytes());
    house.json(&["registry", "import", "registry.toml"]);
    let names: Vec<&str> = HELPED.iter().chain(&OTHERS).copied().collect();
    let component = |name: &&str| {
        json!({
            "type": "library", "bom-ref": name, "name": name, "version": "1.0.0", "purl": format!("pkg:npm/{name}@1.0.0"),
            "externalReferences": [{ "type": "vcs", "url": format!("https://github.com/o/{name}") }],
        })
    };
    let document = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": { "component": { "type": "application", "bom-ref": "root", "name": "portal", "version": "1" } },
        "components": names.iter().map(component).collect::<Vec<_>>(),
        "dependencies": [{ "ref": "root", "dependsOn": names }],
    });
    house.write("portal.json", document.to_string().as_bytes());
    house.json(&["add", "portal.json", "--system", "portal"]);
    house
}

fn promise(house: &House, project: &str, from: &str) {
    let words = [
        "--activity",
        "fellowship",
        "--until",
        "2030-12-31",
        "--milestone",
        "2030-06-01 1000 A report",
        "--reason",
        "why",
    ];
    let done = house.run(&[&["--actor", "ada", "commitment", "propose", project, "--from", from], &words[..]].concat());
    assert_eq!(done.code, Some(0), "{done:?}");
}

fn approve(house: &House, number: usize) {
    assert_eq!(house.run(&["--actor", "ben", "commitment", "approve", &format!("K{number}")]).code, Some(0));
}

const REGISTER: [&str; 15] = [
    "outcome",
    "register",
    "wave-one",
    "--promise",
    "K1",
    "--promise",
    "K2",
    "--promise",
    "K3",
    "--promise",
    "K4",
    "--indicator",
    "contributors-12-months",
    "--indicator",
    "human-commits-12-months",
];

#[test]
fn help_is_compared_as_was_said_before_it_began() {
    let house = portal();
    if !HELPED.iter().chain(&OTHERS).all(|name| clone(&house, name)) {
        return;
    }
    HELPED.iter().for_each(|name| promise(&house, name, "2030-01-01"));
    assert_eq!(house.run(&REGISTER).error_code(), "outcome-refused", "nobody has approved the promises");
    (1..=4).for_each(|number| approve(&house, number));
    assert_eq!(house.run(&REGISTER).error_code(), "outcome-refused", "nothing is known of any clone");
    house.json(&["signals", "--folder", "clones", "--keep"]);
    let frozen = house.json(&REGISTER);
    assert_eq!((&frozen["begins"], frozen["sets"].as_array().map(Vec::len)), (&json!("2030-01-01T00:00:00Z"), Some(4)));
    assert_eq!(frozen["sets"][0]["helped"]["before"], json!([2.0, 2.0]));
    assert_eq!((&frozen["indicators"][0]["least_visible"], &frozen["left_out"]), (&Value::Null, &json!([])));
    assert_eq!(house.run(&REGISTER).error_code(), "outcome-refused", "what was registered is never changed");

    // Before the horizon nothing is worked out, whatever is known by then.
    HELPED.iter().chain(&OTHERS).for_each(|name| work(&house, name));
    house.json(&["--as-of", "2030-07-01", "signals", "--folder", "clones", "--keep"]);
    house.json(&["--as-of", "2031-01-10", "signals", "--folder", "clones", "--keep"]);
    let row = |day: &str| house.json(&["--as-of", day, "outcome", "show", "wave-one"]);
    let early = row("2030-12-31");
    assert_eq!((&early["state"], &early["results"]), (&json!("waiting"), &json!([])));
    let late = row("2031-02-01");
    let [people, commits] = &late["results"].as_array().expect("a list")[..] else { panic!("{late}") };
    assert_eq!(
        (&people["effect"], &people["is_better"], &people["estimate"]),
        (&json!("seen"), &json!(true), &json!(3.0))
    );
    assert!(people["p"].as_f64().is_some_and(|p| p < 0.05) && people["sets"] == 4, "{people}");
    assert_eq!(
        (&commits["effect"], &commits["is_better"], &commits["estimate"]),
        (&json!("not-seen"), &Value::Null, &json!(0.0))
    );
    assert_eq!((&late["digest"], &late["sets"]), (&frozen["digest"], &frozen["sets"]));
    let told = house.run(&["--as-of", "2031-02-01", "outcome", "report"]).stdout;
    assert!(told.contains("human-commits-12-months: no effect was seen, 0.000"), "{told}");

    // The public reads it only where every project that was helped agreed, and never who was compared.
    let public = |named: &[&str]| {
        let table = |name: &&str| {
            format!("[[project]]\nproject = \"github.com/o/{name}\"\nsource = \"asked\"\nmay_be_named = true\n")
        };
        house.write("facts.toml", named.iter().map(table).collect::<String>().as_bytes());
        house.json(&["facts", "facts.toml"]);
        house.json(&["--as-of", "2031-02-01", "commitment", "public"])
    };
    let part = public(&HELPED[..3]);
    assert!(
        part["promises"]
            .as_array()
            .is_some_and(|all| all.len() == 3 && all.iter().all(|one| one["outcomes"] == json!([]))),
        "{part}"
    );
    let whole = public(&HELPED);
    assert_eq!(whole["promises"][0]["outcomes"][0]["results"][1]["effect"], "not-seen");
    assert!(!whole.to_string().contains("/o/n") && !whole.to_string().contains("wave-one"), "{whole}");
}

#[test]
fn what_cannot_be_said_in_advance_is_refused() {
    let house = portal();
    promise(&house, "h0", "2020-01-01");
    promise(&house, "h1", "2030-01-01");
    (1..=2).for_each(|number| approve(&house, number));
    let register = |promise: &str, indicator: &str| {
        let done = house.run(&["outcome", "register", "late", "--promise", promise, "--indicator", indicator]);
        done.error_code().to_owned()
    };
    assert_eq!(register("K1", "contributors-12-months"), "outcome-refused", "the help has begun");
    assert_eq!(register("K2", "licence-file"), "outcome-refused", "no indicator");
    assert_eq!(register("K2", "contributors-12-months"), "outcome-refused", "no clone was looked at");
    assert_eq!(register("K9", "contributors-12-months"), "not-found");
    assert_eq!(house.json(&["outcome", "report"])["rows"], json!([]));
    assert_eq!(house.run(&["outcome", "show", "late"]).error_code(), "not-found");
}
