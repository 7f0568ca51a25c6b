// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! However a clone is packed, it says the same; a pack that is broken says less, and nothing worse happens.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use underpin_model::signals::{ProjectSignals, SignalCode as C};

use crate::chance::import;
use crate::git::{ADA, AS_OF, BEN, CLEO, DAY, Made};
use crate::reference;

/// A history of that many commits that touches files in three folders and moves one file now and then.
fn stream(commits: usize) -> String {
    let mut out = String::new();
    let file = |out: &mut String, path: &str, version: usize| {
        let line =
            |line: usize| format!("{path} {line} {}\n", if line == version % 30 { version } else { line * 7919 });
        let text: String = (0..30).map(line).collect();
        writeln!(out, "M 100644 inline {path}\ndata {}\n{text}", text.len()).expect("text");
    };
    for number in 0..commits {
        let moment = AS_OF - 900 * DAY + number as i64 * DAY;
        let who = [ADA, BEN, ADA, CLEO, ADA][number % 5];
        writeln!(out, "commit refs/heads/main\nmark :{}\ncommitter {who} {moment} +0000\ndata 1\nx", number + 1)
            .expect("text");
        if number > 0 {
            writeln!(out, "from :{number}").expect("text");
        }
        let moved = |number: usize| format!("lib/moved{}.txt", number / 20);
        if number % 20 == 0 && number > 0 {
            writeln!(out, "R {} {}", moved(number - 1), moved(number)).expect("text");
        }
        file(&mut out, &moved(number), number);
        file(&mut out, &format!("src/part{}/file{}.txt", number % 3, number % 17), number);
    }
    out
}

/// A pack of the clone, with what `git` says of its objects: identifier, kind, depth and base.
fn pack(made: &Made) -> (PathBuf, Vec<Vec<String>>) {
    let folder = made.path.join(".git/objects/pack");
    let paths = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let path = paths.into_iter().find(|path| path.extension().is_some_and(|end| end == "pack")).expect("a pack");
    let said = made.git(&["verify-pack", "-v", &path.with_extension("idx").display().to_string()]);
    let words = said.lines().map(|line| line.split_whitespace().map(str::to_owned).collect());
    (path, words.filter(|words: &Vec<String>| words.len() >= 5 && words[0].len() == 40).collect())
}

/// How many objects of each kind are made of another one.
fn deltas(objects: &[Vec<String>], kind: &str) -> usize {
    objects.iter().filter(|words| words[1] == kind && words.len() == 7).count()
}

fn rewritten(path: &Path, bytes: &[u8]) {
    fs::remove_file(path).expect("a pack");
    fs::write(path, bytes).expect("a pack");
}

#[test]
fn however_it_is_packed_a_clone_says_the_same() {
    let Some(made) = Made::new() else { return };
    made.git(&["config", "fastimport.unpackLimit", "1"]);
    import(&made, &stream(300));
    let (_, objects) = pack(&made);
    assert!(deltas(&objects, "tree") > 100, "older objects are bases of newer ones");
    let found = made.signals();
    reference::check(&made.path, &found);
    for options in [
        ["-c", "repack.useDeltaBaseOffset=true", "--depth=50"],
        ["-c", "repack.useDeltaBaseOffset=false", "--depth=50"],
        ["-c", "repack.useDeltaBaseOffset=true", "--depth=0"],
    ] {
        made.git(&[options[0], options[1], "repack", "-a", "-d", "-f", "--quiet", options[2]]);
        let (_, objects) = pack(&made);
        assert_eq!(deltas(&objects, "tree") > 100, options[2] == "--depth=50", "{options:?}");
        assert_eq!(made.signals(), found, "{options:?}");
    }
    let (path, _) = pack(&made);
    let whole = fs::read(&path).expect("a pack");
    for name in ["pack", "idx", "rev"] {
        let _ = fs::remove_file(path.with_extension(name));
    }
    let loose = made.path.join("whole");
    fs::write(&loose, whole).expect("a pack");
    let shell = format!("git unpack-objects -q < '{}'", loose.display());
    let status = std::process::Command::new("sh").args(["-c", &shell]).current_dir(&made.path).status();
    assert!(status.expect("a shell").success());
    assert_eq!(made.signals(), found, "no pack at all");
}

#[test]
fn several_packs_are_read_as_one() {
    let Some(made) = Made::new() else { return };
    made.git(&["config", "fastimport.unpackLimit", "1"]);
    let whole = stream(120);
    import(&made, &whole);
    let found = made.signals();
    let Some(other) = Made::new() else { return };
    other.git(&["config", "fastimport.unpackLimit", "1"]);
    // Each pack holds what the one before left out; the last commits stay loose.
    for commits in [40, 80] {
        import(&other, &stream(commits));
    }
    other.git(&["config", "fastimport.unpackLimit", "100000"]);
    import(&other, &whole);
    let packs = fs::read_dir(other.path.join(".git/objects/pack")).expect("a folder").count();
    assert!(packs >= 4, "two packs with their indices, not {packs} files");
    assert_eq!(other.signals(), found);
}

/// What the clone says with other bytes in its pack, and again with its own.
fn broken(made: &Made, path: &Path, whole: &[u8], change: impl Fn(&mut Vec<u8>)) -> ProjectSignals {
    let mut bytes = whole.to_vec();
    change(&mut bytes);
    assert_ne!(bytes, whole);
    rewritten(path, &bytes);
    made.signals()
}

#[test]
fn a_broken_pack_says_less_and_nothing_worse_happens() {
    let Some(made) = Made::new() else { return };
    import(&made, &stream(60));
    made.git(&["repack", "-a", "-d", "-f", "--quiet", "--depth=50"]);
    let (path, _) = pack(&made);
    for path in [path.clone(), path.with_extension("idx")] {
        let whole = fs::read(&path).expect("a pack");
        for at in (0..whole.len()).step_by(whole.len() / 97 + 1) {
            for change in [0x01, 0x70, 0xff] {
                let found = broken(&made, &path, &whole, |bytes| bytes[at] ^= change);
                assert_eq!(found.signals.len(), C::ALL.len(), "{at} {change}");
            }
        }
        for bytes in [0, 8, whole.len() / 2, whole.len() - 21] {
            let found = broken(&made, &path, &whole, |all| all.truncate(bytes));
            assert_eq!(found.signals.len(), C::ALL.len(), "cut after {bytes}");
        }
        rewritten(&path, &whole);
    }
}

#[test]
fn objects_that_are_made_of_themselves_are_missing() {
    let Some(made) = Made::new() else { return };
    import(&made, &stream(60));
    made.git(&["-c", "repack.useDeltaBaseOffset=false", "repack", "-a", "-d", "-f", "--quiet", "--depth=50"]);
    let whole_signals = made.signals();
    let (path, objects) = pack(&made);
    let whole = fs::read(&path).expect("a pack");
    let raw = |hex: &str| -> Vec<u8> {
        (0..20).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("an identifier")).collect()
    };
    let trees: Vec<&Vec<String>> = objects.iter().filter(|words| words[1] == "tree" && words.len() == 7).collect();
    assert!(trees.len() > 20);
    for words in trees.iter().take(20) {
        let from: usize = words[4].parse().expect("a place");
        let (own, base) = (raw(&words[0]), raw(&words[6]));
        let found = broken(&made, &path, &whole, |bytes| {
            // Behind the kind and size of the entry stands its base.
            let at = from + (1..9).find(|at| bytes[from + at..].starts_with(&base)).expect("the base");
            bytes[at..at + 20].copy_from_slice(&own);
        });
        let truck = found.reading(C::TruckFactor);
        assert_ne!(truck, whole_signals.reading(C::TruckFactor), "{words:?}");
    }
}
