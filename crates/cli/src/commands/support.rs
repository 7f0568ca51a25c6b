// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::Timestamp;
use underpin_office::Result;
use underpin_office::watch::support::{SupportAnswer, SupportQuery};

use super::coverage::snapshot_line;
use crate::context::Context;
use crate::output::{Answer, columns, counted, dash, print};

/// Until when are platforms and packages supported?
///
/// For packages of a distribution the end of its release counts. What nobody says anything about is counted, never guessed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  underpin support --ends-within 180")]
pub struct Support {
    /// A system, or an agency with everything below it [default: everything]
    #[arg(value_name = "SYSTEM | AGENCY")]
    place: Option<String>,
    /// Only what has ended, or ends within so many days
    #[arg(long, value_name = "DAYS")]
    ends_within: Option<u32>,
}

impl Support {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let query = SupportQuery { place: self.place, ends_within_days: self.ends_within };
        print(&answer(&house.support(&desk, &query).await?), context.printing())?;
        Ok(false)
    }
}

const FIELDS: [&str; 12] = [
    "agency",
    "system",
    "kind",
    "what",
    "product",
    "cycle",
    "state",
    "end_of_life",
    "extended_until",
    "latest",
    "packages",
    "found_by",
];

fn answer(found: &SupportAnswer<'_>) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { json, fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    answer.head.push(match found.systems_on_ended {
        0 if found.systems == 0 => "No system is registered here.".to_owned(),
        0 => format!(
            "None of {} is known to rest on something that has ended.",
            counted(found.systems, "system", "systems")
        ),
        1 => format!("1 of {} rests on something that has ended.", counted(found.systems, "system", "systems")),
        ended => format!("{ended} of {} systems rest on something that has ended.", found.systems),
    });
    let states: Vec<String> = found.by_state.iter().map(|(state, count)| format!("{count} {state}")).collect();
    if !states.is_empty() {
        answer.head.push(format!("Release cycles in use, by system: {}.", states.join(", ")));
    }
    answer.columns = columns(&["system", "kind", "what", "product", "cycle", "state", "ends", "extended", "packages"]);
    let date = |moment: Option<Timestamp>| dash(&moment.map(|moment| moment.date()).unwrap_or_default());
    for row in &found.rows {
        answer.cells.push(vec![
            row.system.to_owned(),
            row.kind.to_owned(),
            row.what.clone(),
            dash(&row.product),
            dash(&row.cycle),
            row.state.to_owned(),
            date(row.end_of_life),
            date(row.extended_until),
            row.packages.to_string(),
        ]);
    }
    if found.products == 0 {
        answer.notes.push(
            "no data on ends of support is here: `underpin watch sync endoflife` fetches it, `--from PATH` reads it from files"
                .to_owned(),
        );
    }
    answer.notes.push(format!(
        "of {} of {} package versions in use nobody says until when they are supported",
        found.packages_unknown, found.packages
    ));
    answer.notes.push(found.freshness.sentence());
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}
