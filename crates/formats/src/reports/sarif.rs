// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format): a rule a vulnerability, a result a finding.
//!
//! A place in SARIF is a file: here the documents that show the package. What was decided is a suppression (3.35), so that a
//! reader keeps it and does not show it as open. What cannot be told is of the kind `review` (3.27.9).

use serde_json::{Map, Value, json};
use underpin_model::COLLECTION_NOTE;

use super::{Report, Reported, Rule, Standing};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The name under which our fingerprints stand; another number when what goes into them changes.
const FINGERPRINT: &str = "underpinFinding/v1";

/// Writes a report as SARIF, with a line break at its end.
pub fn write(report: &Report<'_>) -> String {
    let mut worst = vec![None; report.rules.len()];
    for found in &report.findings {
        if let Some(worst) = worst.get_mut(found.rule) {
            *worst = (*worst).max(Some(level(found.priority)));
        }
    }
    let rules = report.rules.iter().zip(worst);
    let mut run = json!({
        "tool": { "driver": {
            "name": "Underpin",
            "semanticVersion": report.version,
            "rules": rules.map(|(one, worst)| rule(one, worst.unwrap_or(Level::Warning))).collect::<Vec<_>>(),
        }},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation(report)],
        "properties": { "collection": COLLECTION_NOTE },
    });
    run["results"] = report.findings.iter().filter_map(|found| result(report, found)).collect();
    let log = json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] });
    format!("{log}\n")
}

/// How the run went: without knowledge it was none, and what could not be answered is told.
fn invocation(report: &Report<'_>) -> Value {
    let note = |level: &str, text: &str| json!({ "level": level, "message": message(text) });
    let age = note(if report.knows_nothing { "error" } else { "note" }, &report.knowledge);
    let unanswerable = report.unanswerable.iter().map(|text| note("warning", text));
    json!({
        "executionSuccessful": !report.knows_nothing,
        "endTimeUtc": report.as_of,
        "toolExecutionNotifications": std::iter::once(age).chain(unanswerable).collect::<Vec<_>>(),
    })
}

fn rule(rule: &Rule<'_>, worst: Level) -> Value {
    let title = match rule.summary {
        "" => rule.name.to_owned(),
        summary => format!("{}: {summary}", rule.name),
    };
    let mut help = format!("{title}\nSeverity: {}", rule.worded());
    for (what, list) in [("Other names", &rule.aliases), ("Known to be exploited", &rule.exploited)] {
        if !list.is_empty() {
            help.push_str(&format!("\n{what}: {}", list.join(", ")));
        }
    }
    if let Some(mark) = rule.tlp {
        help.push_str(&format!("\nTLP:{}", mark.to_uppercase()));
    }
    let mut tags = vec!["security", "vulnerability"];
    tags.extend((!rule.exploited.is_empty()).then_some("exploited"));
    let mut properties = json!({ "tags": tags });
    if let Some(score) = security_severity(rule) {
        properties["security-severity"] = json!(score);
    }
    let mut written = json!({
        "id": rule.name,
        "shortDescription": message(&title),
        "fullDescription": message(&title),
        "help": message(&help),
        "defaultConfiguration": { "level": worst.as_str() },
        "properties": properties,
    });
    if let Some(page) = rule.page() {
        written["helpUri"] = json!(page);
    }
    written
}

fn result(report: &Report<'_>, found: &Reported<'_>) -> Option<Value> {
    let rule = report.rules.get(found.rule)?;
    let fingerprint = found.fingerprint(rule);
    let (kind, level) = match found.standing {
        Standing::Unknown => ("review", "none"),
        Standing::Open | Standing::Closed => ("fail", level(found.priority).as_str()),
    };
    let text = format!("{}. {}", found.sentence(rule), found.advice(rule));
    let mut written = json!({
        "ruleId": rule.name,
        "ruleIndex": found.rule,
        "kind": kind,
        "level": level,
        "message": message(&text),
        "locations": locations(found),
        "partialFingerprints": {
            // The name that some hosts look for; they would else read the document to make one.
            "primaryLocationLineHash": format!("{}:1", fingerprint.get(..16).unwrap_or_default()),
            FINGERPRINT: fingerprint,
        },
        "properties": properties(found),
    });
    if found.standing == Standing::Closed {
        written["suppressions"] =
            json!([{ "kind": "external", "status": "accepted", "justification": found.closing() }]);
    }
    Some(written)
}

fn properties(found: &Reported<'_>) -> Value {
    let texts = [
        ("agency", found.agency),
        ("system", found.system),
        ("package", found.package),
        ("priority", found.priority),
        ("status", found.status),
        ("reason", found.reason),
    ];
    let mut properties: Map<String, Value> =
        texts.into_iter().map(|(name, text)| (name.to_owned(), json!(text))).collect();
    properties.insert("hasFix".to_owned(), json!(found.has_fix));
    if let Some(due) = found.due {
        properties.insert("due".to_owned(), json!(due));
    }
    properties.into()
}

/// The documents, each with the package in it. Without any, the package in the system stands alone.
fn locations(found: &Reported<'_>) -> Vec<Value> {
    let logical = json!([{
        "name": found.package,
        "fullyQualifiedName": format!("{}/{}", found.system, found.package),
        "kind": "package",
    }]);
    // A document is one whole; its first line is where readers that want a line put it.
    let place = |document: &&str| {
        json!({
            "physicalLocation": { "artifactLocation": { "uri": relative(document) }, "region": { "startLine": 1 } },
            "logicalLocations": logical,
        })
    };
    match found.documents.as_slice() {
        [] => vec![json!({ "logicalLocations": logical })],
        documents => documents.iter().map(place).collect(),
    }
}

/// The name of a document as a reference (RFC 3986): what could be taken for something else is escaped.
fn relative(name: &str) -> String {
    let mut text = String::new();
    for byte in name.trim_start_matches(['/', '.']).bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// A message of plain text: braces and brackets would else be places to fill in and links (3.11.5, 3.11.6).
fn message(text: &str) -> Value {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '{' | '}' => plain.extend([letter, letter]),
            '[' | ']' | '\\' => plain.extend(['\\', letter]),
            other => plain.push(other),
        }
    }
    json!({ "text": plain })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Note,
    Warning,
    Error,
}

impl Level {
    fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A priority as a level.
fn level(priority: &str) -> Level {
    match priority {
        "act-now" | "soon" => Level::Error,
        "planned" => Level::Warning,
        _ => Level::Note,
    }
}

/// The score that hosts of code sort by. Where only a word is known, the lowest score of CVSS that has this word.
fn security_severity(rule: &Rule<'_>) -> Option<String> {
    if let Some(score) = rule.score {
        return Some(score.to_owned());
    }
    let lowest = match rule.severity {
        "critical" => "9.0",
        "high" => "7.0",
        "medium" => "4.0",
        "low" => "0.1",
        _ => return None,
    };
    Some(lowest.to_owned())
}
