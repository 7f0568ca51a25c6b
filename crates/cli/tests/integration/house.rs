// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A data directory of its own for each test, and the real binary to work on it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use underpin_testkit::{postgres, s3};

/// The binary under test.
pub const BINARY: &str = env!("CARGO_BIN_EXE_underpin");

/// A temporary folder with a data directory `data`, a configuration and input files.
pub struct House {
    folder: tempfile::TempDir,
}

/// What a command left behind.
#[derive(Debug)]
pub struct Done {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl House {
    /// With these lines below `[limits]`.
    pub fn with_limits(limits: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("underpin.toml"), format!("[limits]\n{limits}\n")).expect("a configuration");
        Self { folder }
    }

    /// With the default limits.
    pub fn new() -> Self {
        Self::with_limits("")
    }

    /// A path inside the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes an input file, with the folders above it.
    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(&path, bytes).expect("written");
        path
    }

    /// A folder of the store: in the data directory, or of the bucket, behind the back of its server.
    pub fn stored(&self, name: &str) -> PathBuf {
        let data = self.path("data");
        s3::in_force().map_or_else(|| data.join(name), |server| server.file(&s3::prefix_of(&data)).join(name))
    }

    /// Throws away what is kept here of a bucket.
    pub fn forget_kept(&self) {
        // Of a folder nothing is kept.
        let _ = std::fs::remove_dir_all(self.path("data/cache"));
    }

    /// A command on the data directory.
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_on(&self.path("data"), arguments)
    }

    /// A command on another data directory.
    pub fn command_on(&self, data: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.current_dir(self.folder.path()).env("RUST_BACKTRACE", "0").env("UNDERPIN_ACTOR", "test");
        for variable in ["UNDERPIN_DATA", "UNDERPIN_LEDGER", "UNDERPIN_STORE", "UNDERPIN_CONFIG"] {
            command.env_remove(variable);
        }
        if let Some(server) = s3::in_force() {
            command.envs(server.environment()).env("UNDERPIN_STORE", server.url(&s3::prefix_of(data)));
        }
        if let Some(ledger) = postgres::in_force(data) {
            command.env("UNDERPIN_LEDGER", ledger);
        }
        command.arg("--data").arg(data).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Done {
        done(self.command(arguments).output().expect("the binary runs"))
    }

    /// Runs a command on another data directory.
    pub fn run_on(&self, data: &Path, arguments: &[&str]) -> Done {
        done(self.command_on(data, arguments).output().expect("the binary runs"))
    }

    /// The JSON answer of a command that must succeed and stay silent otherwise.
    pub fn json(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--format", "json"]].concat()).answer()
    }

    /// The rows of a SQL query.
    pub fn sql(&self, query: &str) -> Vec<Value> {
        let done = self.run(&["sql", query, "--format", "ndjson"]);
        assert_eq!(done.code, Some(0), "{done:?}");
        done.stdout.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
    }

    /// The single number that a SQL query gives.
    pub fn number(&self, query: &str) -> i64 {
        let rows = self.sql(query);
        let row = rows.first().and_then(Value::as_object).expect("one row");
        row.values().next().and_then(Value::as_i64).expect("a number")
    }
}

impl Done {
    /// The answer; the command must have succeeded without a word on standard error.
    pub fn answer(&self) -> Value {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{}", self.stdout);
        serde_json::from_str(&self.stdout).expect("one JSON object")
    }

    /// The code of the error that the command ended with.
    pub fn error_code(&self) -> &str {
        assert_eq!(self.code, Some(2), "{self:?}");
        let line = self.stderr.lines().find(|line| line.starts_with("error[")).unwrap_or_default();
        line.split(['[', ']']).nth(1).unwrap_or_default()
    }
}

/// The output of a process.
pub fn done(output: Output) -> Done {
    Done {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
