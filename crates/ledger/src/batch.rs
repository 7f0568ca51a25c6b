// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A batch: documents with their evidence, bindings and segments, in one transaction. What it says is durable when it
//! returns, or not there at all.
//!
//! A document that is known already (two processes may read the same file at once) is dropped, and its bindings go to
//! the one that is there. Its rows in the lake's segments belong to a number that no document has, so nobody sees
//! them.

use std::collections::{HashMap, HashSet};

use serde_json::json;
use sha2::{Digest, Sha256};
use underpin_model::document::Binding;
use underpin_model::people::Act;
use underpin_model::{DocumentId, DocumentRecord, DocumentState, EvidenceId, Timestamp};

use crate::change::Change;
use crate::database::Session;
use crate::documents::{DocumentKey, Systems};
use crate::evidence::EvidenceRecord;
use crate::ledger::{Writer, no_state};
use crate::packs::PackRecord;
use crate::patience::Patience;
use crate::registry::RegistryChange;
use crate::segments::NewSegment;
use crate::value::{Value, values};
use crate::versions::{Kind, existing};
use crate::{LedgerError, audit_catalogue, bindings, documents, evidence, packs, references, registry, segments};

/// What comes in together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// Documents, with reserved numbers.
    pub documents: Vec<DocumentRecord>,
    /// Bindings of these and of earlier documents.
    pub bindings: Vec<Binding>,
    /// Evidence of these documents, where it is new.
    pub evidence: Vec<EvidenceRecord>,
    /// Packs that hold it, already durable.
    pub packs: Vec<PackRecord>,
    /// Segments that hold the facts, already durable.
    pub segments: Vec<NewSegment>,
    /// Changes to the registry that come before the bindings.
    pub registry: Vec<RegistryChange>,
    /// The newest segment of the dictionary for which the numbers in these segments were given, where they bring package versions.
    pub dictionary: Option<i64>,
}

/// What became of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// The ledger's revision afterwards.
    pub revision: i64,
    /// Documents that are in the catalogue now.
    pub accepted: Vec<DocumentId>,
    /// Documents that were known already, each with the number it has.
    pub conflicts: Vec<(DocumentId, DocumentId)>,
}

impl Writer {
    /// Commits a batch, all or nothing.
    ///
    /// # Errors
    /// [`LedgerError::NotReserved`], [`LedgerError::NumberTaken`], [`LedgerError::PurgeOnly`],
    /// [`LedgerError::DictionaryMoved`], [`LedgerError::UploaderNotAllowed`], [`LedgerError::AlreadyPurged`] when purged bytes come again, the `Unknown…` errors, those of the registry, and what the database says.
    pub async fn commit_batch(&self, at: Timestamp, batch: Batch) -> Result<Committed, LedgerError> {
        let mut patience = Patience::default();
        loop {
            let error = match self.commit_once(at, batch.clone()).await {
                Ok(committed) => return Ok(committed),
                Err(error) => error,
            };
            // A conflict certainly changed nothing. Where the answer to a commit was lost, whoever handed in asks again.
            if !matches!(error, LedgerError::Conflict) || !patience.allows(&error).await {
                return Err(error);
            }
        }
    }

    async fn commit_once(&self, at: Timestamp, batch: Batch) -> Result<Committed, LedgerError> {
        let mut change = self.change(at, "hand in evidence").await?;
        let Batch { documents, mut bindings, evidence, packs, segments, registry, dictionary } = batch;
        if let Some(newest) = dictionary {
            segments::check_dictionary(&mut change.session, newest).await?;
        }
        registry::apply(&mut change, registry).await?;
        let (fresh, conflicts) = split(&mut change, documents).await?;
        check_numbers(&mut change, &fresh).await?;
        check_uploaders(&mut change, &fresh, &bindings).await?;
        let stored = evidence::insert(&mut change.session, &evidence).await?;
        packs::insert(&mut change, &packs).await?;
        check_evidence(&mut change, &fresh, &evidence).await?;
        documents::insert(&mut change.session, &fresh, change.revision).await?;
        let moved: HashMap<DocumentId, DocumentId> = conflicts.iter().copied().collect();
        for binding in &mut bindings {
            binding.document = moved.get(&binding.document).copied().unwrap_or(binding.document);
        }
        check_bindings(&mut change, &fresh, &moved, &bindings).await?;
        change.only_adds = only_adds(&mut change.session, &fresh, &bindings).await?;
        let bound = bindings::insert(&mut change.session, &bindings, change.revision).await?;
        let begun = bindings::begun(&mut change.session, &bindings, change.revision).await?;
        let segments = segments::add(&mut change, segments).await?;
        let accepted: Vec<DocumentId> = fresh.iter().map(|document| document.id).collect();
        if !accepted.is_empty() || bound > 0 || stored > 0 || !segments.is_empty() {
            let numbers = || accepted.iter().map(|id| id.0);
            let after = json!({
                "documents": accepted.len(),
                "first": numbers().min(),
                "last": numbers().max(),
                "digest": digest(&fresh, &bindings),
                "catalogued": audit_catalogue::catalogued(&fresh),
                "bound": audit_catalogue::bound(&begun),
                "bindings": bound,
                "evidence": stored,
                "segments": segments,
                "conflicts": conflicts.len(),
            });
            change.note("add", "batch", None, Some(after));
        }
        Ok(Committed { revision: change.commit().await?, accepted, conflicts })
    }
}

/// Whether all that is bound is new, or was bound already: then it is only seen by more. A document that was about nothing may go out
/// of somebody's sight. What an intake does to the registry is to add what nobody has seen before.
async fn only_adds(session: &mut Session, fresh: &[DocumentRecord], bindings: &[Binding]) -> Result<bool, LedgerError> {
    let fresh: HashSet<DocumentId> = fresh.iter().map(|document| document.id).collect();
    let known: HashSet<DocumentId> = bindings.iter().map(|binding| binding.document).collect();
    let known: Vec<DocumentId> = known.difference(&fresh).copied().collect();
    let systems = Systems::of(session, &known).await?;
    Ok(known.iter().all(|id| systems.is_bound(*id)))
}

/// Tells new documents from those that are known already or come twice.
async fn split(
    change: &mut Change,
    documents: Vec<DocumentRecord>,
) -> Result<(Vec<DocumentRecord>, Vec<(DocumentId, DocumentId)>), LedgerError> {
    let keys: Vec<DocumentKey> = documents.iter().map(DocumentKey::of_document).collect();
    let mut taken = documents::taken(&mut change.session, &keys).await?;
    let (mut fresh, mut conflicts) = (Vec::with_capacity(documents.len()), Vec::new());
    for (document, key) in documents.into_iter().zip(keys) {
        if let Some(existing) = taken.get(&key) {
            conflicts.push((document.id, *existing));
        } else if document.state == DocumentState::Purged {
            return Err(LedgerError::PurgeOnly(document.id));
        } else {
            taken.insert(key, document.id);
            fresh.push(document);
        }
    }
    Ok((fresh, conflicts))
}

/// Numbers must have been reserved, and be free.
async fn check_numbers(change: &mut Change, fresh: &[DocumentRecord]) -> Result<(), LedgerError> {
    let mut numbers: Vec<i64> = fresh.iter().map(|document| document.id.0).collect();
    numbers.sort_unstable();
    let (Some(first), Some(last)) = (numbers.first().copied(), numbers.last().copied()) else { return Ok(()) };
    if let Some([twice, _]) = numbers.array_windows().find(|[a, b]| a == b) {
        return Err(LedgerError::NumberTaken(DocumentId(*twice)));
    }
    let next = change.session.row("SELECT next FROM counter WHERE name = $1", values!["document"]).await?;
    let next = next.ok_or_else(no_state)?.integer(0)?;
    if first < 1 || last >= next {
        return Err(LedgerError::NotReserved(DocumentId(if first < 1 { first } else { last })));
    }
    let between = "SELECT id FROM document WHERE id >= $1 AND id <= $2";
    let rows = change.session.rows(between, values![first, last]).await?;
    for row in rows {
        let id = row.integer(0)?;
        if numbers.binary_search(&id).is_ok() {
            return Err(LedgerError::NumberTaken(DocumentId(id)));
        }
    }
    Ok(())
}

/// Uploaders must be agencies, and the viewer's own: who hands in for single systems does it in the name of their agency.
async fn check_uploaders(
    change: &mut Change,
    fresh: &[DocumentRecord],
    bindings: &[Binding],
) -> Result<(), LedgerError> {
    if let Some(access) = change.access().await? {
        let mut systems: HashMap<DocumentId, Vec<&str>> = HashMap::new();
        for binding in bindings {
            systems.entry(binding.document).or_default().push(&binding.system.0);
        }
        let of = |id: DocumentId| systems.get(&id).map(Vec::as_slice).unwrap_or_default();
        let allowed = |document: &&DocumentRecord| match &document.uploader {
            Some(agency) => access.may_in_name_of(Act::HandIn, &agency.0, of(document.id)),
            None => access.may_everywhere(Act::HandIn),
        };
        if let Some(foreign) = fresh.iter().find(|document| !allowed(document)) {
            return Err(LedgerError::UploaderNotAllowed(foreign.id));
        }
    }
    let uploaders = fresh.iter().filter_map(|document| document.uploader.as_ref().map(|agency| &agency.0));
    let keys: Vec<Value> = uploaders.clone().collect::<HashSet<_>>().into_iter().map(Value::from).collect();
    let known = existing(&mut change.session, Kind::Agency, &keys, None).await?;
    match fresh.iter().find(|document| document.uploader.as_ref().is_some_and(|agency| !known.contains(&agency.0))) {
        Some(document) => {
            let agency = document.uploader.as_ref().map(|agency| agency.0.as_str()).unwrap_or_default();
            Err(references::unknown(Kind::Agency, agency, &format!("document {}", document.id)))
        }
        None => Ok(()),
    }
}

/// The original of every document must be catalogued, and nothing purged may come back, not even inside a pack.
async fn check_evidence(
    change: &mut Change,
    fresh: &[DocumentRecord],
    given: &[EvidenceRecord],
) -> Result<(), LedgerError> {
    let mut wanted: HashSet<EvidenceId> = given.iter().map(|record| record.evidence).collect();
    for document in fresh {
        wanted.insert(document.evidence);
        wanted.extend(document.companions.iter().map(|(_, evidence)| *evidence));
    }
    evidence::check(&mut change.session, &wanted).await
}

/// Systems must be there and within sight, documents too unless they come with the batch.
async fn check_bindings(
    change: &mut Change,
    fresh: &[DocumentRecord],
    moved: &HashMap<DocumentId, DocumentId>,
    bindings: &[Binding],
) -> Result<(), LedgerError> {
    bindings::check_targets(change, bindings).await?;
    // Who hands in the same bytes again holds them, so the document that has them may be bound.
    let given: HashSet<DocumentId> = fresh.iter().map(|document| document.id).chain(moved.values().copied()).collect();
    let others: HashSet<DocumentId> = bindings.iter().map(|b| b.document).filter(|id| !given.contains(id)).collect();
    let others: Vec<DocumentId> = others.into_iter().collect();
    let known = documents::find(&mut change.session, &others).await?;
    let systems = Systems::of(&mut change.session, &others).await?;
    let access = change.access().await?;
    for id in others {
        let record = known.get(&id).ok_or(LedgerError::UnknownDocument(id))?;
        if access.as_ref().is_some_and(|access| !systems.seen(access, record)) {
            return Err(LedgerError::UnknownDocument(id));
        }
        if access.as_ref().is_some_and(|access| !systems.offered(access, record)) {
            return Err(change.refuse(&format!("give {id} to another system")));
        }
    }
    Ok(())
}

/// SHA-256 over the numbers, originals and bindings of a batch, so that the audit chain vouches for them.
fn digest(documents: &[DocumentRecord], bindings: &[Binding]) -> String {
    let mut hasher = Sha256::new();
    for document in documents {
        hasher.update(format!("{} {}\n", document.id, EvidenceId(DocumentKey::of_document(document).0)));
    }
    for Binding { document, system, deployment, .. } in bindings {
        let deployment = deployment.as_ref().map(|id| id.0.as_str()).unwrap_or_default();
        hasher.update(format!("{document} {system}/{deployment}\n"));
    }
    EvidenceId(hasher.finalize().into()).to_string()
}
