// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Keeping the store in order: compaction of small segments, collection of files that nothing needs any more.

use std::collections::BTreeMap;

use underpin_lake::{SegmentRef, Table, compact};
use underpin_ledger::SegmentRecord;
use underpin_model::{DocumentState, Timestamp, Viewer};

use crate::error::Result;
use crate::house::House;
use crate::intake::new_segment;

/// Puts small segments of a table and order together when there are more than the limit `small_segments`.
///
/// # Errors
/// When a segment is damaged or the store is full; what was live stays live.
pub(crate) async fn compact_if_needed(house: &House, tag: &str, at: Timestamp) -> Result<u64> {
    compact_beyond(house, house.limits().small_segments, tag, at).await
}

/// Puts segments together wherever a table and order has more than `most` of them. Gives the number of files replaced.
///
/// # Errors
/// When a segment is damaged or the store is full; what was live stays live.
pub async fn compact_beyond(house: &House, most: usize, tag: &str, at: Timestamp) -> Result<u64> {
    let desk = house.desk(Viewer::Operator, Timestamp::MAX).await?;
    let mut groups: BTreeMap<(&str, &str), Vec<&SegmentRecord>> = BTreeMap::new();
    for segment in &desk.snapshot.segments {
        groups.entry((&segment.table, &segment.order)).or_default().push(segment);
    }
    let kept = desk
        .snapshot
        .documents
        .iter()
        .filter(|record| matches!(record.state, DocumentState::Accepted | DocumentState::Retracted))
        .map(|record| record.id.0);
    let kept = std::sync::Arc::new(kept.collect::<underpin_lake::DocumentSet>());
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    for ((table, order), inputs) in groups.into_iter().filter(|(_, inputs)| inputs.len() > most) {
        let Some(table) = Table::named(table) else { continue };
        let Some((order, _)) = table.orders.iter().find(|(name, _)| *name == order) else { continue };
        let files: Vec<SegmentRef> = inputs
            .iter()
            .map(|segment| SegmentRef {
                table: segment.table.clone(),
                order: segment.order.clone(),
                path: segment.path.clone(),
                rows: segment.rows,
                bytes: segment.bytes,
            })
            .collect();
        let written = compact(&house.lake, table, order, &files, &kept, &format!("{tag}-merged"))?;
        added.push(new_segment(written));
        removed.extend(inputs.iter().map(|segment| segment.id));
    }
    if removed.is_empty() {
        return Ok(0);
    }
    house.lake.segments.sync()?;
    house.ledger.writer("maintenance", Viewer::Operator).swap_segments(at, &removed, added).await?;
    Ok(removed.len() as u64)
}

/// What was collected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Collected {
    /// Segments removed.
    pub segments: u64,
    /// Evidence packs removed.
    pub packs: u64,
}

/// Removes files that were replaced before the grace period and that no reader holds.
///
/// # Errors
/// When a file cannot be removed.
pub async fn collect_garbage(house: &House, at: Timestamp) -> Result<Collected> {
    let grace = i64::try_from(house.limits().garbage_grace_seconds).unwrap_or(i64::MAX / 2_000_000);
    let before = Timestamp(at.0.saturating_sub(grace.saturating_mul(1_000_000)));
    let reader = house.ledger.reader(Viewer::Operator);
    let writer = house.ledger.writer("maintenance", Viewer::Operator);
    let mut collected = Collected::default();
    for segment in reader.dead_segments(before).await? {
        house.lake.segments.remove(&segment.path)?;
        writer.forget_segment(at, segment.id).await?;
        collected.segments += 1;
    }
    for pack in reader.dead_packs(before).await? {
        house.lake.evidence.remove(&pack.name)?;
        writer.forget_pack(at, &pack.name).await?;
        collected.packs += 1;
    }
    Ok(collected)
}
