// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What each kind of record says is read whole: records of our own, with every field.

use underpin_model::Limits;
use underpin_model::gap::GapCode;
use underpin_model::inventory::Text;
use underpin_model::watch::cve::{AnyOf, Configuration, CpeMatch, CveRecord, Exploitation, Ssvc};
use underpin_model::watch::{
    Advisory, Affected, AffectedStatus, Event, Import, Lifecycle, NativeRange, Range, RangeKind, Release, Severity,
    Until,
};

use super::{cve_record, end_of_life, osv};

fn osv(json: &str) -> Advisory<'_> {
    osv::read(json.as_bytes(), &Limits::default()).unwrap()
}

fn severity(system: &'static str, value: &'static str, source: &'static str) -> Severity<'static> {
    Severity { system: system.into(), value: value.into(), source: source.into() }
}

fn texts(list: &[&'static str]) -> Vec<Text<'static>> {
    list.iter().map(|&text| text.into()).collect()
}

#[test]
fn a_record_of_osv_is_read_whole() {
    let read = osv(
        r#"{"schema_version": "1.7.3", "modified": "2026-01-02T00:00:00Z", "published": "2026-01-01T00:00:00Z",
        "withdrawn": "2026-02-01T00:00:00Z", "id": "OWN-2026-1", "aliases": ["CVE-2026-1"], "upstream": ["CVE-2026-2"],
        "related": ["OWN-2026-2"], "summary": "A <script>flaw</script>", "details": "Story", "credits": [{"name": "x"}],
        "database_specific": {"severity": "HIGH", "cwe_ids": ["CWE-79"], "cvss_v3": 7.5},
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N", "source": "CNA"}],
        "references": [{"type": "WEB", "url": "https://example.org"}, {"type": "WEB"}],
        "affected": [{"package": {"ecosystem": "Go", "name": "example.org/a", "purl": "pkg:golang/example.org/a"},
          "ranges": [{"type": "GIT", "repo": "https://example.org/a.git", "events": [{"introduced": "0"}, {"limit": "c0ffee"}]},
                     {"type": "SEMVER", "events": [{"fixed": "1.2.0"}, {"introduced": "0"}, {"last_affected": "2.0.0"}]}],
          "versions": ["1.0.0", "1.1.0"], "severity": [{"type": "Ubuntu", "score": "low"}],
          "ecosystem_specific": {"imports": [{"path": "example.org/a/b", "symbols": ["C"]}], "status": "will-not-fix"},
          "database_specific": {"cwes": [{"cweId": "CWE-89"}, {"cweId": "CWE-79"}]}}]}"#,
    );
    let affected = Affected {
        ecosystem: "Go".into(),
        name: "example.org/a".into(),
        purl: "pkg:golang/example.org/a".into(),
        ranges: vec![
            Range {
                kind: RangeKind::Git,
                repository: "https://example.org/a.git".into(),
                events: vec![Event::Introduced("0".into()), Event::Limit("c0ffee".into())],
            },
            Range {
                kind: RangeKind::SemVer,
                repository: "".into(),
                events: vec![
                    Event::Fixed("1.2.0".into()),
                    Event::Introduced("0".into()),
                    Event::LastAffected("2.0.0".into()),
                ],
            },
        ],
        versions: texts(&["1.0.0", "1.1.0"]),
        severities: vec![severity("Ubuntu", "low", "")],
        status: AffectedStatus::WillNotFix,
        status_word: "will-not-fix".into(),
        imports: vec![Import { path: "example.org/a/b".into(), symbols: texts(&["C"]) }],
        ..Affected::default()
    };
    let expected = Advisory {
        id: "OWN-2026-1".into(),
        aliases: texts(&["CVE-2026-1"]),
        related: texts(&["OWN-2026-2"]),
        upstream: texts(&["CVE-2026-2"]),
        published: "2026-01-01".parse().ok(),
        modified: "2026-01-02".parse().ok(),
        withdrawn: "2026-02-01".parse().ok(),
        summary: "A <script>flaw</script>".into(),
        details: "Story".into(),
        severities: vec![
            severity("CVSS_V3", "CVSS:3.1/AV:N", "CNA"),
            severity("severity", "HIGH", ""),
            severity("CVSS_V3_SCORE", "7.5", ""),
        ],
        references: vec![("WEB".into(), "https://example.org".into())],
        weaknesses: texts(&["CWE-79", "CWE-89"]),
        affected: vec![affected],
        gaps: Default::default(),
    };
    assert_eq!(read, expected);
}

#[test]
fn fields_of_ecosystems_and_databases_are_read() {
    let affected = |fields: &str| {
        let json = format!(
            r#"{{"id": "X", "affected": [{{"package": {{"ecosystem": "e", "name": "n"}},
            "ranges": [{{"type": "ECOSYSTEM", "events": [{{"introduced": "0"}}]}}], {fields}}}]}}"#
        );
        osv(&json).into_owned().affected.remove(0)
    };
    let debian = affected(r#""ecosystem_specific": {"urgency": "unimportant"}"#);
    assert_eq!((debian.status, debian.status_word.as_ref()), (AffectedStatus::Unimportant, "unimportant"));
    let debian = affected(r#""ecosystem_specific": {"urgency": "low"}"#);
    assert_eq!((debian.status, debian.severities), (AffectedStatus::Affected, vec![severity("Debian", "low", "")]));
    let ubuntu = affected(r#""ecosystem_specific": {"status": "needs-triage", "ubuntu_priority": "medium"}"#);
    assert_eq!(
        (ubuntu.status, ubuntu.severities),
        (AffectedStatus::UnderInvestigation, vec![severity("Ubuntu", "medium", "")])
    );
    assert_eq!(affected(r#""ecosystem_specific": {"rpm_modularity": "nodejs:18"}"#).module, "nodejs:18");
    let rust = affected(
        r#""ecosystem_specific": {"affects": {"arch": ["x86_64"], "os": ["windows"], "functions": ["a::b"]}},
           "database_specific": {"informational": "unmaintained"}"#,
    );
    assert_eq!((rust.architectures, rust.platforms), (texts(&["x86_64"]), texts(&["windows"])));
    assert_eq!(rust.imports, [Import { path: "".into(), symbols: texts(&["a::b"]) }]);
    assert_eq!(rust.informational, "unmaintained");
    let native = |is_unaffected, text: &'static str| NativeRange { text: text.into(), is_unaffected };
    let php = affected(
        r#""database_specific": {"range_conversion_exact": false, "branches": {"2.x": [">2", "<2.4"], "1.x": "<1.2"}}"#,
    );
    assert!(php.is_inexact);
    assert_eq!(php.native_ranges, [native(false, "<1.2"), native(false, ">2, <2.4")]);
    let ruby = affected(
        r#""database_specific": {"range_conversion_exact": false, "patched_versions": ["~> 3.2.1", ">= 4"], "unaffected_versions": null}"#,
    );
    assert_eq!(ruby.native_ranges, [native(true, ">= 4"), native(true, "~> 3.2.1")]);
    let exact = affected(r#""database_specific": {"range_conversion_exact": true, "vulnerable_versions": "<2"}"#);
    assert_eq!((exact.is_inexact, exact.native_ranges), (false, vec![]));
    assert!(affected(r#""ecosystem_specific": {"custom_ranges": [{"type": "ECOSYSTEM", "events": []}]}"#).is_inexact);
    let raw = osv(
        r#"{"id": "X", "affected": [{"package": {"ecosystem": "Hex", "name": "n"}, "ranges": [], "database_specific": {"vulnerable_version_ranges": ["<= 1.3.1"]}}]}"#,
    );
    assert_eq!(raw.affected[0].native_ranges, [native(false, "<= 1.3.1")]);
    assert_eq!(raw.gaps.total(), 0);
}

const CVE: &str = r#"{"dataType": "CVE_RECORD", "dataVersion": "5.1", "cveMetadata": {"cveId": "CVE-2026-1", "state": "PUBLISHED",
    "assignerShortName": "maker", "datePublished": "2026-01-01T00:00:00.000Z", "dateUpdated": "2026-01-03T00:00:00"},
  "containers": {"cna": {"descriptions": [{"lang": "de", "value": "Ein Fehler."}, {"lang": "en-US", "value": "A flaw. More of it."}],
      "metrics": [{"cvssV4_0": {"vectorString": "CVSS:4.0/AV:N", "baseScore": 9}}, {"cvssV2_0": {"vectorString": "AV:N/AC:L"}}],
      "problemTypes": [{"descriptions": [{"cweId": "CWE-79", "lang": "en"}, {"lang": "en", "description": "none"}]}],
      "affected": [{"vendor": "maker", "product": "tool", "defaultStatus": "unaffected", "cpes": ["cpe:2.3:a:maker:tool:*:*:*:*:*:*:*:*"],
        "versions": [{"version": "0", "lessThan": "1.2", "status": "affected", "versionType": "semver"},
          {"version": "2.0", "lessThanOrEqual": "2.3", "status": "affected"}, {"version": "3.1", "status": "affected"},
          {"version": "4", "lessThan": "5", "status": "affected", "changes": [{"at": "4.2", "status": "unaffected"}]},
          {"version": "n/a", "status": "affected"}, {"version": "c0ffee", "status": "affected", "versionType": "git"},
          {"version": "6", "status": "unaffected"}]}],
      "references": [{"url": "https://example.org/1"}], "providerMetadata": {"orgId": "x", "shortName": "maker"}},
    "adp": [{"title": "CISA ADP Vulnrichment", "providerMetadata": {"shortName": "CISA-ADP"},
      "metrics": [{"cvssV3_1": {"vectorString": "CVSS:3.1/AV:N"}}, {"other": {"type": "ssvc", "content": {"id": "CVE-2026-1",
        "timestamp": "2026-01-02T00:00:00Z", "options": [{"Exploitation": "active"}, {"Automatable": "no"}, {"Technical Impact": "total"}]}}}],
      "cpeApplicability": [
        {"nodes": [{"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": true, "criteria": "cpe:2.3:a:maker:other:*:*:*:*:*:*:*:*",
          "versionStartExcluding": "1", "versionEndIncluding": "2"}]}]},
        {"operator": "AND", "nodes": [{"operator": "OR", "cpeMatch": [{"vulnerable": true, "criteria": "cpe:2.3:o:maker:ware:1:*:*:*:*:*:*:*"}]},
          {"operator": "OR", "cpeMatch": [{"vulnerable": false, "criteria": "cpe:2.3:h:maker:box:-:*:*:*:*:*:*:*"}]}]},
        {"negate": true, "nodes": [{"operator": "OR", "cpeMatch": [{"vulnerable": true, "criteria": "cpe:2.3:a:x:y:*:*:*:*:*:*:*:*"}]}]}],
      "references": [{"url": "https://example.org/1"}, {"url": "https://example.org/2"}]}]}}"#;

fn cpe(name: &'static str, bounds: [&'static str; 4]) -> CpeMatch<'static> {
    let [from_including, from_excluding, to_including, to_excluding] = bounds.map(Text::Borrowed);
    CpeMatch { name: name.into(), from_including, from_excluding, to_including, to_excluding }
}

#[test]
fn a_cve_record_is_read_with_what_others_add() {
    let read = cve_record::read(CVE.as_bytes(), &Limits::default()).unwrap();
    let tool = |bounds| cpe("cpe:2.3:a:maker:tool:*:*:*:*:*:*:*:*", bounds);
    let alone = |vulnerable| Configuration { vulnerable, ..Configuration::default() };
    let configurations = vec![
        alone(vec![
            tool(["", "", "", "1.2"]),
            tool(["2.0", "", "2.3", ""]),
            tool(["3.1", "", "3.1", ""]),
            tool(["4", "", "", "4.2"]),
        ]),
        alone(vec![cpe("cpe:2.3:a:maker:other:*:*:*:*:*:*:*:*", ["", "1", "2", ""])]),
        Configuration {
            vulnerable: vec![cpe("cpe:2.3:o:maker:ware:1:*:*:*:*:*:*:*", [""; 4])],
            beside: vec![AnyOf { names: vec![cpe("cpe:2.3:h:maker:box:-:*:*:*:*:*:*:*", [""; 4])] }],
            without: vec![],
        },
    ];
    let expected = CveRecord {
        id: "CVE-2026-1".into(),
        is_rejected: false,
        published: "2026-01-01".parse().ok(),
        modified: "2026-01-03".parse().ok(),
        assigner: "maker".into(),
        title: "A flaw.".into(),
        description: "A flaw. More of it.".into(),
        severities: vec![
            severity("CVSS_V4", "CVSS:4.0/AV:N", "maker"),
            severity("CVSS_V2", "AV:N/AC:L", "maker"),
            severity("CVSS_V3", "CVSS:3.1/AV:N", "CISA-ADP"),
        ],
        weaknesses: texts(&["CWE-79"]),
        ssvc: Some(Ssvc {
            exploitation: Exploitation::Active,
            automatable: Some(false),
            total_impact: Some(true),
            judged: "2026-01-02".parse().ok(),
        }),
        configurations,
        packages: vec![],
        references: texts(&["https://example.org/1", "https://example.org/2"]),
        gaps: read.gaps.clone(),
    };
    assert_eq!(read, expected);
    assert_eq!((read.gaps.count(GapCode::InvalidValue), read.gaps.total()), (1, 1));
}

#[test]
fn a_negated_node_beside_others_says_what_must_not_be_there() {
    let name = |product: &str| format!("cpe:2.3:o:maker:{product}:*:*:*:*:*:*:*:*");
    let node = |is_negated: bool, is_vulnerable: bool, criteria: &str| {
        let matching = format!(r#"{{"vulnerable": {is_vulnerable}, "criteria": "{criteria}"}}"#);
        format!(r#"{{"operator": "OR", "negate": {is_negated}, "cpeMatch": [{matching}]}}"#)
    };
    let read = |nodes: &[String]| {
        let applicability = format!(r#"[{{"operator": "AND", "nodes": [{}]}}]"#, nodes.join(", "));
        let json = format!(
            r#"{{"cveMetadata": {{"cveId": "CVE-2026-3"}}, "containers": {{"cna": {{"cpeApplicability": {applicability}}}}}}}"#
        );
        let read = cve_record::read(json.as_bytes(), &Limits::default()).unwrap().into_owned();
        let names = |all: &[CpeMatch<'_>]| all.iter().map(|one| one.name.to_string()).collect::<Vec<_>>();
        let of = |one: &Configuration<'_>| {
            let beside = one.beside.iter().flat_map(|any| names(&any.names)).collect();
            [names(&one.vulnerable), beside, names(&one.without)]
        };
        (read.configurations.iter().map(of).collect::<Vec<_>>(), read.gaps.total())
    };
    let (ware, fixed, board) = (name("ware"), name("fixed"), name("board"));
    let with = |nodes: &[String]| read(&[&[node(false, true, &ware)], nodes].concat());
    let expected = vec![[vec![ware.clone()], vec![], vec![fixed.clone()]]];
    assert_eq!(with(&[node(true, false, &fixed)]), (expected, 0));
    let expected = vec![[vec![ware.clone()], vec![board.clone()], vec![fixed.clone()]]];
    assert_eq!(with(&[node(true, true, &fixed), node(false, false, &board)]), (expected, 0));
    // By itself it would mean everything else; a platform that cannot be read is still a condition.
    assert_eq!(read(&[node(true, true, &fixed)]), (vec![], 1));
    assert_eq!(with(&[node(false, false, "board")]), (vec![[vec![ware], vec![String::new()], vec![]]], 1));
}

#[test]
fn a_rejected_number_says_why() {
    let json = r#"{"cveMetadata": {"cveId": "CVE-2026-2", "state": "REJECTED"}, "containers": {"cna": {
        "rejectedReasons": [{"lang": "en", "value": "Not used."}], "providerMetadata": {"shortName": "maker"}}}}"#;
    let read = cve_record::read(json.as_bytes(), &Limits::default()).unwrap();
    assert!(read.is_rejected);
    assert_eq!((read.description.as_ref(), read.title.as_ref()), ("Not used.", "Not used."));
}

fn product() -> Lifecycle<'static> {
    let release = |cycle: &'static str| Release { cycle: cycle.into(), ..Release::default() };
    Lifecycle {
        id: "tool".into(),
        title: "Tool".into(),
        category: "app".into(),
        identifiers: vec![("purl".into(), "pkg:npm/tool".into()), ("cpe".into(), "cpe:/a:maker:tool".into())],
        policy: "https://example.org/policy".into(),
        releases: vec![
            Release {
                codename: "Owl".into(),
                is_long_term: Some(true),
                released: "2026-01-01".parse().ok(),
                active_support: Until::Open,
                security_support: Until::Date("2030-12-31".parse().unwrap()),
                latest: "3.10".into(),
                latest_released: "2026-02-01".parse().ok(),
                ..release("3.10")
            },
            Release {
                active_support: Until::Over,
                security_support: Until::Over,
                extended_support: Until::Date("2031-01-01".parse().unwrap()),
                ..release("2")
            },
        ],
        ..Lifecycle::default()
    }
}

#[test]
fn a_product_is_read_from_its_page_and_from_both_interfaces() {
    let page = "---\r\ntitle: Tool\r\ncategory: app\r\npermalink: /tool\r\nreleasePolicyLink: https://example.org/policy\r\n\
        identifiers:\r\n  - purl: pkg:npm/tool\r\n  - cpe: cpe:/a:maker:tool\r\nreleases:\r\n  - releaseCycle: 3.10\r\n    codename: Owl\r\n    \
        lts: 2026-06-01\r\n    releaseDate: 2026-01-01\r\n    eoas: false\r\n    eol: 2030-12-31\r\n    latest: '3.10'\r\n    \
        latestReleaseDate: 2026-02-01\r\n  - releaseCycle: \"2\"\r\n    eoas: true\r\n    eol: true\r\n    eoes: 2031-01-01\r\n---\r\n\r\n# Text\r\n---\r\n";
    let limits = Limits::default();
    assert_eq!(end_of_life::read("file", page.as_bytes(), &limits).unwrap(), product());
    let json = r#"{"schema_version": "1.2.0", "result": {"name": "tool", "label": "Tool", "category": "app",
        "identifiers": [{"type": "purl", "id": "pkg:npm/tool"}, {"type": "cpe", "id": "cpe:/a:maker:tool"}],
        "links": {"releasePolicy": "https://example.org/policy"}, "releases": [
        {"name": "3.10", "codename": "Owl", "isLts": true, "releaseDate": "2026-01-01", "isEoas": false, "eoasFrom": null,
         "isEol": false, "eolFrom": "2030-12-31", "latest": {"name": "3.10", "date": "2026-02-01"}},
        {"name": "2", "isEoas": true, "isEol": true, "eolFrom": null, "isEoes": false, "eoesFrom": "2031-01-01", "latest": null}]}}"#;
    assert_eq!(end_of_life::read("file", json.as_bytes(), &limits).unwrap(), product());
    let older = r#"[{"cycle": "3.10", "codename": "Owl", "lts": "2026-06-01", "releaseDate": "2026-01-01", "support": true,
         "eol": "2030-12-31", "latest": "3.10", "latestReleaseDate": "2026-02-01"},
        {"cycle": 2, "support": false, "eol": true, "extendedSupport": "2031-01-01"}]"#;
    let read = end_of_life::read("tool", older.as_bytes(), &limits).unwrap();
    assert_eq!((read.id, read.releases), ("tool".into(), product().releases));
    for broken in
        ["", "---", "---\n", "---\na: [\n---\n", "---\ntitle: x\n---\n", "{}", "[]", "[7]", "{\"result\": []}"]
    {
        let code = end_of_life::read("tool", broken.as_bytes(), &limits).map_err(|error| error.code);
        assert_eq!(code.err(), Some("unreadable-record"), "{broken}");
    }
}
