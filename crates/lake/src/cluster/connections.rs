// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Connections between executors, used again: a large question fetches thousands of parts, and each would open one of its own.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use ballista_core::client::BallistaClient;
use ballista_core::client_pool::{BallistaClientPool, PooledClient};
use ballista_core::error::Result;
use ballista_core::extension::BallistaConfigGrpcEndpoint;
use ballista_core::utils::GrpcClientConfig;

/// Connections to one machine that are kept when nobody uses them.
const KEPT_CONNECTIONS: usize = 8;

type Idle = HashMap<(String, u16), Vec<BallistaClient>>;

/// Connections that nobody uses just now. One that failed never comes back here.
#[derive(Clone, Default)]
pub(super) struct Connections(Arc<Mutex<Idle>>);

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connections")
    }
}

impl Connections {
    fn taken(&self, place: &(String, u16)) -> Option<BallistaClient> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_mut(place)?.pop()
    }

    fn given_back(&self, place: (String, u16), client: BallistaClient) {
        let mut idle = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = idle.entry(place).or_default();
        if kept.len() < KEPT_CONNECTIONS {
            kept.push(client);
        }
    }
}

#[async_trait]
impl BallistaClientPool for Connections {
    async fn acquire(
        &self,
        host: &str,
        port: u16,
        config: &GrpcClientConfig,
        shaped: Option<Arc<BallistaConfigGrpcEndpoint>>,
    ) -> Result<PooledClient> {
        let place = (host.to_owned(), port);
        let client = match self.taken(&place) {
            Some(client) => client,
            None => {
                BallistaClient::try_new(
                    host,
                    port,
                    config.max_message_size,
                    config.use_tls,
                    shaped,
                    config.io_retries_times,
                    config.io_retry_wait_time_ms,
                    config.initial_connection_window_size,
                    config.initial_stream_window_size,
                )
                .await?
            }
        };
        let idle = self.clone();
        Ok(PooledClient::new(client, Box::new(move |client| idle.given_back(place, client))))
    }

    async fn evict_idle(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
