// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Mending JSON whose texts are written wrongly: raw control characters, unknown escapes, half surrogate pairs.
//!
//! Descriptions pasted from elsewhere break documents this way. It is tried once, when strict reading failed, and only
//! inside texts: what is structure stays as it is, and a document broken there stays unreadable.

use std::fmt::Write;

/// A mended document.
#[derive(Debug, PartialEq, Eq)]
pub struct Mended {
    /// The text, which may now be valid JSON.
    pub text: String,
    /// The first place that was mended.
    pub place: String,
    /// How many places were mended.
    pub detail: String,
}

/// Mends what can be mended; `None` when there is nothing.
pub fn mend(text: &str) -> Option<Mended> {
    let mut mended = String::with_capacity(text.len() + text.len() / 64);
    let mut faults = 0_usize;
    let mut first = (0, 0);
    let (mut line, mut column) = (1_usize, 0_usize);
    let mut inside = false;
    let mut characters = text.char_indices();
    while let Some((position, character)) = characters.next() {
        column += 1;
        let rest = text.get(position + character.len_utf8()..).unwrap_or_default();
        let before = faults;
        match character {
            '"' => {
                inside = !inside;
                mended.push('"');
            }
            '\\' if inside => {
                let (taken, sound) = escape(rest, &mut mended);
                faults += usize::from(!sound);
                for _ in 0..taken {
                    characters.next();
                    column += 1;
                }
            }
            control if inside && control < ' ' => {
                faults += 1;
                write!(mended, "\\u{:04x}", u32::from(control)).ok()?;
            }
            other => mended.push(other),
        }
        if faults > before && before == 0 {
            first = (line, column);
        }
        if character == '\n' {
            line += 1;
            column = 0;
        }
    }
    (faults > 0).then(|| Mended {
        text: mended,
        place: format!("line {} column {}", first.0, first.1),
        detail: format!("{faults} characters or escapes that JSON does not allow in texts; read as meant"),
    })
}

/// Writes the escape whose backslash was just read; gives how many characters of `rest` it took, and whether it was
/// sound.
fn escape(rest: &str, mended: &mut String) -> (usize, bool) {
    match rest.chars().next() {
        Some(simple @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {
            mended.push('\\');
            mended.push(simple);
            (1, true)
        }
        Some('u') => match code_unit(rest) {
            Some(high @ 0xd800..0xdc00) => {
                let low = rest.get(5..).and_then(|rest| rest.strip_prefix('\\')).and_then(code_unit);
                if let Some(low @ 0xdc00..0xe000) = low {
                    mended.push_str(&format!("\\u{high:04x}\\u{low:04x}"));
                    return (11, true);
                }
                mended.push('\u{fffd}');
                (5, false)
            }
            Some(0xdc00..0xe000) => {
                mended.push('\u{fffd}');
                (5, false)
            }
            Some(unit) => {
                mended.push_str(&format!("\\u{unit:04x}"));
                (5, true)
            }
            None => {
                mended.push_str("\\\\");
                (0, false)
            }
        },
        _ => {
            mended.push_str("\\\\");
            (0, false)
        }
    }
}

/// The code unit of `uXXXX`.
fn code_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix('u')?.get(..4)?;
    if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) { u16::from_str_radix(digits, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_mended_and_structure_is_not() {
        for (text, expected, place) in [
            ("{\"a\":\"x\ny\"}", "{\"a\":\"x\\u000ay\"}", "line 1 column 8"),
            ("\n{\"a\":\"C:\\Users\"}", "\n{\"a\":\"C:\\\\Users\"}", "line 2 column 9"),
            ("\"\\ud800x\"", "\"\u{fffd}x\"", "line 1 column 7"),
            ("\"\\ud83d\\ude00\\t\" \"\\q\"", "\"\\ud83d\\ude00\\t\" \"\\\\q\"", "line 1 column 19"),
        ] {
            let mended = mend(text).expect("something to mend");
            assert_eq!((mended.text.as_str(), mended.place.as_str()), (expected, place), "{text:?}");
        }
        for text in ["{\"a\":1,}", "", "{\n\"a\": \"\\u00e4\\\\\"}", "\"\\"] {
            let mended = mend(text);
            assert!(
                mended.is_none_or(|mended| serde_json::from_str::<serde_json::Value>(&mended.text).is_err()),
                "{text}"
            );
        }
    }
}
