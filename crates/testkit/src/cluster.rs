// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A cluster for the house of a test: a scheduler and two executors, processes of the program itself.
//!
//! With `UNDERPIN_TEST_ENGINE` (the path of a program that was built with the cluster) suites ask it what their houses are asked, and
//! every answer that was right in one process must be right there. It ends with the thread of the test.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// What everybody in such a cluster knows.
pub const SECRET: &str = "what only the clusters of tests know, and no other one";
/// How long a process may take to say that it works.
const START: Duration = Duration::from_secs(60);

/// The processes of one house; they end with it.
struct Cluster {
    processes: Vec<Child>,
    engine: String,
    _work: tempfile::TempDir,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for process in &mut self.processes {
            // One that has ended already is gone.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

thread_local! {
    static CLUSTERS: RefCell<HashMap<PathBuf, Cluster>> = RefCell::default();
}

/// The address `df://…` of the cluster for the house in a data directory, started if need be, where `UNDERPIN_TEST_ENGINE` says so.
/// `store` is what leads its executors to the store of the house.
///
/// # Panics
/// When a process does not come up.
pub fn in_force(data: &Path, store: &[(&str, String)]) -> Option<String> {
    let program = std::env::var_os("UNDERPIN_TEST_ENGINE").filter(|program| !program.is_empty())?;
    CLUSTERS.with_borrow_mut(|clusters| {
        let cluster = clusters.entry(data.to_owned()).or_insert_with(|| start(&program, data, store));
        Some(cluster.engine.clone())
    })
}

fn start(program: &OsString, data: &Path, store: &[(&str, String)]) -> Cluster {
    let work = tempfile::tempdir().expect("a folder");
    let begin = |arguments: &[&str]| {
        let mut command = Command::new(program);
        command.arg("--data").arg(data).arg("cluster").args(arguments).env("UNDERPIN_CLUSTER_SECRET", SECRET);
        command.env_remove("UNDERPIN_ENGINE").env_remove("UNDERPIN_LEDGER").env_remove("UNDERPIN_STORE");
        command.envs(store.iter().map(|(name, value)| (*name, value.as_str())));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        said(command.spawn().expect("the program starts"))
    };
    let (scheduler, line) = begin(&["scheduler", "--listen", "127.0.0.1:0", "--silent-seconds", "11"]);
    let engine = line.split_whitespace().find(|word| word.starts_with("df://")).expect("an address").to_owned();
    let mut processes = vec![scheduler];
    for name in ["one", "two"] {
        let folder = work.path().join(name).to_string_lossy().into_owned();
        let listen = ["--listen", "127.0.0.1:0", "--threads", "1", "--work", &folder];
        processes.push(begin(&[&["executor", "--scheduler", &engine][..], &listen].concat()).0);
    }
    Cluster { processes, engine, _work: work }
}

/// What a process says first, which is that it works.
fn said(mut process: Child) -> (Child, String) {
    let (tell, told) = channel();
    let stdout = process.stdout.take().expect("its words");
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            // Nobody listens any more once it works; it is read all the same, so that the process never waits for that.
            let _ = tell.send(line);
        }
    });
    let line = told.recv_timeout(START).expect("it says that it works");
    (process, line)
}
