// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Lists of lists without a box each.

/// Rows of different lengths, one after the other.
#[derive(Clone, Debug)]
pub struct Rows<T> {
    /// Where rows begin, and where the last one ends.
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { starts: vec![0], items: Vec::new() }
    }
}

impl<T> Rows<T> {
    /// Puts rows together.
    pub fn of<R: IntoIterator<Item = T>>(rows: impl IntoIterator<Item = R>) -> Self {
        let mut made = Self::default();
        for row in rows {
            made.push(row);
        }
        made
    }

    /// Adds a row at the end.
    pub fn push(&mut self, row: impl IntoIterator<Item = T>) {
        self.items.extend(row);
        self.starts.push(self.items.len() as u32);
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One row; empty when there is no such number.
    #[inline]
    pub fn row(&self, number: u32) -> &[T] {
        self.items.get(self.range(number)).unwrap_or_default()
    }

    /// All items, row by row.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// Where the items of a row are.
    #[inline]
    pub(super) fn range(&self, number: u32) -> std::ops::Range<usize> {
        let number = number as usize;
        match (self.starts.get(number), self.starts.get(number + 1)) {
            (Some(start), Some(end)) => *start as usize..*end as usize,
            _ => 0..0,
        }
    }

    /// One row, to be changed.
    pub(super) fn row_mut(&mut self, number: u32) -> &mut [T] {
        let range = self.range(number);
        self.items.get_mut(range).unwrap_or_default()
    }

    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        self.starts.capacity() * 4 + self.items.capacity() * size_of::<T>()
    }
}

impl<T: Copy> Rows<T> {
    /// The same pairs the other way round: `turn` gives for an item and its row the new row and the new item. New rows hold their
    /// items in the order of the old rows.
    pub(super) fn turned<U: Copy + Default>(&self, rows: usize, turn: impl Fn(usize, u32, T) -> (u32, U)) -> Rows<U> {
        let mut starts = vec![0_u32; rows + 1];
        for number in 0..self.len() as u32 {
            for at in self.range(number) {
                starts[turn(at, number, self.items[at]).0 as usize + 1] += 1;
            }
        }
        for row in 0..rows {
            starts[row + 1] += starts[row];
        }
        let mut next = starts.clone();
        let mut items = vec![U::default(); self.items.len()];
        for number in 0..self.len() as u32 {
            for at in self.range(number) {
                let (row, item) = turn(at, number, self.items[at]);
                let place = &mut next[row as usize];
                items[*place as usize] = item;
                *place += 1;
            }
        }
        Rows { starts, items }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turned_twice_it_is_the_same() {
        let rows: Rows<u32> = Rows::of([vec![1, 2], vec![], vec![0, 2]]);
        let turned = rows.turned(3, |_, row, item| (item, row));
        let lists = |rows: &Rows<u32>| (0..rows.len() as u32).map(|row| rows.row(row).to_vec()).collect::<Vec<_>>();
        assert_eq!(lists(&turned), [vec![2], vec![0], vec![0, 2]]);
        assert_eq!(lists(&turned.turned(3, |_, row, item| (item, row))), lists(&rows));
        assert_eq!((rows.row(7), rows.is_empty(), rows.items().len()), (&[][..], false, 4));
    }
}
