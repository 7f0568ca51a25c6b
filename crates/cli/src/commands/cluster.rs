// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::Subcommand;
use underpin_office::cluster::{
    EngineAddress, ExecutorSettings, SHORTEST_SILENCE_SECONDS, SchedulerSettings, is_built, run_executor, run_scheduler,
};
use underpin_office::{OfficeError, Result};

use super::serve::{tell_the_system, told_to_end};
use crate::cluster_settings::is_here;
use crate::context::Context;

/// Where a scheduler listens unless told otherwise: on this machine only.
const SCHEDULER_LISTEN: &str = "127.0.0.1:50050";
/// The same for an executor.
const EXECUTOR_LISTEN: &str = "127.0.0.1:50051";
const MEBIBYTE: usize = 1 << 20;

/// Carry out large questions on several machines: a scheduler, and executors that it gives parts of the work
///
/// Both are processes of this program. Servers and commands hand large questions to the scheduler with --engine df://HOST:PORT. All of
/// them need the same secret (UNDERPIN_CLUSTER_SECRET_FILE, or secret_file under [cluster]) and the same version of this program.
#[derive(Debug, clap::Args)]
pub struct Cluster {
    #[command(subcommand)]
    process: Process,
}

#[derive(Debug, Subcommand)]
enum Process {
    Scheduler(SchedulerFlags),
    Executor(ExecutorFlags),
}

/// Take questions, divide them into parts, and hand the parts to executors
#[derive(Debug, clap::Args)]
struct SchedulerFlags {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS", default_value = SCHEDULER_LISTEN, env = "UNDERPIN_SCHEDULER_LISTEN", hide_env_values = true)]
    listen: SocketAddr,
    /// How long an executor may be silent before others get its work, in seconds: at least 11, for one that works is heard every 5
    #[arg(long, value_name = "SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(SHORTEST_SILENCE_SECONDS..))]
    silent_seconds: u64,
    /// How long a question waits when no executor is left, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    waiting_seconds: u64,
    #[command(flatten)]
    network: NetworkFlags,
}

/// Ask a scheduler for parts of the work, and carry them out over the facts of the store
#[derive(Debug, clap::Args)]
struct ExecutorFlags {
    /// The scheduler: df://HOST:PORT
    #[arg(long, value_name = "ADDRESS", env = "UNDERPIN_SCHEDULER", hide_env_values = true)]
    scheduler: EngineAddress,
    /// Address and port to listen on: others fetch there what was found
    #[arg(long, value_name = "ADDRESS", default_value = EXECUTOR_LISTEN, env = "UNDERPIN_EXECUTOR_LISTEN", hide_env_values = true)]
    listen: SocketAddr,
    /// Name or number under which others reach it [default: the address it listens on]
    #[arg(long, value_name = "HOST", env = "UNDERPIN_EXECUTOR_HOST", hide_env_values = true)]
    host: Option<String>,
    /// A folder of its own for what does not fit into memory; what lies there is removed [default: executor-PORT in the data directory]
    #[arg(long, value_name = "DIR")]
    work: Option<PathBuf>,
    /// Parts that are worked on at a time [default: one a processor]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Memory for all of them together, in mebibytes
    #[arg(long, value_name = "MIB", default_value_t = 2_048)]
    memory_mib: usize,
    #[command(flatten)]
    network: NetworkFlags,
}

#[derive(Debug, clap::Args)]
struct NetworkFlags {
    /// Listen in a network in which others encrypt and keep strangers out (a mesh, a tunnel), without certificates of the cluster
    #[arg(long)]
    trusted_network: bool,
}

impl Cluster {
    pub async fn run(self, context: &Context) -> Result<bool> {
        context.operator("work for a cluster")?;
        is_built()?;
        match self.process {
            Process::Scheduler(flags) => flags.run(context).await,
            Process::Executor(flags) => flags.run(context).await,
        }?;
        Ok(false)
    }
}

impl SchedulerFlags {
    async fn run(self, context: &Context) -> Result<()> {
        self.network.check(self.listen.ip().is_loopback(), context)?;
        let asked = SchedulerSettings {
            listen: self.listen,
            keys: context.configuration.cluster_keys()?,
            silent_seconds: self.silent_seconds,
            waiting_seconds: self.waiting_seconds,
        };
        let ready = |address: SocketAddr| told(&format!("The scheduler waits at df://{address} (end it with Ctrl+C)"));
        run_scheduler(asked, ready, told_to_end()).await
    }
}

impl ExecutorFlags {
    /// Where others reach it. An address that stands for all of a machine leads nowhere.
    fn host(&self) -> Result<String> {
        match (&self.host, self.listen.ip()) {
            (Some(host), _) => Ok(host.clone()),
            (None, ip) if ip.is_unspecified() => {
                Err(OfficeError::new("usage", format!("others cannot reach an executor at {ip}"))
                    .hint("say with --host under which name or number they do"))
            }
            (None, IpAddr::V6(ip)) => Ok(format!("[{ip}]")),
            (None, IpAddr::V4(ip)) => Ok(ip.to_string()),
        }
    }

    async fn run(self, context: &Context) -> Result<()> {
        self.network.check(self.listen.ip().is_loopback() && is_here(&self.scheduler), context)?;
        let settings = &context.configuration.settings;
        let threads = self.threads.or_else(|| std::thread::available_parallelism().ok().map(usize::from)).unwrap_or(1);
        let host = self.host()?;
        let asked = ExecutorSettings {
            host,
            work: self.work.unwrap_or_else(|| settings.data.join(format!("executor-{}", self.listen.port()))),
            scheduler: self.scheduler.clone(),
            listen: self.listen,
            keys: context.configuration.cluster_keys()?,
            store: settings.store_location(),
            limits: settings.store_limits(),
            threads,
            memory_bytes: self.memory_mib.saturating_mul(MEBIBYTE),
            journal: |line| eprintln!("{line}"),
        };
        let scheduler = self.scheduler;
        let ready = |address: SocketAddr| {
            told(&format!("The executor works for {scheduler} and is reached at {address} (end it with Ctrl+C)"));
        };
        run_executor(asked, ready, told_to_end()).await
    }
}

impl NetworkFlags {
    fn check(&self, is_here: bool, context: &Context) -> Result<()> {
        if self.trusted_network { Ok(()) } else { context.configuration.cluster.check_network(is_here) }
    }
}

/// Says that it works, for people and for what started it.
fn told(line: &str) {
    println!("{line}");
    tell_the_system("READY=1");
}
