// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tables as offices send them: text with any separator and encoding, or a spreadsheet.
//!
//! Traps: German Excel separates with `;` and writes Windows-1252; PowerShell and "Unicode text" give UTF-16; titles may stand above the
//! headings; cells of a spreadsheet may be numbers (version 1.10 is then 1.1, which nobody can tell); a spreadsheet is a zip
//! and may be a bomb, so it is measured before it is opened.

use std::borrow::Cow;
use std::io::Cursor;

use calamine::{Data, Reader as _, Sheets};
use underpin_model::Limits;

use super::survey_columns::Columns;
use crate::containers::{Kind, detect, measure_spreadsheet};
use crate::reader::Unreadable;
use crate::registry::separators;

/// Rows below the headings with their numbers, as a person counts them in that file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub columns: Columns,
    /// The headings as they stand there; of a spreadsheet only.
    pub headings: Vec<String>,
    pub rows: Vec<(u64, Vec<String>)>,
    /// True when the text was no UTF-8.
    pub is_recoded: bool,
    /// True when there are more rows than the limit.
    pub is_cut: bool,
    /// Cells that were longer than the limit for texts and were cut.
    pub long_cells: usize,
}

impl Table {
    fn new(columns: Columns, is_recoded: bool) -> Self {
        Self { columns, headings: Vec::new(), rows: Vec::new(), is_recoded, is_cut: false, long_cells: 0 }
    }

    /// Adds a row; false when there are too many.
    fn add(&mut self, line: u64, cells: Vec<String>, most_rows: usize, limits: &Limits) -> bool {
        self.is_cut = self.rows.len() >= most_rows;
        if self.is_cut {
            return false;
        }
        let shortened = cells.into_iter().map(|mut cell| {
            if cell.len() > limits.text_bytes {
                self.long_cells += 1;
                cell.truncate(cell.floor_char_boundary(limits.text_bytes));
            }
            cell
        });
        let cells = shortened.collect();
        self.rows.push((line, cells));
        true
    }
}

/// Rows in which headings are looked for: titles stand above them.
pub(super) const HEADING_ROWS: usize = 10;

/// Most that a spreadsheet may unpack to.
const SPREADSHEET_BYTES: u64 = 256 << 20;

/// Most of a text that is looked at to tell whether it is a survey.
const HEAD_BYTES: usize = 8 << 10;

/// True when the headings are those of a survey.
pub(super) fn has_headings(bytes: &[u8]) -> bool {
    if detect(bytes) == Some(Kind::Spreadsheet) {
        return spreadsheet(bytes, "", &Limits::default(), HEADING_ROWS).is_ok_and(|table| table.is_some());
    }
    separator(bytes).is_some()
}

/// The separator of a text that has the headings of a survey in its first lines.
pub(super) fn separator(bytes: &[u8]) -> Option<u8> {
    let head = bytes.get(..bytes.len().min(HEAD_BYTES)).unwrap_or_default();
    // Cut at a line's end, so that neither a character nor a quoted cell is cut.
    let head = match memchr::memrchr(b'\n', head) {
        Some(end) if head.len() < bytes.len() => head.get(..end).unwrap_or_default(),
        _ => head,
    };
    let (text, _) = decoded(head)?;
    headings(&text).map(|(separator, _, _)| separator)
}

/// Reads the table.
///
/// # Errors
/// When it cannot be opened, or has no headings of a survey.
pub(super) fn read(bytes: &[u8], path: &str, limits: &Limits) -> Result<Table, Unreadable> {
    let without = || Unreadable::new("no-headings", "", "no row names the columns of a survey");
    if detect(bytes) == Some(Kind::Spreadsheet) {
        return spreadsheet(bytes, path, limits, limits.components)?.ok_or_else(without);
    }
    let (text, is_recoded) = decoded(bytes).ok_or_else(|| Unreadable::new("wrong-encoding", "", "binary content"))?;
    let (separator, columns, headings_line) = headings(&text).ok_or_else(without)?;
    let mut table = Table::new(columns, is_recoded);
    for record in reader(&text, separator).records() {
        let Ok(record) = record else { continue };
        let line = record.position().map_or(0, csv::Position::line);
        if line <= headings_line {
            continue;
        }
        if !table.add(line, record.iter().map(str::to_owned).collect(), limits.components, limits) {
            break;
        }
    }
    Ok(table)
}

/// The text with plain line ends, for lines are counted wrongly otherwise; `None` for binary content. True when it was
/// neither UTF-8 nor UTF-16 with its mark and was taken as Windows-1252.
fn decoded(bytes: &[u8]) -> Option<(Cow<'_, str>, bool)> {
    let (text, is_recoded) = recoded(bytes)?;
    let text = if memchr::memchr(b'\r', text.as_bytes()).is_some() { text.replace("\r\n", "\n").into() } else { text };
    Some((text, is_recoded))
}

/// The same with the line ends as they stand there.
pub(super) fn recoded(bytes: &[u8]) -> Option<(Cow<'_, str>, bool)> {
    if let Some((encoding, mark_bytes)) = encoding_rs::Encoding::for_bom(bytes) {
        return Some((encoding.decode_without_bom_handling(bytes.get(mark_bytes..)?).0, false));
    }
    if memchr::memchr(0, bytes.get(..bytes.len().min(HEAD_BYTES))?).is_some() {
        return None;
    }
    match str::from_utf8(bytes) {
        Ok(text) => Some((Cow::Borrowed(text), false)),
        Err(_) => Some((encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0, true)),
    }
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    byte_reader(text.as_bytes(), separator)
}

pub(super) fn byte_reader(bytes: &[u8], separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(bytes)
}

/// Separator, columns and line of the headings.
fn headings(text: &str) -> Option<(u8, Columns, u64)> {
    separators(text).into_iter().find_map(|separator| {
        let records = reader(text, separator).into_records().take(HEADING_ROWS).map_while(Result::ok);
        records.into_iter().find_map(|record| {
            let line = record.position().map_or(0, csv::Position::line);
            Some((separator, Columns::find(record.iter())?, line))
        })
    })
}

/// The first sheet that has headings; `None` when none has.
pub(super) fn spreadsheet(
    bytes: &[u8],
    path: &str,
    limits: &Limits,
    most_rows: usize,
) -> Result<Option<Table>, Unreadable> {
    let limits = Limits { archive_bytes: limits.archive_bytes.min(SPREADSHEET_BYTES), ..limits.clone() };
    measure_spreadsheet(bytes, path, &limits)
        .map_err(|issue| Unreadable::new(issue.code.as_str(), issue.path, issue.detail))?;
    let malformed = |error: calamine::Error| Unreadable::new("malformed-spreadsheet", "", error.to_string());
    let mut book: Sheets<Cursor<&[u8]>> =
        calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(malformed)?;
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(malformed)?;
        let first_row = u64::from(range.start().map_or(0, |(row, _)| row)) + 1;
        let mut rows = (first_row..).zip(range.rows().map(|row| row.iter().map(cell).collect::<Vec<_>>()));
        let found = rows
            .by_ref()
            .take(HEADING_ROWS)
            .find_map(|(_, row)| Some((Columns::find(row.iter().map(String::as_str))?, row)));
        if let Some((columns, headings)) = found {
            let mut table = Table { headings, ..Table::new(columns, false) };
            for (line, row) in rows {
                if !table.add(line, row, most_rows, &limits) {
                    break;
                }
            }
            return Ok(Some(table));
        }
    }
    Ok(None)
}

fn cell(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(u64, String)> {
        let table = read(bytes, "x", &Limits::default()).unwrap();
        table.rows.into_iter().map(|(line, row)| (line, row.join("/"))).collect()
    }

    #[test]
    fn any_separator_and_encoding_is_read() {
        let utf_16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("System\tName\tVersion\r\nA\tü\t1\r\n".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        for (bytes, expected) in [
            (&b"system,name,version\nA,\"b, c\",1\n"[..], vec![(2, "A/b, c/1")]),
            (b"Umfrage 2026\n\nSystem;Software;Version;Wie sicher\nA;\xfc;1;sicher\n", vec![(4, "A/ü/1/sicher")]),
            ("\u{feff}System|Name|Version\nA|ü|1\n".as_bytes(), vec![(2, "A/ü/1")]),
            (&utf_16, vec![(2, "A/ü/1")]),
            (b"system^name^version\nA^b^1\n", vec![(2, "A/b/1")]),
            (b"System:Software:Version\nA:b:1-2\n", vec![(2, "A/b/1-2")]),
            (b"system,name,version\nA,b\nC,d,1,2\n", vec![(2, "A/b"), (3, "C/d/1/2")]),
        ] {
            assert!(has_headings(bytes));
            let expected: Vec<_> = expected.into_iter().map(|(line, row)| (line, row.to_owned())).collect();
            assert_eq!(rows(bytes), expected);
        }
    }

    #[test]
    fn spreadsheets_are_read() {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write_string(0, 0, "Notes").unwrap();
        let sheet = book.add_worksheet();
        for (column, heading) in (0..).zip(["System", "Komponente", "Version"]) {
            sheet.write_string(2, column, heading).unwrap();
        }
        sheet.write_string(3, 0, "A").unwrap();
        sheet.write_string(3, 1, "log4j").unwrap();
        sheet.write_number(3, 2, 2.5).unwrap();
        let bytes = book.save_to_buffer().unwrap();
        assert!(has_headings(&bytes));
        assert_eq!(rows(&bytes), [(4, "A/log4j/2.5".to_owned())]);
        assert!(!has_headings(&rust_xlsxwriter::Workbook::new().save_to_buffer().unwrap()));
    }

    #[test]
    fn other_tables_are_refused() {
        for bytes in [&b"name,version\na,1\n"[..], b"", b"\x00\x01\x02", b"just text\nand more\n"] {
            assert!(!has_headings(bytes));
            assert!(read(bytes, "x", &Limits::default()).is_err());
        }
    }
}
