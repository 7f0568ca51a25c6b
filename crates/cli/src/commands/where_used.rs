// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;
use underpin_office::coordinator::where_used::WhereAnswer;
use underpin_office::watch::hit::{HitAnswer, is_vulnerability};

use super::coverage::{sentence, snapshot_line};
use super::explain::said_by;
use super::findings::reason_cell;
use crate::context::{Context, usage};
use crate::output::{Answer, columns, dash, print, truth};

/// Where is a package used, or who is hit by a vulnerability? Every system and agency, and how much of the government that
/// answer covers
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin where log4j-core --versions '<2.17.1'\n  underpin where pkg:npm/left-pad\n  underpin where CVE-2021-44228"
)]
pub struct Where {
    /// Name, purl, pattern with *, CPE, digest, licence:ID, or a vulnerability (CVE-…, GHSA-…)
    #[arg(value_name = "PACKAGE")]
    query: String,
    /// Only these versions: '>=2.0 <2.15' or 'vers:maven/>=2.0|<2.15'
    #[arg(long, value_name = "RANGE")]
    versions: Option<String>,
    /// Name the documents behind each row, and those that could show it and do not
    #[arg(long)]
    explain: bool,
    /// Exit with 1 when it is used anywhere
    #[arg(long, value_name = "found", value_parser = ["found"])]
    fail_on: Option<String>,
}

impl Where {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        if is_vulnerability(&self.query) || house.is_own_advisory(&desk, &self.query).await? {
            if self.versions.is_some() || self.explain {
                return Err(usage(
                    "--versions and --explain are for packages; an advisory says itself which versions it is about",
                    format!("`underpin explain SYSTEM {}` tells why, source by source", self.query),
                ));
            }
            let watched = house.watch(&desk).await?;
            let found = watched.hit(&desk, &self.query, context.stale_days())?;
            print(&hit(&found), context.printing())?;
            return Ok(self.fail_on.is_some() && found.systems > 0);
        }
        let found = desk.where_used(&self.query, self.versions.as_deref(), context.stale_days())?;
        print(&answer(&found, self.explain), context.printing())?;
        Ok(self.fail_on.is_some() && found.systems > 0)
    }
}

const FIELDS: [&str; 22] = [
    "agency",
    "agency_name",
    "system",
    "system_name",
    "status",
    "deployments",
    "package",
    "version",
    "file",
    "direct",
    "via",
    "scope",
    "confidence",
    "modified",
    "documents",
    "silent_documents",
    "stale",
    "operator",
    "supplier",
    "support",
    "contact",
    "fit",
];

/// "Are we affected?", answered in the first line.
pub fn hit(found: &HitAnswer<'_>) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { json, fields: &HIT_FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    let name = &found.vulnerability;
    answer.head.push(match (found.systems, found.undecided) {
        (0, 0) => format!("No system is known to be affected by {name}."),
        (0, 1) => format!("No system is known to be affected by {name}; of 1 system it cannot be told yet."),
        (0, some) => format!("No system is known to be affected by {name}; of {some} systems it cannot be told yet."),
        (1, _) => format!("1 system is affected by {name}."),
        (systems, _) => format!("{systems} systems of {} agencies are affected by {name}.", found.agencies),
    });
    if let Some(mark) = found.tlp {
        answer.head.push(format!("TLP:{}: this rests on an advisory of the office.", mark.to_uppercase()));
    }
    if found.systems > 0 && found.undecided > 0 {
        answer.head.push(format!("Of {} more it cannot be told yet: look there too.", found.undecided));
    }
    if found.decided > 0 {
        answer.head.push(format!(
            "{} more use an affected version and are closed by a decision or a supplier's statement.",
            found.decided
        ));
    }
    if let Some(first) = found.named_only.first() {
        let named = found.named_only.len();
        let who = if named == 1 { format!("{first} names") } else { format!("{named} systems ({first}, …) name") };
        answer.head.push(format!("{who} such a package without its kind, so nothing can be told: look there too."));
    }
    if !found.summary.is_empty() {
        answer.head.push(format!("What it is, in a source's words: {}", found.summary));
    }
    if let Some(severity) = &found.severity {
        let score = severity.score.as_ref().map(|score| format!(" {score}")).unwrap_or_default();
        answer.head.push(format!("Severity: {}{score}, as {} says.", severity.rating, said_by(&severity.source)));
    }
    if !found.exploited.is_empty() {
        answer.head.push(format!("Known to be exploited: {}.", found.exploited.join(", ")));
    }
    answer.head.push(sentence(&found.coverage));
    answer.columns =
        columns(&["agency", "system", "package", "state", "why", "priority", "direct", "operator", "contact"]);
    for row in &found.rows {
        answer.cells.push(vec![
            row.agency.to_owned(),
            row.system.to_owned(),
            row.package.to_owned(),
            row.status.to_owned(),
            reason_cell(row.reason, row.confidence_percent),
            row.priority.to_owned(),
            truth(row.direct).to_owned(),
            dash(row.operator),
            dash(row.contact),
        ]);
    }
    answer.drop_empty_columns();
    if found.types.is_empty() {
        answer.notes.push("no advisory names a package of a kind that an inventory can show".to_owned());
    } else {
        answer.notes.push(format!("coverage is judged for packages of these kinds: {}", found.types.join(", ")));
    }
    answer.notes.push(format!("`underpin explain SYSTEM {name}` tells why, source by source"));
    answer.notes.push(found.freshness.sentence());
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}

const HIT_FIELDS: [&str; 13] = [
    "agency",
    "system",
    "system_name",
    "package",
    "status",
    "reason",
    "confidence_percent",
    "priority",
    "direct",
    "scope",
    "operator",
    "contact",
    "stale",
];

/// The answer for every format. Formats that only have rows tell in `fit` and `status` what stands beside the answer.
pub fn answer(found: &WhereAnswer, explain: bool) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { json, fields: &FIELDS, ..Answer::default() };
    for (list, fit) in [("rows", "inside"), ("undecided_rows", "undecided"), ("inactive_rows", "inside")] {
        answer.rows.extend(answer.json[list].as_array().into_iter().flatten().cloned().map(|mut row| {
            row["fit"] = fit.into();
            row
        }));
    }
    let range = found.versions.as_ref().map(|range| format!(" {range}")).unwrap_or_default();
    answer.head.push(match found.systems {
        0 => format!("No system is known to use {}{range}.", found.query),
        1 => format!("1 system uses {}{range}.", found.query),
        systems => format!("{systems} systems of {} agencies use {}{range}.", found.agencies, found.query),
    });
    if found.undecided > 0 {
        let systems =
            if found.undecided == 1 { "1 system names" } else { &format!("{} systems name", found.undecided) };
        answer.head.push(format!("{systems} it, and version or kind of package cannot be told: look there too."));
    }
    answer.head.push(sentence(&found.coverage));
    table(found, explain, &mut answer);
    notes(found, &mut answer);
    answer
}

fn table(found: &WhereAnswer, explain: bool, answer: &mut Answer) {
    answer.columns = columns(&["agency", "system", "runs at", "package", "version", "direct", "scope", "sure"]);
    answer.columns.extend(columns(&["operator", "supplier", "contact"]));
    if explain {
        answer.columns.extend(columns(&["support", "documents", "silent documents", "via"]));
    }
    let inactive = found.inactive_rows.iter().map(|row| (row, format!(" ({})", row.status)));
    let active = found.rows.iter().chain(&found.undecided_rows).map(|row| (row, String::new()));
    for (row, status) in active.chain(inactive) {
        let mut cells = vec![
            row.agency.to_string(),
            format!("{}{status}", row.system),
            dash(&row.deployments.join(", ")),
            if row.file.is_empty() { row.package.to_string() } else { format!("file {}", row.file) },
            if row.version.is_empty() && row.file.is_empty() { "not stated".to_owned() } else { dash(&row.version) },
            direct(row.direct, &row.via),
            row.scope.to_owned(),
            format!("{} %", row.confidence),
            dash(row.operator),
            dash(row.supplier),
            dash(row.contact),
        ];
        if explain {
            cells.extend([
                dash(row.support),
                joined(&row.documents, " "),
                dash(&joined(&row.silent_documents, " ")),
                dash(&joined(&row.via, ", ")),
            ]);
        }
        answer.cells.push(cells);
    }
    answer.drop_empty_columns();
}

fn notes(found: &WhereAnswer, answer: &mut Answer) {
    let notes = &mut answer.notes;
    if !found.suggestions.is_empty() {
        notes.push(format!("did you mean: {}?", found.suggestions.join(", ")));
    }
    if !found.other_versions.is_empty() {
        notes.push(format!("in use in other versions: {}", found.other_versions.join(", ")));
    }
    if !found.inactive_rows.is_empty() {
        notes.push("rows with a status are systems that are not active; no count includes them".to_owned());
    }
    if !found.unbound_documents.is_empty() {
        let documents = found.unbound_documents.join(" ");
        notes.push(format!("also named in documents about no system yet: {documents}"));
    }
    if found.rows.iter().any(|row| row.stale) {
        notes.push("some of these systems are only known from stale evidence".to_owned());
    }
    if let Some(needed) = found.needs {
        notes.push(format!("known are systems whose evidence states {needed}"));
    }
    if found.type_unknown {
        notes.push(
            "the kind of package is not known: known are systems whose evidence can show every kind; give a purl to \
             ask about one"
                .to_owned(),
        );
    }
    notes.extend(purged(&found.purged_documents));
    notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
}

/// What a purge took out of an answer.
pub fn purged(documents: &[String]) -> Option<String> {
    (!documents.is_empty())
        .then(|| format!("purged, so not in this answer: {} (`underpin documents show` says why)", documents.join(" ")))
}

fn joined(items: &[impl ToString], separator: &str) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(separator)
}

fn direct(direct: Option<bool>, via: &[impl std::fmt::Display]) -> String {
    match (direct, via) {
        (Some(false), [first, ..]) => format!("by {first}"),
        (direct, _) => truth(direct).to_owned(),
    }
}
