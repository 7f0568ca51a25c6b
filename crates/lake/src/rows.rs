// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rows on their way into a segment: appended column by column, sorted, made into Arrow batches.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, BooleanBuilder, Float64Builder, Int64Array, Int64Builder, RecordBatch, RecordBatchOptions,
    StringArray, StringBuilder, UInt8Array, UInt8Builder, UInt32Array,
};
use datafusion::arrow::compute::{concat_batches, take_record_batch};
use datafusion::arrow::datatypes::SchemaRef;

use crate::error::LakeError;
use crate::schema::{ColumnKind, Table};

/// One value of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// For [`ColumnKind::Integer`] and [`ColumnKind::Time`].
    Integer(i64),
    /// For [`ColumnKind::Number`].
    Number(f64),
    /// For [`ColumnKind::Text`].
    Text(&'a str),
    /// For [`ColumnKind::Boolean`].
    Boolean(bool),
    /// For [`ColumnKind::Code`].
    Code(u8),
    /// Unknown.
    Null,
}

impl From<Option<i64>> for Cell<'_> {
    fn from(value: Option<i64>) -> Self {
        value.map_or(Self::Null, Self::Integer)
    }
}

impl From<Option<bool>> for Cell<'_> {
    fn from(value: Option<bool>) -> Self {
        value.map_or(Self::Null, Self::Boolean)
    }
}

impl From<Option<f64>> for Cell<'_> {
    fn from(value: Option<f64>) -> Self {
        value.map_or(Self::Null, Self::Number)
    }
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(value: Option<&'a str>) -> Self {
        value.map_or(Self::Null, Self::Text)
    }
}

enum ColumnRows {
    Integer(Int64Builder),
    Number(Float64Builder),
    Text(StringBuilder),
    Boolean(BooleanBuilder),
    Code(UInt8Builder),
}

/// Rows of one table, growing.
pub struct TableRows {
    table: &'static Table,
    schema: SchemaRef,
    columns: Vec<ColumnRows>,
    rows: usize,
}

impl TableRows {
    /// No rows yet.
    pub fn new(table: &'static Table) -> Self {
        Self::growing(table, table.schema(), table.columns.iter().map(|column| column.kind))
    }

    /// No rows yet, of some of the columns, by their positions.
    ///
    /// # Errors
    /// When there is no such column.
    pub(crate) fn of_columns(table: &'static Table, wanted: &[usize]) -> Result<Self, LakeError> {
        let schema = Arc::new(table.schema().project(wanted)?);
        Ok(Self::growing(table, schema, wanted.iter().filter_map(|at| Some(table.columns.get(*at)?.kind))))
    }

    fn growing(table: &'static Table, schema: SchemaRef, kinds: impl Iterator<Item = ColumnKind>) -> Self {
        let columns = kinds.map(|kind| match kind {
            ColumnKind::Integer | ColumnKind::Time => ColumnRows::Integer(Int64Builder::new()),
            ColumnKind::Number => ColumnRows::Number(Float64Builder::new()),
            ColumnKind::Text => ColumnRows::Text(StringBuilder::new()),
            ColumnKind::Boolean => ColumnRows::Boolean(BooleanBuilder::new()),
            ColumnKind::Code(_) => ColumnRows::Code(UInt8Builder::new()),
        });
        Self { table, schema, columns: columns.collect(), rows: 0 }
    }

    /// Appends one row: a cell for each column, in their order.
    ///
    /// # Panics
    /// In tests, when the cells are not those of the table; in use the wrong cell becomes unknown.
    pub fn push(&mut self, cells: &[Cell<'_>]) {
        debug_assert_eq!(cells.len(), self.columns.len(), "row of {}", self.table.name);
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            match (column, cell) {
                (ColumnRows::Integer(builder), Cell::Integer(value)) => builder.append_value(*value),
                (ColumnRows::Integer(builder), _) => builder.append_null(),
                (ColumnRows::Number(builder), Cell::Number(value)) => builder.append_value(*value),
                (ColumnRows::Number(builder), _) => builder.append_null(),
                (ColumnRows::Text(builder), Cell::Text(value)) => builder.append_value(value),
                (ColumnRows::Text(builder), _) => builder.append_null(),
                (ColumnRows::Boolean(builder), Cell::Boolean(value)) => builder.append_value(*value),
                (ColumnRows::Boolean(builder), _) => builder.append_null(),
                (ColumnRows::Code(builder), Cell::Code(value)) => builder.append_value(*value),
                (ColumnRows::Code(builder), _) => builder.append_null(),
            }
        }
        self.rows += 1;
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// True when there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The table.
    pub fn table(&self) -> &'static Table {
        self.table
    }

    /// The rows as one batch, in the order they were appended.
    ///
    /// # Errors
    /// When a column that must be known holds an unknown value.
    pub fn finish(mut self) -> Result<RecordBatch, LakeError> {
        let arrays = self
            .columns
            .iter_mut()
            .map(|column| -> ArrayRef {
                match column {
                    ColumnRows::Integer(builder) => Arc::new(builder.finish()),
                    ColumnRows::Number(builder) => Arc::new(builder.finish()),
                    ColumnRows::Text(builder) => Arc::new(builder.finish()),
                    ColumnRows::Boolean(builder) => Arc::new(builder.finish()),
                    ColumnRows::Code(builder) => Arc::new(builder.finish()),
                }
            })
            .collect();
        // Rows without columns are counted, too.
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        Ok(RecordBatch::try_new_with_options(self.schema, arrays, &options)?)
    }
}

/// Batches of one table as one batch.
///
/// # Errors
/// When they are not of one schema.
pub fn join(table: &Table, batches: &[RecordBatch]) -> Result<RecordBatch, LakeError> {
    Ok(concat_batches(&table.schema(), batches)?)
}

enum SortKey<'a> {
    Integer(&'a [i64]),
    Text(&'a StringArray),
}

/// The rows sorted by the named columns; integer and text columns only, unknown values must not occur in them.
///
/// # Errors
/// When a column does not exist.
pub fn sorted(table: &Table, batch: &RecordBatch, by: &[&str]) -> Result<RecordBatch, LakeError> {
    let keys = by
        .iter()
        .map(|name| {
            let index = table.position(name).ok_or_else(|| LakeError::Columns(format!("no column {name}")))?;
            Ok(match table.columns[index].kind {
                ColumnKind::Text => SortKey::Text(texts(batch, index)?),
                _ => SortKey::Integer(integers(batch, index)?.values()),
            })
        })
        .collect::<Result<Vec<_>, LakeError>>()?;
    let mut order: Vec<u32> = (0..batch.num_rows() as u32).collect();
    order.sort_unstable_by(|&left, &right| {
        let (left, right) = (left as usize, right as usize);
        keys.iter()
            .map(|key| match key {
                SortKey::Integer(values) => values[left].cmp(&values[right]),
                SortKey::Text(values) => values.value(left).cmp(values.value(right)),
            })
            .find(|ordering| ordering.is_ne())
            .unwrap_or_else(|| left.cmp(&right))
    });
    Ok(take_record_batch(batch, &UInt32Array::from(order))?)
}

macro_rules! typed_column {
    ($(#[$doc:meta])* $name:ident, $array:ty) => {
        $(#[$doc])*
        pub fn $name(batch: &RecordBatch, index: usize) -> Result<&$array, LakeError> {
            batch
                .column(index)
                .as_any()
                .downcast_ref::<$array>()
                .ok_or_else(|| LakeError::Columns(format!("column {} has another type", batch.schema().field(index).name())))
        }
    };
}

typed_column!(
    /// A column of numbers.
    integers,
    Int64Array
);
typed_column!(
    /// A column of texts.
    texts,
    StringArray
);
typed_column!(
    /// A column of truth values.
    booleans,
    BooleanArray
);
typed_column!(
    /// A column of codes.
    codes,
    UInt8Array
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_by_the_order_of_the_table() {
        let table = Table::named("hash").expect("a table");
        let mut rows = TableRows::new(table);
        for (document, value) in [(2, "b"), (1, "b"), (3, "a")] {
            let cells = [Cell::Integer(document), Cell::Null, Cell::Text("sha1"), Cell::Text(value), Cell::Text("")];
            rows.push(&cells);
        }
        let batch = sorted(table, &rows.finish().expect("a batch"), table.orders[0].1).expect("sorts");
        assert_eq!(integers(&batch, 0).expect("numbers").values(), &[3, 1, 2]);
        assert!(batch.column(1).is_null(0));
    }

    #[test]
    fn an_unknown_value_where_one_is_due_is_refused() {
        let mut rows = TableRows::new(Table::named("dependency").expect("a table"));
        rows.push(&[Cell::Integer(1), Cell::Null, Cell::Integer(2)]);
        assert_eq!(rows.finish().expect_err("refused").code(), "lake-columns");
    }
}
