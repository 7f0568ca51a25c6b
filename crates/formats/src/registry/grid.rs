// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A sheet or a delimited text as rows of cells, and how its columns are recognised.
//!
//! The header is the first line with at least two known column names (one, if it has only one cell); title lines above
//! it are passed over. Columns without a header must be empty.

use std::sync::Arc;

use super::cells::{Cell, unguard};
use super::columns::{Column, KIND, Kind, did_you_mean, find, normal};
use super::error::{Errors, Place};
use super::rows::RawRow;

/// Lines among which the header is looked for.
pub(super) const HEADER_WITHIN_ROWS: usize = 20;

/// Cells of one line that are looked at; no registry has more.
pub(super) const COLUMNS: usize = 256;

/// One line.
#[derive(Debug, Default)]
pub(super) struct GridRow {
    pub line: usize,
    pub cells: Vec<String>,
}

impl GridRow {
    fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// One sheet, or one delimited text.
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub sheet: Option<Arc<str>>,
    pub rows: Vec<GridRow>,
}

/// What a header says about one table of columns: for each column of the grid, which column of the table it is.
type Header = Vec<Option<&'static Column>>;

impl Grid {
    fn place(&self, row: &GridRow) -> Place {
        Place { sheet: self.sheet.clone(), line: row.line }
    }

    /// The header and the lines below it. `is_known` says whether a word names a column.
    pub fn header(&self, is_known: impl Fn(&str) -> bool) -> Option<(&GridRow, &[GridRow])> {
        let named = |row: &GridRow| {
            let filled = row.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
            let known = row.cells.iter().take(COLUMNS).filter(|cell| is_known(cell)).count();
            known >= 2 || (known == 1 && filled == 1)
        };
        let found = self.rows.iter().take(HEADER_WITHIN_ROWS).position(named);
        let index = found.or_else(|| self.rows.iter().position(|row| !row.is_empty()))?;
        let (before, below) = self.rows.split_at_checked(index + 1)?;
        Some((before.last()?, below))
    }

    /// Reads the lines as rows of one table of columns (a binding manifest).
    pub fn records(&self, table: &'static [Column], errors: &mut Errors) -> Vec<(Place, Vec<(&'static Column, Cell)>)> {
        let Some((header, below)) = self.header(|word| find(table, word).is_some()) else { return Vec::new() };
        let place = self.place(header);
        report_unknown(header, &place, &[table], errors);
        report_lacking(header, &place, table, errors);
        let columns: Header = header.cells.iter().map(|cell| find(table, cell)).collect();
        below
            .iter()
            .filter(|row| !row.is_empty())
            .map(|row| (self.place(row), cells_of(row, &columns, &header.cells, &self.place(row), errors)))
            .collect()
    }

    /// Reads the lines as rows of a registry. `hint` is the kind that the name of the file or sheet suggests.
    pub fn registry_rows(&self, hint: Option<Kind>, errors: &mut Errors) -> Vec<RawRow> {
        let Some((header, below)) = self.header(is_known) else { return Vec::new() };
        let place = self.place(header);
        if let Some(kind_index) = header.cells.iter().position(|cell| names_kind_column(cell)) {
            return self.mixed_rows(header, below, kind_index, errors);
        }
        let Some(kind) = kind_of(header, hint) else {
            let whole = format!("the columns do not say what the rows are: {}", shown(&header.cells));
            errors.add(&place, "", whole, KIND_HINT);
            return Vec::new();
        };
        report_unknown(header, &place, &[kind.columns()], errors);
        report_lacking(header, &place, kind.columns(), errors);
        let columns: Header = header.cells.iter().map(|cell| find(kind.columns(), cell)).collect();
        let mut rows = Vec::with_capacity(below.len());
        for row in below.iter().filter(|row| !row.is_empty()) {
            let place = self.place(row);
            let cells = cells_of(row, &columns, &header.cells, &place, errors);
            rows.push(RawRow { kind, place, cells, lines: Vec::new() });
        }
        rows
    }

    fn mixed_rows(&self, header: &GridRow, below: &[GridRow], kind_index: usize, errors: &mut Errors) -> Vec<RawRow> {
        let tables = Kind::ALL.map(Kind::columns);
        report_unknown(header, &self.place(header), &tables, errors);
        let headers = tables.map(|table| -> Header { header.cells.iter().map(|cell| find(table, cell)).collect() });
        let mut rows = Vec::with_capacity(below.len());
        for row in below.iter().filter(|row| !row.is_empty()) {
            let place = self.place(row);
            let word = row.cells.get(kind_index).map_or("", |cell| cell.trim());
            let Some(kind) = Kind::named(word) else {
                let (problem, hint) = unknown_kind(word);
                errors.add(&place, KIND.key, problem, hint);
                continue;
            };
            let mut columns = headers[kind as usize].clone();
            for (index, cell) in row.cells.iter().enumerate() {
                let belongs = index == kind_index || columns.get(index).is_none_or(Option::is_some);
                if !belongs && !cell.trim().is_empty() && header.cells.get(index).is_some_and(|name| is_known(name)) {
                    let name = header.cells.get(index).map_or("", |name| name.trim());
                    errors.add(
                        &place,
                        name,
                        format!("{} has no such column", kind.with_article()),
                        "leave the cell empty",
                    );
                }
            }
            if let Some(column) = columns.get_mut(kind_index) {
                *column = None;
            }
            let cells = cells_of(row, &columns, &header.cells, &place, errors);
            rows.push(RawRow { kind, place, cells, lines: Vec::new() });
        }
        rows
    }
}

const KIND_HINT: &str = "add a column kind with agency, system, deployment or mapping in each row, or call the file or \
                         sheet agencies, systems, deployments or mappings";

/// True when the word names a column of any kind of row.
pub(super) fn is_known(word: &str) -> bool {
    names_kind_column(word) || Kind::ALL.iter().any(|kind| find(kind.columns(), word).is_some())
}

fn names_kind_column(word: &str) -> bool {
    let word = normal(word);
    normal(KIND.key) == word || KIND.names.iter().any(|name| normal(name) == word)
}

/// Problem and hint for a kind that does not exist.
pub(super) fn unknown_kind(word: &str) -> (String, String) {
    let known = Kind::ALL.map(Kind::as_str);
    let problem = if word.is_empty() {
        "the row does not say what it is".to_owned()
    } else {
        format!("{word:?} is none of: {}", known.join(", "))
    };
    let hint = did_you_mean(word, known.into_iter());
    (problem, hint.map_or(String::new(), |near| format!("did you mean {near}?")))
}

fn shown(cells: &[String]) -> String {
    let names: Vec<_> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).take(20).collect();
    names.join(", ")
}

/// The kind whose columns these are: the hinted one if it fits at all, else the one that knows most of the names. Between
/// equals the one that is complete; nothing when agencies and systems would be read alike.
fn kind_of(header: &GridRow, hint: Option<Kind>) -> Option<Kind> {
    let keys = |kind: Kind| {
        let mut keys: Vec<_> =
            header.cells.iter().filter_map(|cell| find(kind.columns(), cell)).map(|column| column.key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    };
    if let Some(kind) = hint.filter(|kind| !keys(*kind).is_empty()) {
        return Some(kind);
    }
    let known = Kind::ALL.map(|kind| (kind, keys(kind)));
    let most = known.iter().map(|(_, keys)| keys.len()).max().filter(|most| *most > 0)?;
    let complete = |kind: Kind, keys: &[&str]| {
        kind.columns().iter().filter(|column| column.required).all(|column| keys.contains(&column.key))
    };
    let best: Vec<_> = known.iter().filter(|(_, keys)| keys.len() == most).collect();
    if let [(kind, _)] = best.as_slice() {
        return Some(*kind);
    }
    let mut whole = best.iter().filter(|(kind, keys)| complete(*kind, keys));
    let (kind, keys) = whole.next()?;
    let read_alike = best.iter().any(|(other, others)| other != kind && others == keys);
    (whole.next().is_none() && !read_alike).then_some(*kind)
}

/// Reports headers that no table knows.
fn report_unknown(header: &GridRow, place: &Place, tables: &[&'static [Column]], errors: &mut Errors) {
    let mixed = tables.len() > 1;
    for name in header.cells.iter().map(|cell| cell.trim()).filter(|name| !name.is_empty()) {
        if tables.iter().any(|table| find(table, name).is_some()) || (mixed && names_kind_column(name)) {
            continue;
        }
        errors.add(place, name, "there is no such column", unknown_column_hint(name, tables));
    }
}

/// Reports required columns that the header does not have.
fn report_lacking(header: &GridRow, place: &Place, table: &'static [Column], errors: &mut Errors) {
    for column in table.iter().filter(|column| column.required) {
        if !header.cells.iter().any(|cell| find(table, cell).is_some_and(|found| found.key == column.key)) {
            errors.add_lacking(place, column.key);
        }
    }
}

/// The column that was meant, or all that there are.
pub(super) fn unknown_column_hint(name: &str, tables: &[&'static [Column]]) -> String {
    let columns = || tables.iter().flat_map(|table| table.iter());
    let names = columns().flat_map(|column| std::iter::once(column.key).chain(column.names.iter().copied()));
    if let Some(near) = did_you_mean(name, names) {
        return format!("did you mean {near}?");
    }
    let mut keys: Vec<_> = Vec::new();
    for column in columns() {
        if !keys.contains(&column.key) {
            keys.push(column.key);
        }
    }
    format!("columns are: {}", keys.join(", "))
}

/// The filled cells of one line under their columns. Reports what stands where no column is, and what is said twice.
fn cells_of(
    row: &GridRow,
    columns: &Header,
    names: &[String],
    place: &Place,
    errors: &mut Errors,
) -> Vec<(&'static Column, Cell)> {
    let mut cells: Vec<(&'static Column, Cell)> = Vec::new();
    for (index, text) in row.cells.iter().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
        match columns.get(index).copied().flatten() {
            Some(column) if cells.iter().any(|(earlier, _)| earlier.key == column.key) => {
                errors.add(place, column.key, "this is said in two columns", "keep one of them");
            }
            Some(column) => cells.push((column, Cell::Text(unguard(text.trim()).to_owned()))),
            None if names.get(index).is_none_or(|name| name.trim().is_empty()) => {
                let shown: String = text.trim().chars().take(40).collect();
                let problem = format!("cell {} holds {shown:?}, but its column has no name", index.saturating_add(1));
                errors.add(place, "", problem, "name the column, or quote the cell that holds a separator");
            }
            None => {}
        }
    }
    cells
}
