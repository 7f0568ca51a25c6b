// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! No reader panics, whatever the bytes are, and what is written is read again.

use proptest::prelude::*;
use underpin_model::inventory::Text;
use underpin_model::watch::source::Records;
use underpin_model::watch::{
    Advisory, Affected, AffectedStatus, Event, Import, NativeRange, Range, RangeKind, Severity,
};
use underpin_model::{Limits, Timestamp};

use super::{cve_record, end_of_life, epss, euvd, kev, osv, split};

const KINDS: [Records; 9] = [
    Records::Osv,
    Records::Kev,
    Records::Euvd,
    Records::Epss,
    Records::Cve,
    Records::Csaf,
    Records::OpenVex,
    Records::CycloneDx,
    Records::EndOfLife,
];

/// Valid records, to be broken.
const VALID: [&str; 6] = [
    r#"{"id":"A","modified":"2026-01-01","aliases":["B"],"severity":[{"type":"CVSS_V3","score":"x"}],"affected":[{"package":{"ecosystem":"npm","name":"x"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1"}]}],"versions":["1"],"ecosystem_specific":{"imports":[{"path":"p","symbols":["s"]}],"affects":{"os":["x"]}},"database_specific":{"branches":{"1":["<1"]},"cwes":[{"cweId":"CWE-1"}]}}]}"#,
    r#"{"catalogVersion":"1","count":1,"vulnerabilities":[{"cveID":"CVE-2026-1","dateAdded":"2026-01-01","product":"p","vendorProject":"v"}]}"#,
    r#"{"cveMetadata":{"cveId":"CVE-2026-1"},"containers":{"cna":{"descriptions":[{"lang":"en","value":"é. x"}],"affected":[{"cpes":["cpe:2.3:a:b"],"versions":[{"version":"1","lessThan":"2","status":"affected"}]}]},"adp":[{"metrics":[{"other":{"type":"ssvc","content":{"options":[{"Exploitation":"poc"}]}}}],"cpeApplicability":[{"operator":"AND","nodes":[{"cpeMatch":[{"vulnerable":true,"criteria":"cpe:2.3:a:b"}]},{"cpeMatch":[]}]}]}]}}"#,
    r#"[{"id":"EUVD-2026-1","aliases":"CVE-2026-1\nCVE-2026-2","exploitedSince":"Apr 9, 2025, 7:00:16 PM","enisaIdVendor":[{"vendor":{"name":"x"}}]}]"#,
    "#model_version:v1,score_date:2026-01-01T00:00:00+0000\ncve,epss,percentile\nCVE-2026-1,0.1,0.2\n",
    "---\ntitle: x\npermalink: /x\nidentifiers:\n- purl: pkg:npm/x\nreleases:\n- releaseCycle: '1'\n  eol: 2026-01-01\n  eoas: true\n---\n",
];

fn read_all(bytes: &[u8]) {
    let limits = Limits::default();
    for records in KINDS {
        for name in ["x.jsonl", "x.json", ""] {
            for record in split(records, name, bytes).into_iter().flatten() {
                assert!(records != Records::Osv || !record.id.is_empty());
                let _ = osv::read(&record.bytes, &limits);
            }
        }
    }
    let _ = osv::read(bytes, &limits).map(|advisory| osv::write(&advisory));
    let _ = kev::read(bytes, &limits);
    let _ = euvd::read(bytes, &limits);
    let _ = epss::read(bytes, &limits);
    let _ = cve_record::read(bytes, &limits);
    let _ = end_of_life::read("x", bytes, &limits);
}

fn text() -> impl Strategy<Value = Text<'static>> {
    prop_oneof![
        Just(Text::Borrowed("1.0")),
        "[a-zA-Z0-9.+:/@~^-]{1,12}".prop_map(Text::Owned),
        // The end of a text is no blank: identifiers are trimmed.
        "[^\\p{C}]{0,8}[a-z\"\\\\<>]".prop_map(Text::Owned),
    ]
}

fn time() -> impl Strategy<Value = Option<Timestamp>> {
    proptest::option::of((0i64..4_000_000_000_000_000).prop_map(Timestamp))
}

fn texts() -> impl Strategy<Value = Vec<Text<'static>>> {
    proptest::collection::vec(text(), 0..4)
}

fn severities() -> impl Strategy<Value = Vec<Severity<'static>>> {
    let severity = (prop_oneof!["CVSS_V[234]", "Ubuntu"], text(), proptest::option::of(text()));
    let severity = severity.prop_map(|(system, value, source)| Severity {
        system: system.into(),
        value,
        source: source.unwrap_or_default(),
    });
    let word = proptest::option::of(text())
        .prop_map(|word| word.map(|value| Severity { system: Severity::WORDS.into(), value, source: "".into() }));
    (proptest::collection::vec(severity, 0..3), word).prop_map(|(mut severities, word)| {
        severities.extend(word);
        severities
    })
}

fn range() -> impl Strategy<Value = Range<'static>> {
    let event = (0..4, text()).prop_map(|(kind, version)| match kind {
        0 => Event::Introduced(version),
        1 => Event::Fixed(version),
        2 => Event::LastAffected(version),
        _ => Event::Limit(version),
    });
    let kind = proptest::sample::select(RangeKind::ALL);
    (kind, proptest::option::of(text()), proptest::collection::vec(event, 1..5))
        .prop_map(|(kind, repository, events)| Range { kind, repository: repository.unwrap_or_default(), events })
}

fn affected() -> impl Strategy<Value = Affected<'static>> {
    let native = (text(), any::<bool>()).prop_map(|(text, is_unaffected)| NativeRange { text, is_unaffected });
    let import = (text(), texts()).prop_map(|(path, symbols)| Import { path, symbols });
    let first = (text(), text(), text(), proptest::collection::vec(range(), 0..3), texts(), severities());
    let second = (proptest::sample::select(AffectedStatus::ALL), text(), texts(), texts(), any::<bool>());
    let third = (proptest::collection::vec(native, 0..3), proptest::collection::vec(import, 0..3), text());
    (first, second, third).prop_map(|(first, second, third)| {
        let (ecosystem, name, purl, ranges, versions, severities) = first;
        let (status, module, architectures, platforms, is_inexact) = second;
        let (mut native_ranges, imports, informational) = third;
        native_ranges.sort_by(|one, other| (one.is_unaffected, &one.text).cmp(&(other.is_unaffected, &other.text)));
        let is_silent = ranges.is_empty() && versions.is_empty();
        if !is_inexact && !is_silent {
            native_ranges.clear();
        }
        let status_word = if status == AffectedStatus::Affected { "" } else { status.as_str() };
        Affected {
            ecosystem,
            name,
            purl,
            ranges,
            versions,
            severities,
            status,
            status_word: status_word.into(),
            module,
            architectures,
            platforms,
            imports,
            is_inexact,
            native_ranges,
            informational,
        }
    })
}

fn advisory() -> impl Strategy<Value = Advisory<'static>> {
    let names = (text(), texts(), texts(), texts(), text(), text());
    let times = (time(), time(), time());
    let lists =
        (severities(), proptest::collection::vec((text(), text()), 0..3), proptest::collection::vec(affected(), 0..3));
    let weaknesses = proptest::collection::btree_set("CWE-[0-9]{1,3}", 0..3);
    (names, times, lists, weaknesses).prop_map(|(names, times, lists, weaknesses)| Advisory {
        id: Text::Owned(names.0.trim().to_owned()),
        aliases: names.1,
        related: names.2,
        upstream: names.3,
        summary: names.4,
        details: names.5,
        published: times.0,
        modified: times.1,
        withdrawn: times.2,
        severities: lists.0,
        references: lists.1,
        affected: lists.2,
        weaknesses: weaknesses.into_iter().map(Text::Owned).collect(),
        gaps: Default::default(),
    })
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        read_all(&bytes);
    }

    #[test]
    fn no_text_of_brackets_makes_a_reader_panic(text in "[\\[\\]{}\":,\\\\\n a1-]{0,80}") {
        read_all(text.as_bytes());
    }

    #[test]
    fn no_broken_record_makes_a_reader_panic(
        which in 0..VALID.len(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0..4u8, any::<u8>(), any::<prop::sample::Index>()), 1..8),
    ) {
        let mut bytes = VALID[which].as_bytes().to_vec();
        for (at, kind, byte, other) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at),
                2 => { bytes.remove(at); }
                _ => {
                    let end = at + other.index(bytes.len() - at);
                    let part = bytes[at..end].to_vec();
                    bytes.splice(at..at, part);
                }
            }
        }
        read_all(&bytes);
    }

    #[test]
    fn what_is_written_is_read_again(advisory in advisory()) {
        let text = osv::write(&advisory);
        let mut again = osv::read(text.as_bytes(), &Limits::default()).unwrap();
        again.gaps = Default::default();
        prop_assert_eq!(&again, &advisory);
        prop_assert_eq!(osv::write(&again), text);
    }
}

#[test]
fn valid_records_are_valid() {
    let limits = Limits::default();
    let [osv, kev, cve, euvd, epss, product] = VALID.map(str::as_bytes);
    assert!(osv::read(osv, &limits).is_ok_and(|read| read.gaps.total() == 0));
    assert!(kev::read(kev, &limits).is_ok_and(|read| read.gaps.total() == 0));
    assert!(cve_record::read(cve, &limits).is_ok_and(|read| read.gaps.total() == 0));
    assert!(euvd::read(euvd, &limits).is_ok_and(|read| read.gaps.total() == 0));
    assert!(epss::read(epss, &limits).is_ok_and(|read| read.gaps.total() == 0));
    assert!(end_of_life::read("x", product, &limits).is_ok_and(|read| read.gaps.total() == 0));
}
