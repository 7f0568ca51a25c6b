// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The text of a record, made readable where it breaks the rules of its encoding.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};

/// Visitor methods for everything that is not what was expected: gone through and replaced by `$instead`.
macro_rules! otherwise {
    ($instead:expr; $($kind:ident),*) => { $($crate::advisories::text::otherwise!(@ $kind $instead);)* };
    (@ truth $instead:expr) => {
        fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Self::Value, E> {
            Ok($instead)
        }
    };
    (@ negative $instead:expr) => {
        fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Self::Value, E> {
            Ok($instead)
        }
    };
    (@ float $instead:expr) => {
        fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Self::Value, E> {
            Ok($instead)
        }
    };
    (@ nothing $instead:expr) => {
        fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
            Ok($instead)
        }
    };
    (@ sequence $instead:expr) => {
        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, sequence: A) -> Result<Self::Value, A::Error> {
            serde::de::IgnoredAny.visit_seq(sequence)?;
            Ok($instead)
        }
    };
}
pub(super) use otherwise;

/// A text that is borrowed where it stands as it is: `Cow` with serde's own means is copied inside lists.
#[derive(Clone, Copy)]
pub(super) struct TextSeed;

impl<'de> DeserializeSeed<'de> for TextSeed {
    type Value = Cow<'de, str>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for TextSeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    #[inline]
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// The text of a record without byte order mark. Owned when it had to be mended: bytes that are no UTF-8, and halves of
/// characters written as `\ud83d` (left by producers that cut texts of two-byte units), become `U+FFFD`.
pub(super) fn readable(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    };
    match mended(&text) {
        Some(mended) => Cow::Owned(mended),
        None => text,
    }
}

/// The text with halves of characters replaced; `None` when there are none.
fn mended(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out: Option<String> = None;
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        let escape = at + found;
        match (unit(bytes, escape), unit(bytes, escape + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => at = escape + 12,
            (Some(0xd800..=0xdfff), _) => {
                let out = out.get_or_insert_default();
                out.push_str(&text[copied..escape]);
                out.push_str("\\ufffd");
                at = escape + 6;
                copied = at;
            }
            _ => at = escape + 2,
        }
    }
    out.map(|out| out + &text[copied..])
}

/// The two-byte unit that an escape at `at` writes.
fn unit(bytes: &[u8], at: usize) -> Option<u16> {
    let escape = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    escape.iter().try_fold(0, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)? as u16))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_characters_are_replaced() {
        for (text, expected) in [
            (r#""plain \u00e9 \ud83d\ude00""#, None),
            (r#""cut \ud83d""#, Some(r#""cut \ufffd""#)),
            (r#""\ude00\ud83d\ude00\ud83d\ud83d\ude00""#, Some(r#""\ufffd\ud83d\ude00\ufffd\ud83d\ude00""#)),
            (r#""\\ud83d""#, None),
            (r#""\\\ud83dé""#, Some(r#""\\\ufffdé""#)),
            (r#""\ud8"#, None),
            ("\\", None),
        ] {
            assert_eq!(mended(text).as_deref(), expected, "{text}");
        }
        assert!(matches!(readable(b"\xef\xbb\xbf{}"), Cow::Borrowed("{}")));
        assert_eq!(readable(b"{\"a\":\"\xff\"}"), "{\"a\":\"\u{fffd}\"}");
    }
}
