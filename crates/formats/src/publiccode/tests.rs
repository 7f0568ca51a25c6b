// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The official examples, valid and not, and what hostile files do.

use std::path::Path;

use proptest::prelude::*;
use underpin_model::practices::{ChangeKind, FaultCode, Inspection};

use super::*;
use crate::declarations::Seen;

/// A file of version 0.2 with everything that has changed since.
const OLD: &str = "# Our file
publiccodeYmlVersion: 0.2
name: Medusa # the jellyfish
url: https://example.gov/medusa.git
# Where it is shown
monochromeLogo: https://example.gov/logo.png
inputTypes:
  - text/plain
outputTypes: [text/html,
  text/plain]
platforms: [web]
developmentStatus: stable
softwareType: library
intendedAudience:
  countries: [it, 'de']
description:
  en:
    genericName: Jellyfish
    # Keep this short
    shortDescription: Short
    longDescription: |
      LONG
      # no comment
    features: [one]
legal:
  license: MIT
  repoOwner: City of Chicago
  authorsFile: AUTHORS
maintenance:
  type: none
localisation:
  localisationReady: yes
  availableLanguages: [en]
it:
  conforme:
    gdpr: true
  riuso:
    codiceIPA: c_h501
  piattaforme:
    spid: yes
    pagopa: no
# The end
";

/// Files that only the network or a register outside can judge, with the reason.
const ELSEWHERE: &[(&str, FaultCode)] = &[
    // The address is well formed; that nothing answers there, only a call would show.
    ("invalid/logo_missing_url.yml", FaultCode::AddressNotAsked),
    // The address is well formed; whether a site offers videos is in a register of providers.
    ("invalid/description_en_videos_invalid_oembed.yml", FaultCode::VideoProvider),
    // Codes of public offices are in the register of Italy, of 23,735 entries.
    ("invalid/fundedBy_uri_wrong_italian_pa2.yml", FaultCode::ItalianOffice),
    ("invalid/organisation_uri_wrong_italian_pa2.yml", FaultCode::ItalianOffice),
    ("invalid/it_riuso_codiceIPA_invalid.yml", FaultCode::ItalianOffice),
];

fn inspected(path: &Path) -> Inspection {
    let folder = path.parent().expect("a folder");
    let look = |name: &str| std::fs::read(folder.join(name)).map_or(Seen::Nothing, Seen::File);
    let bytes = std::fs::read(path).expect("readable");
    inspect(&Source { path: "publiccode.yml", bytes: &bytes, look: &look, is_json: false })
}

/// The files of a folder of the exam, below it.
fn papers(exam: &Path, folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for folder in [folder.to_owned(), format!("{folder}/no-network")] {
        for entry in std::fs::read_dir(exam.join(&folder)).expect("the exam has this folder") {
            let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
            if name.ends_with(".yml") {
                found.push(format!("{folder}/{name}"));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn verdicts_agree_with_the_exam() {
    let Some(exam) = underpin_testkit::exam("publiccode") else { return };
    let exam = exam.join("testdata/v0");
    let (mut agreed, mut wrong) = (0, Vec::new());
    for (folder, has_faults, has_warnings) in
        [("valid", false, Some(false)), ("invalid", true, None), ("valid_with_warnings", false, Some(true))]
    {
        for name in papers(&exam, folder) {
            let found = inspected(&exam.join(&name));
            if let Some((_, why)) = ELSEWHERE.iter().find(|(own, _)| *own == name) {
                assert!(found.faults.is_empty(), "{name} can be judged here: {found:?}");
                assert!(found.undecided.iter().any(|fault| fault.code == *why), "{name}: {found:?}");
                continue;
            }
            let is_right = found.faults.is_empty() != has_faults
                && has_warnings.is_none_or(|expected| found.warnings.is_empty() != expected);
            if is_right {
                agreed += 1;
            } else {
                wrong.push(format!("{name}: {found:?}"));
            }
        }
    }
    println!("publiccode.yml: {agreed} files agree, {} are for others to judge", ELSEWHERE.len());
    assert!(wrong.is_empty(), "{} differ: {wrong:#?}", wrong.len());
    assert!(agreed >= 165, "only {agreed} files were found");
}

#[test]
fn old_files_are_written_anew() {
    let old = OLD.replace("LONG", &"long ".repeat(40));
    let new = upgrade(old.as_bytes()).expect("a map");
    assert_eq!(
        new.text,
        "# Our file
publiccodeYmlVersion: \"0.7\"
name: Medusa # the jellyfish
url: https://example.gov/medusa.git
organisation:
  uri: urn:x-italian-pa:c_h501
  name: City of Chicago
supports:
  - id: alias:gdpr
  - id: alias:spid
# Where it is shown
logo: https://example.gov/logo.png
platforms: [web]
developmentStatus: stable
softwareType: library
intendedAudience:
  countries: [IT, 'DE']
description:
  en:
    # Keep this short
    shortDescription: Short
    longDescription: |
      LONG
      # no comment
    features: [one]
legal:
  license: MIT
maintenance:
  type: none
localisation:
  localisationReady: true
  availableLanguages: [en]
# The end
"
        .replace("LONG", &"long ".repeat(40))
    );
    let found = look_alone(new.text.as_bytes());
    assert!(found.faults.is_empty() && found.warnings.is_empty(), "{found:#?}");
    let again = upgrade(new.text.as_bytes()).expect("a map");
    assert_eq!((again.text.as_str(), again.changes.len()), (new.text.as_str(), 0), "what is new stays as it is");
}

#[test]
fn what_nobody_knows_is_left_and_told() {
    let new = upgrade(b"publiccodeYmlVersion: '0.2'\nlegal:\n  license: MIT\n  repoOwner: City\n").expect("a map");
    let left: Vec<&str> =
        new.changes.iter().filter(|one| one.kind == ChangeKind::Left).map(|one| one.key.as_str()).collect();
    assert_eq!(left, ["legal.repoOwner"]);
    assert!(new.text.contains("repoOwner: City"));
    assert_eq!(upgrade(b"{publiccodeYmlVersion: '0.2'}"), None, "brackets are for people");
    assert_eq!(upgrade(b"\xff"), None);
}

#[test]
fn upgraded_exams_have_no_new_faults() {
    let Some(exam) = underpin_testkit::exam("publiccode") else { return };
    let exam = exam.join("testdata/v0");
    let mut seen = 0;
    for name in ["valid", "valid_with_warnings", "invalid"].iter().flat_map(|folder| papers(&exam, folder)) {
        let bytes = std::fs::read(exam.join(&name)).expect("readable");
        let Some(new) = upgrade(&bytes) else { continue };
        let (before, after) = (look_alone(&bytes), look_alone(new.text.as_bytes()));
        let left = new.changes.iter().filter(|one| one.kind == ChangeKind::Left).count();
        assert!(after.faults.len() <= before.faults.len(), "{name}: {after:#?}");
        let is_judged = before.faults.is_empty();
        assert!(!is_judged || after.warnings.len() <= left, "{name}: {after:#?}");
        seen += 1;
    }
    assert!(seen > 150, "only {seen} files");
}

/// A look at a file that is here without the others.
fn look_alone(bytes: &[u8]) -> Inspection {
    inspect(&Source { path: "publiccode.yml", bytes, look: &|_| Seen::Blind, is_json: false })
}

#[test]
fn faults_say_where_they_are() {
    let text = OLD.replace("LONG", "short").replace("type: none", "type: nobody\n  boss: me");
    let found = look_alone(text.replace("0.2", "\"0.2\"").as_bytes());
    let places: Vec<_> =
        found.faults.iter().map(|fault| (fault.line, fault.column, fault.code, fault.detail.as_str())).collect();
    assert_eq!(
        places,
        [
            (Some(21), Some(5), FaultCode::TooShort, "description.en.longDescription"),
            (Some(30), Some(3), FaultCode::NotOneOf, "maintenance.type"),
            (Some(31), Some(3), FaultCode::UnknownKey, "maintenance.boss"),
            (Some(33), Some(3), FaultCode::WrongType, "localisation.localisationReady"),
            (Some(41), Some(5), FaultCode::WrongType, "it.piattaforme.spid"),
            (Some(42), Some(5), FaultCode::WrongType, "it.piattaforme.pagopa"),
        ]
    );
    assert!(!format!("{found:?}").contains("Chicago"), "values are not kept");
}

proptest! {
    #[test]
    fn hostile_bytes_never_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        look_alone(&bytes);
        upgrade(&bytes);
    }

    #[test]
    fn changed_files_never_break_the_reader(cuts in proptest::collection::vec((0usize..900, 0usize..40, "[\\[\\]{}:,#&*|>' \n-]{0,4}"), 1..6)) {
        let mut text = OLD.to_owned();
        for (at, length, words) in cuts {
            let at = text.floor_char_boundary(at.min(text.len()));
            let end = text.floor_char_boundary((at + length).min(text.len()));
            text.replace_range(at..end, &words);
        }
        look_alone(text.as_bytes());
        if let Some(new) = upgrade(text.as_bytes()) {
            prop_assert!(parsed(new.text.as_bytes()).is_ok());
        }
    }
}
