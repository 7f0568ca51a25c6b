// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writing a province: its uses in chunks that fit into memory, each sorted and written as pieces that nobody knows of; then the
//! pieces put together to one segment for each table and order; then one transaction that names them, with the systems, their
//! documents and the pack of originals.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use hashbrown::HashMap;
use rayon::prelude::*;
use underpin_assess::identity::{Identity, resolve};
use underpin_formats::continent::{
    CLOCK, FORMAT, PackageVersion, Planned, VERSION, contents, documents, inventory, whole_component,
};
use underpin_lake::{DocumentSet, Packed, SegmentRef, Table, compact, compressor, evidence_id, pack};
use underpin_ledger::{Batch, NewSegment, RegistryChange};
use underpin_model::document::Binding;
use underpin_model::registry::DeploymentId;
use underpin_model::{DocumentId, DocumentRecord, DocumentState, Timestamp, Viewer};

use super::ContinentOptions;
use super::plan::Province;
use crate::error::Result;
use crate::house::House;
use crate::intake::{Facts, Progress, new_segment, store_facts, store_pack};
use crate::simulator::government::{self, Tree, system_id};

/// Identities kept for the documents to come, by all cores together: as many on a large machine as on a small one.
const IDENTITIES_KEPT: usize = 400_000;

/// A continent being written.
pub(super) struct Builder<'h> {
    house: &'h House,
    options: &'h ContinentOptions,
    tree: Tree,
    workers: Vec<Worker>,
}

/// What one core makes.
pub(super) struct Worker {
    pub(super) facts: Facts,
    /// Those of the documents before; never more than `identities_kept` when a document begins.
    pub(super) identities: HashMap<PackageVersion, Arc<Identity>>,
    identities_kept: usize,
}

/// A document as it was made.
type Made = (DocumentRecord, Packed);

impl<'h> Builder<'h> {
    /// Nothing is written yet.
    pub(super) fn new(house: &'h House, options: &'h ContinentOptions, tree: Tree) -> Self {
        let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let workers = (0..workers).map(|_| Worker::keeping(IDENTITIES_KEPT / workers)).collect();
        Self { house, options, tree, workers }
    }

    /// Writes a province, all or nothing.
    pub(super) async fn write(&mut self, province: &Province, progress: &dyn Progress) -> Result<()> {
        let writer = self.house.ledger.writer(&self.options.actor, Viewer::Operator);
        let first = writer.reserve_documents(province.documents.max(1)).await?;
        let tag = format!("{}-{}", self.options.tag, province.first);
        let mut batch = Batch::default();
        let (mut packed, mut pieces) = (Vec::new(), Vec::new());
        let (mut chunk, mut uses, mut next) = (Vec::new(), 0, first);
        for system in province.first..province.end {
            self.register(system, &mut batch.registry);
            for document in documents(self.options.seed, system) {
                uses += u64::from(document.uses);
                chunk.push(document);
            }
            if uses < self.options.uses_at_once && system + 1 < province.end {
                continue;
            }
            let made = self.make(&chunk, next, progress)?;
            next = DocumentId(next.0.saturating_add(chunk.len() as i64));
            let tables = self.workers.iter_mut().map(|worker| worker.facts.take_tables()).collect();
            pieces.push(store_facts(&self.house.lake, tables, &format!("{tag}-piece-{}", pieces.len()))?.0);
            for ((record, bytes), document) in made.into_iter().zip(&chunk) {
                batch.bindings.push(binding(document, record.id));
                batch.documents.push(record);
                packed.push(bytes);
            }
            chunk.clear();
            uses = 0;
        }
        batch.segments = self.put_together(pieces, (first, next), &tag)?;
        if !packed.is_empty() {
            let (written, evidence) = store_pack(&self.house.lake, format!("{tag}.pack"), &packed)?;
            batch.packs.push(written);
            batch.evidence = evidence;
        }
        writer.commit_batch(CLOCK, batch).await?;
        Ok(())
    }

    fn register(&self, system: u64, changes: &mut Vec<RegistryChange>) {
        let (system, deployments) = government::system(self.tree, self.options.seed, system as usize);
        changes.push(RegistryChange::PutSystem(system));
        changes.extend(deployments.into_iter().map(RegistryChange::PutDeployment));
    }

    /// Makes documents and their rows on all cores, in the order planned.
    fn make(&mut self, planned: &[Planned], first: DocumentId, progress: &dyn Progress) -> Result<Vec<Made>> {
        let share = planned.len().div_ceil(self.workers.len()).max(1);
        let work = |worker: &mut Worker, part: usize, planned: &[Planned]| -> Result<Vec<Made>> {
            let mut compressor = compressor()?;
            let mut made = Vec::with_capacity(planned.len());
            for (id, document) in (first.0 + (part * share) as i64..).zip(planned) {
                let (bytes, record) = worker.make(document, DocumentId(id));
                made.push((record.clone(), pack(&mut compressor, record.evidence, &bytes)?));
                progress.advance(1, record.occurrences);
            }
            Ok(made)
        };
        let workers = self.workers.par_iter_mut().zip(planned.par_chunks(share)).enumerate();
        let parts: Vec<Vec<Made>> =
            workers.map(|(part, (worker, planned))| work(worker, part, planned)).collect::<Result<_>>()?;
        Ok(parts.into_iter().flatten().collect())
    }

    /// One segment for each table and order, of these documents; the pieces go.
    fn put_together(
        &self,
        mut pieces: Vec<Vec<NewSegment>>,
        (first, end): (DocumentId, DocumentId),
        tag: &str,
    ) -> Result<Vec<NewSegment>> {
        if pieces.len() < 2 {
            return Ok(pieces.pop().unwrap_or_default());
        }
        let mut keep = DocumentSet::new();
        (first.0..end.0).for_each(|document| keep.insert(document));
        let keep = Arc::new(keep);
        let mut groups: BTreeMap<(String, String), Vec<SegmentRef>> = BTreeMap::new();
        for NewSegment { table, order, path, rows, bytes, .. } in pieces.into_iter().flatten() {
            let piece = SegmentRef { table: table.clone(), order: order.clone(), path, rows, bytes };
            groups.entry((table, order)).or_default().push(piece);
        }
        let lake = &self.house.lake;
        let merge = |((table, order), inputs): ((String, String), Vec<SegmentRef>)| -> Result<Option<NewSegment>> {
            let Some(table) = Table::named(&table) else { return Ok(None) };
            let Some((order, _)) = table.orders.iter().find(|(name, _)| *name == order) else { return Ok(None) };
            let written = compact(lake, table, order, &inputs, &keep, tag)?;
            inputs.iter().try_for_each(|input| lake.segments.remove(&input.path))?;
            Ok(Some(new_segment(written)))
        };
        let merged: Vec<Option<NewSegment>> = groups.into_par_iter().map(merge).collect::<Result<_>>()?;
        lake.segments.sync()?;
        // Nobody asks here yet: what is held open of the pieces goes with them.
        lake.keep_open_only(&HashSet::new());
        Ok(merged.into_iter().flatten().collect())
    }
}

impl Worker {
    /// One that keeps so many identities from one document to the next.
    pub(super) fn keeping(identities_kept: usize) -> Self {
        Self { facts: Facts::default(), identities: HashMap::new(), identities_kept }
    }

    /// One document: its bytes, and what the catalogue keeps; its rows go to the facts.
    pub(super) fn make(&mut self, document: &Planned, id: DocumentId) -> (Vec<u8>, DocumentRecord) {
        let bytes = document.to_bytes();
        let stated = contents(document);
        let mut inventory = inventory(document, &stated, false);
        if self.identities.len() > self.identities_kept {
            self.identities.clear();
        }
        let mut identities = Vec::with_capacity(inventory.components.len());
        identities
            .extend(inventory.components.first().map(|artefact| Arc::new(resolve(artefact, document.distribution()))));
        for package in &stated.uses {
            let known = |package: &PackageVersion| resolve(&whole_component(package), document.distribution());
            // What one system brought in comes up nowhere else.
            if package.is_own() {
                identities.push(Arc::new(known(package)));
                continue;
            }
            let identity = self.identities.entry(*package).or_insert_with(|| Arc::new(known(package)));
            identities.push(Arc::clone(identity));
        }
        let summary = self.facts.append_identified(id.0, FORMAT, &mut inventory, &identities);
        let mut record = DocumentRecord {
            id,
            evidence: evidence_id(&bytes),
            companions: Vec::new(),
            container: None,
            path: format!("continent/{}-{}.json", document.subject(), document.created.date()),
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
        (bytes, record)
    }
}

fn binding(document: &Planned, id: DocumentId) -> Binding {
    Binding {
        document: id,
        system: system_id(document.system as usize),
        deployment: document.production_only.then(|| DeploymentId("production".to_owned())),
        origin: "manifest".to_owned(),
        from: CLOCK,
        until: Timestamp::MAX,
    }
}
