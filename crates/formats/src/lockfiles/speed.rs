// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Large lockfiles, as real ones would be and as hostile ones could be, are read in time.

use std::fmt::Write as _;
use std::time::Instant;

use underpin_model::Limits;

use super::testing::detected;
use crate::reader::Context;

/// Packages of a large lockfile; the largest real ones have about a tenth. Debug builds are slow and get fewer.
const PACKAGES: usize = if cfg!(debug_assertions) { 2_000 } else { 50_000 };
/// Time to read it, in milliseconds: one second on a core of its own, which a test does not have.
const TIMEOUT_MS: u128 = if cfg!(debug_assertions) { 60_000 } else { 4_000 };

/// Reads a lockfile in time and gives back the numbers of components and edges.
fn timed(path: &str, text: &str) -> (usize, usize) {
    let limits = Limits::default();
    let reader = detected(path, text.as_bytes()).unwrap();
    let begin = Instant::now();
    let read = (reader.read)(text.as_bytes(), &Context { path, ..Context::new(&limits) }).unwrap();
    let elapsed_ms = begin.elapsed().as_millis();
    eprintln!("{path}: {} bytes in {elapsed_ms} ms", text.len());
    assert!(elapsed_ms < TIMEOUT_MS, "{path} took {elapsed_ms} ms");
    (read.components.len(), read.edges.len())
}

/// A lockfile of many packages, each needing the three before it.
fn many(head: &str, mut package: impl FnMut(&mut String, usize, [usize; 3])) -> String {
    let mut text = head.to_owned();
    for number in 0..PACKAGES {
        let before = [1, 2, 3].map(|distance| number.saturating_sub(distance));
        package(&mut text, number, before);
    }
    text
}

const INTEGRITY: &str =
    "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==";
const EDGES: usize = 3 * PACKAGES - 6;

#[test]
fn large_npm_lockfile() {
    let mut text =
        many(r#"{"name": "x", "lockfileVersion": 3, "packages": {"": {"name": "x"}"#, |text, number, [a, b, c]| {
            let _ = write!(
                text,
                r#", "node_modules/@scope/package-{number}": {{"version": "1.2.{number}", "resolved":
            "https://registry.npmjs.org/@scope/package-{number}/-/package-{number}-1.2.{number}.tgz",
            "integrity": "{INTEGRITY}", "license": "MIT", "engines": {{"node": ">=10"}},
            "dependencies": {{"@scope/package-{a}": "^1.0.0", "@scope/package-{b}": "*", "@scope/package-{c}": "1"}}}}"#
            );
        });
    text.push_str("}}");
    assert_eq!(timed("package-lock.json", &text), (PACKAGES + 1, EDGES));
}

#[test]
fn large_pnpm_lockfile() {
    let packages = many("lockfileVersion: '9.0'\n\nimporters:\n  .: {}\n\npackages:\n\n", |text, number, _| {
        let _ = write!(
            text,
            "  '@scope/package-{number}@1.2.{number}':\n    resolution: {{integrity: {INTEGRITY}}}\n    engines: {{node: '>=10'}}\n\n"
        );
    });
    let text = many(&format!("{packages}snapshots:\n\n"), |text, number, [a, b, c]| {
        let _ = write!(
            text,
            "  '@scope/package-{number}@1.2.{number}':\n    dependencies:\n      '@scope/package-{a}': 1.2.{a}\n      '@scope/package-{b}': 1.2.{b}\n      '@scope/package-{c}': 1.2.{c}\n\n"
        );
    });
    assert_eq!(timed("pnpm-lock.yaml", &text).0, PACKAGES + 1);
}

#[test]
fn large_yarn_lockfiles() {
    let classic = many("# yarn lockfile v1\n\n\n", |text, number, [a, b, c]| {
        let _ = write!(
            text,
            "\"@scope/package-{number}@^1.0.0\":\n  version \"1.2.{number}\"\n  resolved \"https://registry.yarnpkg.com/@scope/package-{number}/-/package-{number}-1.2.{number}.tgz#da39a3ee5e6b4b0d3255bfef95601890afd80709\"\n  integrity {INTEGRITY}\n  dependencies:\n    \"@scope/package-{a}\" \"^1.0.0\"\n    \"@scope/package-{b}\" \"^1.0.0\"\n    \"@scope/package-{c}\" \"^1.0.0\"\n\n"
        );
    });
    assert_eq!(timed("yarn.lock", &classic), (PACKAGES, EDGES));
    let berry = many("__metadata:\n  version: 8\n\n", |text, number, [a, b, c]| {
        let _ = write!(
            text,
            "\"@scope/package-{number}@npm:^1.0.0\":\n  version: 1.2.{number}\n  resolution: \"@scope/package-{number}@npm:1.2.{number}\"\n  dependencies:\n    \"@scope/package-{a}\": \"npm:^1.0.0\"\n    \"@scope/package-{b}\": \"npm:^1.0.0\"\n    \"@scope/package-{c}\": \"npm:^1.0.0\"\n  checksum: 10c0/00\n  languageName: node\n  linkType: hard\n\n"
        );
    });
    assert_eq!(timed("yarn.lock", &berry), (PACKAGES, EDGES));
}

#[test]
fn large_cargo_and_poetry_lockfiles() {
    let cargo = many("version = 4\n\n", |text, number, [a, b, c]| {
        let _ = write!(
            text,
            "[[package]]\nname = \"package-{number}\"\nversion = \"1.2.{number}\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"ddc6f9cc94d67c0e21aaf7eda3a010fd3af78ebf6e096aa6e2e13c79749cce4f\"\ndependencies = [\n \"package-{a}\",\n \"package-{b}\",\n \"package-{c}\",\n]\n\n"
        );
    });
    assert_eq!(timed("Cargo.lock", &cargo), (PACKAGES, EDGES));
    let mut poetry = many(
        "# This file is automatically @generated by Poetry 2.0.0 and should not be changed by hand.\n\n",
        |text, number, [a, b, c]| {
            let _ = write!(
                text,
                "[[package]]\nname = \"package-{number}\"\nversion = \"1.2.{number}\"\noptional = false\ngroups = [\"main\"]\nfiles = [\n    {{file = \"package.whl\", hash = \"sha256:ddc6f9cc94d67c0e21aaf7eda3a010fd3af78ebf6e096aa6e2e13c79749cce4f\"}},\n]\n\n[package.dependencies]\npackage-{a} = \"*\"\n"
            );
            for other in [b, c].into_iter().filter(|&other| other != a && other < number && b != c) {
                let _ = writeln!(text, "package-{other} = \"*\"");
            }
        },
    );
    poetry.push_str("\n[metadata]\nlock-version = \"2.1\"\ncontent-hash = \"0\"\n");
    assert_eq!(timed("poetry.lock", &poetry).0, PACKAGES);
}

#[test]
fn hostile_lockfiles_stay_fast() {
    let same = many("version = 4\n\n", |text, number, _| {
        let _ =
            write!(text, "[[package]]\nname = \"a\"\nversion = \"{number}\"\ndependencies = [\"a\", \"a 1 (x)\"]\n\n");
    });
    assert_eq!(timed("Cargo.lock", &same).0, PACKAGES);
    let mut twice = many(r#"{"lockfileVersion": 3, "packages": {"": {}"#, |text, number, _| {
        let _ = write!(text, r#", "{number}/node_modules/a": {{"version": "1", "dependencies": {{"gone": "1"}}}}"#);
    });
    twice.push_str("}}");
    assert_eq!(timed("package-lock.json", &twice).0, 2);
    let deep = format!(
        r#"{{"lockfileVersion": 3, "packages": {{"{}": {{"version": "1", "dependencies": {{"b": "1"}}}}}}}}"#,
        "a/".repeat(500_000)
    );
    assert_eq!(timed("package-lock.json", &deep).0, 1);
}
