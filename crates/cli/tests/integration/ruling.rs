// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rules over the house from the outside: three answers, for whom they are, rules of one's own, and simulations that can be made again.

use serde_json::{Value, json};

use crate::documents::cyclonedx;
use crate::house::House;

/// A moment at which everything that the tests do is known, whenever they run.
const AT: &[&str] = &["--as-of", "2100-01-01"];

/// Two agencies: one with a known, an old and a silent system, one with a known one and three that nobody registered.
fn house() -> House {
    let house = House::new();
    let registry = "[[agency]]\nid = \"tax\"\nname = \"Tax\"\n\n[[agency]]\nid = \"sea\"\nname = \"Sea\"\ndeclared_systems = 3\n\n\
        [[system]]\nid = \"portal\"\nname = \"Portal\"\nagency = \"tax\"\nexposure = \"internet\"\nsupplier = \"Vendor\"\ncontact = \"it@tax.example\"\noperator = \"Tax\"\n\n\
        [[system]]\nid = \"archive\"\nname = \"Archive\"\nagency = \"tax\"\nexposure = \"internal\"\nsupplier = \"Other\"\n\n\
        [[system]]\nid = \"charts\"\nname = \"Charts\"\nagency = \"sea\"\ncontact = \"it@sea.example\"\noperator = \"Sea\"\n";
    house.write("registry.toml", registry.as_bytes());
    house.json(&["registry", "import", "registry.toml"]);
    house.write("portal.json", &cyclonedx("portal", &["pad-left@1.2.0".to_owned()]));
    house.json(&["add", "portal.json", "--system", "portal"]);
    house
}

fn asked(house: &House, call: &[&str]) -> Value {
    house.json(call)
}

fn rule(answer: &Value) -> &Value {
    &answer["rules"][0]
}

#[test]
fn a_rule_has_three_answers_and_an_agency_is_met_only_as_a_whole() {
    let house = house();
    let answer = asked(&house, &["rules", "check", "nis2-article-21/responsible"]);
    let one = rule(&answer);
    assert_eq!(one["counts"], json!({ "met": 2, "not_met": 1, "waived": 0, "not_assessed": 0 }));
    assert_eq!(one["unregistered"], 3);
    let agencies: Vec<(&Value, &Value)> =
        one["agencies"].as_array().expect("agencies").iter().map(|row| (&row["agency"], &row["verdict"])).collect();
    // All that Sea registered keeps it; of three more nobody knows.
    assert_eq!(agencies, [(&json!("sea"), &json!("cannot-be-assessed")), (&json!("tax"), &json!("not-met"))]);
    let first = &one["subjects"][0];
    assert_eq!((&first["subject"], &first["verdict"]), (&json!("archive"), &json!("not-met")));
    assert_eq!(first["causes"][0]["reason"], "no-contact");
    assert!(first["causes"][0]["remedy_de"].as_str().expect("words").contains("Funktionspostfach"));
    let tax = asked(&house, &["rules", "check", "nis2-article-21/responsible", "--agency", "tax"]);
    assert_eq!(rule(&tax)["counts"], json!({ "met": 1, "not_met": 1, "waived": 0, "not_assessed": 0 }));
}

#[test]
fn what_is_not_known_keeps_nothing() {
    let house = house();
    // No feed is held, and two systems have no inventory.
    for name in ["kev-deadlines/bod-22-01", "end-of-life/platforms"] {
        let answer = asked(&house, &["rules", "check", name]);
        assert_eq!(rule(&answer)["counts"]["met"], 0, "{name}");
        assert_eq!(rule(&answer)["counts"]["not_assessed"], 3, "{name}");
    }
    let all = asked(&house, &["rules", "check"]);
    for one in all["rules"].as_array().expect("rules") {
        let is_of_systems = one["subject"] == "system" && one["rule"] != "responsible";
        assert!(!is_of_systems || one["counts"]["met"].as_u64() <= Some(1), "{one}");
        assert!(one.get("subjects").is_none());
    }
    assert!(all["rules"].as_array().expect("rules").len() >= 15, "{all}");
}

#[test]
fn verdicts_are_about_what_somebody_may_see() {
    let house = house();
    let theirs = asked(&house, &["rules", "check", "nis2-article-21/responsible", "--viewer", "agency:sea"]);
    assert_eq!(rule(&theirs)["counts"], json!({ "met": 1, "not_met": 0, "waived": 0, "not_assessed": 0 }));
    assert!(!theirs.to_string().contains("archive") && !theirs.to_string().contains("tax"), "{theirs}");
    for command in ["check", "simulate"] {
        let refused = house.run(&["rules", command, "nis2-article-21/responsible", "--viewer", "stranger"]);
        assert_eq!(refused.error_code(), "not-allowed");
    }
}

#[test]
fn failing_is_asked_for() {
    let house = house();
    for (extra, code) in [
        (&[][..], 0),
        (&["--fail-on", "not-met"][..], 1),
        (&["--agency", "sea", "--fail-on", "not-met"][..], 0),
        (&["--agency", "sea", "--fail-on", "cannot-be-assessed"][..], 1),
        (&["--fail-on", "met"][..], 2),
    ] {
        let call = [&["rules", "check", "nis2-article-21/responsible"][..], extra].concat();
        assert_eq!(house.run(&call).code, Some(code), "{extra:?}");
    }
    assert_eq!(house.run(&["rules", "check", "bsi-2.1.0"]).error_code(), "no-rulebook");
    assert_eq!(house.run(&["rules", "check", "nis2-article-21/none"]).error_code(), "no-rule");
    assert_eq!(house.run(&["check-sbom", "portal.json", "--profile", "licences"]).error_code(), "no-rulebook");
}

/// A rule of one's own, with some of its words changed.
fn own(house: &House, from: &str, to: &str) -> Vec<String> {
    let rule = r#"
id = "named"
version = 1
demand = "must"
subject = "system"
clause = "1"
inventory = false
sql = "SELECT system AS subject, 'not-met' AS outcome, 'nameless' AS reason, NULL AS detail, NULL AS due FROM system WHERE name = '' UNION ALL SELECT system, 'cannot-be-assessed', 'nameless', NULL, NULL FROM system WHERE name IS NULL"
title = { en = "a", de = "b" }
text = { en = "a", de = "b" }
remedy = { en = "a", de = "b" }
[[reason]]
id = "nameless"
text = { en = "a", de = "b" }
remedy = { en = "a", de = "b" }
[[house]]
at = "2026-06-01"
met = ["a"]
not_met = ["b"]
not_assessed = ["c"]
[house.tables]
system = [
  { system = "a", name = "A", status = "active" },
  { system = "b", name = "", status = "active" },
  { system = "c", status = "active" },
]
"#;
    let book = "id = \"own\"\nstanding = \"policy\"\nconfirmed = \"primary\"\nvalid_from = 2026-01-01\n\
        source = { name = \"Policy\", address = \"https://example.gov/policy\" }\ntitle = { en = \"a\", de = \"b\" }\n";
    house.write("own/book.toml", book.as_bytes());
    house.write("own/named.toml", rule.replace(from, to).as_bytes());
    ["--rules", "own"].map(str::to_owned).to_vec()
}

#[test]
fn rules_of_ones_own_that_nobody_can_trust_are_refused() {
    let house = house();
    own(&house, "", "");
    assert_eq!(house.run(&["rules", "test", "--rules", "own"]).code, Some(0));
    let answer = asked(&house, &["rules", "check", "own/named", "--rules", "own"]);
    assert_eq!(rule(&answer)["counts"], json!({ "met": 3, "not_met": 0, "waived": 0, "not_assessed": 0 }));
    for (from, to, command) in [
        ("not_met = [\"b\"]", "", "test"),
        ("not_assessed = [\"c\"]", "", "test"),
        ("met = [\"a\"]", "met = [\"a\", \"z\"]", "test"),
        ("inventory = false", "inventory = false\nbearer = \"project\"", "test"),
        ("id = \"nameless\"\ntext", "id = \"nameless\"\nbearer = \"project\"\ntext", "test"),
        ("FROM system WHERE name = ''", "FROM system, finding WHERE system.name = ''", "test"),
        ("'nameless' AS reason", "'other' AS reason", "test"),
        ("'not-met' AS outcome", "'met' AS outcome", "test"),
        ("SELECT system AS subject", "SELECT 'z' AS subject", "test"),
        ("name = \"A\", status", "surprise = \"A\", status", "test"),
        ("WHERE name = ''", "WHERE nothing = ''", "check"),
    ] {
        own(&house, from, to);
        let call: &[&str] = if command == "test" {
            &["rules", "test", "--rules", "own"]
        } else {
            &["rules", "check", "own/named", "--rules", "own"]
        };
        assert_eq!(house.run(call).error_code(), "rule-refused", "{from} -> {to}");
    }
    // Blind by default: without the word nobody keeps it who has no inventory.
    own(&house, "inventory = false", "");
    let answer = asked(&house, &["rules", "check", "own/named", "--rules", "own"]);
    assert!(rule(&answer)["counts"]["met"].as_u64().expect("a number") <= 1);
    assert_eq!(rule(&answer)["counts"]["not_met"], 0);
}

#[test]
fn a_simulation_can_be_made_again() {
    let house = house();
    let call = ["rules", "simulate", "nis2-article-21/responsible", "--from", "2101-01-01"];
    let first = asked(&house, &[&call[..], AT].concat());
    assert_eq!(first, asked(&house, &[&call[..], AT].concat()));
    assert_eq!(first["digest"].as_str().map(str::len), Some(64));
    assert_eq!(first["from"], "2101-01-01");
    assert_eq!(first["upstream"]["questionnaires"], 0);
    // Another day, another sight or another wave is another report.
    for extra in [&["--from", "2101-01-02"][..], &["--viewer", "agency:tax"], &["--phase", "1,2,3"]] {
        let base: &[&str] = if extra[0] == "--from" { &call[..3] } else { &call };
        let other = asked(&house, &[base, extra, AT].concat());
        assert_ne!((&other["input_digest"], &other["digest"]), (&first["input_digest"], &first["digest"]), "{extra:?}");
    }
    house.json(&["backup", "copy"]);
    let restored = house.path("restored");
    assert_eq!(house.run_on(&restored, &["restore", "copy"]).code, Some(0));
    let again = house.run_on(&restored, &[&call[..], AT, &["--format", "json"]].concat());
    assert_eq!(again.answer(), first);
    assert_eq!(house.run(&[&call[..], &["--phase", "3,2,1"]].concat()).error_code(), "bad-phases");
}

#[test]
fn a_simulation_counts_who_is_hit_and_what_it_takes() {
    let house = house();
    let now = asked(&house, &["rules", "simulate", "nis2-article-21/supply-chain"]);
    // Portal has a document and nobody who can patch it; Archive has no document either; of Charts nobody names a supplier.
    assert_eq!(now["counts"], json!({ "met": 0, "not_met": 2, "waived": 0, "not_assessed": 1 }));
    assert_eq!((&now["hit"]["vendors"], &now["hit"]["agencies"]), (&json!(2), &json!(1)));
    let tax = &now["agencies"][1];
    assert_eq!((&tax["agency"], &tax["asked"], &tax["before"]), (&json!("tax"), &json!(2), &json!(0)));
    for one in now["agencies"].as_array().expect("agencies") {
        let of = |field: &str| one[field].as_u64().expect("a number");
        assert_eq!(of("after") + of("stuck") + of("open"), of("asked"), "{one}");
        assert!(of("before") <= of("after"), "{one}");
    }
    // Whoever lacks a document can have one; what it would show, nobody knows yet.
    assert_eq!((&tax["stuck"], &tax["open"]), (&json!(0), &json!(2)));
    let waves: u64 = now["waves"].as_array().expect("waves").iter().filter_map(|wave| wave["asked"].as_u64()).sum();
    assert_eq!(waves, 3);
    let stands = &now["alternatives"][0];
    assert_eq!((&stands["kind"], &stands["counts"]), (&json!("as-it-stands"), &now["counts"]));
    let pieces: u64 = now["waves"].as_array().expect("waves").iter().filter_map(|wave| wave["pieces"].as_u64()).sum();
    assert_eq!(stands["pieces"].as_u64(), Some(pieces));
    let csv = house.run(&["rules", "simulate", "nis2-article-21/supply-chain", "--format", "csv"]).stdout;
    assert!(
        csv.starts_with(
            r#""agency","name","asked","before","waived","after","stuck","stuck_waived","open","unregistered""#
        ),
        "{csv}"
    );
    let done = house.run(&["rules", "simulate", "nis2-article-21/supply-chain", "--german", "--pdf", "report.pdf"]);
    assert!(done.stdout.contains("Fragebögen an Projekte: 0"), "{}", done.stdout);
    assert!(done.stdout.contains("Nach dem, was am "), "what is known does not age: {}", done.stdout);
    assert!(std::fs::read(house.path("report.pdf")).expect("a file").starts_with(b"%PDF-"));
}

#[test]
fn a_document_that_states_nothing_makes_no_inventory_younger() {
    let house = house();
    let known = || house.sql("SELECT documents, newest FROM system_coverage WHERE system = 'portal'");
    let before = known();
    let empty = String::from_utf8(cyclonedx("hull", &[])).expect("text").replace("2026-01-05", "2026-06-05");
    house.write("hull.json", empty.as_bytes());
    house.json(&["add", "hull.json", "--system", "portal"]);
    let after = known();
    assert_eq!((&before[0]["documents"], &after[0]["documents"]), (&json!(1), &json!(2)));
    assert_eq!(before[0]["newest"], after[0]["newest"]);
}

/// Who is asked about packages is worked out without SQL, and is what SQL says.
#[test]
fn packages_are_asked_about_where_sql_finds_them() {
    let house = House::new();
    house.run(&["demo", "--no-tour"]);
    for viewer in [&[][..], &["--viewer", "agency:health-institute"]] {
        let query = "SELECT agency, count(DISTINCT purl) AS packages FROM use GROUP BY agency ORDER BY agency";
        let found = house.run(&[&["sql", query, "--format", "ndjson"][..], viewer].concat()).stdout;
        let row = |line: &str| serde_json::from_str::<Value>(line).expect("a row");
        let row = |line: &str| (row(line)["agency"].clone(), row(line)["packages"].clone());
        let expected: Vec<_> = found.lines().map(row).collect();
        let told = asked(&house, &[&["rules", "simulate", "licences/osi-approved"][..], viewer].concat());
        let row = |row: &Value| (row["agency"].clone(), row["asked"].clone());
        let agencies: Vec<_> = told["agencies"].as_array().expect("agencies").iter().map(row).collect();
        assert_eq!(agencies, expected, "{viewer:?}");
        assert!(!expected.is_empty());
    }
}
