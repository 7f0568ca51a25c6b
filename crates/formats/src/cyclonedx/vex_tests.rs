// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading VEX of CycloneDX: whole answers, both notations, the use cases of the format's authors.

use proptest::prelude::*;
use serde_json::{Value, json};
use underpin_model::Limits;
use underpin_model::gap::GapCode;
use underpin_model::watch::{Severity, StatementDocument, Thing, Tlp};

use super::vex::read;
use crate::csaf::testing::{documents, lines};

fn document(vulnerabilities: Value) -> StatementDocument<'static> {
    let value = json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:1b2c", "version": 4,
        "metadata": {"timestamp": "2026-01-01T00:00:00Z", "supplier": {"name": "Example", "url": ["https://vendor.example"]},
            "component": {"type": "application", "bom-ref": "app", "name": "app", "version": "7"}},
        "components": [{"type": "library", "bom-ref": "lib 1", "group": "g", "name": "lib", "version": "1", "purl": "pkg:npm/lib@1",
            "hashes": [{"alg": "SHA-256", "content": "a".repeat(64)}],
            "components": [{"type": "library", "bom-ref": "inner", "name": "inner", "version": "3"}]}],
        "vulnerabilities": vulnerabilities});
    read(value.to_string().as_bytes(), &Limits::default()).expect("a document of CycloneDX")
}

#[test]
fn states_versions_and_justifications_become_statuses() {
    let versions = json!([{"version": "1", "status": "affected"}, {"range": "vers:npm/>2", "status": "unaffected"}, {"version": "2"},
        {"version": "9", "status": "unknown"}]);
    for (analysis, expected) in [
        (
            json!({"state": "exploitable"}),
            vec!["affected: app 1, app 2", "not-affected: app vers:npm/>2", "under-investigation: app 9"],
        ),
        (
            json!({"state": "not_affected", "justification": "requires_environment"}),
            vec![
                "not-affected (vulnerable-code-cannot-be-controlled-by-adversary): app 1, app vers:npm/>2, app 2, app 9",
            ],
        ),
        (json!({"state": "resolved"}), vec!["fixed: app 1, app vers:npm/>2, app 2, app 9"]),
        (
            json!({"state": "in_triage"}),
            vec!["under-investigation: app 1, app 2, app 9", "not-affected: app vers:npm/>2"],
        ),
        (json!({}), vec!["affected: app 1", "not-affected: app vers:npm/>2", "under-investigation: app 2, app 9"]),
        (json!({"state": "false_positive"}), vec!["not-affected: app 1, app vers:npm/>2, app 2, app 9"]),
    ] {
        let read = document(
            json!([{"id": "CVE-2026-1", "analysis": analysis, "affects": [{"ref": "app", "versions": versions}]}]),
        );
        let expected: Vec<_> = expected.into_iter().map(|line| format!("CVE-2026-1 {line}")).collect();
        assert_eq!(lines(&read), expected, "{analysis}");
    }
}

#[test]
fn a_component_is_meant_inside_the_subject() {
    let read = document(json!([
        {"id": "CVE-2026-1", "analysis": {"state": "in_triage"}, "affects": [{"ref": "lib 1"}, {"ref": "inner"}, {"ref": "app"},
            {"ref": "urn:cdx:5/1#x"}, {"ref": "ghost"}]},
        {"id": "CVE-2026-2"}, {"description": "no name"}
    ]));
    let expected = [
        "CVE-2026-1 under-investigation: pkg:npm/lib@1 in app 7, inner 3 in pkg:npm/lib@1 in app 7, app 7, urn:cdx:5/1#x, ghost",
        "CVE-2026-2 under-investigation: ",
    ];
    assert_eq!(lines(&read), expected);
    let expected = Thing {
        name: "g/lib".into(),
        purls: vec!["pkg:npm/lib@1".into()],
        hashes: vec![("sha256".into(), "a".repeat(64).into())],
        references: vec!["lib 1".into(), "urn:cdx:1b2c/4#lib%201".into()],
        ..Thing::default()
    };
    assert_eq!(read.statements[0].targets[0].thing, expected);
    assert_eq!((read.gaps.count(GapCode::DanglingEdge), read.gaps.count(GapCode::MissingId)), (1, 1));
    assert_eq!(
        (&*read.author, &*read.id, &*read.version, &*read.spec_version),
        ("https://vendor.example", "urn:uuid:1b2c", "4", "1.6")
    );
}

#[test]
fn both_notations_say_the_same() {
    let json = r#"{"bomFormat": "CycloneDX", "specVersion": "1.7", "version": 1, "metadata": {"timestamp": "2026-01-01T00:00:00Z",
        "component": {"type": "application", "bom-ref": "app", "name": "app", "version": "7"}, "distributionConstraints": {"tlp": "AMBER_AND_STRICT"}},
      "vulnerabilities": [{"id": "CVE-2026-1", "references": [{"id": "GHSA-1", "source": {"name": "x"}}], "recommendation": "update",
        "ratings": [{"source": {"name": "NVD"}, "score": 9.8, "severity": "critical", "method": "CVSSv31", "vector": "AV:N"}, {"severity": "low"}, {"score": 1}],
        "analysis": {"state": "exploitable", "response": ["update", "can_not_fix"], "detail": "reached", "lastUpdated": "2026-01-02T00:00:00Z"},
        "affects": [{"ref": "app", "versions": [{"version": "1", "status": "affected"}, {"range": "vers:npm/3", "status": "affected"}]}]}]}"#;
    let xml = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.7" version="1"><metadata><timestamp>2026-01-01T00:00:00Z</timestamp>
        <component type="application" bom-ref="app"><name>app</name><version>7</version></component>
        <distributionConstraints><tlp>AMBER_AND_STRICT</tlp></distributionConstraints></metadata>
      <vulnerabilities><vulnerability><id>CVE-2026-1</id><references><reference><id>GHSA-1</id><source><name>x</name></source></reference></references>
        <ratings><rating><source><name>NVD</name></source><score>9.8</score><severity>critical</severity><method>CVSSv31</method><vector>AV:N</vector></rating>
          <rating><severity>low</severity></rating><rating><score>1</score></rating></ratings>
        <recommendation>update</recommendation>
        <analysis><state>exploitable</state><responses><response>update</response><response>can_not_fix</response></responses><detail>reached</detail>
          <lastUpdated>2026-01-02T00:00:00Z</lastUpdated></analysis>
        <affects><target><ref>app</ref><versions><version><version>1</version><status>affected</status></version>
          <version><range>vers:npm/3</range><status>affected</status></version></versions></target></affects></vulnerability></vulnerabilities></bom>"#;
    let limits = Limits::default();
    let json = read(json.as_bytes(), &limits).expect("readable");
    let xml = read(xml.as_bytes(), &limits).expect("readable");
    assert_eq!(json, xml);
    assert_eq!(lines(&json), ["CVE-2026-1 affected: app 1, app vers:npm/3"]);
    let statement = &json.statements[0];
    assert_eq!((&*statement.impact, &*statement.action), ("reached", "update\nupdate, can not fix"));
    assert_eq!((statement.said, json.tlp), ("2026-01-02".parse().ok(), Some(Tlp::AmberStrict)));
    assert_eq!(statement.aliases, ["GHSA-1"]);
    let severity = |system: &'static str, value: &'static str, source: &'static str| Severity {
        system: system.into(),
        value: value.into(),
        source: source.into(),
    };
    assert_eq!(statement.severities, [severity("CVSS_V3", "CVSS:3.1/AV:N", "NVD"), severity("qualitative", "low", "")]);
}

#[test]
fn other_documents_are_refused() {
    for (text, code) in [
        ("{}", "not-cyclonedx"),
        ("<x/>", "not-cyclonedx"),
        ("{\"bomFormat\": \"CycloneDX\"", "truncated-document"),
        ("", "truncated-document"),
        ("]", "malformed-json"),
    ] {
        assert_eq!(read(text.as_bytes(), &Limits::default()).expect_err(text).code, code, "{text}");
    }
}

/// What the use cases say, by folder and file; lines that differ only in the number of the CVE are put together.
const EXAM: &[(&str, &[&str])] = &[
    ("VEX/CISA-Use-Cases/Case-1/vex-affected.json", &["CVE-2021-44228 affected: product-DEF 1.0"]),
    ("VEX/CISA-Use-Cases/Case-1/vex-fixed.json", &["CVE-2021-44228 fixed: product-DEF 1.1"]),
    (
        "VEX/CISA-Use-Cases/Case-1/vex-not_affected.json",
        &["CVE-2021-44228 not-affected (vulnerable-code-not-present): product-ABC 4.2"],
    ),
    (
        "VEX/CISA-Use-Cases/Case-1/vex-under_investigation.json",
        &["CVE-2021-44228 under-investigation: product-GHI 17.4"],
    ),
    (
        "VEX/CISA-Use-Cases/Case-2/vex.json",
        &[
            "CVE-2020-11896 11897 11898 11899 11900 11901 11902 11903 11904 11905 11906 11907 11908 11909 11910 11911 11912 11913 11914 not-affected (vulnerable-code-not-in-execute-path): product-ABC 4.2",
        ],
    ),
    (
        "VEX/CISA-Use-Cases/Case-3/vex.json",
        &[
            "CVE-2020-11896 11900 11903 11904 11908 under-investigation: product-GHI 17.4",
            "CVE-2020-11897 11899 11902 11905 11906 11913 not-affected (vulnerable-code-not-present): product-GHI 17.4",
            "CVE-2020-11898 11907 11909 11910 11911 affected: product-GHI 17.4",
            "CVE-2020-11901 11912 11914 fixed: product-GHI 17.4",
        ],
    ),
    (
        "VEX/CISA-Use-Cases/Case-4/vex.json",
        &["CVE-2021-44228 affected: product-ABC 2.4, product-ABC 2.6, product-ABC vers:generic/>=2.9|<=4.1"],
    ),
    ("VEX/CISA-Use-Cases/Case-5/vex.json", &["CVE-2021-44228 under-investigation: product-XYZ"]),
    (
        "VEX/CISA-Use-Cases/Case-6/vex.json",
        &[
            "CVE-2021-44228 affected: product-ABC 2.4, product-ABC 2.6, product-ABC vers:generic/>=2.9|<=4.1",
            "CVE-2021-44228 not-affected (vulnerable-code-not-present): product-ABC vers:generic/>=1.0|<=2.3, product-ABC 2.5, product-ABC vers:generic/>=2.7|<=2.8, product-ABC 4.2",
        ],
    ),
    (
        "VEX/CISA-Use-Cases/Case-7/vex.json",
        &[
            "CVE-2021-44228 affected: cbb2#product-ABC 2.4, cbb2#product-ABC 2.6, cbb2#product-ABC vers:generic/>=2.9|<=4.1, e4c3#product-JKL vers:generic/>=4.5|<=5.0",
            "CVE-2021-44228 not-affected (vulnerable-code-not-present): cbb2#product-ABC vers:generic/>=1.0|<=2.3, cbb2#product-ABC 2.5, cbb2#product-ABC vers:generic/>=2.7|<=2.8, cbb2#product-ABC 4.2",
            "CVE-2021-44228 not-affected (vulnerable-code-not-present): e4c3#product-JKL vers:generic/>=1.0|<=4.4",
            "CVE-2021-44228 fixed: e4c3#product-JKL 5.1",
        ],
    ),
    (
        "VEX/CISA-Use-Cases/Case-8/vex.json",
        &[
            "CVE-2021-44228 affected: cbb2#product-ABC 2.4, cbb2#product-ABC 2.6, cbb2#product-ABC vers:generic/>=2.9|<=4.1, e4c3#product-JKL vers:generic/>=4.5|<=5.0",
            "CVE-2021-44228 not-affected (vulnerable-code-not-present): cbb2#product-ABC vers:generic/>=1.0|<=2.3, cbb2#product-ABC 2.5, cbb2#product-ABC vers:generic/>=2.7|<=2.8, cbb2#product-ABC 4.2",
            "CVE-2021-44228 45105 not-affected (vulnerable-code-not-present): e4c3#product-JKL vers:generic/>=1.0|<=4.4",
            "CVE-2021-44228 fixed: e4c3#product-JKL 5.1, e4c3#product-JKL 5.2",
            "CVE-2021-45105 affected: cbb2#product-ABC 2.4, cbb2#product-ABC 2.6, cbb2#product-ABC vers:generic/>=2.9|<=4.1, e4c3#product-JKL vers:generic/>=4.5|<=5.0, e4c3#product-JKL 5.1",
            "CVE-2021-45105 not-affected (vulnerable-code-not-present): cbb2#product-ABC vers:generic/>=1.0|<=2.3, cbb2#product-ABC 2.5, cbb2#product-ABC vers:generic/>=2.7|<=2.8, cbb2#product-ABC 4.2, e4c3#product-JKL vers:generic/>=1.0|<=4.4, e4c3#product-JKL 5.2",
            "CVE-2021-45105 fixed: e4c3#product-JKL 5.2",
        ],
    ),
    (
        "VEX/Use-Cases/Case-1/vex.json",
        &["CVE-2020-25649 not-affected (vulnerable-code-not-in-execute-path): acme-product 2.4.0"],
    ),
    (
        "VEX/Use-Cases/Case-10/vex.json",
        &[
            "CVE-2020-25649 not-affected (vulnerable-code-not-in-execute-path): acme-product 2.2.0, acme-product 2.2.1, acme-product 2.2.2, acme-product 2.3.0, acme-product 2.3.1, acme-product 2.3.1, acme-product 2.3.2, acme-product 2.3.3, acme-product 2.3.4, acme-product 2.3.5, acme-product 2.3.6, acme-product 2.3.7, acme-product 2.4.0",
        ],
    ),
    (
        "VEX/Use-Cases/Case-11/vex.json",
        &[
            "CVE-2020-11896 11897 11898 11899 11900 11901 11902 11903 11904 11905 11906 11907 11908 11909 11910 11911 11912 11913 11914 not-affected (vulnerable-code-not-in-execute-path): acme-product 2.2.0",
        ],
    ),
    (
        "VEX/Use-Cases/Case-12/vex.json",
        &[
            "CVE-2020-25649 not-affected (vulnerable-code-not-in-execute-path): acme-product 2.2.0",
            "CVE-2020-35491 affected: acme-product 2.2.0",
            "CVE-2020-14195 not-affected (inline-mitigations-already-exist): acme-product 2.2.0",
        ],
    ),
    (
        "VEX/Use-Cases/Case-13/vex.json",
        &[
            "CVE-2020-25649 not-affected (vulnerable-code-not-in-execute-path): 2c38#acme-product-1, 6ffa#acme-product-2",
            "CVE-2020-25649 affected: 240b#acme-product-3",
        ],
    ),
    ("VEX/Use-Cases/Case-2/vex.json", &["CVE-2020-25649 affected: acme-product 2.4.0"]),
    ("VEX/Use-Cases/Case-3/vex.json", &["CVE-2020-25649 under-investigation: acme-product 2.4.0"]),
    (
        "VEX/Use-Cases/Case-4/vex.json",
        &[
            "CVE-2020-25649 not-affected (vulnerable-code-not-in-execute-path): acme-product vers:semver/>=2.2.0|<=2.4.0",
        ],
    ),
    (
        "VEX/Use-Cases/Case-5/vex.json",
        &[
            "CVE-2020-25649 affected: acme-product vers:semver/<7.0.0|>=1.5.0",
            "CVE-2020-25649 not-affected (vulnerable-code-not-in-execute-path): acme-product vers:semver/<1.5.0|>=7.0.0",
        ],
    ),
    (
        "VEX/Use-Cases/Case-6/vex.json",
        &[
            "CVE-2020-25649 not-affected (vulnerable-code-not-in-execute-path): 2c38#acme-product-1, 6ffa#acme-product-2, 240b#acme-product-3",
        ],
    ),
    ("VEX/Use-Cases/Case-7/vex.json", &["CVE-2020-25649 not-affected (vulnerable-code-not-in-execute-path): "]),
    (
        "VEX/Use-Cases/Case-8/vex.json",
        &[
            "CVE-2020-25649 not-affected (vulnerable-code-not-in-execute-path): acme-product vers:semver/>=2.0.0|<=2.7.0, acme-product vers:semver/>=3.0.0|<=3.2.0, acme-product vers:semver/>=3.8.0|<=4.1.0, acme-product 5.9.0",
        ],
    ),
    (
        "VEX/Use-Cases/Case-9/vex.json",
        &[
            "CVE-2020-11896 11897 11898 11899 11900 11901 11902 11903 11904 11905 11906 11907 11908 11909 11910 11911 11912 11913 11914 not-affected (vulnerable-code-not-in-execute-path): 2c38#acme-product-1, 6ffa#acme-product-2, 240b#acme-product-3",
        ],
    ),
    (
        "VEX/vex.json",
        &[
            "CVE-2020-25649 not-affected (vulnerable-code-not-in-execute-path): 3e67#pkg:maven/com.fasterxml.jackson.core/jackson-databind@2.10.0?type=jar",
        ],
    ),
];

#[test]
fn use_cases_of_the_exam_say_what_they_mean() {
    let Some(folder) = underpin_testkit::exam("cyclonedx-vex") else { return };
    let mut answers = Vec::new();
    for path in documents(&folder) {
        let name = path.strip_prefix(&folder).expect("below the folder").to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).expect("a readable file");
        let read = read(&bytes, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        if name.contains("/bom") {
            assert_eq!(read.statements, [], "{name}");
            continue;
        }
        answers.push((name, grouped(lines(&read))));
    }
    println!("cyclonedx-vex exam: {} documents with statements", answers.len());
    let expected: Vec<_> = EXAM
        .iter()
        .map(|(name, lines)| (name.to_string(), lines.iter().map(|line| line.to_string()).collect::<Vec<_>>()))
        .collect();
    assert_eq!(answers, expected, "{answers:#?}");
}

/// BOM-Links by the first digits of their serial number: `cbb2#product-ABC`.
fn short_links(line: &str) -> String {
    let mut parts = line.split("urn:cdx:");
    let mut short = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (link, rest) = part.split_once('#').expect("a fragment");
        short.extend([&link[..4], "#", rest]);
    }
    short
}

/// Puts lines together that say the same of several vulnerabilities of one year.
fn grouped(lines: Vec<String>) -> Vec<String> {
    let mut groups: Vec<(String, String)> = Vec::new();
    for line in lines {
        let line = short_links(&line);
        let (name, rest) = line.split_once(' ').expect("a name");
        match groups.iter_mut().find(|(_, other)| other == rest) {
            Some((names, _)) => names.extend([" ", name.rsplit('-').next().unwrap_or_default()]),
            None => groups.push((name.to_owned(), rest.to_owned())),
        }
    }
    groups.into_iter().map(|(names, rest)| format!("{names} {rest}")).collect()
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes, &Limits::default());
    }

    #[test]
    fn any_json_in_place_of_a_part_is_read(text in "[\\[\\]{}\":,a1 ]{0,40}", which in 0usize..6) {
        let part = serde_json::from_str::<Value>(&text).unwrap_or(Value::String(text));
        let mut value = json!({"bomFormat": "CycloneDX", "metadata": {}, "components": [{}], "vulnerabilities": [{"id": "CVE-1",
            "analysis": {}, "affects": [{"ref": "a", "versions": []}]}]});
        let places = ["/metadata", "/components", "/vulnerabilities", "/vulnerabilities/0", "/vulnerabilities/0/analysis",
            "/vulnerabilities/0/affects"];
        *value.pointer_mut(places[which]).expect("a place") = part;
        prop_assert!(read(value.to_string().as_bytes(), &Limits::default()).is_ok());
    }
}
