// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reading segments: only the pages that can hold an answer.
//!
//! A point question ("these 40 package versions", "this document") asks the page index of the sort column which pages
//! to read, reads those, and filters exactly. Nothing here knows who may see what: [`crate::session`] decides that and is the only caller.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use datafusion::arrow::array::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use parquet::file::metadata::PageIndexPolicy;
use parquet::file::page_index::column_index::ColumnIndexMetaData;

use crate::error::LakeError;
use crate::positioned::PositionedFile;
use crate::remembered::{Asked, Remembered};
use crate::schema::Table;
use crate::segment::{SCHEMA_KEY, SegmentStore};
use crate::session::SegmentRef;

const BATCH_ROWS: usize = 8_192;

/// The values wanted in the sort column, sorted.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// Every row.
    All,
    /// Rows whose number is among these; they must be sorted.
    Integers(&'a [i64]),
    /// Rows whose text is among these; they must be sorted.
    Texts(&'a [String]),
}

/// An open segment with its metadata.
#[derive(Debug)]
pub struct SegmentFile {
    /// Table.
    pub table: &'static Table,
    /// Name of the file.
    pub name: Arc<str>,
    file: PositionedFile,
    metadata: ArrowReaderMetadata,
}

impl SegmentFile {
    /// A segment from its open file: reads its metadata with the page index.
    ///
    /// # Errors
    /// When it is no Parquet.
    pub fn of(file: File, path: &Path, table: &'static Table) -> Result<Self, LakeError> {
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
        let metadata =
            ArrowReaderMetadata::load(&file, options).map_err(|error| LakeError::damaged(path, error.to_string()))?;
        let name = path.file_name().map(std::ffi::OsStr::to_string_lossy).unwrap_or_default().into();
        Ok(Self { table, name, file: PositionedFile::new(file), metadata })
    }

    /// Rows of the whole segment.
    pub fn rows(&self) -> u64 {
        self.metadata.metadata().file_metadata().num_rows().try_into().unwrap_or(0)
    }

    /// The schema version it was written with.
    pub fn schema_version(&self) -> Option<u32> {
        let stated = self.metadata.metadata().file_metadata().key_value_metadata()?;
        stated.iter().find(|entry| entry.key == SCHEMA_KEY).and_then(|entry| entry.value.as_ref()?.parse().ok())
    }

    /// Reads the named columns of all pages that can hold a wanted value in `key`. The result still has to be filtered.
    ///
    /// # Errors
    /// When the segment is damaged.
    pub fn read(&self, columns: &[&str], key: &str, wanted: Wanted<'_>) -> Result<Vec<RecordBatch>, LakeError> {
        let metadata = self.metadata.metadata();
        let key = self.column(key)?;
        let mut groups = Vec::new();
        let mut selectors = Vec::new();
        for group in 0..metadata.num_row_groups() {
            let rows = metadata.row_group(group).num_rows() as usize;
            let chosen = self.pages(group, key, rows, wanted);
            if chosen.iter().any(|selector| !selector.skip) {
                groups.push(group);
                selectors.extend(chosen);
            }
        }
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        let reader = self.reader(columns)?.with_row_groups(groups).with_row_selection(RowSelection::from(selectors));
        let batches = reader.build()?.collect::<Result<Vec<_>, _>>()?;
        batches.into_iter().map(|batch| in_order(&batch, columns)).collect()
    }

    /// All rows, batch by batch, in the order they lie in.
    ///
    /// # Errors
    /// When the segment is damaged.
    pub fn batches<'c>(
        &self,
        columns: &'c [&'c str],
    ) -> Result<impl Iterator<Item = Result<RecordBatch, LakeError>> + use<'c>, LakeError> {
        Ok(self.reader(columns)?.build()?.map(|batch| in_order(&batch?, columns)))
    }

    fn reader(&self, columns: &[&str]) -> Result<ParquetRecordBatchReaderBuilder<PositionedFile>, LakeError> {
        let leaves = columns.iter().map(|column| self.column(column)).collect::<Result<Vec<_>, _>>()?;
        let mask = ProjectionMask::leaves(self.metadata.parquet_schema(), leaves);
        Ok(ParquetRecordBatchReaderBuilder::new_with_metadata(self.file.clone(), self.metadata.clone())
            .with_projection(mask)
            .with_batch_size(BATCH_ROWS))
    }

    /// Which rows of a row group to read, page by page.
    fn pages(&self, group: usize, key: usize, rows: usize, wanted: Wanted<'_>) -> Vec<RowSelector> {
        let metadata = self.metadata.metadata();
        let index = metadata.column_index().and_then(|index| index.get(group)?.get(key));
        let pages = metadata.offset_index().and_then(|index| index.get(group)?.get(key));
        let (Some(index), Some(pages)) = (index, pages) else {
            return vec![RowSelector::select(rows)];
        };
        let starts: Vec<usize> = pages.page_locations().iter().map(|page| page.first_row_index as usize).collect();
        starts
            .iter()
            .enumerate()
            .map(|(page, &start)| {
                let length = starts.get(page + 1).copied().unwrap_or(rows).saturating_sub(start);
                if may_hold(index, page, wanted) { RowSelector::select(length) } else { RowSelector::skip(length) }
            })
            .collect()
    }

    fn column(&self, name: &str) -> Result<usize, LakeError> {
        self.table
            .position(name)
            .ok_or_else(|| LakeError::Columns(format!("table {} has no column {name}", self.table.name)))
    }
}

/// Whether a page can hold a wanted value, by its smallest and largest one. Without those it can.
fn may_hold(index: &ColumnIndexMetaData, page: usize, wanted: Wanted<'_>) -> bool {
    match (wanted, index) {
        (Wanted::Integers(values), ColumnIndexMetaData::INT64(index)) => {
            let (Some(&low), Some(&high)) = (index.min_value(page), index.max_value(page)) else { return true };
            let first = values.partition_point(|&value| value < low);
            values.get(first).is_some_and(|&value| value <= high)
        }
        (Wanted::Texts(values), ColumnIndexMetaData::BYTE_ARRAY(index)) => {
            let (Some(low), Some(high)) = (index.min_value(page), index.max_value(page)) else { return true };
            let first = values.partition_point(|value| value.as_bytes() < low);
            values.get(first).is_some_and(|value| value.as_bytes() <= high)
        }
        _ => true,
    }
}

/// Parquet gives columns in file order; questions want them in the order asked for.
fn in_order(batch: &RecordBatch, columns: &[&str]) -> Result<RecordBatch, LakeError> {
    let schema = batch.schema();
    let indices = columns.iter().map(|column| schema.index_of(column)).collect::<Result<Vec<_>, _>>()?;
    Ok(batch.project(&indices)?)
}

/// Open segments, kept between questions. Segments never change, so a name always means the same content.
#[derive(Debug)]
pub struct FileCache {
    files: Mutex<Open>,
    remembered: Remembered,
    /// Most bytes of open files: those of a bucket take up disk as long as they are open, also when they are kept no longer.
    most_bytes: u64,
}

#[derive(Debug, Default)]
struct Open {
    files: HashMap<String, OpenFile>,
    bytes: u64,
    /// Grows with each use.
    clock: u64,
}

#[derive(Debug)]
struct OpenFile {
    file: Arc<SegmentFile>,
    bytes: u64,
    used: u64,
}

impl Open {
    fn used(&mut self, name: &str) -> Option<Arc<SegmentFile>> {
        self.clock += 1;
        let open = self.files.get_mut(name)?;
        open.used = self.clock;
        Some(Arc::clone(&open.file))
    }

    /// Keeps a file open, and closes what was used least lately beyond `most_bytes`; readers that hold such a file keep it.
    fn keep(&mut self, name: &str, file: Arc<SegmentFile>, bytes: u64, most_bytes: u64) -> Arc<SegmentFile> {
        if let Some(open) = self.used(name) {
            return open;
        }
        while self.bytes.saturating_add(bytes) > most_bytes {
            let oldest = self.files.iter().min_by_key(|(_, open)| open.used).map(|(name, _)| name.clone());
            let Some(oldest) = oldest else { break };
            self.close(&oldest);
        }
        self.bytes += bytes;
        let open = OpenFile { file: Arc::clone(&file), bytes, used: self.clock };
        self.files.insert(name.to_owned(), open);
        file
    }

    fn close(&mut self, name: &str) {
        if let Some(closed) = self.files.remove(name) {
            self.bytes -= closed.bytes;
        }
    }

    fn keep_only(&mut self, live: &HashSet<&str>) {
        self.files.retain(|name, _| live.contains(name.as_str()));
        self.bytes = self.files.values().map(|open| open.bytes).sum();
    }
}

impl FileCache {
    /// For files of so many bytes in all.
    pub fn of(most_bytes: u64) -> Self {
        Self { files: Mutex::default(), remembered: Remembered::default(), most_bytes }
    }

    /// An open segment.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(
        &self,
        store: &SegmentStore,
        segment: &SegmentRef,
        table: &'static Table,
    ) -> Result<Arc<SegmentFile>, LakeError> {
        let name = segment.path.as_str();
        if let Some(file) = self.lock().used(name) {
            return Ok(file);
        }
        // Opened without the lock: whoever needs another file need not wait for this one.
        let open = || {
            let (path, file) = store.open_file(name)?;
            let bytes = file.metadata().map_err(LakeError::file(&path))?.len();
            if store.files.is_elsewhere() && bytes != segment.bytes {
                let problem = format!("has {bytes} bytes; the catalogue says {}", segment.bytes);
                return Err(LakeError::damaged(store.files.place(name), problem));
            }
            SegmentFile::of(file, &path, table)
        };
        let opened = match open() {
            // What is kept here of a bucket may have suffered; the bucket's own bytes count.
            Err(LakeError::Damaged { .. }) if store.files.is_elsewhere() => store.refresh(name).and_then(|()| open()),
            other => other,
        };
        let file = Arc::new(opened?);
        Ok(self.lock().keep(name, file, segment.bytes, self.most_bytes))
    }

    /// What a question found in a segment, read with `read` unless that is still known.
    ///
    /// # Errors
    /// What reading says.
    pub fn remembered(
        &self,
        file: &Arc<SegmentFile>,
        asked: &Arc<Asked>,
        read: impl FnOnce() -> Result<Vec<RecordBatch>, LakeError>,
    ) -> Result<Arc<[RecordBatch]>, LakeError> {
        if let Some(rows) = self.remembered.get(file, asked) {
            return Ok(rows);
        }
        let rows: Arc<[RecordBatch]> = read()?.into();
        self.remembered.insert(file, asked, Arc::clone(&rows));
        // Whoever purges takes the file away first and then what is remembered of it: nothing is put back after that.
        if !self.lock().files.get(&*file.name).is_some_and(|known| Arc::ptr_eq(&known.file, file)) {
            self.remembered.forget(|name| *name == *file.name);
        }
        Ok(rows)
    }

    /// Forgets these segments.
    pub fn remove(&self, segments: &[String]) {
        {
            let mut files = self.lock();
            segments.iter().for_each(|name| files.close(name));
        }
        self.remembered.forget(|name| segments.iter().any(|gone| gone == name));
    }

    /// Forgets segments that are no longer live.
    pub fn keep_only(&self, live: &HashSet<&str>) {
        self.lock().keep_only(live);
        self.remembered.forget(|name| !live.contains(name));
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
