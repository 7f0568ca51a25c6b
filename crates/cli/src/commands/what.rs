// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;
use underpin_office::coordinator::what::WhatAnswer;

use super::coverage::{sentence, snapshot_line};
use crate::context::Context;
use crate::output::{Answer, columns, dash, print, truth};

/// What does a system, an agency or a document contain?
#[derive(Debug, clap::Args)]
pub struct What {
    /// Identifier, name or alias of a system or agency, or a document (D12)
    #[arg(value_name = "SYSTEM|AGENCY|DOCUMENT")]
    about: String,
    /// Name the documents behind each row
    #[arg(long)]
    explain: bool,
}

impl What {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let found = desk.what(&self.about, context.stale_days());
        let found = house.since_when(&desk, &self.about, found).await?;
        print(&answer(&found, self.explain), context.printing())?;
        Ok(false)
    }
}

const FIELDS: [&str; 12] = [
    "package",
    "name",
    "version",
    "type",
    "scope",
    "direct",
    "licences",
    "project",
    "confidence",
    "modified",
    "systems",
    "documents",
];

/// The answer for every format.
pub fn answer(found: &WhatAnswer, explain: bool) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { json, fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    let types: Vec<String> = found.types.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    answer.head.push(format!(
        "{}: {} package versions of {} packages ({}), {} direct, from {} documents.",
        found.about,
        found.package_versions,
        found.packages,
        dash(&types.join(", ")),
        found.direct,
        found.documents
    ));
    answer.head.extend(found.coverage.as_ref().map(sentence));
    for system in &found.roll_up {
        let line = format!(
            "  {} ({}): {}, {} package versions",
            system.system,
            system.agency,
            system.state.as_str(),
            system.package_versions
        );
        answer.head.push(line);
    }
    answer.columns =
        columns(&["package", "version", "type", "scope", "direct", "licence", "project", "sure", "systems"]);
    if explain {
        answer.columns.push("documents".to_owned());
    }
    for row in &found.rows {
        let mut cells = vec![
            row.name.clone(),
            dash(&row.version),
            row.kind.clone(),
            row.scope.to_owned(),
            truth(row.direct).to_owned(),
            dash(row.licences.first().map_or("", String::as_str)),
            dash(&row.project),
            format!("{} %", row.confidence),
            row.systems.to_string(),
        ];
        if explain {
            cells.push(row.documents.join(" "));
        }
        answer.cells.push(cells);
    }
    answer.notes.extend(super::where_used::purged(&found.purged_documents));
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}
