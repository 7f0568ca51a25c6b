// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The tables and views of a session with rows that somebody writes down: small houses that rules are tried on. Schema, views and
//! bounds are those of a real session, so a query that fails here fails there.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::{MemTable, TableProvider as _};
use datafusion::prelude::SessionConfig;
use underpin_model::Timestamp;

use crate::error::LakeError;
use crate::opened::{Opened, bounded_text};
use crate::running::Deadline;
use crate::schema::TABLES;
use crate::sql::{Beside, SmallTable, SqlAnswer, SqlLimits, Value, small_table, stored_name};
use crate::views::VIEWS;

/// A row by its columns; what it does not name is not known. A text in a column of numbers is a day.
pub type GivenRow = BTreeMap<String, Value>;

/// Rows by table or view; the others are empty.
pub type GivenTables = BTreeMap<String, Vec<GivenRow>>;

/// Runs one query over given rows. A view with rows of its own has those, every other one is worked out from its tables.
///
/// # Errors
/// As a query of a session; [`LakeError::Query`] where rows name a table or a column that there is not.
pub async fn asked_of_rows(
    given: &GivenTables,
    beside: Beside<'_>,
    text: &str,
    limits: SqlLimits,
) -> Result<SqlAnswer, LakeError> {
    bounded_text("query", text, limits)?;
    let deadline = Deadline::in_ms(limits.timeout_ms);
    opened(given, beside, limits).await?.answer(text.to_owned(), deadline).await
}

async fn opened(given: &GivenTables, beside: Beside<'_>, limits: SqlLimits) -> Result<Opened, LakeError> {
    let opened = Opened::bare(SessionConfig::new(), limits.memory_bytes)?;
    let context = &opened.context;
    let mut schemas: Vec<(String, SchemaRef)> = TABLES.iter().map(|one| (stored_name(one), one.schema())).collect();
    for small in beside.small {
        let empty = SmallTable { rows: Vec::new(), ..small.clone() };
        schemas.push((small.name.to_owned(), small_table(&empty)?.schema()));
    }
    schemas.extend(beside.streamed.iter().map(|one| (one.table.name.to_owned(), one.table.schema())));
    let mut known: Vec<String> = Vec::new();
    for (name, schema) in schemas {
        context.register_table(name.as_str(), Arc::new(table(&name, &schema, given)?))?;
        known.push(name);
    }
    for view in VIEWS.iter().chain(beside.views) {
        let plan = context.sql(view.sql).await?;
        if given.contains_key(view.name) {
            let schema: SchemaRef = Arc::new(plan.schema().as_arrow().clone());
            context.register_table(view.name, Arc::new(table(view.name, &schema, given)?))?;
        } else {
            context.register_table(view.name, plan.into_view())?;
        }
        known.push(view.name.to_owned());
    }
    match given.keys().find(|name| !known.contains(name)) {
        Some(name) => Err(LakeError::Query(format!("there is no table {name}"))),
        None => Ok(opened),
    }
}

fn table(name: &str, schema: &SchemaRef, given: &GivenTables) -> Result<MemTable, LakeError> {
    let rows = given.get(name).map_or(&[][..], Vec::as_slice);
    let stray = rows.iter().flat_map(BTreeMap::keys).find(|column| schema.field_with_name(column).is_err());
    if let Some(column) = stray {
        return Err(LakeError::Query(format!("the table {name} has no column {column}")));
    }
    let fields = schema.fields().iter().map(|field| Field::new(field.name(), field.data_type().clone(), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let columns = schema.fields().iter().map(|field| column(field, rows)).collect::<Result<Vec<_>, _>>()?;
    Ok(MemTable::try_new(Arc::clone(&schema), vec![vec![RecordBatch::try_new(schema, columns)?]])?)
}

fn column(field: &Field, rows: &[GivenRow]) -> Result<ArrayRef, LakeError> {
    let wrong = |value: &Value| LakeError::Query(format!("{value:?} is no value of the column {}", field.name()));
    let cells = || rows.iter().map(|row| row.get(field.name()).unwrap_or(&Value::Null));
    let kind = field.data_type();
    let array: ArrayRef = if *kind == DataType::Boolean {
        let truth = |value: &Value| match value {
            Value::Null => Ok(None),
            Value::Boolean(truth) => Ok(Some(*truth)),
            other => Err(wrong(other)),
        };
        Arc::new(cells().map(truth).collect::<Result<BooleanArray, _>>()?)
    } else if kind.is_floating() {
        let number = |value: &Value| match value {
            Value::Null => Ok(None),
            Value::Float(number) => Ok(Some(*number)),
            Value::Integer(number) => Ok(Some(*number as f64)),
            other => Err(wrong(other)),
        };
        Arc::new(cells().map(number).collect::<Result<Float64Array, _>>()?)
    } else if kind.is_integer() {
        let number = |value: &Value| match value {
            Value::Null => Ok(None),
            Value::Integer(number) => Ok(Some(*number)),
            Value::Text(day) => day.parse::<Timestamp>().map(|moment| Some(moment.0)).map_err(|_| wrong(value)),
            other => Err(wrong(other)),
        };
        Arc::new(cells().map(number).collect::<Result<Int64Array, _>>()?)
    } else {
        let text = |value: &'_ Value| match value {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text.clone())),
            other => Err(wrong(other)),
        };
        Arc::new(cells().map(text).collect::<Result<StringArray, _>>()?)
    };
    Ok(cast(&array, kind)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: SqlLimits =
        SqlLimits { memory_bytes: 64 << 20, timeout_ms: 5_000, text_bytes: 4_000, operators: 200 };

    fn row(cells: &[(&str, Value)]) -> GivenRow {
        cells.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    fn asked(given: &GivenTables, text: &str) -> Result<Vec<Vec<Value>>, LakeError> {
        use crate::schema::ColumnKind;
        let small = [
            SmallTable {
                name: "binding",
                grain: "",
                columns: &[
                    ("document", ColumnKind::Integer, ""),
                    ("system", ColumnKind::Text, ""),
                    ("deployment", ColumnKind::Text, ""),
                    ("current", ColumnKind::Boolean, ""),
                ],
                rows: Vec::new(),
            },
            SmallTable {
                name: "system",
                grain: "",
                columns: &[
                    ("system", ColumnKind::Text, ""),
                    ("agency", ColumnKind::Text, ""),
                    ("status", ColumnKind::Text, ""),
                ],
                rows: Vec::new(),
            },
        ];
        let beside = Beside { small: &small, ..Beside::default() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(asked_of_rows(given, beside, text, LIMITS))?.rows()
    }

    #[test]
    fn views_are_worked_out_unless_they_are_given() {
        let text = |text: &str| Value::Text(text.to_owned());
        let system = row(&[("system", text("portal")), ("agency", text("tax")), ("status", text("active"))]);
        let binding =
            row(&[("document", Value::Integer(1)), ("system", text("portal")), ("current", Value::Boolean(true))]);
        let licence = row(&[
            ("document", Value::Integer(1)),
            ("package_version", Value::Integer(7)),
            ("kind", Value::Integer(0)),
            ("expression", text("MIT")),
        ]);
        let mut given = GivenTables::from([
            ("system".to_owned(), vec![system]),
            ("binding".to_owned(), vec![binding]),
            ("licence_stored".to_owned(), vec![licence]),
        ]);
        let asks = "SELECT expression, systems FROM licence_systems";
        assert_eq!(asked(&given, asks).unwrap(), [vec![text("MIT"), Value::Integer(1)]]);
        given.insert("licence_systems".to_owned(), vec![row(&[("expression", text("ISC"))])]);
        assert_eq!(asked(&given, asks).unwrap(), [vec![text("ISC"), Value::Null]]);
    }

    #[test]
    fn tables_columns_and_values_that_there_are_not_are_refused() {
        for (table, column, value) in [
            ("nothing", "system", Value::Null),
            ("system", "nothing", Value::Null),
            ("system", "agency", Value::Integer(1)),
            ("binding", "document", Value::Text("yesterday".to_owned())),
        ] {
            let given = GivenTables::from([(table.to_owned(), vec![row(&[(column, value)])])]);
            assert!(asked(&given, "SELECT 1").is_err(), "{table} {column}");
        }
        assert!(asked(&GivenTables::new(), "DROP TABLE system").is_err());
    }
}
