// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;
use underpin_office::supporter::project::ProjectAnswer;
use underpin_office::supporter::project_view::ProjectView;

use super::coverage::snapshot_line;
use super::priorities::{OtherWeights, part, places};
use super::{project_risk, project_standing};
use crate::context::Context;
use crate::output::{Answer, columns, dash, print, truth};

/// How does the government depend on one upstream project, how does the project stand, and why do we think so?
///
/// How it stands is a class with its reasons, for those who rank for the whole government. It needs two independent kinds of evidence:
/// looks at a clone that were kept (`signals --keep`), advisories, ends of life, and facts that the office wrote down. Expected harm is
/// dependence times what is believed of incidents, with each step that moved the belief.
#[derive(Debug, clap::Args)]
pub struct Project {
    /// Its repository, a package of it, or the last part of one of these
    #[arg(value_name = "PROJECT")]
    project: String,
    /// Show what formulas of others say, too: the OpenSSF Criticality Score and the Census of 2015
    #[arg(long)]
    compare: bool,
    #[command(flatten)]
    weights: OtherWeights,
}

const FIELDS: [&str; 7] = ["system", "agency", "points", "scope", "direct", "depth_least", "documents"];

impl Project {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let ranking = desk.ranking(&self.weights.weights()?)?;
        let watched = house.watch(&desk).await?;
        let found = house.project(&desk, &ranking, (&watched, None), &self.project).await?;
        print(&answer(&found, self.compare), context.printing())?;
        Ok(false)
    }
}

fn answer(view: &ProjectView, compares: bool) -> Answer {
    let mut answer =
        Answer { json: serde_json::to_value(view).unwrap_or_default(), fields: &FIELDS, ..Answer::default() };
    let found = &view.answer;
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    let priority = &found.priority;
    answer.head.push(format!(
        "{} is used by {} systems of {} agencies: {:.1} points of dependence, between {:.1} and {:.1}; place {}.",
        priority.project,
        priority.systems,
        priority.agencies,
        priority.dependence.likely,
        priority.dependence.least,
        priority.dependence.most,
        priority.place
    ));
    answer.head.push(format!(
        "Places with documents left out {}, with moved weights {}. {:.0} % concentration on agencies.",
        places(priority.places_thinned),
        places(priority.places_moved),
        priority.concentration_percent
    ));
    answer.head.extend(priority.parts.iter().map(|one| format!("  {}", part(one))));
    answer.head.push("Packages:".to_owned());
    for package in &found.packages {
        let others = if package.others.is_empty() {
            String::new()
        } else {
            format!("; also said: {}", package.others.join(", "))
        };
        answer.head.push(format!(
            "  {} (known by {}, {} %, {} statements{others})",
            package.package, package.known_by, package.confidence_percent, package.statements
        ));
    }
    answer.head.push(only_path(found));
    match &view.standing {
        Some(standing) => {
            answer.head.extend(project_standing::lines(standing));
            answer.head.extend(project_risk::lines(standing));
            if compares {
                answer.head.extend(project_risk::compared(&standing.comparison));
            }
        }
        None => answer.head.push("How it stands is for those who rank for the whole government.".to_owned()),
    }
    answer.columns = columns(&["points", "system", "agency", "scope", "direct", "depth", "documents"]);
    for row in &found.rows {
        answer.cells.push(vec![
            format!("{:.2}", row.points),
            row.system.clone(),
            row.agency.clone(),
            row.scope.to_owned(),
            truth(row.direct).to_owned(),
            dash(&row.depth_least.map(|depth| depth.to_string()).unwrap_or_default()),
            row.documents.join(" "),
        ]);
    }
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}

fn only_path(found: &ProjectAnswer) -> String {
    let only = &found.only_path;
    let seen =
        format!("Of {} documents that name it, the graphs of {} were looked at", only.documents, only.documents_seen);
    match only.packages.first() {
        None => format!("{seen}: nothing is reached through it alone."),
        Some((package, documents)) => format!(
            "{seen}: {} reach other packages through it alone, most often {package} ({documents}).",
            only.documents_with_loss
        ),
    }
}
