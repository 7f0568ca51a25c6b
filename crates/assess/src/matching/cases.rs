// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Cases of the OSV schema and of matching, one after the other, as tables.

use serde_json::{Value, json};
use underpin_model::watch::{Advisory, Affected, AffectedStatus, NativeRange};

use super::test_records::{index, lookups_of, now};
use super::{Compiler, Index, Layers, Lookups, Reason, SpanEnd};

fn record(ecosystem: &str, ranges: Value, versions: &[&str]) -> Value {
    json!({ "id": "X-1", "affected": [{ "package": { "ecosystem": ecosystem, "name": "a" }, "ranges": ranges, "versions": versions }] })
}

fn judged(index: &Index, lookups: &Lookups<'_>) -> Reason {
    index.judge_of(lookups, 0, now()).reason
}

/// Judges versions against a record.
fn cases(record: &Value, expected: &[(&str, Reason)]) {
    let index = index(std::slice::from_ref(record));
    let ecosystem = record["affected"][0]["package"]["ecosystem"].as_str().expect("an ecosystem");
    for (version, reason) in expected {
        assert_eq!(judged(&index, &lookups_of(ecosystem, "a", version)), *reason, "{ecosystem} {version:?} {record}");
    }
}

#[test]
fn several_intervals_and_last_affected() {
    let events = json!([{ "introduced": "1.0.0" }, { "fixed": "1.2.0" }, { "introduced": "2.0.0" }, { "last_affected": "2.1.0" }]);
    cases(
        &record("npm", json!([{ "type": "SEMVER", "events": events }]), &[]),
        &[
            ("0.9.0", Reason::BeforeIntroduced),
            ("1.0.0-rc.1", Reason::BeforeIntroduced),
            ("1.0.0", Reason::InRange),
            ("1.1.9", Reason::InRange),
            ("1.2.0", Reason::FixedVersion),
            ("1.9.0", Reason::FixedVersion),
            ("2.0.0", Reason::InRange),
            ("2.1.0", Reason::InRange),
            ("2.1.1", Reason::OutsideRanges),
            ("", Reason::Unversioned),
            ("main", Reason::NotComparable),
        ],
    );
}

#[test]
fn events_at_one_version_count_in_their_order() {
    let of = |events: Value| record("npm", json!([{ "type": "SEMVER", "events": events }]), &[]);
    cases(
        &of(json!([{ "introduced": "0" }, { "fixed": "2.0.0" }, { "introduced": "2.0.0" }])),
        &[("2.0.0", Reason::AllVersions)],
    );
    cases(
        &of(json!([{ "introduced": "1.0.0" }, { "introduced": "2.0.0" }, { "fixed": "2.0.0" }])),
        &[("2.0.0", Reason::FixedVersion)],
    );
    cases(
        &of(json!([{ "introduced": "1.0.0" }, { "last_affected": "2.0.0" }, { "introduced": "2.0.0" }])),
        &[("2.0.0", Reason::InRange), ("3.0.0", Reason::InRange)],
    );
    // The order of the events of different versions does not matter, not even backwards.
    cases(
        &of(json!([{ "fixed": "2.0.0" }, { "introduced": "0" }])),
        &[("1.0.0", Reason::InRange), ("2.0.0", Reason::FixedVersion)],
    );
}

#[test]
fn limits_end_what_a_range_says() {
    let of = |limits: &[&str]| {
        let mut events = vec![json!({ "introduced": "1.0.0" })];
        events.extend(limits.iter().map(|limit| json!({ "limit": limit })));
        record("npm", json!([{ "type": "SEMVER", "events": events }]), &[])
    };
    cases(&of(&["2.0.0"]), &[("1.5.0", Reason::InRange), ("2.0.0", Reason::OutsideRanges)]);
    cases(&of(&["2.0.0", "3.0.0"]), &[("2.5.0", Reason::InRange), ("3.0.0", Reason::OutsideRanges)]);
    cases(&of(&["2.0.0", "*"]), &[("9.0.0", Reason::InRange)]);
    cases(&of(&["0.5.0"]), &[("1.5.0", Reason::NeverAffected)]);
}

#[test]
fn lists_and_ranges_each_suffice() {
    let range = json!([{ "type": "ECOSYSTEM", "events": [{ "introduced": "2" }, { "fixed": "3" }] }]);
    cases(
        &record("PyPI", range, &["1.0", "legacy!"]),
        &[
            ("1.0", Reason::InVersionList),
            ("1.0.0", Reason::InVersionList),
            ("1", Reason::InVersionList),
            ("1.0.1", Reason::OutsideRanges),
            ("legacy!", Reason::InVersionList),
            ("other!", Reason::NotComparable),
            ("2.5", Reason::InRange),
        ],
    );
    cases(
        &record("npm", json!([]), &["1.0.0+a"]),
        &[("1.0.0+a", Reason::InVersionList), ("1.0.0+b", Reason::OutsideRanges), ("1.0.0", Reason::OutsideRanges)],
    );
}

#[test]
fn commits_are_never_guessed() {
    let commits =
        json!({ "type": "GIT", "repo": "https://a.example/b", "events": [{ "introduced": "0" }, { "fixed": "abc" }] });
    cases(&record("PyPI", json!([commits]), &[]), &[("1.0", Reason::CommitsOnly)]);
    cases(
        &record("PyPI", json!([commits]), &["1.0"]),
        &[("1.0", Reason::InVersionList), ("2.0", Reason::OutsideRanges)],
    );
    let range = json!({ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": "2.0" }] });
    cases(&record("PyPI", json!([commits, range]), &[]), &[("1.0", Reason::InRange), ("2.0", Reason::FixedVersion)]);
}

#[test]
fn ranges_of_semver_type_are_in_semver_order_everywhere() {
    let of = |kind: &str| {
        record("PyPI", json!([{ "type": kind, "events": [{ "introduced": "1.0.0-rc.2" }, { "fixed": "1.0.0" }] }]), &[])
    };
    cases(&of("SEMVER"), &[("1.0.0-rc.10", Reason::InRange), ("1.0.0-post1", Reason::BeforeIntroduced)]);
    cases(&of("ECOSYSTEM"), &[("1.0.0-rc.10", Reason::InRange), ("1.0.0-post1", Reason::FixedVersion)]);
}

#[test]
fn what_distributions_say() {
    let unfixed = json!([{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }] }]);
    cases(&record("Debian:12", unfixed, &[]), &[("1.0-1", Reason::Unfixed)]);
    let never = json!([{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": "0" }] }]);
    cases(&record("Alpine:v3.19", never, &[]), &[("1.0-r1", Reason::NeverAffected)]);
    let fixed = json!([{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": "1.1.1n-0+deb11u5" }] }]);
    cases(
        &record("Debian:11", fixed, &[]),
        &[
            ("1.1.1n-0+deb11u4", Reason::InRange),
            ("1.1.1n-0+deb11u5", Reason::BackPort),
            ("3.0.1-1", Reason::FixedVersion),
        ],
    );
}

#[test]
fn withdrawn_counts_from_its_moment() {
    let range = json!([{ "type": "SEMVER", "events": [{ "introduced": "0" }] }]);
    for (moment, expected) in
        [("2026-11-25T12:00:00Z", Reason::Withdrawn), ("2026-11-25T12:00:01Z", Reason::AllVersions)]
    {
        let mut record = record("npm", range.clone(), &[]);
        record["withdrawn"] = json!(moment);
        cases(&record, &[("1.0.0", expected)]);
    }
}

/// An index of one statement.
fn stated(affected: Affected<'_>) -> Index {
    let mut compiler = Compiler::new();
    compiler.add("test", &Advisory { id: "X-1".into(), affected: vec![affected], ..Advisory::default() });
    compiler.finish().expect("one record fits")
}

#[test]
fn statuses_have_their_reasons() {
    for (status, expected) in [
        (AffectedStatus::NotAffected, Reason::NeverAffected),
        (AffectedStatus::UnderInvestigation, Reason::Investigating),
        (AffectedStatus::WillNotFix, Reason::WillNotFix),
        (AffectedStatus::Deferred, Reason::Deferred),
        (AffectedStatus::EndOfLife, Reason::EndOfLife),
        (AffectedStatus::Unimportant, Reason::Unimportant),
    ] {
        let affected = Affected {
            ecosystem: "Debian:12".into(),
            name: "a".into(),
            versions: vec!["1-1".into()],
            status,
            ..Affected::default()
        };
        assert_eq!(judged(&stated(affected), &lookups_of("Debian:12", "a", "1-1")), expected);
    }
}

#[test]
fn native_ranges_are_exact_where_ranges_are_not() {
    let native = |text: &'static str, is_unaffected| NativeRange { text: text.into(), is_unaffected };
    for (ranges, affected, unaffected) in [
        (vec![native(">= 2.0.0, < 2.0.4", false), native("< 1.5", false)], vec!["1.4", "2.0.3"], vec!["1.5", "2.0.4"]),
        (
            vec![native("~> 3.0.16", true), native(">= 4.0", true)],
            vec!["3.0.15", "3.1.0"],
            vec!["3.0.16", "3.0.99", "4.0"],
        ),
        (vec![native("< 3", false), native("~> 1.2.0", true)], vec!["1.1", "1.3.0", "2"], vec!["1.2.0", "1.2.9", "3"]),
    ] {
        let affected_part = Affected {
            ecosystem: "RubyGems".into(),
            name: "a".into(),
            native_ranges: ranges,
            is_inexact: true,
            ..Affected::default()
        };
        let index = stated(affected_part);
        for (versions, expected) in [(affected, true), (unaffected, false)] {
            for version in versions {
                let reason = judged(&index, &lookups_of("RubyGems", "a", version));
                assert_eq!(reason == Reason::InRange, expected, "{version}: {reason:?}");
            }
        }
    }
    let unreadable = Affected {
        ecosystem: "RubyGems".into(),
        name: "a".into(),
        native_ranges: vec![native("~~ 3", true)],
        ..Affected::default()
    };
    assert_eq!(judged(&stated(unreadable), &lookups_of("RubyGems", "a", "1")), Reason::NotComparable);
}

#[test]
fn epochs_are_left_out_where_the_source_has_none() {
    let range =
        json!([{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": "4:5.26.3-419.el8_4.1" }] }]);
    let index = index(&[record("AlmaLinux:8", range, &[])]);
    for (version, ignores_epoch, expected) in [
        ("5.26.3-418.el8", true, Reason::InRange),
        ("5.26.3-420.el8", true, Reason::BackPort),
        ("5.26.3-420.el8", false, Reason::InRange),
    ] {
        let mut lookups = lookups_of("AlmaLinux:8", "a", version);
        lookups.list.iter_mut().for_each(|lookup| lookup.ignores_epoch = ignores_epoch);
        let reason = judged(&index, &lookups);
        assert!(
            reason == expected || expected == Reason::BackPort && reason == Reason::FixedVersion,
            "{version}: {reason:?}"
        );
    }
}

#[test]
fn keys_of_lower_rank_settle_a_vulnerability() {
    let affected = |name: &str, fixed: &str| {
        json!({ "package": { "ecosystem": "AlmaLinux:8", "name": name },
        "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": fixed }] }] })
    };
    let records = [
        json!({ "id": "A-1", "aliases": ["CVE-1"], "affected": [affected("binary", "1-1.el8")] }),
        json!({ "id": "A-2", "aliases": ["CVE-1"], "affected": [affected("source", "3-1.el8")] }),
        json!({ "id": "A-3", "aliases": ["CVE-2"], "affected": [affected("source", "3-1.el8")] }),
    ];
    let index = index(&records);
    let mut lookups = lookups_of("AlmaLinux:8", "binary", "2-1.el8");
    let mut source = lookups_of("AlmaLinux:8", "source", "2-1.el8").list;
    source.iter_mut().for_each(|lookup| lookup.rank = 1);
    lookups.list.append(&mut source);
    let mut found = Vec::new();
    index.matches_of(&lookups, now(), &mut found);
    let ids: Vec<&str> =
        found.iter().filter_map(|found| index.advisory(found.advisory.number)).map(|view| view.id()).collect();
    assert_eq!(ids, ["A-3"]);
}

#[test]
fn an_unanswerable_version_hides_no_list() {
    let range = json!([{ "type": "SEMVER", "events": [{ "introduced": "1.0.0" }, { "fixed": "2.0.0" }] }]);
    let index = index(&[record("npm", range, &["7.0.0"])]);
    for (version, expected) in
        [("1.5.0", Reason::UncertainVersion), ("3.0.0", Reason::UncertainVersion), ("7.0.0", Reason::InVersionList)]
    {
        let lookups = Lookups { unanswerable: Some(Reason::UncertainVersion), ..lookups_of("npm", "a", version) };
        assert_eq!(judged(&index, &lookups), expected, "{version}");
    }
}

#[test]
fn the_explanation_names_span_and_fix() {
    let range = json!([{ "type": "SEMVER", "events": [{ "introduced": "1.0.0" }, { "fixed": "1.2.0" }] }]);
    let index = index(&[record("npm", range, &[])]);
    for version in ["1.1.0", "1.3.0"] {
        let judgement = index.judge_of(&lookups_of("npm", "a", version), 0, now());
        let [statement] = judgement.statements.as_slice() else { panic!("one statement") };
        let span = statement.span.expect("a span");
        assert_eq!(
            (span.lower, span.upper, span.end, statement.fixed()),
            (Some("1.0.0"), Some("1.2.0"), SpanEnd::Fixed, Some("1.2.0"))
        );
    }
    assert_eq!(judged(&index, &lookups_of("npm", "b", "1.1.0")), Reason::NotMentioned);
    assert_eq!(
        judged(&index, &Lookups { unanswerable: Some(Reason::NoRelease), ..Lookups::default() }),
        Reason::NoRelease
    );
}

#[test]
fn advice_walks_all_spans() {
    let of = |id: &str, events: Value| json!({ "id": id, "affected": [{ "package": { "ecosystem": "npm", "name": "a" }, "ranges": [{ "type": "SEMVER", "events": events }] }] });
    let records = [
        of("X-1", json!([{ "introduced": "0" }, { "fixed": "1.2.0" }])),
        of("X-2", json!([{ "introduced": "1.1.0" }, { "fixed": "2.0.0" }])),
        of("X-3", json!([{ "introduced": "2.0.0" }, { "fixed": "2.0.5" }])),
        of("X-4", json!([{ "introduced": "1.0.0" }, { "fixed": "1.0.7" }])),
    ];
    let layers = Layers::from(std::sync::Arc::new(index(&records)));
    for (version, known, smallest, same_major) in [
        ("1.0.0", None, Some("2.0.5"), None),
        ("2.0.1", None, Some("2.0.5"), Some("2.0.5")),
        ("1.0.0", Some(&["3.0.0", "1.9.0", "2.1.0"][..]), Some("2.1.0"), None),
        ("3.0.0", None, None, None),
    ] {
        let lookups = lookups_of("npm", "a", version);
        let advice = layers.advice(&lookups, known, now());
        assert_eq!((advice.smallest, advice.same_major), (smallest, same_major), "{version}");
        assert_eq!(advice.is_needed, version != "3.0.0");
    }
    let last = [of("X-5", json!([{ "introduced": "0" }, { "last_affected": "1.5.0" }]))];
    let layers = Layers::from(std::sync::Arc::new(index(&last)));
    let lookups = lookups_of("npm", "a", "1.0.0");
    let advice = layers.advice(&lookups, None, now());
    assert_eq!((advice.smallest, advice.beyond, advice.status), (None, Some("1.5.0"), None));
    let open = [of("X-6", json!([{ "introduced": "0" }]))];
    let layers = Layers::from(std::sync::Arc::new(index(&open)));
    assert_eq!(layers.advice(&lookups, None, now()).status, Some(AffectedStatus::Affected));
}
