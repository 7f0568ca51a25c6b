// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The shape of a document: which properties it must have, may have, and of which kind they are (CSAF 2.0 and 2.1,
//! section 3). What is inside a score is judged by its own tests, for CVSS has its own shape.

use serde_json::Value;
use underpin_model::Timestamp;

use super::json::step;
use super::judge::Finding;
use super::language;
use super::revision::Number;
use super::shape_table::{DOCUMENT, Field, Kind, Need, Shape};
use super::view::View;
use super::vulnerability_tests::is_cve;

/// Checks a document; of properties that the standard does not know nothing is said.
pub fn check(root: &Value) -> Vec<Finding> {
    walk(root).wrong
}

/// Test 6.2.20: the properties that the standard does not know.
pub fn unknown_properties(view: &View<'_>) -> Option<Vec<Finding>> {
    Some(walk(view.root).unknown)
}

fn walk(root: &Value) -> Walk {
    let version = root.pointer("/document/csaf_version").and_then(Value::as_str).unwrap_or_default();
    let mut walk = Walk { is_new: version == "2.1", wrong: Vec::new(), unknown: Vec::new() };
    walk.object(root, &DOCUMENT, "");
    walk
}

struct Walk {
    /// Whether the document says that it is of version 2.1.
    is_new: bool,
    wrong: Vec<Finding>,
    unknown: Vec<Finding>,
}

impl Walk {
    fn wrong(&mut self, place: &str, detail: &str) {
        let place = if place.is_empty() { "/" } else { place };
        self.wrong.push(Finding::new(place, detail));
    }

    fn object(&mut self, value: &Value, shape: &Shape, place: &str) {
        let Some(object) = value.as_object() else { return self.wrong(place, "no object") };
        let is_due = |field: &&Field| field.need.is_required(self.is_new) && !object.contains_key(field.key);
        let missing: Vec<_> = shape.fields.iter().filter(is_due).map(|field| field.key).collect();
        for key in missing {
            self.wrong(&step(place, key), "missing");
        }
        if object.len() < shape.least {
            self.wrong(place, "too few properties");
        }
        for (key, value) in object {
            let place = step(place, key);
            match shape.fields.iter().find(|field| field.key == key && field.need.is_known(self.is_new)) {
                Some(field) => self.value(value, &field.kind, &place),
                None => self.unknown.push(Finding::new(place, "unknown")),
            }
        }
    }

    fn value(&mut self, value: &Value, kind: &Kind, place: &str) {
        match kind {
            Kind::Object(shape) => self.object(value, shape, place),
            Kind::Objects(shape) => {
                for (index, element) in self.elements(value, 1, place).iter().enumerate() {
                    self.object(element, shape, &step(place, index));
                }
            }
            Kind::Texts { least } => {
                for (index, element) in self.elements(value, *least, place).iter().enumerate() {
                    self.value(element, &Kind::Text, &step(place, index));
                }
            }
            Kind::Anything => {}
            kind => match value.as_str() {
                None => self.wrong(place, "no text"),
                Some("") => self.wrong(place, "empty"),
                Some(text) if !self.is_of_kind(text, kind) => self.wrong(place, "not of its form"),
                Some(_) => {}
            },
        }
    }

    /// The elements of a list that has at least so many.
    fn elements<'v>(&mut self, value: &'v Value, least: usize, place: &str) -> &'v [Value] {
        let Some(elements) = value.as_array() else {
            self.wrong(place, "no list");
            return &[];
        };
        if elements.len() < least {
            self.wrong(place, "too few elements");
        }
        elements
    }

    fn is_of_kind(&self, text: &str, kind: &Kind) -> bool {
        let is_hexadecimal = || text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match kind {
            Kind::Words(words) => words.contains(&text),
            Kind::WordsOf { old, new } => if self.is_new { new } else { old }.contains(&text),
            Kind::Time => text.contains(['T', 't']) && text.parse::<Timestamp>().is_ok(),
            Kind::Address => text.split_once(':').is_some_and(|(scheme, rest)| is_scheme(scheme) && !rest.is_empty()),
            Kind::Number => Number::parse(text).is_some(),
            Kind::Cve => is_cve(text),
            Kind::Language => language::has_form(text),
            Kind::Digest => is_hexadecimal(),
            Kind::PackageUrl => text.strip_prefix("pkg:").is_some_and(|rest| rest.contains('/')),
            Kind::Cpe => text.get(..5).is_some_and(|start| start.to_ascii_lowercase().starts_with("cpe:")),
            Kind::Weakness => text.strip_prefix("CWE-").is_some_and(|number| number.parse::<u32>().is_ok()),
            Kind::Trimmed => text.trim() == text,
            _ => true,
        }
    }
}

fn is_scheme(scheme: &str) -> bool {
    let mut bytes = scheme.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

impl Need {
    fn is_required(self, is_new: bool) -> bool {
        match self {
            Self::Always => true,
            Self::AlwaysInNew => is_new,
            Self::May | Self::MayInOld | Self::MayInNew => false,
        }
    }

    fn is_known(self, is_new: bool) -> bool {
        match self {
            Self::MayInOld => !is_new,
            Self::MayInNew => is_new,
            Self::Always | Self::AlwaysInNew | Self::May => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(change: impl FnOnce(&mut Value)) -> Value {
        let mut value = json!({"document": {"category": "csaf_base", "csaf_version": "2.0", "title": "x",
            "publisher": {"category": "other", "name": "x", "namespace": "https://x.example"},
            "tracking": {"id": "x", "status": "final", "version": "1", "current_release_date": "2026-01-01T00:00:00Z",
                "initial_release_date": "2026-01-01T00:00:00Z",
                "revision_history": [{"date": "2026-01-01T00:00:00Z", "number": "1", "summary": "x"}]}}});
        change(&mut value);
        value
    }

    #[test]
    fn faults_of_shape_have_their_place() {
        let set = |pointer: &str, to: Value| {
            let pointer = pointer.to_owned();
            move |value: &mut Value| *value.pointer_mut(&pointer).expect("a place") = to
        };
        let add = |key: &'static str, to: Value| move |value: &mut Value| value["document"][key] = to;
        type Change = Box<dyn FnOnce(&mut Value)>;
        let changes: Vec<(Change, &[&str])> = vec![
            (Box::new(|_| ()), &[]),
            (Box::new(set("/document", json!(1))), &["/document"]),
            (Box::new(set("/document/title", json!(""))), &["/document/title"]),
            (Box::new(set("/document/tracking/version", json!("v1"))), &["/document/tracking/version"]),
            (Box::new(set("/document/tracking/revision_history", json!([]))), &["/document/tracking/revision_history"]),
            (
                Box::new(set("/document/tracking/revision_history/0", json!({"number": "1"}))),
                &["/document/tracking/revision_history/0/date", "/document/tracking/revision_history/0/summary"],
            ),
            (Box::new(set("/document/publisher/namespace", json!("nowhere"))), &["/document/publisher/namespace"]),
            (Box::new(set("/document/publisher/category", json!("friend"))), &["/document/publisher/category"]),
            // Version 2.1 requires a label, and another one than 2.0.
            (Box::new(set("/document/csaf_version", json!("2.1"))), &["/$schema", "/document/distribution"]),
            (Box::new(add("distribution", json!({"tlp": {"label": "CLEAR"}}))), &["/document/distribution/tlp/label"]),
            (Box::new(add("distribution", json!({}))), &["/document/distribution"]),
            (Box::new(add("lang", json!("english please"))), &["/document/lang"]),
            (Box::new(add("custom", json!(1))), &[]),
        ];
        for (change, expected) in changes {
            let value = document(change);
            let places: Vec<_> = check(&value).into_iter().map(|finding| finding.place).collect();
            assert_eq!(places, expected, "{value}");
        }
        assert_eq!(walk(&document(add("custom", json!(1)))).unknown.len(), 1);
    }
}
