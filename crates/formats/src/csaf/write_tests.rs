// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writing CSAF: what is written reads back as the same, and keeps the rules of its profile.

use proptest::prelude::*;
use serde_json::{Value, json};
use underpin_model::Limits;
use underpin_model::gap::Gaps;
use underpin_model::watch::{Justification, Statement, StatementDocument, Status, Target, Thing, Tlp};

use super::testing::lines;
use super::write_cases::{any_document, said};
use super::{Weight, judge, read, write};

fn written(document: &StatementDocument<'_>) -> (Vec<u8>, Gaps) {
    let mut bytes = Vec::new();
    let gaps = write(document, &mut bytes).expect("a document with a time");
    (bytes, gaps)
}

fn say(status: Status, purl: &str, time: &str) -> Statement<'static> {
    let thing = Thing { purls: vec![purl.to_owned().into()], ..Thing::default() };
    Statement {
        vulnerability: "CVE-2026-0001".into(),
        targets: vec![Target { thing, within: Vec::new() }],
        status,
        said: time.parse().ok(),
        ..Statement::default()
    }
}

fn document(statements: Vec<Statement<'static>>) -> StatementDocument<'static> {
    StatementDocument {
        id: "example-1".into(),
        author: "https://vendor.example".into(),
        author_role: "vendor".into(),
        tlp: Some(Tlp::Clear),
        published: "2026-02-01".parse().ok(),
        statements,
        ..StatementDocument::default()
    }
}

#[test]
fn a_statement_is_written_whole() {
    let mut statement = say(Status::NotAffected, "pkg:npm/a", "");
    statement.aliases = vec!["GHSA-aaaa-bbbb-cccc".into()];
    statement.justification = Some(Justification::ComponentNotPresent);
    statement.targets[0].thing.versions = "vers:npm/<2".into();
    let (bytes, gaps) = written(&document(vec![statement]));
    let answer: Value = serde_json::from_slice(&bytes).expect("JSON");
    let time = "2026-02-01T00:00:00Z";
    let expected = json!({
        "document": {"category": "csaf_vex", "csaf_version": "2.0", "title": "Statements about vulnerabilities",
            "distribution": {"tlp": {"label": "WHITE"}},
            "publisher": {"category": "vendor", "name": "https://vendor.example", "namespace": "https://vendor.example"},
            "tracking": {"id": "example-1", "initial_release_date": time, "current_release_date": time, "status": "final", "version": "1",
                "revision_history": [{"date": time, "number": "1", "summary": "This version."}]}},
        "product_tree": {"branches": [{"category": "product_name", "name": "pkg:npm/a", "branches": [
            {"category": "product_version_range", "name": "vers:npm/<2", "product": {"name": "pkg:npm/a", "product_id": "product-1",
                "product_identification_helper": {"purl": "pkg:npm/a"}}}]}]},
        "vulnerabilities": [{"cve": "CVE-2026-0001", "ids": [{"system_name": "GHSA", "text": "GHSA-aaaa-bbbb-cccc"}],
            "notes": [{"category": "general", "text": "What is known about CVE-2026-0001 in the products listed."}],
            "product_status": {"known_not_affected": ["product-1"]},
            "flags": [{"label": "component_not_present", "product_ids": ["product-1"]}]}],
    });
    assert_eq!((answer, gaps.total()), (expected, 0));
}

#[test]
fn of_several_statements_the_last_counts() {
    for (first, second, expected) in
        [("", "", "fixed"), ("2026-01-02", "2026-01-01", "affected"), ("2026-01-01", "", "fixed")]
    {
        let (bytes, _) = written(&document(vec![
            say(Status::Affected, "pkg:npm/a@1", first),
            say(Status::Fixed, "pkg:npm/a@1", second),
        ]));
        let read = read(&bytes, &Limits::default()).expect("CSAF");
        assert_eq!(lines(&read), [format!("CVE-2026-0001 {expected}: pkg:npm/a@1")], "{first} {second}");
    }
}

#[test]
fn every_label_stays_as_strict() {
    for tlp in Tlp::ALL.iter().copied() {
        let (bytes, _) = written(&StatementDocument { tlp: Some(tlp), ..document(Vec::new()) });
        let read = read(&bytes, &Limits::default()).expect("CSAF").tlp;
        let expected = if tlp == Tlp::AmberStrict { Tlp::Red } else { tlp };
        assert_eq!(read, Some(expected));
    }
}

#[test]
fn what_cannot_be_written_is_told() {
    let nothing = Statement { vulnerability: "CVE-2026-0001".into(), ..Statement::default() };
    let nameless = Statement { targets: vec![Target::default()], ..nothing.clone() };
    let (bytes, gaps) = written(&StatementDocument { author: "Example".into(), ..document(vec![nothing, nameless]) });
    let places: Vec<_> = gaps.list().iter().map(|gap| &*gap.place).collect();
    assert_eq!(places, ["/statements/0", "/statements/1", "/vulnerabilities", "/document/publisher/namespace"]);
    assert_eq!(read(&bytes, &Limits::default()).expect("CSAF").author, "Example");
    assert!(write(&StatementDocument::default(), &mut Vec::new()).is_err(), "without a time");
}

proptest! {
    #[test]
    fn reading_back_gives_the_same(document in any_document(0..4)) {
        let (bytes, gaps) = written(&document);
        let read = read(&bytes, &Limits::default()).expect("CSAF");
        let (mut answer, mut expected) = (said(&read), said(&document));
        answer.sort();
        expected.sort();
        prop_assert_eq!(answer, expected);
        prop_assert_eq!(read.gaps.total(), 0);
        let judgement = judge(&bytes);
        let failed: Vec<_> = judgement.failed(Weight::Mandatory).map(|judged| (judged.test.id, &judged.outcome)).collect();
        // The profile has no word for a document that says nothing.
        let expected: &[&str] = if document.statements.is_empty() { &["6.1.27.4", "6.1.27.11"] } else { &[] };
        prop_assert!(failed.iter().all(|(id, _)| expected.contains(id)), "{failed:?}");
        prop_assert!(document.statements.is_empty() || judgement.shape.is_empty(), "{:?}", judgement.shape);
        prop_assert_eq!(gaps.total(), u64::from(document.statements.is_empty()));
        let head = (read.id, read.version, read.author, read.published, read.modified);
        prop_assert_eq!(head, (document.id, document.version, document.author, document.published, document.modified));
    }
}
