// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Segments: immutable Parquet files of one table in one order, written once and made durable, in a folder or a bucket.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use datafusion::arrow::array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use crate::error::LakeError;
use crate::evidence::make_file;
use crate::rows::sorted;
use crate::schema::{ColumnKind, SCHEMA_VERSION, Table};
use crate::store::Files;

/// Under what name a segment states the schema that it was written with.
pub(crate) const SCHEMA_KEY: &str = "underpin.schema";
/// Rows of one page: the unit that a point question has to read.
const PAGE_ROWS: usize = 4_096;
/// Largest dictionary of a column, in bytes.
const DICTIONARY_BYTES: usize = 64 << 10;
/// Text columns whose values hardly repeat.
const DISTINCT_TEXTS: [&str; 4] = ["purl", "name", "search_name", "value"];
/// Rows of one row group.
const ROW_GROUP_ROWS: usize = 1 << 20;

/// A segment as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Table.
    pub table: &'static str,
    /// Order.
    pub order: &'static str,
    /// File name inside the segment folder.
    pub path: String,
    /// Rows.
    pub rows: u64,
    /// Bytes on disk.
    pub bytes: u64,
}

/// A folder of segments.
#[derive(Clone, Debug)]
pub struct SegmentStore {
    pub(crate) files: Files,
}

impl SegmentStore {
    /// Opens the folder, making it if need be.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(folder: PathBuf) -> Result<Self, LakeError> {
        Ok(Self { files: Files::here(folder)? })
    }

    /// Where segments are read: the folder, or where those of a bucket are kept here.
    pub fn folder(&self) -> &Path {
        self.files.folder()
    }

    /// Where a segment lies, or is kept here once it was read.
    pub fn path(&self, name: &str) -> PathBuf {
        self.files.folder().join(name)
    }

    /// Sorts `batch` into every order of the table and writes one durable file for each. `tag` makes the names unique.
    ///
    /// # Errors
    /// When the disk is full or not writable.
    pub fn write(&self, table: &'static Table, batch: &RecordBatch, tag: &str) -> Result<Vec<Written>, LakeError> {
        use rayon::prelude::*;
        table
            .orders
            .par_iter()
            .map(|(order, by)| {
                let rows = sorted(table, batch, by)?;
                self.write_sorted(table, order, by, &rows, tag)
            })
            .collect()
    }

    /// Writes rows that are sorted already as one durable file.
    ///
    /// # Errors
    /// When the disk is full or not writable.
    pub fn write_sorted(
        &self,
        table: &'static Table,
        order: &'static str,
        by: &[&str],
        rows: &RecordBatch,
        tag: &str,
    ) -> Result<Written, LakeError> {
        self.write_batches(table, order, by, std::iter::once(Ok(rows.clone())), tag)
    }

    /// The same from batches that follow each other in order.
    ///
    /// # Errors
    /// When a batch fails, or the disk is full or not writable.
    pub fn write_batches(
        &self,
        table: &'static Table,
        order: &'static str,
        by: &[&str],
        batches: impl Iterator<Item = Result<RecordBatch, LakeError>>,
        tag: &str,
    ) -> Result<Written, LakeError> {
        let name = format!("{}-{order}-{tag}.parquet", table.name);
        let temporary = self.files.unfinished(&name);
        let mut rows = 0;
        let write = || -> Result<_, LakeError> {
            let file = make_file(&temporary).map_err(LakeError::file(&temporary))?;
            let mut writer = ArrowWriter::try_new(&file, table.schema(), Some(properties(table, by)))?;
            for batch in batches {
                let batch = batch?;
                rows += batch.num_rows() as u64;
                writer.write(&batch)?;
            }
            writer.close()?;
            file.sync_all().map_err(LakeError::file(&temporary))?;
            self.files.publish(&temporary, &name)
        };
        let published = write().map_err(|error| {
            // The first error is the one to report; a left-over temporary file is collected later.
            let _ = fs::remove_file(&temporary);
            error.at(&self.path(&name))
        })?;
        Ok(Written { table: table.name, order, path: published.name, rows, bytes: published.bytes })
    }

    /// Makes the names of new segments durable.
    ///
    /// # Errors
    /// When the folder cannot be synced.
    pub fn sync(&self) -> Result<(), LakeError> {
        self.files.sync()
    }

    /// Removes a segment for good; one that is gone already is fine.
    ///
    /// # Errors
    /// When it is there and cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), LakeError> {
        self.files.remove(name)
    }

    /// Whether there is such a segment.
    ///
    /// # Errors
    /// When the bucket does not say.
    pub fn is_there(&self, name: &str) -> Result<bool, LakeError> {
        self.files.is_there(name)
    }

    /// Where a whole segment can be read, fetched first if need be. It may go from a cache at any time.
    ///
    /// # Errors
    /// When it is not in the bucket, or its bytes are not those that its name states.
    pub fn local(&self, name: &str) -> Result<PathBuf, LakeError> {
        self.files.local(name)
    }

    /// Fetches a segment of a bucket anew, whatever is kept of it here.
    ///
    /// # Errors
    /// As [`Self::local`].
    pub fn refresh(&self, name: &str) -> Result<(), LakeError> {
        self.files.refresh(name)
    }

    /// Opens a segment for reading it as it is.
    ///
    /// # Errors
    /// When it is not there.
    pub fn open_file(&self, name: &str) -> Result<(PathBuf, File), LakeError> {
        self.files.open(name)
    }

    /// Takes a whole, synced file under a name that a catalogue has for it already.
    ///
    /// # Errors
    /// When the folder or bucket cannot take it.
    pub fn adopt(&self, file: &Path, name: &str) -> Result<(), LakeError> {
        self.files.publish_as(file, name).map(|_| ())
    }
}

fn properties(table: &Table, by: &[&str]) -> WriterProperties {
    let sorting = by
        .iter()
        .filter_map(|name| table.position(name))
        .map(|index| SortingColumn { column_idx: index as i32, descending: false, nulls_first: false })
        .collect();
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(PAGE_ROWS)
        .set_dictionary_page_size_limit(DICTIONARY_BYTES)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_sorting_columns(Some(sorting))
        .set_key_value_metadata(Some(vec![KeyValue::new(SCHEMA_KEY.to_owned(), SCHEMA_VERSION.to_string())]));
    for column in table.columns {
        let path = ColumnPath::from(column.name);
        if by.contains(&column.name) {
            builder = builder.set_column_statistics_enabled(path.clone(), EnabledStatistics::Page);
        }
        // A dictionary has to be unpacked whole for one page: it pays only for columns with few different values.
        let encoding = match column.kind {
            ColumnKind::Integer | ColumnKind::Time => Some(Encoding::DELTA_BINARY_PACKED),
            ColumnKind::Text if DISTINCT_TEXTS.contains(&column.name) => Some(Encoding::DELTA_BYTE_ARRAY),
            _ => None,
        };
        if let Some(encoding) = encoding {
            builder = builder.set_column_dictionary_enabled(path.clone(), false).set_column_encoding(path, encoding);
        }
    }
    builder.build()
}
