// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The files of the lake, held against the catalogue.

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;
use underpin_lake::{StoredFile, Table, Wanted, integers};
use underpin_ledger::{EvidenceRecord, Reader, SegmentRecord, Snapshot};
use underpin_model::{DocumentState, EvidenceId, Timestamp, Viewer};

use super::doctor::{COLLECT, Health, REBUILD, RESTORE};
use crate::error::Result;
use crate::house::{House, place};
use crate::maintenance::orphans_of;

/// Findings of one kind that are listed one by one.
const LISTED: usize = 20;

/// Every pack that counts, every piece of evidence in it.
pub async fn packs(house: &House, reader: &Reader, deep: bool, health: &mut Health) -> Result<()> {
    let packs = reader.packs().await?;
    let mut evidence: BTreeMap<String, Vec<EvidenceRecord>> = BTreeMap::new();
    let mut pieces = 0;
    for record in reader.all_evidence().await?.into_iter().filter(|record| !record.purged) {
        pieces += 1;
        evidence.entry(record.pack.clone()).or_default().push(record);
    }
    let sizes = sizes(house.lake.evidence.files()?);
    let looks_inside = deep || !house.lake.is_elsewhere();
    let faults: Vec<(String, String)> = packs
        .par_iter()
        .flat_map_iter(|pack| {
            let held = evidence.get(&pack.name).map_or(&[][..], Vec::as_slice);
            let mut faults = size_faults(sizes.get(&pack.name).copied(), pack.bytes, held.len());
            if looks_inside && sizes.contains_key(&pack.name) {
                faults.extend(pack_faults(house, &pack.name, held, deep));
            }
            faults.into_iter().map(|fault| (pack.name.clone(), fault))
        })
        .collect();
    let how = match (deep, looks_inside) {
        (true, _) => "each read and held against its hash",
        (false, true) => "listed in their packs",
        (false, false) => "their packs are in the store with the sizes that the catalogue says",
    };
    health.check("originals", pieces, format!("{pieces} pieces of evidence in {} packs, {how}", packs.len()));
    for (pack, fault) in faults {
        health.fault("pack-damaged", format!("evidence/{pack}"), fault, RESTORE);
    }
    Ok(())
}

/// Sizes of files by name.
fn sizes(files: Vec<StoredFile>) -> HashMap<String, u64> {
    files.into_iter().map(|file| (file.name, file.bytes)).collect()
}

fn size_faults(found: Option<u64>, bytes: u64, held: usize) -> Vec<String> {
    match found {
        None => vec![format!("is missing; {held} originals are in it")],
        Some(found) if found != bytes => vec![format!("has {found} bytes; the catalogue says {bytes}")],
        Some(_) => Vec::new(),
    }
}

fn pack_faults(house: &House, name: &str, held: &[EvidenceRecord], deep: bool) -> Vec<String> {
    let store = &house.lake.evidence;
    let mut faults = Vec::new();
    // What is kept here says nothing of what the bucket holds.
    if deep && let Err(error) = store.refresh(name) {
        return vec![error.to_string()];
    }
    let listed: HashMap<EvidenceId, (u64, u64, u64)> = match store.list(name) {
        Ok(places) => places
            .into_iter()
            .map(|place| (place.evidence, (place.offset, place.packed_bytes, place.raw_bytes)))
            .collect(),
        Err(error) => {
            faults.push(error.to_string());
            HashMap::new()
        }
    };
    for record in held {
        let catalogued = (record.offset, record.packed_bytes, record.raw_bytes);
        if !listed.is_empty() && listed.get(&record.evidence) != Some(&catalogued) {
            faults.push(format!("evidence {} is not where the catalogue says", record.evidence));
        } else if deep && let Err(error) = store.read(&place(record)) {
            faults.push(error.to_string());
        }
        if faults.len() >= LISTED {
            faults.push("further faults of this pack are not listed".to_owned());
            break;
        }
    }
    faults
}

/// Every segment that counts. True when all of them could be opened, or are in the bucket as they should be.
///
/// # Errors
/// When the store cannot be listed.
pub fn segments(house: &House, snapshot: &Snapshot, deep: bool, health: &mut Health) -> Result<bool> {
    let looks_inside = deep || !house.lake.is_elsewhere();
    let sizes = if looks_inside { HashMap::new() } else { sizes(house.lake.segments.files()?) };
    let fault = |segment: &SegmentRecord| match (looks_inside, sizes.get(&segment.path)) {
        (true, _) => segment_fault(house, segment, deep),
        (false, None) => Some("is missing".to_owned()),
        (false, Some(bytes)) if *bytes != segment.bytes => {
            Some(format!("has {bytes} bytes; the catalogue says {}", segment.bytes))
        }
        (false, Some(_)) => None,
    };
    let faults: Vec<(&SegmentRecord, String)> =
        snapshot.segments.par_iter().filter_map(|segment| fault(segment).map(|fault| (segment, fault))).collect();
    let rows: u64 = snapshot.segments.iter().map(|segment| segment.rows).sum();
    let count = snapshot.segments.len();
    let how = match (deep, looks_inside) {
        (true, _) => "every column read",
        (false, true) => "opened",
        (false, false) => "in the store with the size that the catalogue says",
    };
    health.check("files of facts", count as u64, format!("{count}, {how}, {rows} rows"));
    for (segment, fault) in &faults {
        health.fault("segment-damaged", format!("segments/{}", segment.path), fault.as_str(), REBUILD);
    }
    Ok(faults.is_empty())
}

fn segment_fault(house: &House, segment: &SegmentRecord, deep: bool) -> Option<String> {
    let Some(table) = Table::named(&segment.table) else {
        return Some(format!("belongs to the table {}, which is not known here", segment.table));
    };
    match house.lake.segments.inspect(table, &segment.path, deep) {
        Err(error) => Some(error.to_string()),
        Ok(found) if found.rows != segment.rows => {
            Some(format!("has {} rows; the catalogue says {}", found.rows, segment.rows))
        }
        Ok(found) if found.bytes != segment.bytes => {
            Some(format!("has {} bytes; the catalogue says {}", found.bytes, segment.bytes))
        }
        Ok(_) => None,
    }
}

/// Documents that were read have facts, each exactly once.
pub fn documents(house: &House, snapshot: Snapshot, health: &mut Health) {
    let read = |state: DocumentState| matches!(state, DocumentState::Accepted | DocumentState::Retracted);
    let expected: HashSet<i64> =
        snapshot.documents.iter().filter(|record| read(record.state)).map(|record| record.id.0).collect();
    let mut all = snapshot;
    // Facts of what was taken back are looked at too.
    all.documents
        .iter_mut()
        .filter(|record| read(record.state))
        .for_each(|record| record.state = DocumentState::Accepted);
    let desk = house.desk_of(Viewer::Operator, all);
    let mut seen: HashMap<i64, u64> = HashMap::new();
    let rows = desk.session.rows("document", "document", "document", Wanted::All, &["document"]);
    let counted = rows.and_then(|batches| {
        for batch in &batches {
            integers(batch, 0)?.values().iter().for_each(|document| *seen.entry(*document).or_default() += 1);
        }
        Ok(())
    });
    if let Err(error) = counted {
        health.fault("segment-damaged", "document", error.to_string(), REBUILD);
        return;
    }
    health.check("documents", expected.len() as u64, format!("{} have facts", seen.len()));
    let mut wrong: Vec<(i64, u64)> = expected
        .iter()
        .map(|document| (*document, seen.get(document).copied().unwrap_or(0)))
        .filter(|(_, times)| *times != 1)
        .collect();
    wrong.sort_unstable();
    for (document, times) in wrong.iter().take(LISTED) {
        let detail = if *times == 0 { "has no facts".to_owned() } else { format!("has its facts {times} times") };
        health.fault("facts-missing", format!("D{document}"), detail, REBUILD);
    }
    if wrong.len() > LISTED {
        let detail = format!("{} further documents without facts, or with repeated ones", wrong.len() - LISTED);
        health.fault("facts-missing", "documents", detail, REBUILD);
    }
}

/// Files that the catalogue does not know, and replaced ones that wait for collection.
pub async fn orphans(house: &House, reader: &Reader, now: Timestamp, health: &mut Health) -> Result<()> {
    let orphans = orphans_of(house, reader).await?;
    let oldest = Timestamp(now.0.saturating_sub(seconds(house.limits().orphan_grace_seconds)));
    let (mut young, mut bytes) = (0_u64, 0);
    for (folder, file) in &orphans {
        if file.written < oldest {
            let detail = format!("{} bytes that the catalogue does not know, since {}", file.bytes, file.written);
            health.fault("orphan", format!("{folder}/{}", file.name), detail, COLLECT);
        } else {
            young += 1;
            bytes += file.bytes;
        }
    }
    if young > 0 {
        let detail = format!("{young} files ({bytes} bytes) that the catalogue does not know yet");
        health.notice("orphan", "the store", detail, "they belong to work under way, or to some that was cut off");
    }
    let dead = reader.dead_segments(Timestamp::MAX).await?.len() + reader.dead_packs(Timestamp::MAX).await?.len();
    health.check("other files", (orphans.len() + dead) as u64, format!("{} unknown, {dead} replaced", orphans.len()));
    Ok(())
}

/// Seconds as microseconds.
fn seconds(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(1_000_000)
}
