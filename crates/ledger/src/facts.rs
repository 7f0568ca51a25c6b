// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a reader found in documents, replaced after reading them again (`underpin rebuild`, `documents retry`).
//!
//! Facts are what the evidence says, as today's reader understands it; they carry no history of their own, for the
//! evidence is the same. The state may change with them: what could not be read may now be.

use std::collections::BTreeMap;

use serde_json::json;
use underpin_model::people::Act;
use underpin_model::{DocumentId, DocumentState, Timestamp};

use crate::change::Change;
use crate::documents::Systems;
use crate::ledger::Writer;
use crate::segments::NewSegment;
use crate::value::{Value, values};
use crate::{LedgerError, STILL, bulk, documents, segments, states};

/// Facts of one document, as just read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentFacts {
    /// The document.
    pub document: DocumentId,
    /// Reader that took it.
    pub format: String,
    /// Version of that reader.
    pub reader_version: u32,
    /// Name of the artefact it describes.
    pub subject: String,
    /// Digest of the artefact.
    pub subject_digest: String,
    /// Tool that wrote it.
    pub tool: String,
    /// When it says it was made.
    pub created: Option<Timestamp>,
    /// Number of occurrences it states.
    pub occurrences: u64,
    /// Number of gaps found in it.
    pub gaps: u64,
    /// Package types it shows, sorted.
    pub types: Vec<String>,
}

/// A state for one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateChange {
    /// The document.
    pub document: DocumentId,
    /// Its new state.
    pub state: DocumentState,
    /// Why: a stable code and a sentence; may be empty when accepted.
    pub reason: String,
}

/// Everything that changes together after reading again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Revision of the snapshot that the documents were taken from. One whose state was changed since is a conflict:
    /// somebody else may have read it, too, and its facts would count twice.
    pub read_at: i64,
    /// New facts.
    pub facts: Vec<DocumentFacts>,
    /// New states.
    pub states: Vec<StateChange>,
    /// Segments that no longer count. Those of feeds stay all the same: no document says what is in them.
    pub remove: Vec<i64>,
    /// Segments that count instead.
    pub add: Vec<NewSegment>,
}

impl Writer {
    /// Replaces the facts of documents. Returns the ledger's revision.
    ///
    /// # Errors
    /// As [`commit_rebuild`](Self::commit_rebuild).
    pub async fn replace_facts(&self, at: Timestamp, facts: Vec<DocumentFacts>) -> Result<i64, LedgerError> {
        self.commit_rebuild(at, Rebuilt { read_at: STILL, facts, ..Rebuilt::default() }).await
    }

    /// Replaces facts, states and segments in one transaction. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::UnknownDocument`], [`LedgerError::DocumentMoved`] when the state of one was changed since
    /// [`Rebuilt::read_at`], [`LedgerError::DocumentPurged`], [`LedgerError::PurgeOnly`],
    /// [`LedgerError::SegmentGone`], [`LedgerError::NotAllowed`] when others than the operator remove segments and when
    /// a document is also about systems that the viewer may not see, and what the database says.
    pub async fn commit_rebuild(&self, at: Timestamp, rebuilt: Rebuilt) -> Result<i64, LedgerError> {
        let Rebuilt { read_at, facts, states, remove, add } = rebuilt;
        if !remove.is_empty() {
            self.operator_only("replace segments")?;
        }
        let mut change = self.change(at, "read documents again").await?;
        let ids = facts.iter().map(|facts| facts.document).chain(states.iter().map(|state| state.document));
        let mut records = governed(&mut change, ids).await?;
        unmoved(&mut change, &records, read_at).await?;
        replace(&mut change, &facts).await?;
        for StateChange { document, state, reason } in &states {
            if let Some(record) = records.get_mut(document) {
                states::set(&mut change, record, *state, reason).await?;
                (record.state, record.reason) = (*state, reason.clone());
            }
        }
        let remove = segments::of_documents(&mut change.session, &remove).await?;
        segments::swap(&mut change, &remove, add).await?;
        change.commit().await
    }
}

/// The documents, if the viewer may decide about all of them and none is a tombstone.
async fn governed(
    change: &mut Change,
    ids: impl Iterator<Item = DocumentId>,
) -> Result<BTreeMap<DocumentId, underpin_model::DocumentRecord>, LedgerError> {
    let ids: std::collections::BTreeSet<DocumentId> = ids.collect();
    let ids: Vec<DocumentId> = ids.into_iter().collect();
    let access = change.access().await?;
    let mut found = documents::find(&mut change.session, &ids).await?;
    let systems = match &access {
        Some(_) => Systems::of(&mut change.session, &ids).await?,
        None => Systems::default(),
    };
    let mut records = BTreeMap::new();
    for id in ids {
        let record = found.remove(&id).ok_or(LedgerError::UnknownDocument(id))?;
        if access.as_ref().is_some_and(|access| !systems.seen(access, &record)) {
            return Err(LedgerError::UnknownDocument(id));
        }
        if access.as_ref().is_some_and(|access| !systems.governed(access, Act::HandIn, &record)) {
            return Err(states::shared(change, id));
        }
        if record.state == DocumentState::Purged {
            return Err(LedgerError::DocumentPurged(id));
        }
        records.insert(id, record);
    }
    Ok(records)
}

/// Refuses when the state of one of them was changed after the revision.
async fn unmoved(
    change: &mut Change,
    records: &BTreeMap<DocumentId, underpin_model::DocumentRecord>,
    read_at: i64,
) -> Result<(), LedgerError> {
    let keys: Vec<Value> = records.keys().map(|id| Value::from(id.0)).collect();
    let mut moved: Vec<i64> = Vec::new();
    let head = "SELECT id FROM document WHERE state_revision > $1 AND id IN";
    bulk::select_in(&mut change.session, head, "", values![read_at], &keys, |row| {
        moved.push(row.integer(0)?);
        Ok(())
    })
    .await?;
    moved.into_iter().min().map_or(Ok(()), |id| Err(LedgerError::DocumentMoved(DocumentId(id))))
}

async fn replace(change: &mut Change, facts: &[DocumentFacts]) -> Result<(), LedgerError> {
    let sql = "UPDATE document SET format = $1, reader_version = $2, subject = $3, subject_digest = $4, tool = $5, \
               created = $6, occurrences = $7, gaps = $8, types = $9 WHERE id = $10";
    for one in facts {
        let values = values![
            &one.format,
            one.reader_version,
            &one.subject,
            &one.subject_digest,
            &one.tool,
            one.created,
            one.occurrences,
            one.gaps,
            one.types.join("\n"),
            one.document.0,
        ];
        change.session.execute(sql, values).await?;
    }
    let numbers = || facts.iter().map(|facts| facts.document.0);
    if let (Some(first), Some(last)) = (numbers().min(), numbers().max()) {
        let after = json!({ "documents": facts.len(), "first": first, "last": last });
        change.note("replace-facts", "documents", None, Some(after));
    }
    Ok(())
}
