// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Marks of copyright and licence inside a file, after the REUSE specification 3.3 and as its tool finds them.
//!
//! A mark is one line, in any comment. That somebody holds a copyright is kept; who it is, is not.

// REUSE-IgnoreStart

use std::borrow::Cow;

use memchr::memmem;

/// How much of a file tells whether it is a text.
const LOOK_BYTES: usize = 2_048;
/// How comments end that end by a mark.
const ENDS: &[&str] = &["--%>", "--}}", "-->", "#}", "'/", "*#", "*)", "*/", "-/", ":)", "=#", "}"];
// In two parts, so that this file does not end what it hides of itself.
const IGNORE_START: &str = concat!("REUSE-", "IgnoreStart");
const IGNORE_END: &str = concat!("REUSE-", "IgnoreEnd");

/// How marks begin.
const MARKS: &[&str] = &["SPDX-", "Copyright", "©"];

/// What a file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// Whether a copyright is claimed.
    pub(super) has_copyright: bool,
    /// Licence expressions as they stand there, with their lines.
    pub(super) expressions: Vec<(u32, String)>,
}

impl Marks {
    /// Whether it says anything.
    pub(super) fn says_something(&self) -> bool {
        self.has_copyright || !self.expressions.is_empty()
    }
}

/// Reads the marks of a file; a binary file has none.
pub(super) fn marks(bytes: &[u8]) -> Marks {
    let mut found = Marks::default();
    let Some(text) = text(bytes) else { return found };
    // Most files of most trees have no mark at all; that is seen without taking them apart.
    if MARKS.iter().all(|mark| memmem::find(text.as_bytes(), mark.as_bytes()).is_none()) {
        return found;
    }
    let text = if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")) } else { text };
    let mut is_ignored = false;
    for (number, line) in text.split('\n').enumerate() {
        let line = shown(line, &mut is_ignored);
        let Some(first) = first_mark(&line) else { continue };
        let line = without_mirror(&line, first);
        if has_copyright(line) {
            found.has_copyright = true;
        } else if let Some(value) = licence(line) {
            found.expressions.push((u32::try_from(number + 1).unwrap_or(u32::MAX), value.to_owned()));
        }
    }
    found
}

/// A file as text; `None` where it is none. UTF-16 shows itself by its first bytes, and what is no UTF-8 is read as Latin.
fn text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let head = bytes.get(..LOOK_BYTES).unwrap_or(bytes);
    if let Some((encoding, skip)) = encoding_rs::Encoding::for_bom(bytes) {
        let rest = bytes.get(skip..).unwrap_or_default();
        return Some(encoding.decode_without_bom_handling(rest).0);
    }
    let is_control = |byte: &u8| matches!(byte, 0..=6 | 14..=26 | 28..=31 | 127);
    if head.iter().any(is_control) {
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(Cow::Borrowed(text)),
        // A letter cut in two at the end of the look, or a fault further down, makes no other encoding.
        Err(error) if error.valid_up_to() + 4 > head.len() => Some(String::from_utf8_lossy(bytes)),
        Err(_) => Some(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0),
    }
}

/// A line without what stands between the marks that say to ignore it.
fn shown<'a>(line: &'a str, is_ignored: &mut bool) -> Cow<'a, str> {
    if !*is_ignored && !line.contains(IGNORE_START) {
        return Cow::Borrowed(line);
    }
    let (mut kept, mut rest) = (String::new(), line);
    loop {
        if *is_ignored {
            let Some((_, after)) = rest.split_once(IGNORE_END) else { return Cow::Owned(kept) };
            (rest, *is_ignored) = (after, false);
        } else if let Some((before, after)) = rest.split_once(IGNORE_START) {
            kept += before;
            (rest, *is_ignored) = (after, true);
        } else {
            return Cow::Owned(kept + rest);
        }
    }
}

/// Where the first mark of a line begins: an SPDX tag, or a word or sign of copyright.
fn first_mark(line: &str) -> Option<usize> {
    let tag = memmem::find_iter(line.as_bytes(), "SPDX-").find(|at| {
        let rest = line.get(at + 5..).unwrap_or_default();
        let word = rest.split(char::is_whitespace).next().unwrap_or_default();
        word.rfind(':').is_some_and(|colon| colon > 0)
    });
    [tag, line.find("Copyright"), line.find('©')].into_iter().flatten().min()
}

/// What a line says, without the mirror of its beginning at its end, as ASCII-art comments have it.
fn without_mirror(line: &str, first: usize) -> &str {
    let mirror: String = line.get(..first).unwrap_or_default().trim().chars().rev().collect();
    line.strip_suffix(mirror.as_str()).filter(|rest| rest.len() >= first).unwrap_or(line)
}

fn has_copyright(line: &str) -> bool {
    let claims = |rest: &str| {
        let signs = rest.trim_start();
        rest.starts_with(char::is_whitespace)
            || signs.starts_with('©')
            || signs.starts_with("(c)")
            || signs.starts_with("(C)")
    };
    line.contains("SPDX-FileCopyrightText:")
        || line.contains("SPDX-SnippetCopyrightText:")
        || line.contains('©')
        || line.match_indices("Copyright").any(|(at, word)| line.get(at + word.len()..).is_some_and(claims))
}

/// The licence expression of a line, without the end of its comment.
fn licence(line: &str) -> Option<&str> {
    let (_, value) = line.split_once("SPDX-License-Identifier:")?;
    let mut value = value.trim();
    while let Some(rest) = ENDS.iter().find_map(|end| value.strip_suffix(end)).or_else(|| without_quote(value)) {
        value = rest;
    }
    Some(value.trim_end())
}

/// Without the end of an attribute (`" />`) or of a footnote (`] ::`).
fn without_quote(value: &str) -> Option<&str> {
    if let Some(rest) = value.strip_suffix("::") {
        return rest.trim_end().strip_suffix(']');
    }
    let rest = value.strip_suffix('>')?.trim_end_matches('/').trim_end();
    rest.strip_suffix(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (bool, Vec<String>) {
        let found = marks(text.as_bytes());
        (found.has_copyright, found.expressions.into_iter().map(|(_, text)| text).collect())
    }

    #[test]
    fn lines_of_copyright() {
        for (line, expected) in [
            ("// SPDX-FileCopyrightText: 2020 Jane", true),
            ("SPDX-SnippetCopyrightText: Jane", true),
            ("# Copyright 2020 Jane", true),
            ("Copyright (C) Jane", true),
            ("Copyright(c) Jane", true),
            ("© Jane", true),
            ("Copyrighted work", false),
            ("copyright Jane", false),
            ("Copyright", false),
            ("(c) Jane", false),
        ] {
            assert_eq!(read(line).0, expected, "{line}");
        }
    }

    #[test]
    fn licences_lose_the_ends_of_comments() {
        for (line, expected) in [
            ("// SPDX-License-Identifier: MIT", "MIT"),
            ("/* SPDX-License-Identifier: MIT OR Apache-2.0 */", "MIT OR Apache-2.0"),
            ("<!-- SPDX-License-Identifier: MIT -->", "MIT"),
            ("<tag value=\"SPDX-License-Identifier: MIT\"/>", "MIT"),
            ("[SPDX-License-Identifier: MIT] ::", "MIT"),
            ("| SPDX-License-Identifier: MIT |", "MIT"),
            ("** SPDX-License-Identifier: MIT **", "MIT"),
            ("{# SPDX-License-Identifier: MIT #}", "MIT"),
            ("SPDX-License-Identifier:", ""),
        ] {
            assert_eq!(read(line).1, [expected], "{line}");
        }
        assert_eq!(read("SPDX-License: MIT").1, Vec::<String>::new());
        assert_eq!(read("a\r\nb\rSPDX-License-Identifier: MIT\r\n").1, ["MIT"]);
        assert_eq!(marks(b"a\r\nSPDX-License-Identifier: MIT").expressions, [(2, "MIT".to_owned())]);
    }

    #[test]
    fn what_is_to_be_ignored_is_ignored() {
        let (start, end) = (IGNORE_START, IGNORE_END);
        let (own, other) = ("SPDX-License-Identifier: ISC", "SPDX-License-Identifier: MIT");
        assert_eq!(read(&format!("{start}\n{other}\n{end}\n{own}\n")).1, ["ISC"]);
        assert!(!read(&format!("{start}\n© Jane")).0);
        assert!(read(&format!("© Jane {start} x {end}")).0);
    }

    #[test]
    fn binary_files_say_nothing_and_other_encodings_do() {
        assert_eq!(marks(b"\x89PNG\x00\x01Copyright 2020 Jane"), Marks::default());
        assert!(marks(b"\xff\xfe\xa9\x00 \x00J\x00").has_copyright, "UTF-16");
        assert!(marks("é Copyright Jane".as_bytes()).has_copyright);
        assert!(marks(b"Andr\xe9 \xa9 2020").has_copyright, "Latin");
    }
}

// REUSE-IgnoreEnd
