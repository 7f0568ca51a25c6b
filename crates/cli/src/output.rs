// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The one printer. Data goes to standard output, everything else to standard error; nothing depends on colour.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use serde_json::Value;
use underpin_model::COLLECTION_NOTE;
use underpin_office::watch::reports::ReportForm;
use underpin_office::{OfficeError, Result};
use underpin_render::spreadsheet::guarded;

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
    /// Findings for build servers and code hosts: SARIF 2.1.0.
    Sarif,
    /// Findings for build servers: JUnit XML.
    Junit,
}

impl Format {
    /// The report that it is, which only findings have.
    pub fn report(self) -> Option<ReportForm> {
        match self {
            Self::Sarif => Some(ReportForm::Sarif),
            Self::Junit => Some(ReportForm::Junit),
            Self::Table | Self::Json | Self::Ndjson | Self::Csv | Self::Parquet => None,
        }
    }
}

/// A word as it stands in JSON.
pub fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What other answers than findings have no form for.
pub fn only_findings() -> OfficeError {
    crate::context::usage("sarif and junit are forms of findings", "try `underpin findings --format sarif`")
}

/// How an answer is written.
#[derive(Clone, Copy, Debug)]
pub struct Printing {
    /// Format.
    pub format: Format,
    /// Rows of a table that are shown; other formats are not cut.
    pub rows: usize,
    /// Only the answer, no notes.
    pub quiet: bool,
}

/// An answer, ready for every format.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The whole answer as one object.
    pub json: Value,
    /// The rows inside it, for formats that only have rows.
    pub rows: Vec<Value>,
    /// Fields of these rows, in the order of the columns of a CSV; without them a CSV has the cells of the table, and where there
    /// is no table, all fields by name.
    pub fields: &'static [&'static str],
    /// Lines before the table.
    pub head: Vec<String>,
    /// Names of the columns of the table.
    pub columns: Vec<String>,
    /// Cells of the table.
    pub cells: Vec<Vec<String>>,
    /// Lines after the table: coverage, hints, what to ask next.
    pub notes: Vec<String>,
}

impl Answer {
    /// An answer of some lines and one object.
    pub fn said(head: Vec<String>, json: Value) -> Self {
        Self { rows: vec![json.clone()], json, head, ..Self::default() }
    }
}

impl Answer {
    /// Drops columns of the table that say nothing in any row.
    pub fn drop_empty_columns(&mut self) {
        let says = |index: usize| {
            self.cells.iter().any(|row| row.get(index).is_some_and(|cell| !matches!(cell.as_str(), "" | "–")))
        };
        let keep: Vec<bool> = (0..self.columns.len()).map(|index| self.cells.is_empty() || says(index)).collect();
        let kept = |cells: &mut Vec<String>| {
            let mut keep = keep.iter();
            cells.retain(|_| *keep.next().unwrap_or(&true));
        };
        kept(&mut self.columns);
        self.cells.iter_mut().for_each(kept);
    }
}

/// Writes an answer to standard output. What formats of rows have no place for goes to standard error.
///
/// # Errors
/// When standard output fails (a closed pipe is fine).
pub fn print(answer: &Answer, printing: Printing) -> Result<()> {
    let bytes = match printing.format {
        Format::Table => return write(table(answer, printing).as_bytes()),
        Format::Json => return write(visible(format!("{}\n", with_collection(answer))).as_bytes()),
        Format::Ndjson => visible(answer.rows.iter().map(|row| format!("{row}\n")).collect()).into_bytes(),
        Format::Csv => visible(csv(answer)?).into_bytes(),
        Format::Parquet => {
            refuse_binary_on_terminal()?;
            underpin_office::parquet_of_rows(answer.fields, &answer.rows)?
        }
        Format::Sarif | Format::Junit => return Err(only_findings()),
    };
    write(&bytes)?;
    if !printing.quiet {
        let lines = answer.head.iter().chain(&answer.notes);
        say(&lines.map(|line| format!("{}\n", clean(line))).collect::<String>());
        if is_extract(answer) {
            tell(COLLECTION_NOTE);
        }
    }
    Ok(())
}

/// Whether an answer is an extract of the collection: it says of which snapshot it is.
fn is_extract(answer: &Answer) -> bool {
    answer.json.get("snapshot").is_some()
}

/// The whole answer, with what an extract says about itself.
fn with_collection(answer: &Answer) -> Value {
    let mut json = answer.json.clone();
    if is_extract(answer) {
        json["collection"] = COLLECTION_NOTE.into();
    }
    json
}

/// On a terminal nothing from outside may steer it, whatever the format.
fn visible(text: String) -> String {
    if std::io::stdout().is_terminal() { text.split('\n').map(clean).collect::<Vec<_>>().join("\n") } else { text }
}

/// Writes files into a folder, which is made where it is missing; files of the same names are replaced.
///
/// # Errors
/// `not-written`, with the path; and what a file could not be made for.
pub fn write_files<'a>(folder: &Path, files: impl Iterator<Item = Result<(&'a str, Vec<u8>)>>) -> Result<()> {
    let failed = |path: &Path, error: &dyn std::fmt::Display| {
        OfficeError::new("not-written", format!("{}: {error}", path.display()))
            .hint("name a folder that you may write to")
    };
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    for file in files {
        let (name, bytes) = file?;
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(|error| failed(&path, &error))?;
    }
    Ok(())
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

fn table(answer: &Answer, printing: Printing) -> String {
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
        for row in answer.cells.iter().take(printing.rows) {
            table.add_row(row.iter().map(|cell| clean(cell)));
        }
        for line in table.to_string().lines() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        if answer.cells.len() > printing.rows {
            let left = answer.cells.len() - printing.rows;
            text.push_str(&format!("… and {left} more rows; --format csv or json gives all of them\n"));
        }
    }
    if printing.quiet {
        return text;
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

/// Text from outside must not steer the terminal, forge a line, or turn the direction of reading: what is not seen is
/// shown as a replacement character.
pub fn clean(text: &str) -> String {
    text.chars().map(|letter| if is_unseen(letter) { '\u{fffd}' } else { letter }).collect()
}

/// Controls (C0, C1, line and paragraph separators) and the marks that format or turn text.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}')
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

fn terminal_width() -> Option<u16> {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok())
}

/// The rows as CSV: the values themselves, with the snapshot and its time in each row.
///
/// # Errors
/// Never in memory; the writer may say so.
pub fn csv(answer: &Answer) -> Result<String> {
    let failed = |error: &dyn std::fmt::Display| OfficeError::new("csv", error.to_string());
    // Text in quotes stays one cell whatever separator a spreadsheet program expects.
    let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::NonNumeric).from_writer(Vec::new());
    let overview: Vec<&str> =
        ["snapshot", "as_of"].into_iter().filter(|name| answer.json.get(name).is_some()).collect();
    let all = all_fields(answer);
    let fields: Vec<&str> = if all.is_empty() { answer.fields.to_vec() } else { all };
    if fields.is_empty() {
        writer.write_record(&answer.columns).map_err(|error| failed(&error))?;
        for row in &answer.cells {
            writer.write_record(row.iter().map(|cell| guarded(cell))).map_err(|error| failed(&error))?;
        }
    } else {
        writer.write_record(fields.iter().chain(&overview)).map_err(|error| failed(&error))?;
        for row in &answer.rows {
            let own = fields.iter().map(|field| row.get(*field));
            let record = own.chain(overview.iter().map(|name| answer.json.get(name)));
            writer.write_record(record.map(|value| guarded(&plain(value)))).map_err(|error| failed(&error))?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}

/// The names of all fields, where neither fields are named nor a table is there: answers of one object, such as a report.
fn all_fields(answer: &Answer) -> Vec<&str> {
    if !answer.fields.is_empty() || !answer.columns.is_empty() {
        return Vec::new();
    }
    let names = answer.rows.iter().filter_map(Value::as_object).flat_map(|row| row.keys().map(String::as_str));
    let names: std::collections::BTreeSet<&str> = names.filter(|name| !matches!(*name, "snapshot" | "as_of")).collect();
    names.into_iter().collect()
}

/// One row as a line of a CSV with these fields.
///
/// # Errors
/// When it cannot be written.
pub fn csv_line(row: &Value, fields: &[&str]) -> Result<String> {
    let failed = |error: &dyn std::fmt::Display| OfficeError::new("csv", error.to_string());
    let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::NonNumeric).from_writer(Vec::new());
    let record = fields.iter().map(|field| guarded(&plain(row.get(*field))));
    writer.write_record(record).map_err(|error| failed(&error))?;
    let bytes = writer.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}

/// The header of such lines.
///
/// # Errors
/// When it cannot be written.
pub fn csv_header(fields: &[&str]) -> Result<String> {
    let names = fields.iter().map(|field| ((*field).to_owned(), Value::from(*field))).collect();
    csv_line(&Value::Object(names), fields)
}

/// A value as a cell: unknown is empty, lists are joined, paths in lists get arrows, objects stay JSON.
fn plain(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().map(item).collect::<Vec<_>>().join("; "),
        Some(other) => other.to_string(),
    }
}

/// A part of a list as text.
fn item(value: &Value) -> String {
    match value {
        Value::Array(steps) => steps.iter().map(|step| plain(Some(step))).collect::<Vec<_>>().join(" → "),
        other => plain(Some(other)),
    }
}

/// Prints an error: what, where, why, and what to do.
pub fn print_error(error: &OfficeError) {
    // Messages of several lines are ours; within each line nothing may steer the terminal.
    let lines = |text: &str| text.lines().map(clean).collect::<Vec<_>>().join("\n");
    let mut text = format!("error[{}]: {}\n", error.code, lines(&error.message));
    if !error.hint.is_empty() {
        text.push_str(&format!("hint: {}\n", lines(&error.hint)));
    }
    say(&text);
}

/// Prints what the reader of arguments says in the form of every error. Its last line becomes the hint.
pub fn print_usage_error(said: &str) {
    say(&usage_error(said));
}

fn usage_error(said: &str) -> String {
    // Without a command the reader prints the help itself.
    let Some(rest) = said.strip_prefix("error: ") else { return said.to_owned() };
    let lines = rest.trim_end().lines().filter(|line| !line.starts_with("For more information"));
    let text = lines.map(clean).collect::<Vec<_>>().join("\n");
    format!("error[usage]: {}\nhint: --help behind the command shows how it is called\n", text.trim_end())
}

/// Tells people, beside the answer.
pub fn tell(line: &str) {
    say(&format!("{}\n", clean(line)));
}

/// Writes to standard error. Nobody may be listening any more, and that is no reason to fail.
fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Names of columns.
pub fn columns(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A number with its noun: `1 system`, `2 systems`.
pub fn counted(count: impl Into<u64>, one: &str, several: &str) -> String {
    let count = count.into();
    format!("{count} {}", if count == 1 { one } else { several })
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
        for (text, shown) in [
            ("a\u{1b}[2Jb", "a\u{fffd}[2Jb"),
            ("a\nCoverage: all known", "a\u{fffd}Coverage: all known"),
            ("\u{9b}2J", "\u{fffd}2J"),
            ("gpj.\u{202e}exe", "gpj.\u{fffd}exe"),
            ("zu\u{200b}lib", "zu\u{fffd}lib"),
            ("größe ✓", "größe ✓"),
        ] {
            assert_eq!(clean(text), shown, "{text:?}");
        }
    }

    #[test]
    fn a_csv_holds_values_and_says_of_which_moment() {
        let answer = Answer {
            json: serde_json::json!({ "snapshot": 7, "as_of": "2026-01-01" }),
            rows: vec![serde_json::json!({ "name": "ok;=cmd", "direct": null, "documents": ["D1", "D2"], "sure": 70 })],
            fields: &["name", "direct", "documents", "sure"],
            ..Answer::default()
        };
        assert_eq!(
            csv(&answer).expect("writes"),
            "\"name\",\"direct\",\"documents\",\"sure\",\"snapshot\",\"as_of\"\n\
             \"ok;=cmd\",\"\",\"D1; D2\",70,7,\"2026-01-01\"\n"
        );
    }

    #[test]
    fn an_extract_says_what_it_is_and_other_answers_do_not() {
        let extract = Answer { json: serde_json::json!({ "snapshot": 7, "rows": [] }), ..Answer::default() };
        assert_eq!(with_collection(&extract)["collection"], COLLECTION_NOTE);
        for other in [serde_json::json!({ "days": 90 }), serde_json::json!([1, 2]), Value::Null] {
            let answer = Answer { json: other.clone(), ..Answer::default() };
            assert_eq!(with_collection(&answer), other);
        }
    }

    #[test]
    fn wrong_calls_are_told_like_other_errors() {
        let said = "error: unexpected argument '--x\u{1b}' found\n\nUsage: underpin a\n\nFor more information, try '--help'.\n";
        assert_eq!(
            usage_error(said),
            "error[usage]: unexpected argument '--x\u{fffd}' found\n\nUsage: underpin a\n\
             hint: --help behind the command shows how it is called\n"
        );
        assert_eq!(usage_error("Usage: underpin\n"), "Usage: underpin\n");
    }

    #[test]
    fn numbers_agree_with_their_nouns() {
        let shown = [0_u64, 1, 2].map(|count| counted(count, "agency", "agencies"));
        assert_eq!(shown, ["0 agencies", "1 agency", "2 agencies"]);
    }

    #[test]
    fn answers_of_one_object_have_all_their_fields() {
        let answer = Answer {
            rows: vec![serde_json::json!({ "b": [["x", "y"], ["z"]], "a": 1, "snapshot": 3 })],
            json: serde_json::json!({ "snapshot": 3 }),
            ..Answer::default()
        };
        assert_eq!(csv(&answer).expect("writes"), "\"a\",\"b\",\"snapshot\"\n1,\"x → y; z\",3\n");
    }

    #[test]
    fn columns_that_say_nothing_are_dropped() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let mut answer = Answer { columns: columns(&["a", "b", "c"]), ..Answer::default() };
        answer.cells = vec![row(["1", "–", ""]), row(["2", "–", "x"])];
        answer.drop_empty_columns();
        assert_eq!(
            (answer.columns, answer.cells),
            (columns(&["a", "c"]), vec![columns(&["1", ""]), columns(&["2", "x"])])
        );
    }
}
