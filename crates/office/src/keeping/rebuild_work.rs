// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading documents again, batch by batch, on all cores, and what came of it.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use underpin_ledger::{DocumentFacts, EvidenceRecord, NewSegment, Snapshot, StateChange};
use underpin_model::{DocumentId, DocumentRecord, DocumentState, EvidenceId, Timestamp};

use super::rebuild::{RebuildOptions, RebuildReport};
use crate::error::{OfficeError, Result};
use crate::house::{House, place};
use crate::intake::{Facts, LeftOut, Parsed, Progress, Summary, parse, store_facts};

/// What today's reader makes of a document.
enum Outcome {
    /// It can be read.
    Read(Box<DocumentFacts>),
    /// It cannot, and why: code and sentence.
    Unreadable(String),
}

/// A running rebuild.
pub(super) struct Work<'h> {
    house: &'h House,
    tag: String,
    places: HashMap<EvidenceId, EvidenceRecord>,
    workers: Vec<Facts>,
    batches: u64,
    facts: Vec<DocumentFacts>,
    outcomes: HashMap<DocumentId, Option<String>>,
    segments: Vec<NewSegment>,
    bytes: u64,
}

impl<'h> Work<'h> {
    pub async fn begin(house: &'h House, options: &RebuildOptions) -> Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let numbers = std::sync::Arc::default();
        Ok(Self {
            house,
            tag: options.tag.clone(),
            places: HashMap::new(),
            workers: std::iter::repeat_with(|| Facts::numbered(&numbers)).take(cores).collect(),
            batches: 0,
            facts: Vec::new(),
            outcomes: HashMap::new(),
            segments: Vec::new(),
            bytes: 0,
        })
    }

    /// Whether a document was read in this rebuild.
    pub fn has_read(&self, document: DocumentId) -> bool {
        self.outcomes.contains_key(&document)
    }

    /// The facts read so far.
    pub fn facts(&self) -> &[DocumentFacts] {
        &self.facts
    }

    /// The segments written so far.
    pub fn segments(&self) -> &[NewSegment] {
        &self.segments
    }

    /// Forgets everything, and removes what was written.
    pub fn discard(&mut self) {
        for segment in self.segments.drain(..) {
            // What cannot be removed now is an orphan, which `collect` removes later.
            let _ = self.house.lake.segments.remove(&segment.path);
        }
        self.facts.clear();
        self.outcomes.clear();
        self.bytes = 0;
    }

    /// Whether the ledger names what was written.
    pub async fn counts(&self) -> bool {
        let Ok(snapshot) = self.house.ledger.operator_reader().snapshot(Timestamp::MAX).await else {
            return false;
        };
        let live: HashSet<&str> = snapshot.segments.iter().map(|segment| segment.path.as_str()).collect();
        self.segments.iter().any(|segment| live.contains(segment.path.as_str()))
    }

    /// Forgets what was written without removing it: somebody may need it.
    pub fn keep(&mut self) {
        self.segments.clear();
    }

    /// Reads all documents of the snapshot that were not read yet.
    ///
    /// # Errors
    /// When an original is missing or damaged, or the store is full.
    pub async fn read_missing(&mut self, snapshot: &Snapshot, progress: &dyn Progress) -> Result<()> {
        let all = self.house.ledger.operator_reader().all_evidence().await?;
        self.places = all.into_iter().map(|record| (record.evidence, record)).collect();
        let wanted = snapshot.documents.iter();
        let wanted: Vec<&DocumentRecord> =
            wanted.filter(|one| one.state != DocumentState::Purged && !self.has_read(one.id)).collect();
        let (most_bytes, most_documents) = (self.house.limits().batch_bytes, self.house.limits().batch_documents);
        let mut rest = wanted.as_slice();
        while !rest.is_empty() {
            let mut bytes = 0_u64;
            let fits = |record: &&&DocumentRecord| {
                let fits = bytes < most_bytes;
                bytes = bytes.saturating_add(record.size_bytes);
                fits
            };
            let count = rest.iter().take(most_documents.max(1)).take_while(fits).count().max(1);
            let (batch, later) = rest.split_at(count);
            self.read_batch(batch, progress)?;
            rest = later;
        }
        Ok(())
    }

    fn read_batch(&mut self, batch: &[&DocumentRecord], progress: &dyn Progress) -> Result<()> {
        let next = AtomicUsize::new(0);
        let (house, places) = (self.house, &self.places);
        let work = |facts: &mut Facts| -> Result<Vec<(DocumentId, Outcome)>> {
            let mut outcomes = Vec::new();
            while let Some(record) = batch.get(next.fetch_add(1, Ordering::Relaxed)) {
                outcomes.push((record.id, read_again(house, places, record, facts)?));
                progress.advance(1, record.size_bytes);
            }
            Ok(outcomes)
        };
        let shares: Vec<Vec<(DocumentId, Outcome)>> = std::thread::scope(|scope| {
            let running: Vec<_> = self.workers.iter_mut().map(|facts| scope.spawn(|| work(facts))).collect();
            running
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect::<Result<_>>()
        })?;
        self.batches += 1;
        let tables = self.workers.iter_mut().map(Facts::take_tables).collect();
        let tag = format!("{}-rebuilt-{}", self.tag, self.batches);
        let (segments, _) = store_facts(&self.house.lake, tables, &tag)?;
        self.segments.extend(segments);
        self.bytes += batch.iter().map(|record| record.size_bytes).sum::<u64>();
        for (document, outcome) in shares.into_iter().flatten() {
            let reason = match outcome {
                Outcome::Read(facts) => {
                    self.facts.push(*facts);
                    None
                }
                Outcome::Unreadable(reason) => Some(reason),
            };
            self.outcomes.insert(document, reason);
        }
        Ok(())
    }

    /// Writes into catalogue rows what was found.
    pub fn apply(&self, records: &mut [DocumentRecord]) {
        let facts: HashMap<DocumentId, &DocumentFacts> = self.facts.iter().map(|one| (one.document, one)).collect();
        for record in records {
            if let Some(change) = self.state(record) {
                (record.state, record.reason) = (change.state, change.reason);
            }
            if let Some(facts) = facts.get(&record.id) {
                describe(record, facts);
            }
        }
    }

    /// The states that change.
    pub fn states(&self, snapshot: &Snapshot) -> Vec<StateChange> {
        snapshot.documents.iter().filter_map(|record| self.state(record)).collect()
    }

    /// A quarantined document that can be read is accepted; an accepted one that cannot is quarantined. What people
    /// took back stays taken back.
    fn state(&self, record: &DocumentRecord) -> Option<StateChange> {
        let (state, reason) = match (record.state, self.outcomes.get(&record.id)?) {
            (DocumentState::Quarantined, None) => (DocumentState::Accepted, String::new()),
            (DocumentState::Accepted, Some(reason)) => (DocumentState::Quarantined, reason.clone()),
            _ => return None,
        };
        Some(StateChange { document: record.id, state, reason })
    }

    /// The counts, held against what the catalogue says now.
    pub fn report(&self, snapshot: &Snapshot) -> RebuildReport {
        let facts: HashMap<DocumentId, &DocumentFacts> = self.facts.iter().map(|one| (one.document, one)).collect();
        let mut report = RebuildReport {
            documents: self.outcomes.len() as u64,
            occurrences: self.facts.iter().map(|one| one.occurrences).sum(),
            gaps: self.facts.iter().map(|one| one.gaps).sum(),
            bytes: self.bytes,
            segments_replaced: snapshot.segments.len() as u64,
            segments_written: self.segments.len() as u64,
            ..RebuildReport::default()
        };
        for record in &snapshot.documents {
            let change = self.state(record);
            match change.as_ref().map_or(record.state, |change| change.state) {
                DocumentState::Quarantined => report.quarantined += 1,
                DocumentState::Accepted if record.state == DocumentState::Quarantined => report.recovered += 1,
                _ => {
                    let says = facts.get(&record.id).map(|facts| {
                        let mut now = record.clone();
                        describe(&mut now, facts);
                        now.reader_version = record.reader_version;
                        now
                    });
                    report.changed += u64::from(says.is_some_and(|now| now != *record));
                }
            }
            if let Some(change) = change.filter(|change| change.state == DocumentState::Quarantined) {
                let (code, detail) = change.reason.split_once(": ").unwrap_or((&change.reason, ""));
                let (code, detail) = (code.to_owned(), detail.to_owned());
                report.lost.push(LeftOut { path: record.path.clone(), code, detail });
            }
        }
        report
    }
}

fn describe(record: &mut DocumentRecord, facts: &DocumentFacts) {
    record.format.clone_from(&facts.format);
    record.reader_version = facts.reader_version;
    record.subject.clone_from(&facts.subject);
    record.subject_digest.clone_from(&facts.subject_digest);
    record.tool.clone_from(&facts.tool);
    record.created = facts.created;
    (record.occurrences, record.gaps) = (facts.occurrences, facts.gaps);
    record.types.clone_from(&facts.types);
}

fn read_again(
    house: &House,
    places: &HashMap<EvidenceId, EvidenceRecord>,
    record: &DocumentRecord,
    facts: &mut Facts,
) -> Result<Outcome> {
    let original = |evidence: EvidenceId| -> Result<Vec<u8>> {
        let missing = || {
            OfficeError::new("evidence-unknown", format!("{}: its original {evidence} is not catalogued", record.id))
                .hint("`underpin doctor` shows what is wrong; a backup may still have it")
        };
        let found = places.get(&evidence).filter(|found| !found.purged).ok_or_else(missing)?;
        house.lake.evidence.read(&place(found)).map_err(|error| {
            let error = OfficeError::from(error);
            OfficeError::new(error.code, format!("the original of {} ({}): {error}", record.id, record.path))
                .hint("nothing has changed; restore the file from a backup, then run the command again")
        })
    };
    let companions =
        record.companions.iter().map(|(role, id)| Ok((role.as_str(), original(*id)?))).collect::<Result<Vec<_>>>()?;
    let companions: Vec<(&str, &[u8])> = companions.iter().map(|(role, bytes)| (*role, bytes.as_slice())).collect();
    let bytes = original(record.evidence)?;
    // What counts already goes on counting, whatever its signature shows today.
    let parsed = parse(&bytes, &record.path, &companions, house.limits());
    Ok(match house.trust()?.judge_again(parsed, (&bytes, &companions), record.learned) {
        Parsed::Read { format, reader_version, mut inventory } => {
            let summary = facts.append(record.id.0, format, &mut inventory);
            Outcome::Read(Box::new(document_facts(record.id, format, reader_version, summary)))
        }
        Parsed::Quarantined { reason, .. } => Outcome::Unreadable(reason.to_string()),
        Parsed::NoEvidence | Parsed::Companion => {
            Outcome::Unreadable("no-evidence: no reader recognises the content any more".to_owned())
        }
    })
}

fn document_facts(document: DocumentId, format: &str, reader_version: u32, summary: Summary) -> DocumentFacts {
    DocumentFacts {
        document,
        format: format.to_owned(),
        reader_version,
        subject: summary.subject,
        subject_digest: summary.subject_digest,
        tool: summary.tool,
        created: summary.created,
        occurrences: summary.occurrences,
        gaps: summary.gaps,
        types: summary.types,
    }
}
