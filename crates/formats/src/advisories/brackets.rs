// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where the values of a JSON text begin and end, told by brackets outside texts. Nothing is checked here; nothing nests,
//! so depth costs nothing.

use super::fault::{Fault, FaultCode};

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Element<'a> {
    /// `line 7`, `byte 12`, or a JSON pointer.
    pub(super) place: String,
    /// The value.
    pub(super) bytes: &'a [u8],
}

/// Where the object or list that `bytes` begin with ends; `None` when it does not, or is none.
pub(super) fn end(bytes: &[u8]) -> Option<usize> {
    if !matches!(bytes.first(), Some(b'{' | b'[')) {
        return None;
    }
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => at = end_of_text(bytes, at)?,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Where the text that began before `at` ends.
fn end_of_text(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let found = at + memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        match bytes[found] {
            b'"' => return Some(found + 1),
            _ => at = found + 2,
        }
    }
}

/// Every line that is not empty.
pub(super) fn lines(bytes: &[u8]) -> Vec<Result<Element<'_>, Fault>> {
    let lines = bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).enumerate();
    let element = |(index, bytes): (usize, _)| Ok(Element { place: format!("line {}", index + 1), bytes });
    lines.filter(|(_, line)| !line.is_empty()).map(element).collect()
}

/// Objects one after the other.
pub(super) fn documents(bytes: &[u8]) -> Vec<Result<Element<'_>, Fault>> {
    let mut elements = Vec::new();
    let mut at = 0;
    while let Some(found) = next(bytes, &mut at, None, |at| format!("byte {at}"), &mut elements) {
        elements.push(Ok(Element { place: format!("byte {}", found.start), bytes: &bytes[found] }));
    }
    if let [Ok(one)] = elements.as_mut_slice() {
        one.place = "/".to_owned();
    }
    elements
}

/// The objects of the list that `bytes` begin with, which stands at `place`.
pub(super) fn list<'a>(bytes: &'a [u8], place: &str) -> Vec<Result<Element<'a>, Fault>> {
    let mut elements = Vec::new();
    let mut at = 1;
    let mut index = 0usize;
    while let Some(found) = next(bytes, &mut at, Some(b']'), |_| format!("{place}/{index}"), &mut elements) {
        elements.push(Ok(Element { place: format!("{place}/{index}"), bytes: &bytes[found] }));
        index += 1;
    }
    elements
}

/// The next object from `at` on, before `last`. What stands between objects and is neither blank nor a comma is a fault,
/// and so is an object that does not end.
fn next<'a>(
    bytes: &'a [u8],
    at: &mut usize,
    last: Option<u8>,
    place: impl Fn(usize) -> String,
    elements: &mut Vec<Result<Element<'a>, Fault>>,
) -> Option<std::ops::Range<usize>> {
    let rest = bytes.get(*at..)?;
    let gap = rest.iter().position(|&byte| byte == b'{' || Some(byte) == last).unwrap_or(rest.len());
    let stray = rest[..gap].iter().any(|byte| !byte.is_ascii_whitespace() && *byte != b',');
    let start = *at + gap;
    let mut fault = |detail: &'static str| {
        elements.push(Err(Fault::new(FaultCode::UnreadableRecord, place(start), detail)));
    };
    if stray {
        fault("something that is no object was passed over");
    }
    match bytes.get(start) {
        Some(b'{') => {
            let Some(length) = end(&bytes[start..]) else {
                fault("it breaks off");
                *at = bytes.len();
                return None;
            };
            *at = start + length;
            Some(start..*at)
        }
        Some(_) => None,
        None => {
            if last.is_some() {
                fault("the list breaks off");
            }
            *at = bytes.len();
            None
        }
    }
}

/// Key and text of the first list of objects in the object that `bytes` begin with.
pub(super) fn held_list(bytes: &[u8]) -> Option<(String, &[u8])> {
    let mut at = 1;
    let mut key: &[u8] = b"";
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let end = end_of_text(bytes, at + 1)?;
                key = &bytes[at + 1..end - 1];
                at = end;
            }
            b'{' | b'[' => {
                let value = &bytes[at..at + end(&bytes[at..])?];
                if byte == b'[' && value[1..].trim_ascii_start().first() == Some(&b'{') {
                    return Some((String::from_utf8_lossy(key).into_owned(), value));
                }
                at += value.len();
            }
            _ => at += 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_where_their_brackets_close() {
        for (text, length) in [
            ("{}", Some(2)),
            (r#"{"a":"}\"{"} rest"#, Some(12)),
            (r#"[[{}],"]"]x"#, Some(10)),
            ("{", None),
            (r#"{"a\"#, None),
            (r#"{"a"#, None),
            ("", None),
            ("7", None),
            ("}", None),
        ] {
            assert_eq!(end(text.as_bytes()), length, "{text}");
        }
        assert_eq!(end("[".repeat(1_000_000).as_bytes()), None);
    }

    #[test]
    fn a_list_is_found_in_its_object() {
        let text = br#"{"count": 2, "none": [1], "inner": {"no": [{}]}, "found": [ {"a": 1}], "later": [{}]}"#;
        let found = held_list(text).map(|(key, list)| (key, list.to_vec()));
        assert_eq!(found, Some(("found".to_owned(), br#"[ {"a": 1}]"#.to_vec())));
        assert_eq!(held_list(br#"{"a": "[{}]"}"#), None);
    }
}
