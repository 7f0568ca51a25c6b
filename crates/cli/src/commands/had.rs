// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::Timestamp;
use underpin_office::Result;
use underpin_office::watch::exposure_window::{WindowAnswer, WindowQuery};

use super::coverage::{sentence, snapshot_line};
use super::findings::marked;
use crate::context::Context;
use crate::output::{Answer, columns, dash, print};

/// Who had a package at any moment of a window, were it only for an hour?
///
/// For a malicious package: what was there and is gone counts, and records that call the package malicious are named.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  underpin had event-stream --versions 3.3.6 --from 2026-01-05 --until 2026-01-06")]
pub struct Had {
    /// Name, purl, pattern with *, CPE or digest
    #[arg(value_name = "PACKAGE")]
    package: String,
    /// Only these versions: '>=2.0 <2.15' or 'vers:maven/>=2.0|<2.15'
    #[arg(long, value_name = "RANGE")]
    versions: Option<String>,
    /// Where the window begins
    #[arg(long, value_name = "TIME")]
    from: Timestamp,
    /// Where it ends
    #[arg(long, value_name = "TIME")]
    until: Timestamp,
    /// Exit with 1 when anybody had it
    #[arg(long, value_name = "found", value_parser = ["found"])]
    fail_on: Option<String>,
}

impl Had {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let query = WindowQuery {
            package: self.package,
            versions: self.versions,
            from: self.from,
            until: self.until,
            stale_days: context.stale_days(),
        };
        let found = house.had(&desk, &query).await?;
        print(&answer(&found), context.printing())?;
        Ok(self.fail_on.is_some() && found.systems > 0)
    }
}

const FIELDS: [&str; 15] = [
    "agency",
    "system",
    "status",
    "package",
    "version",
    "fit",
    "first",
    "last",
    "at_end",
    "learned_later",
    "direct",
    "via",
    "documents",
    "operator",
    "contact",
];

fn answer(found: &WindowAnswer) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { json, fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    let range = found.versions.as_ref().map(|range| format!(" {range}")).unwrap_or_default();
    let (what, window) = (format!("{}{range}", found.query), format!("between {} and {}", found.from, found.until));
    answer.head.push(match found.systems {
        0 => format!("No system is known to have had {what} {window}."),
        1 => format!("1 system had {what} {window}."),
        systems => format!("{systems} systems of {} agencies had {what} {window}.", found.agencies),
    });
    if found.undecided > 0 {
        answer.head.push(format!("Of {} more it cannot be told: look there too.", found.undecided));
    }
    for record in &found.malicious {
        let taken_back = record.withdrawn.map(|at| format!(", withdrawn {}", at.date())).unwrap_or_default();
        answer.head.push(format!(
            "Malicious, says {} ({}{taken_back}): {}",
            marked(&record.advisory, record.tlp),
            record.package,
            record.summary
        ));
    }
    answer.head.push(format!("{} (at the end)", sentence(&found.coverage)));
    answer.columns = columns(&["agency", "system", "package", "version", "first", "last", "then", "direct", "via"]);
    answer.columns.extend(columns(&["operator", "contact"]));
    for row in &found.rows {
        let then = match (row.learned_later, row.at_end) {
            (true, _) => "learned later",
            (false, true) => "still there",
            (false, false) => "gone",
        };
        answer.cells.push(vec![
            row.agency.clone(),
            if row.status == "active" { row.system.clone() } else { format!("{} ({})", row.system, row.status) },
            row.package.clone(),
            if row.fit == "inside" { dash(&row.version) } else { format!("{} (undecided)", dash(&row.version)) },
            row.first.to_string(),
            row.last.to_string(),
            then.to_owned(),
            crate::output::truth(row.direct).to_owned(),
            dash(&row.via.join(", ")),
            dash(&row.operator),
            dash(&row.contact),
        ]);
    }
    answer.drop_empty_columns();
    if found.is_cut {
        answer.notes.push(
            "there were more changes than are looked at: what came and went in between may be missing; ask for a shorter window"
                .to_owned(),
        );
    }
    answer.notes.push(found.freshness.sentence());
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}
