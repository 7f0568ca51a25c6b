// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::engagement::NamingConsent;
use underpin_office::supporter::naming::{NamingAnswer, NamingRow};
use underpin_office::{House, Result};

use super::contact::yes_or_no;
use super::coverage::snapshot_line;
use crate::context::{Context, usage};
use crate::output::{Answer, columns, counted};

const FIELDS: [&str; 7] = ["agency", "project", "agrees", "holds", "said_by", "noted_by", "noted"];

/// What agencies said about being named or counted in thanks; with an agency, write down what it says
///
/// It is the agency's own act: its owner says it, or an officer over it, and it can be taken back. Without a project it is said for all
/// projects. A no about a project holds until a later yes about it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin contact consent tax-office --agrees yes --said-by 'Eva Lind' --project jq"
)]
pub struct Consent {
    /// The agency that says something
    #[arg(value_name = "AGENCY", requires = "agrees")]
    agency: Option<String>,
    /// Whether it agrees: yes or no
    #[arg(long, value_name = "ANSWER", value_parser = yes_or_no, requires = "agency")]
    agrees: Option<bool>,
    /// Name of the person of the agency who said so
    #[arg(long, value_name = "NAME", requires = "agency")]
    said_by: Option<String>,
    /// The project: its repository, or a package of it; else all
    #[arg(long, value_name = "PROJECT", requires = "agency")]
    project: Option<String>,
}

impl Consent {
    pub async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        if let (Some(agency), Some(agrees)) = (&self.agency, self.agrees) {
            let said_by = self.said_by.ok_or_else(|| usage("nobody said so", "name the person with --said-by"))?;
            let desk = context.desk_at(house, None).await?;
            let project = self.project.as_deref().map(|project| desk.project_key(project)).transpose()?;
            let agency = desk.agency_called(agency)?.id.clone();
            let author = context.author(house).await?;
            house.note_naming(&author, &agency, project.as_deref(), NamingConsent { agrees, said_by }).await?;
            return Ok(list(&house.namings(&context.desk_at(house, None).await?).await?));
        }
        Ok(list(&house.namings(&context.desk(house).await?).await?))
    }
}

fn list(found: &NamingAnswer) -> Answer {
    let mut answer = Answer {
        json: serde_json::to_value(found).unwrap_or_default(),
        fields: &FIELDS,
        columns: columns(&["Agency", "Project", "Agrees", "Holds", "Said by", "Noted by", "Noted"]),
        head: vec![format!("{}.", counted(found.rows.len() as u64, "word of an agency", "words of agencies"))],
        ..Answer::default()
    };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    let word = |answer: bool| if answer { "yes" } else { "no" };
    let cells = |row: &NamingRow| {
        vec![
            row.agency.clone(),
            row.project.clone().unwrap_or_else(|| "all".to_owned()),
            word(row.agrees).to_owned(),
            word(row.holds).to_owned(),
            row.said_by.clone(),
            row.noted_by.clone(),
            row.noted.date(),
        ]
    };
    answer.cells = found.rows.iter().map(cells).collect();
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}
