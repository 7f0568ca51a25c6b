// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What was asked for: manifests that name dependencies, and surveys in which people say what they use.
//!
//! A manifest is weaker evidence than a lockfile: where it gives a range or a variable there is no version, and the gap
//! `unresolved-version` says so. A survey is the weakest: it says what somebody believes, and how sure they are.

mod go_mod;
mod maven_plugins;
mod maven_pom;
mod maven_project;
mod python_lines;
mod requirements_txt;
mod survey;
mod survey_columns;
mod survey_parts;
mod survey_table;
mod xml_tree;

pub(crate) use python_lines::{Line, logical_lines, parse_line, plain_text, starts_well};
pub(crate) use requirements_txt::component as python_component;
pub(crate) use survey::ID as SURVEY;
pub(crate) use survey_parts::survey_parts;

use crate::reader::Reader;

/// The readers of this family.
pub const READERS: &[Reader] = &[go_mod::READER, maven_pom::READER, requirements_txt::READER, survey::READER];

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use crate::reader::Probe;

    /// Readers of this family and of installed packages that would take a file.
    fn takers(path: &std::path::Path) -> Vec<&'static str> {
        let bytes = std::fs::read(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        let probe = Probe { bytes: &bytes, file_name: &name, path: &path.to_string_lossy() };
        let readers = super::READERS.iter().chain(crate::installed::READERS);
        readers.filter(|reader| (reader.sniff)(&probe)).map(|reader| reader.id).collect()
    }

    #[test]
    fn what_others_read_is_left_alone() {
        let folders = [
            underpin_testkit::exam("cyclonedx"),
            underpin_testkit::exam("spdx-examples"),
            underpin_testkit::exam("sbomqs"),
            underpin_testkit::data("in-the-wild"),
        ];
        let mut open: Vec<PathBuf> = folders.into_iter().flatten().collect();
        let (mut files, mut taken) = (0, Vec::new());
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
                continue;
            }
            files += 1;
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            taken.extend(takers(&path).into_iter().map(|reader| (name.clone(), reader)));
        }
        println!("{} of {files} files are taken", taken.len());
        // The one requirements file among the examples is one.
        taken.retain(|(name, reader)| (name.as_str(), *reader) != ("requirements.txt", "requirements-txt"));
        assert_eq!(taken, []);
    }
}
