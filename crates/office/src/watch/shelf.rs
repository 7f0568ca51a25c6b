// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The shelf: every record that feeds have brought, by feed and identifier, as of a set of editions, with where its bytes lie.
//!
//! The rows are in the lake (`feed_record`), the bytes in evidence: many records are kept in one piece, which is read once for
//! all of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;
use underpin_lake::{FEED_RECORD, Lake, Rows, Session, Wanted, booleans, integers, texts};
use underpin_model::EvidenceId;

use super::reading::family;
use crate::error::{OfficeError, Result};
use crate::house::{House, place};

/// Bytes of originals read before they are worked on: enough for all cores, little enough for a small machine.
const BLOCK_BYTES: u64 = 128 << 20;

const COLUMNS: [&str; 8] = ["feed", "record", "edition", "removed", "evidence", "offset", "bytes", "digest"];

/// Where a record lies, and which edition brought it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelved {
    /// The edition.
    pub edition: i64,
    /// The evidence that holds its bytes; `None` when the edition took it away.
    pub evidence: Option<EvidenceId>,
    /// Where they begin, and how many they are.
    pub place: (u64, u64),
    /// First 64 bits of their SHA-256.
    pub digest: i64,
}

/// Records by feed and identifier.
#[derive(Debug, Default)]
pub struct Shelf {
    feeds: BTreeMap<String, HashMap<String, Shelved>>,
}

/// A record with its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Book<'b> {
    /// Feed.
    pub feed: &'b str,
    /// Identifier.
    pub record: &'b str,
    /// Original bytes.
    pub bytes: &'b [u8],
}

impl Shelf {
    /// The newest version of every record among these editions.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn read(session: &Session, editions: &HashSet<i64>) -> Result<Self> {
        let batches = session.rows(FEED_RECORD.name, "record", "feed", Wanted::All, &COLUMNS)?;
        Self::of(&batches, editions, |_, _| true)
    }

    /// The newest version of every record whose identifier is that of one which came, changed or was taken away later than `since`, the
    /// newest edition of each feed. Feeds that are not `wanted` are left out.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn read_since(
        session: &Session,
        editions: &HashSet<i64>,
        since: &BTreeMap<String, i64>,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Self> {
        let batches = session.rows(FEED_RECORD.name, "record", "feed", Wanted::All, &COLUMNS)?;
        let mut touched: HashMap<&str, HashSet<&str>> = HashMap::new();
        for batch in &batches {
            let (feed, record, edition) = (texts(batch, 0)?, texts(batch, 1)?, integers(batch, 2)?);
            for row in 0..batch.num_rows() {
                let number = edition.value(row);
                let is_later = || since.get(feed.value(row)).is_none_or(|since| number > *since);
                if editions.contains(&number) && is_later() && wanted(feed.value(row)) {
                    touched.entry(feed.value(row)).or_default().insert(family(record.value(row)));
                }
            }
        }
        let is_touched = |feed: &str, record: &str| touched.get(feed).is_some_and(|ids| ids.contains(family(record)));
        Self::of(&batches, editions, is_touched)
    }

    fn of(batches: &[Rows], editions: &HashSet<i64>, wanted: impl Fn(&str, &str) -> bool) -> Result<Self> {
        let mut feeds: BTreeMap<String, HashMap<String, Shelved>> = BTreeMap::new();
        for batch in batches {
            let (feed, record) = (texts(batch, 0)?, texts(batch, 1)?);
            let (edition, removed) = (integers(batch, 2)?, booleans(batch, 3)?);
            let (evidence, offset) = (texts(batch, 4)?, integers(batch, 5)?);
            let (bytes, digest) = (integers(batch, 6)?, integers(batch, 7)?);
            for row in 0..batch.num_rows() {
                let number = edition.value(row);
                if !editions.contains(&number) || !wanted(feed.value(row), record.value(row)) {
                    continue;
                }
                let shelved = Shelved {
                    edition: number,
                    evidence: (!removed.value(row))
                        .then(|| evidence.value(row).parse())
                        .transpose()
                        .map_err(damaged)?,
                    place: (unsigned(offset.value(row)), unsigned(bytes.value(row))),
                    digest: digest.value(row),
                };
                if !feeds.contains_key(feed.value(row)) {
                    feeds.insert(feed.value(row).to_owned(), HashMap::new());
                }
                let Some(records) = feeds.get_mut(feed.value(row)) else { continue };
                match records.get_mut(record.value(row)) {
                    Some(known) if known.edition >= number => {}
                    Some(known) => *known = shelved,
                    None => drop(records.insert(record.value(row).to_owned(), shelved)),
                }
            }
        }
        Ok(Self { feeds })
    }

    /// Feed and identifier of all records, those too that were taken away.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.feeds.iter().flat_map(|(feed, records)| records.keys().map(|record| (feed.as_str(), record.as_str())))
    }

    /// Records of a feed that count: what was taken away is not among them.
    pub fn records<'s>(&'s self, feed: &str) -> impl Iterator<Item = (&'s str, &'s Shelved)> + use<'s> {
        let records = self.feeds.get(feed).into_iter().flatten();
        records.filter(|(_, shelved)| shelved.evidence.is_some()).map(|(id, shelved)| (id.as_str(), shelved))
    }

    /// Records of a feed that were taken away, with the edition that did it.
    pub fn gone<'s>(&'s self, feed: &str) -> impl Iterator<Item = (&'s str, i64)> + use<'s> {
        let records = self.feeds.get(feed).into_iter().flatten();
        records.filter(|(_, shelved)| shelved.evidence.is_none()).map(|(id, shelved)| (id.as_str(), shelved.edition))
    }

    /// A record that counts.
    pub fn record(&self, feed: &str, id: &str) -> Option<&Shelved> {
        self.feeds.get(feed)?.get(id).filter(|shelved| shelved.evidence.is_some())
    }

    /// Hands the bytes of all records that `wanted` names (by feed and record) to `take`, block by block: what lies together is read once.
    ///
    /// # Errors
    /// When evidence is missing or damaged, and what `take` says.
    pub async fn read_books(
        &self,
        house: &House,
        wanted: impl Fn(&str, &str, &Shelved) -> bool,
        mut take: impl FnMut(Vec<Book<'_>>) -> Result<()>,
    ) -> Result<()> {
        let mut by_evidence: BTreeMap<EvidenceId, Vec<Placed<'_>>> = BTreeMap::new();
        for (feed, records) in &self.feeds {
            for (record, shelved) in records {
                if let Some(evidence) = shelved.evidence.filter(|_| wanted(feed, record, shelved)) {
                    by_evidence.entry(evidence).or_default().push((feed, record, shelved.place));
                }
            }
        }
        let reader = house.ledger.operator_reader();
        let mut pieces = Vec::new();
        for (evidence, mut books) in by_evidence {
            let record = reader.evidence_location(evidence).await?.filter(|record| !record.purged);
            let record = record.ok_or_else(|| {
                OfficeError::new("evidence-unknown", format!("evidence {evidence} of a feed is not in the catalogue"))
                    .hint("run `underpin doctor`")
            })?;
            // In the order in which they came, so that the same records always give the same index.
            books.sort_unstable();
            pieces.push((place(&record), books));
        }
        pieces.sort_by(|a, b| (&a.0.pack, a.0.offset).cmp(&(&b.0.pack, b.0.offset)));
        let mut rest = pieces.as_slice();
        while !rest.is_empty() {
            let mut bytes = 0;
            let fits = |piece: &&(underpin_lake::Place, Vec<_>)| {
                let fits = bytes < BLOCK_BYTES;
                bytes += piece.0.raw_bytes;
                fits
            };
            let (block, later) = rest.split_at(rest.iter().take_while(fits).count().max(1));
            rest = later;
            let originals = read_block(&house.lake, block)?;
            let mut books = Vec::new();
            for (original, (at, records)) in originals.iter().zip(block) {
                for (feed, record, (offset, length)) in records {
                    let (start, end) = (*offset as usize, (*offset + *length) as usize);
                    let bytes = original.get(start..end).ok_or_else(|| damaged(format!("evidence {}", at.evidence)))?;
                    books.push(Book { feed, record, bytes });
                }
            }
            take(books)?;
        }
        Ok(())
    }
}

/// A record by feed and identifier, and where its bytes begin and how many they are.
type Placed<'b> = (&'b str, &'b str, (u64, u64));

type Piece<'b> = (underpin_lake::Place, Vec<Placed<'b>>);

fn read_block(lake: &Lake, block: &[Piece<'_>]) -> Result<Vec<Vec<u8>>> {
    block.par_iter().map(|(place, _)| Ok(lake.evidence.read(place)?)).collect()
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn damaged(what: impl std::fmt::Display) -> OfficeError {
    OfficeError::new("store-damaged", format!("the list of feed records does not fit its evidence: {what}"))
        .hint("run `underpin doctor`")
}
