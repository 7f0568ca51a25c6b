// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::Timestamp;
use underpin_office::Result;
use underpin_office::watch::changes::{ChangesAnswer, ChangesQuery};

use super::coverage::snapshot_line;
use super::findings::marked;
use crate::context::Context;
use crate::output::{Answer, Format, columns, counted, dash, print};

/// What became worse and what became better between two moments, system by system, and why
///
/// Both moments are judged by what was known then. What the viewer may see is judged by now.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  underpin watch changes --since 2026-03-01")]
pub struct Changes {
    /// The earlier moment
    #[arg(long, value_name = "TIME")]
    since: Timestamp,
    /// The later moment [default: now]
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    /// An agency with everything below it
    #[arg(long, value_name = "AGENCY")]
    agency: Option<String>,
    /// A system
    #[arg(long, value_name = "SYSTEM")]
    system: Option<String>,
}

impl Changes {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let older = context.desk_at(&house, Some(self.since)).await?;
        let newer = context.desk_at(&house, self.until.or(context.global.as_of)).await?;
        let rows = match context.global.format {
            Format::Table => context.printing().rows,
            _ => usize::MAX,
        };
        let query = ChangesQuery { agency: self.agency, system: self.system, rows };
        print(&answer(&house.watch_changes(&older, &newer, &query).await?), context.printing_all())?;
        Ok(false)
    }
}

const FIELDS: [&str; 11] =
    ["direction", "change", "agency", "system", "package", "vulnerability", "tlp", "severity", "from", "to", "why"];

fn answer(found: &ChangesAnswer) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { json, fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    let (from, to) = (found.since.as_of, found.overview.as_of);
    answer.head.push(match found.worse + found.better {
        0 if found.freshness.knows_nothing() => {
            format!("{from} → {to}: nothing can be told, for there is nothing to hold packages against.")
        }
        0 => format!("{from} → {to}: nothing changed."),
        _ => format!(
            "{from} → {to}: {} worse, {} better, in {}.",
            found.worse,
            found.better,
            counted(found.systems.len() as u64, "system", "systems")
        ),
    });
    let counts: Vec<String> = found.by_change.iter().map(|(change, count)| format!("{count} {change}")).collect();
    if !counts.is_empty() {
        answer.head.push(format!("By change: {}.", counts.join(", ")));
    }
    answer.columns =
        columns(&["direction", "change", "system", "package", "vulnerability", "severity", "from", "to", "why"]);
    for row in &found.rows {
        let mut cells = vec![row.direction.to_owned(), row.change.to_owned()];
        cells.extend([row.system.clone(), row.package.clone(), marked(&row.vulnerability, row.tlp)]);
        cells.extend([row.severity, &row.from, &row.to, &row.why].map(dash));
        answer.cells.push(cells);
    }
    let (shown, all) = (found.rows.len() as u64, found.worse + found.better);
    if shown < all {
        answer.notes.push(format!("{shown} of {all} rows are shown; other formats give all"));
    }
    answer.notes.push(found.freshness.sentence());
    answer.notes.push(format!("then: {}", found.freshness_since.sentence()));
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}
