// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Digests as lockfiles write them.
//!
//! Three notations: `sha512-<base64>` (subresource integrity: npm, yarn, pnpm, bun, deno; several with blanks between,
//! options behind `?`), `sha256:<hexadecimal>` (Python) and bare hexadecimal or base64, where the format fixes the
//! algorithm. All become lower-case hexadecimal; one of the wrong length is kept as written, with a gap.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use underpin_model::gap::GapCode;
use underpin_model::inventory::{Hash, Text};

use super::draft::Draft;
use super::tree::{Node, keep};

/// The digests of a subresource integrity text.
pub(super) fn integrity<'a>(draft: &mut Draft<'a, '_>, text: &Text<'a>, place: &str) -> Vec<Hash<'a>> {
    let mut hashes = Vec::new();
    for entry in text.split_ascii_whitespace() {
        if let Some((algorithm, value)) = entry.split_once('-') {
            let value = value.split('?').next().unwrap_or_default();
            hashes.push(base64_digest(draft, &algorithm.to_ascii_lowercase(), &keep(text, value), place));
        } else {
            draft.gap(GapCode::InvalidHash, place, entry);
        }
    }
    hashes
}

/// The digest of one subresource integrity entry (`sha512-…`) in lower-case hexadecimal; `None` when it is none.
pub fn digest_of_integrity(text: &str) -> Option<String> {
    let (algorithm, value) = text.split_once('-')?;
    let (_, length) = known(&algorithm.to_ascii_lowercase())?;
    let bytes = STANDARD.decode(value.as_bytes()).ok()?;
    (bytes.len() == length).then(|| hexadecimal(&bytes))
}

/// A digest in base64.
pub(super) fn base64_digest<'a>(draft: &mut Draft<'a, '_>, algorithm: &str, text: &Text<'a>, place: &str) -> Hash<'a> {
    let known = known(algorithm);
    match STANDARD.decode(text.as_bytes()) {
        Ok(bytes) if known.is_some_and(|(_, length)| length == bytes.len()) => {
            Hash { algorithm: known.map_or("", |(name, _)| name).into(), value: Cow::Owned(hexadecimal(&bytes)) }
        }
        _ => {
            draft.gap(GapCode::InvalidHash, place, algorithm);
            Hash { algorithm: Cow::Owned(algorithm.to_owned()), value: text.clone() }
        }
    }
}

/// Digests written as `algorithm:hexadecimal`.
pub(super) fn prefixed<'a>(draft: &mut Draft<'a, '_>, text: &Text<'a>, place: &str) -> Option<Hash<'a>> {
    let (algorithm, value) = match text.split_once(':').or_else(|| text.split_once('=')) {
        Some((algorithm, value)) => (algorithm.to_ascii_lowercase(), keep(text, value)),
        None if text.is_empty() => return None,
        None => (String::new(), text.clone()),
    };
    Some(hex_digest(draft, &algorithm, value, place))
}

/// The digests of a list of files, each a map with `hash` or a text.
pub(super) fn of_files<'a>(draft: &mut Draft<'a, '_>, files: &Node<'a>, place: &str) -> Vec<Hash<'a>> {
    let mut hashes = Vec::with_capacity(files.items().len());
    for file in files.items() {
        let text = if file.get("hash").exists() { file.get("hash").text() } else { file.text() };
        hashes.extend(prefixed(draft, &text, place));
    }
    hashes
}

/// A digest in hexadecimal.
pub(super) fn hex_digest<'a>(draft: &mut Draft<'a, '_>, algorithm: &str, value: Text<'a>, place: &str) -> Hash<'a> {
    let known = known(algorithm);
    let right = known.is_some_and(|(_, length)| 2 * length == value.len());
    if !right || !value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        draft.gap(GapCode::InvalidHash, place, algorithm);
        return Hash { algorithm: Cow::Owned(algorithm.to_owned()), value };
    }
    let upper = value.bytes().any(|byte| byte.is_ascii_uppercase());
    let value = if upper { Cow::Owned(value.to_ascii_lowercase()) } else { value };
    Hash { algorithm: known.map_or("", |(name, _)| name).into(), value }
}

/// The usual name of an algorithm and the bytes of its digests.
fn known(algorithm: &str) -> Option<(&'static str, usize)> {
    Some(match algorithm {
        "md5" => ("md5", 16),
        "sha1" => ("sha1", 20),
        "sha224" => ("sha224", 28),
        "sha256" => ("sha256", 32),
        "sha384" => ("sha384", 48),
        "sha512" => ("sha512", 64),
        "blake2b" => ("blake2b", 64),
        _ => return None,
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use underpin_model::Limits;

    use super::*;
    use crate::reader::Context;

    fn with_draft(read: impl FnOnce(&mut Draft<'_, '_>) -> Vec<(String, String)>) -> (Vec<(String, String)>, usize) {
        let limits = Limits::default();
        let mut draft = Draft::new("tool", "1", &Context::new(&limits));
        let hashes = read(&mut draft);
        (hashes, draft.inventory.gaps.count(GapCode::InvalidHash))
    }

    fn pairs(hashes: Vec<Hash<'_>>) -> Vec<(String, String)> {
        hashes.into_iter().map(|hash| (hash.algorithm.into_owned(), hash.value.into_owned())).collect()
    }

    fn pair(algorithm: &str, value: &str) -> (String, String) {
        (algorithm.to_owned(), value.to_owned())
    }

    #[test]
    fn integrity_becomes_hexadecimal() {
        let empty = "2jmj7l5rSw0yVb/vlWAYkK/YBwk=";
        let text: Text<'_> = Cow::Owned(format!("sha1-{empty}?x sha512-AAAA nonsense"));
        let (hashes, gaps) = with_draft(|draft| pairs(integrity(draft, &text.clone().into_owned().into(), "p")));
        assert_eq!(hashes, [pair("sha1", "da39a3ee5e6b4b0d3255bfef95601890afd80709"), pair("sha512", "AAAA")]);
        assert_eq!(gaps, 2);
    }

    #[test]
    fn prefixed_digests_are_checked() {
        for (text, expected, gaps) in [
            (format!("sha256:{}", "AB".repeat(32)), Some(pair("sha256", &"ab".repeat(32))), 0),
            (format!("sha256={}", "ab".repeat(32)), Some(pair("sha256", &"ab".repeat(32))), 0),
            ("md5:xyz".to_owned(), Some(pair("md5", "xyz")), 1),
            ("abc".to_owned(), Some(pair("", "abc")), 1),
            (String::new(), None, 0),
        ] {
            let (hashes, found) =
                with_draft(|draft| pairs(prefixed(draft, &Cow::Owned(text), "p").into_iter().collect()));
            assert_eq!((hashes.into_iter().next(), found), (expected, gaps));
        }
    }
}
