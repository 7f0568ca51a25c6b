// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use indicatif::{ProgressBar, ProgressStyle};
use underpin_office::Result;
use underpin_office::continent::{ContinentOptions, ContinentPlan, ContinentReport};
use underpin_office::intake::Progress;

use crate::context::Context;
use crate::output::{Answer, columns, print};

struct Bar(ProgressBar);

impl Progress for Bar {
    fn advance(&self, _: u64, uses: u64) {
        self.0.inc(uses);
    }
}

/// Builds a continent, or says what it would take.
pub async fn run(options: &ContinentOptions, only_estimate: bool, context: &Context) -> Result<bool> {
    let house = context.house().await?;
    let plan = house.continent_plan(&context.global.viewer, options)?;
    if only_estimate {
        print(&estimated(&plan), context.printing_all())?;
        house.close().await;
        return Ok(false);
    }
    if !context.global.quiet {
        eprintln!("{}", sentence(&plan));
    }
    let bar = if context.shows_progress() { ProgressBar::new(plan.occurrences) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {human_pos} of {human_len} uses, {per_sec}, {eta} left") {
        bar.set_style(style);
    }
    let bar = Bar(bar);
    let report = house.simulate_continent(&context.global.viewer, options, &bar).await;
    bar.0.finish_and_clear();
    print(&built(&report?), context.printing_all())?;
    house.close().await;
    Ok(false)
}

fn gigabytes(bytes: u64) -> String {
    format!("{:.1} GB", bytes as f64 / 1e9)
}

/// What it will take, before it begins.
fn sentence(plan: &ContinentPlan) -> String {
    let free = plan
        .bytes_free
        .map_or_else(|| "free space is not known".to_owned(), |free| format!("{} are free", gigabytes(free)));
    format!(
        "{} uses in {} documents of {} systems: about {} on disk, {} more while it is built; {free}",
        plan.occurrences,
        plan.documents,
        plan.systems,
        gigabytes(plan.bytes_expected),
        gigabytes(plan.bytes_beside)
    )
}

const FIELDS: [&str; 11] = [
    "seed",
    "agencies",
    "systems",
    "unknown_systems",
    "documents",
    "replaced_documents",
    "occurrences",
    "current_occurrences",
    "bytes_expected",
    "bytes_beside",
    "bytes_free",
];

fn estimated(plan: &ContinentPlan) -> Answer {
    let json = serde_json::to_value(plan).unwrap_or_default();
    Answer { rows: vec![json.clone()], json, fields: &FIELDS, head: vec![sentence(plan)], ..Answer::default() }
}

fn built(report: &ContinentReport) -> Answer {
    let json = serde_json::to_value(report).unwrap_or_default();
    let mut answer = Answer { rows: vec![json.clone()], json, fields: &FIELDS, ..Answer::default() };
    let plan = &report.plan;
    answer.head = vec![
        format!("{:>13}  agencies", plan.agencies),
        format!("{:>13}  systems, {} of them without a document", plan.systems, plan.unknown_systems),
        format!("{:>13}  documents, {} of them replaced", plan.documents, plan.replaced_documents),
        format!("{:>13}  uses, {} of them current", plan.occurrences, plan.current_occurrences),
        format!("{:>13}  advisories", report.advisories),
        format!("{:>13.1}  MB on disk", report.bytes as f64 / 1e6),
        format!("{:>13.1}  seconds", report.seconds),
    ];
    answer.columns = columns(&["step", "seconds"]);
    answer.cells =
        report.steps.iter().map(|(step, seconds)| vec![(*step).to_owned(), format!("{seconds:.2}")]).collect();
    if report.found_systems > 0 {
        answer.notes.push(format!("it went on after {} systems", report.found_systems));
    }
    answer.notes.push(format!("its clock stands at {}", report.clock));
    answer
}
