// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::Coverage;
use underpin_office::Result;
use underpin_office::coordinator::coverage::{CoverageAnswer, EvidenceSummary};

use crate::context::Context;
use crate::output::{Answer, columns, counted, dash, print};

/// How much of the government is known: per agency and system, with age, completeness, tools and gaps
#[derive(Debug, clap::Args)]
pub struct CoverageCommand {
    /// One line for each system instead of each agency
    #[arg(long)]
    systems: bool,
    /// Count with each agency what lies below it in the tree
    #[arg(long, conflicts_with = "systems")]
    with_below: bool,
    /// Name the documents behind each system
    #[arg(long, requires = "systems")]
    explain: bool,
}

impl CoverageCommand {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let found = desk.coverage(context.stale_days())?;
        let mut answer =
            if self.systems { by_system(&found, self.explain) } else { by_agency(&found, self.with_below) };
        answer.notes = notes(&found);
        print(&answer, context.printing())?;
        Ok(false)
    }
}

/// The answer for every format, agency by agency: its own systems, or with everything below.
pub fn by_agency(found: &CoverageAnswer, with_below: bool) -> Answer {
    let mut answer = whole(found, "agencies", &AGENCY_FIELDS);
    answer.columns = columns(&[
        "agency",
        "name",
        "known",
        "blind",
        "stale",
        "unknown",
        "declared",
        "documents",
        "complete",
        "oldest (days)",
        "gaps",
        "unbound",
        "quarantined",
    ]);
    for agency in &found.agencies {
        let counts = if with_below { &agency.with_below } else { &agency.coverage };
        let numbers = [counts.known, counts.blind, counts.stale, counts.unknown, counts.declared];
        let mut cells = vec![agency.agency.to_string(), agency.name.clone()];
        cells.extend(numbers.map(|number| number.to_string()));
        cells.extend(evidence(&agency.evidence));
        cells.extend([agency.evidence.gaps, agency.unbound, agency.quarantined].map(|number| number.to_string()));
        answer.cells.push(cells);
    }
    answer.notes = notes(found);
    answer
}

fn by_system(found: &CoverageAnswer, explain: bool) -> Answer {
    let mut answer = whole(found, "systems", &SYSTEM_FIELDS);
    answer.columns = columns(&[
        "agency",
        "system",
        "state",
        "documents",
        "complete",
        "age (days)",
        "newest",
        "tools",
        "uses",
        "gaps",
    ]);
    if explain {
        answer.columns.push("behind it".to_owned());
    }
    for system in &found.systems {
        let summary = &system.evidence;
        let mut cells = vec![system.agency.to_string(), system.system.to_string(), system.state.as_str().to_owned()];
        cells.extend(evidence(summary));
        cells.extend([
            summary.newest.map(underpin_model::Timestamp::date).unwrap_or_default(),
            dash(&summary.tools.join(", ")),
            summary.occurrences.to_string(),
            summary.gaps.to_string(),
        ]);
        if explain {
            cells.push(dash(&system.document_ids.join(" ")));
        }
        answer.cells.push(cells);
    }
    answer
}

const AGENCY_FIELDS: [&str; 14] = [
    "agency",
    "name",
    "parent",
    "coverage",
    "with_below",
    "documents",
    "complete_graphs",
    "stated_complete",
    "newest",
    "age_days",
    "tools",
    "gaps",
    "unbound",
    "quarantined",
];
const SYSTEM_FIELDS: [&str; 14] = [
    "agency",
    "system",
    "name",
    "state",
    "documents",
    "complete_graphs",
    "stated_complete",
    "newest",
    "age_days",
    "tools",
    "can_show",
    "occurrences",
    "gaps",
    "document_ids",
];

fn whole(found: &CoverageAnswer, rows: &str, fields: &'static [&'static str]) -> Answer {
    let mut answer = Answer { json: serde_json::to_value(found).unwrap_or_default(), fields, ..Answer::default() };
    answer.head.push(sentence(&found.coverage));
    answer.rows = answer.json[rows].as_array().cloned().unwrap_or_default();
    answer
}

/// Documents, how many of them tell direct from transitive throughout or say that they list everything, and the age.
fn evidence(summary: &EvidenceSummary) -> [String; 3] {
    let complete = match (summary.documents, summary.complete_graphs, summary.stated_complete) {
        (0, ..) => dash(""),
        (_, graphs, 0) => format!("{graphs} by graph"),
        (_, graphs, stated) => format!("{graphs} by graph, {stated} stated"),
    };
    let age = summary.age_days.map(|age| age.to_string()).unwrap_or_default();
    [summary.documents.to_string(), complete, dash(&age)]
}

fn notes(found: &CoverageAnswer) -> Vec<String> {
    vec![
        format!(
            "{} documents are about no system yet, {} quarantined, {} retracted, {} purged",
            found.unbound, found.quarantined, found.retracted, found.purged
        ),
        snapshot_line(found.overview.snapshot, found.overview.as_of),
    ]
}

/// Coverage as a sentence.
pub fn sentence(coverage: &Coverage) -> String {
    if coverage.systems() == 0 && coverage.declared == 0 {
        return "Coverage: no system is registered here, so nothing is covered".to_owned();
    }
    let mut text = format!(
        "Coverage: of {} {} known, {} blind, {} stale, {} unknown",
        counted(coverage.systems(), "system", "systems"),
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
