// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `model`, `assess` and `formats`: no files, no network, no clock, no chance. And everywhere: no shortcuts in what ships.

use super::exceptions::{self, Exception};
use super::{repository, rust_text};

/// What a pure crate never says.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "tokio",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "async fn",
    "println!",
    "eprintln!",
];

/// What nothing that ships says.
const SHORTCUTS: &[&str] = &[".unwrap()", "todo!(", "unimplemented!(", "dbg!(", "unsafe {", "unsafe fn", "unsafe impl"];

#[test]
fn pure_crates_touch_nothing() {
    let mut wrong = Vec::new();
    for file in rust_text::shipped() {
        if ["crates/model/", "crates/assess/", "crates/formats/"].iter().any(|crates| file.path.starts_with(crates)) {
            wrong.extend(hits(&file.path, &file.text, IMPURE));
        }
    }
    assert!(wrong.is_empty(), "I/O, clock or chance in pure crates: {wrong:#?}");
}

#[test]
fn what_ships_takes_no_shortcuts() {
    let mut wrong = Vec::new();
    for file in rust_text::shipped().iter().filter(|file| !file.path.starts_with("crates/testkit/")) {
        wrong.extend(hits(&file.path, &file.text, SHORTCUTS));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn lints_are_heeded_and_tests_are_run() {
    let silencers = ["#[allow(", "#![allow(", "#[ignore"];
    let mut wrong = Vec::new();
    for file in repository::rust() {
        wrong.extend(hits(&file.path, &rust_text::masked(&file.text), &silencers));
    }
    exceptions::check(exceptions::SILENCERS, &mut wrong);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn limits_are_in_one_file() {
    let mut wrong = Vec::new();
    for file in rust_text::shipped().iter().filter(|file| file.path != "crates/model/src/limits.rs") {
        for (number, line) in file.text.lines().enumerate() {
            let Some(rest) = line.trim_start().trim_start_matches("pub ").strip_prefix("const ") else { continue };
            let (name, rest) = rest.split_once(':').unwrap_or((rest, ""));
            let words = ["MOST", "MAX", "LIMIT", "LIMITS", "TIMEOUT"];
            let number_type =
                ["usize", "u64", "u32", "i64", "Duration"].iter().any(|kind| rest.trim().starts_with(kind));
            if number_type && name.split('_').any(|word| words.contains(&word)) {
                wrong.push(format!("{}:{}: {name}", file.path, number + 1));
            }
        }
    }
    exceptions::check(exceptions::LIMITS, &mut wrong);
    assert!(wrong.is_empty(), "limits outside crates/model/src/limits.rs: {wrong:#?}");
}

fn hits(path: &str, text: &str, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for word in words.iter().filter(|word| line.contains(**word)) {
            found.push(format!("{path}:{}: {word}", number + 1));
        }
    }
    found
}

#[test]
fn exceptions_are_still_needed() {
    // An exception that nothing uses any more would let the next fault through.
    let mut found = vec!["crates/a.rs:3: #[ignore".to_owned()];
    exceptions::check(&[Exception { path: "crates/a.rs", what: "#[ignore", why: "a reason" }], &mut found);
    assert!(found.is_empty());
    exceptions::check(&[Exception { path: "crates/a.rs", what: "#[ignore", why: "a reason" }], &mut found);
    assert_eq!(found, ["crates/a.rs no longer needs its exception for #[ignore: a reason"]);
}
