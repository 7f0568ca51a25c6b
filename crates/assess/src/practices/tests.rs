// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every practice against trees that keep and break it.

use std::collections::BTreeSet;

use underpin_model::build_facts::{BuildFacts, Theme};
use underpin_model::practices::{HistoryMarks, Inspection};

use super::*;

fn outcome(id: &str, facts: &TreeFacts) -> Outcome {
    all().find(|practice| practice.id == id).expect(id).judged(facts).outcome
}

#[test]
fn names_are_stable_words_and_stand_once() {
    let names: BTreeSet<&str> = all().map(|practice| practice.id).collect();
    assert_eq!(names.len(), all().count());
    for practice in all() {
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
        let name = if topic == Topic::Publiccode { "publiccode.yml" } else { "file" };
        facts.named = vec![(topic, name.to_owned(), true)];
        assert_eq!(outcome(id, &facts), Outcome::Met, "{id}");
        facts.named.clear();
    }
    for name in ["publiccode.yaml", "PublicCode.YML", "docs/publiccode.yml"] {
        facts.named = vec![(Topic::Publiccode, name.to_owned(), true)];
        assert_eq!(outcome("publiccode-there", &facts), Outcome::NotMet, "{name} is not the name");
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

#[test]
fn every_requirement_of_the_catalogue_is_there_with_its_levels() {
    let Some(exam) = underpin_testkit::exam("osps-baseline") else { return };
    let mut expected: BTreeSet<(String, Vec<u8>)> = BTreeSet::new();
    for entry in std::fs::read_dir(exam.join("baseline")).expect("a catalogue") {
        let path = entry.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        expected.extend(path.to_string_lossy().contains("OSPS-").then(|| requirements(&text)).into_iter().flatten());
    }
    let ours = all().filter(|practice| practice.pack == Pack::Osps);
    let ours: BTreeSet<(String, Vec<u8>)> = ours.map(|one| (one.rule.to_owned(), levels(one).to_vec())).collect();
    let missing: Vec<_> = expected.symmetric_difference(&ours).collect();
    assert!(missing.is_empty() && ours.len() > 60, "{missing:?}");
}

/// The requirements in force of a file of the catalogue, with their levels; its YAML has one thing a line.
fn requirements(text: &str) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<(String, Vec<u8>, bool)> = Vec::new();
    let mut is_own = false;
    for line in text.lines() {
        if let Some(id) = line.strip_prefix("      - id: OSPS-") {
            found.push((format!("OSPS-{id}"), Vec::new(), true));
            is_own = true;
        } else if line.starts_with("  - id:") {
            is_own = false;
        } else if let (true, Some(last)) = (is_own, found.last_mut()) {
            if let Some(level) = line.trim().strip_prefix("- maturity-") {
                last.1.extend(level.parse::<u8>());
            }
            last.2 &= !line.trim().starts_with("state: Retired");
        }
    }
    found.into_iter().filter(|(.., in_force)| *in_force).map(|(id, levels, _)| (id, levels)).collect()
}

fn built(change: impl FnOnce(&mut BuildFacts)) -> TreeFacts {
    let mut builds = BuildFacts::default();
    change(&mut builds);
    TreeFacts { builds: Some(builds), ..TreeFacts::default() }
}

#[test]
fn what_pipelines_do_is_judged_only_where_they_are_understood() {
    let workflow = || Fault::of_file(".github/workflows/a.yml", FaultCode::Pipeline).about("github-actions");
    let id = "scorecard-dangerous-workflow";
    assert_eq!(outcome(id, &TreeFacts::default()), Outcome::NotAssessed, "nobody looked");
    assert_eq!(outcome(id, &built(|_| ())), Outcome::NotAssessed, "there is none");
    assert_eq!(outcome(id, &built(|facts| facts.sign(workflow()))), Outcome::Met);
    let broken = built(|facts| {
        facts.sign(workflow());
        facts.open(Fault::of_file(".github/workflows/a.yml", FaultCode::MalformedYaml));
    });
    assert_eq!(outcome(id, &broken), Outcome::NotAssessed);
    let bad = built(|facts| facts.fault(Fault::of_file("a", FaultCode::UntrustedInput)));
    assert_eq!(outcome(id, &bad), Outcome::NotMet);
    assert_eq!(outcome("osps-untrusted-code", &bad), Outcome::NotAssessed, "another fault");
}

#[test]
fn the_wrapper_of_gradle_counts_unless_it_is_held_against_the_known_ones() {
    let wrapper = |facts: &mut BuildFacts| {
        facts.fault(Fault::of_file("gradle/wrapper/gradle-wrapper.jar", FaultCode::ProgramFile))
    };
    assert_eq!(outcome("scorecard-binary-artifacts", &built(wrapper)), Outcome::NotMet);
    let checked = built(|facts| {
        wrapper(facts);
        facts.sign(Fault::of_file("a.yml", FaultCode::Declared).about("gradle-wrapper"));
    });
    assert_eq!(outcome("scorecard-binary-artifacts", &checked), Outcome::Met);
    let unread = built(|facts| facts.open(Fault::of_file("large", FaultCode::BeyondLimits)));
    assert_eq!(outcome("scorecard-binary-artifacts", &unread), Outcome::NotAssessed, "it may be a program");
    let opaque = built(|facts| facts.fault(Fault::of_file("a.zip", FaultCode::OpaqueFile)));
    assert_eq!(outcome("osps-no-programs", &opaque), Outcome::Met);
    assert_eq!(outcome("osps-no-opaque-files", &opaque), Outcome::NotAssessed, "a person has to look");
}

#[test]
fn rules_are_found_at_their_addresses() {
    for (id, expected) in [
        ("readme", "https://standard.publiccode.net/criteria/document-the-code.html"),
        ("scorecard-sast", "https://github.com/ossf/scorecard/blob/main/docs/checks.md#sast"),
        ("no-likely-secrets", "https://cwe.mitre.org/data/definitions/798.html"),
        ("security-txt-current", "https://www.rfc-editor.org/rfc/rfc9116#section-2.5.5"),
        ("reuse-texts", "https://reuse.software/spec-3.3"),
    ] {
        assert_eq!(rule_address(all().find(|practice| practice.id == id).expect(id)), expected);
    }
    assert!(all().all(|practice| !rule_address(practice).contains(' ')));
}

#[test]
fn what_only_the_forge_knows_is_never_told() {
    let rich = built(|facts| facts.sign(Fault::of_file("a", FaultCode::ChecksDependencies)));
    for id in
        ["osps-approval", "scorecard-branch-protection", "osps-dependency-checks", "osps-second-factor", "reviews"]
    {
        let judged = all().find(|practice| practice.id == id).expect(id).judged(&rich);
        assert_eq!((judged.outcome, judged.obstacle), (Outcome::NotAssessed, Some(Obstacle::NeedsForge)), "{id}");
    }
}

#[test]
fn commits_and_tags_speak_only_when_they_all_do() {
    let with = |commits, signed_off, has_release_tag| TreeFacts {
        marks: Some(HistoryMarks { commits, signed_off, has_release_tag }),
        ..TreeFacts::default()
    };
    assert_eq!(outcome("osps-contributor-assertion", &with(3, 3, false)), Outcome::Met);
    assert_eq!(outcome("osps-contributor-assertion", &with(3, 2, false)), Outcome::NotAssessed, "the forge may ask");
    assert_eq!(outcome("osps-contributor-assertion", &with(0, 0, false)), Outcome::NotAssessed);
    assert_eq!(outcome("osps-release-version", &with(1, 0, true)), Outcome::Met);
    assert_eq!(outcome("osps-release-version", &with(1, 0, false)), Outcome::NotAssessed);
}

#[test]
fn a_policy_that_points_elsewhere_is_not_held_to_name_no_channel() {
    let with = |contact: bool| {
        let mut facts = built(|facts| {
            if contact {
                facts.theme(Theme::Contact, Fault::of_file("SECURITY.md", FaultCode::Found));
            }
        });
        facts.named = vec![(Topic::SecurityPolicy, "SECURITY.md".to_owned(), true)];
        facts
    };
    assert_eq!(outcome("osps-private-reporting", &with(true)), Outcome::NotAssessed);
    assert_eq!(outcome("osps-private-reporting", &with(false)), Outcome::NotMet);
    assert_eq!(outcome("osps-security-contacts", &with(true)), Outcome::Met);
    assert_eq!(outcome("osps-private-reporting", &built(|_| ())), Outcome::NotMet, "no policy at all");
}
