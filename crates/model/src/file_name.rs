// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Names of files that somebody sends: they lead nowhere.

use crate::limits::bounds::FILE_NAME_LETTERS;

/// The name of a file without folders, and without signs that mean something in a path; `file` where nothing is left.
pub fn plain_file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = last.chars().filter(|letter| !letter.is_control() && *letter != '!');
    let kept: String = kept.take(FILE_NAME_LETTERS).collect();
    if kept.trim_matches(['.', ' ']).is_empty() { "file".to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere() {
        for (given, expected) in [
            ("bom.json", "bom.json"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\a\\package-lock.json", "package-lock.json"),
            ("a!b\u{0}.zip", "ab.zip"),
            ("..", "file"),
            ("", "file"),
        ] {
            assert_eq!(plain_file_name(given), expected, "{given:?}");
        }
        assert_eq!(plain_file_name(&"x".repeat(500)).len(), FILE_NAME_LETTERS);
    }
}
