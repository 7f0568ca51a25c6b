// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::sync::Arc;

use underpin_office::Result;
use underpin_office::coordinator::sql::{SqlFound, explain_tables, json_rows};

use super::coverage::snapshot_line;
use crate::context::{Context, usage};
use crate::engine_shown::interruptible;
use crate::output::{Answer, Format, counted, print, refuse_binary_on_terminal, write};

/// Ask freely in SQL: reading only, within limits, over what you may see
#[derive(Debug, clap::Args)]
pub struct Sql {
    /// A SELECT; - reads it from standard input
    #[arg(value_name = "QUERY", required_unless_present = "tables")]
    query: Option<String>,
    /// List and explain the tables, views and columns
    #[arg(long)]
    tables: bool,
}

impl Sql {
    pub async fn run(self, context: &Context) -> Result<bool> {
        if self.tables {
            print(&tables(), context.printing_all())?;
            return Ok(false);
        }
        let text = match self.query.as_deref() {
            Some("-") => std::io::read_to_string(std::io::stdin()).map_err(|error| usage(error.to_string(), ""))?,
            Some(text) => text.to_owned(),
            None => return Err(usage("no query was given", "underpin sql \"SELECT …\"")),
        };
        let house = context.existing().await?;
        let desk = Arc::new(context.desk(&house).await?);
        let SqlFound { answer: found, freshness, tlp } = interruptible(context, house.sql(&desk, &text)).await?;
        let mark = tlp.map(|mark| {
            format!("TLP:{}: what was asked rests on advisories of the office, too.", mark.as_str().to_uppercase())
        });
        if context.global.format == Format::Parquet {
            refuse_binary_on_terminal()?;
            mark.iter().filter(|_| !context.global.quiet).for_each(|line| eprintln!("{line}"));
            write(&found.parquet().map_err(underpin_office::OfficeError::from)?)?;
            return Ok(false);
        }
        let columns = found.columns();
        let rows = json_rows(&found)?;
        let overview = desk.overview();
        let mut answer = Answer {
            json: serde_json::json!({ "snapshot": overview.snapshot, "as_of": overview.as_of, "columns": columns, "rows": rows }),
            ..Answer::default()
        };
        answer.cells = rows.iter().map(|row| columns.iter().map(|column| shown(&row[column])).collect()).collect();
        answer.rows = rows;
        answer.columns = columns;
        answer.notes = vec![counted(answer.rows.len() as u64, "row", "rows")];
        if let Some((mark, line)) = tlp.zip(mark) {
            answer.json["tlp"] = mark.as_str().into();
            answer.notes.push(line);
        }
        if let Some(freshness) = freshness {
            answer.json["freshness"] = serde_json::to_value(&freshness).unwrap_or_default();
            answer.notes.push(freshness.sentence());
        }
        answer.notes.push(snapshot_line(overview.snapshot, overview.as_of));
        print(&answer, context.printing())?;
        Ok(false)
    }
}

fn shown(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn tables() -> Answer {
    let explained = explain_tables();
    let rows: Vec<serde_json::Value> =
        explained.iter().map(|table| serde_json::to_value(table).unwrap_or_default()).collect();
    let fields = &["table", "kind", "meaning", "columns"];
    let mut answer = Answer { json: rows.clone().into(), rows, fields, ..Answer::default() };
    answer.columns = ["table", "column", "meaning"].map(str::to_owned).to_vec();
    for table in explained {
        answer.cells.push(vec![table.table.clone(), format!("({})", table.kind), table.meaning]);
        for (column, meaning) in table.columns {
            answer.cells.push(vec![String::new(), column, meaning]);
        }
    }
    answer
}
