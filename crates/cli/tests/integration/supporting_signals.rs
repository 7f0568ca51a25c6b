// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Signals kept by time, and what follows from them: on the command line, from real clones.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::house::House;

/// Runs git as somebody, at a moment; `false` where there is no git.
fn git(folder: &Path, arguments: &[&str], name: &str, at: &str) -> bool {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), name).env(format!("GIT_{who}_EMAIL"), format!("{name}@secret.example"));
        command.env(format!("GIT_{who}_DATE"), at);
    }
    command.output().is_ok_and(|done| done.status.success())
}

/// Adds a file and commits it.
fn commit(folder: &Path, file: &str, text: &str, name: &str, at: &str) {
    std::fs::write(folder.join(file), text).expect("writes");
    assert!(git(folder, &["add", "."], name, at) && git(folder, &["commit", "-q", "-m", "work"], name, at));
}

/// A clone of a project of two people, one of whom did most; `false` where there is no git.
fn clone(folder: &Path, origin: &str) -> bool {
    std::fs::create_dir_all(folder).expect("a folder");
    if !git(folder, &["init", "-q", "-b", "main"], "ada", "2026-01-01T12:00:00Z") {
        eprintln!("skipped: no git here");
        return false;
    }
    for number in 0..4 {
        let name = if number == 0 { "grace" } else { "ada" };
        commit(folder, &format!("{number}.c"), "int x;\n", name, "2026-02-01T12:00:00Z");
    }
    commit(
        folder,
        "CONTRIBUTING.md",
        "# Contributing\n\nOpen an issue before a change.\n",
        "ada",
        "2026-02-02T12:00:00Z",
    );
    origin.is_empty() || git(folder, &["remote", "add", "origin", origin], "ada", "2026-02-02T12:00:00Z")
}

/// A portal that rests on alpha and beta, of which documents name the repositories.
pub fn house() -> House {
    let house = House::new();
    let registry = "[[agency]]\nid = \"city\"\nname = \"City\"\n\n\
        [[system]]\nid = \"portal\"\nname = \"Portal\"\nagency = \"city\"\nconfidentiality = \"high\"\nexposure = \"internet\"\n\n\
        [[system]]\nid = \"mail\"\nname = \"Mail\"\nagency = \"city\"\nconfidentiality = \"normal\"\nexposure = \"internal\"\n";
    house.write("registry.toml", registry.as_bytes());
    house.json(&["registry", "import", "registry.toml"]);
    for (system, names) in [("portal", &["alpha", "beta"][..]), ("mail", &["beta"])] {
        house.write(&format!("{system}.json"), document(system, names).to_string().as_bytes());
        house.json(&["add", &format!("{system}.json"), "--system", system]);
    }
    house
}

fn document(system: &str, names: &[&str]) -> Value {
    let component = |name: &&str| {
        json!({
            "type": "library", "bom-ref": name, "name": name, "version": "1.0.0", "purl": format!("pkg:npm/{name}@1.0.0"),
            "externalReferences": [{ "type": "vcs", "url": format!("https://github.com/o/{name}") }],
        })
    };
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {
            "timestamp": "2026-01-05T10:00:00Z", "tools": [{ "name": "maker", "version": "1" }],
            "component": { "type": "application", "bom-ref": "root", "name": system, "version": "1" },
        },
        "components": names.iter().map(component).collect::<Vec<_>>(),
        "dependencies": [{ "ref": "root", "dependsOn": names }],
    })
}

#[test]
fn looks_are_kept_and_what_changed_between_them_is_told() {
    let house = house();
    let folder = house.path("alpha.git");
    if !clone(&folder, "") {
        return;
    }
    let unknown = house.json(&["project", "alpha"])["standing"].clone();
    assert_eq!((&unknown["class"], &unknown["look"]), (&"unknown".into(), &Value::Null));
    assert_eq!(unknown["notes"], json!(["signals-missing", "advisories-missing"]));
    assert_eq!(house.run(&["signals", "alpha.git", "--keep"]).error_code(), "usage");
    let look = |day: &str| house.json(&["--as-of", day, "signals", "alpha.git", "--project", "alpha", "--keep"]);
    look("2026-02-10");
    commit(&folder, "SECURITY.md", "# Security\n\nWrite to us in private.\n", "ada", "2026-02-11T12:00:00Z");
    look("2026-02-12");
    let shown = |day: &str| house.run(&["--as-of", day, "project", "alpha", "--format", "json"]);
    let done = shown("2036-02-20");
    let standing = &done.answer()["standing"];
    assert_eq!((&standing["class"], &standing["reasons"]), (&"thin".into(), &json!(["few-people", "active"])));
    assert_eq!(standing["looks"], json!(["2026-02-10T00:00:00Z", "2026-02-12T00:00:00Z"]));
    let change =
        |code: &str| standing["changes"].as_array().expect("a list").iter().find(|one| one["code"] == code).cloned();
    let policy = change("security-policy").expect("a policy came");
    assert_eq!(
        (&policy["before"], &policy["after"]),
        (&json!({ "known": { "flag": false } }), &json!({ "known": { "flag": true } }))
    );
    assert_eq!(change("days-since-human-commit"), None, "what moves with time alone is no change");
    assert_eq!(standing["look"]["is_old"], true);
    assert!(standing["notes"].as_array().expect("notes").contains(&"signals-old".into()), "{}", standing["notes"]);
    let contributing = &standing["look"]["signals"]["community"]["contributing"]["words"];
    assert_eq!(contributing["path"], "CONTRIBUTING.md");
    assert!(["secret.example", "ada", "grace"].iter().all(|name| !done.stdout.contains(name)), "{}", done.stdout);
    let table = house.run(&["project", "alpha"]).stdout;
    for words in [
        "How it stands: thin",
        "people: few-people (clone, 2026-02-12)",
        "2 looks are kept",
        "contributing (CONTRIBUTING.md:",
    ] {
        assert!(table.contains(words), "{words}: {table}");
    }
    house.write("facts.toml", b"[[project]]\nproject = \"alpha\"\nsource = \"its forge\"\nis_archived = true\n");
    house.json(&["facts", "facts.toml"]);
    let told = house.json(&["project", "alpha"])["standing"].clone();
    assert_eq!(told["class"], "at-risk", "its people and its forge speak against it: {told}");
    let word = told["kinds"].as_array().expect("kinds").iter().find(|kind| kind["kind"] == "word").cloned();
    assert_eq!(
        word.map(|kind| (kind["reason"].clone(), kind["source"].clone())),
        Some(("says-ended".into(), "facts".into()))
    );
}

#[test]
fn a_folder_of_clones_finds_its_projects_by_their_addresses() {
    let house = house();
    for (place, origin) in [
        ("clones/alpha", "git@github.com:o/alpha.git"),
        ("clones/deeper/beta.git", "https://github.com/O/Beta"),
        ("clones/gamma", "https://github.com/o/gamma"),
        ("clones/nameless", ""),
    ] {
        if !clone(&house.path(place), origin) {
            return;
        }
    }
    std::fs::create_dir_all(house.path("clones/broken/.git")).expect("a folder");
    let call = ["--as-of", "2026-03-01", "signals", "--folder", "clones", "--keep"];
    let read = house.json(&call);
    let told: Vec<(&str, &Value, &Value)> = read["clones"]
        .as_array()
        .expect("clones")
        .iter()
        .map(|one| (one["clone"].as_str().unwrap_or_default(), &one["project"], &one["fault"]))
        .collect();
    let (alpha, beta) = (json!("github.com/o/alpha"), json!("github.com/o/beta"));
    assert_eq!(
        told,
        [
            ("alpha", &alpha, &Value::Null),
            ("broken", &Value::Null, &"no-clone".into()),
            ("deeper/beta.git", &beta, &Value::Null),
            ("gamma", &Value::Null, &"not-in-use".into()),
            ("nameless", &Value::Null, &"no-address".into()),
        ]
    );
    for project in ["alpha", "beta"] {
        let look = &house.json(&["project", project])["standing"]["look"];
        assert_eq!(look["looked"], "2026-03-01T00:00:00Z", "{project}: {look}");
    }
    assert_eq!(house.run(&["signals", "--folder", "nowhere"]).error_code(), "no-clone");
}
