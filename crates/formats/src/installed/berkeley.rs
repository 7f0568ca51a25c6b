// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! rpm's oldest database format, a Berkeley DB hash, as Red Hat used it up to release 8: `Packages`.
//!
//! Source: Berkeley DB's db_page.h. A file is pages of one size in the byte order of the machine that wrote it. The first page
//! holds magic (0x061561 at byte 12), page size (byte 20), encryption (24), page type (25) and the last page's number (32). Hash pages
//! (type 13, older 2) hold keys and values in turn; their places stand in a list of 16-bit numbers behind the page's 26 bytes of
//! header and grow down from the page's end. A value is inline (1) or points to a chain of overflow pages (3: page number at byte
//! 4, length at 8; each page of type 7 states the next page and how many bytes it holds). Traps: the row with key zero holds
//! rpm's counter, not a package; encrypted files cannot be read.

use std::borrow::Cow;

use super::sqlite::Damage;

const MAGIC: u32 = 0x0006_1561;
const PAGE_HEADER_BYTES: usize = 26;
const INLINE: u8 = 1;
const OFF_PAGE: u8 = 3;

/// An opened file.
pub(super) struct Database<'a> {
    bytes: &'a [u8],
    page_bytes: usize,
    last_page: u32,
    is_little_endian: bool,
}

impl<'a> Database<'a> {
    /// Checks the header; `None` when these bytes are no Berkeley DB hash.
    pub fn open(bytes: &'a [u8]) -> Option<Self> {
        let magic = bytes.get(12..)?.first_chunk().copied()?;
        let is_little_endian = match (u32::from_le_bytes(magic), u32::from_be_bytes(magic)) {
            (MAGIC, _) => true,
            (_, MAGIC) => false,
            _ => return None,
        };
        let mut database = Self { bytes, page_bytes: 0, last_page: 0, is_little_endian };
        database.page_bytes = usize::try_from(database.number32(bytes, 20)?).ok()?;
        database.last_page = database.number32(bytes, 32)?;
        let size_is_sound = database.page_bytes.is_power_of_two() && (512..=65_536).contains(&database.page_bytes);
        (size_is_sound && *bytes.get(24)? == 0).then_some(database)
    }

    /// Hands every value that is long enough to be a package's header to `take`.
    ///
    /// # Errors
    /// When something is damaged; what is not was handed over.
    pub fn blobs(&self, take: &mut dyn FnMut(Cow<'a, [u8]>)) -> Result<(), Damage> {
        let mut result = Ok(());
        // Pages may point to one chain again and again in a damaged file; all together may not be more than the file.
        let mut left = self.bytes.len();
        let pages = self.bytes.chunks_exact(self.page_bytes).take((self.last_page as usize).saturating_add(1));
        for page in pages.skip(1).filter(|page| matches!(page.get(25), Some(2 | 13))) {
            let entries = usize::from(self.number16(page, 20).unwrap_or(0));
            // Keys and values take turns, values second.
            for entry in (1..entries).step_by(2) {
                match self.value(page, entry) {
                    Some(value) if value.len() <= left => {
                        left -= value.len();
                        // The counter under key zero is one number; no header is that short.
                        if value.len() > 16 {
                            take(value);
                        }
                    }
                    _ => result = Err("a value is damaged"),
                }
            }
        }
        result
    }

    fn value(&self, page: &'a [u8], entry: usize) -> Option<Cow<'a, [u8]>> {
        let place = |entry: usize| self.number16(page, PAGE_HEADER_BYTES + 2 * entry).map(usize::from);
        let start = place(entry)?;
        match *page.get(start)? {
            INLINE => page.get(start + 1..place(entry.checked_sub(1)?)?).map(Cow::Borrowed),
            OFF_PAGE => self.chain(self.number32(page, start + 4)?, self.number32(page, start + 8)?),
            _ => None,
        }
    }

    fn chain(&self, first: u32, length: u32) -> Option<Cow<'a, [u8]>> {
        let length = usize::try_from(length).ok().filter(|length| *length <= self.bytes.len())?;
        let mut value = Vec::with_capacity(length);
        let mut next = first;
        while value.len() < length {
            let start = usize::try_from(next).ok()?.checked_mul(self.page_bytes)?;
            let page = self.bytes.get(start..start.checked_add(self.page_bytes)?)?;
            let held = usize::from(self.number16(page, 22)?).min(length - value.len());
            // A page that holds nothing would let a circle of pages run for ever.
            if page.get(25) != Some(&7) || held == 0 {
                return None;
            }
            value.extend_from_slice(page.get(PAGE_HEADER_BYTES..PAGE_HEADER_BYTES + held)?);
            next = self.number32(page, 16)?;
        }
        Some(Cow::Owned(value))
    }

    fn number32(&self, bytes: &[u8], at: usize) -> Option<u32> {
        let number = bytes.get(at..)?.first_chunk().copied()?;
        Some(if self.is_little_endian { u32::from_le_bytes(number) } else { u32::from_be_bytes(number) })
    }

    fn number16(&self, bytes: &[u8], at: usize) -> Option<u16> {
        let number = bytes.get(at..)?.first_chunk().copied()?;
        Some(if self.is_little_endian { u16::from_le_bytes(number) } else { u16::from_be_bytes(number) })
    }
}
