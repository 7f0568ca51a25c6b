// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A batch on its way to being durable.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use underpin_lake::{Packed, compressor, pack};
use underpin_ledger::{Batch, DocumentKey, EvidenceState, Snapshot};
use underpin_model::people::Act;
use underpin_model::registry::AgencyId;
use underpin_model::{DocumentId, DocumentRecord, DocumentState, EvidenceId, Timestamp, Viewer};

use super::binding::{Binder, binding, deployment_text, outermost};
use super::commit::commit;
use super::document::{Outcome, names_systems, read_one, summarise};
use super::facts::{Facts, Summary};
use super::job::Job;
use super::load::{Loaded, load, wholes};
use super::numbers::Numbers;
use super::store::{store_facts, store_pack};
use super::uploader::uploader;
use super::{AddOptions, AddReport, Durable, Fate, LeftOut, OutcomeCode, Progress, Target};
use crate::coordinator::names::agency_in;
use crate::error::{OfficeError, Result};
use crate::house::House;

/// A running intake.
pub struct Intake<'h> {
    house: &'h House,
    options: &'h AddOptions,
    uploader: Option<AgencyId>,
    /// Who hands in single files, where it is not the same for all.
    pub(super) uploaders: HashMap<String, Option<AgencyId>>,
    at: Timestamp,
    started: Instant,
    pub(super) binder: Binder,
    known: HashMap<DocumentKey, DocumentId>,
    known_evidence: HashMap<EvidenceId, EvidenceState>,
    /// Documents that were read together with others, by their own bytes.
    accompanied: HashMap<EvidenceId, DocumentId>,
    /// What the viewer may see of the documents; `None` for all of them.
    visible: Option<HashSet<DocumentId>>,
    /// Documents that are there and do not count.
    resting: HashMap<DocumentId, DocumentState>,
    bindings: HashSet<(DocumentId, String, String)>,
    /// What documents are about, for binding the same bytes again.
    subjects: HashMap<DocumentId, Subject>,
    workers: Vec<Facts>,
    numbers: Arc<Numbers>,
    versions: HashSet<i64>,
    batches: u64,
    pub(super) report: AddReport,
}

/// What is known of a document for binding it.
struct Subject {
    summary: Summary,
    /// False when only what the catalogue keeps is known.
    is_whole: bool,
    format: String,
}

/// The files of a batch, by what is known of their bytes.
#[derive(Default)]
struct Sorted {
    /// New bytes.
    fresh: Vec<Loaded>,
    /// Positions of those among them that are known, but not to this viewer.
    unseen: HashSet<usize>,
    /// Bytes of a document that is there already.
    known: Vec<(Loaded, DocumentId)>,
    /// The same bytes as another file of the batch: path and position of that file.
    twins: Vec<(String, usize)>,
    /// Files with a part that was purged: they must not come back as a whole.
    tainted: HashSet<EvidenceId>,
}

/// What one worker made of its share of a batch.
#[derive(Default)]
struct Share {
    outcomes: Vec<(usize, Outcome)>,
    packed: Vec<Packed>,
}

impl<'h> Intake<'h> {
    pub async fn begin(house: &'h House, options: &'h AddOptions, at: Timestamp) -> Result<Self> {
        house.check_viewer(&options.viewer, at).await?;
        let snapshot = house.ledger.reader(options.viewer.clone(), at).snapshot(at).await?;
        Self::begin_with(house, options, at, &snapshot).await
    }

    /// The same with a snapshot that was taken for the viewer just now.
    pub async fn begin_with(
        house: &'h House,
        options: &'h AddOptions,
        at: Timestamp,
        snapshot: &Snapshot,
    ) -> Result<Self> {
        let started = Instant::now();
        let writer = house.ledger.writer(&options.actor, options.viewer.clone());
        let mut binder = Binder::new(&options.target, snapshot)?;
        if let Target::AsSystems(agency) = &options.target {
            prepare_onboarding(house, &mut binder, agency, &options.viewer, snapshot).await?;
        }
        let bindings = snapshot
            .bindings
            .iter()
            .map(|binding| (binding.document, binding.system.0.clone(), deployment_text(binding)))
            .collect();
        let subject = |record: &DocumentRecord| Subject {
            summary: Summary::kept(record),
            is_whole: false,
            format: record.format.clone(),
        };
        let accompanied = snapshot.documents.iter().filter(|record| !record.companions.is_empty());
        // As many as whoever called gives to such work.
        let workers = rayon::current_num_threads();
        let numbers = house.numbers.live(&house.lake, &snapshot.segments)?;
        let resting = snapshot.documents.iter().filter(|record| record.state != DocumentState::Accepted);
        Ok(Self {
            resting: resting.map(|record| (record.id, record.state)).collect(),
            binder,
            bindings,
            uploader: uploader(options, snapshot)?,
            uploaders: HashMap::new(),
            subjects: snapshot.documents.iter().map(|record| (record.id, subject(record))).collect(),
            accompanied: accompanied.map(|record| (record.evidence, record.id)).collect(),
            visible: (!options.viewer.is_operator())
                .then(|| snapshot.documents.iter().map(|record| record.id).collect()),
            known: writer.known_documents().await?,
            known_evidence: writer.known_evidence().await?,
            workers: std::iter::repeat_with(|| Facts::numbered(&numbers)).take(workers).collect(),
            numbers,
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
        let loaded = load(jobs, self.house.limits());
        let sorted = self.without_repetitions(loaded);
        let writer = self.house.ledger.writer(&self.options.actor, self.options.viewer.clone());
        let first = writer.reserve_documents(sorted.fresh.len().max(1) as u64).await?;
        let shares = self.read(&sorted.fresh, first, progress)?;
        let (batch, written) = self.collect(&sorted, shares)?;
        if batch.documents.is_empty() && batch.bindings.is_empty() && batch.registry.is_empty() {
            return Ok(());
        }
        self.versions.extend(written);
        let handed_in: HashMap<DocumentId, DocumentRecord> =
            batch.documents.iter().map(|record| (record.id, record.clone())).collect();
        let writer = match progress.announcer() {
            Some(announcer) => writer.announcing(announcer),
            None => writer,
        };
        let committed = commit(self.house, &self.numbers, &writer, self.at, batch).await?;
        for (refused, existing) in &committed.conflicts {
            if let Some(record) = handed_in.get(refused) {
                self.conceded(record, *existing);
            }
        }
        let documents = committed.accepted.iter().map(|document| document.0).collect();
        progress.durable(&Durable { batch: self.batches, documents, revision: committed.revision });
        Ok(())
    }

    /// The same bytes are there already, from another process or out of the viewer's sight: they are that document
    /// from now on. Who could see it is told; for everybody else it came in now.
    fn conceded(&mut self, record: &DocumentRecord, existing: DocumentId) {
        self.known.insert(DocumentKey::of_document(record), existing);
        self.report.is_another(&record.path, existing);
        if let Some(subject) = self.subjects.remove(&record.id) {
            self.subjects.insert(existing, subject);
        }
        if let Some(visible) = &mut self.visible
            && visible.insert(existing)
        {
            return;
        }
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
        self.report.repeat_after_all(&record.path, existing, &self.resting);
    }

    fn sees(&self, document: DocumentId) -> bool {
        self.visible.as_ref().is_none_or(|visible| visible.contains(&document))
    }

    /// Sets aside what is known already, and what is repeated within the batch.
    fn without_repetitions(&mut self, loaded: Vec<std::result::Result<Loaded, LeftOut>>) -> Sorted {
        let mut sorted = Sorted::default();
        let mut here: HashMap<DocumentKey, usize> = HashMap::new();
        for file in loaded {
            self.report.documents += 1;
            let file = match file {
                Ok(file) => file,
                Err(left_out) => {
                    self.report.skip(left_out);
                    continue;
                }
            };
            self.report.bytes += file.bytes.len() as u64;
            let known = self.known_document(&file);
            if self.known_evidence.get(&file.evidence) == Some(&EvidenceState::Purged) {
                let detail = "these bytes were purged by four eyes and must not come back".to_owned();
                sorted.tainted.extend(file.whole.as_ref().map(|whole| whole.evidence));
                self.report.skip(LeftOut::new(file.path, OutcomeCode::Purged, detail));
            } else if let Some(document) = known.filter(|document| self.sees(*document)) {
                self.report.repeat(&file.path, document, &self.resting);
                sorted.known.push((file, document));
            } else if let Some(first) = here.get(&file.key()) {
                sorted.twins.push((file.path, *first));
            } else {
                here.insert(file.key(), sorted.fresh.len());
                if known.is_some() {
                    sorted.unseen.insert(sorted.fresh.len());
                }
                sorted.fresh.push(file);
            }
        }
        sorted
    }

    /// The document with these bytes. A file that comes alone is the same as one that came with more; one that comes
    /// with more says more, and is new.
    fn known_document(&self, file: &Loaded) -> Option<DocumentId> {
        let accompanied = || file.companion_ids.is_empty().then(|| self.accompanied.get(&file.evidence)).flatten();
        self.known.get(&file.key()).or_else(accompanied).copied()
    }

    fn read(&mut self, files: &[Loaded], first: DocumentId, progress: &dyn Progress) -> Result<Vec<Share>> {
        let next = AtomicUsize::new(0);
        let (limits, uploaders) = (self.house.limits(), (&self.uploaders, &self.uploader));
        let (at, trust) = (self.at, self.house.trust()?);
        let known = &self.known_evidence;
        let work = |facts: &mut Facts| -> Result<Share> {
            let mut compressor = compressor()?;
            let mut share = Share::default();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(file) = files.get(index) else { return Ok(share) };
                let id = DocumentId(first.0 + index as i64);
                let outcome = read_one(file, id, (at, &trust), limits, facts);
                if let Outcome::Document(mut record, summary) = outcome {
                    record.uploader.clone_from(uploaders.0.get(outermost(&file.path)).unwrap_or(uploaders.1));
                    if !known.contains_key(&file.evidence) {
                        share.packed.push(pack(&mut compressor, file.evidence, &file.bytes)?);
                    }
                    for ((_, bytes), (_, evidence)) in file.companions.iter().zip(&file.companion_ids) {
                        if !known.contains_key(evidence) {
                            share.packed.push(pack(&mut compressor, *evidence, bytes)?);
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
    fn collect(&mut self, sorted: &Sorted, shares: Vec<Share>) -> Result<(Batch, Vec<i64>)> {
        let mut batch = Batch::default();
        let (mut packed, mut outcomes) = (Vec::new(), Vec::new());
        for share in shares {
            packed.extend(share.packed);
            outcomes.extend(share.outcomes);
        }
        outcomes.sort_by_key(|(index, _)| *index);
        let accounted = self.account_all(sorted, outcomes, &mut batch);
        for (path, first) in &sorted.twins {
            self.account_twin(path, &sorted.fresh[*first].path, accounted.get(first), &mut batch);
        }
        for (file, document) in &sorted.known {
            let summary = self.summary_of(file, *document);
            self.bind(*document, &file.path, &summary, &mut batch);
        }
        batch.registry = self.binder.take_changes();
        self.report.systems_created = self.binder.created;
        self.report.unresolved_systems.extend(self.binder.take_unresolved());
        let new = sorted.fresh.iter().enumerate().filter(|(index, _)| accounted.contains_key(index));
        packed.extend(self.pack_wholes(new.map(|(_, file)| file), &sorted.tainted)?);
        self.batches += 1;
        let tag = format!("{}-{}", self.options.tag, self.batches);
        let tables = self.workers.iter_mut().map(Facts::take_tables).collect();
        let (segments, versions) = store_facts(&self.house.lake, tables, &tag)?;
        batch.segments = segments;
        self.store(packed, &tag, &mut batch)?;
        Ok((batch, versions))
    }

    /// Files that hold several documents are kept beside these, as long as one of them is new.
    fn pack_wholes<'f>(
        &self,
        files: impl Iterator<Item = &'f Loaded>,
        tainted: &HashSet<EvidenceId>,
    ) -> Result<Vec<Packed>> {
        let mut compressor = compressor()?;
        let new = wholes(files)
            .into_iter()
            .filter(|whole| !self.known_evidence.contains_key(&whole.evidence) && !tainted.contains(&whole.evidence));
        new.map(|whole| Ok(pack(&mut compressor, whole.evidence, &whole.bytes)?)).collect()
    }

    /// Writes the pack of the batch, durably.
    fn store(&mut self, mut packed: Vec<Packed>, tag: &str, batch: &mut Batch) -> Result<()> {
        packed.retain({
            let known = &mut self.known_evidence;
            move |piece| known.insert(piece.evidence, EvidenceState::Stored).is_none()
        });
        if packed.is_empty() {
            return Ok(());
        }
        let (written, evidence) = store_pack(&self.house.lake, format!("{tag}.pack"), &packed)?;
        batch.packs.push(written);
        batch.evidence = evidence;
        Ok(())
    }

    /// Accounts for everything that was read. Gives the new documents by position.
    fn account_all(
        &mut self,
        sorted: &Sorted,
        outcomes: Vec<(usize, Outcome)>,
        batch: &mut Batch,
    ) -> HashMap<usize, (DocumentId, Summary)> {
        let mut accounted = HashMap::new();
        for (index, outcome) in outcomes {
            let path = &sorted.fresh[index].path;
            let skipped = |code, detail: &str| LeftOut::new(path.as_str(), code, detail);
            match outcome {
                Outcome::Skipped(code, detail) => self.report.skip(skipped(code, detail)),
                // Such bytes can become visible through a system of the viewer's own, and in no other way.
                Outcome::Document(_, summary)
                    if sorted.unseen.contains(&index) && self.binder.systems_of(path, &summary).is_empty() =>
                {
                    self.report
                        .skip(skipped(OutcomeCode::SystemNeeded, "say which system they are about, with --system"));
                }
                Outcome::Document(record, summary) => {
                    let document = record.id;
                    self.account(*record, &summary, batch);
                    accounted.insert(index, (document, summary));
                }
            }
        }
        accounted
    }

    /// What a known document is about; read again where the catalogue does not keep what the binding asks for.
    fn summary_of(&mut self, file: &Loaded, document: DocumentId) -> Summary {
        let looks_at_purls = self.binder.looks_at_purls();
        let Some(subject) = self.subjects.get_mut(&document) else { return summarise(file, self.house.limits()) };
        if !subject.is_whole && (looks_at_purls || names_systems(&subject.format)) {
            subject.summary = summarise(file, self.house.limits());
            subject.is_whole = true;
        }
        subject.summary.clone()
    }

    fn account(&mut self, record: DocumentRecord, summary: &Summary, batch: &mut Batch) {
        self.known.insert(DocumentKey::of_document(&record), record.id);
        self.report.gaps += record.gaps;
        self.report.occurrences += record.occurrences;
        self.report.tell(|| Fate::of_document(&record));
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
        let subject = Subject { summary: summary.clone(), is_whole: true, format: record.format.clone() };
        self.subjects.insert(record.id, subject);
        if !record.companions.is_empty() {
            self.accompanied.insert(record.evidence, record.id);
        }
        if let Some(visible) = &mut self.visible {
            visible.insert(record.id);
        }
        batch.documents.push(record);
    }

    /// A file with the same bytes as another of the batch adds a binding and nothing else.
    fn account_twin(&mut self, path: &str, first: &str, known: Option<&(DocumentId, Summary)>, batch: &mut Batch) {
        match known {
            Some((document, summary)) => {
                self.report.repeat(path, *document, &self.resting);
                self.bind(*document, path, summary, batch);
            }
            None => {
                let detail = format!("the same bytes as {first}");
                self.report.skip(LeftOut::new(path, OutcomeCode::NoEvidence, detail));
            }
        }
    }

    fn bind(&mut self, document: DocumentId, path: &str, summary: &Summary, batch: &mut Batch) {
        let systems = self.binder.systems_of(path, summary);
        if systems.is_empty() && !self.bindings.iter().any(|(bound, _, _)| *bound == document) {
            self.report.unbound += 1;
        }
        for bound in systems {
            self.report.is_about(path, &bound.system);
            let binding = binding(document, bound, self.at);
            if self.bindings.insert((document, binding.system.0.clone(), deployment_text(&binding))) {
                self.report.bound += 1;
                batch.bindings.push(binding);
            }
        }
    }

    /// Everything is durable: the sum. Small segments are put together.
    pub async fn finish(self, left_out: Vec<LeftOut>) -> Result<AddReport> {
        let (house, tag, at) = (self.house, &self.options.tag, self.at);
        let mut report = self.sum(left_out);
        // The documents are in; the next intake tries again to put their segments together.
        if let Err(error) = crate::maintenance::compact_if_needed(house, tag, at).await {
            report.notes.push(format!("everything is stored, but small files could not be put together: {error}"));
        }
        Ok(report)
    }

    /// Everything is durable: the sum.
    pub fn sum(mut self, left_out: Vec<LeftOut>) -> AddReport {
        self.report.documents += left_out.len() as u64;
        for file in left_out {
            self.report.skip(file);
        }
        self.report.unused_rows = self.binder.unused_rows(&self.report.skipped_files);
        self.report.package_versions = self.versions.len() as u64;
        self.report.seconds = self.started.elapsed().as_secs_f64();
        self.report
    }
}

/// Agencies and systems that were ever there are never made anew: that would overwrite what is planned or past.
async fn prepare_onboarding(
    house: &House,
    binder: &mut Binder,
    agency: &AgencyId,
    viewer: &Viewer,
    snapshot: &Snapshot,
) -> Result<()> {
    let everything = house.ledger.operator_reader();
    binder.never_again(everything.system_identifiers().await?);
    if snapshot.agencies.iter().any(|known| known.id == *agency) {
        return Ok(());
    }
    if !viewer.may_everywhere(Act::Register) {
        return agency_in(snapshot, &agency.0).map(|_| ());
    }
    if !everything.history_of_agency(agency).await?.is_empty() {
        let message =
            format!("agency {agency} is registered, but not for this moment: it has ended or is still to begin");
        return Err(OfficeError::new("agency-not-active", message)
            .hint(format!("`underpin registry show agency {agency} --history` shows since when and until when")));
    }
    binder.establish(agency);
    Ok(())
}
