// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Looking after the files of the lake: what lies in its folders, and whether a file is what the catalogue says.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use underpin_model::Timestamp;

use crate::error::LakeError;
use crate::evidence::EvidenceStore;
use crate::scan::{SegmentFile, Wanted};
use crate::schema::{SCHEMA_VERSION, Table};
use crate::segment::SegmentStore;

/// A file in a folder of the lake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// Name.
    pub name: String,
    /// Size, in bytes.
    pub bytes: u64,
    /// When it was last written, as the file system says; the beginning of time when it does not.
    pub written: Timestamp,
}

/// A segment as it is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// Rows, counted.
    pub rows: u64,
    /// Size, in bytes.
    pub bytes: u64,
    /// Schema version it was written with.
    pub schema_version: u32,
}

impl SegmentStore {
    /// Opens a segment and counts its rows: by its own table of contents, or (`deep`) by reading every column of each. One of a
    /// bucket is fetched anew when it is read in full: what is kept here says nothing of the bucket.
    ///
    /// # Errors
    /// When it is missing, damaged, or written by a newer Underpin.
    pub fn inspect(&self, table: &'static Table, name: &str, deep: bool) -> Result<Inspected, LakeError> {
        if deep {
            self.refresh(name)?;
        }
        let (path, opened) = self.open_file(name)?;
        let bytes = opened.metadata().map_err(LakeError::file(&path))?.len();
        let file = SegmentFile::of(opened, &path, table)?;
        let stated = file.schema_version();
        let schema_version = stated.ok_or_else(|| LakeError::damaged(&path, "states no schema version"))?;
        if schema_version > SCHEMA_VERSION {
            return Err(LakeError::damaged(&path, format!("has the newer schema version {schema_version}")));
        }
        let rows = if deep {
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            let batches = file
                .read(&columns, columns.first().copied().unwrap_or_default(), Wanted::All)
                .map_err(|error| LakeError::damaged(&path, error.to_string()))?;
            batches.iter().map(|batch| batch.num_rows() as u64).sum()
        } else {
            file.rows()
        };
        Ok(Inspected { rows, bytes, schema_version })
    }

    /// Every file in the folder or bucket, by name; in a folder left-over temporary ones, too.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn files(&self) -> Result<Vec<StoredFile>, LakeError> {
        self.files.list()
    }
}

impl EvidenceStore {
    /// Every file in the folder or bucket, by name; in a folder left-over temporary ones, too.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn files(&self) -> Result<Vec<StoredFile>, LakeError> {
        self.files.list()
    }
}

/// Every file in a folder here.
pub(crate) fn list(folder: &Path) -> Result<Vec<StoredFile>, LakeError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(LakeError::file(folder))? {
        let entry = entry.map_err(LakeError::file(folder))?;
        // A file that goes while the folder is listed was garbage that somebody collects.
        let Ok(metadata) = entry.metadata() else { continue };
        let written = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let written = written.and_then(|since| i64::try_from(since.as_micros()).ok()).unwrap_or_default();
        if metadata.is_file() {
            let name = entry.file_name().to_string_lossy().into_owned();
            files.push(StoredFile { name, bytes: metadata.len(), written: Timestamp(written) });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}
