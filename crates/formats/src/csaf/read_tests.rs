// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading CSAF: whole answers, both versions, hostile documents.

use proptest::prelude::*;
use serde_json::{Value, json};
use underpin_model::Limits;
use underpin_model::gap::GapCode;
use underpin_model::watch::{Severity, StatementDocument, Thing, Tlp};

use super::read;
use super::testing::{documents, lines};

/// A document with the given tree and vulnerabilities.
fn document(version: &str, tree: Value, vulnerabilities: Value) -> StatementDocument<'static> {
    let tlp = if version == "2.0" { "WHITE" } else { "AMBER+STRICT" };
    let value = json!({
        "document": {
            "category": "csaf_vex", "csaf_version": version, "title": "<b>Example</b>",
            "publisher": {"category": "vendor", "name": "Example", "namespace": "https://vendor.example"},
            "distribution": {"tlp": {"label": tlp}, "sharing_group": {"id": "5868d6f9-28bf-4b4c-8f1b-8b7e7ae1ae0f"}},
            "tracking": {"id": "EX-1", "version": "3", "status": "final", "revision_history": [],
                "initial_release_date": "2026-01-01T00:00:00Z", "current_release_date": "2999-01-02T00:00:00Z"}
        },
        "product_tree": tree, "vulnerabilities": vulnerabilities
    });
    read(value.to_string().as_bytes(), &Limits::default()).expect("a document of CSAF")
}

fn product(id: &str) -> Value {
    json!({"name": format!("Product {id}"), "product_id": id})
}

#[test]
fn the_document_says_who_speaks() {
    let read = document("2.1", json!({}), json!([]));
    let expected = StatementDocument {
        format: "csaf",
        spec_version: "2.1".into(),
        id: "EX-1".into(),
        version: "3".into(),
        title: "<b>Example</b>".into(),
        category: "csaf_vex".into(),
        state: "final".into(),
        author: "https://vendor.example".into(),
        author_role: "vendor".into(),
        tlp: Some(Tlp::AmberStrict),
        published: "2026-01-01".parse().ok(),
        // A date in the future is kept: the office's clock judges it.
        modified: "2999-01-02".parse().ok(),
        ..StatementDocument::default()
    };
    assert_eq!(read, expected);
    assert_eq!(document("2.0", json!({}), json!([])).tlp, Some(Tlp::Clear));
    assert_eq!(document("3.0", json!({}), json!([])).gaps.count(GapCode::UnknownVersion), 1);
    let strict = json!({"document": {"csaf_version": "2.0", "distribution": {"text": "TLP:AMBER+STRICT", "tlp": {"label": "AMBER"}}}});
    let strict = super::read(strict.to_string().as_bytes(), &Limits::default()).expect("CSAF");
    assert_eq!(strict.tlp, Some(Tlp::AmberStrict));
}

#[test]
fn every_list_has_its_status_and_recommended_has_none() {
    let names = ["known_affected", "first_affected", "last_affected", "fixed", "first_fixed", "known_not_affected"];
    let names = names.into_iter().chain(["under_investigation", "recommended", "unknown"]);
    let tree: Vec<_> = names.clone().map(product).collect();
    let status: serde_json::Map<_, _> = names.map(|name| (name.to_owned(), json!([name]))).collect();
    let read =
        document("2.0", json!({"full_product_names": tree}), json!([{"cve": "CVE-2026-1", "product_status": status}]));
    let expected = [
        "CVE-2026-1 affected: known_affected, first_affected, last_affected",
        "CVE-2026-1 fixed: fixed, first_fixed",
        "CVE-2026-1 not-affected: known_not_affected",
        "CVE-2026-1 under-investigation: under_investigation",
    ];
    assert_eq!(lines(&read), expected);
    assert_eq!(read.gaps.total(), 0);
}

#[test]
fn relationships_bind_a_part_to_its_whole() {
    let kinds =
        ["default_component_of", "external_component_of", "installed_on", "installed_with", "optional_component_of"];
    let relation = |kind: &str, id: &str, part: &str, whole: &str| json!({"category": kind, "full_product_name": product(id), "product_reference": part, "relates_to_product_reference": whole});
    let mut relations: Vec<_> = kinds.iter().map(|kind| relation(kind, kind, "lib", "os")).collect();
    // A pair inside a pair, before the inner pair is told.
    relations.push(relation("installed_on", "deep", "inner", "host"));
    relations.push(relation("default_component_of", "inner", "lib", "os"));
    let lib = json!({"name": "lib", "product_id": "lib", "product_identification_helper": {
        "purl": "pkg:rpm/example/lib@1", "cpe": "cpe:/a:example:lib:1",
        "hashes": [{"filename": "lib.so", "file_hashes": [{"algorithm": "SHA256", "value": "AB"}]}],
        "x_generic_uris": [{"namespace": "https://x.example", "uri": "urn:x:1"},
            {"namespace": "https://x.example", "uri": "pkg:generic/lib@1"}]}});
    let tree = json!({"full_product_names": [lib, product("os"), product("host")], "relationships": relations});
    let mut ids = kinds.to_vec();
    ids.extend(["deep", "host"]);
    let read = document("2.0", tree, json!([{"cve": "CVE-2026-1", "product_status": {"fixed": ids}}]));
    let lib = "pkg:rpm/example/lib@1 in os";
    assert_eq!(lines(&read), [format!("CVE-2026-1 fixed: {lib}, {lib}, {lib}, {lib}, {lib}, {lib} in host, host")]);
    let expected = Thing {
        name: "lib".into(),
        purls: vec!["pkg:rpm/example/lib@1".into(), "pkg:generic/lib@1".into()],
        cpes: vec!["cpe:/a:example:lib:1".into()],
        hashes: vec![("sha256".into(), "ab".into())],
        references: vec!["lib".into(), "urn:x:1".into(), "default_component_of".into()],
        ..Thing::default()
    };
    assert_eq!(read.statements[0].targets[0].thing, expected);
}

#[test]
fn branches_give_versions_and_2_1_gives_several_package_urls() {
    let leaf = |category: &str, name: &str, helper: Value| {
        let id = format!("id {name}");
        json!({"category": category, "name": name, "product": {"name": name, "product_id": id, "product_identification_helper": helper}})
    };
    let tree = json!({"branches": [{"category": "vendor", "name": "Example", "branches": [
        leaf("product_version", "1.0", json!({})),
        leaf("product_version", "2.0", json!({"purls": ["pkg:npm/%40a/b@2.0", "pkg:npm/c@2"]})),
        leaf("product_version", "3.0", json!({"purls": ["pkg:npm/@a/b"]})),
        leaf("product_version_range", "vers:npm/<4", json!({"purls": ["pkg:npm/b@3"]})),
        {"category": "product_version", "name": "5", "branches": [leaf("architecture", "arm", json!({}))]},
    ]}]});
    let ids = ["id 1.0", "id 2.0", "id 3.0", "id vers:npm/<4", "id arm"];
    let read = document("2.1", tree, json!([{"cve": "CVE-2026-1", "product_status": {"known_affected": ids}}]));
    let expected =
        ["CVE-2026-1 affected: id 1.0 1.0, pkg:npm/%40a/b@2.0, pkg:npm/@a/b 3.0, pkg:npm/b@3 vers:npm/<4, id arm 5"];
    assert_eq!(lines(&read), expected);
    assert_eq!(read.statements[0].targets[1].thing.purls, ["pkg:npm/%40a/b@2.0", "pkg:npm/c@2"]);
}

#[test]
fn remarks_go_to_the_products_they_name() {
    let tree = json!({"full_product_names": [product("a"), product("b"), product("c"), product("d")],
        "product_groups": [{"group_id": "g", "product_ids": ["a", "b"]}]});
    let vulnerability = json!({
        "ids": [{"system_name": "Tracker", "text": "77"}, {"system_name": "GHSA", "text": "GHSA-1"}], "cve": "CVE-2026-1",
        "product_status": {"known_not_affected": ["a", "b", "c"], "known_affected": ["d"]},
        "flags": [{"label": "component_not_present", "group_ids": ["g"], "date": "2026-01-05T00:00:00Z"},
            {"label": "inline_mitigations_already_exist", "product_ids": ["b", "d"]}, {"label": "vulnerable_code_not_present"}],
        "threats": [{"category": "impact", "details": "never called", "product_ids": ["c"]},
            {"category": "exploit_status", "details": "seen", "product_ids": ["c"]}],
        "remediations": [{"category": "vendor_fix", "details": "update", "product_ids": ["d"]}, {"category": "workaround", "details": "wait"}],
        "scores": [{"products": ["d"], "cvss_v3": {"vectorString": "CVSS:3.1/AV:N"}}],
        "metrics": [{"products": ["d"], "source": "https://x.example", "content": {"cvss_v4": {"vectorString": "CVSS:4.0/AV:N"},
            "qualitative_severity_rating": "high"}}]
    });
    let read = document("2.0", tree, json!([vulnerability]));
    let expected = [
        "CVE-2026-1 affected: d",
        "CVE-2026-1 not-affected (component-not-present): a, b",
        "CVE-2026-1 not-affected: c",
    ];
    assert_eq!(lines(&read), expected);
    let [affected, excused, unexcused] = &read.statements[..] else { panic!("three statements") };
    assert_eq!(affected.aliases, ["Tracker 77", "GHSA-1"]);
    assert_eq!((&*affected.action, &*excused.action), ("wait\nupdate", "wait"));
    assert_eq!((&*affected.impact, &*excused.impact, &*unexcused.impact), ("", "", "never called"));
    assert_eq!((affected.said, excused.said), (None, "2026-01-05".parse().ok()));
    let severity = |system: &'static str, value: &'static str, source: &'static str| Severity {
        system: system.into(),
        value: value.into(),
        source: source.into(),
    };
    let expected = [
        severity("CVSS_V3", "CVSS:3.1/AV:N", ""),
        severity("CVSS_V4", "CVSS:4.0/AV:N", "https://x.example"),
        severity("qualitative", "high", "https://x.example"),
    ];
    assert_eq!(affected.severities, expected);
    // The second flag for b, and the flag that names nobody.
    assert_eq!((read.gaps.count(GapCode::InvalidValue), read.gaps.count(GapCode::MissingField)), (1, 1));
}

#[test]
fn contradictions_and_holes_of_the_tree_are_gaps() {
    let relation = |id: &str, part: &str, whole: &str| json!({"category": "installed_on", "full_product_name": product(id), "product_reference": part, "relates_to_product_reference": whole});
    let tree = json!({
        "full_product_names": [product("a"), {"name": "Other", "product_id": "a"}, {"name": "No identifier"}],
        "relationships": [relation("self", "self", "a"), relation("x", "y", "a"), relation("y", "x", "a"), relation("z", "a", "nowhere")],
        "product_groups": [{"group_id": "g", "product_ids": ["a", "b"]}, {"group_id": "g", "product_ids": []}]
    });
    let vulnerability =
        json!({"cve": "CVE-2026-1", "product_status": {"known_affected": ["a", "self", "x", "y", "z", "ghost", 7]}});
    let read = document("2.0", tree, json!([vulnerability, {"title": "no name"}]));
    assert_eq!(lines(&read), ["CVE-2026-1 affected: a, self in a, y in a, y in a, a, ghost"]);
    let counts: Vec<_> =
        [GapCode::DuplicateId, GapCode::MissingId, GapCode::CyclicEdges, GapCode::DanglingEdge, GapCode::WrongType]
            .map(|code| read.gaps.count(code))
            .to_vec();
    assert_eq!(counts, [2, 2, 2, 2, 1], "{:?}", read.gaps.list());
}

#[test]
fn large_trees_stay_within_limits() {
    let branches: Vec<_> = (0..100_000)
        .map(|n| json!({"category": "product_version", "name": n.to_string(), "product": product(&n.to_string())}))
        .collect();
    let ids: Vec<_> = (0..100_000).map(|n| n.to_string()).collect();
    let read = document(
        "2.0",
        json!({"branches": branches}),
        json!([{"cve": "CVE-2026-1", "product_status": {"fixed": ids}}]),
    );
    assert_eq!(read.statements[0].targets.len(), 100_000);
    assert_eq!(read.gaps.total(), 0);
    // Pairs of pairs would double at every step.
    let relations: Vec<_> = (0..60)
        .map(|n| {
            let below = format!("p{n}");
            json!({"category": "installed_on", "full_product_name": product(&format!("p{}", n + 1)),
                "product_reference": below, "relates_to_product_reference": below})
        })
        .collect();
    let tree = json!({"full_product_names": [product("p0")], "relationships": relations});
    let read = document("2.0", tree, json!([{"cve": "CVE-2026-1", "product_status": {"fixed": ["p60"]}}]));
    assert!(read.statements[0].targets[0].within.len() <= 64);
}

#[test]
fn other_documents_are_refused() {
    for (text, code) in [
        ("{}", "not-csaf"),
        ("[]", "not-csaf"),
        ("{\"document\": {}}", "not-csaf"),
        ("{\"document\": {\"csaf_version\": \"2.0\"", "truncated-document"),
        ("<html>", "malformed-json"),
    ] {
        let error = read(text.as_bytes(), &Limits::default()).expect_err(text);
        assert_eq!(error.code, code, "{text}");
    }
}

#[test]
fn documents_of_the_exam_are_read() {
    let Some(folder) = underpin_testkit::exam("csaf-2.0") else { return };
    let (mut documents_read, mut statements, mut targets) = (0, 0, 0);
    for path in documents(&folder.join("csaf_2.0/test/validator/data")) {
        if path.ends_with("testcases.json") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("a readable file");
        let read = read(&bytes, &Limits::default()).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        documents_read += 1;
        statements += read.statements.len();
        targets += read.statements.iter().map(|statement| statement.targets.len()).sum::<usize>();
    }
    println!("csaf exam: {documents_read} documents read, {statements} statements about {targets} products");
    assert_eq!((documents_read, statements, targets), DOCUMENTS_OF_EXAM);
}

/// Documents of the exam, and what was read from them.
const DOCUMENTS_OF_EXAM: (usize, usize, usize) = (240, 40, 61);

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes, &Limits::default());
    }

    #[test]
    fn any_json_in_place_of_a_part_is_read(text in "[\\[\\]{}\":,a1 ]{0,40}", which in 0usize..8) {
        let part = serde_json::from_str::<Value>(&text).unwrap_or(Value::String(text));
        let mut value = json!({"document": {"csaf_version": "2.0"}, "product_tree": {"full_product_names": [product("a")]},
            "vulnerabilities": [{"cve": "CVE-2026-1", "product_status": {"fixed": ["a"]}, "flags": [], "scores": []}]});
        let places = ["/document/csaf_version", "/product_tree", "/product_tree/full_product_names", "/vulnerabilities/0",
            "/vulnerabilities/0/product_status", "/vulnerabilities/0/flags", "/vulnerabilities/0/scores", "/vulnerabilities/0/cve"];
        *value.pointer_mut(places[which]).expect("a place") = part;
        prop_assert!(read(value.to_string().as_bytes(), &Limits::default()).is_ok());
    }
}
