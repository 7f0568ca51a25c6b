// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writes records of OSV, for the office's own advisories and for publishing.

use serde_json::{Map, Value, json};
use underpin_model::Timestamp;
use underpin_model::inventory::Text;
use underpin_model::watch::{
    Advisory, Affected, AffectedStatus, Event, Import, NativeRange, Range, RangeKind, Severity,
};

/// Version of the schema that is written.
const SCHEMA_VERSION: &str = "1.7.3";

/// Writes a record, in the order of the schema, with one line feed at the end. What the schema has no field for stands
/// where [`read`](super::osv::read) finds it again, in the fields of other sources.
pub fn write(advisory: &Advisory<'_>) -> String {
    let mut record = Map::new();
    record.insert("schema_version".into(), SCHEMA_VERSION.into());
    record.insert("id".into(), advisory.id.as_ref().into());
    let mut time = |key: &str, time: Option<Timestamp>| {
        if let Some(time) = time {
            record.insert(key.into(), time.to_string().into());
        }
    };
    time("modified", advisory.modified);
    time("published", advisory.published);
    time("withdrawn", advisory.withdrawn);
    for (key, list) in
        [("aliases", &advisory.aliases), ("upstream", &advisory.upstream), ("related", &advisory.related)]
    {
        add(&mut record, key, list, |text| text.as_ref().into());
    }
    add_text(&mut record, "summary", &advisory.summary);
    add_text(&mut record, "details", &advisory.details);
    let (severities, own) = told_apart(&advisory.severities);
    add(&mut record, "severity", &severities, |severity| severity_value(severity));
    add(&mut record, "affected", &advisory.affected, affected_value);
    add(&mut record, "references", &advisory.references, |(kind, url)| json!({ "type": kind, "url": url }));
    let mut specific = own;
    add(&mut specific, "cwe_ids", &advisory.weaknesses, |text| text.as_ref().into());
    add_map(&mut record, "database_specific", specific);
    let mut text = serde_json::to_string(&Value::Object(record)).unwrap_or_default();
    text.push('\n');
    text
}

fn add<T>(map: &mut Map<String, Value>, key: &str, list: &[T], value: impl Fn(&T) -> Value) {
    if !list.is_empty() {
        map.insert(key.to_owned(), list.iter().map(value).collect());
    }
}

fn add_text(map: &mut Map<String, Value>, key: &str, text: &str) {
    if !text.is_empty() {
        map.insert(key.to_owned(), text.into());
    }
}

fn add_map(map: &mut Map<String, Value>, key: &str, inner: Map<String, Value>) {
    if !inner.is_empty() {
        map.insert(key.to_owned(), Value::Object(inner));
    }
}

/// Severities that the schema knows, and the others as fields of a database.
fn told_apart<'s, 'a>(severities: &'s [Severity<'a>]) -> (Vec<&'s Severity<'a>>, Map<String, Value>) {
    let mut own = Map::new();
    let mut known = Vec::new();
    for severity in severities {
        match severity.system.as_ref() {
            Severity::WORDS => add_text(&mut own, "severity", &severity.value),
            Severity::BASE_SCORE => add_text(&mut own, "cvss_v3", &severity.value),
            _ => known.push(severity),
        }
    }
    (known, own)
}

fn severity_value(severity: &Severity<'_>) -> Value {
    let mut value = Map::new();
    add_text(&mut value, "type", &severity.system);
    add_text(&mut value, "score", &severity.value);
    add_text(&mut value, "source", &severity.source);
    Value::Object(value)
}

fn affected_value(affected: &Affected<'_>) -> Value {
    let mut value = Map::new();
    let mut package = Map::new();
    add_text(&mut package, "ecosystem", &affected.ecosystem);
    add_text(&mut package, "name", &affected.name);
    add_text(&mut package, "purl", &affected.purl);
    add_map(&mut value, "package", package);
    let (severities, mut database) = told_apart(&affected.severities);
    add(&mut value, "severity", &severities, |severity| severity_value(severity));
    add(&mut value, "ranges", &affected.ranges, range_value);
    add(&mut value, "versions", &affected.versions, |text| text.as_ref().into());
    add_map(&mut value, "ecosystem_specific", ecosystem_values(affected));
    if affected.is_inexact {
        database.insert("range_conversion_exact".into(), false.into());
    }
    let native = |is_unaffected| {
        let ranges = affected.native_ranges.iter().filter(move |range| range.is_unaffected == is_unaffected);
        ranges.collect::<Vec<&NativeRange<'_>>>()
    };
    add(&mut database, "vulnerable_version_ranges", &native(false), |range| range.text.as_ref().into());
    add(&mut database, "unaffected_versions", &native(true), |range| range.text.as_ref().into());
    add_text(&mut database, "informational", &affected.informational);
    add_map(&mut value, "database_specific", database);
    Value::Object(value)
}

fn ecosystem_values(affected: &Affected<'_>) -> Map<String, Value> {
    let mut value = Map::new();
    if affected.status_word.is_empty() && affected.status != AffectedStatus::Affected {
        value.insert("status".into(), affected.status.as_str().into());
    }
    add_text(&mut value, "status", &affected.status_word);
    add_text(&mut value, "rpm_modularity", &affected.module);
    add(&mut value, "imports", &affected.imports, import_value);
    let mut affects = Map::new();
    add(&mut affects, "arch", &affected.architectures, |text: &Text<'_>| text.as_ref().into());
    add(&mut affects, "os", &affected.platforms, |text: &Text<'_>| text.as_ref().into());
    add_map(&mut value, "affects", affects);
    value
}

fn import_value(import: &Import<'_>) -> Value {
    let mut value = Map::new();
    add_text(&mut value, "path", &import.path);
    add(&mut value, "symbols", &import.symbols, |text| text.as_ref().into());
    Value::Object(value)
}

fn range_value(range: &Range<'_>) -> Value {
    let kind = match range.kind {
        RangeKind::SemVer => "SEMVER",
        RangeKind::Ecosystem => "ECOSYSTEM",
        RangeKind::Git => "GIT",
    };
    let mut value = Map::new();
    value.insert("type".into(), kind.into());
    add_text(&mut value, "repo", &range.repository);
    let events = range.events.iter().map(|event| match event {
        Event::Introduced(version) => json!({ "introduced": version }),
        Event::Fixed(version) => json!({ "fixed": version }),
        Event::LastAffected(version) => json!({ "last_affected": version }),
        Event::Limit(version) => json!({ "limit": version }),
    });
    value.insert("events".into(), events.collect());
    Value::Object(value)
}
