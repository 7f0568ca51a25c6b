// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `check` from the outside: clones and folders, planted faults, hostile trees, and publiccode.yml written anew.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::house::House;

// REUSE-IgnoreStart
const HEAD: &str = "// SPDX-FileCopyrightText: 2020 Zwirbelina\n// SPDX-License-Identifier: MIT\n";
// REUSE-IgnoreEnd
const PUBLICCODE: &str = "publiccodeYmlVersion: '0.4'\nname: Portal\nurl: https://example.gov/portal.git\nplatforms: [web]\n\
    developmentStatus: stable\nsoftwareType: standalone/web\ndescription:\n  en:\n    genericName: Portal\n    shortDescription: A portal\n    \
    longDescription: LONG\n    features: [one]\nlegal:\n  license: MIT\nmaintenance:\n  type: internal\n  contacts:\n    - name: Zwirbelina\n\
    localisation:\n  localisationReady: true\n  availableLanguages: [en]\n";

const SECURITY_TXT: &str = "Contact: mailto:security@example.gov\nExpires: 2026-12-01T00:00:00Z\n";
const INSIGHTS: &str = "header:\n  last-reviewed: '2026-01-01'\n  last-updated: '2026-01-01'\n  schema-version: 2.2.0\n  \
    url: https://example.gov/insights.yml\nproject:\n  name: Portal\n  administrators:\n    - name: Zwirbelina\n      primary: true\n  \
    repositories:\n    - {name: portal, comment: all, url: https://example.gov/portal}\n  vulnerability-reporting:\n    \
    reports-accepted: true\n    bug-bounty-available: false\n";
const CODE_JSON: &str = r#"{"name": "portal", "description": "A portal", "status": "Production", "organization": "Office",
  "permissions": {"licenses": [{"name": "MIT", "URL": "https://example.gov/LICENSE"}], "usageType": ["openSource"]},
  "repositoryURL": "https://example.gov/portal", "repositoryVisibility": "public", "vcs": "git", "laborHours": 12,
  "reuseFrequency": {}, "languages": [], "maintenance": "internal", "contractNumber": [], "SBOM": "", "date": {},
  "tags": [], "contact": {"name": "Zwirbelina"}, "feedbackMechanism": "https://example.gov/talk", "AIUseCaseID": "0"}"#;

pub fn publiccode() -> String {
    PUBLICCODE.replace("LONG", &"A portal for everybody. ".repeat(8))
}

/// The result of each practice, with the codes of its places.
fn results(answer: &Value) -> Vec<(String, String, Vec<String>)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let codes =
        |one: &Value| one["places"].as_array().expect("places").iter().map(|place| text(&place["code"])).collect();
    let practices = answer["practices"].as_array().expect("practices");
    practices.iter().map(|one| (text(&one["practice"]), text(&one["outcome"]), codes(one))).collect()
}

fn outcome(answer: &Value, practice: &str) -> String {
    results(answer).into_iter().find(|(own, ..)| own == practice).expect("a practice").1
}

fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "Zwirbelina").env(format!("GIT_{who}_EMAIL"), "z@secret.example");
    }
    assert!(command.output().is_ok_and(|done| done.status.success()), "git {arguments:?}");
}

/// A repository that keeps every practice that its files can show.
fn good(house: &House) {
    for (name, text) in [
        ("good/LICENSES/MIT.txt", "words"),
        ("good/SECURITY.md", HEAD),
        ("good/CONTRIBUTING.md", HEAD),
        ("good/CODE_OF_CONDUCT.md", HEAD),
        ("good/CHANGELOG.md", HEAD),
        ("good/README.md", HEAD),
        ("good/publiccode.yml", &publiccode().replace("'0.4'", "'0.7'").replace("    genericName: Portal\n", "")),
        ("good/publiccode.yml.license", HEAD),
        ("good/code.json", CODE_JSON),
        ("good/code.json.license", HEAD),
        ("good/SECURITY-INSIGHTS.yml", &format!("{}{INSIGHTS}", HEAD.replace("//", "#"))),
        ("good/.well-known/security.txt", SECURITY_TXT),
        ("good/.well-known/security.txt.license", HEAD),
    ] {
        house.write(name, text.as_bytes());
    }
}

/// Practices that a file of its own shows.
const FILES: &[&str] = &[
    "licence-file",
    "security-policy",
    "contributing-guide",
    "code-of-conduct",
    "changelog",
    "readme",
    "publiccode-valid",
    "reuse-copyright",
    "security-txt-current",
    "insights-valid",
    "code-json-valid",
    "osps-licence-file",
    "osps-contribution-process",
    "scorecard-binary-artifacts",
];

#[test]
fn a_good_repository_keeps_all_and_what_nobody_can_know_is_said() {
    let house = House::new();
    good(&house);
    let answer = house.json(&["check", "good", "--as-of", "2026-06-01"]);
    // A folder has no history to speak of, and no releases were given.
    let of_history =
        |name: &str| ["opencode-", "tags-", "commits-", "provenance-"].iter().any(|begin| name.starts_with(begin));
    let of_pack = |practice: &str| {
        let all = answer["practices"].as_array().expect("practices");
        all.iter().find(|one| one["practice"] == practice).map(|one| one["pack"].clone()).unwrap_or_default()
    };
    for (practice, outcome, codes) in results(&answer).into_iter().filter(|(name, ..)| !of_history(name)) {
        let is_declared = !["osps", "scorecard"].contains(&of_pack(&practice).as_str().unwrap_or_default());
        // Whether the address answers, and whether one word is the text of a licence, only a person can tell.
        let is_open = ["publiccode-reachable", "free-licence"].contains(&practice.as_str());
        let expected = if is_open { "cannot-be-assessed" } else { "met" };
        let is_spoken = outcome == "cannot-be-assessed" && codes.is_empty();
        assert!(!is_declared || outcome == expected || is_spoken, "{practice} is {outcome}: {codes:?}");
    }
    for practice in FILES {
        assert_eq!(outcome(&answer, practice), "met", "{practice}");
    }
    assert!(!answer.to_string().contains("Zwirbelina"), "nobody is kept");
    let only =
        ["--only", "publiccode", "--only", "reuse", "--only", "security-txt", "--only", "code-json", "--only", "files"];
    let kept = [&["check", "good", "--as-of", "2026-06-01", "--fail-on", "not-met"][..], &only].concat();
    assert_eq!(house.run(&kept).code, Some(0));
    let later = house.json(&["check", "good", "--as-of", "2027-06-01"]);
    assert_eq!(outcome(&later, "security-txt-current"), "not-met", "it has expired by then");
    assert_eq!(house.run(&["check", "good", "--fail-on", "cannot-be-assessed"]).code, Some(1));
    assert_eq!(house.run(&["check", "good", "--fail-on", "met"]).code, Some(2));
}

#[test]
fn the_newest_commit_of_a_clone_is_read_and_not_what_lies_about() {
    let house = House::new();
    good(&house);
    let folder = house.path("good");
    git(&folder, &["init", "--quiet"]);
    git(&folder, &["add", "--all"]);
    git(&folder, &["commit", "--quiet", "-m", "first"]);
    house.write("good/built.o", b"no mark at all");
    let answer = house.json(&["check", "good"]);
    assert_eq!(answer["commit"].as_str().map(str::len), Some(40));
    assert_eq!(outcome(&answer, "reuse-copyright"), "met");
    let bare = house.path("bare.git");
    git(&folder, &["clone", "--quiet", "--bare", "--no-local", ".", bare.to_str().expect("a path")]);
    let of_bare = house.json(&["check", "bare.git"]);
    assert_eq!(results(&of_bare), results(&answer), "bare or not is the same");
    std::fs::remove_dir_all(folder.join(".git")).expect("removed");
    assert_eq!(outcome(&house.json(&["check", "good"]), "reuse-copyright"), "not-met", "a folder is what lies there");
}

/// Planted faults: what is put where, the practice that is not met by it, and the code and place of the fault.
const PLANTED: &[(&str, &str, &str, &str, &str)] = &[
    ("SECURITY.md", " \n", "security-policy", "empty", "SECURITY.md"),
    ("a.c", "int x;\n", "reuse-copyright", "no-copyright", "a.c"),
    ("a.c", "// Copyright 2020 Joe\n", "reuse-licensing", "no-licensing", "a.c"),
    // REUSE-IgnoreStart
    ("a.c", "// Copyright Joe\n// SPDX-License-Identifier: MIT OR\n", "reuse-expressions", "bad-expression", "a.c"),
    ("a.c", "// Copyright Joe\n// SPDX-License-Identifier: ISC\n", "reuse-texts", "licence-text-missing", "a.c"),
    // REUSE-IgnoreEnd
    ("LICENSES/ISC.txt", "words", "reuse-unused", "licence-unused", "LICENSES/ISC.txt"),
    ("LICENSES/Own.txt", "words", "reuse-known", "unknown-licence", "LICENSES/Own.txt"),
    ("LICENSES/GPL-2.0.txt", "words", "reuse-deprecated", "deprecated-licence", "LICENSES/GPL-2.0.txt"),
    ("LICENSES/ISC", "words", "reuse-endings", "licence-without-ending", "LICENSES/ISC"),
    ("REUSE.toml", "version = \"one\"", "reuse-readable", "malformed-toml", "REUSE.toml"),
    ("publiccode.yml", "publiccodeYmlVersion: '0.7'\nname: x\n", "publiccode-valid", "missing", "publiccode.yml"),
    (".well-known/security.txt", "Contact: me\n", "security-txt-valid", "no-address", ".well-known/security.txt"),
    ("SECURITY-INSIGHTS.yml", "header: 1\n", "insights-valid", "wrong-type", "SECURITY-INSIGHTS.yml"),
    ("code.json", "{", "code-json-valid", "malformed-json", "code.json"),
];

#[test]
fn each_planted_fault_is_found_where_it_is() {
    for (path, text, practice, code, place) in PLANTED {
        let house = House::new();
        good(&house);
        house.write(&format!("good/{path}"), text.as_bytes());
        let answer = house.json(&["check", "good"]);
        let found = answer["practices"].as_array().expect("practices").iter().find(|one| one["practice"] == *practice);
        let found = found.expect("a practice");
        assert_eq!(found["outcome"], "not-met", "{practice}");
        let is_there = |one: &Value| one["code"] == *code && one["path"] == *place;
        assert!(found["places"].as_array().expect("places").iter().any(is_there), "{practice}: {found:#}");
    }
}

#[test]
fn only_what_is_asked_for_is_answered() {
    let house = House::new();
    good(&house);
    let answer = house.json(&["check", "good", "--only", "publiccode"]);
    assert!(answer["practices"].as_array().is_some_and(|all| all.iter().all(|one| one["pack"] == "publiccode")));
    let done = house.run(&["check", "good", "--only", "horoscope"]);
    assert_eq!(done.code, Some(2), "{done:?}");
    let german = house.run(&["check", "good", "--only", "publiccode", "--german"]);
    assert!(german.stdout.contains("nicht zu beurteilen"), "{german:?}");
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere_outside() {
    let house = House::new();
    good(&house);
    house.write("secret.txt", b"outside");
    house.write("outer/a.c", b"int x;\n");
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, house.path(&format!("good/{name}"))).expect("a link");
    };
    link("../secret.txt", "GOVERNANCE.md");
    link("../outer", "inner");
    link(".", "loop");
    std::fs::remove_file(house.path("good/SECURITY.md")).expect("removed");
    link("../secret.txt", "SECURITY.md");
    let answer = house.json(&["check", "good"]);
    assert_eq!(outcome(&answer, "security-policy"), "not-met", "a link out of the tree is no file of it");
    assert_eq!(outcome(&answer, "reuse-copyright"), "met", "what a link leads to is not read");
    std::fs::remove_file(house.path("good/SECURITY.md")).expect("removed");
    link("README.md", "SECURITY.md");
    assert_eq!(outcome(&house.json(&["check", "good"]), "security-policy"), "met", "a link inside is");
}

#[test]
fn a_publiccode_is_written_anew_beside_the_old_one() {
    let house = House::new();
    good(&house);
    let old = house.write("good/publiccode.yml", publiccode().as_bytes());
    let before = house.json(&["check", "good", "--only", "publiccode"]);
    assert_eq!(outcome(&before, "publiccode-current"), "not-met");
    let answer = house.json(&["check", "good", "--upgrade-publiccode", "new.yml"]);
    assert_eq!(answer["changes"].as_array().map(Vec::len), Some(2), "{answer}");
    assert_eq!(std::fs::read_to_string(&old).expect("the old file"), publiccode(), "the old file stays");
    std::fs::copy(house.path("new.yml"), &old).expect("copied");
    let after = house.json(&["check", "good", "--only", "publiccode"]);
    assert_eq!(outcome(&after, "publiccode-current"), "met");
    assert_eq!(outcome(&after, "publiccode-valid"), "met");
    let again = house.run(&["check", "good", "--upgrade-publiccode", "new.yml"]);
    assert!(again.code == Some(2) && again.stderr.contains("exists"), "{again:?}");
    std::fs::remove_file(&old).expect("removed");
    assert!(house.run(&["check", "good", "--upgrade-publiccode", "x.yml"]).stderr.contains("no-publiccode"));
}
