// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Repositories made with the real `git`, with fixed dates and people.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use underpin_model::Timestamp;
use underpin_model::signals::{Ignorance, ProjectSignals, Reading, SignalCode, Value};
use underpin_repositories::{GitClone, signals};

/// The time at which the tests judge: 2024-01-01.
pub const AS_OF: i64 = 1_704_067_200;
/// A day in seconds.
pub const DAY: i64 = 86_400;

/// People of the tests. Unlike any word of a file, so that a leak is seen.
pub const ADA: &str = "Ada Quellmann <ada.quellmann@firma.test.org>";
pub const BEN: &str = "Ben Zwirbel <ben.zwirbel@gmail.com>";
pub const CLEO: &str = "Cleo Farnbach <cleo@werk.test.net>";
pub const BOT: &str = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>";

/// A repository that a test makes.
pub struct Made {
    pub folder: TempDir,
    pub path: PathBuf,
}

/// Whether `git` is here; says that the test is skipped when not.
pub fn is_here() -> bool {
    let found = Command::new("git").arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        underpin_testkit::skip("git");
    }
    found
}

/// The moment that many days before the tests judge.
pub fn ago(days: i64) -> i64 {
    AS_OF - days * DAY
}

impl Made {
    /// An empty one; `None` without `git`.
    pub fn new() -> Option<Self> {
        if !is_here() {
            return None;
        }
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("made");
        std::fs::create_dir(&path).expect("a folder");
        let made = Self { folder, path };
        made.git(&["init", "--quiet", "--initial-branch=main"]);
        Some(made)
    }

    /// Runs git in it, and gives what it says.
    pub fn git(&self, arguments: &[&str]) -> String {
        run(&self.path, arguments, &[])
    }

    /// Writes a file.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.path.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// Commits everything: by somebody, at a moment.
    pub fn commit(&self, who: &str, seconds: i64, message: &str) {
        self.git(&["add", "--all"]);
        self.dated(who, seconds, &["commit", "--quiet", "--allow-empty", "--message", message]);
    }

    /// Runs git as somebody at a moment.
    pub fn dated(&self, who: &str, seconds: i64, arguments: &[&str]) -> String {
        let (name, email) = who.split_once(" <").expect("a name and an address");
        let (email, date) = (email.trim_end_matches('>'), format!("{seconds} +0200"));
        let environment = [
            ("GIT_AUTHOR_NAME", name),
            ("GIT_AUTHOR_EMAIL", email),
            ("GIT_AUTHOR_DATE", &date),
            ("GIT_COMMITTER_NAME", name),
            ("GIT_COMMITTER_EMAIL", email),
            ("GIT_COMMITTER_DATE", &date),
        ];
        run(&self.path, arguments, &environment)
    }

    /// A clone of it, made with these options.
    pub fn clone_with(&self, name: &str, options: &[&str]) -> PathBuf {
        let to = self.folder.path().join(name);
        let (from, to_text) = (format!("file://{}", self.path.display()), to.display().to_string());
        let mut arguments = vec!["clone", "--quiet"];
        arguments.extend(options);
        arguments.extend([from.as_str(), to_text.as_str()]);
        run(self.folder.path(), &arguments, &[]);
        to
    }

    /// What it says, judged as of the time of the tests.
    pub fn signals(&self) -> ProjectSignals {
        signals_of(&self.path)
    }
}

/// What a clone says, judged as of the time of the tests.
pub fn signals_of(path: &Path) -> ProjectSignals {
    signals(&GitClone::open(path).expect("a clone"), Timestamp::from_seconds(AS_OF), &[7; 32])
}

/// Runs git, without any configuration of this machine.
pub fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let output = Command::new("git")
        .args(["-c", "commit.gpgsign=false", "-c", "core.quotePath=false", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .envs(environment.iter().copied())
        .output()
        .expect("git runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Shorter words for what tests expect.
pub fn number(count: u64) -> Reading {
    Reading::Known(Value::Number(count))
}

pub fn share(part: u64, whole: u64) -> Reading {
    Reading::Known(Value::Fraction { part, whole })
}

pub fn unknown(why: Ignorance) -> Reading {
    Reading::Unknown(why)
}

/// Holds readings against what is expected, all at once.
pub fn expect(found: &ProjectSignals, expected: &[(SignalCode, Reading)]) {
    let wanted: Vec<_> = expected.iter().map(|(code, reading)| (*code, Some(*reading))).collect();
    let read: Vec<_> = expected.iter().map(|(code, _)| (*code, found.reading(*code))).collect();
    assert_eq!(read, wanted);
}
