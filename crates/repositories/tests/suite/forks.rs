// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Forks made with the real git, held against `git cherry` and `git patch-id`.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use underpin_repositories::{Fork, GitClone, compare_forks};

use crate::git::{ADA, BEN, Made, ago};

/// The number that git itself gives a change.
fn number(text: &str) -> Option<[u8; 20]> {
    let mut git = Command::new("git")
        .args(["patch-id", "--stable"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("git");
    git.stdin.take().expect("its input").write_all(text.as_bytes()).expect("written");
    let said = String::from_utf8(git.wait_with_output().expect("an answer").stdout).expect("text");
    let digits = said.split_whitespace().next()?;
    let byte = |at: usize| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).expect("a number");
    Some(std::array::from_fn(byte))
}

fn compare(fork: &Path, of_fork: &str, of_upstream: &str) -> Fork {
    let clone = GitClone::open(fork).expect("a clone");
    compare_forks((&clone, Some(of_fork)), (&clone, Some(of_upstream)), &number).expect("compared")
}

fn titles(commits: &[underpin_repositories::ForkCommit]) -> Vec<&str> {
    commits.iter().map(|commit| commit.title.as_str()).collect()
}

fn text(lines: std::ops::Range<u32>) -> String {
    lines.map(|line| format!("line {line}\n")).collect()
}

/// A fork with a change of its own, one that was picked by the project at another place, one that was taken back, one that the project
/// took and took back, and a merge.
fn made() -> Option<Made> {
    let made = Made::new()?;
    made.write("a.txt", &text(0..40));
    made.commit(ADA, ago(100), "begin");
    made.git(&["checkout", "--quiet", "-b", "fork"]);
    for (days, file, words) in [
        (90, "own.txt", "our own change by ben.zwirbel@gmail.com"),
        (89, "picked.txt", "picked by the project"),
        (88, "mistake.txt", "a mistake"),
        (87, "refused.txt", "taken and refused"),
    ] {
        made.write(file, &format!("{words}\n"));
        made.commit(BEN, ago(days), words);
    }
    let mistake = made.git(&["rev-parse", "HEAD~1"]);
    made.dated(BEN, ago(86), &["revert", "--no-edit", mistake.trim()]);
    made.git(&["checkout", "--quiet", "main"]);
    made.write("a.txt", &format!("first\n{}", text(0..40)));
    made.commit(ADA, ago(85), "before it");
    made.dated(ADA, ago(84), &["cherry-pick", "fork~3"]);
    made.dated(ADA, ago(83), &["cherry-pick", "fork~1"]);
    made.dated(ADA, ago(82), &["revert", "--no-edit", "HEAD"]);
    made.git(&["checkout", "--quiet", "fork"]);
    made.dated(BEN, ago(81), &["merge", "--quiet", "--no-ff", "--no-edit", "main~3"]);
    Some(made)
}

#[test]
fn what_the_project_does_not_have() {
    let Some(made) = made() else { return };
    let found = compare(&made.path, "fork", "main");
    assert_eq!(titles(&found.ahead), ["our own change by", "taken and refused"]);
    assert_eq!(titles(&found.equivalent), ["picked by the project"]);
    assert_eq!((found.behind, found.unread, found.is_cut), (3, 0, false), "the merge brought one of four");
    // Without reverts git says the same: `-` for what the project has.
    let cherry = made.git(&["cherry", "main", "fork"]);
    let carried: Vec<&str> = cherry.lines().filter_map(|line| line.strip_prefix("+ ")).collect();
    let own: Vec<&str> = found.ahead.iter().map(|commit| commit.id.as_str()).collect();
    assert!(carried.contains(&own[0]), "{cherry}");
}

#[test]
fn numbers_are_those_of_git() {
    let Some(made) = Made::new() else { return };
    made.write("a.txt", &text(0..60));
    made.write("b.bin", "x\0y");
    made.commit(ADA, ago(50), "begin");
    made.git(&["tag", "start"]);
    made.write("a.txt", &text(0..60).replace("line 7\n", "line seven\n").replace("line 40\n", ""));
    made.write("d/new.txt", "no end");
    made.write("empty", "");
    made.commit(ADA, ago(49), "one");
    std::fs::remove_file(made.path.join("d/new.txt")).expect("removed");
    made.write("b.bin", "x\0z");
    made.git(&["update-index", "--chmod=+x", "a.txt"]);
    made.git(&["add", "--all"]);
    made.dated(ADA, ago(48), &["commit", "--quiet", "--message", "two"]);
    let found = compare(&made.path, "main", "start");
    assert_eq!(titles(&found.ahead), ["one", "two"]);
    for commit in &found.ahead {
        let patch = made.git(&["diff-tree", "-p", "--full-index", "--no-renames", "--no-commit-id", &commit.id]);
        assert_eq!(Some(commit.change), number(&patch), "{}: {patch}", commit.title);
    }
}

#[test]
fn two_clones_and_references() {
    let Some(made) = made() else { return };
    let (one, two) = (made.clone_with("one", &["--branch", "fork"]), made.clone_with("two", &["--branch", "main"]));
    let (one, two) = (GitClone::open(&one).expect("a clone"), GitClone::open(&two).expect("a clone"));
    let apart = compare_forks((&one, None), (&two, None), &number).expect("compared");
    assert_eq!(apart, compare(&made.path, "fork", "main"));
    let missing = compare_forks((&one, Some("no-such")), (&two, None), &number).expect_err("refused");
    assert_eq!(missing.to_string(), "no-such is no branch, tag or commit of this clone");
    let cut = made.clone_with("cut", &["--depth", "2", "--branch", "fork"]);
    let cut = GitClone::open(&cut).expect("a clone");
    assert!(compare_forks((&cut, None), (&two, None), &number).expect("compared").is_cut);
}

#[test]
fn nobody_is_named() {
    let Some(made) = made() else { return };
    let said = format!("{:?}", compare(&made.path, "fork", "main"));
    for name in ["Zwirbel", "zwirbel", "Quellmann", "gmail", "@"] {
        assert!(!said.contains(name), "{name} in {said}");
    }
}
