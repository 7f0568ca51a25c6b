// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Putting small segments together into large sorted ones.
//!
//! Each input is sorted already, so they are merged row by row: memory holds one batch of each, however many rows there are.
//! Rows of documents that the catalogue does not know (an intake that lost a race) or that were purged are left out.

use std::cmp::Ordering;

use datafusion::arrow::array::{Int64Array, RecordBatch, StringArray};
use datafusion::arrow::compute::{filter_record_batch, interleave_record_batch};

use crate::error::LakeError;
use crate::rows::{integers, texts};
use crate::schema::{ColumnKind, DOCUMENT, Table};
use crate::segment::Written;
use crate::session::{Lake, SegmentRef};
use crate::visible::Visible;

/// Rows handed on at once.
const MERGE_ROWS: usize = 8_192;

/// Merges these segments (all of one table and one order) into one, keeping rows of `keep` only.
///
/// # Errors
/// When a segment is damaged or the disk is full. The inputs are untouched.
pub fn compact(
    lake: &std::sync::Arc<Lake>,
    table: &'static Table,
    order: &'static str,
    inputs: &[SegmentRef],
    keep: &Visible,
    tag: &str,
) -> Result<Written, LakeError> {
    let by = table
        .orders
        .iter()
        .find(|(name, _)| *name == order)
        .map(|(_, by)| *by)
        .ok_or_else(|| LakeError::Columns(format!("table {} has no order {order}", table.name)))?;
    let columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    let mut runs = Vec::new();
    for input in inputs {
        let file = lake.files.open(&lake.segments, input, table)?;
        let batches = file.batches(&columns)?.map(|batch| kept(table, batch?, keep));
        runs.extend(Run::begin(table, by, Box::new(batches))?);
    }
    lake.segments.write_batches(table, order, by, Merge::new(table, by, runs), tag)
}

fn kept(table: &Table, batch: RecordBatch, keep: &Visible) -> Result<RecordBatch, LakeError> {
    let Some(document) = table.position(DOCUMENT) else { return Ok(batch) };
    let mask = keep.mask(integers(&batch, document)?);
    Ok(if mask.false_count() == 0 { batch } else { filter_record_batch(&batch, &mask)? })
}

type Batches<'a> = Box<dyn Iterator<Item = Result<RecordBatch, LakeError>> + 'a>;

enum Key {
    Integer(Int64Array),
    Text(StringArray),
}

/// One input, standing on a row.
struct Run<'a> {
    batches: Batches<'a>,
    batch: RecordBatch,
    keys: Vec<Key>,
    row: usize,
    /// Where the batch stands among those that the next output is made of.
    slot: usize,
}

impl<'a> Run<'a> {
    /// `None` when there are no rows.
    fn begin(table: &'static Table, by: &[&str], batches: Batches<'a>) -> Result<Option<Self>, LakeError> {
        let batch = RecordBatch::new_empty(table.schema());
        let mut run = Self { batches, batch, keys: Vec::new(), row: 0, slot: 0 };
        Ok(run.next_batch(table, by)?.then_some(run))
    }

    /// Goes to the next batch with rows. False at the end.
    fn next_batch(&mut self, table: &Table, by: &[&str]) -> Result<bool, LakeError> {
        for batch in self.batches.by_ref() {
            let batch = batch?;
            if batch.num_rows() == 0 {
                continue;
            }
            self.keys = keys(table, by, &batch)?;
            (self.batch, self.row) = (batch, 0);
            return Ok(true);
        }
        Ok(false)
    }

    fn compare(&self, other: &Self) -> Ordering {
        let pairs = self.keys.iter().zip(&other.keys);
        pairs
            .map(|pair| match pair {
                (Key::Integer(left), Key::Integer(right)) => left.value(self.row).cmp(&right.value(other.row)),
                (Key::Text(left), Key::Text(right)) => left.value(self.row).cmp(right.value(other.row)),
                _ => Ordering::Equal,
            })
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

fn keys(table: &Table, by: &[&str], batch: &RecordBatch) -> Result<Vec<Key>, LakeError> {
    by.iter()
        .map(|name| {
            let index = table.position(name).ok_or_else(|| LakeError::Columns(format!("no column {name}")))?;
            Ok(match table.columns[index].kind {
                ColumnKind::Text => Key::Text(texts(batch, index)?.clone()),
                _ => Key::Integer(integers(batch, index)?.clone()),
            })
        })
        .collect()
}

/// The rows of several runs in one order. Equal rows come in the order of the inputs.
struct Merge<'a> {
    table: &'static Table,
    by: &'static [&'static str],
    runs: Vec<Run<'a>>,
    /// Runs that have rows, the one with the smallest last.
    order: Vec<usize>,
    slots: Vec<RecordBatch>,
    /// Names under the number of the row before, so that a package version is written once.
    said: (i64, Vec<String>),
}

impl<'a> Merge<'a> {
    fn new(table: &'static Table, by: &'static [&'static str], runs: Vec<Run<'a>>) -> Self {
        let mut order: Vec<usize> = (0..runs.len()).collect();
        order.sort_by(|&left, &right| runs[right].compare(&runs[left]).then(right.cmp(&left)));
        Self { table, by, runs, order, slots: Vec::new(), said: (0, Vec::new()) }
    }

    fn step(&mut self) -> Result<Option<RecordBatch>, LakeError> {
        self.slots.clear();
        for &index in &self.order {
            self.runs[index].slot = self.slots.len();
            self.slots.push(self.runs[index].batch.clone());
        }
        let most_slots = self.slots.len() * 2 + 1;
        let mut chosen = Vec::with_capacity(MERGE_ROWS);
        while chosen.len() < MERGE_ROWS && self.slots.len() < most_slots {
            let Some(&index) = self.order.last() else { break };
            if !self.is_repetition(index)? {
                chosen.push((self.runs[index].slot, self.runs[index].row));
            }
            self.advance(index)?;
        }
        if chosen.is_empty() && self.order.is_empty() {
            return Ok(None);
        }
        let slots: Vec<&RecordBatch> = self.slots.iter().collect();
        Ok(Some(interleave_record_batch(&slots, &chosen)?))
    }

    /// Moves the run with the smallest row on, to its new place among the others.
    fn advance(&mut self, index: usize) -> Result<(), LakeError> {
        let run = &mut self.runs[index];
        run.row += 1;
        if run.row == run.batch.num_rows() {
            if !run.next_batch(self.table, self.by)? {
                self.order.pop();
                return Ok(());
            }
            run.slot = self.slots.len();
            self.slots.push(run.batch.clone());
        }
        self.order.pop();
        let is_larger =
            |&other: &usize| self.runs[other].compare(&self.runs[index]).then(other.cmp(&index)) == Ordering::Greater;
        // Mostly it stays where it was.
        let place = match self.order.last() {
            Some(last) if !is_larger(last) => self.order.partition_point(is_larger),
            _ => self.order.len(),
        };
        self.order.insert(place, index);
        Ok(())
    }

    /// Whether a row of the dictionary says again what one before said. Two names under one number both stay.
    fn is_repetition(&mut self, index: usize) -> Result<bool, LakeError> {
        if self.table.name != "package_version" {
            return Ok(false);
        }
        let run = &self.runs[index];
        let (version, purl) = (integers(&run.batch, 0)?.value(run.row), texts(&run.batch, 2)?.value(run.row));
        if self.said.0 != version {
            self.said = (version, Vec::new());
        }
        if self.said.1.iter().any(|said| said == purl) {
            return Ok(true);
        }
        self.said.1.push(purl.to_owned());
        Ok(false)
    }
}

impl Iterator for Merge<'_> {
    type Item = Result<RecordBatch, LakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rows::{Cell, TableRows, join, sorted};

    fn rows_of(table: &'static Table, values: &[(i64, String)]) -> RecordBatch {
        let mut rows = TableRows::new(table);
        for (document, value) in values {
            rows.push(&[Cell::Integer(*document), Cell::Null, Cell::Text("sha1"), Cell::Text(value), Cell::Text("")]);
        }
        rows.finish().expect("a batch")
    }

    fn opened(lake: &Lake, name: &str, table: &'static Table) -> crate::scan::SegmentFile {
        let (path, file) = lake.segments.open_file(name).expect("opens");
        crate::scan::SegmentFile::of(file, &path, table).expect("reads")
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn merging_equals_sorting_everything(
            inputs in proptest::collection::vec(proptest::collection::vec((0_i64..6, "[a-d]{0,2}"), 0..40), 1..6),
            forgotten in 0_i64..6,
        ) {
            let folder = tempfile::tempdir().expect("a folder");
            let lake = Lake::open(folder.path().to_owned()).expect("a lake");
            let table = Table::named("hash").expect("a table");
            let (order, by) = table.orders[0];
            let keep: Visible = std::sync::Arc::new((0..6).filter(|document| *document != forgotten).collect());
            let mut segments = Vec::new();
            for (number, input) in inputs.iter().enumerate() {
                for written in lake.segments.write(table, &rows_of(table, input), &number.to_string()).expect("writes") {
                    let (path, rows, bytes) = (written.path, written.rows, written.bytes);
                    segments.push(SegmentRef { table: "hash".into(), order: order.into(), path, rows, bytes });
                }
            }
            let written = compact(&lake, table, order, &segments, &keep, "merged").expect("merges");
            let all: Vec<(i64, String)> = inputs.concat().into_iter().filter(|(document, _)| *document != forgotten).collect();
            let expected = sorted(table, &rows_of(table, &all), by).expect("sorts");
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            let file = opened(&lake, &written.path, table);
            let found = file.batches(&columns).expect("reads").collect::<Result<Vec<_>, _>>().expect("reads");
            prop_assert_eq!(join(table, &found).expect("joins"), expected);
        }
    }

    /// Clones of an open file share the place of the next read; questions that come at once must not read each other's pages.
    #[test]
    fn many_read_one_segment_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let lake = Lake::open(folder.path().to_owned()).expect("a lake");
        let table = Table::named("hash").expect("a table");
        let rows: Vec<(i64, String)> =
            (0..40_000).map(|row| (row / 4, format!("{:032x}", row * 2_654_435_761))).collect();
        let written = lake.segments.write(table, &rows_of(table, &rows), "many").expect("writes");
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        for one in &written {
            let file = opened(&lake, &one.path, table);
            let read = || file.batches(&columns).expect("reads").collect::<Result<Vec<_>, _>>().expect("reads");
            let alone = read();
            std::thread::scope(|scope| {
                for reader in [(); 8].map(|()| scope.spawn(|| (0..10).all(|_| read() == alone))) {
                    assert!(reader.join().expect("reads to the end"), "it read what another one asked for");
                }
            });
        }
    }
}
