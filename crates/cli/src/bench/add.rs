// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;
use std::time::Instant;

use underpin_office::measure::read_and_hash;
use underpin_office::{OfficeError, Result};

use super::figures::Figure;
use super::process::run;
use crate::context::Context;

/// Take evidence in, each time into a fresh directory, against only reading and hashing the same bytes
#[derive(Debug, clap::Args)]
pub struct Add {
    /// Files, folders, archives
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Times it is done
    #[arg(long, default_value_t = 5, value_name = "N")]
    rounds: usize,
    /// Where the fresh directories are made [default: the system's temporary directory]
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
}

impl Add {
    pub fn run(&self, context: &Context) -> Result<Vec<Figure>> {
        let limits = &context.configuration.settings.limits;
        // The first pass warms the page cache and does not count.
        let (files, bytes) = read_and_hash(&self.paths, limits)?;
        let (mut baseline, mut times, mut peak, mut report) = (Vec::new(), Vec::new(), None, serde_json::Value::Null);
        for round in 0..self.rounds {
            let started = Instant::now();
            read_and_hash(&self.paths, limits)?;
            baseline.push(started.elapsed());
            let base = self.scratch.clone().unwrap_or_else(std::env::temp_dir);
            let fresh = Fresh::new(base.join(format!("underpin-bench-{}-{round}", context.tag())))?;
            let mut arguments: Vec<&std::ffi::OsStr> =
                ["add", "--as-systems", "estate", "--format", "json", "--quiet", "--data"].map(AsRef::as_ref).to_vec();
            arguments.push(fresh.0.as_os_str());
            arguments.extend(self.paths.iter().map(|path| path.as_os_str()));
            let ran = run(&arguments)?;
            times.push(ran.time);
            peak = peak.max(ran.peak_bytes);
            report = serde_json::from_slice(&ran.output).unwrap_or_default();
        }
        let count = |name: &str| report[name].as_u64().unwrap_or(0);
        let baseline = Figure::of("read and hash only", &baseline)
            .note(format!("{files} files, {:.1} MB, in this process", bytes as f64 / 1e6));
        let added = Figure::of("add", &times).peak(peak).against(&baseline).note(format!(
            "{} files accepted, {} duplicates, {} quarantined, {} skipped; {} uses",
            count("accepted"),
            count("duplicates"),
            count("quarantined"),
            count("skipped"),
            count("occurrences")
        ));
        Ok(vec![baseline, added])
    }
}

/// A directory of its own that goes away with the measurement.
pub(super) struct Fresh(pub(super) PathBuf);

impl Fresh {
    pub(super) fn new(path: PathBuf) -> Result<Self> {
        std::fs::create_dir_all(&path).map_err(|error| OfficeError::file(&path, &error))?;
        Ok(Self(path))
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        // What is left over lies in the temporary directory and harms nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
