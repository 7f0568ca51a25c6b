// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Producers' faults: each becomes a gap at its place, and nothing else is lost. Only what is no document is unreadable.

use proptest::prelude::*;
use underpin_model::gap::GapCode;
use underpin_model::{Inventory, Limits};

use super::READERS;
use crate::reader::{Context, Probe, Unreadable};

fn read<'a>(index: usize, bytes: &'a [u8], limits: &'a Limits) -> Result<Inventory<'a>, Unreadable> {
    (READERS[index].read)(bytes, &Context::new(limits))
}

/// The gaps of a JSON document whose other parts are in order, as `code place`.
fn gaps(fields: &str) -> Vec<String> {
    let mut text = r#"{"SPDXID":"SPDXRef-DOCUMENT","spdxVersion":"SPDX-2.3","name":"n","dataLicense":"CC0-1.0",
        "documentNamespace":"urn:n","creationInfo":{"created":"2026-01-02T03:04:05Z","creators":["Tool: t-1"]}"#
        .to_owned();
    text.push_str(fields);
    text.push('}');
    let limits = Limits { text_bytes: 300, components: 4, ..Limits::default() };
    let inventory = read(0, text.as_bytes(), &limits).expect("it can be read");
    inventory.gaps.list().iter().map(|gap| format!("{} {}", gap.code.as_str(), gap.place)).collect()
}

/// A package without faults, apart from what `more` adds.
fn package(id: &str, more: &str) -> String {
    format!(
        r#"{{"SPDXID":"{id}","name":"p","versionInfo":"1","downloadLocation":"NONE","externalRefs":[{{"referenceType":"purl","referenceLocator":"pkg:npm/p@1"}}]{more}}}"#
    )
}

#[test]
fn every_fault_becomes_a_gap_at_its_place() {
    let one = |more: &str| format!(r#","packages":[{}]"#, package("SPDXRef-p", more));
    let related = |from: &str, kind: &str, to: &str| {
        format!(
            r#","packages":[{},{}],"relationships":[{{"spdxElementId":"{from}","relationshipType":"{kind}","relatedSpdxElement":"{to}"}}]"#,
            package("SPDXRef-a", ""),
            package("SPDXRef-b", "")
        )
    };
    let without_edges = |code: &str| vec![code.to_owned(), "no-edges /relationships".to_owned()];
    let long = format!(r#","summary":"x","comment":"c","supplier":"{}""#, "s".repeat(301));
    let many = (0..6).map(|index| package(&format!("SPDXRef-{index}"), "")).collect::<Vec<_>>().join(",");
    for (fields, expected) in [
        (String::new(), vec!["no-components /packages".to_owned()]),
        (one(""), vec!["no-edges /relationships".to_owned()]),
        (one(r#","invented":1"#), without_edges("unknown-field /packages/0/invented")),
        (one(r#","supplier":7"#), without_edges("wrong-type /packages/0/supplier")),
        (one(r#","checksums":"none""#), without_edges("wrong-type /packages/0/checksums")),
        (one(r#","annotations":{"comment":"x"}"#), without_edges("wrong-type /packages/0/annotations")),
        (one(r#","licenseDeclared":"Freeware""#), without_edges("invalid-licence /packages/0/licenseDeclared")),
        (one(r#","primaryPackagePurpose":"HAMMER""#), without_edges("invalid-value /packages/0/primaryPackagePurpose")),
        (
            one(r#","checksums":[{"algorithm":"SHA1","checksumValue":"12"}]"#),
            without_edges("invalid-hash /packages/0/checksums/0"),
        ),
        (one(&long), without_edges("text-too-long /packages/0/supplier")),
        (format!(r#","packages":[{many}]"#), without_edges("too-many-elements /packages")),
        (r#","packages":{}"#.to_owned(), {
            let codes = [
                "missing-id /packages/0",
                "wrong-type /packages",
                "missing-field /packages/0/downloadLocation",
                "no-name /packages/0/name",
                "no-version /packages/0/versionInfo",
                "no-purl /packages/0/externalRefs",
                "no-edges /relationships",
            ];
            codes.map(str::to_owned).to_vec()
        }),
        (r#","packages":3"#.to_owned(), vec!["wrong-type /packages".to_owned(), "no-components /packages".to_owned()]),
        (
            format!(r#","packages":[{0},{0}]"#, package("SPDXRef-p", "")),
            without_edges("duplicate-id /packages/1/SPDXID"),
        ),
        (
            related("SPDXRef-a", "DEPENDS_ON", "SPDXRef-c"),
            without_edges("dangling-edge /relationships/0/relatedSpdxElement"),
        ),
        (
            related("SPDXRef-a", "DEPENDS_ON", "DocumentRef-x:SPDXRef-c"),
            without_edges("external-document /relationships/0/relatedSpdxElement"),
        ),
        (related("SPDXRef-a", "LOVES", "SPDXRef-b"), without_edges("invalid-value /relationships/0/relationshipType")),
        (related("SPDXRef-a", "DEPENDS_ON", "SPDXRef-a"), without_edges("cyclic-edges /relationships/0")),
        (related("SPDXRef-a", "DEPENDS_ON", "SPDXRef-b"), vec![]),
        (related("SPDXRef-a", "OTHER", "SPDXRef-zzz"), vec!["no-edges /relationships".to_owned()]),
    ] {
        assert_eq!(gaps(&fields), expected, "{fields}");
    }
}

#[test]
fn what_the_document_lacks() {
    let limits = Limits::default();
    let inventory = read(0, br#"{"spdxVersion":"SPDX-9.9","creationInfo":{"created":"soon"}}"#, &limits).expect("read");
    let gaps: Vec<_> = inventory.gaps.list().iter().map(|gap| format!("{} {}", gap.code.as_str(), gap.place)).collect();
    let expected = [
        "missing-field /SPDXID",
        "missing-field /name",
        "missing-field /dataLicense",
        "missing-field /documentNamespace",
        "unknown-version /spdxVersion",
        "no-tool /creationInfo/creators",
        "invalid-time /creationInfo/created",
        "no-subject /name",
        "no-components /packages",
    ];
    assert_eq!(gaps, expected);
}

#[test]
fn circles_are_told_and_containment_ends() {
    let text = format!(
        r#"{{"SPDXID":"SPDXRef-DOCUMENT","packages":[{},{}],"relationships":[{}]}}"#,
        package("SPDXRef-a", ""),
        package("SPDXRef-b", ""),
        ["a DEPENDS_ON b", "b DEPENDS_ON a", "a CONTAINS b", "b CONTAINS a"]
            .map(|line| {
                let words: Vec<_> = line.split(' ').collect();
                format!(
                    r#"{{"spdxElementId":"SPDXRef-{}","relationshipType":"{}","relatedSpdxElement":"SPDXRef-{}"}}"#,
                    words[0], words[1], words[2]
                )
            })
            .join(",")
    );
    let limits = Limits::default();
    let inventory = read(0, text.as_bytes(), &limits).expect("read");
    assert_eq!(inventory.gaps.count(GapCode::CyclicEdges), 1);
    assert_eq!(inventory.edges.len(), 2);
    let parents: Vec<_> = inventory.components.iter().map(|component| component.parent).collect();
    assert!(parents.contains(&None), "{parents:?}");
}

#[test]
fn unreadable_documents_say_where() {
    let limits = Limits::default();
    for (index, text, code, place) in [
        (0, "{\"spdxVersion\":\"SPDX-2.3\",\n\"packages\":[{\"name\":\"a", "truncated-document", "line 2 column 22"),
        (0, "{\"spdxVersion\":\"SPDX-2.3\",\n \"packages\" []}", "malformed-json", "line 2 column 13"),
        (0, "", "truncated-document", "line 1 column 0"),
        (1, "nothing: here\n", "malformed-tag-value", "line 1"),
        (2, "spdxVersion: [1\n", "truncated-document", "line 1"),
        (3, "{\"@graph\": [{\"type\":", "truncated-document", "line 1 column 20"),
    ] {
        let unreadable = read(index, text.as_bytes(), &limits).expect_err("it cannot be read");
        assert_eq!((unreadable.code, unreadable.place.as_str()), (code, place), "{text}");
    }
}

#[test]
fn other_encodings_and_text_behind_the_end() {
    let limits = Limits::default();
    let text = r#"{"spdxVersion":"SPDX-2.3","name":"Bücher"}"#;
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let western: Vec<u8> = text.chars().map(|character| character as u8).collect();
    for bytes in [wide, western] {
        let inventory = read(0, &bytes, &limits).expect("read");
        assert_eq!((&*inventory.subject.name, inventory.gaps.count(GapCode::WrongEncoding)), ("Bücher", 1));
    }
    let inventory = read(0, b"{\"name\":\"n\"}\n{\"name\":\"m\"}", &limits).expect("read");
    assert_eq!((&*inventory.subject.name, inventory.gaps.count(GapCode::MalformedLine)), ("n", 1));
}

#[test]
fn bombs_are_harmless() {
    let limits = Limits::default();
    let nested = format!("{{\"spdxVersion\":\"SPDX-2.3\",\"x\":{}{}}}", "[".repeat(500_000), "]".repeat(500_000));
    assert!(
        read(0, nested.as_bytes(), &limits).is_ok_and(|inventory| inventory.gaps.count(GapCode::UnknownField) == 1)
    );
    let nested =
        format!("{{\"spdxVersion\":\"SPDX-2.3\",\"name\":{}1{}}}", "{\"a\":".repeat(90_000), "}".repeat(90_000));
    assert!(read(0, nested.as_bytes(), &limits).is_ok());
    let blank = format!(r#"{{"packages":[{{"name":"p","externalRefs":[{}]}}]}}"#, vec!["{}"; 200_000].join(","));
    let inventory = read(0, blank.as_bytes(), &limits).expect("read");
    assert_eq!(inventory.components[0].references.len(), 0);
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let limits = Limits::default();
        let probe = Probe { bytes: &bytes, file_name: "", path: "" };
        for (index, reader) in READERS.iter().enumerate() {
            let _ = (reader.sniff)(&probe);
            let _ = read(index, &bytes, &limits);
        }
    }

    #[test]
    fn no_damage_makes_a_reader_panic(at in 0_usize..4_000, by in any::<u8>(), cut in 0_usize..4_000) {
        let limits = Limits::default();
        for (index, text) in [super::form_tests::JSON, super::form_tests::TAG_VALUE, super::form_tests::YAML, super::form_tests::LINKED].iter().enumerate() {
            let mut bytes = text.as_bytes().to_vec();
            let length = bytes.len();
            bytes[at % length] = by;
            bytes.truncate(length - cut % length / 2);
            let _ = read(index, &bytes, &limits);
        }
    }
}
