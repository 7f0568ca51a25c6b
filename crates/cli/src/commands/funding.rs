// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::Timestamp;
use underpin_model::project_money::Platform;
use underpin_office::Result;
use underpin_office::supporter::Weights;
use underpin_office::supporter::funding::{FundingAnswer, FundingKind, FundingRow, FundingWarning};

use crate::context::Context;
use crate::output::{Answer, columns, counted, dash, print, word};

/// Who pays for which project: own promises, others, and what projects publish
///
/// Money that flows or is promised stands first; ways to pay and amounts that a project wishes for are no funding. Amounts stay in the
/// currency in which they were said. Names, logins and accounts of people are never kept. Below stands who may pay for the same.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  underpin funding\n  underpin funding logging-log4j2")]
pub struct Funding {
    /// One project: its repository, a package of it, or the last part of one of these [default: all]
    #[arg(value_name = "PROJECT")]
    project: Option<String>,
}

const FIELDS: [&str; 17] = [
    "project",
    "kind",
    "is_money",
    "commitment",
    "payer_kind",
    "payer",
    "activity",
    "from",
    "until",
    "amount_hundredths",
    "currency",
    "rhythm",
    "platform",
    "address",
    "form",
    "source",
    "told",
];

impl Funding {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let project = match &self.project {
            Some(text) => Some(desk.ranking(&Weights::default())?.key_or_text(text)?),
            None => None,
        };
        print(&answer(&house.funding(&desk, project.as_deref()).await?), context.printing())?;
        house.close().await;
        Ok(false)
    }
}

fn answer(found: &FundingAnswer) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { fields: &FIELDS, ..Answer::default() };
    answer.rows = json["rows"].as_array().cloned().unwrap_or_default();
    answer.json = json;
    let own = found.rows.iter().filter(|row| row.kind == FundingKind::Own).count() as u64;
    let others = found.rows.iter().filter(|row| row.is_money && row.kind != FundingKind::Own).count() as u64;
    answer.head.push(format!(
        "{}, {} for {}.",
        counted(own, "own promise", "own promises"),
        counted(others, "payment of others", "payments of others"),
        counted(found.projects, "project", "projects")
    ));
    answer.columns = columns(&["project", "what", "pays", "for", "from", "until", "amount", "way", "said"]);
    answer.cells = found.rows.iter().map(cells).collect();
    answer.notes.extend(found.warnings.iter().map(warning));
    for one in &found.gaps {
        let what = one.what.as_str();
        answer.notes.push(format!(
            "not read or not kept: {} of {}: {what} ({})",
            one.form.as_str(),
            one.project,
            one.count
        ));
    }
    answer
}

fn cells(row: &FundingRow) -> Vec<String> {
    let day = |at: Option<Timestamp>| dash(&at.map(|at| at.date()).unwrap_or_default());
    let rhythm = row.rhythm.map(|rhythm| format!(" {}", rhythm.as_str())).unwrap_or_default();
    let number = row.commitment.as_deref().map(|number| format!(" {number}")).unwrap_or_default();
    let said = row.form.map(|form| form.as_str().to_owned()).or(row.source.clone()).unwrap_or_default();
    vec![
        row.project.clone(),
        format!("{}{number}", row.kind.as_str()),
        if row.is_money { payer(row.payer_kind, row.payer.as_ref()) } else { "-".to_owned() },
        dash(row.activity.as_deref().unwrap_or_default()),
        day(row.from),
        day(row.until),
        format!("{}{rhythm}", amount(row.amount_hundredths, row.currency.as_ref())),
        dash(row.address.as_deref().or(row.platform.map(Platform::as_str)).unwrap_or_default()),
        dash(&said),
    ]
}

fn payer(kind: &str, name: Option<&String>) -> String {
    name.cloned().unwrap_or_else(|| if kind == "office" { "this office".to_owned() } else { kind.to_owned() })
}

fn amount(hundredths: Option<i64>, currency: Option<&String>) -> String {
    let (Some(amount), Some(currency)) = (hundredths, currency) else { return "-".to_owned() };
    let sign = if amount < 0 { "-" } else { "" };
    format!("{sign}{}.{:02} {currency}", amount.unsigned_abs() / 100, amount.unsigned_abs() % 100)
}

fn warning(one: &FundingWarning) -> String {
    let days =
        one.common_days.map_or_else(|| "days unknown".to_owned(), |days| counted(days.unsigned_abs(), "day", "days"));
    let other = one.other_commitment.clone().unwrap_or_else(|| payer(one.payer_kind, one.payer.as_ref()));
    format!(
        "paid twice ({}): {} for {} and {other}, {} ({days})",
        one.strength,
        one.commitment,
        one.project,
        word(&one.other_kind)
    )
}
