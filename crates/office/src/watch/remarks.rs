// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is odd about a record that was taken all the same: too much of something, a clock that is wrong, a range that ends before it
//! begins. It is told with a code, since nobody reads eighty thousand records.

use std::collections::BTreeMap;

use underpin_assess::matching::doubts;
use underpin_feeds::Refusal;
use underpin_formats::advisories;
use underpin_model::watch::source::Records;
use underpin_model::{Limits, Timestamp};

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
    if let Some(ahead) = at.and_then(|at| advisories::future_date(&advisory.id, advisory.modified, at)) {
        found.entry(ahead.code.as_str()).or_insert_with(|| (ahead.place.into_owned(), ahead.detail.into_owned()));
    }
    for doubt in doubts(&advisory, usize::MAX) {
        found.entry(doubt.code.as_str()).or_insert_with(|| (doubt.place, doubt.detail));
    }
    let id = advisory.id.as_ref();
    let told = |(code, (place, detail)): (&str, (String, String))| {
        let place = if place == id || place.is_empty() { id.to_owned() } else { format!("{id} {place}") };
        Refusal { place: format!("{file}: {place}"), code: code.to_owned(), detail }
    };
    found.into_iter().map(told).collect()
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
                vec!["range-backwards at x.jsonl: A /affected/0/ranges/0 (1.10.0 before 1.9.0)"],
            ),
            (ranged("npm", "SEMVER", &format!("{to},{from}")), vec![]),
            (ranged("npm", "SEMVER", r#"{"introduced":"1.0.0"},{"last_affected":"1.0.0"}"#), vec![]),
            (ranged("npm", "SEMVER", r#"{"introduced":"0"},{"limit":"*"}"#), vec![]),
            (
                ranged("PyPI", "ECOSYSTEM", r#"{"introduced":"1!0"},{"fixed":"2.0"}"#),
                vec!["range-backwards at x.jsonl: A /affected/0/ranges/0 (1!0 before 2.0)"],
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
