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
}

const FIELDS: [&str; 5] = ["package", "name", "type", "systems", "occurrences"];

impl Usage {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let found = desk.usage((self.top > 0).then_some(self.top))?;
        let json = serde_json::to_value(&found).unwrap_or_default();
        let mut answer = Answer { json, fields: &FIELDS, ..Answer::default() };
        answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
        answer.head.push(format!("{} packages in use, {} uses.", found.packages, found.occurrences));
        answer.columns = columns(&["systems", "uses", "package", "type"]);
        for row in &found.rows {
            answer.cells.push(vec![
                row.systems.to_string(),
                row.occurrences.to_string(),
                row.package.clone(),
                row.kind.clone(),
            ]);
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
