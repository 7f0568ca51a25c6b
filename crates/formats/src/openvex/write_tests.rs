// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writing OpenVEX: what is written reads back as the same, and what the format cannot say is left out and told.

use proptest::prelude::*;
use serde_json::{Value, json};
use underpin_model::Limits;
use underpin_model::gap::Gaps;
use underpin_model::watch::{Statement, StatementDocument, Status, Target, Thing};

use super::{read, write};
use crate::csaf::write_cases::{any_document, said};

fn written(document: &StatementDocument<'_>) -> (Vec<u8>, Gaps) {
    let mut bytes = Vec::new();
    let gaps = write(document, &mut bytes).expect("a document with a time");
    (bytes, gaps)
}

fn about(target: Target<'static>) -> StatementDocument<'static> {
    StatementDocument {
        id: "https://vendor.example/1".into(),
        author: "Example".into(),
        published: "2026-01-01".parse().ok(),
        statements: vec![Statement {
            vulnerability: "CVE-2026-1".into(),
            targets: vec![target],
            status: Status::Affected,
            ..Statement::default()
        }],
        ..StatementDocument::default()
    }
}

#[test]
fn a_statement_is_written_whole() {
    let thing = Thing { purls: vec!["pkg:npm/a?x=y".into()], versions: "1".into(), ..Thing::default() };
    let (bytes, gaps) = written(&about(Target { thing, within: Vec::new() }));
    let answer: Value = serde_json::from_slice(&bytes).expect("JSON");
    let expected = json!({"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://vendor.example/1", "author": "Example",
        "timestamp": "2026-01-01T00:00:00Z", "version": 1, "statements": [{"vulnerability": {"name": "CVE-2026-1"}, "status": "affected",
            "action_statement": "Not stated.", "products": [{"@id": "pkg:npm/a@1?x=y", "identifiers": {"purl": "pkg:npm/a@1?x=y"}}]}]});
    assert_eq!((answer, gaps.total()), (expected, 0));
}

#[test]
fn what_would_say_too_much_is_left_out() {
    let purl = |purl: &'static str| Thing { purls: vec![purl.into()], ..Thing::default() };
    let ranged = Thing { versions: "vers:npm/<2".into(), ..purl("pkg:npm/a") };
    let named = Thing { name: "a".into(), ..Thing::default() };
    let versioned = Thing { versions: "1".into(), references: vec!["https://a.example".into()], ..Thing::default() };
    for (target, reason) in [
        (Target { thing: ranged, within: Vec::new() }, "a range of versions"),
        (Target { thing: named, within: Vec::new() }, "no identifier"),
        (Target { thing: versioned, within: Vec::new() }, "versions that no identifier states"),
        (
            Target { thing: purl("pkg:npm/a@1"), within: vec![purl("pkg:oci/a"), purl("pkg:oci/b")] },
            "bound to more than one product",
        ),
    ] {
        let (bytes, gaps) = written(&about(target));
        let read = read(&bytes, &Limits::default()).expect("OpenVEX");
        assert_eq!(read.statements, [], "{reason}");
        let told: Vec<_> = gaps.list().iter().map(|gap| (&*gap.place, &*gap.detail)).collect();
        assert_eq!(told, [("/statements/0/targets/0", reason)]);
    }
    assert!(write(&StatementDocument::default(), &mut Vec::new()).is_err(), "without a time");
}

proptest! {
    #[test]
    fn reading_back_gives_the_same(document in any_document(0..2)) {
        let (bytes, gaps) = written(&document);
        let read = read(&bytes, &Limits::default()).expect("OpenVEX");
        prop_assert_eq!(said(&read), said(&document));
        prop_assert_eq!((gaps.total(), read.gaps.total()), (0, 0));
        let head = (read.id, read.version, read.author, read.published, read.modified);
        prop_assert_eq!(head, (document.id, document.version, document.author, document.published, document.modified));
    }
}
