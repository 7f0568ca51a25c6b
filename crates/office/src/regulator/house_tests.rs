// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rules over the house: days, what is not known, and BOD 26-04 held against its table.

use std::collections::BTreeMap;

use underpin_formats::house_rule::{CaseCell, CaseRow, HouseCase};
use underpin_formats::rulebook::Rule;
use underpin_model::rules::RuleVerdict::{Met, NotAssessed, NotMet};
use underpin_model::rules::{Bearer, RuleVerdict};
use underpin_model::{Limits, Timestamp};

use super::house_asked::{Asked, Case};
use super::house_rules::{Cause, Member, Picture, day_of, picture, verdict};
use super::rulebooks::{shipped, shipped_ids};
use crate::error::Result;

fn cause(member: u32, is_open: bool, due: Option<i64>) -> Cause {
    Cause { member, reason: 0, is_open, detail: None, due }
}

#[test]
fn what_is_due_counts_from_the_day_after() {
    let (broken, open) = (|due| cause(0, false, due), |due| cause(0, true, due));
    for (causes, day, more, expected) in [
        (vec![], 10, 0, Met),
        (vec![broken(None)], 10, 0, NotMet),
        (vec![broken(Some(10))], 10, 0, Met),
        (vec![broken(Some(9))], 10, 0, NotMet),
        (vec![broken(Some(9))], 10, 1, Met),
        (vec![broken(Some(i64::MAX))], i64::MAX, 90, Met),
        (vec![open(Some(9))], 10, 0, NotAssessed),
        (vec![open(None), broken(Some(10))], 10, 0, NotAssessed),
        (vec![open(None), broken(Some(9))], 10, 0, NotMet),
        // More days do not help against what is not known.
        (vec![open(None), broken(Some(9))], 10, 90, NotAssessed),
    ] {
        assert_eq!(verdict(&causes, day, more), expected, "{causes:?} {day} {more}");
    }
}

#[test]
fn causes_go_to_their_members() {
    let member = |id: &str| Member { id: id.to_owned(), agencies: Vec::new() };
    let picture = Picture {
        agencies: Vec::new(),
        members: ["a", "b", "c", "d"].map(member).into(),
        reasons: Vec::new(),
        causes: vec![cause(1, false, None), cause(1, true, None), cause(3, true, None)],
        tlp: None,
    };
    let found: Vec<(usize, usize)> = picture.each().map(|(number, _, causes)| (number, causes.len())).collect();
    assert_eq!(found, [(0, 0), (1, 2), (2, 0), (3, 1)]);
}

#[test]
fn no_shipped_rule_gives_work_to_a_project() {
    assert_eq!(Bearer::ALL.iter().map(|bearer| bearer.as_str()).collect::<Vec<_>>(), ["agency", "vendor", "office"]);
    let of_house: Vec<Rule> = shipped_ids().flat_map(|id| shipped(id).unwrap().rules).collect();
    let of_house: Vec<&Rule> = of_house.iter().filter(|rule| rule.subject.is_of_the_house()).collect();
    assert!(of_house.len() >= 15 && of_house.iter().all(|rule| !rule.reasons.is_empty()));
}

#[test]
fn every_shipped_rule_says_who_may_be_let_off() {
    for book in shipped_ids().map(|id| shipped(id).unwrap()) {
        for rule in &book.rules {
            let words = rule.waiver_in(&book.book).unwrap_or_else(|| panic!("{}/{}", book.book.id, rule.id));
            assert!(!words.en.is_empty() && !words.de.is_empty());
        }
    }
}

fn row(cells: &[(&str, CaseCell)]) -> CaseRow {
    cells.iter().map(|(name, cell)| ((*name).to_owned(), cell.clone())).collect()
}

fn words(text: &str) -> CaseCell {
    CaseCell::Text(text.to_owned())
}

/// What a rule of a shipped book says on a day, by system.
fn asked(
    book: &str,
    name: &str,
    tables: &BTreeMap<String, Vec<CaseRow>>,
    at: &str,
) -> Result<BTreeMap<String, RuleVerdict>> {
    let book = shipped(book).unwrap();
    let rule = book.rules.iter().find(|rule| rule.id == name).unwrap();
    asked_of(&book.book.id, rule, tables, at)
}

/// What a rule says on a day, by whom it is about.
fn asked_of(
    book: &str,
    rule: &Rule,
    tables: &BTreeMap<String, Vec<CaseRow>>,
    at: &str,
) -> Result<BTreeMap<String, RuleVerdict>> {
    let case = HouseCase {
        at: at.to_owned(),
        met: Vec::new(),
        not_met: Vec::new(),
        not_assessed: Vec::new(),
        tables: tables.clone(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let limits = Limits::default();
    let found = runtime.block_on(picture(&Asked::Rows(Box::new(Case::of(&case)), &limits), book, rule))?;
    let day = day_of(at.parse::<Timestamp>().unwrap());
    Ok(found.each().map(|(_, member, causes)| (member.id.clone(), verdict(causes, day, 0))).collect())
}

fn fresh(feeds: &[&str]) -> Vec<CaseRow> {
    let feed = |name: &&str| {
        row(&[("feed", words(name)), ("edition", CaseCell::Integer(1)), ("stale", CaseCell::Boolean(false))])
    };
    feeds.iter().map(feed).collect()
}

const EXPOSURES: [&str; 5] = ["unknown", "isolated", "internal", "partners", "internet"];
const ANSWERS: [Option<bool>; 3] = [None, Some(false), Some(true)];

/// The table of the directive for what the list has: public, automatable, total.
fn days_of_the_table(is_public: bool, is_automatable: bool, is_total: bool) -> i64 {
    match (is_public, is_automatable, is_total) {
        (true, true, _) | (true, _, true) | (false, true, true) => 3,
        _ => 14,
    }
}

/// Every completion of what is not known, by the table.
fn possible_days(exposure: &str, automatable: Option<bool>, total: Option<bool>) -> Vec<i64> {
    let both = |answer: Option<bool>| answer.map_or_else(|| vec![false, true], |answer| vec![answer]);
    let public = both((exposure != "unknown").then_some(exposure == "internet"));
    let mut days = Vec::new();
    for is_public in public {
        for is_automatable in both(automatable) {
            days.extend(both(total).into_iter().map(|is_total| days_of_the_table(is_public, is_automatable, is_total)));
        }
    }
    days
}

/// Late for every completion is not met, late for none is met, and everything between cannot be told.
#[test]
fn bod_26_04_says_what_its_table_says_for_all_that_may_be_so() {
    let mut tables: BTreeMap<String, Vec<CaseRow>> = BTreeMap::new();
    let mut expected: Vec<(String, Vec<i64>)> = Vec::new();
    for exposure in EXPOSURES {
        for automatable in ANSWERS {
            for total in ANSWERS {
                let name = format!("{exposure}-{automatable:?}-{total:?}");
                let impact = total.map_or("unknown", |total| if total { "total" } else { "partial" });
                let mut finding = row(&[
                    ("system", words(&name)),
                    ("package", words("pkg:npm/left@1.0.0")),
                    ("vulnerability", words("CVE-1")),
                    ("status", words("open")),
                    ("kev", CaseCell::Boolean(true)),
                    ("has_fix", CaseCell::Boolean(true)),
                    ("exposure", words(exposure)),
                    ("ssvc_impact", words(impact)),
                ]);
                if let Some(answer) = automatable {
                    finding.insert("ssvc_automatable".to_owned(), CaseCell::Boolean(answer));
                }
                let system = row(&[("system", words(&name)), ("agency", words("tax")), ("status", words("active"))]);
                let known = row(&[("system", words(&name)), ("state", words("known"))]);
                for (table, row) in [("finding", finding), ("system", system), ("system_coverage", known)] {
                    tables.entry(table.to_owned()).or_default().push(row);
                }
                expected.push((name, possible_days(exposure, automatable, total)));
            }
        }
    }
    tables.insert("feed".to_owned(), fresh(&["osv/npm", "kev"]));
    let listed = row(&[("vulnerability", words("CVE-1")), ("list", words("kev")), ("added", words("2027-01-01"))]);
    tables.insert("exploited".to_owned(), vec![listed]);
    for passed in [0, 3, 4, 10, 14, 15, 40] {
        let at = Timestamp("2027-01-01".parse::<Timestamp>().unwrap().0 + passed * Timestamp::DAY_US).date();
        let found = asked("kev-deadlines", "bod-26-04", &tables, &at).unwrap();
        for (name, days) in &expected {
            let late = days.iter().filter(|days| passed > **days).count();
            let expected = match late {
                0 => Met,
                late if late == days.len() => NotMet,
                _ => NotAssessed,
            };
            assert_eq!(found[name], expected, "{name} after {passed} days, {days:?}");
        }
    }
}

/// Each thing that a rule rests on, taken away, leaves nobody met.
#[test]
fn without_what_it_rests_on_a_rule_is_met_by_nobody() {
    let system = row(&[("system", words("a")), ("agency", words("tax")), ("status", words("active"))]);
    let known = row(&[("system", words("a")), ("state", words("known"))]);
    let whole = BTreeMap::from([
        ("system".to_owned(), vec![system]),
        ("system_coverage".to_owned(), vec![known]),
        ("feed".to_owned(), fresh(&["osv/npm", "osv/PyPI", "kev"])),
    ]);
    let of = |tables: &BTreeMap<String, Vec<CaseRow>>| {
        asked("kev-deadlines", "bod-22-01", tables, "2026-01-01").unwrap()["a"]
    };
    assert_eq!(of(&whole), Met);
    let with = |table: &str, rows: Vec<CaseRow>| {
        let mut tables = whole.clone();
        tables.insert(table.to_owned(), rows);
        of(&tables)
    };
    let state = |state: &str| vec![row(&[("system", words("a")), ("state", words(state))])];
    let unwatched =
        row(&[("system", words("a")), ("reason", words("no-source")), ("package_versions", CaseCell::Integer(1))]);
    let mut stale = fresh(&["osv/npm", "osv/PyPI", "kev"]);
    stale[1].insert("stale".to_owned(), CaseCell::Boolean(true));
    let mut unsaid = fresh(&["osv/npm", "kev"]);
    unsaid[0].remove("stale");
    let mut never = fresh(&["osv/npm", "kev"]);
    never[1].remove("edition");
    for (what, found) in [
        ("no inventory", with("system_coverage", Vec::new())),
        ("unknown", with("system_coverage", state("unknown"))),
        ("stale", with("system_coverage", state("stale"))),
        ("blind", with("system_coverage", state("blind"))),
        ("a word that nobody knows", with("system_coverage", state("perhaps"))),
        ("no feed", with("feed", Vec::new())),
        ("one feed", with("feed", fresh(&["kev"]))),
        ("a feed of a similar name", with("feed", fresh(&["osvx", "kev"]))),
        ("a stale feed", with("feed", stale)),
        ("a feed of unknown age", with("feed", unsaid)),
        ("a feed that was never fetched", with("feed", never)),
        ("packages that nobody speaks of", with("unwatched", vec![unwatched])),
    ] {
        assert_eq!(found, NotAssessed, "{what}");
    }
}

/// Of agencies the same holds: a system that is silent, only counted or not watched leaves its agency open.
#[test]
fn an_agency_keeps_nothing_with_systems_that_are_not_known() {
    let text = r#"
id = "clean"
version = 1
demand = "must"
subject = "agency"
clause = "1"
feeds = ["osv"]
sql = "SELECT agency AS subject, 'not-met' AS outcome, 'hit' AS reason, NULL AS detail, NULL AS due FROM finding"
title = { en = "a", de = "b" }
text = { en = "a", de = "b" }
remedy = { en = "a", de = "b" }
[[reason]]
id = "hit"
text = { en = "a", de = "b" }
remedy = { en = "a", de = "b" }
[[house]]
at = "2026-06-01"
met = ["a"]
not_met = ["b"]
not_assessed = ["c"]
"#;
    let rule = underpin_formats::rulebook::rule("own/clean.toml", text).unwrap();
    let agency = |declared: Option<i64>| {
        let mut row = row(&[("agency", words("tax")), ("name", words("Tax"))]);
        row.extend(declared.map(|count| ("declared_systems".to_owned(), CaseCell::Integer(count))));
        vec![row]
    };
    let system = row(&[("system", words("a")), ("agency", words("tax")), ("status", words("active"))]);
    let coverage = |state: &str| vec![row(&[("system", words("a")), ("state", words(state))])];
    let whole = BTreeMap::from([
        ("agency".to_owned(), agency(None)),
        ("system".to_owned(), vec![system]),
        ("system_coverage".to_owned(), coverage("known")),
        ("feed".to_owned(), fresh(&["osv/npm"])),
    ]);
    let with = |changes: Vec<(&str, Vec<CaseRow>)>| {
        let mut tables = whole.clone();
        tables.extend(changes.into_iter().map(|(table, rows)| (table.to_owned(), rows)));
        asked_of("own", &rule, &tables, "2026-06-01").unwrap()["tax"]
    };
    let unwatched = row(&[
        ("system", words("a")),
        ("agency", words("tax")),
        ("reason", words("no-source")),
        ("package_versions", CaseCell::Integer(1)),
    ]);
    for (what, changes, expected) in [
        ("all is known", vec![], Met),
        ("none is only counted", vec![("agency", agency(Some(0)))], Met),
        ("none at all, as the agency says", vec![("agency", agency(Some(0))), ("system", Vec::new())], Met),
        ("none at all, and nobody says so", vec![("system", Vec::new())], NotAssessed),
        ("three are only counted", vec![("agency", agency(Some(3)))], NotAssessed),
        ("silent", vec![("system_coverage", Vec::new())], NotAssessed),
        ("stale", vec![("system_coverage", coverage("stale"))], NotAssessed),
        ("blind", vec![("system_coverage", coverage("blind"))], NotAssessed),
        ("packages that nobody speaks of", vec![("unwatched", vec![unwatched])], NotAssessed),
    ] {
        assert_eq!(with(changes), expected, "{what}");
    }
}
