// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The advisories of a continent, taken in as from files.

use std::io::Write as _;

use underpin_formats::continent::{ADVISED, CLOCK, advisories};
use underpin_model::Viewer;

use super::ContinentOptions;
use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::intake::Silent;
use crate::watch::sync::SyncOptions;

impl House {
    /// Takes the advisories about the packages of every continent in; gives how many there are.
    pub(super) async fn take_advisories(&self, options: &ContinentOptions) -> Result<u64> {
        let failed = |error: std::io::Error| OfficeError::file(&self.settings.data, &error);
        let folder = tempfile::tempdir_in(&self.settings.data).map_err(failed)?;
        let mut count = 0;
        for kind in ADVISED {
            let path = folder.path().join(format!("{kind:?}.jsonl"));
            let mut file = std::io::BufWriter::new(std::fs::File::create(&path).map_err(failed)?);
            for advisory in advisories(kind) {
                writeln!(file, "{}", advisory.record()).map_err(failed)?;
                count += 1;
            }
            file.flush().map_err(failed)?;
        }
        let options = SyncOptions {
            sources: Vec::new(),
            from: vec![folder.path().to_owned()],
            actor: options.actor.clone(),
            viewer: Viewer::Operator,
            tag: format!("{}-advisories", options.tag),
        };
        let report = self.sync_from_paths(&options, CLOCK, &Silent).await?;
        if let Some(failed) = report.feeds.iter().find(|feed| feed.refused > 0) {
            let message = format!("{}: {} advisories were refused", failed.feed, failed.refused);
            return Err(OfficeError::new("feed-failed", message));
        }
        Ok(count)
    }
}
