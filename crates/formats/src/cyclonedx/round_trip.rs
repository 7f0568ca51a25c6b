// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is written reads back the same.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use underpin_model::inventory::{
    Component, ComponentKind, Edge, EvidenceKind, Hash, Inventory, Licence, LicenceKind, Pedigree, PedigreePatch,
    Scope, Subject, Text, Tool,
};
use underpin_model::{Limits, Timestamp};

use super::{component, read_json, write};
use crate::reader::Context;

fn read(text: &str) -> Inventory<'static> {
    let limits = Limits::default();
    read_json(text.as_bytes(), &Context::new(&limits)).expect("what we write can be read").into_owned()
}

/// Everything about the components, by their identifiers instead of their positions.
type Facts = (BTreeMap<String, (Component<'static>, String)>, BTreeSet<(String, String)>, BTreeSet<String>);

fn facts(inventory: &Inventory<'_>) -> Facts {
    let name = |index: u32| inventory.components[index as usize].reference.to_string();
    let components = inventory.components.iter().map(|stated| {
        let mut component = stated.clone().into_owned();
        component.hashes.sort_by(|a, b| (&a.algorithm, &a.value).cmp(&(&b.algorithm, &b.value)));
        component.references.sort();
        let parent = component.parent.take().map(name).unwrap_or_default();
        (component.reference.to_string(), (component, parent))
    });
    let edges = inventory.edges.iter().map(|edge| (name(edge.from), name(edge.to)));
    (components.collect(), edges.collect(), inventory.roots.iter().map(|&root| name(root)).collect())
}

fn text() -> impl Strategy<Value = Text<'static>> {
    prop_oneof![
        3 => "[a-z][a-z0-9./@-]{0,12}".prop_map(Text::from),
        1 => "[ -~äß日\u{1f600}\"\\\\\n\t]{1,12}".prop_map(Text::from),
    ]
}

fn maybe() -> impl Strategy<Value = Text<'static>> {
    prop_oneof![Just(Text::default()), text()]
}

fn kind() -> impl Strategy<Value = ComponentKind> {
    let words = component::KINDS.iter().chain(component::OWN_KINDS);
    proptest::sample::select(words.map(|(_, kind)| *kind).collect::<Vec<_>>())
}

fn licence() -> impl Strategy<Value = Licence<'static>> {
    let expression = prop_oneof![
        Just(Text::from("MIT")),
        Just(Text::from("MIT OR Apache-2.0")),
        Just(Text::from("GPL-2.0+")),
        Just(Text::from("Own licence, see file")),
        text(),
    ];
    (proptest::sample::select(LicenceKind::ALL.to_vec()), expression)
        .prop_map(|(kind, expression)| Licence { kind, expression })
}

fn hash() -> impl Strategy<Value = Hash<'static>> {
    prop_oneof![
        "[0-9a-f]{64}".prop_map(|value| Hash { algorithm: "sha256".into(), value: value.into() }),
        "[0-9a-f]{32}".prop_map(|value| Hash { algorithm: "md5".into(), value: value.into() }),
        "[0-9a-f]{56}".prop_map(|value| Hash { algorithm: "sha224".into(), value: value.into() }),
    ]
}

fn reference() -> impl Strategy<Value = (Text<'static>, Text<'static>)> {
    let kind = proptest::sample::select(vec!["vcs", "website", "patent", "other", "distribution"]);
    let url = prop_oneof!["https://[a-z]{1,8}\\.example/[a-z]{0,5}", "[a-z]{1,4} [a-z]{1,4}"];
    (kind, url).prop_map(|(kind, url)| (Text::from(kind), Text::from(url)))
}

prop_compose! {
    fn pedigree()(
        ancestors in vec(text(), 0..2),
        patches in vec((vec(text(), 0..2), maybe(), maybe()), 1..2),
        commits in vec(text(), 0..2),
        notes in maybe(),
    ) -> Pedigree<'static> {
        let patch = |(resolves, diff, address)| PedigreePatch { kind: "backport".into(), resolves, diff, address };
        let patches = patches.into_iter().map(patch).collect();
        Pedigree { ancestors, patches, commits, notes }
    }
}

prop_compose! {
    fn one_component()(
        (kind, namespace, name, version, purl, cpes) in (kind(), maybe(), text(), maybe(), maybe(), vec(text(), 0..3)),
        (licences, hashes, supplier, originator) in (vec(licence(), 0..4), vec(hash(), 0..3), maybe(), maybe()),
        (file_name, source_info, upstream) in (maybe(), maybe(), maybe()),
        scope in proptest::sample::select(Scope::ALL.to_vec()),
        evidence in proptest::sample::select(EvidenceKind::ALL.to_vec()),
        (direct, confidence_percent) in (any::<Option<bool>>(), proptest::option::of(0_u8..=100)),
        locations in vec(text(), 0..3),
        (modified, pedigree) in (any::<bool>(), proptest::option::of(pedigree())),
        references in vec(reference(), 0..3),
        own_project in any::<bool>(),
        properties in vec((prop_oneof![text(), Just(Text::from("cdx:npm:package:development"))], maybe()), 0..3),
    ) -> Component<'static> {
        let references: Vec<_> = BTreeSet::from_iter(references).into_iter().collect();
        let mut licences = licences;
        licences.sort_by_key(|licence| licence.kind == LicenceKind::Observed);
        let mut component = Component {
            kind, namespace, name, version, purl, licences, hashes, supplier, originator, file_name, source_info,
            upstream, scope, evidence, direct, confidence_percent, modified: Some(modified), references, properties,
            pedigree: pedigree.map(Box::new), ..Component::default()
        };
        component.cpes = unique(cpes);
        component.locations = unique(locations);
        component.project = if own_project { "own".into() } else { component::project(&component.references) };
        component
    }
}

fn unique(texts: Vec<Text<'static>>) -> Vec<Text<'static>> {
    let mut seen = BTreeSet::new();
    texts.into_iter().filter(|text| seen.insert(text.clone())).collect()
}

prop_compose! {
    fn inventory()(
        components in vec(one_component(), 0..7),
        pairs in vec((0_u32..7, 0_u32..7), 0..12),
        parents in vec(proptest::option::of(0_u32..7), 7),
        (roots, graph_complete, context) in (0_usize..3, any::<bool>(), maybe()),
        tool in text(),
        (supplier, creator) in (maybe(), text()),
    ) -> Inventory<'static> {
        let count = components.len();
        let mut inventory = Inventory { components, graph_complete, supplier, ..Inventory::default() };
        for (index, component) in inventory.components.iter_mut().enumerate() {
            component.reference = format!("c{index}").into();
            component.parent = parents[index].filter(|&parent| index >= roots && (parent as usize) < index);
        }
        inventory.roots = (0..roots.min(count)).filter_map(|root| u32::try_from(root).ok()).collect();
        inventory.edges = pairs
            .into_iter()
            .filter(|&(from, to)| (from as usize) < count && (to as usize) < count)
            .map(|(from, to)| Edge { from, to })
            .collect();
        inventory.created = Some(Timestamp::from_seconds(1_700_000_000));
        inventory.tools = vec![Tool { name: tool, version: "1.0".into() }];
        inventory.creators = vec![format!("Person: {creator}").into()];
        inventory.context = context;
        inventory
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back(inventory in inventory()) {
        let text = write::to_string(&inventory);
        let again = read(&text);
        prop_assert_eq!(facts(&again), facts(&inventory), "{}", text);
        prop_assert_eq!(again.graph_complete, inventory.graph_complete);
        prop_assert_eq!(
            (&again.created, &again.tools, &again.creators, &again.context),
            (&inventory.created, &inventory.tools, &inventory.creators, &inventory.context)
        );
        // Written twice, it is the same text: nothing is lost or added on the way.
        prop_assert_eq!(facts(&read(&write::to_string(&again))), facts(&again));
    }
}

#[test]
fn a_subject_without_component_stays_one() {
    let subject = Subject { name: "portal".into(), version: "2".into(), purl: "".into(), digest: "sha256:00".into() };
    let inventory = Inventory { subject: subject.clone(), ..Inventory::default() };
    let again = read(&write::to_string(&inventory));
    assert_eq!((again.subject, again.components.len(), again.roots.len()), (subject, 0, 0));
}

#[test]
fn missing_and_doubled_identifiers_are_made_unique() {
    let component =
        |reference: &'static str| Component { reference: reference.into(), name: "x".into(), ..Component::default() };
    let inventory = Inventory {
        components: vec![component("a"), component("a"), component(""), component("component-1")],
        edges: vec![Edge { from: 1, to: 2 }],
        ..Inventory::default()
    };
    let again = read(&write::to_string(&inventory));
    let names: Vec<_> = again.components.iter().map(|component| &*component.reference).collect();
    assert_eq!(names, ["a", "component-1-", "component-2", "component-1"]);
    assert_eq!(again.edges, inventory.edges);
}

#[test]
fn circular_and_deep_parents_are_written_flat() {
    let component = |index: u32, parent| Component {
        reference: format!("c{index}").into(),
        name: "x".into(),
        parent,
        ..Component::default()
    };
    let mut components = vec![component(0, Some(1)), component(1, Some(0)), component(2, Some(99))];
    components.extend((3..200).map(|index| component(index, (index > 3).then(|| index - 1))));
    let again = read(&write::to_string(&Inventory { components, ..Inventory::default() }));
    assert_eq!(again.components.len(), 200);
    assert_eq!(again.components.iter().filter(|component| component.parent.is_some()).count(), 24);
}
