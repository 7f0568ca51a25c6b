// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;
use underpin_office::coordinator::where_used::WhereAnswer;

use super::coverage::{desk_rows, sentence, snapshot_line};
use crate::context::Context;
use crate::output::{Answer, columns, dash, print, truth};

/// Where is a package used? Every system and agency, and how much of the government that answer covers
#[derive(Debug, clap::Args)]
pub struct Where {
    /// Name, purl, pattern with *, CPE, digest, or licence:ID
    #[arg(value_name = "PACKAGE")]
    query: String,
    /// Only these versions: '>=2.0 <2.15' or 'vers:maven/>=2.0|<2.15'
    #[arg(long, value_name = "RANGE")]
    versions: Option<String>,
    /// Name the documents behind each row, and those that could show it and do not
    #[arg(long)]
    explain: bool,
    /// Exit with 1 when it is used anywhere
    #[arg(long, value_name = "found", value_parser = ["found"])]
    fail_on: Option<String>,
}

impl Where {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let found = desk.where_used(&self.query, self.versions.as_deref(), context.stale_days())?;
        print(&answer(&found, self.explain), context.global.format, desk_rows(context))?;
        Ok(self.fail_on.is_some() && found.systems > 0)
    }
}

/// The answer for every format.
pub fn answer(found: &WhereAnswer, explain: bool) -> Answer {
    let mut answer = Answer { json: serde_json::to_value(found).unwrap_or_default(), ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    let range = found.versions.as_ref().map(|range| format!(" {range}")).unwrap_or_default();
    answer.head.push(match found.systems {
        0 => format!("No system is known to use {}{range}.", found.query),
        1 => format!("1 system uses {}{range}.", found.query),
        systems => format!("{systems} systems of {} agencies use {}{range}.", found.agencies, found.query),
    });
    answer.head.push(sentence(&found.coverage));
    answer.columns = columns(&["agency", "system", "package", "version", "direct", "scope", "sure", "contact"]);
    if explain {
        answer.columns.extend(columns(&[
            "documents",
            "silent documents",
            "via",
            "operator",
            "supplier",
            "deployments",
        ]));
    }
    for row in &found.rows {
        let mut cells = vec![
            row.agency.to_string(),
            row.system.to_string(),
            row.package.clone(),
            dash(&row.version),
            direct(row.direct, &row.via),
            row.scope.to_owned(),
            format!("{} %", row.confidence),
            dash(&row.contact),
        ];
        if explain {
            cells.extend([
                row.documents.join(" "),
                dash(&row.silent_documents.join(" ")),
                dash(&row.via.join(", ")),
                dash(&row.operator),
                dash(&row.supplier),
                dash(&row.deployments.join(", ")),
            ]);
        }
        answer.cells.push(cells);
    }
    notes(found, &mut answer);
    answer
}

fn notes(found: &WhereAnswer, answer: &mut Answer) {
    if !found.suggestions.is_empty() {
        answer.notes.push(format!("did you mean: {}?", found.suggestions.join(", ")));
    }
    if !found.unbound_documents.is_empty() {
        let documents = found.unbound_documents.join(" ");
        answer.notes.push(format!("also named in documents about no system yet: {documents}"));
    }
    if found.rows.iter().any(|row| row.stale) {
        answer.notes.push("some of these systems are only known from stale evidence".to_owned());
    }
    if found.types.is_empty() {
        answer
            .notes
            .push("the kind of package is not known: give a purl to see which systems are blind to it".to_owned());
    }
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
}

fn direct(direct: Option<bool>, via: &[String]) -> String {
    match (direct, via) {
        (Some(false), [first, ..]) => format!("by {first}"),
        (direct, _) => truth(direct).to_owned(),
    }
}
