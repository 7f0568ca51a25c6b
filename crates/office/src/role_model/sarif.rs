// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Results of `check` as SARIF 2.1.0 (OASIS): a rule a practice, a result a place; one run a repository.
//!
//! What is not met is of the kind `fail`. What is met is `pass`, what only a person can tell is `review`, and what else cannot be
//! assessed is `open` (3.27.9); only failures have a level.

use serde_json::{Value, json};
use underpin_model::practices::{Fault, FaultCode, Obstacle, Outcome};
use underpin_render::{Language, text};

use super::check::{CheckAnswer, CheckedPractice};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes what was found in some repositories, each with its name; a line break ends it.
pub fn sarif<'a>(found: impl IntoIterator<Item = (&'a str, &'a CheckAnswer)>, language: Language) -> String {
    let runs: Vec<Value> = found.into_iter().map(|(name, answer)| run(name, answer, language)).collect();
    format!("{}\n", json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": runs }))
}

fn run(name: &str, answer: &CheckAnswer, language: Language) -> Value {
    let rules: Vec<Value> = answer.practices.iter().map(|one| rule(one, language)).collect();
    let results: Vec<Value> =
        answer.practices.iter().enumerate().flat_map(|(index, one)| results(index, one, language)).collect();
    json!({
        "tool": { "driver": {
            "name": "Underpin",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        }},
        "automationDetails": { "id": format!("underpin-check/{name}") },
        "columnKind": "unicodeCodePoints",
        "invocations": [{ "executionSuccessful": true }],
        "properties": { "commit": answer.commit, "files": answer.files },
        "results": results,
    })
}

fn said(language: Language, key: &str) -> String {
    text(language, key, &[])
}

fn rule(one: &CheckedPractice, language: Language) -> Value {
    let title = said(language, &format!("practice-{}", one.practice));
    let fix = said(language, &format!("practice-{}-fix", one.practice));
    json!({
        "id": one.practice,
        "shortDescription": { "text": title },
        "fullDescription": { "text": format!("{title} [{}, {}]", one.standard, one.rule) },
        "help": { "text": fix },
        "helpUri": one.address,
        "defaultConfiguration": { "level": "warning" },
        "properties": { "tags": [one.pack.as_str()], "standard": one.standard, "rule": one.rule, "version": one.version },
    })
}

fn results(index: usize, one: &CheckedPractice, language: Language) -> Vec<Value> {
    let kind = match (one.outcome, one.obstacle) {
        (Outcome::NotMet, _) => "fail",
        (Outcome::Met, _) => "pass",
        (Outcome::NotAssessed, Some(Obstacle::NeedsPerson)) => "review",
        (Outcome::NotAssessed, _) => "open",
    };
    let title = said(language, &format!("practice-{}", one.practice));
    let result = |message: String, place: Option<&Fault>| {
        let level = if kind == "fail" { level(place) } else { "none" };
        let mut result = json!({
            "ruleId": one.practice,
            "ruleIndex": index,
            "kind": kind,
            "level": level,
            "message": { "text": message },
        });
        if let Some(place) = place.filter(|place| !place.path.is_empty()) {
            result["locations"] = json!([location(place)]);
        }
        result
    };
    if kind != "fail" {
        let outcome = said(language, &format!("practice-{}", one.outcome.as_str()));
        let why = one.obstacle.map(|why| format!(": {}", said(language, &format!("obstacle-{}", why.as_str()))));
        let mut whole = result(format!("{title}: {outcome}{}", why.unwrap_or_default()), None);
        let places: Vec<Value> = one.places.iter().filter(|place| !place.path.is_empty()).map(location).collect();
        if !places.is_empty() {
            whole["locations"] = Value::Array(places);
        }
        return vec![whole];
    }
    let told = |place: &Fault| underpin_render::practices::fault(language, place.code, &place.detail);
    if one.places.is_empty() {
        return vec![result(title, None)];
    }
    one.places.iter().map(|place| result(format!("{title}: {}", told(place)), Some(place))).collect()
}

/// What lets outsiders in is an error; everything else that is not met is a warning.
fn level(place: Option<&Fault>) -> &'static str {
    match place.map(|place| place.code) {
        Some(FaultCode::UntrustedInput | FaultCode::UntrustedCheckout) => "error",
        _ => "warning",
    }
}

fn location(place: &Fault) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": address(&place.path), "uriBaseId": "%SRCROOT%" } });
    if let Some(line) = place.line.filter(|line| *line > 0) {
        physical["region"] = json!({ "startLine": line });
        if let Some(column) = place.column.filter(|column| *column > 0) {
            physical["region"]["startColumn"] = json!(column);
        }
    }
    json!({ "physicalLocation": physical })
}

/// A path as a relative address (RFC 3986).
fn address(path: &str) -> String {
    let mut address = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=@".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}
