// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use serde_json::Value;

use super::{Report, Reported, Rule, Standing, junit, sarif};

fn report() -> Report<'static> {
    let parser = Reported {
        rule: 0,
        agency: "health",
        system: "portal",
        package: "pkg:npm/parser@1.0.0",
        priority: "act-now",
        status: "open",
        reason: "in-range",
        meaning: "The version lies in a range that is affected.",
        due: Some("2026-03-04"),
        has_fix: true,
        documents: vec!["./build 1/sbom.json", "all.zip!b.json"],
        ..Reported::default()
    };
    let lost = Reported {
        rule: 1,
        package: "pkg:generic/lost",
        priority: "watch",
        standing: Standing::Unknown,
        status: "unknown",
        reason: "no-version",
        meaning: "It has no version.",
        due: None,
        has_fix: false,
        documents: Vec::new(),
        ..parser.clone()
    };
    let closed = Reported {
        system: "archive",
        standing: Standing::Closed,
        status: "not-affected",
        closed_by: Some("V7, component_not_present: removed in the build".to_owned()),
        documents: vec!["all.zip!b.json"],
        ..parser.clone()
    };
    Report {
        version: "0.9.0",
        as_of: "2026-03-01T00:00:00.5Z".parse().unwrap(),
        knowledge: "Advisories are 1 day old.".to_owned(),
        unanswerable: vec!["3 without a version".to_owned()],
        rules: vec![
            Rule {
                name: "CVE-2026-1",
                aliases: vec!["GHSA-x"],
                summary: "Reads [too] far {0} <b>",
                severity: "critical",
                score: Some("9.8"),
                source: Some("nvd"),
                exploited: vec!["kev"],
                tlp: None,
            },
            Rule { name: "NORV-2", severity: "high", tlp: Some("amber"), ..Rule::default() },
        ],
        findings: vec![parser, lost, closed],
        ..Report::default()
    }
}

#[test]
fn sarif_says_what_was_found_and_what_was_decided() {
    let written: Value = serde_json::from_str(&sarif::write(&report())).unwrap();
    assert_eq!(serde_json::to_string_pretty(&written).unwrap(), SARIF);
}

#[test]
fn junit_has_a_case_for_each_package_and_vulnerability() {
    insta::assert_snapshot!(junit::write(&report()), @r##"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites>
      <testsuite id="0" package="underpin" name="underpin" timestamp="2026-03-01T00:00:00" hostname="underpin" tests="1" failures="0" errors="0" skipped="0" time="0">
        <properties>
          <property name="collection" value="This is an extract of a collection. The collection as a whole may be classified above its parts; mark and keep this file accordingly."/>
        </properties>
        <testcase classname="underpin" name="there is knowledge to hold packages against" time="0"/>
        <system-out>Advisories are 1 day old.&#10;3 without a version</system-out>
        <system-err></system-err>
      </testsuite>
      <testsuite id="1" package="underpin" name="archive" timestamp="2026-03-01T00:00:00" hostname="underpin" tests="1" failures="0" errors="0" skipped="1" time="0">
        <properties/>
        <testcase classname="archive" name="CVE-2026-1 in pkg:npm/parser@1.0.0" time="0">
          <skipped message="not-affected: V7, component_not_present: removed in the build"/>
        </testcase>
        <system-out></system-out>
        <system-err></system-err>
      </testsuite>
      <testsuite id="2" package="underpin" name="portal" timestamp="2026-03-01T00:00:00" hostname="underpin" tests="2" failures="1" errors="1" skipped="0" time="0">
        <properties/>
        <testcase classname="portal" name="CVE-2026-1 in pkg:npm/parser@1.0.0" time="0">
          <failure type="act-now" message="pkg:npm/parser@1.0.0 in portal has CVE-2026-1: Reads [too] far {0} &lt;b&gt;">pkg:npm/parser@1.0.0 in portal has CVE-2026-1: Reads [too] far {0} &lt;b&gt;&#10;Priority act-now, severity critical 9.8 (nvd), due 2026-03-04. A fixed version is known.&#10;in-range: The version lies in a range that is affected.&#10;Shown by: ./build 1/sbom.json, all.zip!b.json</failure>
        </testcase>
        <testcase classname="portal" name="NORV-2 in pkg:generic/lost" time="0">
          <error type="no-version" message="pkg:generic/lost in portal has NORV-2">pkg:generic/lost in portal has NORV-2&#10;Priority watch, severity high. No fixed version is known.&#10;no-version: It has no version.&#10;Shown by: nothing that can be named</error>
        </testcase>
        <system-out></system-out>
        <system-err></system-err>
      </testsuite>
    </testsuites>
    "##);
}

#[test]
fn nothing_found_without_knowledge_is_no_good_news() {
    let blank = Report { knows_nothing: true, knowledge: "Nothing is known.".to_owned(), ..Report::default() };
    let log: Value = serde_json::from_str(&sarif::write(&blank)).unwrap();
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
    assert!(junit::write(&blank).contains("<error type=\"no-knowledge\" message=\"Nothing is known.\"></error>"));
    let known = Report { knows_nothing: false, ..blank };
    assert!(!junit::write(&known).contains("<error"));
}

#[test]
fn fingerprints_tell_findings_apart_and_stay() {
    let all = report();
    let of = |number: usize| {
        let found: &Reported<'_> = &all.findings[number];
        found.fingerprint(&all.rules[found.rule])
    };
    assert_eq!(of(0), "01cc5bc9d92ecf7f2cdd86b9df57ea24a5287b771dc730240b5694befd18ee1c");
    assert_ne!(of(0), of(2));
    let again = Reported { priority: "watch", status: "fixed", documents: Vec::new(), ..all.findings[0].clone() };
    assert_eq!(again.fingerprint(&all.rules[0]), of(0));
}

#[test]
fn words_from_outside_are_no_markup() {
    let mut hostile = report();
    hostile.rules[0].summary = "\u{1b}[2J</failure><testcase name=\"x\"/>\u{0}\u{ffff}\n]]>";
    let text = junit::write(&hostile);
    assert_eq!(text.matches("<testcase ").count(), 4);
    let mut reader = quick_xml::Reader::from_str(&text);
    while reader.read_event().expect("well-formed") != quick_xml::events::Event::Eof {}
    assert!(text.chars().all(|letter| letter == '\n' || !letter.is_control()));
    serde_json::from_str::<Value>(&sarif::write(&hostile)).expect("JSON");
}

/// What the report above is in SARIF.
const SARIF: &str = r##"{
  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  "runs": [
    {
      "columnKind": "unicodeCodePoints",
      "invocations": [
        {
          "endTimeUtc": "2026-03-01T00:00:00.5Z",
          "executionSuccessful": true,
          "toolExecutionNotifications": [
            {
              "level": "note",
              "message": {
                "text": "Advisories are 1 day old."
              }
            },
            {
              "level": "warning",
              "message": {
                "text": "3 without a version"
              }
            }
          ]
        }
      ],
      "properties": {
        "collection": "This is an extract of a collection. The collection as a whole may be classified above its parts; mark and keep this file accordingly."
      },
      "results": [
        {
          "kind": "fail",
          "level": "error",
          "locations": [
            {
              "logicalLocations": [
                {
                  "fullyQualifiedName": "portal/pkg:npm/parser@1.0.0",
                  "kind": "package",
                  "name": "pkg:npm/parser@1.0.0"
                }
              ],
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "build%201/sbom.json"
                },
                "region": {
                  "startLine": 1
                }
              }
            },
            {
              "logicalLocations": [
                {
                  "fullyQualifiedName": "portal/pkg:npm/parser@1.0.0",
                  "kind": "package",
                  "name": "pkg:npm/parser@1.0.0"
                }
              ],
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "all.zip!b.json"
                },
                "region": {
                  "startLine": 1
                }
              }
            }
          ],
          "message": {
            "text": "pkg:npm/parser@1.0.0 in portal has CVE-2026-1: Reads \\[too\\] far {{0}} <b>. Priority act-now, severity critical 9.8 (nvd), due 2026-03-04. A fixed version is known."
          },
          "partialFingerprints": {
            "primaryLocationLineHash": "01cc5bc9d92ecf7f:1",
            "underpinFinding/v1": "01cc5bc9d92ecf7f2cdd86b9df57ea24a5287b771dc730240b5694befd18ee1c"
          },
          "properties": {
            "agency": "health",
            "due": "2026-03-04",
            "hasFix": true,
            "package": "pkg:npm/parser@1.0.0",
            "priority": "act-now",
            "reason": "in-range",
            "status": "open",
            "system": "portal"
          },
          "ruleId": "CVE-2026-1",
          "ruleIndex": 0
        },
        {
          "kind": "review",
          "level": "none",
          "locations": [
            {
              "logicalLocations": [
                {
                  "fullyQualifiedName": "portal/pkg:generic/lost",
                  "kind": "package",
                  "name": "pkg:generic/lost"
                }
              ]
            }
          ],
          "message": {
            "text": "pkg:generic/lost in portal has NORV-2. Priority watch, severity high. No fixed version is known."
          },
          "partialFingerprints": {
            "primaryLocationLineHash": "2c802912c612dcd1:1",
            "underpinFinding/v1": "2c802912c612dcd1d7d170edc5164229eef06977aaf489bb20a06d221b687436"
          },
          "properties": {
            "agency": "health",
            "hasFix": false,
            "package": "pkg:generic/lost",
            "priority": "watch",
            "reason": "no-version",
            "status": "unknown",
            "system": "portal"
          },
          "ruleId": "NORV-2",
          "ruleIndex": 1
        },
        {
          "kind": "fail",
          "level": "error",
          "locations": [
            {
              "logicalLocations": [
                {
                  "fullyQualifiedName": "archive/pkg:npm/parser@1.0.0",
                  "kind": "package",
                  "name": "pkg:npm/parser@1.0.0"
                }
              ],
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "all.zip!b.json"
                },
                "region": {
                  "startLine": 1
                }
              }
            }
          ],
          "message": {
            "text": "pkg:npm/parser@1.0.0 in archive has CVE-2026-1: Reads \\[too\\] far {{0}} <b>. Priority act-now, severity critical 9.8 (nvd), due 2026-03-04. A fixed version is known."
          },
          "partialFingerprints": {
            "primaryLocationLineHash": "efae0fc6310c4235:1",
            "underpinFinding/v1": "efae0fc6310c42352f386ad71e6b16d8103b078b3b98efab3e25ffcb2cfccd29"
          },
          "properties": {
            "agency": "health",
            "due": "2026-03-04",
            "hasFix": true,
            "package": "pkg:npm/parser@1.0.0",
            "priority": "act-now",
            "reason": "in-range",
            "status": "not-affected",
            "system": "archive"
          },
          "ruleId": "CVE-2026-1",
          "ruleIndex": 0,
          "suppressions": [
            {
              "justification": "not-affected: V7, component_not_present: removed in the build",
              "kind": "external",
              "status": "accepted"
            }
          ]
        }
      ],
      "tool": {
        "driver": {
          "name": "Underpin",
          "rules": [
            {
              "defaultConfiguration": {
                "level": "error"
              },
              "fullDescription": {
                "text": "CVE-2026-1: Reads \\[too\\] far {{0}} <b>"
              },
              "help": {
                "text": "CVE-2026-1: Reads \\[too\\] far {{0}} <b>\nSeverity: critical 9.8 (nvd)\nOther names: GHSA-x\nKnown to be exploited: kev"
              },
              "helpUri": "https://www.cve.org/CVERecord?id=CVE-2026-1",
              "id": "CVE-2026-1",
              "properties": {
                "security-severity": "9.8",
                "tags": [
                  "security",
                  "vulnerability",
                  "exploited"
                ]
              },
              "shortDescription": {
                "text": "CVE-2026-1: Reads \\[too\\] far {{0}} <b>"
              }
            },
            {
              "defaultConfiguration": {
                "level": "note"
              },
              "fullDescription": {
                "text": "NORV-2"
              },
              "help": {
                "text": "NORV-2\nSeverity: high\nTLP:AMBER"
              },
              "id": "NORV-2",
              "properties": {
                "security-severity": "7.0",
                "tags": [
                  "security",
                  "vulnerability"
                ]
              },
              "shortDescription": {
                "text": "NORV-2"
              }
            }
          ],
          "semanticVersion": "0.9.0"
        }
      }
    }
  ],
  "version": "2.1.0"
}"##;
