// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What was read of segments lately.
//!
//! In an incident everybody asks the same: one package, one system. Segments never change, so what a question found in one is read,
//! unpacked and put apart once. Kept are the rows that have what is wanted; which of them a viewer may see is asked every time anew,
//! in [`crate::session`].

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::scan::{SegmentFile, Wanted};

/// Bytes of rows that are kept; what was asked for least goes first.
const KEPT_BYTES: u64 = 64 << 20;
/// Questions that are expected to be kept at the same time.
const KEPT_QUESTIONS: usize = 16_384;
/// A question for more than that is no question that others ask, too.
const KEPT_VALUES: usize = 4_096;

/// What is asked of segments, without the segment.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    /// Columns by their position in the table.
    columns: Vec<Option<usize>>,
    key: Option<usize>,
    wanted: Values,
}

#[derive(Debug, PartialEq, Eq, Hash)]
enum Values {
    Integers(Vec<i64>),
    Texts(Vec<String>),
}

impl Asked {
    /// A question whose answer is worth to be remembered; a question for everything, or for very much, is not.
    pub fn new(file: &SegmentFile, columns: &[&str], key: &str, wanted: Wanted<'_>) -> Option<Arc<Self>> {
        let wanted = match wanted {
            Wanted::Integers(values) if values.len() <= KEPT_VALUES => Values::Integers(values.to_vec()),
            Wanted::Texts(values) if values.len() <= KEPT_VALUES => Values::Texts(values.to_vec()),
            _ => return None,
        };
        let columns = columns.iter().map(|column| file.table.position(column)).collect();
        Some(Arc::new(Self { columns, key: file.table.position(key), wanted }))
    }

    fn bytes(&self) -> usize {
        match &self.wanted {
            Values::Integers(values) => size_of_val(values.as_slice()),
            Values::Texts(values) => values.iter().map(|text| text.len() + size_of::<String>()).sum(),
        }
    }
}

/// A question to one segment.
type Question = (Arc<str>, Arc<Asked>);
/// Its answer.
type Rows = Arc<[RecordBatch]>;

#[derive(Clone, Debug)]
struct Bytes;

impl Weighter<Question, Rows> for Bytes {
    fn weight(&self, (name, asked): &Question, rows: &Rows) -> u64 {
        let rows: usize = rows.iter().map(RecordBatch::get_array_memory_size).sum();
        (size_of::<(Question, Rows)>() + name.len() + asked.bytes() + rows) as u64
    }
}

/// Answers that are kept.
#[derive(Debug)]
pub struct Remembered(Cache<Question, Rows, Bytes>);

impl Default for Remembered {
    fn default() -> Self {
        Self(Cache::with_weighter(KEPT_QUESTIONS, KEPT_BYTES, Bytes))
    }
}

impl Remembered {
    /// What a question found in a segment.
    pub fn get(&self, file: &SegmentFile, asked: &Arc<Asked>) -> Option<Rows> {
        self.0.get(&(Arc::clone(&file.name), Arc::clone(asked)))
    }

    /// Keeps an answer.
    pub fn insert(&self, file: &SegmentFile, asked: &Arc<Asked>, rows: Rows) {
        self.0.insert((Arc::clone(&file.name), Arc::clone(asked)), rows);
    }

    /// Forgets all answers of a segment.
    pub fn forget(&self, is_gone: impl Fn(&str) -> bool) {
        self.0.retain(|(name, _), _| !is_gone(name));
    }
}
