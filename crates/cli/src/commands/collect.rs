// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;

use crate::context::Context;
use crate::output::{Answer, print};

/// Remove files that were replaced, or left by work that was cut off
///
/// Replaced files are kept for limits.garbage_grace_seconds, so that nobody who still reads them is disturbed; files that no
/// catalogue knows for limits.orphan_grace_seconds, so that nobody who still writes is.
#[derive(Debug, clap::Args)]
pub struct Collect {}

impl Collect {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let collected = house.collect(&context.global.viewer, context.now).await?;
        let json = serde_json::to_value(collected).unwrap_or_default();
        let head = vec![format!(
            "removed {} replaced files of facts, {} replaced packs and {} left-over files: {:.1} MB",
            collected.segments,
            collected.packs,
            collected.orphans,
            collected.bytes as f64 / 1e6
        )];
        print(&Answer::said(head, json), context.printing_all())?;
        house.close().await;
        Ok(false)
    }
}
