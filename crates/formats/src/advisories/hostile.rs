// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Hostile and broken records: what is read of them, and with which codes they are told.

use underpin_model::Limits;
use underpin_model::gap::GapCode;
use underpin_model::limits::bounds;
use underpin_model::watch::source::Records;
use underpin_model::watch::{Advisory, Event};

use super::{FaultCode, future_date, osv, split};

fn read(json: &str) -> Result<Advisory<'_>, &'static str> {
    osv::read(json.as_bytes(), &Limits::default()).map_err(|error| error.code)
}

fn codes(advisory: &Advisory<'_>) -> Vec<(&'static str, String)> {
    advisory.gaps.list().iter().map(|gap| (gap.code.as_str(), gap.place.to_string())).collect()
}

/// Results of a split: identifiers, or codes behind an exclamation mark.
fn told(records: Records, name: &str, bytes: &[u8]) -> Vec<String> {
    let tell = |result: Result<super::RawRecord<'_>, super::Fault>| match result {
        Ok(record) => record.id.into_owned(),
        Err(fault) => format!("!{} at {}", fault.code, fault.place),
    };
    split(records, name, bytes).into_iter().map(tell).collect()
}

#[test]
fn files_are_cut_into_records_whatever_their_form() {
    let osv = |text: &str| told(Records::Osv, "all.json", text.as_bytes());
    for (text, expected) in [
        ("{\"id\":\"A\"}\n{\"id\":\"B\"}\n", vec!["A", "B"]),
        ("\u{feff}{\"id\":\"A\"}\r\n\r\n{\"id\":\"B\"}\r\n", vec!["A", "B"]),
        ("{\"id\":\"A\"}\n{\"id\":\"B\", x\n{\"id\":\"C\"}", vec!["A", "!unreadable-record at line 2", "C"]),
        ("{\"id\":\"A\",\n{\"id\":\"B\"}\n{\"id\":\"C\"}", vec!["!unreadable-record at line 1", "B", "C"]),
        ("{\n \"id\": \"A\"\n}", vec!["A"]),
        ("{\n \"id\": \"A\"\n}\n{\n \"id\": \"B\"\n}", vec!["A", "B"]),
        ("{\n \"id\": \"A\",\n \"affected\": [{\"package\": {}}]\n}", vec!["A"]),
        ("{\n \"id\": \"A\"\n", vec!["!unreadable-record at byte 0"]),
        ("[{\"id\":\"A\"}, {\"id\":}, {\"id\":\"C\"}]", vec!["A", "!unreadable-record at /1", "C"]),
        ("[{\"id\":\"A\"}, 7, {\"id\":\"C\"}", vec!["A", "!unreadable-record at /1", "C", "!unreadable-record at /2"]),
        ("[{\"id\":\"A\"}, {\"id\":\"B\"", vec!["A", "!unreadable-record at /1"]),
        ("{\"count\": 2, \"vulns\": [{\"id\":\"A\"},\n{\"id\":\"B\"}]}", vec!["A", "B"]),
        ("[]", vec![]),
        ("", vec![]),
        ("{}", vec!["!no-id at /"]),
        ("{\"id\": null}\n{\"id\": \" \"}\n{\"id\": 7}", vec!["!no-id at line 1", "!no-id at line 2", "7"]),
        ("<html>\n<p>{\"id\":\"A\"}</p>", vec!["!unreadable-record at byte 10", "A", "!unreadable-record at byte 24"]),
    ] {
        assert_eq!(osv(text), expected, "{text}");
    }
}

#[test]
fn every_kind_of_record_has_its_identifier() {
    for (records, name, text, expected) in [
        (Records::Cve, "x", r#"{"cveMetadata": {"cveId": "CVE-2026-1"}}"#, "CVE-2026-1"),
        (Records::Csaf, "x", r#"{"document": {"tracking": {"id": "OWN-1"}}}"#, "OWN-1"),
        (Records::OpenVex, "x", r#"{"@id": "https://example.org/vex/1"}"#, "https://example.org/vex/1"),
        (Records::CycloneDx, "x", r#"{"serialNumber": "urn:uuid:1", "vulnerabilities": [{"id": "B"}]}"#, "urn:uuid:1"),
        (Records::CycloneDx, "acme/vex.json", r#"{"vulnerabilities": [{"id": "B"}]}"#, "acme/vex.json"),
        (Records::EndOfLife, "products/tool.md", "---\ntitle: Tool\n---\n", "tool"),
        (Records::EndOfLife, "tool.json", r#"[{"cycle": "1"}, {"cycle": "2"}]"#, "tool"),
        (Records::EndOfLife, "x.json", r#"{"result": {"name": "tool", "releases": [{"name": "1"}]}}"#, "tool"),
        (Records::EndOfLife, "x.json", r#"{"total": 1, "result": [{"name": "tool", "releases": []}]}"#, "tool"),
        (Records::Kev, "x.json", r#"{"vulnerabilities": []}"#, "kev"),
        (Records::Euvd, "x.json", "[]", "euvd"),
        (Records::Epss, "x.csv", "cve,epss\n", "epss"),
    ] {
        assert_eq!(told(records, name, text.as_bytes()), [expected], "{text}");
    }
}

#[test]
fn records_of_one_identifier_are_all_kept_and_told() {
    let text = "{\"id\":\"A\",\"n\":1}\n{\"id\":\"A\",\"n\":2}\n{\"id\":\"A\",\"n\":1}\n{\"id\":\"B\"}\n{\"id\":\"A\",\"n\":3}";
    let expected = ["A", "!duplicate-record at line 2", "A#2", "B", "!duplicate-record at line 5", "A#3"];
    assert_eq!(told(Records::Osv, "x.jsonl", text.as_bytes()), expected);
    let many: String = (0..100).map(|number| format!("{{\"id\":\"A\",\"n\":{number}}}\n")).collect();
    let told = told(Records::Osv, "x.jsonl", many.as_bytes());
    assert_eq!(told.iter().filter(|told| !told.starts_with('!')).count(), bounds::DUPLICATE_RECORDS);
    assert_eq!(
        told.iter().filter(|told| told.starts_with("!too-many-records")).count(),
        100 - bounds::DUPLICATE_RECORDS
    );
}

#[test]
fn wrong_types_are_read_as_far_as_that_is_no_guess() {
    let advisory = read(
        r#"{"id": 7, "aliases": "CVE-2026-1", "related": {"a": 1}, "upstream": [null, 3, ["x"], "Y"], "summary": ["x"], "details": true,
        "modified": "some day", "severity": [{"type": "CVSS_V3"}, null], "affected": {"package": "npm:x", "versions": 1.10,
        "ranges": [{"type": "SEMVER", "events": [{"introduced": 0}, {"fixed": 1.10}]}, {"type": "ECOSYSTEM", "events": {"introduced": 1}}]}}"#,
    )
    .unwrap();
    assert_eq!((advisory.id.as_ref(), advisory.details.as_ref(), advisory.modified), ("7", "true", None));
    assert_eq!(
        (advisory.aliases, advisory.related, advisory.upstream),
        (vec!["CVE-2026-1".into()], vec![], vec!["3".into(), "Y".into()])
    );
    assert_eq!(advisory.severities, []);
    let affected = &advisory.affected[0];
    assert!(affected.is_inexact, "1.10 and 1.1 cannot be told apart");
    assert_eq!((affected.ranges.len(), affected.versions.len()), (1, 0));
    assert_eq!(affected.ranges[0].events, [Event::Introduced("1".into())]);
    assert_eq!(advisory.gaps.count(GapCode::InvalidTime), 1);
}

#[test]
fn null_everywhere_is_nothing() {
    let keys = [
        "aliases",
        "related",
        "upstream",
        "published",
        "modified",
        "withdrawn",
        "summary",
        "details",
        "severity",
        "references",
    ];
    let nulls: String = keys.map(|key| format!(r#", "{key}": null"#)).concat();
    let json = format!(
        r#"{{"id": "A"{nulls}, "database_specific": null, "affected": [{{"package": null, "versions": null, "severity": null,
        "ecosystem_specific": null, "database_specific": null, "ranges": [{{"type": "GIT", "repo": "r", "events": [{{"introduced": "0", "fixed": null}}]}}]}}]}}"#
    );
    let advisory = read(&json).unwrap();
    assert_eq!(codes(&advisory), []);
    assert_eq!(advisory.affected[0].ranges[0].events, [Event::Introduced("0".into())]);
    assert_eq!(read(r#"{"id": "A", "affected": null}"#), Ok(Advisory { id: "A".into(), ..Advisory::default() }));
}

#[test]
fn what_is_too_much_is_cut_with_a_code() {
    let aliases: Vec<String> = (0..10_000).map(|number| format!("\"CVE-2026-{number}\"")).collect();
    let json = format!(r#"{{"id": "A", "aliases": [{}]}}"#, aliases.join(","));
    let advisory = read(&json).unwrap();
    assert_eq!(advisory.aliases.len(), bounds::ADVISORY_ALIASES);
    assert_eq!(codes(&advisory), [("too-many-elements", "/aliases".to_owned())]);

    let long = "9".repeat(3 << 20);
    let range = |events: &str| {
        format!(
            r#"{{"id": "A", "affected": [{{"package": {{"ecosystem": "npm", "name": "x"}}, "versions": ["1", "{long}"], "ranges": [{{"type": "SEMVER", "events": [{events}]}}]}}]}}"#
        )
    };
    let json = range(&format!(r#"{{"introduced": "0"}}, {{"fixed": "{long}"}}"#));
    let advisory = read(&json).unwrap();
    let affected = &advisory.affected[0];
    assert_eq!((affected.ranges.len(), affected.is_inexact, affected.versions.len()), (0, true, 1));
    let places = ["/affected/0/versions/1", "/affected/0/ranges/0/events/1/fixed"];
    assert_eq!(codes(&advisory)[..2], places.map(|place| ("text-too-long", place.to_owned())));

    let json = format!(r#"{{"id": "A", "details": "{}é"}}"#, "x".repeat(Limits::default().text_bytes - 1));
    let advisory = read(&json).unwrap();
    assert_eq!(advisory.details.len(), Limits::default().text_bytes - 1);
    let json = format!(r#"{{"id": "{long}"}}"#);
    assert_eq!(read(&json), Err("no-id"));
    let json = format!(r#"{{"id": "A", "details": "{}"}}"#, "x".repeat(bounds::ADVISORY_BYTES));
    assert_eq!(read(&json), Err("too-large"));
    let deep =
        format!(r#"{{"id": "A", "database_specific": {{"cwe": {}{}}}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(read(&deep), Err("too-deep"));
    let passed_over = format!(r#"{{"id": "A", "credits": {}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert!(read(&passed_over).is_ok());
}

#[test]
fn broken_records_are_refused_with_a_code() {
    for (json, code) in [
        ("", "unreadable-record"),
        ("{", "unreadable-record"),
        ("[]", "unreadable-record"),
        ("null", "unreadable-record"),
        (r#"{"id": "A", "affected": [{"package""#, "unreadable-record"),
        (r#"{"id": "A"} {"id": "B"}"#, "unreadable-record"),
        (r#"{"id": ""}"#, "no-id"),
        ("{}", "no-id"),
    ] {
        assert_eq!(read(json), Err(code), "{json}");
    }
}

#[test]
fn ranges_backwards_and_unknown_kinds_are_kept_or_told() {
    let json = r#"{"id": "A", "affected": [{"package": {"ecosystem": "npm", "name": "x"}, "ranges": [
        {"type": "SEMVER", "events": [{"fixed": "1"}, {"introduced": "2"}, {"introduced": "0"}]},
        {"type": "SEMVER", "events": [{"fixed": "1"}]},
        {"type": "MOON", "events": [{"introduced": "0"}]},
        {"type": "GIT", "events": [{"introduced": "0"}, {"exploded": "1"}]}]}, {"package": {"name": "y"}}]}"#;
    let advisory = read(json).unwrap();
    let affected = &advisory.affected[0];
    assert_eq!(affected.ranges.iter().map(|range| range.events.len()).collect::<Vec<_>>(), [3, 1, 1]);
    assert_eq!(affected.ranges[0].events[0], Event::Fixed("1".into()));
    assert!(affected.is_inexact);
    let expected = [
        ("missing-field", "/affected/0/ranges/1"),
        ("invalid-value", "/affected/0/ranges/2"),
        ("unknown-field", "/affected/0/ranges/3/events/1/exploded"),
        ("missing-field", "/affected/0/ranges/3"),
        ("missing-field", "/affected/1"),
        ("missing-field", "/affected/1"),
    ];
    assert_eq!(codes(&advisory), expected.map(|(code, place)| (code, place.to_owned())));
}

#[test]
fn wrong_encodings_are_mended_and_told() {
    let mut bytes = br#"{"id": "A", "summary": "caf\xe9 \ud83d", "affected": []}"#.to_vec();
    let at = bytes.windows(4).position(|four| four == br"\xe9").unwrap();
    bytes.splice(at..at + 4, [0xe9]);
    let advisory = osv::read(&bytes, &Limits::default()).unwrap();
    assert_eq!(advisory.summary, "caf\u{fffd} \u{fffd}");
    assert_eq!(codes(&advisory), [("wrong-encoding", String::new())]);
}

#[test]
fn clocks_that_are_wrong_are_told() {
    let time = |text: &str| text.parse().unwrap();
    let now = time("2026-06-01");
    assert_eq!(future_date("A", None, now), None);
    assert_eq!(future_date("A", Some(time("2026-06-01T23:00:00Z")), now), None);
    let fault = future_date("A", Some(time("2126-06-01")), now).unwrap();
    assert_eq!((fault.code, fault.place.as_ref()), (FaultCode::FutureDate, "A"));
    let advisory = read(r#"{"id": "A", "published": "2027-01-01", "modified": "2026-01-01"}"#).unwrap();
    assert_eq!(codes(&advisory), [("invalid-value", "/published".to_owned())]);
    let ends =
        read(r#"{"id": "A", "published": "-009999-01-01T00:00:00Z", "modified": "9999-12-30T00:00:00Z"}"#).unwrap();
    assert!(future_date("A", ends.modified, now).is_some());
}
