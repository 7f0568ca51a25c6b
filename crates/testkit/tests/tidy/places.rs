// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Nothing of the machine it was written on: no folders of a person or a build server, no private registry.

use super::exceptions;
use super::repository;

/// Folders that exist on one machine only. Split, so that this file does not find itself.
const FOLDERS: &[&str] =
    &[concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/wo", "rk/"), concat!("C:\\Us", "ers\\")];

/// Hosts that only one network knows.
const HOSTS: &[&str] =
    &[".internal/", ".internal:", ".lan/", ".lan:", ".corp/", "//localhost", "//127.0.0.1", "//10.", "//192.168."];

#[test]
fn no_machine_is_named() {
    let mut wrong = Vec::new();
    for file in repository::texts() {
        for (number, line) in file.text.lines().enumerate() {
            let hit = FOLDERS.iter().find(|folder| names(line, folder));
            wrong.extend(hit.map(|hit| format!("{}:{}: {hit}", file.path, number + 1)));
        }
    }
    exceptions::check(exceptions::PLACES, &mut wrong);
    assert!(wrong.is_empty(), "machine paths: {wrong:#?}");
}

/// True when the path is named from its root: `/srv/home/` is another folder.
fn names(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|character| character.is_alphanumeric() || "._-*".contains(character))
    })
}

#[test]
fn no_private_registry_is_named() {
    let mut wrong = Vec::new();
    for file in repository::texts().iter().filter(|file| !file.path.starts_with("crates/testkit/tests/tidy/")) {
        for (number, line) in file.text.lines().enumerate() {
            // The engine of an example runs beside it; nothing is fetched from there.
            let line = line.replace("df://", "");
            let hit = HOSTS.iter().find(|host| line.contains("://") && line.contains(**host));
            wrong.extend(hit.map(|hit| format!("{}:{}: {hit}", file.path, number + 1)));
        }
    }
    exceptions::check(exceptions::HOSTS, &mut wrong);
    assert!(wrong.is_empty(), "hosts that only one network knows: {wrong:#?}");
    let lock = std::fs::read_to_string(repository::root().join("Cargo.lock")).expect("the lock file is there");
    let elsewhere: Vec<&str> = lock
        .lines()
        .filter(|line| line.starts_with("source = "))
        .filter(|line| *line != "source = \"registry+https://github.com/rust-lang/crates.io-index\"")
        .collect();
    assert!(elsewhere.is_empty(), "crates from elsewhere than crates.io: {elsewhere:#?}");
}
