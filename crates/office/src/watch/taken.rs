// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is new in a delivery: its records held against the shelf, and packed as evidence.
//!
//! A record counts as changed when its bytes do. Records that cannot be read are listed with a code and kept out of answers; their
//! bytes are kept all the same if they have an identifier, because a later version of the reader may understand them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};
use underpin_feeds::Refusal;
use underpin_formats::advisories::{self, Fault, RawRecord};
use underpin_lake::{Cell, FEED_RECORD, Packed, TableRows, compressor, evidence_id, pack};
use underpin_model::watch::source::Records;
use underpin_model::{EvidenceId, Limits};

use super::reading::LeftOut;
use super::shelf::Shelf;
use crate::error::Result;

/// Bytes of records that are kept as one piece of evidence.
const CHUNK_BYTES: usize = 1 << 20;

/// What was found wrong, at most, for one feed; the rest is counted.
const FAULTS_LISTED: usize = 100;

/// What a look at a record gave.
type Looked = std::result::Result<LeftOut, Fault>;

/// A record that is new or has changed.
struct Fresh<'b> {
    record: String,
    bytes: Cow<'b, [u8]>,
    digest: i64,
}

/// What a feed's files brought.
#[derive(Debug, Default)]
pub struct Taken {
    /// Records that were not there before.
    pub added: u64,
    /// Records whose bytes differ.
    pub changed: u64,
    /// Records that are no longer there.
    pub removed: u64,
    /// Records that are the same.
    pub unchanged: u64,
    /// Records that cannot be read.
    pub refused: u64,
    /// What was wrong, the first of it.
    pub faults: Vec<Refusal>,
    /// Places in records that were taken, of which something was left out or is in doubt.
    pub left_out: u64,
    /// The first of them.
    pub gaps: Vec<Refusal>,
    /// Evidence, ready to be written.
    pub packed: Vec<Packed>,
    /// Rows of `feed_record`, without the edition's number.
    rows: Vec<Row>,
    seen: HashSet<String>,
    chunk: Vec<u8>,
    pending: Vec<(String, u64, u64, i64)>,
}

#[derive(Debug)]
struct Row {
    record: String,
    evidence: Option<EvidenceId>,
    offset: u64,
    bytes: u64,
    digest: i64,
}

impl Taken {
    /// Whether anything differs from what is on the shelf.
    pub fn is_news(&self) -> bool {
        self.added + self.changed + self.removed > 0
    }

    /// Takes one file.
    ///
    /// # Errors
    /// When a record cannot be packed.
    pub fn file(
        &mut self,
        (feed, records): (&str, Records),
        (name, bytes): (&str, &[u8]),
        shelf: &Shelf,
        limits: &Limits,
    ) -> Result<()> {
        let mut split = Vec::new();
        for part in advisories::split(records, name, bytes) {
            match part {
                Ok(record) => split.push(record),
                Err(fault) => self.fault(name, fault),
            }
        }
        self.records((feed, records), Some(name), split, shelf, limits)
    }

    /// Takes records that are cut out already. Without the name of a file, each is called by its identifier.
    ///
    /// # Errors
    /// When a record cannot be packed.
    pub fn records(
        &mut self,
        (feed, records): (&str, Records),
        name: Option<&str>,
        split: Vec<RawRecord<'_>>,
        shelf: &Shelf,
        limits: &Limits,
    ) -> Result<()> {
        let judged: Vec<(Fresh<'_>, Looked, bool)> = split
            .into_par_iter()
            .map(|raw| {
                let digest = digest_of(&raw.bytes);
                let known = shelf.record(feed, &raw.id).map(|shelved| shelved.digest);
                let looked = if known == Some(digest) {
                    Ok(LeftOut::default())
                } else {
                    super::reading::look(records, name.unwrap_or(&raw.id), &raw.bytes, limits)
                };
                (Fresh { record: raw.id.into_owned(), bytes: raw.bytes, digest }, looked, known == Some(digest))
            })
            .collect();
        for (fresh, looked, is_same) in judged {
            match looked {
                Ok(left_out) => self.note(name.unwrap_or(&fresh.record), left_out),
                Err(fault) => {
                    self.fault(name.unwrap_or(&fresh.record), fault);
                    if shelf.record(feed, &fresh.record).is_some() {
                        // What was known of it stays: a record that went bad must not take its findings away.
                        self.seen.insert(fresh.record);
                        continue;
                    }
                }
            }
            if !self.seen.insert(fresh.record.clone()) {
                // In another file of the same delivery: the last one counts, as if they had come one after the other.
                self.keep(fresh)?;
            } else if is_same {
                self.unchanged += 1;
            } else {
                match shelf.record(feed, &fresh.record) {
                    Some(_) => self.changed += 1,
                    None => self.added += 1,
                }
                self.keep(fresh)?;
            }
        }
        Ok(())
    }

    /// Marks records of a feed as taken away: those named, and, when the delivery is the whole picture, all that it lacks.
    pub fn take_away(&mut self, feed: &str, named: &[String], is_complete: bool, shelf: &Shelf) {
        let named: HashSet<&str> = named.iter().map(String::as_str).collect();
        let gone = shelf.records(feed).map(|(id, _)| id);
        let mut gone: Vec<&str> =
            gone.filter(|id| !self.seen.contains(*id) && (is_complete || named.contains(id))).collect();
        gone.sort_unstable();
        self.removed += gone.len() as u64;
        let row = |id: &str| Row { record: id.to_owned(), evidence: None, offset: 0, bytes: 0, digest: 0 };
        self.rows.extend(gone.into_iter().map(row));
    }

    /// Bytes of evidence that wait to be written.
    pub fn packed_bytes(&self) -> u64 {
        self.packed.iter().map(|piece| piece.packed_bytes()).sum()
    }

    fn fault(&mut self, name: &str, fault: Fault) {
        self.refuse(Refusal {
            place: format!("{name}: {}", fault.place),
            code: fault.code.as_str().to_owned(),
            detail: fault.detail.into_owned(),
        });
    }

    /// Notes what was left out of a record that was taken.
    fn note(&mut self, name: &str, left_out: LeftOut) {
        self.left_out += left_out.total;
        for gap in left_out.listed {
            if self.gaps.len() < FAULTS_LISTED {
                self.gaps.push(Refusal { place: format!("{name}: {}", gap.place), ..gap });
            }
        }
    }

    /// Notes something that was left out.
    pub fn refuse(&mut self, refusal: Refusal) {
        self.refused += 1;
        if self.faults.len() < FAULTS_LISTED {
            self.faults.push(refusal);
        }
    }

    /// The evidence that its rows name, each piece once.
    pub fn evidence(&self) -> Vec<EvidenceId> {
        let mut evidence: Vec<EvidenceId> = self.rows.iter().filter_map(|row| row.evidence).collect();
        evidence.sort_unstable();
        evidence.dedup();
        evidence
    }

    fn keep(&mut self, fresh: Fresh<'_>) -> Result<()> {
        if !self.chunk.is_empty() && self.chunk.len() + fresh.bytes.len() > CHUNK_BYTES {
            self.close_chunk()?;
        }
        let offset = self.chunk.len() as u64;
        self.chunk.extend_from_slice(&fresh.bytes);
        self.pending.push((fresh.record, offset, fresh.bytes.len() as u64, fresh.digest));
        self.chunk.push(b'\n');
        Ok(())
    }

    /// Packs what was gathered.
    ///
    /// # Errors
    /// When it cannot be compressed.
    pub fn close_chunk(&mut self) -> Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let evidence = evidence_id(&self.chunk);
        self.packed.push(pack(&mut compressor()?, evidence, &self.chunk)?);
        self.chunk.clear();
        let rows = self.pending.drain(..).map(|(record, offset, bytes, digest)| Row {
            record,
            evidence: Some(evidence),
            offset,
            bytes,
            digest,
        });
        self.rows.extend(rows);
        Ok(())
    }

    /// The rows of `feed_record`, of a record that came twice only the last.
    pub fn rows(&self, feed: &str, edition: i64, into: &mut TableRows) {
        let last: HashMap<&str, usize> =
            self.rows.iter().enumerate().map(|(index, row)| (row.record.as_str(), index)).collect();
        for (index, row) in self.rows.iter().enumerate() {
            if last.get(row.record.as_str()) != Some(&index) {
                continue;
            }
            let evidence = row.evidence.map(|evidence| evidence.to_string());
            into.push(&[
                Cell::Text(feed),
                Cell::Text(&row.record),
                Cell::Integer(edition),
                Cell::Boolean(row.evidence.is_none()),
                Cell::Text(evidence.as_deref().unwrap_or_default()),
                Cell::Integer(signed(row.offset)),
                Cell::Integer(signed(row.bytes)),
                Cell::Integer(row.digest),
            ]);
        }
    }
}

/// An empty table of records.
pub fn record_rows() -> TableRows {
    TableRows::new(&FEED_RECORD)
}

fn digest_of(bytes: &[u8]) -> i64 {
    let hash: [u8; 32] = Sha256::digest(bytes).into();
    let [a, b, c, d, e, f, g, h, ..] = hash;
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
