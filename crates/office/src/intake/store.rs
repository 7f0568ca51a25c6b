// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rows become durable segments, originals durable packs.

use underpin_lake::{Lake, Packed, Place, TABLES, Written, join};
use underpin_ledger::{EvidenceRecord, NewSegment, PackRecord};

use crate::error::Result;

/// Writes rows as durable segments: one for each table and order. Also gives the numbers of the package versions.
pub fn store_facts(
    lake: &Lake,
    workers: Vec<Vec<underpin_lake::TableRows>>,
    tag: &str,
) -> Result<(Vec<NewSegment>, Vec<i64>)> {
    use rayon::prelude::*;
    let mut by_table: Vec<Vec<underpin_lake::TableRows>> = TABLES.iter().map(|_| Vec::new()).collect();
    for tables in workers {
        for (index, rows) in tables.into_iter().enumerate() {
            if !rows.is_empty() {
                by_table[index].push(rows);
            }
        }
    }
    let written: Vec<(Vec<Written>, Vec<i64>)> = by_table
        .into_par_iter()
        .zip(TABLES)
        .filter(|(rows, _)| !rows.is_empty())
        .map(|(rows, table)| {
            let batches =
                rows.into_iter().map(underpin_lake::TableRows::finish).collect::<std::result::Result<Vec<_>, _>>()?;
            let all = join(table, &batches)?;
            let versions = match table.name {
                "package_version" => underpin_lake::integers(&all, 0)?.values().to_vec(),
                _ => Vec::new(),
            };
            Ok((lake.segments.write(table, &all, tag)?, versions))
        })
        .collect::<Result<Vec<_>>>()?;
    if !written.is_empty() {
        lake.segments.sync()?;
    }
    let versions = written.iter().flat_map(|(_, versions)| versions.iter().copied()).collect();
    let segments = written.into_iter().flat_map(|(segments, _)| segments).map(new_segment).collect();
    Ok((segments, versions))
}

/// Writes pieces of evidence as one durable pack, called `name` but for a digest that a bucket adds. Gives what the ledger has to know of it.
///
/// # Errors
/// When the disk is full or fails.
pub fn store_pack(lake: &Lake, name: String, pieces: &[Packed]) -> Result<(PackRecord, Vec<EvidenceRecord>)> {
    let written = lake.evidence.write(&name, pieces)?;
    lake.evidence.sync()?;
    let record = PackRecord { name: written.name, bytes: written.bytes };
    Ok((record, written.places.into_iter().map(evidence_record).collect()))
}

/// Where a piece of evidence lies.
pub(crate) fn evidence_record(place: Place) -> EvidenceRecord {
    EvidenceRecord {
        evidence: place.evidence,
        pack: place.pack,
        offset: place.offset,
        packed_bytes: place.packed_bytes,
        raw_bytes: place.raw_bytes,
        purged: false,
    }
}

pub(crate) fn new_segment(written: Written) -> NewSegment {
    NewSegment {
        table: written.table.to_owned(),
        path: written.path,
        rows: written.rows,
        bytes: written.bytes,
        schema_version: underpin_lake::SCHEMA_VERSION,
        order: written.order.to_owned(),
    }
}
