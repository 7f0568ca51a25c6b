// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::{Path, PathBuf};
use std::sync::Arc;

use underpin_office::migration::{AgencyMap, LeftCode, MigrationOptions, MigrationReport};
use underpin_office::watch::fetch::Outside;
use underpin_office::{OfficeError, Result};

use crate::context::{Context, usage};
use crate::output::{Answer, columns, counted, dash, print};

/// Take over what another server keeps
#[derive(Debug, clap::Args)]
pub struct Migrate {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, clap::Subcommand)]
enum From {
    DependencyTrack(DependencyTrack),
}

/// Projects, bills of materials and decisions of a Dependency-Track server (version 4)
///
/// Projects of one name become one system; where several versions are in use, each becomes a deployment. What people said about findings
/// becomes decisions, with every comment. Nothing is written there. The same command again takes what is new and changes nothing else.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin migrate dependency-track --url https://track.example --key-file key --agency health\n  underpin migrate dependency-track --url https://track.example --key-file key --agencies map.csv"
)]
struct DependencyTrack {
    /// Address of its API server
    #[arg(long, value_name = "URL")]
    url: String,
    /// File with an API key that has the permissions VIEW_PORTFOLIO and VIEW_VULNERABILITY
    #[arg(long, value_name = "FILE")]
    key_file: PathBuf,
    /// The agency that new systems belong to, where no row of --agencies fits
    #[arg(long, value_name = "AGENCY", required_unless_present = "agencies")]
    agency: Option<String>,
    /// A CSV file with the columns project and agency; project is a name with * for anything, tag:NAME, or a UUID; the first row that fits counts
    #[arg(long, value_name = "CSV")]
    agencies: Option<PathBuf>,
    /// The server may lie inside (private addresses), and be called over http
    #[arg(long)]
    inside: bool,
    /// Read everything and write nothing: say what would be done
    #[arg(long)]
    dry_run: bool,
}

impl Migrate {
    pub async fn run(self, context: &Context) -> Result<bool> {
        match self.from {
            From::DependencyTrack(command) => command.run(context).await,
        }
    }
}

impl DependencyTrack {
    async fn run(self, context: &Context) -> Result<bool> {
        context.operator("take over another server")?;
        let rows = self.agencies.as_deref().map(read_map).transpose()?.unwrap_or_default();
        let options = MigrationOptions {
            address: self.url,
            key: self.key_file,
            is_inside: self.inside,
            agencies: AgencyMap { rows, otherwise: self.agency },
            is_dry_run: self.dry_run,
            tag: context.tag(),
        };
        let house = context.house().await?;
        let author = context.author(&house).await?;
        let outside = Outside { edge: Arc::new(context.outside()), environment: &|name| std::env::var(name).ok() };
        let report = house.migrate(&options, &context.configuration.watch, outside, &author).await?;
        print(&answer(&report), context.printing_all())?;
        house.close().await;
        Ok(false)
    }
}

fn read_map(path: &Path) -> Result<Vec<(String, String)>> {
    let bytes = std::fs::read(path).map_err(|error| OfficeError::file(path, &error))?;
    map_of(&bytes).map_err(|why| usage(format!("{}: {why}", path.display()), "the columns are project and agency"))
}

fn map_of(bytes: &[u8]) -> std::result::Result<Vec<(String, String)>, String> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    let column =
        |name: &str| headers.iter().position(|header| header.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name));
    let (Some(project), Some(agency)) = (column("project"), column("agency")) else {
        return Err("a column is missing".to_owned());
    };
    let mut rows = Vec::new();
    for (line, record) in (2..).zip(reader.records()) {
        let record = record.map_err(|error| error.to_string())?;
        match (record.get(project), record.get(agency)) {
            (Some(project), Some(agency)) if !project.is_empty() && !agency.is_empty() => {
                rows.push((project.to_owned(), agency.to_owned()));
            }
            _ => return Err(format!("line {line} names no project or no agency")),
        }
    }
    Ok(rows)
}

const FIELDS: [&str; 10] = [
    "project",
    "version",
    "uuid",
    "agency",
    "system",
    "deployment",
    "outcome",
    "document",
    "decisions",
    "decisions_known",
];

fn answer(report: &MigrationReport) -> Answer {
    let json = serde_json::to_value(report).unwrap_or_default();
    let mut answer = Answer { json, fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    let version = &report.version;
    answer.head.push(format!(
        "{}, version {version}: {}.",
        report.server,
        counted(report.projects, "project", "projects")
    ));
    let would = if report.dry_run { "This would make" } else { "Made" };
    answer.head.push(format!(
        "{would} {}, {}, {} and {}.",
        counted(report.systems, "system", "systems"),
        counted(report.deployments, "deployment", "deployments"),
        counted(report.documents, "document", "documents"),
        counted(report.decisions, "decision", "decisions"),
    ));
    if report.withdrawn > 0 {
        answer.head.push(format!(
            "{} withdrawn: something else is said there now.",
            counted(report.withdrawn, "decision is", "decisions are")
        ));
    }
    answer.columns = columns(&["project", "version", "system", "deployment", "system is", "document", "decisions"]);
    for row in &report.rows {
        answer.cells.push(vec![
            row.project.clone(),
            dash(&row.version),
            row.system.clone(),
            dash(&row.deployment),
            row.outcome.to_owned(),
            row.document.to_owned(),
            match row.decisions_known {
                0 => row.decisions.to_string(),
                known => format!("{} ({known} known)", row.decisions),
            },
        ]);
    }
    for code in LeftCode::ALL {
        let left: Vec<_> = report.left.iter().filter(|left| left.code == code.as_str()).collect();
        if left.is_empty() {
            continue;
        }
        answer.notes.push(format!("left, {}: {}", code.as_str(), code.meaning()));
        for one in left {
            let detail = if one.detail.is_empty() { String::new() } else { format!(" ({})", one.detail) };
            answer.notes.push(format!("  {}{detail}", one.what));
        }
    }
    if report.dry_run {
        answer.notes.push("nothing was written; the same without --dry-run does it".to_owned());
    } else if report.decisions > 0 {
        answer
            .notes
            .push("next: `underpin findings`, and `underpin decisions list` shows what was taken over".to_owned());
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_has_projects_and_agencies() {
        let row = |project: &str, agency: &str| (project.to_owned(), agency.to_owned());
        for (text, rows) in [
            ("project,agency\ntag:tax , tax\n*,office\n", Some(vec![row("tag:tax", "tax"), row("*", "office")])),
            ("\u{feff}Agency,Project,note\nhealth,a*,x\n", Some(vec![row("a*", "health")])),
            ("project,agency\n", Some(vec![])),
            ("project,agency\n,tax\n", None),
            ("name,agency\na,b\n", None),
        ] {
            assert_eq!(map_of(text.as_bytes()).ok(), rows, "{text:?}");
        }
    }
}
