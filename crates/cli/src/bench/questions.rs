// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::hint::black_box;
use std::time::{Duration, Instant};

use underpin_office::{Desk, Result};

use super::figures::Figure;
use super::process::{own_peak, run};
use crate::context::Context;

/// Targets, in milliseconds: those of the README's table.
const WHERE_WARM_MS: f64 = 10.0;
const WHERE_COLD_MS: f64 = 150.0;
const WHAT_WARM_MS: f64 = 30.0;
const NATION_WHERE_MS: f64 = 50.0;
const NATION_WHAT_MS: f64 = 100.0;
const USAGE_MS: f64 = 1_000.0;

/// Questions asked before the clock starts.
const WARM_UP: usize = 3;

/// Ask where a package is used: warm (one process, many questions) and cold (a new process each time)
#[derive(Debug, clap::Args)]
pub struct Where {
    /// Package to ask for
    #[arg(default_value = "log4j-core", value_name = "PACKAGE")]
    query: String,
    #[command(flatten)]
    rounds: Rounds,
}

/// Ask what systems contain: warm, every system in turn or one, and cold
#[derive(Debug, clap::Args)]
pub struct What {
    /// System or agency to ask about [default: random systems]
    #[arg(value_name = "SYSTEM|AGENCY")]
    about: Option<String>,
    #[command(flatten)]
    rounds: Rounds,
}

/// Count the systems of every package
#[derive(Debug, clap::Args)]
pub struct Usage {
    #[command(flatten)]
    rounds: Rounds,
}

/// Ask a nation: where for random packages, what for random systems
#[derive(Debug, clap::Args)]
pub struct Nation {
    /// Questions of each kind
    #[arg(long, default_value_t = 500, value_name = "N")]
    questions: usize,
    /// Decides which questions are asked
    #[arg(long, default_value_t = 7, value_name = "NUMBER")]
    seed: u64,
    #[command(flatten)]
    rounds: Rounds,
}

/// How often.
#[derive(Debug, clap::Args)]
struct Rounds {
    /// Times it is done with a new process each time
    #[arg(long, default_value_t = 5, value_name = "N")]
    rounds: usize,
    /// Times it is done in a warm process
    #[arg(long, default_value_t = 100, value_name = "N")]
    warm_rounds: usize,
}

fn timed<T>(mut work: impl FnMut() -> Result<T>) -> Result<Duration> {
    let started = Instant::now();
    black_box(work()?);
    Ok(started.elapsed())
}

fn times<'q, T>(
    questions: impl Iterator<Item = &'q str>,
    mut ask: impl FnMut(&str) -> Result<T>,
) -> Result<Vec<Duration>> {
    questions.map(|question| timed(|| ask(question))).collect()
}

/// The same question, first without the clock.
fn repeated<T>(question: &str, rounds: usize, mut ask: impl FnMut(&str) -> Result<T>) -> Result<Vec<Duration>> {
    for _ in 0..WARM_UP {
        ask(question)?;
    }
    times(std::iter::repeat_n(question, rounds), ask)
}

/// The same question, each time by a new process.
fn cold(context: &Context, name: String, arguments: &[&str], rounds: usize) -> Result<Figure> {
    let (mut times, mut peak) = (Vec::new(), None);
    let data = &context.configuration.settings.data;
    for _ in 0..rounds {
        let mut all: Vec<&std::ffi::OsStr> = arguments.iter().map(AsRef::as_ref).collect();
        all.extend([std::ffi::OsStr::new("--data"), data.as_os_str()]);
        let ran = run(&all)?;
        times.push(ran.time);
        peak = peak.max(ran.peak_bytes);
    }
    Ok(Figure::of(name, &times).peak(peak))
}

async fn desk(context: &Context) -> Result<Desk> {
    let house = context.existing().await?;
    context.desk(&house).await
}

impl Where {
    pub async fn run(&self, context: &Context) -> Result<Vec<Figure>> {
        let (desk, stale) = (desk(context).await?, context.stale_days());
        let answer = desk.where_used(&self.query, None, stale)?;
        let warm = repeated(&self.query, self.rounds.warm_rounds, |query| desk.where_used(query, None, stale))?;
        let name = |kind: &str| format!("where {}, {kind}", self.query);
        let warm = Figure::of(name("warm"), &warm)
            .peak(own_peak())
            .target("median", WHERE_WARM_MS)
            .note(format!("{} systems, {} uses", answer.systems, answer.occurrences));
        let arguments = ["where", &self.query, "--format", "json"];
        let cold = cold(context, name("cold"), &arguments, self.rounds.rounds)?.target("median", WHERE_COLD_MS);
        Ok(vec![warm, cold])
    }
}

impl What {
    pub async fn run(&self, context: &Context) -> Result<Vec<Figure>> {
        let (desk, stale) = (desk(context).await?, context.stale_days());
        let systems = match &self.about {
            Some(about) => vec![about.clone(); self.rounds.warm_rounds],
            None => desk.questions(self.rounds.warm_rounds, 7)?.systems,
        };
        let Some(first) = systems.first() else { return Ok(Vec::new()) };
        repeated(first, 0, |about| desk.what(about, stale))?;
        let warm = times(systems.iter().map(String::as_str), |about| desk.what(about, stale))?;
        let about = self.about.as_deref().unwrap_or("random systems");
        // Any system must be answered in time, so the slowest counts.
        let warm = Figure::of(format!("what {about}, warm"), &warm).peak(own_peak()).target("p99", WHAT_WARM_MS);
        let arguments = ["what", first, "--format", "json"];
        let cold = cold(context, format!("what {first}, cold"), &arguments, self.rounds.rounds)?;
        Ok(vec![warm, cold])
    }
}

impl Usage {
    pub async fn run(&self, context: &Context) -> Result<Vec<Figure>> {
        Ok(vec![usage(&desk(context).await?, self.rounds.rounds)?])
    }
}

fn usage(desk: &Desk, rounds: usize) -> Result<Figure> {
    let answer = desk.usage(Some(50))?;
    let times = (0..rounds).map(|_| timed(|| desk.usage(Some(50)))).collect::<Result<Vec<_>>>()?;
    Ok(Figure::of("packages by number of systems", &times)
        .peak(own_peak())
        .target("median", USAGE_MS)
        .note(format!("{} packages, {} uses", answer.packages, answer.occurrences)))
}

impl Nation {
    pub async fn run(&self, context: &Context) -> Result<Vec<Figure>> {
        let house = context.existing().await?;
        let mut opened = Vec::new();
        for _ in 0..self.rounds.rounds {
            let started = Instant::now();
            black_box(context.desk(&house).await?);
            opened.push(started.elapsed());
        }
        let (desk, stale) = (context.desk(&house).await?, context.stale_days());
        let systems = desk.active_systems().count();
        let mut figures = vec![
            Figure::of("take a snapshot", &opened).note(format!("{systems} active systems")),
            usage(&desk, self.rounds.rounds)?,
        ];
        let questions = desk.questions(self.questions, self.seed)?;
        let kinds = [("where, drawn by usage", &questions.by_usage), ("where, drawn evenly", &questions.evenly)];
        for (name, packages) in kinds {
            let ask = |package: &str| desk.where_used(package, None, stale);
            packages.iter().take(WARM_UP).try_for_each(|package| ask(package).map(drop))?;
            let figure = Figure::of(name, &times(packages.iter().map(String::as_str), ask)?);
            figures.push(figure.target("p99", NATION_WHERE_MS).note(self.drawn()));
        }
        let ask = |system: &str| desk.what(system, stale);
        questions.systems.iter().take(WARM_UP).try_for_each(|system| ask(system).map(drop))?;
        let what = Figure::of("what, random systems", &times(questions.systems.iter().map(String::as_str), ask)?);
        figures.push(what.target("p99", NATION_WHAT_MS).peak(own_peak()).note(self.drawn()));
        Ok(figures)
    }

    fn drawn(&self) -> String {
        format!("{} questions, seed {}", self.questions, self.seed)
    }
}
