// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! From bytes to text: byte order marks, other encodings, and the markers of an unfinished merge.
//!
//! Nearly every lockfile is clean UTF-8 and is read in place. Only one that had to be changed first is copied, and the
//! inventory read from the copy is made to own its texts.
//!
//! Trap: a lockfile committed with conflict markers holds two states at once. The first side is read (the branch it was
//! merged into), the second only when the first is no lockfile on its own; a gap names the line of each conflict.

use std::borrow::Cow;

use memchr::memmem;
use underpin_model::gap::GapCode;
use underpin_model::{Gap, Inventory};

use super::owned;
use crate::reader::{Context, Unreadable};

/// A reader of one lockfile's text.
pub(super) type TextReader = for<'t> fn(&'t str, &Context<'_>) -> Result<Inventory<'t>, Unreadable>;

/// Decodes `bytes` and lets `read` read the text.
///
/// # Errors
/// Those of `read`.
pub(super) fn read<'a>(bytes: &'a [u8], context: &Context<'_>, read: TextReader) -> Result<Inventory<'a>, Unreadable> {
    let (text, mut gaps) = decode(bytes);
    let mut inventory = if has_conflict(&text) {
        let (first, places) = resolve(&text, Side::First);
        gaps.extend(places.into_iter().map(|line| {
            Gap::new(
                GapCode::MalformedLine,
                format!("line {line}"),
                "an unfinished merge: one of the two sides was read",
            )
        }));
        match read(&first, context) {
            Ok(inventory) => owned::inventory(inventory),
            Err(error) => match read(&resolve(&text, Side::Second).0, context) {
                Ok(inventory) => owned::inventory(inventory),
                Err(_) => return Err(error),
            },
        }
    } else {
        match text {
            Cow::Borrowed(text) => read(text, context)?,
            Cow::Owned(text) => owned::inventory(read(&text, context)?),
        }
    };
    for gap in gaps {
        inventory.gaps.add(gap.code, gap.place, gap.detail);
    }
    Ok(inventory)
}

/// The text of `bytes` without byte order mark.
fn decode(bytes: &[u8]) -> (Cow<'_, str>, Vec<Gap>) {
    let wrong = |detail: String| vec![Gap::new(GapCode::WrongEncoding, "", detail)];
    if let Some((encoding, length)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, faulty) = encoding.decode_without_bom_handling(bytes.get(length..).unwrap_or_default());
        let gaps =
            if encoding == encoding_rs::UTF_8 && !faulty { Vec::new() } else { wrong(encoding.name().to_owned()) };
        return (text, gaps);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), Vec::new()),
        Err(error) => (String::from_utf8_lossy(bytes), wrong(format!("byte {}", error.valid_up_to()))),
    }
}

/// One side of a conflict.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    First,
    Second,
}

fn has_conflict(text: &str) -> bool {
    let starts = text.starts_with("<<<<<<< ") || memmem::find(text.as_bytes(), b"\n<<<<<<< ").is_some();
    starts && memmem::find(text.as_bytes(), b"\n>>>>>>> ").is_some()
}

/// The text with only one side of each conflict, and the lines where conflicts begin, counted from 1.
fn resolve(text: &str, side: Side) -> (String, Vec<usize>) {
    #[derive(PartialEq)]
    enum Part {
        Common,
        First,
        Base,
        Second,
    }
    let mut kept = String::with_capacity(text.len());
    let (mut part, mut places) = (Part::Common, Vec::new());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if line.starts_with("<<<<<<< ") {
            places.push(index + 1);
            part = Part::First;
        } else if part != Part::Common && line.starts_with("||||||| ") {
            part = Part::Base;
        } else if part != Part::Common && line.trim_end() == "=======" {
            part = Part::Second;
        } else if part != Part::Common && line.starts_with(">>>>>>> ") {
            part = Part::Common;
        } else if match part {
            Part::Common => true,
            Part::First => side == Side::First,
            Part::Second => side == Side::Second,
            Part::Base => false,
        } {
            kept.push_str(line);
        }
    }
    (kept, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_recognised() {
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain("{é}".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for (bytes, text, gaps) in [
            (&b"plain"[..], "plain", 0),
            (b"\xef\xbb\xbfmarked", "marked", 0),
            (&utf16, "{é}", 1),
            (b"broken \xff", "broken \u{fffd}", 1),
        ] {
            let (decoded, found) = decode(bytes);
            assert_eq!((decoded.as_ref(), found.len()), (text, gaps));
        }
    }

    #[test]
    fn one_side_of_a_merge_is_kept() {
        let text = "a\n<<<<<<< HEAD\nb\n||||||| base\nx\n=======\nc\n>>>>>>> other\r\nd\n=======\n";
        assert!(has_conflict(text));
        assert_eq!(resolve(text, Side::First), ("a\nb\nd\n=======\n".to_owned(), vec![2]));
        assert_eq!(resolve(text, Side::Second).0, "a\nc\nd\n=======\n");
        assert!(!has_conflict("a\n=======\nb\n"));
    }
}
