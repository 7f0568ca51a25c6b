// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! DER, read strictly and without recursion: one value after another (ITU-T X.690, definite lengths alone).

/// A value: its tag, what is in it, and all of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Der<'a> {
    /// Class, form and number, as one byte; higher numbers are not read.
    pub tag: u8,
    /// What is in it.
    pub body: &'a [u8],
    /// The whole value with tag and length.
    pub whole: &'a [u8],
}

impl<'a> Der<'a> {
    /// A sequence of values.
    pub const SEQUENCE: u8 = 0x30;
    /// A set of values.
    pub const SET: u8 = 0x31;
    /// A whole number.
    pub const INTEGER: u8 = 0x02;
    /// A name in digits.
    pub const OID: u8 = 0x06;
    /// Bits.
    pub const BITS: u8 = 0x03;
    /// Bytes.
    pub const BYTES: u8 = 0x04;
    /// Yes or no.
    pub const BOOLEAN: u8 = 0x01;

    /// Reads bytes that are one value and nothing else.
    pub fn only(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let value = reader.next()?;
        reader.0.is_empty().then_some(value)
    }

    /// The values inside.
    pub fn inside(&self) -> Reader<'a> {
        Reader(self.body)
    }

    /// The same, when the tag is this one.
    pub fn tagged(self, tag: u8) -> Option<Self> {
        (self.tag == tag).then_some(self)
    }

    /// The bytes of a bit string without unused bits.
    pub fn bits(&self) -> Option<&'a [u8]> {
        (self.tag == Self::BITS && self.body.first() == Some(&0)).then(|| self.body.get(1..))?
    }

    /// A whole number that is not negative, without leading zeros.
    pub fn unsigned(&self) -> Option<&'a [u8]> {
        let first = *self.body.first()?;
        (self.tag == Self::INTEGER && first < 0x80).then_some(())?;
        Some(if first == 0 { self.body.get(1..)? } else { self.body })
    }
}

/// Values that follow each other.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// The next value of a tag.
    pub fn want(&mut self, tag: u8) -> Option<Der<'a>> {
        self.next()?.tagged(tag)
    }

    /// The next value, when it has this tag; it stays where it is otherwise.
    pub fn maybe(&mut self, tag: u8) -> Option<Der<'a>> {
        if self.0.first() == Some(&tag) { self.next() } else { None }
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Der<'a>;

    fn next(&mut self) -> Option<Der<'a>> {
        let all = self.0;
        let (tag, first) = (*all.first()?, *all.get(1)?);
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (length, head) = match first {
            0..=0x7f => (usize::from(first), 2),
            0x81..=0x84 => {
                let count = usize::from(first - 0x80);
                let digits = all.get(2..2 + count)?;
                let length = digits.iter().fold(0_usize, |sum, digit| (sum << 8) | usize::from(*digit));
                // The shortest way of writing a length is the only one.
                (digits.first() != Some(&0) && length > 0x7f).then_some((length, 2 + count))?
            }
            _ => return None,
        };
        let end = head.checked_add(length)?;
        let value = Der { tag, body: all.get(head..end)?, whole: all.get(..end)? };
        self.0 = all.get(end..)?;
        Some(value)
    }
}
