// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_model::Timestamp;
use underpin_model::registry::SystemStatus;
use underpin_office::coordinator::registry::RegistryFormat;
use underpin_office::coordinator::registry_import::{ImportFile, ImportReport};
use underpin_office::coordinator::registry_show::ShowAnswer;
use underpin_office::{Desk, OfficeError, RegistryKind, Result};

use super::coverage::snapshot_line;
use super::registry_change::Change;
use crate::context::Context;
use crate::output::{Answer, columns, dash, print, refuse_binary_on_terminal, write};

/// The government: agencies, systems, where those run, and which documents are about them
#[derive(Debug, clap::Args)]
pub struct Registry {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Take in TOML, CSV or XLSX files, all or nothing
    ///
    /// A row says everything about its agency, system, deployment or mapping: what it leaves empty becomes empty. What is in no
    /// row stays as it is. All problems are named at once, with file, line and field.
    Import {
        /// Files; what they hold is found by content and column names, English or German
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Say what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
        /// Since when it holds in the world [default: now]
        #[arg(long, value_name = "DATE")]
        valid_from: Option<Timestamp>,
    },
    /// Write the registry as a file that import reads back
    Export {
        /// File format
        #[arg(long = "as", value_enum, value_name = "FORMAT")]
        form: Form,
        /// Only rows of one kind
        #[arg(long, value_enum, value_name = "KIND")]
        kind: Option<Kind>,
        /// Write into this file instead of standard output
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// List agencies, systems, deployments or mappings
    List {
        /// What to list
        #[arg(value_enum, value_name = "WHAT")]
        what: Listed,
        /// Only this agency and everything below it
        #[arg(long, value_name = "AGENCY")]
        agency: Option<String>,
        /// Only systems with this status: planned, active or retired
        #[arg(long, value_name = "STATUS")]
        status: Option<SystemStatus>,
    },
    /// Everything registered about an agency, a system or a deployment (SYSTEM/DEPLOYMENT)
    Show {
        /// Identifier, name or alias
        #[arg(value_name = "ID")]
        id: String,
        /// Everything ever said about it
        #[arg(long)]
        history: bool,
    },
    #[command(flatten)]
    Change(Change),
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Form {
    Toml,
    Csv,
    Xlsx,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Kind {
    Agency,
    System,
    Deployment,
    Mapping,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Listed {
    Agencies,
    Systems,
    Deployments,
    Mappings,
}

impl Registry {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let answer = match self.action {
            Action::Import { files, dry_run, valid_from } => {
                // The registry comes before the first evidence: an import may make the house.
                let house = context.house().await?;
                let author = context.author(&house).await?;
                let files = files.into_iter().map(open).collect::<Result<Vec<_>>>()?;
                let report = house.import_registry(&author, &files, valid_from, dry_run).await?;
                house.close().await;
                imported(&report)
            }
            Action::Export { form, kind, output } => return export(context, form, kind, output).await,
            Action::List { what, agency, status } => {
                let house = context.existing().await?;
                list(&context.desk(&house).await?, what, agency.as_deref(), status)?
            }
            Action::Show { id, history } => {
                let house = context.existing().await?;
                shown(&context.desk(&house).await?.show_registered(&id, history, context.stale_days()).await?)
            }
            Action::Change(change) => change.run(context).await?,
        };
        print(&answer, context.printing())?;
        Ok(false)
    }
}

fn open(path: PathBuf) -> Result<ImportFile> {
    let bytes = std::fs::read(&path).map_err(|error| OfficeError::file(&path, &error))?;
    Ok(ImportFile { name: path.to_string_lossy().into_owned(), bytes })
}

async fn export(context: &Context, form: Form, kind: Option<Kind>, output: Option<PathBuf>) -> Result<bool> {
    let house = context.existing().await?;
    let form = match form {
        Form::Toml => RegistryFormat::Toml,
        Form::Csv => RegistryFormat::Csv,
        Form::Xlsx => RegistryFormat::Xlsx,
    };
    let kind = kind.map(|kind| match kind {
        Kind::Agency => RegistryKind::Agency,
        Kind::System => RegistryKind::System,
        Kind::Deployment => RegistryKind::Deployment,
        Kind::Mapping => RegistryKind::Mapping,
    });
    let bytes = context.desk(&house).await?.export_registry(form, kind)?;
    match output {
        Some(path) => std::fs::write(&path, bytes).map_err(|error| OfficeError::file(&path, &error))?,
        None => {
            if form == RegistryFormat::Xlsx {
                refuse_binary_on_terminal()?;
            }
            write(&bytes)?;
        }
    }
    Ok(false)
}

const IMPORT_FIELDS: [&str; 7] = ["outcome", "kind", "id", "name", "fields", "file", "line"];
const AGENCY_FIELDS: [&str; 9] =
    ["id", "name", "aliases", "parent", "predecessors", "declared_systems", "systems", "depth", "contact"];
const SYSTEM_FIELDS: [&str; 18] = [
    "agency",
    "id",
    "name",
    "aliases",
    "purpose",
    "exposure",
    "confidentiality",
    "integrity",
    "availability",
    "classification",
    "status",
    "depends_on",
    "deployments",
    "documents",
    "operator",
    "supplier",
    "support",
    "contact",
];
const DEPLOYMENT_FIELDS: [&str; 6] = ["system", "id", "name", "environment", "location", "exposure"];
const MAPPING_FIELDS: [&str; 4] = ["on", "pattern", "system", "deployment"];
const SHOW_FIELDS: [&str; 13] = [
    "kind",
    "id",
    "ended",
    "fields",
    "succeeded_by",
    "agencies",
    "systems",
    "deployments",
    "needed_by",
    "mappings",
    "state",
    "documents",
    "history",
];

fn imported(report: &ImportReport) -> Answer {
    let json = serde_json::to_value(report).unwrap_or_default();
    let mut answer = Answer { json, fields: &IMPORT_FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    let would = if report.dry_run { "would be " } else { "" };
    answer.head.push(format!(
        "{} rows {would}added, {} {would}changed, {} unchanged.",
        report.added, report.changed, report.unchanged
    ));
    answer.columns = columns(&["outcome", "kind", "id", "name", "what changes", "file", "line"]);
    for row in &report.rows {
        let said = |field: &underpin_office::coordinator::registry_fields::FieldChange| match row.outcome {
            "added" => format!("{}: {}", field.field, field.after),
            _ => format!("{}: {} → {}", field.field, dash(&field.before), dash(&field.after)),
        };
        let fields: Vec<String> =
            row.fields.iter().filter(|field| row.outcome == "changed" || field.field == "agency").map(said).collect();
        answer.cells.push(vec![
            row.outcome.to_owned(),
            row.kind.to_owned(),
            row.id.clone(),
            row.name.clone(),
            dash(&fields.join("; ")),
            row.file.clone(),
            row.line.to_string(),
        ]);
    }
    for sheet in &report.skipped_sheets {
        answer.notes.push(format!("passed over, no part of a registry: {sheet}"));
    }
    answer.notes.extend(report.planned.iter().map(ToString::to_string));
    if report.dry_run {
        answer.notes.push("nothing was changed; run it again without --dry-run".to_owned());
    }
    answer
}

fn list(desk: &Desk, what: Listed, agency: Option<&str>, status: Option<SystemStatus>) -> Result<Answer> {
    let mut answer = Answer::default();
    match what {
        Listed::Agencies => {
            answer.fields = &AGENCY_FIELDS;
            answer.columns = columns(&["agency", "name", "parent", "systems", "declared", "contact"]);
            for row in desk.list_agencies(agency)? {
                answer.rows.push(serde_json::to_value(&row).unwrap_or_default());
                let name = format!("{}{}", "  ".repeat(row.depth), row.agency.name);
                answer.cells.push(vec![
                    row.agency.id.to_string(),
                    name,
                    dash(&row.agency.parent.map(|parent| parent.0).unwrap_or_default()),
                    row.systems.to_string(),
                    dash(&row.agency.declared_systems.map(|number| number.to_string()).unwrap_or_default()),
                    dash(&row.agency.contact),
                ]);
            }
        }
        Listed::Systems => list_systems(desk, agency, status, &mut answer)?,
        Listed::Deployments => {
            answer.fields = &DEPLOYMENT_FIELDS;
            answer.columns = columns(&["system", "deployment", "name", "environment", "location", "exposure"]);
            for row in desk.list_deployments(agency)? {
                answer.rows.push(serde_json::to_value(row).unwrap_or_default());
                let [name, environment, location] = [&row.name, &row.environment, &row.location].map(|text| dash(text));
                let (system, id) = (row.system.to_string(), row.id.to_string());
                answer.cells.push(vec![system, id, name, environment, location, row.exposure.as_str().to_owned()]);
            }
        }
        Listed::Mappings => {
            answer.fields = &MAPPING_FIELDS;
            answer.columns = columns(&["on", "pattern", "system", "deployment"]);
            for row in desk.list_mappings(agency)? {
                answer.rows.push(serde_json::to_value(row).unwrap_or_default());
                let deployment = row.deployment.as_ref().map(ToString::to_string).unwrap_or_default();
                let on = row.on.as_str().to_owned();
                answer.cells.push(vec![on, row.pattern.clone(), row.system.to_string(), dash(&deployment)]);
            }
        }
    }
    let overview = desk.overview();
    answer.json = serde_json::json!({ "snapshot": overview.snapshot, "as_of": overview.as_of, "rows": answer.rows });
    if answer.rows.is_empty() {
        answer.head.push("nothing is registered here".to_owned());
    }
    answer.notes.push(snapshot_line(overview.snapshot, overview.as_of));
    Ok(answer)
}

fn list_systems(desk: &Desk, agency: Option<&str>, status: Option<SystemStatus>, answer: &mut Answer) -> Result<()> {
    answer.fields = &SYSTEM_FIELDS;
    answer.columns = columns(&[
        "agency",
        "system",
        "name",
        "exposure",
        "protection",
        "classified",
        "status",
        "runs at",
        "documents",
        "contact",
    ]);
    for row in desk.list_systems(agency, status)? {
        answer.rows.push(serde_json::to_value(&row).unwrap_or_default());
        let system = row.system;
        let need = [system.confidentiality, system.integrity, system.availability].map(|need| need.as_str());
        answer.cells.push(vec![
            system.agency.to_string(),
            system.id.to_string(),
            system.name,
            system.exposure.as_str().to_owned(),
            need.join("/"),
            system.classification.as_str().to_owned(),
            system.status.as_str().to_owned(),
            row.deployments.to_string(),
            row.documents.to_string(),
            dash(&system.contact),
        ]);
    }
    Ok(())
}

fn shown(found: &ShowAnswer) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { rows: vec![json.clone()], json, fields: &SHOW_FIELDS, ..Answer::default() };
    answer.head.push(format!("{} {}", found.kind, found.id));
    let mut line = |name: &str, value: String| {
        if !value.is_empty() {
            answer.head.push(format!("  {:<18}{value}", name.replace('_', " ")));
        }
    };
    if let Some(ended) = found.ended {
        line("ended", ended.to_string());
    }
    for (name, value) in found.fields.as_object().into_iter().flatten().filter(|(name, _)| *name != "id") {
        line(name, underpin_office::coordinator::registry_fields::shown(Some(value)));
    }
    let joined = |ids: Vec<String>| ids.join(", ");
    line("succeeded by", joined(found.succeeded_by.iter().map(ToString::to_string).collect()));
    line("agencies below", joined(found.agencies.iter().map(ToString::to_string).collect()));
    line("systems", joined(found.systems.iter().map(ToString::to_string).collect()));
    line("needed by", joined(found.needed_by.iter().map(ToString::to_string).collect()));
    for deployment in &found.deployments {
        let told = [&deployment.name, &deployment.environment, &deployment.location];
        let told: Vec<&str> = told.into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        line("runs at", format!("{} ({})", deployment.id, dash(&told.join(", "))));
    }
    for rule in &found.mappings {
        line("bound by", format!("{} {:?}", rule.on.as_str(), rule.pattern));
    }
    line("known", found.state.map(|state| state.as_str().to_owned()).unwrap_or_default());
    line("documents", found.documents.join(" "));
    answer.columns = columns(&["valid from", "until", "known since", "until", "what changed"]);
    for row in &found.history {
        let changes: Vec<String> = row
            .changes
            .iter()
            .map(|change| format!("{}: {} → {}", change.field, dash(&change.before), dash(&change.after)))
            .collect();
        let until = |moment: Option<Timestamp>| moment.map_or("–".to_owned(), |moment| moment.to_string());
        answer.cells.push(vec![
            row.valid_from.to_string(),
            until(row.valid_until),
            row.recorded_from.to_string(),
            until(row.recorded_until),
            changes.join("; "),
        ]);
    }
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}
