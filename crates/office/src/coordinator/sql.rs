// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `sql`: free questions over all tables and views, reading only, within limits, seeing only what the viewer may see.

use std::collections::BTreeSet;
use std::sync::Arc;

use underpin_lake::{
    Beside, ColumnKind, SmallTable, SqlAnswer, SqlLimits, StreamedTable, TABLES, Table, VIEWS, Value, WATCH_VIEWS,
    names_in,
};
use underpin_model::Limits;
use underpin_model::watch::Tlp;

use super::kept_tables::KeptTables;
use crate::error::Result;
use crate::house::{Desk, House, made};
use crate::incidents::sql;
use crate::regulator::sql_rules;
use crate::role_model::sql_catalogue;
use crate::supporter::sql_projects;
use crate::watch::freshness::Freshness;
use crate::watch::sql_tables;

use ColumnKind::{Boolean, Integer, Text, Time};

/// A table or view, explained.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Explained {
    /// Name.
    pub table: String,
    /// `table` or `view`.
    pub kind: &'static str,
    /// What one row is, or what the view answers.
    pub meaning: String,
    /// Columns with their meaning; views list none (their text does).
    pub columns: Vec<(String, String)>,
}

/// The answer of a query.
#[derive(Debug)]
pub struct SqlFound {
    /// Rows and columns.
    pub answer: SqlAnswer,
    /// How fresh the knowledge is, where the query read anything that comes from feeds.
    pub freshness: Option<Freshness>,
    /// The strictest mark of what the tables hold that the query names, where any of it rests on an advisory of the office: whatever was
    /// counted or left out, the answer may go no further.
    pub tlp: Option<Tlp>,
}

impl House {
    /// Runs one query. What is watched is held against all advisories only when the query names a table of it.
    ///
    /// # Errors
    /// `query-refused` and `query-limit`; when the ledger cannot be read, or a segment or evidence is damaged.
    pub async fn sql(&self, desk: &Arc<Desk>, text: &str) -> Result<SqlFound> {
        // What a query keeps while it waits is large: on the heap it burdens no caller's stack.
        Box::pin(self.sql_with(desk, text, &KeptTables::default())).await
    }

    /// The same with tables that were made for the desk before, and are kept for its next query.
    ///
    /// # Errors
    /// As [`House::sql`].
    pub async fn sql_with(&self, desk: &Arc<Desk>, text: &str, kept: &KeptTables) -> Result<SqlFound> {
        let limits = sql_limits(&desk.limits);
        // A text that is too long is refused below and not looked at before.
        let names = if text.len() <= limits.text_bytes { names_in(text) } else { BTreeSet::new() };
        let (mut streamed, freshness, tlp) = self.watch_tables(desk, &names, kept).await?;
        let (own, judged_by, mark) = self.incident_tables(desk, &names).await?;
        let is_made = |table: &&&'static Table| !own.iter().any(|made| made.table.name == table.name);
        let unmade = sql::TABLES.iter().filter(is_made).map(|table| StreamedTable { table, rows: None });
        streamed.extend(unmade.collect::<Vec<_>>());
        streamed.extend(own);
        streamed.extend(self.project_tables(desk, &names).await?);
        streamed.extend(self.catalogue_tables(desk, &names).await?);
        streamed.extend(self.rule_tables(desk, &names, kept).await?);
        let (freshness, tlp) = (freshness.or(judged_by), tlp.max(mark));
        let ready = kept.registry(desk).await?;
        let beside = Beside { ready, streamed: &streamed, views: WATCH_VIEWS, ..Beside::default() };
        Ok(SqlFound { answer: desk.session.sql(text, beside, limits).await?, freshness, tlp })
    }
}

/// What one query may use.
pub(crate) fn sql_limits(limits: &Limits) -> SqlLimits {
    SqlLimits {
        memory_bytes: limits.query_bytes,
        timeout_ms: limits.query_timeout_ms,
        text_bytes: limits.query_text_bytes,
        operators: limits.query_operators,
    }
}

/// Every table of the ledger, without rows: what a query is planned with.
pub(crate) const SMALL_TABLES: [SmallTable; 6] = [AGENCY, SYSTEM, DEPLOYMENT, CATALOGUE, BINDING, TOOL];

/// Every table whose rows are made as they are read, in the order of the manual.
pub(crate) fn streamed_tables() -> impl Iterator<Item = &'static Table> {
    sql_tables::TABLES
        .iter()
        .chain(&sql::TABLES)
        .chain(&sql_projects::TABLES)
        .chain(&sql_catalogue::TABLES)
        .chain(&sql_rules::TABLES)
        .copied()
}

impl Desk {
    /// The ledger's part of the tables, as this viewer sees it.
    pub fn small_tables(&self) -> Vec<SmallTable> {
        vec![
            self.agencies(),
            self.systems(),
            self.deployment_rows(),
            self.catalogue(),
            self.binding_rows(),
            self.tools(),
        ]
    }

    fn agencies(&self) -> SmallTable {
        let rows = self.snapshot.agencies.iter().map(|agency| {
            let declared = agency.declared_systems.and_then(|number| i64::try_from(number).ok());
            vec![
                text(&agency.id.0),
                text(&agency.name),
                agency.parent.as_ref().map_or(Value::Null, |parent| text(&parent.0)),
                text(&agency.contact),
                declared.map_or(Value::Null, Value::Integer),
            ]
        });
        SmallTable { rows: rows.collect(), ..AGENCY }
    }

    fn systems(&self) -> SmallTable {
        let rows = self.snapshot.systems.iter().map(|system| {
            let words = [
                system.confidentiality.as_str(),
                system.integrity.as_str(),
                system.availability.as_str(),
                system.exposure.as_str(),
                system.classification.as_str(),
                system.status.as_str(),
            ];
            let mut row = vec![text(&system.id.0), text(&system.agency.0), text(&system.name), text(&system.purpose)];
            row.extend([&system.operator, &system.supplier, &system.support, &system.contact].map(|value| text(value)));
            row.extend(words.map(text));
            row
        });
        SmallTable { rows: rows.collect(), ..SYSTEM }
    }

    fn deployment_rows(&self) -> SmallTable {
        let rows = self.snapshot.deployments.iter().map(|deployment| {
            vec![
                text(&deployment.system.0),
                text(&deployment.id.0),
                text(&deployment.name),
                text(&deployment.environment),
                text(&deployment.location),
                text(deployment.exposure.as_str()),
            ]
        });
        SmallTable { rows: rows.collect(), ..DEPLOYMENT }
    }

    fn catalogue(&self) -> SmallTable {
        let rows = self.snapshot.documents.iter().map(|record| {
            vec![
                Value::Integer(record.id.0),
                text(record.state.as_str()),
                text(&record.reason),
                text(&record.path),
                text(&record.evidence.to_string()),
                Value::Integer(i64::try_from(record.size_bytes).unwrap_or(i64::MAX)),
                text(&record.format),
                text(&record.tool),
                text(&record.subject),
                Value::Integer(made(record).0),
                Value::Integer(record.learned.0),
                record.uploader.as_ref().map_or(Value::Null, |agency| text(&agency.0)),
            ]
        });
        SmallTable { rows: rows.collect(), ..CATALOGUE }
    }

    fn binding_rows(&self) -> SmallTable {
        let rows = (0..self.snapshot.systems.len() as u32).flat_map(|position| {
            self.bound(position).iter().map(move |bound| {
                vec![
                    Value::Integer(self.snapshot.documents[bound.document].id.0),
                    text(&self.system(position).id.0),
                    bound.deployment.as_deref().map_or(Value::Null, text),
                    Value::Boolean(bound.superseded_by.is_none()),
                    bound.superseded_by.map_or(Value::Null, Value::Integer),
                ]
            })
        });
        SmallTable { rows: rows.collect(), ..BINDING }
    }

    fn tools(&self) -> SmallTable {
        let mut tools: Vec<&str> = self.snapshot.documents.iter().map(|record| record.tool.as_str()).collect();
        tools.sort_unstable();
        tools.dedup();
        let rows = tools.into_iter().flat_map(|tool| {
            self.capabilities.of(tool).into_iter().map(move |kind| vec![text(tool), Value::Text(kind)])
        });
        SmallTable { rows: rows.collect(), ..TOOL }
    }
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

const AGENCY: SmallTable = SmallTable {
    name: "agency",
    grain: "a ministry, agency or unit",
    columns: &[
        ("agency", Text, "stable identifier"),
        ("name", Text, "name"),
        ("parent", Text, "agency it belongs to"),
        ("contact", Text, "functional mailbox or page"),
        ("declared_systems", Integer, "systems it says it has that are not registered"),
    ],
    rows: Vec::new(),
};

const SYSTEM: SmallTable = SmallTable {
    name: "system",
    grain: "a service the government runs",
    columns: &[
        ("system", Text, "stable identifier"),
        ("agency", Text, "agency that owns it"),
        ("name", Text, "name"),
        ("purpose", Text, "what it is for"),
        ("operator", Text, "who runs it"),
        ("supplier", Text, "who supplies it"),
        ("support", Text, "who can patch it"),
        ("contact", Text, "functional mailbox or page"),
        ("confidentiality", Text, "protection need"),
        ("integrity", Text, "protection need"),
        ("availability", Text, "protection need"),
        ("exposure", Text, "who can reach it"),
        ("classification", Text, "who may know of it"),
        ("status", Text, "planned, active or retired"),
    ],
    rows: Vec::new(),
};

const DEPLOYMENT: SmallTable = SmallTable {
    name: "deployment",
    grain: "a place where a system runs",
    columns: &[
        ("system", Text, "the system"),
        ("deployment", Text, "stable identifier within the system"),
        ("name", Text, "name"),
        ("environment", Text, "environment, as the agency says"),
        ("location", Text, "site, as the agency says"),
        ("exposure", Text, "who can reach it"),
    ],
    rows: Vec::new(),
};

const CATALOGUE: SmallTable = SmallTable {
    name: "catalogue",
    grain: "a document that came in, whatever became of it",
    columns: &[
        ("document", Integer, "number of the document"),
        ("state", Text, "accepted, quarantined, retracted or purged"),
        ("reason", Text, "why it is not accepted"),
        ("path", Text, "where it lay"),
        ("evidence", Text, "SHA-256 of the original"),
        ("size_bytes", Integer, "size of the original"),
        ("format", Text, "reader that took it"),
        ("tool", Text, "tool that made it"),
        ("subject", Text, "artefact it describes"),
        ("made", Time, "when it was made, else learned; microseconds since 1970"),
        ("learned", Time, "when it was learned; microseconds since 1970"),
        ("uploader", Text, "agency that handed it in"),
    ],
    rows: Vec::new(),
};

const BINDING: SmallTable = SmallTable {
    name: "binding",
    grain: "a document that is about a system",
    columns: &[
        ("document", Integer, "the document"),
        ("system", Text, "the system"),
        ("deployment", Text, "the deployment, where one is named"),
        ("current", Boolean, "whether no newer document superseded it"),
        ("superseded_by", Integer, "the newer document"),
    ],
    rows: Vec::new(),
};

const TOOL: SmallTable = SmallTable {
    name: "tool",
    grain: "a package type that a tool can show",
    columns: &[("tool", Text, "tool, without version"), ("type", Text, "purl type")],
    rows: Vec::new(),
};

/// All tables and views with their meaning.
pub fn explain_tables() -> Vec<Explained> {
    let small = SMALL_TABLES;
    let views: Vec<Explained> = VIEWS
        .iter()
        .chain(WATCH_VIEWS)
        .map(|view| Explained {
            table: view.name.to_owned(),
            kind: "view",
            meaning: view.meaning(),
            columns: Vec::new(),
        })
        .collect();
    let of_table = |table: &Table| Explained {
        table: if views.iter().any(|view| view.table == table.name) {
            format!("{}_stored", table.name)
        } else {
            table.name.to_owned()
        },
        kind: "table",
        meaning: table.grain.to_owned(),
        columns: table.columns.iter().map(|column| (column.name.to_owned(), column.meaning.to_owned())).collect(),
    };
    let watched: Vec<Explained> = streamed_tables().map(of_table).collect();
    let facts: Vec<Explained> = TABLES.iter().map(of_table).collect();
    let small = small.into_iter().map(|table| Explained {
        table: table.name.to_owned(),
        kind: "table",
        meaning: table.grain.to_owned(),
        columns: table.columns.iter().map(|(name, _, meaning)| ((*name).to_owned(), (*meaning).to_owned())).collect(),
    });
    views.iter().cloned().chain(small).chain(facts).chain(watched).collect()
}

/// The rows of an answer as JSON objects.
///
/// # Errors
/// When a column is of a kind that cannot be shown.
pub fn json_rows(answer: &SqlAnswer) -> Result<Vec<serde_json::Value>> {
    let columns = answer.columns();
    let value = |value: Value| match value {
        Value::Null => serde_json::Value::Null,
        Value::Integer(number) => number.into(),
        Value::Float(number) => number.into(),
        Value::Boolean(truth) => truth.into(),
        Value::Text(text) => text.into(),
    };
    Ok(answer
        .rows()?
        .into_iter()
        .map(|row| columns.iter().cloned().zip(row.into_iter().map(value)).collect::<serde_json::Map<_, _>>().into())
        .collect())
}
