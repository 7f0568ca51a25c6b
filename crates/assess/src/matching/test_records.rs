// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the tests of this folder share: a plain reader of OSV records, and short ways to say a record and a subject.

use serde_json::Value;
use underpin_model::Timestamp;
use underpin_model::inventory::Text;
use underpin_model::watch::{Advisory, Affected, Event, Range, RangeKind};

use super::{By, Compiler, Index, Lookup, Lookups, ecosystem, module_stream, names};

fn text(value: &Value) -> Text<'static> {
    value.as_str().unwrap_or_default().to_owned().into()
}

fn texts(value: &Value) -> Vec<Text<'static>> {
    value.as_array().into_iter().flatten().map(text).collect()
}

fn moment(value: &Value) -> Option<Timestamp> {
    value.as_str().and_then(|text| text.parse().ok())
}

fn event(value: &Value) -> Option<Event<'static>> {
    let (kind, version) = value.as_object()?.iter().next()?;
    let version = text(version);
    match kind.as_str() {
        "introduced" => Some(Event::Introduced(version)),
        "fixed" => Some(Event::Fixed(version)),
        "last_affected" => Some(Event::LastAffected(version)),
        "limit" => Some(Event::Limit(version)),
        _ => None,
    }
}

fn affected(value: &Value) -> Affected<'static> {
    let range = |value: &Value| Range {
        kind: match value["type"].as_str() {
            Some("SEMVER") => RangeKind::SemVer,
            Some("GIT") => RangeKind::Git,
            _ => RangeKind::Ecosystem,
        },
        events: value["events"].as_array().into_iter().flatten().filter_map(event).collect(),
        ..Range::default()
    };
    Affected {
        ecosystem: text(&value["package"]["ecosystem"]),
        name: text(&value["package"]["name"]),
        ranges: value["ranges"].as_array().into_iter().flatten().map(range).collect(),
        versions: texts(&value["versions"]),
        ..Affected::default()
    }
}

/// Reads what matching needs of a record.
pub(super) fn read(value: &Value) -> Advisory<'static> {
    Advisory {
        id: text(&value["id"]),
        aliases: texts(&value["aliases"]),
        upstream: texts(&value["upstream"]),
        published: moment(&value["published"]),
        modified: moment(&value["modified"]),
        withdrawn: moment(&value["withdrawn"]),
        summary: text(&value["summary"]),
        affected: value["affected"].as_array().into_iter().flatten().map(affected).collect(),
        ..Advisory::default()
    }
}

/// An index of records.
pub(super) fn index(records: &[Value]) -> Index {
    let mut compiler = Compiler::new();
    records.iter().for_each(|record| compiler.add("test", &read(record)));
    compiler.finish().expect("few records fit")
}

/// The key of a package version.
pub(super) fn lookups_of<'a>(stated_ecosystem: &'a str, name: &'a str, version: &'a str) -> Lookups<'a> {
    let key = ecosystem::canonical(stated_ecosystem);
    let scheme = ecosystem::scheme(&key);
    let by = if stated_ecosystem.contains(':') { By::Source } else { By::Name };
    let name = names::canonical(&key, name).into_owned().into();
    let module = module_stream::of_package("", version).into();
    let lookup = Lookup { name, module, ecosystem: key, version: version.into(), scheme, by, ..Lookup::default() };
    Lookups { list: vec![lookup], unanswerable: None }
}

/// A moment in the middle of the tests.
pub(super) fn now() -> Timestamp {
    "2026-11-25T12:00:00Z".parse().expect("a moment")
}
