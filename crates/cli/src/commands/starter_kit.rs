// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_model::limits::bounds::STARTER_KIT_BYTES;
use underpin_office::role_model::starter_kit;
use underpin_office::watch::sync::SyncOptions;
use underpin_office::{OfficeError, Result};

use super::watch_progress::SyncBar;
use crate::context::Context;
use crate::output::{Answer, counted, print};

/// Everything another office needs to begin, as one archive: the manual with its playbooks, the glossary, practices, templates, and a feed
#[derive(Debug, clap::Args)]
pub struct StarterKit {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Make(Make),
    Begin(Begin),
}

/// Make a kit from what this program knows and this office has published
///
/// Nothing that is not public is in it: the feed holds the publications that two people have approved for everybody.
#[derive(Debug, clap::Args)]
struct Make {
    /// The archive to write (tar, packed with zstd)
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Begin with a kit of another office: check every file, write it into a folder, and take its feed in
#[derive(Debug, clap::Args)]
struct Begin {
    /// The kit
    #[arg(value_name = "KIT")]
    kit: PathBuf,
    /// The folder to write, which must not be there yet
    #[arg(long, value_name = "DIR")]
    folder: PathBuf,
}

impl StarterKit {
    pub async fn run(self, context: &Context) -> Result<bool> {
        match self.what {
            What::Make(command) => command.run(context).await,
            What::Begin(command) => command.run(context).await,
        }
    }
}

impl Make {
    async fn run(self, context: &Context) -> Result<bool> {
        context.known("make a starter kit")?;
        let house = context.existing().await?;
        let at = context.clock(&house).await?;
        let made = house.starter_kit(at).await?;
        house.close().await;
        std::fs::write(&self.file, &made).map_err(|error| OfficeError::file(&self.file, &error))?;
        let json = serde_json::json!({ "file": self.file });
        let head = vec![format!("The kit lies in {}.", self.file.display())];
        print(
            &Answer { head, rows: vec![json.clone()], json, fields: &["file"], ..Answer::default() },
            context.printing_all(),
        )?;
        Ok(false)
    }
}

impl Begin {
    async fn run(self, context: &Context) -> Result<bool> {
        context.operator("begin with a starter kit")?;
        let failed = |error: std::io::Error| OfficeError::file(&self.kit, &error);
        if std::fs::metadata(&self.kit).map_err(failed)?.len() > STARTER_KIT_BYTES {
            return Err(OfficeError::new("kit-damaged", "it is larger than a starter kit may be")
                .hint("get the kit again from where it was published, and compare its SHA-256"));
        }
        let bytes = std::fs::read(&self.kit).map_err(failed)?;
        let kit = starter_kit::open(&bytes, &context.configuration.settings.limits)?;
        let feed = kit.write(&self.folder)?;
        let mut head = vec![format!(
            "{} of a kit made on {} are in {}.",
            counted(kit.files.len() as u64, "file", "files"),
            kit.list.made.date(),
            self.folder.display()
        )];
        let mut is_at_fault = false;
        if let Some(feed) = feed {
            let house = context.house().await?;
            let options = SyncOptions {
                sources: Vec::new(),
                from: vec![feed],
                actor: context.actor(),
                viewer: context.global.viewer.clone(),
                tag: context.tag(),
            };
            let at = context.clock(&house).await?;
            let bar = SyncBar::new(context);
            let report = house.sync_from_paths(&options, at, &bar).await;
            bar.finish();
            let report = report?;
            is_at_fault = report.failed() > 0;
            let taken: u64 = report.feeds.iter().map(|feed| feed.added + feed.changed + feed.unchanged).sum();
            head.push(format!("{} of its feed are known here now.", counted(taken, "statement", "statements")));
            house.close().await;
        }
        let next = self.folder.join("begin.en.md");
        head.push(format!("Go on with {} (German: begin.de.md).", next.display()));
        let json = serde_json::json!({
            "folder": self.folder, "made": kit.list.made, "program": kit.list.program, "files": kit.files.len(),
        });
        print(
            &Answer { head, rows: vec![json.clone()], json, fields: &["folder", "made", "files"], ..Answer::default() },
            context.printing_all(),
        )?;
        Ok(is_at_fault)
    }
}
