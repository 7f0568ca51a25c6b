// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use underpin_model::Limits;
use underpin_model::gap::GapCode;

use super::*;
use crate::reader::detect;

fn all(systems: u64) -> impl Iterator<Item = (Planned, Contents)> {
    (0..systems).flat_map(|system| documents(7, system)).map(|document| {
        let stated = contents(&document);
        (document, stated)
    })
}

fn read_bytes(bytes: &[u8]) -> Result<Inventory<'static>, Unreadable> {
    let limits = Limits::default();
    let reader = detect(&Probe { bytes, file_name: "1.json", path: "1.json" }).expect("recognised");
    assert_eq!(reader.id, FORMAT);
    (reader.read)(bytes, &Context::new(&limits)).map(Inventory::into_owned)
}

#[test]
fn a_document_reads_as_it_was_made() {
    let mut read = 0;
    for (document, stated) in all(40) {
        let found = read_bytes(&document.to_bytes()).expect("reads");
        assert_eq!(found, inventory(&document, &stated, true));
        assert_eq!(found.components.len(), document.uses as usize);
        assert_eq!(stated.uses.len() + 1, document.uses as usize);
        let distinct: BTreeSet<_> = stated.uses.iter().map(|one| (one.kind, one.package)).collect();
        assert_eq!(distinct.len(), stated.uses.len(), "a package is named once");
        assert_eq!(found.gaps.count(GapCode::NoEdges), usize::from(!found.graph_complete));
        read += 1;
    }
    assert!(read > 150, "{read} documents");
}

#[test]
fn a_continent_never_changes() {
    let mut hash = Sha256::new();
    for (document, stated) in all(30) {
        hash.update(format!("{} {} {}\n", document.subject(), document.created.0, document.distribution()));
        for one in &stated.uses {
            let (name, version, purl) = (one.name(), one.version_text(), one.purl());
            hash.update(format!("{name} {version} {purl} {}\n", one.licence().unwrap_or_default()));
        }
        hash.update(format!("{:?} {} {}\n", stated.needed_by, stated.states_licences, document.production_only));
    }
    for advisory in ADVISED.into_iter().flat_map(advisories) {
        hash.update(format!("{} {:?}\n", advisory.id, advisory.fixed));
    }
    let found: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(found, "698f9e9fe5f3559b", "houses hold documents of it: a change is a new version of the reader");
}

#[test]
fn what_is_no_place_is_refused_with_the_reason() {
    for (text, code) in [
        (r#"{"underpinContinentDocument":1,"#, "malformed-json"),
        (r#"{"underpinContinentDocument":2,"seed":1,"system":1,"part":0,"edition":1}"#, "unknown-version"),
        (r#"{"underpinContinentDocument":1,"seed":1,"system":1,"part":200,"edition":1}"#, "no-such-place"),
        (r#"{"underpinContinentDocument":1,"seed":1,"system":100000000,"part":0,"edition":1}"#, "no-such-place"),
    ] {
        assert_eq!(read_bytes(text.as_bytes()).expect_err("refused").code, code, "{text}");
    }
}

/// Of a thousand, how many.
fn thousandths(part: u64, whole: u64) -> u64 {
    part * 1_000 / whole.max(1)
}

#[test]
fn sizes_ecosystems_and_popularity_are_those_of_the_corpus() {
    let (mut documents, mut uses, mut by_system) = (0, 0, [0; 5]);
    let mut by_kind: BTreeMap<Kind, u64> = BTreeMap::new();
    let mut of_package: BTreeMap<(Kind, u64), u64> = BTreeMap::new();
    for (document, stated) in all(600).filter(|(document, _)| !document.is_replaced) {
        documents += 1;
        uses += u64::from(document.uses);
        let place = document.image.map_or(0, |(kind, _)| 1 + kind as usize);
        by_system[place] += 1;
        for one in &stated.uses {
            *by_kind.entry(one.kind).or_default() += 1;
            *of_package.entry((one.kind, one.package)).or_default() += 1;
        }
    }
    // The corpus: 364,256 uses in 2,172 documents that state any.
    let mean = uses / documents;
    assert!((155..190).contains(&mean), "{mean} uses in a document");
    let corpus_documents: u32 = corpus::DOCUMENTS_BY_SYSTEM.iter().sum();
    for (found, counted) in by_system.iter().zip(corpus::DOCUMENTS_BY_SYSTEM) {
        let (found, counted) = (thousandths(*found, documents), thousandths(counted.into(), corpus_documents.into()));
        assert!(found.abs_diff(counted) < 40, "{found} and {counted} of a thousand documents");
    }
    for (kind, counted) in [(Kind::Golang, 156), (Kind::Npm, 111), (Kind::Maven, 77), (Kind::Generic, 43)] {
        let found = thousandths(by_kind[&kind], uses);
        assert!(found.abs_diff(counted) < 45, "{kind:?}: {found} and {counted} of a thousand uses");
    }
    for kind in [Kind::Golang, Kind::Npm, Kind::Maven] {
        let mut counts: Vec<u64> =
            of_package.iter().filter(|((other, _), _)| *other == kind).map(|(_, count)| *count).collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let popularity = kind.popularity();
        let (head, whole): (u32, u32) = (popularity.uses.iter().take(8).sum(), popularity.uses.iter().sum());
        let found = thousandths(counts.iter().take(128).sum(), counts.iter().sum());
        let counted = thousandths(head.into(), whole.into());
        assert!(
            found.abs_diff(counted) < 200,
            "{kind:?}: the 128 most common have {found} and {counted} of a thousand"
        );
    }
}

#[test]
fn licences_graphs_and_own_packages_are_those_of_the_corpus() {
    let (mut documents, mut licences, mut graphs, mut unstated, mut uses, mut own) = (0, 0, 0, 0, 0, 0);
    for (document, stated) in all(1_500) {
        documents += 1;
        licences += u64::from(stated.states_licences);
        graphs += u64::from(stated.needed_by.is_some());
        unstated += u64::from(stated.uses.iter().any(|one| one.version_text().is_empty()));
        uses += u64::from(document.uses);
        own += stated.uses.iter().filter(|one| one.is_own()).count() as u64;
    }
    for (what, found, counted) in [
        ("licences", thousandths(licences, documents), corpus::LICENCES_PER_THOUSAND.0),
        ("graphs", thousandths(graphs, documents), corpus::GRAPHS_PER_THOUSAND),
        ("no version", thousandths(unstated, documents), 150),
        ("own packages", thousandths(own, uses), 45),
    ] {
        assert!(found.abs_diff(counted) < 25, "{what}: {found} and {counted} of a thousand");
    }
}

#[test]
fn about_as_many_package_versions_are_hit_as_in_the_corpus() {
    let mut about: BTreeMap<(Kind, u64), Vec<Advisory>> = BTreeMap::new();
    for advisory in ADVISED.into_iter().flat_map(advisories) {
        about.entry((advisory.kind, advisory.package)).or_default().push(advisory);
    }
    let (mut versions, mut hit, mut uses, mut findings) = (BTreeSet::new(), BTreeSet::new(), 0, 0);
    for (_, stated) in all(300).filter(|(document, _)| !document.is_replaced) {
        uses += stated.uses.len() as u64;
        for one in &stated.uses {
            let spoken = about.get(&(one.kind, one.package)).map(Vec::as_slice).unwrap_or_default();
            let count = spoken.iter().filter(|advisory| advisory.hits(one.version)).count() as u64;
            findings += count;
            versions.insert(*one);
            if count > 0 {
                hit.insert(*one);
            }
        }
    }
    let share = thousandths(hit.len() as u64, versions.len() as u64);
    let found = thousandths(findings, uses);
    assert!(share.abs_diff(corpus::HIT_VERSIONS_PER_THOUSAND) < 40, "{share} of a thousand versions are hit");
    assert!(found.abs_diff(corpus::FINDINGS_PER_THOUSAND_USES) < 250, "{found} findings in a thousand uses");
}

proptest! {
    #[test]
    fn any_place_is_read_or_refused(seed in any::<u64>(), system in any::<u64>(), part in 0_u8..12, edition in 0_u8..3) {
        let place = Place { format: 1, seed, system, part, edition };
        let bytes = serde_json::to_vec(&place).expect("a text");
        match read_bytes(&bytes) {
            Ok(found) => prop_assert!(found.edges.iter().all(|edge| (edge.to as usize) < found.components.len())),
            Err(refused) => prop_assert_eq!(refused.code, "no-such-place"),
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(rest in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut bytes = START.to_vec();
        bytes.extend(rest);
        let _ = read_bytes(&bytes);
    }
}
