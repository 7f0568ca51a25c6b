// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writing VEX as CycloneDX: what is written reads back as the same, and what the format cannot say is told.

use proptest::prelude::*;
use serde_json::{Value, json};
use underpin_model::Limits;
use underpin_model::gap::Gaps;
use underpin_model::watch::{Justification, Severity, Statement, StatementDocument, Status, Target, Thing, Tlp};

use super::vex::{read, write};
use crate::csaf::write_cases::{Said, any_document, said, thing};

fn written(document: &StatementDocument<'_>) -> (Vec<u8>, Gaps) {
    let mut bytes = Vec::new();
    let gaps = write(document, &mut bytes).expect("memory takes everything");
    (bytes, gaps)
}

/// What a document says in the words that the format has.
fn expected(document: &StatementDocument<'_>) -> Vec<Said> {
    let mut all = said(document);
    for (_, _, justification, _, _) in &mut all {
        if *justification == Some(Justification::ComponentNotPresent) {
            *justification = Some(Justification::VulnerableCodeNotPresent);
        }
    }
    all
}

fn document(statements: Vec<Statement<'static>>) -> StatementDocument<'static> {
    StatementDocument {
        id: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79".into(),
        author: "Example".into(),
        statements,
        ..StatementDocument::default()
    }
}

fn say(target: Target<'static>) -> Statement<'static> {
    Statement {
        vulnerability: "CVE-2026-0001".into(),
        targets: vec![target],
        status: Status::Affected,
        ..Statement::default()
    }
}

#[test]
fn a_statement_is_written_whole() {
    let mut one =
        say(Target { thing: Thing { versions: "vers:npm/<2".into(), ..thing(0, 1) }, within: vec![thing(1, 2)] });
    one.aliases = vec!["GHSA-1".into()];
    one.action = "update".into();
    one.severities = vec![
        Severity { system: "CVSS_V3".into(), value: "CVSS:3.1/AV:N".into(), source: "NVD".into() },
        Severity { system: "qualitative".into(), value: "High".into(), source: "".into() },
        Severity { system: "Other".into(), value: "bad".into(), source: "".into() },
    ];
    let (bytes, gaps) = written(&document(vec![one]));
    let answer: Value = serde_json::from_slice(&bytes).expect("JSON");
    let expected = json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "metadata": {"supplier": {"name": "Example"}, "component": {"type": "library", "bom-ref": "component-1", "name": "part 2",
            "cpe": "cpe:2.3:a:x:part2:1.0:*:*:*:*:*:*:*"}},
        "components": [{"type": "library", "bom-ref": "component-2", "name": "part 1", "purl": "pkg:npm/part-1@1.0"}],
        "vulnerabilities": [{"id": "CVE-2026-0001", "references": [{"id": "GHSA-1", "source": {"name": "other name"}}],
            "ratings": [{"method": "CVSSv31", "vector": "CVSS:3.1/AV:N", "source": {"name": "NVD"}}, {"severity": "high"}],
            "affects": [{"ref": "component-2", "versions": [{"range": "vers:npm/<2", "status": "affected"}]}],
            "recommendation": "update", "analysis": {"state": "exploitable"}}]});
    assert_eq!((answer, gaps.total()), (expected, 0));
}

#[test]
fn what_would_say_too_much_is_left_out() {
    let bound = |product: usize| say(Target { thing: thing(0, 1), within: vec![thing(0, product)] });
    let nothing = say(Target::default());
    let secret =
        StatementDocument { tlp: Some(Tlp::Red), id: "1".into(), ..document(vec![bound(2), bound(3), nothing]) };
    let (bytes, gaps) = written(&secret);
    let places: Vec<_> = gaps.list().iter().map(|gap| &*gap.place).collect();
    let expected =
        ["/serialNumber", "/metadata", "/statements/0/targets/0", "/statements/1/targets/0", "/statements/2/targets/0"];
    assert_eq!(places, expected);
    assert_eq!(read(&bytes, &Limits::default()).expect("CycloneDX").statements, []);
}

#[test]
fn links_to_other_documents_stay_links() {
    let link = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#a";
    let thing = Thing { references: vec![link.into()], ..Thing::default() };
    let target = Target { thing, within: Vec::new() };
    let (bytes, _) = written(&document(vec![say(target.clone())]));
    let read = read(&bytes, &Limits::default()).expect("CycloneDX");
    assert_eq!((&read.statements[0].targets, read.gaps.total()), (&vec![target], 0));
}

proptest! {
    #[test]
    fn reading_back_gives_the_same(mut document in any_document(0..1), is_bound: bool, range: bool) {
        for target in document.statements.iter_mut().flat_map(|statement| &mut statement.targets) {
            if is_bound {
                target.within = vec![thing(0, 1_000)];
            }
            target.thing.versions = if range { "vers:npm/<2".into() } else { "".into() };
        }
        let (bytes, gaps) = written(&document);
        let read = read(&bytes, &Limits::default()).expect("CycloneDX");
        prop_assert_eq!(said(&read), expected(&document));
        prop_assert_eq!((gaps.total(), read.gaps.total()), (0, 0));
        let head = (read.id, read.version, read.author, read.modified);
        prop_assert_eq!(head, (document.id, document.version, document.author, document.modified));
    }
}
