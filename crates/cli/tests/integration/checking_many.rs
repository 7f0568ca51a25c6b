// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `check` of many repositories, its SARIF, and patches that real git takes.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::house::House;

const WORKFLOW: &str = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      - run: |\n          \
    echo ${{ github.head_ref }}\n          cargo test\n";

fn git(folder: &Path, arguments: &[&str]) -> bool {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "Zwirbelina").env(format!("GIT_{who}_EMAIL"), "z@secret.example");
    }
    command.output().is_ok_and(|done| done.status.success())
}

/// What is written to standard output, whatever else is told.
fn parsed(house: &House, arguments: &[&str]) -> Value {
    serde_json::from_str(&house.run(arguments).stdout).expect("one JSON object")
}

fn two(house: &House) {
    house.write("one/.github/workflows/a.yml", WORKFLOW.as_bytes());
    house.write("one/Cargo.toml", b"[package]\n");
    house.write("two/README.md", b"# Two\n");
}

#[test]
fn many_are_answered_at_once_and_one_that_is_not_there_stops_nobody() {
    let house = House::new();
    two(&house);
    house.write("list.txt", format!("# ours\n{}\n\nnowhere\n", house.path("two").display()).as_bytes());
    let answer = parsed(
        &house,
        &["check", "one", "--list", "list.txt", "--only", "osps", "--only", "scorecard", "--format", "json"],
    );
    let all = answer["repositories"].as_array().expect("repositories");
    assert_eq!(all.len(), 3);
    assert_eq!(all[2]["error"]["code"], "no-folder", "{answer:#}");
    let packs: Vec<&Value> = all[0]["packs"].as_array().expect("packs").iter().map(|one| &one["pack"]).collect();
    assert_eq!(packs, ["osps", "scorecard"]);
    for one in &all[..2] {
        for pack in one["packs"].as_array().expect("packs") {
            let sum: u64 =
                ["met", "not_met", "not_assessed"].iter().map(|key| pack[key].as_u64().expect("a number")).sum();
            let practices = one["practices"].as_array().expect("practices").iter();
            assert_eq!(sum as usize, practices.filter(|practice| practice["pack"] == pack["pack"]).count());
        }
    }
    let rows = house.run(&["check", "one", "two", "--only", "scorecard", "--format", "ndjson"]);
    assert_eq!(rows.stdout.lines().count(), 40, "{rows:?}");
    assert_eq!(house.run(&["check", "nowhere", "missing"]).code, Some(2));
    assert_eq!(house.run(&["check"]).code, Some(2));
    let address = house.run(&["check", "ssh://git@example.gov/x.git"]);
    assert!(address.code == Some(2) && address.stderr.contains("git clone"), "{address:?}");
}

#[test]
fn levels_are_counted_and_never_reached_by_silence() {
    let house = House::new();
    two(&house);
    let answer = house.json(&["check", "two", "--only", "osps"]);
    let levels = answer["levels"].as_array().expect("levels");
    assert_eq!(levels.iter().map(|one| one["level"].as_u64().unwrap_or_default()).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(levels.iter().all(|one| one["is_reached"] == false), "{levels:?}");
    let told = house.run(&["check", "two", "--only", "osps"]);
    assert!(!told.stdout.contains('%') && told.stdout.contains("level 1"), "{told:?}");
}

#[test]
fn sarif_says_where_and_of_which_kind() {
    let house = House::new();
    two(&house);
    let log = parsed(&house, &["check", "one", "two", "--only", "scorecard", "--format", "sarif"]);
    assert_eq!(log["version"], "2.1.0");
    let runs = log["runs"].as_array().expect("runs");
    assert_eq!(runs.len(), 2);
    let rules = runs[0]["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in runs[0]["results"].as_array().expect("results") {
        let rule = &rules[result["ruleIndex"].as_u64().expect("an index") as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["help"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        let is_failure = result["kind"] == "fail";
        assert_eq!(is_failure, result["level"] != "none", "only failures have a level: {result}");
        assert!(
            result["message"]["text"].as_str().is_some_and(|text| !text.is_empty() && !text.starts_with("practice-"))
        );
    }
    let dangerous = runs[0]["results"]
        .as_array()
        .expect("results")
        .iter()
        .find(|one| one["ruleId"] == "scorecard-dangerous-workflow");
    let dangerous = dangerous.expect("a result");
    assert_eq!(dangerous["level"], "error");
    let place = &dangerous["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], ".github/workflows/a.yml");
    assert_eq!(place["region"]["startLine"], 8);
}

#[test]
fn a_patch_is_taken_by_git_and_mends_what_it_says() {
    let house = House::new();
    house.write("one/.github/workflows/a.yml", WORKFLOW.replace("echo ${{ github.head_ref }}", "true").as_bytes());
    house.write("one/.github/workflows/b.yml", b"on: push\njobs:\n  a:\n    steps:\n      - run: git push\n");
    house.write("one/Cargo.toml", b"[package]\n");
    house.write("one/publiccode.yml", crate::checking::publiccode().as_bytes());
    let folder = house.path("one");
    assert!(git(&folder, &["init", "--quiet"]) && git(&folder, &["add", "--all"]));
    assert!(git(&folder, &["commit", "--quiet", "-m", "first"]));
    let answer = house.json(&["check", "one", "--patch", "mend.patch"]);
    let paths: Vec<&Value> = answer["mended"].as_array().expect("changes").iter().map(|one| &one["path"]).collect();
    assert_eq!(paths, ["publiccode.yml", ".github/workflows/a.yml", ".github/dependabot.yml"], "b.yml may write");
    let patch = house.path("mend.patch");
    let patch = patch.to_str().expect("a path");
    assert!(git(&folder, &["apply", "--check", patch]), "git takes it");
    assert!(
        git(&folder, &["apply", patch])
            && git(&folder, &["add", "--all"])
            && git(&folder, &["commit", "-qm", "mended"])
    );
    let after = house.json(&["check", "one", "--only", "scorecard", "--only", "publiccode"]);
    let of = |practice: &str| {
        let all = after["practices"].as_array().expect("practices");
        all.iter().find(|one| one["practice"] == practice).map(|one| one["outcome"].clone()).unwrap_or_default()
    };
    assert_eq!(of("scorecard-dependency-update-tool"), "met");
    assert_eq!(of("publiccode-current"), "met");
    let again = house.run(&["check", "one", "--patch", "mend.patch"]);
    assert!(again.code == Some(2), "{again:?}");
    assert!(house.run(&["check", "one", "one", "--patch", "x.patch"]).code == Some(2), "one at a time");
}

#[test]
fn commits_and_tags_of_a_clone_are_looked_at() {
    let house = House::new();
    house.write("one/README.md", b"# One\n");
    let folder = house.path("one");
    assert!(git(&folder, &["init", "--quiet"]) && git(&folder, &["add", "--all"]));
    assert!(git(&folder, &["commit", "--quiet", "--signoff", "-m", "first"]) && git(&folder, &["tag", "v1.0.0"]));
    let of = |practice: &str| {
        let answer = house.json(&["check", "one", "--only", "osps"]);
        let all = answer["practices"].as_array().expect("practices").clone();
        all.iter().find(|one| one["practice"] == practice).map(|one| one["outcome"].clone()).unwrap_or_default()
    };
    assert_eq!((of("osps-contributor-assertion"), of("osps-release-version")), ("met".into(), "met".into()));
    house.write("one/a.txt", b"a");
    assert!(git(&folder, &["add", "--all"]) && git(&folder, &["commit", "--quiet", "-m", "second"]));
    assert_eq!(of("osps-contributor-assertion"), "cannot-be-assessed", "an agreement leaves no mark");
}
