// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Plans and signals on the command line: what is not known permits nothing, and people are counted and never named.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::documents::cyclonedx;
use crate::house::House;

pub fn house() -> House {
    let house = House::new();
    let registry = "[[agency]]\nid = \"city\"\nname = \"City\"\n\n\
        [[system]]\nid = \"portal\"\nname = \"Portal\"\nagency = \"city\"\nconfidentiality = \"high\"\nexposure = \"internet\"\n\n\
        [[system]]\nid = \"mail\"\nname = \"Mail\"\nagency = \"city\"\nconfidentiality = \"normal\"\nexposure = \"internal\"\n";
    house.write("registry.toml", registry.as_bytes());
    house.json(&["registry", "import", "registry.toml"]);
    for (system, packages) in [("portal", &["left@1.0.0", "right@1.0.0"][..]), ("mail", &["right@1.0.0"])] {
        let packages: Vec<String> = packages.iter().map(|package| (*package).to_owned()).collect();
        house.write(&format!("{system}.json"), &cyclonedx(system, &packages));
        house.json(&["add", &format!("{system}.json"), "--system", system]);
    }
    house
}

fn names<'v>(rows: &'v Value, field: &str) -> Vec<&'v str> {
    rows.as_array().into_iter().flatten().filter_map(|row| row[field].as_str()).collect()
}

#[test]
fn a_plan_funds_what_is_permitted_and_says_why_not() {
    let house = house();
    let asked_nobody = house.json(&["plan", "--budget", "5000000"]);
    assert_eq!(asked_nobody["items"], Value::Array(Vec::new()));
    let refused = asked_nobody["refused"].as_array().expect("refusals");
    let firsts: Vec<&Value> = refused.iter().map(|one| &one["refusal"]["first"]).collect();
    assert!(firsts.iter().any(|first| *first == "ask-first"), "{firsts:?}");
    let facts = r#"
        [[project]]
        project = "right"
        source = "asked by the office, 2026-03-01"
        consents = true
        can_receive_money = true
        has_triage_capacity = false
        was_audited = false
        takes_contributions = true
        maintainer_hours = 2000
        funded = ["fuzzing"]
        has_continuity_reserve = true
        prices.audit = 50000

        [[project]]
        project = "left"
        source = "their answer, 2026-03-02"
        consents = false
    "#;
    house.write("facts.toml", facts.as_bytes());
    let call = ["plan", "--budget", "5000000", "--facts", "facts.toml"];
    let plan = house.json(&call);
    let items = names(&plan["items"], "project");
    assert_eq!(items, ["pkg:npm/right"]);
    let chosen = plan["items"][0]["interventions"].as_array().expect("instruments");
    assert!(chosen.iter().any(|code| code == "audit"), "{chosen:?}");
    assert!(!chosen.iter().any(|code| code == "fuzzing" || code == "bounty-with-triage"), "{chosen:?}");
    let why_not = |project: &str, instrument: &str| {
        let found = plan["refused"]
            .as_array()
            .expect("refusals")
            .iter()
            .find(|one| one["project"] == project && one["refusal"]["intervention"] == instrument);
        found.map(|one| (one["refusal"]["reason"].clone(), one["refusal"]["first"].clone()))
    };
    assert_eq!(why_not("pkg:npm/right", "fuzzing"), Some(("funded-elsewhere".into(), "join-the-other-funder".into())));
    assert_eq!(
        why_not("pkg:npm/right", "bounty-with-triage"),
        Some(("no-triage-capacity".into(), "pay-for-triage".into()))
    );
    assert_eq!(why_not("pkg:npm/left", "audit"), Some(("consent-refused".into(), "respect-the-answer".into())));
    assert_eq!(plan["certificate"]["method"], "exact");
    assert_eq!(house.json(&call)["items"], plan["items"], "the same seed gives the same plan");
    let table = house.run(&call).stdout;
    assert!(table.contains("pkg:npm/right") && table.contains("no-triage-capacity → pay-for-triage"), "{table}");
}

/// A project that wants help, for whose audit somebody else pays.
const WRITTEN: &str = r#"
        [[project]]
        project = "right"
        source = "their answer, 2026-03-01"
        consents = true
        can_receive_money = true
        has_triage_capacity = true
        was_audited = false
        takes_contributions = true
        maintainer_hours = 4000
        funded = []
        has_continuity_reserve = true

        [[funding]]
        project = "right"
        source = "the page of the funder, 2026-02-20"
        funder = "The Republic of Osteria"
        activity = "audit"
        from = 2026-01-01
        until = 2030-07-01
        amount = 120000
"#;

/// Proposes a promise to the project, as Ada.
fn promise(house: &House, activity: &str) -> Value {
    let part = "--milestone";
    let call =
        ["--actor", "ada", "commitment", "propose", "right", "--activity", activity, "--from", "2030-01-01", "--until"];
    let rest =
        ["2030-12-31", part, "2030-06-30 60000 A report", "--reason", "Both systems rest on it; a contract", "--pool"];
    house.json(&call.into_iter().chain(rest).collect::<Vec<_>>())
}

#[test]
fn what_is_written_down_and_promised_counts_in_the_plan() {
    let house = house();
    house.write("facts.toml", WRITTEN.as_bytes());
    let learned = |news| serde_json::json!({ "projects": 1, "fundings": 1, "names": 0, "is_new": news });
    assert_eq!(house.json(&["facts", "facts.toml"]), learned(true));
    assert_eq!(house.json(&["facts", "facts.toml"]), learned(false), "the same is not written twice");
    let written = house.json(&["facts"]);
    assert_eq!(written["projects"][0]["project"], "pkg:npm/right");
    assert_eq!(written["fundings"][0]["amount"], 120_000);
    let refusal = |instrument: &str| {
        let plan = house.json(&["plan", "--budget", "5000000"]);
        let found = plan["refused"]
            .as_array()
            .expect("refusals")
            .iter()
            .find(|one| one["project"] == "pkg:npm/right" && one["refusal"]["intervention"] == instrument);
        found.map(|one| one["refusal"]["reason"].clone())
    };
    assert_eq!((refusal("audit"), refusal("fuzzing")), (Some("funded-elsewhere".into()), None));
    let audit = promise(&house, "audit");
    let double = &audit["double_funding"][0];
    assert_eq!(
        (double["funder"].as_str(), double["strength"].as_str(), double["common_days"].as_i64()),
        (Some("The Republic of Osteria"), Some("same"), Some(181))
    );
    let fuzzing = promise(&house, "fuzzing");
    assert_eq!(fuzzing["shares"], serde_json::json!([{ "agency": "city", "amount_cents": 6_000_000 }]));
    assert_eq!((fuzzing["state"].as_str(), &fuzzing["double_funding"]), (Some("proposed"), &serde_json::json!([])));
    assert_eq!(refusal("fuzzing"), Some("funded-elsewhere".into()), "what is proposed is not paid twice");
}

#[test]
fn a_promise_holds_by_two_people_and_is_paid_for_public_work() {
    let house = house();
    house.write("facts.toml", WRITTEN.as_bytes());
    house.json(&["facts", "facts.toml"]);
    promise(&house, "audit");
    promise(&house, "fuzzing");
    let by = |actor: &str, words: &[&str]| house.run(&[&["--actor", actor], words].concat());
    assert_eq!(by("Ada", &["commitment", "approve", "K2"]).error_code(), "same-approver");
    assert_eq!(by("ben", &["commitment", "pay", "K2", "1", "10"]).error_code(), "invalid-commitment");
    assert_eq!(by("ben", &["commitment", "approve", "K2"]).code, Some(0));
    let shown = by("ada", &["commitment", "work", "K2", "1", "https://right.example/report", "--at", "2026-03-02"]);
    assert!(shown.stdout.contains("K2: fuzzing of pkg:npm/right, 2030-01-01 to 2030-12-31: kept."), "{}", shown.stdout);
    assert_eq!(by("ben", &["commitment", "pay", "K2", "1", "60000.01"]).error_code(), "invalid-commitment");
    assert_eq!(by("ben", &["commitment", "pay", "K2", "1", "60000"]).code, Some(0));
    let list = house.run(&["commitment", "list"]).stdout;
    assert!(list.contains("2 promises; kept: 1 of 60,000.00 EUR."), "{list}");
    assert_eq!(house.run(&["commitment", "show", "K9"]).error_code(), "not-found");
    assert_eq!(by("ada", &["commitment", "withdraw", "K1", "--reason", "Osteria pays"]).code, Some(0));
    assert_eq!(house.json(&["commitment", "show", "K1"])["double_funding"], serde_json::json!([]));
    let brief = house.run(&["plan", "--budget", "5000000", "--brief", "brief.pdf"]);
    assert!(brief.stdout.contains("brief.pdf"), "{brief:?}");
    assert!(std::fs::read(house.path("brief.pdf")).expect("a file").starts_with(b"%PDF-"));
}

#[test]
fn faults_in_what_is_known_name_the_file_and_the_place() {
    let house = house();
    for (text, code, expected) in [
        ("[[project]]\nproject = \"right\"\nsource = \"x\"\nconsent = true\n", "project-facts", "facts.toml"),
        ("[[project]]\nproject = \"right\"\n", "project-facts", "missing field `source`"),
        (
            "[[project]]\nproject = \"right\"\nsource = \"x\"\n[[project]]\nproject = \"pkg:npm/right\"\nsource = \"y\"\n",
            "unknown-project",
            "stands there twice",
        ),
    ] {
        house.write("facts.toml", text.as_bytes());
        let done = house.run(&["plan", "--budget", "1000", "--facts", "facts.toml"]);
        assert_eq!(done.error_code(), code, "{done:?}");
        assert!(done.stderr.contains(expected) && done.stderr.contains("hint:"), "{}", done.stderr);
    }
    assert_eq!(house.run(&["plan", "--budget", "0"]).error_code(), "usage");
    assert_eq!(house.run(&["plan", "--budget", "1000", "--facts", "nothing.toml"]).error_code(), "project-facts");
}

#[test]
fn weights_can_be_tried_out() {
    let house = house();
    let place = |arguments: &[&str]| names(&house.json(arguments)["rows"], "project").join(" ");
    assert_eq!(place(&["priorities"]), "pkg:npm/right pkg:npm/left");
    let points =
        |weight: &str| house.json(&["project", "left", "--weight", weight])["priority"]["dependence"]["likely"].clone();
    assert_eq!((points("need.high=4"), points("need.high=10")), (8.0.into(), 20.0.into()));
    assert_eq!(house.run(&["priorities", "--weight", "need.huge=1"]).error_code(), "usage");
}

/// A repository with commits of two people and a program.
fn repository(folder: &Path) -> bool {
    let git = |arguments: &[&str], name: &str| {
        let mut command = Command::new("git");
        command.current_dir(folder).args(arguments);
        for who in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{who}_NAME"), name)
                .env(format!("GIT_{who}_EMAIL"), format!("{name}@secret.example"));
            command.env(format!("GIT_{who}_DATE"), "2026-02-01T12:00:00Z");
        }
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").output().is_ok_and(|done| done.status.success())
    };
    if !git(&["init", "-q", "-b", "main"], "ada") {
        return false;
    }
    for (number, name) in ["ada", "ada", "grace", "dependabot[bot]"].iter().enumerate() {
        std::fs::write(folder.join(format!("{number}.c")), "int x;\n").expect("writes");
        assert!(git(&["add", "."], name) && git(&["commit", "-q", "-m", "work"], name));
    }
    std::fs::write(folder.join("SECURITY.md"), "# Security\n\nWrite to us in private first.\n").expect("writes");
    git(&["add", "."], "ada") && git(&["commit", "-q", "-m", "policy"], "ada")
}

#[test]
fn a_clone_tells_without_naming_anybody() {
    let house = house();
    let clone = house.path("clone");
    std::fs::create_dir(&clone).expect("a folder");
    if !repository(&clone) {
        eprintln!("skipped: no git here");
        return;
    }
    let done = house.run(&["signals", "clone", "--as-of", "2026-03-01", "--format", "json"]);
    let found = done.answer();
    let reading = |code: &str| {
        let signals = found["signals"].as_array().expect("signals").iter();
        signals
            .filter(|signal| signal["code"] == code)
            .map(|signal| signal["reading"].clone())
            .next()
            .expect("a signal")
    };
    assert_eq!(reading("contributors-12-months")["known"]["number"], 2);
    assert_eq!(reading("security-policy")["known"]["flag"], true);
    assert_eq!(reading("releases")["unknown"], "no-tags");
    let known = house.json(&["signals", "clone", "--project", "left"]);
    assert_eq!((&known["project"], &known["unfixed_advisories"]), (&"pkg:npm/left".into(), &Value::Null));
    assert!(["secret.example", "ada", "grace"].iter().all(|name| !done.stdout.contains(name)), "{}", done.stdout);
    let table = house.run(&["signals", "clone", "--as-of", "2026-03-01"]).stdout;
    assert!(
        table.contains("contributor-absence-12-months") && table.contains("security-reports (SECURITY.md:"),
        "{table}"
    );
    assert_eq!(house.run(&["signals", "nowhere"]).error_code(), "no-clone");
}
