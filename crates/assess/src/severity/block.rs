// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The block behind [`super::Knowledge`]: columns of 32-bit words and a heap of texts.
//!
//! Words: a head, then the CVE numbers in ascending order, then [`Column`]s with one word a row (first the rows with CVE
//! numbers, then those with other names in ascending order), then two columns that say where the entries of a row begin, with
//! one more word for the end, then the entries. A text is named by its place in the heap, where its length comes first.
//!
//! Reading checks head, sizes and check sum; everything is then read with bounds, so that a block that somebody forged gives
//! wrong answers at worst, never a panic.

/// The bytes are no block, or a damaged one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the compiled knowledge about vulnerabilities is damaged ({0}); it is derived and can be made again")]
pub struct Damaged(pub &'static str);

const MAGIC: u32 = u32::from_le_bytes(*b"UPKN");
const FORMAT: u32 = 1;

/// Words of the head: magic, format, check sum (2), CVE rows, other rows, listings, ratings, text bytes, date of the
/// likelihoods, whether lists were put in.
const HEAD: usize = 11;

/// Words of an entry of a list.
pub(super) const LISTING_WORDS: usize = 6;

/// Words of a rating.
pub(super) const RATING_WORDS: usize = 3;

/// Place of no text.
pub(super) const NO_TEXT: u32 = u32::MAX;

/// A column with one word a row.
#[derive(Clone, Copy, Debug)]
pub(super) enum Column {
    /// Bits.
    Flags,
    /// Likelihood, as bits of a 32-bit floating-point number; not a number where not known.
    Score,
    /// The same for its percentile.
    Percentile,
    /// When SSVC was judged, in seconds.
    Judged,
    /// Place of the title.
    Title,
    /// Place of the name, for rows without CVE number.
    Name,
}

/// Number of columns.
const COLUMNS: usize = 6;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Block {
    words: Vec<u32>,
    texts: Vec<u8>,
    sizes: Sizes,
}

/// How many there are of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sizes {
    pub numbers: usize,
    pub others: usize,
    pub listings: usize,
    pub ratings: usize,
    pub text_bytes: usize,
}

impl Sizes {
    fn rows(&self) -> usize {
        self.numbers + self.others
    }

    /// All words; `None` when that overflows.
    fn words(&self) -> Option<usize> {
        let rows = self.numbers.checked_add(self.others)?;
        let columns = rows.checked_mul(COLUMNS)?.checked_add(rows.checked_add(1)?.checked_mul(2)?)?;
        let entries = self.listings.checked_mul(LISTING_WORDS)?.checked_add(self.ratings.checked_mul(RATING_WORDS)?)?;
        HEAD.checked_add(self.numbers)?.checked_add(columns)?.checked_add(entries)
    }

    fn column(&self, column: Column) -> usize {
        HEAD + self.numbers + column as usize * self.rows()
    }

    fn listing_starts(&self) -> usize {
        HEAD + self.numbers + COLUMNS * self.rows()
    }

    fn rating_starts(&self) -> usize {
        self.listing_starts() + self.rows() + 1
    }

    fn listings_at(&self) -> usize {
        self.rating_starts() + self.rows() + 1
    }

    fn ratings_at(&self) -> usize {
        self.listings_at() + self.listings * LISTING_WORDS
    }
}

impl Block {
    /// Puts a block together. `body` holds all words behind the head, in the order of the module.
    pub(super) fn build(sizes: Sizes, body: &[u32], texts: Vec<u8>, likelihood_date: u32, has_lists: bool) -> Self {
        let size = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
        let mut words = vec![
            MAGIC,
            FORMAT,
            0,
            0,
            size(sizes.numbers),
            size(sizes.others),
            size(sizes.listings),
            size(sizes.ratings),
            size(sizes.text_bytes),
            likelihood_date,
            u32::from(has_lists),
        ];
        words.extend_from_slice(body);
        let sum = checksum(&words, &texts);
        for (at, part) in [(2, sum as u32), (3, (sum >> 32) as u32)] {
            if let Some(word) = words.get_mut(at) {
                *word = part;
            }
        }
        Self { words, texts, sizes }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.words.iter().flat_map(|word| word.to_le_bytes()).collect();
        bytes.extend_from_slice(&self.texts);
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, Damaged> {
        let head: Vec<u32> = words_of(bytes.get(..HEAD * 4).ok_or(Damaged("it is too short"))?);
        let &[magic, format, sum_low, sum_high, numbers, others, listings, ratings, text_bytes, _, _] = &head[..]
        else {
            return Err(Damaged("it is too short"));
        };
        if magic != MAGIC {
            return Err(Damaged("it is something else"));
        }
        if format != FORMAT {
            return Err(Damaged("it was made by another version"));
        }
        let sizes = Sizes {
            numbers: numbers as usize,
            others: others as usize,
            listings: listings as usize,
            ratings: ratings as usize,
            text_bytes: text_bytes as usize,
        };
        let word_bytes = sizes.words().and_then(|words| words.checked_mul(4)).ok_or(Damaged("its sizes are absurd"))?;
        if word_bytes.checked_add(sizes.text_bytes) != Some(bytes.len()) {
            return Err(Damaged("it has another length than it says"));
        }
        let (words, texts) = bytes.split_at(word_bytes);
        let block = Self { words: words_of(words), texts: texts.to_vec(), sizes };
        let sum = u64::from(sum_high) << 32 | u64::from(sum_low);
        if checksum(&block.words, &block.texts) != sum {
            return Err(Damaged("its check sum is wrong"));
        }
        Ok(block)
    }

    /// For tests: changes words as a forger would.
    #[cfg(test)]
    pub(super) fn change(&mut self, change: impl FnOnce(&mut [u32])) {
        change(&mut self.words);
    }

    pub(super) fn rows(&self) -> usize {
        self.sizes.rows()
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.words.len() * 4 + self.texts.len()
    }

    pub(super) fn likelihood_date(&self) -> Option<u32> {
        self.words.get(9).copied()
    }

    pub(super) fn has_lists(&self) -> bool {
        self.words.get(10).is_some_and(|word| *word != 0)
    }

    /// The row of a CVE number.
    pub(super) fn find_number(&self, number: u32) -> Option<usize> {
        self.words.get(HEAD..HEAD + self.sizes.numbers)?.binary_search(&number).ok()
    }

    /// The row of another name.
    pub(super) fn find_name(&self, name: &str) -> Option<usize> {
        let start = self.sizes.column(Column::Name) + self.sizes.numbers;
        let names = self.words.get(start..start + self.sizes.others)?;
        let found = names.binary_search_by(|at| self.text(Some(*at)).cmp(name)).ok()?;
        Some(self.sizes.numbers + found)
    }

    pub(super) fn value(&self, column: Column, row: usize) -> Option<u32> {
        self.words.get(self.sizes.column(column) + row).copied()
    }

    /// A text by its place; empty where there is none.
    pub(super) fn text(&self, at: Option<u32>) -> &str {
        let read = || {
            let at = usize::try_from(at.filter(|at| *at != NO_TEXT)?).ok()?;
            let rest = self.texts.get(at..)?;
            let (length, rest) = rest.split_first_chunk::<2>()?;
            std::str::from_utf8(rest.get(..usize::from(u16::from_le_bytes(*length)))?).ok()
        };
        read().unwrap_or_default()
    }

    pub(super) fn listings(&self, row: usize) -> impl Iterator<Item = &[u32]> + use<'_> {
        self.entries(self.sizes.listing_starts() + row, self.sizes.listings_at(), LISTING_WORDS, self.sizes.listings)
    }

    pub(super) fn ratings(&self, row: usize) -> impl Iterator<Item = &[u32]> + use<'_> {
        self.entries(self.sizes.rating_starts() + row, self.sizes.ratings_at(), RATING_WORDS, self.sizes.ratings)
    }

    /// Entries from the number at `starts` up to the one behind it.
    fn entries(&self, starts: usize, at: usize, size: usize, count: usize) -> impl Iterator<Item = &[u32]> + use<'_> {
        let bound = |at: usize| self.words.get(at).map_or(0, |word| (*word as usize).min(count));
        let (first, end) = (bound(starts), bound(starts + 1));
        let words = self.words.get(at + first * size..at + end.max(first) * size).unwrap_or_default();
        words.chunks_exact(size)
    }
}

/// Little-endian words from bytes, which may lie anywhere.
fn words_of(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word)).collect()
}

const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// Four sums side by side over words and texts (the place of the check sum left out): quick, and every single change shows.
/// It guards against accidents, not against forgers.
fn checksum(words: &[u32], texts: &[u8]) -> u64 {
    let mut lanes = [1_u64, 2, 3, 4];
    let (head, body) = words.split_at(HEAD.min(words.len()));
    for word in head.iter().enumerate().filter(|(at, _)| *at != 2 && *at != 3).map(|(_, word)| *word) {
        add(&mut lanes, [u64::from(word), 0, 0, 0]);
    }
    let (chunks, rest) = body.as_chunks::<8>();
    for [a, b, c, d, e, f, g, h] in chunks {
        let pair = |low: u32, high: u32| u64::from(low) | u64::from(high) << 32;
        add(&mut lanes, [pair(*a, *b), pair(*c, *d), pair(*e, *f), pair(*g, *h)]);
    }
    for word in rest {
        add(&mut lanes, [u64::from(*word), 1, 0, 0]);
    }
    let (chunks, rest) = texts.as_chunks::<32>();
    for chunk in chunks {
        let (eights, _) = chunk.as_chunks::<8>();
        if let [a, b, c, d] = eights {
            add(&mut lanes, [a, b, c, d].map(|eight| u64::from_le_bytes(*eight)));
        }
    }
    for byte in rest {
        add(&mut lanes, [u64::from(*byte), 2, 0, 0]);
    }
    lanes.iter().fold(texts.len() as u64, |sum, lane| (sum ^ lane).wrapping_mul(FACTOR).rotate_left(31))
}

fn add(lanes: &mut [u64; 4], words: [u64; 4]) {
    for (lane, word) in lanes.iter_mut().zip(words) {
        *lane = (*lane ^ word).wrapping_mul(FACTOR).rotate_left(29);
    }
}
