// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The one printer. Data goes to standard output, everything else to standard error; nothing depends on colour.

use std::io::{IsTerminal as _, Write as _};

use serde_json::Value;
use underpin_office::{OfficeError, Result};

/// How to write an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// One JSON object.
    Json,
    /// One JSON object a row.
    Ndjson,
    /// Comma-separated, with a header.
    Csv,
    /// One Parquet file.
    Parquet,
}

/// An answer, ready for every format.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The whole answer as one object.
    pub json: Value,
    /// The rows inside it, for formats that only have rows.
    pub rows: Vec<Value>,
    /// Lines before the table.
    pub head: Vec<String>,
    /// Names of the columns of the table.
    pub columns: Vec<String>,
    /// Cells of the table.
    pub cells: Vec<Vec<String>>,
    /// Lines after the table: coverage, hints, what to ask next.
    pub notes: Vec<String>,
}

/// Writes an answer to standard output.
///
/// # Errors
/// When standard output fails (a closed pipe is fine).
pub fn print(answer: &Answer, format: Format, rows_shown: usize) -> Result<()> {
    let bytes = match format {
        Format::Table => table(answer, rows_shown).into_bytes(),
        Format::Json => format!("{}\n", answer.json).into_bytes(),
        Format::Ndjson => answer.rows.iter().map(|row| format!("{row}\n")).collect::<String>().into_bytes(),
        Format::Csv => csv(answer)?,
        Format::Parquet => {
            refuse_binary_on_terminal()?;
            underpin_office::parquet_of_rows(&answer.rows)?
        }
    };
    write(&bytes)
}

/// Writes bytes to standard output.
///
/// # Errors
/// When standard output fails (a closed pipe is fine).
pub fn write(bytes: &[u8]) -> Result<()> {
    let mut output = std::io::stdout().lock();
    match output.write_all(bytes).and_then(|()| output.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(OfficeError::file(std::path::Path::new("standard output"), &error)),
        Ok(()) => Ok(()),
    }
}

/// Binary data on a terminal helps nobody.
///
/// # Errors
/// `usage` when standard output is a terminal.
pub fn refuse_binary_on_terminal() -> Result<()> {
    if std::io::stdout().is_terminal() {
        return Err(crate::context::usage(
            "Parquet is binary",
            "redirect it into a file: … --format parquet > answer.parquet",
        ));
    }
    Ok(())
}

fn table(answer: &Answer, rows_shown: usize) -> String {
    let mut text = String::new();
    for line in &answer.head {
        text.push_str(&clean(line));
        text.push('\n');
    }
    if !answer.cells.is_empty() {
        if !answer.head.is_empty() {
            text.push('\n');
        }
        let mut table = comfy_table::Table::new();
        table.load_style(comfy_table::presets::NOTHING);
        table.set_content_arrangement(comfy_table::ContentArrangement::Dynamic);
        if let Some(width) = terminal_width() {
            table.set_width(width);
        }
        table.set_header(answer.columns.iter().map(|column| column.to_uppercase()));
        for row in answer.cells.iter().take(rows_shown) {
            table.add_row(row.iter().map(|cell| clean(cell)));
        }
        for line in table.to_string().lines() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        if answer.cells.len() > rows_shown {
            let left = answer.cells.len() - rows_shown;
            text.push_str(&format!("… and {left} more rows; --format csv or json gives all of them\n"));
        }
    }
    if !answer.notes.is_empty() && !text.is_empty() {
        text.push('\n');
    }
    for line in &answer.notes {
        text.push_str(&clean(line));
        text.push('\n');
    }
    text
}

/// Text from outside must not steer the terminal.
pub fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c }).collect()
}

fn terminal_width() -> Option<u16> {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok())
}

/// The table as CSV.
///
/// # Errors
/// Never in memory; the writer may say so.
pub fn csv(answer: &Answer) -> Result<Vec<u8>> {
    let failed = |error: &dyn std::fmt::Display| OfficeError::new("csv", error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&answer.columns).map_err(|error| failed(&error))?;
    for row in &answer.cells {
        writer.write_record(row.iter().map(|cell| guarded(cell))).map_err(|error| failed(&error))?;
    }
    writer.into_inner().map_err(|error| failed(&error))
}

/// A spreadsheet must not take text for a formula.
fn guarded(cell: &str) -> String {
    let dangerous = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    // npm scopes begin with @ and are no formulas: a formula there needs a parenthesis.
    let scope = cell.starts_with('@') && !cell.contains('(');
    if dangerous && !scope { format!("'{cell}") } else { cell.to_owned() }
}

/// Prints an error: what, where, why, and what to do.
pub fn print_error(error: &OfficeError) {
    let mut text = format!("error[{}]: {}\n", error.code, clean(&error.message));
    if !error.hint.is_empty() {
        text.push_str(&format!("hint: {}\n", clean(&error.hint)));
    }
    eprint!("{text}");
}

/// Names of columns.
pub fn columns(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A yes, a no, or not known.
pub fn truth(value: Option<bool>) -> &'static str {
    match value {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    }
}

/// An empty text as a dash, so that a gap in a table is seen.
pub fn dash(text: &str) -> String {
    if text.is_empty() { "–".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_does_not_reach_the_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb"), "a\u{fffd}[2Jb");
    }

    #[test]
    fn formulas_are_text_in_spreadsheets() {
        assert_eq!(guarded("=1+1"), "'=1+1");
        assert_eq!(guarded("-5"), "-5");
        assert_eq!(guarded("@scope/name"), "@scope/name");
    }
}
