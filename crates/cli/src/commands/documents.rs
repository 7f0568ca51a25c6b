// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_model::DocumentState;
use underpin_office::coordinator::document_changes::{DocumentChange, RetryRow};
use underpin_office::coordinator::document_list::{DocumentFilter, DocumentsAnswer};
use underpin_office::coordinator::document_rules::RuledReport;
use underpin_office::coordinator::documents::DocumentAnswer;
use underpin_office::{Desk, House, OfficeError, Result};

use super::coverage::snapshot_line;
use crate::context::Context;
use crate::output::{Answer, columns, dash, print, write};

/// What was handed in: list, show, give back the original, bind, take back, read again
#[derive(Debug, clap::Args)]
pub struct Documents {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List documents; all conditions must hold
    List(List),
    /// Everything known about one document
    Show {
        /// Document, such as D12
        document: String,
    },
    /// What a document conforms to: each clause of the rulebooks that the house has switched on
    Conformity {
        /// Document, such as D12
        document: String,
        /// Other rulebooks, with commas
        #[arg(long, value_name = "PROFILES", value_delimiter = ',')]
        profile: Vec<String>,
        /// In German
        #[arg(long)]
        german: bool,
    },
    /// The original, byte for byte, to standard output or into a file
    Original {
        /// Document, such as D12
        document: String,
        /// The file that was read together with it in this role (go.sum, os-release) instead
        #[arg(long, value_name = "ROLE")]
        companion: Option<String>,
        /// The file that it is a part of (a survey about several systems) instead; only who may see all parts gets it
        #[arg(long, conflicts_with = "companion")]
        container: bool,
        /// Write into this file, which must not be there yet
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Say which system a document is about
    Bind {
        /// Document, such as D12
        #[arg(required_unless_present = "by_rules", conflicts_with = "by_rules")]
        document: Option<String>,
        /// The system, by its identifier or a name
        #[arg(long, value_name = "ID", required_unless_present = "by_rules", conflicts_with = "by_rules")]
        system: Option<String>,
        /// Apply the mapping rules to all documents that are about no system yet
        #[arg(long)]
        by_rules: bool,
        /// … and the deployment of it
        #[arg(long, value_name = "ID", conflicts_with = "by_rules")]
        deployment: Option<String>,
    },
    /// Say that a document is not about a system, from now on
    Unbind {
        /// Document, such as D12
        document: String,
        /// The system; all of them when not given
        #[arg(long, value_name = "ID")]
        system: Option<String>,
        /// Only this deployment of it
        #[arg(long, value_name = "ID", requires = "system")]
        deployment: Option<String>,
    },
    /// Take a document back: its facts no longer count, the original stays
    Retract {
        /// Document, such as D12
        document: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Let a retracted document count again
    Restore {
        /// Document, such as D12
        document: String,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Read quarantined documents again with today's readers
    Retry {
        /// Document, such as D12
        #[arg(required_unless_present = "all_quarantined", conflicts_with = "all_quarantined")]
        document: Option<String>,
        /// All that are quarantined
        #[arg(long)]
        all_quarantined: bool,
    },
}

#[derive(Debug, clap::Args)]
struct List {
    /// Accepted, but about no system yet: work to do
    #[arg(long)]
    unbound: bool,
    /// Kept, but could not be read
    #[arg(long, group = "fate")]
    quarantined: bool,
    /// Taken back by a person
    #[arg(long, group = "fate")]
    retracted: bool,
    /// Removed by four eyes
    #[arg(long, group = "fate")]
    purged: bool,
    /// Replaced by a newer one wherever they count
    #[arg(long)]
    superseded: bool,
    /// About this system
    #[arg(long, value_name = "ID")]
    system: Option<String>,
    /// About systems of this agency and everything below it, or handed in by it
    #[arg(long, value_name = "ID")]
    agency: Option<String>,
    /// Made by this tool; * stands for any characters
    #[arg(long, value_name = "TOOL")]
    tool: Option<String>,
}

impl Documents {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let author = context.author(&house).await?;
        let answer = match self.action {
            Action::List(list) => listed(&context.desk(&house).await?.list_documents(&list.filter())?),
            Action::Show { document } => {
                let desk = context.desk(&house).await?;
                shown(&desk.show_document(&document)?, &bill_lines(&house, &desk, &document).await?)
            }
            Action::Conformity { document, profile, german } => {
                let answer = house.conformity(&context.desk(&house).await?, &document, &profile).await?;
                super::conformity::conformity(&answer, german)
            }
            Action::Original { document, companion, container, output } => {
                let desk = context.desk(&house).await?;
                let bytes = match container {
                    true => desk.whole_of(&document).await?,
                    false => desk.original_of(&document, companion.as_deref()).await?,
                };
                match output {
                    Some(path) => write_new(&path, &bytes)?,
                    None => write(&bytes)?,
                }
                return Ok(false);
            }
            Action::Bind { document: Some(document), system: Some(system), deployment, .. } => {
                changed(&house.bind_document(&author, &document, &system, deployment.as_deref()).await?)
            }
            Action::Bind { .. } => ruled(&house.bind_by_rules(&author).await?),
            Action::Unbind { document, system, deployment } => {
                changed(&house.unbind_document(&author, &document, system.as_deref(), deployment.as_deref()).await?)
            }
            Action::Retract { document, reason } => {
                changed(&house.retract_document(&author, &document, &reason).await?)
            }
            Action::Restore { document, reason } => {
                changed(&house.restore_document(&author, &document, &reason).await?)
            }
            Action::Retry { document, .. } => {
                retried(&house.retry_documents(&author, document.as_deref(), &context.tag()).await?)
            }
        };
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

impl List {
    fn filter(self) -> DocumentFilter {
        let fates = [
            (self.quarantined, DocumentState::Quarantined),
            (self.retracted, DocumentState::Retracted),
            (self.purged, DocumentState::Purged),
        ];
        DocumentFilter {
            unbound: self.unbound,
            state: fates.into_iter().find(|(wanted, _)| *wanted).map(|(_, state)| state),
            superseded: self.superseded,
            system: self.system,
            agency: self.agency,
            tool: self.tool,
            ..DocumentFilter::default()
        }
    }
}

fn write_new(path: &std::path::Path, bytes: &[u8]) -> Result<()> {
    use std::io::Write as _;
    let failed = |error: std::io::Error| OfficeError::file(path, &error);
    let mut file = std::fs::File::create_new(path).map_err(|error| failed(error).hint("choose a name that is free"))?;
    file.write_all(bytes).map_err(failed)
}

const LIST_FIELDS: [&str; 13] = [
    "document",
    "state",
    "superseded_by",
    "subject",
    "tool",
    "reader",
    "created",
    "learned",
    "systems",
    "occurrences",
    "gaps",
    "path",
    "reason",
];

fn listed(found: &DocumentsAnswer) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { json, fields: &LIST_FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    answer.columns =
        columns(&["document", "state", "subject", "tool", "reader", "created", "systems", "uses", "gaps", "path"]);
    for row in &found.rows {
        let state = match (row.state, row.superseded_by.as_slice()) {
            (DocumentState::Accepted, [first, ..]) => format!("accepted, replaced by {first}"),
            (state, _) => state.as_str().to_owned(),
        };
        answer.cells.push(vec![
            row.document.to_string(),
            state,
            dash(&row.subject),
            dash(&row.tool),
            dash(&row.format),
            dash(&row.created.map(underpin_model::Timestamp::date).unwrap_or_default()),
            dash(&row.systems.join(" ")),
            row.occurrences.to_string(),
            row.gaps.to_string(),
            if row.reason.is_empty() { row.path.clone() } else { format!("{} ({})", row.path, row.reason) },
        ]);
    }
    answer.head.push(match found.rows.len() {
        1 => "1 document".to_owned(),
        several => format!("{several} documents"),
    });
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}

const SHOW_FIELDS: [&str; 24] = [
    "document",
    "state",
    "state_since",
    "reason",
    "path",
    "evidence",
    "original_kept",
    "container",
    "companions",
    "size_bytes",
    "reader",
    "reader_version",
    "tool",
    "subject",
    "subject_digest",
    "created",
    "learned",
    "uploader",
    "stated",
    "types",
    "occurrences",
    "gaps",
    "gap_rows",
    "bindings",
];

/// What a bill of materials conforms to, a line for each rulebook; none for other documents, and for what is not kept.
async fn bill_lines(house: &House, desk: &Desk, document: &str) -> Result<Vec<String>> {
    match house.conformity(desk, document, &[]).await {
        Ok(answer) => {
            let judged = answer.rulebooks.iter().filter(|book| book.code != "no-bill-of-materials");
            Ok(judged.map(|book| super::conformity::line(book, false)).collect())
        }
        Err(error) if error.code == "evidence-purged" => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn shown(found: &DocumentAnswer, conforms: &[String]) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { rows: vec![json.clone()], json, fields: &SHOW_FIELDS, ..Answer::default() };
    let row = &found.row;
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            answer.head.push(format!("{name:<18}{value}"));
        }
    };
    line("document", &row.document.to_string());
    line("state", &format!("{} since {}", row.state.as_str(), found.state_since));
    line("reason", &row.reason);
    line("path", &row.path);
    line("evidence", &format!("sha256:{}", found.evidence));
    if !found.original_kept {
        line("original", "removed by four eyes; only this tombstone is left");
    }
    line("container", &found.container.as_ref().map(|hash| format!("sha256:{hash}")).unwrap_or_default());
    line("size", &format!("{} bytes", found.size_bytes));
    line(
        "reader",
        &match row.format.as_str() {
            "" => "none".to_owned(),
            format => format!("{format}, version {}", found.reader_version),
        },
    );
    line("tool", &row.tool);
    line("subject", &row.subject);
    line("subject digest", &found.subject_digest);
    line("created", &row.created.map(|at| at.to_string()).unwrap_or_else(|| "not stated".to_owned()));
    line("learned", &row.learned.to_string());
    line("handed in by", &found.uploader.as_ref().map(ToString::to_string).unwrap_or_default());
    for (name, value) in &found.stated {
        line(&name.replace('_', " "), value);
    }
    line("uses", &format!("{} ({})", row.occurrences, dash(&found.types.join(", "))));
    line("gaps", &row.gaps.to_string());
    conforms.iter().for_each(|told| line("conformity", told));
    for companion in &found.companions {
        line("read together with", &format!(" {} sha256:{}", companion.role, companion.evidence));
    }
    for binding in &found.bindings {
        let deployment = binding.deployment.as_ref().map(|id| format!("/{id}")).unwrap_or_default();
        let newer = binding.superseded_by.as_ref().map(|id| format!(", replaced there by {id}")).unwrap_or_default();
        let (system, agency, origin) = (&binding.system, &binding.agency, &binding.origin);
        line("about", &format!("{system}{deployment} of {agency}, by {origin} since {}{newer}", binding.from));
    }
    if found.bindings.is_empty() {
        line("about", "no system yet");
    }
    answer.columns = columns(&["gap", "place", "detail", "times", "meaning"]);
    for gap in &found.gap_rows {
        answer.cells.push(vec![
            gap.code.clone(),
            dash(&gap.place),
            dash(&gap.detail),
            gap.count.to_string(),
            gap.meaning.to_owned(),
        ]);
    }
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}

fn changed(change: &DocumentChange) -> Answer {
    let json = serde_json::to_value(change).unwrap_or_default();
    let head = vec![match change.changed {
        true => format!("{}: {}.", change.document, change.done),
        false => format!("{}: {}; it was so already, nothing changed.", change.document, change.done),
    }];
    Answer::said(head, json)
}

const RULED_FIELDS: [&str; 4] = ["document", "systems", "path", "problem"];

fn ruled(report: &RuledReport) -> Answer {
    let json = serde_json::to_value(report).unwrap_or_default();
    let mut answer = Answer { json, fields: &RULED_FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    answer.head.push(format!(
        "{} documents were about no system; {} are bound now, {} are still to be bound.",
        report.unbound, report.bound, report.left
    ));
    answer.columns = columns(&["document", "bound to", "path", "problem"]);
    for row in &report.rows {
        answer.cells.push(vec![
            row.document.to_string(),
            dash(&row.systems.join(" ")),
            row.path.clone(),
            dash(&row.problem),
        ]);
    }
    if report.left > 0 {
        answer.notes.push("next: `underpin documents list --unbound` shows what is about no system yet".to_owned());
    }
    answer
}

const RETRIED_FIELDS: [&str; 7] = ["document", "state", "occurrences", "gaps", "bound", "path", "reason"];

fn retried(rows: &[RetryRow]) -> Answer {
    let rows_json = rows.iter().map(|row| serde_json::to_value(row).unwrap_or_default()).collect();
    let mut answer = Answer { rows: rows_json, fields: &RETRIED_FIELDS, ..Answer::default() };
    let accepted = rows.iter().filter(|row| row.state == DocumentState::Accepted).count();
    answer.json = serde_json::json!({ "retried": rows.len(), "accepted": accepted, "rows": answer.rows });
    answer.head.push(format!("{} documents were read again, {accepted} are accepted now.", rows.len()));
    answer.columns = columns(&["document", "state", "uses", "gaps", "bound to", "path", "reason"]);
    for row in rows {
        answer.cells.push(vec![
            row.document.to_string(),
            row.state.as_str().to_owned(),
            row.occurrences.to_string(),
            row.gaps.to_string(),
            dash(&row.bound.join(" ")),
            row.path.clone(),
            dash(&row.reason),
        ]);
    }
    answer
}
