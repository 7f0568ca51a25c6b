// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A cluster for the house of a test: a scheduler and two executors, processes of the program itself.
//!
//! With `UNDERPIN_TEST_ENGINE` (the path of a program that was built with the cluster) suites ask it what their houses are asked, and
//! every answer that was right in one process must be right there. It starts when a house asks it for the first time (most ask nothing
//! that is handed over), and ends with the thread of the test.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// What everybody in such a cluster knows.
pub const SECRET: &str = "what only the clusters of tests know, and no other one";
/// How long a process may take to say that it works.
const START: Duration = Duration::from_secs(60);

/// A process of a cluster; it ends with its test.
pub struct Process {
    child: Child,
    words: Receiver<String>,
}

impl Process {
    /// Starts one.
    ///
    /// # Panics
    /// When the program cannot be started.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the program starts");
        let (tell, words) = channel();
        let stdout = child.stdout.take().expect("its words");
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // Nobody listens any more once it works; it is read all the same, so that the process never waits for that.
                let _ = tell.send(line);
            }
        });
        Self { child, words }
    }

    /// What it says first, which is that it works.
    ///
    /// # Panics
    /// When it says nothing in time.
    pub fn works(&self) -> String {
        self.words.recv_timeout(START).expect("it says that it works")
    }

    /// Ends it at once, in the middle of whatever it does.
    ///
    /// # Panics
    /// When it cannot be ended.
    pub fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that was killed before is gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where the cluster of a house is asked. Whoever connects is led on to its scheduler.
struct Door {
    engine: String,
    address: std::net::SocketAddr,
    is_shut: Arc<AtomicBool>,
    waiting: Option<JoinHandle<()>>,
}

impl Drop for Door {
    fn drop(&mut self) {
        self.is_shut.store(true, Ordering::Release);
        // It waits for somebody to come.
        let _ = TcpStream::connect(self.address);
        // A cluster that did not come up has said so on its own thread.
        let _ = self.waiting.take().map(JoinHandle::join);
    }
}

/// What leads to a house: its program, its directory, and the variables that lead to its store.
struct Place {
    program: OsString,
    data: PathBuf,
    store: Vec<(String, String)>,
}

/// The processes of one house.
struct Cluster {
    scheduler: String,
    _processes: [Process; 3],
    _work: tempfile::TempDir,
}

thread_local! {
    static DOORS: RefCell<HashMap<PathBuf, Door>> = RefCell::default();
}

/// The address `df://…` of the cluster for the house in a data directory, where `UNDERPIN_TEST_ENGINE` says so. `store` is what leads
/// its executors to the store of the house.
///
/// # Panics
/// When there is no free port.
pub fn in_force(data: &Path, store: &[(&str, String)]) -> Option<String> {
    let program = std::env::var_os("UNDERPIN_TEST_ENGINE").filter(|program| !program.is_empty())?;
    let store = store.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    DOORS.with_borrow_mut(|doors| {
        let door =
            doors.entry(data.to_owned()).or_insert_with(|| door(Place { program, data: data.to_owned(), store }));
        Some(door.engine.clone())
    })
}

fn door(place: Place) -> Door {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let is_shut = Arc::new(AtomicBool::new(false));
    let shut = Arc::clone(&is_shut);
    let waiting = std::thread::spawn(move || {
        let mut cluster = None;
        for coming in listener.incoming().map_while(Result::ok) {
            if shut.load(Ordering::Acquire) {
                break;
            }
            let cluster = cluster.get_or_insert_with(|| Cluster::start(&place));
            if let Ok(scheduler) = TcpStream::connect(&cluster.scheduler) {
                led_on(&coming, &scheduler);
                led_on(&scheduler, &coming);
            }
        }
    });
    Door { engine: format!("df://{address}"), address, is_shut, waiting: Some(waiting) }
}

/// Carries bytes one way, for as long as there are some.
fn led_on(from: &TcpStream, to: &TcpStream) {
    let (Ok(mut from), Ok(mut to)) = (from.try_clone(), to.try_clone()) else { return };
    std::thread::spawn(move || {
        // Either side may go at any time: that is what it is told by.
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
}

impl Cluster {
    fn start(place: &Place) -> Self {
        let work = tempfile::tempdir().expect("a folder");
        let begin = |arguments: &[&str]| {
            let mut command = Command::new(&place.program);
            command.arg("--data").arg(&place.data).arg("cluster").args(arguments);
            command.env_remove("UNDERPIN_ENGINE").env_remove("UNDERPIN_LEDGER").env_remove("UNDERPIN_STORE");
            command.env("UNDERPIN_CLUSTER_SECRET", SECRET).envs(place.store.iter().cloned());
            Process::start(command.stderr(Stdio::null()))
        };
        let scheduler = begin(&["scheduler", "--listen", "127.0.0.1:0", "--silent-seconds", "11"]);
        let line = scheduler.works();
        let engine = line.split_whitespace().find(|word| word.starts_with("df://")).expect("an address").to_owned();
        let [one, two] = ["one", "two"].map(|name| {
            let folder = work.path().join(name).to_string_lossy().into_owned();
            let listen = ["--listen", "127.0.0.1:0", "--threads", "1", "--work", &folder];
            begin(&[&["executor", "--scheduler", &engine][..], &listen].concat())
        });
        for executor in [&one, &two] {
            executor.works();
        }
        Self { scheduler: engine.replace("df://", ""), _processes: [scheduler, one, two], _work: work }
    }
}
