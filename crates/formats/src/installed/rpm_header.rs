// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The header of an installed rpm package, as the database keeps it.
//!
//! Source: rpm's manual, "RPM V4 package format". Two big-endian counts (index entries, bytes of data), then entries of
//! tag, type, offset and count (four bytes each), then the data. Traps: the database leaves out the eight bytes of magic
//! that packages have; tags of the signature are in the same index; texts are closed by a zero byte and may be in any encoding.

/// Tags that count here.
pub(super) mod tag {
    pub const SIGMD5: u32 = 261;
    pub const SHA256HEADER: u32 = 273;
    pub const NAME: u32 = 1000;
    pub const VERSION: u32 = 1001;
    pub const RELEASE: u32 = 1002;
    pub const EPOCH: u32 = 1003;
    pub const VENDOR: u32 = 1011;
    pub const LICENSE: u32 = 1014;
    pub const URL: u32 = 1020;
    pub const ARCH: u32 = 1022;
    pub const SOURCERPM: u32 = 1044;
    pub const PROVIDENAME: u32 = 1047;
    pub const REQUIRENAME: u32 = 1049;
    pub const MODULARITYLABEL: u32 = 5096;
}

const INT32: u32 = 4;
const STRING: u32 = 6;
const BIN: u32 = 7;
const STRING_ARRAY: u32 = 8;
const I18N_STRING: u32 = 9;

const ENTRY_BYTES: usize = 16;

/// A header, ready to be asked.
#[derive(Clone, Copy)]
pub(super) struct Header<'h> {
    index: &'h [u8],
    data: &'h [u8],
}

impl<'h> Header<'h> {
    /// Checks the counts; `None` when these bytes are no header.
    pub fn parse(bytes: &'h [u8]) -> Option<Self> {
        let entries = usize::try_from(be32(bytes, 0)?).ok()?;
        let data_bytes = usize::try_from(be32(bytes, 4)?).ok()?;
        let (index, rest) = bytes.get(8..)?.split_at_checked(entries.checked_mul(ENTRY_BYTES)?)?;
        Some(Self { index, data: rest.get(..data_bytes)? })
    }

    /// Type, count and data from its start.
    fn find(&self, tag: u32) -> Option<(u32, usize, &'h [u8])> {
        let entry = self.index.chunks_exact(ENTRY_BYTES).find(|entry| be32(entry, 0) == Some(tag))?;
        let start = usize::try_from(be32(entry, 8)?).ok()?;
        Some((be32(entry, 4)?, usize::try_from(be32(entry, 12)?).ok()?, self.data.get(start..)?))
    }

    /// A text (the first of several); empty when it is not there.
    pub fn text(&self, tag: u32) -> &'h [u8] {
        match self.find(tag) {
            Some((STRING | STRING_ARRAY | I18N_STRING, _, data)) => terminated(data).map_or(b"", |(text, _)| text),
            _ => b"",
        }
    }

    /// The texts of a list.
    pub fn texts(&self, tag: u32) -> impl Iterator<Item = &'h [u8]> + use<'h> {
        let (count, mut data) = match self.find(tag) {
            Some((STRING_ARRAY | STRING, count, data)) => (count, data),
            _ => (0, &b""[..]),
        };
        (0..count).map_while(move |_| {
            let (text, rest) = terminated(data)?;
            data = rest;
            Some(text)
        })
    }

    /// A number.
    pub fn number(&self, tag: u32) -> Option<u32> {
        self.find(tag).filter(|(kind, ..)| *kind == INT32).and_then(|(_, _, data)| be32(data, 0))
    }

    /// Bytes as hexadecimal; empty when they are not there.
    pub fn hexadecimal(&self, tag: u32) -> String {
        let bytes =
            self.find(tag).filter(|(kind, ..)| *kind == BIN).and_then(|(_, count, data)| data.get(..count.min(64)));
        bytes.unwrap_or_default().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn terminated(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(0, data)?;
    Some((data.get(..end)?, data.get(end + 1..)?))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_be_bytes)
}

/// A header with these texts and lists of texts, for tests.
#[cfg(test)]
pub(super) fn build(texts: &[(u32, &str)], lists: &[(u32, &[&str])], numbers: &[(u32, u32)]) -> Vec<u8> {
    let mut data = Vec::new();
    let mut index = Vec::new();
    let mut entry = |tag: u32, kind: u32, start: usize, count: usize| {
        for value in [tag, kind, u32::try_from(start).unwrap(), u32::try_from(count).unwrap()] {
            index.extend_from_slice(&value.to_be_bytes());
        }
    };
    for (tag, number) in numbers {
        entry(*tag, INT32, data.len(), 1);
        data.extend_from_slice(&number.to_be_bytes());
    }
    for (tag, text) in texts {
        entry(*tag, STRING, data.len(), 1);
        data.extend_from_slice(text.as_bytes());
        data.push(0);
    }
    for (tag, list) in lists {
        entry(*tag, STRING_ARRAY, data.len(), list.len());
        for text in *list {
            data.extend_from_slice(text.as_bytes());
            data.push(0);
        }
    }
    let entries = u32::try_from(index.len() / ENTRY_BYTES).unwrap();
    [&entries.to_be_bytes()[..], &u32::try_from(data.len()).unwrap().to_be_bytes(), &index, &data].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_and_damage_is_none() {
        let bytes = build(&[(tag::NAME, "alpha")], &[(tag::PROVIDENAME, &["a", "b"])], &[(tag::EPOCH, 2)]);
        let header = Header::parse(&bytes).unwrap();
        assert_eq!(header.text(tag::NAME), b"alpha");
        assert_eq!(header.texts(tag::PROVIDENAME).collect::<Vec<_>>(), [b"a", b"b"]);
        assert_eq!(header.number(tag::EPOCH), Some(2));
        assert_eq!((header.text(tag::VERSION), header.number(tag::NAME)), (&b""[..], None));
        assert!(Header::parse(&bytes[..bytes.len() - 1]).is_none());
        assert!(Header::parse(b"\xff\xff\xff\xff\0\0\0\0").is_none());
    }
}
