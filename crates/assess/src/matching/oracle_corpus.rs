// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The naive reading beside the engine on what is really in use: every package URL in real SBOMs against every record of
//! its ecosystem, one after the other, without any index.
//!
//! `cargo test --release -p underpin-assess --lib -- --nocapture matching::oracle` asks about all of them; without
//! `--release` about some.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use underpin_model::Purl;
use underpin_model::watch::Verdict;

use super::oracle::{is_below, is_listed, is_withdrawn, list, means, outside_records};
use super::rpm_source::without_epoch;
use super::test_records::{now, read};
use super::{Compiler, Index, Lookup, Lookups, Subject, ecosystem, lookups, names};
use crate::identity;

/// One statement about a package, with the text of its record.
struct Said<'v> {
    id: &'v str,
    name: String,
    affected: &'v Value,
}

impl Said<'_> {
    /// Whether it speaks of the package that is looked up, or of one below it.
    fn names(&self, lookup: &Lookup<'_>, modules: &BTreeSet<String>) -> bool {
        let may_lie_below = || lookup.ecosystem == "Go" && !self.id.starts_with("GO-") && !modules.contains(&self.name);
        self.name == *lookup.name || (may_lie_below() && is_below(&self.name, &lookup.name, modules))
    }
}

/// The modules that the Go team names.
fn go_modules(said: &BTreeMap<String, Vec<Said<'_>>>) -> BTreeSet<String> {
    let of_go = said.get("Go").into_iter().flatten();
    of_go.filter(|said| said.id.starts_with("GO-")).map(|said| said.name.clone()).collect()
}

fn by_ecosystem(records: &[Value]) -> BTreeMap<String, Vec<Said<'_>>> {
    let mut found: BTreeMap<String, Vec<Said<'_>>> = BTreeMap::new();
    for record in records.iter().filter(|record| !is_withdrawn(record)) {
        for affected in list(record, "affected") {
            let package = &affected["package"];
            let (Some(name), Some(stated)) = (package["name"].as_str(), package["ecosystem"].as_str()) else {
                continue;
            };
            let key = ecosystem::canonical(stated).into_owned();
            let name = names::canonical(&key, name).into_owned();
            let id = record["id"].as_str().unwrap_or_default();
            found.entry(key).or_default().push(Said { id, name, affected });
        }
    }
    found
}

/// The same statement with no epoch in any event, for source packages of rpm whose epoch is not known.
fn epochs_left_out(affected: &Value) -> Value {
    let mut copy = affected.clone();
    for event in copy["ranges"].as_array_mut().into_iter().flatten().filter_map(|range| range["events"].as_array_mut())
    {
        for version in event.iter_mut().filter_map(Value::as_object_mut).flat_map(|event| event.values_mut()) {
            *version = Value::from(without_epoch(version.as_str().unwrap_or_default()));
        }
    }
    copy
}

/// Whether a statement means what is looked up. In doubt about the version itself only what is named, or malicious, counts.
fn is_meant(said: &Said<'_>, lookup: &Lookup<'_>, in_doubt: bool) -> bool {
    let scheme = lookup.scheme;
    if in_doubt && !said.id.starts_with("MAL-") {
        return !lookup.version.is_empty() && is_listed(said.affected, scheme, &lookup.version);
    }
    if lookup.ignores_epoch {
        return is_listed(said.affected, scheme, &lookup.version)
            || means(&epochs_left_out(said.affected), scheme, without_epoch(&lookup.version));
    }
    means(said.affected, scheme, &lookup.version)
}

/// The key by the letter of the schema and of the package URL's type, where that is plain.
fn literal_key(purl: &Purl) -> Option<(String, String)> {
    let full = |separator: &str| match purl.namespace.as_str() {
        "" => purl.name.clone(),
        namespace => format!("{namespace}{separator}{}", purl.name),
    };
    let distro = purl.qualifier("distro").unwrap_or_default();
    let source =
        || purl.qualifier("upstream").map_or(purl.name.as_str(), |text| text.split('@').next().unwrap_or(text));
    let (ecosystem, name) = match purl.kind.as_str() {
        "npm" => ("npm".to_owned(), full("/")),
        "pypi" => ("PyPI".to_owned(), full("/")),
        "golang" => ("Go".to_owned(), full("/")),
        "maven" => ("Maven".to_owned(), full(":")),
        "cargo" => ("crates.io".to_owned(), full("/")),
        "gem" => ("RubyGems".to_owned(), full("/")),
        "nuget" => ("NuGet".to_owned(), full("/")),
        "composer" => ("Packagist".to_owned(), full("/")),
        "hex" => ("Hex".to_owned(), full("/")),
        "deb" if !source().starts_with("linux-signed") => {
            let release = distro.strip_prefix("debian-")?.split('.').next()?;
            if purl.namespace != "debian" || release.parse::<u32>().is_err() {
                return None;
            }
            (format!("Debian:{release}"), source().to_owned())
        }
        "apk" if purl.namespace == "alpine" => {
            let mut numbers = distro.strip_prefix("alpine-")?.split('.');
            let (major, minor) = (numbers.next()?, numbers.next()?);
            if distro.contains('_') || [major, minor].iter().any(|number| number.parse::<u32>().is_err()) {
                return None;
            }
            (format!("Alpine:v{major}.{minor}"), source().to_owned())
        }
        _ => return None,
    };
    let name = names::canonical(&ecosystem, &name).into_owned();
    Some((ecosystem, name))
}

#[derive(Debug, Default)]
struct Counts {
    versions: usize,
    keys: usize,
    literal_keys: usize,
    pairs: usize,
    affected: usize,
}

fn affected_by(index: &Index, lookups: &Lookups<'_>) -> BTreeSet<String> {
    let mut found = Vec::new();
    index.matches_of(lookups, now(), &mut found);
    // A commit of Go that may hold the fix is in doubt: the record by itself says affected.
    let counts = |reason: underpin_model::watch::Reason| {
        let is_doubt = reason == underpin_model::watch::Reason::UncertainVersion;
        reason.verdict() == Verdict::Affected || (is_doubt && lookups.unanswerable.is_none())
    };
    let affected = found.iter().filter(|found| counts(found.reason));
    affected.filter_map(|found| Some(index.advisory(found.advisory.number)?.id().to_owned())).collect()
}

/// Holds everything that the engine says about one package URL against the naive reading.
fn ask(
    text: &str,
    index: &Index,
    (said, modules): (&BTreeMap<String, Vec<Said<'_>>>, &BTreeSet<String>),
    counts: &mut Counts,
) {
    let Ok((purl, _)) = Purl::parse_lenient(text) else { return };
    let identity = identity::of_purl(purl);
    let purl = &identity.purl;
    let label = identity.beside.iter().find(|(kind, _)| *kind == "rpmmod").map_or("", |(_, label)| label);
    let subject = Subject {
        kind: &purl.kind,
        namespace: &purl.namespace,
        name: &purl.name,
        version: &purl.version,
        qualifiers: &identity.qualifiers,
        module: label,
        ..Subject::default()
    };
    let keys = lookups(&subject);
    counts.versions += 1;
    if let Some((ecosystem, name)) = literal_key(purl).filter(|_| !keys.list.is_empty()) {
        // An alias of npm stands for another package.
        let is_it = |lookup: &Lookup<'_>| lookup.ecosystem == ecosystem && lookup.name == name;
        assert!(keys.list.iter().any(is_it) || purl.version.starts_with("npm:"), "{text}: {ecosystem} {name}");
        counts.literal_keys += 1;
    }
    let mut together = BTreeSet::new();
    for lookup in &keys.list {
        let single = Lookups { list: vec![lookup.clone()], unanswerable: keys.unanswerable };
        let of_ecosystem = said.get(&*lookup.ecosystem).map_or(&[][..], Vec::as_slice);
        let meant = of_ecosystem
            .iter()
            .filter(|said| said.names(lookup, modules) && is_meant(said, lookup, keys.unanswerable.is_some()))
            .map(|said| said.id.to_owned());
        let naive: BTreeSet<String> = meant.collect();
        assert_eq!(
            affected_by(index, &single),
            naive,
            "{text}: {} {} {}",
            lookup.ecosystem,
            lookup.name,
            lookup.version
        );
        counts.keys += 1;
        counts.pairs += of_ecosystem.len();
        counts.affected += naive.len();
        together.extend(naive);
    }
    // All keys at once: what a more exact key answers takes away from the less exact ones, and nothing else is lost.
    let all = affected_by(index, &keys);
    assert!(all.is_subset(&together), "{text}");
    if keys.list.iter().all(|lookup| lookup.rank == 0) {
        assert_eq!(all, together, "{text}");
    }
}

fn collect(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file");
        let text = String::from_utf8_lossy(&bytes);
        for part in text.split("pkg:").skip(1) {
            let end = part.find(['"', '\'', '<', ' ', '\\', '\n', '\r', '`']).unwrap_or(0);
            if let Some(rest) = part.get(..end).filter(|rest| rest.contains('@') && !found.contains(*rest)) {
                found.insert(rest.to_owned());
            }
        }
    }
}

#[test]
fn the_engine_agrees_with_the_naive_reading_on_every_package_version_in_use() {
    let Some(records) = outside_records() else { return };
    let folders: Vec<_> = ["in-the-wild", "in-the-lab"].into_iter().filter_map(underpin_testkit::data).collect();
    let mut purls = BTreeSet::new();
    // The larger collection is for builds that are fast enough.
    let read_folders = if cfg!(debug_assertions) { 1 } else { folders.len() };
    folders.iter().take(read_folders).for_each(|folder| collect(folder, &mut purls));
    if purls.is_empty() {
        return;
    }
    let mut compiler = Compiler::new();
    for (number, record) in records.iter().enumerate() {
        compiler.add(&format!("test/{number}"), &read(record));
    }
    let index = compiler.finish().expect("it fits");
    let said = by_ecosystem(&records);
    let modules = go_modules(&said);
    let mut counts = Counts::default();
    let step = if cfg!(debug_assertions) { purls.len().div_ceil(1_500) } else { 1 };
    for text in purls.iter().step_by(step.max(1)) {
        ask(&format!("pkg:{text}"), &index, (&said, &modules), &mut counts);
    }
    eprintln!("{counts:?}, of {} package URLs, 0 disagreements", purls.len());
    assert!(counts.keys > 500 && counts.literal_keys > 100, "{counts:?}");
    assert!(counts.affected > if cfg!(debug_assertions) { 1 } else { 100 }, "{counts:?}");
}
