// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A batch on its way to being durable.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use underpin_lake::{Packed, compressor, evidence_id, pack};
use underpin_ledger::{Batch, DocumentKey, EvidenceRecord, EvidenceState, PackRecord};
use underpin_model::document::Binding;
use underpin_model::{DocumentId, DocumentRecord, DocumentState, EvidenceId, Limits, Timestamp, Viewer};

use super::binding::{Binder, binding};
use super::facts::{Facts, Summary};
use super::job::{Content, Job};
use super::numbers::Numbers;
use super::read::{Parsed, parse};
use super::store::store_facts;
use super::{AddOptions, AddReport, Durable, LeftOut, Progress};
use crate::error::Result;
use crate::house::House;

/// A running intake.
pub struct Intake<'h> {
    house: &'h House,
    options: &'h AddOptions,
    at: Timestamp,
    started: Instant,
    binder: Binder,
    known: HashMap<DocumentKey, DocumentId>,
    known_evidence: HashMap<EvidenceId, EvidenceState>,
    bindings: HashSet<(DocumentId, String, String)>,
    /// What documents are about, for binding the same bytes again.
    subjects: HashMap<DocumentId, Summary>,
    workers: Vec<Facts>,
    versions: HashSet<i64>,
    batches: u64,
    report: AddReport,
}

/// A file with its bytes and hash.
struct Loaded {
    path: String,
    bytes: Vec<u8>,
    evidence: EvidenceId,
    container: Option<EvidenceId>,
    companions: Vec<(String, Arc<Vec<u8>>)>,
}

/// The files of a batch, by what is known of their bytes.
#[derive(Default)]
struct Sorted {
    /// New bytes.
    fresh: Vec<Loaded>,
    /// Bytes of a document that is there already.
    known: Vec<(String, DocumentId)>,
    /// The same bytes as another file of the batch: path and position of that file.
    twins: Vec<(String, usize)>,
}

/// What became of a loaded file.
enum Outcome {
    Document(Box<DocumentRecord>, Summary),
    Skipped(&'static str, &'static str),
}

/// What one worker made of its share of a batch.
#[derive(Default)]
struct Share {
    outcomes: Vec<(usize, Outcome)>,
    packed: Vec<Packed>,
}

impl<'h> Intake<'h> {
    pub async fn begin(house: &'h House, options: &'h AddOptions, at: Timestamp) -> Result<Self> {
        let started = Instant::now();
        let snapshot = house.ledger.reader(Viewer::Operator).snapshot(Timestamp::MAX).await?;
        let writer = house.ledger.writer(&options.actor, Viewer::Operator);
        let binder = Binder::new(options, &snapshot)?;
        let bindings = snapshot
            .bindings
            .iter()
            .map(|binding| (binding.document, binding.system.0.clone(), deployment_text(binding)))
            .collect();
        let subject = |record: &DocumentRecord| Summary {
            subject: record.subject.clone(),
            subject_digest: record.subject_digest.clone(),
            ..Summary::default()
        };
        let subjects = snapshot.documents.iter().map(|record| (record.id, subject(record))).collect();
        let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let numbers = Arc::new(Numbers::live(&house.lake, &snapshot.segments)?);
        Ok(Self {
            binder,
            bindings,
            subjects,
            known: writer.known_documents().await?,
            known_evidence: writer.known_evidence().await?,
            workers: std::iter::repeat_with(|| Facts::numbered(&numbers)).take(workers).collect(),
            versions: HashSet::new(),
            batches: 0,
            report: AddReport::default(),
            house,
            options,
            at,
            started,
        })
    }

    /// Takes one batch: when this returns, it is durable and visible.
    pub async fn take(&mut self, jobs: Vec<Job>, progress: &dyn Progress) -> Result<()> {
        let loaded = load(jobs, &mut self.report);
        let sorted = self.without_repetitions(loaded);
        let fresh = sorted.fresh;
        let first = self.house.ledger.writer(&self.options.actor, Viewer::Operator);
        let first = first.reserve_documents(fresh.len().max(1) as u64).await?;
        let shares = self.read(&fresh, first, progress)?;
        let (batch, written) = self.collect(&fresh, &sorted.known, &sorted.twins, shares)?;
        if batch.documents.is_empty() && batch.bindings.is_empty() && batch.registry.is_empty() {
            return Ok(());
        }
        self.versions.extend(written);
        let writer = self.house.ledger.writer(&self.options.actor, Viewer::Operator);
        let handed_in: HashMap<DocumentId, DocumentRecord> =
            batch.documents.iter().map(|record| (record.id, record.clone())).collect();
        let committed = writer.commit_batch(self.at, batch).await?;
        for (refused, existing) in &committed.conflicts {
            if let Some(record) = handed_in.get(refused) {
                self.conceded(record, *existing);
            }
        }
        let documents = committed.accepted.iter().map(|document| document.0).collect();
        progress.durable(&Durable { batch: self.batches, documents, revision: committed.revision });
        Ok(())
    }

    /// Another process added the same bytes meanwhile: they count as repeated, and as that document from now on.
    fn conceded(&mut self, record: &DocumentRecord, existing: DocumentId) {
        let counted = match record.state {
            DocumentState::Quarantined => {
                self.report.quarantined_files.retain(|file| file.path != record.path);
                &mut self.report.quarantined
            }
            _ => &mut self.report.accepted,
        };
        *counted = counted.saturating_sub(1);
        self.report.gaps = self.report.gaps.saturating_sub(record.gaps);
        self.report.occurrences = self.report.occurrences.saturating_sub(record.occurrences);
        self.report.repeat(&record.path, existing);
        self.known.insert(DocumentKey::of_document(record), existing);
        if let Some(subject) = self.subjects.remove(&record.id) {
            self.subjects.insert(existing, subject);
        }
    }

    /// Sets aside what is known already, and what is repeated within the batch.
    fn without_repetitions(&mut self, loaded: Vec<Loaded>) -> Sorted {
        let mut sorted = Sorted::default();
        let mut here: HashMap<(EvidenceId, usize), usize> = HashMap::new();
        for file in loaded {
            self.report.documents += 1;
            self.report.bytes += file.bytes.len() as u64;
            let key = (file.evidence, file.companions.len());
            if self.known_evidence.get(&file.evidence) == Some(&EvidenceState::Purged) {
                let detail = "these bytes were purged by four eyes and must not come back".to_owned();
                self.report.skip(LeftOut { path: file.path, code: "purged".to_owned(), detail });
            } else if let Some(document) = self.known_document(&file) {
                self.report.repeat(&file.path, document);
                sorted.known.push((file.path, document));
            } else if let Some(first) = here.get(&key) {
                sorted.twins.push((file.path, *first));
            } else {
                here.insert(key, sorted.fresh.len());
                sorted.fresh.push(file);
            }
        }
        sorted
    }

    fn known_document(&self, file: &Loaded) -> Option<DocumentId> {
        let companions: Vec<(String, EvidenceId)> =
            file.companions.iter().map(|(name, bytes)| (name.clone(), evidence_id(bytes))).collect();
        let alone = DocumentKey::of(&file.evidence, &[]);
        let together = DocumentKey::of(&file.evidence, &companions);
        self.known.get(&together).or_else(|| self.known.get(&alone)).copied()
    }

    fn read(&mut self, files: &[Loaded], first: DocumentId, progress: &dyn Progress) -> Result<Vec<Share>> {
        let next = AtomicUsize::new(0);
        let (limits, at, uploader) = (self.house.limits(), self.at, &self.options.uploader);
        let known = &self.known_evidence;
        let work = |facts: &mut Facts| -> Result<Share> {
            let mut compressor = compressor()?;
            let mut share = Share::default();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(file) = files.get(index) else { return Ok(share) };
                let id = DocumentId(first.0 + index as i64);
                let outcome = read_one(file, id, at, limits, facts);
                if let Outcome::Document(mut record, summary) = outcome {
                    record.uploader.clone_from(uploader);
                    if !known.contains_key(&file.evidence) {
                        share.packed.push(pack(&mut compressor, file.evidence, &file.bytes)?);
                    }
                    for (name, bytes) in &file.companions {
                        let evidence = evidence_id(bytes);
                        if record.companions.iter().any(|(used, _)| used == name) && !known.contains_key(&evidence) {
                            share.packed.push(pack(&mut compressor, evidence, bytes)?);
                        }
                    }
                    share.outcomes.push((index, Outcome::Document(record, summary)));
                } else {
                    share.outcomes.push((index, outcome));
                }
                progress.advance(1, file.bytes.len() as u64);
            }
        };
        std::thread::scope(|scope| {
            let running: Vec<_> = self.workers.iter_mut().map(|facts| scope.spawn(|| work(facts))).collect();
            running
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        })
    }

    /// Makes the batch's files durable and gathers what the ledger has to know.
    fn collect(
        &mut self,
        files: &[Loaded],
        repeated: &[(String, DocumentId)],
        twins: &[(String, usize)],
        shares: Vec<Share>,
    ) -> Result<(Batch, Vec<i64>)> {
        let mut batch = Batch::default();
        let (mut packed, mut outcomes) = (Vec::new(), Vec::new());
        for share in shares {
            packed.extend(share.packed);
            outcomes.extend(share.outcomes);
        }
        outcomes.sort_by_key(|(index, _)| *index);
        let mut accounted: HashMap<usize, (DocumentId, Summary)> = HashMap::new();
        for (index, outcome) in outcomes {
            let file = &files[index];
            match outcome {
                Outcome::Skipped(code, detail) => self.report.skip(LeftOut {
                    path: file.path.clone(),
                    code: code.to_owned(),
                    detail: detail.to_owned(),
                }),
                Outcome::Document(record, summary) => {
                    let document = record.id;
                    self.account(*record, &summary, &mut batch);
                    accounted.insert(index, (document, summary));
                }
            }
        }
        for (path, first) in twins {
            self.account_twin(path, &files[*first].path, accounted.get(first), &mut batch);
        }
        for (path, document) in repeated {
            let summary = self.subjects.get(document).cloned().unwrap_or_default();
            self.bind(*document, path, &summary, &mut batch);
        }
        batch.registry = self.binder.take_changes();
        self.report.systems_created = self.binder.created;
        packed.retain({
            let known = &mut self.known_evidence;
            move |piece| known.insert(piece.evidence, EvidenceState::Stored).is_none()
        });
        self.batches += 1;
        let tag = format!("{}-{}", self.options.tag, self.batches);
        let tables = self.workers.iter_mut().map(Facts::take_tables).collect();
        let (segments, versions) = store_facts(&self.house.lake, tables, &tag)?;
        if !packed.is_empty() {
            let name = format!("{tag}.pack");
            let (places, bytes) = self.house.lake.evidence.write(&name, &packed)?;
            self.house.lake.evidence.sync()?;
            batch.packs.push(PackRecord { name, bytes });
            batch.evidence = places
                .into_iter()
                .map(|place| EvidenceRecord {
                    evidence: place.evidence,
                    pack: place.pack,
                    offset: place.offset,
                    packed_bytes: place.packed_bytes,
                    raw_bytes: place.raw_bytes,
                    purged: false,
                })
                .collect();
        }
        batch.segments = segments;
        Ok((batch, versions))
    }

    fn account(&mut self, record: DocumentRecord, summary: &Summary, batch: &mut Batch) {
        self.known.insert(DocumentKey::of_document(&record), record.id);
        self.report.gaps += record.gaps;
        self.report.occurrences += record.occurrences;
        if record.state == DocumentState::Quarantined {
            self.report.quarantined += 1;
            let (code, detail) = record.reason.split_once(": ").unwrap_or((&record.reason, ""));
            self.report.quarantined_files.push(LeftOut {
                path: record.path.clone(),
                code: code.to_owned(),
                detail: detail.to_owned(),
            });
        } else {
            self.report.accepted += 1;
        }
        self.bind(record.id, &record.path, summary, batch);
        self.subjects.insert(record.id, summary.clone());
        batch.documents.push(record);
    }

    /// A file with the same bytes as another of the batch adds a binding and nothing else.
    fn account_twin(&mut self, path: &str, first: &str, known: Option<&(DocumentId, Summary)>, batch: &mut Batch) {
        match known {
            Some((document, summary)) => {
                self.report.repeat(path, *document);
                self.bind(*document, path, summary, batch);
            }
            None => self.report.skip(LeftOut {
                path: path.to_owned(),
                code: "no-evidence".to_owned(),
                detail: format!("the same bytes as {first}"),
            }),
        }
    }

    fn bind(&mut self, document: DocumentId, path: &str, summary: &Summary, batch: &mut Batch) {
        let systems = self.binder.systems_of(path, summary);
        if systems.is_empty() && !self.bindings.iter().any(|(bound, _, _)| *bound == document) {
            self.report.unbound += 1;
        }
        for bound in systems {
            let binding = binding(document, bound, self.at);
            if self.bindings.insert((document, binding.system.0.clone(), deployment_text(&binding))) {
                self.report.bound += 1;
                batch.bindings.push(binding);
            }
        }
    }

    /// Everything is durable: the sum.
    pub async fn finish(mut self, left_out: Vec<LeftOut>) -> Result<AddReport> {
        self.report.documents += left_out.len() as u64;
        for file in left_out {
            self.report.skip(file);
        }
        self.report.package_versions = self.versions.len() as u64;
        // The documents are in; the next intake tries again to put their segments together.
        if let Err(error) = crate::maintenance::compact_if_needed(self.house, &self.options.tag, self.at).await {
            self.report.notes.push(format!("everything is stored, but small files could not be put together: {error}"));
        }
        self.report.seconds = self.started.elapsed().as_secs_f64();
        Ok(self.report)
    }
}

fn deployment_text(binding: &Binding) -> String {
    binding.deployment.as_ref().map(|deployment| deployment.0.clone()).unwrap_or_default()
}

/// Reads and hashes all files of a batch, on all cores.
fn load(jobs: Vec<Job>, report: &mut AddReport) -> Vec<Loaded> {
    use rayon::prelude::*;
    let loaded: Vec<std::result::Result<Loaded, LeftOut>> = jobs
        .into_par_iter()
        .map(|job| {
            let bytes = match job.content {
                Content::Bytes(bytes) => bytes,
                Content::File(file) => fs::read(&file).map_err(|error| unreadable(&file, &error))?,
            };
            let evidence = evidence_id(&bytes);
            let container = job.container.filter(|container| *container != evidence);
            Ok(Loaded { path: job.path, bytes, evidence, container, companions: job.companions })
        })
        .collect();
    loaded
        .into_iter()
        .filter_map(|file| {
            file.map_err(|left_out| {
                report.documents += 1;
                report.skip(left_out);
            })
            .ok()
        })
        .collect()
}

fn unreadable(file: &Path, error: &std::io::Error) -> LeftOut {
    let path = file.to_string_lossy().into_owned();
    LeftOut { path, code: "unreadable-file".to_owned(), detail: error.to_string() }
}

fn read_one(file: &Loaded, id: DocumentId, at: Timestamp, limits: &Limits, facts: &mut Facts) -> Outcome {
    let companions: Vec<(&str, &[u8])> =
        file.companions.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let mut record = DocumentRecord {
        id,
        evidence: file.evidence,
        companions: Vec::new(),
        container: file.container,
        path: file.path.clone(),
        size_bytes: file.bytes.len() as u64,
        format: String::new(),
        reader_version: 0,
        subject: String::new(),
        subject_digest: String::new(),
        tool: String::new(),
        created: None,
        learned: at,
        state: DocumentState::Accepted,
        state_since: at,
        reason: String::new(),
        occurrences: 0,
        gaps: 0,
        types: Vec::new(),
        uploader: None,
    };
    let summary = match parse(&file.bytes, &file.path, &companions, limits) {
        Parsed::NoEvidence => return Outcome::Skipped("no-evidence", "no reader recognises the content"),
        Parsed::Companion => return Outcome::Skipped("companion", "is read together with the file it belongs to"),
        Parsed::Quarantined { format, reason } => {
            record.format = format.to_owned();
            record.state = DocumentState::Quarantined;
            record.reason = reason.to_string();
            Summary::default()
        }
        Parsed::Read { format, reader_version, mut inventory, companions: used } => {
            record.format = format.to_owned();
            record.reader_version = reader_version;
            record.companions = file
                .companions
                .iter()
                .filter(|(name, _)| used.contains(&name.as_str()))
                .map(|(name, bytes)| (name.clone(), evidence_id(bytes)))
                .collect();
            facts.append(id.0, format, &mut inventory)
        }
    };
    summary.describe(&mut record);
    Outcome::Document(Box::new(record), summary)
}

impl Summary {
    /// Copies what the catalogue keeps.
    pub fn describe(&self, record: &mut DocumentRecord) {
        record.subject.clone_from(&self.subject);
        record.subject_digest.clone_from(&self.subject_digest);
        record.tool.clone_from(&self.tool);
        record.created = self.created;
        record.occurrences = self.occurrences;
        record.gaps = self.gaps;
        record.types.clone_from(&self.types);
    }
}
