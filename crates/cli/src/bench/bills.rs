// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_office::Result;

use super::figures::Figure;
use super::process::run;
use crate::context::Context;

/// Target, in milliseconds: that of the README's table.
const BILLS_MS: f64 = 5_000.0;

/// Hold bills of materials against rulebooks: all files of some folders, all rulebooks in one go
#[derive(Debug, clap::Args)]
pub struct Bills {
    /// Files, folders and archives of bills of materials
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Rulebooks, with commas
    #[arg(long, value_name = "PROFILES", default_value = "bsi-2.1.0,ntia-2021,cisa-2025-draft")]
    profile: String,
    /// Times it is done
    #[arg(long, default_value_t = 3, value_name = "N")]
    rounds: usize,
}

impl Bills {
    pub fn run(&self, _: &Context) -> Result<Vec<Figure>> {
        let (mut times, mut peak) = (Vec::new(), None);
        for _ in 0..self.rounds {
            let mut arguments: Vec<&std::ffi::OsStr> =
                ["check-sbom", "--format", "csv", "--quiet", "--profile"].map(AsRef::as_ref).to_vec();
            arguments.push(self.profile.as_ref());
            arguments.extend(self.paths.iter().map(|path| path.as_os_str()));
            let ran = run(&arguments)?;
            times.push(ran.time);
            peak = peak.max(ran.peak_bytes);
        }
        let figure = Figure::of("bills of materials against rulebooks", &times).peak(peak);
        Ok(vec![figure.target("median", BILLS_MS).note(self.profile.clone())])
    }
}
