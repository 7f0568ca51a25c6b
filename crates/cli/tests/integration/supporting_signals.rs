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
pub fn commit(folder: &Path, file: &str, text: &str, name: &str, at: &str) {
    std::fs::write(folder.join(file), text).expect("writes");
    assert!(git(folder, &["add", "."], name, at) && git(folder, &["commit", "-q", "-m", "work"], name, at));
}

/// A clone of a project of two people, one of whom did most; `false` where there is no git.
pub fn clone(folder: &Path, origin: &str) -> bool {
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

#[test]
fn a_key_in_the_address_of_a_clone_is_not_kept() {
    let house = house();
    for (place, origin) in [
        ("clones/alpha", "https://somebody:s3cret-key@github.com/o/alpha.git"),
        ("clones/beta", "https://github.com/o/beta?private_token=s3cret-key"),
    ] {
        if !clone(&house.path(place), origin) {
            return;
        }
    }
    let read = house.run(&["--as-of", "2026-03-01", "signals", "--folder", "clones", "--keep", "--format", "json"]);
    let by_hand = house.run(&[
        "--as-of",
        "2026-03-02",
        "signals",
        "clones/alpha",
        "--project",
        "alpha",
        "--keep",
        "--format",
        "json",
    ]);
    let shown = house.run(&["project", "alpha", "--format", "json"]);
    assert_eq!(shown.answer()["standing"]["look"]["origin"], "github.com/o/alpha");
    let ledger = std::fs::read(house.path("data/ledger.sqlite")).expect("a ledger");
    let kept = String::from_utf8_lossy(&ledger);
    assert!(kept.contains("github.com/o/alpha"), "the look is in the ledger");
    for words in [&read.stdout, &by_hand.stdout, &shown.stdout, &*kept] {
        assert!(!words.contains("s3cret-key") && !words.contains("somebody"));
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn risk_has_ranges_and_parts_that_plans_and_sql_share() {
    let house = house();
    let facts = "[[project]]\nproject = \"alpha\"\nsource = \"a count\"\nincidents.bug = [2.0, 1.0, 4.0]\ndays.bug = [10.0, 5.0, 20.0]\n";
    house.write("facts.toml", facts.as_bytes());
    house.json(&["facts", "facts.toml"]);
    let found = house.json(&["priorities", "--by", "risk"]);
    let rows = found["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 2);
    let mut sum = 0.0;
    for row in rows {
        let [low, mean, high] = ["low", "mean", "high"].map(|end| number(&row["risk"][end]));
        assert!(0.0 < low && low < mean && mean < high, "{row}");
        let parts = row["parts"].as_array().expect("parts");
        let harm: f64 = parts.iter().map(|part| number(&part["harm"])).sum();
        assert!((harm - mean).abs() < 1e-9 * mean, "the parts are the sum: {row}");
        for part in parts {
            let [incidents, days] = ["incidents", "days"].map(|field| number(&part[field]));
            let product = number(&row["dependence"]["likely"]) * incidents * days;
            assert!((product - number(&part["harm"])).abs() < 1e-9 * (1.0 + product), "{part}");
        }
        assert_eq!((&row["class"], &row["first_percent"]), (&"unknown".into(), &100.0.into()), "{row}");
        sum += mean;
    }
    let bug = &rows.iter().find(|row| row["project"] == "github.com/o/alpha").expect("alpha")["parts"][0];
    assert_eq!((&bug["incidents"], &bug["days"]), (&2.0.into(), &10.0.into()), "what the office wrote down counts");
    let plan = house.json(&["plan", "--budget", "5000000"]);
    assert!((number(&plan["loss"]) - sum).abs() < 1e-6 * sum, "plan {} and risk {sum} agree", plan["loss"]);
    let asked = house.json(&["sql", "SELECT project, risk, harm_by_bugs FROM project_risk ORDER BY place"]);
    let told: Vec<&Value> = asked["rows"].as_array().expect("rows").iter().map(|row| &row["project"]).collect();
    assert_eq!(told, rows.iter().map(|row| &row["project"]).collect::<Vec<_>>());
    assert_eq!(asked["rows"][0]["risk"], rows[0]["risk"]["mean"]);
    let leaned = house.json(&["sql", "SELECT sum(systems) AS n FROM project_dependence"]);
    assert_eq!(leaned["rows"][0]["n"], 3);
    for viewer in ["agency:city", "stranger"] {
        for table in ["project_risk", "project_dependence"] {
            let asked = format!("SELECT count(*) FROM {table}");
            assert_eq!(house.run(&["sql", &asked, "--viewer", viewer]).error_code(), "not-allowed", "{table} {viewer}");
        }
        assert_eq!(house.run(&["priorities", "--by", "risk", "--viewer", viewer]).error_code(), "not-allowed");
    }
    let table = house.run(&["priorities", "--by", "risk", "--explain"]).stdout;
    assert!(table.contains("bug: × 2.000 a year × 10 days") && table.contains("0/5"), "{table}");
}

#[test]
fn bad_news_raises_the_risk_and_each_step_is_told() {
    let house = house();
    let folder = house.path("alpha.git");
    if !clone(&folder, "") {
        return;
    }
    let risk = || house.json(&["project", "alpha"])["standing"]["risk"].clone();
    let before = risk();
    house.json(&["--as-of", "2029-03-01", "signals", "alpha.git", "--project", "alpha", "--keep"]);
    let after = risk();
    let [abandoned_before, abandoned] = [&before, &after].map(|risk| number(&risk["parts"][2]["incidents"]));
    assert!(abandoned > 2.0 * abandoned_before, "silent for two years: {abandoned_before} to {abandoned}");
    assert_eq!(before["parts"][2]["steps"], json!([]), "what is not known moves nothing");
    assert_eq!(after["parts"][2]["steps"], json!([{ "reason": "silent", "events": 2.25, "years": 0.0 }]));
    assert_eq!(before["parts"][0], after["parts"][0], "nothing was learned about faults");
}

#[test]
fn alternatives_are_written_down_and_never_guessed() {
    let house = house();
    let instead = || house.json(&["project", "alpha"])["standing"]["substitutes"].clone();
    let nothing = instead();
    assert_eq!((&nothing["source"], &nothing["alternatives"]), (&Value::Null, &json!([])));
    assert_eq!(
        (&nothing["systems"], &nothing["direct_uses"], &nothing["depth_least"]),
        (&1.into(), &1.into(), &1.into())
    );
    let facts = "[[project]]\nproject = \"alpha\"\nsource = \"a study, 2026-03-01\"\nalternatives = [\"pkg:npm/other\", \"beta\"]\n";
    house.write("facts.toml", facts.as_bytes());
    house.json(&["facts", "facts.toml"]);
    let told = instead();
    assert_eq!(told["source"], "a study, 2026-03-01");
    let names: Vec<(&Value, &Value, &Value)> = told["alternatives"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (&one["project"], &one["systems"], &one["systems_with_both"]))
        .collect();
    let (beta, other) = (json!("github.com/o/beta"), json!("pkg:npm/other"));
    assert_eq!(names, [(&beta, &2.into(), &1.into()), (&other, &0.into(), &0.into())]);
    assert_eq!(told["alternatives"][1]["dependence"], Value::Null, "no document shows it");
    let table = house.run(&["project", "alpha"]).stdout;
    assert!(table.contains("github.com/o/beta: used by 2 systems, of which 1 use both"), "{table}");
}

#[test]
fn formulas_of_others_say_what_they_miss() {
    let house = house();
    let folder = house.path("alpha.git");
    if !clone(&folder, "") {
        return;
    }
    let nothing = house.json(&["project", "alpha"])["standing"]["comparison"].clone();
    assert_eq!(nothing["criticality_score"], Value::Null);
    house.json(&["--as-of", "2026-03-01", "signals", "alpha.git", "--project", "alpha", "--keep"]);
    let done = house.run(&["project", "alpha", "--compare", "--format", "json"]);
    let found = &done.answer()["standing"]["comparison"];
    let inputs: Vec<&Value> =
        found["criticality_parts"].as_array().expect("parts").iter().map(|part| &part["input"]).collect();
    assert_eq!(inputs, ["created_since", "updated_since", "commit_frequency"]);
    assert_eq!(found["criticality_missing"].as_array().map(Vec::len), Some(7));
    // Two contributors in 12 months; how many vulnerabilities there were since 2010 is not known here.
    assert_eq!((&found["census"]["contributors"], &found["census"]["cves"]), (&4.into(), &Value::Null));
    let shown = house.run(&["project", "alpha", "--compare"]).stdout;
    assert!(shown.contains("Nothing here is decided by them") && shown.contains("from 3 of 10 inputs"), "{shown}");
    assert!(!house.run(&["project", "alpha"]).stdout.contains("Criticality Score"));
}

#[test]
fn another_name_counts_for_the_project_with_its_packages_and_looks() {
    let house = house();
    let keys = || {
        let rows = house.json(&["priorities"])["rows"].clone();
        rows.as_array().expect("rows").iter().map(|row| row["project"].clone()).collect::<Vec<Value>>()
    };
    assert_eq!(keys(), ["github.com/o/beta", "github.com/o/alpha"]);
    let folder = house.path("alpha.git");
    let has_git = clone(&folder, "");
    if has_git {
        house.json(&["--as-of", "2026-03-01", "signals", "alpha.git", "--project", "alpha", "--keep"]);
    }
    let name = |project: &str, other: &str| {
        let text = format!(
            "[[name]]\nproject = \"{project}\"\nother = \"{other}\"\nsource = \"its page\"\nconfidence_percent = 70\n"
        );
        house.write("facts.toml", text.as_bytes());
        house.run(&["facts", "facts.toml"])
    };
    assert_eq!(name("https://github.com/o/beta", "github.com/o/beta.git").error_code(), "unknown-project");
    let told = name("https://github.com/n/alpha", "https://github.com/o/alpha");
    assert!(told.stdout.contains("1 other name"), "{told:?}");
    assert_eq!(keys(), ["github.com/o/beta", "github.com/n/alpha"]);
    let view = house.json(&["project", "https://github.com/o/alpha"]);
    assert_eq!(view["priority"]["project"], "github.com/n/alpha", "the former name leads to the project");
    let package = &view["packages"][0];
    assert_eq!((&package["confidence_percent"], &package["others"]), (&70.into(), &json!(["github.com/o/alpha"])));
    if has_git {
        assert_eq!(view["standing"]["looks"], json!(["2026-03-01T00:00:00Z"]), "what was kept before stays");
    }
    assert_eq!(house.json(&["facts"])["names"][0]["other"], "github.com/o/alpha");
    let before = house.run(&["project", "alpha", "--as-of", "2020-01-01"]);
    assert_eq!(before.error_code(), "not-found");
}
