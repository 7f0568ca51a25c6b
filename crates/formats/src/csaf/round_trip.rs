// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The same document written in all three formats says the same when it is read again, and CSAF passes its own tests.

use std::collections::BTreeMap;

use proptest::prelude::*;
use underpin_model::watch::{Justification, Severity, Statement, StatementDocument, Status, Target, Thing, Tlp};
use underpin_model::{Limits, Timestamp};

use super::{Edition, Weight, judge, write};
use crate::{cyclonedx::vex, openvex};

/// The last word about each product of each vulnerability, by time and then by place.
fn last_words(document: &StatementDocument<'_>) -> BTreeMap<(String, String), Status> {
    let made = document.modified.or(document.published).unwrap_or(Timestamp(0));
    let mut words: BTreeMap<(String, String), (Timestamp, Status)> = BTreeMap::new();
    for statement in &document.statements {
        let said = statement.said.unwrap_or(made);
        for target in &statement.targets {
            let key = (statement.vulnerability.to_string(), key(target));
            let word = words.entry(key).or_insert((said, statement.status));
            if word.0 <= said {
                *word = (said, statement.status);
            }
        }
    }
    words.into_iter().map(|(key, (_, status))| (key, status)).collect()
}

/// What identifies a target in every format: its first package URL or reference, its versions, and what it is inside.
fn key(target: &Target<'_>) -> String {
    let thing = |thing: &Thing<'_>| {
        // Formats add identifiers of their own; those that were stated are addresses.
        let stated = thing.references.iter().find(|reference| reference.contains(':'));
        let first = thing.purls.first().or(stated).map(|name| name.to_string()).unwrap_or_default();
        if thing.versions.is_empty() { first } else { format!("{first}@{}", thing.versions) }
    };
    let within: Vec<_> = target.within.iter().map(thing).collect();
    format!("{} in {}", thing(&target.thing), within.join(" in "))
}

fn things() -> impl Strategy<Value = Thing<'static>> {
    let purl = |purl: &'static str| Thing { name: "named".into(), purls: vec![purl.into()], ..Thing::default() };
    let hashed = Thing { hashes: vec![("sha256".into(), "ab".repeat(32).into())], ..purl("pkg:npm/hashed@1.0") };
    let several = Thing {
        purls: vec!["pkg:npm/%40scope/several@2".into(), "pkg:npm/other@3".into()],
        cpes: vec!["cpe:2.3:a:x:y:2:*:*:*:*:*:*:*".into(), "cpe:/a:x:y:2".into()],
        ..Thing::default()
    };
    let ranged = Thing { versions: "vers:npm/>=1|<2".into(), ..purl("pkg:npm/ranged") };
    let single = Thing { versions: "1.2.3".into(), ..purl("pkg:npm/single?x=y") };
    let odd = Thing { versions: "prior to 4 <b>".into(), ..purl("pkg:npm/odd") };
    let named = Thing { references: vec!["https://product.example/1".into()], ..Thing::default() };
    let linked = Thing { references: vec!["urn:cdx:1b2c/1#x".into()], ..Thing::default() };
    prop::sample::select(vec![
        purl("pkg:oci/app@1"),
        purl("pkg:not/a%zz"),
        hashed,
        several,
        ranged,
        single,
        odd,
        named,
        linked,
    ])
}

fn targets() -> impl Strategy<Value = Target<'static>> {
    let whole = prop::sample::select(vec!["pkg:oci/image@1", "pkg:generic/platform@9"]);
    let whole = whole.prop_map(|purl| Thing { name: "whole".into(), purls: vec![purl.into()], ..Thing::default() });
    (things(), proptest::collection::vec(whole, 0..3)).prop_map(|(thing, mut within)| {
        within.dedup();
        Target { thing, within }
    })
}

fn statements() -> impl Strategy<Value = Statement<'static>> {
    let vectors = ["CVSS:3.1/AV:L/AC:L/PR:H/UI:R/S:U/C:H/I:H/A:H", "AV:N/AC:L/Au:N/C:C/I:C/A:C", "nonsense"];
    let severity = prop::sample::select(vectors.to_vec());
    let severity =
        severity.prop_map(|vector| Severity { system: "CVSS_V3".into(), value: vector.into(), source: "".into() });
    (
        prop::sample::select(vec!["CVE-2026-1000", "GHSA-aaaa-bbbb-cccc", "Tracker 77", "<script>"]),
        proptest::collection::vec(prop::sample::select(vec!["CVE-2026-2000", "DSA-1", "CVE-2026-1000"]), 0..3),
        proptest::collection::vec(targets(), 0..4),
        (
            prop::sample::select(Status::ALL.to_vec()),
            prop::option::of(prop::sample::select(Justification::ALL.to_vec())),
        ),
        (".{0,8}", ".{0,8}"),
        prop::option::of(0_i64..4_000_000_000),
        proptest::collection::vec(severity, 0..3),
    )
        .prop_map(|(name, aliases, targets, (status, justification), (impact, action), said, severities)| {
            Statement {
                vulnerability: name.into(),
                aliases: aliases.into_iter().map(Into::into).collect(),
                targets,
                status,
                justification,
                impact: impact.into(),
                action: action.into(),
                said: said.map(Timestamp::from_seconds),
                is_listing: false,
                severities,
            }
        })
}

fn documents() -> impl Strategy<Value = StatementDocument<'static>> {
    (
        proptest::collection::vec(statements(), 0..6),
        prop::sample::select(vec!["", "0", "1", "7", "3.2.1", "1.0.0-rc.1", "x", "99999999"]),
        prop::sample::select(vec!["", "https://vendor.example", "Vendor <b> & Söhne"]),
        prop::sample::select(vec!["", "vendor", "translator", "Senior"]),
        prop::option::of(prop::sample::select(Tlp::ALL.to_vec())),
        (prop::option::of(0_i64..4_000_000_000), prop::option::of(0_i64..4_000_000_000)),
        ".{0,6}",
    )
        .prop_map(|(statements, version, author, role, tlp, (published, modified), id)| StatementDocument {
            format: "csaf",
            id: id.into(),
            version: version.into(),
            author: author.into(),
            author_role: role.into(),
            tlp,
            published: published.map(Timestamp::from_seconds),
            modified: modified.map(Timestamp::from_seconds),
            statements,
            ..StatementDocument::default()
        })
}

/// The statements without the targets that a format cannot say.
fn only(document: &StatementDocument<'static>, can_say: impl Fn(&Target<'_>) -> bool) -> StatementDocument<'static> {
    let mut document = document.clone();
    for statement in &mut document.statements {
        statement.targets.retain(&can_say);
    }
    document
}

fn is_sayable_in_openvex(target: &Target<'_>) -> bool {
    let versions = &*target.thing.versions;
    target.within.len() < 2 && (versions.is_empty() || versions == "1.2.3")
}

fn count(document: &StatementDocument<'_>) -> usize {
    document.statements.iter().map(|statement| statement.targets.len()).sum()
}

proptest! {
    #[test]
    fn csaf_says_the_same_and_passes_its_tests(document in documents()) {
        for edition in [Edition::V2_0, Edition::V2_1] {
            let Some(written) = write(&document, edition) else {
                prop_assert_eq!(count(&document), 0);
                continue;
            };
            prop_assert_eq!(written.left_out, 0);
            let judged = judge(written.text.as_bytes());
            prop_assert_eq!(&judged.shape, &[], "{}", written.text);
            let failed: Vec<_> = judged.failed(Weight::Mandatory).collect();
            prop_assert!(failed.is_empty(), "{failed:?} {}", written.text);
            let read = super::read(written.text.as_bytes(), &Limits::default()).expect("readable");
            prop_assert_eq!(last_words(&read), last_words(&document), "{}", written.text);
            if edition == Edition::V2_0 || document.tlp.is_some() {
                prop_assert_eq!(read.tlp, document.tlp);
            }
            // What is written and read is written the same way again.
            prop_assert_eq!(write(&read, edition).map(|again| last_words_of(&again.text)), Some(last_words(&document)));
        }
    }

    #[test]
    fn openvex_says_the_same(document in documents()) {
        let written = openvex::write(&document);
        let expected = only(&document, is_sayable_in_openvex);
        prop_assert_eq!(written.left_out, count(&document) - count(&expected));
        let read = openvex::read(written.text.as_bytes(), &Limits::default()).expect("readable");
        prop_assert_eq!(with_versions(&read), with_versions(&expected), "{}", written.text);
        prop_assert_eq!(read.gaps.total(), 0, "{:?}", read.gaps.list());
    }

    #[test]
    fn cyclonedx_says_the_same(document in documents()) {
        let written = vex::write(&document);
        prop_assert_eq!(written.left_out, 0);
        let read = vex::read(written.text.as_bytes(), &Limits::default()).expect("readable");
        prop_assert_eq!(last_words(&read), last_words(&document), "{}", written.text);
        prop_assert_eq!(read.tlp, document.tlp);
        prop_assert_eq!(read.gaps.total(), 0, "{:?}", read.gaps.list());
    }
}

fn last_words_of(text: &str) -> BTreeMap<(String, String), Status> {
    last_words(&super::read(text.as_bytes(), &Limits::default()).expect("readable"))
}

/// Last words, a single version put into the package URL.
fn with_versions(document: &StatementDocument<'_>) -> BTreeMap<(String, String), Status> {
    let words = last_words(document).into_iter();
    words.map(|((name, key), status)| ((name, key.replace("single?x=y@1.2.3", "single@1.2.3?x=y")), status)).collect()
}

#[test]
fn of_several_statements_csaf_writes_the_last() {
    let target = Target { thing: Thing { purls: vec!["pkg:npm/a@1".into()], ..Thing::default() }, within: Vec::new() };
    let say = |status| Statement {
        vulnerability: "CVE-2026-1000".into(),
        status,
        targets: vec![target.clone()],
        ..Statement::default()
    };
    let statements = vec![say(Status::Affected), say(Status::UnderInvestigation), say(Status::Fixed)];
    let document = StatementDocument { statements, ..StatementDocument::default() };
    let read = |text: &str| super::testing::lines(&super::read(text.as_bytes(), &Limits::default()).expect("readable"));
    let written = write(&document, Edition::V2_0).expect("something to say");
    assert_eq!(read(&written.text), ["CVE-2026-1000 fixed: pkg:npm/a@1"]);
    // What was said earlier counts less, wherever it stands.
    let mut turned = document.clone();
    turned.modified = "2026-02-01".parse().ok();
    turned.statements[2].said = "2026-01-01".parse().ok();
    let written = write(&turned, Edition::V2_0).expect("something to say");
    assert_eq!(read(&written.text), ["CVE-2026-1000 under-investigation: pkg:npm/a@1"]);
    // The others keep them all, in order.
    let expected =
        ["affected", "under-investigation", "fixed"].map(|status| format!("CVE-2026-1000 {status}: pkg:npm/a@1"));
    for text in [openvex::write(&document).text, vex::write(&document).text] {
        let read = openvex::read(text.as_bytes(), &Limits::default())
            .or_else(|_| vex::read(text.as_bytes(), &Limits::default()));
        assert_eq!(super::testing::lines(&read.expect("readable")), expected);
    }
}
