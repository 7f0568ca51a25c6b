// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The binding manifest: which document is about which system (`underpin add --manifest bindings.csv`).
//!
//! Columns `path,system,deployment`; the deployment may be left out. Paths are relative to the folder or archive that is
//! added, with `/` or `\` between folders. One path may be bound to several systems by several lines. The system is an
//! identifier or a name, the deployment one of that system; who reads the registry resolves them. Encodings, separators,
//! workbooks and messages are those of the [registry](super).

use underpin_model::Limits;

use super::cells::Cell;
use super::columns::{Column, Shape, find};
use super::error::{Errors, Place, RegistryError};
use super::{Source, delimited, source, workbook};

/// The columns of a manifest.
pub static COLUMNS: [Column; 3] = [
    Column {
        key: "path",
        names: &["file", "document", "file name", "Datei", "Dateiname", "Pfad", "Dokument"],
        shape: Shape::Text,
        required: true,
        meaning: "The document: its path below the folder or in the archive that is added.",
    },
    Column {
        key: "system",
        names: &["system id", "system name", "Verfahren", "Fachverfahren", "Systemkennung"],
        shape: Shape::Text,
        required: true,
        meaning: "The system: its identifier or its name.",
    },
    Column {
        key: "deployment",
        names: &["deployment id", "installation", "Betriebsinstanz", "Instanz"],
        shape: Shape::Text,
        required: false,
        meaning: "The deployment of that system.",
    },
];

/// One line of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Where the line is.
    pub place: Place,
    /// Path of the document, `/` between folders, no `./` before it.
    pub path: String,
    /// Identifier or name of the system.
    pub system: String,
    /// Identifier or name of the deployment.
    pub deployment: Option<String>,
}

/// Reads a manifest. Lines that say the same again are left out.
///
/// # Errors
/// Every problem found, in the order of the file.
pub fn read(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<Vec<Binding>, Vec<RegistryError>> {
    let mut errors = Errors::new(file_name);
    let grids = match source(bytes, limits, &mut errors) {
        Some(Source::Workbook) => workbook::grids(bytes, limits, &mut errors),
        Some(Source::Text(text)) => {
            let is_known = |word: &str| find(&COLUMNS, word).is_some();
            vec![delimited::grid(&text, is_known, limits.registry_rows, &mut errors)]
        }
        None => Vec::new(),
    };
    let mut bindings = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for grid in &grids {
        for (place, cells) in grid.records(&COLUMNS, &mut errors) {
            let Some(binding) = binding(place, &cells, &mut errors) else { continue };
            if seen.insert((binding.path.clone(), binding.system.clone(), binding.deployment.clone())) {
                bindings.push(binding);
            }
        }
    }
    let errors = errors.finish();
    if errors.is_empty() { Ok(bindings) } else { Err(errors) }
}

fn binding(place: Place, cells: &[(&'static Column, Cell)], errors: &mut Errors) -> Option<Binding> {
    let text = |key: &str| {
        let cell = cells.iter().find(|(column, _)| column.key == key);
        cell.map_or(String::new(), |(_, cell)| super::cells::clean(&cell.joined()))
    };
    let path = text("path").replace('\\', "/");
    let path = path.trim_start_matches("./").to_owned();
    let system = text("system");
    for (key, value) in [("path", &path), ("system", &system)] {
        if value.is_empty() {
            errors.add_required(&place, key, "a binding");
        }
    }
    if path.starts_with('/') || path.split('/').any(|part| part == "..") {
        let problem = format!("{path:?} leaves the folder that is added");
        errors.add(&place, "path", problem, "write it relative to that folder");
    }
    let deployment = Some(text("deployment")).filter(|text| !text.is_empty());
    (!path.is_empty() && !system.is_empty()).then_some(Binding { place, path, system, deployment })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &[u8]) -> Vec<String> {
        match read(text, "bindings.csv", &Limits::default()) {
            Ok(list) => list
                .into_iter()
                .map(|b| format!("{} {} {} {}", b.place.line, b.path, b.system, b.deployment.unwrap_or_default()))
                .collect(),
            Err(errors) => errors.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn manifests_in_every_dress() {
        for (text, expected) in [
            (
                &b"path,system,deployment\na/b.json,portal,production\n./c.json,tax,\na/b.json,portal,production\n"[..],
                &["2 a/b.json portal production", "3 c.json tax "][..],
            ),
            (b"Verfahren;Datei\r\nB\xfcrgerportal;x\\y.json\r\n", &["2 x/y.json Bürgerportal "]),
            (b"\xef\xbb\xbfPATH\tSYSTEM\nx y.json\tportal\n", &["2 x y.json portal "]),
            (b"path,system\n", &[]),
            (b"", &[]),
        ] {
            assert_eq!(shown(text), expected, "{:?}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn every_problem_is_named() {
        assert_eq!(
            shown(b"path,sytem,note\n../x,,\n,b,c\n\n/etc/passwd,d,\n"),
            [
                "bindings.csv, line 1, sytem: there is no such column\nhint: did you mean system?",
                "bindings.csv, line 1, note: there is no such column\nhint: columns are: path, system, deployment",
                "bindings.csv, line 1, system: this column is missing",
                "bindings.csv, line 2, path: \"../x\" leaves the folder that is added\n\
                 hint: write it relative to that folder",
                "bindings.csv, line 3, path: a binding needs this",
                "bindings.csv, line 5, path: \"/etc/passwd\" leaves the folder that is added\n\
                 hint: write it relative to that folder",
            ]
        );
    }
}
