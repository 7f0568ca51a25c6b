// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;
use underpin_office::supporter::Weights;
use underpin_office::supporter::priorities::{Part, Places, PriorityRow};

use super::coverage::snapshot_line;
use super::project_risk;
use crate::context::{Context, usage};
use crate::output::{Answer, columns, print};

/// Which upstream projects does the government lean on most, and how sure is that order?
///
/// Dependence is the sum, over the systems that use anything of a project, of the weight of the system (its protection need, who can
/// reach it) times the part that the use counts for (1 where it runs, less where it only helps to build or to test). It says who
/// would be felt, not who is in trouble. With --by risk, projects are put in order by expected harm: dependence times what is believed of
/// incidents, moved by what is known of the project; what is not known makes the range wide. The list is a list of targets: it is for
/// those who work with it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin priorities --top 10 --explain\n  underpin priorities --by risk --explain"
)]
pub struct Priorities {
    /// By what the projects are put in order
    #[arg(long, value_enum, default_value_t = Order::Dependence)]
    by: Order,
    /// How many projects to list; 0 lists all
    #[arg(long, value_name = "N", default_value_t = 30)]
    top: usize,
    /// Show what each number is made of
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    weights: OtherWeights,
}

/// An order of projects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Order {
    /// By how much the government leans on them
    Dependence,
    /// By the harm that is expected from them
    Risk,
}

/// Weights that somebody tries out.
#[derive(Debug, Default, clap::Args)]
pub struct OtherWeights {
    /// Another weight, such as need.high=8, exposure.internet=4 or scope.test=0.2; can be given several times
    #[arg(long = "weight", value_name = "WORD=NUMBER")]
    weights: Vec<String>,
}

impl OtherWeights {
    /// The weights that hold with these.
    pub fn weights(&self) -> Result<Weights> {
        let mut weights = Weights::default();
        for text in &self.weights {
            weights
                .set(text)
                .map_err(|error| usage(&error, "as in --weight need.high=8; `underpin priorities --help`"))?;
        }
        Ok(weights)
    }
}

const FIELDS: [&str; 12] = [
    "place",
    "project",
    "known_by",
    "dependence",
    "systems",
    "direct_systems",
    "agencies",
    "concentration_percent",
    "places_thinned",
    "places_moved",
    "packages",
    "parts",
];

impl Priorities {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let ranking = desk.ranking(&self.weights.weights()?)?;
        if self.by == Order::Risk {
            let watched = house.watch(&desk).await?;
            let found = house.risks(&desk, &ranking, &watched).await?;
            print(&project_risk::listed(found, self.top, self.explain), context.printing_all())?;
            return Ok(false);
        }
        let found = ranking.answer(&desk, (self.top > 0).then_some(self.top));
        let json = serde_json::to_value(&found).unwrap_or_default();
        let mut answer = Answer { json, fields: &FIELDS, ..Answer::default() };
        answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
        answer.head.push(format!(
            "{} projects in use; of {} only the name of a package is known.",
            found.projects, found.names_only
        ));
        answer.columns = columns(&[
            "place",
            "dependence",
            "between",
            "systems",
            "direct",
            "agencies",
            "project",
            "thinned",
            "moved",
        ]);
        if self.explain {
            answer.columns.extend(columns(&["made of"]));
        }
        for row in &found.rows {
            let mut cells = vec![
                row.place.to_string(),
                format!("{:.1}", row.dependence.likely),
                format!("{:.1}–{:.1}", row.dependence.least, row.dependence.most),
                row.systems.to_string(),
                row.direct_systems.to_string(),
                row.agencies.to_string(),
                row.project.clone(),
                places(row.places_thinned),
                places(row.places_moved),
            ];
            if self.explain {
                cells.push(parts(row));
            }
            answer.cells.push(cells);
        }
        let left = (found.projects as usize).saturating_sub(found.rows.len());
        if left > 0 {
            answer.notes.push(format!("{left} projects are leaned on less; --top 0 lists all"));
        }
        answer.notes.push(format!(
            "thinned: places in nine of ten pictures with {} % of the documents left out; moved: with weights up to a half \
             higher or lower",
            found.left_out_percent
        ));
        answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
        print(&answer, context.printing_all())?;
        Ok(false)
    }
}

pub fn places(places: Places) -> String {
    if places.best == places.worst { places.best.to_string() } else { format!("{}–{}", places.best, places.worst) }
}

fn parts(row: &PriorityRow) -> String {
    row.parts.iter().map(part).collect::<Vec<_>>().join("\n")
}

/// A part as a sum that can be followed.
pub fn part(part: &Part) -> String {
    let Part { need, exposure, scope, systems, points_each, points } = part;
    format!("{systems} × {points_each:.2} = {points:.1} (need {need}, reached by {exposure}, use {scope})")
}
