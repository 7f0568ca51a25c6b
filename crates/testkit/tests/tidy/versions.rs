// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Dependencies that fit only together. A release of Ballista works with the release of DataFusion of the same major version, and that
//! with one of Arrow: whoever raises one raises the others, in one place.

use std::collections::BTreeSet;

use super::repository;

/// Names that begin so have one major version.
const TOGETHER: &[&[&str]] = &[&["ballista", "datafusion"], &["arrow", "parquet"]];

fn major(version: &str) -> &str {
    version.trim_start_matches(['^', '=', '~']).split('.').next().unwrap_or_default()
}

fn read(path: &str) -> toml::Table {
    let text = std::fs::read_to_string(repository::root().join(path)).expect("it can be read");
    text.parse().expect("it is TOML")
}

fn belongs(name: &str, together: &[&str]) -> bool {
    together.iter().any(|prefix| name == *prefix || name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('-')))
}

#[test]
fn what_fits_only_together_is_asked_for_and_resolved_in_one_major_version() {
    let manifest = read("Cargo.toml");
    let asked = manifest["workspace"]["dependencies"].as_table().expect("a table");
    let lock = read("Cargo.lock");
    let resolved = lock["package"].as_array().expect("packages");
    for together in TOGETHER {
        let mut majors: BTreeSet<(String, String)> = BTreeSet::new();
        for (name, value) in asked.iter().filter(|(name, _)| belongs(name, together)) {
            let version = value.as_str().or_else(|| value.get("version")?.as_str()).expect("a version");
            majors.insert((major(version).to_owned(), format!("Cargo.toml asks for {name} {version}")));
        }
        for package in resolved {
            let (name, version) =
                (package["name"].as_str().expect("a name"), package["version"].as_str().expect("a version"));
            if belongs(name, together) {
                majors.insert((major(version).to_owned(), format!("Cargo.lock has {name} {version}")));
            }
        }
        let distinct: BTreeSet<&String> = majors.iter().map(|(major, _)| major).collect();
        assert_eq!(distinct.len(), 1, "{together:?} move together: {majors:#?}");
    }
}
