// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_model::registry::{AgencyId, Classification};
use underpin_model::watch::Tlp;
use underpin_office::watch::own::{Draft, Marking, OwnRow};
use underpin_office::{OfficeError, Result};

use crate::context::{Context, usage};
use crate::output::{Answer, columns, dash, print};

/// The office's own advisories: what it knows before others do, marked for whom it is
#[derive(Debug, clap::Args)]
pub struct Advisories {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    List(List),
    Add(Box<Add>),
    Withdraw(Withdraw),
}

/// The advisories that you may see, with their marks
#[derive(Debug, clap::Args)]
struct List {}

/// Publish an advisory, or a new version of one: the old version stays answerable with --as-of
///
/// Either an OSV record in a file, or a short one from the options. What rests on it carries its mark in every answer. Clear and green
/// ones are for all agencies; amber, amber+strict and red ones for the agencies named with --audience (amber with what is below them).
#[derive(Debug, clap::Args)]
struct Add {
    /// A file with one OSV record
    #[arg(value_name = "FILE", conflicts_with_all = ["id", "package"], required_unless_present = "package")]
    file: Option<PathBuf>,
    /// How far it may be passed on: clear, green, amber, amber+strict or red
    #[arg(long, value_name = "LABEL", default_value = "amber")]
    tlp: Tlp,
    /// Agencies it is for
    #[arg(long, value_name = "AGENCY", num_args = 1..)]
    audience: Vec<String>,
    /// Its classification: nobody below that clearance sees it
    #[arg(long, value_name = "LEVEL", default_value = "internal")]
    classification: Classification,
    /// Identifier
    #[arg(long, value_name = "ID", requires = "package")]
    id: Option<String>,
    /// The package, as a purl without version
    #[arg(long, value_name = "PURL", requires = "id")]
    package: Option<String>,
    /// The first affected version [default: from the beginning]
    #[arg(long, value_name = "VERSION", requires = "package")]
    introduced: Option<String>,
    /// The first version without it
    #[arg(long, value_name = "VERSION", requires = "package")]
    fixed: Option<String>,
    /// The last affected version, where no fixed one is known
    #[arg(long, value_name = "VERSION", requires = "package", conflicts_with = "fixed")]
    last_affected: Option<String>,
    /// One line about it
    #[arg(long, value_name = "TEXT", requires = "package", default_value = "")]
    summary: String,
    /// More words
    #[arg(long, value_name = "TEXT", requires = "package", default_value = "")]
    details: String,
    /// A CVSS vector, or low, medium, high, critical
    #[arg(long, value_name = "SEVERITY", requires = "package")]
    severity: Option<String>,
    /// Other names, such as a CVE
    #[arg(long, value_name = "NAME", num_args = 1.., requires = "package")]
    alias: Vec<String>,
}

/// Take an advisory back: from now on it counts no more
#[derive(Debug, clap::Args)]
struct Withdraw {
    /// Identifier
    #[arg(value_name = "ID")]
    id: String,
    /// Why
    #[arg(long, value_name = "TEXT", required = true)]
    reason: String,
}

impl Advisories {
    pub async fn run(self, context: &Context) -> Result<bool> {
        match self.what {
            What::List(_) => list(context).await,
            What::Add(command) => command.run(context).await,
            What::Withdraw(command) => command.run(context).await,
        }
    }
}

async fn list(context: &Context) -> Result<bool> {
    let house = context.existing().await?;
    let desk = context.desk(&house).await?;
    print(&listed(&house.own_advisories(&desk).await?), context.printing_all())?;
    house.close().await;
    Ok(false)
}

fn listed(found: &[OwnRow]) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { json, ..Answer::default() };
    answer.rows = answer.json.as_array().cloned().unwrap_or_default();
    answer.head.push(match found.len() {
        0 => "The office has no advisories of its own that you may see.".to_owned(),
        1 => "1 advisory of the office.".to_owned(),
        count => format!("{count} advisories of the office."),
    });
    answer.columns = columns(&["id", "TLP", "for", "classification", "since", "by", "packages", "summary"]);
    for row in found {
        let audience: Vec<&str> = row.audience.iter().map(|agency| agency.0.as_str()).collect();
        answer.cells.push(vec![
            row.id.clone(),
            row.tlp.to_owned(),
            dash(&audience.join(", ")),
            row.classification.to_owned(),
            row.recorded.date(),
            row.author.clone(),
            row.packages.join(", "),
            dash(&row.summary),
        ]);
    }
    answer
}

impl Add {
    async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let author = context.author(&house).await?;
        let record = match (&self.file, &self.id, &self.package) {
            (Some(file), _, _) => std::fs::read_to_string(file).map_err(|error| OfficeError::file(file, &error))?,
            (None, Some(id), Some(package)) => self.draft(id, package).record(author.at)?,
            _ => return Err(usage("an advisory is missing", "name a file, or --id and --package")),
        };
        let audience = self.audience.into_iter().map(AgencyId).collect();
        let marking = Marking { tlp: self.tlp, audience, classification: self.classification };
        let id = house.publish_advisory(&author, &record, marking).await?;
        let head = vec![format!("{id} is published, marked TLP:{}.", self.tlp.as_str().to_uppercase())];
        let json = serde_json::json!({ "id": id, "tlp": self.tlp.as_str() });
        print(&Answer::said(head, json), context.printing_all())?;
        house.close().await;
        Ok(false)
    }

    fn draft(&self, id: &str, package: &str) -> Draft {
        Draft {
            id: id.to_owned(),
            package: package.to_owned(),
            introduced: self.introduced.clone(),
            fixed: self.fixed.clone(),
            last_affected: self.last_affected.clone(),
            summary: self.summary.clone(),
            details: self.details.clone(),
            severity: self.severity.clone(),
            aliases: self.alias.clone(),
        }
    }
}

impl Withdraw {
    async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let author = context.author(&house).await?;
        house.withdraw_advisory(&author, &self.id, &self.reason).await?;
        let json = serde_json::json!({ "id": self.id, "withdrawn": author.at });
        let head = vec![format!("{} counts no more.", self.id)];
        print(&Answer::said(head, json), context.printing_all())?;
        house.close().await;
        Ok(false)
    }
}
