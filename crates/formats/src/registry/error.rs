// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is wrong in a registry file, and where.

use std::fmt;
use std::sync::Arc;

use super::columns::Kind;

/// A place in a file: a line, or in a workbook a sheet and a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The sheet, in a workbook.
    pub sheet: Option<Arc<str>>,
    /// Line or row, from 1; 0 when the problem is the file itself.
    pub line: usize,
}

impl Place {
    /// A line of a text file.
    pub fn line(line: usize) -> Self {
        Self { sheet: None, line }
    }
}

/// One problem in one field of one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct RegistryError {
    /// The file, as it was called.
    pub file: String,
    /// The place in it.
    pub place: Place,
    /// The column or key, as it is written in the list of columns; empty when the problem is the whole line.
    pub field: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it; may be empty.
    pub hint: String,
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        match &self.place {
            Place { sheet: None, line: 0 } => {}
            Place { sheet: None, line } => write!(f, ", line {line}")?,
            Place { sheet: Some(sheet), line: 0 } => write!(f, ", sheet {sheet}")?,
            Place { sheet: Some(sheet), line } => write!(f, ", sheet {sheet}, row {line}")?,
        }
        if !self.field.is_empty() {
            write!(f, ", {}", self.field)?;
        }
        write!(f, ": {}", self.problem)?;
        if !self.hint.is_empty() {
            write!(f, "\nhint: {}", self.hint)?;
        }
        Ok(())
    }
}

/// Where each row of a registry file was read, in the order of the lists of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// One for each agency.
    pub agencies: Vec<Place>,
    /// One for each system.
    pub systems: Vec<Place>,
    /// One for each deployment.
    pub deployments: Vec<Place>,
    /// One for each mapping rule.
    pub mappings: Vec<Place>,
    /// Sheets with content that are no part of a registry (notes, legends) and were passed over.
    pub skipped_sheets: Vec<String>,
}

impl Places {
    /// The place of the row with this index among the rows of its kind.
    pub fn of(&self, kind: Kind, index: usize) -> Option<&Place> {
        match kind {
            Kind::Agency => &self.agencies,
            Kind::System => &self.systems,
            Kind::Deployment => &self.deployments,
            Kind::Mapping => &self.mappings,
        }
        .get(index)
    }
}

/// Collects problems of one file.
#[derive(Debug)]
pub(super) struct Errors {
    file: String,
    list: Vec<RegistryError>,
    /// Columns that a sheet does not have: said once at its header, not again in every line.
    lacking: Vec<(Option<Arc<str>>, &'static str)>,
}

impl Errors {
    pub fn new(file: &str) -> Self {
        Self { file: file.to_owned(), list: Vec::new(), lacking: Vec::new() }
    }

    pub fn add(&mut self, place: &Place, field: &str, problem: impl Into<String>, hint: impl Into<String>) {
        self.list.push(RegistryError {
            file: self.file.clone(),
            place: place.clone(),
            field: field.to_owned(),
            problem: problem.into(),
            hint: hint.into(),
        });
    }

    /// A required column that a header does not have.
    pub fn add_lacking(&mut self, header: &Place, key: &'static str) {
        self.add(header, key, "this column is missing", "");
        self.lacking.push((header.sheet.clone(), key));
    }

    /// A required cell that is empty.
    pub fn add_required(&mut self, place: &Place, key: &str, who: &str) {
        if !self.lacking.iter().any(|(sheet, column)| *column == key && *sheet == place.sheet) {
            self.add(place, key, format!("{who} needs this"), "");
        }
    }

    /// A problem of the whole file.
    pub fn add_whole(&mut self, problem: impl Into<String>, hint: impl Into<String>) {
        self.add(&Place::default(), "", problem, hint);
    }

    /// All problems in the order of the file.
    pub fn finish(mut self) -> Vec<RegistryError> {
        self.list.sort_by(|left, right| left.place.cmp(&right.place));
        self.list
    }
}
