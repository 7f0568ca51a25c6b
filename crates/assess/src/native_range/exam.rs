// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Outside exams of native ranges: npm as npm answers, and all others by the intervals they come to.

use std::cmp::Ordering;
use std::path::Path;

use serde_json::Value;
use underpin_testkit::exam;

use super::{NpmRange, parse};
use crate::exam_rows::{Books, Row, javascript, json};
use crate::vers::{Bound, Interval, VersionRange};
use crate::version::{Scheme, compare};

/// Options of node-semver as the exam writes them: `true` and `{ loose: … }` mean loose, whatever is truthy counts.
fn options(row: &Row) -> (bool, bool) {
    let on = |name: &str| {
        row.options.split_once(name).is_some_and(|(_, value)| {
            let value = value.trim_start_matches([':', ' ']);
            !["false", "null", "0", "undefined"].iter().any(|off| value.starts_with(off))
        })
    };
    (row.options.starts_with("true") || on("loose"), on("includePrerelease"))
}

fn read(row: &Row, text: &str) -> Option<NpmRange> {
    let (loose, with_pre_releases) = options(row);
    NpmRange::parse_with(text, loose, with_pre_releases).ok()
}

/// Rows of one file; `judge` gets row, first and second text.
fn sit(books: &mut Books<'_>, folder: &Path, file: &str, judge: impl Fn(&Row, &str, &str) -> Option<String>) {
    for row in javascript(&folder.join("test/fixtures").join(file)) {
        if let [first, second] = &row.texts[..] {
            books.enter(format!("{file}: {first} {second} {}", row.options), judge(&row, first, second));
        }
    }
}

const NODE_SEMVER: &[(&str, &str)] = &[
    ("version-gt-range.js: 0.7.x 0.7.2-beta ", BETWEEN_THE_ENDS),
    ("version-lt-range.js: >1.2.3 1.3.0-alpha ", BETWEEN_THE_ENDS),
    ("comparator-intersection.js: <0.0.0 <0.1.0 false", NOTHING_BELOW),
    ("comparator-intersection.js: <0.1.0 <0.0.0 false", NOTHING_BELOW),
    ("comparator-intersection.js: <0.0.0-0 <0.1.0 false", NOTHING_BELOW),
    ("comparator-intersection.js: <0.1.0 <0.0.0-0 false", NOTHING_BELOW),
    ("comparator-intersection.js: <0.0.0-0 <0.1.0 false, true", NOTHING_BELOW),
    ("comparator-intersection.js: <0.1.0 <0.0.0-0 false, true", NOTHING_BELOW),
];
const NOTHING_BELOW: &str = "no semantic version comes before 0.0.0-0; intervals know no least version";
const BETWEEN_THE_ENDS: &str =
    "npm does not admit the pre-release and calls it outside; by version order it lies between the ends of the range";

#[test]
fn node_semver() {
    let Some(folder) = exam("node-semver") else { return };
    let mut books = Books::new("node-semver ranges", NODE_SEMVER);
    for (file, expected) in [("range-include.js", true), ("range-exclude.js", false)] {
        sit(&mut books, &folder, file, |row, range, version| {
            let found = read(row, range).is_some_and(|range| range.contains(version));
            (found != expected).then(|| format!("contains is {found}"))
        });
    }
    sit(&mut books, &folder, "range-parse.js", |row, range, expected| {
        let found = read(row, range).map(|range| range.to_string());
        // `*` is what the exam writes for a range that holds everything.
        let expected = if expected == "*" { "" } else { expected };
        (found.as_deref() != Some(expected)).then(|| format!("got {found:?}"))
    });
    for (file, side, expected) in [
        ("version-gt-range.js", Ordering::Greater, true),
        ("version-not-gt-range.js", Ordering::Greater, false),
        ("version-lt-range.js", Ordering::Less, true),
        ("version-not-lt-range.js", Ordering::Less, false),
    ] {
        sit(&mut books, &folder, file, |row, range, version| {
            let range = read(row, range)?;
            let found = lies(&range, version) == Some(side);
            (found != expected).then(|| format!("{side:?} is {found}"))
        });
    }
    for row in javascript(&folder.join("test/fixtures/range-parse.js")) {
        if let ([text], true) = (&row.texts[..], row.options.starts_with("null")) {
            let found = NpmRange::parse(text, false).ok().map(|range| range.to_string());
            books.enter(format!("range-parse.js: {text} null"), found.map(|found| format!("got {found}")));
        }
    }
    for file in ["range-intersection.js", "comparator-intersection.js"] {
        sit(&mut books, &folder, file, |row, a, b| {
            let with_pre_releases = row.options.contains(", true");
            let intervals =
                |text| NpmRange::parse_with(text, false, with_pre_releases).map(|range| range.intervals(Scheme::Npm));
            let (a, b) = (intervals(a).ok()?, intervals(b).ok()?);
            let found = !a.intersection(Scheme::Npm, &b).list().is_empty();
            (found != row.options.starts_with("true")).then(|| format!("intersects is {found}"))
        });
    }
    books.close(700);
}

/// On which side of all intervals a version lies that the range does not contain.
fn lies(range: &NpmRange, version: &str) -> Option<Ordering> {
    if range.contains(version) {
        return None;
    }
    let intervals = range.intervals(Scheme::Npm);
    let against = |bound: &Bound| compare(Scheme::Npm, version, &bound.version);
    let (first, last) = (intervals.list().first()?, intervals.list().last()?);
    if last.upper.as_ref().is_some_and(|bound| {
        against(bound) == Ordering::Greater || (against(bound) == Ordering::Equal && !bound.inclusive)
    }) {
        return Some(Ordering::Greater);
    }
    first
        .lower
        .as_ref()
        .is_some_and(|bound| {
            against(bound) == Ordering::Less || (against(bound) == Ordering::Equal && !bound.inclusive)
        })
        .then_some(Ordering::Less)
}

/// Whether two ranges come to the same intervals. The exam leaves out the `-0` at the end of a caret or tilde range of
/// npm, which keeps pre-releases of the next version out, and likewise Composer's `-dev`.
fn same(scheme: Scheme, own: &VersionRange, expected: &VersionRange) -> bool {
    let end = |bound: &Bound| {
        let bare = bound.version.strip_suffix("-0").or_else(|| bound.version.strip_suffix("-dev"));
        bare.filter(|_| !bound.inclusive).unwrap_or(&bound.version).to_owned()
    };
    let equal = |a: &Option<Bound>, b: &Option<Bound>| match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a.inclusive == b.inclusive && compare(scheme, &end(a), &end(b)) == Ordering::Equal,
        _ => false,
    };
    let pair = |(a, b): (&Interval, &Interval)| equal(&a.lower, &b.lower) && equal(&a.upper, &b.upper);
    own.intervals().len() == expected.intervals().len() && own.intervals().iter().zip(expected.intervals()).all(pair)
}

fn judge(case: &Value) -> Option<(String, Option<String>)> {
    let (name, text) = (case["input"]["scheme"].as_str()?, case["input"]["native_range"].as_str()?);
    let scheme = Scheme::of_name(name).unwrap_or_else(|| panic!("no scheme for {name}"));
    let expected = case["expected_output"].as_str()?;
    let own = parse(scheme, text).or_else(|_| VersionRange::parse(scheme, text));
    let fault = match (&own, VersionRange::parse_lenient(expected)) {
        (Ok(own), Ok((expected, _))) if same(scheme, own, &expected) => None,
        (Ok(own), _) => Some(format!("expected {expected}, got {own}")),
        (Err(reason), _) => Some(format!("expected {expected}, got: {reason}")),
    };
    Some((format!("{name}: {text}"), fault))
}

const NO_VERS: &str = "the expected text is no VERS; we refuse the empty range";
const WHOLE_LINE: &str = "to npm 1.0 behind a comparison is all of 1.0.x; univers fills it up with zeros";
const ALTERNATIVES: &str =
    "univers sorts the constraints of overlapping or adjoining alternatives into one row, which changes the set";
const CONJUNCTION: &str = "to npm comparisons side by side must all hold; univers makes alternatives of them";
const FILLED_UP: &str = "univers reads numbers behind the third as build metadata, or dates as pre-releases";

/// Missed in both exams.
const SHARED: &[(&str, &str)] = &[
    ("conan: ", NO_VERS),
    ("npm: <= 1.0", WHOLE_LINE),
    ("npm: >= 2.2.x", WHOLE_LINE),
    ("npm: >= 1.x", WHOLE_LINE),
    ("npm: 2.1 || 2.6", WHOLE_LINE),
    ("npm: <=2.1 >=1.1", WHOLE_LINE),
    ("npm: 2.0.x || 2.1.x", ALTERNATIVES),
    ("npm: ^2.0.18 || ^3.0.16 || ^3.1.6 || ^4.0.8 || ^5.0.0-beta.5", ALTERNATIVES),
    ("npm: >=5.0.3 >=4.2.1", CONJUNCTION),
    ("npm: 1.1.2 1.2.2", CONJUNCTION),
];

/// Missed in the exam of univers only.
const UNIVERS: &[(&str, &str)] = &[
    ("npm: <=3.3", WHOLE_LINE),
    ("npm: <=1.0", WHOLE_LINE),
    ("composer: <2.8.30||>=2.8.4,<18.10.8||>=19.0.0,<19.04.5||>=19.04.6,<19.10.2", ALTERNATIVES),
    ("composer: <1.3||>=1.3.0,<=1.3.12||>=1.4.0,<=1.4.5||>=1.5.0,<=1.5.0||>=1.6.0,<=1.6.2", ALTERNATIVES),
    ("composer: <2020-09-14", FILLED_UP),
    ("composer: =2016-10-31", FILLED_UP),
    ("golang: <v1.2.3019.52a", FILLED_UP),
    ("golang: =v1.2.2550.20", FILLED_UP),
    ("golang: >=v1.0.1116.6 <=v1.2.2550.20", FILLED_UP),
];

#[test]
fn univers() {
    let Some(folder) = exam("univers") else { return };
    let explained = [SHARED, UNIVERS].concat();
    let mut books = Books::new("univers native ranges", &explained);
    for part in ["tests/data/schema/range", "tests/data/schema/range/gitlab"] {
        let mut files: Vec<_> =
            std::fs::read_dir(folder.join(part)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_some_and(|kind| kind == "json"));
        files.sort();
        for (case, fault) in files.iter().flat_map(|path| json(path)).filter_map(|case| judge(&case)) {
            books.enter(case, fault);
        }
    }
    books.close(6000);
}

#[test]
fn vers_spec() {
    let Some(folder) = exam("vers-spec") else { return };
    let mut books = Books::new("vers-spec native ranges", SHARED);
    let mut files: Vec<_> =
        std::fs::read_dir(folder.join("tests")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for (case, fault) in files.iter().flat_map(|path| json(path)).filter_map(|case| judge(&case)) {
        books.enter(case, fault);
    }
    books.close(730);
}
