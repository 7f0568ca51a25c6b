// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Publishing: the head of a CSAF 2.0 document around what it says, with its publisher, its history and its address.
//!
//! A document is drafted first and dated when it is released: [`issue`] makes the draft's text, [`released`] moves its dates and nothing
//! else. Versions are whole numbers, one more with each publication (CSAF 2.0, 3.1.11.1).

use serde_json::{Map, Value, json};
use underpin_model::Timestamp;
use underpin_model::watch::Tlp;

use super::document_tests::file_name;
use super::write::{Edition, distribution};

/// Who publishes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publisher {
    /// `coordinator`, `vendor`, `discoverer`, `translator`, `user` or `other`.
    pub category: String,
    /// Name.
    pub name: String,
    /// Address that no other publisher uses, such as `https://cert.example.gov`.
    pub namespace: String,
    /// How to reach it; may be empty.
    pub contact: String,
    /// What gives it the right to speak; may be empty.
    pub authority: String,
}

/// What stands in the head of a document.
#[derive(Clone, Debug, Default)]
pub struct Issue {
    /// Tracking identifier.
    pub id: String,
    /// Title; that of the content when empty.
    pub title: String,
    /// `csaf_security_advisory`, `csaf_vex`, …; that of the content when empty.
    pub category: String,
    /// Language, as `en`; that of the content when empty.
    pub language: String,
    /// How far it may be passed on.
    pub tlp: Tlp,
    /// Who publishes.
    pub publisher: Publisher,
    /// The folder in which the document will lie, for its canonical address; none where there is no address.
    pub folder: Option<String>,
    /// What is new in this version.
    pub summary: String,
    /// When the draft is made.
    pub at: Timestamp,
}

/// A document that was published before, as far as the next version needs it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Published {
    /// Its version.
    pub version: u64,
    /// When its first version was released, as it stands there.
    pub initial: String,
    history: Vec<Value>,
}

impl Published {
    /// Reads it from its text; nothing when it does not count its versions as they are counted here.
    pub fn of(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let tracking = value.pointer("/document/tracking")?;
        Some(Self {
            version: tracking.get("version")?.as_str()?.parse().ok()?,
            initial: tracking.get("initial_release_date")?.as_str()?.to_owned(),
            history: tracking.get("revision_history")?.as_array()?.clone(),
        })
    }

    /// The year of its folder.
    pub fn year(&self) -> &str {
        self.initial.get(..4).unwrap_or("1970")
    }
}

/// Puts the head around content: an object that may hold `document`, `product_tree` and `vulnerabilities`. What the content's own head
/// says of publisher, tracking and distribution is replaced; its notes, references and thanks stay.
pub fn issue(content: &Value, head: &Issue, before: Option<&Published>) -> Value {
    let old = content.get("document").and_then(Value::as_object).cloned().unwrap_or_default();
    let own = |key: &str| old.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let or = |given: &str, key: &str, default: &str| {
        let own = own(key);
        [given, own.as_str(), default]
            .into_iter()
            .find(|text| !text.trim().is_empty())
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let mut document = Map::new();
    for kept in ["acknowledgments", "aggregate_severity", "notes", "source_lang"] {
        document.extend(old.get(kept).map(|value| (kept.to_owned(), value.clone())));
    }
    document.insert("category".to_owned(), or(&head.category, "category", "csaf_base").into());
    document.insert("csaf_version".to_owned(), "2.0".into());
    document.insert("lang".to_owned(), or(&head.language, "lang", "en").into());
    document.insert("title".to_owned(), or(&head.title, "title", &head.id).into());
    document.insert("publisher".to_owned(), publisher(&head.publisher));
    document.extend(distribution(Some(head.tlp), Edition::V2_0).map(|value| ("distribution".to_owned(), value)));
    document.insert("tracking".to_owned(), tracking(head, old.get("tracking"), before));
    let foreign = old.get("references").and_then(Value::as_array).into_iter().flatten();
    let mut references: Vec<Value> = foreign.filter(|one| one["category"] != "self").cloned().collect();
    if let Some(folder) = &head.folder {
        let url = format!("{}/{}", folder.trim_end_matches('/'), file_name(&head.id));
        references.insert(0, json!({ "category": "self", "summary": "Canonical address", "url": url }));
    }
    if !references.is_empty() {
        document.insert("references".to_owned(), references.into());
    }
    let mut whole = Map::new();
    whole.insert("document".to_owned(), Value::Object(document));
    for kept in ["product_tree", "vulnerabilities"] {
        whole.extend(content.get(kept).map(|value| (kept.to_owned(), value.clone())));
    }
    Value::Object(whole)
}

fn publisher(publisher: &Publisher) -> Value {
    let mut written =
        json!({ "category": publisher.category, "name": publisher.name, "namespace": publisher.namespace });
    for (key, text) in [("contact_details", &publisher.contact), ("issuing_authority", &publisher.authority)] {
        if !text.is_empty() {
            written[key] = text.as_str().into();
        }
    }
    written
}

fn tracking(head: &Issue, old: Option<&Value>, before: Option<&Published>) -> Value {
    // A history goes forward, also where the one before was released a moment after this one was begun.
    let newest = before.and_then(|before| before.history.last()?.get("date")?.as_str()?.parse().ok());
    let at = newest.map_or(head.at, |newest: Timestamp| head.at.max(newest)).to_string();
    let version = before.map_or(1, |before| before.version + 1).to_string();
    let mut history = before.map(|before| before.history.clone()).unwrap_or_default();
    let summary = if head.summary.trim().is_empty() { "First version." } else { head.summary.trim() };
    history.push(json!({ "date": at, "number": version, "summary": summary }));
    let mut tracking = json!({
        "id": head.id, "status": "final", "version": version,
        "initial_release_date": before.map_or(at.as_str(), |before| before.initial.as_str()),
        "current_release_date": at, "revision_history": history,
        "generator": { "engine": { "name": "Underpin", "version": env!("CARGO_PKG_VERSION") } },
    });
    if let Some(aliases) = old.and_then(|old| old.get("aliases")) {
        tracking["aliases"] = aliases.clone();
    }
    tracking
}

/// The same document released at a moment: the date of its newest revision moves, and that of the first release where it is the first.
pub fn released(document: &mut Value, at: Timestamp) {
    let Some(tracking) = document.pointer_mut("/document/tracking") else { return };
    let at = at.to_string();
    let is_first = tracking["version"] == "1";
    if let Some(newest) = tracking["revision_history"].as_array_mut().and_then(|history| history.last_mut()) {
        newest["date"] = at.as_str().into();
    }
    if is_first {
        tracking["initial_release_date"] = at.as_str().into();
    }
    tracking["current_release_date"] = at.into();
}

/// What stands in the place of a document that is taken back: its name and why, and nothing that anybody could still act on.
pub fn withdrawal(title: &str, reason: &str) -> Value {
    json!({ "document": {
        "category": "csaf_base",
        "title": format!("Withdrawn: {title}"),
        "notes": [{ "category": "description", "title": "Why it was withdrawn", "text": reason }],
    }})
}

/// The text of a document, as it is signed.
pub fn text(document: &Value) -> String {
    let mut sorted = document.clone();
    sorted.sort_all_objects();
    format!("{sorted:#}\n")
}
