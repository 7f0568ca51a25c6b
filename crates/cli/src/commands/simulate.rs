// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use underpin_office::Result;
use underpin_office::intake::Progress;
use underpin_office::simulator::{SimulateOptions, SimulationReport, Verification};

use crate::context::{Context, usage};
use crate::output::{Answer, columns, print};

/// Build a nation of any size from real package sets, or recount one
///
/// The nation is built in an empty data directory and is always the same for the same seed and templates. Its documents
/// are a seed and a template each; every question works on them as on real ones. Its clock stands still.
#[derive(Debug, clap::Args)]
pub struct Simulate {
    /// Decides everything
    #[arg(long, default_value_t = 7, value_name = "NUMBER")]
    seed: u64,
    /// Number of systems
    #[arg(long, default_value_t = 60_000, value_name = "N")]
    systems: usize,
    /// Folders, files or archives of real SBOMs and lockfiles, which the documents are made from
    #[arg(long, value_name = "PATH", num_args = 1..)]
    templates: Vec<PathBuf>,
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
            None => self.build(context).await,
        }
    }

    async fn build(self, context: &Context) -> Result<bool> {
        if self.templates.is_empty() {
            return Err(usage("a nation is made from real documents", "name where they lie with --templates PATH…"));
        }
        let options = SimulateOptions {
            seed: self.seed,
            systems: self.systems,
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
