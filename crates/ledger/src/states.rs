// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The fate of documents over time: accepted, quarantined, retracted; purged only through `purge.rs`.

use std::collections::HashMap;

use serde_json::json;
use underpin_model::people::Act;
use underpin_model::{DocumentId, DocumentRecord, DocumentState, Timestamp};

use crate::change::Change;
use crate::database::Session;
use crate::documents::Systems;
use crate::ledger::Writer;
use crate::snapshot::Point;
use crate::value::values;
use crate::{LedgerError, documents};

/// A state that a document was in.
#[derive(Clone, Debug)]
pub(crate) struct PastState {
    pub(crate) state: DocumentState,
    pub(crate) since: Timestamp,
    pub(crate) reason: String,
}

impl Writer {
    /// Sets the state of a document, from `at` on. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::UnknownDocument`], [`LedgerError::NotAllowed`] when it is also about systems that the viewer may
    /// not hand in for, [`LedgerError::DocumentPurged`], [`LedgerError::PurgeOnly`], [`LedgerError::EmptyReason`] when it is taken back or quarantined without a reason, and what the database says.
    pub async fn set_state(
        &self,
        at: Timestamp,
        document: DocumentId,
        state: DocumentState,
        reason: &str,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "change the state of a document").await?;
        let record = governed_document(&mut change, document).await?;
        set(&mut change, &record, state, reason).await?;
        change.commit().await
    }
}

/// A document as it is now, if the viewer of the change may see it.
pub(crate) async fn visible_document(change: &mut Change, id: DocumentId) -> Result<DocumentRecord, LedgerError> {
    let access = change.access().await?;
    let record = documents::find(&mut change.session, &[id]).await?.remove(&id);
    let record = record.ok_or(LedgerError::UnknownDocument(id))?;
    if let Some(access) = access {
        let systems = Systems::of(&mut change.session, &[id]).await?;
        if !systems.seen(&access, &record) {
            return Err(LedgerError::UnknownDocument(id));
        }
    }
    Ok(record)
}

/// The same, if it is the viewer's to give to a system: else whoever reads much could show it to others.
pub(crate) async fn offered_document(change: &mut Change, id: DocumentId) -> Result<DocumentRecord, LedgerError> {
    let record = visible_document(change, id).await?;
    if let Some(access) = change.access().await? {
        let systems = Systems::of(&mut change.session, &[id]).await?;
        if !systems.offered(&access, &record) {
            return Err(change.refuse(&format!("give {id} to another system")));
        }
    }
    Ok(record)
}

/// The same, if the viewer may decide about it: who hands in for only some of the systems that it is about must not take it
/// from the others.
async fn governed_document(change: &mut Change, id: DocumentId) -> Result<DocumentRecord, LedgerError> {
    let record = visible_document(change, id).await?;
    if let Some(access) = change.access().await? {
        let systems = Systems::of(&mut change.session, &[id]).await?;
        if !systems.governed(&access, Act::HandIn, &record) {
            return Err(shared(change, id));
        }
    }
    Ok(record)
}

/// The refusal to decide about a document that belongs to others, too.
pub(crate) fn shared(change: &Change, document: DocumentId) -> LedgerError {
    change.refuse(&format!("decide about {document}, which is also about what that viewer may not hand in for"))
}

/// Sets a state that a person or a reader may set.
pub(crate) async fn set(
    change: &mut Change,
    document: &DocumentRecord,
    state: DocumentState,
    reason: &str,
) -> Result<(), LedgerError> {
    if document.state == DocumentState::Purged {
        return Err(LedgerError::DocumentPurged(document.id));
    }
    if state == DocumentState::Purged {
        return Err(LedgerError::PurgeOnly(document.id));
    }
    let reason = reason.trim();
    if reason.is_empty() && state != DocumentState::Accepted {
        return Err(LedgerError::EmptyReason);
    }
    if document.state == state && document.reason == reason {
        return Ok(());
    }
    enter(change, document, state, reason).await
}

/// Remembers the present state and enters the next one.
pub(crate) async fn enter(
    change: &mut Change,
    document: &DocumentRecord,
    state: DocumentState,
    reason: &str,
) -> Result<(), LedgerError> {
    let remember = "INSERT INTO document_state (document, state, since, reason, revision_from, revision_until) \
                    SELECT id, state, state_since, reason, state_revision, $1 FROM document WHERE id = $2";
    change.session.execute(remember, values![change.revision, document.id.0]).await?;
    let sql = "UPDATE document SET state = $1, state_since = $2, reason = $3, state_revision = $4 WHERE id = $5";
    // A clock that went back does not turn the order of two states round.
    let since = change.at.max(document.state_since);
    let values = values![state.as_str(), since, reason, change.revision, document.id.0];
    change.session.execute(sql, values).await?;
    let (before, after) = (told(document.state, &document.reason), told(state, reason));
    change.note("set-state", format!("document {}", document.id), Some(before), Some(after));
    Ok(())
}

/// A state as the audit chain keeps it.
pub(crate) fn told(state: DocumentState, reason: &str) -> serde_json::Value {
    json!({ "state": state.as_str(), "reason": lasting(state, reason) })
}

/// What the audit chain keeps for ever of a reason: all that a person said, but of a reader's words only the code, for
/// they may quote the evidence, and evidence may be purged.
pub(crate) fn lasting(state: DocumentState, reason: &str) -> &str {
    match state {
        DocumentState::Quarantined => reason.split(':').next().unwrap_or_default(),
        _ => reason,
    }
}

/// The state of each document that was left since, at a point.
pub(crate) async fn read(session: &mut Session, point: Point) -> Result<HashMap<DocumentId, PastState>, LedgerError> {
    let mut states: HashMap<DocumentId, PastState> = HashMap::new();
    // The last one that had begun by then, in the order they were entered. A document handed in with a state that
    // begins later than the moment was in that state all the same: it never was in another.
    let sql = "SELECT document, state, since, reason FROM document_state WHERE revision_from <= $1 \
               ORDER BY document, revision_from, since";
    session
        .each(sql, values![point.revision], |row| {
            let (id, since) = (DocumentId(row.integer(0)?), row.timestamp(2)?);
            if since <= point.at || !states.contains_key(&id) {
                let state = PastState { state: row.word(1)?, since, reason: row.text(3)? };
                states.insert(id, state);
            }
            Ok(())
        })
        .await?;
    Ok(states)
}
