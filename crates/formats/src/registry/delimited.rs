// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Delimited text (CSV) as agencies really send it.
//!
//! The encoding is UTF-8 with or without byte order mark, UTF-16 with one, else Windows-1252. The separator is the
//! character (no letter, digit, blank or quotation mark) under which most words of the header are known columns, so that
//! a list inside a cell cannot be mistaken for columns; of several the likelier one. A first line `sep=;` (as Excel
//! writes it) is obeyed and passed over. Quoted fields may hold separators, line ends and doubled quotes.

use std::borrow::Cow;

use super::error::{Errors, Place};
use super::grid::{Grid, GridRow};

/// The usual separators, the likeliest first.
const USUAL_SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Most of a text that is searched for characters that may be its separator.
const HEAD_BYTES: usize = 8 << 10;

/// True for a character that can stand between cells: letters, digits and blanks are in the words, quotation marks
/// around them.
fn may_separate(byte: u8) -> bool {
    byte.is_ascii_punctuation() && byte != b'"' || byte.is_ascii_control() && !b"\0\r\n".contains(&byte)
}

/// The separators that a text may have, the likeliest first: the usual ones, then whatever else stands in its first lines.
pub(crate) fn separators(text: &str) -> Vec<u8> {
    let head = text.as_bytes().get(..text.len().min(HEAD_BYTES)).unwrap_or_default();
    let mut found = USUAL_SEPARATORS.to_vec();
    for byte in head.iter().copied().filter(|byte| may_separate(*byte)) {
        if !found.contains(&byte) {
            found.push(byte);
        }
    }
    found
}

/// Bytes to text: by byte order mark, else UTF-8, else Windows-1252 (in which every byte is a character).
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark_bytes)) = encoding_rs::Encoding::for_bom(bytes) {
        let body = bytes.get(mark_bytes..).unwrap_or_default();
        return encoding.decode_without_bom_handling(body).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Splits a text into rows. `is_known` says whether a word is the name of a column.
pub(super) fn grid(text: &str, is_known: impl Fn(&str) -> bool, rows: usize, errors: &mut Errors) -> Grid {
    let (stated, text, lines_before) = stated_separator(text);
    let separator = stated.unwrap_or_else(|| likeliest_separator(text, is_known));
    if let Some(line) = unclosed_quote(text, separator) {
        errors.add(
            &Place::line(line + lines_before),
            "",
            "a quoted cell begins here and never ends",
            "close the cell with a quotation mark; a quotation mark inside a quoted cell is written twice",
        );
        return Grid::default();
    }
    let mut grid = Grid::default();
    let mut reader = reader(text, separator);
    let mut record = csv::StringRecord::new();
    let mut counter = LineCounter { text: text.as_bytes(), counted_bytes: 0, line: 1 + lines_before };
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return grid,
            Err(error) => {
                let place = Place::line(error.position().map_or(0, |position| counter.line_at(position.byte())));
                errors.add(&place, "", format!("this line cannot be read: {error}"), "");
                return grid;
            }
        }
        let line = record.position().map_or(0, |position| counter.line_at(position.byte()));
        if grid.rows.len() > rows {
            errors.add(
                &Place::line(line),
                "",
                format!("more than {rows} rows"),
                "split the file, or raise registry_rows",
            );
            return grid;
        }
        grid.rows.push(GridRow { line, cells: record.iter().map(str::to_owned).collect() });
    }
}

/// Line numbers of growing positions. The reader's own count does not see the empty lines before a record.
struct LineCounter<'a> {
    text: &'a [u8],
    counted_bytes: usize,
    line: usize,
}

impl LineCounter<'_> {
    /// The line of the record that the reader began to look for at this byte.
    fn line_at(&mut self, byte: u64) -> usize {
        let from = usize::try_from(byte).unwrap_or(usize::MAX).max(self.counted_bytes);
        let rest = self.text.get(from..).unwrap_or_default();
        let line_ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let until = from.saturating_add(line_ends);
        let passed = self.text.get(self.counted_bytes..until).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', passed).count();
        self.counted_bytes = until;
        self.line
    }
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes())
}

/// The separator that a first line `sep=;` states, the text after it, and the number of lines taken away.
fn stated_separator(text: &str) -> (Option<u8>, &str, usize) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let stated = first.trim_end_matches('\r').strip_prefix("sep=").map(str::as_bytes);
    match stated {
        Some([separator]) if may_separate(*separator) => (Some(*separator), rest, 1),
        _ => (None, text, 0),
    }
}

/// The separator with most known words in one of the first lines; the likelier one when several are equal.
fn likeliest_separator(text: &str, is_known: impl Fn(&str) -> bool) -> u8 {
    let known = |separator: u8| {
        reader(text, separator)
            .records()
            .take(super::grid::HEADER_WITHIN_ROWS)
            .filter_map(Result::ok)
            .map(|record| record.iter().take(super::grid::COLUMNS).filter(|cell| is_known(cell)).count())
            .max()
            .unwrap_or(0)
    };
    let mut best = (USUAL_SEPARATORS[0], 0);
    for separator in separators(text) {
        let count = known(separator);
        if count > best.1 {
            best = (separator, count);
        }
    }
    best.0
}

/// The line where a quoted cell begins that the text never closes.
fn unclosed_quote(text: &str, separator: u8) -> Option<usize> {
    let mut line = 1;
    let mut opened = None;
    let mut at_cell_start = true;
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'\n' {
            line += 1;
        }
        if opened.is_some() {
            if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
                opened = None;
            }
            at_cell_start = false;
            continue;
        }
        if byte == b'"' && at_cell_start {
            opened = Some(line);
        }
        at_cell_start = byte == separator || byte == b'\n' || byte == b'\r';
    }
    opened
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> (Vec<(usize, Vec<String>)>, Vec<String>) {
        let mut errors = Errors::new("x.csv");
        let grid = grid(text, |word| ["id", "name", "aliases"].contains(&word.trim()), 100, &mut errors);
        let problems = errors.finish().iter().map(ToString::to_string).collect();
        (grid.rows.into_iter().map(|row| (row.line, row.cells)).collect(), problems)
    }

    fn row(line: usize, cells: &[&str]) -> (usize, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn every_separator_is_found_and_lines_are_counted() {
        for separator in [",", ";", "\t", "|", ":", "^", "~", "#", "\u{1f}"] {
            let text = format!("id{separator}name\r\n\r\na{separator}\"x{separator}\n\"\"y\"\r\nb{separator}z\r\n");
            let (found, problems) = rows(&text);
            let cell = format!("x{separator}\n\"y");
            assert_eq!(found, [row(1, &["id", "name"]), row(3, &["a", &cell]), row(5, &["b", "z"])], "{separator:?}");
            assert!(problems.is_empty());
        }
    }

    #[test]
    fn a_list_in_a_cell_is_no_separator() {
        let (found, _) = rows("id,name,aliases\na,b,c; d; e | f ; g\n");
        assert_eq!(found[1], row(2, &["a", "b", "c; d; e | f ; g"]));
    }

    #[test]
    fn characters_inside_words_are_no_separators() {
        assert_eq!(rows("id,name\na-b,c_d/e.f\n").0, [row(1, &["id", "name"]), row(2, &["a-b", "c_d/e.f"])]);
    }

    #[test]
    fn excel_states_its_separator() {
        assert_eq!(rows("sep=|\r\nid|x\r\n1|2").0, [row(2, &["id", "x"]), row(3, &["1", "2"])]);
        assert_eq!(rows("sep=^\r\nid^x\r\n1^2").0, [row(2, &["id", "x"]), row(3, &["1", "2"])]);
    }

    #[test]
    fn an_open_quote_is_named_where_it_begins() {
        let (found, problems) = rows("id,name\na,\"b\nc,d\n");
        assert!(found.is_empty());
        assert_eq!(
            problems,
            ["x.csv, line 2: a quoted cell begins here and never ends\nhint: close the cell with a quotation mark; \
              a quotation mark inside a quoted cell is written twice"]
        );
        assert!(rows("id,name\na,5\" pipe\n").1.is_empty(), "a quotation mark inside a plain cell is a character");
    }

    #[test]
    fn encodings() {
        for bytes in [
            "Behörde;ß€".as_bytes(),
            b"\xef\xbb\xbfBeh\xc3\xb6rde;\xc3\x9f\xe2\x82\xac",
            b"Beh\xf6rde;\xdf\x80",
            b"\xff\xfeB\0e\0h\0\xf6\0r\0d\0e\0;\0\xdf\0\xac\x20",
        ] {
            assert_eq!(decode(bytes), "Behörde;ß€");
        }
    }
}
