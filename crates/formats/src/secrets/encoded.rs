// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Texts of two bytes a letter, and files whose contents only shows when they are unpacked.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// Bytes in which a zero tells that this is no text.
const TEXT_BYTES: usize = 8_000;
/// How packed files begin: gzip, zip, bzip2, xz, zstd, 7z, rar, lz4, KeePass, Java's keys.
const PACKED: &[&[u8]] = &[
    &[0x1f, 0x8b],
    b"PK\x03\x04",
    b"BZh",
    b"\xfd7zXZ",
    &[0x28, 0xb5, 0x2f, 0xfd],
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    &[0x04, 0x22, 0x4d, 0x18],
    &[0x03, 0xd9, 0xa2, 0x9a],
    &[0xfe, 0xed, 0xfe, 0xed],
];

/// The bytes that tell what a file is.
pub(super) fn beginning(bytes: &[u8]) -> &[u8] {
    bytes.get(..TEXT_BYTES).unwrap_or(bytes)
}

/// Whether secrets inside a file would not be seen, because it is packed.
pub fn is_closed(bytes: &[u8]) -> bool {
    PACKED.iter().any(|magic| bytes.starts_with(magic))
}

/// A text of two bytes a letter as one of UTF-8; lines stay lines.
pub(super) fn wide_text(bytes: &[u8]) -> Option<String> {
    let encoding: &Encoding = match bytes {
        [0xff, 0xfe, ..] => UTF_16LE,
        [0xfe, 0xff, ..] => UTF_16BE,
        _ => without_mark(beginning(bytes))?,
    };
    let (text, _) = encoding.decode_with_bom_removal(bytes);
    // What still has zeros was none, and must not be read as one again.
    (!text.contains('\0')).then(|| text.into_owned())
}

/// Letters of the West have a zero as every second byte.
fn without_mark(head: &[u8]) -> Option<&'static Encoding> {
    const LEAST_BYTES: usize = 16;
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let half = head.len() / 2;
    let is_most = |zeros: usize| head.len() >= LEAST_BYTES && zeros * 10 > half * 9;
    match (is_most(even), is_most(odd)) {
        (false, true) if even == 0 => Some(UTF_16LE),
        (true, false) if odd == 0 => Some(UTF_16BE),
        _ => None,
    }
}
