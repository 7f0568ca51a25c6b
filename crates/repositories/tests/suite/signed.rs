// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Signatures of tags and commits, made by the real `git` with the real `gpg` and `ssh-keygen`, held against pinned keys.

use std::path::{Path, PathBuf};
use std::process::Command;

use underpin_formats::signatures::Keyring;
use underpin_model::Timestamp;
use underpin_model::repository_facts::{SignatureFacts, SignatureState as S};
use underpin_repositories::history_facts;

use crate::git::{ADA, Made, run};

/// A moment after all that these tests sign: signatures bear the date of the machine.
const LATER_DAYS: i64 = 1;

/// Asks the machine, as git does when it signs.
fn now() -> i64 {
    let date = Command::new("date").arg("+%s").output().expect("date runs").stdout;
    String::from_utf8_lossy(&date).trim().parse().expect("seconds")
}

fn facts(path: &Path, keys: &Keyring) -> SignatureFacts {
    let at = Timestamp(now() * 1_000_000 + LATER_DAYS * Timestamp::DAY_US);
    history_facts(path, at, keys, (false, true)).expect("a clone").expect("a history").1
}

fn state(facts: &SignatureFacts, tag: &str) -> S {
    let name = format!("refs/tags/{tag}");
    facts.tags.iter().find(|found| found.name == name).expect(tag).state
}

/// Runs a program of keys; `false` where it is not here.
fn made(program: &str, arguments: &[&str], home: &Path) -> bool {
    let done = Command::new(program).args(arguments).env("GNUPGHOME", home).output();
    if done.is_err() {
        underpin_testkit::skip(program);
    }
    done.is_ok_and(|done| done.status.success())
}

fn ssh_key(folder: &Path, name: &str, kind: &[&str]) -> Option<PathBuf> {
    let file = folder.join(name);
    let path = file.display().to_string();
    let mut arguments = vec!["-q", "-N", "", "-C", "somebody", "-f", path.as_str()];
    arguments.extend(kind);
    made("ssh-keygen", &arguments, folder).then_some(file)
}

fn public(file: &Path) -> Vec<u8> {
    std::fs::read(file.with_extension("pub")).expect("a public key")
}

fn ring(files: &[Vec<u8>]) -> Keyring {
    let mut keys = Keyring::default();
    for file in files {
        keys.add(file).expect("keys");
    }
    keys
}

/// Signs as somebody, with the clock of the machine.
fn sign(made: &Made, options: &[String], arguments: &[&str]) {
    let mut all: Vec<&str> = options.iter().map(String::as_str).collect();
    all.extend(arguments);
    made.dated(ADA, now(), &all);
}

fn ssh_options(key: &Path) -> Vec<String> {
    ["gpg.format=ssh".to_owned(), format!("user.signingkey={}", key.display())]
        .into_iter()
        .flat_map(|option| ["-c".to_owned(), option])
        .collect()
}

#[test]
fn signatures_of_ssh_of_every_usual_kind() {
    let Some(repository) = Made::new() else { return };
    let folder = repository.folder.path().to_owned();
    let kinds: [(&str, &[&str]); 3] =
        [("ed", &["-t", "ed25519"]), ("ec", &["-t", "ecdsa", "-b", "256"]), ("rsa", &["-t", "rsa", "-b", "2048"])];
    let mut files = Vec::new();
    repository.commit(ADA, now(), "first");
    for (name, kind) in kinds {
        let Some(key) = ssh_key(&folder, name, kind) else { return };
        sign(&repository, &ssh_options(&key), &["tag", "--sign", "--message", "release", &format!("v1-{name}")]);
        files.push(public(&key));
    }
    let none = facts(&repository.path, &Keyring::default());
    let all = facts(&repository.path, &ring(&files));
    let one = facts(&repository.path, &ring(&files[1..2]));
    for (name, _) in kinds {
        let tag = format!("v1-{name}");
        assert_eq!((state(&none, &tag), state(&all, &tag)), (S::UnknownKey, S::Verified), "{name}");
        assert_eq!(state(&one, &tag), if name == "ec" { S::Verified } else { S::UnknownKey }, "{name}");
    }
    assert!(all.has_keys && !none.has_keys);
}

#[test]
fn what_allowed_signers_says_of_a_key_holds() {
    let Some(repository) = Made::new() else { return };
    let Some(key) = ssh_key(repository.folder.path(), "key", &["-t", "ed25519"]) else { return };
    repository.commit(ADA, now(), "first");
    sign(&repository, &ssh_options(&key), &["tag", "--sign", "--message", "release", "v1"]);
    let public = String::from_utf8(public(&key)).expect("text");
    for (options, expected) in [
        ("", S::Verified),
        ("namespaces=\"git,file\" ", S::Verified),
        ("namespaces=\"file\" ", S::UnknownKey),
        ("valid-after=\"20200101\" ", S::Verified),
        ("valid-after=\"22000101Z\" ", S::UnknownKey),
        ("valid-before=\"20200101120000\" ", S::UnknownKey),
        ("valid-after=\"20200101\",valid-before=\"22000101\" ", S::Verified),
    ] {
        let keys = ring(&[format!("# ours\n\n\"ada@example.org, x\" {options}{public}").into_bytes()]);
        assert_eq!(state(&facts(&repository.path, &keys), "v1"), expected, "{options}");
    }
    for refused in ["cert-authority ", "valid-after=\"soon\" ", "unknown=\"1\" "] {
        let line = format!("ada {refused}{public}");
        assert!(Keyring::default().add(line.as_bytes()).is_err(), "{refused}");
    }
}

#[test]
fn a_tag_that_was_changed_is_broken_and_an_unsigned_one_is_none() {
    let Some(repository) = Made::new() else { return };
    let Some(key) = ssh_key(repository.folder.path(), "key", &["-t", "ed25519"]) else { return };
    repository.commit(ADA, now(), "first");
    sign(&repository, &ssh_options(&key), &["tag", "--sign", "--message", "release", "v1"]);
    let text = repository.git(&["cat-file", "tag", "v1"]);
    // The same signature under other words, under another namespace's magic, and cut short.
    let broken = [
        ("v2-words", text.replace("release", "another")),
        ("v2-cut", text.replace("-----END SSH SIGNATURE-----", "")),
        ("v2-none", text.split("-----BEGIN").next().expect("words").to_owned()),
    ];
    for (name, text) in &broken {
        let file = repository.folder.path().join("tag");
        std::fs::write(&file, text).expect("a file");
        let id = repository.git(&["hash-object", "-t", "tag", "-w", "--literally", &file.display().to_string()]);
        repository.git(&["update-ref", &format!("refs/tags/{name}"), id.trim()]);
    }
    repository.git(&["tag", "v3-light"]);
    // The very tag under a name that it was not signed for: an old release could pass for the newest.
    let id = repository.git(&["rev-parse", "refs/tags/v1"]);
    repository.git(&["update-ref", "refs/tags/v9", id.trim()]);
    let found = facts(&repository.path, &ring(&[public(&key)]));
    let states = ["v1", "v2-words", "v2-cut", "v2-none", "v3-light", "v9"].map(|name| state(&found, name));
    assert_eq!(states, [S::Verified, S::Broken, S::Broken, S::Unsigned, S::Unsigned, S::Broken]);
}

#[test]
fn commits_signed_by_ssh_and_by_openpgp() {
    let Some(repository) = Made::new() else { return };
    let Some(key) = ssh_key(repository.folder.path(), "key", &["-t", "ed25519"]) else { return };
    // A socket of the agent needs a short path.
    let home = tempfile::Builder::new().prefix("g").tempdir_in("/tmp").expect("a folder");
    run(home.path(), &["version"], &[]);
    let quick = ["--batch", "--passphrase", "", "--quick-gen-key", "ada <ada@example.org>", "ed25519", "sign", "0"];
    if !made("gpg", &quick, home.path()) {
        return;
    }
    repository.commit(ADA, now(), "not signed");
    let ssh = ssh_options(&key);
    sign(&repository, &ssh, &["commit", "--quiet", "--allow-empty", "--gpg-sign", "--message", "by ssh"]);
    let gpg = format!("gpg.program={}", gpg_program(home.path()));
    let gpg = ["-c".to_owned(), gpg, "-c".to_owned(), "user.signingkey=ada@example.org".to_owned()];
    sign(&repository, &gpg, &["commit", "--quiet", "--allow-empty", "--gpg-sign", "--message", "by gpg"]);
    sign(&repository, &gpg, &["tag", "--sign", "--message", "release", "v1"]);
    let exported = Command::new("gpg").args(["--armor", "--export"]).env("GNUPGHOME", home.path()).output();
    let certificate = exported.expect("gpg runs").stdout;
    let states = |keys: &Keyring| facts(&repository.path, keys).commits.iter().map(|one| one.state).collect::<Vec<_>>();
    let sorted = |mut states: Vec<S>| {
        states.sort_unstable();
        states
    };
    let both = ring(&[public(&key), certificate.clone()]);
    assert_eq!(sorted(states(&both)), [S::Unsigned, S::Verified, S::Verified]);
    assert_eq!(sorted(states(&ring(std::slice::from_ref(&certificate)))), [S::Unsigned, S::UnknownKey, S::Verified]);
    assert_eq!(sorted(states(&Keyring::default())), [S::Unsigned, S::UnknownKey, S::UnknownKey]);
    assert_eq!(state(&facts(&repository.path, &both), "v1"), S::Verified);
    assert_eq!(state(&facts(&repository.path, &ring(&[public(&key)])), "v1"), S::UnknownKey);
}

/// A program that calls gpg with its own folder, since git hands on no environment of tests.
fn gpg_program(home: &Path) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    let file = home.join("sign.sh");
    let text = format!("#!/bin/sh\nGNUPGHOME='{}' exec gpg --batch \"$@\"\n", home.display());
    std::fs::write(&file, text).expect("a file");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).expect("it may run");
    file.display().to_string()
}
