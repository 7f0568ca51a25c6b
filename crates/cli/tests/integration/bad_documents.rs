// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Bad documents: each is accounted for exactly, the command succeeds, nothing panics.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::documents::cyclonedx;
use crate::house::House;

/// A document, and what has to become of it: `accepted` with its components and gaps, or the outcome with its code.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    expected: &'static str,
}

fn case(name: &'static str, bytes: impl Into<Vec<u8>>, expected: &'static str) -> Case {
    Case { name, bytes: bytes.into(), expected }
}

/// Takes all cases in at once, and says of each what became of it.
fn outcomes(cases: &[Case]) -> (BTreeMap<String, String>, Value) {
    let house = House::new();
    for case in cases {
        house.write(&format!("in/{}", case.name), &case.bytes);
    }
    let report = house.json(&["add", "in"]);
    let mut found = BTreeMap::new();
    for outcome in ["quarantined", "skipped", "duplicate"] {
        for file in report[format!("{outcome}_files").as_str()].as_array().expect("a list") {
            let path = file["path"].as_str().expect("a path").trim_start_matches("in/");
            found.insert(path.to_owned(), format!("{outcome}: {}", file["code"].as_str().expect("a code")));
        }
    }
    let accepted = "SELECT catalogue.path, document.components, gap.code FROM catalogue JOIN document ON \
                    document.document = catalogue.document LEFT JOIN gap ON gap.document = catalogue.document \
                    WHERE catalogue.state = 'accepted' GROUP BY catalogue.path, document.components, gap.code \
                    ORDER BY catalogue.path, gap.code";
    for row in house.sql(accepted) {
        let path = row["path"].as_str().expect("a path").trim_start_matches("in/").to_owned();
        let text = found.entry(path).or_insert_with(|| format!("accepted: {}", row["components"]));
        if let Some(code) = row["code"].as_str() {
            let _ = write!(text, " {code}");
        }
    }
    (found, report)
}

fn check(cases: &[Case]) {
    let (found, report) = outcomes(cases);
    let expected: BTreeMap<String, String> =
        cases.iter().map(|case| (case.name.to_owned(), case.expected.to_owned())).collect();
    assert_eq!(found, expected);
    let count = |word: &str| expected.values().filter(|outcome| outcome.starts_with(word)).count();
    let counted = ["documents", "accepted", "quarantined", "skipped", "duplicates"].map(|name| report[name].as_u64());
    let sums = [cases.len(), count("accepted"), count("quarantined"), count("skipped"), count("duplicate")];
    assert_eq!(counted, sums.map(|sum| Some(sum as u64)));
}

const CYCLONEDX: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":["#;
const SPDX: &str = r#"{"spdxVersion":"SPDX-2.3","dataLicense":"CC0-1.0","SPDXID":"SPDXRef-DOCUMENT","name":"n","documentNamespace":"https://example.org/n","creationInfo":{"created":"2026-01-01T00:00:00Z","creators":["Tool: maker-1"]},"packages":["#;
const XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"><components>"#;
const XML_COMPONENT: &str = r#"<component type="library"><name>a</name><version>1</version></component>"#;
const TAG_VALUE: &str = "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: n\nDocumentNamespace: https://example.org/t\nCreator: Tool: maker-1\nCreated: 2026-01-01T00:00:00Z\n";

fn with_components(components: &str) -> String {
    format!("{CYCLONEDX}{components}]}}")
}

fn packages(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("p-{number}@1.0.{number}")).collect()
}

#[test]
fn cut_documents() {
    let whole = cyclonedx("cut", &packages(3));
    let cut = |at: usize| whole[..whole.len() * at / 100].to_vec();
    check(&[
        case("cut-at-90.json", cut(90), "accepted: 4 no-purl truncated-document"),
        case("cut-at-50.json", cut(50), "accepted: 2 no-edges no-purl truncated-document"),
        case("cut-at-5.json", cut(5), "quarantined: truncated-document"),
        case(
            "cut.xml",
            format!("{XML}{XML_COMPONENT}<component"),
            "accepted: 1 no-creation-time no-edges no-purl no-subject no-tool truncated-document",
        ),
        case("cut-early.xml", format!("{XML}<component"), "quarantined: truncated-document"),
        case(
            "cut.spdx.json",
            format!("{SPDX}{{\"name\":\"a\",\"SPDXID\":\"SPDXRef-a\""),
            "quarantined: truncated-document",
        ),
        case(
            "cut-later.spdx.json",
            format!("{SPDX}{{\"name\":\"a\",\"SPDXID\":\"SPDXRef-a\"}},{{\"na"),
            "accepted: 1 missing-field no-edges no-purl no-version truncated-document",
        ),
        case(
            "cut.spdx",
            format!("{TAG_VALUE}\nPackageName: a\nSPDXID: SPDXRef-a\nPackageVersion: 1\nPackageCom"),
            "accepted: 1 malformed-line missing-field no-edges no-purl",
        ),
        case(
            "unclosed.spdx",
            format!("{TAG_VALUE}\nPackageName: a\nSPDXID: SPDXRef-a\nPackageComment: <text>never closed"),
            "accepted: 1 malformed-line missing-field no-edges no-purl no-version",
        ),
    ]);
}

#[test]
fn malformed_and_empty_documents() {
    let whole = cyclonedx("whole", &packages(3));
    check(&[
        case(
            "trailing-comma.json",
            with_components(r#"{"type":"library","name":"a"},"#),
            "quarantined: malformed-json",
        ),
        case("trailing-text.json", [whole.as_slice(), b" trailing"].concat(), "accepted: 4 invalid-value no-purl"),
        case(
            "components-is-text.json",
            r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":"none"}"#,
            "accepted: 0 no-components no-creation-time no-subject no-tool wrong-type",
        ),
        case(
            "component-is-number.json",
            with_components(r#"7,{"type":"library","name":"a","version":"1"}"#),
            "accepted: 1 no-creation-time no-edges no-purl no-subject no-tool wrong-type",
        ),
        case("wrong-end.xml", format!("{XML}{XML_COMPONENT}</wrong></bom>"), "quarantined: malformed-xml"),
        case(
            "stray.spdx",
            format!("{TAG_VALUE}\n???\nPackageName: a\nSPDXID: SPDXRef-b\n"),
            "accepted: 1 malformed-line missing-field no-edges no-purl no-version",
        ),
        case("empty.json", "", "skipped: no-evidence"),
        case("null.json", "null", "skipped: no-evidence"),
        case("object.json", "{}", "skipped: no-evidence"),
        case(
            "no-components.json",
            with_components(""),
            "accepted: 0 no-components no-creation-time no-subject no-tool",
        ),
        case(
            "no-components.xml",
            format!("{XML}</components></bom>"),
            "accepted: 0 no-components no-creation-time no-subject no-tool",
        ),
        case("no-packages.spdx.json", format!("{SPDX}]}}"), "accepted: 0 no-components"),
        case("no-packages.spdx", TAG_VALUE, "accepted: 0 no-components"),
        case("noise.bin", noise(5_000), "skipped: no-evidence"),
        case("noise.json", noise(700), "skipped: no-evidence"),
    ]);
}

/// Bytes without meaning, the same every time.
fn noise(count: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32 ^ count as u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    (0..count).map(|_| next()).collect()
}

#[test]
fn encodings() {
    let text = String::from_utf8(cyclonedx("größe", &["ünit@1".to_owned()])).expect("text");
    let utf16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let latin: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect();
    // One letter in another encoding than the rest.
    let mut mixed = text.clone().into_bytes();
    let letter = text.find('ü').expect("the letter");
    mixed.splice(letter..letter + 2, [0xff, 0xfc]);
    check(&[
        case("utf-8-mark.json", [b"\xef\xbb\xbf", text.replace("größe", "a").as_bytes()].concat(), "accepted: 2 mended-purl no-purl wrong-encoding"),
        case("utf-16-le.json", [b"\xff\xfe".as_slice(), &utf16(u16::to_le_bytes)].concat(), "accepted: 2 mended-purl no-purl wrong-encoding"),
        case("utf-16-be.json", [b"\xfe\xff".as_slice(), &utf16(u16::to_be_bytes)].concat(), "accepted: 2 mended-purl no-purl wrong-encoding"),
        case("utf-16-no-mark.json", utf16(u16::to_le_bytes), "accepted: 2 mended-purl no-purl wrong-encoding"),
        case("latin-1.json", latin, "accepted: 2 mended-purl no-purl wrong-encoding"),
        case("mixed.json", mixed, "accepted: 2 dangling-edge mended-purl no-purl wrong-encoding"),
        case("latin-1.xml", [br#"<?xml version="1.0" encoding="ISO-8859-1"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"><components><component type="library"><name>gr"#.as_slice(), b"\xf6\xdfe</name><version>1</version></component></components></bom>"].concat(), "accepted: 1 no-creation-time no-edges no-purl no-subject no-tool"),
        case("wrongly-labelled.xml", [XML.as_bytes(), br#"<component type="library"><name>gr"#, b"\xf6\xdfe</name><version>2</version></component></components></bom>"].concat(), "accepted: 1 no-creation-time no-edges no-purl no-subject no-tool wrong-encoding"),
        case("latin-1.spdx", [TAG_VALUE.as_bytes(), b"PackageName: gr\xf6\xdfe\nSPDXID: SPDXRef-a\n"].concat(), "accepted: 1 missing-field no-edges no-purl no-version wrong-encoding"),
        case("nul.json", with_components("{\"type\":\"library\",\"name\":\"a\\u0000b\",\"version\":\"1\"}"), "accepted: 1 no-creation-time no-edges no-purl no-subject no-tool"),
        case("half-a-pair.json", with_components("{\"type\":\"library\",\"name\":\"a\\ud800b\",\"version\":\"1\"}"), "accepted: 1 invalid-value no-creation-time no-edges no-purl no-subject no-tool"),
    ]);
}

#[test]
fn identifiers_edges_and_depth() {
    let library = |reference: &str, more: &str| {
        format!(r#"{{"type":"library","bom-ref":"{reference}","name":"{reference}","version":"1"{more}}}"#)
    };
    let graph =
        |edges: &str| format!(r#"{CYCLONEDX}{},{}],"dependencies":[{edges}]}}"#, library("a", ""), library("b", ""));
    let nested = |depth: usize| {
        let open = r#"{"type":"library","name":"n","version":"1","components":["#.repeat(depth);
        with_components(&format!("{open}{}", "]}".repeat(depth)))
    };
    let deep_xml = |depth: usize| {
        let open = r#"<component type="library"><name>n</name><version>1</version><components>"#.repeat(depth);
        format!("{XML}{open}{}</components></bom>", "</components></component>".repeat(depth))
    };
    check(&[
        case(
            "duplicate-reference.json",
            with_components(&format!("{},{}", library("a", ""), library("a", r#","purl":"pkg:npm/x@2""#))),
            "accepted: 2 duplicate-id no-creation-time no-edges no-purl no-subject no-tool purl-mismatch",
        ),
        case(
            "dangling.json",
            graph(r#"{"ref":"a","dependsOn":["b","nowhere"]},{"ref":"ghost","dependsOn":["a"]}"#),
            "accepted: 2 dangling-edge no-creation-time no-purl no-subject no-tool",
        ),
        case(
            "cycle.json",
            graph(r#"{"ref":"a","dependsOn":["b"]},{"ref":"b","dependsOn":["a"]}"#),
            "accepted: 2 cyclic-edges no-creation-time no-purl no-subject no-tool",
        ),
        case(
            "self.json",
            graph(r#"{"ref":"a","dependsOn":["a"]}"#),
            "accepted: 2 cyclic-edges no-creation-time no-purl no-subject no-tool",
        ),
        case(
            "duplicate-id.spdx.json",
            format!(
                r#"{SPDX}{{"name":"a","SPDXID":"SPDXRef-a","versionInfo":"1"}},{{"name":"b","SPDXID":"SPDXRef-a","versionInfo":"1"}}]}}"#
            ),
            "accepted: 2 duplicate-id missing-field no-edges no-purl",
        ),
        case(
            "dangling.spdx.json",
            format!(
                r#"{SPDX}{{"name":"a","SPDXID":"SPDXRef-a","versionInfo":"3"}}],"relationships":[{{"spdxElementId":"SPDXRef-a","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-b"}}]}}"#
            ),
            "accepted: 1 dangling-edge missing-field no-edges no-purl",
        ),
        case("deep-40.json", nested(40), "accepted: 40 no-creation-time no-edges no-purl no-subject no-tool"),
        case(
            "deep-5000.json",
            nested(5_000),
            "accepted: 59 no-creation-time no-edges no-purl no-subject no-tool too-deep",
        ),
        case("brackets.json", format!("{CYCLONEDX}{}", "[".repeat(200_000)), "quarantined: truncated-document"),
        case("deep-30.xml", deep_xml(30), "accepted: 30 no-creation-time no-edges no-purl no-subject no-tool"),
        case(
            "deep-5000.xml",
            deep_xml(5_000),
            "accepted: 59 no-creation-time no-edges no-purl no-subject no-tool too-deep",
        ),
        case(
            "deep.yaml",
            format!("spdxVersion: SPDX-2.3\nname: {}", "[".repeat(50_000)),
            "quarantined: truncated-document",
        ),
    ]);
}

#[test]
fn entities_are_refused() {
    let laughs = (1..12).fold(String::from(r#"<!ENTITY a0 "ha">"#), |text, level| {
        format!(r#"{text}<!ENTITY a{level} "{}">"#, format!("&a{};", level - 1).repeat(10))
    });
    let doctype = |entities: &str, name: &str| {
        format!(
            r#"<?xml version="1.0"?><!DOCTYPE bom [{entities}]><bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"><components><component type="library"><name>{name}</name></component></components></bom>"#
        )
    };
    check(&[
        case("laughs.xml", doctype(&laughs, "&a11;"), "quarantined: entities-refused"),
        case(
            "outside.xml",
            doctype(r#"<!ENTITY a SYSTEM "file:///etc/passwd">"#, "&a;"),
            "quarantined: entities-refused",
        ),
        case("unused-entity.xml", doctype(r#"<!ENTITY a "b">"#, "plain"), "quarantined: entities-refused"),
        case(
            "undefined-entity.xml",
            format!("{XML}<component type=\"library\"><name>&undefined;</name></component></components></bom>"),
            "quarantined: entities-refused",
        ),
    ]);
}

#[test]
fn long_texts() {
    let long = "x".repeat(3_000_000);
    let named = |name: &str, more: &str| {
        with_components(&format!(r#"{{"type":"library","name":"{name}","version":"1"{more}}}"#))
    };
    check(&[
        case(
            "long-name.json",
            named(&long, ""),
            "accepted: 1 no-creation-time no-edges no-purl no-subject no-tool text-too-long",
        ),
        case(
            "long-name.spdx",
            format!("{TAG_VALUE}PackageName: {long}\nSPDXID: SPDXRef-a\n"),
            "accepted: 1 missing-field no-edges no-purl no-version text-too-long",
        ),
        case(
            "long-name.xml",
            format!("{XML}<component type=\"library\"><name>{long}</name></component></components></bom>"),
            "accepted: 1 no-creation-time no-edges no-purl no-subject no-tool no-version text-too-long",
        ),
    ]);
}

#[test]
fn wrong_values() {
    let named = |name: &str, more: &str| {
        with_components(&format!(r#"{{"type":"library","name":"{name}","version":"1"{more}}}"#))
    };
    check(&[
        case(
            "bad-purl.json",
            named("bad-purl", r#","purl":"not a purl""#),
            "accepted: 1 invalid-purl no-creation-time no-edges no-subject no-tool",
        ),
        case(
            "purl-without-name.json",
            named("nameless", r#","purl":"pkg:npm/""#),
            "accepted: 1 invalid-purl no-creation-time no-edges no-subject no-tool",
        ),
        case(
            "purl-escaped.json",
            named("escaped", r#","purl":"pkg:npm/%ZZ@1""#),
            "accepted: 1 mended-purl no-creation-time no-edges no-subject no-tool",
        ),
        case(
            "purl-of-another.json",
            named("one", r#","purl":"pkg:npm/other@9""#),
            "accepted: 1 no-creation-time no-edges no-subject no-tool purl-mismatch",
        ),
        case(
            "bad-licence.json",
            named("licence", r#","licenses":[{"expression":"MIT AND AND ("}]"#),
            "accepted: 1 invalid-licence no-creation-time no-edges no-purl no-subject no-tool",
        ),
        case(
            "bad-hash.json",
            named("hash", r#","hashes":[{"alg":"SHA-256","content":"zz"}]"#),
            "accepted: 1 invalid-hash no-creation-time no-edges no-purl no-subject no-tool",
        ),
        case(
            "bad-cpe.json",
            named("cpe", r#","cpe":"nonsense""#),
            "accepted: 1 invalid-cpe no-creation-time no-edges no-purl no-subject no-tool",
        ),
        case(
            "bad-time.json",
            r#"{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"timestamp":"yesterday"},"components":[{"type":"library","name":"t","version":"1"}]}"#,
            "accepted: 1 invalid-time no-edges no-purl no-subject no-tool",
        ),
        case(
            "future-version.json",
            r#"{"bomFormat":"CycloneDX","specVersion":"9.9","components":[{"type":"library","name":"v","version":"1"}]}"#,
            "accepted: 1 no-creation-time no-edges no-purl no-subject no-tool unknown-version",
        ),
        case(
            "steering.json",
            named("\\u001b[2Jclear", ""),
            "accepted: 1 no-creation-time no-edges no-purl no-subject no-tool",
        ),
    ]);
}
