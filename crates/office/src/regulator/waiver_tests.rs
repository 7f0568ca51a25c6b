// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Verdicts with waivers: over time by a table, and counts against somebody who counts naively.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use underpin_formats::rulebook::Rule;
use underpin_model::Timestamp;
use underpin_model::registry::{AgencyId, Classification};
use underpin_model::rules::{RuleVerdict, Subject};
use underpin_model::waivers::{Granter, RuleWaiver, WaiverChange, WaiverId, WaiverState, WaiverTerms, end_of_day};
use underpin_render::Language;

use super::house_check::{RuleTally, tallied};
use super::house_rules::{Cause, Member, Picture};
use super::rulebooks::{Rulebook, shipped};
use super::waived::LetOff;

const DAY: i64 = Timestamp::DAY_US;
const AGENCIES: [&str; 3] = ["health", "sea", "tax"];

/// A rule about packages, of which several agencies can have one.
fn rule() -> (Rulebook, Rule) {
    let book = shipped("licences").unwrap();
    let rule = book.rules.iter().find(|rule| rule.id == "osi-approved").unwrap().clone();
    (book, rule)
}

/// What becomes of a waiver, and on which day.
type Events = Vec<(i64, WaiverChange)>;

fn waiver(
    number: i64,
    about: &str,
    agency: Option<&str>,
    (from, until): (i64, i64),
    events: &[(i64, WaiverChange)],
    at: i64,
) -> RuleWaiver {
    let terms = WaiverTerms {
        rulebook: "licences".to_owned(),
        rule: "osi-approved".to_owned(),
        version: 1,
        subject: Subject::Package,
        about: about.to_owned(),
        agency: agency.map(AgencyId::from),
        from: Timestamp(from * DAY),
        until: end_of_day(Timestamp(until * DAY)),
        reason: "why".to_owned(),
        compensation: "a wall".to_owned(),
        granter: Granter::Agency,
        longest_days: 366,
        seen_with: None,
        classification: Classification::Internal,
        compartments: Vec::new(),
    };
    let proposed = Timestamp(0);
    let mut waiver = RuleWaiver {
        id: WaiverId(number),
        terms,
        proposed,
        proposed_by: "ada".to_owned(),
        answer: None,
        withdrawn: None,
    };
    for (day, change) in events.iter().filter(|(day, _)| *day <= at) {
        waiver.take(change.clone(), "bo".to_owned(), Timestamp(day * DAY));
    }
    waiver
}

fn grant(day: i64) -> (i64, WaiverChange) {
    (day, WaiverChange::Grant { note: String::new() })
}

fn withdraw(day: i64) -> (i64, WaiverChange) {
    (day, WaiverChange::Withdraw { reason: "mended".to_owned() })
}

fn cause(member: usize, is_open: bool, due: Option<i64>) -> Cause {
    Cause { member: member as u32, reason: 0, is_open, detail: None, due }
}

fn picture(members: &[Vec<&str>], causes: Vec<Cause>) -> Picture {
    let agencies: BTreeSet<&str> = members.iter().flatten().copied().collect();
    let place = |agency: &&str| agencies.iter().position(|other| other == agency).expect("an agency") as u32;
    let member = |(number, own): (usize, &Vec<&str>)| Member {
        id: format!("pkg:npm/p{number}@1"),
        agencies: own.iter().map(place).collect(),
    };
    let members = members.iter().enumerate().map(member).collect();
    let agencies = agencies.into_iter().map(str::to_owned).collect();
    Picture { members, agencies, reasons: rule().1.reasons, causes, tlp: None }
}

#[test]
fn a_violation_is_waived_for_as_long_as_a_waiver_holds_and_never_met() {
    let (book, rule) = rule();
    let found = picture(&[vec!["tax"]], vec![cause(0, false, None)]);
    let events = [grant(5), withdraw(40)];
    for (at, expected, line) in [
        (4, (1, 0), ""),
        (5, (1, 0), ""),
        (9, (1, 0), ""),
        (10, (0, 1), "waived for tax until 1970-01-31 by decision W7 of bo"),
        (30, (0, 1), "waived for tax until 1970-01-31 by decision W7 of bo"),
        (31, (1, 0), "waiver W7 for tax ran out yesterday"),
        (33, (1, 0), "waiver W7 for tax ran out 3 days ago"),
        (40, (1, 0), ""),
    ] {
        let all = [waiver(7, "pkg:npm/p0@1", Some("tax"), (10, 30), &events, at)];
        let let_off = LetOff::of(&all, &book.book, &rule, Timestamp(at * DAY));
        let told = tallied(&found, &let_off, (&None, true), at);
        let (not_met, waived) = expected;
        let counts = RuleTally { met: 0, not_met, waived, not_assessed: 0 };
        assert_eq!((told.counts, told.agencies["tax"]), (counts, counts), "day {at}");
        let one = &told.subjects.unwrap()[0];
        assert_eq!((one.verdict, one.is_waived), (RuleVerdict::NotMet, waived == 1), "day {at}");
        let lines: Vec<String> = one.waivers.iter().map(|waiver| waiver.line(Language::English)).collect();
        assert_eq!(lines.join("; "), line, "day {at}");
    }
}

#[test]
fn what_is_open_or_met_is_never_waived() {
    let (book, rule) = rule();
    let all = [
        waiver(1, "pkg:npm/p0@1", Some("tax"), (0, 30), &[grant(0)], 5),
        waiver(2, "pkg:npm/p1@1", None, (0, 30), &[grant(0)], 5),
        waiver(3, "pkg:npm/p2@1", Some("tax"), (0, 30), &[grant(0)], 5),
    ];
    let let_off = LetOff::of(&all, &book.book, &rule, Timestamp(5 * DAY));
    // The third is due on the sixth day: until then it is kept.
    let found = picture(&[vec!["tax"], vec!["tax"], vec!["tax"]], vec![cause(0, true, None), cause(2, false, Some(6))]);
    let told = tallied(&found, &let_off, (&None, true), 5);
    assert_eq!(told.counts, RuleTally { met: 2, not_met: 0, waived: 0, not_assessed: 1 });
    assert!(told.subjects.unwrap().iter().all(|one| !one.is_waived && one.waivers.is_empty()));
}

#[test]
fn of_a_rule_that_lets_nobody_off_no_waiver_counts() {
    let (mut book, mut rule) = rule();
    let all = [waiver(1, "pkg:npm/p0@1", None, (0, 30), &[grant(0)], 5)];
    let holds = |book: &Rulebook, rule: &Rule| {
        LetOff::of(&all, &book.book, rule, Timestamp(5 * DAY)).lets_off("pkg:npm/p0@1", ["tax"])
    };
    assert!(holds(&book, &rule));
    // An heir of the book keeps the waivers of whoever owns the rule.
    let own = Rule { of_book: Some("licences".to_owned()), waiver: book.book.waiver.clone(), ..rule.clone() };
    let heir = Rulebook {
        book: underpin_formats::rulebook::Book { id: "house".to_owned(), ..book.book.clone() },
        ..book.clone()
    };
    assert!(holds(&heir, &own));
    assert!(!holds(&heir, &Rule { waiver: None, ..own.clone() }), "the heir's words let nobody off");
    assert!(!holds(&heir, &Rule { of_book: None, ..own }), "a rule of the same name in another book is another rule");
    rule.id = "eupl-compatible".to_owned();
    assert!(!holds(&book, &rule));
    rule.id = "osi-approved".to_owned();
    book.book.waiver.as_mut().unwrap().granted_by = None;
    assert!(!holds(&book, &rule));
}

/// A package: its agencies, and why it does not keep the rule, each with its day.
type Package = (Vec<usize>, Vec<(bool, Option<i64>)>);
/// A waiver: package, agency (the last one for all), first day, days, and what became of it.
type Asked = (usize, usize, i64, i64, usize, i64, i64);

fn packages() -> impl Strategy<Value = Vec<Package>> {
    let agencies = proptest::sample::subsequence(vec![0, 1, 2], 0..=3);
    let causes = proptest::collection::vec((any::<bool>(), proptest::option::of(0_i64..40)), 0..3);
    proptest::collection::vec((agencies, causes), 0..8)
}

fn asked() -> impl Strategy<Value = Vec<Asked>> {
    proptest::collection::vec((0_usize..8, 0_usize..4, 0_i64..40, 0_i64..20, 0_usize..5, 0_i64..40, 0_i64..40), 0..24)
}

fn events(kind: usize, first: i64, second: i64) -> Events {
    let refuse = WaiverChange::Refuse { reason: "no".to_owned() };
    match kind {
        0 => Vec::new(),
        1 => vec![(first, refuse)],
        2 => vec![grant(first), withdraw(first.max(second))],
        3 => vec![withdraw(first)],
        _ => vec![grant(first)],
    }
}

/// Whether one is let off at an agency, said in other words than the house does.
fn is_let_off(waivers: &[Asked], (package, agency, at): (usize, Option<usize>, i64)) -> bool {
    waivers.iter().any(|(about, of, from, days, kind, first, second)| {
        let is_meant = *about == package && (*of == 3 || Some(*of) == agency);
        let is_in_time = (*from..=*from + *days).contains(&at);
        let is_granted = match kind {
            2 => (*first..*first.max(second)).contains(&at),
            4 => *first <= at,
            _ => false,
        };
        is_meant && is_in_time && is_granted
    })
}

proptest! {
    #[test]
    fn counts_are_those_of_somebody_who_counts_naively(packages in packages(), asked in asked(), at in 0_i64..60, only in 0_usize..4) {
        let (book, rule) = rule();
        let members: Vec<Vec<&str>> =
            packages.iter().map(|(agencies, _)| agencies.iter().map(|agency| AGENCIES[*agency]).collect()).collect();
        let causes = packages.iter().enumerate().flat_map(|(number, (_, causes))| {
            causes.iter().map(move |(is_open, due)| cause(number, *is_open, *due))
        });
        let found = picture(&members, causes.collect());
        let waivers: Vec<RuleWaiver> = asked
            .iter()
            .zip(1..)
            .map(|((package, agency, from, days, kind, first, second), number)| {
                let agency = AGENCIES.get(*agency).copied();
                let about = format!("pkg:npm/p{package}@1");
                waiver(number, &about, agency, (*from, from + days), &events(*kind, *first, *second), at)
            })
            .collect();
        let let_off = LetOff::of(&waivers, &book.book, &rule, Timestamp(at * DAY));
        let chosen = AGENCIES.get(only).map(|agency| BTreeSet::from([AgencyId::from(*agency)]));
        let told = tallied(&found, &let_off, (&chosen, true), at);

        let mut counts = [0_u64; 4];
        let mut by_agency: BTreeMap<&str, [u64; 4]> = BTreeMap::new();
        for (number, (agencies, causes)) in packages.iter().enumerate() {
            let own: Vec<usize> = agencies.iter().copied().filter(|agency| only == 3 || *agency == only).collect();
            if own.is_empty() && only != 3 {
                continue;
            }
            let counting = || causes.iter().filter(|(_, due)| due.is_none_or(|due| due < at));
            let verdict = match (counting().count(), counting().any(|(is_open, _)| !is_open)) {
                (0, _) => 0,
                (_, true) => 1,
                (_, false) => 3,
            };
            let at_each = |agency: Option<usize>| is_let_off(&asked, (number, agency, at));
            let everywhere =
                if own.is_empty() { at_each(None) } else { own.iter().all(|agency| at_each(Some(*agency))) };
            counts[if verdict == 1 && everywhere { 2 } else { verdict }] += 1;
            for agency in own {
                let here = if verdict == 1 && at_each(Some(agency)) { 2 } else { verdict };
                by_agency.entry(AGENCIES[agency]).or_default()[here] += 1;
            }
        }
        let plain = |tally: &RuleTally| [tally.met, tally.not_met, tally.waived, tally.not_assessed];
        prop_assert_eq!(plain(&told.counts), counts);
        let found: BTreeMap<&str, [u64; 4]> = told.agencies.iter().map(|(agency, tally)| (*agency, plain(tally))).collect();
        prop_assert_eq!(found, by_agency);
        let subjects = told.subjects.unwrap();
        prop_assert_eq!(subjects.iter().filter(|one| one.is_waived).count() as u64, counts[2]);
        prop_assert!(subjects.iter().all(|one| !one.is_waived || one.waivers.iter().any(|waiver| waiver.state == WaiverState::Holds)));
    }
}
