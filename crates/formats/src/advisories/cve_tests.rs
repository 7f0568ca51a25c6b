// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What CVE records say about products, packages and their versions, beyond the simple case.

use serde_json::{Value, json};
use underpin_model::Limits;
use underpin_model::gap::GapCode;
use underpin_model::limits::bounds;
use underpin_model::watch::cve::{Configuration, CpeMatch};
use underpin_model::watch::{CveRecord, Event};

use super::cve_record;

fn read(container: &Value) -> CveRecord<'static> {
    let record = json!({ "cveMetadata": { "cveId": "CVE-2026-1" }, "containers": { "cna": container } });
    cve_record::read(record.to_string().as_bytes(), &Limits::default()).expect("a record").into_owned()
}

/// A name with bounds as `product [from,to)`.
fn short(found: &CpeMatch<'_>) -> String {
    if found.name.is_empty() {
        return "?".to_owned();
    }
    let name = found.name.split(':').skip(4).take(2).collect::<Vec<_>>().join(":");
    let from = match (&*found.from_including, &*found.from_excluding) {
        (from, "") => format!("[{from}"),
        (_, from) => format!("({from}"),
    };
    let to = match (&*found.to_including, &*found.to_excluding) {
        (to, "") => format!("{to}]"),
        (_, to) => format!("{to})"),
    };
    format!("{name} {from},{to}")
}

#[test]
fn versions_as_assigners_write_them() {
    let affected = |version: &str| json!({ "version": version, "status": "affected" });
    let unaffected =
        |version: &str, key: &str, end: &str| json!({ "version": version, key: end, "status": "unaffected" });
    let change = |at: &str, status: &str| json!({ "at": at, "status": status });
    let changing = json!({ "version": "1", "lessThan": "9", "status": "affected",
        "changes": [change("2", "unaffected"), change("3", "unknown"), change("4", "affected")] });
    for (default, versions, spans, events) in [
        ("unaffected", json!([affected("1.0")]), &["p:* [1.0,1.0]"][..], &["1.0"][..]),
        ("unaffected", json!([affected("*")]), &["p:* [,]"], &["+0"]),
        ("unaffected", json!([affected("n/a")]), &[], &[]),
        ("affected", json!([affected("n/a")]), &[], &[]),
        ("affected", json!([]), &["p:7 [,]"], &["+0"]),
        ("unaffected", json!([]), &[], &[]),
        (
            "unaffected",
            json!([{ "version": "0", "lessThanOrEqual": "5.10.*", "status": "affected" }]),
            &["p:* [,5.11)"],
            &["+0 -5.11"],
        ),
        (
            "unaffected",
            json!([{ "version": "2", "lessThanOrEqual": "3", "status": "affected" }]),
            &["p:* [2,3]"],
            &["+2 =3"],
        ),
        ("unaffected", json!([{ "version": "2", "lessThan": "*", "status": "affected" }]), &["p:* [2,]"], &["+2"]),
        // A status that changes back.
        ("unaffected", json!([changing]), &["p:* [1,2)", "p:* [4,9)"], &["+1 -2", "+4 -9"]),
        // Everything but what is named.
        ("affected", json!([unaffected("2", "lessThan", "3")]), &["p:* [,2)", "p:* [3,]"], &["+0 -2", "+3"]),
        (
            "affected",
            json!([
                unaffected("0", "lessThan", "2.6"),
                unaffected("5.10.9", "lessThanOrEqual", "5.10.*"),
                unaffected("6.1", "lessThanOrEqual", "*")
            ]),
            &["p:* [2.6,5.10.9)", "p:* [5.11,6.1)"],
            &["+2.6 -5.10.9", "+5.11 -6.1"],
        ),
        ("affected", json!([{ "version": "4", "status": "unaffected" }]), &["p:* [,4)", "p:* (4,]"], &["+0 -4", "+4"]),
        ("affected", json!([{ "version": "c0ffee", "versionType": "git", "status": "unaffected" }]), &[], &[]),
    ] {
        // A version in the name says nothing beside versions.
        let cpes = json!(["cpe:2.3:a:maker:p:7:*:*:*:*:*:*:*", "cpe:2.3:a:maker:p:-:*:*:*:*:*:*:*"]);
        let product =
            json!({ "cpes": cpes, "packageURL": "pkg:npm/p", "defaultStatus": default, "versions": versions });
        let record = read(&json!({ "affected": [product] }));
        let mut found: Vec<String> =
            record.configurations.iter().flat_map(|one| one.vulnerable.iter().map(short)).collect();
        found.retain(|one| one != "p:- [,]");
        assert_eq!(found, spans, "{default} {versions}");
        let event = |event: &Event<'_>| match event {
            Event::Introduced(version) => format!("+{version}"),
            Event::Fixed(version) => format!("-{version}"),
            Event::LastAffected(version) => format!("={version}"),
            Event::Limit(version) => format!("<{version}"),
        };
        let ranges = record.packages.iter().flat_map(|package| {
            assert_eq!(package.purl, "pkg:npm/p");
            let ranges =
                package.ranges.iter().map(|range| range.events.iter().map(event).collect::<Vec<_>>().join(" "));
            ranges.chain(package.versions.iter().map(|version| version.to_string())).collect::<Vec<_>>()
        });
        assert_eq!(ranges.collect::<Vec<_>>(), events, "{default} {versions}");
    }
}

fn node(operator: &str, is_negated: bool, names: &[&str]) -> Value {
    let one = |name: &&str| {
        let (is_vulnerable, name) = name.strip_prefix('*').map_or((false, *name), |name| (true, name));
        json!({ "vulnerable": is_vulnerable, "criteria": format!("cpe:2.3:a:maker:{name}:*:*:*:*:*:*:*:*") })
    };
    json!({ "operator": operator, "negate": is_negated, "cpeMatch": names.iter().map(one).collect::<Vec<_>>() })
}

/// Vulnerable names; each condition in parentheses; what must not be there.
fn told(configuration: &Configuration<'_>) -> String {
    let names = |all: &[CpeMatch<'_>]| {
        all.iter().map(|one| short(one).split(':').next().unwrap_or_default().to_owned()).collect::<Vec<_>>().join("|")
    };
    let beside: String = configuration.beside.iter().map(|any| format!(" ({})", names(&any.names))).collect();
    let without = names(&configuration.without);
    let without = if without.is_empty() { without } else { format!(" !{without}") };
    format!("{}{beside}{without}", names(&configuration.vulnerable))
}

#[test]
fn conditions_of_one_another() {
    let or = |names: &[&str]| node("OR", false, names);
    let and = |names: &[&str]| node("AND", false, names);
    for (operator, nodes, expected) in [
        ("OR", vec![or(&["*a", "*b", "x"]), or(&["*c"])], &["a|b", "c"][..]),
        ("AND", vec![or(&["*a", "*b"])], &["a|b"]),
        // One of each node, not of all of them.
        ("AND", vec![or(&["*a", "*b"]), or(&["x", "y"]), or(&["z"])], &["a|b (x|y) (z)"]),
        ("AND", vec![or(&["*a"]), or(&["*b"]), or(&["z"])], &["a (b) (z)", "b (a) (z)"]),
        // All names of a node.
        ("OR", vec![and(&["*a", "*b", "x"])], &["a (b) (x)", "b (a) (x)"]),
        ("AND", vec![or(&["*a"]), and(&["x", "y"])], &["a (x) (y)"]),
        ("AND", vec![and(&["*a", "x"]), or(&["y", "z"])], &["a (x) (y|z)"]),
        // What cannot be read, or not be said, is not known.
        ("AND", vec![or(&["*a"]), or(&[])], &["a (?)"]),
        ("AND", vec![or(&["*a"]), node("OR", true, &["x", "y"])], &["a !x|y"]),
        ("AND", vec![or(&["*a"]), node("AND", true, &["x", "y"])], &["a !?"]),
    ] {
        let record = read(&json!({ "cpeApplicability": [{ "operator": operator, "nodes": nodes }] }));
        let found: Vec<String> = record.configurations.iter().map(told).collect();
        assert_eq!(found, expected, "{operator} {nodes:?}");
    }
}

#[test]
fn nested_nodes_are_told_and_count_as_not_known() {
    let mut platform = node("OR", false, &["x"]);
    platform["nodes"] = json!([node("OR", false, &["y"])]);
    let nodes = json!([node("OR", false, &["*a"]), platform]);
    let record = read(&json!({ "cpeApplicability": [{ "operator": "AND", "nodes": nodes }] }));
    assert_eq!(record.configurations.iter().map(told).collect::<Vec<_>>(), ["a (x|?)"]);
    assert_eq!((record.gaps.count(GapCode::UnknownField), record.gaps.total()), (1, 1));
}

#[test]
fn nodes_without_end_are_survived() {
    let deep = |open: &str, close: &str| {
        let (open, close) = (open.repeat(100_000), close.repeat(100_000));
        let nodes = format!(r#"[{{"cpeMatch": [], "nodes": {open}{close}}}]"#);
        let applicability = format!(r#"[{{"operator": "AND", "nodes": {nodes}}}]"#);
        let json = format!(
            r#"{{"cveMetadata": {{"cveId": "CVE-2026-1"}}, "containers": {{"cna": {{"cpeApplicability": {applicability}}}}}}}"#
        );
        cve_record::read(json.as_bytes(), &Limits::default()).map(|record| record.configurations.len()).ok()
    };
    assert_eq!(deep("[", "]").unwrap_or_default(), 0);
    assert_eq!(deep(r#"{"nodes":["#, "]}").unwrap_or_default(), 0);
    // Very many nodes, and very many names in each of them.
    let nodes: Vec<Value> = (0..4_000).map(|number| node("OR", false, &[&*format!("*a{number}")])).collect();
    let record = read(&json!({ "cpeApplicability": [{ "operator": "AND", "nodes": nodes }] }));
    assert_eq!(record.configurations.len(), 4_000);
    let kept = |one: &&Configuration<'_>| told(one).ends_with(" (?)");
    assert_eq!(record.configurations.iter().filter(kept).count(), 4_000 - bounds::CPE_NODES);
    let names: Vec<String> = (0..20_000).map(|number| format!("x{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let nodes = json!([node("OR", false, &["*a"]), node("OR", false, &names), node("AND", false, &names)]);
    let record = read(&json!({ "cpeApplicability": [{ "operator": "AND", "nodes": nodes }] }));
    let [one] = &*record.configurations else { panic!("{}", record.configurations.len()) };
    let sizes: Vec<usize> = one.beside.iter().map(|any| any.names.len()).collect();
    assert_eq!(sizes, [bounds::ADVISORY_ALIASES + 1], "the rest is one name that is not known");
}
