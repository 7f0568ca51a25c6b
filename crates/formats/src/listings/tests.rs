// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Each writer held against the readers and inspectors of this house, and what each target cannot say.

use underpin_model::catalogue::{Declared, DevelopmentState, ExemptionGround, Listing, Maintenance};

use super::*;
use crate::declarations::{Seen, Source};
use crate::{code_json, publiccode};

const PUBLICCODE: &str = r#"
publiccodeYmlVersion: "0.5"
name: Forms of Norvania
url: https://git.norvania.example/treasury/forms.git
landingURL: https://forms.norvania.example
isBasedOn: https://git.norvania.example/health/forms
softwareVersion: 2.1.0
releaseDate: "2026-01-15"
platforms: [web, linux]
categories: [document-management]
usedBy: [Treasury, Health]
organisation: { name: Treasury, uri: "https://treasury.norvania.example" }
developmentStatus: stable
softwareType: standalone/web
description:
  en:
    shortDescription: Forms that citizens fill in. Ask ada@norvania.example
    longDescription: >
      Forms that citizens fill in: they are made by officials without programming, they work without scripts, they speak
      two languages, and what was filled in stays in the agency that asked for it. More words, so that the text is long enough.
    features: [Forms, "Two languages"]
  de:
    shortDescription: Formulare
    longDescription: >
      Formulare, die Menschen ausfüllen: Ämter machen sie ohne Programmieren, sie gehen ohne Skripte, sie sprechen zwei
      Sprachen, und was ausgefüllt wurde, bleibt in dem Amt, das danach gefragt hat. Noch mehr Wörter, damit es reicht.
    features: [Formulare]
legal: { license: EUPL-1.2, mainCopyrightOwner: Ada Lovelace }
maintenance:
  type: internal
  contacts: [{ name: Ada Lovelace, email: ada@norvania.example, phone: "123" }]
localisation: { localisationReady: true, availableLanguages: [en, de] }
dependsOn: { open: [{ name: PostgreSQL, versionMin: "16" }] }
"#;

fn listing(declared: Declared) -> Listing {
    Listing {
        address: "git.norvania.example/treasury/forms".to_owned(),
        agency: "Treasury of Norvania".to_owned(),
        is_public: true,
        declared,
        written_in: vec!["Rust".to_owned()],
        begun: Some("2024-01-01T00:00:00Z".parse().expect("a moment")),
        changed: Some("2026-02-01T00:00:00Z".parse().expect("a moment")),
        looked: Some("2026-03-01T00:00:00Z".parse().expect("a moment")),
        exemption: None,
    }
}

fn faults(text: &str) -> Vec<String> {
    let source = Source { path: "publiccode.yml", bytes: text.as_bytes(), look: &|_| Seen::Blind, is_json: false };
    publiccode::inspect(&source).faults.into_iter().map(|fault| format!("{:?} {}", fault.code, fault.detail)).collect()
}

#[test]
fn what_is_read_holds_no_person() {
    let found = publiccode::declared(PUBLICCODE.as_bytes()).expect("declared");
    let told = serde_json::to_string(&found).expect("JSON");
    for person in ["Ada", "ada@", "Lovelace", "123"] {
        assert!(!told.contains(person), "{person} in {told}");
    }
    assert_eq!(found.name, "Forms of Norvania");
    assert_eq!((found.state, found.maintenance), (DevelopmentState::Stable, Maintenance::Internal));
    assert_eq!(found.texts["en"].features, ["Forms", "Two languages"]);
    assert_eq!(found.texts["en"].short, "Forms that citizens fill in. Ask");
    assert_eq!(found.based_on, ["https://git.norvania.example/health/forms"]);
    assert_eq!(found.depends_on, ["PostgreSQL"]);
    assert_eq!(found.can_be_localised, Some(true));
}

#[test]
fn a_publiccode_is_written_and_read_again() {
    let declared = publiccode::declared(PUBLICCODE.as_bytes()).expect("declared");
    let found = publiccode::write(&listing(declared.clone()));
    let text = found.text.unwrap_or_else(|| panic!("missing: {:?}", found.missing));
    assert_eq!(faults(&text), Vec::<String>::new(), "{text}");
    let again = publiccode::declared(text.as_bytes()).expect("declared");
    let without_cut = |mut one: Declared| {
        one.files.iter_mut().for_each(|file| file.cut.clear());
        one
    };
    assert_eq!(without_cut(again), without_cut(declared), "{text}");
    assert!(text.contains("Treasury of Norvania") && text.contains("versionMin"), "{text}");
    let cut = ["description.shortDescription", "legal.mainCopyrightOwner", "maintenance.contacts"];
    assert_eq!(found.left_out, cut);
}

#[test]
fn what_is_missing_is_told_and_never_made_up() {
    let declared = publiccode::declared(PUBLICCODE.as_bytes()).expect("declared");
    type Change = fn(&mut Declared);
    let cases: [(Change, &str); 6] = [
        (|one| one.licence = None, "legal"),
        (|one| one.platforms.clear(), "platforms"),
        (|one| one.state = DevelopmentState::Unknown, "developmentStatus"),
        (|one| one.texts.clear(), "description"),
        (|one| one.maintenance = Maintenance::Contract, "maintenance.contractors"),
        (|one| one.can_be_localised = None, "localisation"),
    ];
    let declared = Declared { files: Vec::new(), ..declared };
    for (change, expected) in cases {
        let mut declared = declared.clone();
        change(&mut declared);
        let found = publiccode::write(&listing(declared));
        assert_eq!((found.text, found.missing), (None, vec![expected.to_owned()]));
    }
    let found = code_json::write(&listing(declared));
    assert_eq!(found.text, None);
    assert_eq!(found.missing, ["feedbackMechanism", "laborHours"]);
}

/// A contract that organisations hold goes out and comes in again; one that a person may hold is not kept, nor are the others then.
#[test]
fn contractors_are_organisations_or_nobody() {
    let inside = "type: internal\n  contacts: [{ name: Ada Lovelace, email: ada@norvania.example, phone: \"123\" }]";
    let firm =
        "{ name: Formwerk AG, email: ada@formwerk.example, until: 2027-06-30, website: https://formwerk.example }";
    let person = "{ name: Ada Lovelace, email: ada@norvania.example, until: 2027-06-30 }";
    let with = |list: &str| PUBLICCODE.replace(inside, &format!("type: contract\n  contractors: [{list}]"));
    // What is told here is the file that is made of facts, not the one that came in.
    let of = |text: &str| {
        let declared = publiccode::declared(text.as_bytes()).expect("declared");
        Declared { files: Default::default(), ..declared }
    };
    let declared = of(&with(firm));
    let told = serde_json::to_string(&declared).expect("JSON");
    assert!(told.contains("Formwerk AG") && told.contains("2027-06-30") && !told.contains("ada@"), "{told}");
    let found = publiccode::write(&listing(declared.clone()));
    let text = found.text.unwrap_or_else(|| panic!("missing: {:?}", found.missing));
    assert_eq!(faults(&text), Vec::<String>::new(), "{text}");
    assert_eq!(of(&text), declared, "{text}");
    for list in [person.to_owned(), format!("{firm}, {person}"), firm.replace("2027-06-30", "soon")] {
        let whole = publiccode::declared(with(&list).as_bytes()).expect("declared");
        assert!(!serde_json::to_string(&whole).expect("JSON").contains("Lovelace"), "{list}");
        let declared = of(&with(&list));
        assert_eq!(declared.contractors, [], "{list}");
        assert_eq!(publiccode::write(&listing(declared)).missing, ["maintenance.contractors"], "{list}");
    }
}

fn whole() -> Declared {
    let declared = publiccode::declared(PUBLICCODE.as_bytes()).expect("declared");
    let feedback = Some("https://git.norvania.example/treasury/forms/issues".to_owned());
    Declared { labor_hours: Some(1_200.0), feedback, ..declared }
}

#[test]
fn an_inventory_holds_releases_that_pass_our_own_inspector() {
    let poor = Listing { address: "git.norvania.example/treasury/poor".to_owned(), ..listing(Declared::default()) };
    let private = Listing {
        is_public: false,
        exemption: Some((ExemptionGround::EmbagSecurity, "It would help an attacker.".to_owned())),
        ..listing(whole())
    };
    let ListFile { text, without, .. } =
        code_json::inventory("Treasury of Norvania", &[listing(whole()), private, poor]);
    let found: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let releases = found["releases"].as_array().expect("releases");
    assert_eq!(releases.len(), 2);
    for release in releases {
        assert_eq!(code_json::inspect("code.json", release.to_string().as_bytes()).faults, []);
    }
    assert_eq!(releases[0]["permissions"]["usageType"], json!(["openSource"]));
    assert_eq!(releases[1]["permissions"]["usageType"], json!(["exemptByAgencySystem"]));
    assert_eq!(releases[1]["permissions"]["exemptionText"], "It would help an attacker.");
    assert_eq!(releases[1]["repositoryVisibility"], "private");
    assert_eq!(without.len(), 1);
    assert!(without[0].1.contains(&"description".to_owned()), "{without:?}");
}

#[test]
fn code_json_and_back() {
    let text = code_json::write(&listing(whole())).text.expect("a release");
    let found = code_json::declared(text.as_bytes()).expect("declared");
    let expected = whole();
    assert_eq!(found.name, expected.name);
    assert_eq!(found.url, expected.url);
    assert_eq!((found.state, found.maintenance), (expected.state, expected.maintenance));
    assert_eq!((found.labor_hours, found.feedback), (expected.labor_hours, expected.feedback));
    assert_eq!(found.based_on, expected.based_on);
    assert_eq!(found.licence, None, "the schema has no word for the EUPL");
}

/// What each target cannot say of a listing that says everything.
#[test]
fn what_a_target_cannot_say_is_left_out() {
    let listing = listing(Declared { files: Vec::new(), ..whole() });
    let long = "description.longDescription";
    for (found, expected) in [
        (publiccode::write(&listing), vec!["feedbackMechanism", "laborHours", "languages"]),
        (
            code_json::write(&listing),
            vec![
                "dependsOn.open.name",
                long,
                "description in other languages",
                "license: EUPL-1.2",
                "localisation.localisationReady",
                "platforms",
                "softwareType",
                "usedBy",
            ],
        ),
        (codemeta(&listing), vec!["description.features", long, "laborHours", "usedBy"]),
        (
            citation(&listing),
            vec!["dependsOn.open.name", long, "developmentStatus", "isBasedOn", "platforms", "usedBy"],
        ),
    ] {
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(found.left_out, expected);
        assert!(found.text.is_some() && found.missing.is_empty(), "{found:?}");
    }
}

#[test]
fn licences_that_leave_a_choice_are_no_single_one() {
    for (licence, expected) in
        [("EUPL-1.2", true), ("MIT OR Apache-2.0", false), ("LicenseRef-Own", false), ("no licence at all", false)]
    {
        let declared = Declared { licence: Some(licence.to_owned()), ..whole() };
        let found = citation(&listing(declared));
        let told = format!("license: {licence}");
        assert_eq!(!found.left_out.contains(&told), expected, "{licence}");
        assert_eq!(found.text.expect("a file").contains("\nlicense: "), expected, "{licence}");
    }
}

#[test]
fn a_feed_holds_documents_that_pass_our_own_inspector() {
    let poor = Listing { address: "a.example/poor".to_owned(), ..listing(Declared::default()) };
    let ListFile { text, without, .. } = publiccode_feed(&[listing(whole()), poor]);
    let found: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let documents = found["data"].as_array().expect("data");
    assert_eq!((documents.len(), without.len()), (1, 1));
    assert_eq!(faults(documents[0]["publiccodeYml"].as_str().expect("a text")), Vec::<String>::new());
    assert_eq!(without[0].0, "a.example/poor");
}

#[test]
fn dates_of_files_are_moments() {
    let text = code_json::write(&listing(whole())).text.expect("a release");
    let found: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(found["date"]["created"], "2024-01-01T00:00:00Z");
    assert_eq!(found["date"]["metadataLastUpdated"], "2026-03-01T00:00:00Z");
    let never = code_json::write(&Listing { looked: None, ..listing(whole()) }).text.expect("a release");
    assert!(!never.contains("metadataLastUpdated"), "nobody looked: {never}");
}
