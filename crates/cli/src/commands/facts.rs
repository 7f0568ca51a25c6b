// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::{Path, PathBuf};

use underpin_model::limits::bounds::PROJECT_FACTS_BYTES;
use underpin_model::project_money::FundingFile;
use underpin_office::supporter::facts::{Learned, ProjectFile};
use underpin_office::supporter::plan::read_facts;
use underpin_office::supporter::published_money::{LearnedFile, form_of};
use underpin_office::supporter::{InterventionCode, Weights};
use underpin_office::{House, Result};

use super::contact::text_of;
use crate::context::{Context, usage};
use crate::output::{Answer, columns, counted, dash, print, truth};

/// Write down what is known of upstream projects, from a file; without a file: what is written down
///
/// With --project the file is one that the project publishes: funding.json, FUNDING.yml, accounts as a table, or SECURITY-INSIGHTS.yml.
/// Platforms, kinds, amounts and addresses of the project itself are kept; names, logins, accounts and mail addresses are not.
///
/// A file of the office has a table [[project]] for each project, a table [[funding]] for each payment of somebody else, and a table [[name]] for each
/// other name of a project (a former address, a fork, a mirror); the manual has an example. Facts of a project replace those before, and
/// so do its lists of funding and names. `plan` works with what is written down; packages of another name count for the project.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin facts projects.toml\n  underpin facts FUNDING.yml --project logging-log4j2\n  underpin facts --as-of 2026-01-01"
)]
pub struct Facts {
    /// The file
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The file is one of this project: its repository, a package of it, or the last part of one of these
    #[arg(long, value_name = "PROJECT", requires = "file")]
    project: Option<String>,
}

const FIELDS: [&str; 7] =
    ["project", "consents", "can_receive_money", "was_audited", "maintainer_hours", "funded", "source"];

impl Facts {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let answer = match (&self.file, &self.project) {
            (Some(path), Some(project)) => published(context, &house, path, project).await?,
            (Some(path), None) => {
                let file = read_facts(path)?;
                let desk = context.desk_at(&house, None).await?;
                let ranking = desk.ranking(&Weights::default())?;
                said(house.learn_projects(&context.author(&house).await?, &ranking, file).await?)
            }
            (None, _) => known(&house.written_facts(&context.desk(&house).await?).await?),
        };
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

/// Learns a file that a project publishes.
async fn published(context: &Context, house: &House, path: &Path, project: &str) -> Result<Answer> {
    let desk = context.desk_at(house, None).await?;
    let key = desk.ranking(&Weights::default())?.key_or_text(project)?;
    let text = text_of(path, PROJECT_FACTS_BYTES as usize)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let form = form_of(&name, &text).ok_or_else(|| {
        usage(
            "a file of a project ends with .json, .yml, .yaml, .csv or .tsv",
            "leave --project out for a file of the office",
        )
    })?;
    let payers = desk.payers();
    let learned = house.learn_published(&context.author(house).await?, (&key, &payers), (form, &text)).await?;
    Ok(read(&learned))
}

fn read(learned: &LearnedFile) -> Answer {
    let news = if learned.is_new { "" } else { " All of it was known before." };
    let mut head = vec![format!("{}: {} is written down.{news}", learned.project, learned.form)];
    head.extend(learned.money.iter().map(|file| format!("  {}", money_line(file))));
    let gaps = learned.money.iter().flat_map(|file| &file.gaps);
    head.extend(gaps.map(|gap| format!("  not read or not kept: {} ({})", gap.what.as_str(), gap.count)));
    head.extend(
        learned
            .declared
            .iter()
            .map(|(code, reading)| format!("  {}: {}", code.as_str(), super::signals::reading(*reading))),
    );
    head.extend(learned.addresses.iter().map(|one| format!("  {}: {}", one.used_for.as_str(), one.address)));
    if learned.addresses_withheld > 0 {
        head.push(format!("  addresses that lead elsewhere and are not kept: {}", learned.addresses_withheld));
    }
    Answer::said(head, serde_json::to_value(learned).unwrap_or_default())
}

/// What a file says about money, on one line.
pub fn money_line(file: &FundingFile) -> String {
    let ways: Vec<&str> = file.doors.iter().map(|door| door.platform.as_str()).collect();
    let years: Vec<String> = file.flows.iter().map(|flow| flow.from.date().chars().take(4).collect()).collect();
    format!(
        "ways to pay: {}; amounts wished for: {}; years with money: {}",
        dash(&ways.join(", ")),
        file.wishes.len(),
        dash(&years.join(", "))
    )
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
