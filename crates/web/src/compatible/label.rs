// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where an upload lies: a path that says which project and version its sender gave. It is kept with the document, as every path.

use underpin_model::DocumentRecord;

/// The folder of everything that programs hand in.
const FOLDER: &str = "uploads";
/// Letters of a part that are kept.
const PART_LETTERS: usize = 200;

/// The path of an upload.
pub fn path(project: &str, version: &str, file: &str) -> String {
    let parts = [FOLDER, project, version, file].map(part);
    let given = parts.iter().enumerate().filter(|(position, part)| *position == 2 || !part.is_empty());
    given.map(|(_, part)| part.as_str()).collect::<Vec<_>>().join("/")
}

/// The version that the sender of a document gave; empty when there was none.
pub fn version(record: &DocumentRecord) -> &str {
    version_in(&record.path)
}

fn version_in(path: &str) -> &str {
    let outer = path.split('!').next().unwrap_or_default();
    match outer.split('/').collect::<Vec<_>>().as_slice() {
        [FOLDER, _, version, _] => version,
        _ => "",
    }
}

/// A label as it stands in a path.
pub fn part(text: &str) -> String {
    let plain = |letter: char| if letter.is_control() || matches!(letter, '/' | '\\' | '!') { '_' } else { letter };
    let kept: String = text.trim().chars().map(plain).take(PART_LETTERS).collect();
    if kept.chars().all(|letter| letter == '.') { "_".repeat(kept.len()) } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_the_version_again_and_leads_nowhere() {
        for (project, given, file, expected, label) in [
            ("Portal", "1.2.0", "bom.json", "uploads/Portal/1.2.0/bom.json", "1.2.0"),
            ("Portal", "", "bom.json", "uploads/Portal//bom.json", ""),
            ("", "", "bom.json", "uploads//bom.json", ""),
            ("a/../b", "..", "../x!y", "uploads/a_.._b/__/.._x_y", "__"),
            ("Portal", "feature/x", "b\u{0}.json", "uploads/Portal/feature_x/b_.json", "feature_x"),
        ] {
            let path = path(project, given, file);
            assert_eq!(path, expected);
            assert_eq!(version_in(&path), label, "{path}");
            assert_eq!(version_in(&format!("{path}!inner/bom.xml")), label, "{path}");
        }
    }
}
