// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! REUSE: every file says who holds the rights and under which licence, in itself, beside itself or in `REUSE.toml`.

use super::repository;

#[test]
fn every_file_states_its_licence() {
    let annotated = annotated();
    let root = repository::root();
    let silent: Vec<String> = repository::paths()
        .into_iter()
        .filter(|path| path != "LICENSE" && !path.starts_with("LICENSES/") && !path.ends_with(".license"))
        .filter(|path| !annotated.iter().any(|pattern| matches(pattern, path)))
        .filter(|path| !root.join(format!("{path}.license")).is_file())
        .filter(|path| {
            let bytes = std::fs::read(root.join(path)).expect("a tracked file can be read");
            let head: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').take(8).collect();
            let says = |words: &str| head.iter().any(|line| String::from_utf8_lossy(line).contains(words));
            !(says(concat!("SPDX-", "FileCopyrightText")) && says(concat!("SPDX-", "License-Identifier")))
        })
        .collect();
    assert!(silent.is_empty(), "files without a licence: {silent:#?}");
}

#[test]
fn every_licence_named_is_there() {
    let root = repository::root();
    let marker = concat!("SPDX-", "License-Identifier:");
    for file in repository::texts() {
        for line in file.text.lines().take(8).filter(|line| line.contains(marker)) {
            let licence = line.split(marker).nth(1).unwrap_or_default();
            let licence = licence.trim().trim_end_matches("-->").trim_end_matches("*/").trim();
            let text = root.join("LICENSES").join(format!("{licence}.txt"));
            assert!(text.is_file(), "{}: LICENSES/{licence}.txt is missing", file.path);
        }
    }
}

/// Path patterns of `REUSE.toml`.
fn annotated() -> Vec<String> {
    let text = std::fs::read_to_string(repository::root().join("REUSE.toml")).expect("REUSE.toml is there");
    let reuse: toml::Table = text.parse().expect("REUSE.toml is TOML");
    let mut patterns = Vec::new();
    for annotation in reuse["annotations"].as_array().expect("annotations are a list") {
        match &annotation["path"] {
            toml::Value::String(path) => patterns.push(path.clone()),
            toml::Value::Array(paths) => {
                patterns.extend(paths.iter().filter_map(|path| path.as_str().map(str::to_owned)))
            }
            other => panic!("a path is a text or a list: {other}"),
        }
    }
    patterns
}

/// `**` is any text, `*` any text without a slash.
fn matches(pattern: &str, path: &str) -> bool {
    if let Some(rest) = pattern.strip_prefix("**") {
        let rest = rest.strip_prefix('/').filter(|_| !path.contains('/')).unwrap_or(rest);
        return (0..=path.len()).any(|at| path.is_char_boundary(at) && matches(rest, &path[at..]));
    }
    if let Some(rest) = pattern.strip_prefix('*') {
        let end = path.find('/').unwrap_or(path.len());
        return (0..=end).any(|at| path.is_char_boundary(at) && matches(rest, &path[at..]));
    }
    let mut pattern_rest = pattern.chars();
    match (pattern_rest.next(), path.chars().next()) {
        (None, None) => true,
        (Some(wanted), Some(found)) if wanted == found => matches(pattern_rest.as_str(), &path[found.len_utf8()..]),
        _ => false,
    }
}

#[test]
fn patterns_match_like_reuse() {
    let table = [
        ("Cargo.lock", "Cargo.lock", true),
        ("Cargo.lock", "x/Cargo.lock", false),
        ("demo/*.csv", "demo/a.csv", true),
        ("demo/*.csv", "demo/b/a.csv", false),
        ("demo/**/*.csv", "demo/b/a.csv", true),
        ("**/*.snap", "crates/x/y.snap", true),
        ("**/fixtures/**", "crates/x/fixtures/y/z", true),
        ("**/fixtures/**", "crates/x/fixture", false),
    ];
    for (pattern, path, expected) in table {
        assert_eq!(matches(pattern, path), expected, "{pattern} on {path}");
    }
}
