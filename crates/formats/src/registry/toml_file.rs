// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The registry as TOML: `[[agency]]`, `[[system]]`, `[[deployment]]`, `[[mapping]]`.
//!
//! Keys may be any name of the column ([`columns`](super::columns)); lists may be arrays or one text with `;`. Syntax
//! errors do not hide the other problems: what can be read beside them is checked too.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::cells::Cell;
use super::columns::{Column, Kind, Shape, find};
use super::error::{Errors, Place};
use super::grid::{unknown_column_hint, unknown_kind};
use super::rows::RawRow;

/// Which line a byte is in.
struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    fn new(text: &str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1);
        Self { starts: std::iter::once(0).chain(ends).collect() }
    }

    fn place(&self, byte: usize) -> Place {
        Place::line(self.starts.partition_point(|start| *start <= byte))
    }
}

/// The rows of a TOML text.
pub(super) fn rows(text: &str, limit: usize, errors: &mut Errors) -> Vec<RawRow> {
    let lines = Lines::new(text);
    let (document, problems) = DeTable::parse_recoverable(text);
    for problem in problems {
        let place = problem.span().map_or_else(Place::default, |span| lines.place(span.start));
        errors.add(&place, "", problem.message(), "");
    }
    let mut rows = Vec::new();
    for (key, value) in document.get_ref() {
        let place = lines.place(key.span().start);
        let word = key.get_ref().as_ref();
        let Some(kind) = Kind::named(word) else {
            let (_, hint) = unknown_kind(word);
            let hint =
                if hint.is_empty() { "tables are: agency, system, deployment, mapping".to_owned() } else { hint };
            errors.add(&place, word, "there is no such table", hint);
            continue;
        };
        let header = format!("begin each {kind} with a line [[{kind}]]", kind = kind.as_str());
        match value.get_ref() {
            DeValue::Table(table) => rows.push(row(kind, lines.place(value.span().start), table, &lines, errors)),
            DeValue::Array(items) => {
                for item in items {
                    let place = lines.place(item.span().start);
                    if rows.len() >= limit {
                        let hint = "split the file, or raise registry_rows";
                        errors.add(&place, "", format!("more than {limit} rows"), hint);
                        return rows;
                    }
                    match item.get_ref() {
                        DeValue::Table(table) => rows.push(row(kind, place, table, &lines, errors)),
                        other => {
                            errors.add(&place, word, format!("a table is expected, not {}", name_of(other)), &*header)
                        }
                    }
                }
            }
            other => errors.add(&place, word, format!("a table is expected, not {}", name_of(other)), &*header),
        }
    }
    rows
}

fn row(kind: Kind, place: Place, table: &DeTable<'_>, lines: &Lines, errors: &mut Errors) -> RawRow {
    let mut cells: Vec<(&'static Column, Cell)> = Vec::new();
    let mut at_lines = Vec::new();
    for (key, value) in table {
        let at = lines.place(key.span().start);
        let name = key.get_ref().as_ref();
        let Some(column) = find(kind.columns(), name) else {
            let hint = unknown_column_hint(name, &[kind.columns()]).replace("columns are", "keys are");
            errors.add(&at, name, "there is no such key", hint);
            continue;
        };
        if cells.iter().any(|(earlier, _)| earlier.key == column.key) {
            errors.add(&at, column.key, "this is said by two keys", "keep one of them");
            continue;
        }
        if let Some(cell) = cell(column.key, column.shape, value, lines, errors) {
            cells.push((column, cell));
            at_lines.push(at.line);
        }
    }
    RawRow { kind, place, cells, lines: at_lines }
}

fn cell(key: &str, shape: Shape, value: &Spanned<DeValue<'_>>, lines: &Lines, errors: &mut Errors) -> Option<Cell> {
    let expected = match shape {
        Shape::Text | Shape::Word => "a text in quotation marks",
        Shape::List => "a list of texts",
        Shape::Number => "a whole number",
    };
    if let Some(text) = scalar(value.get_ref()) {
        return Some(Cell::Text(text));
    }
    let DeValue::Array(items) = value.get_ref() else {
        let problem = format!("{expected} is expected, not {}", name_of(value.get_ref()));
        errors.add(&lines.place(value.span().start), key, problem, "");
        return None;
    };
    let mut texts = Vec::with_capacity(items.len());
    for item in items {
        match scalar(item.get_ref()) {
            Some(text) => texts.push(text),
            None => {
                let problem = format!("a text is expected in the list, not {}", name_of(item.get_ref()));
                errors.add(&lines.place(item.span().start), key, problem, "");
            }
        }
    }
    Some(Cell::List(texts))
}

fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.as_ref().to_owned()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Some(number.to_string()),
            Err(_) => Some(number.as_str().to_owned()),
        },
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(value) => Some(value.to_string()),
        DeValue::Datetime(time) => Some(time.to_string()),
        DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

fn name_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
