// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Fingerprints: one hash for everything that a session shows of a table or view.
//!
//! Two sessions with equal fingerprints give equal answers, however their rows are spread over segments. Rows are hashed
//! one by one (SHA-256 over Arrow's row format) and the hashes are added up, so no order is needed and memory stays
//! small. A sum guards against faults, not against somebody who forges rows on purpose.

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::row::{RowConverter, SortField};
use futures::StreamExt as _;
use sha2::{Digest, Sha256};
use underpin_model::EvidenceId;

use crate::error::LakeError;
use crate::schema::TABLES;
use crate::session::Session;
use crate::sql::{Beside, SmallTable, SqlLimits, stored_name};
use crate::views::VIEWS;

/// The fingerprint of one table or view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableFingerprint {
    /// Name.
    pub table: String,
    /// Rows.
    pub rows: u64,
    /// SHA-256 in hexadecimal over the columns' names, the number of rows and the sum of the rows' hashes.
    pub hash: String,
}

/// Sum of the hashes of rows: four lanes, each without carry.
#[derive(Default)]
struct Sum {
    lanes: [u64; 4],
    rows: u64,
}

impl Session {
    /// Fingerprints of all stored tables, all small tables and all views of the inventory, in that order. What is
    /// watched comes from feeds, which no rebuild touches, and is left out.
    ///
    /// # Errors
    /// When a segment is missing or damaged. Neither time nor memory is limited: this is for maintenance only.
    pub async fn fingerprints(&self, small: &[SmallTable]) -> Result<Vec<TableFingerprint>, LakeError> {
        let limits = SqlLimits {
            memory_bytes: usize::MAX >> 1,
            timeout_ms: u64::MAX,
            text_bytes: usize::MAX,
            operators: usize::MAX,
        };
        let context = self.context(Beside { small, ..Beside::default() }, limits).await?.context;
        let stored =
            TABLES.iter().map(|table| if table.has_document() { stored_name(table) } else { table.name.into() });
        let small = small.iter().map(|table| table.name.to_owned());
        let views = VIEWS.iter().map(|view| view.name.to_owned());
        let mut found = Vec::new();
        for table in stored.chain(small).chain(views) {
            let mut stream = context.table(table.as_str()).await?.execute_stream().await?;
            let schema = stream.schema();
            let fields = schema.fields().iter().map(|field| SortField::new(field.data_type().clone())).collect();
            let converter = RowConverter::new(fields)?;
            let mut sum = Sum::default();
            while let Some(batch) = stream.next().await {
                sum.add(&converter, &batch?)?;
            }
            let columns: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            found.push(TableFingerprint { rows: sum.rows, hash: sum.finish(&columns), table });
        }
        Ok(found)
    }
}

impl Sum {
    fn add(&mut self, converter: &RowConverter, batch: &RecordBatch) -> Result<(), LakeError> {
        let columns: Vec<_> = batch.columns().iter().map(Arc::clone).collect();
        for row in &converter.convert_columns(&columns)? {
            let digest: [u8; 32] = Sha256::digest(row.data()).into();
            for (lane, bytes) in self.lanes.iter_mut().zip(digest.as_chunks::<8>().0) {
                *lane = lane.wrapping_add(u64::from_le_bytes(*bytes));
            }
            self.rows += 1;
        }
        Ok(())
    }

    fn finish(&self, columns: &[&str]) -> String {
        let mut hasher = Sha256::new();
        for column in columns {
            hasher.update((column.len() as u64).to_le_bytes());
            hasher.update(column);
        }
        hasher.update(self.rows.to_le_bytes());
        for lane in self.lanes {
            hasher.update(lane.to_le_bytes());
        }
        EvidenceId(hasher.finalize().into()).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{Cell, TableRows};
    use crate::schema::Table;
    use crate::session::{Lake, SegmentRef};

    const EDGES: [[i64; 3]; 5] = [[1, 10, 11], [1, 11, 12], [2, 10, 12], [3, 9, 9], [3, 9, 9]];

    /// Fingerprint of the dependency table over these edges, spread over segments.
    async fn of(parts: &[&[[i64; 3]]], visible: &[i64]) -> TableFingerprint {
        let folder = tempfile::tempdir().expect("a folder");
        let lake = Lake::open(folder.path().to_owned()).expect("a lake");
        let table = Table::named("dependency").expect("a table");
        let mut segments = Vec::new();
        for (number, part) in parts.iter().enumerate() {
            let mut rows = TableRows::new(table);
            for edge in *part {
                rows.push(&edge.map(Cell::Integer));
            }
            let batch = rows.finish().expect("a batch");
            for written in lake.segments.write(table, &batch, &format!("t{number}")).expect("written") {
                segments.push(SegmentRef {
                    table: written.table.to_owned(),
                    order: written.order.to_owned(),
                    path: written.path,
                    rows: written.rows,
                    bytes: written.bytes,
                });
            }
        }
        let session = lake.session(segments, Arc::new(visible.iter().copied().collect()));
        session.sees_all.get_or_init(|| false);
        let binding = SmallTable {
            name: "binding",
            grain: "",
            columns: &[
                ("document", crate::ColumnKind::Integer, ""),
                ("system", crate::ColumnKind::Text, ""),
                ("deployment", crate::ColumnKind::Text, ""),
                ("current", crate::ColumnKind::Boolean, ""),
            ],
            rows: Vec::new(),
        };
        let system = SmallTable {
            name: "system",
            grain: "",
            columns: &[
                ("system", crate::ColumnKind::Text, ""),
                ("agency", crate::ColumnKind::Text, ""),
                ("status", crate::ColumnKind::Text, ""),
            ],
            rows: Vec::new(),
        };
        let found = session.fingerprints(&[binding, system]).await.expect("fingerprints");
        found.into_iter().find(|one| one.table == "dependency").expect("the table")
    }

    #[tokio::test]
    async fn the_layout_does_not_matter_but_every_row_does() {
        let whole = of(&[&EDGES], &[1, 2, 3]).await;
        assert_eq!(whole.rows, 5);
        assert_eq!(of(&[&EDGES[3..], &EDGES[..1], &EDGES[1..3]], &[1, 2, 3]).await, whole);
        let without_a_repetition = of(&[&EDGES[..4]], &[1, 2, 3]).await;
        assert_ne!(without_a_repetition.hash, whole.hash);
        let mut other = EDGES;
        other[0][2] += 1;
        assert_ne!(of(&[&other], &[1, 2, 3]).await.hash, whole.hash);
    }

    #[tokio::test]
    async fn only_what_is_visible_counts() {
        assert_eq!(of(&[&EDGES], &[1]).await, of(&[&EDGES[..2]], &[1]).await);
    }
}
