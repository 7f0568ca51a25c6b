// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `watch sync`: takes what feeds say into the house.
//!
//! Records that are new or changed become evidence, rows and one edition a feed, all in one transaction: a sync that dies
//! half-way leaves the old state whole. What does not change makes no edition.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use serde::Serialize;
pub use underpin_feeds::Refusal;
use underpin_feeds::{Delivery, FeedError};
use underpin_ledger::{Attempt, Edition, EditionBatch, EditionCounts, FeedState, NewEdition};
use underpin_model::{Timestamp, Viewer};

use super::progress::{Stage, Step};
use super::shelf::Shelf;
use super::taken::{Taken, record_rows};
use crate::error::{OfficeError, Result};
use crate::house::{House, operator_only};
use crate::intake::{Progress, new_segment, store_pack};

/// Evidence that is held before it is written, in bytes.
pub(super) const HELD_BYTES: u64 = 256 << 20;

/// Of so many records each, how far it is is told once: nobody reads faster.
const RECORDS_A_STEP: u64 = 256;

/// How to sync.
#[derive(Clone, Debug)]
pub struct SyncOptions {
    /// Sources or feeds that are wanted; all of them when empty.
    pub sources: Vec<String>,
    /// Folders and archives to read instead of the network.
    pub from: Vec<PathBuf>,
    /// Who runs the command, for the audit chain.
    pub actor: String,
    /// In whose sight.
    pub viewer: Viewer,
    /// Makes file names unique.
    pub tag: String,
}

/// What became of a sync.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SyncReport {
    /// What became of each feed.
    pub feeds: Vec<FeedReport>,
    /// Files that no known source writes, and what could not be read at all.
    pub unknown: Vec<Refusal>,
    /// Seconds from start to end.
    pub seconds: f64,
}

/// What became of one feed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FeedReport {
    /// The feed.
    pub feed: String,
    /// `new-edition`, `unchanged` or the code of what went wrong.
    pub outcome: String,
    /// Where it came from.
    pub origin: String,
    /// Number of the new edition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<i64>,
    /// Records that were not there before.
    pub added: u64,
    /// Records that differ from before.
    pub changed: u64,
    /// Records that are no longer there.
    pub removed: u64,
    /// Records that are the same.
    pub unchanged: u64,
    /// Records and files that were left out or are at fault.
    pub refused: u64,
    /// What was wrong, the first of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Refusal>,
    /// New and changed records that were taken although something is odd about them.
    pub remarked: u64,
    /// What is odd, the first of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Refusal>,
}

impl House {
    /// Takes what lies at some paths into the house.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator; when a path cannot be read or the store is full; what was there before stays.
    pub async fn sync_from_paths(
        &self,
        options: &SyncOptions,
        at: Timestamp,
        progress: &dyn Progress,
    ) -> Result<SyncReport> {
        operator_only(&options.viewer, "update feeds")?;
        let started = std::time::Instant::now();
        let mut report = SyncReport::default();
        let mut deliveries: Vec<Delivery> = Vec::new();
        for path in &options.from {
            let found = underpin_feeds::from_path(path, self.limits(), at).map_err(feed_error)?;
            report.unknown.extend(found.unknown);
            deliveries.extend(found.deliveries.into_iter().filter(|delivery| options.wants(&delivery.feed)));
        }
        self.take_deliveries(deliveries, options, at, progress, &mut report).await?;
        report.seconds = started.elapsed().as_secs_f64();
        Ok(report)
    }

    /// Takes deliveries, in batches that fit into memory.
    pub(crate) async fn take_deliveries(
        &self,
        deliveries: Vec<Delivery>,
        options: &SyncOptions,
        at: Timestamp,
        progress: &dyn Progress,
        report: &mut SyncReport,
    ) -> Result<()> {
        let reader = self.ledger.operator_reader();
        let states: HashMap<String, FeedState> =
            reader.feed_states().await?.into_iter().map(|state| (state.feed.clone(), state)).collect();
        let mut run = Run { house: self, options, at, batch: Vec::new(), held_bytes: 0, parts: 0 };
        let mut fresh = Vec::new();
        for delivery in deliveries {
            match states.get(&delivery.feed).filter(|state| is_known(&delivery, state)) {
                Some(_) => run.unchanged(&delivery, None, report).await?,
                None => fresh.push(delivery),
            }
        }
        if fresh.is_empty() {
            return Ok(());
        }
        let editions = reader.editions(Timestamp::MAX).await?;
        let shelf = self.shelf(&editions).await?;
        let newest: HashMap<&str, i64> =
            editions.iter().map(|edition| (edition.feed.as_str(), edition.number)).collect();
        for delivery in fresh {
            let taken = self.take_delivery(&delivery, &shelf, at, progress)?;
            if !taken.is_news() {
                run.unchanged(&delivery, Some(taken), report).await?;
                continue;
            }
            run.held_bytes += taken.packed.iter().map(|piece| piece.packed_bytes()).sum::<u64>();
            let expected = newest.get(delivery.feed.as_str()).copied();
            run.batch.push((delivery, taken, expected));
            if run.held_bytes >= HELD_BYTES {
                run.commit(report).await?;
            }
        }
        run.commit(report).await
    }

    /// The shelf as of some editions.
    pub(crate) async fn shelf(&self, editions: &[Edition]) -> Result<Shelf> {
        let session = self.feed_session().await?;
        Shelf::read(&session, &editions.iter().map(|edition| edition.number).collect())
    }

    /// For reading the rows of feeds.
    pub(crate) async fn feed_session(&self) -> Result<underpin_lake::Session> {
        let segments = self.ledger.operator_reader().feed_segments().await?;
        let segments = segments.into_iter().map(|segment| underpin_lake::SegmentRef {
            table: segment.table,
            order: segment.order,
            path: segment.path,
            rows: segment.rows,
            bytes: segment.bytes,
        });
        Ok(self.lake.session(segments.collect(), std::sync::Arc::default()))
    }

    fn take_delivery(
        &self,
        delivery: &Delivery,
        shelf: &Shelf,
        at: Timestamp,
        progress: &dyn Progress,
    ) -> Result<Taken> {
        let mut taken = Taken::default();
        taken.at = Some(at);
        delivery.refused.iter().for_each(|refusal| taken.refuse_unknown(refusal.clone()));
        let mut failed = None;
        let mut all = 0;
        for file in &delivery.files {
            let mut bytes = 0;
            let refused = file.read(self.limits(), &mut |document| {
                bytes += document.bytes.len() as u64;
                let of = (delivery.feed.as_str(), file.records);
                match taken.file(of, (document.name, document.bytes), shelf, self.limits()) {
                    Ok(()) => {
                        let records = taken.records_seen();
                        if records.is_multiple_of(RECORDS_A_STEP) {
                            progress.step(&reading(&delivery.feed, all + bytes, records));
                        }
                        ControlFlow::Continue(())
                    }
                    Err(error) => {
                        failed = Some(error);
                        ControlFlow::Break(())
                    }
                }
            });
            match (failed.take(), refused) {
                (Some(error), _) => return Err(error),
                (None, Ok(refused)) => refused.into_iter().for_each(|refusal| taken.refuse_unknown(refusal)),
                (None, Err(error)) => taken.refuse_unknown(error.into()),
            }
            progress.advance(1, bytes);
            all += bytes;
            progress.step(&reading(&delivery.feed, all, taken.records_seen()));
        }
        taken.take_away((&delivery.feed, delivery.records), &delivery.removed, delivery.is_complete, shelf);
        taken.close_chunk()?;
        Ok(taken)
    }
}

/// How far the reading of a feed is.
fn reading(feed: &str, bytes: u64, records: u64) -> Step<'_> {
    Step { feed, stage: Stage::Reading, bytes, all_bytes: None, records, all_records: None }
}

impl SyncOptions {
    /// Whether a feed is wanted.
    pub(crate) fn wants(&self, feed: &str) -> bool {
        let fits = |source: &String| {
            feed == source || feed.strip_prefix(source.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        self.sources.is_empty() || self.sources.iter().any(fits)
    }
}

/// Whether the bytes of a delivery are those that were taken the last time.
fn is_known(delivery: &Delivery, state: &FeedState) -> bool {
    let before: Option<underpin_feeds::Validators> = serde_json::from_str(&state.validators).ok();
    let same =
        |before: &underpin_feeds::Validators| before.digest.is_some() && before.digest == delivery.validators.digest;
    state.succeeded.is_some() && before.as_ref().is_some_and(same)
}

/// A sync at work: deliveries whose records are ready to be written.
struct Run<'h> {
    house: &'h House,
    options: &'h SyncOptions,
    at: Timestamp,
    batch: Vec<(Delivery, Taken, Option<i64>)>,
    held_bytes: u64,
    parts: usize,
}

impl Run<'_> {
    /// Notes that a feed says nothing new.
    async fn unchanged(&self, delivery: &Delivery, taken: Option<Taken>, report: &mut SyncReport) -> Result<()> {
        let writer = self.house.ledger.writer(&self.options.actor, self.options.viewer.clone());
        let attempt = Attempt {
            feed: delivery.feed.clone(),
            succeeded: true,
            outcome: "unchanged".to_owned(),
            detail: String::new(),
            validators: Some(validators(delivery)?),
            looked: None,
        };
        writer.note_attempt(self.at, &attempt).await?;
        report.feeds.push(feed_report(delivery, "unchanged", None, taken.unwrap_or_default()));
        Ok(())
    }

    /// Writes what is held, durably, and makes it count.
    async fn commit(&mut self, report: &mut SyncReport) -> Result<()> {
        if self.batch.is_empty() {
            return Ok(());
        }
        self.parts += 1;
        let tag = format!("{}-feeds-{}", self.options.tag, self.parts);
        let writer = self.house.ledger.writer(&self.options.actor, self.options.viewer.clone());
        let first = writer.reserve_editions(self.batch.len() as u64).await?;
        let mut batch = EditionBatch::default();
        let (mut rows, mut packed) = (record_rows(), Vec::new());
        for ((delivery, taken, expected), number) in self.batch.iter_mut().zip(first..) {
            taken.rows(&delivery.feed, number, &mut rows);
            packed.append(&mut taken.packed);
            batch.editions.push(edition(delivery, taken, *expected, number)?);
        }
        packed.sort_by_key(|piece| piece.evidence);
        packed.dedup_by_key(|piece| piece.evidence);
        let lake = &self.house.lake;
        let (pack, evidence) = store_pack(lake, format!("{tag}.pack"), &packed)?;
        batch.packs.push(pack);
        batch.evidence = evidence;
        let written = lake.segments.write(&underpin_lake::FEED_RECORD, &rows.finish()?, &tag)?;
        lake.segments.sync()?;
        batch.segments = written.into_iter().map(new_segment).collect();
        writer.commit_edition(self.at, batch).await?;
        for ((delivery, taken, _), number) in self.batch.drain(..).zip(first..) {
            report.feeds.push(feed_report(&delivery, "new-edition", Some(number), taken));
        }
        self.held_bytes = 0;
        Ok(())
    }
}

fn edition(delivery: &Delivery, taken: &Taken, expected: Option<i64>, number: i64) -> Result<NewEdition> {
    Ok(NewEdition {
        number,
        feed: delivery.feed.clone(),
        expected,
        stated: delivery.stated.as_deref().and_then(|text| text.parse().ok()),
        origin: delivery.origin.clone(),
        counts: EditionCounts {
            added: taken.added,
            changed: taken.changed,
            removed: taken.removed,
            refused: taken.refused,
        },
        fingerprint: delivery.validators.digest.clone().unwrap_or_default(),
        evidence: taken.evidence(),
        validators: validators(delivery)?,
        looked: None,
    })
}

fn validators(delivery: &Delivery) -> Result<String> {
    serde_json::to_string(&delivery.validators)
        .map_err(|error| OfficeError::new("feed-failed", format!("{}: {error}", delivery.feed)))
}

fn feed_report(delivery: &Delivery, outcome: &str, edition: Option<i64>, taken: Taken) -> FeedReport {
    FeedReport {
        feed: delivery.feed.clone(),
        outcome: outcome.to_owned(),
        origin: delivery.origin.clone(),
        edition,
        added: taken.added,
        changed: taken.changed,
        removed: taken.removed,
        unchanged: taken.unchanged,
        refused: taken.refused,
        faults: taken.faults,
        remarked: taken.remarked,
        remarks: taken.remarks,
    }
}

/// A feed that could not be read, as an answer.
pub(crate) fn feed_error(error: FeedError) -> OfficeError {
    let hint = match error.code {
        underpin_feeds::Code::UnreadableFile => {
            "nothing was changed; check the spelling of the path and who may read it"
        }
        _ => "",
    };
    OfficeError::new(error.code.as_str(), format!("{}: {}", error.place, error.detail)).hint(hint)
}
