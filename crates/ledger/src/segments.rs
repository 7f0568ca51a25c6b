// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Segments: which files of the lake count. A swap replaces some by others in one step, or not at all.

use serde_json::json;
use underpin_model::Timestamp;

use crate::change::Change;
use crate::database::Session;
use crate::editions::FEED_RECORDS;
use crate::ledger::{Reader, Writer, next_number};
use crate::value::{Row, Value, values};
use crate::{LedgerError, bulk, leases, registry};

/// A segment to add.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewSegment {
    /// Table of the lake it belongs to.
    pub table: String,
    /// Where it lies in the store; never used twice.
    pub path: String,
    /// Number of rows.
    pub rows: u64,
    /// Size of the file.
    pub bytes: u64,
    /// Version of the table's schema it was written with.
    pub schema_version: u32,
    /// How its rows are sorted: `package`, `document` or empty.
    pub order: String,
}

/// A segment in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRecord {
    /// Its number.
    pub id: i64,
    /// Table of the lake it belongs to.
    pub table: String,
    /// Where it lies in the store.
    pub path: String,
    /// Number of rows.
    pub rows: u64,
    /// Size of the file.
    pub bytes: u64,
    /// Version of the table's schema it was written with.
    pub schema_version: u32,
    /// How its rows are sorted: `package`, `document` or empty.
    pub order: String,
    /// First revision in which it counts.
    pub live_from: i64,
    /// First revision in which it no longer counts.
    pub live_until: Option<i64>,
    /// When it was added.
    pub created: Timestamp,
}

/// The table of package versions, in which a number has one name.
const DICTIONARY: &str = "package_version";
const COLUMNS: &str =
    "id, name, path, row_count, bytes, schema_version, sort_order, live_from, live_until, created FROM segment";

impl SegmentRecord {
    /// True for records of feeds, which are facts of no document.
    pub fn is_of_feeds(&self) -> bool {
        self.table == FEED_RECORDS
    }

    fn from_row(row: &Row) -> Result<Self, LedgerError> {
        Ok(Self {
            id: row.integer(0)?,
            table: row.text(1)?,
            path: row.text(2)?,
            rows: row.count(3)?,
            bytes: row.count(4)?,
            schema_version: u32::try_from(row.integer(5)?).unwrap_or(u32::MAX),
            order: row.text(6)?,
            live_from: row.integer(7)?,
            live_until: row.optional_integer(8)?,
            created: row.timestamp(9)?,
        })
    }
}

impl Reader {
    /// The live segments with the records of feeds, without taking a whole picture. What they hold is for no viewer's eyes
    /// unsorted: only what makes the index reads them.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn feed_segments(&self) -> Result<Vec<SegmentRecord>, LedgerError> {
        crate::operator_only(&self.viewer, "read the records of feeds")?;
        let mut session = self.pool.read().await?;
        let sql = format!("SELECT {COLUMNS} WHERE name = $1 AND live_until IS NULL ORDER BY id");
        session.rows(&sql, values![crate::editions::FEED_RECORDS]).await?.iter().map(SegmentRecord::from_row).collect()
    }

    /// The live segments of the dictionary of package versions, without taking a whole picture.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn dictionary_segments(&self) -> Result<Vec<SegmentRecord>, LedgerError> {
        crate::operator_only(&self.viewer, "read the dictionary")?;
        let mut session = self.pool.read().await?;
        let sql = format!("SELECT {COLUMNS} WHERE name = $1 AND live_until IS NULL ORDER BY id");
        session.rows(&sql, values![DICTIONARY]).await?.iter().map(SegmentRecord::from_row).collect()
    }

    /// Segments that no longer count since before `before` and that no reader's lease still needs: their files can go.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn dead_segments(&self, before: Timestamp) -> Result<Vec<SegmentRecord>, LedgerError> {
        self.operator_only("collect garbage")?;
        let mut session = self.pool.read().await?;
        let unused = leases::no_lease_needs("segment", "$1");
        let sql = format!("SELECT {COLUMNS} WHERE ended < $1 AND {unused} ORDER BY id");
        let rows = session.rows(&sql, values![before]).await?;
        rows.iter().map(SegmentRecord::from_row).collect()
    }
}

impl Writer {
    /// Replaces live segments by others in one step. Returns the ledger's revision.
    ///
    /// # Errors
    /// [`LedgerError::SegmentGone`] when one of `remove` no longer counts, [`LedgerError::NotAllowed`] for everybody but
    /// the operator, and what the database says.
    pub async fn swap_segments(&self, at: Timestamp, remove: &[i64], add: Vec<NewSegment>) -> Result<i64, LedgerError> {
        self.operator_only("replace segments")?;
        let mut change = self.change(at, "replace segments").await?;
        swap(&mut change, remove, add).await?;
        change.commit().await
    }

    /// Forgets a segment whose file is gone.
    ///
    /// # Errors
    /// [`LedgerError::SegmentLive`] when it still counts, [`LedgerError::SegmentGone`] when there is none,
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn forget_segment(&self, at: Timestamp, id: i64) -> Result<i64, LedgerError> {
        self.operator_only("collect garbage")?;
        let mut change = self.change(at, "collect garbage").await?;
        let row = change.session.row("SELECT live_until FROM segment WHERE id = $1", values![id]).await?;
        let row = row.ok_or(LedgerError::SegmentGone(id))?;
        if row.optional_integer(0)?.is_none() {
            return Err(LedgerError::SegmentLive(id));
        }
        let unused = leases::no_lease_needs("segment", "$2");
        let sql = format!("DELETE FROM segment WHERE id = $1 AND {unused}");
        if change.session.execute(&sql, values![id, at]).await? == 0 {
            return Err(LedgerError::SegmentLive(id));
        }
        change.note("forget-segment", format!("segment {id}"), None, None);
        change.commit().await
    }
}

/// Segments that count at a revision, by number.
pub(crate) async fn live(session: &mut Session, revision: i64) -> Result<Vec<SegmentRecord>, LedgerError> {
    let sql = format!("SELECT {COLUMNS} WHERE live_from <= $1 AND (live_until IS NULL OR live_until > $1) ORDER BY id");
    session.rows(&sql, values![revision]).await?.iter().map(SegmentRecord::from_row).collect()
}

/// Adds segments; their numbers.
pub(crate) async fn add(change: &mut Change, segments: Vec<NewSegment>) -> Result<Vec<i64>, LedgerError> {
    if segments.is_empty() {
        return Ok(Vec::new());
    }
    let first = next_number(&mut change.session, "segment", segments.len() as u64).await?;
    let mut rows = Vec::with_capacity(segments.len() * 9);
    let mut ids = Vec::with_capacity(segments.len());
    for (id, segment) in (first..).zip(segments) {
        registry::indexed("the path of a segment", &segment.path)?;
        ids.push(id);
        rows.extend(values![
            id,
            segment.table,
            segment.path,
            segment.rows,
            segment.bytes,
            segment.schema_version,
            segment.order,
            change.revision,
            change.at,
        ]);
    }
    let head = "INSERT INTO segment (id, name, path, row_count, bytes, schema_version, sort_order, live_from, created)";
    bulk::insert(&mut change.session, head, 9, "", rows).await?;
    Ok(ids)
}

/// Refuses when the dictionary has segments with larger numbers than the one named.
pub(crate) async fn check_dictionary(session: &mut Session, newest: i64) -> Result<(), LedgerError> {
    let sql = "SELECT 1 FROM segment WHERE name = $1 AND live_until IS NULL AND id > $2 LIMIT 1";
    match session.row(sql, values![DICTIONARY, newest]).await? {
        Some(_) => Err(LedgerError::DictionaryMoved),
        None => Ok(()),
    }
}

/// Those that do not hold records of feeds.
pub(crate) async fn of_documents(session: &mut Session, ids: &[i64]) -> Result<Vec<i64>, LedgerError> {
    let keys: Vec<Value> = ids.iter().map(|id| Value::from(*id)).collect();
    let mut of_feeds = std::collections::HashSet::new();
    bulk::select_in(
        session,
        "SELECT id FROM segment WHERE name = $1 AND id IN",
        "",
        values![FEED_RECORDS],
        &keys,
        |row| {
            of_feeds.insert(row.integer(0)?);
            Ok(())
        },
    )
    .await?;
    Ok(ids.iter().copied().filter(|id| !of_feeds.contains(id)).collect())
}

/// Ends some segments and adds others, and notes it.
pub(crate) async fn swap(change: &mut Change, remove: &[i64], new: Vec<NewSegment>) -> Result<(), LedgerError> {
    if remove.is_empty() && new.is_empty() {
        return Ok(());
    }
    let mut keys: Vec<i64> = remove.to_vec();
    keys.sort_unstable();
    keys.dedup();
    let mut live = std::collections::HashSet::new();
    let values: Vec<Value> = keys.iter().map(|id| Value::from(*id)).collect();
    let head = "SELECT id FROM segment WHERE live_until IS NULL AND id IN";
    bulk::select_in(&mut change.session, head, "", vec![], &values, |row| {
        live.insert(row.integer(0)?);
        Ok(())
    })
    .await?;
    if let Some(gone) = keys.iter().find(|id| !live.contains(id)) {
        return Err(LedgerError::SegmentGone(*gone));
    }
    let head = "UPDATE segment SET live_until = $1, ended = $2 WHERE id IN";
    bulk::change_in(&mut change.session, head, "", values![change.revision, change.at], &values).await?;
    let added = add(change, new).await?;
    change.note("swap-segments", "segments", Some(json!(keys)), Some(json!(added)));
    Ok(())
}
