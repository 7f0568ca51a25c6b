// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Purge: removing spilled secrets or personal data from evidence, by four eyes.
//!
//! One person requests, another approves, then the store is rewritten without the bytes and the ledger notes it in one
//! transaction. What stays: the hash, the numbers of the documents, who, when and why. The documents' facts go with the
//! bytes, for every moment asked about.

use serde_json::json;
use underpin_model::people::Act;
use underpin_model::{DocumentId, DocumentState, EvidenceId, Timestamp, Viewer};

use crate::change::Change;
use crate::database::Session;
use crate::evidence::Sight;
use crate::ledger::{Reader, Writer, next_number};
use crate::packs::{self, PackSwap};
use crate::segments::{self, NewSegment};
use crate::value::{Row, values};
use crate::{LedgerError, documents, editions, evidence, states, tombstones};

/// How far a purge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PurgeState {
    /// Waits for a second person.
    Requested,
    /// May be carried out.
    Approved,
    /// The bytes are gone.
    Executed,
}

/// A purge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purge {
    /// Its number.
    pub id: i64,
    /// What is to go.
    pub evidence: EvidenceId,
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

/// What was done in the store to carry out a purge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PurgeWork {
    /// The pack without the bytes in place of the one with them.
    pub packs: Vec<PackSwap>,
    /// Segments with facts from the evidence.
    pub remove: Vec<i64>,
    /// The same without them.
    pub add: Vec<NewSegment>,
    /// Files of several documents that the evidence is a part of: their bytes go too, the other documents stay.
    pub wholes: Vec<EvidenceId>,
}

/// Who decides about only some of what was read from evidence must not take it from the others.
const ALSO_OF_OTHERS: &str = "purge evidence that is also about what that viewer may not decide about";

const COLUMNS: &str = "id, evidence, reason, requested_by, requested, approved_by, approved, executed FROM purge";

impl Purge {
    /// How far it is.
    pub fn state(&self) -> PurgeState {
        match (self.approved, self.executed) {
            (_, Some(_)) => PurgeState::Executed,
            (Some(_), None) => PurgeState::Approved,
            (None, None) => PurgeState::Requested,
        }
    }

    fn from_row(row: &Row) -> Result<Self, LedgerError> {
        Ok(Self {
            id: row.integer(0)?,
            evidence: EvidenceId(row.sha256(1)?),
            reason: row.text(2)?,
            requested_by: row.text(3)?,
            requested: row.timestamp(4)?,
            approved_by: row.optional_text(5)?,
            approved: row.optional_timestamp(6)?,
            executed: row.optional_timestamp(7)?,
        })
    }
}

impl Reader {
    /// All purges of evidence that the viewer may see, by number.
    ///
    /// # Errors
    /// What the database says.
    pub async fn purges(&self) -> Result<Vec<Purge>, LedgerError> {
        if self.viewer == Viewer::Stranger {
            return Ok(Vec::new());
        }
        let mut session = self.pool.read().await?;
        let mut purges = Vec::new();
        for purge in all(&mut session).await? {
            if evidence::sees(&mut session, (&self.viewer, Act::Read), self.now, purge.evidence).await? != Sight::None {
                purges.push(purge);
            }
        }
        Ok(purges)
    }
}

/// All purges.
pub(crate) async fn all(session: &mut Session) -> Result<Vec<Purge>, LedgerError> {
    let rows = session.rows(&format!("SELECT {COLUMNS} ORDER BY id"), vec![]).await?;
    rows.iter().map(Purge::from_row).collect()
}

impl Writer {
    /// Asks that evidence be removed. Returns the request's number.
    ///
    /// # Errors
    /// [`LedgerError::UnknownEvidence`], [`LedgerError::NotAllowed`] when the evidence is also about what the viewer may
    /// not decide about, [`LedgerError::EvidenceOfFeed`], [`LedgerError::AlreadyPurged`], [`LedgerError::EmptyReason`], and what the database says.
    pub async fn request_purge(&self, at: Timestamp, evidence: EvidenceId, reason: &str) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "request a purge").await?;
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(LedgerError::EmptyReason);
        }
        visible_evidence(&mut change, evidence).await?;
        let id = next_number(&mut change.session, "purge", 1).await?;
        let sql = "INSERT INTO purge (id, evidence, reason, requested_by, requested) VALUES ($1, $2, $3, $4, $5)";
        let values = values![id, evidence, reason, change.actor(), change.at];
        change.session.execute(sql, values).await?;
        let after = json!({ "evidence": evidence.to_string(), "reason": reason });
        change.note("request-purge", format!("purge {id}"), None, Some(after));
        change.commit().await?;
        Ok(id)
    }

    /// Agrees to a purge that somebody else asked for. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::UnknownPurge`], [`LedgerError::NotAllowed`] when the evidence is also about what the viewer may not
    /// approve for, [`LedgerError::SameActor`], [`LedgerError::PurgeSettled`], and what the database says.
    pub async fn approve_purge(&self, at: Timestamp, id: i64) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "approve a purge").await?;
        let purge = find(&mut change, id).await?;
        match purge.state() {
            PurgeState::Requested => {}
            PurgeState::Approved => return Err(LedgerError::PurgeSettled(id, "approved")),
            PurgeState::Executed => return Err(LedgerError::PurgeSettled(id, "carried out")),
        }
        // The same account written in other letters is the same person.
        if purge.requested_by.to_lowercase() == change.actor().to_lowercase() {
            return Err(LedgerError::SameActor { purge: id, actor: purge.requested_by });
        }
        let sql = "UPDATE purge SET approved_by = $1, approved = $2 WHERE id = $3";
        let values = values![change.actor(), change.at, id];
        change.session.execute(sql, values).await?;
        change.note("approve-purge", format!("purge {id}"), None, None);
        change.commit().await
    }

    /// Notes that an approved purge was carried out in the store: the evidence and its documents become tombstones.
    /// Returns the documents.
    ///
    /// # Errors
    /// [`LedgerError::UnknownPurge`], [`LedgerError::PurgeNotApproved`], [`LedgerError::PurgeSettled`],
    /// [`LedgerError::PackGone`], [`LedgerError::PackIncomplete`], [`LedgerError::SegmentGone`],
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn execute_purge(&self, at: Timestamp, id: i64, work: PurgeWork) -> Result<Vec<DocumentId>, LedgerError> {
        self.operator_only("carry out a purge")?;
        let mut change = self.change(at, "carry out a purge").await?;
        let purge = find(&mut change, id).await?;
        match purge.state() {
            PurgeState::Requested => return Err(LedgerError::PurgeNotApproved(id)),
            PurgeState::Executed => return Err(LedgerError::PurgeSettled(id, "carried out")),
            PurgeState::Approved => {}
        }
        let tombstone = "UPDATE evidence SET pack = '', start_byte = 0, packed_bytes = 0, purged = 1 WHERE id = $1";
        for gone in work.wholes.iter().chain([&purge.evidence]) {
            change.session.execute(tombstone, values![*gone]).await?;
        }
        for swap in work.packs {
            packs::replace(&mut change, swap).await?;
        }
        segments::swap(&mut change, &work.remove, work.add).await?;
        let documents = bury(&mut change, &purge).await?;
        let sql = "UPDATE purge SET executed = $1 WHERE id = $2";
        change.session.execute(sql, values![change.at, id]).await?;
        let mut after = json!({ "evidence": purge.evidence.to_string(), "documents": documents });
        if !work.wholes.is_empty() {
            after["wholes"] = work.wholes.iter().map(ToString::to_string).collect();
        }
        change.note("execute-purge", format!("purge {id}"), None, Some(after));
        change.commit().await?;
        Ok(documents)
    }
}

/// Turns the documents into tombstones: what the evidence said of its subject goes with it.
async fn bury(change: &mut Change, purge: &Purge) -> Result<Vec<DocumentId>, LedgerError> {
    let ids = evidence::documents_from(&mut change.session, purge.evidence).await?;
    let records = documents::find(&mut change.session, &ids).await?;
    let secret = tombstones::ensure(&mut change.session).await?;
    for id in &ids {
        let Some(record) = records.get(id).filter(|record| record.state != DocumentState::Purged) else { continue };
        // A reader's words about what it could not read may quote the evidence; its code stays.
        let code = states::lasting(record.state, &record.reason).to_owned();
        let present = "UPDATE document SET reason = $1 WHERE id = $2";
        change.session.execute(present, values![&code, id.0]).await?;
        let past = "UPDATE document_state SET reason = '' WHERE document = $1 AND state = $2";
        change.session.execute(past, values![id.0, DocumentState::Quarantined.as_str()]).await?;
        let reason = format!("purged: {}", purge.reason);
        states::enter(change, record, DocumentState::Purged, &reason).await?;
        let sql = "UPDATE document SET subject = $1, tool = '', subject_digest = '', occurrences = 0, gaps = 0, \
                   types = '' WHERE id = $2";
        change.session.execute(sql, values![secret.name(&record.tool, &record.subject), id.0]).await?;
    }
    Ok(ids)
}

/// A request about evidence that the viewer may see.
async fn find(change: &mut Change, id: i64) -> Result<Purge, LedgerError> {
    let row = change.session.row(&format!("SELECT {COLUMNS} WHERE id = $1"), values![id]).await?;
    let purge = Purge::from_row(&row.ok_or(LedgerError::UnknownPurge(id))?)?;
    let viewer = change.viewer.clone();
    let now = change.at;
    match evidence::sees(&mut change.session, (&viewer, Act::Approve), now, purge.evidence).await? {
        Sight::None => Err(LedgerError::UnknownPurge(id)),
        Sight::Some => Err(change.refuse(ALSO_OF_OTHERS)),
        Sight::All => {
            // A feed may have brought the same bytes after the request.
            not_of_feed(&mut change.session, purge.evidence).await?;
            Ok(purge)
        }
    }
}

/// Editions need their originals, for good: their records lie in no segment of a document.
async fn not_of_feed(session: &mut Session, evidence: EvidenceId) -> Result<(), LedgerError> {
    if editions::holds(session, evidence).await? { Err(LedgerError::EvidenceOfFeed(evidence)) } else { Ok(()) }
}

/// The evidence must be there, within sight and not purged.
async fn visible_evidence(change: &mut Change, id: EvidenceId) -> Result<(), LedgerError> {
    let viewer = change.viewer.clone();
    let now = change.at;
    match evidence::sees(&mut change.session, (&viewer, Act::Decide), now, id).await? {
        Sight::None => return Err(LedgerError::UnknownEvidence(id)),
        Sight::Some => return Err(change.refuse(ALSO_OF_OTHERS)),
        Sight::All => not_of_feed(&mut change.session, id).await?,
    }
    match purged(&mut change.session, id).await? {
        None => Err(LedgerError::UnknownEvidence(id)),
        Some(true) => Err(LedgerError::AlreadyPurged(id)),
        Some(false) => Ok(()),
    }
}

async fn purged(session: &mut Session, id: EvidenceId) -> Result<Option<bool>, LedgerError> {
    let row = session.row("SELECT purged FROM evidence WHERE id = $1", values![id]).await?;
    row.map(|row| Ok(row.integer(0)? != 0)).transpose()
}
