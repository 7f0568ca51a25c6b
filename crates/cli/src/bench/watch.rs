// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::collections::BTreeSet;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use underpin_office::watch::estate::Watched;
use underpin_office::watch::findings::FindingsQuery;
use underpin_office::{Desk, Result};

use super::add::Fresh;
use super::figures::Figure;
use super::process::{own_peak, run};
use crate::context::Context;

/// Targets, in milliseconds: those of the README's table.
const SYNC_MS: f64 = 20_000.0;
const SYNC_AGAIN_MS: f64 = 2_000.0;
const LOAD_MS: f64 = 150.0;
const TOUCHED_MS: f64 = 100.0;
const QUESTION_MS: f64 = 100.0;

/// Advisories asked the way back, at most.
const ADVISORIES: usize = 2_000;

/// Sync advisories from files into an empty house, and again when nothing has changed
#[derive(Debug, clap::Args)]
pub struct Sync {
    /// Files, folders and archives of advisories
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Times it is done
    #[arg(long, default_value_t = 5, value_name = "N")]
    rounds: usize,
}

/// Match everything in use, ask for findings in every order, and go from an advisory to the systems it hits
#[derive(Debug, clap::Args)]
pub struct Findings {
    /// Times each question is asked
    #[arg(long, default_value_t = 40, value_name = "N")]
    rounds: usize,
}

impl Sync {
    pub fn run(&self, context: &Context) -> Result<Vec<Figure>> {
        let (mut first, mut again, mut peak) = (Vec::new(), Vec::new(), None);
        for round in 0..self.rounds {
            let base = std::env::temp_dir();
            let fresh = Fresh::new(base.join(format!("underpin-bench-watch-{}-{round}", context.tag())))?;
            let mut arguments: Vec<&std::ffi::OsStr> =
                ["watch", "sync", "--format", "json", "--quiet", "--data"].map(AsRef::as_ref).to_vec();
            arguments.push(fresh.0.as_os_str());
            arguments.push("--from".as_ref());
            arguments.extend(self.paths.iter().map(|path| path.as_os_str()));
            let ran = run(&arguments)?;
            first.push(ran.time);
            peak = peak.max(ran.peak_bytes);
            again.push(run(&arguments)?.time);
        }
        Ok(vec![
            Figure::of("sync into an empty house", &first).peak(peak).target("median", SYNC_MS),
            Figure::of("sync again, nothing changed", &again).target("median", SYNC_AGAIN_MS),
        ])
    }
}

impl Findings {
    pub async fn run(&self, context: &Context) -> Result<Vec<Figure>> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        // The first time the index may have to be made.
        black_box(house.watch(&desk).await?);
        let (mut loads, mut watches) = (Vec::new(), Vec::new());
        for _ in 0..3 {
            house.forget_compiled();
            let started = Instant::now();
            black_box(house.compiled_for(&desk).await?);
            loads.push(started.elapsed());
            let started = Instant::now();
            black_box(house.watch(&desk).await?);
            watches.push(started.elapsed());
        }
        let watched = house.watch(&desk).await?;
        let (uses, matches) = watched.size();
        let size = format!("{} package versions, {uses} uses, {matches} matches", watched.things.len());
        let index = format!(
            "{} advisories, {:.0} MB in memory",
            watched.compiled.index.len(),
            watched.compiled.index.bytes() as f64 / 1e6
        );
        let mut figures = vec![
            Figure::of("load the compiled index", &loads).target("median", LOAD_MS).note(index),
            Figure::of("read all uses and match them", &watches).note(size),
        ];
        figures.push(touched(&watched)?);
        figures.extend(self.questions(&watched, &desk)?);
        if let Some(last) = figures.pop() {
            figures.push(last.peak(own_peak()));
        }
        Ok(figures)
    }

    fn questions(&self, watched: &Watched, desk: &Desk) -> Result<Vec<Figure>> {
        let all = || FindingsQuery { rows: 50, ..FindingsQuery::default() };
        let sorted = |sort: &str| FindingsQuery { sort: sort.to_owned(), ..all() };
        let agency = desk.snapshot.agencies.first().map(|agency| agency.id.0.clone());
        let questions = [
            ("by priority", sorted("priority")),
            ("by severity", sorted("severity")),
            ("by likelihood", sorted("likelihood")),
            ("by package", sorted("package")),
            ("by system", sorted("system")),
            ("known to be exploited", FindingsQuery { exploited: true, ..sorted("severity") }),
            ("of one agency with all below it", FindingsQuery { agency, ..sorted("severity") }),
            (
                "a text that nothing has",
                FindingsQuery { text: "no such words anywhere".to_owned(), ..sorted("severity") },
            ),
            ("rows from 1,000,000 on, by severity", FindingsQuery { offset: 1_000_000, ..sorted("severity") }),
        ];
        let mut figures = Vec::new();
        let few: BTreeSet<u32> = desk.active_systems().take(3).collect();
        for (who, seen) in [("sees all", None), ("sees three systems", Some(&few))] {
            for (name, query) in &questions {
                let (mut times, mut total) = (Vec::new(), 0);
                for _ in 0..self.rounds {
                    let started = Instant::now();
                    total = black_box(watched.findings_among(desk, query, seen)?).total;
                    times.push(started.elapsed());
                }
                let figure = Figure::of(format!("findings {name}; {who}"), &times).target("p99", QUESTION_MS);
                figures.push(figure.note(format!("{total} findings")));
            }
        }
        Ok(figures)
    }
}

/// From one advisory to the systems it hits, as when it has just changed.
fn touched(watched: &Watched) -> Result<Figure> {
    let inverse = watched.inverse();
    let advisories: Vec<_> = watched.layers.advisories().map(|(advisory, _)| advisory).collect();
    let step = (advisories.len() / ADVISORIES).max(1);
    let (mut times, mut most) = (Vec::new(), 0);
    for advisory in advisories.into_iter().step_by(step) {
        let started = Instant::now();
        most = most.max(black_box(watched.touched(&inverse, advisory)).len());
        times.push(started.elapsed());
    }
    Ok(Figure::of("from an advisory to the systems it hits", &times)
        .target("p99", TOUCHED_MS)
        .note(format!("{} advisories, {most} systems at most", times.len())))
}
