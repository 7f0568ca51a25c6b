// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use underpin_model::Viewer;
use underpin_model::registry::{AgencyId, Classification};
use underpin_office::watch::estate::Watched;
use underpin_office::watch::findings::FindingsQuery;
use underpin_office::{Desk, House, OfficeError, Result};

use super::add::Fresh;
use super::figures::Figure;
use super::process::{own_peak, run};
use crate::context::Context;

/// Targets, in milliseconds: those of the README's table.
const SYNC_MS: f64 = 20_000.0;
const SYNC_AGAIN_MS: f64 = 2_000.0;
const CHANGED_MS: f64 = 1_000.0;
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
        let (mut first, mut again, mut changed, mut peak) = (Vec::new(), Vec::new(), Vec::new(), None);
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
            changed.push(one_changed(&fresh)?);
        }
        Ok(vec![
            Figure::of("sync into an empty house", &first).peak(peak).target("median", SYNC_MS),
            Figure::of("sync again, nothing changed", &again).target("median", SYNC_AGAIN_MS),
            Figure::of("one changed record: sync, and hit systems known", &changed)
                .target("median", CHANGED_MS)
                .note("two processes, both from files, without an inventory"),
        ])
    }
}

/// One record changes: from the file to the answer who is hit by it, where all was compiled before.
fn one_changed(fresh: &Fresh) -> Result<Duration> {
    const RECORD: &str = "GHSA-2222-2222-2222";
    let folder = fresh.0.join("changed");
    std::fs::create_dir_all(&folder).map_err(|error| OfficeError::file(&folder, &error))?;
    let path = folder.join(format!("{RECORD}.json"));
    let write = |fixed: &str| {
        let text = format!(
            r#"{{"id":"{RECORD}","modified":"2026-01-01T00:00:00Z","affected":[{{"package":{{"ecosystem":"npm","name":"pad-left"}},"ranges":[{{"type":"SEMVER","events":[{{"introduced":"0"}},{{"fixed":"{fixed}"}}]}}]}}]}}"#
        );
        std::fs::write(&path, text).map_err(|error| OfficeError::file(&path, &error))
    };
    let told = |arguments: &[&str], last: &std::path::Path| {
        let mut all: Vec<&std::ffi::OsStr> = arguments.iter().map(AsRef::as_ref).collect();
        all.extend(["--format", "json", "--quiet", "--data"].map(std::ffi::OsStr::new));
        all.push(fresh.0.as_os_str());
        if !last.as_os_str().is_empty() {
            all.extend([std::ffi::OsStr::new("--from"), last.as_os_str()]);
        }
        run(&all).map(|ran| ran.time)
    };
    let (sync, hit) = (["watch", "sync"], ["where", RECORD]);
    let none = std::path::Path::new("");
    write("1.0.0")?;
    told(&sync, &path)?;
    told(&hit, none)?;
    write("1.0.1")?;
    Ok(told(&sync, &path)? + told(&hit, none)?)
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
            watched.compiled.indexes.iter().map(|index| index.len()).sum::<usize>(),
            watched.compiled.indexes.iter().map(|index| index.bytes()).sum::<usize>() as f64 / 1e6
        );
        let mut figures = vec![
            Figure::of("load the compiled index", &loads).target("median", LOAD_MS).note(index),
            Figure::of("read all uses and match them", &watches).note(size),
        ];
        figures.push(touched(&watched)?);
        figures.extend(self.questions(&watched, &desk)?);
        figures.extend(self.of_the_smallest(&house, &desk).await?);
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
            ("by deadline", sorted("due")),
            ("overdue", FindingsQuery { overdue: true, ..sorted("due") }),
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
        for (who, seen) in [("sees all", None), ("sees all, asks about three systems", Some(&few))] {
            for (name, query) in &questions {
                figures.push(self.question(&format!("findings {name}; {who}"), || {
                    Ok(watched.findings_among(desk, query, seen)?.total)
                })?);
            }
        }
        Ok(figures)
    }

    fn question(&self, name: &str, ask: impl Fn() -> Result<u64>) -> Result<Figure> {
        let (mut times, mut total) = (Vec::new(), 0);
        for _ in 0..self.rounds {
            let started = Instant::now();
            total = black_box(ask()?);
            times.push(started.elapsed());
        }
        Ok(Figure::of(name, &times).target("p99", QUESTION_MS).note(format!("{total} findings")))
    }

    /// The same for somebody of the agency with the fewest systems, at a desk of their own: they see nothing else.
    async fn of_the_smallest(&self, house: &House, desk: &Desk) -> Result<Vec<Figure>> {
        let mut systems: BTreeMap<&AgencyId, usize> = BTreeMap::new();
        desk.active_systems().for_each(|system| *systems.entry(&desk.system(system).agency).or_default() += 1);
        let leaf = |id: &AgencyId| !desk.snapshot.agencies.iter().any(|agency| agency.parent.as_ref() == Some(id));
        let smallest = systems.iter().filter(|(id, _)| leaf(id)).min_by_key(|(_, systems)| **systems);
        let Some((agency, _)) = smallest else { return Ok(Vec::new()) };
        let viewer = Viewer::Agency { agencies: vec![(*agency).clone()], clearance: Classification::Secret };
        let own = house.desk_as_of(viewer, desk.snapshot.at, desk.snapshot.at).await?;
        let started = Instant::now();
        let watched = house.watch(&own).await?;
        let seen = own.active_systems().count();
        let who = format!("{agency} sees {seen} systems");
        let mut figures = vec![
            Figure::of(format!("read all uses and match them; {who}"), &[started.elapsed()])
                .note(format!("{} package versions", watched.things.len())),
        ];
        for (sort, overdue) in
            [("priority", false), ("severity", false), ("due", false), ("system", false), ("due", true)]
        {
            let query = FindingsQuery { rows: 50, sort: sort.to_owned(), overdue, ..FindingsQuery::default() };
            let only = if overdue { "overdue " } else { "" };
            let name = format!("findings {only}by {sort}; {who}");
            figures.push(self.question(&name, || Ok(watched.findings(&own, &query)?.total))?);
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
