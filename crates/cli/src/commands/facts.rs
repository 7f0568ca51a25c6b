// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_office::Result;
use underpin_office::supporter::facts::{Learned, ProjectFile};
use underpin_office::supporter::plan::read_facts;
use underpin_office::supporter::{InterventionCode, Weights};

use crate::context::Context;
use crate::output::{Answer, columns, counted, dash, print, truth};

/// Write down what is known of upstream projects, from a file; without a file: what is written down
///
/// A file has a table [[project]] for each project, a table [[funding]] for each payment of somebody else, and a table [[name]] for each
/// other name of a project (a former address, a fork, a mirror); the manual has an example. Facts of a project replace those before, and
/// so do its lists of funding and names. `plan` works with what is written down; packages of another name count for the project.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  underpin facts projects.toml\n  underpin facts --as-of 2026-01-01")]
pub struct Facts {
    /// The file
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

const FIELDS: [&str; 7] =
    ["project", "consents", "can_receive_money", "was_audited", "maintainer_hours", "funded", "source"];

impl Facts {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let answer = match &self.file {
            Some(path) => {
                let file = read_facts(path)?;
                let desk = context.desk_at(&house, None).await?;
                let ranking = desk.ranking(&Weights::default())?;
                said(house.learn_projects(&context.author(&house).await?, &ranking, file).await?)
            }
            None => known(&house.written_facts(&context.desk(&house).await?).await?),
        };
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

fn said(learned: Learned) -> Answer {
    let news = if learned.is_new { "" } else { " All of it was known before." };
    let line = format!(
        "The file tells of {}, {} and {}.{news}",
        counted(learned.projects as u64, "project", "projects"),
        counted(learned.fundings as u64, "payment of others", "payments of others"),
        counted(learned.names as u64, "other name", "other names")
    );
    Answer::said(vec![line], serde_json::to_value(learned).unwrap_or_default())
}

fn known(file: &ProjectFile) -> Answer {
    let rows: Vec<serde_json::Value> =
        file.projects.iter().map(|one| serde_json::to_value(one).unwrap_or_default()).collect();
    let funded = |codes: &Vec<InterventionCode>| codes.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(" ");
    let cells = file.projects.iter().map(|one| {
        vec![
            one.project.clone(),
            truth(one.consents).to_owned(),
            truth(one.can_receive_money).to_owned(),
            truth(one.was_audited).to_owned(),
            dash(&one.maintainer_hours.map(|hours| hours.to_string()).unwrap_or_default()),
            one.funded.as_ref().map_or_else(|| "?".to_owned(), |codes| dash(&funded(codes))),
            one.source.clone(),
        ]
    });
    let of_others = file.fundings.iter().map(|one| {
        let activity = one.activity.map_or("an unknown purpose", |code| code.as_str());
        let until = one.until.map_or_else(|| "no known end".to_owned(), |until| until.date());
        let amount = one.amount.map_or_else(|| "an unknown amount".to_owned(), |amount| amount.to_string());
        format!("{} pays {amount} for {activity} of {} ({until}): {}", one.funder, one.project, one.source)
    });
    let named = file.names.iter().map(|one| {
        let since = one.since.map(|since| format!(" since {}", since.date())).unwrap_or_default();
        format!(
            "{} is a {} of {}{since} ({} %): {}",
            one.other,
            one.kind.as_str(),
            one.project,
            one.confidence_percent,
            one.source
        )
    });
    Answer {
        json: serde_json::json!({ "projects": rows, "fundings": file.fundings, "names": file.names }),
        head: vec![format!("{} written down.", counted(file.projects.len() as u64, "project is", "projects are"))],
        columns: columns(&["project", "wants help", "takes money", "audited", "hours", "paid already", "source"]),
        cells: cells.collect(),
        fields: &FIELDS,
        rows,
        notes: of_others.chain(named).collect(),
    }
}
