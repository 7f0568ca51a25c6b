// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is odd about a record that was taken all the same: too much of something, a clock that is wrong, a range that ends before it
//! begins. It is told with a code, since nobody reads eighty thousand records.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use underpin_assess::matching::ecosystem;
use underpin_assess::version::{Scheme, compare, is_valid};
use underpin_feeds::Refusal;
use underpin_formats::advisories::{self, Fault, FaultCode};
use underpin_model::watch::source::Records;
use underpin_model::watch::{Advisory, Affected, Event, RangeKind};
use underpin_model::{Limits, Timestamp};

/// Letters of a version that are repeated.
const SHOWN: usize = 40;

/// What is odd about a record: each code once, with the first place that has it. `at` is now, for clocks that are ahead.
pub fn remarks_of(records: Records, file: &str, bytes: &[u8], limits: &Limits, at: Option<Timestamp>) -> Vec<Refusal> {
    if records != Records::Osv {
        return Vec::new();
    }
    let Ok(advisory) = advisories::osv::read(bytes, limits) else { return Vec::new() };
    let mut found: BTreeMap<&'static str, (String, String)> = BTreeMap::new();
    for gap in advisory.gaps.list() {
        found.entry(gap.code.as_str()).or_insert_with(|| (gap.place.to_string(), gap.detail.to_string()));
    }
    let ahead = at.and_then(|at| advisories::future_date(&advisory.id, advisory.modified, at));
    for fault in ahead.into_iter().chain(odd_ranges(&advisory)) {
        let Fault { code, place, detail } = fault;
        found.entry(code.as_str()).or_insert_with(|| (place.into_owned(), detail.into_owned()));
    }
    let id = advisory.id.as_ref();
    let told = |(code, (place, detail)): (&str, (String, String))| {
        let place = if place == id || place.is_empty() { id.to_owned() } else { format!("{id} {place}") };
        Refusal { place: format!("{file}: {place}"), code: code.to_owned(), detail }
    };
    found.into_iter().map(told).collect()
}

/// Ranges that end before they begin, and versions that are none in the order of their ecosystem.
fn odd_ranges(advisory: &Advisory<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, affected) in advisory.affected.iter().enumerate() {
        let native = order_of(affected);
        for (number, range) in affected.ranges.iter().enumerate() {
            let scheme = match range.kind {
                RangeKind::SemVer => Scheme::SemVer,
                RangeKind::Ecosystem => native,
                _ => continue,
            };
            let place = format!("/affected/{at}/ranges/{number}");
            if let Some(odd) = range.events.iter().map(Event::version).find(|text| !is_version(scheme, text)) {
                let shown: String = odd.chars().take(SHOWN).collect();
                faults.push(Fault::new(FaultCode::OddVersion, place.clone(), shown));
            }
            if let Some((from, to)) = backwards(scheme, &range.events) {
                faults.push(Fault::new(FaultCode::RangeBackwards, place, format!("from {from} to {to}")));
            }
        }
    }
    faults
}

fn order_of(affected: &Affected<'_>) -> Scheme {
    ecosystem::scheme(&ecosystem::canonical(&affected.ecosystem))
}

/// `0` is before every version, `*` is no limit.
fn is_version(scheme: Scheme, text: &str) -> bool {
    matches!(text, "0" | "*") || is_valid(scheme, text)
}

/// The first pair of neighbouring events that begins later than it ends.
fn backwards<'e>(scheme: Scheme, events: &'e [Event<'_>]) -> Option<(&'e str, &'e str)> {
    events.windows(2).find_map(|pair| match pair {
        [Event::Introduced(from), Event::Fixed(to) | Event::LastAffected(to)]
            if from != "0" && compare(scheme, from, to) == Ordering::Greater =>
        {
            Some((from.as_ref(), to.as_ref()))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(json: &str) -> Vec<String> {
        let at = "2026-06-01".parse().ok();
        let remarks = remarks_of(Records::Osv, "x.jsonl", json.as_bytes(), &Limits::default(), at);
        remarks.into_iter().map(|one| format!("{} at {} ({})", one.code, one.place, one.detail)).collect()
    }

    fn ranged(ecosystem: &str, kind: &str, events: &str) -> String {
        format!(
            r#"{{"id":"A","modified":"2026-01-01T00:00:00Z","affected":[{{"package":{{"ecosystem":"{ecosystem}","name":"x"}},
            "ranges":[{{"type":"{kind}","repo":"r","events":[{events}]}}]}}]}}"#
        )
    }

    #[test]
    fn ranges_and_versions_are_judged_in_their_order() {
        let (from, to) = (r#"{"introduced":"1.10.0"}"#, r#"{"fixed":"1.9.0"}"#);
        for (record, expected) in [
            (
                ranged("npm", "SEMVER", &format!("{from},{to}")),
                vec!["range-backwards at x.jsonl: A /affected/0/ranges/0 (from 1.10.0 to 1.9.0)"],
            ),
            (ranged("npm", "SEMVER", &format!("{to},{from}")), vec![]),
            (ranged("npm", "SEMVER", r#"{"introduced":"1.0.0"},{"last_affected":"1.0.0"}"#), vec![]),
            (ranged("npm", "SEMVER", r#"{"introduced":"0"},{"limit":"*"}"#), vec![]),
            (
                ranged("PyPI", "ECOSYSTEM", r#"{"introduced":"1!0"},{"fixed":"2.0"}"#),
                vec!["range-backwards at x.jsonl: A /affected/0/ranges/0 (from 1!0 to 2.0)"],
            ),
            (
                ranged("npm", "SEMVER", r#"{"introduced":"0"},{"fixed":"so\u001bon"}"#),
                vec!["odd-version at x.jsonl: A /affected/0/ranges/0 (so\u{1b}on)"],
            ),
            (ranged("npm", "GIT", r#"{"introduced":"0"},{"fixed":"no commit"}"#), vec![]),
        ] {
            assert_eq!(told(&record), expected, "{record}");
        }
    }

    #[test]
    fn each_code_is_told_once_with_its_place() {
        let aliases: Vec<String> = (0..10_000).map(|number| format!("\"CVE-2026-{number}\"")).collect();
        let record = format!(r#"{{"id":"A","modified":"2126-01-01T00:00:00Z","aliases":[{}]}}"#, aliases.join(","));
        let told = told(&record);
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(told[0], "future-date at x.jsonl: A (changed at 2126-01-01T00:00:00Z)");
        assert!(told[1].starts_with("too-many-elements at x.jsonl: A /aliases"), "{told:?}");
    }
}
