// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_office::Result;
use underpin_office::keeping::restore::restore;

use super::add::Bar;
use crate::context::Context;
use crate::output::{Answer, print};

/// Make a new data directory out of a backup
///
/// The whole backup is verified before anything is written, and what was written is verified after. A directory that holds
/// anything is refused.
#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The folder or .tar.zst file that `underpin backup` made
    #[arg(value_name = "BACKUP")]
    from: PathBuf,
}

impl Restore {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let settings = context.configuration.settings.clone();
        let data = settings.data.display().to_string();
        let bar = Bar::of_bytes(context);
        let report = restore(&context.global.viewer, &self.from, settings, context.now, &bar).await;
        bar.finish();
        let report = report?;
        let json = serde_json::to_value(&report).unwrap_or_default();
        let head = vec![format!(
            "{data}: {} files, {:.1} MB, {} documents, as of {} (revision {})",
            report.files,
            report.bytes as f64 / 1e6,
            report.documents,
            report.made,
            report.revision
        )];
        print(&Answer::said(head, json), context.printing_all())?;
        Ok(false)
    }
}
