// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;
use underpin_office::keeping::doctor::{Health, Severity};

use crate::context::Context;
use crate::output::{Answer, columns, print};

/// Check that everything is there and whole: ledger, audit chain, originals, facts, disk
///
/// Changes nothing. Exits with 1 when something was found that somebody has to act on.
#[derive(Debug, clap::Args)]
pub struct Doctor {
    /// Read every original and every column of all facts, and hold the originals against their hashes
    #[arg(long)]
    deep: bool,
}

impl Doctor {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let health = house.doctor(&context.global.viewer, self.deep, context.now).await?;
        print(&answer(&health, context), context.printing_all())?;
        house.close().await;
        Ok(health.faults() > 0)
    }
}

fn answer(health: &Health, context: &Context) -> Answer {
    let rows = health.findings.iter().map(|finding| serde_json::to_value(finding).unwrap_or_default()).collect();
    let mut json = serde_json::to_value(health).unwrap_or_default();
    json["faults"] = health.faults().into();
    let mut head: Vec<String> =
        health.checks.iter().map(|check| format!("{:>14}  {}", check.name, check.detail)).collect();
    let places = &context.configuration.values;
    head.extend(
        places
            .iter()
            .filter(|(name, _, _)| !name.starts_with("limits."))
            .map(|(name, value, origin)| format!("{name:>14}  {value} ({origin})")),
    );
    let cells = health.findings.iter().map(|finding| {
        let severity = if finding.severity == Severity::Fault { "fault" } else { "notice" };
        let words = [severity, finding.code, &finding.what, &finding.detail, finding.remedy];
        words.map(str::to_owned).to_vec()
    });
    let notes = match (health.faults(), health.findings.len()) {
        (0, 0) => vec!["all is well".to_owned()],
        (0, count) => vec![format!("no faults; {count} notices")],
        (faults, _) => vec![format!("{faults} faults")],
    };
    Answer {
        json,
        rows,
        head,
        fields: &["severity", "code", "what", "detail", "remedy"],
        columns: columns(&["severity", "code", "what", "detail", "remedy"]),
        cells: cells.collect(),
        notes,
    }
}
