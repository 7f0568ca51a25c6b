// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What holds for all records and versions, made up at random: garbage among them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::oracle::agree;
use super::test_records::{index, lookups_of, now, read};
use super::{Compiler, Damaged, Index, Inverse, Layers, Lookups, Match, answer, hash};

const PACKAGES: &[(&str, &str)] =
    &[("npm", "a"), ("PyPI", "B_b"), ("Debian:12", "c"), ("Go", "d.example/e"), ("Alpine:v3.19", "f"), ("weapon", "g")];

const VERSIONS: &[&str] = &[
    "0",
    "1",
    "1.0",
    "1.0.0",
    "1.0.0-rc.1",
    "1.0.0+b1",
    "v1.2",
    "1.2.3",
    "1.2.3-4",
    "1:1.2.3-4",
    "2.0",
    "2.0.0",
    "2.0a1",
    "2.0-r0",
    "2.0-r1",
    "10.0.0",
    "10.0.0-1",
    "go1.3",
    "",
    "*",
    "garbage",
    "1..2",
    "ü",
    "99999999999999999999",
    "1.0.0+b2",
];

fn version() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(VERSIONS)
}

fn range() -> impl Strategy<Value = Value> {
    let kind = proptest::sample::select(vec!["introduced", "introduced", "fixed", "fixed", "last_affected", "limit"]);
    let event = (kind, version()).prop_map(|(kind, version)| json!({ kind: version }));
    let order = proptest::sample::select(vec!["SEMVER", "ECOSYSTEM", "ECOSYSTEM", "GIT"]);
    (order, prop::collection::vec(event, 0..7)).prop_map(|(order, events)| json!({ "type": order, "events": events }))
}

fn affected() -> impl Strategy<Value = Value> {
    let package = proptest::sample::select(PACKAGES);
    let parts = (package, prop::collection::vec(range(), 0..3), prop::collection::vec(version(), 0..3));
    parts.prop_map(|((ecosystem, name), ranges, versions)| {
        json!({ "package": { "ecosystem": ecosystem, "name": name }, "ranges": ranges, "versions": versions })
    })
}

fn record() -> impl Strategy<Value = Value> {
    let id = proptest::sample::select(vec!["GHSA-a", "GHSA-b", "X-1", "X-2", "MAL-1", "CVE-1", "DSA-1"]);
    let name = proptest::sample::select(vec!["CVE-1", "CVE-2", "GHSA-a", "GHSA-b", "X-1", "Y-1"]);
    let withdrawn = prop_oneof![6 => Just(None), 1 => Just(Some("2026-01-01")), 1 => Just(Some("2027-01-01"))];
    let aliases = prop::collection::vec(name, 0..3);
    (id, aliases, withdrawn, prop::collection::vec(affected(), 0..4)).prop_map(|(id, aliases, withdrawn, affected)| {
        json!({ "id": id, "aliases": aliases, "withdrawn": withdrawn, "affected": affected, "upstream": ["CVE-9"] })
    })
}

fn records() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(record(), 0..8)
}

/// Every package in every version.
fn subjects() -> Vec<Lookups<'static>> {
    let all = PACKAGES.iter().flat_map(|package| VERSIONS.iter().map(move |version| (package, version)));
    all.map(|((ecosystem, name), version)| lookups_of(ecosystem, name, version)).collect()
}

fn compiled<'r>(records: impl IntoIterator<Item = &'r Value>) -> Compiler {
    let mut compiler = Compiler::new();
    records.into_iter().for_each(|record| compiler.add("test", &read(record)));
    compiler
}

/// Advisories by identifier, each with its reason.
type Said = BTreeSet<(String, super::Reason)>;

/// What layers say, in words that do not depend on places: matches of every subject, and vulnerabilities.
fn said(layers: &Layers) -> (Vec<Said>, BTreeMap<String, BTreeSet<String>>) {
    let id = |found: &Match| layers.advisory(found.advisory).map(|view| view.id().to_owned()).unwrap_or_default();
    let matches = subjects().into_iter().map(|lookups| {
        let mut found = Vec::new();
        layers.matches_of(&lookups, now(), &mut found);
        found.iter().map(|found| (id(found), found.reason)).collect()
    });
    let mut groups: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (advisory, view) in layers.advisories() {
        let group = layers.group_of(advisory).expect("every advisory belongs to a vulnerability");
        let members = layers.group_members(group);
        assert!(members.contains(&advisory));
        groups.entry(layers.group_name(group).to_owned()).or_default().insert(view.id().to_owned());
    }
    (matches.collect(), groups)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn spans_are_the_events_walked_one_by_one(records in records()) {
        let mut compiler = Compiler::new();
        for (number, record) in records.iter().enumerate() {
            compiler.add(&format!("test/{number}"), &read(record));
        }
        let index = compiler.finish().expect("few records fit");
        agree(&records, &index, usize::MAX, VERSIONS);
    }

    #[test]
    fn bytes_lead_back(records in records()) {
        let index = index(&records);
        prop_assert_eq!(Index::from_bytes(&index.to_bytes()), Ok(index));
    }

    #[test]
    fn damaged_bytes_are_refused_or_answer_without_panic(
        records in records(), place in 0..10_000usize, bit in 0..8u8, cut in 0..4usize,
    ) {
        let sound = index(&records).to_bytes();
        let mut bytes = sound.clone();
        let place = place % bytes.len();
        bytes[place] ^= 1 << bit;
        prop_assert!(Index::from_bytes(&bytes).is_err());
        prop_assert!(Index::from_bytes(&sound[..sound.len() - 1 - cut.min(sound.len() - 1)]).is_err());
        // Whoever mends the checksum gets past it, but no further than to a wrong answer.
        if place >= 32 {
            let sum = hash::checksum(&bytes[32..]);
            bytes[16..24].copy_from_slice(&sum.to_le_bytes());
            if let Ok(forged) = Index::from_bytes(&bytes) {
                let forged = Layers::from(Arc::new(forged));
                let mut found = Vec::new();
                for lookups in subjects() {
                    forged.matches_of(&lookups, now(), &mut found);
                    forged.advice(&lookups, None, now());
                }
                for (advisory, view) in forged.advisories() {
                    prop_assert!(forged.judge_of(&subjects()[0], advisory, now()).is_some());
                    let _ = (view.severities(), view.names().count(), forged.find(view.id()));
                    view.entries().for_each(|entry| { entry.spans().count(); });
                }
            }
        }
    }

    #[test]
    fn every_match_is_explained_and_nothing_else_is_affected(records in records()) {
        let index = index(&records);
        for lookups in subjects() {
            let mut found = Vec::new();
            index.matches_of(&lookups, now(), &mut found);
            for advisory in index.advisories() {
                let judgement = index.judge_of(&lookups, advisory.number, now());
                let matched = found.iter().find(|found| found.advisory.number == advisory.number);
                let expected = judgement.statements.iter().any(|_| answer::strength(judgement.reason) >= 2);
                prop_assert_eq!(matched.map(|found| found.reason), expected.then_some(judgement.reason), "{:?}", lookups);
            }
            let distinct: BTreeSet<_> = found.iter().map(|found| found.advisory).collect();
            prop_assert_eq!(distinct.len(), found.len());
        }
    }

    #[test]
    fn both_directions_agree(records in records()) {
        let index = index(&records);
        let inverse = Inverse::of_lookups(subjects());
        let mut forward = BTreeSet::new();
        for (place, lookups) in subjects().iter().enumerate() {
            let mut found = Vec::new();
            index.matches_of(lookups, now(), &mut found);
            forward.extend(found.into_iter().map(|found| (place, found)));
        }
        let numbers = index.advisories().map(|advisory| advisory.number);
        let backward: BTreeSet<_> = numbers.flat_map(|number| inverse.touched(&index, number, now())).collect();
        prop_assert_eq!(forward, backward);
    }

    #[test]
    fn layers_say_what_one_index_of_all_would_say(old in records(), new in records(), removed in prop::collection::vec(0..7usize, 0..3)) {
        let ids = ["GHSA-a", "GHSA-b", "X-1", "X-2", "MAL-1", "CVE-1", "DSA-1"];
        let mut delta = Compiler::new();
        removed.iter().for_each(|id| delta.remove("test", ids[*id]));
        new.iter().for_each(|record| delta.add("test", &read(record)));
        let delta = Arc::new(delta.finish().expect("few records fit"));
        let layers = Layers::new(vec![Arc::new(index(&old)), delta]);
        let kept = old.iter().filter(|record| removed.iter().all(|id| record["id"] != ids[*id]));
        let all = compiled(kept.chain(&new)).finish().expect("few records fit");
        prop_assert_eq!(said(&layers), said(&Layers::from(Arc::new(all))));
    }

    #[test]
    fn shards_put_together_are_one_compiler(records in records(), at in 0..8usize) {
        let (first, second) = records.split_at(at.min(records.len()));
        let mut shards = compiled(first);
        shards.append(compiled(second));
        let shards = Layers::from(Arc::new(shards.finish().expect("few records fit")));
        prop_assert_eq!(said(&shards), said(&Layers::from(Arc::new(index(&records)))));
    }

    #[test]
    fn advice_is_free_of_everything_known(records in records()) {
        let layers = Layers::from(Arc::new(index(&records)));
        for lookups in subjects() {
            let advice = layers.advice(&lookups, None, now());
            let [lookup] = lookups.list.as_slice() else { continue };
            for version in &advice.free {
                let mut found = Vec::new();
                layers.matches_of(&lookups_of(&lookup.ecosystem, &lookup.name, version), now(), &mut found);
                let affected = found.iter().filter(|found| found.reason.verdict() == super::Verdict::Affected).count();
                prop_assert_eq!((affected, crate::version::compare(lookup.scheme, version, &lookup.version).is_gt()), (0, true));
            }
        }
    }
}

#[test]
fn other_bytes_are_no_index() {
    assert_eq!(Index::from_bytes(b""), Err(Damaged::OtherFile));
    assert_eq!(Index::from_bytes(&[7; 100]), Err(Damaged::OtherFile));
    let mut other = Index::empty().to_bytes();
    assert_eq!(Index::from_bytes(&other), Ok(Index::empty()));
    other[8] += 1;
    assert_eq!(Index::from_bytes(&other), Err(Damaged::OtherVersion));
}
