// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Fields of line-based databases: bytes to texts, within the limits.

use std::borrow::Cow;

use underpin_model::Limits;
use underpin_model::gap::{GapCode, Gaps};
use underpin_model::inventory::{Inventory, Text, Tool};

use crate::facts::judge_licences;

/// The text of a field: borrowed where it is UTF-8, with replacement characters and a gap where it is not, cut with a gap
/// where it is too long. `place` is only made for a gap.
pub(super) fn text<'a>(value: &'a [u8], limits: &Limits, gaps: &mut Gaps, place: impl Fn() -> String) -> Text<'a> {
    let kept = value.get(..limits.text_bytes).unwrap_or(value);
    if kept.len() < value.len() {
        gaps.add_with(GapCode::TextTooLong, || (place(), format!("{} bytes", value.len())));
    }
    match str::from_utf8(kept) {
        Ok(text) => Cow::Borrowed(text),
        // A cut in the middle of a character is our doing and no fault of the text.
        Err(error) if kept.len() < value.len() && error.error_len().is_none() => Cow::Borrowed(
            kept.get(..error.valid_up_to()).and_then(|kept| str::from_utf8(kept).ok()).unwrap_or_default(),
        ),
        Err(_) => {
            gaps.add_with(GapCode::WrongEncoding, || (place(), "not UTF-8"));
            Cow::Owned(String::from_utf8_lossy(kept).into_owned())
        }
    }
}

/// A name or version, which are ASCII in every package manager; empty when it is no UTF-8 or longer than any name may be.
pub(super) fn word(value: &[u8]) -> &str {
    str::from_utf8(value).ok().filter(|word| word.len() <= 1024).unwrap_or_default().trim()
}

/// Lines of `bytes` without their line ends.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// An inventory of a package database: its tool, and the gaps that all databases have, for they name no subject.
pub(super) fn inventory<'a>(tool: &'static str) -> Inventory<'a> {
    let mut inventory = Inventory {
        tools: vec![Tool { name: Cow::Borrowed(tool), version: Cow::Borrowed("") }],
        context: Cow::Borrowed("operations"),
        ..Inventory::default()
    };
    inventory.gaps.add(GapCode::NoSubject, "", "a package database does not name its system");
    inventory.gaps.add(GapCode::NoCreationTime, "", "");
    inventory
}

/// The gaps that only show when all is read.
pub(super) fn finish(inventory: &mut Inventory<'_>) {
    if inventory.components.is_empty() {
        inventory.gaps.add(GapCode::NoComponents, "", "");
    } else if inventory.edges.is_empty() {
        inventory.gaps.add(GapCode::NoEdges, "", "");
    }
    judge_licences(inventory);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_borrowed_cut_or_mended() {
        let limits = Limits { text_bytes: 5, ..Limits::default() };
        for (value, expected, code) in [
            (&b"abc"[..], "abc", None),
            (b"abcdefg", "abcde", Some(GapCode::TextTooLong)),
            ("abcdé".as_bytes(), "abcd", Some(GapCode::TextTooLong)),
            (b"a\xe9c", "a\u{fffd}c", Some(GapCode::WrongEncoding)),
        ] {
            let mut gaps = Gaps::default();
            assert_eq!(text(value, &limits, &mut gaps, String::new), expected);
            assert_eq!(gaps.list().first().map(|gap| gap.code), code, "{expected}");
        }
    }
}
