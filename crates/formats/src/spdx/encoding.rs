// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Text of a document, whatever encoding a producer wrote it in.
//!
//! UTF-8 is borrowed as it is (its byte order mark is taken off). UTF-16 is told by its mark or by the zero bytes of
//! its first characters; Windows tools write it without being asked. Anything else is taken for Windows-1252, which
//! every byte sequence is.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The text, and the name of the encoding when it is not UTF-8.
pub(super) fn decode(bytes: &[u8]) -> (Cow<'_, str>, Option<&'static str>) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let encoding: &'static Encoding = match wide(bytes) {
        Some(encoding) => encoding,
        None => match std::str::from_utf8(bytes) {
            Ok(text) => return (Cow::Borrowed(text), None),
            // UTF-8 that breaks off inside a character: the document was cut, its encoding is not in doubt.
            Err(error) if error.error_len().is_none() => {
                return (String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default()), None);
            }
            Err(_) => WINDOWS_1252,
        },
    };
    let (text, _) = encoding.decode_with_bom_removal(bytes);
    (Cow::Owned(text.into_owned()), Some(encoding.name()))
}

/// The beginning of the text, for detection; at most `length` bytes are looked at.
pub(super) fn head(bytes: &[u8], length: usize) -> Cow<'_, str> {
    let bytes = bytes.get(..length).unwrap_or(bytes);
    match wide(bytes) {
        Some(encoding) => encoding.decode_with_bom_removal(bytes).0,
        None => String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
    }
}

fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => Some(UTF_16LE),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "{\"name\":\"Bücher\"}";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let western: Vec<u8> = text.chars().map(|character| character as u8).collect();
        for (bytes, name) in [
            (text.as_bytes().to_vec(), None),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), None),
            (little.clone(), Some("UTF-16LE")),
            ([b"\xff\xfe".to_vec(), little].concat(), Some("UTF-16LE")),
            (big.clone(), Some("UTF-16BE")),
            ([b"\xfe\xff".to_vec(), big].concat(), Some("UTF-16BE")),
            (western, Some("windows-1252")),
        ] {
            assert_eq!(decode(&bytes), (Cow::Borrowed(text), name));
            assert!(head(&bytes, 8).starts_with("{\"n"), "{name:?}");
        }
        assert_eq!(decode(b"").0, "");
        assert_eq!(decode(b"{\"\xc3\xa4\xc3"), (Cow::Borrowed("{\"\u{e4}"), None));
    }
}
