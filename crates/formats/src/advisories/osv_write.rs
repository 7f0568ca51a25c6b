// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writes records of OSV, for the office's own advisories and for publishing.

use serde::ser::{Serialize, SerializeMap, Serializer};
use underpin_model::watch::{
    Advisory, Affected, AffectedStatus, Event, Import, NativeRange, Range, RangeKind, Severity,
};

/// Version of the schema that is written.
const SCHEMA_VERSION: &str = "1.7.3";

/// A value, with the keys of objects in the order in which they were added: the same record gives the same bytes.
enum Json<'a> {
    Text(&'a str),
    Owned(String),
    No,
    List(Vec<Json<'a>>),
    Object(Object<'a>),
}

#[derive(Default)]
struct Object<'a>(Vec<(&'static str, Json<'a>)>);

impl<'a> Object<'a> {
    /// Adds a text, unless it is empty or the key is there.
    fn text(&mut self, key: &'static str, text: &'a str) {
        if !text.is_empty() && self.0.iter().all(|(known, _)| *known != key) {
            self.0.push((key, Json::Text(text)));
        }
    }

    /// Adds a list, unless it is empty.
    fn list<T>(&mut self, key: &'static str, list: impl IntoIterator<Item = T>, value: impl Fn(T) -> Json<'a>) {
        let list: Vec<_> = list.into_iter().map(value).collect();
        if !list.is_empty() {
            self.0.push((key, Json::List(list)));
        }
    }

    /// Adds an object, unless it is empty.
    fn object(&mut self, key: &'static str, object: Object<'a>) {
        if !object.0.is_empty() {
            self.0.push((key, Json::Object(object)));
        }
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Owned(text) => serializer.serialize_str(text),
            Self::No => serializer.serialize_bool(false),
            Self::List(list) => serializer.collect_seq(list),
            Self::Object(object) => {
                let mut map = serializer.serialize_map(Some(object.0.len()))?;
                for (key, value) in &object.0 {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

/// Writes a record on one line, in the order of the schema. What the schema has no field for stands where
/// [`read`](super::osv::read) finds it again, in the fields of other sources.
pub fn write(advisory: &Advisory<'_>) -> String {
    let mut record = Object::default();
    record.text("schema_version", SCHEMA_VERSION);
    record.text("id", &advisory.id);
    let times = [("modified", advisory.modified), ("published", advisory.published), ("withdrawn", advisory.withdrawn)];
    for (key, time) in times {
        record.0.extend(time.map(|time| (key, Json::Owned(time.to_string()))));
    }
    for (key, list) in
        [("aliases", &advisory.aliases), ("upstream", &advisory.upstream), ("related", &advisory.related)]
    {
        record.list(key, list, |text| Json::Text(text));
    }
    record.text("summary", &advisory.summary);
    record.text("details", &advisory.details);
    let (severities, mut database) = told_apart(&advisory.severities);
    record.list("severity", severities, severity_value);
    record.list("affected", &advisory.affected, affected_value);
    record.list("references", &advisory.references, |(kind, address)| {
        Json::Object(Object(vec![("type", Json::Text(kind)), ("url", Json::Text(address))]))
    });
    database.list("cwe_ids", &advisory.weaknesses, |text| Json::Text(text));
    record.object("database_specific", database);
    let mut text = serde_json::to_string(&Json::Object(record)).unwrap_or_default();
    text.push('\n');
    text
}

/// Severities that the schema knows, and the others as fields of a database.
fn told_apart<'s>(severities: &'s [Severity<'_>]) -> (Vec<&'s Severity<'s>>, Object<'s>) {
    let mut database = Object::default();
    let mut known = Vec::new();
    for severity in severities {
        match severity.system.as_ref() {
            Severity::WORDS => database.text("severity", &severity.value),
            Severity::BASE_SCORE => database.text("cvss_v3", &severity.value),
            _ => known.push(severity),
        }
    }
    (known, database)
}

fn severity_value<'a>(severity: &'a Severity<'_>) -> Json<'a> {
    let mut value = Object::default();
    value.text("type", &severity.system);
    value.text("score", &severity.value);
    value.text("source", &severity.source);
    Json::Object(value)
}

fn affected_value<'a>(affected: &'a Affected<'_>) -> Json<'a> {
    let mut value = Object::default();
    let mut package = Object::default();
    package.text("ecosystem", &affected.ecosystem);
    package.text("name", &affected.name);
    package.text("purl", &affected.purl);
    value.object("package", package);
    let (severities, mut database) = told_apart(&affected.severities);
    value.list("severity", severities, severity_value);
    value.list("ranges", &affected.ranges, range_value);
    value.list("versions", &affected.versions, |text| Json::Text(text));
    value.object("ecosystem_specific", ecosystem_values(affected));
    if affected.is_inexact {
        database.0.push(("range_conversion_exact", Json::No));
    }
    let native =
        |is_unaffected| affected.native_ranges.iter().filter(move |range| range.is_unaffected == is_unaffected);
    let text = |range: &'a NativeRange<'_>| Json::Text(&range.text);
    database.list("vulnerable_version_ranges", native(false), text);
    database.list("unaffected_versions", native(true), text);
    database.text("informational", &affected.informational);
    value.object("database_specific", database);
    Json::Object(value)
}

fn ecosystem_values<'a>(affected: &'a Affected<'_>) -> Object<'a> {
    let mut value = Object::default();
    value.text("status", &affected.status_word);
    if affected.status != AffectedStatus::Affected {
        value.text("status", affected.status.as_str());
    }
    value.text("rpm_modularity", &affected.module);
    value.list("imports", &affected.imports, import_value);
    let mut affects = Object::default();
    affects.list("arch", &affected.architectures, |text| Json::Text(text));
    affects.list("os", &affected.platforms, |text| Json::Text(text));
    value.object("affects", affects);
    value
}

fn import_value<'a>(import: &'a Import<'_>) -> Json<'a> {
    let mut value = Object::default();
    value.text("path", &import.path);
    value.list("symbols", &import.symbols, |text| Json::Text(text));
    Json::Object(value)
}

fn range_value<'a>(range: &'a Range<'_>) -> Json<'a> {
    let kind = match range.kind {
        RangeKind::SemVer => "SEMVER",
        RangeKind::Ecosystem => "ECOSYSTEM",
        RangeKind::Git => "GIT",
    };
    let mut value = Object::default();
    value.text("type", kind);
    value.text("repo", &range.repository);
    value.list("events", &range.events, |event| {
        let key = match event {
            Event::Introduced(_) => "introduced",
            Event::Fixed(_) => "fixed",
            Event::LastAffected(_) => "last_affected",
            Event::Limit(_) => "limit",
        };
        Json::Object(Object(vec![(key, Json::Text(event.version()))]))
    });
    Json::Object(value)
}
