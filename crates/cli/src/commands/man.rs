// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use clap::CommandFactory as _;
use underpin_office::{OfficeError, Result};

/// Write manual pages into a folder, one for each command
#[derive(Debug, clap::Args)]
pub struct Man {
    /// Folder; made if missing
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Man {
    pub fn run(self) -> Result<bool> {
        let failed = |error: std::io::Error| OfficeError::file(&self.folder, &error);
        std::fs::create_dir_all(&self.folder).map_err(failed)?;
        clap_mangen::generate_to(super::Arguments::command(), &self.folder).map_err(failed)?;
        Ok(false)
    }
}
