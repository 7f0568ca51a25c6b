// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A small reader of SQLite files: the blobs of one table, nothing else.
//!
//! Source: "Database File Format" of the SQLite project. A file is pages of one size; a table is a B-tree of them: interior
//! pages (type 5) point to children, leaf pages (type 13) hold rows, long rows go on in chains of overflow pages. A rowid
//! column is stored as NULL. Traps: the first page starts with 100 bytes of file header; a few bytes at the end of each page may
//! be reserved; a damaged file can point in circles, so each page is visited at most once.

use std::borrow::Cow;
use std::cell::Cell;

/// What is wrong with the file: a sentence.
pub(super) type Damage = &'static str;

/// The first bytes of every SQLite 3 file.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

const FILE_HEADER_BYTES: usize = 100;

/// An opened file.
pub(super) struct Database<'a> {
    bytes: &'a [u8],
    page_bytes: usize,
    usable_bytes: usize,
}

impl<'a> Database<'a> {
    /// Checks the header; `None` when these bytes are no SQLite file.
    pub fn open(bytes: &'a [u8]) -> Option<Self> {
        let stated = be16(bytes, 16).filter(|_| bytes.starts_with(MAGIC))?;
        let page_bytes = if stated == 1 { 65_536 } else { usize::from(stated) };
        let usable_bytes = page_bytes.checked_sub(usize::from(*bytes.get(20)?))?;
        let sound = page_bytes.is_power_of_two() && page_bytes >= 512 && usable_bytes >= 480;
        sound.then_some(Self { bytes, page_bytes, usable_bytes })
    }

    /// The first page of the table called `name`.
    ///
    /// # Errors
    /// When the list of tables is damaged or names no such table.
    pub fn table(&self, name: &str) -> Result<u32, Damage> {
        let mut root = None;
        let result = self.rows(1, &mut |row| {
            let mut columns = columns(row);
            let kind = columns.next();
            let column = columns.next();
            let page = columns.nth(1);
            if (kind, column) == (Some(Value::Bytes(b"table")), Some(Value::Bytes(name.as_bytes()))) {
                root = match page {
                    Some(Value::Integer(page)) => u32::try_from(page).ok(),
                    _ => None,
                };
            }
        });
        root.ok_or(result.err().unwrap_or("there is no such table"))
    }

    /// Hands the value of column `column` of every row of the table that starts at page `root` to `take`, when it is a
    /// blob or text.
    ///
    /// # Errors
    /// When a page is damaged; rows found before were handed over.
    pub fn blobs(&self, root: u32, column: usize, take: &mut dyn FnMut(Cow<'a, [u8]>)) -> Result<(), Damage> {
        self.rows(root, &mut |row| match row {
            Cow::Borrowed(row) => {
                if let Some(Value::Bytes(blob)) = columns(row).nth(column) {
                    take(Cow::Borrowed(blob));
                }
            }
            Cow::Owned(row) => {
                if let Some(Value::Bytes(blob)) = columns(row).nth(column) {
                    take(Cow::Owned(blob.to_vec()));
                }
            }
        })
    }

    fn rows(&self, root: u32, take: &mut dyn FnMut(&Cow<'a, [u8]>)) -> Result<(), Damage> {
        let mut visited = vec![false; self.bytes.len() / self.page_bytes + 1];
        let mut open = vec![root];
        let mut damage = None;
        // Cells may name one chain again and again in a damaged file; all rows together are never more than the file.
        let left_bytes = Cell::new(self.bytes.len());
        while let Some(number) = open.pop() {
            let first_visit = visited.get_mut(number as usize).is_some_and(|seen| !std::mem::replace(seen, true));
            if !first_visit {
                damage = Some("pages point in a circle or outside the file");
                continue;
            }
            if let Err(found) = self.page(number, &mut open, &left_bytes, take) {
                damage = Some(found);
            }
        }
        damage.map_or(Ok(()), Err)
    }

    /// One page: its rows are handed over, its children are put on `open` so that the leftmost comes next.
    fn page(
        &self,
        number: u32,
        open: &mut Vec<u32>,
        left_bytes: &Cell<usize>,
        take: &mut dyn FnMut(&Cow<'a, [u8]>),
    ) -> Result<(), Damage> {
        let page = self.page_at(number).ok_or("a page is missing")?;
        let start = if number == 1 { FILE_HEADER_BYTES } else { 0 };
        let kind = *page.get(start).ok_or("a page is too short")?;
        let cells = usize::from(be16(page, start + 3).ok_or("a page is too short")?);
        match kind {
            5 => {
                open.push(be32(page, start + 8).ok_or("an interior page is too short")?);
                let first = open.len();
                for index in 0..cells {
                    let at = be16(page, start + 12 + 2 * index).ok_or("a cell pointer is outside its page")?;
                    open.push(be32(page, usize::from(at)).ok_or("a cell is outside its page")?);
                }
                if let Some(children) = open.get_mut(first..) {
                    children.reverse();
                }
                Ok(())
            }
            13 => (0..cells).try_for_each(|index| {
                let at = be16(page, start + 8 + 2 * index).ok_or("a cell pointer is outside its page")?;
                take(&self.row(page, usize::from(at), left_bytes)?);
                Ok(())
            }),
            _ => Err("a page is of no kind that a table has"),
        }
    }

    /// The row at `at`, put together with its overflow pages.
    fn row(&self, page: &'a [u8], at: usize, left_bytes: &Cell<usize>) -> Result<Cow<'a, [u8]>, Damage> {
        let cell = page.get(at..).ok_or("a cell is outside its page")?;
        let (stated, cell) = varint(cell).ok_or("a row has no length")?;
        let (_, cell) = varint(cell).ok_or("a row has no number")?;
        let length = usize::try_from(stated).map_err(|_| "a row is longer than the file")?;
        let left = left_bytes.get().checked_sub(length).ok_or("rows are longer than the file")?;
        left_bytes.set(left);
        let local = self.local_bytes(length);
        let start = cell.get(..local).ok_or("a row ends outside its page")?;
        if local == length {
            return Ok(Cow::Borrowed(start));
        }
        let mut row = Vec::with_capacity(length);
        row.extend_from_slice(start);
        let mut next = be32(cell, local).ok_or("a row has no overflow page")?;
        // Each turn adds bytes and the length is bounded by the file's, so a circle of pages ends too.
        while row.len() < length {
            let overflow = self.page_at(next).filter(|_| next > 1).ok_or("an overflow page is missing")?;
            let data = overflow.get(4..self.usable_bytes).ok_or("an overflow page is too short")?;
            row.extend_from_slice(data.get(..length - row.len()).unwrap_or(data));
            next = be32(overflow, 0).ok_or("an overflow page is too short")?;
        }
        Ok(Cow::Owned(row))
    }

    /// How much of a row of `length` bytes stands in its leaf page, by the formula of the format.
    fn local_bytes(&self, length: usize) -> usize {
        let most = self.usable_bytes - 35;
        if length <= most {
            return length;
        }
        let least = (self.usable_bytes - 12) * 32 / 255 - 23;
        let wished = least + (length - least) % (self.usable_bytes - 4);
        if wished <= most { wished } else { least }
    }

    fn page_at(&self, number: u32) -> Option<&'a [u8]> {
        let start = usize::try_from(number).ok()?.checked_sub(1)?.checked_mul(self.page_bytes)?;
        self.bytes.get(start..start.checked_add(self.page_bytes)?)
    }
}

/// A column's value, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Value<'r> {
    Integer(i64),
    Bytes(&'r [u8]),
    Other,
}

/// The columns of a row; ends early when the row is damaged.
fn columns(row: &[u8]) -> impl Iterator<Item = Value<'_>> {
    let header = varint(row).and_then(|(length, _)| {
        let length = usize::try_from(length).ok()?;
        let types = row.get(row.len() - varint(row)?.1.len()..length)?;
        Some((types, row.get(length..)?))
    });
    let (mut types, mut data) = header.unwrap_or_default();
    std::iter::from_fn(move || {
        let (kind, rest) = varint(types)?;
        types = rest;
        let length = match kind {
            0 | 8 | 9 | 10 | 11 => 0,
            1..=4 => usize::try_from(kind).ok()?,
            5 => 6,
            6 | 7 => 8,
            _ => usize::try_from((kind - 12) / 2).ok()?,
        };
        let (value, rest) = data.split_at_checked(length)?;
        data = rest;
        Some(match kind {
            1..=6 => Value::Integer(value.iter().fold(0, |sum: i64, byte| sum.wrapping_shl(8) | i64::from(*byte))),
            8 => Value::Integer(0),
            9 => Value::Integer(1),
            0 | 7 | 10 | 11 => Value::Other,
            _ => Value::Bytes(value),
        })
    })
}

/// A number of one to nine bytes, seven bits in each of the first eight; and what follows it.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (index, byte) in bytes.iter().take(9).enumerate() {
        if index == 8 {
            return Some((value << 8 | u64::from(*byte), bytes.get(9..)?));
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(index + 1..)?));
        }
    }
    None
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().copied().map(u16::from_be_bytes)
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_to_nine_bytes() {
        for (bytes, expected) in [
            (&b"\x05x"[..], Some((5, &b"x"[..]))),
            (b"\x81\x00", Some((128, b""))),
            (b"\xff\xff\xff\xff\xff\xff\xff\xff\xff", Some((u64::MAX, b""))),
            (b"\x81", None),
            (b"", None),
        ] {
            assert_eq!(varint(bytes), expected);
        }
    }

    #[test]
    fn columns_end_where_a_row_is_damaged() {
        let row = b"\x05\x00\x01\x10\x17\x07abHELLO";
        assert_eq!(
            columns(row).collect::<Vec<_>>(),
            [Value::Other, Value::Integer(7), Value::Bytes(b"ab"), Value::Bytes(b"HELLO")]
        );
        assert_eq!(columns(&row[..8]).count(), 3);
        assert_eq!(columns(b"\x7f").count(), 0);
        assert_eq!(columns(b"").count(), 0);
    }

    #[test]
    fn only_sqlite_is_opened() {
        let mut bytes = vec![0; 4096];
        bytes[..16].copy_from_slice(MAGIC);
        assert!(Database::open(&bytes).is_none());
        bytes[16] = 16;
        let database = Database::open(&bytes).unwrap();
        assert_eq!(database.table("Packages"), Err("a page is of no kind that a table has"));
        bytes[100] = 5;
        bytes[111] = 1;
        let database = Database::open(&bytes).unwrap();
        assert_eq!(database.table("Packages"), Err("pages point in a circle or outside the file"));
    }

    #[test]
    fn rows_that_share_their_bytes_are_stopped() {
        let mut bytes = vec![0; 512];
        bytes[..16].copy_from_slice(MAGIC);
        bytes[16] = 2;
        bytes[100] = 13;
        bytes[104] = 50;
        // Fifty cells, all at byte 250, each of 240 bytes.
        (0..50).for_each(|cell| bytes[109 + 2 * cell] = 250);
        bytes[250..253].copy_from_slice(&[0x81, 0x70, 1]);
        let database = Database::open(&bytes).unwrap();
        let mut rows = 0;
        assert_eq!(database.rows(1, &mut |_| rows += 1), Err("rows are longer than the file"));
        assert_eq!(rows, 2);
    }
}
