// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A set of small numbers, a bit each.

/// A set of numbers below a length.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bits {
    words: Vec<u64>,
    length: usize,
}

impl Bits {
    /// None of the numbers below `length`.
    pub fn none(length: usize) -> Self {
        Self { words: vec![0; length.div_ceil(64)], length }
    }

    /// All numbers below `length`.
    pub fn all(length: usize) -> Self {
        let mut bits = Self { words: vec![u64::MAX; length.div_ceil(64)], length };
        if let (Some(last), rest @ 1..) = (bits.words.last_mut(), length % 64) {
            *last = (1 << rest) - 1;
        }
        bits
    }

    /// These numbers; what is not below `length` is left out.
    pub fn of(length: usize, numbers: impl IntoIterator<Item = u32>) -> Self {
        let mut bits = Self::none(length);
        for number in numbers {
            bits.insert(number);
        }
        bits
    }

    /// Adds a number; one that is not below the length is left out.
    pub fn insert(&mut self, number: u32) {
        let at = number as usize;
        if at < self.length {
            self.words[at / 64] |= 1 << (at % 64);
        }
    }

    /// Takes a number away.
    pub fn remove(&mut self, number: u32) {
        if let Some(word) = self.words.get_mut(number as usize / 64) {
            *word &= !(1 << (number % 64));
        }
    }

    /// Whether the number is in the set.
    #[inline]
    pub fn contains(&self, number: u32) -> bool {
        self.words.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Keeps what is in both.
    pub fn keep(&mut self, other: &Self) {
        for (at, word) in self.words.iter_mut().enumerate() {
            *word &= other.words.get(at).copied().unwrap_or(0);
        }
    }

    /// How many numbers are in the set.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The bound below which its numbers lie.
    pub fn length(&self) -> usize {
        self.length
    }

    /// The numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros();
                    rest &= rest - 1;
                    at as u32 * 64 + bit
                })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_holds_what_was_put_in_and_nothing_beyond_its_length() {
        for length in [0, 1, 63, 64, 65, 130] {
            assert_eq!(Bits::all(length).count(), length);
            assert_eq!(Bits::all(length).iter().collect::<Vec<_>>(), (0..length as u32).collect::<Vec<_>>());
            assert!(!Bits::all(length).contains(length as u32));
        }
        let mut bits = Bits::of(70, [3, 64, 69, 70, 3]);
        assert_eq!(bits.iter().collect::<Vec<_>>(), [3, 64, 69]);
        bits.remove(64);
        bits.keep(&Bits::of(70, [3, 64]));
        assert_eq!((bits.iter().collect::<Vec<_>>(), bits.length()), (vec![3], 70));
    }
}
