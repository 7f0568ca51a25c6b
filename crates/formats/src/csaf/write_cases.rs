// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Documents of statements for trying writers: every status, reason and kind of product.

use proptest::prelude::*;
use underpin_model::watch::{Justification, Statement, StatementDocument, Status, Target, Thing};

/// What must survive writing and reading: vulnerability, status, reason, product, and what it is part of.
pub type Said = (String, Status, Option<Justification>, String, Vec<String>);

/// Everything that a document says, in order, one product a line.
pub fn said(document: &StatementDocument<'_>) -> Vec<Said> {
    let mut all = Vec::new();
    for statement in &document.statements {
        for target in &statement.targets {
            let within = target.within.iter().map(label).collect();
            let name = statement.vulnerability.to_string();
            all.push((name, statement.status, statement.justification, label(&target.thing), within));
        }
    }
    all
}

/// The identifiers of a thing that do not depend on the document.
fn label(thing: &Thing<'_>) -> String {
    let uris = thing.references.iter().filter(|reference| reference.starts_with("https://"));
    let mut parts: Vec<_> = thing.purls.iter().chain(&thing.cpes).chain(uris).map(ToString::to_string).collect();
    parts.sort();
    parts.dedup();
    parts.push(thing.versions.to_string());
    parts.join(" ")
}

/// A thing with a number of its own, so that no two statements contradict each other.
pub fn thing(kind: u8, number: usize) -> Thing<'static> {
    let name = format!("part {number}").into();
    match kind % 3 {
        0 => Thing { name, purls: vec![format!("pkg:npm/part-{number}@1.0").into()], ..Thing::default() },
        1 => {
            Thing { name, cpes: vec![format!("cpe:2.3:a:x:part{number}:1.0:*:*:*:*:*:*:*").into()], ..Thing::default() }
        }
        _ => Thing {
            name,
            purls: vec![format!("pkg:pypi/part-{number}@2").into()],
            hashes: vec![("sha256".into(), format!("{number:064x}").into())],
            ..Thing::default()
        },
    }
}

/// A document in which each product is bound to as many others as `within` allows.
pub fn any_document(within: std::ops::Range<usize>) -> impl Strategy<Value = StatementDocument<'static>> {
    let target = (any::<u8>(), prop::collection::vec(any::<u8>(), within));
    let statement = (
        0..4_usize,
        prop::sample::select(Status::ALL),
        prop::option::of(prop::sample::select(Justification::ALL)),
        prop::collection::vec(target, 1..4),
        "[a-z ]{0,8}",
    );
    prop::collection::vec(statement, 0..6).prop_map(|statements| {
        let mut number = 0;
        let mut next = |kind| {
            number += 1;
            thing(kind, number)
        };
        let mut document = StatementDocument {
            id: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79".into(),
            author: "https://vendor.example".into(),
            version: "3".into(),
            published: "2026-01-01".parse().ok(),
            modified: "2026-02-01".parse().ok(),
            ..StatementDocument::default()
        };
        for (vulnerability, status, justification, targets, words) in statements {
            let targets = targets.into_iter().map(|(kind, within)| Target {
                thing: next(kind),
                within: within.into_iter().map(&mut next).collect(),
            });
            document.statements.push(Statement {
                vulnerability: format!("CVE-2026-000{vulnerability}").into(),
                targets: targets.collect(),
                status,
                justification: justification.filter(|_| status == Status::NotAffected),
                impact: words.clone().into(),
                action: words.into(),
                ..Statement::default()
            });
        }
        document
    })
}
