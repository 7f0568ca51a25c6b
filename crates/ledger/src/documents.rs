// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The catalogue of documents: what is kept of each, how to tell that two are the same, and reading them as of a time.

use std::collections::{BTreeSet, HashMap};

use sha2::{Digest, Sha256};
use underpin_model::people::Act;
use underpin_model::registry::AgencyId;
use underpin_model::{DocumentId, DocumentRecord, DocumentState, EvidenceId, Timestamp};

use crate::access::{About, Access};
use crate::database::Session;
use crate::ledger::{Reader, Writer, no_state};
use crate::pages::{self, Field, Line, Rows};
use crate::snapshot::Point;
use crate::value::{Value, values};
use crate::{LedgerError, STILL, bulk, states};

/// What makes a document the same as another: the bytes of the original and of all that was read together with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentKey(pub [u8; 32]);

impl DocumentKey {
    /// The key of an original alone is its hash. With companions it is SHA-256 over the hash and each companion's role
    /// (with its length) and hash, in the order of roles, then hashes.
    pub fn of(evidence: &EvidenceId, companions: &[(String, EvidenceId)]) -> Self {
        if companions.is_empty() {
            return Self(evidence.0);
        }
        let mut sorted: Vec<_> = companions.iter().collect();
        sorted.sort_unstable();
        let mut hasher = Sha256::new();
        hasher.update(evidence.0);
        for (role, companion) in sorted {
            hasher.update((role.len() as u64).to_be_bytes());
            hasher.update(role);
            hasher.update(companion.0);
        }
        Self(hasher.finalize().into())
    }

    /// The key of a document.
    pub fn of_document(document: &DocumentRecord) -> Self {
        Self::of(&document.evidence, &document.companions)
    }
}

/// The columns of a document in the order of [`from_line`].
const FIELDS: &[Field] = &[
    Field::Number("id"),
    Field::Hash("evidence"),
    Field::Hash("container"),
    Field::Text("path"),
    Field::Number("size_bytes"),
    Field::Text("format"),
    Field::Number("reader_version"),
    Field::Text("subject"),
    Field::Text("subject_digest"),
    Field::Text("tool"),
    Field::Number("created"),
    Field::Number("learned"),
    Field::Text("state"),
    Field::Number("state_since"),
    Field::Text("reason"),
    Field::Number("occurrences"),
    Field::Number("gaps"),
    Field::Text("types"),
    Field::Text("uploader"),
    Field::Number("state_revision"),
];
const INSERT: &str = "INSERT INTO document (id, identity, evidence, container, path, size_bytes, format, \
     reader_version, subject, subject_digest, tool, created, learned, state, state_since, reason, occurrences, gaps, \
     types, uploader, revision, state_revision)";

impl Reader {
    /// When stock was first taken: the earliest moment among the first thousand documents; `None` before that, and for who does not see
    /// everything.
    ///
    /// # Errors
    /// What the database says.
    pub async fn stock_taken_since(&self) -> Result<Option<Timestamp>, LedgerError> {
        if !self.viewer.is_operator() {
            return Ok(None);
        }
        let mut session = self.pool.read().await?;
        let sql = "SELECT learned FROM document ORDER BY id LIMIT 1000";
        let mut first: Option<Timestamp> = None;
        session
            .each(sql, vec![], |row| {
                let learned = Timestamp(row.integer(0)?);
                first = Some(first.map_or(learned, |known| known.min(learned)));
                Ok(())
            })
            .await?;
        Ok(first)
    }

    /// How many systems and documents there are, counted without taking a picture of them.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn holdings(&self) -> Result<(u64, u64), LedgerError> {
        crate::operator_only(&self.viewer, "count what is there")?;
        let mut session = self.pool.read().await?;
        let systems =
            "SELECT count(*) FROM registry WHERE kind = 'system' AND valid_until = $1 AND revision_until = $1";
        let systems = session.row(systems, values![STILL]).await?.ok_or_else(no_state)?.count(0)?;
        let documents = session.row("SELECT count(*) FROM document", vec![]).await?.ok_or_else(no_state)?.count(0)?;
        Ok((systems, documents))
    }

    /// Those among the documents that the viewer may take back or have read again: it may hand in for everything that they
    /// are bound to.
    ///
    /// # Errors
    /// What the database says.
    pub async fn governed(&self, ids: &[DocumentId]) -> Result<BTreeSet<DocumentId>, LedgerError> {
        let mut session = self.pool.read().await?;
        let records = find(&mut session, ids).await?;
        let systems = Systems::of(&mut session, ids).await?;
        let access = self.access(&mut session).await?;
        Ok(records
            .into_values()
            .filter(|record| systems.governed(&access, Act::HandIn, record))
            .map(|record| record.id)
            .collect())
    }
}

impl Writer {
    /// All documents by what makes them the same, for telling duplicates at intake.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for who may hand in nothing, and what the database says.
    pub async fn known_documents(&self) -> Result<HashMap<DocumentKey, DocumentId>, LedgerError> {
        self.only_who_may(Act::HandIn, "hand in evidence")?;
        let mut session = self.pool.read().await?;
        let mut known = HashMap::new();
        session
            .each("SELECT identity, id FROM document", vec![], |row| {
                known.insert(DocumentKey(row.sha256(0)?), DocumentId(row.integer(1)?));
                Ok(())
            })
            .await?;
        Ok(known)
    }
}

/// Which of these keys are taken, and by whom.
pub(crate) async fn taken(
    session: &mut Session,
    keys: &[DocumentKey],
) -> Result<HashMap<DocumentKey, DocumentId>, LedgerError> {
    let keys: Vec<Value> = keys.iter().map(|key| Value::from(key.0)).collect();
    let mut taken = HashMap::new();
    bulk::select_in(session, "SELECT identity, id FROM document WHERE identity IN", "", vec![], &keys, |row| {
        taken.insert(DocumentKey(row.sha256(0)?), DocumentId(row.integer(1)?));
        Ok(())
    })
    .await?;
    Ok(taken)
}

/// Adds documents that are new.
pub(crate) async fn insert(
    session: &mut Session,
    documents: &[DocumentRecord],
    revision: i64,
) -> Result<(), LedgerError> {
    let mut rows = Vec::with_capacity(documents.len() * 22);
    let mut companions = Vec::new();
    for document in documents {
        rows.extend(values![
            document.id.0,
            DocumentKey::of_document(document).0,
            document.evidence,
            document.container,
            &document.path,
            document.size_bytes,
            &document.format,
            document.reader_version,
            &document.subject,
            &document.subject_digest,
            &document.tool,
            document.created,
            document.learned,
            document.state.as_str(),
            document.state_since,
            &document.reason,
            document.occurrences,
            document.gaps,
            document.types.join("\n"),
            document.uploader.as_ref().map(|agency| &agency.0),
            revision,
            revision,
        ]);
        for (position, (role, evidence)) in (0_i64..).zip(&document.companions) {
            companions.extend(values![document.id.0, position, role, *evidence]);
        }
    }
    bulk::insert(session, INSERT, 22, "", rows).await?;
    let head = "INSERT INTO companion (document, position, role, evidence)";
    bulk::insert(session, head, 4, "", companions).await?;
    Ok(())
}

/// A document without its companions, and the revision in which its state began.
fn from_line(line: &mut Line<'_>) -> Result<(DocumentRecord, i64), LedgerError> {
    let document = DocumentRecord {
        id: DocumentId(line.integer()?),
        evidence: EvidenceId(line.hash()?),
        companions: Vec::new(),
        container: line.optional_hash()?.map(EvidenceId),
        path: line.text()?.to_owned(),
        size_bytes: line.count()?,
        format: line.text()?.to_owned(),
        reader_version: u32::try_from(line.integer()?).unwrap_or(u32::MAX),
        subject: line.text()?.to_owned(),
        subject_digest: line.text()?.to_owned(),
        tool: line.text()?.to_owned(),
        created: line.optional_integer()?.map(Timestamp),
        learned: Timestamp(line.integer()?),
        state: line.word()?,
        state_since: Timestamp(line.integer()?),
        reason: line.text()?.to_owned(),
        occurrences: line.count()?,
        gaps: line.count()?,
        types: line.text()?.split('\n').filter(|kind| !kind.is_empty()).map(str::to_owned).collect(),
        uploader: Some(line.text()?).filter(|id| !id.is_empty()).map(AgencyId::from),
    };
    Ok((document, line.integer()?))
}

/// All documents at a point, by number, each in the state it was in.
pub(crate) async fn read(session: &mut Session, point: Point) -> Result<Vec<DocumentRecord>, LedgerError> {
    let mut documents = Vec::new();
    let mut earlier = Vec::new();
    let rows = Rows { table: "document", key: "id", fields: FIELDS, condition: "learned <= $1 AND revision <= $2" };
    pages::read(session, rows, values![point.at, point.revision], |line| {
        let (document, state_revision) = from_line(line)?;
        let changed = document.state_since > point.at || state_revision > point.revision;
        if changed && document.state != DocumentState::Purged {
            earlier.push(document.id);
        }
        documents.push(document);
        Ok(())
    })
    .await?;
    documents.sort_unstable_by_key(|document| document.id);
    if !earlier.is_empty() {
        let states = states::read(session, point).await?;
        for id in earlier {
            if let Some(document) = by_id(&mut documents, id)
                && let Some(state) = states.get(&id)
            {
                (document.state, document.state_since) = (state.state, state.since);
                document.reason.clone_from(&state.reason);
            }
        }
    }
    let companions = "SELECT document, role, evidence FROM companion ORDER BY document, position";
    session
        .each(companions, vec![], |row| {
            if let Some(document) = by_id(&mut documents, DocumentId(row.integer(0)?)) {
                document.companions.push((row.text(1)?, EvidenceId(row.sha256(2)?)));
            }
            Ok(())
        })
        .await?;
    Ok(documents)
}

fn by_id(documents: &mut [DocumentRecord], id: DocumentId) -> Option<&mut DocumentRecord> {
    let index = documents.binary_search_by_key(&id, |document| document.id).ok()?;
    documents.get_mut(index)
}

/// Some documents as they are now, without their companions.
pub(crate) async fn find(
    session: &mut Session,
    ids: &[DocumentId],
) -> Result<HashMap<DocumentId, DocumentRecord>, LedgerError> {
    let keys: Vec<Value> = ids.iter().map(|id| Value::from(id.0)).collect();
    let mut found = HashMap::with_capacity(ids.len());
    let head = format!("SELECT {} FROM document WHERE id IN", pages::line(session, FIELDS));
    bulk::select_in(session, &head, "", vec![], &keys, |row| {
        let (document, _) = from_line(&mut Line::new(row.text_ref(0)?))?;
        found.insert(document.id, document);
        Ok(())
    })
    .await?;
    Ok(found)
}

/// What some documents are about.
#[derive(Debug, Default)]
pub(crate) struct Systems {
    now: HashMap<DocumentId, Vec<String>>,
    ever: HashMap<DocumentId, Vec<String>>,
}

impl Systems {
    /// Reads what the documents are and were bound to.
    pub(crate) async fn of(session: &mut Session, ids: &[DocumentId]) -> Result<Self, LedgerError> {
        let keys: Vec<Value> = ids.iter().map(|id| Value::from(id.0)).collect();
        let mut systems = Self::default();
        let head = "SELECT document, system, bound_until, revision_until FROM binding WHERE revision_until <= $1 AND \
                    document IN";
        bulk::select_in(session, head, "", values![STILL], &keys, |row| {
            let (document, system) = (DocumentId(row.integer(0)?), row.text(1)?);
            if row.integer(2)? == STILL && row.integer(3)? == STILL {
                systems.now.entry(document).or_default().push(system.clone());
            }
            systems.ever.entry(document).or_default().push(system);
            Ok(())
        })
        .await?;
        Ok(systems)
    }

    /// Whether one of them is about anything.
    pub(crate) fn is_bound(&self, id: DocumentId) -> bool {
        self.now.contains_key(&id)
    }

    /// What one of them is about.
    fn about(&self, id: DocumentId) -> About<'_> {
        About { now: names(&self.now, id), ever: names(&self.ever, id) }
    }

    /// True for a document that the viewer sees.
    pub(crate) fn seen(&self, access: &Access, document: &DocumentRecord) -> bool {
        access.sees_document(uploader(document), &self.about(document.id))
    }

    /// True for a document to which the viewer may do this, with everything that it is bound to.
    pub(crate) fn governed(&self, access: &Access, act: Act, document: &DocumentRecord) -> bool {
        access.governs_document(act, uploader(document), &self.about(document.id))
    }

    /// True for a document that the viewer may give to another system.
    pub(crate) fn offered(&self, access: &Access, document: &DocumentRecord) -> bool {
        access.offers_document(uploader(document), &self.about(document.id))
    }
}

fn names(all: &HashMap<DocumentId, Vec<String>>, id: DocumentId) -> Vec<&str> {
    all.get(&id).into_iter().flatten().map(String::as_str).collect()
}

fn uploader(document: &DocumentRecord) -> Option<&str> {
    document.uploader.as_ref().map(|agency| agency.0.as_str())
}
