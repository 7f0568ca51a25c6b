// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The simulated nation: a government of any size from real package sets, always the same for the same seed.
//!
//! A document of the nation is a few bytes: a seed and the digest of a real document, the template
//! ([`underpin_formats::simulated`]). Each template is read once; the facts of every document are made from that
//! without parsing, by the same function that the reader uses, and written in large segments. Licences, digests, CPEs
//! and the like are left out, so that sixty thousand systems fit on a laptop.
//!
//! The nation's clock stands still, so that its answers never change. A simulation that was interrupted is not
//! continued: begin again in an empty directory.

pub(crate) mod government;
mod plan;
mod templates;
mod verify;
mod write;

use std::path::PathBuf;
use std::time::Instant;

use serde::Serialize;
use underpin_formats::simulated::Seeded;
use underpin_model::{Timestamp, Viewer};

use crate::error::{OfficeError, Result};
use crate::house::{House, operator_only};
use crate::intake::Progress;
use crate::maintenance::{collect_garbage, compact_beyond};
use government::Tree;
use templates::{Template, gather};

pub use verify::{Disagreement, Verification};

/// The moment at which a nation's clock stands: 2026-06-01T00:00:00Z.
pub const CLOCK: Timestamp = Timestamp(1_780_272_000_000_000);

/// Systems registered in one transaction.
const SYSTEMS_AT_ONCE: usize = 10_000;

/// What to simulate.
#[derive(Clone, Debug)]
pub struct SimulateOptions {
    /// Decides everything.
    pub seed: u64,
    /// Number of systems.
    pub systems: usize,
    /// Where real documents lie.
    pub templates: Vec<PathBuf>,
    /// Who runs the command, for the audit chain.
    pub actor: String,
    /// Makes file names unique.
    pub tag: String,
}

/// What became of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SimulationReport {
    /// Seed.
    pub seed: u64,
    /// Agencies on all levels.
    pub agencies: u64,
    /// Systems.
    pub systems: u64,
    /// Deployments.
    pub deployments: u64,
    /// Real documents that it was made from.
    pub templates: u64,
    /// Documents.
    pub documents: u64,
    /// Uses: package versions in documents.
    pub occurrences: u64,
    /// Bytes on disk: ledger, evidence and facts.
    pub bytes: u64,
    /// The moment at which its clock stands.
    pub clock: Timestamp,
    /// Seconds for all of it.
    pub seconds: f64,
    /// Seconds for each step.
    pub steps: Vec<(&'static str, f64)>,
}

/// A stream of its own for everything that is decided by chance.
fn numbers(seed: u64, about: &str, number: usize) -> Seeded {
    let about = about.bytes().fold(0, |sum: u64, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mixed = [seed, about, number as u64].map(|part| Seeded::new(part).next_number());
    Seeded::new(mixed[0] ^ mixed[1].rotate_left(21) ^ mixed[2].rotate_left(42))
}

/// Seconds of each step.
pub(crate) struct Stopwatch {
    started: Instant,
    last: Instant,
    pub(crate) steps: Vec<(&'static str, f64)>,
}

impl Stopwatch {
    pub(crate) fn new() -> Self {
        let started = Instant::now();
        Self { started, last: started, steps: Vec::new() }
    }

    pub(crate) fn lap(&mut self, step: &'static str) {
        self.steps.push((step, self.last.elapsed().as_secs_f64()));
        self.last = Instant::now();
    }
}

impl House {
    /// Builds a nation in this house, which must be empty. Gives what was built.
    ///
    /// # Errors
    /// `not-empty`, `no-templates`, and when the store is full.
    pub async fn simulate(
        &self,
        viewer: &Viewer,
        options: &SimulateOptions,
        progress: &dyn Progress,
    ) -> Result<SimulationReport> {
        operator_only(viewer, "build a nation")?;
        let mut watch = Stopwatch::new();
        self.must_be_empty().await?;
        self.fix_clock(&options.actor, CLOCK).await?;
        let templates = gather(&options.templates, options.seed, self.limits())?;
        watch.lap("read the templates");
        let mut report = SimulationReport {
            seed: options.seed,
            systems: options.systems as u64,
            templates: templates.len() as u64,
            clock: CLOCK,
            ..SimulationReport::default()
        };
        self.register(options, &mut report).await?;
        watch.lap("register the government");
        write::Writing::new(self, options, &templates).write_all(&mut report, progress).await?;
        drop(templates);
        watch.lap("write documents and facts");
        compact_beyond(self, 1, &options.tag, CLOCK).await?;
        watch.lap("put the segments together");
        // Nobody else reads here yet: what was replaced can go at once.
        let grace = i64::try_from(self.limits().garbage_grace_seconds).unwrap_or(i64::MAX).saturating_add(1);
        collect_garbage(self, Timestamp(CLOCK.0.saturating_add(grace.saturating_mul(1_000_000)))).await?;
        watch.lap("remove what was replaced");
        report.bytes = size_of(&self.settings.data) + self.size_of_other_store();
        report.seconds = watch.started.elapsed().as_secs_f64();
        report.steps = watch.steps;
        Ok(report)
    }

    async fn must_be_empty(&self) -> Result<()> {
        let snapshot = self.ledger.operator_reader().snapshot(Timestamp::MAX).await?;
        if snapshot.agencies.is_empty() && snapshot.systems.is_empty() && snapshot.documents.is_empty() {
            return Ok(());
        }
        let (systems, documents) = (snapshot.systems.len(), snapshot.documents.len());
        Err(OfficeError::new(
            "not-empty",
            format!("this data directory holds {systems} systems and {documents} documents"),
        )
        .hint("a nation is built in a directory of its own: name one with --data"))
    }

    async fn register(&self, options: &SimulateOptions, report: &mut SimulationReport) -> Result<()> {
        use underpin_ledger::RegistryChange;
        let tree = Tree::of(options.systems);
        let writer = self.ledger.writer(&options.actor, Viewer::Operator);
        writer.apply_registry(CLOCK, tree.changes(options.seed)).await?;
        report.agencies = tree.len() as u64;
        let mut first = 0;
        while first < options.systems {
            let end = options.systems.min(first + SYSTEMS_AT_ONCE);
            let mut changes = Vec::with_capacity(3 * SYSTEMS_AT_ONCE);
            for number in first..end {
                let (system, deployments) = government::system(tree, options.seed, number);
                changes.push(RegistryChange::PutSystem(system));
                report.deployments += deployments.len() as u64;
                changes.extend(deployments.into_iter().map(RegistryChange::PutDeployment));
            }
            writer.apply_registry(CLOCK, changes).await?;
            first = end;
        }
        Ok(())
    }

    fn size_of_other_store(&self) -> u64 {
        let store = self.settings.store_folder();
        if store.starts_with(&self.settings.data) { 0 } else { size_of(&store) }
    }
}

/// Bytes of all files below a folder.
pub(crate) fn size_of(folder: &std::path::Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => size_of(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}
