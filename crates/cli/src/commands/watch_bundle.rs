// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_office::Result;
use underpin_office::watch::bundle::{BundleReport, CreateOptions, make_key};
use underpin_office::watch::bundle_apply::{ApplyOptions, ApplyReport};

use super::add::Bar;
use crate::context::Context;
use crate::output::{Answer, columns, dash, print};

/// Take advisories over an air gap: one signed file with all that is known, or with what is new
#[derive(Debug, clap::Args)]
pub struct Bundle {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Key(Key),
    Create(Create),
    Apply(Apply),
}

/// Make a key to sign bundles with, and print the public key for the other side
#[derive(Debug, clap::Args)]
struct Key {
    /// The file to write; only its owner may read it
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Write a signed bundle of what feeds say
///
/// It holds every record with the dates of its source, and when somebody looked there last. With --since it holds only what is new;
/// the other side must have exactly what it builds on.
#[derive(Debug, clap::Args)]
struct Create {
    /// The key to sign with, from `underpin watch bundle key`
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The bundle to write
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Only what is new since an earlier bundle (its file), or since an edition (its number)
    #[arg(long, value_name = "BUNDLE|EDITION")]
    since: Option<String>,
}

/// Verify a bundle and take all of it in, or nothing
///
/// Signature and every byte are verified first. Bundles that were applied already, and those that build on something that is not
/// here, are refused.
#[derive(Debug, clap::Args)]
struct Apply {
    /// The bundle
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The public key of its maker: the printed line, or a file with it
    #[arg(long, value_name = "PUBLICKEY", required = true)]
    trust: Vec<String>,
}

impl Bundle {
    pub async fn run(self, context: &Context) -> Result<bool> {
        match self.what {
            What::Key(command) => command.run(context),
            What::Create(command) => command.run(context).await,
            What::Apply(command) => command.run(context).await,
        }
    }
}

impl Key {
    fn run(self, context: &Context) -> Result<bool> {
        context.operator("make a key")?;
        let public = make_key(&self.file)?;
        let json = serde_json::json!({ "file": self.file, "public_key": public });
        let mut answer = Answer { rows: vec![json.clone()], json, ..Answer::default() };
        answer.head.push(public);
        answer.notes.push("give this line to the other side on a way that you trust; keep the file".to_owned());
        print(&answer, context.printing_all())?;
        Ok(false)
    }
}

impl Create {
    async fn run(self, context: &Context) -> Result<bool> {
        context.operator("make a bundle")?;
        let house = context.existing().await?;
        let options = CreateOptions {
            key: self.key,
            output: self.output,
            since: self.since,
            actor: context.actor(),
            viewer: context.global.viewer.clone(),
            tag: context.tag(),
        };
        let at = context.clock(&house).await?;
        let report = house.create_bundle(&options, at).await?;
        print(&created(&report, &options), context.printing_all())?;
        house.close().await;
        Ok(false)
    }
}

fn created(report: &BundleReport, options: &CreateOptions) -> Answer {
    let json = serde_json::to_value(report).unwrap_or_default();
    let mut answer = Answer { json, ..Answer::default() };
    answer.rows = answer.json["feeds"].as_array().cloned().unwrap_or_default();
    let file = options.output.display();
    answer.head.push(format!(
        "Bundle {} of {} feeds: {file}, {} bytes.",
        report.sequence,
        report.feeds.len(),
        report.bytes
    ));
    answer.columns = columns(&["feed", "edition", "since", "records", "gone", "looked"]);
    for feed in &report.feeds {
        answer.cells.push(vec![
            feed.feed.clone(),
            feed.edition.clone(),
            dash(feed.since.as_deref().unwrap_or_default()),
            feed.records.to_string(),
            feed.removed.to_string(),
            dash(&feed.looked.map(|at| at.date()).unwrap_or_default()),
        ]);
    }
    answer
}

impl Apply {
    async fn run(self, context: &Context) -> Result<bool> {
        context.operator("apply a bundle")?;
        let house = context.house().await?;
        let options = ApplyOptions {
            file: self.file,
            trust: self.trust,
            actor: context.actor(),
            viewer: context.global.viewer.clone(),
            tag: context.tag(),
        };
        let at = context.clock(&house).await?;
        let bar = Bar::of_bytes(context);
        let report = house.apply_bundle(&options, at, &bar).await;
        bar.finish();
        print(&applied(&report?), context.printing_all())?;
        house.close().await;
        Ok(false)
    }
}

fn applied(report: &ApplyReport) -> Answer {
    let json = serde_json::to_value(report).unwrap_or_default();
    let mut answer = Answer { json, ..Answer::default() };
    answer.rows = answer.json["feeds"].as_array().cloned().unwrap_or_default();
    let bundle = &report.bundle;
    let changed = report.feeds.iter().filter(|feed| feed.edition.is_some()).count();
    answer.head.push(format!(
        "Bundle {} of {}, made {}: {} feeds, {changed} with a new edition.",
        bundle.sequence,
        bundle.creator,
        bundle.created.date(),
        report.feeds.len(),
    ));
    answer.columns = columns(&["feed", "outcome", "new", "changed", "gone", "same", "at fault", "looked"]);
    for (feed, about) in report.feeds.iter().zip(&bundle.feeds) {
        let mut cells = vec![feed.feed.clone(), feed.outcome.clone()];
        cells.extend(
            [feed.added, feed.changed, feed.removed, feed.unchanged, feed.refused].map(|count| count.to_string()),
        );
        cells.push(dash(&about.looked.map(|at| at.date()).unwrap_or_default()));
        answer.cells.push(cells);
    }
    for fault in report.feeds.iter().flat_map(|feed| &feed.faults) {
        answer.notes.push(format!("{}: {} ({})", fault.code, fault.place, fault.detail));
    }
    answer.notes.extend(super::watch::left_out(&report.feeds));
    answer
}
