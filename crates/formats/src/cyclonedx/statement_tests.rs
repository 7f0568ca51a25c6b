// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What documents say beside their components, and what is left of those that break off.

use underpin_model::Limits;
use underpin_model::gap::GapCode;
use underpin_model::inventory::{Claim, Edge, FactKind, Scope};

use super::read_json;
use super::tests::{FULL_JSON, component, json, xml};
use crate::reader::Context;

#[test]
fn what_is_not_part_of_the_artefact_is_no_plain_runtime_use() {
    let excluded = Some((FactKind::StatedScope, "excluded"));
    let external = Some((FactKind::External, "true"));
    for (fields, scope, fact) in [
        (r#""scope": "excluded""#, Scope::Development, excluded),
        (
            r#""scope": "excluded", "properties": [{"name": "cdx:maven:package:test", "value": "true"}]"#,
            Scope::Test,
            excluded,
        ),
        (r#""scope": "required""#, Scope::Runtime, None),
        (r#""isExternal": true"#, Scope::Optional, external),
        (r#""isExternal": true, "scope": "required""#, Scope::Optional, external),
        (r#""isExternal": false, "scope": "required""#, Scope::Runtime, None),
        (
            r#""isExternal": true, "properties": [{"name": "cdx:npm:package:development", "value": "true"}]"#,
            Scope::Development,
            external,
        ),
    ] {
        let text = format!(
            r#"{{"bomFormat": "CycloneDX", "specVersion": "1.7", "components": [{{"type": "library", "name": "x", "version": "1", {fields}}}]}}"#
        );
        let inventory = json(&text);
        let found = component(&inventory, "x");
        let facts: Vec<_> = found.facts.iter().map(|(kind, value)| (*kind, &**value)).collect();
        assert_eq!((found.scope, facts), (scope, fact.into_iter().collect()), "{fields}");
    }
}

#[test]
fn claims_keep_what_their_producer_says() {
    let text = r#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{"type": "library", "name": "x", "version": "1"}],
      "vulnerabilities": [{"id": "CVE-2026-2", "source": {"name": "NVD", "url": "https://nvd.example"},
        "ratings": [{"source": {"name": "NVD"}, "score": 9.8, "severity": "critical", "method": "CVSSv31", "vector": "AV:N"}, {"severity": "low"}],
        "detail": "public", "analysis": {"state": "exploitable", "response": ["update", "workaround_available"], "detail": "reached"},
        "affects": [{"ref": "a"}, {"ref": "b"}]}]}"#;
    let same = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components><component type="library"><name>x</name><version>1</version></component></components>
      <vulnerabilities><vulnerability><id>CVE-2026-2</id><source><name>NVD</name><url>https://nvd.example</url></source>
        <ratings><rating><source><name>NVD</name></source><score>9.8</score><severity>critical</severity><method>CVSSv31</method><vector>AV:N</vector></rating><rating><severity>low</severity></rating></ratings>
        <detail>public</detail><analysis><state>exploitable</state><responses><response>update</response><response>workaround_available</response></responses><detail>reached</detail></analysis>
        <affects><target><ref>a</ref></target><target><ref>b</ref></target></affects></vulnerability></vulnerabilities></bom>"#;
    let expected = Claim {
        id: "CVE-2026-2".into(),
        state: "exploitable".into(),
        source: "NVD".into(),
        responses: vec!["update".into(), "workaround_available".into()],
        detail: "reached".into(),
        ratings: vec!["CVSSv31 9.8 critical AV:N".into(), "low".into()],
        affects: vec!["a".into(), "b".into()],
        ..Claim::default()
    };
    assert_eq!(json(text).claims, xml(same).claims);
    assert_eq!(json(text).claims, [expected]);
}

#[test]
fn a_document_that_breaks_off_is_read_as_far_as_it_goes() {
    let whole = FULL_JSON.find(r#""components": ["#).expect("the list");
    for (text, names) in [
        (
            &FULL_JSON[..FULL_JSON.find(r#"{"bom-ref": "lib", "type""#).expect("the place")],
            &["debian", "registry.example/portal:2"][..],
        ),
        (
            &FULL_JSON[..FULL_JSON.find(r#""dependencies": [{"ref": "root""#).expect("the place") + 40],
            &["debian", "lib", "inner", "dev", "registry.example/portal:2"],
        ),
    ] {
        let inventory = json(text);
        let found: Vec<_> = inventory.components.iter().map(|component| &*component.name).collect();
        assert_eq!(found, names);
        assert_eq!(inventory.gaps.count(GapCode::TruncatedDocument), 1);
        assert!(!inventory.graph_complete);
    }
    let limits = Limits::default();
    let error = read_json(&FULL_JSON.as_bytes()[..whole + 20], &Context::new(&limits)).expect_err("nothing was read");
    assert_eq!(error.code, "truncated-document");
    // Wherever it breaks off, it is refused or read in part, never taken for whole.
    for end in (0..FULL_JSON.len()).filter(|end| FULL_JSON.is_char_boundary(*end)) {
        match read_json(&FULL_JSON.as_bytes()[..end], &Context::new(&limits)) {
            Ok(inventory) => assert_eq!(inventory.gaps.count(GapCode::TruncatedDocument), 1, "{end}"),
            Err(error) => assert!(matches!(error.code, "truncated-document" | "malformed-json"), "{end}: {error:?}"),
        }
    }
}

#[test]
fn system_packages_without_a_distribution_are_reported() {
    for (components, expected) in [
        (r#"{"type": "library", "name": "a", "version": "1", "purl": "pkg:deb/debian/a@1"}"#, 1),
        (r#"{"type": "library", "name": "a", "version": "1", "purl": "pkg:deb/debian/a@1?distro=debian-11"}"#, 0),
        (r#"{"type": "library", "name": "a", "version": "1", "purl": "pkg:npm/a@1"}"#, 0),
        (
            r#"{"type": "library", "name": "a", "version": "1", "purl": "pkg:rpm/x/a@1"}, {"type": "operating-system", "name": "rocky", "version": "9"}"#,
            0,
        ),
    ] {
        let text = format!(r#"{{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{components}]}}"#);
        assert_eq!(json(&text).gaps.count(GapCode::NoDistribution), expected, "{components}");
    }
}

#[test]
fn a_path_through_a_service_is_a_path() {
    let document = |dependencies: &str| {
        format!(
            r#"{{"bomFormat": "CycloneDX", "specVersion": "1.5", "metadata": {{"component": {{"type": "application", "bom-ref": "r", "name": "r", "version": "1"}}}},
              "components": [{{"type": "library", "bom-ref": "a", "name": "a", "version": "1"}}, {{"type": "library", "bom-ref": "b", "name": "b", "version": "1"}}],
              "services": [{{"bom-ref": "s", "name": "s"}}, {{"bom-ref": "t", "name": "t"}}], "dependencies": [{dependencies}]}}"#
        )
    };
    let edge = |from, to| Edge { from, to };
    for (dependencies, expected) in [
        (r#"{"ref": "r", "dependsOn": ["s"]}, {"ref": "s", "dependsOn": ["a"]}"#, vec![edge(2, 0)]),
        (
            r#"{"ref": "r", "dependsOn": ["s"]}, {"ref": "s", "dependsOn": ["t", "b"]}, {"ref": "t", "dependsOn": ["a"]}"#,
            vec![edge(2, 0), edge(2, 1)],
        ),
        // A circle of services ends; a service that nothing needs leads nowhere.
        (
            r#"{"ref": "a", "dependsOn": ["s"]}, {"ref": "s", "dependsOn": ["t"]}, {"ref": "t", "dependsOn": ["s", "b"]}"#,
            vec![edge(0, 1)],
        ),
        (r#"{"ref": "s", "dependsOn": ["a"]}"#, vec![]),
        (r#"{"ref": "a", "dependsOn": ["s"]}, {"ref": "s", "dependsOn": ["a"]}"#, vec![]),
    ] {
        let text = document(dependencies);
        let inventory = json(&text);
        assert_eq!(inventory.edges, expected, "{dependencies}");
        assert_eq!(inventory.gaps.count(GapCode::DanglingEdge), 0, "{dependencies}");
    }
}

#[test]
fn distributions_are_spelled_as_everywhere() {
    for (name, version, expected) in [
        ("debian", "11.6", "debian-11"),
        ("redhat", "8.7", "rhel-8.7"),
        ("amazon", "2 (Karoo)", "amzn-2"),
        ("Oracle Linux Server", "8.6", "ol-8.6"),
        ("alpine", "", "alpine"),
    ] {
        let text = format!(
            r#"{{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{{"type": "operating-system", "name": "{name}", "version": "{version}"}}]}}"#
        );
        assert_eq!(json(&text).distribution, expected, "{name}");
    }
}
