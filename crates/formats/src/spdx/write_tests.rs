// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is written reads back the same, and keeps to the rules of SPDX 2.3.

use proptest::prelude::*;
use serde_json::Value;
use underpin_model::inventory::{
    Component, ComponentKind, Edge, EvidenceKind, FileFact, Hash, Licence, LicenceKind, Scope, Subject, Tool,
};
use underpin_model::{Inventory, Limits, Timestamp};

use super::{READERS, write};
use crate::reader::Context;

fn written(inventory: &Inventory<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write::spdx_json(inventory, Timestamp::from_seconds(1_800_000_000), &mut bytes).expect("memory can be written to");
    bytes
}

/// Breaks of the rules of the format.
fn breaks(document: &Value) -> Vec<String> {
    let mut breaks = Vec::new();
    let is_text = |value: &Value, key: &str| value[key].as_str().is_some_and(|text| !text.is_empty());
    for key in ["SPDXID", "spdxVersion", "name", "dataLicense", "documentNamespace"] {
        if !is_text(document, key) {
            breaks.push(format!("no {key}"));
        }
    }
    let mut ids = vec!["SPDXRef-DOCUMENT".to_owned(), "NOASSERTION".to_owned()];
    let none = Vec::new();
    for (list, keys) in [
        ("packages", &["SPDXID", "name", "downloadLocation", "licenseDeclared", "copyrightText"][..]),
        ("files", &["SPDXID", "fileName", "licenseConcluded"][..]),
        ("relationships", &["spdxElementId", "relationshipType", "relatedSpdxElement"][..]),
        ("hasExtractedLicensingInfos", &["licenseId", "extractedText"][..]),
    ] {
        for (index, element) in document[list].as_array().unwrap_or(&none).iter().enumerate() {
            breaks.extend(
                keys.iter().filter(|key| !is_text(element, key)).map(|key| format!("{list}/{index}: no {key}")),
            );
            ids.extend(element["SPDXID"].as_str().map(str::to_owned));
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    if ids.len() < count {
        breaks.push("an identifier occurs twice".to_owned());
    }
    for id in &ids {
        let rest = id.strip_prefix("SPDXRef-").unwrap_or(id);
        if !rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte)) {
            breaks.push(format!("identifier {id:?}"));
        }
    }
    for relationship in document["relationships"].as_array().unwrap_or(&none) {
        for key in ["spdxElementId", "relatedSpdxElement"] {
            if !ids.iter().any(|id| relationship[key] == **id) {
                breaks.push(format!("{key} {} is nothing", relationship[key]));
            }
        }
    }
    let explained: Vec<_> = document["hasExtractedLicensingInfos"].as_array().unwrap_or(&none).iter().collect();
    for package in document["packages"].as_array().unwrap_or(&none) {
        let licence = package["licenseDeclared"].as_str().unwrap_or_default();
        if licence.starts_with("LicenseRef-") && !explained.iter().any(|known| known["licenseId"] == licence) {
            breaks.push(format!("{licence} is not explained"));
        }
    }
    breaks
}

fn text() -> impl Strategy<Value = String> {
    "[a-zA-Zäß0-9 ./:@_<>\"\\\\-]{1,12}".prop_filter("blank or nothing", |text| text.trim() == text && !text.is_empty())
}

prop_compose! {
    fn component()(
        name in text(),
        version in prop_oneof![Just(String::new()), text()],
        has_purl in any::<bool>(),
        kind in 0_usize..ComponentKinds::ALL.len(),
        scope in 0_usize..Scope::ALL.len(),
        evidence in 0_usize..EvidenceKind::ALL.len(),
        declared in prop_oneof![Just(None), Just(Some("MIT".to_owned())), Just(Some("LicenseRef-x".to_owned())), text().prop_map(Some)],
        concluded in prop_oneof![Just(None), Just(Some("Apache-2.0 OR MIT".to_owned()))],
        digest in any::<Option<[u8; 20]>>(),
        location in prop_oneof![Just(None), text().prop_map(Some)],
        reference in prop_oneof![Just("SPDXRef-same".to_owned()), text()],
    ) -> Component<'static> {
        let licence = |kind, text: Option<String>| text.map(|text| Licence { kind, expression: text.into() });
        let digest = digest.map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        let digest = digest.filter(|digest| digest.bytes().any(|byte| byte != b'0'));
        Component {
            reference: reference.into(),
            purl: if has_purl { format!("pkg:generic/{}", name.len()).into() } else { "".into() },
            name: name.into(),
            version: version.into(),
            kind: ComponentKinds::ALL[kind],
            scope: Scope::ALL[scope],
            evidence: EvidenceKind::ALL[evidence],
            licences: [licence(LicenceKind::Declared, declared), licence(LicenceKind::Concluded, concluded)].into_iter().flatten().collect(),
            hashes: digest.map(|value| Hash { algorithm: "sha1".into(), value: value.into() }).into_iter().collect(),
            locations: location.into_iter().map(Into::into).collect(),
            ..Component::default()
        }
    }
}

struct ComponentKinds;

impl ComponentKinds {
    const ALL: [ComponentKind; 8] = [
        ComponentKind::Library,
        ComponentKind::Application,
        ComponentKind::Container,
        ComponentKind::OperatingSystem,
        ComponentKind::Platform,
        ComponentKind::MachineLearningModel,
        ComponentKind::Source,
        ComponentKind::Other,
    ];
}

prop_compose! {
    fn inventory()(
        components in proptest::collection::vec(component(), 1..8),
        pairs in proptest::collection::vec((0_u32..8, 0_u32..8), 0..12),
        files in proptest::collection::vec((text(), 0_u32..8), 0..3),
        parents in proptest::collection::vec(0_u32..8, 8),
    ) -> Inventory<'static> {
        let count = components.len() as u32;
        let mut edges: Vec<_> = pairs.into_iter().map(|(from, to)| Edge { from: from % count, to: to % count }).collect();
        edges.retain(|edge| edge.from != edge.to);
        edges.sort();
        edges.dedup();
        let mut components = components;
        for (index, component) in components.iter_mut().enumerate().skip(1) {
            component.parent = Some(parents[index] % index as u32);
        }
        let files = files.into_iter().map(|(name, owner)| FileFact { name: name.into(), hashes: vec![], owner: Some(owner % count) });
        Inventory {
            subject: Subject { name: "subject".into(), ..Subject::default() },
            tools: vec![Tool { name: "maker".into(), version: "1.0".into() }],
            created: Some(Timestamp::from_seconds(1_700_000_000)),
            serial: "https://example.org/1".into(),
            roots: vec![0],
            edges,
            files: files.collect(),
            components,
            ..Inventory::default()
        }
    }
}

/// What must survive, apart from identifiers, which SPDX restricts, and what is derived again.
fn essence(inventory: &Inventory<'_>) -> Vec<String> {
    let mut list: Vec<String> = inventory
        .components
        .iter()
        .map(|component| {
            format!(
                "{:?}",
                (
                    (&component.name, &component.version, &component.purl, component.kind, component.scope),
                    (
                        component.evidence,
                        &component.licences,
                        &component.hashes,
                        &component.locations,
                        component.parent
                    ),
                )
            )
        })
        .collect();
    list.push(format!("{:?} {:?} {:?}", inventory.edges, inventory.roots, inventory.files));
    list.push(format!("{:?} {:?} {}", inventory.tools, inventory.created, inventory.serial));
    list
}

proptest! {
    #[test]
    fn written_inventories_read_back_the_same(inventory in inventory()) {
        let bytes = written(&inventory);
        let document: Value = serde_json::from_slice(&bytes).unwrap();
        prop_assert_eq!(breaks(&document), Vec::<String>::new());
        let limits = Limits::default();
        let read = (READERS[0].read)(&bytes, &Context::new(&limits)).unwrap();
        prop_assert_eq!(essence(&read), essence(&inventory));
    }
}

#[test]
fn subjects_without_a_package_keep_their_digest() {
    let limits = Limits::default();
    for (name, version) in [("bitnami/git", "2.1"), ("nginx", ""), ("", "")] {
        let digest = if name.is_empty() { String::new() } else { format!("sha256:{}", "0a".repeat(32)) };
        let subject =
            Subject { name: name.into(), version: version.into(), digest: digest.into(), ..Subject::default() };
        let bytes = written(&Inventory { subject: subject.clone(), ..Inventory::default() });
        let read = (READERS[0].read)(&bytes, &Context::new(&limits)).unwrap();
        assert_eq!(read.subject, subject);
    }
}

#[test]
fn an_empty_inventory_is_a_valid_document() {
    let document: Value = serde_json::from_slice(&written(&Inventory::default())).unwrap();
    assert_eq!(breaks(&document), Vec::<String>::new());
    assert_eq!(document["creationInfo"]["created"], "2027-01-15T08:00:00Z");
    assert_eq!(document["relationships"][0]["relatedSpdxElement"], "NOASSERTION");
}

#[test]
fn what_was_read_is_written_and_read_again() {
    let limits = Limits::default();
    let read = |bytes: &[u8]| essence(&(READERS[0].read)(bytes, &Context::new(&limits)).unwrap());
    let bytes = super::form_tests::JSON.as_bytes();
    let inventory = (READERS[0].read)(bytes, &Context::new(&limits)).unwrap();
    assert_eq!(read(&written(&inventory)), essence(&inventory));
}
