// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_model::Money;
use underpin_model::compass::AnnualReport;
use underpin_office::{OfficeError, Result};
use underpin_render::{Language, annual, text};

use crate::context::Context;
use crate::output::{Answer, columns, print};

/// Reports about the office
#[derive(Debug, clap::Args)]
pub struct Reports {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Annual(Annual),
}

/// What the office did in a year: numbers from what it holds, each with the page and the command that give its rows
///
/// While the year runs it is about the present; with `--as-of` about that moment, and then the same command gives the same bytes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  underpin report annual --year 2026 --pdf report.pdf --german")]
struct Annual {
    /// The year
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(u16).range(1970..=9999))]
    year: u16,
    /// The report as a PDF that everybody can read, into this file
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
    /// The report in German
    #[arg(long, requires = "pdf")]
    german: bool,
}

const FIELDS: [&str; 7] = ["section", "code", "count", "of", "is_money", "href", "command"];

impl Reports {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let What::Annual(asked) = self.what;
        let house = context.existing().await?;
        let moment = match context.global.as_of {
            Some(moment) => moment,
            None => house.annual_moment(asked.year, context.clock(&house).await?)?,
        };
        let desk = context.desk_at(&house, Some(moment)).await?;
        let found = house.annual_report(&desk, asked.year).await?;
        let mut answer = answer(&found);
        if let Some(file) = &asked.pdf {
            let language = if asked.german { Language::German } else { Language::English };
            let bytes = annual::bytes(language, &found, &text(language, "house-name", &[]))
                .map_err(|error| OfficeError::new("export", error.to_string()))?;
            std::fs::write(file, bytes).map_err(|error| OfficeError::file(file, &error))?;
            answer.notes.push(format!("The report is in {}.", file.display()));
        }
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

fn answer(found: &AnnualReport) -> Answer {
    let mut answer =
        Answer { json: serde_json::to_value(found).unwrap_or_default(), fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    answer.columns = columns(&["part", "what is counted", "how many", "of", "asked for by"]);
    for row in &found.rows {
        let number = |count: u64| match row.is_money {
            true => Money::from_cents(i64::try_from(count).unwrap_or(i64::MAX)).to_string(),
            false => count.to_string(),
        };
        answer.cells.push(vec![
            row.section.as_str().to_owned(),
            row.code.trim_start_matches("annual-").to_owned(),
            row.count.map_or_else(|| "unknown".to_owned(), number),
            row.of.map(|of| of.to_string()).unwrap_or_default(),
            row.command.clone(),
        ]);
    }
    if found.is_running {
        answer.notes.push(format!("The year {} is not over.", found.year));
    }
    answer.notes.push(format!(
        "Counted with the eyes of somebody cleared for {}; may be passed on as TLP:{} allows.",
        found.clearance.as_str(),
        found.tlp.as_str().to_uppercase()
    ));
    answer.notes.push(format!("As of {}; the same again: underpin {}", found.until, found.command));
    answer
}
