// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files that a repository has come out as they went in, without persons; what does not arrive elsewhere is told.

use serde_json::Value;
use underpin_model::catalogue::{Declared, ExemptionGround, Listing};

use super::*;
use crate::{code_json, publiccode};

const PUBLICCODE: &str = r#"
publiccodeYmlVersion: "0.7"   # written by Jane Roe
name: Portal of forms
applicationSuite: Suite X
url: https://git.example.gov/full
isBasedOn: [https://git.example.gov/a, "https://git.example.gov/b"]
softwareVersion: 1.2.3
releaseDate: 2026-01-02
logo: https://x.example/l.svg
organisation: {name: Ministry of Z, uri: "https://z.example.gov"}
platforms: [web, linux]
categories: [document-management]
usedBy: [City of A]
fundedBy: [{name: EU, uri: "https://eu.example"}]
roadmap: https://r.example
developmentStatus: stable
softwareType: standalone/web
supports: [{id: "alias:gdpr"}]
intendedAudience: {countries: [DE, FR], unsupportedCountries: [US]}
description:
  no: {localisedName: Portal, shortDescription: "A text. Ask jane@example.gov", longDescription: "LONG", documentation: "https://d.example", features: [a], videos: ["https://v.example/1"], awards: [best]}
legal: {license: "EUPL-1.2 OR MIT", mainCopyrightOwner: Ministry of Z}
maintenance: {type: contract, contractors: [{name: "Firm Q", until: 2027-01-01, website: "https://q.example", email: q@q.example}, {name: Jane Roe, until: "2027-01-01"}], contacts: [{name: "Jane Roe", email: jane@example.gov}]}
localisation: {localisationReady: true, availableLanguages: [en, no]}
dependsOn:
  open: [{name: PostgreSQL, versionMin: "14", optional: false}]
  proprietary: [{name: Oracle, version: "19"}]
  hardware: [{name: "NFC reader", optional: true}]
x-author: Jane Roe
"#;

const CODE_JSON: &str = r#"{"name":"Portal","version":"2.0","description":"d","status":"Release Candidate",
"permissions":{"licenses":[{"name":"MIT","URL":"https://x.example/L"},{"name":"Apache-2.0","URL":"https://x.example/A"}],
"usageType":["exemptByNationalSecurity"],"exemptionText":"Because."},"organization":"Org",
"repositoryURL":"https://git.example.gov/full","repositoryVisibility":"private","homepageURL":"https://h.example",
"downloadURL":"https://dl.example","disclaimerURL":"https://di.example","disclaimerText":"no","vcs":"hg","laborHours":12.5,
"reuseFrequency":{"forks":3,"clones":7},"languages":["Rust"],"maintenance":"contract","contractNumber":["C-1","C-2"],
"SBOM":"https://sbom.example","relatedCode":[{"name":"r","URL":"https://r.example","isGovernmentRepo":true}],
"reusedCode":[{"name":"s","URL":"https://s.example"}],"partners":[{"name":"Agency P","email":"jane@x.gov"}],
"date":{"created":"2020-01-01T00:00:00Z","lastModified":"2021-01-01T00:00:00Z"},"tags":["t1"],
"contact":{"email":"jane@x.gov","name":"Jane Roe"},"feedbackMechanism":"https://f.example","AIUseCaseID":"DHS-2345",
"owner":"Jane Roe"}"#;

fn listing(declared: Declared) -> Listing {
    Listing {
        address: "git.example.gov/full".to_owned(),
        agency: "Treasury".to_owned(),
        is_public: true,
        declared,
        written_in: vec!["C".to_owned()],
        begun: Some("2024-01-01T00:00:00Z".parse().expect("a moment")),
        ..Listing::default()
    }
}

fn of_publiccode() -> Declared {
    let text = PUBLICCODE.replace("LONG", &"long words ".repeat(20));
    publiccode::declared(text.as_bytes()).expect("declared")
}

fn of_code_json() -> Declared {
    code_json::declared(CODE_JSON.as_bytes()).expect("declared")
}

#[test]
fn nothing_that_is_kept_or_written_names_a_person() {
    for declared in [of_publiccode(), of_code_json()] {
        let listing = listing(declared.clone());
        let written = [publiccode::write(&listing), code_json::write(&listing), codemeta(&listing), citation(&listing)];
        let told = format!("{} {written:?}", serde_json::to_string(&declared).expect("JSON"));
        for person in ["Jane", "Roe", "jane@", "q@q"] {
            assert!(!told.contains(person), "{person} in {told}");
        }
    }
}

#[test]
fn a_publiccode_comes_out_with_all_its_keys() {
    let found = publiccode::write(&listing(of_publiccode()));
    let text = found.text.unwrap_or_else(|| panic!("missing: {:?}", found.missing));
    for kept in [
        "Suite X",
        "l.svg",
        "\"EU\"",
        "r.example",
        "alias:gdpr",
        "unsupportedCountries",
        "localisedName",
        "d.example",
        "v.example",
        "best",
        "Ministry of Z",
        "Oracle",
        "NFC reader",
        "\"optional\": false",
        "versionMin",
        "Firm Q",
        "q.example",
        "2027-01-01",
        "not named here",
        "Treasury",
        "\"no\":",
    ] {
        assert!(text.contains(kept), "{kept} is not in {text}");
    }
    let cut = [
        "description.shortDescription",
        "maintenance.contacts",
        "maintenance.contractors.email",
        "maintenance.contractors.name",
        "x-author",
    ];
    assert_eq!(found.left_out, cut);
}

#[test]
fn a_code_json_comes_out_as_it_was_declared() {
    let found = code_json::write(&listing(of_code_json()));
    let text = found.text.unwrap_or_else(|| panic!("missing: {:?}", found.missing));
    let (written, mut expected): (Value, Value) =
        (serde_json::from_str(&text).expect("JSON"), serde_json::from_str(CODE_JSON).expect("JSON"));
    expected["contact"] = serde_json::json!({ "name": "Treasury" });
    expected["partners"][0].as_object_mut().expect("a map").remove("email");
    expected.as_object_mut().expect("a map").remove("owner");
    assert_eq!(written, expected);
    assert_eq!(found.left_out, ["contact", "owner", "partners.email"]);
}

#[test]
fn what_another_format_cannot_say_is_told_key_by_key() {
    let told = |found: Converted| found.left_out;
    let listing_one = listing(of_publiccode());
    for (found, lost) in [
        (
            told(code_json::write(&listing_one)),
            vec!["applicationSuite", "logo", "dependsOn.hardware.name", "supports.id"],
        ),
        (told(codemeta(&listing_one)), vec!["roadmap", "fundedBy.name", "usedBy", "maintenance.contractors.until"]),
        (told(citation(&listing_one)), vec!["platforms", "description.features", "legal.mainCopyrightOwner"]),
    ] {
        for key in lost {
            assert!(found.iter().any(|own| own == key), "{key} is not told in {found:?}");
        }
    }
    let found = told(codemeta(&listing(of_code_json())));
    for key in [
        "status: Release Candidate",
        "AIUseCaseID",
        "permissions.licenses.name",
        "permissions.usageType",
        "partners.name",
        "vcs",
    ] {
        assert!(found.iter().any(|own| own == key), "{key} is not told in {found:?}");
    }
}

#[test]
fn nobody_declared_what_is_not_there() {
    let declared = Declared { files: Vec::new(), labor_hours: Some(1.0), ..of_publiccode() };
    let declared = Declared { feedback: Some("https://f.example".to_owned()), ..declared };
    let exemption = Some((ExemptionGround::NationalSecurity, "Because.".to_owned()));
    let usage = |listing: Listing| {
        let found = code_json::write(&listing);
        let text = found.text.and_then(|text| serde_json::from_str::<Value>(&text).ok());
        (text.map(|text| text["permissions"]["usageType"].clone()), found.missing, found.left_out)
    };
    let internal = Listing { is_public: false, ..listing(declared.clone()) };
    assert_eq!(usage(internal.clone()).1, ["permissions.usageType"]);
    let exempt = usage(Listing { exemption: exemption.clone(), ..internal });
    assert_eq!(exempt.0, Some(serde_json::json!(["exemptByNationalSecurity"])));
    let public = usage(Listing { exemption, ..listing(declared.clone()) });
    assert_eq!(public.1, ["permissions.usageType"]);
    assert!(public.2.contains(&"exemption of what is public".to_owned()), "{public:?}");
    let open = listing(declared.clone());
    assert_eq!(usage(open.clone()).0, Some(serde_json::json!(["openSource"])));
    let unlicensed = Listing { declared: Declared { licence: None, ..declared }, ..open };
    assert_eq!(usage(unlicensed).1, ["permissions.usageType"]);
}

#[test]
fn licences_that_hold_together_are_named_one_by_one_and_several_without_a_word_are_none() {
    assert_eq!(of_code_json().licence, None);
    let declared = Declared { licence: Some("MIT AND Apache-2.0".to_owned()), ..of_publiccode() };
    let declared = Declared {
        files: Vec::new(),
        labor_hours: Some(1.0),
        feedback: Some("https://f.example".to_owned()),
        ..declared
    };
    let text = code_json::write(&listing(declared)).text.expect("a release");
    let found: Value = serde_json::from_str(&text).expect("JSON");
    let names: Vec<&Value> =
        found["permissions"]["licenses"].as_array().expect("a list").iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["MIT", "Apache-2.0"]);
    assert_eq!(found["AIUseCaseID"], "", "nobody said that it is none");
}

#[test]
fn lists_are_documents_of_their_formats() {
    let list = codemeta_list(&[listing(of_publiccode()), listing(of_code_json())]);
    let found: Value = serde_json::from_str(&list.text).expect("JSON");
    assert_eq!(found.as_array().map(Vec::len), Some(2));
    assert_eq!(list.left_out.len(), 2);
    let feed = publiccode_feed(&[listing(of_publiccode())]);
    assert!(feed.text.contains("NFC reader") && feed.left_out.len() == 1, "{feed:?}");
}

#[test]
fn a_copy_that_says_where_the_first_one_lies_is_not_given_as_it_is() {
    let declared = Declared { url: None, ..of_publiccode() };
    let found = publiccode::write(&listing(declared));
    assert!(found.left_out.iter().any(|key| key == "applicationSuite"), "{found:?}");
    assert!(!found.text.unwrap_or_default().contains("Suite X"));
}
