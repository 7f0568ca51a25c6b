// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Applying a bundle: everything is verified first, then all feeds are taken in one transaction, or none.
//!
//! A bundle that brings changes only is refused unless exactly what it builds on is here. Dates stay those of the other side: the
//! publisher's, and when somebody there looked last.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use underpin_feeds::bundle::{self, BundledFeed, PublicKey, Trusted, Verified};
use underpin_feeds::{Code, FeedError};
use underpin_formats::advisories::RawRecord;
use underpin_ledger::{Attempt, EditionBatch, EditionCounts, NewEdition};
use underpin_model::watch::Source;
use underpin_model::{EvidenceId, Timestamp, Viewer};

use super::bundle::{BundleReport, report};
use super::shelf::Shelf;
use super::sync::{FeedReport, HELD_BYTES, feed_error};
use super::taken::{Taken, record_rows};
use crate::error::{OfficeError, Result};
use crate::house::{House, operator_only};
use crate::intake::{Progress, new_segment, store_pack};

/// How to apply a bundle.
#[derive(Clone, Debug)]
pub struct ApplyOptions {
    /// The bundle.
    pub file: PathBuf,
    /// Public keys of those who are believed: the line itself, or a file with it.
    pub trust: Vec<String>,
    /// Who runs the command, for the audit chain.
    pub actor: String,
    /// In whose sight.
    pub viewer: Viewer,
    /// Makes file names unique.
    pub tag: String,
}

/// What became of a bundle.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ApplyReport {
    /// What was in it.
    pub bundle: BundleReport,
    /// What became of each feed.
    pub feeds: Vec<FeedReport>,
}

/// How far the bundles of a key were applied; kept as a setting of the ledger.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Applied {
    /// The number of the last one.
    sequence: u64,
    /// Feeds that they brought.
    feeds: BTreeMap<String, AppliedFeed>,
}

/// How far a feed was brought.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct AppliedFeed {
    /// The edition of the other side.
    theirs: String,
    /// Our newest edition then.
    ours: Option<i64>,
}

impl House {
    /// Applies a bundle.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator; what is wrong with the bundle or its signature; `replayed-bundle`;
    /// `bundle-gap` when it builds on something that is not here; what the store says. Nothing of it was applied then.
    pub async fn apply_bundle(
        &self,
        options: &ApplyOptions,
        at: Timestamp,
        progress: &dyn Progress,
    ) -> Result<ApplyReport> {
        operator_only(&options.viewer, "apply a bundle")?;
        let keys = options.trust.iter().map(|text| trusted_key(text)).collect::<Result<Vec<_>>>()?;
        let verified =
            bundle::open(&options.file, &Trusted { keys, applied: None }, self.limits()).map_err(feed_error)?;
        let name = format!("bundle-applied/{}", verified.header.key);
        let reader = self.ledger.operator_reader();
        let kept = reader.setting(&name).await?;
        let applied: Option<Applied> = kept.map(|text| serde_json::from_str(&text)).transpose().map_err(|error| {
            OfficeError::new("store-damaged", format!("the setting {name}: {error}")).hint("run `underpin doctor`")
        })?;
        let editions = reader.editions(Timestamp::MAX).await?;
        let newest: HashMap<String, i64> =
            editions.iter().map(|edition| (edition.feed.clone(), edition.number)).collect();
        check(&verified, applied.as_ref(), &newest, &options.file)?;
        let shelf = self.shelf(&editions).await?;
        let mut run = Applying {
            house: self,
            options,
            at,
            shelf,
            verified,
            taken: BTreeMap::new(),
            batch: EditionBatch::default(),
            held_bytes: 0,
        };
        run.read(progress)?;
        run.commit(&name, applied.unwrap_or_default(), newest).await
    }
}

/// A public key, or the file with it: in a file, other lines may stand beside it, such as what else was printed with the key.
pub(crate) fn trusted_key(text: &str) -> Result<PublicKey> {
    let path = Path::new(text);
    if !path.is_file() {
        return key_of(text);
    }
    let lines = std::fs::read_to_string(path).map_err(|error| OfficeError::file(path, &error))?;
    let mut keys = lines.lines().filter_map(|line| key_of(line).ok());
    match (keys.next(), keys.next()) {
        (Some(key), None) => Ok(key),
        _ => key_of(&lines),
    }
}

fn key_of(text: &str) -> Result<PublicKey> {
    text.parse().map_err(|error| feed_error(error).hint("`underpin watch bundle key` prints it when it makes the key"))
}

/// Whether the bundle is the next one for what is here.
fn check(verified: &Verified, applied: Option<&Applied>, newest: &HashMap<String, i64>, path: &Path) -> Result<()> {
    let header = &verified.header;
    if let Some(applied) = applied.filter(|applied| header.sequence <= applied.sequence) {
        let detail = format!("this is bundle {}, and {} was applied already", header.sequence, applied.sequence);
        return Err(feed_error(FeedError::new(Code::ReplayedBundle, path.display().to_string(), detail))
            .hint("nothing has to be done when it is the last one; otherwise apply a newer bundle"));
    }
    let mut feeds = HashSet::new();
    for feed in &header.feeds {
        if Source::of_feed(&feed.feed).is_none() || !feeds.insert(feed.feed.as_str()) {
            let detail = format!("it brings the feed {:?}, which is not known here or is there twice", feed.feed);
            return Err(feed_error(FeedError::new(Code::NoBundle, path.display().to_string(), detail)));
        }
        let Some(since) = &feed.since else { continue };
        let here = applied.and_then(|applied| applied.feeds.get(&feed.feed));
        let told = match here {
            Some(here) if here.theirs != *since => format!("edition {} of its maker", here.theirs),
            Some(here) if here.ours != newest.get(&feed.feed).copied() => {
                "something that was fetched in another way since".to_owned()
            }
            Some(_) => continue,
            None => "nothing of its maker".to_owned(),
        };
        let message = format!("{} builds on edition {since} of its maker, and here is {told}", feed.feed);
        return Err(OfficeError::new("bundle-gap", format!("{}: {message}", path.display()))
            .hint("apply the bundles between them in order, or make one without --since"));
    }
    match header.entries.iter().find(|entry| !feeds.contains(entry.feed.as_str())) {
        Some(entry) => Err(broken(path, &format!("{} belongs to no feed of it", entry.name))),
        None => Ok(()),
    }
}

fn broken(path: &Path, detail: &str) -> OfficeError {
    feed_error(FeedError::new(Code::NoBundle, path.display().to_string(), detail))
}

/// A bundle on its way into the house.
struct Applying<'a> {
    house: &'a House,
    options: &'a ApplyOptions,
    at: Timestamp,
    shelf: Shelf,
    verified: Verified,
    taken: BTreeMap<String, Taken>,
    batch: EditionBatch,
    held_bytes: u64,
}

impl Applying<'_> {
    /// Reads all entries, and puts their records into packs, which count for nothing until they are committed.
    fn read(&mut self, progress: &dyn Progress) -> Result<()> {
        let Self { house, options, shelf, verified, taken, batch, held_bytes, .. } = self;
        let limits = house.limits();
        let mut failed = None;
        let read = verified.entries(&mut |entry, reader| {
            let mut bytes = Vec::new();
            reader.read_to_end(&mut bytes).map_err(|error| {
                FeedError::new(Code::UnreadableFile, options.file.display().to_string(), error.to_string())
            })?;
            let Some(records) = records(&bytes) else {
                failed = Some(broken(&options.file, &format!("{} does not hold records", entry.name)));
                return Ok(ControlFlow::Break(()));
            };
            let Some(source) = Source::of_feed(&entry.feed) else { return Ok(ControlFlow::Continue(())) };
            let of = taken.entry(entry.feed.clone()).or_default();
            let before = of.packed_bytes();
            let done = of.records((&entry.feed, source.records), None, records, shelf, limits);
            *held_bytes += of.packed_bytes() - before;
            progress.advance(1, entry.bytes);
            let done = done.and_then(|()| {
                if *held_bytes < HELD_BYTES {
                    Ok(())
                } else {
                    *held_bytes = 0;
                    write_pack(house, &options.tag, taken, batch)
                }
            });
            failed = done.err();
            Ok(if failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        });
        if let Some(error) = failed {
            return Err(error);
        }
        read.map_err(feed_error)?;
        for feed in &verified.header.feeds {
            let Some(source) = Source::of_feed(&feed.feed) else { continue };
            let of = taken.entry(feed.feed.clone()).or_default();
            of.take_away((&feed.feed, source.records), &feed.removed, feed.since.is_none(), shelf);
            of.close_chunk()?;
        }
        write_pack(house, &options.tag, taken, batch)
    }

    /// Makes all of it count at once.
    async fn commit(mut self, name: &str, mut applied: Applied, newest: HashMap<String, i64>) -> Result<ApplyReport> {
        let writer = self.house.ledger.writer(&self.options.actor, self.options.viewer.clone());
        let header = self.verified.header.clone();
        let news = self.taken.values().filter(|taken| taken.is_news()).count() as u64;
        let mut next = if news > 0 { writer.reserve_editions(news).await? } else { 0 };
        let mut rows = record_rows();
        let mut feeds = Vec::new();
        let mut counts = BTreeMap::new();
        applied.sequence = header.sequence;
        for feed in &header.feeds {
            let taken = self.taken.remove(&feed.feed).unwrap_or_default();
            counts.insert(feed.feed.clone(), taken.added + taken.changed + taken.unchanged);
            let before = newest.get(&feed.feed).copied();
            let number = taken.is_news().then_some(next);
            match number {
                Some(number) => {
                    next += 1;
                    taken.rows(&feed.feed, number, &mut rows);
                    let origin = origin(&header, feed);
                    self.batch.editions.push(edition(feed, &taken, (number, before), &header, origin));
                }
                None => self.batch.attempts.push(Attempt {
                    feed: feed.feed.clone(),
                    succeeded: true,
                    outcome: "unchanged".to_owned(),
                    looked: Some(feed.fetched.unwrap_or(header.created)),
                    ..Attempt::default()
                }),
            }
            let ours = number.or(before);
            applied.feeds.insert(feed.feed.clone(), AppliedFeed { theirs: feed.edition.clone(), ours });
            feeds.push(feed_report(&header, feed, number, taken));
        }
        if news > 0 {
            let lake = &self.house.lake;
            let tag = format!("{}-bundle", self.options.tag);
            let written = lake.segments.write(&underpin_lake::FEED_RECORD, &rows.finish()?, &tag)?;
            lake.segments.sync()?;
            self.batch.segments = written.into_iter().map(new_segment).collect();
        }
        let kept = serde_json::to_string(&applied).map_err(|error| broken(&self.options.file, &error.to_string()))?;
        self.batch.settings.push((name.to_owned(), kept));
        writer.commit_edition(self.at, self.batch).await?;
        let bytes = std::fs::metadata(&self.options.file).map_or(0, |about| about.len());
        Ok(ApplyReport { bundle: report(&header, &counts, bytes), feeds })
    }
}

/// The records of an entry, unless it does not hold any.
fn records(mut rest: &[u8]) -> Option<Vec<RawRecord<'_>>> {
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (id, after) = rest.split_first_chunk::<4>()?;
        let (bytes, after) = after.split_first_chunk::<4>()?;
        let (id, after) = after.split_at_checked(u32::from_le_bytes(*id) as usize)?;
        let (bytes, after) = after.split_at_checked(u32::from_le_bytes(*bytes) as usize)?;
        found.push(RawRecord { id: std::str::from_utf8(id).ok()?.into(), bytes: bytes.into() });
        rest = after;
    }
    Some(found)
}

/// Writes what is packed so far, durably.
fn write_pack(house: &House, tag: &str, taken: &mut BTreeMap<String, Taken>, batch: &mut EditionBatch) -> Result<()> {
    let written: HashSet<EvidenceId> = batch.evidence.iter().map(|record| record.evidence).collect();
    let mut packed: Vec<underpin_lake::Packed> =
        taken.values_mut().flat_map(|taken| std::mem::take(&mut taken.packed)).collect();
    packed.retain(|piece| !written.contains(&piece.evidence));
    packed.sort_by_key(|piece| piece.evidence);
    packed.dedup_by_key(|piece| piece.evidence);
    if packed.is_empty() {
        return Ok(());
    }
    let name = format!("{tag}-bundle-{}.pack", batch.packs.len() + 1);
    let (pack, evidence) = store_pack(&house.lake, name, &packed)?;
    batch.packs.push(pack);
    batch.evidence.extend(evidence);
    Ok(())
}

/// Where a feed comes from: the bundle, and the source behind it.
fn origin(header: &bundle::Header, feed: &BundledFeed) -> String {
    let behind = if feed.origin.is_empty() { String::new() } else { format!(": {}", feed.origin) };
    format!("bundle {} of {}{behind}", header.sequence, header.creator)
}

fn edition(
    feed: &BundledFeed,
    taken: &Taken,
    (number, expected): (i64, Option<i64>),
    header: &bundle::Header,
    origin: String,
) -> NewEdition {
    NewEdition {
        number,
        feed: feed.feed.clone(),
        expected,
        stated: feed.stated.as_deref().and_then(|text| text.parse().ok()),
        origin,
        counts: EditionCounts {
            added: taken.added,
            changed: taken.changed,
            removed: taken.removed,
            refused: taken.refused,
        },
        fingerprint: format!("bundle {} {}", header.key, header.sequence),
        evidence: taken.evidence(),
        // A later request over a network starts anew.
        validators: "{}".to_owned(),
        looked: Some(feed.fetched.unwrap_or(header.created)),
    }
}

fn feed_report(header: &bundle::Header, feed: &BundledFeed, edition: Option<i64>, taken: Taken) -> FeedReport {
    FeedReport {
        feed: feed.feed.clone(),
        outcome: if edition.is_some() { "new-edition" } else { "unchanged" }.to_owned(),
        origin: origin(header, feed),
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
