// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Segments of every schema version that was ever written, opened for ever.
//!
//! `tests/fixtures/segments-N` holds one small segment for each table and order, written by the version that introduced
//! schema N. They are never written again: a change to the schema adds a folder, and a reader for the older ones.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{Array as _, RecordBatch};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::rows::{Cell, TableRows};
use crate::scan::Wanted;
use crate::schema::Table;
use crate::session::{Lake, SegmentRef};

/// The tables of schema 1, frozen: name, orders, columns. A letter says what a column holds (`i`nteger, `t`ext, `b`oolean,
/// `c`ode), and `?` that it may be unknown.
const SCHEMA_1: [(&str, &str, &str); 13] = [
    (
        "document",
        "document",
        "document:i format:t spec_version:t subject:t subject_version:t subject_digest:t serial:t tool:t tool_version:t \
         supplier:t context:t data_licence:t distribution:t created:i? components:i edges:i graph_complete:b",
    ),
    (
        "package_version",
        "name id",
        "package_version:i package:i purl:t type:t namespace:t name:t version:t qualifiers:t search_name:t",
    ),
    (
        "occurrence",
        "package document",
        "package:i package_version:i document:i scope:c depth:i? direct:b? via:i? evidence:c confidence:i modified:b? \
         location:t?",
    ),
    ("dependency", "document", "document:i from_version:i to_version:i"),
    ("licence", "expression document", "document:i package_version:i kind:c expression:t"),
    ("hash", "value", "document:i package_version:i? algorithm:t value:t file:t"),
    ("identifier", "value", "document:i package_version:i kind:t value:t"),
    ("component", "document", "document:i package_version:i kind:t supplier:t originator:t file_name:t project:t"),
    ("component_fact", "document", "document:i package_version:i kind:t name:t value:t"),
    (
        "claim",
        "document",
        "document:i claim:i vulnerability:t source:t state:t justification:t response:t detail:t ratings:t",
    ),
    ("claim_target", "document", "document:i claim:i package_version:i? reference:t"),
    ("document_fact", "document", "document:i kind:t name:t value:t"),
    ("gap", "document", "document:i code:t place:t detail:t count:i"),
];

/// Rows of each fixture; the last one has every unknown value.
const ROWS: usize = 3;

fn folder(version: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/segments-{version}"))
}

/// The value in a row and column, as text; `-` when unknown.
fn value(row: usize, position: usize, column: &str) -> String {
    let (name, kind) = column.split_once(':').expect("a name and a kind");
    match kind {
        _ if kind.ends_with('?') && row + 1 == ROWS => "-".to_owned(),
        "i" | "i?" => (row * 100 + position + 1).to_string(),
        "b" | "b?" => row.is_multiple_of(2).to_string(),
        "c" => row.to_string(),
        _ => format!("{name} {row}"),
    }
}

fn expected(columns: &str) -> Vec<Vec<String>> {
    (0..ROWS)
        .map(|row| columns.split(' ').enumerate().map(|(index, column)| value(row, index, column)).collect())
        .collect()
}

/// Rows as text; `-` for what is unknown.
fn text_of(batch: &RecordBatch) -> Vec<Vec<String>> {
    let options = FormatOptions::default();
    let cell = |column: usize, row: usize| {
        let array = batch.column(column);
        if array.is_null(row) {
            return "-".to_owned();
        }
        ArrayFormatter::try_new(array, &options).expect("a known type").value(row).to_string()
    };
    (0..batch.num_rows()).map(|row| (0..batch.num_columns()).map(|column| cell(column, row)).collect()).collect()
}

#[test]
fn segments_of_schema_1_open_for_ever() {
    for (name, orders, columns) in SCHEMA_1 {
        let table = Table::named(name).expect("a table that is still known");
        let names: Vec<&str> = columns.split(' ').filter_map(|column| column.split(':').next()).collect();
        for order in orders.split(' ') {
            let path = format!("{name}-{order}-1.parquet");
            // The store's own folder is read, as a live segment would be.
            let place = tempfile::tempdir().expect("a folder");
            let lake = Lake::open(place.path().to_owned()).expect("a lake");
            std::fs::copy(folder(1).join(&path), lake.segments.path(&path)).expect("the fixture");
            let inspected = lake.segments.inspect(table, &path, true).expect("it opens");
            assert_eq!((inspected.rows, inspected.schema_version), (ROWS as u64, 1), "{path}");
            let segment = SegmentRef {
                table: name.to_owned(),
                order: order.to_owned(),
                path: path.clone(),
                rows: inspected.rows,
                bytes: inspected.bytes,
            };
            let session = lake.session(vec![segment], Arc::new((0..1_000).collect()));
            let batches = session.rows(name, order, names[0], Wanted::All, &names).expect("it is read");
            let mut found: Vec<Vec<String>> = batches.iter().flat_map(text_of).collect();
            found.sort();
            assert_eq!(found, expected(columns), "{path}");
        }
    }
}

/// Not a test: wrote the fixtures of schema 1, once.
#[test]
#[ignore = "writes fixtures that must never change"]
fn write_the_fixtures_of_schema_1() {
    assert_eq!(crate::SCHEMA_VERSION, 1, "an older schema cannot be written any more");
    std::fs::create_dir_all(folder(1)).expect("a folder");
    let store = crate::SegmentStore::open(folder(1)).expect("a store");
    for (name, _, columns) in SCHEMA_1 {
        let table = Table::named(name).expect("a table");
        let mut rows = TableRows::new(table);
        for values in expected(columns) {
            let kinds = columns.split(' ').filter_map(|column| column.split(':').nth(1));
            let cells: Vec<Cell<'_>> = values
                .iter()
                .zip(kinds)
                .map(|(value, kind)| match (value.as_str(), kind.trim_end_matches('?')) {
                    ("-", _) => Cell::Null,
                    (text, "i") => Cell::Integer(text.parse().expect("a number")),
                    (text, "b") => Cell::Boolean(text == "true"),
                    (text, "c") => Cell::Code(text.parse().expect("a number")),
                    (text, _) => Cell::Text(text),
                })
                .collect();
            rows.push(&cells);
        }
        store.write(table, &rows.finish().expect("a batch"), "1").expect("written");
    }
}
