// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Segments: immutable Parquet files of one table in one order, written once and made durable.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use datafusion::arrow::array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use crate::error::LakeError;
use crate::evidence::{make_file, make_folder, sync_folder};
use crate::rows::sorted;
use crate::schema::{ColumnKind, SCHEMA_VERSION, Table};

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
    folder: PathBuf,
}

impl SegmentStore {
    /// Opens the folder, making it if need be.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(folder: PathBuf) -> Result<Self, LakeError> {
        make_folder(&folder)?;
        Ok(Self { folder })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a segment lies.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
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
        let path = self.path(&name);
        let temporary = path.with_extension("tmp");
        let mut rows = 0;
        let write = || -> Result<u64, LakeError> {
            let file = make_file(&temporary).map_err(LakeError::file(&temporary))?;
            let mut writer = ArrowWriter::try_new(&file, table.schema(), Some(properties(table, by)))?;
            for batch in batches {
                let batch = batch?;
                rows += batch.num_rows() as u64;
                writer.write(&batch)?;
            }
            writer.close()?;
            file.sync_all().map_err(LakeError::file(&temporary))?;
            fs::rename(&temporary, &path).map_err(LakeError::file(&path))?;
            Ok(file.metadata().map_err(LakeError::file(&path))?.len())
        };
        let bytes = write().map_err(|error| {
            // The first error is the one to report; a left-over temporary file is collected later.
            let _ = fs::remove_file(&temporary);
            error.at(&path)
        })?;
        Ok(Written { table: table.name, order, path: name, rows, bytes })
    }

    /// Makes the names of new segments durable.
    ///
    /// # Errors
    /// When the folder cannot be synced.
    pub fn sync(&self) -> Result<(), LakeError> {
        sync_folder(&self.folder)
    }

    /// Removes a segment for good; one that is gone already is fine.
    ///
    /// # Errors
    /// When it is there and cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), LakeError> {
        let path = self.path(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(LakeError::file(&path)(error)),
            _ => Ok(()),
        }
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
        .set_key_value_metadata(Some(vec![KeyValue::new("underpin.schema".to_owned(), SCHEMA_VERSION.to_string())]));
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

/// The schema version a segment was written with.
///
/// # Errors
/// When the file is no segment.
pub fn schema_version(path: &Path) -> Result<u32, LakeError> {
    use parquet::file::reader::FileReader as _;
    let file = File::open(path).map_err(LakeError::file(path))?;
    let reader = parquet::file::reader::SerializedFileReader::new(file)?;
    reader
        .metadata()
        .file_metadata()
        .key_value_metadata()
        .into_iter()
        .flatten()
        .find(|entry| entry.key == "underpin.schema")
        .and_then(|entry| entry.value.as_ref()?.parse().ok())
        .ok_or_else(|| LakeError::damaged(path, "states no schema version"))
}
