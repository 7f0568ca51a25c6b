// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;
use underpin_office::watch::upgrades::{UpgradeRow, UpgradesAnswer, UpgradesQuery};

use super::coverage::snapshot_line;
use crate::context::Context;
use crate::output::{Answer, Format, columns, counted, dash, print};

/// What to upgrade, to which version, and how many findings that closes
///
/// The move that closes most comes first. A version is one that advisories name as fixed and that nothing is known against.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  underpin upgrades tax-assessment")]
pub struct Upgrades {
    /// A system, or an agency with everything below it [default: everything]
    #[arg(value_name = "SYSTEM | AGENCY")]
    place: Option<String>,
}

impl Upgrades {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let watched = house.watch(&desk).await?;
        let rows = match context.global.format {
            Format::Table => context.printing().rows,
            _ => usize::MAX,
        };
        let found = watched.upgrades(&desk, &UpgradesQuery { place: self.place, rows })?;
        print(&answer(&found), context.printing_all())?;
        Ok(false)
    }
}

const FIELDS: [&str; 16] = [
    "package",
    "to",
    "to_same_major",
    "source_package",
    "closes",
    "findings",
    "closes_so_far",
    "systems",
    "vulnerabilities",
    "tlp",
    "priority",
    "direct",
    "via",
    "moves",
    "last_affected",
    "status",
];

fn answer(found: &UpgradesAnswer) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { json, fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    answer.head.push(match found.findings {
        0 if found.freshness.knows_nothing() => {
            "Nothing is open, for there is nothing to hold packages against.".to_owned()
        }
        0 => "Nothing is open.".to_owned(),
        all => format!(
            "{} {} of {}; {} nothing to move to.",
            counted(found.movable, "upgrade closes", "upgrades close"),
            found.closes,
            counted(all, "open finding", "open findings"),
            counted(found.package_versions - found.movable, "package version has", "package versions have")
        ),
    });
    answer.columns =
        columns(&["package", "to", "same major", "closes", "of", "so far", "priority", "systems", "moves"]);
    for row in &found.rows {
        let systems = match row.systems.as_slice() {
            [one] => one.clone(),
            all => all.len().to_string(),
        };
        let mut cells = vec![row.package.clone(), target(row), dash(row.to_same_major.as_deref().unwrap_or_default())];
        cells.extend([row.closes, row.findings, row.closes_so_far].map(|count| count.to_string()));
        cells.extend([row.priority.to_owned(), systems, moves(row)]);
        answer.cells.push(cells);
    }
    let shown = found.rows.len() as u64;
    if shown < found.package_versions {
        answer.notes.push(format!("{shown} of {} rows are shown; other formats give all", found.package_versions));
    }
    if found.rows.iter().any(|row| row.moves == "parent") {
        answer.notes.push(
            "by NAME: it comes with that direct dependency, which holds its version; upgrade that one, or override it"
                .to_owned(),
        );
    }
    answer.notes.push(found.freshness.sentence());
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}

/// The version to move to, or why there is none.
fn target(row: &UpgradeRow) -> String {
    match (&row.to, &row.last_affected, row.status) {
        (Some(version), _, _) if row.source_package.is_empty() => version.clone(),
        (Some(version), _, _) => format!("{} {version}", row.source_package),
        (None, Some(last), _) => format!("after {last}"),
        (None, None, Some("affected") | None) => "no fix is known".to_owned(),
        (None, None, Some(status)) => status.replace('-', " "),
    }
}

fn moves(row: &UpgradeRow) -> String {
    match (row.moves, row.via.as_slice()) {
        ("parent", []) => "a parent".to_owned(),
        ("parent", [first]) => format!("by {first}"),
        ("parent", [first, rest @ ..]) => format!("by {first} and {} more", rest.len()),
        (word, _) => word.to_owned(),
    }
}
