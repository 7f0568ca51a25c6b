// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::Coverage;
use underpin_office::Result;
use underpin_office::coordinator::coverage::CoverageAnswer;

use crate::context::Context;
use crate::output::{Answer, columns, dash, print};

/// How much of the government is known: per agency and system, with age, tools and gaps
#[derive(Debug, clap::Args)]
pub struct CoverageCommand {
    /// One line for each system instead of each agency
    #[arg(long)]
    systems: bool,
}

impl CoverageCommand {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let found = desk.coverage(context.stale_days());
        print(&answer(&found, self.systems), context.global.format, desk_rows(context))?;
        Ok(false)
    }
}

/// The answer for every format: by agency, or by system.
pub fn answer(found: &CoverageAnswer, systems: bool) -> Answer {
    let mut answer = Answer { json: serde_json::to_value(found).unwrap_or_default(), ..Answer::default() };
    answer.head.push(sentence(&found.coverage));
    let rows = if systems { "systems" } else { "agencies" };
    answer.rows = answer.json[rows].as_array().cloned().unwrap_or_default();
    if systems {
        answer.columns =
            columns(&["agency", "system", "state", "documents", "newest", "age in days", "tools", "uses", "gaps"]);
        for system in &found.systems {
            answer.cells.push(vec![
                system.agency.to_string(),
                system.system.to_string(),
                system.state.as_str().to_owned(),
                system.documents.to_string(),
                system.newest.map(underpin_model::Timestamp::date).unwrap_or_default(),
                system.age_days.map(|age| age.to_string()).unwrap_or_default(),
                dash(&system.tools.join(", ")),
                system.occurrences.to_string(),
                system.gaps.to_string(),
            ]);
        }
    } else {
        answer.columns = columns(&["agency", "name", "known", "blind", "stale", "unknown", "declared"]);
        for agency in &found.agencies {
            let counts = &agency.coverage;
            let numbers = [counts.known, counts.blind, counts.stale, counts.unknown, counts.declared];
            let mut cells = vec![agency.agency.to_string(), agency.name.clone()];
            cells.extend(numbers.map(|number| number.to_string()));
            answer.cells.push(cells);
        }
    }
    answer.notes = vec![
        format!(
            "{} documents are about no system yet, {} quarantined, {} retracted, {} purged",
            found.unbound, found.quarantined, found.retracted, found.purged
        ),
        snapshot_line(found.overview.snapshot, found.overview.as_of),
    ];
    answer
}

/// Coverage as a sentence.
pub fn sentence(coverage: &Coverage) -> String {
    let mut text = format!(
        "Coverage: of {} systems {} known, {} blind, {} stale, {} unknown",
        coverage.systems(),
        coverage.known,
        coverage.blind,
        coverage.stale,
        coverage.unknown
    );
    if coverage.declared > 0 {
        text.push_str(&format!("; {} more declared, not registered", coverage.declared));
    }
    text
}

/// Snapshot and time, under every answer.
pub fn snapshot_line(snapshot: i64, as_of: underpin_model::Timestamp) -> String {
    format!("snapshot {snapshot}, as of {as_of}")
}

/// Rows shown on a terminal.
pub fn desk_rows(context: &Context) -> usize {
    context.configuration.settings.limits.table_rows
}
