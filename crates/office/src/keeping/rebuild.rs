// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `rebuild`: makes the whole lake again from evidence and ledger, with today's readers.
//!
//! Documents keep their numbers, bindings and history; facts are made anew. New segments are written beside the old
//! ones and take their place in one transaction, together with what the catalogue says of each document. Readers that work with
//! the old ones go on; `collect` removes them after the grace period. When a rebuild is killed, nothing has changed.
//!
//! Traps:
//! - evidence may come in meanwhile: its segments stay live beside the new ones;
//! - a compaction meanwhile takes the segments away that were to be replaced: then the newest list is taken, what is new
//!   in it is read too, and the swap is tried again;
//! - a decision about a document meanwhile, or a `documents retry`: the states are worked out anew from the newest list;
//! - a purge meanwhile leaves facts in segments that are written already: then everything is thrown away and made again.

use serde::Serialize;
use underpin_ledger::{LedgerError, NewSegment, Rebuilt, SegmentRecord, Snapshot};
use underpin_model::{DocumentState, Timestamp, Viewer};

use super::rebuild_work::Work;
use super::{Answers, Difference};
use crate::error::{OfficeError, Result};
use crate::house::{House, operator_only};
use crate::intake::{LeftOut, Progress};

/// How often the swap is tried when others replace segments meanwhile.
const TRIES: usize = 5;

/// What to do.
#[derive(Clone, Debug, Default)]
pub struct RebuildOptions {
    /// Who runs the command, for the audit chain.
    pub actor: String,
    /// Makes file names unique across processes.
    pub tag: String,
    /// Only compare: write the new facts, hash all answers before and after, and throw the new facts away.
    pub check: bool,
    /// Hash all answers before and after, and replace nothing when they differ.
    pub verify: bool,
}

/// What a rebuild did.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RebuildReport {
    /// Documents read again.
    pub documents: u64,
    /// Among them: those that state something else than before.
    pub changed: u64,
    /// Quarantined documents that can be read now.
    pub recovered: u64,
    /// Documents that are still quarantined.
    pub quarantined: u64,
    /// Documents that could be read before and no longer can: they are quarantined now, with the reason.
    pub lost: Vec<LeftOut>,
    /// Uses found: package versions in documents.
    pub occurrences: u64,
    /// Gaps found.
    pub gaps: u64,
    /// Bytes of evidence read.
    pub bytes: u64,
    /// Segments that no longer count.
    pub segments_replaced: u64,
    /// Segments that count instead.
    pub segments_written: u64,
    /// True when the new facts count now.
    pub replaced: bool,
    /// Hash over all answers before, where it was asked for.
    pub before: Option<String>,
    /// Hash over all answers after, where it was asked for.
    pub after: Option<String>,
    /// Tables and views that answer differently.
    pub differences: Vec<Difference>,
    /// Seconds from start to end.
    pub seconds: f64,
}

impl House {
    /// Makes all facts again.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator; when an original is missing or damaged, the store is full, or others keep replacing segments; nothing has
    /// changed then.
    pub async fn rebuild(
        &self,
        viewer: &Viewer,
        options: &RebuildOptions,
        at: Timestamp,
        progress: &dyn Progress,
    ) -> Result<RebuildReport> {
        operator_only(viewer, "make the facts again")?;
        let started = std::time::Instant::now();
        let mut work = Work::begin(self, options).await?;
        let outcome = self.rebuild_until_swapped(&mut work, options, at, progress).await;
        let replaced = matches!(&outcome, Ok(report) if report.replaced);
        if !replaced {
            work.discard();
        }
        let mut report = outcome?;
        if replaced {
            crate::maintenance::compact_if_needed(self, &options.tag, at).await?;
        }
        report.seconds = started.elapsed().as_secs_f64();
        Ok(report)
    }

    async fn rebuild_until_swapped(
        &self,
        work: &mut Work<'_>,
        options: &RebuildOptions,
        at: Timestamp,
        progress: &dyn Progress,
    ) -> Result<RebuildReport> {
        for _ in 0..TRIES {
            let snapshot = self.ledger.operator_reader().snapshot(Timestamp::MAX).await?;
            if snapshot.documents.iter().any(|one| one.state == DocumentState::Purged && work.has_read(one.id)) {
                work.discard();
            }
            work.read_missing(&snapshot, progress).await?;
            let mut report = work.report(&snapshot);
            if options.check || options.verify {
                let (before, after) = self.compare(&snapshot, work).await?;
                report.differences = before.differences(&after);
                (report.before, report.after) = (Some(before.hash), Some(after.hash));
            }
            if options.check || !report.differences.is_empty() {
                return Ok(report);
            }
            let rebuilt = work.rebuilt(&snapshot);
            let writer = self.ledger.writer(&options.actor, Viewer::Operator);
            match writer.commit_rebuild(at, rebuilt).await {
                Ok(_) => {
                    report.replaced = true;
                    return Ok(report);
                }
                Err(LedgerError::SegmentGone(_) | LedgerError::DocumentPurged(_) | LedgerError::DocumentMoved(_)) => {}
                Err(error) if error.outcome_unknown() => {
                    report.replaced = work.counts().await;
                    // As long as nobody knows, the new segments stay; when they count for nothing, `collect` removes them.
                    work.keep();
                    if report.replaced {
                        return Ok(report);
                    }
                    return Err(OfficeError::from(error)
                        .hint("the ledger did not say whether the new facts count; run `underpin rebuild` again"));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(OfficeError::new("rebuild-disturbed", format!("others replaced segments during each of {TRIES} attempts"))
            .hint("nothing has changed; run it again when less is going on"))
    }

    /// All answers as they are, and as they would be.
    async fn compare(&self, snapshot: &Snapshot, work: &Work<'_>) -> Result<(Answers, Answers)> {
        let before = self.desk_of(Viewer::Operator, snapshot.clone()).answers_hash().await?;
        let mut next = snapshot.clone();
        work.apply(&mut next.documents);
        let records = work.segments().iter().enumerate();
        next.segments = records.map(|(number, segment)| as_record(number, segment, snapshot)).collect();
        let after = self.desk_of(Viewer::Operator, next).answers_hash().await?;
        Ok((before, after))
    }
}

impl Work<'_> {
    /// What the ledger has to swap.
    fn rebuilt(&self, snapshot: &Snapshot) -> Rebuilt {
        Rebuilt {
            read_at: snapshot.revision,
            facts: self.facts().to_vec(),
            states: self.states(snapshot),
            remove: snapshot
                .segments
                .iter()
                .filter(|segment| is_of_documents(segment))
                .map(|segment| segment.id)
                .collect(),
            add: self.segments().to_vec(),
        }
    }
}

/// What feeds said is evidence of its own: a rebuild of documents leaves it alone.
fn is_of_documents(segment: &SegmentRecord) -> bool {
    segment.table != underpin_lake::FEED_RECORD.name
}

/// A segment that is not in the catalogue yet, as if it were.
fn as_record(number: usize, segment: &NewSegment, snapshot: &Snapshot) -> SegmentRecord {
    SegmentRecord {
        id: -1 - i64::try_from(number).unwrap_or(0),
        table: segment.table.clone(),
        path: segment.path.clone(),
        rows: segment.rows,
        bytes: segment.bytes,
        schema_version: segment.schema_version,
        order: segment.order.clone(),
        live_from: snapshot.revision,
        live_until: None,
        created: snapshot.at,
    }
}
