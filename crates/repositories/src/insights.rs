// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! SECURITY-INSIGHTS: what a project declares in a form that programs can read, above all what it consents to.
//!
//! Read after versions 1 and 2 of its schema (OpenSSF). A field that is missing or of another kind is unknown, never "no".

use serde_json::Value as Json;
use underpin_model::signals::{DeclaredStatus, Ignorance, SignalCode, Value};

/// Where each declaration stands, in version 2 and in version 1.
const PLACES: &[(SignalCode, &[&str])] = &[
    (SignalCode::InsightsStatus, &["/repository/status", "/project-lifecycle/status"]),
    (
        SignalCode::InsightsChangeRequests,
        &["/repository/accepts-change-request", "/contribution-policy/accepts-pull-requests"],
    ),
    (
        SignalCode::InsightsAutomated,
        &["/repository/accepts-automated-change-request", "/contribution-policy/accepts-automated-pull-requests"],
    ),
    (SignalCode::InsightsBugFixesOnly, &["/repository/bug-fixes-only", "/project-lifecycle/bug-fixes-only"]),
    (
        SignalCode::InsightsReports,
        &[
            "/project/vulnerability-reporting/reports-accepted",
            "/vulnerability-reporting/accepts-vulnerability-reports",
        ],
    ),
];

/// What the file declares.
pub(crate) fn declared(text: Result<&str, Ignorance>) -> Vec<(SignalCode, Result<Value, Ignorance>)> {
    let tree = text.and_then(|text| serde_saphyr::from_str::<Json>(text).map_err(|_| Ignorance::NotUnderstood));
    let declaration = |(code, places): &(SignalCode, &[&str])| {
        let value = tree.as_ref().map_err(|why| *why).and_then(|tree| {
            let found = places.iter().find_map(|place| tree.pointer(place)).ok_or(Ignorance::NotSaid)?;
            match found {
                Json::Bool(flag) => Ok(Value::Flag(*flag)),
                Json::String(word) if *code == SignalCode::InsightsStatus => {
                    word.parse::<DeclaredStatus>().map(Value::Word).map_err(|_| Ignorance::NotUnderstood)
                }
                _ => Err(Ignorance::NotUnderstood),
            }
        });
        (*code, value.and_then(|value| fitting(*code, value)))
    };
    PLACES.iter().map(declaration).collect()
}

/// A status is a word, everything else a flag.
fn fitting(code: SignalCode, value: Value) -> Result<Value, Ignorance> {
    let is_word = matches!(value, Value::Word(_));
    if is_word == (code == SignalCode::InsightsStatus) { Ok(value) } else { Err(Ignorance::NotUnderstood) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAG: fn(bool) -> Result<Value, Ignorance> = |flag| Ok(Value::Flag(flag));

    #[test]
    fn both_versions_and_faults() {
        let not_said = Err(Ignorance::NotSaid);
        let not_understood = Err(Ignorance::NotUnderstood);
        let second = "header:\n  schema-version: 2.2.0\nproject:\n  vulnerability-reporting:\n    reports-accepted: true\n\
                      repository:\n  status: WIP\n  accepts-change-request: true\n  accepts-automated-change-request: false\n";
        let first = "header:\n  schema-version: 1.0.0\nproject-lifecycle:\n  status: inactive\n  bug-fixes-only: true\n\
                     contribution-policy:\n  accepts-pull-requests: false\n";
        let odd = "repository:\n  status: true\n  accepts-change-request: \"perhaps\"\n";
        for (text, expected) in [
            (second, [Ok(Value::Word(DeclaredStatus::WorkInProgress)), FLAG(true), FLAG(false), not_said, FLAG(true)]),
            (first, [Ok(Value::Word(DeclaredStatus::Inactive)), FLAG(false), not_said, FLAG(true), not_said]),
            (odd, [not_understood, not_understood, not_said, not_said, not_said]),
            ("a: [", [not_understood; 5]),
            ("just a text", [not_said; 5]),
        ] {
            let found: Vec<_> = declared(Ok(text)).into_iter().map(|(_, value)| value).collect();
            assert_eq!(found, expected, "{text}");
        }
        assert!(declared(Err(Ignorance::NotInClone)).iter().all(|(_, value)| *value == Err(Ignorance::NotInClone)));
    }

    #[test]
    fn aliases_do_not_multiply() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let before = format!("*a{}, ", level - 1).repeat(10);
            text.push_str(&format!("a{level}: &a{level} [{before}x]\n"));
        }
        assert!(declared(Ok(&text)).iter().all(|(_, value)| *value == Err(Ignorance::NotUnderstood)));
    }
}
