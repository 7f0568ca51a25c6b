// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The registry as files: TOML for people who keep it in version control, XLSX and CSV for everybody else.
//!
//! [`read`] detects the format by content and reports **all** problems at once, each with file, line (or sheet and
//! row), field, problem and hint. It is lenient about spelling (column names in English or German in any case, any
//! separator, UTF-8, UTF-16 or Windows-1252, title lines above the header) and strict about meaning: an unknown column
//! or word is an error with a suggestion, never passed over.
//!
//! A CSV file holds rows of one kind (told by its name or its columns) or of all kinds with a column `kind`. A workbook
//! holds one sheet a kind, or mixed sheets; sheets that are no registry at all are passed over and named in
//! [`Places::skipped_sheets`].
//!
//! References by identifier to agencies and systems that are not in the file are kept: they may be in the registry
//! already. References by name lead into the file, or into what [`read_knowing`] was told.

mod cells;
mod columns;
mod delimited;
mod error;
mod grid;
pub mod manifest;
mod names;
#[cfg(test)]
mod round_trips;
mod rows;
#[cfg(test)]
mod tests;
mod toml_file;
mod values;
mod workbook;
mod write;

pub use columns::{Column, KIND, Kind, Shape};
pub(crate) use delimited::separators;
pub use error::{Place, Places, RegistryError};
pub use write::{WorkbookError, write_csv, write_csv_mixed, write_toml, write_xlsx};

use underpin_model::Limits;
use underpin_model::registry::RegistryFile;

use self::error::Errors;

/// Reads a registry file. `file_name` is used in messages and, where columns alone do not tell, for the kind of rows.
///
/// # Errors
/// Every problem found, in the order of the file.
pub fn read(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<(RegistryFile, Places), Vec<RegistryError>> {
    read_knowing(bytes, file_name, &RegistryFile::default(), limits)
}

/// The same, knowing what the registry (or an earlier file) holds: it may be named in references, and a row without
/// identifier is the known one of the same name and owner. Made identifiers never take one that is used.
///
/// # Errors
/// Every problem found, in the order of the file.
pub fn read_knowing(
    bytes: &[u8],
    file_name: &str,
    known: &RegistryFile,
    limits: &Limits,
) -> Result<(RegistryFile, Places), Vec<RegistryError>> {
    let (file, places, errors) = read_partly(bytes, file_name, known, limits);
    if errors.is_empty() { Ok((file, places)) } else { Err(errors) }
}

/// What can be read, beside every problem found: so that a caller can look for further problems before it reports.
/// Fields with a problem are empty or hold the text as it stands.
pub fn read_partly(
    bytes: &[u8],
    file_name: &str,
    known: &RegistryFile,
    limits: &Limits,
) -> (RegistryFile, Places, Vec<RegistryError>) {
    let mut errors = Errors::new(file_name);
    let mut skipped_sheets = Vec::new();
    let mut raw = Vec::new();
    match source(bytes, limits, &mut errors) {
        Some(Source::Workbook) => {
            for grid in workbook::grids(bytes, limits, &mut errors) {
                let name = grid.sheet.as_deref().unwrap_or_default();
                let kind = Kind::named(name);
                let recognised = grid
                    .header(grid::is_known)
                    .is_some_and(|(header, _)| header.cells.iter().filter(|cell| grid::is_known(cell)).count() >= 2);
                if kind.is_none() && !recognised {
                    skipped_sheets.push(name.to_owned());
                    continue;
                }
                raw.extend(grid.registry_rows(kind, &mut errors));
            }
            if raw.is_empty() && !skipped_sheets.is_empty() {
                let hint = "call the sheets agencies, systems, deployments and mappings";
                errors.add_whole(format!("no sheet is part of a registry: {}", skipped_sheets.join(", ")), hint);
            }
        }
        Some(Source::Text(text)) if looks_like_toml(&text) => {
            raw = toml_file::rows(&text, limits.registry_rows, &mut errors);
        }
        Some(Source::Text(text)) => {
            let grid = delimited::grid(&text, grid::is_known, limits.registry_rows, &mut errors);
            raw = grid.registry_rows(kind_in_name(file_name), &mut errors);
        }
        None => {}
    }
    let (file, mut places) = rows::build(&raw, known, limits, &mut errors);
    places.skipped_sheets = skipped_sheets;
    (file, places, errors.finish())
}

/// What the bytes are.
enum Source<'a> {
    Workbook,
    Text(std::borrow::Cow<'a, str>),
}

/// Detection by content. Reports what can never be read.
fn source<'a>(bytes: &'a [u8], limits: &Limits, errors: &mut Errors) -> Option<Source<'a>> {
    if u64::try_from(bytes.len()).is_ok_and(|size| size > limits.evidence_bytes) {
        errors.add_whole(format!("the file is larger than {} bytes", limits.evidence_bytes), "split it");
        return None;
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        errors.add_whole("this is an old XLS workbook", "save it as XLSX or CSV");
        return None;
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Some(Source::Workbook);
    }
    let text = delimited::decode(bytes);
    if text.contains('\0') {
        errors.add_whole("this is no text and no workbook", "a registry is TOML, CSV or XLSX");
        return None;
    }
    Some(Source::Text(text))
}

/// True when the first line that says something is a TOML table or assignment, or nothing is said at all.
fn looks_like_toml(text: &str) -> bool {
    let said = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let Some(line) = text.lines().map(str::trim).find(said) else { return true };
    if line.starts_with('[') {
        return true;
    }
    let key = line.split_once('=').map(|(key, _)| key.trim());
    key.is_some_and(|key| Kind::named(key).is_some())
}

/// The kind that a file name such as `systems-2026.csv` or `Behörden.csv` suggests.
fn kind_in_name(file_name: &str) -> Option<Kind> {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    stem.split(|character: char| !character.is_alphabetic()).find_map(Kind::named)
}
