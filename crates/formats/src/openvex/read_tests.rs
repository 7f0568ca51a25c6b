// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading OpenVEX: whole answers, all versions, the documents of the reference implementation.

use proptest::prelude::*;
use serde_json::{Value, json};
use underpin_model::Limits;
use underpin_model::gap::GapCode;
use underpin_model::watch::{StatementDocument, Thing};

use super::read;
use crate::csaf::testing::{documents, lines};

fn document(context: &str, statements: Value) -> StatementDocument<'static> {
    let value = json!({"@context": context, "@id": "https://vendor.example/vex/1", "author": "Example", "role": "Vendor",
        "timestamp": "2026-01-01T00:00:00Z", "version": 2, "statements": statements});
    read(value.to_string().as_bytes(), &Limits::default()).expect("a document of OpenVEX")
}

#[test]
fn both_shapes_say_the_same() {
    let old = document(
        "https://openvex.dev/ns/v0.0.1",
        json!([{"vulnerability": "CVE-2026-1", "products": ["pkg:oci/app@1"], "subcomponents": ["pkg:apk/wolfi/a@1"],
            "status": "not_affected", "justification": "component_not_present", "impact_statement": "not shipped"}]),
    );
    let new = document(
        "https://openvex.dev/ns/v0.2.0",
        json!([{"vulnerability": {"name": "CVE-2026-1"}, "status": "not_affected", "justification": "component_not_present",
            "products": [{"@id": "pkg:oci/app@1", "subcomponents": [{"@id": "pkg:apk/wolfi/a@1"}]}], "impact_statement": "not shipped"}]),
    );
    assert_eq!(old.statements, new.statements);
    assert_eq!(lines(&old), ["CVE-2026-1 not-affected (component-not-present): pkg:apk/wolfi/a@1 in pkg:oci/app@1"]);
    let expected = StatementDocument {
        format: "openvex",
        spec_version: "0.2.0".into(),
        id: "https://vendor.example/vex/1".into(),
        version: "2".into(),
        author: "Example".into(),
        author_role: "Vendor".into(),
        published: "2026-01-01".parse().ok(),
        modified: "2026-01-01".parse().ok(),
        statements: old.statements.clone(),
        ..StatementDocument::default()
    };
    assert_eq!(new, expected);
}

#[test]
fn identifiers_go_where_they_belong() {
    let read = document(
        "https://openvex.dev/ns/v0.2.0",
        json!([{"vulnerability": {"@id": "https://vuln.example/1", "name": "CVE-2026-1", "aliases": ["GHSA-1", "CVE-2026-1"]},
            "timestamp": "2026-01-02T00:00:00Z", "last_updated": "2026-01-03T00:00:00Z", "status": "affected", "action_statement": "update",
            "products": [{"@id": "https://product.example/1", "hashes": {"sha-256": "AB", "SHA-512": "cd"},
                "identifiers": {"purl": "pkg:npm/a@1", "cpe23": "cpe:2.3:a:a:a:1:*:*:*:*:*:*:*", "cpe22": "cpe:/a:a:a:1"}}, {}, 7]}]),
    );
    let statement = &read.statements[0];
    let expected = Thing {
        purls: vec!["pkg:npm/a@1".into()],
        cpes: vec!["cpe:/a:a:a:1".into(), "cpe:2.3:a:a:a:1:*:*:*:*:*:*:*".into()],
        hashes: vec![("sha512".into(), "cd".into()), ("sha256".into(), "ab".into())],
        references: vec!["https://product.example/1".into()],
        ..Thing::default()
    };
    assert_eq!(statement.targets.len(), 1);
    assert_eq!(statement.targets[0].thing, expected);
    assert_eq!((&*statement.vulnerability, &statement.aliases[..]), ("CVE-2026-1", &["GHSA-1".into()][..]));
    assert_eq!((&*statement.action, statement.said), ("update", "2026-01-03".parse().ok()));
    assert_eq!(read.gaps.count(GapCode::MissingId), 2);
}

#[test]
fn several_statements_about_one_product_stay_in_order() {
    let say = |status: &str| json!({"vulnerability": "CVE-2026-1", "products": ["pkg:npm/a@1"], "status": status});
    let read = document(
        "https://openvex.dev/ns",
        json!([say("under_investigation"), say("fixed"), say("fixed"), say("solved"), {}]),
    );
    let expected = [
        "CVE-2026-1 under-investigation: pkg:npm/a@1",
        "CVE-2026-1 fixed: pkg:npm/a@1",
        "CVE-2026-1 fixed: pkg:npm/a@1",
    ];
    assert_eq!(lines(&read), expected);
    assert_eq!((read.gaps.count(GapCode::InvalidValue), read.gaps.count(GapCode::MissingId)), (1, 1));
}

/// What the documents of the reference implementation say, by file.
const EXAM: &[(&str, &[&str])] = &[
    (
        "v0.0.1-noversion.json",
        &["CVE-2023-12345 fixed: pkg:apk/wolfi/git@2.39.0-r1?arch=armv7, pkg:apk/wolfi/git@2.39.0-r1?arch=x86_64"],
    ),
    (
        "v0.0.1.json",
        &["CVE-2023-12345 fixed: pkg:apk/wolfi/git@2.39.0-r1?arch=armv7, pkg:apk/wolfi/git@2.39.0-r1?arch=x86_64"],
    ),
    (
        "v0.2.0.json",
        &[
            "CVE-2023-1255 fixed: pkg:apk/alpine/libssl3@3.0.8-r3 in pkg:oci/alpine@124c, pkg:apk/alpine/libcrypto3@3.0.8-r3 in pkg:oci/alpine@124c",
            "CVE-2023-2650 fixed: pkg:apk/alpine/libssl3@3.0.8-r3 in pkg:oci/alpine@124c, pkg:apk/alpine/libcrypto3@3.0.8-r3 in pkg:oci/alpine@124c",
            "CVE-2023-2975 fixed: pkg:apk/alpine/libssl3@3.0.8-r3 in pkg:oci/alpine@124c, pkg:apk/alpine/libcrypto3@3.0.8-r3 in pkg:oci/alpine@124c",
            "CVE-2023-3446 not-affected (vulnerable-code-not-present): pkg:apk/alpine/libssl3@3.0.8-r3 in pkg:oci/alpine@124c, pkg:apk/alpine/libcrypto3@3.0.8-r3 in pkg:oci/alpine@124c",
            "CVE-2023-3817 not-affected (vulnerable-code-not-present): pkg:apk/alpine/libssl3@3.0.8-r3 in pkg:oci/alpine@124c, pkg:apk/alpine/libcrypto3@3.0.8-r3 in pkg:oci/alpine@124c",
        ],
    ),
    ("v001-1.vex.json", &["CVE-1234-5678 under-investigation: pkg:apk/wolfi/bash@1.0.0"]),
    ("v001-2.vex.json", &["CVE-1234-5678 fixed: pkg:apk/wolfi/bash@1.0.0"]),
    ("v020-1.vex.json", &["CVE-9876-54321 under-investigation: pkg:apk/wolfi/bash@1.0.0"]),
    ("v020-2.vex.json", &["CVE-1234-5678 under-investigation: pkg:apk/wolfi/git@2.41.0-1"]),
];

#[test]
fn documents_of_the_exam_say_what_they_mean() {
    let Some(folder) = underpin_testkit::exam("openvex") else { return };
    let mut answers = Vec::new();
    let mut others = Vec::new();
    for path in documents(&folder) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).expect("a readable file");
        match read(&bytes, &Limits::default()) {
            Ok(read) => {
                let short = |line: &String| {
                    line.replace("sha256%3A124c7d2707904eea7431fffe91522a01e5a861a624ee31d03372cc1d138a3126", "124c")
                };
                answers.push((name, lines(&read).iter().map(short).collect()));
            }
            Err(error) => others.push((name, error.code)),
        }
    }
    println!("openvex exam: {} documents read", answers.len());
    let expected: Vec<_> = EXAM
        .iter()
        .map(|(name, lines)| (name.to_string(), lines.iter().map(|line| line.to_string()).collect::<Vec<_>>()))
        .collect();
    assert_eq!(answers, expected, "{answers:#?}");
    assert_eq!(others, [("csaf.json".to_owned(), "not-openvex")]);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes, &Limits::default());
    }

    #[test]
    fn any_json_in_place_of_a_part_is_read(text in "[\\[\\]{}\":,a1 ]{0,40}", which in 0usize..5) {
        let part = serde_json::from_str::<Value>(&text).unwrap_or(Value::String(text));
        let mut value = json!({"@context": "https://openvex.dev/ns", "statements": [{"vulnerability": {"name": "CVE-1"},
            "products": [{"@id": "pkg:npm/a", "subcomponents": []}], "status": "fixed"}]});
        let places = ["/statements", "/statements/0", "/statements/0/vulnerability", "/statements/0/products", "/statements/0/products/0"];
        *value.pointer_mut(places[which]).expect("a place") = part;
        prop_assert!(read(value.to_string().as_bytes(), &Limits::default()).is_ok());
    }
}
