// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Repositories that were labelled by hand, planted and real, against what `check` says: precision and recall of each rule.
//!
//! Real ones are read where the folder named by `UNDERPIN_CLONES` has a clone `owner+name/repo` at the commit of the label; elsewhere
//! the test says that it is skipped. A result counts as found when it is told (met or not met) as the label has it. Precision: of what
//! was told, how much is right. Recall: of what the label tells, how much was told rightly.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::house::House;

const PLANTED: &str = include_str!("../labelled/planted.toml");
const REAL: &str = include_str!("../labelled/real.toml");

#[derive(Deserialize)]
struct Table {
    repository: Vec<Labelled>,
}

#[derive(Deserialize)]
struct Labelled {
    #[serde(default)]
    name: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    commit: String,
    #[serde(default)]
    files: BTreeMap<String, String>,
    labels: BTreeMap<String, (String, String)>,
}

fn read(text: &str) -> Vec<Labelled> {
    toml::from_str::<Table>(text).expect("a table of labels").repository
}

#[derive(Default)]
struct Score {
    told: usize,
    right: usize,
    labelled: usize,
}

/// What `check` says about the rules of a label.
fn verdicts(house: &House, path: &str) -> BTreeMap<String, String> {
    let answer = house.json(&["check", path, "--only", "osps", "--only", "scorecard"]);
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let practices = answer["practices"].as_array().expect("practices");
    practices.iter().map(|one| (text(&one["practice"]), text(&one["outcome"]))).collect()
}

/// Adds a repository to the scores, and tells where the label and the verdict differ.
fn compare(
    name: &str,
    one: &Labelled,
    found: &BTreeMap<String, String>,
    scores: &mut BTreeMap<String, Score>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for (rule, (label, reason)) in &one.labels {
        let expected = match label.as_str() {
            "m" => "met",
            "n" => "not-met",
            "u" => "cannot-be-assessed",
            other => panic!("{name}: {rule} has the label {other:?}"),
        };
        let found = found.get(rule).unwrap_or_else(|| panic!("{rule} is no rule")).as_str();
        let score = scores.entry(rule.clone()).or_default();
        score.told += usize::from(found != "cannot-be-assessed");
        score.labelled += usize::from(expected != "cannot-be-assessed");
        score.right += usize::from(found == expected && found != "cannot-be-assessed");
        if found != expected {
            wrong.push(format!("{name}: {rule} is {found}, labelled {expected} ({reason})"));
        }
    }
    wrong
}

fn tell(title: &str, scores: &BTreeMap<String, Score>, wrong: &[String]) {
    println!("{title}: rule, told, right, labelled, precision, recall");
    let share = |part: usize, whole: usize| if whole == 0 { "-".to_owned() } else { format!("{part}/{whole}") };
    for (rule, score) in scores {
        let (precision, recall) = (share(score.right, score.told), share(score.right, score.labelled));
        println!("  {rule}: {} {} {} {precision} {recall}", score.told, score.right, score.labelled);
    }
    for line in wrong {
        println!("  wrong: {line}");
    }
}

#[test]
fn planted_repositories_are_judged_as_labelled() {
    let (mut scores, mut wrong) = (BTreeMap::new(), Vec::new());
    for one in read(PLANTED) {
        let house = House::new();
        for (path, text) in &one.files {
            house.write(&format!("tree/{path}"), text.trim_start_matches('\n').as_bytes());
        }
        wrong.extend(compare(&one.name, &one, &verdicts(&house, "tree"), &mut scores));
    }
    tell("planted", &scores, &wrong);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Verdicts of real repositories that are known to differ: all say that nobody can tell where a person could, because something is
/// not followed (a second system, an output of a step, a stub of a licence). None is a wrong "met".
const KNOWN: &[(&str, &str)] = &[
    ("bart-turczynski+pslr", "scorecard-licence"),
    ("in-toto+archivista", "scorecard-ci-tests"),
    ("StardustXR+server", "scorecard-licence"),
    ("in-toto+archivista", "scorecard-dangerous-workflow"),
    ("ossf+scorecard", "scorecard-dangerous-workflow"),
    ("brettwooldridge+HikariCP", "scorecard-dangerous-workflow"),
    ("0Bu+daikin-altherma-esp32", "scorecard-dangerous-workflow"),
    ("git+git", "scorecard-dangerous-workflow"),
    ("finos+open-resource-broker", "scorecard-dangerous-workflow"),
    ("apache+logging-log4j2", "scorecard-dangerous-workflow"),
];

#[test]
fn real_repositories_are_judged_as_labelled() {
    let Some(clones) = std::env::var_os("UNDERPIN_CLONES").map(PathBuf::from) else {
        println!("skipped: UNDERPIN_CLONES names no folder of clones");
        return;
    };
    let (mut scores, mut wrong) = (BTreeMap::new(), Vec::new());
    for one in read(REAL) {
        let name = one.address.trim_start_matches("https://github.com/").replace('/', "+");
        let path = clones.join(&name).join("repo");
        let house = House::new();
        let commit = path
            .is_dir()
            .then(|| house.json(&["check", &path.to_string_lossy(), "--only", "code-json"])["commit"].clone());
        if commit.as_ref().and_then(|commit| commit.as_str()) != Some(one.commit.as_str()) {
            println!("skipped: {name} is not there at {}", one.commit);
            continue;
        }
        wrong.extend(compare(&name, &one, &verdicts(&house, &path.to_string_lossy()), &mut scores));
    }
    tell("real", &scores, &wrong);
    let is_known = |line: &String| KNOWN.iter().any(|(name, rule)| line.starts_with(&format!("{name}: {rule} ")));
    wrong.retain(|line| !is_known(line));
    assert!(wrong.is_empty(), "{wrong:#?}");
}
