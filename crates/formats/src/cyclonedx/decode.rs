// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Bytes to text: UTF-8 as it is, anything else decoded and reported.
//!
//! Order: byte order mark, zero bytes as UTF-16 has them, the encoding an XML declaration names, valid UTF-8, and
//! last Windows-1252, which can be read from any bytes.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::memmem;

/// A decoded document, and what was unusual about its encoding.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, without byte order mark; borrowed when it was UTF-8.
    pub text: Cow<'a, str>,
    /// Name of the encoding it was read in, when that deserves a gap.
    pub unusual: Option<String>,
}

/// Decodes a document.
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        if encoding == UTF_8
            && let Ok(text) = std::str::from_utf8(rest)
        {
            return Decoded { text: Cow::Borrowed(text), unusual: Some("UTF-8 with byte order mark".to_owned()) };
        }
        return in_encoding(rest, if encoding == UTF_8 { WINDOWS_1252 } else { encoding });
    }
    match bytes {
        [0, second, ..] if *second != 0 => return in_encoding(bytes, UTF_16BE),
        [first, 0, ..] if *first != 0 => return in_encoding(bytes, UTF_16LE),
        _ => {}
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded { text: Cow::Borrowed(text), unusual: None },
        // UTF-8 that breaks off inside a character: the document was cut, its encoding is not in doubt.
        Err(error) if error.error_len().is_none() && declared(bytes).is_none_or(|encoding| encoding == UTF_8) => {
            let whole = bytes.get(..error.valid_up_to()).unwrap_or_default();
            Decoded { text: String::from_utf8_lossy(whole), unusual: None }
        }
        Err(_) => match declared(bytes) {
            // A declared encoding is nothing unusual in XML.
            Some(encoding) if encoding != UTF_8 => Decoded { unusual: None, ..in_encoding(bytes, encoding) },
            _ => in_encoding(bytes, WINDOWS_1252),
        },
    }
}

fn in_encoding<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Decoded<'a> {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    let name = encoding.name();
    let unusual = if broken { format!("{name} with replacement characters") } else { name.to_owned() };
    Decoded { text, unusual: Some(unusual) }
}

/// The encoding that an XML declaration names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(200))?;
    let declaration = head.strip_prefix(b"<?xml")?;
    let declaration = declaration.get(..memmem::find(declaration, b"?>")?)?;
    let after = declaration.get(memmem::find(declaration, b"encoding")? + b"encoding".len()..)?;
    let quote = after.iter().position(|byte| matches!(byte, b'"' | b'\''))?;
    let label = after.get(quote + 1..)?;
    let end = label.iter().position(|byte| matches!(byte, b'"' | b'\''))?;
    Encoding::for_label(label.get(..end)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_found() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let marked: Vec<u8> = [0xff, 0xfe].into_iter().chain(utf16("{\"ä\"}")).collect();
        for (bytes, text, unusual) in [
            (b"{\"a\"}".to_vec(), "{\"a\"}", None),
            ("{\"ä\"}".as_bytes().to_vec(), "{\"ä\"}", None),
            (b"\xef\xbb\xbf{}".to_vec(), "{}", Some("UTF-8 with byte order mark")),
            (marked, "{\"ä\"}", Some("UTF-16LE")),
            (utf16("{\"ä\"}"), "{\"ä\"}", Some("UTF-16LE")),
            (b"{\"\xe4\"}".to_vec(), "{\"ä\"}", Some("windows-1252")),
            (
                b"<?xml version='1.0' encoding='ISO-8859-15'?>\xa4".to_vec(),
                "<?xml version='1.0' encoding='ISO-8859-15'?>€",
                None,
            ),
            (b"{\"\xc3\xa4\xc3".to_vec(), "{\"\u{e4}", None),
            (Vec::new(), "", None),
        ] {
            let found = decode(&bytes);
            assert_eq!((&*found.text, found.unusual.as_deref()), (text, unusual), "{bytes:?}");
        }
    }
}
