// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::Timestamp;
use underpin_model::engagement::{DisclosureAct, DisclosureId};
use underpin_office::supporter::disclosures::{DisclosureAnswer, DisclosureRow, DisclosuresAnswer};
use underpin_office::supporter::{NewDisclosure, NewDisclosureEvent};
use underpin_office::{House, Result};

use super::coverage::snapshot_line;
use crate::context::Context;
use crate::output::{Answer, columns, counted, dash, print};

const FIELDS: [&str; 10] =
    ["disclosure", "project", "title", "case", "embargo", "until", "is_embargoed", "report", "opened_by", "opened"];

/// Lead the disclosure of a vulnerability that is not public yet, as a case in a compartment
///
/// Who is not let into the compartment does not learn that there is a case. An embargo ends on its day, and by itself as soon as the public
/// knows, an exploit is public or attacks are seen.
#[derive(Debug, clap::Args)]
pub struct Disclosures {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Open(Open),
    /// All cases that you are let into
    List,
    /// One case: how it stands, what happened, what may follow
    Show(One),
    Event(Event),
}

/// Open a case
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  underpin disclosure open log4j --title 'Long names' --compartment lantern")]
struct Open {
    /// The project that has to mend it: its repository, or a package of it
    #[arg(value_name = "PROJECT")]
    project: String,
    /// What the case is called inside
    #[arg(long, value_name = "TEXT", required = true)]
    title: String,
    /// Its compartment: who is let into it knows of the case
    #[arg(long, value_name = "NAME", required = true)]
    compartment: String,
}

#[derive(Debug, clap::Args)]
struct One {
    /// The case, as `disclosure list` shows it
    #[arg(value_name = "CASE")]
    disclosure: DisclosureId,
}

/// Write down what happened in a case
///
/// vendor-aware, fix-ready, fix-deployed, public-aware, exploit-public, attacks-seen; embargo-propose, embargo-accept, embargo-reject,
/// embargo-terminate; report-receive, report-validate, report-invalidate, report-accept, report-defer, report-close.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  underpin disclosure event C7 embargo-propose --until 2026-12-24")]
struct Event {
    /// The case, as `disclosure list` shows it
    #[arg(value_name = "CASE")]
    disclosure: DisclosureId,
    /// What happened
    #[arg(value_name = "WHAT")]
    what: DisclosureAct,
    /// Until when the embargo is to hold; only with embargo-propose
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    /// A note
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
}

impl Disclosures {
    pub async fn run(self, context: &Context) -> Result<bool> {
        context.known("lead the disclosure of a vulnerability")?;
        let house = context.existing().await?;
        let answer = match self.what {
            What::List => list(&house.disclosures(&context.desk(&house).await?).await?),
            What::Show(asked) => one(&house.disclosure(&context.desk(&house).await?, asked.disclosure).await?),
            What::Open(new) => new.run(context, &house).await?,
            What::Event(event) => {
                let new = NewDisclosureEvent { what: event.what, until: event.until, note: event.note };
                said(&house.note_disclosure(&context.author(&house).await?, event.disclosure, new).await?)
            }
        };
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

impl Open {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let project = context.desk_at(house, None).await?.project_key(&self.project)?;
        let new = NewDisclosure { project, title: self.title, compartment: self.compartment };
        Ok(said(&house.open_disclosure(&context.author(house).await?, new).await?))
    }
}

fn standing(row: &DisclosureRow) -> Vec<String> {
    let until = row.until.map(|until| format!(" until {}", until.date())).unwrap_or_default();
    let mut lines = vec![
        format!("{} {}: {}", row.disclosure, row.project, row.title),
        format!("  case {}, embargo {}{until}, report {}", row.case, row.embargo.as_str(), row.report.as_str()),
    ];
    lines.extend(row.obliged.map(|event| format!("  say next: {}", event.as_str())));
    lines.extend(row.advice.iter().map(|advice| format!("  think about: {advice}")));
    let may: Vec<&str> = row.may_follow.iter().map(|act| act.as_str()).collect();
    lines.push(format!("  may follow: {}", dash(&may.join(", "))));
    lines
}

fn said(row: &DisclosureRow) -> Answer {
    Answer::said(standing(row), serde_json::to_value(row).unwrap_or_default())
}

fn list(found: &DisclosuresAnswer) -> Answer {
    let mut answer = Answer {
        json: serde_json::to_value(found).unwrap_or_default(),
        fields: &FIELDS,
        columns: columns(&["Case", "Project", "Title", "State", "Embargo", "Until", "Report", "Opened"]),
        head: vec![format!("{}.", counted(found.rows.len() as u64, "case", "cases"))],
        ..Answer::default()
    };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    let cells = |row: &DisclosureRow| {
        vec![
            row.disclosure.clone(),
            row.project.clone(),
            row.title.clone(),
            row.case.to_string(),
            row.embargo.as_str().to_owned(),
            row.until.map_or_else(|| dash(""), |until| until.date()),
            row.report.as_str().to_owned(),
            row.opened.date(),
        ]
    };
    answer.cells = found.rows.iter().map(cells).collect();
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}

fn one(found: &DisclosureAnswer) -> Answer {
    let mut head = standing(&found.row);
    for event in &found.rows {
        let until = event.until.map(|until| format!(" until {}", until.date())).unwrap_or_default();
        let by = if event.is_by_itself { "by itself".to_owned() } else { format!("by {}", event.actor) };
        let note = if event.note.is_empty() { String::new() } else { format!(": {}", event.note) };
        head.push(format!("  {} {}{until}, {by}{note}", event.at.date(), event.what.as_str()));
    }
    head.push(format!("  conversations: {}", dash(&found.conversations.join(", "))));
    let json = serde_json::to_value(found).unwrap_or_default();
    let rows = json["rows"].as_array().cloned().unwrap_or_default();
    let notes = vec![snapshot_line(found.overview.snapshot, found.overview.as_of)];
    Answer { json, rows, head, notes, ..Answer::default() }
}
