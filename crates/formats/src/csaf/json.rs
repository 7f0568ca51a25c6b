// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Looking into a JSON document that may have any shape: what is not there, or of another type, is empty.

use std::borrow::Cow;
use std::fmt::Write;

use serde_json::Value;
use underpin_model::Timestamp;
use underpin_model::gap::{GapCode, Gaps};
use underpin_model::inventory::Text;

use crate::reader::Unreadable;

/// Reads the whole document; an unusual encoding is reported.
///
/// # Errors
/// `malformed-json`, `truncated-document` or `too-deep`, with line and column.
pub fn parse(bytes: &[u8], gaps: &mut Gaps) -> Result<Value, Unreadable> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes);
    if let Cow::Owned(_) = text {
        gaps.add(GapCode::WrongEncoding, "/", "UTF-8 with replacement characters");
    }
    serde_json::from_str(&text).map_err(|error| {
        let detail = error.to_string();
        let code = match () {
            () if error.is_eof() => GapCode::TruncatedDocument.as_str(),
            () if detail.starts_with("recursion limit") => GapCode::TooDeep.as_str(),
            () => "malformed-json",
        };
        let detail = detail.split(" at line ").next().unwrap_or_default().to_owned();
        Unreadable::new(code, format!("line {} column {}", error.line(), error.column()), detail)
    })
}

/// The text of a field; empty when it is missing or no text.
pub fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The elements of a list; none when it is missing or no list.
pub fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The texts of a list.
pub fn texts<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v str> {
    list(value, key).iter().filter_map(Value::as_str)
}

/// A JSON pointer (RFC 6901) one step longer. Long keys are cut.
pub fn step(place: &str, key: impl std::fmt::Display) -> String {
    let key: String = key.to_string().chars().take(100).collect();
    let mut longer = String::with_capacity(place.len() + key.len() + 1);
    // Writing to a string never fails.
    let _ = write!(longer, "{place}/{}", key.replace('~', "~0").replace('/', "~1"));
    longer
}

/// Takes texts over, cut where they are too long, and collects what is wrong.
#[derive(Debug)]
pub struct Taking {
    /// Deviations found.
    pub gaps: Gaps,
    /// Longest text, in bytes.
    pub text_bytes: usize,
}

impl Taking {
    /// The text, cut when it is longer than the limit.
    pub fn take(&mut self, text: &str, place: impl FnOnce() -> String) -> Text<'static> {
        if text.len() <= self.text_bytes {
            return Cow::Owned(text.to_owned());
        }
        self.gaps.add_with(GapCode::TextTooLong, || (place(), format!("{} bytes", text.len())));
        let end = (0..=self.text_bytes).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
        Cow::Owned(text.get(..end).unwrap_or_default().to_owned())
    }

    /// The text of a field.
    pub fn field(&mut self, value: &Value, key: &str, place: &str) -> Text<'static> {
        match value.get(key) {
            None => Cow::Borrowed(""),
            Some(Value::String(text)) => self.take(text, || step(place, key)),
            Some(Value::Number(number)) => Cow::Owned(number.to_string()),
            Some(_) => {
                self.gaps.add_with(GapCode::WrongType, || (step(place, key), "no text"));
                Cow::Borrowed("")
            }
        }
    }

    /// The time of a field; one that cannot be read is reported.
    pub fn time(&mut self, value: &Value, key: &str, place: &str) -> Option<Timestamp> {
        let stated = text(value, key);
        if stated.is_empty() {
            return None;
        }
        let time = stated.parse().ok();
        if time.is_none() {
            let shown: String = stated.chars().take(60).collect();
            self.gaps.add_with(GapCode::InvalidTime, || (step(place, key), shown));
        }
        time
    }
}

/// One text from several, each on its own line.
pub fn joined<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_characters() {
        let mut taking = Taking { gaps: Gaps::default(), text_bytes: 4 };
        for (text, expected, gaps) in [("abcd", "abcd", 0), ("abcdé", "abcd", 1), ("abcé", "abc", 2)] {
            assert_eq!(taking.take(text, || "/x".to_owned()), expected);
            assert_eq!(taking.gaps.count(GapCode::TextTooLong), gaps, "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_named() {
        let deep = "[".repeat(200);
        for (text, code) in [
            ("", "truncated-document"),
            ("{\"a\":", "truncated-document"),
            ("<html>", "malformed-json"),
            ("{} x", "malformed-json"),
            (&deep, "too-deep"),
        ] {
            let error = parse(text.as_bytes(), &mut Gaps::default()).expect_err("no JSON");
            assert_eq!(error.code, code, "{text}");
        }
        let mut gaps = Gaps::default();
        assert!(parse(b"\xef\xbb\xbf{\"a\":\"\xff\"}", &mut gaps).is_ok());
        assert_eq!(gaps.count(GapCode::WrongEncoding), 1);
    }

    #[test]
    fn places_are_json_pointers() {
        assert_eq!(step(&step("", "a/b"), 3), "/a~1b/3");
    }
}
