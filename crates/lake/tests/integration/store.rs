// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A small lake made from plain rows, and the same rows for naive answers.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use underpin_lake::{
    Beside, Cell, ColumnKind, DocumentSet, Lake, LakeError, SegmentRef, Session, SmallTable, SqlAnswer, SqlLimits,
    StoreLimits, StoreLocation, Table, TableRows, Value,
};
use underpin_testkit::s3::S3;

/// A use: document, package number, version number.
pub type Row = (i64, i64, i64);

pub struct Store {
    /// Removed with the store.
    _folder: tempfile::TempDir,
    pub lake: Arc<Lake>,
    pub segments: Vec<SegmentRef>,
}

pub const LIMITS: SqlLimits =
    SqlLimits { memory_bytes: 1 << 28, timeout_ms: 30_000, text_bytes: 10_000, operators: 2_000 };

/// Room and time for every test.
pub const PATIENT: StoreLimits = StoreLimits { cache_bytes: 1 << 30, patience: Duration::from_secs(60) };

/// A lake at a place of a bucket, whose files are kept in a folder here.
pub fn lake_in(server: &S3, prefix: &str, kept: PathBuf, limits: StoreLimits) -> Arc<Lake> {
    let location = StoreLocation::parse(&server.url(prefix), &|name| server.variable(name)).expect("an address");
    Lake::open_at(&location, kept, limits).expect("opens")
}

/// Package `p` is called `name-p`; version `v` of it has the number `1000 * p + v`.
pub fn name(package: i64) -> String {
    format!("name-{package}")
}

pub fn version(package: i64, version: i64) -> i64 {
    1_000 * package + version
}

fn rows(table: &str, cells: impl IntoIterator<Item = Vec<Cell<'static>>>) -> TableRows {
    let mut rows = TableRows::new(Table::named(table).expect("a table"));
    cells.into_iter().for_each(|row| rows.push(&row));
    rows
}

impl Store {
    /// Writes each batch of uses as its own segments, as separate intakes would.
    pub fn of(batches: &[Vec<Row>]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let place = folder.path().to_owned();
        Self::at(folder, place, batches)
    }

    /// The same in a folder below a temporary one.
    pub fn at(folder: tempfile::TempDir, place: std::path::PathBuf, batches: &[Vec<Row>]) -> Self {
        let lake = match underpin_testkit::s3::in_force() {
            None => Lake::open(place).expect("opens"),
            Some(server) => {
                let kept = place.join("cache");
                lake_in(server, &underpin_testkit::s3::prefix_of(&place), kept, PATIENT)
            }
        };
        Self::in_lake(folder, lake, batches)
    }

    /// The same in a lake that is open.
    pub fn in_lake(folder: tempfile::TempDir, lake: Arc<Lake>, batches: &[Vec<Row>]) -> Self {
        let mut store = Self { _folder: folder, lake, segments: Vec::new() };
        for (number, batch) in batches.iter().enumerate() {
            store.write(number, batch);
        }
        store
    }

    fn write(&mut self, number: usize, batch: &[Row]) {
        let used: BTreeSet<(i64, i64)> = batch.iter().map(|(_, package, version)| (*package, *version)).collect();
        let documents: BTreeSet<i64> = batch.iter().map(|(document, _, _)| *document).collect();
        let mut versions = TableRows::new(Table::named("package_version").expect("a table"));
        for (package, number) in used {
            let (purl, called, written) =
                (format!("pkg:npm/{}@{number}", name(package)), name(package), number.to_string());
            versions.push(&[
                Cell::Integer(version(package, number)),
                Cell::Integer(package),
                Cell::Text(&purl),
                Cell::Text("npm"),
                Cell::Text(""),
                Cell::Text(&called),
                Cell::Text(&written),
                Cell::Text(""),
                Cell::Text(&called),
            ]);
        }
        let uses = batch.iter().map(|(document, package, number)| {
            vec![
                Cell::Integer(*package),
                Cell::Integer(version(*package, *number)),
                Cell::Integer(*document),
                Cell::Code(1),
                Cell::Null,
                Cell::Boolean(true),
                Cell::Null,
                Cell::Code(3),
                Cell::Integer(85),
                Cell::Null,
                Cell::Null,
            ]
        });
        let about = documents.into_iter().map(|document| {
            let mut row = vec![Cell::Integer(document)];
            row.extend(std::iter::repeat_n(Cell::Text(""), 12));
            row.extend([Cell::Null, Cell::Integer(0), Cell::Integer(0), Cell::Boolean(false)]);
            row
        });
        // What a document with an even number says is no valid pattern and no number.
        let suppliers: BTreeSet<i64> = batch.iter().map(|(document, _, _)| *document).collect();
        let components = suppliers.into_iter().map(|document| {
            let supplier = if document % 2 == 0 { "secret(" } else { "1" };
            let mut row = vec![Cell::Integer(document), Cell::Integer(1), Cell::Text("library"), Cell::Text(supplier)];
            row.extend([Cell::Text(""), Cell::Text(""), Cell::Text("")]);
            row
        });
        let tables = [versions, rows("occurrence", uses), rows("document", about), rows("component", components)];
        for table in tables {
            if table.is_empty() {
                continue;
            }
            let kind = table.table();
            let batch = table.finish().expect("a batch");
            for written in self.lake.segments.write(kind, &batch, &number.to_string()).expect("writes") {
                self.segments.push(SegmentRef {
                    table: written.table.to_owned(),
                    order: written.order.to_owned(),
                    path: written.path,
                    rows: written.rows,
                    bytes: written.bytes,
                });
            }
        }
    }

    pub fn session(&self, visible: impl IntoIterator<Item = i64>) -> Session {
        let visible: DocumentSet = visible.into_iter().collect();
        self.lake.session(self.segments.clone(), Arc::new(visible))
    }
}

/// The tables of the ledger that the views build on, without rows.
pub fn small() -> Vec<SmallTable> {
    let binding: &[(&str, ColumnKind, &str)] = &[
        ("document", ColumnKind::Integer, ""),
        ("system", ColumnKind::Text, ""),
        ("deployment", ColumnKind::Text, ""),
        ("current", ColumnKind::Boolean, ""),
    ];
    let system: &[(&str, ColumnKind, &str)] =
        &[("system", ColumnKind::Text, ""), ("agency", ColumnKind::Text, ""), ("status", ColumnKind::Text, "")];
    [("binding", binding), ("system", system)]
        .map(|(name, columns)| SmallTable { name, grain: "", columns, rows: Vec::new() })
        .into()
}

/// Asks in SQL.
pub fn ask(session: &Session, sql: &str, limits: SqlLimits) -> Result<SqlAnswer, LakeError> {
    ask_beside(session, sql, Beside::default(), limits)
}

/// Asks in SQL, with more beside the lake.
pub fn ask_beside(session: &Session, sql: &str, beside: Beside<'_>, limits: SqlLimits) -> Result<SqlAnswer, LakeError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(session.sql(sql, Beside { small: &small(), ..beside }, limits))
}

/// The first column of an answer as numbers.
pub fn numbers(session: &Session, sql: &str) -> Vec<i64> {
    let answer = ask(session, sql, LIMITS).expect("answers");
    let first = |row: Vec<Value>| match row.first() {
        Some(Value::Integer(number)) => *number,
        other => panic!("{other:?} is no number"),
    };
    answer.rows().expect("rows").into_iter().map(first).collect()
}
