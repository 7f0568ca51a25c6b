// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who may depend on whom, and which crate alone names a heavy dependency. Read from the manifests.

use std::collections::BTreeMap;

use super::repository;

/// For each crate: which of our crates it may name. Rooms that are not built yet stand here too.
const ARROWS: &[(&str, &[&str])] = &[
    ("underpin-model", &[]),
    ("underpin-formats", &["underpin-model"]),
    ("underpin-assess", &["underpin-model"]),
    ("underpin-ledger", &["underpin-model"]),
    ("underpin-lake", &["underpin-model"]),
    ("underpin-feeds", &["underpin-model", "underpin-formats"]),
    ("underpin-repositories", &["underpin-model", "underpin-formats"]),
    ("underpin-render", &["underpin-model"]),
    (
        "underpin-office",
        &[
            "underpin-model",
            "underpin-formats",
            "underpin-assess",
            "underpin-ledger",
            "underpin-lake",
            "underpin-feeds",
            "underpin-repositories",
            "underpin-render",
        ],
    ),
    ("underpin-web", &["underpin-model", "underpin-office", "underpin-render"]),
    ("underpin", &["underpin-model", "underpin-office", "underpin-render", "underpin-web"]),
    ("underpin-testkit", &[]),
];

/// Dependencies that only one crate may name. A name ending in `*` stands for every name that begins so.
const OWNERS: &[(&str, &str)] = &[
    ("datafusion*", "underpin-lake"),
    ("arrow*", "underpin-lake"),
    ("parquet*", "underpin-lake"),
    ("object_store", "underpin-lake"),
    ("ballista*", "underpin-lake"),
    ("sqlx*", "underpin-ledger"),
    ("rusqlite", "underpin-ledger"),
    ("tokio-postgres", "underpin-ledger"),
    ("clap*", "underpin"),
    ("comfy-table", "underpin"),
    ("indicatif", "underpin"),
    ("axum*", "underpin-web"),
    ("askama*", "underpin-web"),
    ("gix*", "underpin-repositories"),
    ("typst*", "underpin-render"),
    ("openidconnect", "underpin-feeds"),
    ("reqwest", "underpin-feeds"),
    ("ureq", "underpin-feeds"),
    ("hyper", "underpin-feeds"),
    ("hyper-rustls", "underpin-feeds"),
    ("hyper-util", "underpin-web"),
    ("lettre", "underpin-feeds"),
    ("quick-xml", "underpin-formats"),
    ("calamine", "underpin-formats"),
];

/// Who names a dependency of another owner, and why.
const EXCEPTED: &[(&str, &str, &str)] = &[
    ("underpin-lake", "reqwest", "names a feature of it for the driver of object stores, and never calls it"),
    ("underpin-testkit", "hyper-util", "runs a server that speaks S3; it never ships"),
];

/// What crates without I/O never name, not even in tests of others.
const IMPURE: &[&str] = &["tokio", "futures", "async-trait", "rayon", "rustix", "object_store", "sqlx", "rand"];

struct Manifest {
    name: String,
    /// Names under `[dependencies]` and `[build-dependencies]`, for every platform.
    ships: Vec<String>,
    /// Names under `[dev-dependencies]`.
    tests: Vec<String>,
}

fn manifests() -> Vec<Manifest> {
    let root = repository::root();
    let paths =
        repository::paths().into_iter().filter(|path| path.starts_with("crates/") && path.ends_with("/Cargo.toml"));
    paths
        .map(|path| {
            let text = std::fs::read_to_string(root.join(&path)).expect("a manifest can be read");
            let table: toml::Table = text.parse().expect("a manifest is TOML");
            let name = table["package"]["name"].as_str().expect("a crate has a name").to_owned();
            let mut manifest = Manifest { name, ships: Vec::new(), tests: Vec::new() };
            gather(&table, &mut manifest);
            manifest
        })
        .collect()
}

fn gather(table: &toml::Table, into: &mut Manifest) {
    let names = |section: &str| -> Vec<String> {
        table
            .get(section)
            .and_then(toml::Value::as_table)
            .map(|found| found.keys().cloned().collect())
            .unwrap_or_default()
    };
    into.ships.extend(names("dependencies"));
    into.ships.extend(names("build-dependencies"));
    into.tests.extend(names("dev-dependencies"));
    for (_, platform) in table.get("target").and_then(toml::Value::as_table).into_iter().flatten() {
        if let Some(platform) = platform.as_table() {
            gather(platform, into);
        }
    }
}

#[test]
fn arrows_point_one_way() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let manifests = manifests();
    let ours: Vec<&str> = manifests.iter().map(|manifest| manifest.name.as_str()).collect();
    assert!(ours.contains(&"underpin-model") && ours.contains(&"underpin"), "{ours:?}");
    let mut wrong = Vec::new();
    for manifest in &manifests {
        let Some(may) = allowed.get(manifest.name.as_str()) else {
            wrong.push(format!("{} has no line in the table of arrows", manifest.name));
            continue;
        };
        let named = |names: &[String]| -> Vec<String> {
            names.iter().filter(|name| name.starts_with("underpin") && !may.contains(&name.as_str())).cloned().collect()
        };
        let mut bad = named(&manifest.ships);
        bad.extend(named(&manifest.tests).into_iter().filter(|name| name != "underpin-testkit"));
        wrong.extend(bad.into_iter().map(|name| format!("{} → {name}", manifest.name)));
    }
    assert!(wrong.is_empty(), "arrows that the design does not have: {wrong:#?}");
}

#[test]
fn heavy_dependencies_have_one_owner() {
    let mut wrong = Vec::new();
    for manifest in manifests() {
        for name in manifest.ships.iter().chain(&manifest.tests) {
            for (pattern, owner) in OWNERS.iter().filter(|(_, owner)| *owner != manifest.name) {
                let hit = match pattern.strip_suffix('*') {
                    Some(prefix) => name.starts_with(prefix),
                    None => name == pattern,
                };
                let is_excepted = EXCEPTED.iter().any(|(crates, named, _)| *crates == manifest.name && named == name);
                if hit && !is_excepted {
                    wrong.push(format!("{} names {name}, which belongs to {owner}", manifest.name));
                }
            }
        }
    }
    for (crates, named, _) in EXCEPTED {
        let is_needed = manifests().iter().any(|one| one.name == *crates && one.ships.iter().any(|name| name == named));
        if !is_needed {
            wrong.push(format!("{crates} no longer names {named}: its exception can go"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pure_crates_name_nothing_impure() {
    let pure = ["underpin-model", "underpin-assess", "underpin-formats"];
    let mut wrong = Vec::new();
    for manifest in manifests().iter().filter(|manifest| pure.contains(&manifest.name.as_str())) {
        let names = manifest.ships.iter().filter(|name| IMPURE.contains(&name.as_str()));
        wrong.extend(names.map(|name| format!("{} → {name}", manifest.name)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
