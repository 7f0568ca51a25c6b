// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_office::coordinator::export::write_sbom;
use underpin_office::{OfficeError, Result};

use crate::context::Context;
use crate::output::{Format, Printing, print, refuse_binary_on_terminal, write};

/// Give away what is known of a system or agency, as an SBOM or a table
#[derive(Debug, clap::Args)]
pub struct Export {
    /// System, agency or document
    #[arg(value_name = "SYSTEM|AGENCY|DOCUMENT")]
    place: String,
    /// Format
    #[arg(long = "as", value_name = "FORMAT", value_parser = ["cyclonedx-1.6", "spdx-2.3", "csv", "parquet"])]
    export_as: String,
    /// The version of the system that it is about: for the parts list of a release
    #[arg(long, value_name = "VERSION")]
    release: Option<String>,
    /// File to write; standard output when not given
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Export {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let bytes = match self.export_as.as_str() {
            "csv" | "parquet" => {
                let found = desk.what(&self.place, context.stale_days())?;
                let answer = super::what::answer(&found, true);
                if self.export_as == "csv" && self.output.is_none() {
                    print(&answer, Printing { format: Format::Csv, ..context.printing_all() })?;
                    return Ok(false);
                }
                if self.export_as == "csv" {
                    crate::output::csv(&answer)?.into_bytes()
                } else {
                    underpin_office::parquet_of_rows(answer.fields, &answer.rows)?
                }
            }
            format => {
                let mut inventory = desk.export(&self.place)?;
                if let Some(version) = self.release {
                    inventory
                        .components
                        .iter_mut()
                        .take(1)
                        .for_each(|artefact| artefact.version = version.clone().into());
                    inventory.subject.version = version.into();
                }
                write_sbom(&inventory, format)?
            }
        };
        match &self.output {
            Some(path) => std::fs::write(path, bytes).map_err(|error| OfficeError::file(path, &error))?,
            None => {
                if self.export_as == "parquet" {
                    refuse_binary_on_terminal()?;
                }
                write(&bytes)?;
            }
        }
        Ok(false)
    }
}
