// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every practice against trees that keep and break it.

use std::collections::BTreeSet;

use underpin_model::practices::Inspection;

use super::*;

fn outcome(id: &str, facts: &TreeFacts) -> Outcome {
    PRACTICES.iter().find(|practice| practice.id == id).expect(id).judged(facts).outcome
}

#[test]
fn names_are_stable_words_and_stand_once() {
    let names: BTreeSet<&str> = PRACTICES.iter().map(|practice| practice.id).collect();
    assert_eq!(names.len(), PRACTICES.len());
    for practice in PRACTICES {
        let is_word = practice.id.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-');
        assert!(is_word && practice.version > 0 && !practice.rule.is_empty(), "{practice:?}");
    }
}

#[test]
fn a_file_has_to_say_something() {
    let mut facts = TreeFacts::default();
    for (id, topic) in [
        ("licence-file", Topic::Licence),
        ("security-policy", Topic::SecurityPolicy),
        ("contributing-guide", Topic::Contributing),
        ("code-of-conduct", Topic::CodeOfConduct),
        ("changelog", Topic::Changelog),
        ("readme", Topic::Readme),
        ("publiccode-there", Topic::Publiccode),
    ] {
        assert_eq!(outcome(id, &facts), Outcome::NotMet, "{id}");
        facts.named = vec![(topic, "file".to_owned(), false)];
        assert_eq!(outcome(id, &facts), Outcome::NotMet, "{id}: an empty file is none");
        facts.named = vec![(topic, "file".to_owned(), true)];
        assert_eq!(outcome(id, &facts), Outcome::Met, "{id}");
        facts.named.clear();
    }
}

#[test]
fn what_is_not_there_is_not_judged() {
    let facts = TreeFacts::default();
    for id in [
        "publiccode-valid",
        "publiccode-current",
        "publiccode-reachable",
        "security-txt-valid",
        "security-txt-current",
        "insights-valid",
        "insights-current",
    ] {
        assert_eq!(outcome(id, &facts), Outcome::NotAssessed, "{id}");
    }
}

#[test]
fn faults_warnings_and_doubts_are_apart() {
    let fault = |code| vec![Fault::of_file("publiccode.yml", code)];
    let with = |faults: &[FaultCode], warnings: &[FaultCode], undecided: &[FaultCode]| TreeFacts {
        publiccode: Some(Inspection {
            faults: faults.iter().flat_map(|code| fault(*code)).collect(),
            warnings: warnings.iter().flat_map(|code| fault(*code)).collect(),
            undecided: undecided.iter().flat_map(|code| fault(*code)).collect(),
        }),
        ..TreeFacts::default()
    };
    let old = with(&[], &[FaultCode::OldVersion], &[FaultCode::AddressNotAsked]);
    assert_eq!(outcome("publiccode-valid", &old), Outcome::Met);
    assert_eq!(outcome("publiccode-current", &old), Outcome::NotMet);
    assert_eq!(outcome("publiccode-reachable", &old), Outcome::NotAssessed, "nobody is called");
    let broken = with(&[FaultCode::MalformedYaml], &[], &[]);
    assert_eq!(outcome("publiccode-valid", &broken), Outcome::NotMet);
    assert_eq!(outcome("publiccode-current", &broken), Outcome::NotAssessed, "nobody knows");
}

#[test]
fn what_could_not_be_read_is_no_proof() {
    let reuse = |faults: &[FaultCode], undecided: &[FaultCode]| TreeFacts {
        reuse: Some(Ok(Inspection {
            faults: faults.iter().map(|code| Fault::of_file("a", *code)).collect(),
            undecided: undecided.iter().map(|code| Fault::of_file("b", *code)).collect(),
            ..Inspection::default()
        })),
        ..TreeFacts::default()
    };
    assert_eq!(outcome("reuse-copyright", &TreeFacts::default()), Outcome::NotAssessed);
    assert_eq!(outcome("reuse-copyright", &reuse(&[], &[])), Outcome::Met);
    assert_eq!(outcome("reuse-copyright", &reuse(&[FaultCode::NoLicensing], &[])), Outcome::Met, "another fault");
    assert_eq!(outcome("reuse-copyright", &reuse(&[FaultCode::NoCopyright], &[])), Outcome::NotMet);
    assert_eq!(outcome("reuse-copyright", &reuse(&[], &[FaultCode::BeyondLimits])), Outcome::NotAssessed);
    let broken = reuse(&[FaultCode::MalformedToml], &[]);
    assert_eq!(outcome("reuse-copyright", &broken), Outcome::NotAssessed, "nobody knows what it says");
    assert_eq!(outcome("reuse-readable", &broken), Outcome::NotMet);
}

#[test]
fn every_fault_of_reuse_belongs_to_one_practice() {
    for code in [
        FaultCode::NoCopyright,
        FaultCode::NoLicensing,
        FaultCode::BadExpression,
        FaultCode::UnknownLicence,
        FaultCode::DeprecatedLicence,
        FaultCode::LicenceWithoutEnding,
        FaultCode::LicenceTextMissing,
        FaultCode::LicenceUnused,
        FaultCode::Unreadable,
        FaultCode::MalformedToml,
        FaultCode::Dep5AndToml,
        FaultCode::Twice,
    ] {
        let found = Inspection { faults: vec![Fault::of_file("a", code)], ..Inspection::default() };
        let facts = TreeFacts { reuse: Some(Ok(found)), ..TreeFacts::default() };
        let broken =
            PRACTICES.iter().filter(|one| one.pack == Pack::Reuse && one.judged(&facts).outcome == Outcome::NotMet);
        assert_eq!(broken.count(), 1, "{code:?}");
    }
}

#[test]
fn what_has_expired_is_valid_and_not_current() {
    let with = |faults: Vec<Fault>| TreeFacts {
        security_txt: Some(Inspection { faults, ..Inspection::default() }),
        ..TreeFacts::default()
    };
    let fault = |code, field| Fault::of_file("security.txt", code).about(field);
    for (faults, valid, current) in [
        (vec![], Outcome::Met, Outcome::Met),
        (vec![fault(FaultCode::Expired, "expires")], Outcome::Met, Outcome::NotMet),
        (vec![fault(FaultCode::Missing, "expires")], Outcome::NotMet, Outcome::NotAssessed),
        (vec![fault(FaultCode::Missing, "contact")], Outcome::NotMet, Outcome::Met),
    ] {
        let facts = with(faults);
        assert_eq!((outcome("security-txt-valid", &facts), outcome("security-txt-current", &facts)), (valid, current));
    }
}

#[test]
fn an_old_file_is_not_held_against_a_new_schema() {
    let warnings = vec![Fault::of_file("x", FaultCode::OldVersion)];
    let insights = Inspection { warnings, ..Inspection::default() };
    let facts = TreeFacts { security_insights: Some(insights), ..TreeFacts::default() };
    assert_eq!(outcome("insights-valid", &facts), Outcome::NotAssessed);
    assert_eq!(outcome("insights-current", &facts), Outcome::NotMet);
}
