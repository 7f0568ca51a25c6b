// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A survey about several systems, taken apart: for each system a small survey with the headings and its rows.
//!
//! Of a text the lines are those of the file, byte for byte, so that a system whose rows did not change gives the same
//! bytes when the survey comes back; only UTF-16 becomes UTF-8, and every line ends as the headings do. A sheet is written as
//! CSV. Titles above the headings and empty rows belong to no system and are left to the whole, which is kept beside the parts.

use std::borrow::Cow;
use std::collections::HashMap;

use underpin_model::Limits;

use super::survey_columns::Columns;
use super::survey_table::{HEADING_ROWS, byte_reader, recoded, separator, spreadsheet};
use crate::containers::{Kind, detect};
use crate::parts::Part;

/// What the rows are called that name no system.
const WITHOUT_SYSTEM: &str = "no-system";

/// Longest name of a part, in characters.
const NAME_CHARACTERS: usize = 100;

/// The parts of a survey; none when all rows are about one system, or about none.
pub(crate) fn survey_parts(bytes: &[u8], path: &str, limits: &Limits) -> Vec<Part> {
    let groups = match detect(bytes) {
        Some(Kind::Spreadsheet) => of_sheet(bytes, path, limits),
        _ => of_text(bytes),
    };
    let groups = groups.map_or(Vec::new(), |groups| groups.list);
    if groups.len() < 2 { Vec::new() } else { groups }
}

/// The parts so far, and where each system has its own.
#[derive(Default)]
struct Groups {
    list: Vec<Part>,
    positions: HashMap<String, usize>,
}

impl Groups {
    /// The part of a system, which begins with the headings.
    fn of(&mut self, system: &str, headings: &[u8]) -> &mut Vec<u8> {
        let system = system.trim();
        let position = *self.positions.entry(system.to_lowercase()).or_insert_with(|| {
            self.list.push(Part { name: name(system), bytes: headings.to_vec() });
            self.list.len() - 1
        });
        &mut self.list[position].bytes
    }
}

/// A name that fits into a path.
fn name(system: &str) -> String {
    if system.is_empty() {
        return WITHOUT_SYSTEM.to_owned();
    }
    let fits = |c: char| if c.is_control() || "/\\!".contains(c) { '_' } else { c };
    system.chars().take(NAME_CHARACTERS).map(fits).collect()
}

fn of_text(bytes: &[u8]) -> Option<Groups> {
    let separator = separator(bytes)?;
    let (text, is_recoded) = recoded(bytes)?;
    let lines: Cow<'_, [u8]> = if is_recoded { Cow::Borrowed(bytes) } else { Cow::Borrowed(text.as_bytes()) };
    let cell = |cell: &[u8]| match is_recoded {
        true => encoding_rs::WINDOWS_1252.decode_without_bom_handling(cell).0.into_owned(),
        false => String::from_utf8_lossy(cell).into_owned(),
    };
    let mut reader = byte_reader(&lines, separator);
    let mut record = csv::ByteRecord::new();
    let mut groups = Groups::default();
    let mut found: Option<(Columns, Vec<u8>, &[u8])> = None;
    for number in 0_usize.. {
        let start = usize::try_from(reader.position().byte()).ok()?;
        if !reader.read_byte_record(&mut record).ok()? {
            break;
        }
        let end = usize::try_from(reader.position().byte()).ok()?;
        let line = without_line_ends(lines.get(start..end)?);
        match &found {
            None if number < HEADING_ROWS => {
                let cells: Vec<String> = record.iter().map(cell).collect();
                if let Some(columns) = Columns::find(cells.iter().map(String::as_str)) {
                    let line_end: &[u8] = if has_returns(&lines, end) { b"\r\n" } else { b"\n" };
                    found = Some((columns, [line, line_end].concat(), line_end));
                }
            }
            None => return None,
            Some(_) if record.iter().all(|cell| cell.trim_ascii().is_empty()) => {}
            Some((columns, headings, line_end)) => {
                let system = columns.system.and_then(|column| record.get(column)).map(cell).unwrap_or_default();
                let part = groups.of(&system, headings);
                part.extend_from_slice(line);
                part.extend_from_slice(line_end);
            }
        }
    }
    Some(groups)
}

/// True when the line that the reader has passed at this byte ends with a carriage return.
fn has_returns(lines: &[u8], end: usize) -> bool {
    lines.get(end.saturating_sub(2)..end.saturating_add(1)).is_some_and(|around| around.contains(&b'\r'))
}

fn without_line_ends(line: &[u8]) -> &[u8] {
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let start = line.iter().position(|byte| !is_end(byte)).unwrap_or(line.len());
    let end = line.iter().rposition(|byte| !is_end(byte)).map_or(start, |last| last + 1);
    line.get(start..end).unwrap_or_default()
}

fn of_sheet(bytes: &[u8], path: &str, limits: &Limits) -> Option<Groups> {
    // Here rows are only sorted: the limits of a document hold when each part is read.
    let limits = Limits { text_bytes: usize::MAX, ..limits.clone() };
    let table = spreadsheet(bytes, path, &limits, usize::MAX).ok()??;
    let headings = written(&table.headings)?;
    let mut groups = Groups::default();
    for (_, row) in table.rows.iter().filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty())) {
        let system = table.columns.system.and_then(|column| row.get(column)).map_or("", String::as_str);
        let line = written(row)?;
        groups.of(system, &headings).extend_from_slice(&line);
    }
    Some(groups)
}

/// A row as a line of CSV.
fn written(cells: &[String]) -> Option<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    writer.write_record(cells).ok()?;
    writer.into_inner().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::survey::READER;
    use super::*;
    use crate::reader::Context;

    fn shown(bytes: &[u8]) -> Vec<(String, String)> {
        let parts = survey_parts(bytes, "x", &Limits::default());
        let text = |bytes: Vec<u8>| bytes.iter().map(|byte| char::from(*byte)).collect();
        parts.into_iter().map(|part| (part.name, text(part.bytes))).collect()
    }

    fn expected(parts: &[(&str, &str)]) -> Vec<(String, String)> {
        parts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn every_system_gets_its_own_lines() {
        for (bytes, parts) in [
            (
                &b"system,name,version\nportal,log4j-core,2.14.1\ntax,nginx,1.18.0\n\"Portal\",\"a, \"\"b\"\"\nc\",1\n"
                    [..],
                &[
                    ("portal", "system,name,version\nportal,log4j-core,2.14.1\n\"Portal\",\"a, \"\"b\"\"\nc\",1\n"),
                    ("tax", "system,name,version\ntax,nginx,1.18.0\n"),
                ][..],
            ),
            (
                b"Umfrage 2026\r\n\r\nSystem;Software;Version\r\nA;x;1\r\n;;\r\n;y;2\r\n\r\nB/C!;z;3",
                &[
                    ("A", "System;Software;Version\r\nA;x;1\r\n"),
                    ("no-system", "System;Software;Version\r\n;y;2\r\n"),
                    ("B_C_", "System;Software;Version\r\nB/C!;z;3\r\n"),
                ],
            ),
            // Windows-1252 stays as it is.
            (
                b"System;Software;Verl\xe4sslichkeit\nB\xfcro;x;sicher\nA;y;sicher\n",
                &[
                    ("B\u{fc}ro", "System;Software;Verl\u{e4}sslichkeit\nB\u{fc}ro;x;sicher\n"),
                    ("A", "System;Software;Verl\u{e4}sslichkeit\nA;y;sicher\n"),
                ],
            ),
            (b"system,name,version\nportal,a,1\nPORTAL,b,2\n", &[]),
            (b"system,name,version\n,a,1\n", &[]),
            (b"name,how sure\na,sure\nb,sure\n", &[]),
            (b"system,name,version\n", &[]),
            (b"just text", &[]),
            (b"", &[]),
        ] {
            assert_eq!(shown(bytes), expected(parts), "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn utf_16_becomes_utf_8() {
        let text = "System\tName\tVersion\r\nÄ\tü\t1\r\nB\tx\t2\r\n";
        let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let parts = survey_parts(&bytes, "x", &Limits::default());
        let texts: Vec<_> = parts.iter().map(|part| std::str::from_utf8(&part.bytes).unwrap()).collect();
        assert_eq!(texts, ["System\tName\tVersion\r\nÄ\tü\t1\r\n", "System\tName\tVersion\r\nB\tx\t2\r\n"]);
    }

    #[test]
    fn sheets_are_written_as_csv() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let rows = [["Title", "", ""], ["System", "Software", "Version"], ["A", "x, y", "1"], ["B", "z", "2"]];
        for (row, cells) in (0..).zip(rows) {
            for (column, text) in (0..).zip(cells) {
                sheet.write_string(row, column, text).unwrap();
            }
        }
        let bytes = book.save_to_buffer().unwrap();
        let parts = [("A", "System,Software,Version\nA,\"x, y\",1\n"), ("B", "System,Software,Version\nB,z,2\n")];
        assert_eq!(shown(&bytes), expected(&parts));
    }

    proptest! {
        /// The parts together state what the whole states, and each about one system.
        #[test]
        fn nothing_is_lost_or_shared(
            rows in prop::collection::vec(("[abA]?", "[xyz\",;ü ]{0,4}", "[0-9.]{0,3}"), 0..12),
            crlf in any::<bool>(),
        ) {
            let end = if crlf { "\r\n" } else { "\n" };
            let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
            let mut text = format!("System;Name;Version{end}");
            for (system, name, version) in &rows {
                text.push_str(&format!("{system};{};{version}{end}", quoted(name)));
            }
            let limits = Limits::default();
            let stated = |bytes: &[u8]| {
                let bytes = bytes.to_vec();
                let inventory = (READER.read)(&bytes, &Context::new(&limits)).unwrap().into_owned();
                let systems: HashMap<u32, String> =
                    inventory.stated_systems.iter().map(|(index, system)| (*index, system.to_string())).collect();
                let components = (0_u32..).zip(inventory.components);
                components
                    .map(|(index, c)| (systems.get(&index).cloned().unwrap_or_default(), c.name.into_owned(), c.version.into_owned()))
                    .collect::<Vec<_>>()
            };
            let parts = survey_parts(text.as_bytes(), "x", &limits);
            if !parts.is_empty() {
                let mut together = Vec::new();
                for part in &parts {
                    let own = stated(&part.bytes);
                    let mut systems: Vec<_> = own.iter().map(|(system, _, _)| system.to_lowercase()).collect();
                    systems.dedup();
                    prop_assert!(systems.len() <= 1);
                    together.extend(own);
                }
                let mut whole = stated(text.as_bytes());
                whole.sort();
                together.sort();
                prop_assert_eq!(together, whole);
            }
        }
    }
}
