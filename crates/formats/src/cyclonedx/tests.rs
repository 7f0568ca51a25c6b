// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whole documents in, whole inventories out.

use proptest::prelude::*;
use underpin_model::gap::GapCode;
use underpin_model::inventory::{
    Component, ComponentKind, Edge, EvidenceKind, FactKind, Inventory, LicenceKind, Scope,
};
use underpin_model::{Limits, Timestamp};

use super::{read_json, read_xml};
use crate::reader::{Context, Unreadable};

pub(super) fn json(text: &str) -> Inventory<'_> {
    json_within(text, &Limits::default())
}

fn json_within<'t>(text: &'t str, limits: &Limits) -> Inventory<'t> {
    super::read_decoded(text.as_bytes(), &Context::new(limits), super::json_text).expect("a readable document")
}

pub(super) fn xml(text: &str) -> Inventory<'_> {
    let limits = Limits::default();
    super::read_decoded(text.as_bytes(), &Context::new(&limits), super::xml_text).expect("a readable document")
}

fn unreadable(text: &str) -> Unreadable {
    let limits = Limits::default();
    let context = Context::new(&limits);
    let outcome = if text.starts_with('<') {
        read_xml(text.as_bytes(), &context).map(Inventory::into_owned)
    } else {
        read_json(text.as_bytes(), &context).map(Inventory::into_owned)
    };
    outcome.expect_err("an unreadable document")
}

/// Code and place of every gap.
fn gaps<'i>(inventory: &'i Inventory<'_>) -> Vec<(&'static str, &'i str)> {
    inventory.gaps.list().iter().map(|gap| (gap.code.as_str(), &*gap.place)).collect()
}

pub(super) fn component<'i, 'a>(inventory: &'i Inventory<'a>, name: &str) -> &'i Component<'a> {
    inventory.components.iter().find(|component| component.name == name).expect("a component of that name")
}

pub(super) const FULL_JSON: &str = r#"{
  "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
  "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
  "metadata": {
    "timestamp": "2026-02-01T08:00:00Z",
    "lifecycles": [{"phase": "build"}, {"name": "audit"}],
    "tools": {"components": [{"type": "application", "name": "syft", "version": "1.4"}], "services": [{"name": "signer"}]},
    "authors": [{"name": "Registry Desk", "email": "desk@agency.example"}],
    "manufacturer": {"name": "Agency", "url": ["https://agency.example"]},
    "supplier": {"name": "Supplier"},
    "licenses": [{"license": {"id": "CC0-1.0"}}],
    "component": {"bom-ref": "root", "type": "container", "name": "registry.example/portal:2",
      "version": "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", "purl": "pkg:oci/portal"},
    "properties": [{"name": "a", "value": "b"}]
  },
  "components": [
    {"bom-ref": "os", "type": "operating-system", "name": "debian", "version": "11.6"},
    {"bom-ref": "lib", "type": "library", "group": "org.example", "name": "lib", "version": "1.0", "scope": "required",
     "purl": "pkg:maven/org.example/lib@1.0", "cpe": "cpe:2.3:a:example:lib:1.0:*:*:*:*:*:*:*", "swid": {"tagId": "tag", "name": "lib"},
     "supplier": {"name": "Example", "contact": [{"email": "info@example.org"}]}, "publisher": "Publisher",
     "licenses": [{"license": {"id": "MIT", "acknowledgement": "declared"}}, {"license": {"name": "Own", "acknowledgement": "concluded"}}],
     "hashes": [{"alg": "MD5", "content": "D41D8CD98F00B204E9800998ECF8427E"}],
     "externalReferences": [{"type": "website", "url": "https://example.org"}, {"type": "vcs", "url": "https://git.example.org/lib"}],
     "pedigree": {"ancestors": [{"type": "library", "group": "g", "name": "n", "version": "0.9"}],
       "commits": [{"uid": "abc"}], "patches": [{"type": "backport", "resolves": [{"type": "security", "id": "CVE-2026-1"}],
         "diff": {"text": {"content": "--- a/x\n+++ b/x\n"}, "url": "https://p.example/1"}}], "notes": "why"},
     "evidence": {"identity": [{"field": "purl", "confidence": 0.7, "methods": [{"technique": "filename", "confidence": 1, "value": "x.jar"}]}],
       "occurrences": [{"location": "/app/lib.jar"}], "licenses": [{"license": {"id": "Apache-2.0"}}]},
     "components": [{"bom-ref": "inner", "type": "library", "name": "inner", "version": "3", "purl": "pkg:maven/x/inner@3", "scope": "optional"}]},
    {"bom-ref": "dev", "type": "library", "name": "dev", "version": "1", "purl": "pkg:npm/dev@1", "scope": "excluded",
     "properties": [{"name": "cdx:npm:package:development", "value": "true"}]}
  ],
  "services": [{"bom-ref": "ticker", "group": "org", "name": "ticker", "version": "2", "provider": {"name": "Partner"}, "endpoints": ["https://t.example"]}],
  "dependencies": [{"ref": "root", "dependsOn": ["lib", "ticker", "dev"]}, {"ref": "lib", "dependsOn": ["inner"], "provides": ["dev"]}],
  "compositions": [{"aggregate": "incomplete", "assemblies": ["root"]}],
  "vulnerabilities": [{"id": "CVE-2026-1", "analysis": {"state": "not_affected", "justification": "code_not_present"}, "affects": [{"ref": "lib"}]}],
  "externalReferences": [{"type": "bom", "url": "https://agency.example/bom"}]
}"#;

#[test]
fn a_patch_in_xml_says_what_it_says_in_json() {
    let text = r#"<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"><components>
        <component type="library" bom-ref="a"><name>a</name><version>1</version><pedigree>
        <ancestors><component type="library"><name>old</name><version>0.9</version></component></ancestors>
        <patches><patch type="unofficial"><diff><text content-type="text/x-diff">Forwarded: no
--- a/x
+++ b/x
@@ -1 +1 @@
-a
+b
</text><url>https://p.example/1</url></diff><resolves><issue type="security"><id>CVE-2026-1</id></issue></resolves></patch>
        <patch type="monkey"><diff><text encoding="base64">YQ==</text></diff></patch></patches>
        </pedigree></component></components></bom>"#;
    let inventory = xml(text);
    let pedigree = component(&inventory, "a").pedigree.as_deref().expect("a pedigree");
    assert_eq!(pedigree.ancestors, ["old@0.9"]);
    let [first, second] = &pedigree.patches[..] else { panic!("two patches") };
    assert_eq!(
        (&*first.kind, &*first.address, &first.resolves),
        ("unofficial", "https://p.example/1", &vec!["CVE-2026-1".into()])
    );
    assert!(first.diff.starts_with("Forwarded: no\n--- a/x") && first.diff.contains("+b"), "{}", first.diff);
    assert_eq!((&*second.kind, &*second.diff), ("monkey", ""), "another writing is not taken apart");
}

#[test]
fn a_full_document_says_all_this() {
    let inventory = json(FULL_JSON);
    assert_eq!(
        gaps(&inventory),
        [("incomplete", "/compositions/0"), ("embedded-vulnerabilities", "/vulnerabilities"),]
    );
    let subject = &inventory.subject;
    assert_eq!((&*subject.name, &*subject.version, &*subject.purl), ("registry.example/portal", "2", "pkg:oci/portal"));
    assert_eq!(subject.digest, "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
    assert_eq!(inventory.created.map(|time| time.to_string()).as_deref(), Some("2026-02-01T08:00:00Z"));
    let tools: Vec<_> = inventory.tools.iter().map(|tool| (&*tool.name, &*tool.version)).collect();
    assert_eq!(tools, [("syft", "1.4"), ("signer", "")]);
    assert_eq!(
        inventory.creators,
        ["Person: Registry Desk (desk@agency.example)", "Organization: Agency (https://agency.example)"]
    );
    assert_eq!(
        [&*inventory.supplier, &*inventory.context, &*inventory.data_licence, &*inventory.distribution],
        ["Supplier", "build, audit", "CC0-1.0", "debian-11"]
    );
    assert_eq!(inventory.properties, [("a".into(), "b".into())]);
    assert_eq!(inventory.references, [("bom".into(), "https://agency.example/bom".into())]);
    let names: Vec<_> = inventory.components.iter().map(|component| (&*component.name, component.parent)).collect();
    assert_eq!(
        names,
        [("debian", None), ("lib", None), ("inner", Some(1)), ("dev", None), ("registry.example/portal:2", None)]
    );
    assert_eq!(inventory.roots, [4]);
    let edges = [Edge { from: 1, to: 2 }, Edge { from: 4, to: 1 }, Edge { from: 4, to: 3 }];
    assert_eq!((inventory.edges.as_slice(), inventory.graph_complete), (&edges[..], true));
    let service = &inventory.services[0];
    assert_eq!(
        (&*service.name, &*service.provider, &*service.endpoints[0]),
        ("org/ticker", "Partner", "https://t.example")
    );
    let claim = &inventory.claims[0];
    assert_eq!(
        (&*claim.id, &*claim.state, &*claim.justification, &*claim.affects[0]),
        ("CVE-2026-1", "not_affected", "code_not_present", "lib")
    );
    assert_eq!(
        (&*inventory.compositions[0].aggregate, &*inventory.compositions[0].references[0]),
        ("incomplete", "root")
    );
}

#[test]
fn a_full_component_says_all_this() {
    let inventory = json(FULL_JSON);
    let lib = component(&inventory, "lib");
    assert_eq!([&*lib.reference, &*lib.namespace, &*lib.version], ["lib", "org.example", "1.0"]);
    assert_eq!(
        [&*lib.supplier, &*lib.originator, &*lib.project],
        ["Example (info@example.org)", "Publisher", "https://git.example.org/lib"]
    );
    assert_eq!((lib.scope, lib.evidence, lib.confidence_percent), (Scope::Runtime, EvidenceKind::Scan, Some(70)));
    assert_eq!((lib.modified, &*lib.locations), (Some(true), &["/app/lib.jar".into()][..]));
    let licences: Vec<_> = lib.licences.iter().map(|licence| (licence.kind, &*licence.expression)).collect();
    assert_eq!(
        licences,
        [(LicenceKind::Declared, "MIT"), (LicenceKind::Concluded, "Own"), (LicenceKind::Observed, "Apache-2.0")]
    );
    assert_eq!((&*lib.hashes[0].algorithm, &*lib.hashes[0].value), ("md5", "d41d8cd98f00b204e9800998ecf8427e"));
    assert_eq!((&*lib.properties, &*lib.facts), (&[][..], &[(FactKind::Swid, "tag".into())][..]));
    let pedigree = lib.pedigree.as_deref().expect("a pedigree");
    assert_eq!((&*pedigree.ancestors[0], &*pedigree.commits[0], &*pedigree.notes), ("g/n@0.9", "abc", "why"));
    let patch = &pedigree.patches[0];
    assert_eq!((&*patch.kind, &patch.resolves), ("backport", &vec!["CVE-2026-1".into()]));
    assert_eq!((&*patch.diff, &*patch.address), ("--- a/x\n+++ b/x\n", "https://p.example/1"));
    assert_eq!(component(&inventory, "inner").scope, Scope::Optional);
    let dev = component(&inventory, "dev");
    assert_eq!((dev.scope, &*dev.facts), (Scope::Development, &[(FactKind::StatedScope, "excluded".into())][..]));
}

#[test]
fn xml_says_the_same_as_json() {
    let text = r#"<?xml version="1.0"?>
<c:bom xmlns:c="http://cyclonedx.org/schema/bom/1.5" serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79" extra="1">
  <c:metadata><c:timestamp>2026-02-01T08:00:00Z</c:timestamp>
    <c:tools><c:tool><c:vendor>v</c:vendor><c:name>trivy</c:name><c:version>0.50</c:version></c:tool></c:tools>
    <c:component type="application" bom-ref="root"><c:name>portal &amp; <![CDATA[<co>]]>&#33;</c:name></c:component></c:metadata>
  <c:components>
    <c:component type="library" bom-ref="a"><c:name>a</c:name><c:version>1</c:version>
      <c:scope foo="bar">required</c:scope>
      <c:hashes><c:hash alg="SHA-1">DA39A3EE5E6B4B0D3255BFEF95601890AFD80709</c:hash></c:hashes>
      <c:licenses><c:expression acknowledgement="concluded">MIT OR ISC</c:expression></c:licenses>
      <c:purl>pkg:npm/a@1</c:purl><c:modified>false</c:modified>
      <f:fruit xmlns:f="urn:fruit"><c:name>banana</c:name></f:fruit>
      <c:externalReferences><c:reference type="vcs"><c:url>https://a.example</c:url></c:reference></c:externalReferences>
      <c:properties><c:property name="aquasecurity:trivy:FilePath">app/a</c:property></c:properties>
      <c:components/>
    </c:component>
  </c:components>
  <c:dependencies><c:dependency ref="root"><c:dependency ref="a"/></c:dependency></c:dependencies>
</c:bom>"#;
    let same = r#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
      "metadata": {"timestamp": "2026-02-01T08:00:00Z", "tools": [{"vendor": "v", "name": "trivy", "version": "0.50"}],
        "component": {"type": "application", "bom-ref": "root", "name": "portal & <co>!"}},
      "components": [{"type": "library", "bom-ref": "a", "name": "a", "version": "1", "scope": "required",
        "hashes": [{"alg": "SHA-1", "content": "da39a3ee5e6b4b0d3255bfef95601890afd80709"}],
        "licenses": [{"expression": "MIT OR ISC", "acknowledgement": "concluded"}], "purl": "pkg:npm/a@1", "modified": false,
        "externalReferences": [{"type": "vcs", "url": "https://a.example"}],
        "properties": [{"name": "aquasecurity:trivy:FilePath", "value": "app/a"}], "components": []}],
      "dependencies": [{"ref": "root", "dependsOn": ["a"]}]}"#;
    assert_eq!(xml(text), json(same));
    assert_eq!(component(&xml(text), "a").locations, ["app/a"]);
}

#[test]
fn faults_become_gaps_with_their_place() {
    for (body, expected) in [
        (r#""components": 7"#, ("wrong-type", "/components")),
        (r#""components": [7, null]"#, ("wrong-type", "/components/0")),
        (r#""components": [{"type": "library", "name": "x", "version": 2}]"#, ("wrong-type", "/components/0/version")),
        (r#""components": [{"type": "library", "name": ["x"], "bom-ref": "r"}]"#, ("wrong-type", "/components/0/name")),
        (r#""components": [{"type": "library"}]"#, ("no-name", "/components/0/name")),
        (r#""components": [{"type": "gadget", "name": "x"}]"#, ("invalid-value", "/components/0/type")),
        (r#""components": [{"name": "x", "colour": 1}]"#, ("unknown-field", "/components/0/colour")),
        (r#""components": [{"name": "x", "name": "y"}]"#, ("invalid-value", "/components/0/name")),
        (r#""components": [{"name": "x", "scope": "maybe"}]"#, ("invalid-value", "/components/0/scope")),
        (
            r#""components": [{"name": "x", "licenses": [{"license": {"id": "Apache-2"}}]}]"#,
            ("invalid-licence", "/components/0/licenses/0/license/id"),
        ),
        (
            r#""components": [{"name": "x", "licenses": [{"expression": "MIT"}, {"license": {"id": "ISC"}}]}]"#,
            ("invalid-value", "/components/0/licenses"),
        ),
        (
            r#""components": [{"name": "x", "hashes": [{"alg": "SHA-256", "content": "00"}]}]"#,
            ("invalid-hash", "/components/0/hashes/0/content"),
        ),
        (
            r#""components": [{"name": "x", "components": [{"name": "y", "purl": 1}]}]"#,
            ("wrong-type", "/components/0/components/0/purl"),
        ),
        (r#""components": [{"name": "x", "bom-ref": "r"}, {"name": "y", "bom-ref": "r"}]"#, ("duplicate-id", "r")),
        (r#""dependencies": [{"ref": "nowhere"}]"#, ("dangling-edge", "/dependencies/0/ref")),
        (
            r#""components": [{"name": "x", "bom-ref": "r"}], "dependencies": [{"ref": "r", "dependsOn": ["r", "q"]}]"#,
            ("dangling-edge", "/dependencies/0/dependsOn/1"),
        ),
        (
            r#""components": [{"name": "x", "bom-ref": "r"}], "dependencies": [{"ref": "r", "dependsOn": ["r"]}]"#,
            ("cyclic-edges", "/dependencies"),
        ),
        (r#""metadata": {"timestamp": "yesterday"}"#, ("invalid-time", "/metadata/timestamp")),
        (r#""metadata": []"#, ("wrong-type", "/metadata")),
        (r#""serialNumber": "7""#, ("invalid-value", "/serialNumber")),
        (r#""a/b~c": 7"#, ("unknown-field", "/a~1b~0c")),
    ] {
        let text = format!(r#"{{"bomFormat": "CycloneDX", "specVersion": "1.4", {body}}}"#);
        let inventory = json(&text);
        assert!(gaps(&inventory).contains(&expected), "{body}: {:?}", gaps(&inventory));
    }
}

#[test]
fn values_of_a_wrong_type_are_read_where_possible() {
    let inventory = json(
        r#"{"bomFormat": "CycloneDX", "specVersion": 1.4, "components": {"type": "library", "name": 7, "version": 1.5,
            "purl": "pkg:npm/7@1.5", "modified": "true", "hashes": {"alg": "MD5", "content": "d41d8cd98f00b204e9800998ecf8427e"}}}"#,
    );
    let found = component(&inventory, "7");
    assert_eq!((&*inventory.spec_version, &*found.version, found.modified), ("1.4", "1.5", Some(true)));
    assert_eq!((&*found.purl, found.hashes.len()), ("pkg:npm/7@1.5", 1));
    assert_eq!(inventory.gaps.count(GapCode::WrongType), 6);
}

#[test]
fn what_cannot_be_read_says_why_and_where() {
    for (text, code, place) in [
        ("{\"bomFormat\":\"CycloneDX\",\n\"components\":[{\"na", "truncated-document", "line 2 column 18"),
        ("{\"bomFormat\":\"CycloneDX\",\n\"components\":[}", "malformed-json", "line 2 column 15"),
        ("<bom xmlns='http://cyclonedx.org/schema/bom/1.4'>\n<components>", "truncated-document", "line 2 column 13"),
        ("<bom xmlns='http://cyclonedx.org/schema/bom/1.4'>\n<compon", "truncated-document", "line 2 column 1"),
        ("<bom xmlns='http://cyclonedx.org/schema/bom/1.4'></mob>", "malformed-xml", "line 1 column 50"),
        ("<!DOCTYPE bom [<!ENTITY a 'b'>]>\n<bom/>", "entities-refused", "line 1 column 33"),
        (
            "<bom xmlns='http://cyclonedx.org/schema/bom/1.4'><components><component><name>&lol;</name></component></components></bom>",
            "entities-refused",
            "line 1 column 84",
        ),
    ] {
        let reason = unreadable(text);
        assert_eq!((reason.code, reason.place.as_str()), (code, place), "{text}: {reason}");
    }
}

#[test]
fn texts_written_wrongly_do_not_cost_the_document() {
    let inventory =
        json("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.4\",\"components\":[{\"name\":\"a\tb\\ud800\"}]}");
    assert_eq!(inventory.components[0].name, "a\tb\u{fffd}");
    assert!(gaps(&inventory).contains(&("invalid-value", "line 1 column 70")), "{:?}", gaps(&inventory));
    let inventory = json("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.4\"}\n} trailing");
    assert!(gaps(&inventory).contains(&("invalid-value", "line 2 column 1")), "{:?}", gaps(&inventory));
}

#[test]
fn other_encodings_are_read_and_reported() {
    let text = "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.4\",\"components\":[{\"name\":\"Müller\"}]}";
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let limits = Limits::default();
    for bytes in [utf16, latin, marked] {
        let inventory = read_json(&bytes, &Context::new(&limits)).expect("a readable document");
        assert_eq!(inventory.components[0].name, "Müller");
        assert_eq!(inventory.gaps.count(GapCode::WrongEncoding), 1);
    }
}

#[test]
fn limits_cut_and_say_so() {
    let limits = Limits { components: 2, edges: 1, text_bytes: 4, nesting_depth: 9, ..Limits::default() };
    let inventory = json_within(
        r#"{"bomFormat": "CycloneDX", "specVersion": "1.4", "components": [
            {"name": "aéééé", "bom-ref": "a"}, {"name": "b", "bom-ref": "b"}, {"name": "c"}, {"name": "d"}],
            "dependencies": [{"ref": "a", "dependsOn": ["b"]}, {"ref": "b", "dependsOn": ["a"]}]}"#,
        &limits,
    );
    assert_eq!((inventory.components.len(), &*inventory.components[0].name, inventory.edges.len()), (2, "aé", 1));
    assert_eq!(inventory.gaps.count(GapCode::TooManyElements), 3);
    let depth = 100_000;
    let nested = "{\"name\":\"x\",\"components\":[".repeat(depth) + &"]}".repeat(depth);
    let inventory_text = format!(r#"{{"bomFormat": "CycloneDX", "specVersion": "1.4", "components": [{nested}]}}"#);
    let inventory = json(&inventory_text);
    assert_eq!((inventory.components.len(), inventory.gaps.count(GapCode::TooDeep)), (59, 1));
}

#[test]
fn deep_xml_is_cut_and_says_so() {
    let depth = 100_000;
    let open = "<components><component><name>x</name>".repeat(depth);
    let close = "</component></components>".repeat(depth);
    let text = format!("<bom xmlns='http://cyclonedx.org/schema/bom/1.4'>{open}{close}</bom>");
    let inventory = xml(&text);
    assert_eq!((inventory.components.len(), inventory.gaps.count(GapCode::TooDeep)), (59, 1));
}

/// An optimised build takes less than a second for 300,000 components; the bound is wide, for busy machines, and fails
/// on anything quadratic.
#[test]
fn large_documents_are_read_in_time() {
    let count = if cfg!(debug_assertions) { 10_000 } else { 300_000 };
    let mut text = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"component":{"type":"application","bom-ref":"root","name":"large"}},"components":["#.to_owned();
    for index in 0..count {
        let separator = if index == 0 { "" } else { "," };
        text.push_str(&format!(
            r#"{separator}{{"bom-ref":"pkg:npm/%40scope/name-{index}@1.{index}.0","type":"library","group":"@scope","name":"name-{index}","version":"1.{index}.0","description":"Some words on what it does","scope":"required","hashes":[{{"alg":"SHA-256","content":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"}}],"licenses":[{{"license":{{"id":"MIT"}}}}],"purl":"pkg:npm/%40scope/name-{index}@1.{index}.0","externalReferences":[{{"type":"vcs","url":"https://git.example.org/name-{index}"}}],"properties":[{{"name":"syft:location:0:path","value":"/app/node_modules/name-{index}/package.json"}}]}}"#
        ));
    }
    text.push_str(r#"],"dependencies":["#);
    for index in 0..count {
        let separator = if index == 0 { "" } else { "," };
        let target = (index + 1) % count;
        text.push_str(&format!(
            r#"{separator}{{"ref":"pkg:npm/%40scope/name-{index}@1.{index}.0","dependsOn":["pkg:npm/%40scope/name-{target}@1.{target}.0"]}}"#
        ));
    }
    text.push_str("]}");
    let start = std::time::Instant::now();
    let inventory = json(&text);
    let elapsed = start.elapsed();
    println!("{count} components, {} MB: {elapsed:?}", text.len() / 1_000_000);
    assert_eq!((inventory.components.len(), inventory.edges.len()), (count + 1, count));
    assert_eq!(inventory.gaps.count(GapCode::CyclicEdges), 1);
    assert!(matches!(inventory.components[7].reference, std::borrow::Cow::Borrowed(_)), "texts are borrowed");
    assert!(elapsed.as_secs() < 20, "{elapsed:?}");
}

#[test]
fn the_subject_listed_twice_counts_once() {
    let inventory = json(
        r#"{"bomFormat": "CycloneDX", "specVersion": "1.4",
            "metadata": {"component": {"type": "application", "bom-ref": "r", "name": "x", "version": "1"}},
            "components": [{"type": "application", "bom-ref": "r", "name": "x", "version": "1"}]}"#,
    );
    assert_eq!((inventory.components.len(), inventory.roots.as_slice()), (1, &[0][..]));
    assert_eq!(inventory.gaps.count(GapCode::DuplicateId), 1);
}

#[test]
fn groupings_are_told_from_subjects() {
    let inventory = json(
        r#"{"bomFormat": "CycloneDX", "specVersion": "1.6",
            "metadata": {"component": {"type": "application", "name": "/src", "properties": [{"name": "aquasecurity:trivy:SchemaVersion", "value": "2"}]}},
            "components": [{"type": "application", "name": "package-lock.json", "properties": [{"name": "aquasecurity:trivy:Type", "value": "npm"}]}]}"#,
    );
    let kinds: Vec<_> = inventory.components.iter().map(|component| component.kind).collect();
    assert_eq!(kinds, [ComponentKind::Grouping, ComponentKind::Application]);
}

#[test]
fn a_time_without_zone_is_read() {
    let inventory =
        json(r#"{"bomFormat": "CycloneDX", "specVersion": "1.4", "metadata": {"timestamp": "2026-02-01"}}"#);
    assert_eq!(inventory.created, "2026-02-01".parse::<Timestamp>().ok());
    assert!(gaps(&inventory).contains(&("invalid-value", "/metadata/timestamp")));
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let limits = Limits::default();
        let _ = read_json(&bytes, &Context::new(&limits));
        let _ = read_xml(&bytes, &Context::new(&limits));
    }

    /// Real documents with a piece cut out or overwritten.
    #[test]
    fn no_broken_document_panics(start in 0_usize..4_000, length in 0_usize..40, with in ".{0,6}") {
        let mut text = FULL_JSON.to_owned();
        let start = start.min(text.len());
        let end = (start + length).min(text.len());
        if text.is_char_boundary(start) && text.is_char_boundary(end) {
            text.replace_range(start..end, &with);
        }
        let limits = Limits::default();
        let probe = crate::reader::Probe { bytes: text.as_bytes(), file_name: "", path: "" };
        super::sniff::is_json(&probe);
        if let Err(reason) = read_json(text.as_bytes(), &Context::new(&limits)) {
            prop_assert!(["malformed-json", "truncated-document"].contains(&reason.code), "{reason}");
        }
    }
}
