// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! JUnit XML, as build servers read it: a suite a system, a test case a package version and vulnerability.
//!
//! There is no standard. What is written here is what the two schemas in use (that of Ant's task and that of Jenkins) have in
//! common. Open is a failure; what cannot be told is an error, for then the test gave no result; what is decided is skipped. A suite before
//! all others has one case: whether there is any knowledge to hold packages against. So a report is never empty.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use underpin_model::COLLECTION_NOTE;

use super::{Report, Reported, Rule, Standing};

/// Writes a report as JUnit XML, with a line break at its end.
pub fn write(report: &Report<'_>) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    knowledge(&mut text, report);
    let mut systems: BTreeMap<&str, Vec<(&Reported<'_>, &Rule<'_>)>> = BTreeMap::new();
    for found in &report.findings {
        if let Some(rule) = report.rules.get(found.rule) {
            systems.entry(found.system).or_default().push((found, rule));
        }
    }
    for (number, (system, own)) in systems.iter().enumerate() {
        suite(&mut text, report, number + 1, system, own);
    }
    text.push_str("</testsuites>\n");
    text
}

/// The suite about the knowledge itself.
fn knowledge(text: &mut String, report: &Report<'_>) {
    open(text, report, 0, "underpin", [1, 0, usize::from(report.knows_nothing), 0]);
    case(text, "underpin", "there is knowledge to hold packages against");
    if report.knows_nothing {
        outcome(text, "error", "no-knowledge", &report.knowledge, "");
    } else {
        text.push_str("/>\n");
    }
    let said: Vec<&str> =
        std::iter::once(report.knowledge.as_str()).chain(report.unanswerable.iter().map(String::as_str)).collect();
    close(text, &said.join("\n"));
}

fn suite(text: &mut String, report: &Report<'_>, number: usize, system: &str, own: &[(&Reported<'_>, &Rule<'_>)]) {
    let count = |standing: Standing| own.iter().filter(|(found, _)| found.standing == standing).count();
    let counts = [own.len(), count(Standing::Open), count(Standing::Unknown), count(Standing::Closed)];
    open(text, report, number, system, counts);
    for (found, rule) in own {
        case(text, system, &format!("{} in {}", rule.name, found.package));
        let body = format!(
            "{}\n{}\n{}: {}\nShown by: {}",
            found.sentence(rule),
            found.advice(rule),
            found.reason,
            found.meaning,
            if found.documents.is_empty() {
                "nothing that can be named".to_owned()
            } else {
                found.documents.join(", ")
            }
        );
        match found.standing {
            Standing::Open => outcome(text, "failure", found.priority, &found.sentence(rule), &body),
            Standing::Unknown => outcome(text, "error", found.reason, &found.sentence(rule), &body),
            Standing::Closed => {
                let _ =
                    writeln!(text, ">\n      <skipped message=\"{}\"/>\n    </testcase>", escaped(&found.closing()));
            }
        }
    }
    close(text, "");
}

/// Opens a suite; how many cases, failures, errors and skipped ones it has.
fn open(text: &mut String, report: &Report<'_>, number: usize, name: &str, counts: [usize; 4]) {
    let [tests, failures, errors, skipped] = counts;
    let moment = report.as_of.to_string();
    // The schema of Ant's task has moments without a zone; ours are all UTC.
    let moment = moment.split(['.', 'Z']).next().unwrap_or_default();
    let _ = writeln!(
        text,
        "  <testsuite id=\"{number}\" package=\"underpin\" name=\"{}\" timestamp=\"{moment}\" hostname=\"underpin\" \
         tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"0\">\n    {}",
        escaped(name),
        if number == 0 { about_the_file() } else { "<properties/>".to_owned() }
    );
}

/// What the first suite says of the whole file.
fn about_the_file() -> String {
    format!("<properties>\n      <property name=\"collection\" value=\"{COLLECTION_NOTE}\"/>\n    </properties>")
}

fn close(text: &mut String, said: &str) {
    let _ =
        writeln!(text, "    <system-out>{}</system-out>\n    <system-err></system-err>\n  </testsuite>", escaped(said));
}

/// Begins a case; what follows closes it.
fn case(text: &mut String, class: &str, name: &str) {
    let _ = write!(text, "    <testcase classname=\"{}\" name=\"{}\" time=\"0\"", escaped(class), escaped(name));
}

fn outcome(text: &mut String, element: &str, kind: &str, message: &str, body: &str) {
    let _ = writeln!(
        text,
        ">\n      <{element} type=\"{}\" message=\"{}\">{}</{element}>\n    </testcase>",
        escaped(kind),
        escaped(message),
        escaped(body)
    );
}

/// A text as content or in quotes. What XML 1.0 cannot hold becomes a replacement character.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' => safe.push_str("&#10;"),
            '\t' => safe.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            letter if letter.is_control() => safe.push('\u{fffd}'),
            letter => safe.push(letter),
        }
    }
    safe
}
