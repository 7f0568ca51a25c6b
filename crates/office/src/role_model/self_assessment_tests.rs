// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which answers count, which are old, and what stands beside them.

use underpin_model::catalogue::{Declared, RepositoryLook};

use super::*;

const DAY: i64 = 86_400_000_000;

fn repository(version: &str, roots: &[&str], marks: std::ops::Range<u64>) -> OwnRepository {
    OwnRepository {
        declared: Declared { version: Some(version.to_owned()), ..Declared::default() },
        look: Some(RepositoryLook {
            roots: roots.iter().map(|root| (*root).to_owned()).collect(),
            marks: marks.collect(),
            ..RepositoryLook::default()
        }),
        ..OwnRepository::default()
    }
}

#[test]
fn a_large_change_is_a_main_version_another_history_or_other_contents() {
    let then = repository("1.9.0", &["a"], 0..100);
    for (now, expected) in [
        (repository("1.12.3", &["a"], 0..100), false),
        (repository("v1", &["a", "b"], 0..100), false),
        (repository("a name", &[], 0..100), false),
        (repository("1.9.0", &["a"], 0..0), false),
        (repository("1.9.0", &["a"], 20..120), false),
        (repository("2.0.0", &["a"], 0..100), true),
        (repository("1.9.0", &["b"], 0..100), true),
        (repository("1.9.0", &["a"], 60..160), true),
        (OwnRepository::default(), false),
    ] {
        assert_eq!(is_another(&then, &now), expected, "{now:?}");
    }
    let young = |version: &str| repository(version, &["a"], 0..100);
    assert!(is_another(&young("0.4.9"), &young("0.5.0")), "before 1.0 the second number tells");
    assert!(!is_another(&young("0.4.9"), &young("0.4.10")));
}

fn said(at: i64, requirement: &str, answer: SelfAnswer) -> SelfAssessmentRecord {
    let (standard, version) = PUBLIC_CODE;
    SelfAssessmentRecord {
        number: 1,
        agency: "treasury".into(),
        address: "git.example/a/b".to_owned(),
        about: AboutRequirement {
            standard: standard.to_owned(),
            version: version.to_owned(),
            requirement: requirement.to_owned(),
        },
        said: SelfAssessment { answer, reason: "so".to_owned(), evidence: None },
        is_whole: true,
        actor: "ada".to_owned(),
        moment: Timestamp(at),
    }
}

fn line(at: i64, repository: OwnRepository) -> RepositoryRecord {
    RepositoryRecord {
        agency_name: None,
        number: at,
        agency: "treasury".into(),
        address: "git.example/a/b".to_owned(),
        repository,
        actor: "ada".to_owned(),
        moment: Timestamp(at),
    }
}

#[test]
fn an_answer_grows_old_by_a_year_a_version_or_a_large_change() {
    let lines = [
        line(DAY, repository("1.0.0", &["a"], 0..100)),
        line(10 * DAY, repository("1.1.0", &["a"], 10..110)),
        line(20 * DAY, repository("2.0.0", &["a"], 10..110)),
    ];
    let old = |lines: &[RepositoryRecord], said: SelfAssessmentRecord, day: i64| {
        let known = Known { practices: &[], lines, as_of: Timestamp(day * DAY) };
        let row = known.rows(&[said]).into_iter().find(|row| row.answer.is_some()).expect("the answer");
        assert_eq!(row.is_open, row.old.is_some(), "what is old is asked again");
        row.old
    };
    let answer = |day: i64| said(day * DAY, "code-in-the-open-1", SelfAnswer::Met);
    assert_eq!(old(&lines[..2], answer(5), 15), None);
    assert_eq!(old(&lines, answer(5), 25), Some(OldBecause::Change));
    assert_eq!(old(&lines, answer(21), 25), None, "it was said after the change");
    assert_eq!(old(&lines[..2], answer(5), 369), None, "the first year is not over");
    assert_eq!(old(&lines[..2], answer(5), 371), Some(OldBecause::Year));
    let mut other = answer(5);
    other.about.version = "0.7.1".to_owned();
    assert_eq!(old(&lines[..2], other, 6), Some(OldBecause::Standard));
}

#[test]
fn what_the_program_found_stands_whatever_is_said() {
    let practice = |name: &str, outcome| KeptPractice { practice: name.to_owned(), outcome, ..KeptPractice::default() };
    let practices = [
        practice("changelog", Outcome::NotMet),
        practice("governance", Outcome::NotAssessed),
        practice("examples", Outcome::Met),
    ];
    let known = Known { practices: &practices, lines: &[], as_of: Timestamp(DAY) };
    let row = |requirement: &str, answer: Option<SelfAnswer>| {
        let said: Vec<_> = answer.map(|answer| said(0, requirement, answer)).into_iter().collect();
        let rows = known.rows(&said);
        let row = rows.into_iter().find(|row| row.requirement == requirement).expect("a row");
        (row.program[0].outcome, row.contradicts, row.is_open)
    };
    let (wanting, unknown, shown) = ("document-codebase-maturity-4", "welcome-contributors-3", "document-the-code-3");
    for answer in [SelfAnswer::Met, SelfAnswer::DoesNotApply] {
        assert_eq!(row(wanting, Some(answer)), (Outcome::NotMet, true, false));
    }
    for answer in [None, Some(SelfAnswer::NotMet), Some(SelfAnswer::DoNotKnow)] {
        assert_eq!(row(wanting, answer), (Outcome::NotMet, false, false));
    }
    assert_eq!(row(unknown, None), (Outcome::NotAssessed, false, true));
    assert_eq!(row(unknown, Some(SelfAnswer::DoNotKnow)), (Outcome::NotAssessed, false, true));
    assert_eq!(row(unknown, Some(SelfAnswer::Met)), (Outcome::NotAssessed, false, false));
    assert_eq!(row(shown, None), (Outcome::Met, false, false), "the program knows");
    assert_eq!(row(shown, Some(SelfAnswer::NotMet)), (Outcome::Met, false, false));
}
