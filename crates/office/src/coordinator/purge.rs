// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `purge`: removing spilled secrets or personal data from evidence, by four eyes.
//!
//! One person requests, another approves; then the original goes out of its pack and the facts out of the segments. What
//! was replaced is removed at once, for that is the point: no grace period, no matter who reads. The new files are
//! durable before the ledger commits, the old ones go after it; a purge that was cut off in between is finished by
//! approving it again. A tombstone (hash, number, path, who, when, why) stays, and the same bytes are refused when they
//! come again.
//!
//! Where the evidence is a part of a file that is kept beside its parts (a survey about several systems), that file goes
//! too; the other parts stay.
//!
//! Backups made before still hold the bytes: make a new one and destroy the old. What the bytes had named elsewhere (a
//! system made from a document's subject, a path) is a decision of people and is edited by them.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde::Serialize;
use underpin_lake::{DocumentSet, Forgetting, SegmentRef};
use underpin_ledger::{LedgerError, PackRecord, PackSwap, Purge, PurgeState, PurgeWork, SegmentRecord, Snapshot};
use underpin_model::{DocumentId, DocumentRecord, DocumentState, EvidenceId, Timestamp, Viewer};

use super::Author;
use super::purge_leftovers::Leftovers;
use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::house::place;
use crate::intake::{evidence_record, new_segment, part_ids, whole_path};

/// How often a purge starts again because others changed the store meanwhile.
const ATTEMPTS: u32 = 5;

/// A purge, as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PurgeRow {
    /// Its number.
    pub purge: i64,
    /// `requested`, `approved` or `executed`.
    pub state: &'static str,
    /// SHA-256 of what is to go.
    pub evidence: String,
    /// Documents that were read from it.
    pub documents: Vec<DocumentId>,
    /// Why.
    pub reason: String,
    /// Who asked for it.
    pub requested_by: String,
    /// When.
    pub requested: Timestamp,
    /// Who agreed.
    pub approved_by: Option<String>,
    /// When.
    pub approved: Option<Timestamp>,
    /// When the bytes went.
    pub executed: Option<Timestamp>,
}

/// What a purge removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PurgeDone {
    /// Its number.
    pub purge: i64,
    /// Documents that are tombstones now.
    pub documents: Vec<DocumentId>,
    /// Packs written anew.
    pub packs: u64,
    /// Segments written anew.
    pub segments: u64,
    /// Files removed for good.
    pub files_removed: u64,
    /// Files of work that was cut off or still goes on, and that may hold what was purged. Approving again looks at them
    /// once more.
    pub files_unsure: Vec<String>,
}

impl House {
    /// Asks that a piece of evidence be removed: named by its SHA-256 or by a document read from it.
    ///
    /// # Errors
    /// `not-found`, `unknown-evidence`, `already-purged`, `empty-reason`.
    pub async fn request_purge(&self, author: &Author, what: &str, reason: &str) -> Result<PurgeRow> {
        let evidence = match what.trim().parse::<EvidenceId>() {
            Ok(evidence) => evidence,
            Err(_) => self.desk(author.viewer.clone(), author.at).await?.document_called(what)?.evidence,
        };
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let id = writer.request_purge(author.at, evidence, reason).await?;
        let mut purges = self.purges(author.viewer.clone(), author.at).await?;
        purges.retain(|purge| purge.purge == id);
        purges.pop().ok_or_else(|| LedgerError::UnknownPurge(id).into())
    }

    /// All purges of evidence that the viewer may see, by the rights of `now`.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn purges(&self, viewer: Viewer, now: Timestamp) -> Result<Vec<PurgeRow>> {
        let reader = self.ledger.reader(viewer, now);
        let documents = reader.snapshot(Timestamp::MAX).await?.documents;
        let row = |purge: Purge| PurgeRow {
            purge: purge.id,
            state: match purge.state() {
                PurgeState::Requested => "requested",
                PurgeState::Approved => "approved",
                PurgeState::Executed => "executed",
            },
            evidence: purge.evidence.to_string(),
            documents: documents
                .iter()
                .filter(|record| comes_from(record, purge.evidence))
                .map(|record| record.id)
                .collect(),
            reason: purge.reason,
            requested_by: purge.requested_by,
            requested: purge.requested,
            approved_by: purge.approved_by,
            approved: purge.approved,
            executed: purge.executed,
        };
        Ok(reader.purges().await?.into_iter().map(row).collect())
    }

    /// Agrees to a purge that somebody else asked for, and carries it out.
    ///
    /// # Errors
    /// `unknown-purge`, `same-actor`, `purge-settled`; when the store is damaged or full: then the purge stays approved
    /// and is carried out by approving it again.
    pub async fn approve_purge(&self, author: &Author, id: i64, tag: &str) -> Result<PurgeDone> {
        let purges = self.ledger.reader(author.viewer.clone(), author.at).purges().await?;
        let purge = purges.into_iter().find(|purge| purge.id == id).ok_or(LedgerError::UnknownPurge(id))?;
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        match purge.state() {
            PurgeState::Requested => _ = writer.approve_purge(author.at, id).await?,
            // Approved by two people, then cut off.
            PurgeState::Approved => {}
            PurgeState::Executed => {
                let swept = self.sweep(author, purge.evidence).await?;
                if swept != Leftovers::default() {
                    return Ok(PurgeDone { purge: id, ..swept.into() });
                }
                return Err(LedgerError::PurgeSettled(id, "carried out").into());
            }
        }
        self.carry_out(author, &purge, tag).await
    }

    async fn carry_out(&self, author: &Author, purge: &Purge, tag: &str) -> Result<PurgeDone> {
        // The two people have decided; the store is the house's own.
        let writer = self.ledger.writer(&author.actor, Viewer::Operator);
        let mut attempt = 0;
        loop {
            attempt += 1;
            let work = self.prepare(purge.evidence, &format!("{tag}-purge-{attempt}")).await?;
            let written = files_of(&work);
            let (packs, segments) = (work.packs.len() as u64, work.remove.len() as u64);
            match writer.execute_purge(author.at, purge.id, work).await {
                Ok(documents) => {
                    let swept = self.sweep(author, purge.evidence).await?.into();
                    return Ok(PurgeDone { purge: purge.id, documents, packs, segments, ..swept });
                }
                // The answer was lost, not the work: only the ledger can say whether the new files count.
                Err(error) if error.outcome_unknown() => return self.after_silence(author, purge, error).await,
                Err(error) => {
                    let raced = matches!(
                        error,
                        LedgerError::SegmentGone(_) | LedgerError::PackGone(_) | LedgerError::PackIncomplete { .. }
                    );
                    for (is_pack, name) in written {
                        if is_pack { self.lake.evidence.remove(&name)? } else { self.lake.segments.remove(&name)? }
                    }
                    if !raced || attempt >= ATTEMPTS {
                        return Err(error.into());
                    }
                }
            }
        }
    }

    /// After an error that says nothing about the outcome. New files stay: as long as nobody knows, they may be the only
    /// ones that hold the other originals. When they turn out to count for nothing, `collect` removes them.
    async fn after_silence(&self, author: &Author, purge: &Purge, error: LedgerError) -> Result<PurgeDone> {
        let unsure = |error: LedgerError| {
            OfficeError::from(error).hint(format!(
                "the ledger did not say whether the purge was carried out; `underpin purge approve {}` goes on from \
                 there",
                purge.id
            ))
        };
        let Ok(purges) = self.ledger.operator_reader().purges().await else { return Err(unsure(error)) };
        if !purges.iter().any(|one| one.id == purge.id && one.state() == PurgeState::Executed) {
            return Err(unsure(error));
        }
        let swept = self.sweep(author, purge.evidence).await?.into();
        let mut rows = self.purges(Viewer::Operator, author.at).await?;
        rows.retain(|row| row.purge == purge.id);
        let documents = rows.pop().map(|row| row.documents).unwrap_or_default();
        Ok(PurgeDone { purge: purge.id, documents, ..swept })
    }

    /// Writes packs and segments anew without the evidence, durably; nothing counts yet.
    async fn prepare(&self, evidence: EvidenceId, tag: &str) -> Result<PurgeWork> {
        let reader = self.ledger.operator_reader();
        let snapshot = reader.snapshot(Timestamp::MAX).await?;
        let forgetting = self.forgetting(&snapshot, evidence)?;
        let mut work = PurgeWork::default();
        for segment in &snapshot.segments {
            let file = segment_ref(segment);
            if forgetting.concerns(&file)? {
                work.remove.push(segment.id);
                work.add.extend(forgetting.rewrite(&file, &format!("{tag}-{}", segment.id))?.map(new_segment));
            }
        }
        self.lake.segments.sync()?;
        work.wholes = self.wholes_with(&snapshot, evidence).await?;
        let goes = |one: &EvidenceId| *one == evidence || work.wholes.contains(one);
        let gone: Vec<EvidenceId> = work.wholes.iter().copied().chain([evidence]).collect();
        let mut swaps = Vec::new();
        // Two processes may have stored the same bytes at once: every pack is looked at, not only the catalogued one.
        for (number, pack) in reader.packs().await?.into_iter().enumerate() {
            let places = self.lake.evidence.list(&pack.name)?;
            if places.iter().all(|place| !goes(&place.evidence)) {
                continue;
            }
            let mut swap = PackSwap { old: pack.name.clone(), new: None, moved: Vec::new() };
            if places.iter().any(|place| !goes(&place.evidence)) {
                let name = format!("{tag}-{number}.pack");
                let written = self.lake.evidence.rewrite_without(&pack.name, &name, &gone)?;
                swap.new = Some(PackRecord { name: written.name, bytes: written.bytes });
                swap.moved = written.places.into_iter().map(evidence_record).collect();
            }
            swaps.push(swap);
        }
        work.packs = swaps;
        Ok(work)
    }

    /// The kept files that the evidence is a part of, also those from which only other parts were new.
    async fn wholes_with(&self, snapshot: &Snapshot, evidence: EvidenceId) -> Result<Vec<EvidenceId>> {
        let contained = snapshot.documents.iter().filter_map(|record| Some((record.container?, record)));
        let containers: BTreeMap<EvidenceId, &DocumentRecord> = contained.collect();
        let reader = self.ledger.operator_reader();
        let mut wholes = Vec::new();
        for (container, record) in containers {
            let Some(kept) = reader.evidence_location(container).await?.filter(|kept| !kept.purged) else { continue };
            let came_from = |record: &&DocumentRecord| record.container == Some(container);
            let of_it = snapshot.documents.iter().filter(came_from).any(|record| comes_from(record, evidence));
            let bytes = self.lake.evidence.read(&place(&kept))?;
            if of_it || part_ids(&bytes, whole_path(&record.path), self.limits()).contains(&evidence) {
                wholes.push(container);
            }
        }
        Ok(wholes)
    }

    fn forgetting(&self, snapshot: &Snapshot, evidence: EvidenceId) -> Result<Forgetting> {
        let stays = |record: &&DocumentRecord| {
            matches!(record.state, DocumentState::Accepted | DocumentState::Retracted) && !comes_from(record, evidence)
        };
        let keep: DocumentSet = snapshot.documents.iter().filter(stays).map(|record| record.id.0).collect();
        let live = snapshot.segments.iter().map(segment_ref).collect();
        Ok(Forgetting::new(&self.lake, live, Arc::new(keep))?)
    }

    /// Removes files that do not count and still hold what was purged.
    async fn sweep(&self, author: &Author, evidence: EvidenceId) -> Result<Leftovers> {
        let reader = self.ledger.operator_reader();
        let writer = self.ledger.writer(&author.actor, Viewer::Operator);
        let snapshot = reader.snapshot(Timestamp::MAX).await?;
        let forgetting = self.forgetting(&snapshot, evidence)?;
        let mut removed = 0;
        for segment in reader.dead_segments(Timestamp::MAX).await? {
            if self.lake.segments.is_there(&segment.path)? && forgetting.concerns(&segment_ref(&segment))? {
                // In this order: what is gone is not opened again, and so not remembered again.
                self.lake.segments.remove(&segment.path)?;
                self.lake.forget(std::slice::from_ref(&segment.path));
                // One that a reader leased stays in the list until the lease ends; its file is gone all the same.
                forgotten(writer.forget_segment(author.at, segment.id).await)?;
                removed += 1;
            }
        }
        self.lake.segments.sync()?;
        let purged: HashSet<EvidenceId> =
            reader.all_evidence().await?.into_iter().filter(|one| one.purged).map(|one| one.evidence).collect();
        for pack in reader.dead_packs(Timestamp::MAX).await? {
            let is_there = self.lake.evidence.is_there(&pack.name)?;
            if is_there && self.lake.evidence.list(&pack.name)?.iter().any(|place| purged.contains(&place.evidence)) {
                self.lake.evidence.remove(&pack.name)?;
                forgotten(writer.forget_pack(author.at, &pack.name).await)?;
                removed += 1;
            }
        }
        let mut left = self.sweep_leftovers(&forgetting, &purged).await?;
        left.removed += removed;
        Ok(left)
    }
}

impl From<Leftovers> for PurgeDone {
    fn from(left: Leftovers) -> Self {
        Self { files_removed: left.removed, files_unsure: left.unsure, ..Self::default() }
    }
}

fn forgotten(result: std::result::Result<i64, LedgerError>) -> Result<()> {
    match result {
        Ok(_) | Err(LedgerError::SegmentLive(_) | LedgerError::PackLive(_)) => Ok(()),
        Err(error) => Err(OfficeError::from(error)),
    }
}

fn comes_from(record: &DocumentRecord, evidence: EvidenceId) -> bool {
    record.evidence == evidence || record.companions.iter().any(|(_, companion)| *companion == evidence)
}

/// New files of a purge: whether it is a pack, and its name.
fn files_of(work: &PurgeWork) -> HashSet<(bool, String)> {
    let packs = work.packs.iter().filter_map(|swap| swap.new.as_ref()).map(|pack| (true, pack.name.clone()));
    packs.chain(work.add.iter().map(|segment| (false, segment.path.clone()))).collect()
}

fn segment_ref(segment: &SegmentRecord) -> SegmentRef {
    SegmentRef {
        table: segment.table.clone(),
        order: segment.order.clone(),
        path: segment.path.clone(),
        rows: segment.rows,
        bytes: segment.bytes,
    }
}
