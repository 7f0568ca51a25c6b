// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A scheduler and executors: this very program, as processes on loopback that end with the measurement.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use underpin_model::Limits;
use underpin_office::cluster::{ClusterKeys, ClusterSecret, EngineAddress, EngineSettings};
use underpin_office::{OfficeError, Result, StoreLocation};

use crate::context::{Context, random};

/// How long a process may take to say that it works.
const START: Duration = Duration::from_secs(60);
/// The variable that holds the secret: a command line can be read by everybody on the machine.
const SECRET: &str = "UNDERPIN_CLUSTER_SECRET";
/// Variables about another cluster, and about who started this process.
const CLEARED: [&str; 11] = [
    "NOTIFY_SOCKET",
    "UNDERPIN_CLUSTER_AUTHORITY",
    "UNDERPIN_CLUSTER_CERTIFICATE",
    "UNDERPIN_CLUSTER_KEY",
    "UNDERPIN_CLUSTER_SECRET_FILE",
    "UNDERPIN_ENGINE",
    "UNDERPIN_EXECUTOR_HOST",
    "UNDERPIN_EXECUTOR_LISTEN",
    "UNDERPIN_LEDGER",
    "UNDERPIN_SCHEDULER",
    "UNDERPIN_SCHEDULER_LISTEN",
];

/// A process that ends with its owner.
pub struct Process {
    child: Child,
    port: u16,
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where a cluster runs, and over which store.
pub struct Place {
    /// A folder for all that its processes write.
    folder: PathBuf,
    /// Configuration of its processes: that of the house may be about another cluster.
    configuration: PathBuf,
    store: OsString,
    secret: String,
}

impl Place {
    /// Prepares one over the store of the context, with a secret of its own.
    ///
    /// # Errors
    /// When the folder cannot be written to, or the system has no randomness.
    pub fn new(folder: &Path, context: &Context) -> Result<Self> {
        let settings = &context.configuration.settings;
        let (bytes, seconds) = (settings.limits.store_cache_bytes, settings.limits.store_patience_seconds);
        let text = format!("[limits]\nstore_cache_bytes = {bytes}\nstore_patience_seconds = {seconds}\n");
        let configuration = folder.join("cluster.toml");
        std::fs::write(&configuration, text).map_err(|error| OfficeError::file(&configuration, &error))?;
        let store = match settings.store_location() {
            StoreLocation::Folder(folder) => folder.into_os_string(),
            bucket => bucket.to_string().into(),
        };
        let secret = random()?.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { folder: folder.to_owned(), configuration, store, secret })
    }

    /// Starts a scheduler.
    ///
    /// # Errors
    /// `bench` when it does not come up.
    pub fn scheduler(&self) -> Result<Process> {
        let port = free_port()?;
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, port)).to_string();
        self.start("scheduler", port, &["scheduler", "--listen", &listen].map(OsStr::new))
    }

    /// Starts an executor with one thread.
    ///
    /// # Errors
    /// `bench` when it does not come up.
    pub fn executor(&self, scheduler: &Process, number: usize, memory_mib: usize) -> Result<Process> {
        let port = free_port()?;
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, port)).to_string();
        let (name, memory) = (format!("executor-{number}"), memory_mib.to_string());
        let (work, engine) = (self.folder.join(&name), address(scheduler).to_string());
        let words =
            ["executor", "--scheduler", &engine, "--listen", &listen, "--threads", "1", "--memory-mib", &memory];
        let mut arguments: Vec<&OsStr> = words.map(OsStr::new).to_vec();
        arguments.extend([OsStr::new("--work"), work.as_os_str()]);
        self.start(&name, port, &arguments)
    }

    /// How the scheduler is asked: whatever can be handed over is.
    ///
    /// # Errors
    /// `engine-secret` when the secret is none.
    pub fn engine(&self, scheduler: &Process, limits: &Limits) -> Result<EngineSettings> {
        Ok(EngineSettings {
            address: address(scheduler),
            keys: ClusterKeys { secret: ClusterSecret::new(&self.secret)?, tls: None },
            small_rows: 0,
            plan_bytes: limits.cluster_plan_bytes,
            partitions: limits.cluster_partitions,
            answer_bytes: limits.query_bytes,
            timeout_ms: limits.query_timeout_ms,
            attempts: limits.cluster_attempts,
        })
    }

    /// Starts a process, and waits until it says that it works.
    fn start(&self, name: &str, port: u16, arguments: &[&OsStr]) -> Result<Process> {
        let failed = |error: std::io::Error| OfficeError::new("bench", format!("{name} cannot be started: {error}"));
        let program = std::env::current_exe().map_err(failed)?;
        let journal = self.folder.join(format!("{name}.journal"));
        let written = File::create(&journal).map_err(|error| OfficeError::file(&journal, &error))?;
        let mut command = Command::new(program);
        command.arg("cluster").args(arguments).arg("--store").arg(&self.store);
        command.arg("--config").arg(&self.configuration).arg("--data").arg(&self.folder);
        for variable in CLEARED {
            command.env_remove(variable);
        }
        command.env(SECRET, &self.secret);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(written);
        let mut child = command.spawn().map_err(failed)?;
        let output = child.stdout.take();
        let process = Process { child, port };
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let lines = output.into_iter().flat_map(|output| BufReader::new(output).lines());
            for line in lines.map_while(std::result::Result::ok) {
                // Nobody listens any more once it works; read it is all the same, so that the process never waits for that.
                let _ = tell.send(line);
            }
        });
        if told.recv_timeout(START).is_ok() {
            return Ok(process);
        }
        let said = std::fs::read_to_string(&journal).unwrap_or_default();
        Err(OfficeError::new("bench", format!("{name} did not come up: {}", said.trim())))
    }
}

fn address(scheduler: &Process) -> EngineAddress {
    EngineAddress { host: Ipv4Addr::LOCALHOST.to_string(), port: scheduler.port }
}

/// A port that nobody listens at: executors have to be told the scheduler's before anybody asks it.
fn free_port() -> Result<u16> {
    let found = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    let failed = |error: std::io::Error| OfficeError::new("bench", format!("no port is free: {error}"));
    Ok(found.map_err(failed)?.port())
}
