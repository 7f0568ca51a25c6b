// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;
use underpin_office::coordinator::how::HowAnswer;

use super::coverage::snapshot_line;
use crate::context::Context;
use crate::output::{Answer, columns, dash, print, truth};

/// How does a package get into a system? Paths, scope, place in the artefact, and which document says so
#[derive(Debug, clap::Args)]
pub struct How {
    /// Name, purl or pattern with *
    #[arg(value_name = "PACKAGE")]
    query: String,
    /// System (or document D12) to look in
    #[arg(long = "in", value_name = "SYSTEM")]
    place: String,
}

impl How {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let found = desk.how(&self.query, &self.place).await;
        let found = house.since_when(&desk, &self.place, found).await?;
        print(&answer(&found), context.printing())?;
        Ok(false)
    }
}

const FIELDS: [&str; 16] = [
    "document",
    "tool",
    "package",
    "version",
    "direct",
    "depth",
    "scope",
    "confidence",
    "modified",
    "evidence",
    "made",
    "locations",
    "paths",
    "cut",
    "ancestors",
    "patches",
];

/// The answer for every format.
pub fn answer(found: &HowAnswer) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { json, fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    answer.head.push(match found.rows.len() {
        0 => format!("No current document about {} names {}.", found.system, found.query),
        rows => format!("{rows} statements about {} in {}:", found.query, found.system),
    });
    answer.columns = columns(&[
        "document", "tool", "package", "version", "direct", "scope", "sure", "modified", "known by", "where",
    ]);
    for row in &found.rows {
        answer.cells.push(vec![
            row.document.clone(),
            dash(&row.tool),
            row.package.clone(),
            dash(&row.version),
            truth(row.direct).to_owned(),
            row.scope.to_owned(),
            format!("{} %", row.confidence),
            truth(row.modified).to_owned(),
            row.evidence.to_owned(),
            dash(row.locations.first().map_or("", String::as_str)),
        ]);
        for path in &row.paths {
            answer.notes.push(format!("{}: {}", row.document, path.join(" → ")));
        }
        if row.cut {
            answer
                .notes
                .push(format!("{}: there are more paths than shown (limits.paths, limits.path_steps)", row.document));
        }
        if row.paths.is_empty() {
            answer
                .notes
                .push(format!("{}: the document gives no path to {} {}", row.document, row.package, row.version));
        }
        for patch in row
            .ancestors
            .iter()
            .map(|ancestor| format!("made from {ancestor}"))
            .chain(row.patches.iter().map(|patch| format!("patch: {patch}")))
        {
            answer.notes.push(format!("{}: {patch}", row.document));
        }
    }
    if !found.silent_documents.is_empty() {
        answer.notes.push(format!("current documents that do not name it: {}", found.silent_documents.join(" ")));
    }
    answer.notes.extend(super::where_used::purged(&found.purged_documents));
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}
