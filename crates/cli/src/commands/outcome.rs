// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::engagement::CommitmentId;
use underpin_model::signals::SignalCode;
use underpin_office::supporter::Weights;
use underpin_office::supporter::outcome_register::OutcomeWish;
use underpin_office::supporter::outcomes::{FrozenIndicator, FrozenOutcome, OutcomeResult, OutcomeRow, OutcomesAnswer};
use underpin_office::{House, Result};

use crate::context::Context;
use crate::output::{Answer, columns, counted, dash, print};

/// Did help help? Said before it begins, compared with projects that were not helped, and reported whatever comes out
///
/// Indicators are signals of clones (`signals --keep`). Before the help begins they are frozen together with the day of the comparison and
/// with who is compared with whom; nothing of that can be changed. Before that day nothing is worked out. An effect that is not seen is
/// told as such, with the least one that would have been seen.
#[derive(Debug, clap::Args)]
pub struct Outcomes {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Register(Register),
    /// What was said before: indicators, sets of projects, the least visible effect
    Show(One),
    /// What came of all of it
    Report,
}

/// Say before help begins what will be looked at
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  underpin outcome register audits-2026 --promise K1 --promise K2 --indicator contributors-12-months"
)]
struct Register {
    /// What you call it
    #[arg(value_name = "NAME")]
    name: String,
    /// A promise that holds and has not begun
    #[arg(long, value_name = "COMMITMENT", required = true)]
    promise: Vec<CommitmentId>,
    /// A signal
    #[arg(long, value_name = "SIGNAL", required = true)]
    indicator: Vec<SignalCode>,
    /// Months after the beginning at which is compared
    #[arg(long, value_name = "MONTHS", default_value_t = 12)]
    months: u32,
    /// Projects that each helped one is compared with
    #[arg(long, value_name = "COUNT", default_value_t = 2)]
    neighbours: u32,
}

#[derive(Debug, clap::Args)]
struct One {
    /// What it is called
    #[arg(value_name = "NAME")]
    name: String,
}

const REPORT_FIELDS: [&str; 6] = ["name", "state", "begins", "horizon", "months", "digest"];
const SHOW_FIELDS: [&str; 4] = ["code", "more_is_better", "least_visible", "past_changes"];

impl Outcomes {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let answer = match self.what {
            What::Register(asked) => asked.run(context, &house).await?,
            What::Show(asked) => shown(&house.outcome(&context.desk(&house).await?, &asked.name).await?),
            What::Report => report(&house.outcomes(&context.desk(&house).await?).await?),
        };
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

impl Register {
    async fn run(self, context: &Context, house: &House) -> Result<Answer> {
        let desk = context.desk_at(house, None).await?;
        let ranking = desk.ranking(&Weights::default())?;
        let wish = OutcomeWish {
            name: self.name,
            commitments: self.promise,
            indicators: self.indicator,
            months: self.months,
            neighbours: self.neighbours,
        };
        let frozen = house.register_outcome(&context.author(house).await?, (&desk, &ranking), &wish).await?;
        let json = serde_json::to_value(&frozen).unwrap_or_default();
        Ok(Answer { notes: said(&frozen), ..indicators(&frozen, json) })
    }
}

fn decimal(value: Option<f64>) -> String {
    value.map_or_else(|| "unknown".to_owned(), |value| format!("{value:.3}"))
}

fn said(frozen: &FrozenOutcome) -> Vec<String> {
    let mut notes: Vec<String> = (frozen.sets.iter())
        .map(|set| {
            let compared: Vec<&str> = set.compared.iter().map(|one| one.project.as_str()).collect();
            format!("{} is compared with {}", set.helped.project, compared.join(", "))
        })
        .collect();
    notes.extend(
        frozen
            .left_out
            .iter()
            .map(|project| format!("{project} is compared with nobody: too little is known, or nobody is near")),
    );
    for (name, apart) in frozen.covariates.iter().zip(&frozen.imbalance) {
        notes.push(format!("helped projects lie {} standard deviations above the others by {name}", decimal(*apart)));
    }
    notes.push(format!("frozen as {}", frozen.digest));
    notes
}

fn indicators(frozen: &FrozenOutcome, json: serde_json::Value) -> Answer {
    let cells = frozen.indicators.iter().map(|one: &FrozenIndicator| {
        vec![
            one.code.as_str().to_owned(),
            one.code.unit().as_str().to_owned(),
            if one.more_is_better { "more" } else { "less" }.to_owned(),
            decimal(one.least_visible),
            one.past_changes.to_string(),
        ]
    });
    Answer {
        head: vec![format!(
            "{}: help begins on {}, compared on {}; {}.",
            frozen.name,
            frozen.begins.date(),
            frozen.horizon().date(),
            counted(frozen.sets.len() as u64, "set of projects", "sets of projects")
        )],
        columns: columns(&["indicator", "unit", "better is", "least visible effect", "changes before"]),
        cells: cells.collect(),
        fields: &SHOW_FIELDS,
        rows: json["indicators"].as_array().cloned().unwrap_or_default(),
        json,
        notes: Vec::new(),
    }
}

fn shown(row: &OutcomeRow) -> Answer {
    let json = serde_json::to_value(row).unwrap_or_default();
    let notes = row.results.iter().map(came).chain(said(&row.frozen)).collect();
    Answer { notes, ..indicators(&row.frozen, json) }
}

fn came(result: &OutcomeResult) -> String {
    let code = result.code.as_str();
    let range = format!(
        "{} (95 %: {} to {}; p = {}; least visible {})",
        decimal(result.estimate),
        decimal(result.low),
        decimal(result.high),
        decimal(result.p),
        decimal(result.least_visible)
    );
    let missing =
        if result.missing.is_empty() { String::new() } else { format!("; no value of {}", result.missing.join(", ")) };
    match (result.effect, result.is_better) {
        ("seen", Some(true)) => format!("{code}: better by {range}{missing}"),
        ("seen", _) => format!("{code}: worse by {range}{missing}"),
        ("not-seen", _) => format!("{code}: no effect was seen, {range}{missing}"),
        _ => format!("{code}: nothing can be said with {}{missing}", counted(result.sets as u64, "set", "sets")),
    }
}

fn report(found: &OutcomesAnswer) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let cells = found.rows.iter().map(|row| {
        let results: Vec<String> = row.results.iter().map(came).collect();
        vec![
            row.frozen.name.clone(),
            row.state.to_owned(),
            row.frozen.begins.date(),
            row.horizon.date(),
            row.frozen.commitments.join(" "),
            dash(&results.join("; ")),
        ]
    });
    Answer {
        head: vec![format!("{} registered.", counted(found.rows.len() as u64, "outcome is", "outcomes are"))],
        columns: columns(&["name", "state", "help begins", "compared", "promises", "what came out"]),
        cells: cells.collect(),
        fields: &REPORT_FIELDS,
        rows: json["rows"].as_array().cloned().unwrap_or_default(),
        json,
        notes: Vec::new(),
    }
}
