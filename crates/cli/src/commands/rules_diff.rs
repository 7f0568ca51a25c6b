// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::{Path, PathBuf};

use serde_json::json;
use underpin_office::Result;
use underpin_office::regulator::{RuleDifference, Rulebook, difference, shipped, shipped_ids, tried_on};

use crate::context::Context;
use crate::output::{Answer, columns, counted, print};

#[derive(Debug, clap::Args)]
pub struct Diff {
    /// The earlier rulebook: a shipped one by its name, a folder, or a signed bundle
    #[arg(value_name = "FROM")]
    from: PathBuf,
    /// The later one
    #[arg(value_name = "TO")]
    to: PathBuf,
    /// Bills of materials (files, folders, archives) that both are tried on: for whom would what change?
    #[arg(long, value_name = "PATH", num_args = 1..)]
    on: Vec<PathBuf>,
    /// The public key of who made a bundle
    #[arg(long, value_name = "PUBLICKEY")]
    trust: Vec<String>,
}

const FIELDS: [&str; 6] = ["rule", "change", "fields", "demand_before", "demand_after", "is_version_stale"];

impl Diff {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let limits = &context.configuration.settings.limits;
        let book = |path: &Path| match path.to_str().filter(|name| shipped_ids().any(|id| id == *name)) {
            Some(id) => shipped(id),
            None => Rulebook::of_path(path, &self.trust, limits),
        };
        let (from, to) = (book(&self.from)?, book(&self.to)?);
        let mut found = difference(&from, &to);
        if !self.on.is_empty() {
            found.tried = Some(tried_on(&from, &to, &self.on, limits).await?);
        }
        print(&told(&found), context.printing_all())?;
        Ok(false)
    }
}

fn told(found: &RuleDifference) -> Answer {
    let changed = counted(found.rows.len() as u64, "rule differs", "rules differ");
    let mut answer = Answer {
        head: vec![format!("From {} to {}: {changed}, {} stay as they are.", found.from, found.to, found.same)],
        columns: columns(&["rule", "change", "demand", "fields"]),
        fields: &FIELDS,
        rows: found.rows.iter().map(|row| json!(row)).collect(),
        json: json!(found),
        ..Answer::default()
    };
    for row in &found.rows {
        let demand = |demand: Option<underpin_model::rules::Demand>| demand.map_or("–", |demand| demand.as_str());
        let demands = match (row.demand_before, row.demand_after) {
            (before, after) if before == after => demand(after).to_owned(),
            (before, after) => format!("{} → {}", demand(before), demand(after)),
        };
        answer.cells.push(vec![row.rule.clone(), row.change.as_str().to_owned(), demands, row.fields.join(", ")]);
        if row.is_version_stale {
            answer.notes.push(format!("{} judges otherwise under the same version: raise its version", row.rule));
        }
    }
    let Some(tried) = &found.tried else { return answer };
    answer.head.push(format!(
        "Tried on {}: {} would no longer conform, {} would conform now; {} could not be read.",
        counted(tried.documents as u64, "document", "documents"),
        tried.no_longer_conform.len(),
        tried.conform_now.len(),
        tried.unreadable
    ));
    answer.notes.extend(tried.judged_otherwise.iter().map(|(rule, before, after, count)| {
        format!(
            "{rule}: {} from {} to {}",
            counted(*count as u64, "document", "documents"),
            before.as_str(),
            after.as_str()
        )
    }));
    answer
}
