// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! All records of the outside collection are read, and what was read agrees with a naive count.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use underpin_model::Limits;
use underpin_model::watch::source::Records;
use underpin_model::watch::{Advisory, Event};

use super::{FaultCode, osv, split};

type Counts = BTreeMap<String, usize>;

fn files() -> Option<Vec<(String, Vec<u8>)>> {
    let folder = underpin_testkit::osv()?;
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    Some(files)
}

fn count(counts: &mut Counts, what: &str, number: usize) {
    if number > 0 {
        *counts.entry(what.to_owned()).or_default() += number;
    }
}

fn count_advisory(counts: &mut Counts, advisory: &Advisory<'_>) {
    count(counts, "records", 1);
    count(counts, "affected", advisory.affected.len());
    count(counts, "withdrawn", usize::from(advisory.withdrawn.is_some()));
    count(counts, "published", usize::from(advisory.published.is_some()));
    count(counts, "modified", usize::from(advisory.modified.is_some()));
    count(counts, "aliases", advisory.aliases.len());
    count(counts, "upstream", advisory.upstream.len());
    count(counts, "related", advisory.related.len());
    count(counts, "references", advisory.references.len());
    for affected in &advisory.affected {
        count(counts, "versions", affected.versions.len());
        count(counts, "purls", usize::from(!affected.purl.is_empty()));
        count(counts, "names", usize::from(!affected.name.is_empty()));
        for range in &affected.ranges {
            count(counts, &format!("range {}", range.kind.as_str()), 1);
            for event in &range.events {
                let kind = match event {
                    Event::Introduced(_) => "introduced",
                    Event::Fixed(_) => "fixed",
                    Event::LastAffected(_) => "last_affected",
                    Event::Limit(_) => "limit",
                };
                count(counts, &format!("event {kind}"), 1);
            }
        }
        for import in affected.imports.iter().filter(|import| !import.path.is_empty()) {
            count(counts, "import symbols", import.symbols.len());
        }
    }
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn count_value(counts: &mut Counts, record: &Value) {
    count(counts, "records", 1);
    for key in ["withdrawn", "published", "modified"] {
        count(counts, key, usize::from(record[key].is_string()));
    }
    for key in ["affected", "aliases", "upstream", "related"] {
        count(counts, key, list(record, key).len());
    }
    // References without address and ranges without events say nothing and are not kept.
    count(counts, "references", list(record, "references").iter().filter(|reference| reference["url"] != "").count());
    for affected in list(record, "affected") {
        count(counts, "versions", list(affected, "versions").len());
        count(counts, "purls", usize::from(affected["package"]["purl"].is_string()));
        count(counts, "names", usize::from(affected["package"]["name"].is_string()));
        for range in list(affected, "ranges").iter().filter(|range| !list(range, "events").is_empty()) {
            let kind = range["type"].as_str().unwrap_or("ECOSYSTEM").to_lowercase();
            count(counts, &format!("range {kind}"), 1);
            for event in list(range, "events") {
                for key in event.as_object().unwrap().keys() {
                    count(counts, &format!("event {key}"), 1);
                }
            }
        }
        for import in list(&affected["ecosystem_specific"], "imports") {
            count(counts, "import symbols", list(import, "symbols").len());
        }
    }
}

fn count_other(counts: &mut Counts, advisory: &Advisory<'_>) {
    for gap in advisory.gaps.list() {
        count(counts, &format!("gap {}: {}", gap.code.as_str(), gap.detail), 1);
    }
    for affected in &advisory.affected {
        count(counts, &format!("status {}", affected.status.as_str()), 1);
        count(counts, "inexact", usize::from(affected.is_inexact));
        count(counts, "native ranges", affected.native_ranges.len());
        count(counts, "modules", usize::from(!affected.module.is_empty()));
    }
}

fn assert_written_reads_the_same(advisory: &Advisory<'_>, limits: &Limits) {
    let text = osv::write(advisory);
    let mut again = osv::read(text.as_bytes(), limits).unwrap();
    again.gaps = advisory.gaps.clone();
    assert_eq!(again, *advisory);
    assert_eq!(osv::write(&again), text);
}

#[test]
fn all_records_are_read_as_a_naive_count_says() {
    let Some(files) = files() else { return };
    let limits = Limits::default();
    let (mut counts, mut naive, mut other) = (Counts::new(), Counts::new(), Counts::new());
    for (name, bytes) in &files {
        for record in split(Records::Osv, name, bytes) {
            match record {
                Ok(record) => {
                    let advisory = osv::read(&record.bytes, &limits).unwrap();
                    count_advisory(&mut counts, &advisory);
                    count_value(&mut naive, &serde_json::from_slice(&record.bytes).unwrap());
                    count_other(&mut other, &advisory);
                    assert_written_reads_the_same(&advisory, &limits);
                }
                Err(fault) => {
                    assert_eq!(fault.code, FaultCode::DuplicateRecord, "{name}: {fault}");
                    count(&mut other, "fault duplicate-record", 1);
                }
            }
        }
    }
    assert_eq!(counts, naive);
    counts.append(&mut other);
    let lines: Vec<_> = counts.iter().map(|(what, number)| format!("{what}: {number}")).collect();
    // Of 84,692 lines 43 repeat another one to the byte.
    insta::assert_snapshot!(lines.join("\n"), @"
    affected: 299245
    aliases: 27352
    event fixed: 283741
    event introduced: 323904
    event last_affected: 613
    event limit: 2
    fault duplicate-record: 15
    gap invalid-value: published after it was changed last: 285
    gap missing-field: neither ranges nor versions: 79
    gap missing-field: no type: read as an order of the ecosystem: 1
    gap text-too-long: : 1
    import symbols: 10601
    inexact: 655
    modified: 84648
    modules: 36
    names: 299112
    native ranges: 309
    published: 80225
    purls: 220590
    range ecosystem: 281127
    range git: 5595
    range semver: 18304
    records: 84649
    references: 160908
    related: 17547
    status affected: 274070
    status deferred: 2292
    status under-investigation: 22882
    status unimportant: 1
    upstream: 75341
    versions: 213550
    withdrawn: 4676
    ");
}
