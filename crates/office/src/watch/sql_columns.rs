// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tables for SQL: each column stands beside the function that gives its cell, so that the two cannot part.

use std::ops::Range;
use std::sync::Arc;

use underpin_lake::{Cell, Only, Pass, RowSource, StreamedTable, Table, TableRows};
use underpin_model::Timestamp;

/// The cells of a row, by position of the column.
pub(crate) type Cells<R> = &'static [for<'r> fn(&'r R) -> Cell<'r>];

/// A table, and the function of each of its columns.
macro_rules! table {
    ($table:ident, $cells:ident: $cell:ty;
     $name:literal, $grain:literal, $($column:literal $kind:ident $meaning:literal => $value:expr;)*) => {
        pub(crate) static $table: underpin_lake::Table = underpin_lake::Table {
            name: $name,
            grain: $grain,
            columns: &[$(underpin_lake::Column {
                name: $column,
                kind: underpin_lake::ColumnKind::$kind,
                nullable: true,
                meaning: $meaning,
            }),*],
            orders: &[],
        };
        pub(super) const $cells: &[$cell] = &[$($value),*];
    };
}
pub(crate) use table;

/// Rows that are there whole.
pub(crate) struct Listed<R: 'static> {
    pub rows: Vec<R>,
    pub cells: Cells<R>,
}

impl<R: Send + Sync> Listed<R> {
    /// As a table of SQL.
    pub fn table(table: &'static Table, cells: Cells<R>, rows: Vec<R>) -> StreamedTable {
        StreamedTable { table, rows: Some(Arc::new(Self { rows, cells })) }
    }
}

impl<R: Send + Sync> RowSource for Listed<R> {
    fn pass(self: Arc<Self>, _: &[Only]) -> Arc<dyn Pass> {
        self
    }
}

impl<R: Send + Sync> Pass for Listed<R> {
    fn rows(&self) -> u64 {
        self.rows.len() as u64
    }

    fn read(&self, places: Range<u64>, wanted: &[usize], rows: &mut TableRows) {
        let mut cells = Vec::with_capacity(wanted.len());
        for row in self.rows.get(places.start as usize..places.end as usize).unwrap_or_default() {
            cells.clear();
            cells.extend(wanted.iter().map(|at| self.cells.get(*at).map_or(Cell::Null, |cell| cell(row))));
            rows.push(&cells);
        }
    }
}

/// A text that is empty where nothing is known.
pub(crate) fn stated(text: &str) -> Cell<'_> {
    if text.is_empty() { Cell::Null } else { Cell::Text(text) }
}

pub(crate) fn moment(moment: Option<Timestamp>) -> Cell<'static> {
    moment.map(|moment| moment.0).into()
}

pub(crate) fn count(number: impl TryInto<i64>) -> Cell<'static> {
    number.try_into().ok().into()
}
