// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Taking the facts of documents out of segments for good: the lake's part of a purge.
//!
//! A segment is never changed in place: those that hold rows of other documents than those kept are written anew without
//! them, under new names. So rows of an intake that lost a race go as well. The dictionary of package versions has no documents; from it goes what no remaining document mentions, for a
//! spilled secret may well stand in a name.

use std::collections::HashSet;
use std::sync::Arc;

use datafusion::arrow::array::{BooleanArray, RecordBatch};
use datafusion::arrow::compute::filter_record_batch;

use crate::compact::compact;
use crate::error::LakeError;
use crate::rows::integers;
use crate::scan::Wanted;
use crate::schema::{DOCUMENT, FEED_RECORD, Table};
use crate::segment::Written;
use crate::session::{Lake, SegmentRef};
use crate::visible::Visible;

const VERSION: &str = "package_version";

/// What stays, and so what has to go.
#[derive(Debug)]
pub struct Forgetting {
    lake: Arc<Lake>,
    keep: Visible,
    mentioned: HashSet<i64>,
}

impl Forgetting {
    /// Prepares to take out everything but `keep`. `live` are all live segments: they tell which package versions are
    /// still mentioned.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn new(lake: &Arc<Lake>, live: Vec<SegmentRef>, keep: Visible) -> Result<Self, LakeError> {
        let mentioned = lake.session(live, keep.clone()).seen()?.versions.clone();
        Ok(Self { lake: Arc::clone(lake), keep, mentioned })
    }

    /// Whether a segment holds anything that has to go.
    ///
    /// # Errors
    /// When the segment is missing or damaged.
    pub fn concerns(&self, segment: &SegmentRef) -> Result<bool, LakeError> {
        let (table, order, _) = place(segment)?;
        if table.name == FEED_RECORD.name {
            return Ok(false);
        }
        if !table.has_document() {
            let batches = self.versions(segment, order, &[VERSION])?;
            return batches.iter().try_fold(false, |found, batch| Ok(found || self.stays(batch, 0)?.false_count() > 0));
        }
        let file = self.lake.files.open(&self.lake.segments, segment, table)?;
        let batches = file.read(&[DOCUMENT], DOCUMENT, Wanted::All)?;
        batches.iter().try_fold(false, |found, batch| {
            Ok(found || !integers(batch, 0)?.values().iter().all(|document| self.keep.contains(*document)))
        })
    }

    /// Writes the segment anew without what has to go. `None` when nothing is left of it.
    ///
    /// # Errors
    /// When the segment is damaged or the disk is full. The segment itself is untouched.
    pub fn rewrite(&self, segment: &SegmentRef, tag: &str) -> Result<Option<Written>, LakeError> {
        let (table, order, by) = place(segment)?;
        let written = if table.has_document() {
            compact(&self.lake, table, order, std::slice::from_ref(segment), &self.keep, tag)?
        } else {
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            let position = table.position(VERSION).unwrap_or(0);
            let batches = self.versions(segment, order, &columns)?;
            let kept = batches.iter().map(|batch| Ok(filter_record_batch(batch, &self.stays(batch, position)?)?));
            self.lake.segments.write_batches(table, order, by, kept, tag)?
        };
        if written.rows == 0 {
            self.lake.segments.remove(&written.path)?;
            return Ok(None);
        }
        Ok(Some(written))
    }

    fn versions(&self, segment: &SegmentRef, order: &str, columns: &[&str]) -> Result<Vec<RecordBatch>, LakeError> {
        let session = self.lake.session(vec![segment.clone()], self.keep.clone());
        session.rows(VERSION, order, VERSION, Wanted::All, columns)
    }

    fn stays(&self, batch: &RecordBatch, column: usize) -> Result<BooleanArray, LakeError> {
        let versions = integers(batch, column)?;
        Ok(versions.values().iter().map(|version| Some(self.mentioned.contains(version))).collect())
    }
}

/// Table, order and sort columns of a segment.
type Shape = (&'static Table, &'static str, &'static [&'static str]);

fn place(segment: &SegmentRef) -> Result<Shape, LakeError> {
    let unknown = || LakeError::Columns(format!("no table {} in order {:?}", segment.table, segment.order));
    let table = Table::named(&segment.table).ok_or_else(unknown)?;
    let (order, by) = table.orders.iter().find(|(name, _)| *name == segment.order).ok_or_else(unknown)?;
    Ok((table, order, by))
}
