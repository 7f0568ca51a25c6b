// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The naive reading of OSV beside the fast one: it reads the text of each record literally, one version after the other. It shares nothing
//! with the engine but the comparison of two versions and the spelling of names.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use underpin_model::watch::{Reason, Verdict};

use super::evaluation::is_same_version;
use super::test_records::{lookups_of, now, read};
use super::{Compiler, Index, ecosystem, names};
use crate::version::{Scheme, compare, is_valid};

pub(super) fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().into_iter().flatten()
}

fn events(range: &Value) -> impl Iterator<Item = (&str, &str)> {
    let events = list(range, "events").filter_map(|event| event.as_object()?.iter().next());
    events.filter_map(|(kind, version)| Some((kind.as_str(), version.as_str()?)))
}

/// Whether a range holds a version, by the pseudo-code of the schema.
fn in_range(order: Scheme, range: &Value, version: &str) -> bool {
    let is_everything = events(range).all(|event| event == ("introduced", "0")) && events(range).next().is_some();
    if !is_valid(order, version) && !is_everything {
        return false;
    }
    let mut limits = events(range).filter(|(kind, _)| *kind == "limit").peekable();
    if limits.peek().is_some() && !limits.any(|(_, limit)| limit == "*" || compare(order, version, limit).is_lt()) {
        return false;
    }
    let beginning = |(kind, version): &(&str, &str)| *version == "0" && matches!(*kind, "introduced" | "fixed");
    let mut sorted: Vec<_> = events(range).filter(|(kind, _)| *kind != "limit").collect();
    sorted.sort_by(|a, b| {
        beginning(b)
            .cmp(&beginning(a))
            .then_with(|| if beginning(a) { Ordering::Equal } else { compare(order, a.1, b.1) })
    });
    let mut is_inside = false;
    for event in sorted {
        let against = if beginning(&event) { Ordering::Greater } else { compare(order, version, event.1) };
        match event.0 {
            "introduced" if against.is_ge() => is_inside = true,
            "fixed" if against.is_ge() => is_inside = false,
            "last_affected" if against.is_gt() => is_inside = false,
            _ => {}
        }
    }
    is_inside
}

fn has_module(version: &str) -> bool {
    version.contains(".module+") || version.contains(".module_")
}

/// Whether a record names a version of a package.
pub(super) fn is_listed(affected: &Value, native: Scheme, version: &str) -> bool {
    list(affected, "versions").filter_map(Value::as_str).any(|listed| is_same_version(native, listed, version))
}

/// Whether its source has taken a record back.
pub(super) fn is_withdrawn(record: &Value) -> bool {
    let moment = record["withdrawn"].as_str();
    moment.is_some_and(|moment| moment.parse().is_ok_and(|moment: underpin_model::Timestamp| moment <= now()))
}

/// Whether a record means a version of a package.
pub(super) fn means(affected: &Value, native: Scheme, version: &str) -> bool {
    // A module stream of rpm is a package of its own.
    let is_modular = list(affected, "ranges").flat_map(events).any(|(_, version)| has_module(version));
    let in_any = |range: &Value| match range["type"].as_str() {
        Some("GIT") => false,
        Some("SEMVER") => in_range(if native == Scheme::Golang { native } else { Scheme::SemVer }, range, version),
        _ => in_range(native, range, version),
    };
    is_modular == has_module(version) && (is_listed(affected, native, version) || list(affected, "ranges").any(in_any))
}

/// Whether a Go package lies below a module, as far as their names tell; `modules` are those that the Go team names.
pub(super) fn is_below(package: &str, module: &str, modules: &BTreeSet<String>) -> bool {
    let first = package.split('/').next().unwrap_or_default();
    if !first.contains('.') {
        let is_command = package.starts_with("cmd/");
        let is_standard = super::go_module::STANDARD.contains(&first);
        return (module == "toolchain" && is_command) || (module == "stdlib" && is_standard);
    }
    let Some(rest) = package.strip_prefix(module).and_then(|rest| rest.strip_prefix('/')) else { return false };
    let is_major = |part: &str| {
        let number = part.strip_prefix('v').and_then(|number| number.parse::<u64>().ok());
        number.is_some_and(|number| number >= 2 && !part.starts_with("v0") && !part.starts_with("v+"))
    };
    let is_hosted = ["github.com/", "gitlab.com/", "bitbucket.org/", "golang.org/", "gitee.com/"];
    let slashes = module.matches('/').count();
    let is_long_enough = slashes >= if is_hosted.iter().any(|host| module.starts_with(host)) { 2 } else { 1 };
    let is_pinned = |path: &str| {
        let number = path.rsplit_once(".v").map(|(_, number)| number);
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let fits = match first {
        "gopkg.in" => is_pinned(module) && !rest.split('/').any(is_pinned),
        _ => is_long_enough && !rest.split('/').any(is_major),
    };
    // A longer module that is known to be one has it.
    let is_taken = |known: &String| {
        known.starts_with(&format!("{module}/")) && (known == package || package.starts_with(&format!("{known}/")))
    };
    fits && !modules.iter().any(is_taken)
}

#[derive(Default)]
struct Package<'v> {
    entries: Vec<(&'v str, bool, &'v Value)>,
    versions: BTreeSet<&'v str>,
}

fn packages(records: &[Value]) -> BTreeMap<(String, String), Package<'_>> {
    let mut packages: BTreeMap<_, Package<'_>> = BTreeMap::new();
    for record in records {
        let is_withdrawn = is_withdrawn(record);
        for affected in list(record, "affected").filter(|affected| affected["package"]["name"].is_string()) {
            let key = ecosystem::canonical(affected["package"]["ecosystem"].as_str().unwrap_or_default()).into_owned();
            let name = names::canonical(&key, affected["package"]["name"].as_str().unwrap_or_default()).into_owned();
            let package = packages.entry((key, name)).or_default();
            package.entries.push((record["id"].as_str().unwrap_or_default(), is_withdrawn, affected));
            package.versions.extend(list(affected, "versions").filter_map(Value::as_str));
            package.versions.extend(list(affected, "ranges").flat_map(events).map(|(_, version)| version));
        }
    }
    add_below(&mut packages);
    packages
}

/// What is said about Go packages, also to each module above them.
fn add_below(packages: &mut BTreeMap<(String, String), Package<'_>>) {
    let go = |key: &(String, String)| key.0 == "Go";
    let said: Vec<_> = packages
        .iter()
        .filter(|(key, _)| go(key))
        .flat_map(|((_, name), package)| package.entries.iter().map(move |entry| (name.clone(), *entry)))
        .collect();
    let is_of_go_team = |id: &str| id.starts_with("GO-");
    let modules: BTreeSet<String> =
        said.iter().filter(|(_, (id, ..))| is_of_go_team(id)).map(|(name, _)| name.clone()).collect();
    for ((_, module), package) in packages.iter_mut().filter(|(key, _)| go(key)) {
        let below = said.iter().filter(|(name, (id, ..))| {
            !is_of_go_team(id) && !modules.contains(name) && is_below(name, module, &modules)
        });
        package.entries.extend(below.map(|(_, entry)| *entry));
    }
}

/// Holds the engine against the naive reading for every version of each package, or for about as many as make `most_pairs` with its
/// records, and for `further` ones; gives pairs and affected pairs.
pub(super) fn agree(records: &[Value], index: &Index, most_pairs: usize, further: &[&str]) -> (usize, usize) {
    let (mut pairs, mut hits) = (0, 0);
    for ((ecosystem, name), package) in packages(records) {
        let native = crate::matching::ecosystem::scheme(&ecosystem);
        // What is no version lies in a range only where that holds every version. With ranges made up at random, several of them
        // together may do so, and the naive reading looks at one after the other.
        let is_sound = |version: &str| is_valid(native, version) && is_valid(Scheme::SemVer, version);
        let is_asked = |version: &str| !version.is_empty() && (further.is_empty() || is_sound(version));
        let step = (package.entries.len() * package.versions.len()).div_ceil(most_pairs);
        for version in package.versions.iter().step_by(step.max(1)).chain(further).filter(|version| is_asked(version)) {
            let naive: BTreeSet<&str> = package
                .entries
                .iter()
                .filter(|(_, is_withdrawn, affected)| !is_withdrawn && means(affected, native, version))
                .map(|(id, ..)| *id)
                .collect();
            let mut found = Vec::new();
            index.matches_of(&lookups_of(&ecosystem, &name, version), now(), &mut found);
            // A commit of Go that may hold the fix is in doubt: the record by itself says affected.
            let is_affected =
                |reason: Reason| reason.verdict() == Verdict::Affected || reason == Reason::UncertainVersion;
            let affected = found.iter().filter(|found| is_affected(found.reason));
            let fast: BTreeSet<&str> = affected
                .filter_map(|found| index.advisory(found.advisory.number))
                .map(|advisory| advisory.id())
                .collect();
            assert_eq!(fast, naive, "{ecosystem} {name} {version}");
            pairs += package.entries.len();
            hits += naive.len();
        }
    }
    (pairs, hits)
}

/// Every record of the outside set, without what matching does not read.
pub(super) fn outside_records() -> Option<Vec<Value>> {
    let folder = underpin_testkit::osv()?;
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
    files.sort();
    let mut records = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "jsonl")) {
        let text = std::fs::read_to_string(file).expect("a readable file");
        for line in text.lines() {
            let mut record: Value = serde_json::from_str(line).expect("a record");
            let fields = record.as_object_mut().expect("an object");
            ["details", "references", "credits", "database_specific"]
                .iter()
                .for_each(|unread| drop(fields.remove(*unread)));
            records.push(record);
        }
    }
    Some(records)
}

#[test]
fn the_engine_agrees_with_the_naive_reading_on_every_record_and_version() {
    let Some(records) = outside_records() else { return };
    let mut compiler = Compiler::new();
    for (number, record) in records.iter().enumerate() {
        // Some files give one identifier to several records; each counts here.
        compiler.add(&format!("test/{number}"), &read(record));
    }
    let index = compiler.finish().expect("it fits");
    // Without optimisation the naive reading takes minutes: the longest histories are thinned out there.
    let (pairs, hits) = agree(&records, &index, if cfg!(debug_assertions) { 300 } else { usize::MAX }, &[]);
    eprintln!("{} records, {pairs} pairs of record and version, {hits} affected, 0 disagreements", records.len());
    assert!(hits > 100_000, "{hits}");
}
