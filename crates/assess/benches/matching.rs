// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How fast matching is, on the outside sets: the records of OSV (`UNDERPIN_OSV`) and the package URLs of real SBOMs (`UNDERPIN_CORPUS`).
//! `cargo bench -p underpin-assess`

#[path = "../src/matching/test_records.rs"]
mod test_records;

use std::collections::HashSet;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use underpin_assess::matching::{
    By, Compiler, Index, Inverse, Lookup, Lookups, Subject, ecosystem, lookups, module_stream, names,
};
use underpin_model::purl::Purl;

use test_records::{index, lookups_of, now, read};

const RUNS: usize = 20;

fn main() {
    // Before measuring: the same records give the same answer.
    let record: Value = serde_json::json!({ "id": "X-1", "affected": [{ "package": { "ecosystem": "npm", "name": "a" },
        "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": "2.0.0" }] }] }] });
    let mut found = Vec::new();
    index(&[record]).matches_of(&lookups_of("npm", "a", "1.0.0"), now(), &mut found);
    assert_eq!(found.len(), 1);
    let Some(folder) = underpin_testkit::osv() else { return };
    let index = compiled(&folder);
    let purls: Vec<Purl> = ["in-the-wild", "in-the-lab"]
        .iter()
        .filter_map(|name| underpin_testkit::data(name))
        .fold(HashSet::new(), |mut all, folder| {
            collect_purls(&folder, &mut all);
            all
        })
        .into_iter()
        .filter_map(|text| Purl::parse_lenient(&format!("pkg:{text}")).ok())
        .map(|(purl, _)| purl)
        .collect();
    if !purls.is_empty() {
        measure_matches(&index, &purls);
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The shortest of several runs.
fn shortest<T>(runs: usize, mut run: impl FnMut() -> T) -> Duration {
    let once = |_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    };
    (0..runs).map(once).min().unwrap_or_default()
}

fn compiled(folder: &Path) -> Index {
    let mut advisories = Vec::new();
    for file in std::fs::read_dir(folder).expect("a folder") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("a text");
        advisories.extend(
            text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).map(|record| read(&record)),
        );
    }
    let start = Instant::now();
    let mut compiler = Compiler::new();
    advisories.iter().for_each(|advisory| compiler.add("osv", advisory));
    let added = start.elapsed();
    let index = compiler.finish().expect("it fits");
    println!(
        "compile: {} records, {} packages, {} statements, {} vulnerabilities in {:.0} ms (reading {:.0}, packing {:.0})",
        index.len(),
        index.packages(),
        index.statements(),
        index.groups().len(),
        milliseconds(start.elapsed()),
        milliseconds(added),
        milliseconds(start.elapsed() - added)
    );
    let bytes = index.to_bytes();
    let load = shortest(5, || Index::from_bytes(&bytes).expect("sound bytes"));
    println!("load: {:.1} ms from {} bytes; {} bytes in memory", milliseconds(load), bytes.len(), index.bytes());
    assert_eq!(Index::from_bytes(&bytes).as_ref(), Ok(&index));
    index
}

fn collect_purls(folder: &Path, found: &mut HashSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect_purls(&path, found);
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file");
        let text = String::from_utf8_lossy(&bytes);
        for part in text.split("\"pkg:").skip(1) {
            if let Some((rest, _)) =
                part.split_once('"').filter(|(rest, _)| rest.contains('@') && !found.contains(*rest))
            {
                found.insert(rest.to_owned());
            }
        }
    }
}

/// A function of its own, so that a profiler can count just this.
#[inline(never)]
fn measure_matches(index: &Index, purls: &[Purl]) {
    let now = now();
    let qualifiers: Vec<String> = purls
        .iter()
        .map(|purl| purl.qualifiers.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&"))
        .collect();
    let subjects: Vec<Subject<'_>> = purls
        .iter()
        .zip(&qualifiers)
        .map(|(purl, qualifiers)| Subject {
            kind: &purl.kind,
            namespace: &purl.namespace,
            name: &purl.name,
            version: &purl.version,
            qualifiers,
            ..Subject::default()
        })
        .collect();
    let prepared: Vec<Lookups<'_>> = subjects.iter().map(lookups).collect();
    let mut found = Vec::new();
    let inner = shortest(RUNS, || {
        found.clear();
        prepared.iter().for_each(|lookups| index.matches_of(lookups, now, &mut found));
    });
    let whole = shortest(RUNS, || {
        found.clear();
        subjects.iter().for_each(|subject| index.matches(subject, now, &mut found));
    });
    let rate = |time: Duration| subjects.len() as f64 / time.as_secs_f64() / 1e6;
    println!("match: {} package versions, {} matches", subjects.len(), found.len());
    println!("  keys known: {:.1} ms, {:.1} million package versions a second", milliseconds(inner), rate(inner));
    println!("  whole:      {:.1} ms, {:.1} million package versions a second", milliseconds(whole), rate(whole));
    let start = Instant::now();
    let inverse = Inverse::of(&subjects);
    let built = start.elapsed();
    let (mut touched, mut slowest) = (0, Duration::ZERO);
    let start = Instant::now();
    for advisory in index.advisories() {
        let one = Instant::now();
        touched += inverse.touched(index, advisory.number, now).len();
        slowest = slowest.max(one.elapsed());
    }
    let all = start.elapsed();
    assert_eq!(touched, found.len(), "both directions find the same");
    println!(
        "inverse: built in {:.0} ms; an advisory {:.2} µs on average, the slowest {:.2} ms",
        milliseconds(built),
        all.as_secs_f64() * 1e6 / index.len() as f64,
        milliseconds(slowest)
    );
}
