// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Keeping the store in order: compaction of small segments, collection of files that nothing needs any more.

use std::collections::{BTreeMap, HashSet};

use underpin_lake::{SegmentRef, StoredFile, Table, compact};
use underpin_ledger::{Announcer, LedgerError, Reader, SegmentRecord};
use underpin_model::{DocumentState, Timestamp, Viewer};

use crate::error::Result;
use crate::house::{House, operator_only};
use crate::intake::new_segment;

impl House {
    /// Puts segments together wherever a table and order has more than `most` of them. Gives the number of files
    /// replaced.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator; when a segment is damaged or the store is full.
    pub async fn compact(&self, viewer: &Viewer, most: usize, tag: &str, at: Timestamp) -> Result<u64> {
        operator_only(viewer, "put files together")?;
        compact_beyond(self, most, tag, at).await
    }

    /// The same where the limits say that it is time; done by whoever takes evidence in, for it changes no answer. That is
    /// announced to who wants to know.
    ///
    /// # Errors
    /// When a segment is damaged or the store is full; what was live stays live.
    pub async fn tidy_up(&self, tag: &str, at: Timestamp, announcer: Option<Announcer>) -> Result<u64> {
        let most = self.limits().small_segments;
        compact_chosen(self, |segments| of_like_size(segments, most), (tag, at), announcer).await
    }

    /// Removes files that nothing needs any more. `now` must be the real time.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator; when a file cannot be removed.
    pub async fn collect(&self, viewer: &Viewer, now: Timestamp) -> Result<Collected> {
        operator_only(viewer, "remove files")?;
        collect_garbage(self, now).await
    }
}

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
    compact_chosen(house, |segments| if segments.len() > most { segments } else { Vec::new() }, (tag, at), None).await
}

/// Segments of about the same size, smallest first, where there are more than `most` of them: so each row is written anew only as
/// often as the store grows eightfold, whatever the number of small batches.
fn of_like_size(segments: Vec<&SegmentRecord>, most: usize) -> Vec<&SegmentRecord> {
    let mut tiers: BTreeMap<u32, Vec<&SegmentRecord>> = BTreeMap::new();
    for segment in segments {
        tiers.entry(segment.bytes.checked_ilog2().unwrap_or(0) / 3).or_default().push(segment);
    }
    tiers.into_values().find(|tier| tier.len() > most).unwrap_or_default()
}

/// Puts those segments of each table and order together that are chosen. Gives the number of files replaced.
async fn compact_chosen(
    house: &House,
    choose: impl Fn(Vec<&SegmentRecord>) -> Vec<&SegmentRecord>,
    (tag, at): (&str, Timestamp),
    announcer: Option<Announcer>,
) -> Result<u64> {
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
    let chosen = groups.into_iter().map(|(key, inputs)| (key, choose(inputs)));
    for ((table, order), inputs) in chosen.filter(|(_, inputs)| !inputs.is_empty()) {
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
    let paths: Vec<String> = added.iter().map(|segment| segment.path.clone()).collect();
    let writer = house.ledger.writer("maintenance", Viewer::Operator);
    let writer = match announcer {
        Some(announcer) => writer.announcing(announcer),
        None => writer,
    };
    match writer.swap_segments(at, &removed, added).await {
        Ok(_) => Ok(removed.len() as u64),
        // Somebody else replaced one of them first: their work stands, ours goes.
        Err(LedgerError::SegmentGone(_)) => {
            paths.iter().try_for_each(|path| house.lake.segments.remove(path))?;
            Ok(0)
        }
        Err(error) => Err(error.into()),
    }
}

/// What was collected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Collected {
    /// Segments that were replaced.
    pub segments: u64,
    /// Evidence packs that were replaced.
    pub packs: u64,
    /// Files that no catalogue knows: left by work that was cut off.
    pub orphans: u64,
    /// Bytes that are free again.
    pub bytes: u64,
}

/// Removes files that were replaced before the grace period and that no reader holds, and files older than the orphans'
/// grace period that the catalogue does not know. `now` must be the real time: files carry it.
///
/// # Errors
/// When a file cannot be removed.
pub async fn collect_garbage(house: &House, now: Timestamp) -> Result<Collected> {
    let before = |seconds: u64| {
        let grace = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000);
        Timestamp(now.0.saturating_sub(grace))
    };
    let reader = house.ledger.operator_reader();
    let writer = house.ledger.writer("maintenance", Viewer::Operator);
    let mut collected = Collected::default();
    for segment in reader.dead_segments(before(house.limits().garbage_grace_seconds)).await? {
        house.lake.segments.remove(&segment.path)?;
        writer.forget_segment(now, segment.id).await?;
        collected.segments += 1;
        collected.bytes += segment.bytes;
    }
    for pack in reader.dead_packs(before(house.limits().garbage_grace_seconds)).await? {
        house.lake.evidence.remove(&pack.name)?;
        writer.forget_pack(now, &pack.name).await?;
        collected.packs += 1;
        collected.bytes += pack.bytes;
    }
    let oldest = before(house.limits().orphan_grace_seconds);
    for (folder, file) in orphans_of(house, &reader).await?.into_iter().filter(|(_, file)| file.written < oldest) {
        match folder {
            EVIDENCE => house.lake.evidence.remove(&file.name)?,
            _ => house.lake.segments.remove(&file.name)?,
        }
        collected.orphans += 1;
        collected.bytes += file.bytes;
    }
    let live = reader.snapshot(Timestamp::MAX).await?.segments;
    let live = live.iter().map(|segment| segment.path.as_str()).collect();
    if house.lake.is_elsewhere() {
        house.lake.keep_only(&live)?;
        house.drop_packs_that_are_gone().await?;
    }
    house.lake.keep_open_only(&live);
    Ok(collected)
}

pub(crate) const EVIDENCE: &str = "evidence";
const SEGMENTS: &str = "segments";

/// Files of the store that the catalogue does not know, with the folder they lie in.
pub(crate) async fn orphans_of(house: &House, reader: &Reader) -> Result<Vec<(&'static str, StoredFile)>> {
    // The folders are listed first: what comes in meanwhile is in the catalogue then, or in neither.
    let (packs, segments) = (house.lake.evidence.files()?, house.lake.segments.files()?);
    let mut known: HashSet<String> = reader.packs().await?.into_iter().map(|pack| pack.name).collect();
    known.extend(reader.dead_packs(Timestamp::MAX).await?.into_iter().map(|pack| pack.name));
    known.extend(crate::jobs::waiting_packs(reader).await?);
    known.extend(reader.snapshot(Timestamp::MAX).await?.segments.into_iter().map(|segment| segment.path));
    known.extend(reader.dead_segments(Timestamp::MAX).await?.into_iter().map(|segment| segment.path));
    let packs = packs.into_iter().map(|file| (EVIDENCE, file));
    let segments = segments.into_iter().map(|file| (SEGMENTS, file));
    Ok(packs.chain(segments).filter(|(_, file)| !known.contains(&file.name)).collect())
}
