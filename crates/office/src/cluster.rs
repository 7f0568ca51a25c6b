// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A cluster for the analysis: its processes, and how a house asks it.

use std::net::SocketAddr;

pub use underpin_lake::{
    ClusterKeys, ClusterSecret, ClusterTls, EngineAddress, EngineSettings, ExecutorSettings, Listener, Progress,
    SHORTEST_SILENCE_SECONDS, SchedulerSettings, watched,
};

use crate::error::Result;
use crate::house::House;

impl House {
    /// Tells somebody what becomes of queries on the cluster.
    pub fn watch_engine(&self, listener: Listener) {
        self.lake.watch_engine(listener);
    }
}

#[cfg(feature = "cluster")]
mod processes {
    use super::{ExecutorSettings, Result, SchedulerSettings, SocketAddr};

    /// Works as a scheduler until `end`.
    ///
    /// # Errors
    /// `engine-…` when it cannot listen, or a certificate is none.
    pub async fn run_scheduler(
        settings: SchedulerSettings,
        ready: impl FnOnce(SocketAddr) + Send,
        end: impl Future<Output = ()> + Send,
    ) -> Result<()> {
        Ok(underpin_lake::run_scheduler(settings, ready, end).await?)
    }

    /// Works as an executor until `end`.
    ///
    /// # Errors
    /// `engine-…` when it cannot listen, or a folder cannot be used.
    pub async fn run_executor(
        settings: ExecutorSettings,
        ready: impl FnOnce(SocketAddr) + Send,
        end: impl Future<Output = ()> + Send,
    ) -> Result<()> {
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
    use super::{ExecutorSettings, Result, SchedulerSettings, SocketAddr};
    use crate::error::OfficeError;

    fn missing() -> OfficeError {
        OfficeError::new("engine-missing", "this program was built without the cluster").hint(super::BUILD)
    }

    /// Works as a scheduler until `end`.
    ///
    /// # Errors
    /// `engine-missing`.
    pub async fn run_scheduler(
        _: SchedulerSettings,
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
        _: ExecutorSettings,
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
