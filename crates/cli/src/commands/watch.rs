// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;
use std::sync::Arc;

use underpin_office::Result;
use underpin_office::watch::fetch::Outside;
use underpin_office::watch::freshness::Freshness;
use underpin_office::watch::sync::{Refusal, SyncOptions, SyncReport};

use super::watch_advisories::Advisories;
use super::watch_bundle::Bundle;
use super::watch_progress::SyncBar;
use crate::context::Context;
use crate::output::{Answer, columns, counted, dash, print};

/// Know what is vulnerable: fetch and read advisories, and see how old they are
#[derive(Debug, clap::Args)]
pub struct Watch {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Sync(Sync),
    Status(Status),
    Changes(super::watch_changes::Changes),
    Bundle(Bundle),
    Advisories(Advisories),
}

/// Fetch what sources say, or read it from files
///
/// Only what is new or changed is kept again. Nothing is fetched unless this command runs; a sync that is cut off leaves the old
/// state whole. What is fetched, and from where, stands in underpin.toml under [watch]; without it: the lists of exploited
/// vulnerabilities (kev, euvd), the likelihoods (epss), the ends of support (endoflife) and OSV for the ecosystems in use. A feed
/// that fails is noted and stops no other one; the exit code is then 1.
///
/// Hosts that lie inside are not called unless the configuration allows them. Through a proxy (watch.proxy, or the variables
/// HTTPS_PROXY and NO_PROXY) that is judged by addresses and ports alone, because the proxy resolves the names: it must refuse
/// hosts that lie inside.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin watch sync\n  underpin watch sync kev osv/PyPI\n  underpin watch sync --from downloads/"
)]
struct Sync {
    /// Sources (osv, kev, …) or feeds (osv/PyPI); all that are configured when none is named
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
    /// Read these files, folders and archives instead of the network
    #[arg(long, value_name = "PATH", num_args = 1..)]
    from: Vec<PathBuf>,
}

/// How old every feed is, and what came of the last try
#[derive(Debug, clap::Args)]
struct Status {}

impl Watch {
    pub async fn run(self, context: &Context) -> Result<bool> {
        match self.what {
            What::Sync(command) => command.run(context).await,
            What::Status(command) => command.run(context).await,
            What::Changes(command) => command.run(context).await,
            What::Bundle(command) => command.run(context).await,
            What::Advisories(command) => command.run(context).await,
        }
    }
}

impl Sync {
    async fn run(self, context: &Context) -> Result<bool> {
        context.operator("update feeds")?;
        let house = context.house().await?;
        let options = SyncOptions {
            sources: self.sources,
            from: self.from,
            actor: context.actor(),
            viewer: context.global.viewer.clone(),
            tag: context.tag(),
        };
        let at = context.clock(&house).await?;
        let bar = SyncBar::new(context);
        let report = if options.from.is_empty() {
            let outside = Outside { edge: Arc::new(context.outside()), environment: &|name| std::env::var(name).ok() };
            house.sync_from_network(&options, &context.configuration.watch, outside, at, &bar).await
        } else {
            house.sync_from_paths(&options, at, &bar).await
        };
        bar.finish();
        let report = report?;
        print(&synced(&report), context.printing_all())?;
        house.close().await;
        Ok(report.failed() > 0)
    }
}

const SYNC_FIELDS: [&str; 12] = [
    "feed",
    "outcome",
    "origin",
    "edition",
    "added",
    "changed",
    "removed",
    "unchanged",
    "refused",
    "faults",
    "remarked",
    "remarks",
];
const STATUS_FIELDS: [&str; 12] = [
    "feed",
    "edition",
    "learned",
    "stated",
    "looked",
    "age_days",
    "is_stale",
    "outcome",
    "attempted",
    "detail",
    "origin",
    "licence",
];

/// Odd records that a table names.
const REMARKS_SHOWN: usize = 10;

/// A fault as a line: code, place, and what was seen.
pub fn told(fault: &Refusal) -> String {
    let detail = if fault.detail.is_empty() { String::new() } else { format!(" ({})", fault.detail) };
    format!("{}: {}{detail}", fault.code, fault.place)
}

fn synced(report: &SyncReport) -> Answer {
    let json = serde_json::to_value(report).unwrap_or_default();
    let mut answer = Answer { json, fields: &SYNC_FIELDS, ..Answer::default() };
    answer.rows = answer.json["feeds"].as_array().cloned().unwrap_or_default();
    let changed = report.feeds.iter().filter(|feed| feed.edition.is_some()).count();
    answer.head.push(match (report.feeds.len(), changed) {
        (0, _) => "Nothing was found that a known source writes.".to_owned(),
        (all, 0) => format!("{} looked at; nothing has changed.", counted(all as u64, "feed", "feeds")),
        (all, changed) => format!(
            "{} looked at; {} a new edition.",
            counted(all as u64, "feed", "feeds"),
            counted(changed as u64, "has", "have")
        ),
    });
    if report.failed() > 0 {
        answer.head.push(format!("{} could not be fetched: what was there before stays.", report.failed()));
    }
    answer.columns = columns(&["feed", "outcome", "new", "changed", "gone", "same", "at fault", "odd"]);
    for feed in &report.feeds {
        let mut cells = vec![feed.feed.clone(), feed.outcome.clone()];
        let counts = [feed.added, feed.changed, feed.removed, feed.unchanged, feed.refused, feed.remarked];
        cells.extend(counts.map(|count| count.to_string()));
        answer.cells.push(cells);
    }
    let faults = report.unknown.iter().chain(report.feeds.iter().flat_map(|feed| &feed.faults));
    answer.notes.extend(faults.map(told));
    let odd: u64 = report.feeds.iter().map(|feed| feed.remarked).sum();
    if odd > 0 {
        let records = counted(
            odd,
            "record was taken although something is odd about it",
            "records were taken although something is odd about them",
        );
        answer.notes.push(format!("{records}; `underpin explain CODE` says what a code means:"));
        let remarks: Vec<&Refusal> = report.feeds.iter().flat_map(|feed| &feed.remarks).collect();
        answer.notes.extend(remarks.iter().take(REMARKS_SHOWN).map(|remark| told(remark)));
        if remarks.len() > REMARKS_SHOWN {
            answer.notes.push("… --format json lists the first 100 of each feed".to_owned());
        }
    }
    answer.notes.push(format!("{:.2} seconds", report.seconds));
    answer
}

impl Status {
    async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let fresh = desk.freshness().await?;
        print(&answer(&fresh), context.printing_all())?;
        Ok(false)
    }
}

fn answer(fresh: &Freshness) -> Answer {
    let json = serde_json::to_value(fresh).unwrap_or_default();
    let mut answer = Answer { json, fields: &STATUS_FIELDS, ..Answer::default() };
    answer.rows = answer.json["feeds"].as_array().cloned().unwrap_or_default();
    answer.columns = columns(&["feed", "edition", "learned", "stated", "looked", "age", "stale", "last try", "from"]);
    for age in &fresh.feeds {
        let date = |moment: Option<underpin_model::Timestamp>| dash(&moment.map(|at| at.date()).unwrap_or_default());
        answer.cells.push(vec![
            age.feed.clone(),
            dash(&age.edition.map(|number| number.to_string()).unwrap_or_default()),
            date(age.learned),
            date(age.stated),
            date(age.looked),
            age.age_days.map_or_else(|| "unknown".to_owned(), |days| format!("{days} d")),
            if age.is_stale { "yes" } else { "no" }.to_owned(),
            dash(&age.outcome),
            dash(&age.origin),
        ]);
    }
    for source in fresh.never_fetched() {
        let mut cells = vec![source.to_owned()];
        cells.extend(["–", "–", "–", "–", "unknown", "yes", "never fetched", "–"].map(str::to_owned));
        answer.cells.push(cells);
    }
    answer.notes.push(fresh.sentence());
    answer
}
