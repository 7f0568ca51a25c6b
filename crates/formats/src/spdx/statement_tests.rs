// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What documents say beside their packages, what is cut, and what is left of those that break off.

use underpin_model::gap::GapCode;
use underpin_model::inventory::{Claim, ComponentKind, FactKind, Scope};
use underpin_model::limits::bounds;
use underpin_model::{Inventory, Limits};

use crate::reader::{Context, Unreadable};

const HEAD: &str = r#"{"spdxVersion":"SPDX-2.3","dataLicense":"CC0-1.0","SPDXID":"SPDXRef-DOCUMENT","name":"n","documentNamespace":"https://example.org/n","creationInfo":{"created":"2026-01-01T00:00:00Z","creators":["Tool: maker-1"]},"#;

fn read(text: &str) -> Result<Inventory<'static>, Unreadable> {
    let limits = Limits::default();
    let context = Context::new(&limits);
    let read = if text.contains("@graph") { super::linked::read } else { super::json::read };
    read(text.as_bytes(), &context).map(Inventory::into_owned)
}

fn json(text: &str) -> Inventory<'static> {
    read(text).expect("a readable document")
}

fn one(fields: &str) -> Inventory<'static> {
    json(&format!(r#"{HEAD}"packages":[{{"SPDXID":"SPDXRef-a","name":"a","versionInfo":"1"{fields}}}]}}"#))
}

#[test]
fn facts_for_later_checks_are_kept() {
    let inventory = one(
        r#","packageVerificationCode":{"packageVerificationCodeValue":"d6a770ba38583ed4bb4525bd96e50461655d2758","packageVerificationCodeExcludedFiles":["./x"]},
        "builtDate":"2026-01-01T00:00:00Z","releaseDate":"2026-01-02T00:00:00Z","validUntilDate":"2030-01-01T00:00:00Z","primaryPackagePurpose":"LIBRARY""#,
    );
    let facts: Vec<_> = inventory.components[0].facts.iter().map(|(kind, value)| (*kind, &**value)).collect();
    let expected = [
        (FactKind::VerificationCode, "d6a770ba38583ed4bb4525bd96e50461655d2758"),
        (FactKind::Built, "2026-01-01T00:00:00Z"),
        (FactKind::Released, "2026-01-02T00:00:00Z"),
        (FactKind::ValidUntil, "2030-01-01T00:00:00Z"),
        (FactKind::Purpose, "LIBRARY"),
    ];
    assert_eq!(facts, expected);
    let unstated = one("");
    assert_eq!((&*unstated.components[0].facts, unstated.components[0].kind), (&[][..], ComponentKind::Library));
    assert_eq!(one(r#","primaryPackagePurpose":"CONTAINER""#).components[0].facts, []);
}

#[test]
fn every_cut_is_reported() {
    let many = |count: usize, item: &dyn Fn(usize) -> String| (0..count).map(item).collect::<Vec<_>>().join(",");
    let inner = bounds::SPDX_INNER_ELEMENTS + 3;
    let digest = |number: usize| format!(r#"{{"algorithm":"SHA1","checksumValue":"{number:040x}"}}"#);
    let remark = |_| r#"{"comment":"x"}"#.to_owned();
    let licence = |number: usize| format!(r#"{{"licenseId":"LicenseRef-{number}","extractedText":"x"}}"#);
    for (text, place, detail) in [
        (
            format!(
                r#"{HEAD}"packages":[{{"name":"a","hasFiles":[{}]}}]}}"#,
                many(inner, &|_| r#""SPDXRef-f""#.to_owned())
            ),
            "/packages/0/hasFiles",
            "3 more",
        ),
        (
            format!(
                r#"{HEAD}"packages":[{{"name":"a","checksums":[{}]}}]}}"#,
                many(bounds::SPDX_DIGESTS + 2, &|n| digest(n + 1))
            ),
            "/packages/0/checksums",
            "2 more",
        ),
        (
            format!(r#"{HEAD}"packages":[{{"name":"a"}}],"annotations":[{}]}}"#, many(inner, &remark)),
            "/annotations",
            "3 more",
        ),
        (
            format!(r#"{HEAD}"packages":[{{"name":"a"}}],"hasExtractedLicensingInfos":[{}]}}"#, many(inner, &licence)),
            "/hasExtractedLicensingInfos",
            "3 more",
        ),
    ] {
        let inventory = json(&text);
        let gaps = inventory.gaps.list().iter().filter(|gap| gap.code == GapCode::TooManyElements);
        let found: Vec<_> = gaps.map(|gap| (&*gap.place, &*gap.detail)).collect();
        assert_eq!(found, [(place, detail)]);
    }
}

#[test]
fn places_beyond_the_bound_are_counted() {
    let count = bounds::SPDX_LOCATIONS + 5;
    let files: Vec<_> =
        (0..count).map(|number| format!(r#"{{"SPDXID":"SPDXRef-f{number}","fileName":"./{number}"}}"#)).collect();
    let names: Vec<_> = (0..count).map(|number| format!(r#""SPDXRef-f{number}""#)).collect();
    let inventory = json(&format!(
        r#"{HEAD}"packages":[{{"SPDXID":"SPDXRef-a","name":"a","hasFiles":[{}]}}],"files":[{}]}}"#,
        names.join(","),
        files.join(",")
    ));
    assert_eq!(inventory.components[0].locations.len(), bounds::SPDX_LOCATIONS);
    let gap = inventory.gaps.list().iter().find(|gap| gap.code == GapCode::TooManyElements).expect("a gap");
    assert_eq!(&*gap.detail, "5 places of packages beyond 1000 each");
}

#[test]
fn optional_parts_are_contained_and_optional() {
    let inventory = json(&format!(
        r#"{HEAD}"packages":[{{"SPDXID":"SPDXRef-a","name":"a"}},{{"SPDXID":"SPDXRef-b","name":"b"}}],
        "relationships":[{{"spdxElementId":"SPDXRef-b","relationshipType":"OPTIONAL_COMPONENT_OF","relatedSpdxElement":"SPDXRef-a"}}]}}"#
    ));
    let part = &inventory.components[1];
    assert_eq!((part.parent, part.scope, inventory.edges.len()), (Some(0), Scope::Optional, 0));
}

#[test]
fn a_document_that_breaks_off_is_read_as_far_as_it_goes() {
    let whole = format!(
        r#"{HEAD}"packages":[{{"SPDXID":"SPDXRef-a","name":"a"}},{{"SPDXID":"SPDXRef-b","name":"b"}}],"relationships":[{{"spdxElementId":"SPDXRef-a","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-b"}}]}}"#
    );
    let first = whole.find(r#",{"SPDXID":"SPDXRef-b""#).expect("the second package");
    for end in 1..whole.len() {
        match read(&whole[..end]) {
            Ok(inventory) => {
                assert_eq!(inventory.gaps.count(GapCode::TruncatedDocument), 1, "{end}");
                assert!(!inventory.components.is_empty() && end >= first, "{end}");
            }
            Err(error) => assert!(error.code == "truncated-document" && end < first, "{end}"),
        }
    }
}

const LINKED: &str = r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
  {"type":"CreationInfo","@id":"_:other","specVersion":"3.0.1","created":"2020-01-01T00:00:00Z","createdBy":["urn:p"]},
  {"type":"CreationInfo","@id":"_:own","specVersion":"3.0.1","created":"2026-05-01T00:00:00Z","createdBy":["urn:p"]},
  {"type":"Person","spdxId":"urn:p","name":"Registry Desk","creationInfo":"_:other"},
  {"type":"SpdxDocument","spdxId":"urn:d","name":"n","creationInfo":"_:own","rootElement":["urn:a"]},
  {"type":"software_Package","spdxId":"urn:a","name":"a","software_packageVersion":"1","creationInfo":"_:other"},
  {"type":"security_Vulnerability","spdxId":"urn:v","creationInfo":"_:own","externalIdentifier":[{"type":"ExternalIdentifier","externalIdentifierType":"cve","identifier":"CVE-2026-9"}]},
  {"type":"security_Vulnerability","spdxId":"urn:w","name":"CVE-2026-8","creationInfo":"_:own"},
  {"type":"security_VexNotAffectedVulnAssessmentRelationship","spdxId":"urn:r1","from":"urn:v","to":["urn:a"],"relationshipType":"doesNotAffect","security_justificationType":"componentNotPresent","security_impactStatement":"not built in","creationInfo":"_:own"},
  {"type":"security_CvssV3VulnAssessmentRelationship","spdxId":"urn:r2","from":"urn:v","to":["urn:a"],"relationshipType":"hasAssessmentFor","security_score":9.8,"security_severity":"critical","security_vectorString":"AV:N","creationInfo":"_:own"},
  {"type":"Relationship","spdxId":"urn:r3","from":"urn:a","to":["urn:w"],"relationshipType":"hasAssociatedVulnerability","creationInfo":"_:own"},
  {"type":"weapon_Sword","spdxId":"urn:x","creationInfo":"_:own"},
  {"type":"weapon_Sword","spdxId":"urn:y","creationInfo":"_:own"}]}"#;

#[test]
fn assessments_of_spdx_3_are_claims() {
    let inventory = json(LINKED);
    let claim = |id: &'static str, state: &'static str| Claim {
        id: id.into(),
        state: state.into(),
        affects: vec!["urn:a".into()],
        ..Claim::default()
    };
    let expected = [
        Claim {
            justification: "componentNotPresent".into(),
            detail: "not built in".into(),
            ..claim("CVE-2026-9", "not_affected")
        },
        Claim { ratings: vec!["9.8 critical AV:N".into()], ..claim("CVE-2026-9", "") },
        claim("CVE-2026-8", ""),
    ];
    assert_eq!(inventory.claims, expected);
    assert_eq!(inventory.components[0].reference, "urn:a");
    let detail = |code| inventory.gaps.list().iter().find(|gap| gap.code == code).map(|gap| &*gap.detail);
    assert_eq!(detail(GapCode::EmbeddedVulnerabilities), Some("3 statements"));
    assert_eq!(detail(GapCode::UnknownElement), Some("2 elements: weapon_Sword"));
}

#[test]
fn the_document_s_own_creation_information_counts() {
    let created = |text: &str| json(text).created.map(|moment| moment.to_string());
    assert_eq!(created(LINKED).as_deref(), Some("2026-05-01T00:00:00Z"));
    let inside = r#""creationInfo":{"type":"CreationInfo","specVersion":"3.0.1","created":"2027-01-01T00:00:00Z","createdBy":["urn:p"]}"#;
    let text = LINKED.replace(r#""name":"n","creationInfo":"_:own""#, &format!(r#""name":"n",{inside}"#));
    assert_eq!(created(&text).as_deref(), Some("2027-01-01T00:00:00Z"));
    let text = LINKED.replace(r#""name":"n","creationInfo":"_:own""#, r#""name":"n""#);
    assert_eq!(created(&text).as_deref(), Some("2020-01-01T00:00:00Z"), "the first one stands in");
}

#[test]
fn a_graph_that_breaks_off_is_read_as_far_as_it_goes() {
    let end = LINKED.find(r#"{"type":"security_CvssV3"#).expect("the place");
    let inventory = json(&LINKED[..end]);
    assert_eq!((inventory.components.len(), inventory.claims.len()), (1, 2));
    assert_eq!(inventory.gaps.count(GapCode::TruncatedDocument), 1);
    let end = LINKED.find(r#"{"type":"software_Package"#).expect("the place");
    assert_eq!(read(&LINKED[..end]).expect_err("no package").code, "truncated-document");
}
