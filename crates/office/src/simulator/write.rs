// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writing a nation's documents: in chunks of some million uses, each one segment a table, one evidence pack and one
//! transaction, as every intake.

use std::sync::Arc;

use underpin_formats::simulated::{FORMAT, SimulatedDocument, TEMPLATE, VERSION, vary};
use underpin_lake::{Packed, compressor, evidence_id, pack};
use underpin_ledger::Batch;
use underpin_model::document::Binding;
use underpin_model::registry::DeploymentId;
use underpin_model::{DocumentId, DocumentRecord, DocumentState, Timestamp, Viewer};

use super::government::system_id;
use super::plan::{Planned, documents};
use super::{CLOCK, SimulateOptions, SimulationReport, Template};
use crate::error::Result;
use crate::house::House;
use crate::intake::{Facts, Progress, Summary, store_facts, store_pack};

/// Uses of one chunk, about: what a laptop sorts in memory with ease.
const USES_AT_ONCE: usize = 2_000_000;

/// A nation being written.
pub struct Writing<'h> {
    house: &'h House,
    options: &'h SimulateOptions,
    templates: &'h [Template],
    workers: Vec<Facts>,
    chunks: usize,
}

/// A document as it was made.
type Made = (DocumentRecord, Packed);

impl<'h> Writing<'h> {
    /// Nothing is written yet.
    pub fn new(house: &'h House, options: &'h SimulateOptions, templates: &'h [Template]) -> Self {
        let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { house, options, templates, workers: (0..workers).map(|_| Facts::default()).collect(), chunks: 0 }
    }

    /// Writes all documents of all systems.
    pub async fn write_all(&mut self, report: &mut SimulationReport, progress: &dyn Progress) -> Result<()> {
        let sizes: Vec<usize> = self.templates.iter().map(|template| template.uses).collect();
        let (mut chunk, mut uses) = (Vec::new(), 0);
        for system in 0..self.options.systems {
            let planned = documents(self.options.seed, system, &sizes);
            uses += planned.iter().map(|document| sizes[document.template]).sum::<usize>();
            chunk.extend(planned);
            if uses >= USES_AT_ONCE || system + 1 == self.options.systems {
                self.write(std::mem::take(&mut chunk), report, progress).await?;
                uses = 0;
            }
        }
        Ok(())
    }

    async fn write(
        &mut self,
        planned: Vec<Planned>,
        report: &mut SimulationReport,
        progress: &dyn Progress,
    ) -> Result<()> {
        let writer = self.house.ledger.writer(&self.options.actor, Viewer::Operator);
        let first = writer.reserve_documents(planned.len().max(1) as u64).await?;
        let made = self.make(&planned, first, progress)?;
        self.chunks += 1;
        let tag = format!("{}-{}", self.options.tag, self.chunks);
        let tables = self.workers.iter_mut().map(Facts::take_tables).collect();
        let (segments, _) = store_facts(&self.house.lake, tables, &tag)?;
        let mut batch = Batch { segments, ..Batch::default() };
        let mut packed = self.packed_templates()?;
        for (record, bytes) in made {
            report.documents += 1;
            report.occurrences += record.occurrences;
            packed.push(bytes);
            batch.documents.push(record);
        }
        batch.bindings = planned.iter().zip(&batch.documents).map(|(plan, record)| binding(plan, record.id)).collect();
        if packed.is_empty() {
            return Ok(());
        }
        let (written, evidence) = store_pack(&self.house.lake, format!("{tag}.pack"), &packed)?;
        batch.packs.push(written);
        batch.evidence = evidence;
        writer.commit_batch(CLOCK, batch).await?;
        Ok(())
    }

    /// Templates are stored once, with the first chunk.
    fn packed_templates(&self) -> Result<Vec<Packed>> {
        if self.chunks > 1 {
            return Ok(Vec::new());
        }
        let mut compressor = compressor()?;
        let templates = self.templates.iter();
        Ok(templates
            .map(|template| pack(&mut compressor, template.evidence, &template.bytes))
            .collect::<std::result::Result<_, _>>()?)
    }

    /// Makes the documents and their rows on all cores, in the order planned.
    fn make(&mut self, planned: &[Planned], first: DocumentId, progress: &dyn Progress) -> Result<Vec<Made>> {
        let templates = self.templates;
        let share = planned.len().div_ceil(self.workers.len()).max(1);
        let work = |facts: &mut Facts, part: usize, planned: &[Planned]| -> Result<Vec<Made>> {
            let mut compressor = compressor()?;
            let mut made = Vec::with_capacity(planned.len());
            for (id, plan) in (first.0 + (part * share) as i64..).zip(planned) {
                let (bytes, record) = make_one(&templates[plan.template], plan, DocumentId(id), facts);
                made.push((record.clone(), pack(&mut compressor, record.evidence, &bytes)?));
                progress.advance(1, record.occurrences);
            }
            Ok(made)
        };
        let parts: Vec<Result<Vec<Made>>> = std::thread::scope(|scope| {
            let workers = self.workers.iter_mut().zip(planned.chunks(share)).enumerate();
            let running: Vec<_> =
                workers.map(|(part, (facts, planned))| scope.spawn(move || work(facts, part, planned))).collect();
            let join = |worker: std::thread::ScopedJoinHandle<'_, Result<Vec<Made>>>| {
                worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            running.into_iter().map(join).collect()
        });
        let mut made = Vec::with_capacity(planned.len());
        for part in parts {
            made.extend(part?);
        }
        Ok(made)
    }
}

/// One document: its bytes, and what the catalogue keeps; its rows go to `facts`.
pub(super) fn make_one(
    template: &Template,
    plan: &Planned,
    id: DocumentId,
    facts: &mut Facts,
) -> (Vec<u8>, DocumentRecord) {
    let document = SimulatedDocument {
        format: 1,
        seed: plan.seed,
        template: template.evidence.to_string().into(),
        template_name: template.name.as_str().into(),
        subject: plan.subject.as_str().into(),
        tool: template.inventory.tools.first().map(|tool| &*tool.name).unwrap_or_default().into(),
        created: plan.created.to_string().into(),
    };
    let bytes = document.to_bytes();
    let (mut inventory, kept) = vary(&document, &template.inventory);
    let identities: Vec<_> =
        kept.iter().filter_map(|index| template.identities.get(*index as usize)).map(Arc::clone).collect();
    let summary = facts.append_identified(id.0, FORMAT, &mut inventory, &identities);
    let record = record(template, plan, id, &bytes, &summary);
    (bytes, record)
}

fn record(template: &Template, plan: &Planned, id: DocumentId, bytes: &[u8], summary: &Summary) -> DocumentRecord {
    let mut record = DocumentRecord {
        id,
        evidence: evidence_id(bytes),
        companions: vec![(TEMPLATE.to_owned(), template.evidence)],
        container: None,
        path: format!("nation/{}-{}.json", plan.subject, plan.created.date()),
        size_bytes: bytes.len() as u64,
        format: FORMAT.to_owned(),
        reader_version: VERSION,
        subject: String::new(),
        subject_digest: String::new(),
        tool: String::new(),
        created: None,
        learned: CLOCK,
        state: DocumentState::Accepted,
        state_since: CLOCK,
        reason: String::new(),
        occurrences: 0,
        gaps: 0,
        types: Vec::new(),
        uploader: None,
    };
    summary.describe(&mut record);
    record
}

fn binding(plan: &Planned, document: DocumentId) -> Binding {
    Binding {
        document,
        system: system_id(plan.system),
        deployment: plan.production_only.then(|| DeploymentId("production".to_owned())),
        origin: "manifest".to_owned(),
        from: CLOCK,
        until: Timestamp::MAX,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use underpin_lake::{Rows, TableRows};
    use underpin_model::Limits;

    use super::super::templates::gather;
    use super::*;
    use crate::intake::{Parsed, parse};

    /// An SBOM with a graph, a package named twice, one without a purl, and one without a version.
    const BOM: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"tools":[{"name":"maker","version":"1"}],
        "component":{"bom-ref":"app","type":"application","name":"app","version":"1"}},"components":[
        {"bom-ref":"a","type":"library","name":"a","version":"1","purl":"pkg:npm/a@1","hashes":[{"alg":"SHA-1","content":"0123456789012345678901234567890123456789"}]},
        {"bom-ref":"a2","type":"library","name":"a","version":"1","purl":"pkg:npm/a@1?arch=x","scope":"optional"},
        {"bom-ref":"b","type":"framework","name":"b","version":"2","supplier":{"name":"S"}},
        {"bom-ref":"c","type":"library","name":"c","purl":"pkg:maven/g/c"},
        {"bom-ref":"d","type":"library","name":"d","version":"4","purl":"pkg:deb/debian/d@4?distro=debian-12"},
        {"bom-ref":"e","type":"library","name":"e","version":"5","purl":"not a purl"},
        {"bom-ref":"f","type":"library","name":"f","version":"6","purl":"pkg:npm/f@6","licenses":[{"license":{"id":"MIT"}}]}],
        "dependencies":[{"ref":"app","dependsOn":["a","b"]},{"ref":"a","dependsOn":["c","d"]},{"ref":"b","dependsOn":["a2","b"]}]}"#;

    fn template() -> Template {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("bom.json"), BOM).expect("writes");
        let limits = Limits::default();
        gather(&[folder.path().to_owned()], 1, &limits).expect("a template").remove(0)
    }

    fn rows(facts: &mut Facts) -> Vec<Rows> {
        facts.take_tables().into_iter().map(|table| TableRows::finish(table).expect("a batch")).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// The nation is written without reading its documents: a reader must find exactly the same in them.
        #[test]
        fn what_is_written_is_what_a_reader_finds(seed in any::<u64>()) {
            let template = template();
            let plan = Planned {
                system: 3,
                template: 0,
                seed: seed >> 11,
                subject: "system-000003/web".to_owned(),
                created: CLOCK,
                production_only: false,
            };
            let mut fast = Facts::default();
            let (bytes, record) = make_one(&template, &plan, DocumentId(5), &mut fast);
            let limits = Limits::default();
            let companions = [(TEMPLATE, template.bytes.as_slice())];
            let Parsed::Read { format, reader_version, mut inventory } =
                parse(&bytes, &record.path, &companions, &limits)
            else { panic!("not read") };
            prop_assert_eq!((format, reader_version), (FORMAT, VERSION));
            let mut slow = Facts::default();
            let summary = slow.append(5, format, &mut inventory);
            let mut read = record.clone();
            summary.describe(&mut read);
            prop_assert_eq!(&read, &record);
            prop_assert!(record.occurrences >= 3, "{}", record.occurrences);
            prop_assert_eq!(rows(&mut fast), rows(&mut slow));
        }
    }
}
