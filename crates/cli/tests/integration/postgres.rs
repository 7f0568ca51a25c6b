// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A PostgreSQL server of one's own, which a test may stop and start as it likes.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A server, ended and removed when it goes out of sight.
#[derive(Debug)]
pub struct PrivatePostgres {
    programs: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
}

impl PrivatePostgres {
    /// Starts one; `None` after saying that the test is skipped where PostgreSQL is not installed.
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            underpin_testkit::skip("PostgreSQL");
            return None;
        };
        let folder = tempfile::tempdir().expect("a temporary folder");
        if is_root() {
            // PostgreSQL refuses to run as root: then it runs as the user that its package made.
            let owned = Command::new("chown").arg("postgres").arg(folder.path()).status();
            assert!(owned.expect("chown runs").success(), "the folder is the server's");
        }
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let server = Self { programs, folder, port };
        let made = ["-U", "underpin", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"];
        server.run("initdb", &made);
        server.up();
        Some(server)
    }

    /// The address of a ledger on it.
    pub fn url(&self) -> String {
        format!("postgres://underpin@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends it at once, without a word to anybody: every connection breaks.
    pub fn down(&self) {
        self.run("pg_ctl", &["stop", "-s", "-w", "-m", "immediate", "-D"]);
    }

    /// Starts it again.
    pub fn up(&self) {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 -c fsync=off",
            self.port
        );
        let log = self.folder.path().join("log");
        self.run("pg_ctl", &["start", "-s", "-w", "-l", &log.to_string_lossy(), "-o", &options, "-D"]);
    }

    /// What a question in SQL answers, as text.
    pub fn ask(&self, sql: &str) -> String {
        let output = Command::new(self.programs.join("psql")).args(["-At", "-c", sql]).arg(self.url()).output();
        let output = output.expect("psql runs");
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Transactions that were ended because two waited for each other.
    pub fn deadlocks(&self) -> u64 {
        let found = self.ask("SELECT COALESCE(SUM(deadlocks), 0) FROM pg_stat_database");
        found.parse().expect("a number")
    }

    /// Runs a program of the server on its data.
    fn run(&self, program: &str, arguments: &[&str]) {
        let status = self.command(program, arguments).status().expect("it runs");
        assert!(status.success(), "{program}: {status}");
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let (program, data) = (self.programs.join(program), self.folder.path().join("data"));
        let mut command = match is_root() {
            true => {
                let mut command = Command::new("runuser");
                command.args(["-u", "postgres", "--"]).arg(program);
                command
            }
            false => Command::new(program),
        };
        command.args(arguments).arg(data).current_dir("/");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        // One that is down already is as good.
        let _ = self.command("pg_ctl", &["stop", "-s", "-m", "immediate", "-D"]).status();
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// The folder of the newest version's programs.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let mut folders: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| ["initdb", "pg_ctl", "psql"].iter().all(|name| has(folder, name)))
        .collect();
    folders.sort();
    folders.pop().map(|(_, folder)| folder)
}

fn has(folder: &Path, name: &str) -> bool {
    folder.join(name).is_file()
}
