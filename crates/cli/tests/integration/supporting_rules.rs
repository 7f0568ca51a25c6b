// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Plans under rules of the house: lines of the budget, years, hours, floors and caps, each kept, and what it costs told.

use serde_json::Value;

use crate::house::House;
use crate::supporting::house;

fn written() -> House {
    let house = house();
    let facts: String = ["left", "right"]
        .iter()
        .map(|project| {
            format!(
                "[[project]]\nproject = \"{project}\"\nsource = \"asked, 2026-03-01\"\nconsents = true\ncan_receive_money = true\n\
                 has_triage_capacity = true\nwas_audited = true\ntakes_contributions = true\nmaintainer_hours = 4000\nfunded = []\n\
                 has_continuity_reserve = true\nhas_alternative = false\nis_unmaintained = false\nhas_foundation = true\n"
            )
        })
        .collect();
    house.write("facts.toml", facts.as_bytes());
    house.json(&["facts", "facts.toml"]);
    house
}

fn plan(house: &House, more: &[&str]) -> Value {
    plan_of(house, 900_000, more)
}

fn plan_of(house: &House, budget: i64, more: &[&str]) -> Value {
    house.json(&[&["plan", "--budget", &budget.to_string(), "--draws", "5"], more].concat())
}

fn cost(plan: &Value) -> i64 {
    plan["cost_cents"].as_i64().expect("a cost") / 100
}

/// What the plan pays for one project, in euro.
fn paid(plan: &Value, project: &str) -> i64 {
    let items = plan["items"].as_array().expect("items").iter();
    items.filter(|item| item["project"] == project).filter_map(|item| item["cost_cents"].as_i64()).sum::<i64>() / 100
}

#[test]
fn rules_are_kept_and_what_they_cost_is_told() {
    let house = written();
    let free = plan(&house, &[]);
    assert_eq!(free["certificate"]["method"], "exact");
    assert!(cost(&free) > 200_000, "{free}");
    // A euro less than the best plan needs: a little looser, and that plan is back.
    let most = cost(&free) - 1;
    let rules = format!("[[rule]]\nname = \"city\"\nat_most = {most}\nagencies = [\"city\"]\n");
    house.write("rules.toml", rules.as_bytes());
    let ruled = plan(&house, &["--rules", "rules.toml"]);
    assert_eq!(ruled["certificate"]["method"], "rules");
    assert!((1..=most).contains(&cost(&ruled)), "{ruled}");
    assert!(ruled["avoided"].as_f64() < free["avoided"].as_f64());
    let price = &ruled["shadow_prices"].as_array().expect("prices")[1];
    assert_eq!(price["rule"], "city");
    assert!(price["gain"].as_f64().expect("a gain") > 0.0, "{price}");
    let told = house.run(&["plan", "--budget", "900000", "--draws", "5", "--rules", "rules.toml"]).stdout;
    assert!(told.contains("The rule \"city\" costs: "), "{told}");
    // A floor moves money to a project that would have got less.
    let floor = paid(&free, "pkg:npm/left");
    let tight = floor + 20_000;
    let unruled = paid(&plan_of(&house, tight, &[]), "pkg:npm/left");
    assert!(unruled < floor, "{unruled} of {floor}: the other one would have got some");
    let rules = format!("[[rule]]\nname = \"left\"\nat_least = {floor}\nprojects = [\"left\"]\n");
    house.write("rules.toml", rules.as_bytes());
    assert!(paid(&plan_of(&house, tight, &["--rules", "rules.toml"]), "pkg:npm/left") >= floor);
    let by_ecosystem = "[[rule]]\nname = \"npm\"\nat_most = 0\necosystems = [\"npm\"]\n";
    house.write("rules.toml", by_ecosystem.as_bytes());
    assert_eq!(cost(&plan(&house, &["--rules", "rules.toml"])), 0);
    let line = "[[rule]]\nname = \"audits\"\nat_most = 0\ninstruments = [\"audit\", \"paid-maintenance\"]\n";
    house.write("rules.toml", line.as_bytes());
    let items = plan(&house, &["--rules", "rules.toml"])["items"].to_string();
    assert!(!items.contains("audit") && !items.contains("paid-maintenance"), "{items}");
    assert!(cost(&plan(&house, &["--year", "60000"])) < cost(&free), "years count without a file");
    assert!(cost(&plan(&house, &["--office-hours", "50"])) < cost(&free), "hours count without a file");
}

#[test]
fn a_rule_that_makes_no_sense_is_refused() {
    let house = written();
    for (rules, expected) in [
        ("[[rule]]\nname = \"a\"\nat_most = 1\nagencies = [\"nowhere\"]", "names nowhere, which is no agency here"),
        ("[[rule]]\nname = \"a\"\nat_most = 1\necosystems = [\"cargo\"]", "about none of the projects"),
        ("[[rule]]\nname = \"a\"\nat_least = 10000000\nprojects = [\"left\"]", "no plan keeps all rules"),
        ("[[rule]]\nname = \"a\"\nat_most = 1", "rules.toml: table 1 of [[rule]]"),
    ] {
        house.write("rules.toml", rules.as_bytes());
        let refused = house.run(&["plan", "--budget", "900000", "--draws", "5", "--rules", "rules.toml"]);
        assert_eq!(refused.error_code(), "invalid-plan", "{rules}");
        assert!(refused.stderr.contains(expected) && refused.stderr.contains("hint:"), "{}", refused.stderr);
    }
}
