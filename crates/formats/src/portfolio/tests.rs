// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use proptest::prelude::*;
use serde_json::json;
use underpin_model::watch::{Justification, Status};

use super::*;

#[test]
fn a_list_keeps_what_can_be_read() {
    let body = json!([
        { "uuid": "p1", "name": " Portal ", "group": "gov", "version": "1.0", "tags": [{ "name": "b" }, { "name": "a" }],
          "lastBomImport": 1_700_000_000_000_i64, "active": true, "parent": { "uuid": "p0", "name": "All" }, "new": {} },
        { "uuid": "p2", "name": "Old", "active": false },
        { "uuid": "p3" },
        "nonsense",
        { "uuid": "p4", "name": "x", "tags": 7 },
    ]);
    let listed = projects(body.to_string().as_bytes()).expect("a list");
    assert_eq!(listed.entries, 5);
    let faults: Vec<&str> = listed.faults.iter().map(|fault| &fault[..8]).collect();
    assert_eq!(faults, ["entry 3:", "entry 4:", "entry 5:"]);
    let [portal, old] = listed.items.as_slice() else { panic!("{listed:?}") };
    assert_eq!((portal.title().as_str(), portal.version(), portal.labels()), ("gov/Portal", "1.0", vec!["a", "b"]));
    assert_eq!(portal.bom().map(|at| at.to_string()).as_deref(), Some("2023-11-14T22:13:20Z"));
    assert_eq!((portal.is_active(), old.is_active(), old.bom(), old.version()), (true, false, None, ""));
    assert!(projects(b"{}").is_err() && projects(b"[").is_err());
}

#[test]
fn findings_say_where_something_was_said() {
    let one = |state: Option<&str>, hidden: bool| {
        json!({
            "component": { "uuid": "c", "name": "left", "purl": "pkg:npm/left@1" },
            "vulnerability": { "uuid": "v", "vulnId": "CVE-1", "source": "NVD" },
            "analysis": { "state": state, "isSuppressed": hidden },
        })
    };
    let body =
        json!([one(None, false), one(Some("NOT_SET"), false), one(None, true), one(Some("IN_TRIAGE"), false), {}]);
    let listed = findings(body.to_string().as_bytes()).expect("a list");
    let said: Vec<bool> = listed.items.iter().map(|one| one.is_analysed).collect();
    assert_eq!((said, listed.faults.len()), (vec![false, false, true, true], 1));
    assert_eq!(listed.items[0].package, "pkg:npm/left@1");
}

#[test]
fn only_the_right_server_is_read() {
    for (body, version) in [
        (r#"{"version":"4.13.2","application":"Dependency-Track","uuid":"x"}"#, Some("4.13.2")),
        (r#"{"version":"4.9.0"}"#, Some("4.9.0")),
        (r#"{"version":"1","application":"Something else"}"#, None),
        ("<html>", None),
    ] {
        assert_eq!(super::version(body.as_bytes()).ok().as_deref(), version, "{body}");
    }
    assert_eq!(components(br#"{"bomFormat":"CycloneDX","components":[{},{}]}"#), Some(2));
    assert_eq!(components(br#"{"bomFormat":"CycloneDX"}"#), Some(0));
    assert_eq!(components(b"{}"), None);
}

#[test]
fn what_was_said_there_means_the_same_here() {
    use Justification as J;
    use Status as S;
    let of = |state: &str, justification: &str, details: &str, hidden: bool| {
        let body = json!({
            "analysisState": state, "analysisJustification": justification, "analysisDetails": details,
            "isSuppressed": hidden, "analysisResponse": "NOT_SET", "analysisComments": [],
        });
        ruled(&Analysis::read(body.to_string().as_bytes()).expect("an analysis"))
    };
    for (state, justification, details, hidden, expected) in [
        ("NOT_SET", "NOT_SET", "", false, None),
        ("NOT_SET", "NOT_SET", "noise", true, Some((S::UnderInvestigation, None))),
        ("EXPLOITABLE", "NOT_SET", "", false, Some((S::Affected, None))),
        ("EXPLOITABLE", "CODE_NOT_REACHABLE", "", true, Some((S::Affected, None))),
        ("IN_TRIAGE", "", "", false, Some((S::UnderInvestigation, None))),
        ("RESOLVED", "", "", false, Some((S::Fixed, None))),
        ("FALSE_POSITIVE", "NOT_SET", "", true, Some((S::NotAffected, Some(J::VulnerableCodeNotPresent)))),
        ("NOT_AFFECTED", "CODE_NOT_PRESENT", "", false, Some((S::NotAffected, Some(J::VulnerableCodeNotPresent)))),
        (
            "NOT_AFFECTED",
            "CODE_NOT_REACHABLE",
            "",
            false,
            Some((S::NotAffected, Some(J::VulnerableCodeNotInExecutePath))),
        ),
        (
            "NOT_AFFECTED",
            "REQUIRES_ENVIRONMENT",
            "",
            true,
            Some((S::NotAffected, Some(J::VulnerableCodeCannotBeControlledByAdversary))),
        ),
        (
            "NOT_AFFECTED",
            "PROTECTED_AT_PERIMETER",
            "",
            true,
            Some((S::NotAffected, Some(J::InlineMitigationsAlreadyExist))),
        ),
        ("NOT_AFFECTED", "NOT_SET", "Never started.", false, Some((S::NotAffected, None))),
        ("NOT_AFFECTED", "NOT_SET", " ", false, Some((S::UnderInvestigation, None))),
        ("SOMETHING_NEW", "NOT_SET", "", false, Some((S::UnderInvestigation, None))),
    ] {
        let found = of(state, justification, details, hidden).map(|one| (one.status, one.justification));
        assert_eq!(found, expected, "{state} {justification} {details:?} {hidden}");
    }
}

#[test]
fn comments_stay_in_the_reason() {
    let body = json!({
        "analysisState": "NOT_AFFECTED", "analysisJustification": "CODE_NOT_REACHABLE", "isSuppressed": true,
        "analysisResponse": "WILL_NOT_FIX", "analysisDetails": "Only the tests call it.",
        "analysisComments": [
            { "timestamp": 1_700_000_000_000_i64, "comment": "Analysis: NOT_SET → NOT_AFFECTED", "commenter": "ada" },
            { "timestamp": 1_700_000_000_000_i64, "comment": "Asked the supplier.", "commenter": "ada" },
            { "comment": "Agreed." },
        ],
    });
    let found = ruled(&Analysis::read(body.to_string().as_bytes()).expect("an analysis")).expect("something");
    assert_eq!(
        found.reason,
        "Dependency-Track: not affected, code not reachable, suppressed\nOnly the tests call it.\n\
         ada, 2023-11-14: Asked the supplier.\nsomebody: Agreed."
    );
    assert_eq!(found.action, "will not fix");
}

proptest! {
    #[test]
    fn whatever_comes_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = (super::version(&bytes), projects(&bytes), findings(&bytes), components(&bytes), Analysis::read(&bytes));
    }
}
