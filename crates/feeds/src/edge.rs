// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the client needs of the world: the clock, chance, waiting and names. Tests bring their own and are instant.

use std::hash::{BuildHasher, Hasher};
use std::net::IpAddr;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use underpin_model::Timestamp;

/// The world outside.
pub trait Edge: Send + Sync {
    /// The time.
    fn now(&self) -> Timestamp;

    /// A number by chance, at least 0 and below 1. It spreads pauses and decides nothing secret.
    fn chance(&self) -> f64;

    /// Waits.
    fn wait(&self, pause: Duration) -> BoxFuture<'_, ()>;

    /// All addresses of a host.
    fn resolve(&self, host: &str) -> BoxFuture<'static, std::io::Result<Vec<IpAddr>>>;
}

/// The real world. The clock is given by the edge of the program.
#[derive(Clone, Copy, Debug)]
pub struct System {
    /// Reads the clock.
    pub now: fn() -> Timestamp,
}

impl Edge for System {
    fn now(&self) -> Timestamp {
        (self.now)()
    }

    fn chance(&self) -> f64 {
        // The standard library seeds each of these from the system.
        let bits = std::collections::hash_map::RandomState::new().build_hasher().finish() >> 32;
        f64::from(u32::try_from(bits).unwrap_or(0)) / (f64::from(u32::MAX) + 1.0)
    }

    fn wait(&self, pause: Duration) -> BoxFuture<'_, ()> {
        tokio::time::sleep(pause).boxed()
    }

    fn resolve(&self, host: &str) -> BoxFuture<'static, std::io::Result<Vec<IpAddr>>> {
        let host = host.to_owned();
        async move { Ok(tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect()) }.boxed()
    }
}
