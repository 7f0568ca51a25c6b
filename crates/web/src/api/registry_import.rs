// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A whole registry from a file: first what would change, then all of it or nothing.

use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;
use underpin_model::people::Act;
use underpin_office::coordinator::registry_import::{ImportFile, ImportReport};

use super::call::{Call, time};
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::reply::Reply;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint!(POST "/registry/import" import_registry Registry "Says what a registry in a file would change; with the revision that it said, changes it")
            .act(Act::Register)
            .asks::<Import>()
            .sends_bytes()
            .gives::<ImportReport>(),
    ]
}

/// Parameters: which file, and whether it is more than a question.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Import {
    /// Name of the file: by its ending it is TOML, CSV or XLSX.
    #[schemars(length(min = 1, max = 200))]
    name: String,
    /// Since when it holds; else now.
    #[schemars(extend("format" = "date-time"))]
    from: Option<String>,
    /// `revision` of the plan: it is done when nothing changed since. Without it nothing is written.
    revision: Option<i64>,
}

async fn import_registry(mut call: Call) -> Result<Reply, Problem> {
    let asked: Import = call.asked()?;
    let from = time("from", asked.from.as_deref())?;
    let author = call.author().await?;
    let files = [ImportFile { name: asked.name, bytes: std::mem::take(&mut call.body) }];
    let plan = call.house.house.import_registry(&author, &files, from, true).await?;
    match asked.revision {
        None => call.say(&plan),
        Some(revision) if revision == plan.revision => {
            call.say(&call.house.house.import_registry(&author, &files, from, false).await?)
        }
        Some(_) => Err(Problem::new(StatusCode::CONFLICT, "registry-moved")
            .detail("somebody changed something since this was planned")
            .hint("ask without a revision what would change now")),
    }
}
