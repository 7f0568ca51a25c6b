// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A clone is hostile input: nothing that it names is run, nothing outside it is read, nothing in it is changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use underpin_model::Timestamp;
use underpin_model::signals::{Ignorance, SignalCode as C};
use underpin_repositories::{GitClone, Unreadable, signals};

use crate::git::{self, ADA, AS_OF, BEN, Made, ago, expect, number, unknown};

fn small() -> Option<Made> {
    let made = Made::new()?;
    made.write("README.md", "# Small\n\nA small thing.\n");
    made.write("a.txt", &"some line of a text\n".repeat(20));
    made.commit(ADA, ago(50), "Begin");
    made.git(&["mv", "a.txt", "b.txt"]);
    made.write("b.txt", &format!("{}another line\n", "some line of a text\n".repeat(19)));
    made.commit(BEN, ago(40), "Move");
    Some(made)
}

/// Every file below a folder, with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            found.insert(path.clone(), std::fs::read(&path).expect("a file"));
        }
    }
    found
}

#[test]
fn programs_that_a_clone_names_are_not_run() {
    let Some(made) = small() else { return };
    let clean = made.signals();
    let marker = made.folder.path().join("marker");
    let program = made.folder.path().join("program");
    std::fs::write(&program, format!("#!/bin/sh\necho run >> '{}'\ncat\n", marker.display())).expect("a program");
    let status = std::process::Command::new("chmod").arg("+x").arg(&program).status().expect("chmod");
    assert!(status.success());
    let named = program.display();
    made.write(".gitattributes", "* filter=evil diff=evil merge=evil\n");
    made.commit(ADA, ago(30), "Attributes");
    let included = made.folder.path().join("included");
    std::fs::write(&included, format!("[core]\n\tfsmonitor = {named}\n\tsshCommand = {named}\n")).expect("a file");
    let config = format!(
        "[core]\n\tfsmonitor = {named}\n\thooksPath = {hooks}\n\tpager = {named}\n\teditor = {named}\n\talternateRefsCommand = {named}\n\
         [filter \"evil\"]\n\tclean = {named}\n\tsmudge = {named}\n\tprocess = {named}\n\trequired = true\n\
         [diff]\n\texternal = {named}\n[diff \"evil\"]\n\ttextconv = {named}\n\tcommand = {named}\n\
         [gpg]\n\tprogram = {named}\n[credential]\n\thelper = {named}\n[alias]\n\tlog = !{named}\n\
         [mailmap]\n\tfile = {included}\n[include]\n\tpath = {included}\n",
        hooks = made.folder.path().display(),
        included = included.display(),
    );
    let path = made.path.join(".git/config");
    let before = std::fs::read_to_string(&path).expect("a configuration");
    std::fs::write(&path, before + &config).expect("a configuration");
    // The marker works: git itself runs what the clone names.
    let status = std::process::Command::new("git").arg("status").current_dir(&made.path).output().expect("git runs");
    assert!(!status.stdout.is_empty() || !status.stderr.is_empty());
    assert!(marker.exists(), "git would run the program");
    std::fs::remove_file(&marker).expect("the marker");
    let files = contents(&made.path);
    let found = made.signals();
    assert!(!marker.exists(), "a program was run");
    assert_eq!(contents(&made.path), files, "the clone was changed");
    expect(&found, &[(C::Contributors12Months, number(2)), (C::HumanCommits12Months, number(3))]);
    assert_eq!(found.reading(C::SecurityPolicy), clean.reading(C::SecurityPolicy));
}

#[test]
fn a_clone_that_points_elsewhere_is_refused() {
    let Some(made) = small() else { return };
    let borrowing = made.folder.path().join("borrowing");
    let (from, to) = (made.path.display().to_string(), borrowing.display().to_string());
    git::run(made.folder.path(), &["clone", "--quiet", "--shared", &from, &to], &[]);
    let linked = made.folder.path().join("linked");
    made.git(&["worktree", "add", "--quiet", "--detach", &linked.display().to_string()]);
    let pointing = made.folder.path().join("pointing");
    std::fs::create_dir(&pointing).expect("a folder");
    std::os::unix::fs::symlink(made.path.join(".git"), pointing.join(".git")).expect("a link");
    for path in [&borrowing, &linked, &pointing, &made.path.join(".git/worktrees/linked")] {
        assert!(matches!(GitClone::open(path), Err(Unreadable::Borrows { .. })), "{}", path.display());
    }
    for path in [made.folder.path().join("nowhere"), made.path.join("b.txt"), made.folder.path().to_owned()] {
        assert!(matches!(GitClone::open(&path), Err(Unreadable::NoClone { .. })), "{}", path.display());
    }
}

#[test]
fn the_environment_changes_nothing() {
    let Some(made) = small() else { return };
    let other = Made::new().expect("git is here");
    let found = made.signals();
    // A child process, because the environment belongs to all tests.
    if std::env::var_os("UNDERPIN_TEST_CLONE").is_none() {
        let this = std::env::current_exe().expect("a program");
        let output = std::process::Command::new(this)
            .args(["--exact", "hostile::a_child_reads_the_clone_it_was_given", "--nocapture"])
            .env("UNDERPIN_TEST_CLONE", &made.path)
            .env("GIT_DIR", other.path.join(".git"))
            .env("GIT_WORK_TREE", &other.path)
            .env("GIT_OBJECT_DIRECTORY", other.path.join(".git/objects"))
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", "core.worktree")
            .env("GIT_CONFIG_VALUE_0", &other.path)
            .output()
            .expect("a child");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let tip = found.tip.expect("a tip");
        assert!(output.status.success() && said.contains(&format!("tip {tip}")), "{said}");
    }
}

#[test]
fn a_child_reads_the_clone_it_was_given() {
    let Some(path) = std::env::var_os("UNDERPIN_TEST_CLONE") else { return };
    let found = signals(&GitClone::open(Path::new(&path)).expect("a clone"), Timestamp::from_seconds(AS_OF), &[1; 32]);
    println!("tip {}", found.tip.expect("a tip"));
}

#[test]
fn broken_and_missing_objects_are_unknown_and_no_panic() {
    let Some(made) = small() else { return };
    let objects: Vec<PathBuf> =
        contents(&made.path.join(".git/objects")).into_keys().filter(|path| path.is_file()).collect();
    let kind = |path: &Path| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let folder = path.parent().expect("a folder").file_name().expect("a name").to_string_lossy().into_owned();
        made.git(&["cat-file", "-t", &format!("{folder}{name}")]).trim().to_owned()
    };
    let kinds: Vec<(PathBuf, String)> = objects.into_iter().map(|path| (path.clone(), kind(&path))).collect();
    assert!(kinds.len() >= 6);
    for (path, kind) in kinds {
        let whole = std::fs::read(&path).expect("an object");
        let status = std::process::Command::new("chmod").arg("u+w").arg(&path).status().expect("chmod");
        assert!(status.success());
        for broken in [None, Some(Vec::new()), Some(vec![0x78, 1, 2, 3]), Some(whole[..whole.len() / 2].to_vec())] {
            match broken {
                None => std::fs::remove_file(&path).expect("an object"),
                Some(bytes) => std::fs::write(&path, bytes).expect("an object"),
            }
            let found = made.signals();
            assert_eq!(found.signals.len(), C::ALL.len(), "{kind}");
            if kind == "tree" {
                let truck = found.reading(C::TruckFactor);
                assert_eq!(truck, Some(unknown(Ignorance::NotInClone)), "{}", path.display());
            }
        }
        std::fs::write(&path, whole).expect("an object");
    }
}
