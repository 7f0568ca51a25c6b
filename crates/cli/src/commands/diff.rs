// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::Timestamp;
use underpin_office::Result;
use underpin_office::coordinator::diff::{DiffAnswer, diff};

use super::coverage::snapshot_line;
use crate::context::{Context, usage};
use crate::output::{Answer, columns, dash, print};

/// What changed in a system between two moments, or between two documents?
#[derive(Debug, clap::Args)]
pub struct Diff {
    /// A system, or two documents (D12 D15)
    #[arg(required = true, num_args = 1..=2, value_name = "SYSTEM | DOCUMENT DOCUMENT")]
    places: Vec<String>,
    /// The earlier moment
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// The later moment [default: now]
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    /// Name the documents behind each row
    #[arg(long)]
    explain: bool,
}

impl Diff {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let newer = context.desk_at(&house, self.to.or(context.global.as_of)).await?;
        let found = match (self.places.as_slice(), self.from) {
            ([old, new], None) => diff((&newer, old), (&newer, new))?,
            ([system], Some(from)) => {
                let older = context.desk_at(&house, Some(from)).await?;
                let found = diff((&older, system), (&newer, system));
                let found = house.since_when(&older, system, found).await;
                house.since_when(&newer, system, found).await?
            }
            ([_], None) => {
                return Err(usage(
                    "one system needs a moment to compare with",
                    "add --from 2026-01-01, or name two documents",
                ));
            }
            _ => return Err(usage("two documents are compared as they are", "leave --from away")),
        };
        print(&answer(&found, self.explain), context.printing())?;
        Ok(false)
    }
}

const FIELDS: [&str; 6] = ["package", "change", "from", "to", "direction", "documents"];

fn answer(found: &DiffAnswer, explain: bool) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { json, fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    answer.head.push(format!(
        "{} → {}: {} packages added, {} removed, {} changed.",
        found.from, found.to, found.added, found.removed, found.changed
    ));
    answer.columns = columns(&["package", "change", "from", "to", "direction"]);
    if explain {
        answer.columns.push("documents".to_owned());
    }
    for row in &found.rows {
        let cells = [&row.from.join(", "), &row.to.join(", "), row.direction];
        let mut line = vec![row.package.clone(), row.change.to_owned()];
        line.extend(cells.map(dash));
        if explain {
            line.push(row.documents.join(" "));
        }
        answer.cells.push(line);
    }
    answer.notes.extend(super::where_used::purged(&found.purged_documents));
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}
