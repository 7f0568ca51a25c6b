// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The registry as an XLSX workbook: sheets become grids.
//!
//! Cells are taken one by one, so a sheet that claims a billion columns costs nothing. A workbook is a zip archive: all
//! members are unpacked once against the limit before the workbook reader sees them, because stated sizes may lie.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};
use underpin_model::Limits;

use super::error::{Errors, Place};
use super::grid::{COLUMNS, Grid, GridRow};

/// Ratio limits apply above this size, as for evidence.
const RATIO_ABOVE_BYTES: u64 = 1 << 20;

/// All sheets with content.
pub(super) fn grids(bytes: &[u8], limits: &Limits, errors: &mut Errors) -> Vec<Grid> {
    if let Err(problem) = check_size(bytes, limits) {
        errors.add_whole(problem, "save it as XLSX or CSV again");
        return Vec::new();
    }
    let mut workbook: Xlsx<_> = match Xlsx::new(Cursor::new(bytes)) {
        Ok(workbook) => workbook,
        Err(error) => {
            errors.add_whole(format!("this is no readable XLSX workbook: {error}"), "save it as XLSX or CSV again");
            return Vec::new();
        }
    };
    let mut grids = Vec::new();
    let mut rows_left = limits.registry_rows;
    for name in workbook.sheet_names() {
        let mut too_many = false;
        let grid = sheet(&mut workbook, &name, (&mut rows_left, &mut too_many), errors);
        if !grid.rows.is_empty() {
            grids.push(grid);
        }
        if too_many {
            break;
        }
    }
    grids
}

fn check_size(bytes: &[u8], limits: &Limits) -> Result<(), String> {
    let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let allowed = packed.saturating_mul(limits.compression_ratio).max(RATIO_ABOVE_BYTES).min(limits.evidence_bytes);
    let mut archive =
        zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| format!("the workbook is damaged: {error}"))?;
    if archive.len() > limits.archive_members {
        return Err(format!(
            "the workbook has {} parts, at most {} are allowed",
            archive.len(),
            limits.archive_members
        ));
    }
    let mut unpacked = 0_u64;
    for index in 0..archive.len() {
        let member = archive.by_index(index).map_err(|error| format!("the workbook is damaged: {error}"))?;
        let left = allowed.saturating_sub(unpacked).saturating_add(1);
        let read = std::io::copy(&mut member.take(left), &mut std::io::sink());
        unpacked = unpacked.saturating_add(read.map_err(|error| format!("the workbook is damaged: {error}"))?);
        if unpacked > allowed {
            return Err(format!("the workbook unpacks to more than {allowed} bytes"));
        }
    }
    Ok(())
}

/// One sheet. `limit` is how many rows may still come from any sheet, and whether there were more.
fn sheet(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    (rows_left, too_many): (&mut usize, &mut bool),
    errors: &mut Errors,
) -> Grid {
    let mut grid = Grid { sheet: Some(name.into()), rows: Vec::new() };
    // Chart sheets have no cells; they are no problem.
    let Ok(mut cells) = workbook.worksheet_cells_reader(name) else { return grid };
    loop {
        let (position, value) = match cells.next_cell() {
            Ok(Some(cell)) => (cell.get_position(), text_of(cell.get_value())),
            Ok(None) => return grid,
            Err(error) => {
                let line = grid.rows.last().map_or(0, |row: &GridRow| row.line);
                let place = Place { sheet: grid.sheet.clone(), line };
                errors.add(&place, "", format!("the sheet cannot be read from here on: {error}"), "");
                return grid;
            }
        };
        let line = usize::try_from(position.0).unwrap_or(usize::MAX).saturating_add(1);
        let column = usize::try_from(position.1).unwrap_or(usize::MAX);
        let place = || Place { sheet: Some(name.into()), line };
        let text = match value {
            Ok(text) if text.trim().is_empty() => continue,
            Ok(text) => text,
            Err(problem) => {
                errors.add(
                    &place(),
                    "",
                    format!("cell {} {problem}", letters(column)),
                    "replace the formula by its value",
                );
                continue;
            }
        };
        if column >= COLUMNS {
            errors.add(&place(), "", format!("cell {} is outside of the table", letters(column)), "clear it");
            continue;
        }
        if grid.rows.last().is_none_or(|row| row.line != line) {
            if *rows_left == 0 {
                *too_many = true;
                errors.add(&place(), "", "more rows than allowed", "split the file, or raise registry_rows");
                return grid;
            }
            *rows_left -= 1;
            grid.rows.push(GridRow { line, cells: Vec::new() });
        }
        if let Some(row) = grid.rows.last_mut() {
            if row.cells.len() <= column {
                row.cells.resize(column + 1, String::new());
            }
            row.cells[column] = text;
        }
    }
}

/// A cell as text. Whole numbers have no decimals, times are ISO 8601.
fn text_of(value: &DataRef<'_>) -> Result<String, String> {
    Ok(match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(time) => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => return Err(format!("holds the spreadsheet error {error}")),
    })
}

/// The letters of a column (`A`, `Z`, `AA`).
fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    loop {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
        if rest == 0 {
            return letters.iter().rev().collect();
        }
        rest -= 1;
    }
}
