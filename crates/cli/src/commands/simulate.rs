// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use underpin_office::Result;
use underpin_office::continent::ContinentOptions;
use underpin_office::intake::Progress;
use underpin_office::simulator::{SimulateOptions, SimulationReport, Verification};

use super::simulate_continent;
use crate::context::Context;
use crate::output::{Answer, columns, print};

/// Systems of a nation, where it is not said how many.
const NATION: usize = 60_000;
/// The same for a continent: a billion uses.
const CONTINENT: u64 = 1_000_000;

/// Build a continent by chance alone, or a nation from real package sets, of any size; or recount a nation
///
/// Both are built in an empty data directory and are always the same for the same seed (and templates). Every question
/// works on them as on real ones. Their clock stands still.
///
/// A continent has about 1,100 uses a system, more than a billion in a million systems, with advisories about its packages. Sizes
/// of documents, ecosystems, popularity of packages, versions, licences, gaps, graphs and new packages are by numbers
/// counted in real bills of materials. It is written straight into segments, with the same memory whatever the size;
/// what it will hold and take is said before (--estimate says it alone), and one that was interrupted goes on when it is
/// asked for again. Not like real ones: names and advisories are made up; a document names a package once; files,
/// digests, CPEs, suppliers and concluded licences are left out; packages appear together only by image and ecosystem;
/// all of Red Hat's like is one; Composer, NuGet and Cargo are left out.
///
/// A nation (--templates) has about 275 uses a system: its documents are a seed and a real document each.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin simulate --systems 15000 --data continent\n  underpin simulate --estimate\n  underpin simulate --systems 60000 --templates sboms --data nation"
)]
pub struct Simulate {
    /// Decides everything
    #[arg(long, default_value_t = 7, value_name = "NUMBER")]
    seed: u64,
    /// Number of systems [default: 1000000; with --templates 60000]
    #[arg(long, value_name = "N")]
    systems: Option<u64>,
    /// Folders, files or archives of real SBOMs and lockfiles, from which a nation is made
    #[arg(long, value_name = "PATH", num_args = 1..)]
    templates: Vec<PathBuf>,
    /// Only say what a continent will hold and take, and make nothing
    #[arg(long, conflicts_with_all = ["templates", "verify"])]
    estimate: bool,
    /// Make no advisories about a continent's packages
    #[arg(long, conflicts_with_all = ["templates", "verify"])]
    without_advisories: bool,
    /// Uses of a continent held in memory at once: fewer need less memory and more time
    #[arg(long, value_name = "N", default_value_t = 2_000_000, value_parser = clap::value_parser!(u64).range(1..), conflicts_with_all = ["templates", "verify"])]
    uses_at_once: u64,
    /// Recount N random systems and packages of a nation that is there, from its documents read again one by one
    #[arg(long, value_name = "N", conflicts_with = "templates")]
    verify: Option<usize>,
}

struct Bar(ProgressBar);

impl Progress for Bar {
    fn advance(&self, _: u64, uses: u64) {
        self.0.inc(uses);
    }
}

impl Simulate {
    pub async fn run(self, context: &Context) -> Result<bool> {
        match self.verify {
            Some(sample) => self.recount(sample, context).await,
            None if self.templates.is_empty() => self.continent(context).await,
            None => self.nation(context).await,
        }
    }

    async fn continent(self, context: &Context) -> Result<bool> {
        let options = ContinentOptions {
            seed: self.seed,
            systems: self.systems.unwrap_or(CONTINENT),
            with_advisories: !self.without_advisories,
            uses_at_once: self.uses_at_once,
            actor: context.actor(),
            tag: context.tag(),
        };
        simulate_continent::run(&options, self.estimate, context).await
    }

    async fn nation(self, context: &Context) -> Result<bool> {
        let options = SimulateOptions {
            seed: self.seed,
            systems: self.systems.map_or(NATION, |systems| usize::try_from(systems).unwrap_or(usize::MAX)),
            templates: self.templates,
            actor: context.actor(),
            tag: context.tag(),
        };
        let house = context.house().await?;
        let bar = if context.shows_progress() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} uses, {per_sec}") {
            bar.set_style(style);
        }
        let bar = Bar(bar);
        let report = house.simulate(&context.global.viewer, &options, &bar).await;
        bar.0.finish_and_clear();
        print(&built(&report?), context.printing_all())?;
        house.close().await;
        Ok(false)
    }

    async fn recount(self, sample: usize, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let found = desk.verify(sample, self.seed).await?;
        print(&recounted(&found), context.printing_all())?;
        Ok(!found.disagreements.is_empty())
    }
}

const FIELDS: [&str; 10] = [
    "agencies",
    "systems",
    "deployments",
    "documents",
    "templates",
    "occurrences",
    "bytes",
    "seconds",
    "steps",
    "clock",
];

fn built(report: &SimulationReport) -> Answer {
    let json = serde_json::to_value(report).unwrap_or_default();
    let mut answer = Answer { rows: vec![json.clone()], json, fields: &FIELDS, ..Answer::default() };
    answer.head = vec![
        format!("{:>10}  agencies", report.agencies),
        format!("{:>10}  systems, {} deployments", report.systems, report.deployments),
        format!("{:>10}  documents from {} templates", report.documents, report.templates),
        format!("{:>10}  uses", report.occurrences),
        format!("{:>10.1}  MB on disk", report.bytes as f64 / 1e6),
        format!("{:>10.1}  seconds", report.seconds),
    ];
    answer.columns = columns(&["step", "seconds"]);
    answer.cells =
        report.steps.iter().map(|(step, seconds)| vec![(*step).to_owned(), format!("{seconds:.2}")]).collect();
    answer
        .notes
        .push(format!("its clock stands at {}; `underpin simulate --verify 20` recounts a sample", report.clock));
    answer
}

fn recounted(found: &Verification) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { json, fields: &["question", "too_many", "missing"], ..Answer::default() };
    answer.rows = answer.json["disagreements"].as_array().cloned().unwrap_or_default();
    answer.head.push(format!(
        "{} systems and {} packages recounted from {} documents, {} package versions compared: {}.",
        found.systems,
        found.packages,
        found.documents,
        found.compared,
        match found.disagreements.len() {
            0 => "all counts agree".to_owned(),
            count => format!("{count} answers disagree"),
        }
    ));
    answer.columns = columns(&["question", "too many", "missing"]);
    for one in &found.disagreements {
        answer.cells.push(vec![one.question.clone(), one.too_many.join(", "), one.missing.join(", ")]);
    }
    answer
}
