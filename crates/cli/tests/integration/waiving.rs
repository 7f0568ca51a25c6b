// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Waivers of rules from the outside, in Norvania, whose clock stands at 2 March 2026: one ran out, one holds, one waits.

use serde_json::{Value, json};

use crate::house::House;

const RULE: &str = "procurement/delivered";

fn norvania() -> House {
    let house = House::new();
    house.run(&["demo", "--no-tour"]);
    house
}

fn check(house: &House, extra: &[&str]) -> Value {
    house.json(&[&["rules", "check", RULE], extra].concat())["rules"][0].clone()
}

fn subject(answer: &Value, id: &str) -> Value {
    let all = answer["subjects"].as_array().expect("subjects");
    all.iter().find(|one| one["subject"] == id).expect("one of them").clone()
}

fn wish<'a>(rule: &'a str, about: &'a str, until: &'a str) -> Vec<&'a str> {
    vec!["rules", "waive", rule, "--subject", about, "--until", until, "--reason", "why", "--compensation", "a wall"]
}

#[test]
fn who_is_let_off_is_counted_by_itself_and_never_as_met() {
    let house = norvania();
    let now = check(&house, &[]);
    assert_eq!(now["counts"], json!({ "met": 0, "not_met": 5, "waived": 1, "not_assessed": 45 }));
    let archive = subject(&now, "tax-archive");
    assert_eq!((&archive["verdict"], &archive["is_waived"]), (&json!("not-met"), &json!(true)));
    let expected =
        json!([{ "waiver": "W2", "state": "holds", "until": "2026-03-27", "days_left": 25, "by": "mira.halden" }]);
    assert_eq!(archive["waivers"], expected);
    let backup = subject(&now, "backup-service");
    assert_eq!((&backup["is_waived"], &backup["waivers"][0]["state"]), (&json!(false), &json!("ran-out")));
    assert_eq!(backup["waivers"][0]["days_left"], -10);
    let tax = now["agencies"].as_array().expect("agencies").iter().find(|one| one["agency"] == "tax-administration");
    let tax = tax.expect("the agency");
    assert_eq!(
        (&tax["verdict"], &tax["counts"]["waived"], &tax["counts"]["not_met"]),
        (&json!("not-met"), &json!(1), &json!(0))
    );
    // As of another day the waivers of that day count.
    for (at, waived) in [("2026-01-07", 0), ("2026-01-20", 1), ("2026-02-10", 2), ("2026-03-27", 1), ("2026-03-28", 0)]
    {
        let then = check(&house, &["--as-of", at]);
        let counts = &then["counts"];
        assert_eq!(counts["waived"], waived, "{at}: {counts}");
    }
    let shown = house.run(&["rules", "check", RULE, "--as-of", "2026-03-30"]).stdout;
    assert!(shown.contains("waiver W2 ran out 3 days ago"), "{shown}");
    let german = house.run(&["rules", "check", RULE, "--german"]).stdout;
    assert!(german.contains("ausgenommen bis 2026-03-27 durch Entscheidung W2 von mira.halden"), "{german}");
}

#[test]
fn a_waived_violation_fails_no_build_while_its_waiver_holds() {
    let house = norvania();
    for (extra, code) in [
        (&["--agency", "tax-administration"][..], 0),
        (&["--agency", "tax-administration", "--as-of", "2026-03-28"][..], 1),
        (&["--agency", "tax-administration", "--as-of", "2026-01-20"][..], 1),
        // One waiver lets one system off, and this agency has others without a bill of materials.
        (&["--agency", "computing-centre", "--as-of", "2026-01-20"][..], 1),
    ] {
        let call = [&["rules", "check", RULE, "--fail-on", "not-met"][..], extra].concat();
        assert_eq!(house.run(&call).code, Some(code), "{extra:?}");
    }
}

#[test]
fn one_asks_and_another_one_grants() {
    let house = norvania();
    let done = |call: &[&str]| house.run(call);
    assert_eq!(done(&["rules", "grant", "W3", "--actor", "Pia.Torm"]).error_code(), "same-granter");
    assert_eq!(done(&["rules", "grant", "W9", "--actor", "mira.halden"]).error_code(), "unknown-waiver");
    assert_eq!(done(&["rules", "grant", "W1", "--actor", "mira.halden"]).error_code(), "waiver-settled");
    assert_eq!(done(&["rules", "grant", "W3", "--viewer", "agency:tax-administration"]).error_code(), "unknown-waiver");
    let granted = house.json(&["rules", "grant", "W3", "--actor", "mira.halden", "--note", "until the copy is gone"]);
    assert_eq!((&granted["state"], &granted["answered_by"]), (&json!("holds"), &json!("mira.halden")));
    assert_eq!(check(&house, &[])["counts"]["waived"], 2);
    house.json(&["rules", "withdraw", "W3", "--reason", "it was replaced"]);
    assert_eq!(check(&house, &[])["counts"]["waived"], 1);
    let refused = house.json(&[&wish(RULE, "digital-wallet", "2026-05-01")[..], &["--actor", "ada"]].concat());
    assert_eq!((&refused["waiver"], &refused["state"]), (&json!("W4"), &json!("asked-for")));
    let refused = house.json(&["rules", "refuse", "W4", "--reason", "ask the vendor", "--actor", "bo"]);
    assert_eq!(refused["state"], "refused");
    let listed = house.json(&["rules", "waivers"]);
    let counts = json!({ "asked_for": 0, "holds": 1, "ending": 1, "not_begun": 0, "ran_out": 1, "lapsed": 0,
        "refused": 1, "withdrawn": 1 });
    assert_eq!(listed["counts"], counts);
    let table = house.sql("SELECT waiver, state FROM rule_waiver ORDER BY waiver");
    assert_eq!(table[1], json!({ "waiver": "W2", "state": "holds" }));
}

#[test]
fn rules_that_let_nobody_off_say_so() {
    let house = norvania();
    for (call, code) in [
        (wish("kev-deadlines/bod-22-01", "tax-archive", "2026-05-01"), "not-waivable"),
        (wish("oss-first/on-record", "tax-administration", "2026-05-01"), "not-waivable"),
        (wish("bsi-2.1.0/component-name", "tax-archive", "2026-05-01"), "no-rulebook"),
        (wish("procurement/none", "tax-archive", "2026-05-01"), "no-rule"),
        (wish(RULE, "no-such-system", "2026-05-01"), "not-found"),
        (wish(RULE, "tax-archive", "2026-12-31"), "invalid-waiver"),
        (wish(RULE, "tax-archive", "2026-02-01"), "invalid-waiver"),
        (wish(RULE, "court-calendar", "2026-05-01"), "invalid-waiver"),
        (wish("licences/osi-approved", "pkg:npm/no-such@1", "2026-05-01"), "not-found"),
    ] {
        assert_eq!(house.run(&call).error_code(), code, "{call:?}");
    }
    let told = house.run(&wish("kev-deadlines/bod-22-01", "tax-archive", "2026-05-01")).stderr;
    assert!(told.contains("says so by a decision"), "{told}");
    let explained = house.run(&["rules", "explain", RULE]).stdout;
    assert!(explained.contains("granted by: agency") && explained.contains("days at most: 184"), "{explained}");
}

#[test]
fn an_heir_loosens_nothing_and_keeps_what_the_owner_granted() {
    let house = norvania();
    let book = "id = \"ours\"\nstanding = \"policy\"\nconfirmed = \"primary\"\nvalid_from = 2026-01-01\ninherits = \"procurement\"\n\
        source = { name = \"Policy\", address = \"https://example.gov/policy\" }\ntitle = { en = \"a\", de = \"b\" }\n\
        waiver = { en = \"anybody\", de = \"alle\", granted_by = \"agency\" }\n";
    house.write("ours/book.toml", book.as_bytes());
    let own = ["--rules", "ours"];
    let call = wish("ours/delivered", "digital-wallet", "2026-05-01");
    let refused = house.run(&[&call[..], &own].concat());
    assert_eq!(refused.error_code(), "not-waivable");
    assert!(refused.stderr.contains("procurement/delivered"), "{}", refused.stderr);
    let answer = house.json(&[&["rules", "check", "ours/delivered"][..], &own].concat());
    assert_eq!(answer["rules"][0]["counts"]["waived"], 1);
    // A book that calls itself as a shipped one is none.
    house.write("licences/book.toml", book.replace("ours", "licences").as_bytes());
    let call = wish("licences/delivered", "digital-wallet", "2026-05-01");
    assert_eq!(house.run(&[&call[..], &["--rules", "licences"]].concat()).error_code(), "rule-refused");
}

#[test]
fn an_agency_sees_its_own_and_a_stranger_none() {
    let house = norvania();
    let seen = |viewer: &str| -> Vec<String> {
        let listed = house.json(&["rules", "waivers", "--viewer", viewer]);
        let rows = listed["rows"].as_array().expect("rows");
        rows.iter().map(|row| row["waiver"].as_str().expect("a number").to_owned()).collect()
    };
    assert_eq!(seen("operator"), ["W3", "W2", "W1"]);
    assert_eq!(seen("agency:tax-administration"), ["W2"]);
    assert_eq!(seen("agency:vestoria-justice"), ["W3"]);
    assert_eq!(house.run(&["rules", "waivers", "--viewer", "stranger"]).error_code(), "not-allowed");
}

#[test]
fn a_simulation_counts_waivers_of_the_day_from_which_the_rule_applies() {
    let house = norvania();
    let simulate = |from: &str| house.json(&["rules", "simulate", RULE, "--from", from]);
    let now = simulate("2026-03-02");
    assert_eq!(now["counts"], json!({ "met": 0, "not_met": 5, "waived": 1, "not_assessed": 45 }));
    assert_eq!(now["hit"]["subjects"], 5);
    let tax = now["agencies"].as_array().expect("agencies").iter().find(|one| one["agency"] == "tax-administration");
    let tax = tax.expect("the agency");
    assert_eq!((&tax["waived"], &tax["before"]), (&json!(1), &json!(0)));
    let waves = now["waves"].as_array().expect("waves");
    let sum = |field: &str| waves.iter().filter_map(|wave| wave[field].as_u64()).sum::<u64>();
    assert_eq!((sum("waived"), sum("hit"), sum("falls_due")), (1, 5, 1));
    let later = simulate("2026-04-01");
    assert_eq!((&later["counts"]["waived"], &later["hit"]["subjects"]), (&json!(0), &json!(6)));
    assert_ne!(now["input_digest"], later["input_digest"]);
    let shown = house.run(&["rules", "simulate", RULE]).stdout;
    assert!(shown.contains("Of these, 1 is let off"), "{shown}");
}

#[test]
fn a_restored_house_has_the_same_waivers_and_the_trail_tells_of_each() {
    let house = norvania();
    let before = house.json(&["rules", "waivers"]);
    house.json(&["backup", "copy"]);
    let restored = house.path("restored");
    assert_eq!(house.run_on(&restored, &["restore", "copy"]).code, Some(0));
    let again = house.run_on(&restored, &["rules", "waivers", "--format", "json"]).answer();
    assert_eq!(again["rows"], before["rows"]);
    let trail = house.json(&["audit", "list", "--subject", "waiver W2"]);
    let text = trail.to_string();
    assert!(text.contains("propose-waiver") && text.contains("change-waiver") && text.contains("lena.oster"), "{text}");
    assert_eq!(house.run(&["audit", "verify"]).code, Some(0));
    let year = house.json(&["report", "annual", "--year", "2026"]);
    let line = |code: &str| {
        let rows = year["rows"].as_array().expect("rows");
        rows.iter().find(|row| row["code"] == code).expect("a line")["count"].clone()
    };
    let told = ["granted", "hold", "ran-out", "asked-for"].map(|word| line(&format!("annual-waivers-{word}")));
    assert_eq!(told, [json!(2), json!(1), json!(1), json!(1)]);
}
