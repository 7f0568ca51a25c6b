// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Putting small segments together into large sorted ones.
//!
//! Large tables are merged range by range of their first sort column, so memory stays bounded however many rows there are.
//! Rows of documents that the catalogue does not know (an intake that lost a race) or that were purged are left out.

use datafusion::arrow::array::{BooleanArray, RecordBatch};
use datafusion::arrow::compute::filter_record_batch;

use crate::error::LakeError;
use crate::rows::{integers, join, sorted};
use crate::scan::Wanted;
use crate::schema::{ColumnKind, Table};
use crate::segment::Written;
use crate::session::{Lake, SegmentRef};
use crate::visible::Visible;

/// Rows merged at once.
const MERGE_ROWS: u64 = 4 << 20;

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
    let session = lake.session(inputs.to_vec(), keep.clone());
    let rows: u64 = inputs.iter().map(|input| input.rows).sum();
    let first = table.position(by[0]).map(|index| table.columns[index].kind);
    let ranges = match first {
        Some(ColumnKind::Integer) => ranges(table, by[0], inputs, lake, rows.div_ceil(MERGE_ROWS).max(1))?,
        _ => vec![Wanted::All],
    };
    let batches = ranges.into_iter().map(|range| {
        let batches = session.rows(table.name, order, by[0], range, &columns)?;
        let batch = sorted(table, &join(table, &batches)?, by)?;
        if table.name == "package_version" { without_repetitions(&batch) } else { Ok(batch) }
    });
    lake.segments.write_batches(table, order, by, batches, tag)
}

/// Cuts the numbers of a column into about `count` ranges with equally many rows, from a sample of page starts.
fn ranges(
    table: &'static Table,
    key: &str,
    inputs: &[SegmentRef],
    lake: &Lake,
    count: u64,
) -> Result<Vec<Wanted<'static>>, LakeError> {
    if count <= 1 {
        return Ok(vec![Wanted::All]);
    }
    let mut sample = Vec::new();
    for input in inputs {
        let file = lake.files.open(lake.segments.folder(), &input.path, table)?;
        sample.extend(file.smallest_of_pages(key)?);
    }
    sample.sort_unstable();
    sample.dedup();
    let step = (sample.len() / count as usize).max(1);
    let mut starts: Vec<i64> = sample.into_iter().step_by(step).skip(1).collect();
    starts.insert(0, i64::MIN);
    Ok((0..starts.len())
        .map(|index| {
            let end = starts.get(index + 1).map_or(i64::MAX, |next| next.saturating_sub(1));
            Wanted::Range(starts[index], end)
        })
        .collect())
}

/// Drops rows that say again what a row before said. Two names under one number both stay.
fn without_repetitions(batch: &RecordBatch) -> Result<RecordBatch, LakeError> {
    let (versions, purls) = (integers(batch, 0)?, crate::rows::texts(batch, 2)?);
    let mut said = std::collections::HashSet::with_capacity(batch.num_rows());
    let keep: Vec<bool> = (0..versions.len()).map(|row| said.insert((versions.value(row), purls.value(row)))).collect();
    Ok(filter_record_batch(batch, &BooleanArray::from(keep))?)
}
