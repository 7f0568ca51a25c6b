// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The simulated continent: as many systems as wanted, by seed straight into segments, with the same memory for a million uses as
//! for a billion.
//!
//! Systems are taken in their order and put together to *provinces* of some million uses. A province becomes durable in one
//! transaction, as every intake; what it wrote before is known to nobody. So a continent that was interrupted goes on where the last
//! province ended, and how far it is follows from the number of systems in the ledger.
//!
//! The documents are those of [`underpin_formats::continent`]: whoever reads one again finds what was written.

mod feed;
mod plan;
mod province;
mod space;
#[cfg(test)]
mod tests;

use std::time::Instant;

use serde::{Deserialize, Serialize};
use underpin_formats::continent::{CLOCK, SYSTEMS};
use underpin_model::{Timestamp, Viewer};

use crate::error::{OfficeError, Result};
use crate::house::{House, operator_only};
use crate::intake::Progress;
use crate::simulator::government::Tree;
use crate::simulator::{Stopwatch, size_of};

pub use plan::ContinentPlan;
use province::Builder;

/// Setting that says which continent a house is, and whether it is whole.
const SETTING: &str = "continent";

/// What to build.
#[derive(Clone, Debug)]
pub struct ContinentOptions {
    /// Decides everything.
    pub seed: u64,
    /// Number of systems.
    pub systems: u64,
    /// Whether advisories about its packages are made, too.
    pub with_advisories: bool,
    /// Uses held in memory at once, about. A province has eight times as many.
    pub uses_at_once: u64,
    /// Who runs the command, for the audit chain.
    pub actor: String,
    /// Makes file names unique.
    pub tag: String,
}

/// What was built.
#[derive(Clone, Debug, Serialize)]
pub struct ContinentReport {
    /// What it holds, as it was said before.
    #[serde(flatten)]
    pub plan: ContinentPlan,
    /// Systems that were there when it went on.
    pub found_systems: u64,
    /// Advisories about its packages.
    pub advisories: u64,
    /// Bytes on disk: ledger, evidence, facts and index.
    pub bytes: u64,
    /// The moment at which its clock stands.
    pub clock: Timestamp,
    /// Seconds for all of it.
    pub seconds: f64,
    /// Seconds for each step.
    pub steps: Vec<(&'static str, f64)>,
}

/// Which continent a house is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Begun {
    seed: u64,
    systems: u64,
    uses_at_once: u64,
    is_whole: bool,
}

impl Begun {
    fn of(options: &ContinentOptions, is_whole: bool) -> Self {
        let (seed, systems, uses_at_once) = (options.seed, options.systems, options.uses_at_once);
        Self { seed, systems, uses_at_once, is_whole }
    }
}

impl House {
    /// What a continent will hold and take, before anything is made.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator; `simulation-too-large`.
    pub fn continent_plan(&self, viewer: &Viewer, options: &ContinentOptions) -> Result<ContinentPlan> {
        operator_only(viewer, "build a continent")?;
        if options.systems > SYSTEMS {
            return Err(OfficeError::new(
                "simulation-too-large",
                format!("a continent has {SYSTEMS} systems or fewer"),
            )
            .hint("name fewer with --systems"));
        }
        let mut plan = plan::plan(options);
        plan.bytes_free = space::free(&self.settings.store_folder());
        Ok(plan)
    }

    /// Builds a continent in this house, which must be empty or hold the beginning of the same.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator; `not-empty`; `simulation-unfinished` when another one was begun here;
    /// `disk-too-small` before anything is written; and when the store is full.
    pub async fn simulate_continent(
        &self,
        viewer: &Viewer,
        options: &ContinentOptions,
        progress: &dyn Progress,
    ) -> Result<ContinentReport> {
        let started = Instant::now();
        let mut watch = Stopwatch::new();
        let plan = self.continent_plan(viewer, options)?;
        let found = self.continent_begun(options, &plan).await?;
        space::check(&plan, found)?;
        watch.lap("plan it");
        let tree = Tree::of_continent(options.systems as usize);
        if found == 0 {
            self.begin_continent(options, tree).await?;
        }
        watch.lap("register the agencies");
        let mut builder = Builder::new(self, options, tree);
        for province in plan.provinces.iter().filter(|province| province.first >= found) {
            builder.write(province, progress).await?;
        }
        drop(builder);
        watch.lap("write documents and facts");
        let advisories = if options.with_advisories { self.take_advisories(options).await? } else { 0 };
        watch.lap("take the advisories in");
        self.note_continent(options, true).await?;
        let (data, store) = (&self.settings.data, self.settings.store_folder());
        let other = if store.starts_with(data) { 0 } else { size_of(&store) };
        let (bytes, seconds) = (size_of(data) + other, started.elapsed().as_secs_f64());
        Ok(ContinentReport { plan, found_systems: found, advisories, bytes, clock: CLOCK, seconds, steps: watch.steps })
    }

    /// Systems of this continent that are there already.
    async fn continent_begun(&self, options: &ContinentOptions, plan: &ContinentPlan) -> Result<u64> {
        let reader = self.ledger.operator_reader();
        let (systems, documents) = reader.holdings().await?;
        let begun: Option<Begun> = reader.setting(SETTING).await?.and_then(|text| serde_json::from_str(&text).ok());
        let Some(begun) = begun else {
            let not_empty = format!("this data directory holds {systems} systems and {documents} documents");
            let error = OfficeError::new("not-empty", not_empty)
                .hint("a continent is built in a directory of its own: name one with --data");
            return if systems == 0 && documents == 0 { Ok(0) } else { Err(error) };
        };
        let asked = Begun::of(options, false);
        let is_at_border = systems == 0 || plan.provinces.iter().any(|province| province.end == systems);
        if begun == asked && is_at_border {
            return Ok(systems);
        }
        let Begun { seed, systems: wanted, uses_at_once, is_whole } = begun;
        if is_whole {
            let whole = format!("this data directory holds a whole continent of {wanted} systems, by seed {seed}");
            return Err(OfficeError::new("not-empty", whole)
                .hint("a continent is built in a directory of its own: name one with --data"));
        }
        let half = format!("a continent of {wanted} systems by seed {seed} was begun here and is at {systems}");
        let again = format!("`underpin simulate --seed {seed} --systems {wanted} --uses-at-once {uses_at_once}`");
        Err(OfficeError::new("simulation-unfinished", half)
            .hint(format!("go on with {again}, or name an empty directory with --data")))
    }

    async fn note_continent(&self, options: &ContinentOptions, is_whole: bool) -> Result<()> {
        let text = serde_json::to_string(&Begun::of(options, is_whole)).unwrap_or_default();
        self.ledger.writer(&options.actor, Viewer::Operator).set_setting(CLOCK, SETTING, Some(&text)).await?;
        Ok(())
    }

    async fn begin_continent(&self, options: &ContinentOptions, tree: Tree) -> Result<()> {
        self.note_continent(options, false).await?;
        self.fix_clock(&options.actor, CLOCK).await?;
        self.ledger.writer(&options.actor, Viewer::Operator).apply_registry(CLOCK, tree.changes(options.seed)).await?;
        Ok(())
    }
}
