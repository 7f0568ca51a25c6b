// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Writing the registry as TOML, CSV and XLSX. Reading a written file gives the same registry.
//!
//! TOML leaves out what is empty or the default, so that a person can maintain it by hand. CSV and XLSX always have all
//! columns. Texts that a spreadsheet program would run as a formula are written as plain text
//! ([`cells`](super::cells)). The same registry always gives the same bytes.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use underpin_model::registry::{
    Agency, Classification, Deployment, Exposure, MappingField, MappingRule, ProtectionNeed, RegistryFile, System,
    SystemStatus,
};

use super::cells::{Cell, guard, guard_apostrophe, is_formula};
use super::columns::{KIND, Kind, Shape};

/// The workbook could not be written: a text is longer than a cell may be.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written: {0}\nhint: write TOML or CSV, which have no such limit")]
pub struct WorkbookError(#[from] XlsxError);

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn list<T: ToString>(items: &[T]) -> Cell {
    Cell::List(items.iter().map(ToString::to_string).collect())
}

fn optional<T: ToString>(value: Option<&T>) -> Cell {
    Cell::Text(value.map_or(String::new(), ToString::to_string))
}

fn agency(row: &Agency) -> Vec<Cell> {
    vec![
        text(&row.id.0),
        text(&row.name),
        list(&row.aliases),
        optional(row.parent.as_ref()),
        text(&row.contact),
        optional(row.declared_systems.as_ref()),
        list(&row.predecessors),
    ]
}

fn system(row: &System) -> Vec<Cell> {
    vec![
        text(&row.id.0),
        text(&row.name),
        list(&row.aliases),
        text(&row.agency.0),
        text(&row.purpose),
        text(&row.operator),
        text(&row.supplier),
        text(&row.support),
        text(&row.contact),
        text(row.confidentiality.as_str()),
        text(row.integrity.as_str()),
        text(row.availability.as_str()),
        text(row.exposure.as_str()),
        text(row.classification.as_str()),
        text(row.status.as_str()),
        list(&row.depends_on),
        list(&row.compartments),
    ]
}

fn deployment(row: &Deployment) -> Vec<Cell> {
    let exposure = text(row.exposure.as_str());
    vec![text(&row.id.0), text(&row.system.0), text(&row.name), text(&row.environment), text(&row.location), exposure]
}

fn mapping(row: &MappingRule) -> Vec<Cell> {
    vec![text(row.on.as_str()), text(&row.pattern), text(&row.system.0), optional(row.deployment.as_ref())]
}

/// The rows of one kind, cells in the order of its columns.
fn rows(file: &RegistryFile, kind: Kind) -> Vec<Vec<Cell>> {
    match kind {
        Kind::Agency => file.agencies.iter().map(agency).collect(),
        Kind::System => file.systems.iter().map(system).collect(),
        Kind::Deployment => file.deployments.iter().map(deployment).collect(),
        Kind::Mapping => file.mappings.iter().map(mapping).collect(),
    }
}

/// The word that a column means when nothing is said.
fn default_word(key: &str) -> &'static str {
    match key {
        "confidentiality" | "integrity" | "availability" => ProtectionNeed::default().as_str(),
        "exposure" => Exposure::default().as_str(),
        "classification" => Classification::default().as_str(),
        "status" => SystemStatus::default().as_str(),
        "on" => MappingField::default().as_str(),
        _ => "",
    }
}

/// The whole registry as TOML.
pub fn write_toml(file: &RegistryFile) -> String {
    let mut out = String::new();
    for kind in Kind::ALL {
        for row in rows(file, kind) {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&format!("[[{}]]\n", kind.as_str()));
            for (column, cell) in kind.columns().iter().zip(row) {
                let is_default = matches!(&cell, Cell::Text(text) if *text == default_word(column.key));
                if cell.is_empty() || is_default {
                    continue;
                }
                let value = match cell {
                    Cell::Text(digits) if column.shape == Shape::Number => digits,
                    Cell::Text(text) => toml::Value::String(text).to_string(),
                    Cell::List(items) => toml::Value::from(items).to_string(),
                };
                out.push_str(&format!("{} = {value}\n", column.key));
            }
        }
    }
    out
}

/// The rows of one kind as CSV: comma, UTF-8, lines end with CR and LF as RFC 4180 says.
pub fn write_csv(file: &RegistryFile, kind: Kind) -> String {
    let header = kind.columns().iter().map(|column| column.key.to_owned()).collect();
    delimited(std::iter::once(header).chain(rows(file, kind).into_iter().map(guarded)))
}

/// The whole registry as one CSV with a column `kind`.
pub fn write_csv_mixed(file: &RegistryFile) -> String {
    let mut keys: Vec<&str> = vec![KIND.key];
    for column in Kind::ALL.iter().flat_map(|kind| kind.columns()) {
        if !keys.contains(&column.key) {
            keys.push(column.key);
        }
    }
    let header: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
    let mut all = vec![header];
    for kind in Kind::ALL {
        for row in rows(file, kind).into_iter().map(guarded) {
            let mut cells = vec![String::new(); keys.len()];
            if let Some(first) = cells.first_mut() {
                kind.as_str().clone_into(first);
            }
            for (column, cell) in kind.columns().iter().zip(row) {
                if let Some(index) = keys.iter().position(|key| *key == column.key) {
                    cells[index] = cell;
                }
            }
            all.push(cells);
        }
    }
    delimited(all.into_iter())
}

fn guarded(row: Vec<Cell>) -> Vec<String> {
    row.iter().map(|cell| guard(cell.joined())).collect()
}

fn delimited(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut out = String::new();
    for row in rows {
        for (index, cell) in row.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            if cell.contains(['"', ',', ';', '|', '\t', '\n', '\r']) {
                out.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
            } else {
                out.push_str(cell);
            }
        }
        out.push_str("\r\n");
    }
    out
}

/// The whole registry as a workbook, one sheet a kind.
///
/// # Errors
/// When a text is longer than a cell may be (32,767 characters).
pub fn write_xlsx(file: &RegistryFile) -> Result<Vec<u8>, WorkbookError> {
    let bold = Format::new().set_bold();
    let plain = Format::new().set_num_format("@");
    let quoted = Format::new().set_num_format("@").set_quote_prefix();
    let mut workbook = Workbook::new();
    // The library would write the time of the clock: the same registry shall give the same bytes.
    let never = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&never));
    for kind in Kind::ALL {
        let sheet = workbook.add_worksheet().set_name(kind.plural())?;
        sheet.set_freeze_panes(1, 0)?;
        for (index, column) in (0_u16..).zip(kind.columns()) {
            sheet.set_column_width(index, 22)?;
            sheet.write_string_with_format(0, index, column.key, &bold)?;
        }
        for (line, row) in (1_u32..).zip(rows(file, kind)) {
            for ((index, column), cell) in (0_u16..).zip(kind.columns()).zip(row) {
                let text = guard_apostrophe(cell.joined());
                match text.parse::<u32>() {
                    _ if text.is_empty() => {}
                    Ok(number) if column.shape == Shape::Number => {
                        sheet.write_number(line, index, number)?;
                    }
                    _ => {
                        let format = if is_formula(&text) { &quoted } else { &plain };
                        sheet.write_string_with_format(line, index, &text, format)?;
                    }
                }
            }
        }
    }
    Ok(workbook.save_to_buffer()?)
}
