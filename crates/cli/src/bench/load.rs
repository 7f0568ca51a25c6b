// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use underpin_office::Result;

use super::add::Fresh;
use super::figures::Figure;
use super::load_house::{Keys, Served, drawn, faults, fill, lost, token};
use super::load_run::{Sum, Task, run};
use crate::context::{self, Context};

/// Target, in milliseconds: a page while documents rush in.
const PAGE_MS: f64 = 300.0;
/// Failed requests that are told of by their words.
const TOLD: usize = 3;

/// Hand in documents and read pages at the same time, as many do, in a house with evidence; `--kill` with a power cut in the middle
///
/// The house is filled with the documents first. Then uploaders hand the same documents in, each time a little different, through the
/// interface of Dependency-Track, each as soon as the one before is answered; readers open pages and read each for a while. In the
/// end the house is killed and everything that was acknowledged is looked for, byte for byte.
#[derive(Debug, clap::Args)]
pub struct Load {
    /// Files and folders of documents
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Files, folders and archives of advisories, so that there are findings
    #[arg(long, value_name = "PATH", num_args = 1..)]
    advisories: Vec<PathBuf>,
    /// How long it goes on
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    seconds: u64,
    /// How many hand in at the same time
    #[arg(long, default_value_t = 50, value_name = "N")]
    uploaders: usize,
    /// How many read at the same time
    #[arg(long, default_value_t = 50, value_name = "N")]
    readers: usize,
    /// How long a reader reads a page, in milliseconds
    #[arg(long, default_value_t = 1_000, value_name = "MILLISECONDS")]
    pause_ms: u64,
    /// Kill the house in the middle, as a power cut does, and start it anew
    #[arg(long)]
    kill: bool,
    /// Where the fresh directory is made [default: the system's temporary directory]
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
}

impl Load {
    pub async fn run(&self, context: &Context) -> Result<Vec<Figure>> {
        let base = self.scratch.clone().unwrap_or_else(std::env::temp_dir);
        let fresh = Fresh::new(base.join(format!("underpin-bench-load-{}", context.tag())))?;
        let data = fresh.0.join("data");
        fill(&data, &self.paths, &self.advisories)?;
        let (documents, pages) = drawn(&data, context::clock()).await?;
        let mut served = Served::start(&data, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        // The first account is a person's; then the house no longer offers it.
        let keys = Keys { cookie: served.enter()?, token: token(&data)? };
        // What is measured is a house that is at work, not one that has just been opened.
        served.open_each(&keys, &pages)?;
        let task = Task {
            documents: &documents,
            pages: &pages,
            keys: &keys,
            uploaders: self.uploaders,
            readers: self.readers,
            pause: Duration::from_millis(self.pause_ms),
            lasts: Duration::from_secs(self.seconds),
            data: &data,
            is_killed: self.kill,
        };
        let sum = run(&task, &mut served)?;
        let peak = served.kill();
        let lost = lost(&data, &sum.acknowledged, context::clock()).await?;
        let faults = faults(&data);
        Ok(self.figures(&sum, &lost, &faults, peak))
    }

    fn figures(&self, sum: &Sum, lost: &[String], faults: &BTreeMap<String, u64>, peak: Option<u64>) -> Vec<Figure> {
        let all: Vec<Duration> = sum.pages.iter().map(|(_, time)| *time).collect();
        let failed = sum.failed.len() as u64;
        let inside = faults.iter().map(|(fault, times)| format!("{times} times {fault}"));
        let told: Vec<String> = inside.chain(sum.failed.iter().cloned()).take(TOLD).collect();
        let mut figures = vec![
            Figure::of("pages, while documents come in", &all)
                .target("p99", PAGE_MS)
                .peak(peak)
                .note(format!("{} readers, {} ms between two pages of a reader", self.readers, self.pause_ms)),
        ];
        let mut by_page: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
        for (page, time) in &sum.pages {
            by_page.entry(page).or_default().push(*time);
        }
        figures.extend(by_page.into_iter().map(|(page, times)| Figure::of(format!("… {page}"), &times)));
        let seconds = self.seconds as f64;
        figures.push(Figure::of("uploads", &sum.uploads).note(format!(
            "{} acknowledged, {:.1} a second, {:.1} MB a second, {} asked to come again",
            sum.acknowledged.len(),
            sum.acknowledged.len() as f64 / seconds,
            sum.bytes as f64 / 1e6 / seconds,
            sum.sent_away
        )));
        let killed = if self.kill { " or cut off by the kill" } else { "" };
        figures.push(Figure::of("requests that failed", &[]).never(failed).note(format!(
            "{failed} of {}; {} not counted{killed} {}",
            sum.pages.len() + sum.uploads.len() + sum.failed.len(),
            sum.cut_off,
            told.join("; ")
        )));
        let wanting = lost.iter().take(TOLD).cloned().collect::<Vec<_>>().join(", ");
        figures.push(Figure::of("acknowledged and lost", &[]).never(lost.len() as u64).note(format!(
            "{} of {} {wanting}",
            lost.len(),
            sum.acknowledged.len()
        )));
        figures
    }
}
