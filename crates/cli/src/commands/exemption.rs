// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::Timestamp;
use underpin_model::catalogue::{Exemption, ExemptionGround};
use underpin_model::registry::Classification;
use underpin_office::role_model::exemptions::{ExemptionRow, ExemptionsAnswer, ReviewState};
use underpin_office::{House, OfficeError, Result};

use super::coverage::snapshot_line;
use crate::context::Context;
use crate::output::{Answer, columns, counted, dash, print};

/// What is not public, why, and when somebody looks again: the register of exemptions
#[derive(Debug, clap::Args)]
pub struct Exemptions {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Add(Box<Add>),
    List(List),
    Show(Named),
    End(End),
}

/// Write down why something is not public, or write an entry anew
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin exemption add act --agency tax --title Act --ground other --law Act --text Why --review 2027-03-01"
)]
struct Add {
    #[command(flatten)]
    named: Named,
    /// What is not public, in one line
    #[arg(long, value_name = "TEXT")]
    title: String,
    /// Its address in the catalogue
    #[arg(long, value_name = "ADDRESS")]
    address: Option<String>,
    /// The ground: one of the SHARE IT Act (as agency-system, national-security), embag-security, embag-third-parties, other
    #[arg(long, value_name = "GROUND")]
    ground: ExemptionGround,
    /// Law and section, in words
    #[arg(long, value_name = "TEXT")]
    law: String,
    /// One or two sentences that the public may read
    #[arg(long, value_name = "TEXT")]
    text: String,
    /// The day by which somebody looks again
    #[arg(long, value_name = "DAY")]
    review: Timestamp,
    /// Up to whom the entry may be seen: public, internal, restricted, confidential, secret
    #[arg(long, value_name = "LEVEL", default_value = "internal")]
    classification: Classification,
}

/// All entries within sight, those whose review is late first
#[derive(Debug, clap::Args)]
struct List {
    /// Exit with 1 when a review is overdue, or (due) comes within a month
    #[arg(long, value_name = "STATE", value_parser = ["overdue", "due"])]
    fail_on: Option<String>,
}

/// One entry
#[derive(Debug, clap::Args)]
struct Named {
    /// Its name within the agency: small letters, digits, hyphens
    #[arg(value_name = "NAME")]
    name: String,
    /// The agency
    #[arg(long, value_name = "AGENCY")]
    agency: String,
}

/// End an entry: it is public now, or there is no such thing any more
#[derive(Debug, clap::Args)]
struct End {
    #[command(flatten)]
    named: Named,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Exemptions {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let (answer, is_found) = match self.what {
            What::Add(add) => (add.run(context, &house).await?, false),
            What::Show(named) => (named.shown(context, &house).await?, false),
            What::End(end) => {
                let desk = context.desk_at(&house, None).await?;
                let agency = desk.agency_called(&end.named.agency)?.id.clone();
                let author = context.author(&house).await?;
                house.end_exemption(&author, &agency, &end.named.name, &end.reason).await?;
                (end.named.shown(context, &house).await?, false)
            }
            What::List(asked) => {
                let found = house.exemptions(&context.desk(&house).await?).await?;
                let late = found.count(ReviewState::Overdue);
                let is_found = match asked.fail_on.as_deref() {
                    Some("due") => late + found.count(ReviewState::Due) > 0,
                    Some(_) => late > 0,
                    None => false,
                };
                (list(&found), is_found)
            }
        };
        print(&answer, context.printing())?;
        house.close().await;
        Ok(is_found)
    }
}

impl Add {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let desk = context.desk_at(house, None).await?;
        let agency = desk.agency_called(&self.named.agency)?.id.clone();
        let exemption = Exemption {
            title: self.title,
            address: self.address,
            ground: self.ground,
            law: self.law,
            text: self.text,
            review: self.review,
            classification: self.classification,
            ended: None,
        };
        house.note_exemption(&context.author(house).await?, &agency, &self.named.name, exemption).await?;
        self.named.shown(context, house).await
    }
}

impl Named {
    async fn shown(&self, context: &Context, house: &House) -> Result<Answer> {
        let desk = context.desk(house).await?;
        let agency = desk.agency_called(&self.agency)?.id.0.clone();
        let mut found = house.exemptions(&desk).await?;
        found.rows.retain(|row| row.agency == agency && row.name == self.name);
        let Some(row) = found.rows.first() else {
            return Err(OfficeError::new("unknown-exemption", format!("there is no exemption {}", self.name))
                .hint("`underpin exemption list` shows those that you may see"));
        };
        let head = vec![
            format!("{} ({}, {})", row.title, row.name, row.agency_name),
            format!("{}: {}", row.ground.as_str(), row.law),
            row.text.clone(),
            format!("Review by {}: {}. {}.", row.review.date(), row.state.as_str(), row.classification.as_str()),
        ];
        let mut answer = list(&found);
        answer.cells.clear();
        answer.head = head;
        let contradiction = "Contradiction: the catalogue says that this repository is public.";
        answer.head.extend(row.is_public.then(|| contradiction.to_owned()));
        answer.head.extend(row.ended.as_ref().map(|why| format!("Ended: {why}")));
        Ok(answer)
    }
}

fn list(found: &ExemptionsAnswer) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let cells = |row: &ExemptionRow| {
        vec![
            row.name.clone(),
            row.agency.clone(),
            row.title.clone(),
            row.ground.as_str().to_owned(),
            row.review.date(),
            row.state.as_str().to_owned(),
            dash(row.address.as_deref().unwrap_or_default()),
        ]
    };
    let all = counted(found.rows.len() as u64, "entry", "entries");
    Answer {
        head: vec![format!(
            "{all}; {} overdue, {} due within a month.",
            counted(found.count(ReviewState::Overdue), "review is", "reviews are"),
            found.count(ReviewState::Due)
        )],
        rows: json["rows"].as_array().cloned().unwrap_or_default(),
        fields: ExemptionRow::FIELDS,
        columns: columns(&["name", "agency", "what", "ground", "review", "state", "address"]),
        cells: found.rows.iter().map(cells).collect(),
        notes: vec![snapshot_line(found.overview.snapshot, found.overview.as_of)],
        json,
    }
}
