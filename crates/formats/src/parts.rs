// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files that hold several pieces of evidence: surveys about several systems, and JSON documents one after the other.
//!
//! Each part is a document of its own, with the bytes it has in the file: so nobody gets what is about somebody else, a
//! part that did not change is known again when the file comes back, and one part can be taken back or purged alone.

use serde::de::IgnoredAny;
use underpin_model::Limits;

use crate::manifests::{SURVEY, survey_parts};
use crate::reader::{Probe, Reader, detect};

/// A piece of evidence inside a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What to call it within the file: its number, or the system it is about. Without `/` and `!`.
    pub name: String,
    /// Its content, readable without the rest.
    pub bytes: Vec<u8>,
}

/// The parts of a file that `reader` takes; none when it is one piece of evidence or no evidence at all.
pub fn parts(probe: &Probe<'_>, reader: Option<&Reader>, limits: &Limits) -> Vec<Part> {
    if reader.is_some_and(|reader| reader.id == SURVEY) {
        return survey_parts(probe.bytes, probe.path, limits);
    }
    let values = if may_have_parts(probe.bytes) { values(probe.bytes, limits.archive_members) } else { Vec::new() };
    let is_evidence = |value: &&&[u8]| detect(&Probe { bytes: value, file_name: "", path: probe.path }).is_some();
    // One value with something behind it is a document with a fault; its reader says so.
    if values.iter().filter(is_evidence).take(2).count() < 2 {
        return Vec::new();
    }
    let part = |(number, bytes): (usize, &&[u8])| Part { name: number.to_string(), bytes: bytes.to_vec() };
    (1..).zip(&values).map(part).collect()
}

/// A cheap look whether JSON values may stand one after the other: inside one value a `}` is never followed by a `{`,
/// unless in a text.
pub fn may_have_parts(bytes: &[u8]) -> bool {
    let body = without_mark(bytes).trim_ascii_start();
    body.first() == Some(&b'{')
        && memchr::memchr_iter(b'{', body)
            .any(|at| body.get(..at).is_some_and(|before| before.trim_ascii_end().ends_with(b"}")))
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The values of a stream of JSON documents, at most so many; what follows them, whatever it is, is the last one.
fn values(bytes: &[u8], most: usize) -> Vec<&[u8]> {
    let body = without_mark(bytes);
    let mut stream = serde_json::Deserializer::from_slice(body).into_iter::<IgnoredAny>();
    let (mut found, mut start) = (Vec::new(), 0);
    while found.len() < most && matches!(stream.next(), Some(Ok(_))) {
        let end = stream.byte_offset();
        found.push(body.get(start..end).unwrap_or_default().trim_ascii());
        start = end;
    }
    let rest = body.get(start..).unwrap_or_default().trim_ascii();
    if !rest.is_empty() {
        found.push(rest);
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ONE: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"name":"a} {b"}]}"#;
    const OTHER: &str = r#"{"spdxVersion":"SPDX-2.3","name":"x","packages":[]}"#;

    fn named(text: &str) -> Vec<(String, String)> {
        let probe = Probe { bytes: text.as_bytes(), file_name: "x.json", path: "x.json" };
        let parts = parts(&probe, detect(&probe), &Limits::default());
        parts.into_iter().map(|part| (part.name, String::from_utf8(part.bytes).unwrap())).collect()
    }

    #[test]
    fn documents_one_after_the_other_are_parts() {
        for (text, expected) in [
            (format!("{ONE}\n{OTHER}\n"), vec![ONE, OTHER]),
            (format!("\u{feff}{ONE}{OTHER}"), vec![ONE, OTHER]),
            (format!("{ONE}\n{{\"log\":1}}\r\n{OTHER}"), vec![ONE, "{\"log\":1}", OTHER]),
            (format!("{{\"log\":1}}\n{ONE}\n{OTHER}"), vec!["{\"log\":1}", ONE, OTHER]),
            // What is cut off is kept as it is: its reader says that it is.
            (format!("{ONE}\n{OTHER}\n{}", &ONE[..60]), vec![ONE, OTHER, &ONE[..60]]),
            (ONE.to_owned(), vec![]),
            (format!("{ONE} and more"), vec![]),
            (format!("{ONE}\n{{\"log\":1}}"), vec![]),
            ("{\"a\":1}\n{\"b\":2}\n".to_owned(), vec![]),
            (format!("[{ONE},{OTHER}]"), vec![]),
            (String::new(), vec![]),
        ] {
            let expected: Vec<_> = (1..)
                .zip(expected)
                .map(|(number, text): (usize, &str)| (number.to_string(), text.to_owned()))
                .collect();
            assert_eq!(named(&text), expected, "{text}");
        }
    }

    #[test]
    fn the_cheap_look_tells_one_value_from_several() {
        for (text, expected) in [
            ("{}{}", true),
            ("{}  \r\n\t {}", true),
            ("{\"a\":{},\"b\":[{},{}]}", false),
            ("{\"a\":\"} {\"}", true),
            ("[{}{}]", false),
            ("", false),
        ] {
            assert_eq!(may_have_parts(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn many_values_stay_within_the_limit() {
        let text = format!("{OTHER}\n").repeat(5);
        let probe = Probe { bytes: text.as_bytes(), file_name: "", path: "" };
        let limits = Limits { archive_members: 3, ..Limits::default() };
        let parts = parts(&probe, detect(&probe), &limits);
        assert_eq!(parts.len(), 4);
        assert_eq!(parts[3].bytes, format!("{OTHER}\n{OTHER}").into_bytes());
    }

    proptest! {
        #[test]
        fn nothing_but_blanks_lies_between_the_parts(text in "[\\[\\]{}\":, a\\\\\n1]{0,60}") {
            let dense = |bytes: &[u8]| bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect::<Vec<_>>();
            let together: Vec<u8> = values(text.as_bytes(), 100).concat();
            prop_assert_eq!(dense(&together), dense(text.as_bytes()));
        }
    }
}
