// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Editions: what a feed said at one time, with the original bytes and the segments of its records, in one transaction.
//!
//! An edition is made for the one that its maker knew. When another came in between, it is refused, so that no update
//! of a feed is lost. Editions never change and never go; a later one adds to or takes from what earlier ones said.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use underpin_model::{EvidenceId, Timestamp, Viewer};

use crate::change::Change;
use crate::database::Session;
use crate::evidence::EvidenceRecord;
use crate::feed_states::{self, Attempt};
use crate::ledger::{Reader, Writer, next_number, no_state, revision as revision_of};
use crate::packs::PackRecord;
use crate::segments::NewSegment;
use crate::value::{Row, values, without_nul};
use crate::{LedgerError, bulk, evidence, packs, segments, settings};

/// The table of the lake whose segments hold the records of feeds. They are facts of no document: reading documents
/// again leaves them, and a purge has nothing to remove from them.
pub const FEED_RECORDS: &str = "feed_record";

/// How many records an edition is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EditionCounts {
    /// Records that the feed did not have before.
    pub added: u64,
    /// Records that it had with other content.
    pub changed: u64,
    /// Records that it has no longer.
    pub removed: u64,
    /// Records that could not be read.
    pub refused: u64,
}

/// What a feed said at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edition {
    /// Its number, rising within a feed.
    pub number: i64,
    /// The feed, such as `osv/PyPI`.
    pub feed: String,
    /// When we learned it; never before the feed's edition before it.
    pub learned: Timestamp,
    /// The date that the publisher gives it.
    pub stated: Option<Timestamp>,
    /// Where it came from: an address or the name of a file, without a name and password.
    pub origin: String,
    /// How many records it is about.
    pub counts: EditionCounts,
    /// Tells whether the feed says something new.
    pub fingerprint: String,
    /// The change that brought it.
    pub revision: i64,
}

/// An edition to add.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewEdition {
    /// A number from [`Writer::reserve_editions`], larger than that of the feed's edition before it.
    pub number: i64,
    /// The feed, such as `osv/PyPI`.
    pub feed: String,
    /// The newest edition of the feed that this one was made for; `None` when it is the first.
    pub expected: Option<i64>,
    /// The date that the publisher gives it.
    pub stated: Option<Timestamp>,
    /// Where it came from: an address or the name of a file. A name and password in an address are not kept.
    pub origin: String,
    /// How many records it is about.
    pub counts: EditionCounts,
    /// Tells whether the feed says something new.
    pub fingerprint: String,
    /// The original bytes that it was read from: with the batch, or catalogued before.
    pub evidence: Vec<EvidenceId>,
    /// What the next conditional request needs, as JSON.
    pub validators: String,
    /// When the source was looked at, when that was somewhere else and before: over an air gap.
    pub looked: Option<Timestamp>,
}

/// What comes in together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EditionBatch {
    /// Editions, usually of different feeds.
    pub editions: Vec<NewEdition>,
    /// Packs that hold the evidence, already durable.
    pub packs: Vec<PackRecord>,
    /// Evidence of these editions, where it is new.
    pub evidence: Vec<EvidenceRecord>,
    /// Segments of [`FEED_RECORDS`], already durable.
    pub segments: Vec<NewSegment>,
    /// Feeds that were looked at and say nothing new.
    pub attempts: Vec<Attempt>,
    /// Settings that change with them, by name.
    pub settings: Vec<(String, String)>,
}

const COLUMNS: &str = "number, feed, learned, stated, origin, added, changed, removed, refused, fingerprint, revision";

impl Edition {
    pub(crate) fn from_row(row: &Row) -> Result<Self, LedgerError> {
        Ok(Self {
            number: row.integer(0)?,
            feed: row.text(1)?,
            learned: row.timestamp(2)?,
            stated: row.optional_timestamp(3)?,
            origin: row.text(4)?,
            counts: EditionCounts {
                added: row.count(5)?,
                changed: row.count(6)?,
                removed: row.count(7)?,
                refused: row.count(8)?,
            },
            fingerprint: row.text(9)?,
            revision: row.integer(10)?,
        })
    }

    /// As the audit chain keeps it, with a digest over its evidence.
    pub(crate) fn told(&self, evidence: &BTreeSet<EvidenceId>) -> Json {
        let mut hasher = Sha256::new();
        evidence.iter().for_each(|id| hasher.update(id.0));
        json!({
            "edition": self.number,
            "learned": self.learned.0,
            "stated": self.stated.map(|moment| moment.0),
            "origin": self.origin,
            "added": self.counts.added,
            "changed": self.counts.changed,
            "removed": self.counts.removed,
            "refused": self.counts.refused,
            "fingerprint": self.fingerprint,
            "evidence": EvidenceId(hasher.finalize().into()).to_string(),
        })
    }
}

impl Reader {
    /// All editions learned by then, by number. Nothing for a stranger; everybody else may see them.
    ///
    /// # Errors
    /// What the database says.
    pub async fn editions(&self, as_of: Timestamp) -> Result<Vec<Edition>, LedgerError> {
        self.editions_at(i64::MAX, as_of).await
    }

    /// The same as it was answered at an earlier revision.
    ///
    /// # Errors
    /// What the database says.
    pub async fn editions_at(&self, revision: i64, as_of: Timestamp) -> Result<Vec<Edition>, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        let newest = revision_of(&mut session).await?;
        let sql = format!("SELECT {COLUMNS} FROM edition WHERE learned <= $1 AND revision <= $2 ORDER BY number");
        session.rows(&sql, values![as_of, revision.min(newest)]).await?.iter().map(Edition::from_row).collect()
    }

    /// The original bytes that an edition was read from, by hash; none when there is no such edition, and for a stranger.
    ///
    /// # Errors
    /// What the database says.
    pub async fn evidence_of_edition(&self, number: i64) -> Result<Vec<EvidenceId>, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        let sql = "SELECT evidence FROM edition_evidence WHERE edition = $1 ORDER BY evidence";
        session.rows(sql, values![number]).await?.iter().map(|row| row.sha256(0).map(EvidenceId)).collect()
    }
}

impl Writer {
    /// Reserves numbers for `count` editions and returns the first. Numbers are never given twice, used or not.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn reserve_editions(&self, count: u64) -> Result<i64, LedgerError> {
        self.operator_only("update a feed")?;
        let mut session = self.pool.write().await?;
        let first = next_number(&mut session, "edition", count).await?;
        session.commit().await?;
        Ok(first)
    }

    /// Commits editions, all or nothing, and notes their feeds as fetched. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::EditionMoved`] when the feed has another newest edition than the one expected,
    /// [`LedgerError::EditionNotReserved`], [`LedgerError::InvalidFeed`], [`LedgerError::UnknownEvidence`],
    /// [`LedgerError::AlreadyPurged`], [`LedgerError::NotAllowed`] for everybody but the operator, and what the
    /// database says.
    pub async fn commit_edition(&self, at: Timestamp, batch: EditionBatch) -> Result<i64, LedgerError> {
        self.operator_only("update a feed")?;
        let mut change = self.change(at, "update a feed").await?;
        let EditionBatch { editions, packs, evidence, segments, attempts, settings } = batch;
        evidence::insert(&mut change.session, &evidence).await?;
        packs::insert(&mut change, &packs).await?;
        let named = editions.iter().flat_map(|edition| &edition.evidence);
        let wanted: HashSet<EvidenceId> =
            named.chain(evidence.iter().map(|record| &record.evidence)).copied().collect();
        evidence::check(&mut change.session, &wanted).await?;
        if let Some(foreign) = segments.iter().find(|segment| segment.table != FEED_RECORDS) {
            return Err(change.refuse(&format!("add a segment of {} with an edition", foreign.table)));
        }
        let segments = segments::add(&mut change, segments).await?;
        for edition in editions {
            add(&mut change, edition, &segments).await?;
        }
        for attempt in &attempts {
            feed_states::check_name(&attempt.feed)?;
            feed_states::put(&mut change.session, change.at, attempt).await?;
        }
        for (name, body) in &settings {
            settings::put(&mut change, name, Some(body)).await?;
        }
        change.commit().await
    }
}

/// Adds one edition.
async fn add(change: &mut Change, new: NewEdition, segments: &[i64]) -> Result<(), LedgerError> {
    feed_states::check_name(&new.feed)?;
    let last = "SELECT number, learned FROM edition WHERE feed = $1 ORDER BY number DESC LIMIT 1";
    let last = change.session.row(last, values![&new.feed]).await?;
    let last = last.map(|row| Ok::<_, LedgerError>((row.integer(0)?, row.timestamp(1)?))).transpose()?;
    // Numbers were given in another order than editions came in: the later one must take a new number, or it would
    // stand before the one that it builds on.
    if last.map(|(number, _)| number) != new.expected || last.is_some_and(|(number, _)| new.number <= number) {
        return Err(LedgerError::EditionMoved(new.feed));
    }
    let next = change.session.row("SELECT next FROM counter WHERE name = $1", values!["edition"]).await?;
    let taken = change.session.row("SELECT 1 FROM edition WHERE number = $1", values![new.number]).await?.is_some();
    if taken || new.number < 1 || new.number >= next.ok_or_else(no_state)?.integer(0)? {
        return Err(LedgerError::EditionNotReserved(new.number));
    }
    let edition = Edition {
        number: new.number,
        feed: new.feed,
        // A clock that went back does not turn the order of two editions round.
        learned: last.map_or(change.at, |(_, learned)| change.at.max(learned)),
        stated: new.stated,
        origin: without_nul(without_credentials(&new.origin)),
        counts: new.counts,
        fingerprint: without_nul(new.fingerprint),
        revision: change.revision,
    };
    insert(change, &edition).await?;
    let evidence: BTreeSet<EvidenceId> = new.evidence.into_iter().collect();
    let rows = evidence.iter().flat_map(|id| values![edition.number, *id]).collect();
    bulk::insert(&mut change.session, "INSERT INTO edition_evidence (edition, evidence)", 2, "", rows).await?;
    let attempt = Attempt {
        feed: edition.feed.clone(),
        succeeded: true,
        outcome: feed_states::NEW_EDITION.to_owned(),
        detail: String::new(),
        validators: Some(new.validators),
        looked: new.looked,
    };
    feed_states::put(&mut change.session, change.at, &attempt).await?;
    let mut after = edition.told(&evidence);
    after["segments"] = json!(segments);
    change.note("sync", format!("feed {}", edition.feed), None, Some(after));
    Ok(())
}

async fn insert(change: &mut Change, edition: &Edition) -> Result<(), LedgerError> {
    let row = values![
        edition.number,
        &edition.feed,
        edition.learned,
        edition.stated,
        &edition.origin,
        edition.counts.added,
        edition.counts.changed,
        edition.counts.removed,
        edition.counts.refused,
        &edition.fingerprint,
        edition.revision,
    ];
    bulk::insert(&mut change.session, &format!("INSERT INTO edition ({COLUMNS})"), 11, "", row).await?;
    Ok(())
}

/// The address without the name and password that may stand before its host.
fn without_credentials(origin: &str) -> String {
    let Some((scheme, rest)) = origin.split_once("://") else { return origin.to_owned() };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match host.rfind('@') {
        Some(end) => format!("{scheme}://{}", rest.get(end + 1..).unwrap_or_default()),
        None => origin.to_owned(),
    }
}

/// True for evidence that an edition was read from.
pub(crate) async fn holds(session: &mut Session, evidence: EvidenceId) -> Result<bool, LedgerError> {
    let sql = "SELECT edition FROM edition_evidence WHERE evidence = $1 LIMIT 1";
    Ok(session.row(sql, values![evidence]).await?.is_some())
}

/// Every edition with its evidence, for the comparison with the audit chain.
pub(crate) async fn all(session: &mut Session) -> Result<Vec<(Edition, BTreeSet<EvidenceId>)>, LedgerError> {
    let mut evidence: BTreeMap<i64, BTreeSet<EvidenceId>> = BTreeMap::new();
    session
        .each("SELECT edition, evidence FROM edition_evidence", vec![], |row| {
            evidence.entry(row.integer(0)?).or_default().insert(EvidenceId(row.sha256(1)?));
            Ok(())
        })
        .await?;
    let rows = session.rows(&format!("SELECT {COLUMNS} FROM edition ORDER BY number"), vec![]).await?;
    let with_evidence = |row: &Row| {
        let edition = Edition::from_row(row)?;
        let of_it = evidence.remove(&edition.number).unwrap_or_default();
        Ok((edition, of_it))
    };
    rows.iter().map(with_evidence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_keeps_no_password() {
        for (given, kept) in [
            ("https://user:secret@example.org/a?b=c@d", "https://example.org/a?b=c@d"),
            ("https://p@ss:w@example.org", "https://example.org"),
            ("https://example.org/@scope/list", "https://example.org/@scope/list"),
            ("folder/user@host/all.zip", "folder/user@host/all.zip"),
            ("", ""),
        ] {
            assert_eq!(without_credentials(given), kept);
        }
    }
}
