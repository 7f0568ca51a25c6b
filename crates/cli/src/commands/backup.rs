// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_office::Result;

use super::add::Bar;
use crate::context::Context;
use crate::output::{Answer, print};

/// Copy everything to a new folder or archive, while others read and write
///
/// The copy is of one moment: the ledger, the originals, the facts, and a manifest with the hash of every file.
#[derive(Debug, clap::Args)]
pub struct Backup {
    /// A new folder, or a new file whose name ends in .tar.zst
    #[arg(value_name = "FOLDER|FILE.tar.zst")]
    target: PathBuf,
}

impl Backup {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let bar = Bar::of_bytes(context);
        let report = house.backup(&context.global.viewer, &self.target, context.now, &bar).await;
        bar.finish();
        let report = report?;
        let json = serde_json::to_value(&report).unwrap_or_default();
        let head = vec![format!(
            "{}: {} files, {:.1} MB, {} documents, as of revision {}",
            report.path,
            report.files,
            report.bytes as f64 / 1e6,
            report.documents,
            report.revision
        )];
        let mut notes =
            vec![format!("next: `underpin restore {} --data NEW-FOLDER` proves that it is whole", report.path)];
        if !report.secrets.is_empty() {
            notes.push(format!(
                "Not in it, as they are secrets: {}. Keep a copy of each elsewhere.",
                report.secrets.join(", ")
            ));
        }
        print(&Answer { rows: vec![json.clone()], json, head, notes, ..Answer::default() }, context.printing_all())?;
        house.close().await;
        Ok(false)
    }
}
