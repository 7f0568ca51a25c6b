// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use underpin_model::Timestamp;
use underpin_office::coordinator::kept_tables::KeptTables;
use underpin_office::regulator::{Simulation, SimulationQuery};
use underpin_office::{OfficeError, Result};
use underpin_render::{Language, text};

use super::own_rules::OwnRules;
use super::rules_check::meant;
use crate::context::Context;
use crate::engine_shown::interruptible;
use crate::output::{Answer, print};

#[derive(Debug, clap::Args)]
pub struct Simulate {
    /// The rule, as `rules list` shows it
    #[arg(value_name = "RULEBOOK/RULE")]
    rule: String,
    #[command(flatten)]
    own: OwnRules,
    /// The day from which it would apply [default: the day of the picture]
    #[arg(long, value_name = "DATE")]
    from: Option<Timestamp>,
    /// Days from then until the end of each wave: front, inner, rest [default: 90,180,365]
    #[arg(long, value_name = "DAYS", value_delimiter = ',', num_args = 1..)]
    phase: Vec<u32>,
    /// The day of the picture: today, or one that is past (as --as-of)
    #[arg(long, value_name = "DATE")]
    at: Option<Timestamp>,
    /// Write the report as a PDF, too
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
    /// In German
    #[arg(long)]
    german: bool,
}

const FIELDS: [&str; 10] =
    ["agency", "name", "asked", "before", "waived", "after", "stuck", "stuck_waived", "open", "unregistered"];

impl Simulate {
    pub async fn run(self, context: &Context) -> Result<bool> {
        context.known("ask rules of the house")?;
        let (books, rule) = meant(Some(&self.rule), &self.own, context)?;
        let (Some(book), Some(rule)) = (books.first(), rule) else {
            return Err(OfficeError::new("no-rule", format!("{:?} names no rule", self.rule))
                .hint("`underpin rules list` shows all, as RULEBOOK/RULE"));
        };
        let house = context.existing().await?;
        let desk = Arc::new(context.desk_at(&house, self.at.or(context.global.as_of)).await?);
        let query = SimulationQuery { rule, from: self.from, phases_days: self.phase.clone() };
        let kept = KeptTables::default();
        let found = interruptible(context, house.simulate_rule(&desk, book, &query, &kept)).await?;
        let language = if self.german { Language::German } else { Language::English };
        if let Some(file) = &self.pdf {
            let bytes = found.pdf(language, &text(language, "house-name", &[]))?;
            std::fs::write(file, bytes).map_err(|error| OfficeError::file(file, &error))?;
        }
        print(&answer(&found, language), context.printing_all())?;
        Ok(false)
    }
}

fn answer(found: &Simulation, language: Language) -> Answer {
    let (columns, cells) = found.agency_table(language);
    let mut notes = Vec::new();
    for (heads, rows) in [found.effort_table(language), found.alternative_table(language), found.wave_table(language)] {
        for row in rows {
            let mut named = heads.iter().zip(&row);
            let first = named.next().map(|(_, cell)| cell.clone()).unwrap_or_default();
            let rest: Vec<String> = named.map(|(head, cell)| format!("{head}: {cell}")).collect();
            notes.push(format!("{first}. {}", rest.join(", ")));
        }
    }
    notes.extend(found.origin(language));
    let rows = found.agencies.iter().map(|one| json!(one)).collect();
    Answer { json: json!(found), rows, fields: &FIELDS, head: found.lines(language), columns, cells, notes }
}
