// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::io::{IsTerminal as _, Write as _};

use underpin_model::Timestamp;
use underpin_office::watch::estate::Watched;
use underpin_office::watch::findings::{FindingRow, FindingsAnswer, FindingsQuery, meaning};
use underpin_office::watch::gate::{GateAnswer, GateLevel};
use underpin_office::{Desk, OfficeError, Result};

use super::coverage::snapshot_line;
use crate::context::Context;
use crate::output::{Answer, Format, columns, counted, dash, print};

/// What is vulnerable where, and what to do first
///
/// A finding is a vulnerability of a package version that a system uses. Decisions change its state and never take it away. Without
/// --status, findings that are fixed or not affected are left out.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin findings --exploited --sort -severity\n  underpin findings CVE-2021-44228 --explain\n  underpin findings --agency health --priority soon --format csv\n  underpin findings --system portal --format sarif --fail-on high"
)]
pub struct Findings {
    /// A vulnerability, by any of its names
    #[arg(value_name = "VULNERABILITY")]
    vulnerability: Option<String>,
    #[command(flatten)]
    filters: Filters,
    /// What comes first: priority, severity, likelihood, first-known, vulnerability, package, system, agency, due; turned round with a - before it
    #[arg(long, value_name = "ORDER", default_value = "priority", allow_hyphen_values = true)]
    sort: String,
    /// Rows to pass over
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u64,
    /// Rows to show [default: what fits a terminal in tables, all in other formats]
    #[arg(long, value_name = "N")]
    rows: Option<usize>,
    /// Show the points behind each priority
    #[arg(long)]
    explain: bool,
    /// Exit with 1 when a finding that is not closed reaches this priority (act-now, soon, planned, watch), severity (critical,
    /// high, medium, low) or score
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<String>,
}

/// Which findings are meant
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Filters {
    /// States: open, under-investigation, unknown, fixed, not-affected, or all
    #[arg(long, value_name = "STATE", value_delimiter = ',')]
    status: Vec<String>,
    /// Lowest severity: low, medium, high, critical, or a score
    #[arg(long, value_name = "SEVERITY")]
    severity: Option<String>,
    /// Lowest likelihood of exploitation within 30 days (EPSS), 0 to 1
    #[arg(long, value_name = "SHARE")]
    likelihood: Option<f32>,
    /// Only what is known to be exploited (CISA KEV, EUVD)
    #[arg(long)]
    exploited: bool,
    /// Only malicious packages
    #[arg(long)]
    malicious: bool,
    /// An agency with everything below it
    #[arg(long, value_name = "AGENCY")]
    agency: Option<String>,
    /// A system
    #[arg(long, value_name = "SYSTEM")]
    system: Option<String>,
    /// Words that the purl of the package contains
    #[arg(long, value_name = "WORDS", default_value = "")]
    package: String,
    /// Words that names or summaries of the vulnerability contain
    #[arg(long, value_name = "WORDS", default_value = "")]
    text: String,
    /// Type of package: npm, pypi, deb, …
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Only those with a known fixed version (yes), or without (no)
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    fixable: Option<String>,
    /// First known at that time or later
    #[arg(long, value_name = "TIME")]
    since: Option<Timestamp>,
    /// First known before that time
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    /// Only what is open beyond its deadline by the office's rules
    #[arg(long)]
    overdue: bool,
    /// Only what is due before that day by the office's rules
    #[arg(long, value_name = "TIME")]
    due_before: Option<Timestamp>,
    /// Lowest priority: act-now, soon, planned, watch
    #[arg(long, value_name = "LEVEL")]
    priority: Option<String>,
}

impl Filters {
    /// As a question, without order and page.
    pub fn query(&self, vulnerability: Option<String>) -> FindingsQuery {
        FindingsQuery {
            statuses: self.status.clone(),
            severity: self.severity.clone(),
            likelihood: self.likelihood,
            exploited: self.exploited,
            malicious: self.malicious,
            agency: self.agency.clone(),
            system: self.system.clone(),
            package: self.package.clone(),
            purl: None,
            base: None,
            text: self.text.clone(),
            vulnerability,
            kind: self.kind.clone(),
            fixable: self.fixable.as_deref().map(|word| word == "yes"),
            since: self.since,
            until: self.until,
            overdue: self.overdue,
            due_before: self.due_before,
            priority: self.priority.clone(),
            sort: "priority".to_owned(),
            offset: 0,
            rows: usize::MAX,
        }
    }
}

const FIELDS: [&str; 29] = [
    "priority",
    "score",
    "agency",
    "system",
    "package",
    "vulnerability",
    "aliases",
    "severity",
    "severity_score",
    "severity_source",
    "likelihood",
    "exploited",
    "ransomware",
    "us_due",
    "due",
    "due_rule",
    "overdue",
    "tlp",
    "status",
    "reason",
    "confidence_percent",
    "decision",
    "statement",
    "reopened",
    "has_fix",
    "direct",
    "scope",
    "exposure",
    "need",
];

impl Findings {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let level = level_of(self.fail_on.as_deref())?;
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let watched = house.watch(&desk).await?;
        let query = self.query(context);
        // What cannot be judged is told before anything is shown.
        let gate = level.as_ref().map(|level| watched.gate(&desk, &query, level)).transpose()?;
        if let Some(form) = context.global.format.report() {
            crate::output::write(watched.report(&desk, &query, form)?.as_bytes())?;
            return Ok(judged(gate.as_ref(), context));
        }
        // On a terminal nothing from outside may steer it: there the printer writes.
        let streams = matches!(context.global.format, Format::Ndjson | Format::Csv)
            && self.rows.is_none()
            && !std::io::stdout().is_terminal();
        if streams && query.offset == 0 {
            let total = stream(&watched, &desk, &query, context.global.format)?;
            if !context.global.quiet {
                eprintln!("{total} findings\n{}", watched.freshness.sentence());
                eprintln!("{}", snapshot_line(desk.overview().snapshot, desk.overview().as_of));
                crate::output::tell(underpin_model::COLLECTION_NOTE);
            }
        } else {
            print(&answer(&watched.findings(&desk, &query)?, self.explain), context.printing_all())?;
        }
        Ok(judged(gate.as_ref(), context))
    }

    fn query(&self, context: &Context) -> FindingsQuery {
        let shown = match context.global.format {
            Format::Table => context.printing().rows,
            _ => usize::MAX,
        };
        FindingsQuery {
            sort: self.sort.clone(),
            offset: self.offset,
            rows: self.rows.unwrap_or(shown),
            ..self.filters.query(self.vulnerability.clone())
        }
    }
}

/// The level that a flag names.
pub fn level_of(text: Option<&str>) -> Result<Option<GateLevel>> {
    text.map(str::parse).transpose()
}

/// Says what a gate says, and whether it fails.
pub fn judged(gate: Option<&GateAnswer>, context: &Context) -> bool {
    let Some(gate) = gate else { return false };
    if gate.fails() || !context.global.quiet {
        crate::output::tell(&gate.sentence());
    }
    gate.fails()
}

/// Every finding as it is found: memory does not grow with their number. Gives how many there are.
fn stream(watched: &Watched, desk: &Desk, query: &FindingsQuery, format: Format) -> Result<u64> {
    let mut output = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let failed = |error: std::io::Error| OfficeError::file(std::path::Path::new("standard output"), &error);
    if format == Format::Csv {
        output.write_all(crate::output::csv_header(&FIELDS)?.as_bytes()).map_err(failed)?;
    }
    let write = |row: &FindingRow<'_>| -> Result<()> {
        let value = serde_json::to_value(row).unwrap_or_default();
        let line = if format == Format::Csv { crate::output::csv_line(&value, &FIELDS)? } else { format!("{value}\n") };
        output.write_all(line.as_bytes()).map_err(failed)
    };
    match watched.each_finding(desk, query, write) {
        Err(error) if error.message.contains("Broken pipe") => Ok(0),
        Err(error) => Err(error),
        Ok(total) => output.flush().map_err(failed).map(|()| total),
    }
}

pub fn answer(found: &FindingsAnswer<'_>, explain: bool) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { json, fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    answer.head.push(match found.total {
        0 if found.freshness.knows_nothing() => {
            "No findings, for there is nothing to hold packages against.".to_owned()
        }
        0 => "No findings.".to_owned(),
        total => format!(
            "{}: {} of {} in {} of {}.",
            counted(total, "finding", "findings"),
            counted(found.vulnerabilities, "vulnerability", "vulnerabilities"),
            counted(found.package_versions, "package version", "package versions"),
            counted(found.systems, "system", "systems"),
            counted(found.agencies, "agency", "agencies")
        ),
    });
    let states: Vec<String> = found
        .by_status
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(status, count)| format!("{count} {status}"))
        .collect();
    if states.len() > 1 {
        answer.head.push(format!("By state: {}.", states.join(", ")));
    }
    answer.columns = columns(&[
        "priority",
        "system",
        "package",
        "vulnerability",
        "severity",
        "exploited",
        "due",
        "state",
        "why",
        "fix",
    ]);
    if explain {
        answer.columns.extend(columns(&["points"]));
    }
    for row in &found.rows {
        let score = row.severity_score.map(|score| format!(" {score}")).unwrap_or_default();
        let mut cells = vec![
            row.priority.to_owned(),
            row.system.to_owned(),
            row.package.to_owned(),
            marked(row.vulnerability, row.tlp),
            format!("{}{score}", row.severity),
            dash(&row.exploited.join(", ")),
            format!("{}{}", dash(row.due.as_deref().unwrap_or_default()), if row.overdue { ", overdue" } else { "" }),
            row.status.to_owned(),
            reason_cell(row.reason, row.confidence_percent),
            if row.has_fix { "known" } else { "–" }.to_owned(),
        ];
        if explain {
            let parts: Vec<String> = row.parts.iter().map(|(name, points)| format!("{name} {points:+}")).collect();
            cells.push(parts.join(", "));
        }
        answer.cells.push(cells);
    }
    notes(found, &mut answer);
    answer
}

/// A name with its mark, where it is not for everybody.
pub fn marked(name: &str, tlp: Option<&str>) -> String {
    tlp.map_or_else(|| name.to_owned(), |mark| format!("{name} [TLP:{}]", mark.to_uppercase()))
}

/// A reason, and a word of warning where it is more likely wrong than right.
pub fn reason_cell(reason: &str, confidence_percent: u8) -> String {
    if confidence_percent < 50 { format!("{reason} (low confidence)") } else { reason.to_owned() }
}

fn notes(found: &FindingsAnswer<'_>, answer: &mut Answer) {
    let shown = found.rows.len() as u64;
    if shown < found.total {
        answer.notes.push(format!("{shown} of {} rows are shown; --rows and --offset show others", found.total));
    }
    let cannot: u64 = found.unanswerable.iter().map(|(_, count)| *count).sum();
    if cannot > 0 {
        let reasons: Vec<String> =
            found.unanswerable.iter().take(3).map(|(reason, count)| format!("{count} {reason}")).collect();
        answer.notes.push(format!(
            "{cannot} package versions in use cannot be held against advisories: {}",
            reasons.join(", ")
        ));
    }
    if let Some((reason, _)) = found.unanswerable.first() {
        answer.notes.push(format!("{reason}: {}", meaning(reason)));
    }
    if found.rows.iter().any(|row| row.due.is_some()) {
        answer
            .notes
            .push("due: by the office's own rules, from first publication or listing as exploited; `underpin config` shows them".to_owned());
    }
    answer.notes.push(found.freshness.sentence());
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
}
