// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::{Path, PathBuf};

use underpin_office::Result;
use underpin_office::role_model::open_data::{FILES, OpenData, SafeTotal};

use crate::context::Context;
use crate::output::{Answer, columns, counted, print, write_files};

/// What everybody may know of the open source in use: packages by systems, rounded, a quarter at a time, never a version
///
/// An edition is the state at the beginning of a quarter (every_months) and comes out after a delay. Only what at least 20 systems use is told of, never
/// by one agency alone, and rounded by a secret offset. What is classified above internal, or in a compartment, is in no number. The table
/// [open_data] of the configuration file switches it on for everybody (publish), and sets delay_days, licence and withheld packages; the
/// web house then shows it at /open-data without signing in.
#[derive(Debug, clap::Args)]
pub struct OpenDataCommand {
    /// The edition, by its day (2026-01-01) [default: the newest]
    #[arg(long, value_name = "DAY")]
    edition: Option<String>,
    /// Write the files of the edition (CSV, JSON, Parquet, datapackage.json) into DIR/EDITION
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl OpenDataCommand {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let found = house.open_data_for(&desk, self.edition.as_deref()).await?;
        if let Some(folder) = &self.folder {
            write(&folder.join(&found.edition), &found)?;
        }
        print(&answer(&found), context.printing_all())?;
        house.close().await;
        Ok(false)
    }
}

fn write(folder: &Path, data: &OpenData) -> Result<()> {
    write_files(
        folder,
        FILES.iter().filter_map(|name| data.file(name).transpose().map(|bytes| bytes.map(|bytes| (*name, bytes)))),
    )
}

fn answer(data: &OpenData) -> Answer {
    let json = serde_json::to_value(data).unwrap_or_default();
    let total = |total: SafeTotal| match total {
        SafeTotal::Nothing => "none".to_owned(),
        SafeTotal::Withheld => "too few to tell".to_owned(),
        SafeTotal::About(count) => format!("about {count}"),
    };
    let mut answer = Answer {
        head: vec![
            format!(
                "Edition {}: {} told of.",
                data.edition,
                counted(data.packages.len() as u64, "package", "packages")
            ),
            format!("Systems counted: {}. Contents known: {}.", total(data.systems), total(data.known)),
            format!("Changes given back to their projects: {}.", total(data.changes_given)),
        ],
        columns: columns(&["systems", "package", "type"]),
        fields: &["package", "name", "type", "systems"],
        rows: json["packages"].as_array().cloned().unwrap_or_default(),
        json,
        ..Answer::default()
    };
    for one in &data.packages {
        answer.cells.push(vec![one.systems.to_string(), one.package.clone(), one.kind.clone()]);
    }
    if data.is_cut {
        answer.notes.push("there are more packages than are told of at most".to_owned());
    }
    answer.notes.push(format!("other editions: {}; licence {}", data.editions.join(", "), data.licence));
    answer
}
