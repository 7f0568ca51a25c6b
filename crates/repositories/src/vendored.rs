// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files that a project brought in from elsewhere or generated: nobody authors them there.

/// Folders, at any depth, in small letters.
const FOLDERS: &[&str] = &[
    "3rdparty",
    "_vendor",
    "bower_components",
    "deps",
    "dist",
    "extern",
    "external",
    "externals",
    "generated",
    "godeps",
    "node_modules",
    "pods",
    "third-party",
    "third_party",
    "thirdparty",
    "vendor",
    "vendored",
];

/// How names of generated files end, in small letters.
const ENDINGS: &[&str] = &[
    ".min.css",
    ".min.js",
    ".pb.cc",
    ".pb.go",
    ".pb.h",
    "_pb2.py",
    ".map",
    "-lock.json",
    ".lock",
    "-lock.yaml",
    "go.sum",
];

/// Whether the path of a file says that it was brought in from elsewhere or generated.
pub fn is_vendored(path: &[u8]) -> bool {
    let (folders, name) = match path.iter().rposition(|byte| *byte == b'/') {
        Some(at) => (&path[..at], &path[at + 1..]),
        None => (&path[..0], path),
    };
    let in_folder = folders
        .split(|byte| *byte == b'/')
        .any(|folder| FOLDERS.iter().any(|known| folder.eq_ignore_ascii_case(known.as_bytes())));
    in_folder || ENDINGS.iter().any(|ending| ends(name, ending.as_bytes()))
}

fn ends(name: &[u8], ending: &[u8]) -> bool {
    name.len() >= ending.len() && name[name.len() - ending.len()..].eq_ignore_ascii_case(ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_nobody_authors() {
        for (path, expected) in [
            ("src/main.c", false),
            ("vendor/a/b.go", true),
            ("src/Third_Party/x.c", true),
            ("vendor", false),
            ("vendors/x.c", false),
            ("web/jquery.MIN.js", true),
            ("Cargo.lock", true),
            ("package-lock.json", true),
            ("lock.rs", false),
            ("api/v1.pb.go", true),
            ("", false),
        ] {
            assert_eq!(is_vendored(path.as_bytes()), expected, "{path}");
        }
    }
}
