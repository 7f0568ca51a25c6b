// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A session: the lake as one viewer sees it, at one snapshot.
//!
//! It is opened with the live segments and the set of documents the viewer may see; there is no other way to read the lake.
//! Point questions are answered here from pages; free SQL runs over the same tables in [`crate::sql`].

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use datafusion::arrow::array::{Array, BooleanArray, RecordBatch};
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::compute::filter_record_batch;

use crate::dictionary::Dictionary;
use crate::error::LakeError;
use crate::evidence::EvidenceStore;
use crate::remembered::Asked;
use crate::rows::{integers, texts};
use crate::scan::{FileCache, SegmentFile, Wanted};
use crate::schema::{DOCUMENT, Table};
use crate::segment::SegmentStore;
use crate::store::{Bucket, BucketLocation, Cache, Files, StoreLimits, StoreLocation, at_once};
use crate::visible::Visible;

/// The folders of a lake.
const FOLDERS: [&str; 2] = ["evidence", "segments"];

/// A live segment, as the catalogue names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SegmentRef {
    /// Table.
    pub table: String,
    /// Order.
    pub order: String,
    /// File name.
    pub path: String,
    /// Rows.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
}

/// The lake: evidence and segments in one folder or bucket, with what was opened before.
#[derive(Debug)]
pub struct Lake {
    /// Original bytes.
    pub evidence: EvidenceStore,
    /// Columnar facts.
    pub segments: SegmentStore,
    pub(crate) files: FileCache,
    dictionaries: Mutex<HashMap<Vec<String>, Arc<Dictionary>>>,
}

impl Lake {
    /// Opens the lake below `folder`, making it if need be.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: PathBuf) -> Result<Arc<Self>, LakeError> {
        let [evidence, segments] = FOLDERS;
        Ok(Arc::new(Self {
            evidence: EvidenceStore::open(folder.join(evidence))?,
            segments: SegmentStore::open(folder.join(segments))?,
            files: FileCache::of(u64::MAX),
            dictionaries: Mutex::default(),
        }))
    }

    /// Opens the lake where the settings say. Of a bucket, files are kept below `kept` for reading.
    ///
    /// # Errors
    /// When a folder cannot be made, or what gives access to the bucket cannot be used. The bucket itself is not asked yet.
    pub fn open_at(location: &StoreLocation, kept: PathBuf, limits: StoreLimits) -> Result<Arc<Self>, LakeError> {
        let location = match location {
            StoreLocation::Folder(folder) => return Self::open(folder.clone()),
            StoreLocation::Bucket(location) => location,
        };
        let bucket = Arc::new(Bucket::open(location, limits.patience)?);
        let cache = Arc::new(Cache::open(kept, limits.cache_bytes)?);
        let files = |name| Files::elsewhere(Arc::clone(&bucket), name, Arc::clone(&cache));
        let [evidence, segments] = FOLDERS;
        Ok(Arc::new(Self {
            evidence: EvidenceStore { files: files(evidence)? },
            segments: SegmentStore { files: files(segments)? },
            files: FileCache::of(limits.cache_bytes),
            dictionaries: Mutex::default(),
        }))
    }

    /// Whether a bucket holds any evidence or segment. A folder is looked at by whoever asks.
    ///
    /// # Errors
    /// When the bucket cannot be listed.
    pub fn holds_anything(location: &BucketLocation, limits: StoreLimits) -> Result<bool, LakeError> {
        let bucket = Bucket::open(location, limits.patience)?;
        FOLDERS.into_iter().try_fold(false, |found, name| Ok(found || !bucket.list(name)?.is_empty()))
    }

    /// Whether evidence and segments lie in a bucket, and are only kept here for reading.
    pub fn is_elsewhere(&self) -> bool {
        self.segments.files.is_elsewhere()
    }

    /// Bytes that are kept here of a bucket; `None` for a folder.
    pub fn kept_bytes(&self) -> Option<u64> {
        self.segments.files.kept_bytes()
    }

    /// Forgets everything of segments that are not among these: what is kept here of a bucket, too. What others removed from
    /// the bucket cannot answer after that.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn keep_only(&self, live: &HashSet<&str>) -> Result<u64, LakeError> {
        // Files first: what is gone is not opened again, and so not remembered again.
        let gone = crate::store::waiting(|| self.segments.files.keep_only(live))?;
        self.files.keep_only(live);
        let mut dictionaries = self.dictionaries.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        dictionaries.retain(|names, _| names.iter().all(|name| live.contains(name.as_str())));
        Ok(gone)
    }

    /// Forgets what was opened of segments that are to be removed for good, so that neither memory nor an open file
    /// keeps their content.
    pub fn forget(&self, segments: &[String]) {
        self.files.remove(segments);
        let mut dictionaries = self.dictionaries.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        dictionaries.retain(|names, _| !names.iter().any(|name| segments.contains(name)));
    }

    /// Forgets open files that are not among these names; readers that hold one keep it.
    pub fn keep_open_only(&self, live: &std::collections::HashSet<&str>) {
        self.files.keep_only(live);
    }

    /// Opens a session on these segments for somebody who may see these documents.
    pub fn session(self: &Arc<Self>, segments: Vec<SegmentRef>, visible: Visible) -> Session {
        Session {
            lake: Arc::clone(self),
            segments: Arc::new(segments),
            visible,
            seen: OnceLock::new(),
            sees_all: OnceLock::new(),
        }
    }
}

/// The lake as one viewer sees it.
#[derive(Debug)]
pub struct Session {
    pub(crate) lake: Arc<Lake>,
    pub(crate) segments: Arc<Vec<SegmentRef>>,
    pub(crate) visible: Visible,
    seen: OnceLock<Arc<Seen>>,
    pub(crate) sees_all: OnceLock<bool>,
}

/// Package versions and packages that occur in visible documents.
#[derive(Debug, Default)]
pub struct Seen {
    /// Numbers of package versions.
    pub versions: HashSet<i64>,
}

impl Session {
    /// The open segments of a table in an order.
    pub(crate) fn files(&self, table: &'static Table, order: &str) -> Result<Vec<Arc<SegmentFile>>, LakeError> {
        let wanted = self.segments.iter().filter(|segment| segment.table == table.name && segment.order == order);
        let open = |segment: &&SegmentRef| self.lake.files.open(&self.lake.segments, segment, table);
        match self.lake.is_elsewhere() {
            false => wanted.map(|segment| open(&segment)).collect(),
            true => at_once(&wanted.collect::<Vec<_>>(), open).into_iter().collect(),
        }
    }

    /// Rows of a table whose `key` is wanted, from the segments in `order`; only rows of visible documents.
    /// The columns come in the order asked for.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn rows(
        &self,
        table: &str,
        order: &str,
        key: &str,
        wanted: Wanted<'_>,
        columns: &[&str],
    ) -> Result<Vec<RecordBatch>, LakeError> {
        let table = Table::named(table).ok_or_else(|| LakeError::Query(format!("no table {table}")))?;
        let all = matches!(wanted, Wanted::All);
        // Looking at a few rows costs less than finding out that none has to be looked at.
        let trusted = all && table.name != DOCUMENT && self.sees_all()?;
        let mut read: Vec<&str> = columns.to_vec();
        for (needed, used) in [(key, !all), (DOCUMENT, !trusted)] {
            if used && table.position(needed).is_some() && !read.contains(&needed) {
                read.push(needed);
            }
        }
        let key_index = read.iter().position(|column| *column == key).filter(|_| !all);
        let document_index = read.iter().position(|column| *column == DOCUMENT).filter(|_| !trusted);
        let matching = |file: &SegmentFile| -> Result<Vec<RecordBatch>, LakeError> {
            let batches = file.read(&read, key, wanted)?.into_iter();
            let kept = batches.map(|batch| match key_index {
                Some(index) => only(batch, |batch| wanted_mask(batch, index, wanted)),
                None => Ok(batch),
            });
            kept.filter(|batch| batch.as_ref().map_or(true, |batch| batch.num_rows() > 0)).collect()
        };
        let files = self.files(table, order)?;
        let asked = files.first().and_then(|file| Asked::new(file, &read, key, wanted));
        let mut found = Vec::new();
        for file in &files {
            let batches = match &asked {
                Some(asked) => self.lake.files.remembered(file, asked, || matching(file))?,
                None => matching(file)?.into(),
            };
            for mut batch in batches.iter().cloned() {
                if let Some(index) = document_index {
                    batch = only(batch, |batch| Ok(self.visible.mask(integers(batch, index)?)))?;
                }
                if batch.num_rows() > 0 {
                    let extra = batch.num_columns() > columns.len();
                    found.push(if extra { batch.project(&(0..columns.len()).collect::<Vec<_>>())? } else { batch });
                }
            }
        }
        Ok(found)
    }

    /// All package versions of the live segments, shared between sessions; callers must show only seen ones.
    pub(crate) fn dictionary(&self) -> Result<Arc<Dictionary>, LakeError> {
        let names: Vec<String> = self
            .segments
            .iter()
            .filter(|segment| segment.table == "package_version" && segment.order == "id")
            .map(|segment| segment.path.clone())
            .collect();
        let lock = || self.lake.dictionaries.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(dictionary) = lock().get(&names) {
            return Ok(Arc::clone(dictionary));
        }
        let dictionary = Arc::new(Dictionary::load(self)?);
        let mut dictionaries = lock();
        // One snapshot back stays open for readers that still use it; older ones go.
        if dictionaries.len() > 2 {
            dictionaries.clear();
        }
        dictionaries.insert(names, Arc::clone(&dictionary));
        Ok(dictionary)
    }

    /// Works out what was asked for in an older session, so that the first question of this one need not wait for it.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub fn warm_after(&self, older: &Self) -> Result<(), LakeError> {
        if older.seen.get().is_some() {
            self.dictionary()?;
            self.seen()?;
        }
        Ok(())
    }

    /// What occurs in visible documents: dictionaries, suggestions and patterns show only that.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub(crate) fn seen(&self) -> Result<Arc<Seen>, LakeError> {
        if let Some(seen) = self.seen.get() {
            return Ok(Arc::clone(seen));
        }
        let mut seen = Seen::default();
        for batch in self.rows("occurrence", "package", DOCUMENT, Wanted::All, &["package_version"])? {
            seen.versions.extend(integers(&batch, 0)?.values());
        }
        Ok(Arc::clone(self.seen.get_or_init(|| Arc::new(seen))))
    }

    /// True when every document that has rows in these segments is visible: then no row has to be looked at twice.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub(crate) fn sees_all(&self) -> Result<bool, LakeError> {
        if let Some(sees_all) = self.sees_all.get() {
            return Ok(*sees_all);
        }
        let Some(table) = Table::named(DOCUMENT) else { return Ok(false) };
        let files = self.files(table, DOCUMENT)?;
        // Without the list of documents nothing is known of them: deny is the default.
        let mut sees_all = !files.is_empty();
        for file in files {
            for batch in file.read(&[DOCUMENT], DOCUMENT, Wanted::All)? {
                sees_all &= integers(&batch, 0)?.values().iter().all(|document| self.visible.contains(*document));
            }
        }
        Ok(*self.sees_all.get_or_init(|| sees_all))
    }

    /// How many documents this session may see.
    pub fn visible_documents(&self) -> usize {
        self.visible.len()
    }
}

/// The rows of a batch that a mask keeps; the batch itself when it keeps all.
fn only(
    batch: RecordBatch,
    mask: impl FnOnce(&RecordBatch) -> Result<BooleanArray, LakeError>,
) -> Result<RecordBatch, LakeError> {
    if batch.num_rows() == 0 {
        return Ok(batch);
    }
    let mask = mask(&batch)?;
    Ok(if mask.false_count() == 0 { batch } else { filter_record_batch(&batch, &mask)? })
}

fn wanted_mask(batch: &RecordBatch, index: usize, wanted: Wanted<'_>) -> Result<BooleanArray, LakeError> {
    let rows = batch.num_rows();
    let bits = match wanted {
        Wanted::All => BooleanBuffer::new_set(rows),
        Wanted::Integers(values) => {
            let column = integers(batch, index)?;
            BooleanBuffer::collect_bool(rows, |row| {
                column.is_valid(row) && values.binary_search(&column.value(row)).is_ok()
            })
        }
        Wanted::Texts(values) => {
            let column = texts(batch, index)?;
            BooleanBuffer::collect_bool(rows, |row| {
                let text = column.value(row);
                column.is_valid(row) && values.binary_search_by(|value| value.as_str().cmp(text)).is_ok()
            })
        }
    };
    Ok(BooleanArray::new(bits, None))
}
