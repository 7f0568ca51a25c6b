// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A cluster for the analysis: its processes, and how a house asks it.

use std::net::SocketAddr;
use std::path::PathBuf;

pub use underpin_lake::{
    ClusterKeys, ClusterSecret, ClusterTls, EngineAddress, EngineSettings, Listener, Progress,
    SHORTEST_SILENCE_SECONDS, watched,
};
use underpin_lake::{StoreLimits, StoreLocation};

use crate::error::Result;
use crate::house::House;

/// A scheduler as it was asked for.
#[derive(Clone, Debug)]
pub struct Scheduler {
    /// Where it listens.
    pub listen: SocketAddr,
    /// How everybody shows that they belong to the cluster.
    pub keys: ClusterKeys,
    /// How long an executor may be silent before its work is given to others.
    pub silent_seconds: u64,
    /// How long a query waits for an executor when none is left.
    pub waiting_seconds: u64,
}

/// An executor as it was asked for.
#[derive(Clone, Debug)]
pub struct Executor {
    /// The scheduler that it asks for work.
    pub scheduler: EngineAddress,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Under which name or number others reach it.
    pub host: String,
    /// How everybody shows that they belong to the cluster.
    pub keys: ClusterKeys,
    /// Where evidence and segments lie.
    pub store: StoreLocation,
    /// How much of a store elsewhere is kept here.
    pub limits: StoreLimits,
    /// A folder of its own; what lies there is removed.
    pub work: PathBuf,
    /// How many parts are worked on at a time.
    pub threads: usize,
    /// Memory of all of them together.
    pub memory_bytes: usize,
    /// Who is told of plans that it refuses.
    pub journal: fn(&str),
}

impl House {
    /// Tells somebody what becomes of queries on the cluster.
    pub fn watch_engine(&self, listener: Listener) {
        self.lake.watch_engine(listener);
    }
}

#[cfg(feature = "cluster")]
mod processes {
    use super::{Executor, Result, Scheduler, SocketAddr};

    /// Works as a scheduler until `end`.
    ///
    /// # Errors
    /// `engine-…` when it cannot listen, or a certificate is none.
    pub async fn run_scheduler(
        asked: Scheduler,
        ready: impl FnOnce(SocketAddr) + Send,
        end: impl Future<Output = ()> + Send,
    ) -> Result<()> {
        let Scheduler { listen, keys, silent_seconds, waiting_seconds } = asked;
        let settings = underpin_lake::SchedulerSettings { listen, keys, silent_seconds, waiting_seconds };
        Ok(underpin_lake::run_scheduler(settings, ready, end).await?)
    }

    /// Works as an executor until `end`.
    ///
    /// # Errors
    /// `engine-…` when it cannot listen, or a folder cannot be used.
    pub async fn run_executor(
        asked: Executor,
        ready: impl FnOnce(SocketAddr) + Send,
        end: impl Future<Output = ()> + Send,
    ) -> Result<()> {
        let Executor { scheduler, listen, host, keys, store, limits, work, threads, memory_bytes, journal } = asked;
        let settings = underpin_lake::ExecutorSettings {
            scheduler,
            listen,
            host,
            keys,
            store,
            limits,
            work,
            threads,
            memory_bytes,
            journal,
        };
        Ok(underpin_lake::run_executor(settings, ready, end).await?)
    }

    /// Waits a short time for queries that are being taken back.
    pub async fn settled() {
        underpin_lake::settled().await;
    }

    /// Refuses to go on where this program was built without the cluster.
    ///
    /// # Errors
    /// Never: it was built with it.
    pub fn is_built() -> Result<()> {
        Ok(())
    }
}

#[cfg(not(feature = "cluster"))]
mod processes {
    use super::{Executor, Result, Scheduler, SocketAddr};
    use crate::error::OfficeError;

    fn missing() -> OfficeError {
        OfficeError::new("engine-missing", "this program was built without the cluster").hint(super::BUILD)
    }

    /// Works as a scheduler until `end`.
    ///
    /// # Errors
    /// `engine-missing`.
    pub async fn run_scheduler(
        _: Scheduler,
        _: impl FnOnce(SocketAddr) + Send,
        _: impl Future<Output = ()> + Send,
    ) -> Result<()> {
        Err(missing())
    }

    /// Works as an executor until `end`.
    ///
    /// # Errors
    /// `engine-missing`.
    pub async fn run_executor(
        _: Executor,
        _: impl FnOnce(SocketAddr) + Send,
        _: impl Future<Output = ()> + Send,
    ) -> Result<()> {
        Err(missing())
    }

    /// Nothing is taken back where nothing was handed over.
    pub async fn settled() {}

    /// Refuses to go on where this program was built without the cluster.
    ///
    /// # Errors
    /// `engine-missing`.
    pub fn is_built() -> Result<()> {
        Err(missing())
    }
}

/// What to do without the cluster.
pub(crate) const BUILD: &str = "build it with `cargo build --release -p underpin --features cluster`, or leave --engine, UNDERPIN_ENGINE and `engine` away";

pub use processes::{is_built, run_executor, run_scheduler, settled};
