// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `documents bind`, `unbind`, `retract`, `restore` and `retry`: what people decide about documents.

use serde::Serialize;
use underpin_ledger::{DocumentFacts, LedgerError, NewSegment, Rebuilt, StateChange};
use underpin_model::document::Binding;
use underpin_model::registry::DeploymentId;
use underpin_model::{DocumentId, DocumentRecord, DocumentState, Timestamp};

use super::Author;
use super::registry_edit::explained;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};
use crate::intake::{Binder, Facts, Numbers, Parsed, Summary, Target, binding, parse, store_facts};

/// What a decision about documents did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct DocumentChange {
    /// The document.
    pub document: DocumentId,
    /// What was done, in a few words.
    pub done: String,
    /// False when it was so already.
    pub changed: bool,
    /// Revision of the ledger afterwards.
    pub revision: i64,
}

/// What became of a document that was read again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RetryRow {
    /// The document.
    pub document: DocumentId,
    /// Where it lay.
    pub path: String,
    /// Its state afterwards.
    pub state: DocumentState,
    /// Why it still cannot be read.
    pub reason: String,
    /// Uses found.
    pub occurrences: u64,
    /// Gaps found.
    pub gaps: u64,
    /// Systems it was bound to by the mapping rules.
    pub bound: Vec<String>,
}

impl House {
    /// Binds a document to a system, or to one deployment of it.
    ///
    /// # Errors
    /// `not-found`, `ambiguous-name`, and what the ledger refuses.
    pub async fn bind_document(
        &self,
        author: &Author,
        document: &str,
        system: &str,
        deployment: Option<&str>,
    ) -> Result<DocumentChange> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let id = desk.document_called(document)?.id;
        let system = desk.system_called(system)?.id.clone();
        let done = match deployment {
            Some(deployment) => format!("bound to {system}/{deployment}"),
            None => format!("bound to {system}"),
        };
        let deployment = deployment.map(|deployment| DeploymentId(deployment.to_owned()));
        let binding = Binding {
            document: id,
            system,
            deployment,
            origin: "command".to_owned(),
            from: author.at,
            until: Timestamp::MAX,
        };
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let revision = writer.bind(author.at, binding).await.map_err(explained)?;
        Ok(DocumentChange { document: id, done, changed: revision > desk.snapshot.revision, revision })
    }

    /// Ends the binding of a document to a system or one deployment of it; without a system, all of them.
    ///
    /// # Errors
    /// `not-found`, `ambiguous-name`, and what the ledger refuses.
    pub async fn unbind_document(
        &self,
        author: &Author,
        document: &str,
        system: Option<&str>,
        deployment: Option<&str>,
    ) -> Result<DocumentChange> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let id = desk.document_called(document)?.id;
        let systems = match system {
            Some(text) => vec![desk.system_called(text)?.id.clone()],
            None => {
                let own = desk.snapshot.bindings.iter().filter(|binding| binding.document == id);
                let mut systems: Vec<_> = own.map(|binding| binding.system.clone()).collect();
                systems.dedup();
                systems
            }
        };
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let deployment = deployment.map(|deployment| DeploymentId(deployment.to_owned()));
        let mut revision = desk.snapshot.revision;
        for system in &systems {
            revision = writer.unbind(author.at, id, system, deployment.as_ref()).await.map_err(explained)?;
        }
        let names: Vec<&str> = systems.iter().map(|system| system.0.as_str()).collect();
        let done = match names.is_empty() {
            true => "was bound to no system".to_owned(),
            false => format!("no longer bound to {}", names.join(", ")),
        };
        Ok(DocumentChange { document: id, done, changed: revision > desk.snapshot.revision, revision })
    }

    /// Takes a document back: its facts no longer count, from now on. The original stays.
    ///
    /// # Errors
    /// `not-found`, `empty-reason`, `document-purged`, `not-allowed` when it is also about systems that the viewer may not
    /// see.
    pub async fn retract_document(&self, author: &Author, document: &str, reason: &str) -> Result<DocumentChange> {
        self.set_state(author, document, DocumentState::Retracted, reason, "retracted").await
    }

    /// Lets a retracted document count again.
    ///
    /// # Errors
    /// `not-retracted`, `not-found`.
    pub async fn restore_document(&self, author: &Author, document: &str, reason: &str) -> Result<DocumentChange> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let record = desk.document_called(document)?;
        if record.state != DocumentState::Retracted {
            let (id, state) = (record.id, record.state.as_str());
            return Err(OfficeError::new(
                "not-retracted",
                format!("{id} is {state}; only a retracted document can be restored"),
            ));
        }
        // A document that was retracted while it could not be read must be read first.
        if record.format.is_empty() || record.reader_version == 0 {
            let reason = "read it again with `underpin documents retry`";
            return self.set_state(author, document, DocumentState::Quarantined, reason, "quarantined again").await;
        }
        self.set_state(author, document, DocumentState::Accepted, reason, "restored").await
    }

    async fn set_state(
        &self,
        author: &Author,
        document: &str,
        state: DocumentState,
        reason: &str,
        done: &str,
    ) -> Result<DocumentChange> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let id = desk.document_called(document)?.id;
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let revision = writer.set_state(author.at, id, state, reason).await?;
        let changed = revision > desk.snapshot.revision;
        Ok(DocumentChange { document: id, done: done.to_owned(), changed, revision })
    }

    /// Reads quarantined documents again with today's readers: one, or (`None`) all that the viewer may decide about. What can be read now is accepted,
    /// its facts are stored, and where it is about no system yet the mapping rules are asked.
    ///
    /// # Errors
    /// `not-found`, `not-quarantined`, `document-moved` when somebody else reads the same at once; when evidence is damaged or the store is full.
    pub async fn retry_documents(&self, author: &Author, document: Option<&str>, tag: &str) -> Result<Vec<RetryRow>> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let waiting: Vec<DocumentRecord> = match document {
            Some(text) => vec![quarantined(desk.document_called(text)?)?.clone()],
            None => {
                let all: Vec<&DocumentRecord> =
                    desk.snapshot.documents.iter().filter(|record| quarantined(record).is_ok()).collect();
                let ids: Vec<DocumentId> = all.iter().map(|record| record.id).collect();
                let reader = self.ledger.reader(author.viewer.clone(), author.at);
                let governed = reader.governed(&ids).await?;
                all.into_iter().filter(|record| governed.contains(&record.id)).cloned().collect()
            }
        };
        let (mut rows, mut batch, mut bytes) = (Vec::new(), Vec::new(), 0_u64);
        for record in waiting {
            bytes = bytes.saturating_add(record.size_bytes);
            batch.push(record);
            if bytes >= self.limits().batch_bytes || batch.len() >= self.limits().batch_documents {
                rows.extend(self.retry_batch(author, &desk, &batch, &format!("{tag}-{}", rows.len())).await?);
                (batch, bytes) = (Vec::new(), 0);
            }
        }
        rows.extend(self.retry_batch(author, &desk, &batch, &format!("{tag}-{}", rows.len())).await?);
        Ok(rows)
    }

    async fn retry_batch(
        &self,
        author: &Author,
        desk: &Desk,
        batch: &[DocumentRecord],
        tag: &str,
    ) -> Result<Vec<RetryRow>> {
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let mut binder = Binder::new(&Target::Rules, &desk.snapshot)?;
        let numbers = std::sync::Arc::new(Numbers::live(&self.lake, &desk.snapshot.segments)?);
        let (mut facts, mut rebuilt, mut rows, mut bindings) =
            (Facts::numbered(&numbers), Rebuilt::default(), Vec::new(), Vec::new());
        for record in batch {
            let (row, summary) = self.retry_one(desk, record, &mut facts, &mut rebuilt).await?;
            let unbound = desk.snapshot.bindings.iter().all(|binding| binding.document != record.id);
            let found = match summary {
                Some(summary) if unbound => binder.systems_of(&record.path, &summary),
                _ => Vec::new(),
            };
            let bound = found.iter().map(|bound| bound.system.0.clone()).collect();
            bindings.extend(found.into_iter().map(|bound| binding(record.id, bound, author.at)));
            rows.push(RetryRow { bound, ..row });
        }
        let (segments, _): (Vec<NewSegment>, _) =
            store_facts(&self.lake, vec![facts.take_tables()], &format!("{tag}-retry"))?;
        let written: Vec<String> = segments.iter().map(|segment| segment.path.clone()).collect();
        rebuilt.add = segments;
        rebuilt.read_at = desk.snapshot.revision;
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        if let Err(error) = writer.commit_rebuild(author.at, rebuilt).await {
            if !error.outcome_unknown() {
                written.iter().try_for_each(|path| self.lake.segments.remove(path))?;
            }
            return Err(moved(error));
        }
        for binding in bindings {
            writer.bind(author.at, binding).await.map_err(explained)?;
        }
        Ok(rows)
    }

    async fn retry_one(
        &self,
        desk: &Desk,
        record: &DocumentRecord,
        facts: &mut Facts,
        rebuilt: &mut Rebuilt,
    ) -> Result<(RetryRow, Option<Summary>)> {
        let bytes = desk.original(record.evidence).await?;
        let mut companions = Vec::new();
        for (role, evidence) in &record.companions {
            companions.push((role.as_str(), desk.original(*evidence).await?));
        }
        let companions: Vec<(&str, &[u8])> = companions.iter().map(|(role, bytes)| (*role, bytes.as_slice())).collect();
        let mut row = RetryRow {
            document: record.id,
            path: record.path.clone(),
            state: DocumentState::Quarantined,
            reason: record.reason.clone(),
            occurrences: 0,
            gaps: 0,
            bound: Vec::new(),
        };
        let parsed = parse(&bytes, &record.path, &companions, self.limits());
        let (reason, read) = match self.trust()?.judge(parsed, (&bytes, &companions), record.learned) {
            Parsed::Quarantined { reason, .. } => (reason.to_string(), None),
            Parsed::NoEvidence | Parsed::Companion => {
                ("no-evidence: no reader recognises the content".to_owned(), None)
            }
            Parsed::Read { format, reader_version, mut inventory } => {
                let summary = facts.append(record.id.0, format, &mut inventory);
                (String::new(), Some((format, reader_version, summary)))
            }
        };
        row.reason.clone_from(&reason);
        let summary = read.map(|(format, reader_version, summary)| {
            rebuilt.facts.push(DocumentFacts {
                document: record.id,
                format: format.to_owned(),
                reader_version,
                subject: summary.subject.clone(),
                subject_digest: summary.subject_digest.clone(),
                tool: summary.tool.clone(),
                created: summary.created,
                occurrences: summary.occurrences,
                gaps: summary.gaps,
                types: summary.types.clone(),
            });
            row.state = DocumentState::Accepted;
            (row.occurrences, row.gaps) = (summary.occurrences, summary.gaps);
            summary
        });
        if row.state == DocumentState::Accepted || reason != record.reason {
            rebuilt.states.push(StateChange { document: record.id, state: row.state, reason });
        }
        Ok((row, summary))
    }
}

fn moved(error: LedgerError) -> OfficeError {
    let is_moved = matches!(error, LedgerError::DocumentMoved(_));
    let error = OfficeError::from(error);
    if is_moved { error.hint("what is in one batch with it was not changed; run it again") } else { error }
}

fn quarantined(record: &DocumentRecord) -> Result<&DocumentRecord> {
    if record.state == DocumentState::Quarantined {
        return Ok(record);
    }
    let (id, state) = (record.id, record.state.as_str());
    Err(OfficeError::new("not-quarantined", format!("{id} is {state}; only a quarantined document is read again"))
        .hint("`underpin documents list --quarantined` lists them; `underpin rebuild` reads all others again"))
}
