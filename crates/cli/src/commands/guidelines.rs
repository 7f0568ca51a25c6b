// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;
use underpin_office::compass::guidelines::GuidelinesAnswer;

use super::coverage::snapshot_line;
use crate::context::Context;
use crate::output::{Answer, columns, print};

/// How the office behaves towards the people who make open source: respect, cooperation, collaboration, sincerity, in numbers
///
/// Each number leads to its rows; there is no score. What cannot be worked out, or is not for who asks, is said to be unknown.
#[derive(Debug, clap::Args)]
pub struct Guidelines;

const FIELDS: [&str; 5] = ["guideline", "code", "count", "of", "href"];

impl Guidelines {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let answer = answer(&house.guidelines(&context.desk(&house).await?).await?);
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

fn answer(found: &GuidelinesAnswer) -> Answer {
    let mut answer =
        Answer { json: serde_json::to_value(found).unwrap_or_default(), fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    answer.columns = columns(&["guideline", "what is counted", "how many", "of", "page"]);
    for row in &found.rows {
        answer.cells.push(vec![
            row.guideline.as_str().to_owned(),
            row.code.to_owned(),
            row.count.map_or_else(|| "unknown".to_owned(), |count| count.to_string()),
            row.of.map(|of| of.to_string()).unwrap_or_default(),
            row.href.to_owned(),
        ]);
    }
    answer.notes.push(format!("Contacts are those since {}.", found.from.date()));
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}
