// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Splits a tag-value document into its tags and values.
//!
//! A value is one line, or the text between `<text>` and `</text>` over several. Trap: an opening `<text>` without its
//! end must not swallow the packages behind it; then the line alone is the value.

/// One line, or several that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry<'t> {
    /// A tag and its value, without blanks around them.
    Tag(&'t str, &'t str),
    /// The same, but its text is opened and never closed.
    Unclosed(&'t str, &'t str),
    /// No tag.
    Malformed(&'t str),
}

/// Goes through the entries of a document, with the number of the line each begins in.
pub(super) struct Entries<'t> {
    rest: &'t str,
    line: u32,
    /// False once a text was found to be never closed: nothing behind it is closed either.
    closes: bool,
}

impl<'t> Entries<'t> {
    /// All entries of `text`.
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text, line: 1, closes: true }
    }

    /// Takes `length` bytes, and the line end behind them, off the rest.
    fn advance(&mut self, length: usize) {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        let ends = memchr::memchr_iter(b'\n', taken.as_bytes()).count();
        self.line = self.line.saturating_add(u32::try_from(ends).unwrap_or(u32::MAX));
        if let Some(rest) = rest.strip_prefix('\n') {
            self.line = self.line.saturating_add(1);
            self.rest = rest;
        } else {
            self.rest = rest;
        }
    }

    fn line_end(&self, from: usize) -> usize {
        let bytes = self.rest.as_bytes().get(from..).unwrap_or_default();
        memchr::memchr(b'\n', bytes).map_or(self.rest.len(), |end| from + end)
    }
}

impl<'t> Iterator for Entries<'t> {
    type Item = (u32, Entry<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let number = self.line;
            let end = self.line_end(0);
            let line = self.rest.get(..end).unwrap_or_default();
            if line.trim().is_empty() || line.trim_start().starts_with('#') {
                self.advance(end);
                continue;
            }
            let Some((tag, value)) = line.split_once(':') else {
                self.advance(end);
                return Some((number, Entry::Malformed(line.trim())));
            };
            let start = tag.len() + 1;
            let (tag, value) = (tag.trim(), value.trim());
            let Some(first) = value.strip_prefix("<text>") else {
                self.advance(end);
                return Some((number, Entry::Tag(tag, value)));
            };
            let body = self.rest.get(start..).and_then(|rest| rest.split_once("<text>")).map(|(_, body)| body);
            match body.filter(|_| self.closes).and_then(|body| body.split_once("</text>")) {
                Some((text, after)) => {
                    let closed = self.rest.len() - after.len();
                    self.advance(self.line_end(closed));
                    return Some((number, Entry::Tag(tag, text)));
                }
                None => {
                    self.closes = false;
                    self.advance(end);
                    return Some((number, Entry::Unclosed(tag, first)));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_and_their_lines() {
        let text = "# remark\n\nSPDXVersion: SPDX-2.2\r\nA: <text>one\ntwo</text>\nB:x:y\nrubbish\nC: <text>open\nD: <text>z</text>\nE:";
        let entries: Vec<_> = Entries::new(text).collect();
        assert_eq!(
            entries,
            [
                (3, Entry::Tag("SPDXVersion", "SPDX-2.2")),
                (4, Entry::Tag("A", "one\ntwo")),
                (6, Entry::Tag("B", "x:y")),
                (7, Entry::Malformed("rubbish")),
                (8, Entry::Tag("C", "open\nD: <text>z")),
                (10, Entry::Tag("E", "")),
            ]
        );
        let entries: Vec<_> = Entries::new("A: <text>open\nB: <text>open\nC: c").collect();
        assert_eq!(
            entries,
            [(1, Entry::Unclosed("A", "open")), (2, Entry::Unclosed("B", "open")), (3, Entry::Tag("C", "c"))]
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_ends(text in "[A-C:<>/\n te#x]{0,80}") {
            let lines = text.split('\n').count() as u32;
            proptest::prop_assert!(Entries::new(&text).all(|(line, _)| line <= lines));
        }
    }
}
