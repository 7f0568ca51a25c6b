// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The documents a session may see: the one choke point between the lake and everybody who asks.
//!
//! Deny is the default: a document that is not in the set does not exist for the session, whether it is somebody
//! else's, retracted, purged, or was written by an intake that never reached the catalogue.

use std::sync::Arc;

use datafusion::arrow::array::{Array, BooleanArray, Int64Array};
use datafusion::arrow::buffer::BooleanBuffer;

/// A set of document numbers. Numbers are given one after the other, so a bit for each is the smallest and fastest form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentSet {
    words: Vec<u64>,
    count: usize,
}

impl DocumentSet {
    /// No documents.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a document. Numbers below zero are never given and are ignored.
    pub fn insert(&mut self, document: i64) {
        let Ok(number) = usize::try_from(document) else { return };
        let (word, bit) = (number / 64, 1 << (number % 64));
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        if self.words[word] & bit == 0 {
            self.words[word] |= bit;
            self.count += 1;
        }
    }

    /// Whether the document is in the set.
    pub fn contains(&self, document: i64) -> bool {
        usize::try_from(document)
            .ok()
            .and_then(|number| Some(self.words.get(number / 64)? & (1 << (number % 64)) != 0))
            .unwrap_or(false)
    }

    /// How many documents.
    pub fn len(&self) -> usize {
        self.count
    }

    /// True when nothing may be seen.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The set as it travels: its bits, eight documents a byte.
    #[cfg(feature = "cluster")]
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    /// A set that travelled; none when it is not whole.
    #[cfg(feature = "cluster")]
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (words, rest) = bytes.as_chunks::<8>();
        let words: Vec<u64> = words.iter().map(|word| u64::from_le_bytes(*word)).collect();
        let count = words.iter().map(|word| word.count_ones() as usize).sum();
        rest.is_empty().then_some(Self { words, count })
    }

    /// Which rows of a column of documents are in the set. Unknown documents are not.
    pub fn mask(&self, documents: &Int64Array) -> BooleanArray {
        let bits = BooleanBuffer::collect_bool(documents.len(), |row| {
            documents.is_valid(row) && self.contains(documents.value(row))
        });
        BooleanArray::new(bits, None)
    }
}

impl FromIterator<i64> for DocumentSet {
    fn from_iter<T: IntoIterator<Item = i64>>(documents: T) -> Self {
        let mut set = Self::new();
        documents.into_iter().for_each(|document| set.insert(document));
        set
    }
}

/// Shared between the questions of one session.
pub type Visible = Arc<DocumentSet>;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    use super::*;

    proptest! {
        #[test]
        fn behaves_like_a_plain_set(numbers in proptest::collection::vec(-5_i64..500, 0..80), asked in -10_i64..600) {
            let plain: BTreeSet<i64> = numbers.iter().copied().filter(|number| *number >= 0).collect();
            let set: DocumentSet = numbers.into_iter().collect();
            prop_assert_eq!(set.len(), plain.len());
            prop_assert_eq!(set.contains(asked), plain.contains(&asked));
        }
    }

    #[test]
    fn the_empty_set_shows_nothing() {
        let mask = DocumentSet::new().mask(&Int64Array::from(vec![Some(0), Some(1), None, Some(i64::MAX)]));
        assert_eq!(mask.true_count(), 0);
    }
}
