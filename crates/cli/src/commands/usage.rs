// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;

use super::coverage::snapshot_line;
use crate::context::Context;
use crate::output::{Answer, columns, print};

/// Which packages does the government use most? By the number of systems, over everything
#[derive(Debug, clap::Args)]
pub struct Usage {
    /// How many packages to list; 0 lists all
    #[arg(long, value_name = "N", default_value_t = 50)]
    top: usize,
    /// Name the systems and documents behind each row
    #[arg(long)]
    explain: bool,
}

const FIELDS: [&str; 5] = ["package", "name", "type", "systems", "occurrences"];
const EXPLAINED_FIELDS: [&str; 7] = ["package", "name", "type", "systems", "occurrences", "used_by", "documents"];

impl Usage {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let top = (self.top > 0).then_some(self.top);
        let (found, sources) = match self.explain {
            true => desk.usage_with_sources(top)?,
            false => (desk.usage(top)?, Vec::new()),
        };
        let mut json = serde_json::to_value(&found).unwrap_or_default();
        for (row, source) in json["rows"].as_array_mut().into_iter().flatten().zip(&sources) {
            row["used_by"] = source.used_by.clone().into();
            row["documents"] = source.documents.clone().into();
        }
        let fields: &[&str] = if self.explain { &EXPLAINED_FIELDS } else { &FIELDS };
        let mut answer = Answer { json, fields, ..Answer::default() };
        answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
        answer.head.push(format!("{} packages in use, {} uses.", found.packages, found.occurrences));
        answer.columns = columns(&["systems", "uses", "package", "type"]);
        if self.explain {
            answer.columns.extend(columns(&["used by", "documents"]));
        }
        for (index, row) in found.rows.iter().enumerate() {
            let mut cells =
                vec![row.systems.to_string(), row.occurrences.to_string(), row.package.clone(), row.kind.clone()];
            if let Some(source) = sources.get(index) {
                cells.extend([source.used_by.join(" "), source.documents.join(" ")]);
            }
            answer.cells.push(cells);
        }
        let left = (found.packages as usize).saturating_sub(found.rows.len());
        if left > 0 {
            answer.notes.push(format!("{left} packages are used less widely; --top 0 lists all"));
        }
        answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
        print(&answer, context.printing_all())?;
        Ok(false)
    }
}
